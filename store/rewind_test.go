package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wirewatch/store"
	"wirewatch/store/storetest"
)

// TestClockSetBack: a machine that came up a year ahead, and whose clock was corrected
// then, must not be silent for a year.
func TestClockSetBack(t *testing.T) {
	now := noon
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		real := noon
		now = real.AddDate(1, 0, 0)
		w := world{db, t}
		w.chat(1)
		src := w.source("https://a.example/feed", 0)
		r := w.rule(1, "geneva", 0, store.TierInstant)
		r.Limits = store.Limits{Cap: 1, Per: time.Hour}
		w.must(db.UpdateRule(ctx, r))
		_, err := db.UpdateChat(ctx, 1, func(c *store.Chat) error { c.DigestAt = now.AddDate(0, 0, 1); return nil })
		w.must(err)
		v := visit(w.claim(src.ID), item("ahead", r), item("folded", r))
		v.NextAt = now.Add(time.Minute)
		_, err = db.Publish(ctx, v)
		w.must(err)
		_, _, err = db.Slot(ctx, time.Second)
		w.must(err)
		if back, err := db.Rewind(ctx); err != nil || back {
			t.Fatalf("while it is ahead: %v, %v", back, err)
		}

		now = real
		if list, err := db.ClaimSources(ctx, 1, time.Minute); err != nil || len(list) > 0 {
			t.Fatalf("the test says nothing: %v, %v", list, err)
		}
		if back, err := db.Rewind(ctx); err != nil || !back {
			t.Fatalf("set back: %v, %v", back, err)
		}
		if back, err := db.Rewind(ctx); err != nil || back {
			t.Errorf("again: %v, %v", back, err)
		}
		if wait, ok, err := db.Slot(ctx, time.Second); err != nil || !ok || wait > time.Minute {
			t.Errorf("a turn in %v, %v, %v", wait, ok, err)
		}
		if got := w.deliver(1); len(got) == 0 || got[0] != "ahead" {
			t.Errorf("told %v", got)
		}
		if due, err := db.DueDigests(ctx, now, 9); err != nil || len(due) != 1 {
			t.Errorf("digests of %d chats are due, %v", len(due), err)
		}
		now = now.Add(time.Minute)
		w.publish(src, item("after", r))
		if diff := cmp.Diff([]string{"after"}, w.deliver(1)); diff != "" {
			t.Error(diff)
		}
	}, store.Options{Now: func() time.Time { return now }})
}
