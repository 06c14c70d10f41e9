// Package watch is the watcher: it visits the sources that are due, reads what
// is new, matches it against every chat's rules at once and publishes articles,
// deliveries and the source's validators in one transaction.
//
// It knows nothing of Telegram. What it owes to whom is written in the store,
// where the bot finds it.
package watch

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"wirewatch/feeds"
	"wirewatch/feeds/fetch"
	"wirewatch/feeds/page"
	"wirewatch/feeds/story"
	"wirewatch/filter"
	"wirewatch/filter/entity"
	"wirewatch/store"
)

// Sources is what the watcher asks of the store about sources. *[store.DB] is one.
type Sources interface {
	ClaimSources(ctx context.Context, limit int, lease time.Duration) ([]store.Source, error)
	HoldSource(ctx context.Context, s store.Source, lease time.Duration) error
	Known(ctx context.Context, source int64, guids [][16]byte) (known map[[16]byte]bool, stale [][16]byte, err error)
	Followed(ctx context.Context, source int64) ([]store.Followed, error)
	Publish(ctx context.Context, v store.Visit) (store.Published, error)
	Failed(ctx context.Context, s store.Source, reason string, next time.Time, gone bool) error
}

// Options configures a Watcher. Sources, Rules, Fetch and Names are needed;
// the rest has defaults.
type Options struct {
	Sources     Sources
	Rules       Rules
	Fetch       *fetch.Fetcher
	Inbox       Inbox // nil: hubs are not listened to, and never relied on
	Names       *entity.Gazetteer
	Broad       filter.Admission // which stored rules are reported as broad; they hold in any case
	Pace        Pace
	Concurrency int              // sources visited at once; default 16
	Lines       Lines            // may be nil: nothing is learned of what sites repeat
	NoPages     bool             // never fetch an article's page, however little the feed says
	Now         func() time.Time // default time.Now
	Log         *slog.Logger     // default: none
	Metrics     *Metrics         // may be nil
}

// lease is how long a claimed source is ours: longer than a fetch may take, and
// short, since a feed may drop items before somebody else may claim it.
const lease = 60 * time.Second

// settleTime bounds the transaction that ends a visit, which also runs to its
// end when the program is told to stop.
const settleTime = 8 * time.Second

// readTime is how much of the lease a visit may spend on reading before it must
// settle; the rest is for waiting and for the store.
const readTime = lease - settleTime - freshLease

// clockSlack is how far in the future an article's date may lie: clocks differ.
const clockSlack = 10 * time.Minute

// A Watcher visits sources. Run and Round may be called concurrently.
type Watcher struct {
	o      Options
	rules  *ruleSet
	pages  *pages
	habit  *habits
	crowd  *crowd
	claims claims
	places *places
	ticks  chan struct{}

	arrivals chan struct{} // a hub has sent something
}

// New fills in the defaults.
func New(o Options) *Watcher {
	if o.Concurrency <= 0 {
		o.Concurrency = 16
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Pace = o.Pace.withDefaults()
	w := &Watcher{o: o, rules: newRuleSet(o.Rules, o.Names, o.Broad, o.Log), pages: newPages(o.Fetch, o.Now),
		habit:  newHabits(o.Lines, o.Now, o.Log),
		crowd:  newCrowd(max(1, min(o.Concurrency/crowdShare, o.Fetch.PerHost()))),
		claims: claims{from: o.Sources, size: o.Concurrency}, ticks: make(chan struct{}, o.Concurrency),
		arrivals: make(chan struct{}, pushReaders)}
	w.places = newPlaces(o.Concurrency, w.tickOne)
	return w
}

// Tick wakes the workers of Run: sources may be due. It never blocks; cron
// calls it.
func (w *Watcher) Tick() {
	w.Arrived()
	for range w.o.Concurrency {
		w.tickOne()
	}
}

// tickOne wakes one worker.
func (w *Watcher) tickOne() {
	select {
	case w.ticks <- struct{}{}:
	default: // enough are about to look
	}
}

// Run visits due sources at every [Watcher.Tick] until ctx ends. It returns
// when the visits under way are settled.
func (w *Watcher) Run(ctx context.Context) error {
	var workers sync.WaitGroup
	for range waitShare * w.o.Concurrency {
		workers.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case <-w.ticks:
					w.drain(ctx)
				}
			}
		})
	}
	for range pushReaders {
		workers.Go(func() { w.runPushes(ctx) })
	}
	workers.Wait()
	return nil
}

// Round visits everything that is due now and returns how many sources that was.
func (w *Watcher) Round(ctx context.Context) int {
	var workers sync.WaitGroup
	visits := make(chan int, waitShare*w.o.Concurrency)
	for range waitShare * w.o.Concurrency {
		workers.Go(func() { visits <- w.drain(ctx) })
	}
	workers.Wait()
	close(visits)
	sum := 0
	for n := range visits {
		sum += n
	}
	return sum
}

// crowdShare is the part of the places that one host may have; a host never gets
// more than the fetcher asks at once.
const crowdShare = 2

// freshLease is how old a lease may be when a visit begins under it.
const freshLease = 10 * time.Second

// drain visits one due source after the other until none is left.
func (w *Watcher) drain(ctx context.Context) (visits int) {
	w.places.take()
	defer w.places.give()
	for ctx.Err() == nil {
		due, ok, err := w.claims.next(ctx)
		if err != nil && ctx.Err() == nil {
			w.o.Log.Error("claim sources", "err", err)
		}
		if !ok {
			return visits
		}
		if w.crowd.enter(due) {
			visits += w.stay(ctx, due)
		}
	}
	return visits
}

// stay visits a source, and then those that wait for a turn at its host.
func (w *Watcher) stay(ctx context.Context, next claimed) (visits int) {
	for ok := true; ok; next, ok = w.crowd.next(next.source) {
		if ctx.Err() == nil && w.hold(ctx, next) {
			w.visit(ctx, next.source)
			visits++
		}
	}
	return visits
}

// hold makes sure that a source that waited is still ours, for a whole lease.
func (w *Watcher) hold(ctx context.Context, c claimed) bool {
	if time.Since(c.at) < freshLease {
		return true
	}
	err := w.o.Sources.HoldSource(ctx, c.source, lease)
	if err != nil && !errors.Is(err, store.ErrLeaseLost) && ctx.Err() == nil {
		w.o.Log.Error("hold source", "source", c.source.ID, "err", err)
	}
	return err == nil
}

// visit is the way of a source's articles from the network into the store.
// Whatever goes wrong is recorded on the source; one log line tells the outcome.
func (w *Watcher) visit(ctx context.Context, src store.Source) {
	log := w.o.Log.With("source", src.ID, "url", redact(src.URL))
	until := time.Now().Add(readTime)
	resp, err := w.get(ctx, src, until)
	if err != nil {
		w.failed(ctx, log, src, err)
		return
	}
	doc, err := w.read(src, resp)
	if err != nil {
		w.failed(ctx, log, src, err)
		return
	}
	w.settle(ctx, log, arrival{src, resp, doc, 0}, until)
}

// An arrival is what came of a source: by a visit, or from its hub.
type arrival struct {
	source store.Source
	resp   *fetch.Response
	doc    *feeds.Document // nil: nothing changed
	push   int64           // 0: the source was polled
}

// settle matches what is new and writes it down; pages are read until then.
func (w *Watcher) settle(ctx context.Context, log *slog.Logger, a arrival, until time.Time) {
	v, err := w.compose(ctx, a)
	if err == nil {
		err = w.match(ctx, log, &v, until)
	}
	if err != nil {
		if ctx.Err() == nil {
			log.Error("visit", "err", err) // of the store: the lease runs out and the visit is repeated
		}
		return
	}
	settle, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	done, err := w.o.Sources.Publish(settle, v)
	if err != nil {
		log.Error("publish", "articles", len(v.Articles), "err", err)
		return
	}
	w.o.Metrics.visited(v, done)
	w.habit.flush(context.WithoutCancel(ctx))
	level := slog.LevelInfo
	if v.NotModified {
		level = slog.LevelDebug // most visits to most sources
	}
	log.Log(settle, level, "visit", "result", result(v), "new", done.New, "duplicate", done.Duplicate, "deliveries", done.Deliveries,
		"next", v.NextAt.Sub(w.o.Now()).Round(time.Second), "merged", done.Merged, "repaired", v.Note)
}

// get downloads a source's document, until the time at which the visit must have it.
func (w *Watcher) get(ctx context.Context, src store.Source, until time.Time) (resp *fetch.Response, err error) {
	bounded, cancel := context.WithDeadline(ctx, until)
	defer cancel()
	w.places.wait(func() { resp, err = w.o.Fetch.Get(bounded, request(src, w.o.Now())) })
	return resp, err
}

// request asks for what changed since the last visit; now and then it asks for
// the whole document, since some servers keep saying "not modified" while it
// changes.
func request(src store.Source, now time.Time) fetch.Request {
	r := fetch.Request{URL: src.URL}
	if !rereadDue(src, now) {
		r.ETag, r.LastModified = src.ETag, src.LastModified
	}
	return r
}

// read parses what the server sent. No document (nil, nil) means that nothing
// changed: the server said so, or sent the same bytes again.
func (w *Watcher) read(src store.Source, resp *fetch.Response) (*feeds.Document, error) {
	if resp.NotModified || src.Visited && slices.Equal(hash(resp.Body), src.BodyHash) {
		return nil, nil
	}
	base, err := url.Parse(resp.URL)
	if err != nil {
		return nil, err
	}
	return feeds.Parse(resp.Body, base, resp.ContentType)
}

// compose turns what came into what is to be written: the articles that this
// source had not shown before, and when it is visited next.
func (w *Watcher) compose(ctx context.Context, a arrival) (store.Visit, error) {
	src, resp, doc := a.source, a.resp, a.doc
	v := store.Visit{Source: src, Push: a.push, Moved: resp.Moved, ETag: resp.ETag, LastModified: resp.LastModified,
		BodyHash: src.BodyHash, Silent: !src.Visited, NotModified: doc == nil}
	v.Hub, v.Topic = hubOf(src, resp, doc)
	floor := max(resp.MaxAge, resp.RetryAfter)
	if doc != nil {
		v.Title, v.Lang, v.Site, v.BodyHash = doc.Title, doc.Lang, doc.Site, hash(resp.Body)
		v.Note = strings.Join(doc.Warnings, "; ")
		floor = max(floor, doc.TTL)
		var err error
		if v.Articles, err = w.fresh(ctx, &v, doc); err != nil {
			return v, err
		}
	}
	now := w.o.Now()
	lastNew := src.LastNew
	if len(v.Articles) > 0 {
		lastNew = now
	}
	v.Interval = w.o.Pace.interval(lastNew, now, floor)
	if w.relied(src) {
		v.Missed = len(v.Articles) > 0
		if !v.Missed {
			v.Interval = min(w.o.Pace.Max, src.PushedUntil.Sub(now))
		}
	}
	v.NextAt = now.Add(w.o.Pace.spread(v.Interval, floor, !src.Visited, rand.Float64()))
	if a.push != 0 { // polling keeps its own rhythm
		v.Interval, v.NextAt = src.Interval, src.NextAt
	}
	return v, nil
}

// match finds the rules that the new articles satisfy. Where rules ask for
// words and the feed has only teasers, the articles' pages are read first, as
// long as until is not reached. The backlog of a first visit is owed to nobody:
// it is neither matched nor completed.
func (w *Watcher) match(ctx context.Context, log *slog.Logger, v *store.Visit, until time.Time) error {
	if len(v.Articles) == 0 {
		return nil
	}
	if v.Silent {
		w.habit.apply(ctx, v.Source, v.Articles)
		return nil
	}
	if err := w.rules.refresh(ctx); err != nil {
		return err
	}
	if !w.o.NoPages && w.rules.reads(v.Source.ID) {
		complete := func() { w.o.Metrics.paged(w.pages.complete(ctx, log, v.Articles, until)) }
		if v.Push != 0 {
			complete() // the readers of pushes have no places: they are few, and wait for nobody
		} else {
			w.places.wait(complete)
		}
	}
	w.habit.apply(ctx, v.Source, v.Articles)
	for i := range v.Articles {
		a := &v.Articles[i]
		a.Matches = w.rules.match(store.Article{Source: v.Source, Item: a.Item, Zones: a.Zones})
	}
	return nil
}

// fresh lists the articles of a document that its source had not shown before,
// oldest first, and notes in v.Seen what must not be forgotten and in v.Changes what
// the document says of those that people were told of.
func (w *Watcher) fresh(ctx context.Context, v *store.Visit, doc *feeds.Document) ([]store.NewArticle, error) {
	all := identify(doc)
	guids := make([][16]byte, len(all))
	for i, a := range all {
		guids[i] = a.GUID
	}
	if !v.Silent {
		followed, err := w.o.Sources.Followed(ctx, v.Source.ID)
		if err != nil {
			return nil, err
		}
		v.Changes = changes(followed, all)
	}
	known, stale, err := w.o.Sources.Known(ctx, v.Source.ID, guids)
	if err != nil {
		return nil, err
	}
	v.Seen = stale
	fresh := slices.DeleteFunc(all, func(a store.NewArticle) bool { return known[a.GUID] })
	for i := range fresh {
		a := &fresh[i]
		a.Zones = page.Split(a.Item)
		id := story.Identify(a.Item, a.Zones)
		a.URL, a.Text = id.URL, id.Text
	}
	clampDates(fresh, doc, w.o.Now())
	slices.SortStableFunc(fresh, func(a, b store.NewArticle) int { return a.Item.Published.Compare(b.Item.Published) })
	return fresh, nil
}

// identify lists the articles of a document, each with the key by which its
// source knows it, in reverse document order (feeds list the newest first). A guid
// that several items share says nothing: those are known by their addresses.
func identify(doc *feeds.Document) []store.NewArticle {
	shared := map[string]int{}
	for _, a := range doc.Articles {
		shared[a.GUID]++
	}
	all := make([]store.NewArticle, 0, len(doc.Articles))
	taken := map[[16]byte]bool{}
	for _, item := range slices.Backward(doc.Articles) {
		if shared[item.GUID] > 1 {
			item.GUID = ""
		}
		guid := story.Identify(item, feeds.Zones{}).GUID
		if taken[guid] { // the same item twice in one document
			continue
		}
		taken[guid] = true
		all = append(all, store.NewArticle{Item: item, GUID: guid})
	}
	return all
}

// clampDates brings times of the future back to now, and says so in the
// document's warnings: a wrong clock or a preannounced article must not stay on
// top of everything for months. The articles' identities are what they were.
func clampDates(fresh []store.NewArticle, doc *feeds.Document, now time.Time) {
	n, last := 0, now
	for i := range fresh {
		if p := &fresh[i].Item.Published; p.After(now.Add(clockSlack)) {
			if n++; p.After(last) {
				last = *p
			}
			*p = now.UTC()
		}
	}
	if n > 0 {
		doc.Warnings = append(doc.Warnings, fmt.Sprintf("%d dates in the future, up to %s, taken for now", n, last.UTC().Format(time.RFC3339)))
	}
}

// failed records on the source why a visit brought nothing, and when the next
// one is due. A visit that was cut short because the program stops is not the
// source's failure: its lease runs out, or is voided at the next start.
func (w *Watcher) failed(ctx context.Context, log *slog.Logger, src store.Source, cause error) {
	if ctx.Err() != nil {
		return
	}
	var f *fetch.Error
	gone, wait := false, time.Duration(0)
	if errors.As(cause, &f) {
		gone, wait = f.Kind == fetch.Gone, f.RetryAfter
	}
	next := w.o.Now().Add(w.o.Pace.backoff(src.Fails+1, wait, rand.Float64()))
	w.o.Metrics.failed(f)
	if err := w.o.Sources.Failed(ctx, src, cause.Error(), next, gone); err != nil {
		log.Error("record failed visit", "reason", cause, "err", err)
		return
	}
	log.Warn("visit", "result", "failed", "reason", cause, "fails", src.Fails+1, "next", next.Sub(w.o.Now()).Round(time.Second), "gone", gone)
}

// hash is the identity of a document's bytes.
func hash(b []byte) []byte {
	sum := sha256.Sum256(b)
	return sum[:16]
}

// result names a good visit's outcome for logs and metrics.
func result(v store.Visit) string {
	switch {
	case v.Push != 0:
		return "pushed"
	case v.NotModified:
		return "unchanged"
	case v.Silent:
		return "first"
	}
	return "ok"
}

// redact drops user and query from an address: they may be secrets.
func redact(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "unreadable"
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}
