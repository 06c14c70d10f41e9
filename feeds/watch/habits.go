package watch

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"

	"wirewatch/feeds/page"
	"wirewatch/store"
)

// Lines is where what sites repeat is remembered, for all processes.
// *[store.DB] is one.
type Lines interface {
	SiteLines(ctx context.Context, site string) ([]store.SiteLine, error)
	LearnedLines(ctx context.Context) (map[string]map[[16]byte]time.Time, error)
	KeepSiteLines(ctx context.Context, list []store.SiteLine) error
}

// Bounds and times of learning.
const (
	learnSpan  = 48 * time.Hour  // a line must be repeated for so long: news of a day is not learned
	learnFresh = 5 * time.Minute // how old our copy of what all processes have learned may be
	learnFlush = time.Minute     // how often what was seen is written down
	touchAfter = 24 * time.Hour  // how often a learned line is noted as still in use
	maxOnce    = 20_000          // lines remembered that were seen once
	maxPending = 2_000           // lines that wait to be written down
	flushTime  = 5 * time.Second
)

// habits learns what each site repeats on its pages, and takes it out of their
// texts. A line is seen once in memory alone; the second page that has it, about
// something else, is written down. What a crash loses is seen again.
type habits struct {
	lines Lines
	now   func() time.Time
	log   *slog.Logger

	mu       sync.Mutex
	once     map[siteLine]sighting
	pending  map[siteLine]store.SiteLine
	need     map[siteLine]int
	learned  map[string]map[[16]byte]time.Time
	loadedAt time.Time
	flushed  time.Time
}

type siteLine struct {
	site string
	line [16]byte
}

// A sighting is a line on one page.
type sighting struct {
	topic string
	at    time.Time
}

func newHabits(lines Lines, now func() time.Time, log *slog.Logger) *habits {
	return &habits{lines: lines, now: now, log: log, once: map[siteLine]sighting{}, pending: map[siteLine]store.SiteLine{},
		need: map[siteLine]int{}, learned: map[string]map[[16]byte]time.Time{}}
}

// apply takes what is known to be their sites' own out of the articles' zones, and
// notes what they repeat. The identities of the articles stay: they are of what
// the feed says.
func (h *habits) apply(ctx context.Context, src store.Source, articles []store.NewArticle) {
	if h.lines == nil {
		return
	}
	h.refresh(ctx)
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range articles {
		a := &articles[i]
		site := siteOf(src, a.Item.URL)
		topic := page.Topic(a.Item.Title)
		if site == "" || topic == "" {
			continue
		}
		for _, s := range page.Suspects(a.Zones, a.Item.Summary) {
			h.saw(siteLine{site, s.Line}, topic, s.Need)
		}
		if own := h.learned[site]; own != nil {
			a.Zones = page.Without(a.Zones, a.Item.Summary, func(l page.Line) bool { _, ok := own[l]; return ok })
		}
	}
}

// siteOf names the site of a source's article. A feed on another host than its
// articles has an account of its own: nobody can teach a site's habits with a feed
// that is not the site's. "" when the article has no address.
func siteOf(src store.Source, address string) string {
	feed, site := strings.TrimPrefix(host(src.URL), "www."), strings.TrimPrefix(host(address), "www.")
	if site == "" || site == feed {
		return site
	}
	return feed + " " + site
}

// refresh reads what all processes have learned, now and then.
func (h *habits) refresh(ctx context.Context) {
	now := h.now()
	h.mu.Lock()
	due := now.Sub(h.loadedAt) >= learnFresh
	if due {
		h.loadedAt = now // whoever comes next need not wait
	}
	h.mu.Unlock()
	if !due {
		return
	}
	learned, err := h.lines.LearnedLines(ctx)
	if err != nil {
		if ctx.Err() == nil {
			h.log.Error("read learned lines", "err", err)
		}
		return
	}
	h.mu.Lock()
	h.learned = learned
	h.mu.Unlock()
}

// saw notes a line on a page about topic.
func (h *habits) saw(k siteLine, topic string, need int) {
	now := h.now()
	if last, ok := h.learned[k.site][k.line]; ok {
		if now.Sub(last) >= touchAfter {
			h.learned[k.site][k.line] = now
			h.wait(k, store.SiteLine{Site: k.site, Line: k.line, Learned: true, First: last, Last: now}, need)
		}
		return
	}
	if p, ok := h.pending[k]; ok {
		h.pending[k] = seenAgain(p, topic, now, need)
		return
	}
	before, ok := h.once[k]
	switch {
	case !ok:
		if len(h.once) >= maxOnce {
			clear(h.once) // what is repeated comes again
		}
		h.once[k] = sighting{topic, now}
	case !page.Alike(before.topic, topic):
		delete(h.once, k)
		h.wait(k, store.SiteLine{Site: k.site, Line: k.line, Topics: []string{before.topic, topic}, First: before.at, Last: now}, need)
	}
}

func (h *habits) wait(k siteLine, l store.SiteLine, need int) {
	if len(h.pending) < maxPending {
		h.pending[k], h.need[k] = l, need
	}
}

// seenAgain adds a page to what is known of a line, unless it is about the same
// as one before, and says whether the line is learned by that.
func seenAgain(l store.SiteLine, topic string, at time.Time, need int) store.SiteLine {
	if l.Learned {
		return l
	}
	for _, t := range l.Topics {
		if page.Alike(t, topic) {
			return judged(l, need)
		}
	}
	if len(l.Topics) < need {
		l.Topics = append(l.Topics, topic)
	}
	if at.After(l.Last) {
		l.Last = at
	}
	return judged(l, need)
}

func judged(l store.SiteLine, need int) store.SiteLine {
	l.Learned = len(l.Topics) >= need && l.Last.Sub(l.First) >= learnSpan
	return l
}

// flush writes down what was seen, when that is due. Two processes that do so at
// once may lose one page of a count, which only delays the learning.
func (h *habits) flush(ctx context.Context) {
	if h.lines == nil {
		return
	}
	now := h.now()
	h.mu.Lock()
	if len(h.pending) == 0 || now.Sub(h.flushed) < learnFlush && len(h.pending) < maxPending {
		h.mu.Unlock()
		return
	}
	pending, need := h.pending, h.need
	h.pending, h.need, h.flushed = map[siteLine]store.SiteLine{}, map[siteLine]int{}, now
	h.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, flushTime)
	defer cancel()
	list, err := h.merge(ctx, pending, need)
	if err == nil && len(list) > 0 {
		err = h.lines.KeepSiteLines(ctx, list)
	}
	if err != nil && ctx.Err() == nil {
		h.log.Error("keep what sites repeat", "lines", len(pending), "err", err)
	}
}

// merge adds what was seen here to what is known of the lines.
func (h *habits) merge(ctx context.Context, pending map[siteLine]store.SiteLine, need map[siteLine]int) ([]store.SiteLine, error) {
	known := map[siteLine]store.SiteLine{}
	sites := map[string]bool{}
	for k := range pending {
		if sites[k.site] {
			continue
		}
		sites[k.site] = true
		list, err := h.lines.SiteLines(ctx, k.site)
		if err != nil {
			return nil, err
		}
		for _, l := range list {
			known[siteLine{l.Site, l.Line}] = l
		}
	}
	var list []store.SiteLine
	for k, seen := range pending {
		l, ok := known[k]
		switch {
		case !ok && seen.Learned: // swept meanwhile
			continue
		case !ok:
			l = judged(seen, need[k])
		case seen.Learned || l.Learned:
			l.Last = seen.Last
		default:
			for _, topic := range seen.Topics {
				l = seenAgain(l, topic, seen.Last, need[k])
			}
		}
		list = append(list, l)
	}
	return list, nil
}
