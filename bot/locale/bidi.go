package locale

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"
)

// Direction is the direction in which a text runs.
type Direction int

// A text without any letter (digits, signs) is Neutral.
const (
	Neutral Direction = iota
	LTR
	RTL
)

// The invisible characters that we send. No others have a use: the server
// removes U+202A–202E and turns runs of U+200E and U+200F into something else.
const (
	lrm = "\u200e" // left-to-right mark
	rlm = "\u200f" // right-to-left mark
	lri = "\u2066" // left-to-right isolate
	fsi = "\u2068" // first strong isolate
	pdi = "\u2069" // pop directional isolate
)

// directionOf returns the direction of one letter, Neutral for all else.
func directionOf(r rune) Direction {
	if r < utf8.RuneSelf {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return LTR
		}
		return Neutral
	}
	p, _ := bidi.LookupRune(r)
	switch p.Class() {
	case bidi.L:
		return LTR
	case bidi.R, bidi.AL:
		return RTL
	}
	return Neutral
}

// DirectionOf returns the direction of s: that of its first strong character,
// as Telegram's clients decide it for a paragraph.
func DirectionOf(s string) Direction {
	for _, r := range s {
		if d := directionOf(r); d != Neutral {
			return d
		}
	}
	return Neutral
}

// prevailing returns the direction in which an article's text should be laid
// out. The first letter decides, except that a text that is mostly of the other
// direction goes with it: an Arabic headline that begins with "UNRWA" is
// Arabic. Names in Latin letters are common in Arabic and Arabic words rare in
// English, hence the unequal shares.
func prevailing(s string) Direction {
	const enough = 400 // letters looked at
	var letters [3]int
	for _, r := range s {
		letters[directionOf(r)]++
		if letters[LTR]+letters[RTL] == enough {
			break
		}
	}
	switch first := DirectionOf(s); {
	case first == LTR && letters[RTL] > letters[LTR]:
		return RTL
	case first == RTL && letters[LTR] > 3*letters[RTL]:
		return LTR
	default:
		return first
	}
}

// Clean makes foreign text harmless in a line of ours: valid UTF-8, no control
// characters, no marks, isolates, embeddings or overrides, no zero-width
// padding; any white space is one space. Joiners stay: Persian and emoji need
// them.
func Clean(s string) string { return clean(s, false) }

// CleanText is Clean for a text of several paragraphs: line breaks stay, one
// between paragraphs.
func CleanText(s string) string { return clean(s, true) }

func clean(s string, lines bool) string {
	var b strings.Builder
	b.Grow(len(s))
	gap := ""
	for _, r := range s { // an invalid byte comes as U+FFFD
		switch {
		case lines && (r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029'):
			gap = "\n"
		case unicode.IsSpace(r) || unicode.IsControl(r) || r == '\u2028' || r == '\u2029':
			if gap == "" {
				gap = " "
			}
		case invisible(r):
		default:
			if b.Len() > 0 {
				b.WriteString(gap)
			}
			gap = ""
			b.WriteRune(r)
		}
	}
	return b.String()
}

// invisible reports characters that change the direction of their neighbours
// or take no room at all. The joiners U+200C and U+200D are not among them.
func invisible(r rune) bool {
	switch {
	case r == '\u061c', r == '\u00ad', r == '\u180e', r == '\u200b', r == '\u200e', r == '\u200f', r == '\ufeff':
		return true
	case r >= '\u202a' && r <= '\u202e', r >= '\u2060' && r <= '\u206f', r >= '\ufff9' && r <= '\ufffb':
		return true
	case r >= 0xE0000 && r <= 0xE007F: // tags
		return true
	}
	return unicode.Is(unicode.Co, r)
}

// Isolate returns s between isolates, so that it neither takes its direction
// from its neighbours nor gives them its own. A text without letters (a time,
// a range, a signed number) is held left to right. s itself must be free of
// unbalanced isolates (see Clean); "" stays "".
func Isolate(s string) string {
	first, most := DirectionOf(s), prevailing(s)
	switch {
	case s == "":
		return ""
	case first == Neutral, most == LTR && first == RTL:
		return lri + s + pdi
	case most == RTL && first == LTR:
		return fsi + rlm + s + pdi
	}
	return fsi + s + pdi
}

// isolateIn isolates s unless it runs in the direction of l.
func (l *Locale) isolateIn(s string, dir Direction) string {
	if s == "" || dir == l.dir {
		return s
	}
	return lri + s + pdi
}

// LTR returns s, which must be read from left to right (a time, an address, a
// command), isolated where the language runs the other way.
func (l *Locale) LTR(s string) string { return l.isolateIn(s, LTR) }

// Span returns foreign text as it goes into a line of ours: cleaned, and
// isolated where it runs the other way. It is plain text, not escaped.
func (l *Locale) Span(s string) string { return Embed(Clean(s), l.dir) }

// Paragraph returns one or more lines of ours, each with the mark that makes
// clients lay it out in the direction of the language: one U+200F before every
// line of a right-to-left language; one U+200E only where a left-to-right
// line begins with a foreign word. s may hold Telegram HTML; empty lines stay
// empty.
func (l *Locale) Paragraph(s string) string { return paragraphs(s, l.dir) }

// Page joins paragraphs into a message, each on a line of its own, marked as
// Paragraph does; an empty one is a blank line.
func (l *Locale) Page(lines ...string) string { return l.Paragraph(strings.Join(lines, "\n")) }

// Quote returns foreign paragraphs (a title, a summary) for a line or lines of
// their own, each marked so that it is laid out in its own direction, whatever the
// reader's language: clients take that from a paragraph's first strong character,
// and align it by it. A paragraph without letters goes with the language. The
// result is plain text, not escaped.
func (l *Locale) Quote(s string) string {
	lines := strings.Split(CleanText(s), "\n")
	for i, line := range lines {
		switch dir := prevailing(line); {
		case line == "":
		case dir == RTL:
			lines[i] = rlm + isolateSpans(line, RTL, false)
		case dir == Neutral && l.dir == RTL:
			lines[i] = rlm + lri + line + pdi
		default:
			lines[i] = isolateSpans(line, LTR, false)
			if DirectionOf(line) == RTL {
				lines[i] = lrm + lines[i]
			}
		}
	}
	return strings.Join(lines, "\n")
}

func paragraphs(s string, dir Direction) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = marked(line, dir)
	}
	return strings.Join(lines, "\n")
}

// marked puts the mark of dir before a line that needs one and has none.
func marked(line string, dir Direction) string {
	if strings.TrimSpace(line) == "" || strings.HasPrefix(line, rlm) || strings.HasPrefix(line, lrm) {
		return line
	}
	switch {
	case dir == RTL:
		return rlm + line
	case firstStrong(line) == RTL:
		return lrm + line
	}
	return line
}

// firstStrong is DirectionOf for a line that may hold tags and character
// references, which no reader sees. Isolated text counts: Telegram Desktop
// does not skip it.
func firstStrong(line string) Direction {
	inTag := false
	for i, r := range line {
		switch {
		case r == '<':
			inTag = true
		case r == '>':
			inTag = false
		case inTag, afterAmpersand(line, i):
		default:
			if d := directionOf(r); d != Neutral {
				return d
			}
		}
	}
	return Neutral
}

// afterAmpersand reports whether offset i lies within a character reference.
func afterAmpersand(line string, i int) bool {
	const longest = 8 // "&#x10fff"
	from := max(0, i-longest)
	amp := strings.LastIndexByte(line[from:i], '&')
	if amp < 0 {
		return false
	}
	return !strings.ContainsAny(line[from+amp:i], "; ")
}

// Row returns a row of buttons in the order in which Telegram must be given
// it: clients never mirror a keyboard, so rows of a right-to-left language are
// turned round. The argument is not changed.
func Row[B any](l *Locale, buttons ...B) []B {
	row := append([]B(nil), buttons...)
	if l.RTL() {
		for i, j := 0, len(row)-1; i < j; i, j = i+1, j-1 {
			row[i], row[j] = row[j], row[i]
		}
	}
	return row
}
