package telegram

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// The limits of Telegram, as its FAQ states them: about 30 messages a second
// over all chats, one a second to one chat with short bursts, 20 a minute to
// one group; channels are held to the groups' limit. A bucket of burst b that
// fills with b less than the limit keeps every window within the limit.
const (
	globalBurst    = 1
	privateRate    = 1.0 // a second
	privateBurst   = 3   // a command and what it answers
	groupPerMinute = 20
	groupBurst     = 3
)

// groupRate is in messages a second.
const groupRate = (groupPerMinute - groupBurst) / 60.0

// What follows a 429.
const (
	minPause    = time.Second     // when Telegram does not say how long
	stormWindow = 2 * time.Second // two chats refused within it: the whole bot is too fast
	jitterBase  = 100 * time.Millisecond
	jitterSpan  = 400 * time.Millisecond
)

// maxLanes bounds how many chats' limits are remembered; when there are as
// many, an eighth is forgotten at once.
const maxLanes = 8192

// sweepEvery is how often lanes that remember nothing are dropped.
const sweepEvery = time.Minute

// A limiter keeps the bot's sends within Telegram's limits. It knows this
// process only; several processes share a slot in the store besides. It is
// safe for concurrent use and has no goroutine.
type limiter struct {
	now       func() time.Time
	maxWait   time.Duration
	unlimited bool // only the pauses count
	rate      rate.Limit
	all       *rate.Limiter

	mu      sync.Mutex
	lanes   map[int64]*lane
	swept   time.Time
	until   time.Time // nobody sends before
	struck  int64     // the chat that got the last 429
	at      time.Time // when
	learned lesson    // about rate
}

// A lane is one chat's share. Its fields are the limiter's to lock.
type lane struct {
	bucket  *rate.Limiter
	rate    rate.Limit // of bucket, before anything was learned
	learned lesson     // about rate
	until   time.Time  // nothing is sent to this chat before
	waiting int        // callers inside wait: a lane in use is not dropped
}

// newLimiter wants options with their defaults filled in.
func newLimiter(o Options) *limiter {
	l := &limiter{now: o.Now, maxWait: o.MaxWait, unlimited: o.Unlimited, rate: rate.Limit(o.Rate), lanes: map[int64]*lane{}}
	if l.unlimited {
		l.rate = rate.Inf
	}
	l.all = rate.NewLimiter(l.rate, globalBurst)
	return l
}

// newLane returns a lane with a full bucket: ids of people are positive.
func (l *limiter) newLane(chat int64) *lane {
	in, burst := &lane{rate: groupRate}, groupBurst
	if chat > 0 {
		in.rate, burst = privateRate, privateBurst
	}
	if l.unlimited {
		in.rate = rate.Inf
	}
	in.bucket = rate.NewLimiter(in.rate, burst)
	return in
}

// wait returns nil when a message may be sent to chat now. It gives up at once
// when that moment lies beyond maxWait or the deadline of ctx (RateLimited, with
// the time to go) and when ctx ends (Unreachable, wrapping its error).
func (l *limiter) wait(ctx context.Context, chat int64) *Error {
	in := l.enter(chat)
	defer l.leave(in)
	latest := l.now().Add(l.maxWait)
	if d, ok := ctx.Deadline(); ok && d.Before(latest) {
		latest = d
	}
	// A 429 may pause the chat while its turn was awaited: then it queues anew.
	for {
		pause, bucket := l.state(in)
		if err := l.sleep(ctx, pause, latest); err != nil {
			return err
		}
		if err := l.take(ctx, bucket, latest); err != nil {
			return err
		}
		if err := l.take(ctx, l.all, latest); err != nil {
			return err
		}
		if pause, _ := l.state(in); !pause.After(l.now()) {
			return nil
		}
	}
}

// take waits for one token of a bucket.
func (l *limiter) take(ctx context.Context, bucket *rate.Limiter, latest time.Time) *Error {
	now := l.now()
	r := bucket.ReserveN(now, 1)
	if err := l.sleep(ctx, now.Add(r.DelayFrom(now)), latest); err != nil {
		r.CancelAt(l.now())
		return err
	}
	return nil
}

// sleep waits until a moment, unless that is after latest.
func (l *limiter) sleep(ctx context.Context, until, latest time.Time) *Error {
	if err := ctx.Err(); err != nil {
		return &Error{Kind: Unreachable, Description: "not sent", Err: err}
	}
	d := until.Sub(l.now())
	if d <= 0 {
		return nil
	}
	if until.After(latest) {
		return &Error{
			Kind: RateLimited, RetryAfter: d,
			Description: fmt.Sprintf("held back before sending: the next turn is in %s", d.Round(time.Millisecond)),
		}
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return &Error{Kind: Unreachable, Description: "not sent", Err: ctx.Err()}
	}
}

// pause remembers a 429: the chat is left alone for d and a little more. When
// another chat was refused just before, all are.
func (l *limiter) pause(chat int64, d time.Duration) {
	d = max(d, minPause) + jitterBase + rand.N(jitterSpan)
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	until := now.Add(d)
	in := l.lane(chat)
	if until.After(in.until) {
		in.until = until
	}
	// What the bucket had saved up was too much: it restarts with one message.
	in.bucket = rate.NewLimiter(in.rate, in.bucket.Burst())
	in.bucket.AllowN(in.until, in.bucket.Burst()-1)
	in.learned = in.learned.again(now)

	if l.struck != chat && !l.at.IsZero() && now.Sub(l.at) <= stormWindow {
		other := l.lane(l.struck)
		if !l.until.After(now) { // several refusals are one lesson
			l.learned = l.learned.again(now)
		}
		for _, u := range []time.Time{until, other.until} {
			if u.After(l.until) {
				l.until = u
			}
		}
	}
	l.struck, l.at = chat, now
}

// state returns until when a lane is paused, by itself or with all others, and
// its bucket, and sets the rates to what is known now.
func (l *limiter) state(in *lane) (time.Time, *rate.Limiter) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if !in.until.After(now) { // else the bucket is set to fill from then on
		setRate(in.bucket, in.rate, in.learned, now)
	}
	setRate(l.all, l.rate, l.learned, now)
	if l.until.After(in.until) {
		return l.until, in.bucket
	}
	return in.until, in.bucket
}

// setRate makes a bucket fill as slowly as was learned.
func setRate(b *rate.Limiter, stated rate.Limit, learned lesson, now time.Time) {
	if r := stated / rate.Limit(learned.slowness(now)); r != b.Limit() {
		b.SetLimitAt(now, r)
	}
}

// enter returns a chat's lane and keeps it from being dropped.
func (l *limiter) enter(chat int64) *lane {
	l.mu.Lock()
	defer l.mu.Unlock()
	in := l.lane(chat)
	in.waiting++
	return in
}

// leave undoes enter.
func (l *limiter) leave(in *lane) {
	l.mu.Lock()
	defer l.mu.Unlock()
	in.waiting--
}

// lane returns a chat's lane, a new one if need be. The caller holds mu.
func (l *limiter) lane(chat int64) *lane {
	now := l.now()
	if now.Sub(l.swept) >= sweepEvery || len(l.lanes) >= maxLanes {
		l.sweep(now)
	}
	in := l.lanes[chat]
	if in == nil {
		in = l.newLane(chat)
		l.lanes[chat] = in
	}
	return in
}

// sweep drops the lanes that would behave like new ones. Should there still be
// too many, it drops any that nobody waits in: to forget a pause costs a 429 at
// worst. The caller holds mu.
func (l *limiter) sweep(now time.Time) {
	l.swept = now
	for chat, in := range l.lanes {
		full := in.bucket.TokensAt(now) >= float64(in.bucket.Burst())
		if in.waiting == 0 && full && !in.until.After(now) && in.learned.slowness(now) == 1 {
			delete(l.lanes, chat)
		}
	}
	if len(l.lanes) < maxLanes {
		return
	}
	for chat, in := range l.lanes {
		if len(l.lanes) < maxLanes*7/8 {
			return
		}
		if in.waiting == 0 {
			delete(l.lanes, chat)
		}
	}
}
