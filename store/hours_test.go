package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wirewatch/store"
	"wirewatch/store/storetest"
)

// timed adds a digest rule with times of its own.
func (w world) timed(chat int64, query string, at time.Time) store.Rule {
	w.t.Helper()
	r, err := w.AddRule(ctx, store.Rule{Chat: chat, Name: query, Query: query, Tier: store.TierDigest, Digest: "0 18 * * *", DigestAt: at})
	w.must(err)
	return r
}

// What waits for a rule's own time comes then; what the chat's digest brings sooner
// comes with that, and one digest at one time has all of it.
func TestDigestsOfRules(t *testing.T) {
	now := noon
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now = noon
		w := world{db, t}
		w.chat(1)
		seven, nine := now.Add(7*time.Hour), now.Add(9*time.Hour)
		schedule := func(at time.Time) {
			_, err := db.UpdateChat(ctx, 1, func(c *store.Chat) error { c.DigestAt = at; return nil })
			w.must(err)
		}
		schedule(nine)
		src := w.source("https://a.example", 0)
		chats, early, late := w.rule(1, "chats", 0, store.TierDigest), w.timed(1, "early", seven), w.timed(1, "late", nine.Add(time.Hour))
		w.publish(src, item("c", chats), item("e", early), item("l", late), item("ce", chats, early), item("cl", late, chats))
		now = seven
		if n, err := db.Ripen(ctx, now, 10); n != 1 || err != nil {
			t.Errorf("ripe: %d, %v", n, err)
		}
		if diff := cmp.Diff([]string{"e", "ce"}, w.deliver(1)); diff != "" {
			t.Error(diff)
		}
		w.publish(src, item("same", w.timed(1, "same", nine)))
		now = nine
		if n, err := db.Ripen(ctx, now, 10); n != 0 || err != nil {
			t.Errorf("took what the chat's digest is to take: %d, %v", n, err)
		}
		if _, err := db.StartDigest(ctx, 1, nine, nine.Add(24*time.Hour)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"c", "cl", "same"}, w.deliver(1)); diff != "" {
			t.Error(diff)
		}
		// Asked for, a digest brings what waits for later.
		if _, err := db.StartDigest(ctx, 1, now.Add(time.Minute), nine.Add(24*time.Hour)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"l"}, w.deliver(1)); diff != "" {
			t.Error(diff)
		}
		// Without a digest of the chat its rule waits for the other.
		schedule(time.Time{})
		w.publish(src, item("cl2", chats, late))
		now = nine.Add(2 * time.Hour)
		if _, err := db.Ripen(ctx, now, 10); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"cl2"}, w.deliver(1)); diff != "" {
			t.Error(diff)
		}
	}, store.Options{Now: func() time.Time { return now }})
}

func TestDueRules(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		w.must(db.SaveChat(ctx, store.Chat{ID: 1, Kind: "private", Zone: "Asia/Kathmandu"}))
		r := w.timed(1, "own", noon)
		w.rule(1, "chats", 0, store.TierDigest)
		if list, err := db.DueRules(ctx, noon.Add(-time.Second), 10); err != nil || len(list) != 0 {
			t.Errorf("due too soon: %v, %v", list, err)
		}
		list, err := db.DueRules(ctx, noon, 10)
		w.must(err)
		if len(list) != 1 || list[0].Rule.ID != r.ID || list[0].Zone != "Asia/Kathmandu" || list[0].Rule.Digest != r.Digest {
			t.Fatalf("due: %+v", list)
		}
		next := noon.Add(24 * time.Hour)
		w.must(db.PassDigest(ctx, r.ID, noon.Add(-time.Hour), next)) // it was changed meanwhile
		if rules, _ := db.Rules(ctx, 1); !rules[0].DigestAt.Equal(noon) {
			t.Errorf("rule is %+v", rules[0])
		}
		w.must(db.PassDigest(ctx, r.ID, noon, next))
		if rules, _ := db.Rules(ctx, 1); !rules[0].DigestAt.Equal(next) {
			t.Errorf("rule is %+v", rules[0])
		}
	})
}

func TestDefer(t *testing.T) {
	now := noon
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now = noon
		w := world{db, t}
		w.must(db.SaveChat(ctx, store.Chat{ID: 1, Kind: "private", QuietFrom: 0, QuietTo: 1, QuietHold: true}))
		src := w.source("https://a.example", 0)
		r := w.rule(1, "*", 0, store.TierInstant)
		w.publish(src, item("a", r), item("b", r), item("c", r))
		p := w.parcel(1)
		until := now.Add(8 * time.Hour)
		w.must(db.Defer(ctx, p, ids(p.Deliveries[:1]), until))
		w.must(db.Defer(ctx, p, ids(p.Deliveries[2:]), until))
		w.must(db.Release(ctx, p))
		if diff := cmp.Diff([]string{"b"}, w.deliver(1)); diff != "" {
			t.Error(diff)
		}
		for _, d := range w.latest(1) {
			if d.State != store.StateSent && (d.State != store.StateWaiting || d.Seq != 0 || d.Reason == "" || !d.NotBefore.Equal(until)) {
				t.Errorf("put off: %+v", d)
			}
		}
		now = until
		_, err := db.Ripen(ctx, now, 10)
		w.must(err)
		p = w.parcel(1)
		if diff := cmp.Diff([]string{"a", "c"}, titles(p.Deliveries)); diff != "" || p.Deliveries[0].Kind != store.KindDigest || p.Deliveries[0].Digest == 0 {
			t.Errorf("%s: %+v", diff, p.Deliveries)
		}
		// Who has no quiet hours any more waits for their end no longer.
		w.must(db.Defer(ctx, p, ids(p.Deliveries), now.Add(8*time.Hour)))
		w.must(db.Release(ctx, p))
		_, err = db.UpdateChat(ctx, 1, func(c *store.Chat) error { c.QuietHold = false; return nil })
		w.must(err)
		now = now.Add(time.Second)
		_, err = db.Ripen(ctx, now, 10)
		w.must(err)
		if diff := cmp.Diff([]string{"a", "c"}, w.deliver(1)); diff != "" {
			t.Error(diff)
		}
	}, store.Options{Now: func() time.Time { return now }})
}

// What comes too late comes together; what is urgent, and what may be on its way,
// goes before it by itself.
func TestBacklog(t *testing.T) {
	now := noon
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now = noon
		w := world{db, t}
		w.chat(1)
		src := w.source("https://a.example", 0)
		instant, flash := w.rule(1, "*", 0, store.TierInstant), w.rule(1, "f", 0, store.TierFlash)
		var items []store.NewArticle
		for i := range 30 {
			rule := instant
			if i%10 == 5 {
				rule = flash
			}
			items = append(items, item(fmt.Sprint("n", i), rule))
		}
		w.publish(src, items...)
		claim := func() store.Parcel {
			ps, err := db.Claim(ctx, now, 10)
			w.must(err)
			return ps[0]
		}
		p := claim()
		w.must(db.Sending(ctx, p, ids(p.Deliveries[:1])))
		w.must(db.Retry(ctx, p, ids(p.Deliveries[:1]), now, "no answer", true))
		w.must(db.Release(ctx, p))
		now = now.Add(59 * time.Minute)
		p = claim()
		if p.Deliveries[1].Kind != store.KindAlert {
			t.Errorf("bundled too soon: %+v", p.Deliveries[1])
		}
		w.must(db.Release(ctx, p))
		now = now.Add(time.Minute)
		w.publish(src, item("fresh", instant))
		p = claim()
		if diff := cmp.Diff([]string{"n0", "n5", "n15", "n25", "n1"}, titles(p.Deliveries)[:5]); diff != "" {
			t.Error(diff)
		}
		if len(p.Deliveries) != 31 || titles(p.Deliveries)[30] != "fresh" {
			t.Errorf("due: %v", titles(p.Deliveries))
		}
		for i, d := range p.Deliveries {
			if want := i >= 4; (d.Kind == store.KindBacklog) != want || (d.Digest != 0) != want || d.Bundled() != want {
				t.Errorf("%d is %+v", i, d)
			}
		}
		w.must(db.Sending(ctx, p, ids(p.Deliveries)))
		w.must(db.Sent(ctx, p, ids(p.Deliveries), 9, 0))
		w.must(db.Release(ctx, p))
		// Two are no flood.
		w.publish(src, item("x", instant), item("y", instant))
		now = now.Add(2 * time.Hour)
		if p := claim(); len(p.Deliveries) != 2 || p.Deliveries[0].Kind != store.KindAlert {
			t.Errorf("due: %+v", p.Deliveries)
		}
	}, store.Options{Now: func() time.Time { return now }, Backlog: time.Hour})
}
