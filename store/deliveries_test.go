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

// owing gives a store where chat 1 is owed n alerts, "a0" first.
func owing(t *testing.T, db *store.DB, n int) world {
	t.Helper()
	w := world{db, t}
	w.chat(1)
	src := w.source("https://a.example/feed", 0)
	r := w.rule(1, "*", 0, store.TierInstant)
	var items []store.NewArticle
	for i := range n {
		items = append(items, item(fmt.Sprint("a", i), r))
	}
	w.publish(src, items...)
	return w
}

func (w world) latest(chat int64) []store.Delivery {
	w.t.Helper()
	list, err := w.Latest(ctx, chat, 1000)
	w.must(err)
	return list
}

func TestOrderOfAChat(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := owing(t, db, 3)
		p := w.parcel(1)
		head := ids(p.Deliveries[:1])
		w.must(db.Sending(ctx, p, head))
		later := time.Now().Add(2 * time.Minute)
		w.must(db.Retry(ctx, p, head, later, "429", false))
		w.must(db.Release(ctx, p))
		// Its head holds the chat up.
		if ps, err := db.Claim(ctx, time.Now().Add(time.Minute), 10); err != nil || len(ps) != 0 {
			t.Fatalf("claimed %v, %v before the head is due", ps, err)
		}
		ps, err := db.Claim(ctx, later.Add(time.Second), 10)
		w.must(err)
		p = ps[0]
		if diff := cmp.Diff([]string{"a0", "a1", "a2"}, titles(p.Deliveries)); diff != "" {
			t.Error(diff)
		}
		if d := p.Deliveries[0]; d.Attempts != 1 || d.Reason != "429" || d.MaybeDup || d.State != store.StateDue {
			t.Errorf("head is %+v", d)
		}
		w.must(db.Retry(ctx, p, head, time.Now().Add(time.Hour), "again", false))
		w.must(db.Drop(ctx, p, head, "can't parse"))
		w.must(db.Release(ctx, p))
		if diff := cmp.Diff([]string{"a1", "a2"}, w.deliver(1)); diff != "" {
			t.Error(diff)
		}
		w.idle()
	})
}

// What is to be retried later holds up what is behind it, not what is before it.
func TestRetryBehindTheHead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := owing(t, db, 3)
		p := w.parcel(1)
		w.must(db.Retry(ctx, p, ids(p.Deliveries[1:2]), time.Now().Add(time.Hour), "later", false))
		w.must(db.Release(ctx, p))
		ps, err := db.Claim(ctx, time.Now().Add(time.Minute), 10)
		if err != nil || len(ps) != 1 || cmp.Diff([]string{"a0"}, titles(ps[0].Deliveries)) != "" {
			t.Errorf("claimed %v, %v", ps, err)
		}
	})
}

func TestSettling(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := owing(t, db, 2)
		p := w.parcel(1)
		all := ids(p.Deliveries)
		if err := db.Sent(ctx, p, all, 5, 0); err == nil {
			t.Error("sent what was never sending")
		}
		w.must(db.Sending(ctx, p, all[:1]))
		w.must(db.Sent(ctx, p, all[:1], 5, 40*time.Second))
		w.must(db.Release(ctx, p))
		if ps, err := db.Claim(ctx, time.Now().Add(30*time.Second), 10); err != nil || len(ps) != 0 {
			t.Errorf("the gap was not kept: %v, %v", ps, err)
		}
		list := w.latest(1)
		if d := list[1]; d.State != store.StateSent || d.MessageID != 5 || d.SentAt.IsZero() || d.Attempts != 1 || d.Started.IsZero() {
			t.Errorf("sent delivery is %+v", d)
		}
		if err := db.Drop(ctx, p, all, "x"); !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("dropped a sent delivery: %v", err)
		}
		if d := w.latest(1)[0]; d.State != store.StateDue {
			t.Errorf("a refused call changed %+v", d)
		}
	})
}

func TestLeaseOfAChat(t *testing.T) {
	now := time.Now()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := owing(t, db, 2)
		claim := func() []store.Parcel {
			ps, err := db.Claim(ctx, now, 10)
			w.must(err)
			return ps
		}
		stale := claim()[0]
		if got := stale.Expires.Sub(now); got != store.Lease {
			t.Errorf("lease ends in %v", got)
		}
		if len(claim()) != 0 {
			t.Fatal("a leased chat was handed out again")
		}
		head := ids(stale.Deliveries[:1])
		w.must(db.Sending(ctx, stale, head))
		now = now.Add(store.Lease)
		fresh := claim()[0]
		d := fresh.Deliveries[0]
		if d.State != store.StateUncertain || !d.MaybeDup || d.Attempts != 1 {
			t.Errorf("head is %+v", d)
		}
		for what, err := range map[string]error{
			"sending": db.Sending(ctx, stale, head),
			"sent":    db.Sent(ctx, stale, head, 1, 0),
			"retry":   db.Retry(ctx, stale, head, now, "", false),
			"drop":    db.Drop(ctx, stale, head, ""),
			"block":   db.Block(ctx, stale, store.ChatBlocked, ""),
			"release": db.Release(ctx, stale),
		} {
			if !errors.Is(err, store.ErrLeaseLost) {
				t.Errorf("%s under a lost lease: %v", what, err)
			}
		}
		w.must(db.Sending(ctx, fresh, head))
		w.must(db.Sent(ctx, fresh, head, 9, 0))
		w.must(db.Release(ctx, fresh))
		if d := w.latest(1)[1]; d.State != store.StateSent || !d.MaybeDup || d.Attempts != 2 {
			t.Errorf("head is %+v", d)
		}
		if s, err := db.Stats(ctx); err != nil || s.Uncertain != 1 {
			t.Errorf("stats %+v, %v", s, err)
		}
	}, store.Options{Now: func() time.Time { return now }})
}

func TestUncertainAnswer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := owing(t, db, 1)
		p := w.parcel(1)
		w.must(db.Sending(ctx, p, ids(p.Deliveries)))
		w.must(db.Retry(ctx, p, ids(p.Deliveries), time.Now().Add(10*time.Second), "connection reset", true))
		w.must(db.Release(ctx, p))
		p = w.parcel(1)
		if d := p.Deliveries[0]; d.State != store.StateUncertain || !d.MaybeDup || d.NotBefore.IsZero() {
			t.Errorf("delivery is %+v", d)
		}
	})
}

func TestBlockAndResume(t *testing.T) {
	now := time.Now()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := owing(t, db, 2)
		src := w.source("https://a.example/feed", 0)
		rules, _ := db.Rules(ctx, 1)
		daily := w.rule(1, "daily", 0, store.TierDigest)
		p := w.parcel(1)
		w.must(db.Sending(ctx, p, ids(p.Deliveries[:1])))
		w.must(db.Block(ctx, p, store.ChatBlocked, "bot was blocked by the user"))
		c, err := db.Chat(ctx, 1)
		if err != nil || c.State != store.ChatBlocked || c.Reason == "" {
			t.Errorf("chat is %+v, %v", c, err)
		}
		w.publish(src, item("held", rules[0]), item("daily", daily))
		w.idle()
		for _, d := range w.latest(1) {
			if d.State != store.StateHeld {
				t.Errorf("delivery is %+v", d)
			}
		}
		now = now.Add(time.Hour)
		w.must(db.Resume(ctx, 1))
		p = w.parcel(1)
		if diff := cmp.Diff([]string{"a0", "a1", "held"}, titles(p.Deliveries)); diff != "" {
			t.Error(diff)
		}
		w.must(db.Block(ctx, p, store.ChatBlocked, "again"))
		now = now.Add(store.HeldFor + time.Hour)
		w.must(db.Resume(ctx, 1))
		w.idle()
		if list := w.latest(1); len(list) != 0 {
			t.Errorf("told late: %v", titles(list))
		}
		if err := db.Resume(ctx, 77); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("unknown chat: %v", err)
		}
		if err := db.Block(ctx, p, store.ChatActive, ""); err == nil {
			t.Error("blocked into the active state")
		}
	}, store.Options{Now: func() time.Time { return now }})
}

func TestPause(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := owing(t, db, 1)
		src := w.source("https://a.example/feed", 0)
		rules, _ := db.Rules(ctx, 1)
		until := time.Now().Add(time.Minute)
		pause := func(c *store.Chat) error { c.State, c.PausedUntil = store.ChatPaused, until; return nil }
		p := w.parcel(1)
		w.must(db.Sending(ctx, p, ids(p.Deliveries)))
		_, err := db.UpdateChat(ctx, 1, pause)
		w.must(err)
		w.must(db.Sent(ctx, p, ids(p.Deliveries), 3, 0)) // what was on its way arrives
		w.must(db.Release(ctx, p))
		if got := w.publish(src, item("later", rules[0])); got.Deliveries != 1 {
			t.Errorf("published %+v", got)
		}
		if ps, err := db.Claim(ctx, until.Add(-time.Second), 10); err != nil || len(ps) != 0 {
			t.Errorf("claimed during the pause: %v, %v", ps, err)
		}
		ps, err := db.Claim(ctx, until.Add(2*time.Minute), 10)
		if err != nil || len(ps) != 1 || titles(ps[0].Deliveries)[0] != "later" {
			t.Fatalf("after the pause: %v, %v", ps, err)
		}
		if c := ps[0].Chat; c.State != store.ChatActive || !c.PausedUntil.IsZero() {
			t.Errorf("chat is %+v", c)
		}
		// Paused in the middle of a parcel: the rest of it is not to be sent.
		_, err = db.UpdateChat(ctx, 1, pause)
		w.must(err)
		if err := db.Sending(ctx, ps[0], ids(ps[0].Deliveries)); !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("sending to a paused chat: %v", err)
		}
	})
}

func TestChatsThatGetNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := owing(t, db, 0)
		src := w.source("https://a.example/feed", 0)
		rules, _ := db.Rules(ctx, 1)
		for i, state := range []store.ChatState{store.ChatGone, store.ChatPending} {
			_, err := db.UpdateChat(ctx, 1, func(c *store.Chat) error { c.State = state; return nil })
			w.must(err)
			if got := w.publish(src, item(fmt.Sprint("x", i), rules[0])); got != (store.Published{New: 1}) {
				t.Errorf("%s: published %+v", state, got)
			}
		}
		if list := w.latest(1); len(list) != 0 {
			t.Errorf("stored %+v", list)
		}
	})
}

// However many workers claim at once, no chat is handed out twice and nothing is
// forgotten.
func TestConcurrentClaims(t *testing.T) {
	const chats, workers = 40, 6
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		src := w.source("https://a.example/feed", 0)
		var rules []store.Rule
		for id := range int64(chats) {
			w.chat(id + 1)
			rules = append(rules, w.rule(id+1, "*", 0, store.TierInstant))
		}
		w.publish(src, item("one", rules...), item("two", rules...))
		now := time.Now().Add(time.Hour) // however long it takes
		var mu sync.Mutex
		held, told := map[int64]bool{}, map[int64]int{}
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() {
				for range chats {
					ps, err := db.Claim(ctx, now, 3)
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					for _, p := range ps {
						if held[p.Chat.ID] {
							t.Errorf("chat %d was handed out twice", p.Chat.ID)
						}
						held[p.Chat.ID] = true
					}
					mu.Unlock()
					for _, p := range ps {
						one := ids(p.Deliveries[:1])
						if err := errors.Join(db.Sending(ctx, p, one), db.Sent(ctx, p, one, 1, 0)); err != nil {
							t.Error(err)
						}
						mu.Lock()
						held[p.Chat.ID] = false
						told[p.Chat.ID]++
						mu.Unlock()
						if err := db.Release(ctx, p); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		wg.Wait()
		for id := range int64(chats) {
			if told[id+1] != 2 {
				t.Errorf("chat %d was told %d times", id+1, told[id+1])
			}
		}
	})
}

func TestParcelIsBounded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := owing(t, db, store.ParcelAlerts+5)
		daily := w.rule(1, "daily", 0, store.TierDigest)
		var items []store.NewArticle
		for i := range store.ParcelSize {
			items = append(items, item(fmt.Sprint("d", i), daily))
		}
		w.publish(w.source("https://a.example/feed", 0), items...)
		if got := w.deliver(1); len(got) != store.ParcelAlerts || got[0] != "a0" {
			t.Errorf("first parcel has %d", len(got))
		}
		_, err := db.StartDigest(ctx, 1, time.Now(), time.Time{})
		w.must(err)
		if got := w.deliver(1); len(got) != store.ParcelSize || got[0] != fmt.Sprint("a", store.ParcelAlerts) || got[5] != "d0" {
			t.Errorf("second parcel has %d: %v", len(got), got)
		}
		if got := w.deliver(1); len(got) != 5 {
			t.Errorf("third parcel has %v", got)
		}
	})
}

// One story to many chats is stored in few statements and still once each.
func TestManyDestinations(t *testing.T) {
	const chats = 1203
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		src := w.source("https://a.example/feed", 0)
		var rules []store.Rule
		for id := range int64(chats) {
			w.chat(id + 1)
			rules = append(rules, w.rule(id+1, "*", 0, store.TierInstant))
		}
		if got := w.publish(src, item("one", rules...)); got.Deliveries != chats {
			t.Errorf("published %+v", got)
		}
		ps, err := db.Claim(ctx, time.Now().Add(time.Second), 2*chats)
		if err != nil || len(ps) != chats {
			t.Errorf("%d chats are due, %v", len(ps), err)
		}
	})
}
