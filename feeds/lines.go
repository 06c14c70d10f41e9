package feeds

import (
	"strings"
	"unicode/utf8"
)

// Bounds of an article's texts, in runes. Longer ones are cut at a word.
const (
	MaxTitle   = 1_000
	MaxSummary = 50_000
	MaxBody    = 200_000
	MaxName    = 200 // an author, a tag, a feed's title
	MaxURL     = 4_096
	MaxNames   = 50 // authors or tags of one article
)

// isBlank reports whether a character is white space, of any width.
func isBlank(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r == ' ' || r >= '\t' && r <= '\r'
	case r < 0x1680:
		return r == 0x85 || r == 0xA0
	}
	return r == 0x1680 || r >= 0x2000 && r <= 0x200A || r == 0x2028 || r == 0x2029 || r == 0x202F || r == 0x205F || r == 0x3000
}

// never are the bytes that begin neither a blank nor a character that isDropped
// names: most text is passed over by them.
var never = func() (table [256]bool) {
	for c := range table {
		switch {
		case c < utf8.RuneSelf:
			table[c] = c > ' ' && c < 0x7F
		default:
			table[c] = c != 0xC2 && (c < 0xE1 || c > 0xE3) && c != 0xEF && c != 0xF3
		}
	}
	return table
}()

// startsBlank is isBlank of the first character of s, which is not empty. Few
// lead bytes can begin a blank, so most text is passed over byte by byte.
func startsBlank(s string) bool {
	switch c := s[0]; {
	case c < utf8.RuneSelf:
		return c == ' ' || c >= '\t' && c <= '\r'
	case c == 0xC2 || c >= 0xE1 && c <= 0xE3:
		r, _ := utf8.DecodeRuneInString(s)
		return isBlank(r)
	}
	return false
}

// isDropped reports whether a character is left out of every text: bidi
// embeddings and overrides (which outlive their line), byte order marks, control
// characters. Isolates, marks and joiners stay: Arabic and Persian need them.
func isDropped(r rune) bool {
	switch {
	case r < ' ':
		return r != '\n'
	case r < 0x7F:
		return false
	case r <= 0x9F:
		return true
	case r < 0x202A:
		return false
	}
	return r <= 0x202E || r == 0xFEFF || r >= 0xFFF9 && r <= 0xFFFB || r >= 0xE0000 && r <= 0xE007F
}

// hasDropped reports whether s holds a character that isDropped names.
func hasDropped(s string) bool {
	for i := 0; i < len(s); i++ {
		if never[s[i]] {
			continue
		}
		switch c := s[i]; {
		case c == ' ' || c == '\n':
		case c < utf8.RuneSelf:
			return true
		case c == 0xC2 || c == 0xE2 || c == 0xEF || c == 0xF3:
			if r, _ := utf8.DecodeRuneInString(s[i:]); isDropped(r) {
				return true
			}
		}
	}
	return false
}

// scrub drops what isDropped names.
func scrub(s string) string {
	if !hasDropped(s) {
		return strings.TrimSpace(s)
	}
	return strings.TrimSpace(strings.Map(kept, s))
}

// kept is a character that stays; -1 for one that isDropped names.
func kept(r rune) rune {
	if isDropped(r) {
		return -1
	}
	return r
}

// oneLine collapses all white space to single spaces.
func oneLine(s string) string {
	if s = scrub(s); run(s) == len(s) {
		return s
	}
	return strings.Join(strings.FieldsFunc(s, isBlank), " ")
}

// lineBreaks writes every way to end a line as "\n".
var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n\n")

// paragraphs normalises text that had no markup: its lines become paragraphs.
func paragraphs(s string) string {
	if !strings.ContainsAny(s, "\n\r\u2028\u2029") {
		return oneLine(s)
	}
	s = lineBreaks.Replace(s)
	var out []string
	var group []string
	flush := func() {
		if len(group) > 1 && isWrapped(group) {
			group = []string{strings.Join(group, " ")}
		}
		out = append(out, group...)
		group = nil
	}
	for line := range strings.SplitSeq(s, "\n") {
		if line = oneLine(line); line == "" {
			flush()
			continue
		}
		group = append(group, line)
	}
	flush()
	return strings.Join(out, "\n\n")
}

// A wrapped paragraph has lines of at least and at most these many runes.
const wrapMin, wrapMax = 45, 110

// isWrapped reports whether lines are one paragraph that was broken to a width:
// no line had room for the next one's first word, and most do not end a
// sentence.
func isWrapped(lines []string) bool {
	width := 0
	for _, l := range lines {
		width = max(width, utf8.RuneCountInString(l))
	}
	if width < wrapMin || width > wrapMax {
		return false
	}
	ends := 0
	for i, l := range lines[:len(lines)-1] {
		first, _, _ := strings.Cut(lines[i+1], " ")
		if utf8.RuneCountInString(l)+1+utf8.RuneCountInString(first) <= width {
			return false
		}
		if endsSentence(l) {
			ends++
		}
	}
	return ends*2 < len(lines)-1 || len(lines) > 2 && ends*2 <= len(lines)-1
}

func endsSentence(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, "\"'”’»)"))
	return strings.ContainsRune(".!?:…؟。！？۔", r)
}

// bound cuts a text to at most n runes, at a space where there is one near.
func bound(s string, n int) string {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return s
	}
	at := 0
	for range n {
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	cut := s[:at]
	if i := strings.LastIndexFunc(cut, isBlank); i > len(cut)*9/10 {
		cut = cut[:i]
	}
	return strings.TrimRightFunc(cut, isBlank)
}
