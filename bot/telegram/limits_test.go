package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// testLimiter returns a limiter on the bubble's clock.
func testLimiter(change ...func(*Options)) *limiter {
	o := Options{MaxWait: time.Hour}
	for _, f := range change {
		f(&o)
	}
	return newLimiter(o.withDefaults())
}

// waits sends n messages to a chat, one after the other, and returns when each
// was let go, counted from the first call.
func waits(t *testing.T, l *limiter, chat int64, n int) []time.Duration {
	t.Helper()
	began := time.Now()
	var out []time.Duration
	for range n {
		if err := l.wait(t.Context(), chat); err != nil {
			t.Fatal(err)
		}
		out = append(out, time.Since(began))
	}
	return out
}

// most returns the greatest number of moments within any window.
func most(moments []time.Duration, window time.Duration) int {
	slices.Sort(moments)
	n := 0
	for i, from := range moments {
		j := i
		for j < len(moments) && moments[j] < from+window {
			j++
		}
		n = max(n, j-i)
	}
	return n
}

func TestPrivateChatLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := waits(t, testLimiter(), 7, 10)
		if got[2] > 100*time.Millisecond {
			t.Errorf("the third message of a burst waits %s", got[2])
		}
		if got[9] < 6900*time.Millisecond || got[9] > 7100*time.Millisecond {
			t.Errorf("ten messages take %s, want 7s", got[9])
		}
	})
}

// No minute has more than 20 messages to one group, though the bucket is full.
func TestGroupLimit(t *testing.T) {
	for _, chat := range []int64{-7, -1001234567890} {
		synctest.Test(t, func(t *testing.T) {
			got := waits(t, testLimiter(), chat, 60)
			if n := most(got, time.Minute); n > groupPerMinute || n < groupPerMinute-2 {
				t.Errorf("%d messages in a minute, want at most %d and hardly less", n, groupPerMinute)
			}
		})
	}
}

// Over all chats no second has more than 30, and nearly all of them are used.
func TestGlobalLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := testLimiter()
		began := time.Now()
		var (
			mu   sync.Mutex
			sent []time.Duration
			wg   sync.WaitGroup
		)
		for chat := range int64(300) {
			wg.Go(func() {
				if err := l.wait(t.Context(), chat+1); err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				sent = append(sent, time.Since(began))
			})
		}
		wg.Wait()
		if n := most(sent, time.Second); n > 30 || n < 29 {
			t.Errorf("%d messages in a second", n)
		}
		if took := time.Since(began); took > 10300*time.Millisecond {
			t.Errorf("300 messages take %s", took)
		}
	})
}

// A chat that must wait does not hold up another.
func TestLanesAreIndependent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := testLimiter()
		l.pause(7, time.Minute)
		if got := waits(t, l, 8, 1)[0]; got > time.Second {
			t.Errorf("chat 8 waits %s for chat 7", got)
		}
		if got := waits(t, l, 7, 1)[0]; got < time.Minute || got > time.Minute+time.Second {
			t.Errorf("chat 7 waits %s, want a minute and a little", got)
		}
	})
}

// After a pause a chat starts with one message, not with a burst.
func TestPauseEmptiesTheBucket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := testLimiter()
		l.pause(-7, 10*time.Second)
		got := waits(t, l, -7, 2)
		if gap := got[1] - got[0]; gap < 3*time.Second {
			t.Errorf("the second message follows after %s", gap)
		}
	})
}

// Who waits for a turn while the chat is paused waits for the pause as well.
func TestPauseWhileWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := testLimiter()
		waits(t, l, 7, privateBurst)
		began := time.Now()
		var took time.Duration
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := l.wait(t.Context(), 7); err != nil {
				t.Error(err)
			}
			took = time.Since(began)
		})
		synctest.Wait()
		l.pause(7, 30*time.Second)
		wg.Wait()
		if took < 30*time.Second {
			t.Errorf("sent after %s in spite of the pause", took)
		}
	})
}

// Two chats refused in short order: it is the bot that is too fast.
func TestStormPausesEverything(t *testing.T) {
	tests := []struct {
		name   string
		second int64
		after  time.Duration
		all    bool
	}{
		{"two chats within two seconds", 8, time.Second, true},
		{"two chats, later", 8, 3 * time.Second, false},
		{"the same chat again", 7, time.Second, false},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			l := testLimiter()
			l.pause(7, 60*time.Second)
			time.Sleep(tt.after)
			l.pause(tt.second, 20*time.Second)
			got := waits(t, l, 9, 1)[0]
			// The longer of both pauses counts, however long ago it began.
			if tt.all && got < 59*time.Second || !tt.all && got > time.Second {
				t.Errorf("%s: another chat waits %s", tt.name, got)
			}
		})
	}
}

func TestWaitGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := testLimiter(func(o *Options) { o.MaxWait = 15 * time.Second })
		l.pause(7, time.Minute)
		began := time.Now()
		err := l.wait(t.Context(), 7)
		if err == nil || err.Kind != RateLimited || err.RetryAfter < time.Minute || time.Since(began) != 0 {
			t.Errorf("beyond MaxWait: %+v after %s", err, time.Since(began))
		}

		l.pause(8, time.Minute) // the second chat: now everybody waits
		short, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if err := l.wait(short, 9); err == nil || err.Kind != RateLimited {
			t.Errorf("beyond the deadline: %+v", err)
		}
	})
}

func TestWaitEndsWithContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := testLimiter()
		l.pause(7, time.Minute)
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			err := l.wait(ctx, 7)
			if err == nil || err.Kind != Unreachable || !errors.Is(err, context.Canceled) {
				t.Errorf("got %+v", err)
			}
		})
		synctest.Wait()
		cancel()
		wg.Wait()
		if in := l.lanes[7]; in.waiting != 0 {
			t.Errorf("%d still wait", in.waiting)
		}
	})
}

// A turn that was given back serves the next.
func TestCancelledTurnIsNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := testLimiter()
		waits(t, l, 7, privateBurst)
		for range 50 {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
			if err := l.wait(ctx, 7); err == nil {
				t.Error("there was a turn")
			}
			cancel()
		}
		if got := waits(t, l, 7, 1)[0]; got > 1100*time.Millisecond {
			t.Errorf("the next turn is in %s", got)
		}
	})
}

// Memory is bounded, by forgetting what is idle and, if need be, more.
func TestLanesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := testLimiter(func(o *Options) { o.Unlimited = true })
		for chat := range int64(100) {
			l.pause(chat+1, time.Second)
			time.Sleep(3 * time.Second)
		}
		time.Sleep(2*sweepEvery + 10*time.Minute) // and what they taught
		waits(t, l, 7, 1)
		if n := len(l.lanes); n > 2 {
			t.Errorf("%d lanes of idle chats are kept", n)
		}
		for chat := range int64(2 * maxLanes) {
			l.pause(chat+1, time.Hour)
		}
		if n := len(l.lanes); n > maxLanes {
			t.Errorf("%d lanes, want at most %d", n, maxLanes)
		}
	})
}

// The lane of somebody who waits is never dropped: a second one would double
// the chat's share.
func TestWaitingLaneStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := testLimiter()
		in := l.enter(7)
		time.Sleep(2 * sweepEvery)
		waits(t, l, 8, 1)
		if l.enter(7) != in {
			t.Error("the lane was replaced")
		}
	})
}

// What a 429 says is remembered for the next send, and the send returns it.
func TestClientRemembersRefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, err := New(Options{Token: testToken, Proxy: "direct", MaxWait: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		var at []time.Duration
		c.http.Transport = script(func(r *http.Request) string {
			at = append(at, time.Since(began))
			if len(at) == 1 {
				return refusal(429, "Too Many Requests: retry after 9", `{"retry_after":9}`)
			}
			return `{"ok":true,"result":{"message_id":4}}`
		})
		if _, err := c.Send(t.Context(), Outgoing{Chat: 7, HTML: "x"}); KindOf(err) != RateLimited {
			t.Fatalf("got %v", err)
		}
		if err := c.Edit(t.Context(), 7, 3, Outgoing{HTML: "x"}); err != nil {
			t.Fatal(err)
		}
		if len(at) != 2 || at[1] < 9*time.Second || at[1] > 10*time.Second {
			t.Errorf("requests at %v", at)
		}
	})
}

// A send that was held back says so under its method's name, and makes no
// request and no pause.
func TestClientHoldsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, err := New(Options{Token: testToken, Proxy: "direct"})
		if err != nil {
			t.Fatal(err)
		}
		requests := 0
		c.http.Transport = script(func(*http.Request) string {
			requests++
			return `{"ok":true,"result":{"message_id":4}}`
		})
		c.limits.pause(7, time.Minute)
		until := c.limits.lanes[7].until
		_, err = c.Send(t.Context(), Outgoing{Chat: 7, HTML: "x"})
		e, _ := errors.AsType[*Error](err)
		if e == nil || e.Kind != RateLimited || e.Method != "sendMessage" || e.Code != 0 {
			t.Errorf("got %+v", e)
		}
		if requests != 0 || c.limits.lanes[7].until != until {
			t.Errorf("%d requests, pause until %s", requests, c.limits.lanes[7].until)
		}
		if got := fmt.Sprint(err); !strings.Contains(got, "held back") {
			t.Errorf("the error reads %q", got)
		}
	})
}

// script is a transport that answers without a network.
type script func(*http.Request) string

func (s script) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: 200, Request: r, Header: http.Header{},
		Body: io.NopCloser(strings.NewReader(s(r))),
	}, nil
}
