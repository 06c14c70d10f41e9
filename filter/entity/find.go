package entity

import (
	"cmp"
	"slices"

	"wirewatch/filter/text"
)

// Mention is one place where a text names an entity.
type Mention struct {
	Entity      *Entity
	First, Last int // tokens of the stream
}

// hit is a mention before it is resolved.
type hit struct {
	alias       *alias
	first, last int
}

// Find returns every mention in an indexed stream, ordered by place. Mentions of
// one entity do not overlap.
func (g *Gazetteer) Find(s *text.Stream) []Mention {
	if g == nil || len(g.aliases) == 0 {
		return nil
	}
	hits, neg := g.hits(s)
	hits = consume(hits, neg)
	hits = g.longest(hits)
	r := resolver{g: g, s: s, byEntity: map[*Entity][]hit{}}
	for _, h := range hits {
		r.byEntity[h.alias.entity] = append(r.byEntity[h.alias.entity], h)
	}
	var mentions []Mention
	for e, hits := range r.byEntity {
		mentions = append(mentions, r.resolve(e, hits)...)
	}
	slices.SortFunc(mentions, func(a, b Mention) int {
		return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Last, b.Last), cmp.Compare(a.Entity.Slug, b.Entity.Slug))
	})
	return mentions
}

// hits looks up every form of the text among the anchors and verifies what they suggest.
func (g *Gazetteer) hits(s *text.Stream) (hits, neg []hit) {
	seen := map[int32]bool{}
	langs := languages{stream: s}
	s.EachForm(func(k text.Key) {
		for _, i := range g.anchors[k] {
			if seen[i] {
				continue
			}
			seen[i] = true
			a := &g.aliases[i]
			if !a.neg && !langs.allow(a) {
				continue
			}
			s.Find(&a.pattern, func(first, last int) bool {
				h := hit{a, first, last}
				switch {
				case a.neg:
					neg = append(neg, h)
				case !a.exact || text.SameLetters(s.Source(first, last), a.name.Text):
					hits = append(hits, h)
				}
				return true
			})
		}
	})
	order := func(a, b hit) int { return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(b.last, a.last)) }
	slices.SortFunc(hits, order)
	slices.SortFunc(neg, order)
	return hits, neg
}

// languages decides which names may count in a text.
type languages struct{ stream *text.Stream }

// allow reports whether a name may stand in the text: names of the text's language and
// of other scripts always; names of another language of the script when the entity has
// none in the text's, and when they are long enough not to be a word there.
func (l languages) allow(a *alias) bool {
	lang, sure := l.stream.Lang()
	n := a.name
	switch {
	case n.Lang == Any || n.Lang == lang || lang == "":
		return true
	case !sure && !a.short:
		return true
	case a.class != text.ScriptOf(lang):
		return true
	case !a.entity.hasNames(lang):
		return n.Lang == "en" || !a.short
	}
	return false
}

// hasNames reports whether the entity has a name in the language.
func (e *Entity) hasNames(lang string) bool {
	_, ok := e.Label[lang]
	return ok
}

// consume drops the hits that overlap a negative name of their own entity.
func consume(hits, neg []hit) []hit {
	if len(neg) == 0 {
		return hits
	}
	return slices.DeleteFunc(hits, func(h hit) bool {
		for _, n := range neg {
			if n.alias.entity == h.alias.entity && n.first <= h.last && h.first <= n.last && n.last-n.first >= h.last-h.first {
				return true
			}
		}
		return false
	})
}

// longest drops a hit that lies inside a longer one of another entity of its class:
// "Guinea" in "Papua New Guinea". A person's name also consumes the places in it
// ("Jordan Peterson"). What the longer one is part of stays: "UN Security Council" names
// the UN too. hits is sorted by first, then by length.
func (g *Gazetteer) longest(hits []hit) []hit {
	inside := func(h, o hit) bool {
		return o.alias.entity != h.alias.entity && o.first <= h.first && h.last <= o.last && o.last-o.first > h.last-h.first &&
			(class(o) == class(h) || o.alias.entity.Kind == Person) && !o.alias.name.Weak &&
			!g.partOf(o.alias.entity, h.alias.entity)
	}
	var kept []hit
	for i, h := range hits {
		drop := false
		for j := i - 1; j >= 0 && hits[j].first > h.first-maxWords && !drop; j-- {
			drop = inside(h, hits[j])
		}
		for j := i + 1; j < len(hits) && hits[j].first == h.first && !drop; j++ {
			drop = inside(h, hits[j])
		}
		if !drop {
			kept = append(kept, h)
		}
	}
	return kept
}

// maxWords bounds how far back a longer name may begin.
const maxWords = 24

// class groups the kinds of which only the longest name counts.
func class(h hit) Kind {
	if h.alias.entity.Kind == Country {
		return Place
	}
	return h.alias.entity.Kind
}
