package main

import (
	"fmt"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"wirewatch/feeds"
	"wirewatch/filter"
)

// Values of --color.
const (
	colorAuto   = "auto" // on a terminal, unless NO_COLOR says otherwise
	colorAlways = "always"
	colorNever  = "never"
)

// Marks around the words of a match, and what a terminal makes of them. The marks
// are of the private use area, which no text of ours contains: see plain.
const (
	markOpen, markClose = "\ue000", "\ue001"
	bold, unbold        = "\x1b[1;31m", "\x1b[m"
)

// snippetWords is how many words a snippet shows on each side of a match.
const snippetWords = 8

// painter shows people what matched.
type painter struct{ colored bool }

// newPainter decides about colours.
func (p *program) newPainter(color string) (painter, error) {
	switch color {
	case colorAlways:
		return painter{true}, nil
	case colorNever:
		return painter{}, nil
	case colorAuto:
		return painter{isTerminal(p.stdout) && p.variable("NO_COLOR") == "" && p.variable("TERM") != "dumb"}, nil
	}
	return painter{}, misused(fmt.Errorf("--color is %s, %s or %s", colorAuto, colorAlways, colorNever))
}

// paint isolates a text with marks, so that its direction leaves the rest of the line alone, and
// makes colours of the marks; quotation marks of them where there are no colours, if quoted.
func (p painter) paint(s string, quoted bool) string {
	open, closed := "", ""
	switch {
	case p.colored:
		open, closed = bold, unbold
	case quoted:
		open, closed = "«", "»"
	}
	return strings.NewReplacer(markOpen, open, markClose, closed).Replace(isolate(s))
}

// title is an article's title in which the words that matched there are marked.
func (p painter) title(a feeds.Article, evidence filter.Evidence) string {
	title := plain(shortened(a.Title))
	for _, h := range evidence {
		if h.Zone != "title" {
			continue
		}
		if from, to, ok := place(title, plain(h.Text)); ok && !strings.Contains(title[:from], markOpen) {
			title = title[:from] + markOpen + title[from:to] + markClose + title[to:]
		}
	}
	return p.paint(title, false)
}

// maxTitle is the number of characters of a title, or of another line of a feed, that people are shown.
const maxTitle = 300

// shortened is a text with an ellipsis for what is beyond maxTitle.
func shortened(s string) string {
	n := 0
	for i := range s {
		if n++; n > maxTitle {
			return s[:i] + "…"
		}
	}
	return s
}

// isolateIf isolates a text unless it is empty.
func isolateIf(s string) string {
	if s == "" {
		return ""
	}
	return isolate(shortened(s))
}

// snippet is the evidence with the words around it.
func (p painter) snippet(zones feeds.Zones, h filter.Hit) string {
	word := plain(h.Text)
	for _, text := range zoneTexts(zones, h.Zone) {
		text = plain(text)
		if from, to, ok := place(text, word); ok {
			return p.paint(lastWords(text[:from])+markOpen+text[from:to]+markClose+firstWords(text[to:]), true)
		}
	}
	return p.paint(markOpen+word+markClose, true)
}

// zoneTexts are the texts that a zone of evidence may stand in: a lead may be the beginning of the body.
func zoneTexts(z feeds.Zones, zone string) []string {
	switch zone {
	case "title":
		return []string{z.Title}
	case "dateline":
		return []string{z.Dateline}
	case "lead":
		return []string{z.Lead, z.Body}
	case "body":
		return []string{z.Body}
	}
	return nil
}

// place finds a text in another where it begins and ends a word.
func place(s, word string) (from, to int, ok bool) {
	for at := 0; word != ""; {
		i := strings.Index(s[at:], word)
		if i < 0 {
			break
		}
		from, to = at+i, at+i+len(word)
		before, _ := utf8.DecodeLastRuneInString(s[:from])
		after, _ := utf8.DecodeRuneInString(s[to:])
		if !joins(before) && !joins(after) || unicode.In(firstRune(word), unicode.Han, unicode.Thai, unicode.Hiragana, unicode.Katakana) {
			return from, to, true
		}
		at = to
	}
	return 0, 0, false
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// joins reports whether a sign beside a word makes it another word.
func joins(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))
}

// lastWords is the end of a text, and an ellipsis where something is left out.
func lastWords(s string) string {
	words := strings.Fields(s)
	cut := ""
	if len(words) > snippetWords {
		cut, words = "… ", words[len(words)-snippetWords:]
	}
	if len(words) == 0 {
		return ""
	}
	end := ""
	if r, _ := utf8.DecodeLastRuneInString(s); unicode.IsSpace(r) {
		end = " "
	}
	return cut + strings.Join(words, " ") + end
}

// firstWords is the beginning of a text, likewise.
func firstWords(s string) string {
	words := strings.Fields(s)
	cut := ""
	if len(words) > snippetWords {
		cut, words = " …", words[:snippetWords]
	}
	if len(words) == 0 {
		return ""
	}
	start := ""
	if unicode.IsSpace(firstRune(s)) {
		start = " "
	}
	return start + strings.Join(words, " ") + cut
}

// plain takes out of a text what a terminal would act upon, and our marks. Isolates and
// overrides go too: one that is not closed would turn the rest of the line round.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\ue000', r == '\ue001':
			return -1
		}
		return r
	}, s)
}

// isTerminal tells whether w is a terminal. The null device, which looks like one, is none.
func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}
