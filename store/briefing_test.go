package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wirewatch/store"
	"wirewatch/store/storetest"
)

func TestBriefing(t *testing.T) {
	now := time.Date(2026, 3, 1, 7, 0, 0, 0, time.UTC)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		w.chat(1)
		w.chat(-5)
		w.chat(9)
		named := func(chat int64) (names []string, b store.Briefing) {
			b, err := db.Briefing(ctx, chat, 0, 0)
			w.must(err)
			if b.Sources == nil {
				t.Error("no sources are nil")
			}
			for _, s := range b.Sources {
				names = append(names, s.URL)
			}
			return names, b
		}
		if names, b := named(1); b.Rules != 0 || names != nil {
			t.Errorf("without rules: %d, %v", b.Rules, names)
		}
		shared, other := w.source("https://a.example/feed", 0), w.source("https://b.example/feed", 0)
		private := w.source("https://c.example/feed", 1)
		own := w.rule(1, "own", private.ID, store.TierDigest)
		one := w.rule(1, "one", shared.ID, store.TierDigest)
		w.rule(1, "nothing", 0, store.TierOff)
		if names, b := named(1); b.Rules != 2 || !cmp.Equal(names, []string{"https://a.example/feed", "https://c.example/feed"}) {
			t.Errorf("two narrow rules: %d, %v", b.Rules, names)
		}
		// A channel is told of the same rules, but not of a source that only their chat knows.
		w.must(db.AddRoute(ctx, store.Route{Chat: 1, To: -5}))
		if names, b := named(-5); b.Rules != 2 || !cmp.Equal(names, []string{"https://a.example/feed"}) {
			t.Errorf("through a route: %d, %v", b.Rules, names)
		}
		w.must(db.RemoveRoute(ctx, store.Route{Chat: 1, To: 1}))
		if names, b := named(1); b.Rules != 0 || names != nil {
			t.Errorf("all rules go elsewhere: %d, %v", b.Rules, names)
		}
		w.must(db.AddRoute(ctx, store.Route{Chat: 1, To: 1}))
		w.rule(1, "wide", 0, store.TierInstant)
		if _, err := db.NoteSilences(ctx, []store.Silence{{Source: other.ID, Since: now.Add(-time.Hour)}}); err != nil {
			t.Fatal(err)
		}
		names, b := named(1)
		if len(names) != 3 || !b.Silent[other.ID].Equal(now.Add(-time.Hour)) || b.Earlier != nil {
			t.Errorf("a wide rule: %v, silent %v, earlier %v", names, b.Silent, b.Earlier)
		}
		checkEarlier(w, now, shared, own, one)
	}, store.Options{Now: func() time.Time { return now }})
}

// checkEarlier starts three digests of chat 1 and looks at what waits before each.
func checkEarlier(w world, now time.Time, src store.Source, rules ...store.Rule) {
	w.t.Helper()
	var ids []int64
	for i, n := range []int{2, 0, 1} {
		var items []store.NewArticle
		for j := range n {
			items = append(items, item(string(rune('a'+3*i+j)), rules...))
		}
		w.publish(src, items...)
		waiting, err := w.Waiting(ctx, 1, time.Time{}, 10)
		w.must(err)
		if len(waiting) != n || n > 0 && (waiting[0].Article == nil || waiting[0].Article.Item.Title != items[0].Item.Title) {
			w.t.Errorf("digest %d: %d wait, want %d", i, len(waiting), n)
		}
		slot := now.AddDate(0, 0, i)
		id, err := w.StartDigest(ctx, 1, slot, slot.AddDate(0, 0, 1))
		w.must(err)
		ids = append(ids, id)
	}
	earlier := func(thread, digest int64) (list []int) {
		b, err := w.Briefing(ctx, 1, thread, digest)
		w.must(err)
		for i, e := range b.Earlier {
			list = append(list, e.Stories)
			if i > 0 && !e.Slot.Before(b.Earlier[i-1].Slot) {
				w.t.Errorf("order: %v", b.Earlier)
			}
		}
		return list
	}
	for _, tt := range []struct {
		thread, digest int64
		want           []int
	}{{0, 0, []int{1, 0, 2}}, {0, ids[2], []int{0, 2}}, {7, 0, []int{0, 0, 0}}, {0, ids[0], nil}} {
		if got := earlier(tt.thread, tt.digest); !cmp.Equal(got, tt.want) {
			w.t.Errorf("before digest %d in topic %d: %v, want %v", tt.digest, tt.thread, got, tt.want)
		}
	}
	owed, err := w.OwedSince(ctx, 1, now, 2)
	w.must(err)
	if len(owed) != 2 || owed[0].ID > owed[1].ID {
		w.t.Errorf("owed: %+v", owed)
	}
	if owed, err := w.OwedSince(ctx, 1, now.Add(time.Hour), 9); err != nil || len(owed) != 0 {
		w.t.Errorf("owed in the future: %v, %v", owed, err)
	}
}
