package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"wirewatch/store"
	"wirewatch/store/storetest"
)

// noon is a moment of the clock that tests wind.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// limited adds a rule with limits.
func (w world) limited(chat int64, query string, tier store.Tier, l store.Limits) store.Rule {
	w.t.Helper()
	r, err := w.AddRule(ctx, store.Rule{Chat: chat, Name: query, Query: query, Tier: tier, Limits: l})
	w.must(err)
	return r
}

// states are those of a chat's deliveries by article, the oldest first; those of kind
// fold say of how many.
func (w world) states(chat int64) []string {
	w.t.Helper()
	var list []string
	for e, err := range w.Ledger(ctx, store.LedgerFilter{Chat: chat}) {
		w.must(err)
		name := fmt.Sprint(e.ArticleID)
		if e.Kind == store.KindFold {
			_, n, err := w.Folded(ctx, chat, e.ID, 0, 1)
			w.must(err)
			name = fmt.Sprint("fold of ", n)
		}
		list = append(list, name+" "+e.State)
	}
	return list
}

func TestCapFolds(t *testing.T) {
	now := noon
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now = noon
		w := world{db, t}
		w.chat(1)
		src := w.source("https://a.example", 0)
		r := w.limited(1, "capped", store.TierInstant, store.Limits{Cap: 2, Per: time.Hour})
		show := func(from, to int) {
			var items []store.NewArticle
			for i := from; i <= to; i++ {
				items = append(items, item(fmt.Sprint("n", i), r))
			}
			w.publish(src, items...)
		}
		show(1, 4)
		now = now.Add(30 * time.Minute)
		show(5, 5)
		if diff := cmp.Diff([]string{"n1", "n2"}, w.deliver(1)); diff != "" {
			t.Error(diff)
		}
		// The fold is stored before what is folded into it.
		want := []string{"fold of 3 waiting", "1 sent", "2 sent", "3 folded", "4 folded", "5 folded"}
		if diff := cmp.Diff(want, w.states(1)); diff != "" {
			t.Error(diff)
		}
		now = noon.Add(time.Hour - time.Second)
		if n, err := db.Ripen(ctx, now, 10); n != 0 || err != nil {
			t.Errorf("ripe before its time: %d, %v", n, err)
		}
		w.idle()
		now = noon.Add(time.Hour)
		if n, err := db.Ripen(ctx, now, 10); n != 1 || err != nil {
			t.Errorf("not ripe: %d, %v", n, err)
		}
		show(6, 6) // the next hour
		p := w.parcel(1)
		if diff := cmp.Diff([]string{"(none)", "n6"}, titles(p.Deliveries)); diff != "" {
			t.Fatal(diff)
		}
		fold := p.Deliveries[0]
		if fold.Kind != store.KindFold || fold.Folded != 3 || fold.Rules[0].ID != r.ID || fold.Tier != store.TierInstant {
			t.Errorf("fold is %+v", fold)
		}
		w.must(db.Sending(ctx, p, ids(p.Deliveries)))
		w.must(db.Sent(ctx, p, ids(p.Deliveries), 7, 0))
		w.must(db.Release(ctx, p))
		w.opens(fold, "n3", "n4", "n5")
	}, store.Options{Now: func() time.Time { return now }})
}

// opens shows what is folded, two at a time, and settles it.
func (w world) opens(fold store.Delivery, want ...string) {
	w.t.Helper()
	var got []string
	for from := 0; ; from += 2 {
		list, total, err := w.Folded(ctx, fold.Chat, fold.ID, from, 2)
		w.must(err)
		if total != len(want) {
			w.t.Fatalf("%d are folded, want %d", total, len(want))
		}
		if len(list) == 0 {
			break
		}
		got = append(got, titles(list)...)
		w.must(w.Unfold(ctx, fold.Chat, ids(list), 7))
		w.must(w.Unfold(ctx, fold.Chat, ids(list), 8)) // pressed twice
	}
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Error(diff)
	}
	for _, d := range w.latest(fold.Chat) {
		if d.Fold == fold.ID && (d.State != store.StateSent || d.MessageID != 7 || d.SentAt.IsZero()) {
			w.t.Errorf("shown, and still %+v", d)
		}
	}
	if _, _, err := w.Folded(ctx, fold.Chat+1, fold.ID, 0, 1); !errors.Is(err, store.ErrNotFound) {
		w.t.Errorf("another chat opens it: %v", err)
	}
}

func TestCooldown(t *testing.T) {
	now := noon
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now = noon
		w := world{db, t}
		w.chat(1)
		src := w.source("https://a.example", 0)
		r := w.limited(1, "cool", store.TierFlash, store.Limits{Cooldown: 30 * time.Minute})
		for i, at := range []time.Duration{0, time.Minute, 29 * time.Minute, 30 * time.Minute, 31 * time.Minute} {
			now = noon.Add(at)
			w.publish(src, item(fmt.Sprint("n", i), r))
		}
		// The fold had not ripened when the next was needed: it takes more.
		want := []string{"1 due", "fold of 3 waiting", "2 folded", "3 folded", "4 due", "5 folded"}
		if diff := cmp.Diff(want, w.states(1)); diff != "" {
			t.Error(diff)
		}
	}, store.Options{Now: func() time.Time { return now }})
}

// What several rules of a destination match is told when one of them may tell it, and
// spends nothing of those that may not.
func TestLimitsOfSeveralRules(t *testing.T) {
	now := noon
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now = noon
		w := world{db, t}
		w.chat(1)
		w.chat(2)
		src := w.source("https://a.example", 0)
		one := store.Limits{Cap: 1, Per: time.Hour}
		a, b := w.limited(1, "a", store.TierInstant, one), w.limited(1, "b", store.TierInstant, one)
		free, daily := w.rule(1, "free", 0, store.TierInstant), w.rule(1, "daily", 0, store.TierDigest)
		other := w.limited(2, "a", store.TierInstant, one)
		w.publish(src, item("n1", a, other))                            // spends a
		w.publish(src, item("n2", a, free))                             // by free
		w.publish(src, item("n3", a, b))                                // by b
		w.publish(src, item("n4", b, a))                                // of neither: into the fold of b
		w.publish(src, item("n5", a, daily))                            // the digest promised it
		w.publish(src, item("n6", a), item("n1x", b))                   // into the fold of a; of b
		w.publish(w.source("https://b.example", 0), again("n6", other)) // known here, new to chat 2
		want := []string{"1 due", "2 due", "3 due", "fold of 2 waiting", "4 folded", "5 waiting", "fold of 1 waiting", "6 folded", "7 folded"}
		if diff := cmp.Diff(want, w.states(1)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"1 due", "fold of 1 waiting", "6 folded"}, w.states(2)); diff != "" {
			t.Error(diff)
		}
	}, store.Options{Now: func() time.Time { return now }})
}

// again is an item that another source carries.
func again(name string, rules ...store.Rule) store.NewArticle {
	n := item(name, rules...)
	n.GUID = hash("another " + name)
	return n
}

// In a channel nobody opens anything: what was folded is a digest there.
func TestFoldInAChannel(t *testing.T) {
	now := noon
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now = noon
		w := world{db, t}
		w.must(db.SaveChat(ctx, store.Chat{ID: -100, Kind: "channel", Title: "news"}))
		src := w.source("https://a.example", 0)
		r := w.limited(-100, "capped", store.TierInstant, store.Limits{Cap: 1, Per: time.Hour})
		w.publish(src, item("n1", r), item("n2", r), item("n3", r))
		w.deliver(-100)
		now = now.Add(time.Hour)
		if _, err := db.Ripen(ctx, now, 10); err != nil {
			t.Fatal(err)
		}
		p := w.parcel(-100)
		if diff := cmp.Diff([]string{"(none)", "n2", "n3"}, titles(p.Deliveries)); diff != "" {
			t.Error(diff)
		}
		for _, d := range p.Deliveries {
			if d.Kind != store.KindDigest || d.Digest == 0 || d.Digest != p.Deliveries[0].Digest {
				t.Errorf("not of one digest: %+v", d)
			}
		}
	}, store.Options{Now: func() time.Time { return now }})
}

// A fold survives a pause, and one of whose stories nothing is left is not told.
func TestFoldAndPause(t *testing.T) {
	now := noon
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now = noon
		w := world{db, t}
		w.chat(1)
		src := w.source("https://a.example", 0)
		r := w.limited(1, "capped", store.TierInstant, store.Limits{Cap: 1, Per: time.Hour})
		w.publish(src, item("n1", r), item("n2", r))
		_, err := db.UpdateChat(ctx, 1, func(c *store.Chat) error { c.State = store.ChatPaused; return nil })
		w.must(err)
		w.publish(src, item("n3", r))
		if diff := cmp.Diff([]string{"fold of 2 held", "1 held", "2 folded", "3 folded"}, w.states(1)); diff != "" {
			t.Error(diff)
		}
		now = now.Add(2 * time.Hour)
		w.must(db.Resume(ctx, 1))
		w.deliver(1)
		if _, err := db.Ripen(ctx, now, 10); err != nil {
			t.Fatal(err)
		}
		p := w.parcel(1)
		if len(p.Deliveries) != 1 || p.Deliveries[0].Folded != 2 {
			t.Errorf("due is %+v", p.Deliveries)
		}
		w.must(db.Release(ctx, p))
		_, err = db.UpdateChat(ctx, 1, func(c *store.Chat) error { c.State = store.ChatPaused; return nil }) // while it is due
		w.must(err)
		w.must(db.Resume(ctx, 1))
		if p := w.parcel(1); len(p.Deliveries) != 1 || p.Deliveries[0].Kind != store.KindFold {
			t.Errorf("after the pause due is %+v", p.Deliveries)
		}
	}, store.Options{Now: func() time.Time { return now }})
}

func TestFoldOfNothing(t *testing.T) {
	now := noon
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now = noon
		w := world{db, t}
		w.chat(1)
		w.chat(2)
		own := w.source("https://own.example", 2)
		w.must(db.AddRoute(ctx, store.Route{Chat: 2, To: 1}))
		r := w.limited(2, "capped", store.TierInstant, store.Limits{Cap: 1, Per: time.Hour})
		w.publish(own, item("n1", r), item("n2", r))
		w.deliver(1)
		w.must(db.ForgetChat(ctx, 2)) // with its source, and its articles
		now = now.Add(time.Hour)
		if _, err := db.Ripen(ctx, now, 10); err != nil {
			t.Fatal(err)
		}
		w.idle()
		if diff := cmp.Diff([]string{"fold of 0 dropped", "1 sent", "2 dropped"}, w.states(1)); diff != "" {
			t.Error(diff)
		}
	}, store.Options{Now: func() time.Time { return now }})
}

func TestLimitsAreChecked(t *testing.T) {
	db := storetest.Open(t)
	w := world{db, t}
	w.chat(1)
	for _, bad := range []store.Limits{
		{Cap: 5}, {Per: time.Hour}, {Cap: -1, Per: time.Hour}, {Cap: store.MaxCap + 1, Per: time.Hour},
		{Cap: 1, Per: store.MaxPer + 1}, {Cap: 1, Per: time.Second}, {Cooldown: time.Second}, {Cooldown: -time.Minute}, {Cooldown: store.MaxPer + 1},
	} {
		if _, err := db.AddRule(ctx, store.Rule{Chat: 1, Query: "x", Limits: bad}); !errors.Is(err, store.ErrLimits) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	r := w.limited(1, "x", store.TierInstant, store.Limits{Cap: 5, Per: time.Hour, Cooldown: time.Minute})
	r.Digest, r.DigestAt, r.Limits.Cap = "0 7 * * *", noon, 6
	w.must(db.UpdateRule(ctx, r))
	list, err := db.Rules(ctx, 1)
	w.must(err)
	r.Changed = list[0].Changed
	if diff := cmp.Diff([]store.Rule{r}, list); diff != "" {
		t.Error(diff)
	}
}

// TestFoldProperty publishes at random moments and holds what was told against the
// limits: no period has more alerts than it may, nothing is folded while there was
// room, and in the end every story was told or is among those that folds tell of.
func TestFoldProperty(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		now := noon
		db, err := store.Open(ctx, storetest.SQLite(t), store.Options{Now: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		w := world{db, t}
		w.chat(1)
		src := w.source("https://a.example", 0)
		l := store.Limits{Cap: rapid.IntRange(1, 4).Draw(rt, "cap"), Per: 10 * time.Minute}
		if rapid.Bool().Draw(rt, "cool") {
			l.Cooldown = 2 * time.Minute
		}
		r := w.limited(1, "capped", store.TierInstant, l)
		shown := 0
		for range rapid.IntRange(1, 12).Draw(rt, "visits") {
			now = now.Add(time.Duration(rapid.IntRange(0, 400).Draw(rt, "seconds")) * time.Second)
			var items []store.NewArticle
			for range rapid.IntRange(1, 4).Draw(rt, "items") {
				shown++
				items = append(items, item(fmt.Sprint("n", shown), r))
			}
			w.publish(src, items...)
			if rapid.Bool().Draw(rt, "ripen") {
				_, err := db.Ripen(ctx, now, 10)
				w.must(err)
			}
		}
		now = now.Add(time.Hour)
		_, err = db.Ripen(ctx, now, 10)
		w.must(err)
		checkFolds(rt, w, l, shown)
	})
}

func checkFolds(rt *rapid.T, w world, l store.Limits, shown int) {
	var told []time.Time
	folded, by := 0, map[int64]int{}
	for e, err := range w.Ledger(ctx, store.LedgerFilter{Chat: 1}) {
		w.must(err)
		switch {
		case e.Kind == store.KindFold && e.State != store.StateDue:
			rt.Errorf("a fold is %s in the end", e.State)
		case e.Kind == store.KindFold:
			_, n, err := w.Folded(ctx, 1, e.ID, 0, 1)
			w.must(err)
			by[e.ID] += n
		case e.State == store.StateFolded:
			folded++
			by[e.Fold]--
		default:
			told = append(told, e.Created)
		}
	}
	if folded+len(told) != shown {
		rt.Errorf("%d told, %d folded, of %d", len(told), folded, shown)
	}
	for id, n := range by {
		if n != 0 {
			rt.Errorf("fold %d tells of %d too many", id, n)
		}
	}
	for i := range told { // windows begin with an alert, so no two of them overlap on more than twice the cap
		n := 0
		for _, at := range told[i:] {
			if at.Sub(told[i]) < l.Per {
				n++
			}
		}
		if n > 2*l.Cap {
			rt.Errorf("%d alerts in %v, with a cap of %d", n, l.Per, l.Cap)
		}
		if i > 0 && told[i].Sub(told[i-1]) < l.Cooldown {
			rt.Errorf("alerts %v apart", told[i].Sub(told[i-1]))
		}
	}
}
