package watch

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wirewatch/feeds"
	"wirewatch/feeds/fetch"
	"wirewatch/store"
)

func TestSameHeadline(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"Ministers meet in Geneva", "MINISTERS  MEET in Geneva!", true},
		{"Ministers meet in Geneva", "“Ministers meet, in Geneva”", true},
		{"وزراء يجتمعون في جنيف", "وُزراء يجتمعون في جنيف", true},
		{"Ministers meet in Geneva", "Ministers meet in Gen…", true},
		{"Ministers meet in Gene...", "Ministers meet in Geneva", true},
		{"Ministers meet in Geneva", "", true},
		{"Ministers meet in Geneva", "—", true},
		{"Ministers meet in Geneva", "Ministers meet in Vienna", false},
		{"Death toll rises to 45", "Death toll rises to 52", false},
		{"Ministers meet in Geneva", "Ministers meet", false},
		{"Ministers meet in Geneva", "Soldiers meet in Gen…", false},
	} {
		if got := sameHeadline(tt.a, tt.b); got != tt.want {
			t.Errorf("%q and %q: %v", tt.a, tt.b, got)
		}
	}
}

func TestChanges(t *testing.T) {
	id := func(b byte) (g [16]byte) { g[0] = b; return g }
	day := func(d int) time.Time { return time.Date(2026, 11, d, 9, 0, 0, 0, time.UTC) }
	item := func(b byte, title string, d int) store.NewArticle {
		a := store.NewArticle{GUID: id(b), Item: feeds.Article{Title: title}}
		if d > 0 {
			a.Item.Published = day(d)
		}
		return a
	}
	all := []store.NewArticle{item(1, "One", 1), item(2, "TWO", 2), item(3, "Three, corrected", 3), item(9, "No date", 0), item(6, "Six", 6)}
	followed := []store.Followed{
		{GUID: id(1), Title: "One", Published: day(1)},
		{GUID: id(2), Title: "Two", Published: day(2), Missing: true}, // it is back
		{GUID: id(3), Title: "Three", Published: day(3)},              // it has changed
		{GUID: id(4), Title: "Four", Published: day(4)},               // it has vanished from the middle
		{GUID: id(5), Title: "Five", Published: day(5), Missing: true},
		{GUID: id(7), Title: "Old", Published: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)}, // fallen off the end
		{GUID: id(8), Title: "Undated"},
		{GUID: id(10), Title: "Future", Published: day(20)},
	}
	want := []store.Change{
		{GUID: id(2), Title: "Two"},
		{GUID: id(3), Title: "Three, corrected"},
		{GUID: id(4), Title: "Four", Missing: true},
	}
	if diff := cmp.Diff(want, changes(followed, all)); diff != "" {
		t.Error(diff)
	}
	if got := changes(followed[3:4], nil); got != nil {
		t.Errorf("an empty document says %v", got)
	}
}

// shelf answers like a store that follows one article.
type shelf struct {
	missing store.Missing
	asked   []bool
	again   []time.Time
}

func (s *shelf) Missing(context.Context, int) ([]store.Missing, error) {
	return []store.Missing{s.missing}, nil
}

func (s *shelf) Asked(_ context.Context, m store.Missing, gone bool, again time.Time) (bool, error) {
	s.asked, s.again = append(s.asked, gone), append(s.again, again)
	over := gone && m.Gone
	s.missing.Asks++
	s.missing.Gone = gone
	return over, nil
}

// Only a page that is gone twice, on a site that shows us others, is withdrawn.
func TestRecall(t *testing.T) {
	for name, tt := range map[string]struct {
		page, other []int // the answers, one a request; the last for ever
		asked       []bool
		withdrawn   int
	}{
		"gone":               {[]int{404}, []int{200}, []bool{true, true}, 1},
		"gone for good":      {[]int{410}, []int{200}, []bool{true, true}, 1},
		"there":              {[]int{200}, []int{200}, []bool{false, false}, 0},
		"back":               {[]int{404, 200}, []int{200}, []bool{true, false}, 0},
		"trouble":            {[]int{503}, []int{200}, []bool{false, false}, 0},
		"no page for robots": {[]int{404}, []int{404}, []bool{true, false}, 0},
		"the site is ill":    {[]int{404}, []int{500}, []bool{true, true}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			var mu sync.Mutex
			answers := map[string][]int{"/page": tt.page, "/other": tt.other}
			site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				defer mu.Unlock()
				list := answers[r.URL.Path]
				if len(list) > 1 {
					answers[r.URL.Path] = list[1:]
				}
				w.WriteHeader(list[0])
			}))
			defer site.Close()
			f, err := fetch.New(fetch.Options{AllowPrivate: true, Delay: -1})
			if err != nil {
				t.Fatal(err)
			}
			s := &shelf{missing: store.Missing{Article: 7, URL: site.URL + "/page", Another: site.URL + "/other"}}
			now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
			r := Recall{Store: s, Fetch: f, Apart: 5 * time.Minute, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)}
			withdrawn := 0
			for range 2 {
				n, err := r.Round(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				withdrawn += n
			}
			if diff := cmp.Diff(tt.asked, s.asked); diff != "" || withdrawn != tt.withdrawn {
				t.Errorf("%d withdrawn, gone:\n%s", withdrawn, diff)
			}
			if tt.asked[0] && !s.again[0].Equal(now.Add(r.Apart)) {
				t.Errorf("a page that is gone is asked for again at %s", s.again[0])
			}
		})
	}
}
