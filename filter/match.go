package filter

import (
	"cmp"
	"slices"
	"strings"
)

// Hit is one piece of evidence.
type Hit struct {
	Term string // the term in canonical form: @geneva, "security guarantees", lang:ar
	Text string // what stands in the article, as its source writes it, clitics included
	Zone string // title, dateline, lead, body, or the field of a value
}

// Evidence says why an article matched: at most a few hits a term, the title
// first. Terms under NOT give none, and neither does *.
type Evidence []Hit

// maxHits is how many different places a term shows as evidence.
const maxHits = 3

// maxSpans bounds the places of one operand of NEAR that are compared, and of one term that
// are weighed as evidence: a hostile text of one word repeated must not cost its square.
const maxSpans = 1024

// Match reports whether d satisfies the query, and why.
func (q *Query) Match(d *Doc) (Evidence, bool) {
	if !q.root.match(d) {
		return nil, false
	}
	return evidence(q.root, d), true
}

// evidence says why a node matched.
func evidence(n node, d *Doc) Evidence {
	var c collector
	n.hits(d, nil, &c)
	return c.evidence
}

// collector gathers evidence without repeating itself.
type collector struct{ evidence Evidence }

// count is how many places of a term are there. Evidence is short: at most three a term.
func (c *collector) count(term string) (n int) {
	for i := range c.evidence {
		if c.evidence[i].Term == term {
			n++
		}
	}
	return n
}

// add adds a hit unless the term has enough of them or shows the same already.
func (c *collector) add(h Hit) {
	if c.count(h.Term) >= maxHits || slices.Contains(c.evidence, h) {
		return
	}
	c.evidence = append(c.evidence, h)
}

// place adds a place in the text.
func (c *collector) place(d *Doc, term string, s span) {
	c.add(Hit{term, d.stream.Source(s.first, s.last), d.zone(s.first).name()})
}

func (everything) match(*Doc) bool               { return true }
func (everything) hits(*Doc, []span, *collector) {}

func (n and) match(d *Doc) bool {
	for _, k := range n.kids {
		if !k.match(d) {
			return false
		}
	}
	return true
}

func (n and) hits(d *Doc, within []span, c *collector) {
	for _, k := range n.kids {
		k.hits(d, within, c)
	}
}

func (n or) match(d *Doc) bool {
	return slices.ContainsFunc(n.kids, func(k node) bool { return k.match(d) })
}

func (n or) hits(d *Doc, within []span, c *collector) { hitsOf(n.kids, d, within, c) }

// hitsOf collects from those kids that match by themselves.
func hitsOf(kids []node, d *Doc, within []span, c *collector) {
	for _, k := range kids {
		if k.match(d) {
			k.hits(d, within, c)
		}
	}
}

func (n or) spans(d *Doc) []span {
	var all []span
	for _, k := range n.kids {
		if l, ok := k.(located); ok {
			all = append(all, l.spans(d)...)
		}
	}
	return sorted(all)
}

// sorted orders places and drops those that are there twice.
func sorted(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(a.last, b.last)) })
	return slices.Compact(spans)
}

func (n not) match(d *Doc) bool           { return !n.kid.match(d) }
func (not) hits(*Doc, []span, *collector) {}

func (n anyOf) match(d *Doc) bool {
	found := 0
	for _, k := range n.kids {
		if k.match(d) {
			if found++; found == n.n {
				return true
			}
		}
	}
	return false
}

func (n anyOf) hits(d *Doc, within []span, c *collector) { hitsOf(n.kids, d, within, c) }

func (n atLeast) match(d *Doc) bool { return d.apart(n.kid.spans(d), n.n) }

// apart reports whether n of the places are apart: they do not overlap, as a name inside
// another is one mention, and a sentence that stands there again, as pull quotes and
// summaries do, says nothing new. n is [MaxTimes] at most.
func (d *Doc) apart(spans []span, n int) bool {
	if len(spans) < n {
		return false
	}
	var seen [MaxTimes]told
	count, end := 0, -1
	for _, s := range spans {
		if s.first <= end {
			continue
		}
		end = s.last
		t := d.toldIn(s)
		if t.twin >= 0 && slices.ContainsFunc(seen[:count], t.again) {
			continue
		}
		seen[count] = t
		if count++; count == n {
			return true
		}
	}
	return false
}

// told is where a place stands: its sentence, and what tells it from others, -1 where none repeats it.
type told struct{ twin, sentence int32 }

// again reports whether o stands in a repetition of the sentence.
func (t told) again(o told) bool { return o.twin == t.twin && o.sentence != t.sentence }

func (d *Doc) toldIn(s span) told {
	sentence, twin := d.stream.Tokens[s.first].Sentence, d.stream.Twin(s.first)
	if d.stream.Tokens[s.last].Sentence != sentence || d.stream.Twin(s.last) != twin {
		twin = -1
	}
	return told{twin, sentence}
}

func (n atLeast) hits(d *Doc, within []span, c *collector) { n.kid.hits(d, within, c) }

// match stops at the first pair.
func (n near) match(d *Doc) bool { return len(n.pairs(d, 1)) > 0 }

func (n near) spans(d *Doc) []span { return sorted(n.pairs(d, maxSpans)) }

func (n near) hits(d *Doc, within []span, c *collector) {
	places := inside(n.spans(d), within)
	n.a.hits(d, places, c)
	n.b.hits(d, places, c)
}

// pairs returns the stretches in which a and b are near, limit at most.
func (n near) pairs(d *Doc, limit int) []span {
	return n.join(nil, d, n.a.spans(d), n.b.spans(d), limit)
}

// join appends the stretches in which a place of as and one of bs are near, limit at most.
func (n near) join(found []span, d *Doc, as, bs []span, limit int) []span {
	as, bs = as[:min(len(as), maxSpans)], bs[:min(len(bs), maxSpans)]
	first := len(found)
	for _, a := range as {
		for len(bs) > 0 && n.behind(d, a, bs[0]) {
			bs = bs[1:]
		}
		for _, b := range bs {
			if n.beyond(d, a, b) {
				break
			}
			if n.joins(d, a, b) {
				found = append(found, span{min(a.first, b.first), max(a.last, b.last)})
				if len(found)-first >= limit {
					return found
				}
			}
		}
	}
	return found
}

// behind reports whether b ends too far before a, and so before all places after a.
func (n near) behind(d *Doc, a, b span) bool {
	end, start := &d.stream.Tokens[b.last], &d.stream.Tokens[a.first]
	switch {
	case n.ordered:
		return b.first < a.first
	case n.unit == 's':
		return end.Sentence < start.Sentence
	case n.unit == 'p':
		return end.Paragraph < start.Paragraph
	}
	return int(start.Pos-end.Pos) > n.n
}

// beyond reports whether b, and all places after it, begin too far after a.
func (n near) beyond(d *Doc, a, b span) bool {
	end, start := &d.stream.Tokens[a.last], &d.stream.Tokens[b.first]
	switch n.unit {
	case 's':
		return start.Sentence > end.Sentence
	case 'p':
		return start.Paragraph > end.Paragraph
	}
	return int(start.Pos-end.Pos) > n.n
}

// joins reports whether two places are near. They must not overlap.
func (n near) joins(d *Doc, a, b span) bool {
	if b.first <= a.last && a.first <= b.last {
		return false
	}
	x, y := a, b
	if b.first < a.first {
		if n.ordered {
			return false
		}
		x, y = b, a
	}
	end, start := &d.stream.Tokens[x.last], &d.stream.Tokens[y.first]
	switch n.unit {
	case 's':
		return end.Sentence == start.Sentence
	case 'p':
		return end.Paragraph == start.Paragraph
	}
	return int(start.Pos-end.Pos) <= n.n
}

// inside keeps the places that lie within one of the others; nil others keep all.
func inside(places, within []span) []span {
	if within == nil {
		return places
	}
	return slices.DeleteFunc(slices.Clone(places), func(s span) bool { return !liesIn(s, within) })
}

// liesIn reports whether a place lies within one of the others; nil others hold all.
func liesIn(s span, within []span) bool {
	return within == nil || slices.ContainsFunc(within, func(w span) bool { return w.first <= s.first && s.last <= w.last })
}

// find calls visit for every place of the term in its zones until it returns false.
func (t *term) find(d *Doc, visit func(span) bool) {
	if t.slop > 0 {
		t.loose(d, visit)
		return
	}
	d.stream.Find(&t.pattern, func(first, last int) bool {
		return d.zone(first)&t.zones == 0 || visit(span{first, last})
	})
}

// loose finds the words of "a b"~n: all of them, in any order, with n others between at most.
func (t *term) loose(d *Doc, visit func(span) bool) {
	type place struct{ tok, word int }
	var places []place
	for i := range t.words {
		d.stream.Find(&t.words[i], func(first, _ int) bool {
			if d.zone(first)&t.zones != 0 {
				places = append(places, place{first, i})
			}
			return true
		})
	}
	slices.SortFunc(places, func(a, b place) int { return cmp.Or(cmp.Compare(a.tok, b.tok), cmp.Compare(a.word, b.word)) })
	have, missing := make([]int, len(t.words)), len(t.words)
	left := 0
	for _, r := range places {
		if have[r.word]++; have[r.word] == 1 {
			missing--
		}
		for missing == 0 {
			l := places[left]
			if d.stream.Tokens[r.tok].Pos-d.stream.Tokens[l.tok].Pos < int32(len(t.words)+t.slop) && !visit(span{l.tok, r.tok}) {
				return
			}
			if have[l.word]--; have[l.word] == 0 {
				missing++
			}
			left++
		}
	}
}

func (t *term) match(d *Doc) bool {
	found := false
	t.find(d, func(span) bool { found = true; return false })
	return found
}

func (t *term) spans(d *Doc) []span {
	var all []span
	t.find(d, func(s span) bool { all = append(all, s); return len(all) < maxSpans })
	return all
}

func (t *term) hits(d *Doc, within []span, c *collector) {
	seen := 0
	t.find(d, func(s span) bool {
		if liesIn(s, within) {
			c.place(d, t.name, s)
		}
		seen++
		return seen < maxSpans && c.count(t.name) < maxHits
	})
}

func (m *mentionOf) spans(d *Doc) []span {
	var all []span
	for _, key := range m.keys {
		for _, s := range d.mentionsOf(key) {
			if d.zone(s.first)&m.zones != 0 {
				all = append(all, s)
			}
		}
	}
	if len(m.keys) > 1 {
		all = sorted(all)
	}
	return all
}

func (m *mentionOf) match(d *Doc) bool {
	for _, key := range m.keys {
		for _, s := range d.mentionsOf(key) {
			if d.zone(s.first)&m.zones != 0 {
				return true
			}
		}
	}
	return false
}

func (m *mentionOf) hits(d *Doc, within []span, c *collector) {
	places := m.spans(d)
	for _, s := range inside(places[:min(len(places), maxSpans)], within) {
		c.place(d, m.name, s)
	}
}

func (v *value) match(d *Doc) bool { _, ok := v.find(d); return ok }

func (v *value) hits(d *Doc, _ []span, c *collector) {
	if found, ok := v.find(d); ok {
		c.add(Hit{v.name, found, v.field})
	}
}

// find returns the article's property that the value holds for.
func (v *value) find(d *Doc) (string, bool) {
	switch v.field {
	case "source":
		return among(d.in.Source, d.source, v.options)
	case "author":
		return among(d.in.Authors, d.authors, v.options)
	case "category":
		return among(d.in.Tags, d.tags, v.options)
	}
	for _, o := range v.options {
		switch {
		case v.field == "lang" && d.Lang() == o.key, v.field == "country" && strings.EqualFold(d.in.Country, o.key):
			return o.key, true
		case v.field == "url" && strings.Contains(d.url, o.key):
			return d.in.URL, true
		}
	}
	return "", false
}

// among looks for the words of any option in the values, whole words only.
func among(values, folded []string, options []option) (string, bool) {
	for _, o := range options {
		want := " " + o.key
		if !o.prefix {
			want += " "
		}
		for i, f := range folded {
			if strings.Contains(f, want) {
				return values[i], true
			}
		}
	}
	return "", false
}
