package store_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wirewatch/feeds"
	"wirewatch/store"
	"wirewatch/store/storetest"
)

func TestRules(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		w.chat(1)
		w.chat(2)
		private := w.source("https://p.example", 2)
		version := func() int64 {
			v, err := db.RulesVersion(ctx)
			w.must(err)
			return v
		}
		last := version()
		changed := func(what string) {
			t.Helper()
			if v := version(); v == last {
				t.Errorf("%s left the version", what)
			} else {
				last = v
			}
		}
		r := w.rule(1, "geneva", 0, "")
		changed("adding")
		if r.ID == 0 || r.Tier != store.TierInstant || r.Created.IsZero() {
			t.Errorf("added %+v", r)
		}
		r.Name, r.Query, r.Tier = "talks", "geneva OR vienna", store.TierDigest
		w.must(db.UpdateRule(ctx, r))
		changed("changing")
		other := w.rule(1, "x", 0, store.TierOff)
		changed("adding")
		for what, tt := range map[string]struct {
			rule store.Rule
			want error
		}{
			"twin":             {store.Rule{Chat: 1, Query: "x"}, store.ErrExists},
			"unknown chat":     {store.Rule{Chat: 9, Query: "x"}, store.ErrNotFound},
			"unseen source":    {store.Rule{Chat: 1, Query: "x", Source: private.ID}, store.ErrNotFound},
			"unknown source":   {store.Rule{Chat: 1, Query: "x", Source: 999}, store.ErrNotFound},
			"changed to twin":  {store.Rule{ID: r.ID, Chat: 1, Query: "x"}, store.ErrExists},
			"unknown rule":     {store.Rule{ID: 999, Chat: 1, Query: "new"}, store.ErrNotFound},
			"rule of another":  {store.Rule{ID: r.ID, Chat: 2, Query: "new"}, store.ErrNotFound},
			"no such tier":     {store.Rule{Chat: 1, Query: "y", Tier: "loud"}, nil},
			"no such tier now": {store.Rule{ID: r.ID, Chat: 1, Query: "y", Tier: "loud"}, nil},
		} {
			var err error
			if tt.rule.ID == 0 {
				_, err = db.AddRule(ctx, tt.rule)
			} else {
				err = db.UpdateRule(ctx, tt.rule)
			}
			if err == nil || tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("%s: %v, want %v", what, err, tt.want)
			}
		}
		if v := version(); v != last {
			t.Error("a refusal changed the version")
		}
		list, err := db.Rules(ctx, 1)
		w.must(err)
		r.Changed = list[0].Changed
		if diff := cmp.Diff([]store.Rule{r, other}, list); diff != "" {
			t.Error(diff)
		}
		w.rule(2, "*", private.ID, store.TierFlash)
		if all, err := db.AllRules(ctx); err != nil || len(all) != 3 {
			t.Errorf("all: %v, %v", all, err)
		}
		last = version()
		w.must(db.DeleteRule(ctx, 1, r.ID))
		changed("deleting")
		if err := db.DeleteRule(ctx, 1, r.ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("deleted twice: %v", err)
		}
		for i := range store.MaxRules - 1 {
			w.rule(1, fmt.Sprint("q", i), 0, "")
		}
		if _, err := db.AddRule(ctx, store.Rule{Chat: 1, Query: "one more"}); !errors.Is(err, store.ErrLimit) {
			t.Errorf("one more: %v", err)
		}
	})
}

func TestSourcesOfAChat(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		w.chat(1)
		w.chat(2)
		s, fresh, err := db.AddSource(ctx, feeds.Source{URL: "https://a.example", Title: "b", Tags: []string{"wire", ""}}, 1)
		w.must(err)
		if !fresh || s.Shared || s.State != store.SourceActive || len(s.Tags) != 1 || s.NextAt.IsZero() {
			t.Errorf("added %+v, new %v", s, fresh)
		}
		_, fresh, err = db.AddSource(ctx, feeds.Source{URL: "https://a.example", Title: "other"}, 2)
		if err != nil || !fresh {
			t.Errorf("second chat: new %v, %v", fresh, err)
		}
		s, fresh, err = db.AddSource(ctx, feeds.Source{URL: "https://a.example", Title: "B", Country: "CH"}, 0)
		if err != nil || !fresh || s.Title != "B" || !s.Shared || s.Country != "CH" {
			t.Errorf("catalogue: %+v, new %v, %v", s, fresh, err)
		}
		if _, fresh, _ = db.AddSource(ctx, feeds.Source{URL: "https://a.example"}, 0); fresh {
			t.Error("new to the catalogue twice")
		}
		w.source("https://c.example", 0)
		list, err := db.Sources(ctx, 1)
		if err != nil || len(list) != 2 || list[0].Title != "B" {
			t.Errorf("chat sees %v, %v", list, err)
		}
		// Out of the catalogue it stays with those who asked for it.
		w.must(db.RemoveSource(ctx, s.ID, 0))
		w.must(db.RemoveSource(ctx, s.ID, 1))
		if got, _ := db.Source(ctx, s.ID); got.State != store.SourceActive {
			t.Errorf("state %s while a chat sees it", got.State)
		}
		w.must(db.RemoveSource(ctx, s.ID, 2))
		if got, _ := db.Source(ctx, s.ID); got.State != store.SourcePaused {
			t.Errorf("state %s when nobody sees it", got.State)
		}
		if err := db.RemoveSource(ctx, s.ID, 2); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("removed twice: %v", err)
		}
		if _, _, err := db.AddSource(ctx, feeds.Source{URL: "https://d.example"}, 77); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("for an unknown chat: %v", err)
		}
		if _, _, err := db.AddSource(ctx, feeds.Source{URL: " "}, 0); err == nil {
			t.Error("a source without URL was added")
		}
	})
}

func TestTakeOffer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		w.chat(1)
		w.chat(2)
		offer := feeds.Source{URL: "https://a.example", Title: "A", Lang: "ar", Tags: []string{"agency"}}
		s, err := db.TakeOffer(ctx, offer, 1)
		if err != nil || !s.Shared || s.Title != "A" || s.Lang != "ar" || s.State != store.SourceActive {
			t.Errorf("a new one: %+v, %v", s, err)
		}
		if list, _ := db.Sources(ctx, 2); len(list) != 1 {
			t.Errorf("another chat sees %v", list)
		}
		// It stays with who took it, and an operator's word holds.
		w.must(db.RemoveSource(ctx, s.ID, 0))
		if list, _ := db.Sources(ctx, 1); len(list) != 1 {
			t.Errorf("who took it sees %v", list)
		}
		offer.Title = "other"
		if s, err = db.TakeOffer(ctx, offer, 2); err != nil || s.Shared || s.Title != "A" {
			t.Errorf("taken out of the catalogue before: %+v, %v", s, err)
		}
		w.must(db.RemoveSource(ctx, s.ID, 1))
		w.must(db.RemoveSource(ctx, s.ID, 2))
		if s, err = db.TakeOffer(ctx, offer, 2); err != nil || s.State != store.SourceActive {
			t.Errorf("asleep before: %+v, %v", s, err)
		}
		if _, err := db.TakeOffer(ctx, feeds.Source{URL: "https://b.example"}, 77); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("for an unknown chat: %v", err)
		}
		if list, _ := db.Sources(ctx, 0); len(list) != 1 {
			t.Errorf("an offer nobody could take was stored: %v", list)
		}
		if _, err := db.TakeOffer(ctx, feeds.Source{}, 1); err == nil {
			t.Error("an offer without an address was taken")
		}
	})
}
