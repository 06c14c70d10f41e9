package filter

import (
	"slices"

	"wirewatch/filter/text"
)

// Name spaces of keys that are no words: what else of an article can lead to a query.
const (
	nsEntity text.NameSpace = text.Outside + iota
	nsLang
	nsCountry
	nsSource // a folded word of the source
	nsTag    // … of a category
	nsAuthor // … of an author
	nsAlways // led to by every article
)

// covered reports whether every article that n matches holds something that can be looked
// up. A NOT has nothing: it holds for articles that have none of its words.
func covered(n node) bool { return coverage{}.of(n) }

// coveredLoosely is [covered] as if words with * could be looked up.
func coveredLoosely(n node) bool { return coverage{wildcards: true}.of(n) }

// coverage is how a cover is sought.
type coverage struct{ wildcards bool }

func (c coverage) of(n node) bool {
	switch n := n.(type) {
	case and:
		return slices.ContainsFunc(n.kids, c.of)
	case near:
		return c.of(n.a) || c.of(n.b)
	case or:
		return c.count(n.kids) == len(n.kids)
	case anyOf: // with n-1 others missing, one of these must hold
		return c.count(n.kids) >= len(n.kids)-n.n+1
	case atLeast:
		return c.of(n.kid)
	case *term:
		return c.wildcards || n.lookedUp()
	case not:
		return false
	}
	return true
}

func (c coverage) count(kids []node) (covered int) {
	for _, k := range kids {
		if c.of(k) {
			covered++
		}
	}
	return covered
}

// lookedUp reports whether a word of the term can be looked up: one with * cannot.
func (t *term) lookedUp() bool {
	if t.slop == 0 {
		return t.pattern.AnchorWord() != nil
	}
	return slices.ContainsFunc(t.words, func(p text.Pattern) bool { return p.AnchorWord() != nil })
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
