package bot

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"wirewatch/bot/telegram"
)

// Limits of the update loop.
const (
	pollLease    = time.Minute            // how long a process that died keeps the others from polling
	pollMargin   = 5 * time.Second        // before the lease ends, a poll is given up
	handleLimit  = time.Minute            // for one update
	drainLimit   = 5 * time.Second        // for updates in hand when the program ends
	patience     = time.Second            // for a slow update, before the others are looked for
	minBackoff   = 500 * time.Millisecond // after a first failed poll
	maxBackoff   = time.Minute
	maxParallel  = 16               // chats answered at the same time
	answerLimit  = 10 * time.Second // for what must be said after the time was up
	commandsHash = "bot.commands"   // store key: the command menus that Telegram has
	leaseName    = "poller"         // one process polls at a time
	unauthorized = "telegram refuses the bot's token (401): get it again from @BotFather (/mybots, API Token) and set telegram.token or WIREWATCH_TELEGRAM_TOKEN"
	otherPoller  = "another program reads this bot's updates: stop it, or revoke the token at @BotFather and use the new one"
	notTheLeader = "another process of this installation reads the updates; waiting for its lease to end"
)

// Run reads updates and handles them until ctx ends, which is no error. It
// returns an error only when Telegram refuses the token; everything else is
// logged and tried again. Of the processes that share a store one reads at a
// time.
func (b *Bot) Run(ctx context.Context) error {
	loop := &loop{bot: b, lanes: newLanes(b.handle)}
	defer loop.stop()
	for ctx.Err() == nil {
		pause, err := loop.round(ctx)
		if telegram.KindOf(err) == telegram.Unauthorized {
			return errors.New(unauthorized)
		}
		if pause > 0 {
			sleep(ctx, pause)
		}
	}
	return nil
}

// A loop is the state of Run.
type loop struct {
	bot      *Bot
	lanes    *lanes
	leader   bool // in the last round
	ready    bool // what is done once, at the start, is done
	offset   int64
	failures int           // in a row
	warned   telegram.Kind // of the last failure, so that a conflict is explained once
	waiting  bool          // for another process's lease
}

// round polls once, if it is this process's turn, and hands the updates out.
// It says how long to wait before the next round; an error has been logged.
func (lp *loop) round(ctx context.Context) (time.Duration, error) {
	b := lp.bot
	_, leads, err := b.o.Store.Lead(ctx, leaseName, b.o.Owner, pollLease)
	switch {
	case err != nil:
		lp.leader = false
		return lp.failed(ctx, fmt.Errorf("take the poller's lease: %w", err)), err
	case !leads:
		if !lp.waiting {
			b.o.Log.Info(notTheLeader)
		}
		lp.leader, lp.waiting = false, true
		return pollLease / 6, nil
	}
	lp.waiting = false
	leased, cancel := context.WithTimeout(ctx, pollLease-pollMargin)
	defer cancel()
	if err := lp.begin(leased); err != nil {
		return lp.failed(ctx, err), err
	}
	updates, err := b.o.Telegram.Updates(leased, lp.offset)
	if err != nil {
		return lp.failed(ctx, err), err
	}
	lp.failures, lp.warned = 0, 0
	if err := lp.take(leased, updates); err != nil {
		return lp.failed(ctx, err), err
	}
	return 0, nil
}

// begin does what a process does when it becomes the one that polls.
func (lp *loop) begin(ctx context.Context) error {
	b := lp.bot
	if !lp.ready {
		if err := b.o.Telegram.DeleteWebhook(ctx); err != nil {
			return err
		}
		me, err := b.self(ctx)
		if err != nil {
			return err
		}
		if err := b.publishCommands(ctx); err != nil {
			if telegram.KindOf(err) == telegram.Unauthorized {
				return err
			}
			b.o.Log.Warn("command menus are not set", "err", err)
		}
		b.o.Log.Info("reading updates", "bot", "@"+me.Username)
		lp.ready = true
	}
	if !lp.leader {
		offset, err := b.o.Store.Offset(ctx)
		if err != nil {
			return fmt.Errorf("read the update offset: %w", err)
		}
		lp.offset, lp.leader = offset, true
	}
	return nil
}

// take hands updates to their chats' lanes and confirms those that are done.
// While one is slow, the next poll asks for it again, so that it is not lost
// if the program dies, and returns at once with what came after it.
func (lp *loop) take(ctx context.Context, updates []telegram.Update) error {
	b := lp.bot
	for _, u := range updates {
		if lp.lanes.flying(u.ID) {
			continue
		}
		seen, err := b.o.Store.UpdateSeen(ctx, u.ID)
		if err != nil {
			return fmt.Errorf("look up an update: %w", err)
		}
		if !seen {
			lp.lanes.add(lane(u), u)
		}
	}
	lp.lanes.wait(ctx, patience)
	next := telegram.Next(lp.offset, updates)
	for _, u := range updates {
		// Ids may restart lower: order is that of the list, never of the numbers.
		if lp.lanes.flying(u.ID) {
			next = u.ID
			break
		}
	}
	if next == lp.offset {
		return nil
	}
	if err := b.o.Store.SaveOffset(context.WithoutCancel(ctx), next); err != nil {
		return fmt.Errorf("save the update offset: %w", err)
	}
	lp.offset = next
	return nil
}

// failed logs a failed round and says how long to wait.
func (lp *loop) failed(ctx context.Context, err error) time.Duration {
	if ctx.Err() != nil && telegram.KindOf(err) != telegram.Unauthorized {
		return 0 // the program ends
	}
	log := lp.bot.o.Log
	lp.failures++
	wait := backoff(lp.failures)
	kind := telegram.KindOf(err)
	switch kind {
	case telegram.Unauthorized:
		return 0
	case telegram.Conflict:
		wait = max(wait, 3*time.Second) // Telegram says it once in three seconds
		if lp.warned != kind {
			log.Error(otherPoller, "err", err)
		}
	default:
		if e, ok := errors.AsType[*telegram.Error](err); ok {
			wait = max(wait, e.RetryAfter)
		}
		log.Warn("updates are not read", "err", err, "again_in", wait.Round(time.Millisecond))
	}
	lp.warned = kind
	return wait
}

// stop waits for the updates in hand and lets another process poll.
func (lp *loop) stop() {
	lp.lanes.close(drainLimit)
	ctx, cancel := context.WithTimeout(context.Background(), pollMargin)
	defer cancel()
	if lp.leader {
		if err := lp.bot.o.Store.Yield(ctx, leaseName, lp.bot.o.Owner); err != nil {
			lp.bot.o.Log.Warn("the poller's lease is not given back", "err", err)
		}
	}
}

// backoff is how long to wait after n failures in a row: doubling, with a
// random half so that processes do not come back together.
func backoff(n int) time.Duration {
	d := maxBackoff
	if shift := n - 1; shift < 7 {
		d = min(maxBackoff, minBackoff<<shift)
	}
	return d/2 + rand.N(d/2)
}

// sleep waits for d or for the end of ctx.
func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// handle is Handle for the loop: bounded in time, proof against panics, with
// the outcome logged and the update remembered as done. An update that the end
// of the program cut short is not done: it comes again.
func (b *Bot) handle(ctx context.Context, u telegram.Update) {
	began := b.o.Now()
	limited, cancel := context.WithTimeout(ctx, handleLimit)
	defer cancel()
	err := b.guarded(limited, u)
	if err != nil {
		if ctx.Err() != nil {
			return
		}
		b.o.Log.Error("update is not answered", "update", u.ID, "chat", lane(u), "err", err, "took", b.o.Now().Sub(began))
	} else {
		b.o.Log.Debug("update answered", "update", u.ID, "chat", lane(u), "took", b.o.Now().Sub(began))
	}
	late, done := context.WithTimeout(context.WithoutCancel(ctx), answerLimit)
	defer done()
	if err := b.o.Store.UpdateDone(late, u.ID); err != nil {
		b.o.Log.Error("update is not remembered", "update", u.ID, "err", err)
	}
}

// guarded turns a panic into an error: one chat's strange text must not end
// the program for all.
func (b *Bot) guarded(ctx context.Context, u telegram.Update) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return b.Handle(ctx, u)
}

// lane is the id whose updates are kept in order: the chat.
func lane(u telegram.Update) int64 {
	switch {
	case u.Message != nil:
		return u.Message.Chat.ID
	case u.ChannelPost != nil:
		return u.ChannelPost.Chat.ID
	case u.Callback != nil && u.Callback.Message != nil:
		return u.Callback.Message.Chat.ID
	case u.Callback != nil:
		return u.Callback.From.ID
	case u.Member != nil:
		return u.Member.Chat.ID
	}
	return 0
}
