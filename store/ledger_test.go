package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wirewatch/store"
	"wirewatch/store/storetest"
)

// entries are the titles that a filter chooses, in the ledger's order.
func (w world) entries(f store.LedgerFilter) []string {
	w.t.Helper()
	list := []string{}
	for e, err := range w.Ledger(ctx, f) {
		w.must(err)
		list = append(list, strings.TrimPrefix(e.Title, "Title of "))
	}
	return list
}

func TestLedger(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		one, two := w.chat(1), w.chat(2)
		here, there := w.source("https://here.example/feed", 0), w.source("https://there.example/feed", 0)
		r1, r2 := w.rule(one.ID, "wheat", 0, store.TierInstant), w.rule(two.ID, "maize", 0, store.TierDigest)
		w.publish(here, item("a", r1, r2))
		w.publish(there, item("b", r1))
		p := w.parcel(1)
		w.must(db.Sending(ctx, p, ids(p.Deliveries[:1])))
		w.must(db.Sent(ctx, p, ids(p.Deliveries[:1]), 77, time.Second))
		w.must(db.Drop(ctx, p, ids(p.Deliveries[1:]), "no such chat"))
		w.must(db.Release(ctx, p))

		for name, c := range map[string]struct {
			filter store.LedgerFilter
			want   []string
		}{
			"all":               {store.LedgerFilter{}, []string{"a", "a", "b"}},
			"a chat":            {store.LedgerFilter{Chat: 1}, []string{"a", "b"}},
			"states":            {store.LedgerFilter{States: []string{store.StateSent, store.StateWaiting}}, []string{"a", "a"}},
			"a source":          {store.LedgerFilter{Source: there.ID}, []string{"b"}},
			"a rule by id":      {store.LedgerFilter{Rule: fmt.Sprint(r2.ID)}, []string{"a"}},
			"a rule by query":   {store.LedgerFilter{Rule: "wheat"}, []string{"a", "b"}},
			"since now":         {store.LedgerFilter{Since: time.Now().Add(time.Hour)}, []string{}},
			"since before":      {store.LedgerFilter{Since: time.Now().Add(-time.Hour)}, []string{"a", "a", "b"}},
			"all of it at once": {store.LedgerFilter{Chat: 1, Source: here.ID, States: store.States, Rule: "wheat", Since: time.Unix(1, 0)}, []string{"a"}},
		} {
			if diff := cmp.Diff(c.want, w.entries(c.filter)); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
		for e, err := range db.Ledger(ctx, store.LedgerFilter{States: []string{store.StateSent}}) {
			w.must(err)
			if e.MessageID != 77 || e.Attempts != 1 || e.SourceID != here.ID || e.Story == 0 || e.ArticleID == 0 || e.URL == "" {
				t.Errorf("sent: %+v", e)
			}
		}
	})
}

// The ledger is read in batches; none of it is left out or repeated at their ends.
func TestLedgerIsRead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		const n = 1001
		w := owing(t, db, n)
		seen := w.entries(store.LedgerFilter{})
		slices.Sort(seen)
		if len(seen) != n || len(slices.Compact(seen)) != n {
			t.Errorf("%d of %d entries", len(seen), n)
		}
		for range db.Ledger(ctx, store.LedgerFilter{}) {
			break // the reader may leave
		}
		ended, cancel := context.WithCancel(ctx)
		cancel()
		for _, err := range db.Ledger(ended, store.LedgerFilter{}) {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		}
	})
}

// What has been swept keeps its place in the ledger.
func TestLedgerOutlivesArticles(t *testing.T) {
	now := time.Now()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := owing(t, db, 1)
		w.deliver(1)
		now = now.Add(40 * 24 * time.Hour)
		_, err := db.Sweep(ctx, store.Retention{})
		w.must(err)
		if diff := cmp.Diff([]string{""}, w.entries(store.LedgerFilter{})); diff != "" {
			t.Error(diff)
		}
	}, store.Options{Now: func() time.Time { return now }})
}

// A message is asked what it told, a chat what nothing has told.
func TestToldAndUntold(t *testing.T) {
	now := noon
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now = noon
		w := world{db, t}
		w.chat(1)
		w.chat(2)
		src := w.source("https://a.example", 0)
		limited, digest := w.limited(1, "x", store.TierInstant, store.Limits{Cap: 1, Per: time.Hour}), w.rule(1, "d", 0, store.TierDigest)
		w.publish(src, item("a", limited), item("b", limited), item("c", limited), item("d", digest), item("other", w.rule(2, "o", 0, store.TierInstant)))
		w.deliver(1) // as message 7
		now = now.Add(time.Hour)
		_, err := db.Ripen(ctx, now, 10)
		w.must(err)
		p := w.parcel(1)
		w.must(db.Sending(ctx, p, ids(p.Deliveries)))
		w.must(db.Sent(ctx, p, ids(p.Deliveries), 8, 0))
		w.must(db.Release(ctx, p))
		list := func(d []store.Delivery, err error) []string { w.must(err); return titles(d) }
		if diff := cmp.Diff([]string{"a"}, list(db.Told(ctx, 1, 7, 10))); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"b", "c"}, list(db.Told(ctx, 1, 8, 10))); diff != "" { // told of, not opened
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{}, list(db.Told(ctx, 2, 7, 10))); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"d", "c"}, list(db.Untold(ctx, 1, 2))); diff != "" {
			t.Error(diff)
		}
		for e, err := range db.Ledger(ctx, store.LedgerFilter{Chat: 1}) {
			w.must(err)
			if want := 2; (e.Kind == store.KindFold) != (e.Folded == want) {
				t.Errorf("%+v", e)
			}
		}
	}, store.Options{Now: func() time.Time { return now }})
}
