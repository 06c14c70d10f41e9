package locale

import (
	"strings"
	"unicode/utf8"
)

// Embed returns s, a plain text free of isolates, with each span that runs
// against base between isolates; in a right-to-left base that includes numbers
// with a sign, a unit or a range, which would be shown scrambled. A text that
// runs against base as a whole is one span. Neighbouring foreign words are one
// span with the spaces between them.
func Embed(s string, base Direction) string {
	if d := prevailing(s); d != base && (d != Neutral || fixed(s, base)) {
		return Isolate(s)
	}
	return isolateSpans(s, base, false)
}

// outside are the characters at a word's ends that belong to the sentence
// around it and not to a foreign span.
const outside = ".,;:!?…،؛؟«»\"“”„()[]{}·|—"

// A span is a piece of a text, in bytes.
type span struct {
	start, end int
	foreign    bool // it runs against the base
	number     bool // bare digits: they join two foreign words, and stand alone well
	barrier    bool // nothing may be joined across it
	opens      bool // a sentence's punctuation before it
	closes     bool // the same after it
}

// isolateSpans does the work of Embed; with markup, tags and {placeholders} are kept
// out of the spans, and a <code> element is a span as a whole.
func isolateSpans(s string, base Direction, markup bool) string {
	var b strings.Builder
	written := 0
	var run *span
	var last int // end of the last foreign word of the run
	flush := func() {
		if run == nil {
			return
		}
		b.WriteString(s[written:run.start])
		b.WriteString(Isolate(s[run.start:last]))
		written, run = last, nil
	}
	for _, w := range words(s, base, markup) {
		switch {
		case w.foreign && run != nil && !w.opens:
			last = w.end
		case w.foreign:
			flush()
			run, last = &w, w.end
		case run != nil && w.number && !w.opens:
			// It joins the span only if a foreign word follows.
		default:
			flush()
		}
		if w.closes || w.barrier {
			flush()
		}
	}
	flush()
	b.WriteString(s[written:])
	return b.String()
}

// words cuts s at white space, and in markup at tags and placeholders.
func words(s string, base Direction, markup bool) []span {
	var out []span
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == '\n':
			out = append(out, span{start: i, end: i + 1, barrier: true})
			i++
		case c == ' ' || c == '\t':
			i++
		case markup && strings.HasPrefix(s[i:], "<code>"):
			n := elementLen(s[i:], "</code>")
			out = append(out, span{start: i, end: i + n, foreign: base == RTL, opens: true, closes: true})
			i += n
		case markup && (c == '<' || c == '{'):
			n := elementLen(s[i:], map[byte]string{'<': ">", '{': "}"}[c])
			out = append(out, span{start: i, end: i + n, barrier: true})
			i += n
		default:
			n := wordLen(s[i:], markup)
			out = append(out, classify(s, i, i+n, base))
			i += n
		}
	}
	return out
}

func elementLen(s, end string) int {
	if i := strings.Index(s, end); i >= 0 {
		return i + len(end)
	}
	return len(s)
}

func wordLen(s string, markup bool) int {
	stop := " \t\n"
	if markup {
		stop += "<{"
	}
	if i := strings.IndexAny(s[1:], stop); i >= 0 {
		return i + 1
	}
	return len(s)
}

// classify tells what the word s[start:end] is, less its outer punctuation.
func classify(s string, start, end int, base Direction) span {
	word := s[start:end]
	core := strings.TrimLeft(word, outside)
	w := span{start: end - len(core), opens: len(core) < len(word)}
	trimmed := strings.TrimRight(core, outside)
	w.end, w.closes = w.start+len(trimmed), len(trimmed) < len(core)
	if trimmed == "" { // punctuation alone ends a span
		return span{start: start, end: end, barrier: true}
	}
	has := [3]bool{}
	digits := true
	for _, r := range trimmed {
		has[directionOf(r)] = true
		digits = digits && r >= '0' && r <= '9'
	}
	switch {
	case has[base]:
	case has[LTR] || has[RTL]:
		w.foreign = true
	case fixed(trimmed, base):
		w.foreign = true
	default:
		w.number = digits || trimmed == "&" || trimmed == "-" || trimmed == "–" || trimmed == "/"
	}
	return w
}

// fixed reports whether s, which has no letters, must be held from left to
// right in a text of direction base: a signed number, a price, a time, a range.
func fixed(s string, base Direction) bool {
	if base != RTL || !strings.ContainsAny(s, "0123456789") {
		return false
	}
	for i, r := range s {
		if r >= '0' && r <= '9' || utf8.RuneLen(r) == 0 {
			continue
		}
		inner := i > 0 && i < len(s)-1
		if inner && (r == '.' || r == ',') { // 1,234.5 is shown well as it is
			continue
		}
		return true
	}
	return false
}
