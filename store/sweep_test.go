package store_test

import (
	"fmt"
	"testing"
	"time"

	"wirewatch/store"
	"wirewatch/store/storetest"
)

func TestSweep(t *testing.T) {
	const day = 24 * time.Hour
	now := time.Now()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		w.chat(1)
		w.chat(2)
		src, dead := w.source("https://a.example", 0), w.source("https://dead.example", 2)
		r := w.rule(1, "*", 0, store.TierInstant)
		daily := w.rule(2, "*", 0, store.TierDigest)
		var items []store.NewArticle
		for i := range 700 {
			items = append(items, item(fmt.Sprint("x", i)))
		}
		w.publish(src, append(items, item("told", r), item("waiting", daily))...)
		w.publish(dead, item("dead"))
		w.must(db.RemoveSource(ctx, dead.ID, 2))
		ps, err := db.Claim(ctx, now.Add(time.Hour), 5)
		w.must(err)
		w.must(db.Sending(ctx, ps[0], ids(ps[0].Deliveries)))
		w.must(db.Sent(ctx, ps[0], ids(ps[0].Deliveries), 1, 0))
		w.must(db.Release(ctx, ps[0]))
		w.must(db.UpdateDone(ctx, 5))
		w.must(db.SaveDialog(ctx, store.Dialog{Chat: 1, User: 1, Expires: now.Add(time.Hour)}))
		_, err = db.StartDigest(ctx, 1, now, time.Time{})
		w.must(err)
		p, err := db.Claim(ctx, now.Add(time.Hour), 5)
		w.must(err)
		w.must(db.Drop(ctx, p[0], ids(p[0].Deliveries), "x"))
		w.must(db.Release(ctx, p[0]))

		count := func(table string) int64 {
			n, err := db.Count(ctx, `SELECT count(*) FROM `+table)
			w.must(err)
			return n
		}
		sweep := func(after time.Duration, want map[string]int64) {
			t.Helper()
			now = now.Add(after)
			n, err := db.Sweep(ctx, store.Retention{Articles: 10 * day})
			w.must(err)
			t.Logf("swept %d", n)
			for table, rows := range want {
				if got := count(table); got != rows {
					t.Errorf("%v later %s has %d rows, want %d", after, table, got, rows)
				}
			}
		}
		sweep(9*day, map[string]int64{"articles": 703, "seen": 703, "deliveries": 3, "updates": 0, "dialogs": 0, "sources": 2})
		// Articles go, but not what is owed; what they were stays known.
		sweep(2*day, map[string]int64{"articles": 1, "stories": 1, "seen": 703, "identities": 1406, "deliveries": 3, "digests": 1})
		if list := w.latest(1); len(list) != 1 || list[0].Article != nil || list[0].State != store.StateSent {
			t.Errorf("ledger: %+v", list)
		}
		if got := w.publish(src, item("x1"), item("told", r)); got != (store.Published{Duplicate: 2}) {
			t.Errorf("old news came again: %+v", got)
		}
		// Of the guids those stay that the last document showed.
		sweep(12*day, map[string]int64{"articles": 1, "identities": 2, "deliveries": 3, "sources": 1})
		if n, err := db.Count(ctx, `SELECT count(*) FROM seen WHERE source_id = $1`, src.ID); n != 2 || err != nil {
			t.Errorf("%d guids are known, %v", n, err)
		}
		sweep(9*day, map[string]int64{"deliveries": 0, "digests": 0, "articles": 0})
	}, store.Options{Now: func() time.Time { return now }})
}

// A feed that stands still for months does not flood anybody when it moves again.
func TestSweepKeepsWhatADocumentShows(t *testing.T) {
	now := time.Now()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		src := w.source("https://a.example", 0)
		w.publish(src, item("one"), item("two"))
		now = now.Add(100 * 24 * time.Hour)
		_, err := db.Publish(ctx, store.Visit{Source: w.claim(src.ID), NotModified: true, NextAt: now})
		w.must(err)
		_, err = db.Sweep(ctx, store.Retention{})
		w.must(err)
		v := visit(w.claim(src.ID), item("three"))
		v.Seen = append(v.Seen, hash("guid two"))
		_, err = db.Publish(ctx, v)
		w.must(err)
		now = now.Add(24 * time.Hour)
		_, err = db.Sweep(ctx, store.Retention{})
		w.must(err)
		known, _, err := db.Known(ctx, src.ID, [][16]byte{hash("guid one"), hash("guid two"), hash("guid three")})
		if err != nil || len(known) != 2 || known[hash("guid one")] {
			t.Errorf("known: %v, %v", known, err)
		}
	}, store.Options{Now: func() time.Time { return now }})
}

func TestStats(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := owing(t, db, 2)
		w.source("https://b.example", 0)
		w.must(db.Failed(ctx, w.claim(2), "dns", time.Now(), false)) // and claim gave source 1 back as failed
		p := w.parcel(1)
		w.must(db.Sending(ctx, p, ids(p.Deliveries[:1])))
		w.must(db.Sent(ctx, p, ids(p.Deliveries[:1]), 1, 0))
		s, err := db.Stats(ctx)
		w.must(err)
		if s.Schema < 1 || s.Size == 0 || s.Sources[store.SourceActive] != 2 || s.Failing != 2 || s.Articles != 2 || s.Rules != 1 ||
			s.Chats[store.ChatActive] != 1 || s.Deliveries[store.StateDue] != 1 || s.Deliveries[store.StateSent] != 1 || s.Oldest.IsZero() {
			t.Errorf("stats are %+v", s)
		}
	})
}
