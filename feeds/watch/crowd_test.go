package watch

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"wirewatch/feeds"
	"wirewatch/store"
)

// Many sources of a host that does not answer must not delay those of another.
func TestSlowHostDelaysNobodyElse(t *testing.T) {
	f := setup(t)
	const many = 30
	answered := make(chan string, many)
	release := make(chan struct{})
	serve := func(slow bool) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if slow {
				<-release
			} else {
				answered <- r.URL.Path
			}
			fmt.Fprint(w, "<rss><channel><title>x</title></channel></rss>")
		}))
		t.Cleanup(s.Close)
		return s.URL
	}
	slow, quick := serve(true), serve(false)
	for _, server := range []string{slow, quick} { // the slow ones are due first
		for n := range many {
			if _, _, err := f.db.AddSource(t.Context(), feeds.Source{URL: fmt.Sprintf("%s/%d", server, n)}, 0); err != nil {
				t.Fatal(err)
			}
		}
	}
	done := make(chan int)
	go func() { done <- f.round() }()
	for n := range many {
		select {
		case <-answered:
		case <-time.After(time.Minute):
			close(release)
			t.Fatalf("only %d of %d sources of the quick host were visited while the slow one kept silent", n, many)
		}
	}
	close(release)
	if n := <-done; n != 2*many {
		t.Errorf("%d visits, want %d: those that waited too", n, 2*many)
	}
	if len(f.crowd.hosts) != 0 {
		t.Errorf("still at %d hosts", len(f.crowd.hosts))
	}
}

func TestCrowd(t *testing.T) {
	c := newCrowd(2)
	source := func(id int64, host string) claimed {
		return claimed{source: store.Source{Source: feeds.Source{ID: id, URL: "https://" + host + "/"}}}
	}
	for i, want := range []bool{true, true, false, false} {
		if have := c.enter(source(int64(i), "a")); have != want {
			t.Errorf("source %d entered: %v", i, have)
		}
	}
	if !c.enter(source(9, "b")) {
		t.Error("another host is crowded too")
	}
	var order []int64
	for range 4 {
		if next, ok := c.next(source(0, "a").source); ok {
			order = append(order, next.source.ID)
		}
	}
	if fmt.Sprint(order) != "[2 3]" {
		t.Errorf("left waiting: %v", order)
	}
	if !c.enter(source(5, "a")) || len(c.hosts) != 2 {
		t.Errorf("the host was not left: %d hosts", len(c.hosts))
	}
}

// A source whose lease was lost while it waited is not visited.
func TestWaitingSourceMayBeLost(t *testing.T) {
	f := setup(t)
	f.site.put("/a", "1|one|text")
	f.source("/a")
	f.clock.add(time.Minute)
	first, err := f.db.ClaimSources(t.Context(), 1, lease)
	if err != nil || len(first) != 1 {
		t.Fatal(first, err)
	}
	long := time.Now().Add(-freshLease)
	if !f.hold(t.Context(), claimed{first[0], long}) {
		t.Error("a lease that is still ours was not held")
	}
	f.clock.add(lease - time.Second)
	if again, err := f.db.ClaimSources(t.Context(), 1, lease); err != nil || len(again) != 0 {
		t.Fatal("the lease did not begin anew:", again, err)
	}
	f.clock.add(2 * time.Second)
	if again, err := f.db.ClaimSources(t.Context(), 1, lease); err != nil || len(again) != 1 {
		t.Fatal("the lease did not end:", again, err)
	}
	if f.hold(t.Context(), claimed{first[0], long}) {
		t.Error("a lease that somebody else has was held")
	}
}
