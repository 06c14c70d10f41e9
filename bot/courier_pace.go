package bot

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"wirewatch/bot/telegram"
	"wirewatch/store"
)

// The pace of messages.
const (
	chatGap        = time.Second            // between two messages to one person: Telegram's limit
	groupGap       = 3 * time.Second        // the same for groups and channels: 20 a minute
	waitJitter     = 500 * time.Millisecond // more than Telegram wants
	leastRetryWait = time.Second
	slowRequest    = 2 * time.Second // after it a request has no seat any more: others need it
)

// Who works at a time.
const (
	leastWorkers     = 8
	mostWorkers      = 128
	rateOfWorker     = 4 // messages a second that one brings out when Telegram is slow
	parcelsPerWorker = 8 // chats claimed at a time, most of them waiting for their gap, for a seat, or for a slow answer
)

// workersFor is how many requests at a time a rate needs.
func workersFor(rate float64) int {
	return min(max(leastWorkers, int(rate/rateOfWorker)), mostWorkers)
}

// A pacer is a Sender that learns from refusals; a *telegram.Client is one.
type pacer interface {
	Slowness(chat int64) float64 // of the time between two messages to a chat; 0: to anybody
	SlowDown()
}

// slot waits for a turn in the queue of all processes. In a pause there is none:
// then it says how long that lasts.
func (c *Courier) slot(ctx context.Context) (pause time.Duration, err error) {
	gap := time.Duration(float64(time.Second) / c.o.Rate * c.slowness(0))
	wait, ok, err := c.o.Store.Slot(ctx, gap)
	switch {
	case err != nil:
		return 0, fmt.Errorf("take a slot: %w", err)
	case !ok:
		c.pauseFor(wait)
		return max(wait, time.Millisecond), nil
	case wait > 0:
		sleep(ctx, wait)
	}
	return 0, nil
}

// slowness is what the sender has learned.
func (c *Courier) slowness(chat int64) float64 {
	if p, ok := c.o.Sender.(pacer); ok {
		return p.Slowness(chat)
	}
	return 1
}

// rest waits until the chat may get its next message; false: ctx ended.
func (c *Courier) rest(ctx context.Context, p store.Parcel) bool {
	sleep(ctx, c.gapOf(p.Chat))
	return ctx.Err() == nil
}

// gapOf is the time between two messages to a chat.
func (c *Courier) gapOf(chat store.Chat) time.Duration {
	gap := c.gap
	if chat.ID < 0 {
		gap = c.group
	}
	return time.Duration(float64(gap) * c.slowness(chat.ID))
}

// hushed obeys a 429: its chat is left alone as long as Telegram wants, and
// everybody when several chats were refused at once.
func (c *Courier) hushed(ctx context.Context, p store.Parcel, pg page, cause error) error {
	return c.retry(ctx, p, pg, c.hush(ctx, p.Chat.ID, cause), reasonOf(cause))
}

// hush notes a 429, and says for how long its chat is left alone.
func (c *Courier) hush(ctx context.Context, chat int64, cause error) time.Duration {
	after, refused := leastRetryWait, false
	if e, ok := errors.AsType[*telegram.Error](cause); ok {
		after, refused = max(after, e.RetryAfter), e.Code != 0 // else our own limits held it back
	}
	after += rand.N(waitJitter)
	if refused {
		all, err := c.o.Store.Refused(ctx, chat, after)
		if err != nil {
			c.o.Log.Error("note a refusal", "err", err)
		}
		if all {
			c.storm(after)
		}
	}
	return after
}

// storm lets this process pause and go on more slowly.
func (c *Courier) storm(pause time.Duration) {
	if c.pause() == 0 { // several refusals are one lesson
		c.o.Log.Warn("telegram refuses several chats: nobody is written to for a while", "pause", pause.Round(time.Second))
		c.o.Metrics.paused()
		if p, ok := c.o.Sender.(pacer); ok {
			p.SlowDown()
		}
	}
	c.pauseFor(pause)
}

// pauseFor lets this process send nothing for a while.
func (c *Courier) pauseFor(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if until := c.o.Now().Add(d); until.After(c.paused) {
		c.paused = until
	}
}

// pause is how long this process has still to send nothing.
func (c *Courier) pause() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return max(0, c.paused.Sub(c.o.Now()))
}

// enter waits for a seat; ok is false when ctx ended first. leave gives the seat
// back, and may be called more than once.
func (c *Courier) enter(ctx context.Context) (leave func(), ok bool) {
	select {
	case c.seats <- struct{}{}:
		return sync.OnceFunc(func() { <-c.seats }), true
	case <-ctx.Done():
		return nil, false
	}
}
