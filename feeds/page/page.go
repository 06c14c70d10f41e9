// Package page separates an article's text into zones: title, dateline, lead,
// body, related links and boilerplate. Rules search the first four and never the
// rest, so that a teaser of another story at the foot of a page cannot make an
// article match. It also finds the text on an article's HTML page, from bytes: it
// downloads nothing.
//
// The separation knows nothing of any site: it goes by where a line stands, how
// long it is and with which words it begins, in the languages of the lists in this
// package. A word that also occurs in running text is a marker only at the
// beginning of a short line.
package page

import (
	"strings"
	"unicode/utf8"

	"wirewatch/feeds"
	"wirewatch/filter/text"
)

// Split separates an article's text into zones. The running text is Body, else
// Summary. The zones are disjoint: a dateline in front of a sentence is taken out
// of it, and the first paragraph, when it serves as the lead, is not repeated in
// Body. Lead is the feed's own summary where it is more than the beginning of the
// body. Split is pure and never fails; what it does not recognise is body.
func Split(a feeds.Article) feeds.Zones {
	z := feeds.Zones{Title: a.Title}
	running := a.Body
	if running == "" {
		running = a.Summary
	}
	t := separate(running, a.Title)
	z.Dateline = t.dateline
	var related, boilerplate []string
	if a.Body != "" && a.Summary != "" {
		s := separate(a.Summary, a.Title)
		if lead := join(s.kept); lead != "" && !beginsWith(join(t.kept), lead) {
			z.Lead, z.Body = lead, join(t.kept)
			if z.Dateline == "" {
				z.Dateline = s.dateline
			}
			related, boilerplate = s.related, s.boilerplate
		}
	}
	if z.Lead == "" {
		z.Lead, z.Body = splitLead(t.kept)
	}
	z.Related = strings.Join(append(t.related, related...), "\n\n")
	z.Boilerplate = strings.Join(append(t.boilerplate, boilerplate...), "\n\n")
	return z
}

// A line is one line of a text.
type line struct {
	text      string
	paragraph bool // a blank line stands before it
}

func lines(s string) []line {
	var out []line
	blank := false
	for l := range strings.SplitSeq(s, "\n") {
		if l = strings.TrimSpace(l); l == "" {
			blank = true
			continue
		}
		out = append(out, line{l, blank && len(out) > 0})
		blank = false
	}
	return out
}

func join(lines []line) string {
	size := 0
	for _, l := range lines {
		size += len(l.text) + len("\n\n")
	}
	var b strings.Builder
	b.Grow(size)
	for i, l := range lines {
		switch {
		case i == 0:
		case l.paragraph:
			b.WriteString("\n\n")
		default:
			b.WriteByte('\n')
		}
		b.WriteString(l.text)
	}
	return b.String()
}

// maxLead is the length in bytes up to which a paragraph of several lines is the
// lead as a whole.
const maxLead = 2000

// splitLead takes the first paragraph off.
func splitLead(all []line) (lead, body string) {
	n, size := 0, 0
	for n < len(all) && (n == 0 || !all[n].paragraph) {
		size += len(all[n].text)
		n++
	}
	if size > maxLead {
		n = min(1, n)
	}
	return join(all[:n]), join(all[n:])
}

// beginsWith reports whether a body merely begins with its summary, which may
// have been cut off.
func beginsWith(body, summary string) bool {
	short := text.Fold(strings.TrimRight(summary, ".… []"))
	long := text.Fold(body[:min(len(body), 2*len(summary)+200)])
	if short == "" || strings.HasPrefix(long, short) {
		return true
	}
	// A cut in the middle of a word leaves a last word that the body has whole.
	if i := strings.LastIndexByte(short, ' '); i > 0 && len(short) > 80 {
		return strings.HasPrefix(long, short[:i])
	}
	return false
}

// A separated text is its lines by zone.
type separated struct {
	dateline    string
	kept        []line
	related     []string
	boilerplate []string
}

// separate sorts the lines of a text into zones.
func separate(s, title string) separated {
	all := dropTitle(lines(s), title)
	var out separated
	total := 0
	for _, l := range all {
		total += len(l.text)
	}
	marked, offset := false, 0
	for i := 0; i < len(all); i++ {
		l := all[i]
		kind := classify(l.text)
		behind := all[i+1:]
		late := offset*10 >= total*6
		offset += len(l.text)
		switch kind {
		case boilerplateLine:
			out.boilerplate = append(out.boilerplate, l.text)
		case relatedHeading, relatedInline:
			marked = true
			n := 0
			switch {
			case kind == relatedHeading && late, !hasParagraph(behind) && (late || kind == relatedHeading):
				n = len(behind)
			case kind == relatedHeading:
				n = teasers(behind)
			}
			out.related = append(out.related, l.text)
			for _, r := range behind[:n] {
				offset += len(r.text)
				if classify(r.text) == boilerplateLine {
					out.boilerplate = append(out.boilerplate, r.text)
				} else {
					out.related = append(out.related, r.text)
				}
			}
			i += n
		default:
			out.kept = append(out.kept, l)
		}
	}
	out.takeByline()
	out.takeDateline()
	if !marked {
		out.takeTeaser()
	}
	return out
}

// dropTitle removes the first of the opening lines that repeats the title.
func dropTitle(all []line, title string) []line {
	if title == "" {
		return all
	}
	for i := 0; i < min(3, len(all)); i++ {
		if l := all[i].text; len(l) <= 2*len(title)+16 && len(all) > 1 && text.Fold(l) == text.Fold(title) {
			return append(append([]line{}, all[:i]...), all[i+1:]...)
		}
	}
	return all
}

// takeByline moves "By Jane Doe" in front of the text to the boilerplate.
func (s *separated) takeByline() {
	if len(s.kept) < 2 {
		return
	}
	l := s.kept[0].text
	if words(l) <= maxByline && !endsSentence(l) && bylines.match(head(l)) > 0 {
		s.boilerplate = append(s.boilerplate, l)
		s.kept = s.kept[1:]
	}
}

// takeDateline finds the dateline on a line of its own or in front of the first
// sentence, which a standfirst may precede.
func (s *separated) takeDateline() {
	for i := 0; i < min(2, len(s.kept)); i++ {
		l := s.kept[i].text
		alone := i > 0 && endsSentence(s.kept[0].text) // behind a sentence only a line of its own is one
		if alone && len(l) > 2*datelineBytes {
			return
		}
		if place, rest := dateline(l); place != "" && (!alone || rest == "") {
			s.dateline = place
			if rest != "" {
				s.kept[i].text = rest
				return
			}
			s.kept = append(append([]line{}, s.kept[:i]...), s.kept[i+1:]...)
			return
		}
	}
}

// takeTeaser is the last resort against related blocks without a heading: a
// last paragraph that has a dateline of its own and ends in "…" is a teaser, and
// the headline before it belongs to it.
func (s *separated) takeTeaser() {
	n := len(s.kept)
	if n < 3 || !endsCut(s.kept[n-1].text) {
		return
	}
	if place, rest := dateline(s.kept[n-1].text); place == "" || rest == "" {
		return
	}
	from := n - 1
	if isTeaser(s.kept[from-1].text) && from-1 > 0 {
		from--
	}
	for _, l := range s.kept[from:] {
		s.related = append(s.related, l.text)
	}
	s.kept = s.kept[:from]
}

// hasParagraph reports whether running text goes on in lines.
func hasParagraph(all []line) bool {
	for _, l := range all {
		if words(l.text) >= 20 && endsSentence(l.text) && !endsCut(l.text) && classify(l.text) == plainLine {
			return true
		}
	}
	return false
}

// maxTeasers bounds a related block in the middle of a text.
const maxTeasers = 6

// teasers counts the lines behind a heading in mid-text that belong to it.
func teasers(all []line) int {
	n := 0
	for n < len(all) && n < maxTeasers && isTeaser(all[n].text) {
		n++
	}
	return n
}

// isTeaser reports whether a line reads as a headline or a cut-off text.
func isTeaser(s string) bool {
	return endsCut(s) || words(s) <= 20 && !endsSentence(s)
}

func endsCut(s string) bool {
	s = strings.TrimRight(s, " ]»\"”")
	return strings.HasSuffix(s, "…") || strings.HasSuffix(s, "...")
}

func endsSentence(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, " \"'”’»)]"))
	return strings.ContainsRune(".!?؟。！？۔…", r)
}

// words counts the words of a line; two Han or Kana characters count as one.
func words(s string) int {
	n, wide := 0, 0
	inWord := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c <= ' ':
			inWord = false
			continue
		case c >= 0xE3 && c <= 0xE9: // the lead bytes of Kana and Han
			wide++
		}
		if !inWord {
			n++
			inWord = true
		}
	}
	return n + wide/2
}
