package filter

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"wirewatch/filter/text"
)

// Match calls found once for every id whose query matches d, in no particular order, with
// what made it match. Evidence costs more than matching: [Set.MatchIDs] leaves it out.
// found may add and remove queries.
func (s *Set) Match(d *Doc, found func(id int64, e Evidence)) {
	s.match(d, func(m *matching, r uint32) {
		root, _ := m.x.read(m.x.rules.at(r).program)
		e := evidence(root, d)
		m.subscribers(r, func(id int64) { found(id, e) })
	})
}

// MatchIDs is [Set.Match] without evidence.
func (s *Set) MatchIDs(d *Doc, found func(id int64)) {
	s.match(d, func(m *matching, r uint32) { m.subscribers(r, found) })
}

func (s *Set) match(d *Doc, found func(*matching, uint32)) {
	if !s.asked.Load() {
		s.asked.Store(true)
	}
	m := matchings.Get().(*matching)
	m.x, m.d = s.index.Load(), d
	m.seen = m.x.count.Load()
	m.look()
	for _, word := range m.present {
		m.candidates(word, found)
	}
	m.clear()
	matchings.Put(m)
}

// matching is one article against one index, in memory lent from one to the next.
type matching struct {
	x    *index
	d    *Doc
	seen uint32 // subscribers that count

	words   []text.Found // of the article, by words of the index
	next    []int32      // the next of the same word of the index, +1
	first   []uint64     // table: word of the index << 32 | its first in words, +1
	present []uint32     // words of the index
	bits    []uint64     // … as a bitset, small enough for the nearest cache
	done    []uint64     // bitset of rules with several postings that matched
	matched []uint32     // … as a list
	spans   []span       // stack of places
}

var matchings = sync.Pool{New: func() any { return &matching{first: make([]uint64, minFirst)} }}

const minFirst = 1 << 10

// look finds what of the index the article holds.
func (m *matching) look() {
	x, d := m.x, m.d
	m.words = d.stream.Scan(x.words, m.words[:0])
	size := len(m.first)
	for size < 2*len(m.words) {
		size *= 2
	}
	if size > len(m.first) {
		m.first = make([]uint64, size)
	}
	m.next = slices.Grow(m.next[:0], len(m.words))[:len(m.words)]
	if n := x.words.Len()/64 + 1; n > len(m.bits) {
		m.bits = make([]uint64, n+n/8)
	}
	for i := range m.words {
		m.file(i)
	}
	m.properties()
}

// file puts the i-th word in the chain of its word of the index.
func (m *matching) file(i int) {
	id := m.words[i].ID
	if !m.has(id) {
		m.arrive(id)
	}
	mask := uint32(len(m.first) - 1)
	at := id * 0x9E3779B1 & mask
	for m.first[at] != 0 && uint32(m.first[at]>>32) != id {
		at = (at + 1) & mask
	}
	m.next[i] = int32(uint32(m.first[at]))
	m.first[at] = uint64(id)<<32 | uint64(i+1)
}

// chain is the latest place of a word in words, +1; 0: there is none.
func (m *matching) chain(id uint32) int32 {
	mask := uint32(len(m.first) - 1)
	for at := id * 0x9E3779B1 & mask; m.first[at] != 0; at = (at + 1) & mask {
		if uint32(m.first[at]>>32) == id {
			return int32(uint32(m.first[at]))
		}
	}
	return 0
}

// arrive marks a word or property as present.
func (m *matching) arrive(id uint32) {
	m.present = append(m.present, id)
	m.bits[id/64] |= 1 << (id % 64)
}

// has reports whether a word or property is present.
func (m *matching) has(id uint32) bool {
	return int(id/64) < len(m.bits) && m.bits[id/64]&(1<<(id%64)) != 0
}

// properties marks what of the article is no word of its text.
func (m *matching) properties() {
	name := func(kind text.NameSpace, s string) {
		if id, ok := m.x.words.Name(kind, s); ok && int(id/64) < len(m.bits) && !m.has(id) {
			m.arrive(id)
		}
	}
	if m.x.entities.Load() {
		for i := range m.d.mentions {
			name(nsEntity, m.d.mentions[i].slug)
		}
	}
	name(nsLang, m.d.Lang())
	name(nsCountry, strings.ToUpper(m.d.in.Country))
	for _, source := range m.d.source {
		for w := range strings.FieldsSeq(source) {
			name(nsSource, w)
		}
	}
	name(nsAlways, "")
}

// candidates tries the rules that are filed under a word.
func (m *matching) candidates(word uint32, found func(*matching, uint32)) {
	x := m.x
	if int(word)+1 < len(x.offsets) {
		for _, p := range x.postings[x.offsets[word]:x.offsets[word+1]] {
			if m.has(p.need) {
				m.try(p.rule, found)
			}
		}
	}
	for at := atomic.LoadUint32(x.heads.at(word)); at != 0; {
		l := x.links.at(at - 1)
		if m.has(l.need) {
			m.try(l.rule, found)
		}
		at = l.next
	}
}

// try runs a rule, unless its posting said all or another posting of it did so.
func (m *matching) try(flagged uint32, found func(*matching, uint32)) {
	r := flagged & ruleNumber
	if flagged&severalRule != 0 && int(r/64) < len(m.done) && m.done[r/64]&(1<<(r%64)) != 0 {
		return
	}
	if flagged&exactRule == 0 && !m.holds(m.x.rules.at(r).program) {
		return
	}
	if flagged&severalRule != 0 {
		for int(r/64) >= len(m.done) {
			m.done = append(m.done, make([]uint64, max(64, len(m.done)))...)
		}
		m.done[r/64] |= 1 << (r % 64)
		m.matched = append(m.matched, r)
	}
	found(m, r)
}

// subscribers calls found with those of a rule that are there.
func (m *matching) subscribers(r uint32, found func(id int64)) {
	for i := atomic.LoadUint32(&m.x.rules.at(r).subs); i != 0; {
		sub := m.x.subs.at(i - 1)
		if m.x.lives(i-1, m.seen) {
			found(sub.id)
		}
		i = sub.next
	}
}

// clear readies the memory for the next article.
func (m *matching) clear() {
	for _, id := range m.present {
		m.bits[id/64] = 0
	}
	for _, r := range m.matched {
		m.done[r/64] = 0
	}
	clear(m.first)
	m.present, m.matched, m.spans = m.present[:0], m.matched[:0], m.spans[:0]
	m.x, m.d = nil, nil
}
