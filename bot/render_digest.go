package bot

import (
	"strconv"
	"strings"

	"wirewatch/bot/digest"
	"wirewatch/bot/locale"
)

// maxTrouble is how many sources in trouble a digest names.
const maxTrouble = 10

// A paragraph is what is not torn, and the deliveries that
// are settled when they are read.
type paragraph struct {
	html       string
	deliveries []int64
	heading    string // what must stand above it, on its own page too
	again      string // the same on a further page
}

// digest lays out a digest as one page or more. Every delivery of it is on
// exactly one.
func (v view) digest(d digest.Digest, thread int64) []page {
	var sheets [][]paragraph
	all := append(v.opening(d), v.stories(d)...)
	all = append(all, v.closing(d)...)
	// The header is measured with the longest numbers it may bear.
	header := measure(v.header(d, 999, 999))
	for len(all) > 0 {
		sheet := fill(all, header)
		sheets = append(sheets, sheet)
		all = all[len(sheet):]
	}
	pages := make([]page, len(sheets))
	for i, sheet := range sheets {
		pages[i] = page{thread: thread, html: v.header(d, i+1, len(sheets)) + "\n" + join(sheet)}
		for _, b := range sheet {
			pages[i].deliveries = append(pages[i].deliveries, b.deliveries...)
		}
	}
	pages[0].deliveries = append(pages[0].deliveries, d.Bare...)
	return pages
}

// fill takes as many paragraphs as fit below a header, at least one.
func fill(all []paragraph, header cost) []paragraph {
	newline := cost{units: 1, raw: 1}
	used := header.plus(newline)
	for i := range all {
		if used = used.plus(measure(under(all, i))).plus(newline); i > 0 && !used.within(budget) {
			return all[:i]
		}
	}
	return all
}

// under is paragraph i of a page, below its heading if it is the first of those
// that the heading stands above.
func under(sheet []paragraph, i int) string {
	b := sheet[i]
	heading := b.heading
	switch {
	case i > 0 && sheet[i-1].heading == heading:
		heading = ""
	case i == 0 && b.again != "":
		heading = b.again
	}
	if heading == "" {
		return b.html
	}
	return "\n" + heading + "\n" + b.html
}

func join(sheet []paragraph) string {
	parts := make([]string, len(sheet))
	for i := range sheet {
		parts[i] = under(sheet, i)
	}
	return strings.Join(parts, "\n")
}

// header is the first line of every page.
func (v view) header(d digest.Digest, number, of int) string {
	title := v.H("digest.title", "date", locale.Text(v.Date(d.Now.In(v.now.Location()))))
	if of > 1 {
		title = v.H("digest.title_page", "title", locale.HTML(title),
			"page", number, "pages", of)
	}
	return v.Paragraph(title)
}

// opening says how much there is, or plainly that there is nothing.
func (v view) opening(d digest.Digest) []paragraph {
	var line string
	since := locale.Text(v.Moment(d.Since, v.now))
	stories := locale.Text(v.N("digest.stories", d.Counts.Stories))
	outlets := locale.Text(v.N("digest.sources", d.Counts.Outlets))
	switch {
	case d.Empty && d.Since.IsZero():
		line = v.H("digest.empty_plain")
	case d.Empty:
		line = v.H("digest.empty", "since", since)
	case d.Since.IsZero():
		line = v.H("digest.counts_plain", "stories", stories, "sources", outlets)
	default:
		line = v.H("digest.counts", "stories", stories, "sources", outlets, "since", since)
	}
	if d.Empty && len(d.Trouble) == 0 && d.Counts.Working > 0 {
		line += " " + v.HN("digest.all_sources_work", d.Counts.Working)
	}
	return []paragraph{{html: v.Paragraph(line)}}
}

// stories lists all of them, numbered through, under their headings.
func (v view) stories(d digest.Digest) []paragraph {
	var all []paragraph
	add := func(heading, again string, stories []digest.Story) {
		for i, s := range stories {
			b := paragraph{html: v.story(len(all)+1, s), deliveries: s.Deliveries, heading: v.Paragraph(heading)}
			if i > 0 {
				b.again = v.Paragraph(again)
			}
			all = append(all, b)
		}
	}
	add(v.H("digest.top"), v.H("digest.top"), d.Top)
	for _, s := range d.Sections {
		rule := v.ruleName(s.Name, "b")
		if s.Rule == 0 || name(s.Name) == "" {
			rule = locale.HTML("<b>" + v.H("digest.other") + "</b>")
		}
		add(v.H("digest.section", "rule", rule, "n", len(s.Stories)), v.H("digest.section_more", "rule", rule), s.Stories)
	}
	return all
}

// story is one line of a digest.
func (v view) story(n int, s digest.Story) string {
	a := s.Article
	title := link(linkable(a.Item.URL), locale.Escape(v.Span(v.title(a, maxItemTitle))))
	facts := []string{v.H("alert.source", "source", v.source(a), "time", locale.Text(v.Moment(digest.When(a), v.now)))}
	if n := len(s.Also); n > 0 {
		facts = append(facts, v.HN("digest.also", n))
	}
	if len(s.Others) > 0 {
		facts = append(facts, v.H("digest.also_rules", "rules", v.ruleNames(s.Others)))
	}
	return v.Paragraph(v.H("digest.item", "n", locale.Text(v.Digits(strconv.Itoa(n))), "title", locale.HTML(title),
		"facts", locale.HTML(strings.Join(facts, " · "))))
}

// closing names the sources that do not answer.
func (v view) closing(d digest.Digest) []paragraph {
	if len(d.Trouble) == 0 {
		return nil
	}
	heading := v.Paragraph(v.HN("digest.trouble", len(d.Trouble)))
	var all []paragraph
	for i, t := range d.Trouble {
		if i == maxTrouble {
			all = append(all, paragraph{heading: heading, html: v.Paragraph(v.HN("common.and_more", len(d.Trouble)-i))})
			break
		}
		source := name(t.Source)
		line := v.H("digest.trouble_never", "source", source)
		if !t.Since.IsZero() {
			line = v.H("digest.trouble_line", "source", source, "since", locale.Text(v.Moment(t.Since, v.now)))
		}
		all = append(all, paragraph{heading: heading, html: v.Paragraph(line)})
	}
	return all
}
