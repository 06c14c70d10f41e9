package store_test

import (
	"testing"
	"time"

	"wirewatch/store"
	"wirewatch/store/storetest"
)

func TestArrivalsAndSilences(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		src := w.source("https://a.example/feed", 0)
		start := now
		w.publish(src, item("one"), item("two"))
		now = now.Add(time.Hour)
		w.publish(src, item("three"))
		at, err := db.Arrivals(ctx, src.ID, start)
		w.must(err)
		if len(at) != 2 || !at[0].Equal(start) || !at[1].Equal(now) {
			t.Errorf("arrivals %v, want %v and %v", at, start, now)
		}
		if at, err := db.Arrivals(ctx, src.ID, start.Add(time.Minute)); err != nil || len(at) != 1 {
			t.Errorf("arrivals %v, %v; want the last", at, err)
		}
		for _, step := range []struct {
			since time.Time
			news  bool
		}{{time.Time{}, false}, {start, true}, {now, false}, {time.Time{}, true}, {time.Time{}, false}} {
			if news, err := db.NoteSilence(ctx, src.ID, step.since); err != nil || news != step.news {
				t.Errorf("note %v: %v, %v", step.since, news, err)
			}
			all, err := db.Silences(ctx)
			w.must(err)
			if since, silent := all[src.ID]; silent != !step.since.IsZero() || silent && !since.Equal(start) {
				t.Errorf("after %v: %v", step.since, all)
			}
		}
		if news, err := db.NoteSilence(ctx, 999, start); news || err != nil {
			t.Errorf("a source that does not exist: %v, %v", news, err)
		}
	}, store.Options{Now: func() time.Time { return now }})
}
