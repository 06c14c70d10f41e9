package watch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"wirewatch/feeds"
	"wirewatch/feeds/fetch"
	"wirewatch/feeds/page"
	"wirewatch/store"
)

// Bounds of the pages that one visit reads. What they leave out is matched by
// the feed's own text.
const (
	maxPages  = 8                // a visit, the newest articles first
	pagesTime = 15 * time.Second // all of them together, waiting for a turn at the host included
	restTime  = time.Hour        // how long a host that refused a page is not asked for another
	maxRests  = 4096             // hosts remembered so
)

// Lengths in runes of a text up to which an article is taken for a teaser: at
// all, and when it ends in the middle of a sentence.
const (
	teaserText = 400
	cutText    = 1500
)

// pages reads the articles behind teasers.
type pages struct {
	fetch *fetch.Fetcher
	now   func() time.Time

	mu    sync.Mutex
	rests map[string]time.Time // host -> when it may be asked again
}

func newPages(f *fetch.Fetcher, now func() time.Time) *pages {
	return &pages{fetch: f, now: now, rests: map[string]time.Time{}}
}

// complete gives those of the articles that are mere teasers the text of their
// pages, as far as the bounds allow; until is a time of the real clock. An
// article whose page cannot be had stays as it is. It returns how many were
// completed and how many pages could not be had.
func (p *pages) complete(ctx context.Context, log *slog.Logger, articles []store.NewArticle, until time.Time) (read, lost int) {
	ctx, cancel := context.WithTimeout(ctx, min(pagesTime, time.Until(until)))
	defer cancel()
	for i := range slices.Backward(articles) {
		a := &articles[i]
		if read+lost == maxPages || ctx.Err() != nil {
			break
		}
		if !isTeaser(a.Item) || p.resting(host(a.Item.URL)) {
			continue
		}
		body, err := p.read(ctx, a.Item)
		if err != nil {
			log.Debug("page", "page", redact(a.Item.URL), "reason", err)
			lost++
			continue
		}
		a.Item.Body = body
		a.Zones = page.Split(a.Item) // the identities stay: they are of what the feed says
		read++
	}
	return read, lost
}

// read downloads an article's page and finds its text.
func (p *pages) read(ctx context.Context, a feeds.Article) (string, error) {
	resp, err := p.fetch.Get(ctx, fetch.Request{URL: a.URL})
	if err != nil {
		p.rest(host(a.URL), err, ctx.Err() != nil)
		return "", err
	}
	if !strings.Contains(resp.ContentType, "html") && resp.ContentType != "" {
		return "", fmt.Errorf("the page is %.80q, not HTML", resp.ContentType)
	}
	at, err := url.Parse(resp.URL)
	if err != nil {
		return "", err
	}
	return page.Read(a, resp.Body, at, resp.ContentType)
}

// rest leaves a host in peace for a while that has shown that it will not give
// us pages. A page that is missing, or our own lack of time, shows nothing.
func (p *pages) rest(name string, cause error, hurried bool) {
	var f *fetch.Error
	if hurried || !errors.As(cause, &f) {
		return
	}
	switch f.Kind {
	case fetch.NotFound, fetch.Gone, fetch.TooLarge, fetch.Redirects, fetch.BadURL, fetch.Canceled:
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.rests) >= maxRests {
		clear(p.rests) // one question too many to each is no harm
	}
	p.rests[name] = p.now().Add(max(restTime, f.RetryAfter))
}

func (p *pages) resting(name string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	until, ok := p.rests[name]
	if ok && !until.After(p.now()) {
		delete(p.rests, name)
		return false
	}
	return ok
}

// isTeaser reports whether an article's own text is so short, or so plainly cut
// off, that its page must say more.
func isTeaser(a feeds.Article) bool {
	text := a.Body
	if text == "" {
		text = a.Summary
	}
	if a.URL == "" || len(text) > cutText*utf8.UTFMax {
		return false
	}
	n := utf8.RuneCountInString(text)
	text = strings.TrimRight(text, " \n]")
	return n < teaserText || n < cutText && (strings.HasSuffix(text, "…") || strings.HasSuffix(text, "..."))
}
