package watch

import (
	"fmt"
	"strings"
	"testing"

	"wirewatch/filter"
	"wirewatch/filter/entity"
	"wirewatch/store"
)

// calls stores what a chat calls things.
func (f *fixture) calls(chat int64, definitions string) {
	f.t.Helper()
	all, err := entity.Define(definitions)
	if err != nil {
		f.t.Fatal(err)
	}
	var list []store.Entity
	for _, e := range all {
		list = append(list, store.Entity{Slug: e.Slug, Definition: e.Definition()})
	}
	if err := f.db.SaveEntities(f.t.Context(), chat, list); err != nil {
		f.t.Fatal(err)
	}
}

// matches lists the rules, by their names, that an article with a title satisfies.
func (f *fixture) matches(title string) string {
	f.t.Helper()
	if err := f.rules.refresh(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
	rules, err := f.db.AllRules(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	names := map[int64]string{}
	for _, r := range rules {
		names[r.ID] = r.Name
	}
	var a store.Article
	a.Source.ID = 1
	a.Zones.Title = title
	var found []string
	for _, m := range f.rules.match(a) {
		found = append(found, names[m.Rule])
	}
	return strings.Join(found, " ")
}

// Each chat's rules mean what that chat calls things, from the next article on, and after a restart too.
func TestChatsCallThingsTheirOwnWay(t *testing.T) {
	f := setup(t)
	const other = chatID + 1
	base, err := entity.Load([]byte("- {slug: geneva, kind: place, names: {en: [Geneva]}}"))
	if err != nil {
		t.Fatal(err)
	}
	f.rules = newRuleSet(f.db, base, filter.Admission{}, f.o.Log)
	if err := f.db.SaveChat(t.Context(), store.Chat{ID: other, Kind: "private", Zone: "UTC", State: store.ChatActive}); err != nil {
		t.Fatal(err)
	}
	rule := func(chat int64, name, query string) {
		if _, err := f.db.AddRule(t.Context(), store.Rule{Chat: chat, Name: name, Query: query}); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(wants ...string) {
		t.Helper()
		for i := 0; i < len(wants); i += 2 {
			if have := f.matches(wants[i]); have != wants[i+1] {
				t.Errorf("%s: rules %s, want %s", wants[i], have, wants[i+1])
			}
		}
	}
	rule(chatID, "mine", "@geneva")
	rule(other, "theirs", "@geneva")
	expect("Talks in Geneva", "mine theirs", "Talks at the Quai", "")
	f.calls(chatID, "@geneva place = Quai; ar: الرصيف\n@acme = Acme Works")
	rule(chatID, "acme", "@acme OR @geneva")
	expect("Talks in Geneva", "theirs", "Talks at the Quai", "mine acme", "The Acme Works", "acme", "على الرصيف", "mine acme")
	f.calls(other, "@acme = Beta Works")
	rule(other, "beta", "@acme")
	expect("The Acme Works", "acme", "The Beta Works", "beta")
	f.calls(chatID, "@acme = Gamma Works") // the rule is as it was, and means something else
	expect("The Acme Works", "", "The Gamma Works", "acme")

	f.rules = newRuleSet(f.db, base, filter.Admission{}, f.o.Log) // the program starts again
	expect("Talks at the Quai", "mine acme", "The Gamma Works", "acme", "The Beta Works", "beta")

	own, err := f.db.Entities(t.Context(), chatID)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.db.DeleteEntity(t.Context(), chatID, own[0].ID); err != nil {
		t.Fatal(err)
	}
	expect("Talks in Geneva", "mine theirs acme", "Talks at the Quai", "")
	if err := f.db.ForgetChat(t.Context(), chatID); err != nil {
		t.Fatal(err)
	}
	expect("Talks in Geneva", "theirs", "The Gamma Works", "")
}

// A definition that this version of the program refuses costs its chat that entity, and nobody else anything.
func TestRefusedDefinition(t *testing.T) {
	f := setup(t)
	f.calls(chatID, "@acme = Acme Works")
	if err := f.db.SaveEntities(t.Context(), chatID, []store.Entity{{Slug: "bad", Definition: "- {slug: bad, kind: palace}"}}); err != nil {
		t.Fatal(err)
	}
	for i, query := range []string{"@acme", "@bad", "works"} {
		f.rule(store.Rule{Name: fmt.Sprint(i), Query: query})
	}
	if have := f.matches("The Acme Works"); have != "0 2" {
		t.Errorf("rules %s", have)
	}
}
