package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"wirewatch/store"
	"wirewatch/store/storetest"
)

// hours is a chat with rules of every tier, limits and digest times of their own, in
// random hands: however late, folded, put off or paused, what it is owed is told.
type hours struct {
	w       world
	now     time.Time
	sources []store.Source
	rules   []store.Rule
	owed    map[string]bool // by item
}

func newHours(t testing.TB, dsn string) *hours {
	h := &hours{now: noon, owed: map[string]bool{}}
	db, err := store.Open(ctx, dsn, store.Options{Now: func() time.Time { return h.now }, Backlog: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	h.w = world{db, t}
	h.w.must(db.SaveChat(ctx, store.Chat{ID: 1, Kind: "private", QuietTo: 60, QuietHold: true, DigestAt: noon.Add(7 * time.Hour)}))
	h.sources = []store.Source{h.w.source("https://a.example", 0), h.w.source("https://b.example", 0)}
	h.rules = []store.Rule{h.w.rule(1, "instant", 0, store.TierInstant), h.w.rule(1, "flash", 0, store.TierFlash), h.w.rule(1, "digest", 0, store.TierDigest),
		h.w.timed(1, "timed", noon.Add(3*time.Hour)), h.w.limited(1, "cap", store.TierInstant, store.Limits{Cap: 2, Per: time.Hour}),
		h.w.limited(1, "cool", store.TierInstant, store.Limits{Cooldown: 20 * time.Minute})}
	return h
}

func (h *hours) publish(t *rapid.T) {
	s := rapid.SampledFrom(h.sources).Draw(t, "source")
	var items []store.NewArticle
	for range rapid.IntRange(1, 4).Draw(t, "items") {
		n := item(fmt.Sprint("i", len(h.owed)), rapid.SliceOfNDistinct(rapid.SampledFrom(h.rules), 1, 3, func(r store.Rule) int64 { return r.ID }).Draw(t, "rules")...)
		n.Item.Published = h.now.Add(-time.Duration(rapid.IntRange(0, 180).Draw(t, "minutes ago")) * time.Minute)
		h.owed[n.Item.ID] = true
		items = append(items, n)
	}
	if got := h.w.publish(s, items...); got.Deliveries != len(items) {
		t.Fatalf("published %+v of %d", got, len(items))
	}
}

func (h *hours) sleep(t *rapid.T) {
	h.now = h.now.Add(time.Duration(rapid.IntRange(1, 240).Draw(t, "minutes")) * time.Minute)
}

// tick is a round of the scheduler.
func (h *hours) tick(*rapid.T) {
	due, err := h.w.DueRules(ctx, h.now, 10)
	h.w.must(err)
	for _, d := range due {
		h.w.must(h.w.PassDigest(ctx, d.Rule.ID, d.Rule.DigestAt, h.now.Add(5*time.Hour)))
	}
	chats, err := h.w.DueDigests(ctx, h.now, 10)
	h.w.must(err)
	for _, c := range chats {
		_, err := h.w.StartDigest(ctx, c.ID, c.DigestAt, h.now.Add(9*time.Hour))
		h.w.must(err)
	}
	_, err = h.w.Ripen(ctx, h.now, 10)
	h.w.must(err)
}

// ask is a digest that somebody asks for.
func (h *hours) ask(*rapid.T) {
	c, err := h.w.Chat(ctx, 1)
	h.w.must(err)
	_, err = h.w.StartDigest(ctx, 1, h.now, c.DigestAt)
	h.w.must(err)
}

// work claims what is due and lets it be told, wait, or be tried again; or dies.
func (h *hours) work(t *rapid.T) {
	parcels, err := h.w.Claim(ctx, h.now, 1)
	h.w.must(err)
	for _, p := range parcels {
		h.settle(t, p)
	}
	h.now = h.now.Add(2 * time.Second)
}

func (h *hours) settle(t *rapid.T, p store.Parcel) {
	for _, d := range p.Deliveries {
		id := []int64{d.ID}
		calm := d.Tier != store.TierFlash && d.Kind != store.KindDigest
		switch outcome := rapid.SampledFrom([]string{"sent", "sent", "sent", "quiet", "later", "doubt", "death"}).Draw(t, "outcome"); {
		case outcome == "quiet" && calm && d.State != store.StateSending:
			h.w.must(h.w.Defer(ctx, p, id, h.now.Add(90*time.Minute)))
			continue
		case outcome == "later" || outcome == "doubt":
			h.w.must(h.w.Sending(ctx, p, id))
			h.w.must(h.w.Retry(ctx, p, id, h.now.Add(time.Minute), "try again", outcome == "doubt"))
		case outcome == "death":
			h.w.must(h.w.Sending(ctx, p, id))
			h.now = h.now.Add(store.Lease)
			return
		default:
			h.w.must(h.w.Sending(ctx, p, id))
			h.w.must(h.w.Sent(ctx, p, id, d.ID, 0))
			continue
		}
		break
	}
	h.w.must(h.w.Release(ctx, p))
}

func (h *hours) pause(t *rapid.T) {
	_, err := h.w.UpdateChat(ctx, 1, func(c *store.Chat) error { c.State = store.ChatPaused; return nil })
	h.w.must(err)
	h.tick(t)
	h.sleep(t)
	h.publish(t)
	h.w.must(h.w.Resume(ctx, 1))
}

// open opens what tells of folded stories.
func (h *hours) open(*rapid.T) {
	for _, d := range h.ledger() {
		if d.Kind != store.KindFold || d.State != store.StateSent {
			continue
		}
		list, total, err := h.w.Folded(ctx, 1, d.ID, 0, 1000)
		h.w.must(err)
		if total != len(list) || total == 0 {
			h.w.t.Fatalf("fold %d tells of %d and opens %d", d.ID, total, len(list))
		}
		h.w.must(h.w.Unfold(ctx, 1, ids(list), d.MessageID))
	}
}

func (h *hours) ledger() (list []store.LedgerEntry) {
	for e, err := range h.w.Ledger(ctx, store.LedgerFilter{Chat: 1}) {
		h.w.must(err)
		list = append(list, e)
	}
	return list
}

// check holds that every story is owed once, that what is folded is told of, that
// nothing urgent waits, and that nothing is given up but what was held too long.
func (h *hours) check(t *rapid.T) {
	entries := h.ledger()
	have, folds := map[string]int{}, map[int64]string{}
	for _, e := range entries {
		if e.Kind == store.KindFold {
			folds[e.ID] = e.State
		}
	}
	for _, e := range entries {
		if e.ArticleID != 0 {
			have[e.Title]++
		}
		switch {
		case e.State == store.StateDropped && (e.Reason != store.HeldTooLong || h.now.Sub(e.Created) < store.HeldFor):
			t.Fatalf("%s is dropped: %s", e.Title, e.Reason)
		case e.State == store.StateFolded && (folds[e.Fold] == "" || folds[e.Fold] == store.StateDropped):
			t.Fatalf("%s is folded, and what tells of it is %q", e.Title, folds[e.Fold])
		case e.Tier == store.TierFlash && (e.Kind != store.KindAlert || e.State == store.StateWaiting || e.State == store.StateFolded):
			t.Fatalf("%s is urgent, of kind %s and %s", e.Title, e.Kind, e.State)
		case e.State == store.StateWaiting && e.Kind != store.KindDigest && e.NotBefore.IsZero():
			t.Fatalf("%s waits for ever", e.Title)
		}
	}
	for name := range h.owed {
		if n := have["Title of "+name]; n != 1 {
			t.Fatalf("%s is owed %d times", name, n)
		}
	}
}

// drain lets time pass and everything succeed; then everything must have been told.
func (h *hours) drain(t *rapid.T) {
	for range 40 {
		h.now = h.now.Add(time.Hour)
		h.tick(t)
		for {
			parcels, err := h.w.Claim(ctx, h.now, 1)
			h.w.must(err)
			if len(parcels) == 0 {
				break
			}
			p := parcels[0]
			h.w.must(h.w.Sending(ctx, p, ids(p.Deliveries)))
			h.w.must(h.w.Sent(ctx, p, ids(p.Deliveries), 9, 0))
			h.w.must(h.w.Release(ctx, p))
			h.now = h.now.Add(2 * time.Second)
		}
		h.open(t)
	}
	h.check(t)
	if i := slices.IndexFunc(h.ledger(), func(e store.LedgerEntry) bool { return e.State != store.StateSent && e.State != store.StateDropped }); i >= 0 {
		t.Fatalf("in the end it is not told: %+v", h.ledger()[i])
	}
}

func TestHoursLoseNothing(t *testing.T) {
	storetest.EachDSN(t, func(t *testing.T, dsn string) {
		rapid.Check(t, func(rt *rapid.T) {
			h := newHours(t, fresh(t, dsn))
			defer h.w.Close()
			rt.Repeat(map[string]func(*rapid.T){
				"publish": h.publish, "publish more": h.publish, "work": h.work, "work more": h.work, "tick": h.tick, "tick more": h.tick,
				"sleep": h.sleep, "pause": h.pause, "ask": h.ask, "open": h.open, "": h.check,
			})
			h.drain(rt)
		})
	})
}
