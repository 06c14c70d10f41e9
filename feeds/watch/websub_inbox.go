package watch

import (
	"context"
	"time"

	"wirewatch/feeds/fetch"
	"wirewatch/store"
)

// Inbox is what the watcher asks of the store about what hubs have sent.
// *[store.DB] is one.
type Inbox interface {
	ClaimPush(ctx context.Context, lease time.Duration) (store.Source, store.Push, bool, error)
	RefusePush(ctx context.Context, s store.Source, push int64) error
}

// pushReaders is how many pushes are read at once.
const pushReaders = 4

// Arrived wakes the reader of pushes: one may be waiting. It never blocks.
func (w *Watcher) Arrived() {
	select {
	case w.arrivals <- struct{}{}:
	default: // it will look again anyway
	}
}

// runPushes reads what hubs have sent whenever it is woken, until ctx ends: by
// [Watcher.Arrived], and by every tick for what other processes received.
func (w *Watcher) runPushes(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.arrivals:
			w.Pushes(ctx)
		}
	}
}

// Pushes reads all that hubs have sent and nobody has read, and returns how much
// that was. What is sent about a source that is being visited waits for that.
func (w *Watcher) Pushes(ctx context.Context) (n int) {
	if w.o.Inbox == nil {
		return 0
	}
	for ; ctx.Err() == nil; n++ {
		src, push, ok, err := w.o.Inbox.ClaimPush(ctx, lease)
		if err != nil && ctx.Err() == nil {
			w.o.Log.Error("claim a push", "err", err)
		}
		if !ok {
			return n
		}
		w.pushed(ctx, src, push)
	}
	return n
}

// pushed reads one push like a document that was downloaded. A push that cannot
// be read, or comes before the source was ever visited, only makes the source due.
func (w *Watcher) pushed(ctx context.Context, src store.Source, push store.Push) {
	log := w.o.Log.With("source", src.ID, "url", redact(src.URL), "pushed", w.o.Now().Sub(push.Received).Round(time.Millisecond))
	resp := &fetch.Response{URL: src.URL, Body: push.Body, ContentType: push.ContentType}
	until := time.Now().Add(readTime)
	if src.Visited && len(push.Body) > 0 {
		doc, err := w.read(store.Source{}, resp)
		if err == nil {
			w.settle(ctx, log, arrival{src, resp, doc, push.ID}, until)
			return
		}
		log.Warn("push", "result", "unreadable", "reason", err)
	}
	if err := w.o.Inbox.RefusePush(ctx, src, push.ID); err != nil && ctx.Err() == nil {
		log.Error("refuse a push", "err", err)
		return
	}
	w.Tick()
}

// relied says whether a source is known through its hub, so that polling it may
// be seldom.
func (w *Watcher) relied(src store.Source) bool {
	return w.o.Inbox != nil && src.PushedUntil.After(w.o.Now())
}
