package filter

import (
	"strings"
	"sync"
	"sync/atomic"

	"wirewatch/filter/text"
)

// Set is many queries that are matched at once: an article is looked at once, and
// only the queries that one of its words, entities or properties leads to are
// tried. All methods are safe for concurrent use; Match holds the lock only
// while it looks words up, so readers never wait for one another.
type Set struct {
	mu    sync.RWMutex
	byID  map[int64]*entry
	posts map[text.Key][]*entry
	wide  int // posts in the name space of wide stems
}

// entry is one query of a set.
type entry struct {
	id   int64
	q    *Query
	keys []text.Key
	gone atomic.Bool
}

// NewSet returns an empty set.
func NewSet() *Set {
	return &Set{byID: map[int64]*entry{}, posts: map[text.Key][]*entry{}}
}

// Len is the number of queries.
func (s *Set) Len() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.byID)
}

// Add puts a query under id, in place of the one that was there. A nil query is ignored.
func (s *Set) Add(id int64, q *Query) {
	if q == nil {
		return
	}
	a, ok := cover(q.root)
	if !ok {
		a = always // Parse refuses such queries
	}
	e := &entry{id: id, q: q, keys: distinct(a.keys)}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(id)
	s.byID[id] = e
	for _, k := range e.keys {
		s.posts[k] = append(s.posts[k], e)
		if k.NS == text.Wide {
			s.wide++
		}
	}
}

// Remove takes the query under id out, if there is one.
func (s *Set) Remove(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(id)
}

// remove needs the write lock. It costs the length of the lists that the query is in.
func (s *Set) remove(id int64) {
	e, ok := s.byID[id]
	if !ok {
		return
	}
	e.gone.Store(true)
	delete(s.byID, id)
	for _, k := range e.keys {
		if k.NS == text.Wide {
			s.wide--
		}
		list := s.posts[k]
		for i := range list {
			if list[i] == e {
				list[i] = list[len(list)-1]
				list[len(list)-1] = nil
				list = list[:len(list)-1]
				break
			}
		}
		if len(list) == 0 {
			delete(s.posts, k)
		} else {
			s.posts[k] = list
		}
	}
}

// distinct keeps the first of equal keys: a query must be in no list twice.
func distinct(keys []text.Key) []text.Key {
	seen := make(map[text.Key]bool, len(keys))
	var out []text.Key
	for _, k := range keys {
		if !seen[k] {
			seen[k] = true
			out = append(out, k)
		}
	}
	return out
}

// Match calls found once for every query that matches d, in no particular order.
// found may add and remove queries.
func (s *Set) Match(d *Doc, found func(id int64, e Evidence)) {
	for e := range s.candidates(d) {
		if e.gone.Load() {
			continue
		}
		if evidence, ok := e.q.Match(d); ok {
			found(e.id, evidence)
		}
	}
}

// candidates are the queries that the article leads to.
func (s *Set) candidates(d *Doc) map[*entry]struct{} {
	if s.wideTerms() {
		d.stream.EachWide(func(text.Key) {}) // built before the lock is taken
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	seen := map[*entry]struct{}{}
	visit := func(k text.Key) {
		for _, e := range s.posts[k] {
			seen[e] = struct{}{}
		}
	}
	d.stream.EachForm(visit)
	if s.wide > 0 {
		d.stream.EachWide(visit)
	}
	for slug := range d.mentions {
		visit(text.Key{NS: nsEntity, S: slug})
	}
	visit(text.Key{NS: nsLang, S: d.Lang()})
	visit(text.Key{NS: nsCountry, S: strings.ToUpper(d.in.Country)})
	for _, source := range d.source {
		for w := range strings.FieldsSeq(source) {
			visit(text.Key{NS: nsSource, S: w})
		}
	}
	visit(text.Key{NS: nsAlways})
	return seen
}

// wideTerms reports whether any query is led to by a wide stem, which most articles then need not compute.
func (s *Set) wideTerms() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.wide > 0
}
