package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wirewatch/store"
	"wirewatch/store/storetest"
)

func TestChatRoundTrip(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		at := time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)
		c := store.Chat{ID: -1001, Kind: "supergroup", Title: "غرفة الأخبار", Username: "news", Lang: "ar", Zone: "Asia/Damascus",
			Digest: "0 7 * * *\n0 19 * * *", Forum: true, QuietFrom: 22 * 60, QuietTo: 6 * 60, State: store.ChatPaused,
			Reason: "holiday", PausedUntil: at, DigestAt: at, Created: at, Thread: 4, Owner: 99}
		w.must(db.SaveChat(ctx, c))
		got, err := db.Chat(ctx, c.ID)
		w.must(err)
		if diff := cmp.Diff(c, got); diff != "" {
			t.Error(diff)
		}
		c.Title, c.Forum = "renamed", false
		w.must(db.SaveChat(ctx, c))
		list, err := db.Chats(ctx)
		w.must(err)
		if diff := cmp.Diff([]store.Chat{c}, list); diff != "" {
			t.Error(diff)
		}
		if _, err := db.Chat(ctx, 5); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("unknown chat: %v", err)
		}
	})
}

func TestUpdateChat(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		w.chat(1)
		stop := errors.New("stop")
		if _, err := db.UpdateChat(ctx, 1, func(c *store.Chat) error { c.Title = "x"; return stop }); !errors.Is(err, stop) {
			t.Errorf("error of f: %v", err)
		}
		if c, _ := db.Chat(ctx, 1); c.Title == "x" {
			t.Error("a refused change was kept")
		}
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				_, err := db.UpdateChat(ctx, 1, func(c *store.Chat) error { c.QuietTo++; return nil })
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if c, _ := db.Chat(ctx, 1); c.QuietTo != 20 {
			t.Errorf("%d of 20 changes were kept", c.QuietTo)
		}
		if _, err := db.UpdateChat(ctx, 2, func(*store.Chat) error { return nil }); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("unknown chat: %v", err)
		}
	})
}

func TestRoutes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		w.chat(1)
		w.chat(-5)
		routes := func(want ...store.Route) {
			t.Helper()
			got, err := db.Routes(ctx, 1)
			w.must(err)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		}
		bind := func(thread int64) {
			_, err := db.UpdateChat(ctx, 1, func(c *store.Chat) error { c.Thread = thread; return nil })
			w.must(err)
		}
		routes(store.Route{Chat: 1, To: 1})
		bind(3)
		routes(store.Route{Chat: 1, To: 1, Thread: 3})
		w.must(db.AddRoute(ctx, store.Route{Chat: 1, To: -5}))
		w.must(db.AddRoute(ctx, store.Route{Chat: 1, To: -5}))
		routes(store.Route{Chat: 1, To: 1, Thread: 3}, store.Route{Chat: 1, To: -5})
		bind(4)
		routes(store.Route{Chat: 1, To: 1, Thread: 4}, store.Route{Chat: 1, To: -5})
		to, err := db.RoutesTo(ctx, -5)
		if err != nil || len(to) != 1 || to[0].Chat != 1 {
			t.Errorf("routes to -5: %v, %v", to, err)
		}
		w.must(db.RemoveRoute(ctx, store.Route{Chat: 1, To: 1, Thread: 4}))
		routes(store.Route{Chat: 1, To: -5})
		w.must(db.RemoveRoute(ctx, store.Route{Chat: 1, To: -5}))
		routes(store.Route{Chat: 1, To: 1, Thread: 4})
		if err := db.RemoveRoute(ctx, store.Route{Chat: 1, To: -5}); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("removed twice: %v", err)
		}
		if err := db.AddRoute(ctx, store.Route{Chat: 1, To: 8}); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("to an unknown chat: %v", err)
		}
		if _, err := db.Routes(ctx, 8); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("of an unknown chat: %v", err)
		}
	})
}

func TestDigest(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		w.chat(1)
		w.chat(-2)
		src := w.source("https://a.example", 0)
		daily, now := w.rule(1, "daily", 0, store.TierDigest), w.rule(1, "now", 0, store.TierInstant)
		w.publish(src, item("d1", daily), item("n1", now), item("d2", daily))
		slot := time.Now().Truncate(time.Millisecond)
		next := slot.Add(24 * time.Hour)
		_, err := db.UpdateChat(ctx, 1, func(c *store.Chat) error { c.DigestAt = slot; return nil })
		w.must(err)
		due, err := db.DueDigests(ctx, slot, 10)
		if err != nil || len(due) != 1 || due[0].ID != 1 {
			t.Fatalf("due: %v, %v", due, err)
		}
		if early, _ := db.DueDigests(ctx, slot.Add(-time.Second), 10); len(early) != 0 {
			t.Errorf("due before its time: %v", early)
		}
		id, err := db.StartDigest(ctx, 1, slot, next)
		if err != nil || id == 0 {
			t.Fatalf("digest %d, %v", id, err)
		}
		if again, err := db.StartDigest(ctx, 1, slot, next); err != nil || again != 0 {
			t.Errorf("the same slot again: %d, %v", again, err)
		}
		if due, _ := db.DueDigests(ctx, slot, 10); len(due) != 0 {
			t.Errorf("still due: %v", due)
		}
		w.publish(src, item("d3", daily), item("n2", now))
		p := w.parcel(1)
		if diff := cmp.Diff([]string{"n1", "d1", "d2", "n2"}, titles(p.Deliveries)); diff != "" {
			t.Error(diff)
		}
		if d := p.Deliveries[1]; d.Digest != id || d.Kind != store.KindDigest || d.Tier != store.TierDigest {
			t.Errorf("delivery is %+v", d)
		}
		if d := p.Deliveries[0]; d.Digest != 0 || d.Kind != store.KindAlert {
			t.Errorf("delivery is %+v", d)
		}
		w.must(db.Release(ctx, p))
		w.deliver(1)
		// The empty digest of another chat says so, once a slot.
		for _, slot := range []time.Time{slot, slot, slot.Add(time.Hour)} {
			_, err := db.StartDigest(ctx, -2, slot, time.Time{})
			w.must(err)
		}
		p = w.parcel(-2)
		if diff := cmp.Diff([]string{"(none)", "(none)"}, titles(p.Deliveries)); diff != "" {
			t.Error(diff)
		}
		if c, _ := db.Chat(ctx, -2); !c.DigestAt.IsZero() {
			t.Errorf("next digest at %v", c.DigestAt)
		}
		if _, err := db.StartDigest(ctx, 99, slot, next); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("unknown chat: %v", err)
		}
	})
}

func TestMigrateChat(t *testing.T) {
	for _, exists := range []bool{false, true} {
		t.Run(fmt.Sprint("new id known: ", exists), func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) { migrateChat(t, db, exists) })
		})
	}
}

func migrateChat(t *testing.T, db *store.DB, exists bool) {
	const from, to = -10, -100010
	w := world{db, t}
	c := w.chat(from)
	c.Kind, c.Lang, c.Zone = "group", "ar", "Asia/Beirut"
	w.must(db.SaveChat(ctx, c))
	w.chat(1)
	src := w.source("https://a.example", from)
	r := w.rule(from, "*", src.ID, store.TierInstant)
	w.must(db.AddRoute(ctx, store.Route{Chat: 1, To: from, Thread: 2}))
	w.must(db.AddRoute(ctx, store.Route{Chat: from, To: 1}))
	w.must(db.SaveDialog(ctx, store.Dialog{Chat: from, User: 5, Step: "s", Expires: time.Now().Add(time.Hour)}))
	w.publish(src, item("one", r), item("two", r))
	if exists {
		w.chat(to)
		w.rule(to, "own", 0, "")
		w.must(db.SaveDialog(ctx, store.Dialog{Chat: to, User: 5, Step: "own", Expires: time.Now().Add(time.Hour)}))
	}
	stale := w.parcel(from)
	w.must(db.MigrateChat(ctx, from, to))
	w.must(db.MigrateChat(ctx, from, to)) // both sides may hear of it
	if err := db.Sending(ctx, stale, ids(stale.Deliveries)); !errors.Is(err, store.ErrLeaseLost) {
		t.Errorf("parcel of the old id: %v", err)
	}
	if n := mentions(t, db, from); n != 0 {
		t.Errorf("%d rows still mention the old id", n)
	}
	got, err := db.Chat(ctx, to)
	if err != nil || got.Lang != "ar" || got.Zone != "Asia/Beirut" || got.Kind != "supergroup" {
		t.Errorf("chat is %+v, %v", got, err)
	}
	if got := w.deliver(to); len(got) != 2 {
		t.Errorf("delivered %v", got)
	}
	rules, _ := db.Rules(ctx, to)
	if want := 1 + int(boolInt(exists)); len(rules) != want {
		t.Errorf("rules: %+v", rules)
	}
	if routes, _ := db.RoutesTo(ctx, to); len(routes) != 2 { // from chat 1 and its own
		t.Errorf("routes: %v", routes)
	}
	if d, ok, _ := db.Dialog(ctx, to, 5, 0); !ok || (d.Step == "own") != exists {
		t.Errorf("dialog: %+v, %v", d, ok)
	}
	if err := db.MigrateChat(ctx, -7, -8); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("unknown chats: %v", err)
	}
}

func boolInt(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func TestForgetChat(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		w.chat(42)
		w.chat(-2)
		own, both := w.source("https://own.example", 42), w.source("https://both.example", 42)
		w.source("https://both.example", -2)
		public := w.source("https://public.example", 0)
		r, kept := w.rule(42, "*", 0, store.TierInstant), w.rule(-2, "*", 0, store.TierDigest)
		_, err := db.UpdateChat(ctx, -2, func(c *store.Chat) error { c.Owner = 42; return nil })
		w.must(err)
		w.must(db.AddRoute(ctx, store.Route{Chat: 42, To: -2}))
		w.must(db.AddRoute(ctx, store.Route{Chat: -2, To: 42}))
		w.must(db.SaveDialog(ctx, store.Dialog{Chat: 42, User: 42, Expires: time.Now().Add(time.Hour)}))
		w.must(db.SaveDialog(ctx, store.Dialog{Chat: -2, User: 42, Expires: time.Now().Add(time.Hour)}))
		w.publish(own, item("secret", r))
		w.publish(both, item("two", r, kept))
		w.publish(public, item("three", r, kept))
		_, err = db.StartDigest(ctx, 42, time.Now(), time.Time{})
		w.must(err)
		w.must(db.ForgetChat(ctx, 42))
		w.must(db.ForgetChat(ctx, 42))
		if n := mentions(t, db, 42); n != 0 {
			t.Errorf("%d rows still mention the chat", n)
		}
		if _, err := db.Source(ctx, own.ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("its own source is still there: %v", err)
		}
		if list, err := db.Recent(ctx, 0, time.Time{}, 10); err != nil || len(list) != 2 {
			t.Errorf("%d articles are left, %v", len(list), err)
		}
		for _, id := range []int64{both.ID, public.ID} {
			if _, err := db.Source(ctx, id); err != nil {
				t.Error(err)
			}
		}
		// The channel was owed the secret article too: it can be told no more.
		if got := w.deliver(-2); len(got) != 2 {
			t.Errorf("channel was told %v", got)
		}
	})
}

func TestDialogs(t *testing.T) {
	now := time.Now()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		d := store.Dialog{Chat: -1, User: 2, Thread: 3, Step: "ask", Data: map[string]string{"query": "جنيف"},
			Expires: now.Add(time.Hour).UTC().Truncate(time.Millisecond)}
		w.must(db.SaveDialog(ctx, store.Dialog{Chat: -1, User: 2, Thread: 3, Step: "first", Expires: now.Add(time.Hour)}))
		w.must(db.SaveDialog(ctx, d))
		got, ok, err := db.Dialog(ctx, -1, 2, 3)
		if err != nil || !ok || cmp.Diff(d, got) != "" {
			t.Errorf("dialog %+v, %v, %v", got, ok, err)
		}
		if _, ok, err := db.Dialog(ctx, -1, 2, 0); ok || err != nil {
			t.Errorf("other topic: %v, %v", ok, err)
		}
		w.must(db.EndDialog(ctx, -1, 2, 3))
		w.must(db.EndDialog(ctx, -1, 2, 3))
		if _, ok, _ := db.Dialog(ctx, -1, 2, 3); ok {
			t.Error("an ended dialog goes on")
		}
		w.must(db.SaveDialog(ctx, d))
		now = now.Add(2 * time.Hour)
		if _, ok, _ := db.Dialog(ctx, -1, 2, 3); ok {
			t.Error("an expired dialog goes on")
		}
	}, store.Options{Now: func() time.Time { return now }})
}

func TestUpdatesAndSettings(t *testing.T) {
	now := time.Now()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		if n, err := db.Offset(ctx); n != 0 || err != nil {
			t.Errorf("first offset %d, %v", n, err)
		}
		for _, n := range []int64{900, 20} {
			w.must(db.SaveOffset(ctx, n))
			if got, err := db.Offset(ctx); got != n || err != nil {
				t.Errorf("offset %d, %v", got, err)
			}
		}
		seen := func(id int64) bool {
			yes, err := db.UpdateSeen(ctx, id)
			w.must(err)
			return yes
		}
		w.must(db.UpdateDone(ctx, 7))
		w.must(db.UpdateDone(ctx, 7))
		if !seen(7) || seen(8) {
			t.Error("update 7 was handled and 8 was not")
		}
		now = now.Add(8 * 24 * time.Hour)
		if seen(7) {
			t.Error("an update of last week says something about this week's")
		}
		w.must(db.AddOperator(ctx, 30))
		now = now.Add(time.Second)
		w.must(db.AddOperator(ctx, 10))
		w.must(db.AddOperator(ctx, 30))
		if got, err := db.Operators(ctx); err != nil || cmp.Diff([]int64{30, 10}, got) != "" {
			t.Errorf("operators %v, %v", got, err)
		}
		if v, err := db.Get(ctx, "claim"); v != "" || err != nil {
			t.Errorf("unset: %q, %v", v, err)
		}
		w.must(db.Put(ctx, "claim", "a"))
		w.must(db.Put(ctx, "claim", "b"))
		if v, err := db.Get(ctx, "claim"); v != "b" || err != nil {
			t.Errorf("set: %q, %v", v, err)
		}
	}, store.Options{Now: func() time.Time { return now }})
}

func TestLead(t *testing.T) {
	now := time.Now()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		lead := func(owner string, wantOK bool, wantToken int64) {
			t.Helper()
			token, ok, err := db.Lead(ctx, "poller", owner, 10*time.Second)
			if err != nil || ok != wantOK || token != wantToken {
				t.Errorf("%s: token %d, %v, %v; want %d, %v", owner, token, ok, err, wantToken, wantOK)
			}
		}
		lead("a", true, 1)
		lead("b", false, 0)
		now = now.Add(6 * time.Second)
		lead("a", true, 1) // renewed
		now = now.Add(6 * time.Second)
		lead("b", false, 0)
		now = now.Add(6 * time.Second)
		lead("b", true, 2)
		lead("a", false, 0)
		world{db, t}.must(db.Yield(ctx, "poller", "a")) // not a's any more
		lead("a", false, 0)
		world{db, t}.must(db.Yield(ctx, "poller", "b"))
		lead("a", true, 3)
	}, store.Options{Now: func() time.Time { return now }})
}
