package telegramtest

import (
	"math"
	"strings"
	"time"
)

// Telegram's rates as its documentation and its support name them; the true ones move and are not published.
const (
	GlobalRate  = 30   // messages a second over all chats
	PaidRate    = 1000 // the same with allow_paid_broadcast
	ChatRate    = 1    // messages a second in one chat
	ChatBurst   = 3    // of them at once
	GroupRate   = 20   // messages a minute in a group or channel
	groupWindow = time.Minute
)

// limiter counts what was sent; it is guarded by Server.mu.
type limiter struct {
	global bucket
	paid   bucket
	chats  map[int64]*bucket
	groups map[string][]time.Time // chat and kind of request -> when, within the last minute
}

func newLimiter() limiter {
	return limiter{global: bucket{rate: GlobalRate, size: GlobalRate}, paid: bucket{rate: PaidRate, size: PaidRate}, chats: map[int64]*bucket{}, groups: map[string][]time.Time{}}
}

// wait returns 0 and counts the request, or the seconds after which it may be repeated.
func (l *limiter) wait(c *call, o Options) int {
	kind := rateKind(c.method)
	if !o.Limits || kind == "" {
		return 0
	}
	now := o.Now()
	id := c.record.Chat
	one := l.chats[id]
	if one == nil {
		one = &bucket{rate: ChatRate, size: ChatBurst}
		l.chats[id] = one
	}
	all := &l.global
	if c.bool("allow_paid_broadcast") {
		all = &l.paid
	}
	longest := all.delay(now)
	if kind == "send" {
		longest = max(longest, one.delay(now))
	}
	key := kind + " " + c.str("chat_id")
	if target := c.s.chats[id]; target != nil && target.Kind != "private" {
		longest = max(longest, l.window(key, now))
	}
	if longest > 0 {
		return int(math.Ceil(longest.Seconds()))
	}
	all.take()
	if kind == "send" {
		one.take()
	}
	l.groups[key] = append(l.groups[key], now)
	return 0
}

// rateKind sorts methods: edits have a limit of their own in groups and none in a private chat.
func rateKind(method string) string {
	switch {
	case method == "sendChatAction":
		return ""
	case strings.HasPrefix(method, "send"), method == "forwardMessage", method == "copyMessage":
		return "send"
	case strings.HasPrefix(method, "editMessage"):
		return "edit"
	}
	return ""
}

// window forgets what is older than a minute and returns how long until one more fits.
func (l *limiter) window(key string, now time.Time) time.Duration {
	times := l.groups[key]
	for len(times) > 0 && now.Sub(times[0]) >= groupWindow {
		times = times[1:]
	}
	l.groups[key] = times
	if len(times) < GroupRate {
		return 0
	}
	return groupWindow - now.Sub(times[0])
}

// bucket is a token bucket; it is full at first.
type bucket struct {
	rate, size float64
	spent      float64
	at         time.Time
}

func (b *bucket) delay(now time.Time) time.Duration {
	if !b.at.IsZero() {
		b.spent = max(0, b.spent-now.Sub(b.at).Seconds()*b.rate)
	}
	b.at = now
	if b.spent+1 <= b.size+1e-9 {
		return 0
	}
	return time.Duration((b.spent + 1 - b.size) / b.rate * float64(time.Second))
}

func (b *bucket) take() { b.spent++ }
