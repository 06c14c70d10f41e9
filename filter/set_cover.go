package filter

import (
	"cmp"
	"math"
	"slices"

	"wirewatch/filter/text"
)

// lead is one way to a rule: of an article that matches, both words of one of the leads
// are present.
type lead struct {
	key, need uint32 // the rarer one, which the rule is filed under; the same when there is one
}

// cover is a set of leads. cost is a guess at how many postings it makes articles read.
type cover struct {
	leads []lead
	cost  float64
	exact bool // an article with the words of a lead matches
	open  bool // every lead is one word
}

// maxPairs is how many pairs of words (a OR b) AND (c OR d) is filed under at most. A rule with
// more is filed under the words of one side, and tried wherever one of them is.
const maxPairs = 16

// How common a word's like are in texts, before rules tell: rules hold the words that people
// look for, and of those the common ones more often.
const (
	priorStop  = 500
	priorShort = 6
	priorWord  = 3
	priorLong  = 2
)

var priors = map[text.NameSpace]uint16{nsEntity: 2, nsSource: 50, nsTag: 50, nsAuthor: 20, nsCountry: 1000, nsLang: 2000, nsAlways: math.MaxUint16}

// priorOf guesses by the word as written.
func priorOf(w *text.PatternWord) uint16 {
	s := w.Alts[0].S
	switch {
	case text.Common(s):
		return priorStop
	case len(s) < 4:
		return priorShort
	case len(s) < 8:
		return priorWord
	}
	return priorLong
}

// costOf guesses how many articles hold a word, by the rules that do.
func (x *index) costOf(word uint32) float64 {
	return float64(x.prior[word]) * float64(x.uses[word]+8)
}

// alwaysLead leads from every article.
func (x *index) alwaysLead() cover {
	id := x.property(nsAlways, "")
	return cover{leads: x.one(id), cost: x.costOf(id), exact: true, open: true}
}

// one is a list of one lead, in scratch memory.
func (x *index) one(word uint32) []lead {
	x.leads = append(x.leads, lead{word, word})
	return x.leads[len(x.leads)-1 : len(x.leads) : len(x.leads)]
}

// cover returns the leads of what begins at pc, and where the program goes on; false: it may
// match an article without any of its words.
func (x *index) cover(pc uint32) (c cover, next uint32, ok bool) {
	word := *x.code.at(pc)
	pc++
	n := int(word & doArg)
	switch word &^ doArg {
	case doLeaf:
		c, ok = x.leafCover(word & doArg)
		return c, pc, ok
	case doAll:
		return x.alwaysLead(), pc, true
	case doNot:
		return cover{}, x.skip(pc), false
	case doMin:
		c, next, ok = x.cover(pc)
		c.exact = c.exact && n == 1
		return c, next, ok
	case doOr:
		return x.union(pc, n, n)
	case doAny:
		return x.union(pc+1, n, n-int(*x.code.at(pc))+1)
	case doNear:
		c, next, ok = x.both(pc, 2)
		c.exact = false
		return c, next, ok
	}
	return x.both(pc, n)
}

// union joins the covers of the cheapest of n operands: with all others missing, one of
// them must hold.
func (x *index) union(pc uint32, n, wanted int) (c cover, next uint32, ok bool) {
	var space [8]cover
	covers := space[:0]
	for range n {
		var k cover
		if k, pc, ok = x.cover(pc); ok {
			covers = append(covers, k)
		}
	}
	if len(covers) < wanted {
		return cover{}, pc, false
	}
	if wanted < len(covers) {
		slices.SortStableFunc(covers, func(a, b cover) int { return cmp.Compare(a.cost, b.cost) })
	}
	c = cover{exact: wanted == n, open: true, leads: make([]lead, 0, 2*wanted)}
	for _, k := range covers[:wanted] {
		c.leads = append(c.leads, k.leads...)
		c.cost += k.cost
		c.exact, c.open = c.exact && k.exact, c.open && k.open
	}
	return c, pc, true
}

// both is the cover of n operands that must all hold: of the cheapest, each of its words
// together with one of the next.
func (x *index) both(pc uint32, n int) (c cover, next uint32, ok bool) {
	var a, b cover
	found := 0
	for range n {
		var k cover
		if k, pc, ok = x.cover(pc); !ok {
			continue
		}
		switch found++; {
		case found == 1 || k.cost < a.cost:
			a, b = k, a
		case found == 2 || k.cost < b.cost:
			b = k
		}
	}
	switch {
	case found == 0:
		return cover{}, pc, false
	case found == 1:
		a.exact = a.exact && n == 1
		return a, pc, true
	case a.open && b.open && len(a.leads)*len(b.leads) <= maxPairs:
		c = x.pairs(a, b)
		c.exact = a.exact && b.exact && n == 2
	case len(b.leads) == 1:
		c = x.narrowed(a, b.leads[0].key)
	default:
		c = a
		c.exact = false
	}
	return c, pc, true
}

// pairs files each pair of words under the rarer one.
func (x *index) pairs(a, b cover) (c cover) {
	c.leads = make([]lead, 0, len(a.leads)*len(b.leads))
	for _, p := range a.leads {
		for _, q := range b.leads {
			l := lead{p.key, q.key}
			if x.costOf(q.key) < x.costOf(p.key) {
				l = lead{q.key, p.key}
			}
			c.leads = append(c.leads, l)
			c.cost += x.costOf(l.key)
		}
	}
	return c
}

// narrowed demands a word besides each lead, unless the lead has a rarer one.
func (x *index) narrowed(a cover, need uint32) cover {
	c := cover{cost: a.cost, leads: slices.Clone(a.leads)}
	for i := range c.leads {
		if l := &c.leads[i]; l.need == l.key || x.costOf(need) < x.costOf(l.need) {
			l.need = need
		}
	}
	return c
}

// leafCover is the two rarest words of a phrase, any entity of a mention, any value of a list.
func (x *index) leafCover(id uint32) (cover, bool) {
	e := x.terms.at(id)
	parts := x.parts.run(e.parts, uint32(e.words))
	switch {
	case e.kind == valueLeaf && len(parts) == 0:
		c := x.alwaysLead()
		c.exact = false
		return c, true
	case len(parts) == 0:
		return cover{}, false
	case e.kind == mentionLeaf || e.kind == valueLeaf:
		c := cover{open: true, exact: e.kind == mentionLeaf && e.zones == inText}
		for _, p := range parts {
			c.leads = append(c.leads, lead{p, p})
			c.cost += x.costOf(p)
		}
		return c, true
	case e.kind == wordLeaf:
		return cover{leads: x.one(parts[0]), cost: x.costOf(parts[0]), exact: e.zones == inText, open: true}, true
	}
	return x.rarest(parts), true
}

// rarest is the cover of words that must all be there.
func (x *index) rarest(parts []uint32) cover {
	l := lead{parts[0], parts[0]}
	for _, p := range parts[1:] {
		switch {
		case p == l.key:
		case x.costOf(p) < x.costOf(l.key):
			l = lead{p, l.key}
		case l.need == l.key || x.costOf(p) < x.costOf(l.need):
			l.need = p
		}
	}
	x.leads = append(x.leads, l)
	return cover{leads: x.leads[len(x.leads)-1:], cost: x.costOf(l.key), open: l.need == l.key}
}

// leadsOf are the leads of a program without repetitions, and the flags of their postings.
func (x *index) leadsOf(pc uint32) (leads []lead, flags uint32) {
	x.leads = x.leads[:0]
	c, _, ok := x.cover(pc)
	if !ok {
		c = x.alwaysLead() // Parse refuses such queries
		c.exact = false
	}
	if len(c.leads) > 1 {
		slices.SortFunc(c.leads, func(a, b lead) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.need, b.need)) })
		c.leads = slices.Compact(c.leads)
	}
	if len(c.leads) > 1 {
		flags |= severalRule
	}
	if c.exact {
		flags |= exactRule
	}
	return c.leads, flags
}
