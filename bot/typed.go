package bot

import (
	"strings"
	"unicode"
)

// gap says whether a character stands between words of a command: white space, or an invisible direction mark, which
// keyboards put beside digits in right-to-left text, and our own messages around the commands that people copy from them.
func gap(r rune) bool {
	return unicode.IsSpace(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\ufeff'
}

// trim takes white space and direction marks from both ends of s.
func trim(s string) string { return strings.TrimFunc(s, gap) }

// cutWord parts s behind its first word.
func cutWord(s string) (first, rest string) {
	if i := strings.IndexFunc(s, gap); i >= 0 {
		return s[:i], trim(s[i:])
	}
	return s, ""
}

// typed rewrites what stands for numbers, times and names of commands as parsers read it: the digits of other scripts,
// wide letters, all dashes and no-break spaces become plain ones, and direction marks go.
func typed(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case gap(r):
			return -1
		case unicode.Is(unicode.Pd, r) || r == '−':
			return '-'
		case r > '\uff00' && r < '\uff5f': // wide ASCII
			return r - '\uff01' + '!'
		}
		if d, ok := digit(r); ok {
			return rune('0' + d)
		}
		return r
	}, s)
}

// digit is the value of a digit that the scripts of our users have: Latin, Arabic, Persian, Devanagari, Bengali, wide.
func digit(r rune) (int, bool) {
	for _, zero := range []rune{'0', '٠', '۰', '०', '০', '０'} {
		if r >= zero && r <= zero+9 {
			return int(r - zero), true
		}
	}
	return 0, false
}
