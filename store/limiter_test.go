package store_test

import (
	"testing"
	"time"

	"wirewatch/store"
	"wirewatch/store/storetest"
)

func TestSlot(t *testing.T) {
	now := time.Now()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		slot := func(gap time.Duration) time.Duration {
			t.Helper()
			wait, ok, err := db.Slot(ctx, gap)
			w.must(err)
			if !ok {
				t.Error("paused")
			}
			return wait
		}
		for i, want := range []time.Duration{0, 40, 80} {
			if got := slot(39500 * time.Microsecond); got != want*time.Millisecond {
				t.Errorf("turn %d: wait %v, want %v ms", i, got, int(want))
			}
		}
		now = now.Add(100 * time.Millisecond)
		if got := slot(40 * time.Millisecond); got != 20*time.Millisecond {
			t.Errorf("wait %v", got)
		}
		now = now.Add(time.Minute)
		if got := slot(40 * time.Millisecond); got != 0 {
			t.Errorf("wait %v after a minute of silence", got)
		}
	}, store.Options{Now: func() time.Time { return now }})
}

// Two chats that Telegram refuses within two seconds pause everybody, for the
// longer of what was wanted; the turns of that time are nobody's.
func TestRefusedChatsPauseEverybody(t *testing.T) {
	now := time.Now().Truncate(time.Millisecond)
	for name, tt := range map[string]struct {
		second int64
		after  time.Duration
		pause  time.Duration
	}{
		"two chats":             {2, time.Second, 59 * time.Second},
		"two chats, later":      {2, 3 * time.Second, 0},
		"the same chat again":   {1, time.Second, 0},
		"a group and a channel": {-2, 2 * time.Second, 58 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				w := world{db, t}
				all, err := db.Refused(ctx, 1, time.Minute)
				w.must(err)
				if all {
					t.Error("one refusal pauses all")
				}
				now = now.Add(tt.after)
				all, err = db.Refused(ctx, tt.second, 5*time.Second)
				w.must(err)
				if all != (tt.pause > 0) {
					t.Errorf("pauses all: %v", all)
				}
				for range 3 {
					wait, ok, err := db.Slot(ctx, 40*time.Millisecond)
					w.must(err)
					if tt.pause > 0 && (ok || wait != tt.pause) || tt.pause == 0 && !ok {
						t.Errorf("turn %v in %v, want a pause of %v", ok, wait, tt.pause)
					}
				}
				now = now.Add(tt.pause + time.Second)
				if wait, ok, err := db.Slot(ctx, 40*time.Millisecond); !ok || wait > 0 || err != nil {
					t.Errorf("after the pause: turn %v in %v, %v", ok, wait, err)
				}
				now = now.Add(time.Hour)
			}, store.Options{Now: func() time.Time { return now }})
		})
	}
}
