package watch

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"wirewatch/feeds"
	"wirewatch/feeds/fetch"
	"wirewatch/filter"
	"wirewatch/filter/entity"
	"wirewatch/store"
	"wirewatch/store/storetest"
)

// site is a feed server whose documents and answers a test changes.
type site struct {
	*httptest.Server
	mu   sync.Mutex
	docs map[string]string
	fail map[string]int // path -> status
	seen []*http.Request
}

func newSite(t *testing.T) *site {
	s := &site{docs: map[string]string{}, fail: map[string]int{}}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

func (s *site) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, r)
	if status := s.fail[r.URL.Path]; status != 0 {
		http.Error(w, "no", status)
		return
	}
	doc := s.docs[r.URL.Path]
	tag := fmt.Sprintf("%q", fmt.Sprint(len(doc)))
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	fmt.Fprint(w, doc)
}

// put replaces a document; items are "guid|title|text".
func (s *site) put(path string, items ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	b.WriteString(`<rss version="2.0"><channel><title>Desk</title><link>https://desk.example/</link>`)
	for _, item := range items {
		f := strings.SplitN(item, "|", 3)
		fmt.Fprintf(&b, `<item><guid isPermaLink="false">%s</guid><link>https://desk.example%s/%s</link><title>%s</title><description>%s</description></item>`,
			f[0], path, f[1], f[1], f[2])
	}
	b.WriteString(`</channel></rss>`)
	s.docs[path] = b.String()
}

// raw replaces a document by any bytes.
func (s *site) raw(path, doc string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.docs[path] = doc
}

func (s *site) status(path string, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail[path] = status
}

// clock is a time that a test moves.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.t }
func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// fixture is a watcher with a store, a site and a chat.
type fixture struct {
	*Watcher
	t     *testing.T
	db    *store.DB
	site  *site
	clock *clock
}

const chatID = 100

func setup(t *testing.T) *fixture {
	t.Helper()
	c := newClock()
	return setupOn(t, storetest.Open(t, store.Options{Now: c.now}), c)
}

func newClock() *clock { return &clock{t: time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)} }

// setupOn is setup on an open store that has the clock.
func setupOn(t *testing.T, db *store.DB, c *clock) *fixture {
	t.Helper()
	f, err := fetch.New(fetch.Options{AllowPrivate: true, Delay: -1})
	if err != nil {
		t.Fatal(err)
	}
	names, err := entity.Load()
	if err != nil {
		t.Fatal(err)
	}
	if err := db.SaveChat(t.Context(), store.Chat{ID: chatID, Kind: "private", Zone: "UTC", State: store.ChatActive}); err != nil {
		t.Fatal(err)
	}
	w := New(Options{Sources: db, Rules: db, Fetch: f, Names: names, Now: c.now, Concurrency: 4, NoPages: true, Metrics: NewMetrics(prometheus.NewRegistry())})
	return &fixture{w, t, db, newSite(t), c}
}

// source adds a feed of the site to the catalogue.
func (f *fixture) source(path string) store.Source {
	f.t.Helper()
	s, _, err := f.db.AddSource(f.t.Context(), feeds.Source{URL: f.site.URL + path}, 0)
	if err != nil {
		f.t.Fatal(err)
	}
	return s
}

func (f *fixture) rule(r store.Rule) store.Rule {
	f.t.Helper()
	r.Chat = chatID
	if r.Tier == "" {
		r.Tier = store.TierInstant
	}
	r, err := f.db.AddRule(f.t.Context(), r)
	if err != nil {
		f.t.Fatal(err)
	}
	return r
}

// told lists the titles owed to the chat, oldest first.
func (f *fixture) told() []string {
	f.t.Helper()
	ds, err := f.db.Latest(f.t.Context(), chatID, 100)
	if err != nil {
		f.t.Fatal(err)
	}
	var titles []string
	for i := len(ds) - 1; i >= 0; i-- {
		titles = append(titles, ds[i].Article.Item.Title)
	}
	return titles
}

func (f *fixture) wantTold(want ...string) {
	f.t.Helper()
	if have := f.told(); strings.Join(have, "\n") != strings.Join(want, "\n") {
		f.t.Errorf("told %q, want %q", have, want)
	}
}

// round moves the clock on and visits what is due.
func (f *fixture) round() int {
	f.clock.add(2 * time.Hour)
	return f.Round(f.t.Context())
}

func TestBacklogIsStoredSilentlyAndNewsIsTold(t *testing.T) {
	f := setup(t)
	f.site.put("/a", "1|sanctions old|sanctions were discussed")
	src := f.source("/a")
	f.rule(store.Rule{Name: "s", Query: "sanctions"})
	if n := f.round(); n != 1 {
		t.Fatalf("%d visits, want 1", n)
	}
	f.wantTold()
	f.site.put("/a", "3|sanctions newest|sanctions again", "2|sanctions new|sanctions", "1|sanctions old|sanctions were discussed")
	f.round()
	f.wantTold("sanctions new", "sanctions newest")
	f.round() // unchanged
	f.wantTold("sanctions new", "sanctions newest")
	s, err := f.db.Source(t.Context(), src.ID)
	if err != nil {
		t.Fatal(err)
	}
	if s.Title != "Desk" || !s.Visited || s.LastError != "" || s.ETag == "" {
		t.Errorf("the source was not learnt from its document: %+v", s)
	}
	if last := f.site.seen[len(f.site.seen)-1]; last.Header.Get("If-None-Match") == "" {
		t.Error("the last request was not conditional")
	}
}

func TestFailuresAreRecordedInWordsAndPassed(t *testing.T) {
	f := setup(t)
	f.site.put("/a", "1|one|text")
	f.site.put("/b", "1|two|text")
	bad, _ := f.source("/a"), f.source("/b")
	f.rule(store.Rule{Name: "all", Query: "sanctions"})
	f.round()
	for _, test := range []struct {
		name   string
		change func()
		want   string
	}{
		{"server error", func() { f.site.status("/a", 500) }, "500"},
		{"an HTML page", func() {
			f.site.status("/a", 0)
			f.site.mu.Lock()
			f.site.docs["/a"] = "<!doctype html><html><head><title>x</title></head><body>hi</body></html>"
			f.site.mu.Unlock()
		}, "HTML"},
		{"empty", func() { f.site.mu.Lock(); f.site.docs["/a"] = ""; f.site.mu.Unlock() }, "empty"},
	} {
		test.change()
		f.clock.add(24 * time.Hour)
		f.Round(t.Context())
		s, err := f.db.Source(t.Context(), bad.ID)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(s.LastError, test.want) || s.Fails == 0 || !s.NextAt.After(f.clock.now()) {
			t.Errorf("%s: recorded %q after %d failures, next %s", test.name, s.LastError, s.Fails, s.NextAt)
		}
	}
	f.site.put("/a", "2|sanctions|sanctions at last", "1|one|text")
	f.clock.add(25 * time.Hour)
	f.Round(t.Context())
	f.wantTold("sanctions")
	if s, _ := f.db.Source(t.Context(), bad.ID); s.LastError != "" || s.Fails != 0 {
		t.Errorf("the source did not recover: %+v", s)
	}
}

// What was mended in a document is recorded on its source, and stays there while
// the document is unchanged.
func TestRepairsAreRecorded(t *testing.T) {
	f := setup(t)
	f.site.put("/a", "1|one|text", "2|two|text")
	src := f.source("/a")
	whole := f.site.docs["/a"]
	note := func(want string) {
		t.Helper()
		f.round()
		s, err := f.db.Source(t.Context(), src.ID)
		if err != nil {
			t.Fatal(err)
		}
		if s.Fails != 0 || (want == "") != (s.LastError == "") || !strings.Contains(s.LastError, want) {
			t.Errorf("recorded %q after %d failures, want %q", s.LastError, s.Fails, want)
		}
	}
	f.site.raw("/a", whole[:strings.LastIndex(whole, "<description>")])
	note("ends")
	note("ends") // unchanged
	f.site.raw("/a", whole)
	note("")
}

func TestFollowedSourceTellsEverythingOfItAndNothingElse(t *testing.T) {
	f := setup(t)
	f.site.put("/a", "1|one|text")
	f.site.put("/b", "1|two|text")
	a := f.source("/a")
	f.source("/b")
	f.rule(store.Rule{Name: "follow", Query: "*", Source: a.ID})
	f.round()
	f.site.put("/a", "2|from a|some text of the first", "1|one|text")
	f.site.put("/b", "2|from b|some text of the second", "1|two|text")
	f.round()
	f.wantTold("from a")
}

func TestRulesHoldFromTheNextArticle(t *testing.T) {
	f := setup(t)
	f.site.put("/a", "1|one|text")
	f.source("/a")
	f.round()
	r := f.rule(store.Rule{Name: "x", Query: "alpha"})
	f.site.put("/a", "2|alpha|alpha", "1|one|text")
	f.round()
	r.Query = "beta"
	if err := f.db.UpdateRule(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	f.site.put("/a", "4|beta|beta", "3|alpha again|alpha", "2|alpha|alpha", "1|one|text")
	f.round()
	r.Tier = store.TierOff
	if err := f.db.UpdateRule(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	f.site.put("/a", "5|beta two|beta")
	f.round()
	f.wantTold("alpha", "beta")
	if n := testutil.ToFloat64(f.o.Metrics.matches); n != 2 {
		t.Errorf("%v matches counted, want 2", n)
	}
}

// TestBroadRulesAreReportedAndHold: what a chat was told is a rule is matched, however broad, and the
// operator hears of it once.
func TestBroadRulesAreReportedAndHold(t *testing.T) {
	var log strings.Builder
	rules := []store.Rule{
		{ID: 1, Chat: 7, Query: "geneva"}, {ID: 2, Chat: 7, Query: "government"}, {ID: 3, Chat: 8, Query: "the"},
		{ID: 4, Chat: 8, Query: "the", Source: 5}, {ID: 5, Chat: 8, Query: "*", Source: 5},
	}
	s := newRuleSet(nil, nil, filter.Admission{Refuse: true}, slog.New(slog.NewTextHandler(&log, nil)))
	s.update(rules, nil)
	if got := log.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "rules=2 broadest=3 chat=8 query=the") {
		t.Errorf("the log says:\n%s", got)
	}
	a := store.Article{Item: feeds.Article{Title: "The government of Geneva", Lang: "en"}, Zones: feeds.Zones{Title: "The government of Geneva"}}
	if got := s.match(a); len(got) != 3 {
		t.Errorf("matches %v, want the rules 1, 2 and 3", got)
	}
	s.update(rules, nil)
	if strings.Count(log.String(), "\n") != 1 {
		t.Errorf("told twice:\n%s", log.String())
	}
}

// A feed that gives every item the same guid must not collapse into one item,
// nor tell anything twice when the order of its items changes.
func TestSharedGuids(t *testing.T) {
	f := setup(t)
	f.site.put("/a", "x|one alpha|alpha first", "x|two alpha|alpha second")
	f.source("/a")
	f.rule(store.Rule{Name: "x", Query: "alpha"})
	f.round()
	f.site.put("/a", "x|three alpha|alpha third", "x|two alpha|alpha second", "x|one alpha|alpha first")
	f.round()
	f.site.put("/a", "x|one alpha|alpha first", "x|three alpha|alpha third", "x|two alpha|alpha second ")
	f.round()
	f.wantTold("three alpha")
}

// announcing is a store that says when a visit was published.
type announcing struct {
	*store.DB
	published chan struct{}
}

func (a announcing) Publish(ctx context.Context, v store.Visit) (store.Published, error) {
	p, err := a.DB.Publish(ctx, v)
	a.published <- struct{}{}
	return p, err
}

func TestRunVisitsAtTicksAndStops(t *testing.T) {
	f := setup(t)
	f.site.put("/a", "1|one|text")
	f.source("/a")
	published := make(chan struct{}, 1)
	f.o.Sources = announcing{f.db, published}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- f.Run(ctx) }()
	f.Tick()
	<-published
	if s, err := f.db.Sources(ctx, 0); err != nil || !s[0].Visited {
		t.Errorf("published, but not visited: %+v, %v", s, err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestDiscover(t *testing.T) {
	f := setup(t)
	f.site.put("/a", "1|one|text", "2|two|text")
	src, articles, err := f.Discover(t.Context(), f.site.URL+"/a")
	if err != nil {
		t.Fatal(err)
	}
	if src.Title != "Desk" || len(articles) != 2 {
		t.Errorf("%+v, %d articles", src, len(articles))
	}
	f.site.status("/a", 404)
	if _, _, err := f.Discover(t.Context(), f.site.URL+"/a"); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("have %v, want what went wrong", err)
	}
}

func TestPace(t *testing.T) {
	p := Pace{Every: 5 * time.Minute, Min: time.Minute, Max: time.Hour}
	now := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name    string
		silence time.Duration // negative: never anything new
		floor   time.Duration
		want    time.Duration
	}{
		{"unknown", -1, 0, 5 * time.Minute},
		{"busy", 0, 0, time.Minute},
		{"an hour of silence", time.Hour, 0, 3 * time.Minute},
		{"a week of silence", 7 * 24 * time.Hour, 0, time.Hour},
		{"the server asks for more", 0, 10 * time.Minute, 10 * time.Minute},
		{"the server asks for too much", 0, 12 * time.Hour, time.Hour},
	} {
		last := now.Add(-test.silence)
		if test.silence < 0 {
			last = time.Time{}
		}
		if have := p.interval(last, now, test.floor); have != test.want {
			t.Errorf("%s: %s, want %s", test.name, have, test.want)
		}
	}
	for _, test := range []struct {
		fails      int
		asked      time.Duration
		jitter     float64
		want       time.Duration
		wantReason string
	}{
		{1, 0, 0, 5 * time.Minute, "the first failure"},
		{2, 0, 0, 10 * time.Minute, "doubled"},
		{4, 0, 1, 30 * time.Minute, "spread over the last quarter"},
		{60, 0, 0, 24 * time.Hour, "bounded"},
		{1, time.Hour, 1, time.Hour, "Retry-After"},
		{1, 100 * time.Hour, 0, 24 * time.Hour, "Retry-After, bounded"},
	} {
		if have := p.backoff(test.fails, test.asked, test.jitter); have != test.want {
			t.Errorf("%s: %s, want %s", test.wantReason, have, test.want)
		}
	}
}
