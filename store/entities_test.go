package store_test

import (
	"errors"
	"fmt"
	"testing"

	"wirewatch/store"
	"wirewatch/store/storetest"
)

func TestEntities(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		w.chat(1)
		w.chat(2)
		list := func(chat int64) (s string) {
			t.Helper()
			all, err := db.Entities(ctx, chat)
			w.must(err)
			for _, e := range all {
				if e.Chat != chat || e.Created.IsZero() || e.Changed.Before(e.Created) {
					t.Errorf("%+v", e)
				}
				s += e.Slug + "=" + e.Definition + " "
			}
			return s
		}
		save := func(chat int64, pairs ...string) error {
			var all []store.Entity
			for i := 0; i < len(pairs); i += 2 {
				all = append(all, store.Entity{Slug: pairs[i], Definition: pairs[i+1]})
			}
			return db.SaveEntities(ctx, chat, all)
		}
		version, err := db.RulesVersion(ctx)
		w.must(err)
		w.must(save(1, "acme", "a", "roe", "r"))
		w.must(save(1, "acme", "b"))
		w.must(save(2, "acme", "c"))
		if a, b := list(1), list(2); a != "acme=b roe=r " || b != "acme=c " {
			t.Errorf("%s; %s", a, b)
		}
		if v, _ := db.RulesVersion(ctx); v == version {
			t.Error("the rules' version is what it was")
		}
		w.rule(2, "@acme", 0, "")
		rules, entities, err := db.RulesAndEntities(ctx)
		if err != nil || len(rules) != 1 || len(entities) != 3 {
			t.Errorf("%v %v %v", rules, entities, err)
		}
		if err := save(9, "x", "y"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("an unknown chat: %v", err)
		}
		var many []string
		for i := range store.MaxEntities - 1 {
			many = append(many, fmt.Sprint("e", i), "d")
		}
		if err := save(1, many...); !errors.Is(err, store.ErrLimit) {
			t.Errorf("too many: %v", err)
		}
		w.must(save(1, many[:2*(store.MaxEntities-2)]...))
		mine, _ := db.Entities(ctx, 2)
		if err := db.DeleteEntity(ctx, 1, mine[0].ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("another chat's: %v", err)
		}
		w.must(db.MigrateChat(ctx, 2, -100))
		if list(-100) != "acme=c " || list(2) != "" {
			t.Errorf("after the migration: %s; %s", list(-100), list(2))
		}
		w.must(db.DeleteEntity(ctx, -100, mine[0].ID))
		if list(-100) != "" {
			t.Error("it is still there")
		}
		w.must(db.ForgetChat(ctx, 1))
		if list(1) != "" {
			t.Error("forgotten, but not its entities")
		}
	})
}
