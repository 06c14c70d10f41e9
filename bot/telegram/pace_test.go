package telegram

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// A 429 makes its chat slower than the stated limit, each more so, and the
// chat comes back to it bit by bit.
func TestChatLearnsFromRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := testLimiter()
		gap := func() time.Duration {
			got := waits(t, l, 7, 3)
			return (got[2] - got[1]).Round(10 * time.Millisecond)
		}
		l.pause(7, time.Second)
		if got := gap(); got < 1400*time.Millisecond || got > 1500*time.Millisecond {
			t.Errorf("after a 429 messages are %s apart, want 1.5s", got)
		}
		l.pause(7, time.Second)
		if got := gap(); got < 2*time.Second || got > 2250*time.Millisecond {
			t.Errorf("after two they are %s apart, want somewhat less than 2.25s", got)
		}
		if got := waits(t, l, 8, 4); got[3] > 1100*time.Millisecond {
			t.Errorf("another chat waits %s", got[3])
		}
		for range 30 {
			l.pause(7, time.Second)
		}
		if got := l.slowness(7); got != slowest {
			t.Errorf("slowness %v has no end", got)
		}
		last := slowest
		for range 20 {
			time.Sleep(time.Minute)
			now := l.slowness(7)
			if now > last || now < last*easing-0.001 && now > 1 {
				t.Errorf("from %v to %v in a minute", last, now)
			}
			last = now
		}
		if last != 1 {
			t.Errorf("after 20 minutes it is still %v", last)
		}
	})
}

// Refusals in several chats make everything slower, once for each storm.
func TestStormTeachesEverybody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := testLimiter()
		for chat := range int64(8) {
			l.pause(chat+1, time.Second)
		}
		if got := l.slowness(0); got != slower {
			t.Errorf("one storm of 8 refusals: slowness %v, want %v", got, slower)
		}
		time.Sleep(2 * time.Second)
		began := time.Now()
		for chat := range int64(60) {
			waits(t, l, 100+chat, 1)
		}
		if took := time.Since(began); took < 2800*time.Millisecond || took > 3200*time.Millisecond {
			t.Errorf("60 messages take %s, want 3s at two thirds of %v a second", took, DefaultRate)
		}
		time.Sleep(time.Hour)
		began = time.Now()
		for chat := range int64(60) {
			waits(t, l, 200+chat, 1)
		}
		if took := time.Since(began); took > 2100*time.Millisecond {
			t.Errorf("an hour later 60 messages take %s", took)
		}
	})
}

// Who pays may be faster, and says so with every message.
func TestPaidBroadcast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, paid := range []bool{false, true} {
			c, err := New(Options{Token: testToken, Proxy: "direct", Paid: paid})
			if err != nil {
				t.Fatal(err)
			}
			said := 0
			c.http.Transport = script(func(r *http.Request) string {
				if r.FormValue("allow_paid_broadcast") == "true" {
					said++
				}
				return `{"ok":true,"result":{"message_id":4}}`
			})
			began := time.Now()
			for chat := range int64(100) {
				if _, err := c.Send(t.Context(), Outgoing{Chat: chat + 1, HTML: "x"}); err != nil {
					t.Fatal(err)
				}
			}
			took := time.Since(began)
			if paid && (said != 100 || took > time.Second) || !paid && (said != 0 || took < 3*time.Second) {
				t.Errorf("paid %v: %d of 100 say so, all took %s", paid, said, took)
			}
		}
	})
}
