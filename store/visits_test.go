package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wirewatch/feeds"
	"wirewatch/store"
	"wirewatch/store/storetest"
)

func TestFailedVisit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		src := w.source("https://a.example/feed", 0)
		w.publish(src, item("one"))
		next := time.Now().Add(time.Hour).Truncate(time.Millisecond)
		w.must(db.Failed(ctx, w.claim(src.ID), "this is an HTML page, not a feed", next, false))
		s, err := db.Source(ctx, src.ID)
		w.must(err)
		if s.Fails != 1 || s.LastError == "" || s.ETag != `"1"` || !s.NextAt.Equal(next) || s.State != store.SourceActive {
			t.Errorf("source is %+v", s)
		}
		if list, err := db.ClaimSources(ctx, 10, time.Minute); err != nil || len(list) != 0 {
			t.Errorf("claimed before its time: %v, %v", list, err)
		}
		if _, _, err := db.AddSource(ctx, feeds.Source{URL: "https://b.example"}, 0); err != nil {
			t.Fatal(err)
		}
		gone := w.claim(src.ID + 1)
		w.must(db.Failed(ctx, gone, "gone", time.Now(), true))
		if s, _ := db.Source(ctx, gone.ID); s.State != store.SourceGone {
			t.Errorf("source is %s", s.State)
		}
		again, fresh, err := db.AddSource(ctx, feeds.Source{URL: "https://b.example"}, 0)
		if err != nil || fresh || again.State != store.SourceActive || again.Visited || again.Fails != 0 {
			t.Errorf("added again: %+v, %v, %v", again, fresh, err)
		}
	})
}

func TestMovedSource(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		src := w.source("http://a.example/feed", 0)
		v := visit(w.claim(src.ID), item("one"))
		v.Moved = "https://a.example/feed"
		if got, err := db.Publish(ctx, v); err != nil || got.Merged {
			t.Fatalf("published %+v, %v", got, err)
		}
		if s, err := db.Source(ctx, src.ID); err != nil || s.URL != v.Moved {
			t.Errorf("source is %+v, %v", s, err)
		}
	})
}

// A source moves to an address that another source has: the two become one, and
// nothing that either showed is news again.
func TestMergedSource(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		w.chat(1)
		old, other := w.source("http://a.example/feed", 1), w.source("https://a.example/feed", 0)
		scoped := w.rule(1, "*", old.ID, store.TierInstant)
		w.rule(1, "twin", old.ID, store.TierInstant)
		w.rule(1, "twin", other.ID, store.TierInstant)
		w.publish(other, item("one"))
		w.publish(old, item("two", scoped))
		before, err := db.RulesVersion(ctx)
		w.must(err)
		v := visit(w.claim(old.ID), item("three", scoped))
		v.Moved = other.URL
		got, err := db.Publish(ctx, v)
		w.must(err)
		if want := (store.Published{New: 1, Deliveries: 1, Merged: true}); got != want {
			t.Errorf("published %+v, want %+v", got, want)
		}
		if _, err := db.Source(ctx, old.ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("the old source is still there: %v", err)
		}
		rules, err := db.Rules(ctx, 1)
		w.must(err)
		if len(rules) != 2 || rules[0].Source != other.ID || rules[1].Source != other.ID {
			t.Errorf("rules are %+v", rules)
		}
		if after, _ := db.RulesVersion(ctx); after == before {
			t.Error("the rules' version stayed")
		}
		known, _, err := db.Known(ctx, other.ID, [][16]byte{hash("guid one"), hash("guid two"), hash("guid three")})
		if err != nil || len(known) != 3 {
			t.Errorf("known: %v, %v", known, err)
		}
		p := w.parcel(1)
		if diff := cmp.Diff([]string{"two", "three"}, titles(p.Deliveries)); diff != "" {
			t.Error(diff)
		}
		if a := p.Deliveries[0].Article; a.Source.ID != other.ID {
			t.Errorf("article's source is %+v", a.Source)
		}
	})
}
