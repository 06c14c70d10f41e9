package filter

import (
	"sync"
	"sync/atomic"
)

// Set is many queries that are matched at once: an article is looked at once, and
// only the queries that two of its words lead to are tried. Equal queries are kept
// once. All methods are safe for concurrent use, and [Set.Match] takes no lock: queries
// that come or go while it runs are seen or not, but one that is replaced is seen as it
// was or as it is.
type Set struct {
	index atomic.Pointer[index]
	live  atomic.Int64
	asked atomic.Bool // something was matched since the index was built

	mu       sync.Mutex // of writers
	touched  []change   // what changed since the next index began to be built; nil: none is being built
	building sync.Mutex // held while the next index is built
}

// change is a query that came or went.
type change struct {
	id   int64
	rule uint32 // of the index in use; noRule: it went
}

const noRule = ^uint32(0)

// NewSet returns an empty set.
func NewSet() *Set {
	s := &Set{}
	s.index.Store(newIndex())
	return s
}

// Len is the number of ids.
func (s *Set) Len() int { return int(s.live.Load()) }

// Add puts a query under id, in place of the one that was there. A nil query is ignored.
func (s *Set) Add(id int64, q *Query) {
	if q == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.index.Load()
	x.draft = x.write(x.draft[:0], q.root)
	r := x.rule(x.draft)
	if !x.subscribe(id, r) {
		s.live.Add(1)
	}
	s.note(x, change{id, r})
}

// Remove takes the query under id out, if there is one.
func (s *Set) Remove(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.index.Load()
	if x.remove(id) {
		s.live.Add(-1)
		s.note(x, change{id, noRule})
	}
}

// note remembers a change for the index that is being built, if one is, and has one built
// when there were many. It needs mu.
func (s *Set) note(x *index, c change) {
	n := x.changed.Add(1)
	switch {
	case s.touched != nil:
		s.touched = append(s.touched, c)
	case n > patience(x) && s.asked.Load():
		s.touched = make([]change, 0, 64)
		go s.rebuild()
	}
}

// How many changes an index bears before the next is built: chains cost readers time, and
// building costs as much as there are queries. While nobody reads, as at the start, it waits.
const (
	minPatience   = 4096
	patienceShare = 8
)

func patience(x *index) int64 { return max(minPatience, int64(len(x.subs.base)/patienceShare)) }

// ask notes that somebody reads, and has an index built if that was waited for.
func (s *Set) ask(x *index) {
	if !s.asked.Load() && !s.asked.Swap(true) && x.changed.Load() > patience(x) {
		go s.Compact()
	}
}

// Compact builds the next index now, if anything changed since the last, and returns when it is
// in use. It is worth calling after many queries were added at once.
func (s *Set) Compact() {
	s.mu.Lock()
	start := s.touched == nil && s.index.Load().changed.Load() > 0
	if start {
		s.touched = []change{}
	}
	s.mu.Unlock()
	if start {
		s.rebuild()
		return
	}
	s.building.Lock() // one may be being built
	defer s.building.Unlock()
}

// rebuild builds the next index beside the one in use, brings it up to date with what
// changed meanwhile, and puts it in its place.
func (s *Set) rebuild() {
	s.building.Lock()
	defer s.building.Unlock()
	s.mu.Lock()
	old := s.index.Load()
	b := rebuilder{old: old, next: newIndex(), rules: old.rules.n, seen: old.count.Load()}
	s.mu.Unlock()
	b.build()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.touched {
		if c.rule == noRule {
			b.next.remove(c.id)
		} else {
			b.next.subscribe(c.id, b.adopt(c.rule))
		}
	}
	s.touched = nil
	s.asked.Store(false)
	s.index.Store(b.next)
}
