package filter

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestSetWhileItChanges: readers find what does not change exactly once, and an id that
// is replaced exactly once too, as it was or as it is, while others come and go and indexes
// are built.
func TestSetWhileItChanges(t *testing.T) {
	w := newWorkload(5)
	d := Analyse(w.article(300), nil)
	s := NewSet()
	still := map[int64]bool{}
	for id := int64(1000); id < 1400; id++ {
		q := mustParse(t, w.rule(), nil)
		s.Add(id, q)
		if _, ok := q.Match(d); ok {
			still[id] = true
		}
	}
	either := []*Query{Everything(), mustParse(t, "lang:en OR country:SY", nil)}
	s.Add(1, either[0])
	still[1] = true

	var stop atomic.Bool
	var readers, writers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for !stop.Load() {
				have := map[int64]int{}
				s.MatchIDs(d, func(id int64) { have[id]++ })
				for id, n := range have {
					if n != 1 {
						t.Errorf("%d was found %d times", id, n)
					}
				}
				for id := range still {
					if have[id] != 1 {
						t.Errorf("%d was found %d times", id, have[id])
					}
				}
			}
		})
	}
	coming := make([]*Query, 200)
	for i := range coming {
		coming[i] = mustParse(t, w.rule(), nil)
	}
	end := time.Now().Add(300 * time.Millisecond)
	for g := range 2 {
		writers.Go(func() {
			for i := 0; time.Now().Before(end); i++ {
				id := int64(2000 + 1000*g + i%300)
				s.Add(id, coming[i%len(coming)])
				s.Add(1, either[i%2])
				if i%3 == 0 {
					s.Remove(id - 7)
				}
				if i%500 == 0 {
					s.Compact()
				}
			}
		})
	}
	writers.Wait()
	stop.Store(true)
	readers.Wait()
}

// TestSetBuildsItsNextIndex: many changes with a reader about have the next index built, and it
// holds what the chains held.
func TestSetBuildsItsNextIndex(t *testing.T) {
	w := newWorkload(9)
	s, queries := NewSet(), map[int64]*Query{}
	d := Analyse(w.article(300), nil)
	s.MatchIDs(d, func(int64) {})
	first := s.index.Load()
	for id := range int64(2*minPatience + 100) {
		q := mustParse(t, w.rule(), nil)
		s.Add(id, q)
		queries[id] = q
		if id%5 == 4 {
			s.Remove(id - 2)
			delete(queries, id-2)
		}
	}
	s.Compact()
	if s.index.Load() == first {
		t.Fatal("no index was built")
	}
	if s.Len() != len(queries) {
		t.Fatalf("Len %d, want %d", s.Len(), len(queries))
	}
	var have, want []int64
	s.MatchIDs(d, func(id int64) { have = append(have, id) })
	for id, q := range queries {
		if _, ok := q.Match(d); ok {
			want = append(want, id)
		}
	}
	slices.Sort(have)
	slices.Sort(want)
	if !slices.Equal(have, want) || len(want) == 0 {
		t.Fatalf("have %d ids, want %d", len(have), len(want))
	}
}

// TestSetKeepsEqualQueriesOnce: a thousand chats with the same rule cost one rule.
func TestSetKeepsEqualQueriesOnce(t *testing.T) {
	s := NewSet()
	for id := range int64(1000) {
		s.Add(id, mustParse(t, "geneva   AND (talks)", nil))
	}
	check := func(when string) {
		if n := s.index.Load().rules.n; n != 1 {
			t.Errorf("%s: %d rules", when, n)
		}
		found := map[int64]bool{}
		s.MatchIDs(Analyse(Input{Title: "Geneva talks"}, nil), func(id int64) { found[id] = true })
		if len(found) != 1000 {
			t.Errorf("%s: %d ids found", when, len(found))
		}
	}
	check("added")
	s.Compact()
	check("compacted")
	for id := range int64(999) {
		s.Remove(id)
	}
	s.Compact()
	if ids := slices.Collect(maps.Keys(matchesOf(s, "Geneva talks"))); !slices.Equal(ids, []int64{999}) {
		t.Errorf("left: %v", ids)
	}
}

func matchesOf(s *Set, title string) map[int64]Evidence {
	found := map[int64]Evidence{}
	s.Match(Analyse(Input{Title: title}, nil), func(id int64, e Evidence) { found[id] = e })
	return found
}

// TestSetMatchesWithoutAllocating: what does not match costs no memory, and what does none but
// for its evidence.
func TestSetMatchesWithoutAllocating(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector empties pools at random")
	}
	l := newLibrary(4)
	s := NewSet()
	for id, r := range l.draw("mixed", 2000) {
		s.Add(int64(id), mustParse(t, r.query(), nil))
	}
	for id, q := range []string{"title:%s AND %s", "%s NEAR/9 %s", "ANY/1 (%s, %s)", "%s AND NOT %s", "MIN/2 %s OR %s"} {
		b := l.books[0]
		for i := range 300 {
			words := l.termsOf(b, 2)
			s.Add(int64(10000+id*1000+i), mustParse(t, fmt.Sprintf(q, b.words[words[0]], b.words[words[1]]), nil))
		}
	}
	s.Compact()
	in, _ := l.text()
	d := Analyse(in, nil)
	if n := testing.AllocsPerRun(100, func() { s.MatchIDs(d, func(int64) {}) }); n >= 1 {
		t.Errorf("%v allocations an article", n)
	}
}

func TestArenaKeepsWhatItHolds(t *testing.T) {
	var a arena[int]
	var at []uint32
	for i := range 5000 {
		run := make([]int, 1+i%7)
		for k := range run {
			run[k] = i
		}
		at = append(at, a.push(run...))
		if i == 1000 || i == 1001 {
			a.flatten()
		}
	}
	for i, first := range at {
		for k, v := range a.run(first, uint32(1+i%7)) {
			if v != i || *a.at(first + uint32(k)) != i {
				t.Fatalf("element %d of run %d is %d", k, i, v)
			}
		}
	}
}
