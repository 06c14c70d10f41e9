package watch

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"wirewatch/feeds"
)

func TestWhoWaitsLeavesItsPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		left := 0
		var mu sync.Mutex
		p := newPlaces(1, func() { mu.Lock(); left++; mu.Unlock() })
		leaves := func() int { mu.Lock(); defer mu.Unlock(); return left }
		p.take()
		p.wait(func() { time.Sleep(waitMoment / 2) })
		if leaves() != 0 {
			t.Error("a short wait left the place")
		}
		began := time.Now()
		p.wait(func() {
			time.Sleep(2 * waitMoment)
			if n := leaves(); n != 1 {
				t.Errorf("the place was left %d times, want once", n)
			}
			p.take() // somebody else
			time.AfterFunc(waitMoment, p.give)
		})
		if waited := time.Since(began); waited != 3*waitMoment {
			t.Errorf("worked again after %s, want %s: when there is a place", waited, 3*waitMoment)
		}
		p.give()
	})
}

// More hosts that do not answer than there are places delay nobody else.
func TestManySlowHostsDelayNobodyElse(t *testing.T) {
	f := setup(t)
	f.places.moment = 10 * time.Millisecond
	release := make(chan struct{})
	for n := range 2 * f.o.Concurrency {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			<-release
			fmt.Fprint(w, "<rss><channel><title>x</title></channel></rss>")
		}))
		t.Cleanup(s.Close)
		if _, _, err := f.db.AddSource(t.Context(), feeds.Source{URL: fmt.Sprintf("%s/%d", s.URL, n)}, 0); err != nil {
			t.Fatal(err)
		}
	}
	f.site.put("/quick", "1|one|text")
	quick := f.source("/quick")
	visited := make(chan struct{}, 100)
	f.o.Sources = announcing{f.db, visited}
	done := make(chan int)
	go func() { done <- f.round() }()
	select {
	case <-visited:
	case <-time.After(time.Minute):
		t.Error("the quick source was not visited while the slow ones kept silent")
	}
	s, err := f.db.Source(t.Context(), quick.ID)
	close(release)
	if n := <-done; n != 2*f.o.Concurrency+1 {
		t.Errorf("%d visits, want %d", n, 2*f.o.Concurrency+1)
	}
	if err != nil || !s.Visited {
		t.Errorf("another was visited: %+v, %v", s, err)
	}
}
