package store_test

import (
	"errors"
	"testing"
	"time"

	"wirewatch/store"
	"wirewatch/store/storetest"
)

// amended is a store in which chat 1 was told of one article.
type amended struct {
	world
	src store.Source
	now *time.Time
}

// eachAmended runs a test on one of every engine.
func eachAmended(t *testing.T, body func(t *testing.T, a amended)) {
	now := noon
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now = noon
		a := amended{world{db, t}, store.Source{}, &now}
		a.chat(1)
		a.src = a.source("https://one.example/feed", 0)
		a.publish(a.src, item("first", a.rule(1, "*", 0, store.TierInstant)))
		a.deliver(1)
		body(t, a)
	}, store.Options{Now: func() time.Time { return now }})
}

// change lets the source say something else of its one article.
func (a amended) change(title string, missing bool) {
	a.t.Helper()
	list, err := a.Followed(ctx, a.src.ID)
	a.must(err)
	if len(list) != 1 {
		a.t.Fatalf("%d articles are followed", len(list))
	}
	v := visit(a.claim(a.src.ID))
	v.Changes = []store.Change{{GUID: list[0].GUID, Title: title, Missing: missing}}
	_, err = a.Publish(ctx, v)
	a.must(err)
}

func (a amended) due(want int) []store.Correction {
	a.t.Helper()
	list, err := a.ClaimCorrections(ctx, 10)
	a.must(err)
	if len(list) != want {
		a.t.Fatalf("%d corrections are due, want %d", len(list), want)
	}
	return list
}

func TestChangedHeadlineIsOwed(t *testing.T) {
	eachAmended(t, func(t *testing.T, a amended) {
		was := a.latest(1)[0].Article.Item.Title
		a.due(0)
		a.change("Second", false)
		c := a.due(1)[0]
		if c.Was != was || c.Withdrawn || c.Delivery.Article.Item.Title != "Second" || c.Delivery.Article.Zones.Title != "Second" || c.Delivery.MessageID == 0 || c.Chat.ID != 1 {
			t.Errorf("owed is %+v", c)
		}
		a.due(0) // it is leased
		a.change("Third", false)
		a.must(a.Corrected(ctx, c))
		a.due(0) // not twice in a minute
		*a.now = a.now.Add(store.EditGap)
		c = a.due(1)[0]
		if c.Was != was || c.Delivery.Article.Item.Title != "Third" {
			t.Errorf("owed is %+v", c)
		}
		a.must(a.Corrected(ctx, c))
		if err := a.Corrected(ctx, c); err != nil {
			t.Errorf("settled twice by its holder: %v", err)
		}
		*a.now = a.now.Add(time.Hour)
		a.due(0)
	})
}

// A process that dies with a correction in its hands loses nothing, and one that was
// away for too long cannot settle what somebody else has.
func TestCorrectionsAreLeased(t *testing.T) {
	eachAmended(t, func(t *testing.T, a amended) {
		a.change("Second", false)
		stale := a.due(1)[0]
		*a.now = a.now.Add(time.Minute)
		fresh := a.due(1)[0]
		for what, err := range map[string]error{
			"corrected": a.Corrected(ctx, stale), "retry": a.RetryCorrection(ctx, stale, 0, ""), "drop": a.DropCorrection(ctx, stale, ""),
		} {
			if !errors.Is(err, store.ErrLeaseLost) {
				t.Errorf("%s by the first holder: %v", what, err)
			}
		}
		a.must(a.RetryCorrection(ctx, fresh, time.Minute, "429"))
		a.due(0)
		*a.now = a.now.Add(time.Minute)
		again := a.due(1)[0]
		if again.Tries != 1 {
			t.Errorf("%d tries", again.Tries)
		}
		a.must(a.DropCorrection(ctx, again, "message to edit not found"))
		*a.now = a.now.Add(time.Hour)
		a.due(0)
	})
}

// However often a headline changes, a message gets a few edits, further and further
// apart; that its article was withdrawn it is told all the same.
func TestRestlessHeadline(t *testing.T) {
	eachAmended(t, func(t *testing.T, a amended) {
		edits := 0
		minutes := func(n int) {
			for range n {
				a.change("Headline of "+a.now.Format(time.RFC3339), false)
				list, err := a.ClaimCorrections(ctx, 10)
				a.must(err)
				for _, c := range list {
					edits++
					a.must(a.Corrected(ctx, c))
				}
				*a.now = a.now.Add(time.Minute)
			}
		}
		minutes(8)
		if edits != 4 {
			t.Errorf("%d edits in 8 minutes, want 4: after 0, 1, 3 and 7", edits)
		}
		minutes(4 * 60)
		if edits != 7 {
			t.Errorf("%d edits in hours, want 7", edits)
		}
		a.withdraw()
		a.must(a.Corrected(ctx, a.due(1)[0]))
	})
}

// withdraw lets the article vanish and its page be gone.
func (a amended) withdraw() {
	a.t.Helper()
	list, err := a.Followed(ctx, a.src.ID)
	a.must(err)
	a.change(list[0].Title, true)
	for i := range 2 {
		due, err := a.Missing(ctx, 10)
		a.must(err)
		if len(due) != 1 || due[0].URL == "" || due[0].Gone != (i > 0) || due[0].Asks != i {
			a.t.Fatalf("to be asked for: %+v", due)
		}
		over, err := a.Asked(ctx, due[0], true, a.now.Add(5*time.Minute))
		a.must(err)
		if over != (i > 0) {
			a.t.Errorf("after %d answers withdrawn: %v", i+1, over)
		}
		if early, _ := a.Missing(ctx, 10); len(early) > 0 {
			a.t.Error("asked for again at once")
		}
		*a.now = a.now.Add(5 * time.Minute)
	}
}

func TestWithdrawnArticle(t *testing.T) {
	eachAmended(t, func(t *testing.T, a amended) {
		a.chat(2)
		a.withdraw()
		c := a.due(1)[0]
		if !c.Withdrawn || c.Was != "" {
			t.Errorf("owed is %+v", c)
		}
		a.must(a.Corrected(ctx, c))
		*a.now = a.now.Add(time.Hour)
		if list, err := a.Missing(ctx, 10); err != nil || len(list) > 0 {
			t.Errorf("still asked for: %v, %v", list, err)
		}
		a.change(a.latest(1)[0].Article.Item.Title, false)
		if c := a.due(1)[0]; c.Withdrawn || c.Was != "" {
			t.Errorf("an article that is back owes %+v", c)
		}
	})
}

// A site that gives its articles new guids and addresses has taken none of them back.
func TestArticleUnderAnotherGuid(t *testing.T) {
	for _, late := range []bool{false, true} { // when it was thought withdrawn
		eachAmended(t, func(t *testing.T, a amended) {
			before, err := a.Followed(ctx, a.src.ID)
			a.must(err)
			if late {
				a.withdraw()
				a.must(a.Corrected(ctx, a.due(1)[0]))
				*a.now = a.now.Add(time.Hour)
			}
			again := item("first")
			again.GUID, again.URL, again.Item.ID, again.Item.URL = hash("new guid"), hash("new address"), "new guid", "https://one.example/new"
			v := visit(a.claim(a.src.ID))
			v.Articles = []store.NewArticle{again}
			v.Changes = []store.Change{{GUID: before[0].GUID, Title: before[0].Title, Missing: true}}
			got, err := a.Publish(ctx, v)
			if err != nil || got.Duplicate != 1 || got.Deliveries != 0 {
				t.Fatalf("published %+v, %v", got, err)
			}
			if list, err := a.Missing(ctx, 10); err != nil || len(list) > 0 {
				t.Errorf("asked for: %+v, %v", list, err)
			}
			after, err := a.Followed(ctx, a.src.ID)
			if err != nil || len(after) != 1 || after[0].GUID != again.GUID || after[0].Missing {
				t.Errorf("followed: %+v, %v", after, err)
			}
			if !late {
				a.due(0)
			} else if c := a.due(1)[0]; c.Withdrawn {
				t.Errorf("an article that is back owes %+v", c)
			}
			a.change("Another headline", false)
			*a.now = a.now.Add(time.Hour)
			if !late && a.due(1)[0].Was != before[0].Title {
				t.Error("its headline is not corrected")
			}
		})
	}
}

// What is not told yet is told as it is then; a withdrawn article is not told any
// more where it waits.
func TestChangesBeforeTelling(t *testing.T) {
	now := noon
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now = noon
		a := amended{world{db, t}, store.Source{}, &now}
		a.chat(1)
		a.chat(2)
		a.src = a.source("https://one.example/feed", 0)
		a.publish(a.src, item("first", a.rule(1, "*", 0, store.TierDigest), a.rule(2, "*", 0, store.TierInstant)))
		a.change("Second", false)
		p := a.parcel(2)
		if got := p.Deliveries[0].Article.Item.Title; got != "Second" {
			t.Errorf("told %q", got)
		}
		a.must(db.Release(ctx, p))
		a.deliver(2)
		a.due(0)
		a.withdraw()
		if d := a.latest(2)[0]; d.State != store.StateSent {
			t.Errorf("told is %+v", d)
		}
		if got := a.states(1); len(got) != 1 || got[0][len(got[0])-len(store.StateDropped):] != store.StateDropped {
			t.Errorf("a withdrawn article that waited is %v", got)
		}
		a.due(1)
	}, store.Options{Now: func() time.Time { return now }})
}

// A message that is on its way while its headline changes is corrected when it has
// arrived.
func TestChangeWhileSending(t *testing.T) {
	now := noon
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now = noon
		a := amended{world{db, t}, store.Source{}, &now}
		a.chat(1)
		a.src = a.source("https://one.example/feed", 0)
		a.publish(a.src, item("first", a.rule(1, "*", 0, store.TierInstant)))
		p := a.parcel(1)
		was := p.Deliveries[0].Article.Item.Title
		a.must(db.Sending(ctx, p, ids(p.Deliveries)))
		a.change("Second", false)
		a.due(0)
		a.must(db.Sent(ctx, p, ids(p.Deliveries), 9, 0))
		if c := a.due(1)[0]; c.Was != was || c.Delivery.MessageID != 9 {
			t.Errorf("owed is %+v", c)
		}
	}, store.Options{Now: func() time.Time { return now }})
}

// Nothing is followed for ever.
func TestFollowedIsForgotten(t *testing.T) {
	eachAmended(t, func(t *testing.T, a amended) {
		a.change("Second", false)
		*a.now = a.now.Add(store.CorrectFor + time.Minute)
		if list, err := a.Followed(ctx, a.src.ID); err != nil || len(list) > 0 {
			t.Errorf("still followed: %v, %v", list, err)
		}
		a.due(1)
		*a.now = a.now.Add(store.CorrectFor)
		_, err := a.Sweep(ctx, store.Retention{})
		a.must(err)
		a.due(0)
	})
}
