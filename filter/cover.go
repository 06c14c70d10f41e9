package filter

import (
	"cmp"
	"slices"

	"wirewatch/filter/text"
)

// Name spaces of keys that are no words: what else of an article can lead to a query.
const (
	nsEntity text.NameSpace = text.Outside + iota
	nsLang
	nsCountry
	nsSource // a folded word of the source
	nsAlways // led to by every article
)

// anchor is one way into a query: of an article that matches, one of the anchors'
// keys is present. cost is a guess at how many articles that is true of.
type anchor struct {
	keys []text.Key
	cost int
}

// Costs. There is no table of frequencies yet: long words are rarer than short
// ones, function words are everywhere.
const (
	costEntity  = 30
	costSource  = 500
	costStop    = 2000
	costCountry = 3000
	costLang    = 5000
	costAlways  = 1000000
)

// cover returns anchors of which every matching article has one, chosen as rare as
// possible: of AND the cheapest side, of OR all. false: there are none, as the
// node may match an article without any of its words.
func cover(n node) (anchor, bool) { return coverage{}.of(n) }

// coverLoosely reports whether n would have a cover if words with * could be looked up.
func coverLoosely(n node) bool { _, ok := coverage{wildcards: true}.of(n); return ok }

// coverage is how a cover is sought.
type coverage struct{ wildcards bool }

// of is the cover of a node. A NOT has none: it holds for articles that have none of its words.
func (c coverage) of(n node) (anchor, bool) {
	switch n := n.(type) {
	case everything:
		return always, true
	case and:
		return c.cheapest(n.kids)
	case near:
		return c.cheapest([]node{n.a, n.b})
	case or:
		return c.union(n.kids, len(n.kids))
	case anyOf:
		return c.union(n.kids, len(n.kids)-n.n+1)
	case atLeast:
		return c.of(n.kid)
	case *term:
		return c.term(n)
	case *mentionOf:
		a := anchor{cost: costEntity * len(n.slugs)}
		for _, slug := range n.slugs {
			a.keys = append(a.keys, text.Key{NS: nsEntity, S: slug})
		}
		return a, true
	case *value:
		return c.value(n), true
	}
	return anchor{}, false
}

var always = anchor{[]text.Key{{NS: nsAlways}}, costAlways}

// cheapest is the best cover among nodes that must all hold.
func (c coverage) cheapest(kids []node) (best anchor, ok bool) {
	for _, k := range kids {
		if a, found := c.of(k); found && (!ok || a.cost < best.cost) {
			best, ok = a, true
		}
	}
	return best, ok
}

// union joins the covers of the n cheapest kids: with n-1 others missing, one of them must hold.
func (c coverage) union(kids []node, n int) (anchor, bool) {
	var covers []anchor
	for _, k := range kids {
		if a, ok := c.of(k); ok {
			covers = append(covers, a)
		}
	}
	if len(covers) < n {
		return anchor{}, false
	}
	slices.SortStableFunc(covers, func(a, b anchor) int { return cmp.Compare(a.cost, b.cost) })
	var all anchor
	for _, a := range covers[:n] {
		all.keys = append(all.keys, a.keys...)
		all.cost += a.cost
	}
	return all, true
}

// term is the rarest word of a phrase; a word with * cannot be looked up and has no cover.
func (c coverage) term(t *term) (anchor, bool) {
	patterns := t.words
	if t.slop == 0 {
		patterns = []text.Pattern{t.pattern}
	}
	var best anchor
	for i := range patterns {
		keys := patterns[i].Anchor()
		if cost := costOf(keys); len(keys) > 0 && (best.keys == nil || cost < best.cost) {
			best = anchor{keys, cost}
		}
	}
	return best, best.keys != nil || c.wildcards
}

// costOf guesses by the word as written.
func costOf(keys []text.Key) int {
	if len(keys) == 0 {
		return costAlways
	}
	if text.Common(keys[0].S) {
		return costStop
	}
	return 20 + 1000/(1+len(keys[0].S))
}

// value is a cover of last resort, as most properties are shared by many articles. An
// address is looked for inside, so every article leads to it.
func (c coverage) value(v *value) anchor {
	ns, cost := nsAlways, costAlways
	switch v.field {
	case "lang":
		ns, cost = nsLang, costLang
	case "country":
		ns, cost = nsCountry, costCountry
	case "source":
		ns, cost = nsSource, costSource
	}
	a := anchor{cost: cost * len(v.options)}
	for _, o := range v.options {
		if ns == nsAlways || o.prefix {
			return always
		}
		key := o.key
		if ns == nsSource {
			key = text.Words(o.key)[0]
		}
		a.keys = append(a.keys, text.Key{NS: ns, S: key})
	}
	return a
}

// hasPositive reports whether a term stands outside every NOT.
func hasPositive(n node) bool {
	switch n := n.(type) {
	case and:
		return slices.ContainsFunc(n.kids, hasPositive)
	case or:
		return slices.ContainsFunc(n.kids, hasPositive)
	case anyOf:
		return slices.ContainsFunc(n.kids, hasPositive)
	case not:
		return false
	}
	return true
}
