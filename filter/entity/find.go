package entity

import (
	"cmp"
	"slices"
	"sync"

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

// finder is the memory of one search, lent from one to the next.
type finder struct {
	found     []text.Found
	hits, neg []hit
	kept      []hit
	sorting   []hit
	keys      []uint64
	present   []uint64 // bitset of the words of the lexicon that the text holds
	mentions  []Mention
}

// has reports whether the text holds a word of the lexicon.
func (f *finder) has(id uint32) bool { return f.present[id/64]&(1<<(id%64)) != 0 }

// hitBits number the hits of a text; the rest of a word is enough for its longest key.
const hitBits = 26

// sort orders hits by a key, those of one key as they are.
func (f *finder) sort(hits []hit, key func(hit) uint64) {
	f.keys = f.keys[:0]
	for i, h := range hits {
		f.keys = append(f.keys, key(h)<<hitBits|uint64(i))
	}
	slices.Sort(f.keys)
	f.sorting = append(f.sorting[:0], hits...)
	for i, k := range f.keys {
		hits[i] = f.sorting[k&(1<<hitBits-1)]
	}
}

// byPlace is the key of hits in the order of the text, the longer one first.
func byPlace(h hit) uint64 { return uint64(h.first)<<12 | uint64(0xFFF-min(0xFFF, h.last-h.first)) }

// byEntity is the key of hits entity by entity.
func byEntity(h hit) uint64 { return uint64(h.alias.number) }

var finders = sync.Pool{New: func() any { return &finder{} }}

// Find returns every mention in an indexed stream, ordered by place. Mentions of
// one entity do not overlap.
func (g *Gazetteer) Find(s *text.Stream) []Mention {
	if g == nil || g.names == nil || len(g.aliases) == 0 {
		return nil
	}
	return g.names.find(s)
}

func (n *names) find(s *text.Stream) []Mention {
	f := finders.Get().(*finder)
	n.look(s, f)
	kept := n.longest(consume(f.hits, f.neg), f.kept[:0])
	f.sort(kept, byEntity)
	f.kept = kept
	r := resolver{names: n, s: s, hits: kept, finder: f}
	f.mentions = f.mentions[:0]
	for rest := kept; len(rest) > 0; {
		same := 1
		for same < len(rest) && rest[same].alias.entity == rest[0].alias.entity {
			same++
		}
		f.mentions = r.resolve(f.mentions, rest[:same])
		rest = rest[same:]
	}
	mentions := slices.Clone(f.mentions)
	slices.SortFunc(mentions, func(a, b Mention) int {
		return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Last, b.Last), cmp.Compare(a.Entity.Key(), b.Entity.Key()))
	})
	for _, x := range f.found {
		f.present[x.ID/64] = 0
	}
	finders.Put(f)
	return mentions
}

// look scans the text for the words that names are looked up by and verifies what they suggest.
func (n *names) look(s *text.Stream, f *finder) {
	if size := n.lexicon.Len()/64 + 1; len(f.present) < size {
		f.present = make([]uint64, size)
	}
	f.found, f.hits, f.neg = s.Scan(n.lexicon, f.found[:0]), f.hits[:0], f.neg[:0]
	langs := languages{stream: s}
	for _, x := range f.found {
		f.present[x.ID/64] |= 1 << (x.ID % 64)
	}
	for _, x := range f.found {
		if int(x.ID) >= len(n.byWord) {
			continue // no anchor
		}
		for _, p := range n.byWord[x.ID] {
			if !f.has(p.need) {
				continue
			}
			if a := &n.aliases[p.alias]; a.neg || langs.allow(a) {
				f.verify(s, a, x)
			}
		}
	}
	f.sort(f.hits, byPlace)
	f.sort(f.neg, byPlace)
}

// verify adds the places where an alias stands around a word that it is looked up by.
func (f *finder) verify(s *text.Stream, a *alias, x text.Found) {
	for tok := s.NextFound(x, -1); tok >= 0; tok = s.NextFound(x, tok) {
		first, last, ok := s.MatchFrom(&a.pattern, tok)
		switch {
		case !ok:
		case a.neg:
			f.neg = append(f.neg, hit{a, first, last})
		case !a.exact || text.SameLetters(s.Source(first, last), a.name.Text):
			f.hits = append(f.hits, hit{a, first, last})
		}
	}
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
// the UN too. So do topics and offices: "sanctions relief" is about sanctions, and the
// British prime minister is a prime minister. hits is sorted by first, then by length; the rest is appended to kept.
func (n *names) longest(hits, kept []hit) []hit {
	inside := func(h, o hit) bool {
		return o.alias.entity != h.alias.entity && o.first <= h.first && h.last <= o.last && o.last-o.first > h.last-h.first &&
			takes(o.alias.entity, h.alias.entity) && !o.alias.name.Weak &&
			!n.partOf(o.alias.number, h.alias.number) && n.sees(h.alias, o.alias)
	}
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

// sees reports whether the reader of one name has the other too: everybody has the names
// of the first layer, but those of an entity that the reader defined anew.
func (n *names) sees(a, other *alias) bool {
	switch {
	case other.layer == a.layer:
		return true
	case other.layer != 0:
		return false
	}
	return n.own[a.layer].bySlug[other.entity.Slug] == nil
}

// maxWords bounds how far back a longer name may begin.
const maxWords = 24

// takes reports whether a name of the one entity consumes a shorter name of the other inside it.
func takes(long, short *Entity) bool {
	class := func(e *Entity) Kind {
		if e.Kind == Country {
			return Place
		}
		return e.Kind
	}
	switch class(short) {
	case Topic, Office:
		return long.Kind == Person
	}
	return class(long) == class(short) || long.Kind == Person
}
