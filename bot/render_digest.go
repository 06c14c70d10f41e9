package bot

import (
	"cmp"
	"strconv"
	"strings"

	"wirewatch/bot/digest"
	"wirewatch/bot/locale"
)

// maxTrouble is how many sources with one kind of trouble a digest names.
const maxTrouble = 10

// A paragraph is what is not torn, and the deliveries that
// are settled when it is read.
type paragraph struct {
	html       string
	deliveries []int64
	section    string // of the digest: its paragraphs follow each other
	heading    string // what must stand above them, on each page; "" nothing
	again      string // the same on a further page; "" the same
	quoted     bool   // they stand in a quote that opens
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
		used = used.plus(measure(before(all, i) + all[i].html + quoteEnd)).plus(newline)
		if i > 0 && !used.within(budget) {
			return all[:i]
		}
	}
	return all
}

// The tags around what a reader may unfold.
const (
	quoteStart = "<blockquote expandable>"
	quoteEnd   = "</blockquote>"
)

// join writes a page below its header.
func join(sheet []paragraph) string {
	var b strings.Builder
	for i, p := range sheet {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(before(sheet, i) + p.html)
		if p.quoted && (i == len(sheet)-1 || sheet[i+1].section != p.section) {
			b.WriteString(quoteEnd)
		}
	}
	return b.String()
}

// before is what stands between paragraph i of a page and the one above it: a
// heading where it is the first under one, and the beginning of its quote. Below
// a quote clients leave a gap of their own.
func before(sheet []paragraph, i int) string {
	p := sheet[i]
	if p.heading == "" || i > 0 && sheet[i-1].section == p.section {
		return ""
	}
	heading := p.heading + "\n"
	if i == 0 && p.again != "" {
		heading = p.again + "\n"
	}
	if i == 0 || !sheet[i-1].quoted {
		heading = "\n" + heading
	}
	if p.quoted {
		heading += quoteStart
	}
	return heading
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

// opening says how much there is, or plainly that there is nothing, and why.
func (v view) opening(d digest.Digest) []paragraph {
	since := locale.Text(v.Moment(d.Since, v.now))
	if d.Empty != digest.NotEmpty {
		line := v.empty(d, since)
		if (d.Empty == digest.Quiet || d.Empty == digest.AllTold) && len(d.Trouble) == 0 && d.Counts.Working > 0 {
			line += " " + v.HN("digest.all_sources_work", d.Counts.Working)
		}
		return []paragraph{{html: v.Paragraph(line)}}
	}
	stories, outlets := locale.Text(v.N("digest.stories", d.Counts.Stories)), locale.Text(v.N("digest.sources", d.Counts.Outlets))
	line := v.H("digest.counts", "stories", stories, "sources", outlets, "since", since)
	if d.Since.IsZero() {
		line = v.H("digest.counts_plain", "stories", stories, "sources", outlets)
	}
	if d.Counts.Usual >= 0 {
		line += " " + v.H("digest.usual", "n", d.Counts.Usual)
	}
	return []paragraph{{html: v.Paragraph(line)}}
}

// empty is the sentence of a digest without a story.
func (v view) empty(d digest.Digest, since locale.Text) string {
	switch {
	case d.Empty == digest.NoRules:
		return v.H("digest.no_rules")
	case d.Empty == digest.NoSources:
		return v.H("digest.no_sources")
	case d.Empty == digest.Blind:
		return v.H("digest.blind")
	case d.Empty == digest.AllTold:
		told := locale.Text(v.N("digest.stories", d.Counts.Told))
		if d.Since.IsZero() {
			return v.H("digest.told_plain", "stories", told)
		}
		return v.H("digest.told", "stories", told, "since", since)
	case d.Since.IsZero():
		return v.H("digest.empty_plain")
	}
	return v.H("digest.empty", "since", since)
}

// stories lists all of them, numbered through, under their headings: the top in
// full, what is under a rule folded.
func (v view) stories(d digest.Digest) []paragraph {
	var all []paragraph
	add := func(section, heading, again string, stories []digest.Story, quoted bool) {
		for i, s := range stories {
			b := paragraph{html: v.story(len(all)+1, s), deliveries: s.Deliveries, section: section, heading: v.Paragraph(heading), quoted: quoted}
			if i > 0 {
				b.again = v.Paragraph(again)
			}
			all = append(all, b)
		}
	}
	add("top", v.H("digest.top"), v.H("digest.top"), d.Top, false)
	for _, s := range d.Sections {
		rule := v.ruleName(s.Name, "b")
		if s.Rule == 0 || name(s.Name) == "" {
			rule = locale.HTML("<b>" + v.H("digest.other") + "</b>")
		}
		add(strconv.FormatInt(s.Rule, 10), v.H("digest.section", "rule", rule, "n", len(s.Stories)),
			v.H("digest.section_more", "rule", rule), s.Stories, true)
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
		facts = append(facts, v.H("digest.also_rules", "rules", v.plainNames(s.Others)))
	}
	return v.Paragraph(v.H("digest.item", "n", locale.Text(v.Digits(strconv.Itoa(n))), "title", locale.HTML(title),
		"facts", locale.HTML(strings.Join(facts, " · "))))
}

// plainNames lists names of rules, without an element for each: a digest has
// many, and its entities are counted.
func (v view) plainNames(names []string) locale.HTML {
	var list []string
	for i, s := range names {
		if i == maxAlso {
			list = append(list, v.HN("common.and_more", len(names)-i))
			break
		}
		list = append(list, string(unlinked(v.Locale, name(s))))
	}
	return locale.HTML(strings.Join(list, v.H("common.list_separator")))
}

// closing names the sources in trouble, under a heading for each kind of it.
func (v view) closing(d digest.Digest) []paragraph {
	counts := map[digest.TroubleKind]int{}
	for _, t := range d.Trouble {
		counts[t.Kind]++
	}
	var all []paragraph
	for _, kind := range []digest.TroubleKind{digest.Gone, digest.Failing, digest.Silent} {
		add := func(line string) {
			all = append(all, paragraph{section: string(kind), heading: v.Paragraph(v.HN("digest.trouble_"+string(kind), counts[kind])), html: v.Paragraph(line)})
		}
		shown := 0
		for _, t := range d.Trouble {
			if t.Kind == kind && shown < maxTrouble {
				add(v.troubled(t))
				shown++
			}
		}
		if more := counts[kind] - shown; more > 0 {
			add(v.HN("common.and_more", more))
		}
	}
	return all
}

// troubled says what is wrong with one source, why, and since when.
func (v view) troubled(t digest.Trouble) string {
	source, reason, since := cmp.Or(inert(name(t.Source)), v.T("alert.no_source")), v.reason(t.Reason), locale.Text(v.Moment(t.Since, v.now))
	switch {
	case t.Kind == digest.Silent:
		return v.H("digest.trouble_line", "source", source, "since", since)
	case t.Kind == digest.Gone:
		return v.H("digest.trouble_plain", "source", source)
	case t.Since.IsZero() && reason == "":
		return v.H("digest.trouble_never", "source", source)
	case t.Since.IsZero():
		return v.H("digest.trouble_never_reason", "source", source, "reason", reason)
	case reason == "":
		return v.H("digest.trouble_line", "source", source, "since", since)
	}
	return v.H("digest.trouble_reason", "source", source, "since", since, "reason", reason)
}
