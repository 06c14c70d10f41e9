package store_test

import (
	"maps"
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
			since, until time.Time
			news         bool
		}{{start, now, false}, {start, time.Time{}, true}, {now, time.Time{}, false}, {now, now, false}, {start, now, true}, {start, now, false}} {
			change := store.Silence{Source: src.ID, Since: step.since, Until: step.until}
			if news, err := db.NoteSilences(ctx, []store.Silence{change}); err != nil || len(news) == 1 != step.news {
				t.Errorf("note %+v: %v, %v", change, news, err)
			}
		}
		all, err := db.Silences(ctx)
		if err != nil || len(all) != 0 {
			t.Errorf("silent in the end: %v, %v", all, err)
		}
		if news, err := db.NoteSilences(ctx, []store.Silence{{Source: 999, Since: start}}); len(news) > 0 || err != nil {
			t.Errorf("a source that does not exist: %v, %v", news, err)
		}
		if _, err := db.NoteSilences(ctx, []store.Silence{{Source: src.ID, Since: start}}); err != nil {
			t.Error(err)
		}
		w.must(db.ForgetSilence(ctx, src.ID))
		if all, err := db.Silences(ctx); err != nil || len(all) != 0 {
			t.Errorf("after it was forgotten: %v, %v", all, err)
		}
	}, store.Options{Now: func() time.Time { return now }})
}

// Who follows a source is told that it is silent, and that it is back; so are the
// operators of what is in the catalogue. Others are not.
func TestNoticesOfSilence(t *testing.T) {
	const follower, operator, reader, owner, channel, late, paused = 1, 2, 3, 4, -5, 6, 7
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		for _, id := range []int64{follower, operator, reader, owner, late, paused} {
			w.chat(id)
		}
		w.must(db.SaveChat(ctx, store.Chat{ID: channel, Kind: "channel", Owner: owner}))
		w.must(db.AddOperator(ctx, operator))
		w.must(db.AddOperator(ctx, 99)) // who never wrote to the bot
		public, private := w.source("https://a.example", 0), w.source("https://b.example", follower)
		for _, id := range []int64{follower, channel, paused} {
			w.rule(id, "*", public.ID, store.TierInstant)
		}
		w.rule(reader, "peace", 0, store.TierInstant)
		_, err := db.UpdateChat(ctx, paused, func(c *store.Chat) error { c.State = store.ChatPaused; return nil })
		w.must(err)

		began, back := time.Now().Add(-9*time.Hour).Truncate(time.Millisecond).UTC(), time.Now().Truncate(time.Millisecond).UTC()
		both := []store.Silence{{Source: public.ID, Since: began}, {Source: private.ID, Since: began}}
		for _, wanted := range []int{2, 0} {
			if news, err := db.NoteSilences(ctx, both); err != nil || len(news) != wanted {
				t.Fatalf("noted %v, %v; want %d", news, err, wanted)
			}
		}
		w.notices(map[int64]int{follower: 2, operator: 1, owner: 1}, time.Time{})
		w.rule(late, "*", public.ID, store.TierInstant)
		for i := range both {
			both[i].Until = back
		}
		_, err = db.NoteSilences(ctx, both)
		w.must(err)
		w.notices(map[int64]int{follower: 2, operator: 1, owner: 1}, back)
	})
}

// notices sends all that is due: one notice to each chat, of so many sources.
func (w world) notices(want map[int64]int, until time.Time) {
	w.t.Helper()
	have := map[int64]int{}
	parcels, err := w.Claim(ctx, someday(), 100)
	w.must(err)
	for _, p := range parcels {
		for _, d := range p.Deliveries {
			if d.Kind != store.KindNotice || have[p.Chat.ID] > 0 {
				w.t.Errorf("chat %d is owed %+v", p.Chat.ID, d)
			}
			have[p.Chat.ID] = len(d.Silences)
			for _, s := range d.Silences {
				if s.Title == "" || !s.Until.Equal(until) {
					w.t.Errorf("chat %d is told of %+v, want until %v", p.Chat.ID, s, until)
				}
			}
		}
		w.must(w.Sending(ctx, p, ids(p.Deliveries)))
		w.must(w.Sent(ctx, p, ids(p.Deliveries), 1, 0))
		w.must(w.Release(ctx, p))
	}
	if !maps.Equal(have, want) {
		w.t.Errorf("sources told of by chat: %v, want %v", have, want)
	}
}
