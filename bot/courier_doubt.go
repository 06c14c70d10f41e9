package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"wirewatch/bot/telegram"
	"wirewatch/store"
)

// Limits of doubt.
const (
	lostTries     = 2           // requests whose answer was lost: one and its repetition
	gatewayTries  = 8           // answers of a gateway, after which it is more likely that nothing was sent
	doubtPatience = time.Minute // for Telegram to answer anybody's message, before the one repetition is risked
)

// doubts are the requests about a page whose outcome this process does not know.
type doubts struct {
	silent  int       // nobody answered
	gateway int       // somebody answered in Telegram's place
	last    time.Time // when the last was given up
}

// doubted settles a page of which nobody knows whether it was sent. It is sent
// again once, after a delay: a rare repetition is better than a lost story. When
// the repetition is not answered either, the page is given up, as perhaps told:
// a third request would more likely tell it twice than for the first time.
// Where a gateway answered in Telegram's place the message has most likely not
// arrived: there is more patience, and the one repetition is not spent.
//
// Only requests of this process count: a process that died has told nobody
// whether it made its request.
func (c *Courier) doubted(ctx context.Context, p store.Parcel, pg page, cause error) error {
	const serverError = 500
	e, ok := errors.AsType[*telegram.Error](cause)
	made := c.inDoubt(pg, ok && e.Code >= serverError)
	all := made.silent + made.gateway
	switch {
	case made.silent > 0 && c.o.GiveUp:
		return c.giveUp(ctx, p, pg, reasonOf(cause))
	case made.silent >= lostTries || made.gateway >= gatewayTries:
		return c.giveUp(ctx, p, pg, fmt.Sprintf("%d requests, the last: %s", all, reasonOf(cause)))
	}
	c.o.Metrics.uncertain("retried")
	after := min(c.o.UncertainDelay<<(all-1), lastBackOff)
	// Who never wants to be told twice takes a gateway's word that nothing arrived.
	return c.lease(ctx, c.o.Store.Retry(ctx, p, pg.deliveries, c.o.Now().Add(after), reasonOf(cause), !c.o.GiveUp))
}

// giveUp ends a page that perhaps was told.
func (c *Courier) giveUp(ctx context.Context, p store.Parcel, pg page, why string) error {
	ctx, cancel := lasting(ctx)
	defer cancel()
	c.o.Metrics.uncertain("given_up")
	return c.drop(ctx, p, pg, store.PerhapsTold+": "+why)
}

// answered notes that Telegram has answered a message, whatever it said.
func (c *Courier) answered(err error) {
	switch telegram.KindOf(err) {
	case telegram.Uncertain, telegram.Unreachable:
		return
	}
	if e, ok := errors.AsType[*telegram.Error](err); err != nil && (!ok || e.Code == 0) {
		return // our own limits held it back
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.heard = c.o.Now()
}

// mayRepeat reports whether a page may be requested now. The one repetition of a
// page in doubt must not be spent on an outage: that would lose every story of
// those minutes. So it waits until Telegram has answered some message since, of
// whomever; where there is none, for a while, and until Telegram answers at all.
func (c *Courier) mayRepeat(ctx context.Context, pg page) bool {
	c.mu.Lock()
	var d doubts
	for _, id := range pg.deliveries {
		d = d.worse(c.lost[id])
	}
	heard := c.heard
	c.mu.Unlock()
	switch {
	case d == (doubts{}) || heard.After(d.last):
		return true
	case d.silent > 0 && c.o.Now().Sub(d.last) < doubtPatience:
		return false
	}
	return c.answers(ctx)
}

// answers asks whether Telegram answers anything at all.
func (c *Courier) answers(ctx context.Context) bool {
	probe, ok := c.o.Sender.(prober)
	if !ok {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	_, err := probe.Me(ctx)
	switch telegram.KindOf(err) {
	case telegram.Unreachable, telegram.Uncertain:
		c.o.Log.Warn("telegram does not answer; what is in doubt waits", "err", err)
		return false
	}
	return true
}

// postpone gives a page in doubt back without a request.
func (c *Courier) postpone(ctx context.Context, p store.Parcel, pg page) error {
	ctx, cancel := lasting(ctx)
	defer cancel()
	return c.lease(ctx, c.o.Store.Retry(ctx, p, pg.deliveries, c.o.Now().Add(c.o.UncertainDelay), "telegram does not answer", !c.o.GiveUp))
}

// inDoubt counts one more request about a page with an unknown outcome.
func (c *Courier) inDoubt(pg page, gateway bool) (most doubts) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, id := range pg.deliveries {
		d := c.lost[id]
		if gateway {
			d.gateway++
		} else {
			d.silent++
		}
		d.last = c.o.Now()
		c.lost[id] = d
		most = most.worse(d)
	}
	return most
}

// worse is the greater of each doubt.
func (d doubts) worse(other doubts) doubts {
	if other.last.After(d.last) {
		d.last = other.last
	}
	return doubts{max(d.silent, other.silent), max(d.gateway, other.gateway), d.last}
}

// known forgets the doubts about a page that is settled.
func (c *Courier) known(pg page) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, id := range pg.deliveries {
		delete(c.lost, id)
	}
}
