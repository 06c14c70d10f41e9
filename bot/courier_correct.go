package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
	"wirewatch/store"
)

// Corrections are the edits that are owed to messages. A *store.DB has them.
type Corrections interface {
	ClaimCorrections(ctx context.Context, limit int) ([]store.Correction, error)
	Corrected(ctx context.Context, x store.Correction) error
	RetryCorrection(ctx context.Context, x store.Correction, after time.Duration, reason string) error
	DropCorrection(ctx context.Context, x store.Correction, reason string) error
}

// Edits of messages.
const (
	correctTick    = 2 * time.Second // how often due edits are looked for
	correctBatch   = 16              // claimed at a time
	editTries      = 12              // requests for one edit without an outcome, over about half an hour
	editorsPerSeat = 2               // as a divisor: so many of the seats at most are taken by edits
)

// correctAll makes the edits that are due, until ctx ends or Telegram refuses the
// token.
func (c *Courier) correctAll(ctx context.Context) error {
	tick := time.NewTicker(correctTick)
	defer tick.Stop()
	for {
		if err := c.correctDue(ctx); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// correctDue makes the edits that are due now. An error is Telegram's refusal of the
// token.
func (c *Courier) correctDue(ctx context.Context) error {
	if c.pause() > 0 {
		return nil
	}
	due, err := c.o.Store.ClaimCorrections(ctx, correctBatch)
	if err != nil {
		if ctx.Err() == nil {
			c.o.Log.Error("claim corrections", "err", err)
		}
		return nil
	}
	done := make(chan error, len(due))
	seats := make(chan struct{}, max(1, c.o.Workers/editorsPerSeat))
	for _, x := range due {
		seats <- struct{}{}
		go func() { done <- c.correct(ctx, x); <-seats }()
	}
	for range due {
		if e := <-done; errors.Is(e, errRefused) {
			err = e
		} else if e != nil && ctx.Err() == nil {
			c.o.Log.Error("correct", "err", e)
		}
	}
	return err
}

// correct edits one message so that it shows what its source says now.
func (c *Courier) correct(ctx context.Context, x store.Correction) error {
	leave, ok := c.enter(ctx)
	if !ok {
		return nil // its lease runs out
	}
	defer leave()
	if x.Delivery.Article == nil {
		return c.editLease(c.o.Store.DropCorrection(ctx, x, store.ArticleGone))
	}
	if wait, err := c.slot(ctx); err != nil || wait > 0 || ctx.Err() != nil {
		return errors.Join(err, c.putOff(ctx, x, wait, "", 0))
	}
	left := x.Expires.Sub(c.o.Now()) - sendMargin
	if left < leastTime {
		return c.putOff(ctx, x, 0, "", 0)
	}
	v := view{locale.Get(x.Chat.Lang), c.o.Now().In(locale.Zone(zoneOf(x.Chat, c.o.Zone))), x.Chat.Pictures}
	pg := v.corrected(x)
	slow := time.AfterFunc(c.slow, leave)
	defer slow.Stop()
	for {
		err := c.edit(ctx, x, pg, left)
		if err == nil {
			return c.corrected(ctx, x)
		}
		changed, err := c.notEdited(ctx, x, pg, err)
		if changed == nil {
			return err
		}
		pg = *changed
	}
}

// edit makes the request.
func (c *Courier) edit(ctx context.Context, x store.Correction, pg page, left time.Duration) error {
	request, cancel := context.WithTimeout(context.WithoutCancel(ctx), left)
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(c.drain, cancel) })()
	err := c.o.Sender.Edit(request, x.Chat.ID, x.Delivery.MessageID, pg.outgoing(x.Chat.ID))
	c.answered(err)
	return err
}

// corrected writes down that a message was edited. To edit it again is harmless: so
// much for an edit whose outcome is lost.
func (c *Courier) corrected(ctx context.Context, x store.Correction) error {
	lasting, cancel := lasting(ctx)
	defer cancel()
	what := "headline"
	if x.Withdrawn {
		what = "withdrawn"
	}
	c.o.Metrics.corrected(what)
	c.o.Log.Info("corrected", "chat", x.Chat.ID, "message", x.Delivery.MessageID, "what", what, "delivery", x.Delivery.ID,
		"latency", c.o.Now().Sub(x.Changed).Round(time.Millisecond))
	return c.editLease(c.o.Store.Corrected(lasting, x))
}

// notEdited does what the table of remedies says, as far as it makes sense for a
// message that stands already: it returns the page changed, or nil when the edit is
// settled or put off.
func (c *Courier) notEdited(ctx context.Context, x store.Correction, pg page, cause error) (*page, error) {
	kind := telegram.KindOf(cause)
	c.o.Metrics.failed(kind)
	c.o.Log.Warn("not corrected", "chat", x.Chat.ID, "message", x.Delivery.MessageID, "kind", kind.String(), "err", cause)
	todo := remedies[kind]
	switch todo {
	case wait:
		return nil, c.putOff(ctx, x, c.hush(ctx, x.Chat.ID, cause), reasonOf(cause), 0)
	case backOff, doubt, 0:
		return nil, c.putOff(ctx, x, backOffAfter(x.Tries), reasonOf(cause), editTries)
	case endOfTheRun:
		return nil, errors.Join(errRefused, c.putOff(ctx, x, 0, reasonOf(cause), 0))
	}
	if changed := pg.degraded(todo); changed != nil {
		c.o.Metrics.degrade(kind)
		return changed, nil
	}
	// It is gone, or its chat is: whoever sends the next message there finds out.
	lasting, cancel := lasting(ctx)
	defer cancel()
	return nil, c.editLease(c.o.Store.DropCorrection(lasting, x, reasonOf(cause)))
}

// putOff gives an edit back for a while, but drops one that was tried as often as
// most; most 0 is for ever.
func (c *Courier) putOff(ctx context.Context, x store.Correction, after time.Duration, reason string, most int) error {
	lasting, cancel := lasting(ctx)
	defer cancel()
	if most > 0 && x.Tries+1 >= most {
		return c.editLease(c.o.Store.DropCorrection(lasting, x, fmt.Sprintf("no answer after %d tries: %s", most, reason)))
	}
	return c.editLease(c.o.Store.RetryCorrection(lasting, x, after, reason))
}

// editLease drops the news that a correction is somebody else's by now.
func (c *Courier) editLease(err error) error {
	if errors.Is(err, store.ErrLeaseLost) {
		return nil
	}
	return err
}

// corrected is an alert as its source has it now: what changed is said, and what was
// taken back is struck through. The article must not be nil.
func (v view) corrected(x store.Correction) page {
	pg := v.alertWith(x.Delivery, amendment{was: x.Was, withdrawn: x.Withdrawn, at: x.Changed.In(v.now.Location())})
	if x.Withdrawn {
		return pg
	}
	return pg.asking(v, x.Delivery)
}
