package watch

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"wirewatch/feeds/fetch"
	"wirewatch/store"
)

// How often the page of an article is asked for that its source does not show any
// more.
const (
	recallBatch = 10               // pages in a round
	recallAgain = 30 * time.Minute // until a page that stands is asked for once more
)

// Recalls is what a [Recall] asks of the store. *[store.DB] is one.
type Recalls interface {
	Missing(ctx context.Context, limit int) ([]store.Missing, error)
	Asked(ctx context.Context, m store.Missing, gone bool, again time.Time) (withdrawn bool, err error)
}

// A Recall finds out which of the articles that vanished from the middle of a
// source's document the source has withdrawn: their pages are gone (404 or 410),
// twice, some minutes apart, while another page of the source stands.
type Recall struct {
	Store Recalls
	Fetch *fetch.Fetcher
	Apart time.Duration // between the two
	Now   func() time.Time
	Log   *slog.Logger
}

// Due reports whether there is anything to ask for. That the store does not know is
// found out again by Round.
func (r Recall) Due(ctx context.Context) bool {
	due, err := r.Store.Missing(ctx, 1)
	return err != nil || len(due) > 0
}

// Round asks for the pages that are due, and returns how many articles turned out
// to be withdrawn.
func (r Recall) Round(ctx context.Context) (withdrawn int, err error) {
	due, err := r.Store.Missing(ctx, recallBatch)
	if err != nil {
		return 0, err
	}
	for _, m := range due {
		gone, known := r.gone(ctx, m.URL)
		if ctx.Err() != nil {
			return withdrawn, ctx.Err()
		}
		if gone && m.Gone && m.Another != "" {
			if refused, _ := r.gone(ctx, m.Another); refused { // the site shows us no page at all
				gone = false
			}
		}
		over, err := r.Store.Asked(ctx, m, gone, r.next(m, gone, known))
		if err != nil {
			return withdrawn, err
		}
		if over {
			withdrawn++
			r.Log.Info("withdrawn", "article", m.Article, "page", redact(m.URL))
		}
	}
	return withdrawn, nil
}

// next is when a page is asked for again: one that is gone soon, one that stands
// once more a while after it was missed first. known is false when nobody knows.
func (r Recall) next(m store.Missing, gone, known bool) time.Time {
	switch {
	case gone:
		return r.Now().Add(r.Apart)
	case !known || m.Asks == 0:
		if m.Asks < recallTries {
			return r.Now().Add(recallAgain)
		}
	}
	return time.Time{}
}

// recallTries bounds the questions about one page that are not answered.
const recallTries = 6

// gone reports whether a page is gone; known is false when its server did not say.
func (r Recall) gone(ctx context.Context, address string) (gone, known bool) {
	if address == "" {
		return false, true
	}
	_, err := r.Fetch.Get(ctx, fetch.Request{URL: address})
	if err == nil {
		return false, true
	}
	var f *fetch.Error
	if !errors.As(err, &f) {
		return false, false
	}
	switch f.Kind {
	case fetch.NotFound, fetch.Gone:
		return true, true
	case fetch.TooLarge: // it stands
		return false, true
	}
	return false, false
}
