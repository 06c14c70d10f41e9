package watch

import (
	"cmp"
	"context"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"wirewatch/feeds"
	"wirewatch/feeds/fetch"
	"wirewatch/store"
)

// WebSub (W3C Recommendation, 23 January 2018): a source may name a hub that
// sends what is new the moment it is published. [Hubs] asks hubs to do so,
// [Callback] is where they answer and send, and a [Watcher] reads what they sent
// like a document that it downloaded.

// Times and bounds of subscriptions.
const (
	leaseAsked  = 10 * 24 * time.Hour // what a hub is asked for
	leaseLeast  = time.Minute         // a hub's shorter lease counts as this long
	leaseMost   = 30 * 24 * time.Hour // … a longer one as this
	renewAfter  = 3                   // of four parts of a lease: then it is renewed
	verifyWait  = time.Hour           // for a hub that took the request and has not confirmed it
	deniedWait  = 24 * time.Hour      // before a hub that refused is asked again
	hubBackoff  = 5 * time.Minute     // after the first failure; doubled after each, up to deniedWait
	maxLeaving  = 3                   // requests to end a subscription; then it runs out by itself
	hubsAtOnce  = 8
	hubsClaimed = 32
	hubsLease   = 10 * time.Minute // more than hubsClaimed requests take, waits for their hosts included
)

// Subscriptions is what [Hubs] asks of the store. *[store.DB] is one.
type Subscriptions interface {
	PlanSubscriptions(ctx context.Context, base string) (int, error)
	ClaimSubscriptions(ctx context.Context, limit int, lease time.Duration) ([]store.Subscription, error)
	HubAnswered(ctx context.Context, s store.Subscription, reason string, next time.Time) error
	DropSubscription(ctx context.Context, id string) error
}

// Hubs keeps every source that has a hub subscribed to it.
type Hubs struct {
	Store    Subscriptions
	Fetch    *fetch.Fetcher
	Base     string // callbacks are Base and an id; ends with a slash
	Insecure bool   // hubs are asked over http too, if that is their address: tests and intranets
	Now      func() time.Time
	Log      *slog.Logger
}

// Round begins and ends subscriptions as the sources want it, and asks every hub
// whose turn it is: to begin, to renew, or to end. It returns how many were asked.
// Any number of processes may run rounds.
func (h Hubs) Round(ctx context.Context) (asked int, err error) {
	if _, err := h.Store.PlanSubscriptions(ctx, h.Base); err != nil {
		return 0, err
	}
	for ctx.Err() == nil {
		list, err := h.Store.ClaimSubscriptions(ctx, hubsClaimed, hubsLease)
		if err != nil || len(list) == 0 {
			return asked, err
		}
		asked += len(list)
		h.askAll(ctx, list)
	}
	return asked, nil
}

func (h Hubs) askAll(ctx context.Context, list []store.Subscription) {
	var workers sync.WaitGroup
	turns := make(chan struct{}, hubsAtOnce)
	for _, s := range list {
		turns <- struct{}{}
		workers.Go(func() {
			defer func() { <-turns }()
			if err := h.ask(ctx, s); err != nil && ctx.Err() == nil {
				h.Log.Error("subscription", "source", s.Source, "err", err)
			}
		})
	}
	workers.Wait()
}

// ask sends one request. A hub confirms by calling back, often before it has
// answered.
func (h Hubs) ask(ctx context.Context, s store.Subscription) error {
	mode := "subscribe"
	if s.State == store.SubscriptionLeaving {
		mode = "unsubscribe"
		if s.Attempts > maxLeaving {
			return h.Store.DropSubscription(ctx, s.ID)
		}
	}
	log := h.Log.With("source", s.Source, "hub", redact(s.Hub), "mode", mode, "attempt", s.Attempts)
	err := h.Fetch.Post(ctx, h.address(s.Hub), url.Values{
		"hub.mode":          {mode},
		"hub.topic":         {s.Topic},
		"hub.callback":      {s.Callback},
		"hub.secret":        {s.Secret},
		"hub.lease_seconds": {strconv.Itoa(int(leaseAsked / time.Second))},
		"hub.verify":        {"async"}, // hubs of before the Recommendation insist on it
	})
	if ctx.Err() != nil {
		return nil // we are told to stop: the claim runs out
	}
	if err != nil {
		next := h.Now().Add(hubPause(s.Attempts))
		log.Warn("hub", "result", "failed", "reason", err, "next", next)
		return h.Store.HubAnswered(ctx, s, err.Error(), next)
	}
	log.Info("hub", "result", "asked")
	return h.Store.HubAnswered(ctx, s, "", h.Now().Add(max(hubPause(s.Attempts), verifyWait)))
}

// hubPause is the time from the n-th request in vain to the next.
func hubPause(n int) time.Duration {
	d := hubBackoff
	for i := 1; i < n && d < deniedWait; i++ {
		d *= 2
	}
	return min(d, deniedWait)
}

// address is where a hub is asked: over https, since the request carries the
// secret. Feeds name many a hub by an old http address.
func (h Hubs) address(hub string) string {
	u, err := url.Parse(hub)
	if err != nil || h.Insecure || u.Scheme != "http" {
		return hub
	}
	u.Scheme, u.Host = "https", strings.TrimSuffix(u.Host, ":80")
	return u.String()
}

// hubOf is who pushes a source and under which name, after a visit that read doc,
// or found nothing changed (nil). HTTP's word comes before the document's; it takes
// both a hub and a name. What a visit says nothing about stays as it was.
func hubOf(src store.Source, resp *fetch.Response, doc *feeds.Document) (hub, topic string) {
	hub, topic = resp.Hub, resp.Self
	if doc != nil {
		hub, topic = cmp.Or(hub, doc.Hub), cmp.Or(topic, doc.Self)
	}
	switch {
	case hub != "" && topic != "":
		return hub, topic
	case doc == nil:
		return src.Hub, src.Topic
	}
	return "", ""
}
