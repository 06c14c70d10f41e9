package telegram

import (
	"math"
	"time"
)

// What is learned from a 429: Telegram's true limits are not published, differ
// from chat to chat and move.
const (
	slower    = 1.5 // a 429 makes the time between two messages so many times as long
	slowest   = 8.0 // as the stated limit has it; it is never longer
	easing    = 0.9 // of it remains after each
	easeEvery = time.Minute
)

// A lesson is how much slower than the stated limits one has to be, as the last
// 429 taught. The zero lesson: not at all.
type lesson struct {
	factor float64 // of the time between two messages, when it was learned
	at     time.Time
}

// slowness is what is left of a lesson: 1 when it is forgotten.
func (l lesson) slowness(now time.Time) float64 {
	minutes := float64(now.Sub(l.at)) / float64(easeEvery)
	return max(1, l.factor*math.Pow(easing, max(0, minutes)))
}

// again is the lesson after another 429.
func (l lesson) again(now time.Time) lesson {
	return lesson{min(l.slowness(now)*slower, slowest), now}
}

// Slowness is how many times as long as Telegram's stated limits the time
// between two messages to a chat has to be, as far as 429s have taught; chat 0
// is all chats together. It is 1 when there is nothing to be learned, and goes
// back to 1 within half an hour.
func (c *Client) Slowness(chat int64) float64 { return c.limits.slowness(chat) }

// SlowDown says that Telegram refuses the whole bot, which somebody else has
// found out.
func (c *Client) SlowDown() {
	l := c.limits
	l.mu.Lock()
	defer l.mu.Unlock()
	l.learned = l.learned.again(l.now())
}

// slowness is Client.Slowness.
func (l *limiter) slowness(chat int64) float64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if chat == 0 {
		return l.learned.slowness(now)
	}
	if in := l.lanes[chat]; in != nil {
		return in.learned.slowness(now)
	}
	return 1
}
