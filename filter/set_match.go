package filter

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"wirewatch/filter/text"
)

// Match calls found once for every id whose query matches d, in no particular order, with
// what made it match. Evidence costs more than matching, about a microsecond each:
// [Set.MatchIDs] leaves it out. Ids of equal queries share it; it must not be changed.
// found may add and remove queries.
func (s *Set) Match(d *Doc, found func(id int64, e Evidence)) {
	s.match(d, func(m *matching, r uint32) {
		e := m.evidence(r)
		m.subscribers(r, func(id int64) { found(id, e) })
	})
}

// MatchIDs is [Set.Match] without evidence.
func (s *Set) MatchIDs(d *Doc, found func(id int64)) {
	s.match(d, func(m *matching, r uint32) { m.subscribers(r, found) })
}

func (s *Set) match(d *Doc, found func(*matching, uint32)) {
	m := matchings.Get().(*matching)
	m.x, m.d = s.index.Load(), d
	s.ask(m.x)
	m.seen = m.x.count.Load()
	m.look()
	m.touch()
	for _, word := range m.present {
		m.candidates(word)
	}
	m.choose()
	for _, r := range m.matched {
		found(m, r)
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
	chosen  []candidate  // rules that a posting leads to
	done    []uint64     // bitset of rules with several postings that matched
	matched []uint32     // rules that matched
	spans   []span       // stack of places
}

// candidate is a rule, with the flags of its posting, and its program.
type candidate struct{ rule, program uint32 }

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
		for _, e := range m.d.allMentions() {
			name(nsEntity, e.key)
		}
	}
	name(nsLang, m.d.Lang())
	name(nsCountry, strings.ToUpper(m.d.in.Country))
	if m.x.labelled.Load() {
		labels := func(kind text.NameSpace, all []string) {
			for _, label := range all {
				for w := range strings.FieldsSeq(label) {
					name(kind, w)
				}
			}
		}
		labels(nsSource, m.d.source)
		labels(nsTag, m.d.tags)
		labels(nsAuthor, m.d.authors)
	}
	name(nsAlways, "")
}

// touch reads the first posting of every word once, one load not waiting for another: at
// a million rules the time goes to memory that is far away.
func (m *matching) touch() {
	x := m.x
	for _, word := range m.present {
		if int(word)+1 < len(x.offsets) {
			if at := x.offsets[word]; int(at) < len(x.postings) {
				atomic.LoadUint32(&x.postings[at].need)
			}
		}
	}
}

// candidates collects the rules that are filed under a word, of which the other word is there too.
func (m *matching) candidates(word uint32) {
	x, bits := m.x, m.bits
	if int(word)+1 < len(x.offsets) {
		for _, p := range x.postings[x.offsets[word]:x.offsets[word+1]] {
			if bits[p.need/64]>>(p.need%64)&1 != 0 {
				m.chosen = append(m.chosen, candidate{rule: p.rule})
			}
		}
	}
	for at := atomic.LoadUint32(x.heads.at(word)); at != 0; {
		l := x.links.at(at - 1)
		if m.has(l.need) {
			m.chosen = append(m.chosen, candidate{rule: l.rule})
		}
		at = l.next
	}
}

// choose runs the candidates, unless the posting said all or another posting did so.
func (m *matching) choose() {
	for i := range m.chosen { // all loads at once, as in touch
		m.chosen[i].program = m.x.rules.at(m.chosen[i].rule & ruleNumber).program
	}
	for _, c := range m.chosen {
		r := c.rule & ruleNumber
		if c.rule&severalRule != 0 && m.isDone(r) {
			continue
		}
		if c.rule&exactRule == 0 && !m.holds(c.program) {
			continue
		}
		if c.rule&severalRule != 0 {
			m.done[r/64] |= 1 << (r % 64)
		}
		m.matched = append(m.matched, r)
	}
	for _, r := range m.matched { // a rule that is just being added may have no subscriber yet
		if i := atomic.LoadUint32(&m.x.rules.at(r).subs); i > 0 {
			atomic.LoadUint32(&m.x.subs.at(i - 1).died)
		}
	}
}

// isDone reports whether a rule matched already, and makes room to note it.
func (m *matching) isDone(r uint32) bool {
	for int(r/64) >= len(m.done) {
		m.done = append(m.done, make([]uint64, max(64, len(m.done)))...)
	}
	return m.done[r/64]&(1<<(r%64)) != 0
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
		if int(r/64) < len(m.done) {
			m.done[r/64] = 0
		}
	}
	clear(m.first)
	m.present, m.chosen, m.matched, m.spans = m.present[:0], m.chosen[:0], m.matched[:0], m.spans[:0]
	m.x, m.d = nil, nil
}
