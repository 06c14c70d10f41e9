package watch

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wirewatch/feeds"
	"wirewatch/store"
)

// A server whose ETag stays while its document changes must not silence its
// source for ever.
func TestStuckValidatorsAreSeenThrough(t *testing.T) {
	f := setup(t)
	f.site.put("/a", "1|one|sanctions one!")
	src := f.source("/a")
	f.rule(store.Rule{Name: "s", Query: "sanctions"})
	f.round()
	f.site.put("/a", "2|two|sanctions two!") // as long as before: the site's ETag is the length
	for range 3 {
		f.round()
	}
	f.wantTold("two")
	if n := f.site.asked("/a"); n != 4 {
		t.Errorf("%d requests, want 4", n)
	}
	whole := 0
	for _, r := range f.site.seen {
		if r.Header.Get("If-None-Match") == "" {
			whole++
		}
	}
	if whole != 2 {
		t.Errorf("%d requests for the whole document in 8 hours, want 2: the first, and one reread", whole)
	}
	s, err := f.db.Source(t.Context(), src.ID)
	if err != nil || s.Fails != 0 {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestRereadsAreSpread(t *testing.T) {
	start := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	var perHour [6]int
	for id := range int64(1000) {
		src := store.Source{Source: feeds.Source{ID: id + 1}, LastOK: start}
		n := 0
		for m := time.Minute; m <= rereadEvery; m += time.Minute {
			if rereadDue(src, start.Add(m)) {
				n++
				perHour[(m-1)/time.Hour]++
			}
			src.LastOK = start.Add(m)
		}
		if n != 1 {
			t.Fatalf("source %d is reread %d times in %s, want once", src.ID, n, rereadEvery)
		}
	}
	for hour, n := range perHour {
		if n < 100 || n > 250 {
			t.Errorf("hour %d: %d of 1000 sources are reread", hour, n)
		}
	}
}

func TestSpread(t *testing.T) {
	p := Pace{Every: 5 * time.Minute, Min: time.Minute, Max: time.Hour}
	for _, test := range []struct {
		name   string
		d      time.Duration
		floor  time.Duration
		first  bool
		jitter float64
		want   time.Duration
	}{
		{"first, not moved", 5 * time.Minute, 0, true, 0, 5 * time.Minute},
		{"first", 5 * time.Minute, 0, true, 0.8, 3 * time.Minute},
		{"later", 10 * time.Minute, 0, false, 0.5, 9*time.Minute + 30*time.Second},
		{"never below the minimum", time.Minute, 0, true, 0.9, time.Minute},
		{"never below what the server asks for", 10 * time.Minute, 10 * time.Minute, true, 0.9, 10 * time.Minute},
		{"never above the maximum", time.Hour, 12 * time.Hour, false, 0.9, time.Hour},
	} {
		if have := p.spread(test.d, test.floor, test.first, test.jitter); have != test.want {
			t.Errorf("%s: %s, want %s", test.name, have, test.want)
		}
	}
}

func TestFutureDatesAreNow(t *testing.T) {
	f := setup(t)
	f.site.put("/a", "1|one|text")
	f.source("/a")
	f.rule(store.Rule{Name: "s", Query: "sanctions"})
	f.round()
	f.site.put("/a", "3|sanctions far|of 2031", "2|sanctions near|within the slack")
	now := f.clock.now().Add(2 * time.Hour) // when round will visit
	dates := map[string]time.Time{"far": now.AddDate(5, 0, 0), "near": now.Add(clockSlack - time.Minute)}
	for name, when := range dates {
		f.site.docs["/a"] = strings.Replace(f.site.docs["/a"], "<title>sanctions "+name,
			"<pubDate>"+when.Format(time.RFC1123Z)+"</pubDate><title>sanctions "+name, 1)
	}
	f.round()
	f.wantTold("sanctions far", "sanctions near") // oldest first: now, then the nine minutes ahead
	latest, err := f.db.Latest(t.Context(), chatID, 2)
	if err != nil {
		t.Fatal(err)
	}
	if got := latest[1].Article.Item.Published; !got.Equal(now) {
		t.Errorf("published %s, want %s", got, now)
	}
	if got := latest[0].Article.Item.Published; !got.Equal(dates["near"]) {
		t.Errorf("published %s, want %s", got, dates["near"])
	}
	doc := &feeds.Document{}
	clampDates([]store.NewArticle{{Item: feeds.Article{Published: now.AddDate(5, 0, 0)}}}, doc, now)
	if len(doc.Warnings) != 1 || !strings.Contains(doc.Warnings[0], "2031-11-24") {
		t.Errorf("warned %q", doc.Warnings)
	}
}

// redirecting is a site that answers some paths with a redirect.
func redirecting(t *testing.T, status int, to string) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, to, status)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestMovedSourcesAreFollowed(t *testing.T) {
	for status, permanent := range map[int]bool{301: true, 308: true, 302: false, 307: false} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			f := setup(t)
			f.site.put("/a", "1|one|text")
			old := redirecting(t, status, f.site.URL+"/a") + "/feed"
			src, _, err := f.db.AddSource(t.Context(), feeds.Source{URL: old}, chatID)
			if err != nil {
				t.Fatal(err)
			}
			f.round()
			want := map[bool]string{true: f.site.URL + "/a", false: old}[permanent]
			if s, err := f.db.Source(t.Context(), src.ID); err != nil || s.URL != want || !s.Visited {
				t.Errorf("polled at %q, want %q; %v", s.URL, want, err)
			}
		})
	}
}

func TestSourcesThatBecomeOneAreOne(t *testing.T) {
	f := setup(t)
	f.site.put("/a", "1|one|text")
	kept := f.source("/a")
	old := redirecting(t, http.StatusMovedPermanently, f.site.URL+"/a") + "/feed"
	moved, _, err := f.db.AddSource(t.Context(), feeds.Source{URL: old}, chatID)
	if err != nil {
		t.Fatal(err)
	}
	f.rule(store.Rule{Name: "follow", Query: "*", Source: moved.ID})
	f.round()
	all, err := f.db.Sources(t.Context(), 0)
	if err != nil || len(all) != 1 || all[0].ID != kept.ID {
		t.Fatalf("sources %+v, %v; want only %d", all, err, kept.ID)
	}
	f.site.put("/a", "2|two|text", "1|one|text")
	f.round()
	f.wantTold("two") // the rule that followed the old address follows the new one, and once
}

// Two programs on one store never ask for one source at the same time, nor
// more often than it is due.
func TestTwoWatchersShareTheWork(t *testing.T) {
	f := setup(t)
	const sources = 40
	var at [sources]atomic.Int32
	var visits, clashes atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var n int
		fmt.Sscanf(r.URL.Path, "/%d", &n)
		if at[n].Add(1) > 1 {
			clashes.Add(1)
		}
		visits.Add(1)
		fmt.Fprintf(w, `<rss><channel><title>%d</title><item><guid>%d</guid><title>t %d</title></item></channel></rss>`, n, n, n)
		at[n].Add(-1)
	}))
	t.Cleanup(server.Close)
	for n := range sources {
		if _, _, err := f.db.AddSource(t.Context(), feeds.Source{URL: fmt.Sprintf("%s/%d", server.URL, n)}, 0); err != nil {
			t.Fatal(err)
		}
	}
	other := New(f.o)
	const rounds = 5
	for range rounds {
		f.clock.add(2 * time.Hour)
		var both sync.WaitGroup
		var done [2]int
		both.Go(func() { done[0] = f.Round(t.Context()) })
		both.Go(func() { done[1] = other.Round(t.Context()) })
		both.Wait()
		if done[0]+done[1] != sources {
			t.Errorf("%d + %d visits in a round, want %d", done[0], done[1], sources)
		}
	}
	if clashes.Load() > 0 || visits.Load() != rounds*sources {
		t.Errorf("%d requests, %d of them at the same time as another for their source; want %d and 0", visits.Load(), clashes.Load(), rounds*sources)
	}
}
