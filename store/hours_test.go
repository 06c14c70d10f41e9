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

// A request for approval waits for the end of quiet hours as what it is.
func TestDeferRequest(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, src, r := approving(t, db, store.TierInstant)
		w.publish(src, item("a", r), item("b", r))
		p := w.parcel(1)
		w.must(db.Defer(ctx, p, ids(p.Deliveries), noon))
		w.must(db.Release(ctx, p))
		w.idle()
		_, err := db.Ripen(ctx, noon, 10)
		w.must(err)
		p = w.parcel(1)
		for _, d := range p.Deliveries {
			if len(p.Deliveries) != 2 || d.Kind != store.KindAlert || d.Subject == 0 || d.Place == nil {
				t.Errorf("asked after quiet hours: %+v", d)
			}
		}
	})
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

// An outage of ours, or of a source: what was published meanwhile and is seen only now
// comes together, from whichever source; what is urgent, or just out, comes by itself.
func TestOutage(t *testing.T) {
	now := noon
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now = noon
		w := world{db, t}
		w.chat(1)
		w.chat(2)
		a, b, fresh := w.source("https://a.example", 0), w.source("https://b.example", 0), w.source("https://new.example", 0)
		instant, flash, digest := w.rule(1, "*", 0, store.TierInstant), w.rule(1, "f", 0, store.TierFlash), w.rule(1, "d", 0, store.TierDigest)
		few := w.rule(2, "*", 0, store.TierInstant)
		published := func(ago time.Duration, n store.NewArticle) store.NewArticle {
			if n.Item.Published = now.Add(-ago); ago == 0 {
				n.Item.Published = time.Time{} // the source does not say
			}
			return n
		}
		w.publish(a)
		w.publish(b)
		now = now.Add(50 * time.Minute)
		w.publish(a, published(time.Hour, item("before", instant)))
		w.deliver(1)
		now = now.Add(4 * time.Hour)
		w.publish(a, published(3*time.Hour, item("a1", instant, few)), published(2*time.Hour, item("a2", instant)),
			published(2*time.Hour, item("urgent", flash)), published(time.Minute, item("just out", instant)),
			published(2*time.Hour, item("calm", digest)))
		w.publish(fresh, published(9*time.Hour, item("first visit", instant)))
		if diff := cmp.Diff([]string{"urgent", "just out", "first visit"}, w.deliver(1)); diff != "" {
			t.Error(diff)
		}
		now = now.Add(time.Minute)
		w.publish(b, published(0, item("b1", instant)), published(time.Hour, item("b2", few)))
		now = now.Add(59 * time.Second)
		if n, err := db.Ripen(ctx, now, 10); n != 0 || err != nil {
			t.Errorf("ripe too soon: %d, %v", n, err)
		}
		now = now.Add(time.Second)
		if n, err := db.Ripen(ctx, now, 10); n != 2 || err != nil {
			t.Errorf("ripe: %d, %v", n, err)
		}
		p := w.parcel(1)
		if diff := cmp.Diff([]string{"a1", "a2", "b1"}, titles(p.Deliveries)); diff != "" || p.Deliveries[0].Digest == 0 {
			t.Errorf("%s: %+v", diff, p.Deliveries[0])
		}
		for _, d := range p.Deliveries {
			if d.Kind != store.KindBacklog || d.Digest != p.Deliveries[0].Digest {
				t.Errorf("found late: %+v", d)
			}
		}
		w.must(db.Release(ctx, p))
		p = w.parcel(2) // two are no flood
		if diff := cmp.Diff([]string{"a1", "b2"}, titles(p.Deliveries)); diff != "" || p.Deliveries[0].Kind != store.KindAlert {
			t.Errorf("%s: %+v", diff, p.Deliveries[0])
		}
		w.must(db.Release(ctx, p))
	}, store.Options{Now: func() time.Time { return now }, Backlog: time.Hour})
}

// What an outage has kept back comes with a digest that is asked for before it comes
// by itself, and waits while its chat is not written to.
func TestOutageJoins(t *testing.T) {
	now := noon
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now = noon
		w := world{db, t}
		w.chat(1)
		src := w.source("https://a.example", 0)
		instant, digest := w.rule(1, "*", 0, store.TierInstant), w.rule(1, "d", 0, store.TierDigest)
		outage := func(items ...store.NewArticle) {
			w.publish(src)
			now = now.Add(3 * time.Hour)
			for i := range items {
				items[i].Item.Published = now.Add(-2 * time.Hour)
			}
			w.publish(src, items...)
		}
		outage(item("a", instant), item("b", digest), item("c", instant), item("d", instant))
		_, err := db.StartDigest(ctx, 1, now, time.Time{})
		w.must(err)
		p := w.parcel(1)
		for _, d := range p.Deliveries {
			if len(p.Deliveries) != 4 || d.Kind != store.KindDigest || d.Digest != p.Deliveries[0].Digest {
				t.Errorf("asked for: %+v", d)
			}
		}
		w.must(db.Sending(ctx, p, ids(p.Deliveries)))
		w.must(db.Sent(ctx, p, ids(p.Deliveries), 9, 0))
		w.must(db.Release(ctx, p))

		outage(item("e", instant), item("f", instant), item("g", instant))
		_, err = db.UpdateChat(ctx, 1, func(c *store.Chat) error { c.State = store.ChatPaused; return nil })
		w.must(err)
		now = now.Add(time.Hour)
		if n, err := db.Ripen(ctx, now, 10); n != 0 || err != nil {
			t.Errorf("ripe: %d, %v", n, err)
		}
		w.must(db.Resume(ctx, 1))
		_, err = db.Ripen(ctx, now, 10)
		w.must(err)
		p = w.parcel(1)
		if diff := cmp.Diff([]string{"e", "f", "g"}, titles(p.Deliveries)); diff != "" || p.Deliveries[0].Kind != store.KindBacklog {
			t.Errorf("%s: %+v", diff, p.Deliveries)
		}
	}, store.Options{Now: func() time.Time { return now }, Backlog: time.Hour})
}
