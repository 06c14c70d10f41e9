package entity_test

import (
	"slices"
	"strings"
	"testing"

	"wirewatch/filter/entity"
	"wirewatch/filter/text"
)

const world = `# a comment
- slug: switzerland
  kind: country
  names: {en: [Switzerland], ar: [سويسرا]}
- slug: geneva
  kind: place
  parent: switzerland
  names:
    en: [Geneva, {text: GVA, mode: caps}]
    ar: [جنيف]
    "*": [Genf]
  not: {en: Lake Geneva}
  veto: {en: [Illinois]}
- slug: security-guarantees
  kind: topic
  names:
    en: [security guarantees]
    ar: [{text: ضمانات أمنية, article: optional}, {text: ضمانات قانونية, weak: true, min: 2}]
  need: {ar: [الناتو]}
- slug: russia
  kind: country
  names: {en: [Russia, {text: Russian, mode: demonym}]}
`

func load(t testing.TB, s string) *entity.Gazetteer {
	t.Helper()
	g, err := entity.Load([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestLoad(t *testing.T) {
	g := load(t, world)
	if len(g.All()) != 4 {
		t.Fatalf("%d entities", len(g.All()))
	}
	e, ok := g.Lookup("geneva")
	if !ok || e.Kind != entity.Place || e.Parent != "switzerland" || e.Label["ar"] != "جنيف" || e.Label["en"] != "Geneva" {
		t.Errorf("geneva: %+v", e)
	}
	want := []entity.Name{
		{Lang: "en", Text: "Geneva", Mode: entity.ModeName}, {Lang: "en", Text: "GVA", Mode: entity.ModeCaps},
		{Lang: "ar", Text: "جنيف", Mode: entity.ModeName}, {Lang: "*", Text: "Genf", Mode: entity.ModeName},
	}
	if !slices.Equal(e.Alias, want) {
		t.Errorf("names: %+v", e.Alias)
	}
	topic, _ := g.Lookup("security-guarantees")
	if a := topic.Alias[1]; !a.Optional || a.Mode != entity.ModePhrase {
		t.Errorf("first Arabic name: %+v", a)
	}
	if a := topic.Alias[2]; !a.Weak || a.Min != 2 {
		t.Errorf("second Arabic name: %+v", a)
	}
	if g := load(t, "# nothing\n"); len(g.All()) != 0 {
		t.Error("an empty pack has entities")
	}
}

func TestLookup(t *testing.T) {
	g := load(t, world)
	for name, want := range map[string]string{
		"geneva": "geneva", "Geneva": "geneva", "SECURITY GUARANTEES": "security-guarantees", "security_guarantees": "security-guarantees",
		"جنيف": "geneva", "الضمانات": "", "gva": "geneva", "nowhere": "", "": "", "Russian": "",
	} {
		e, ok := g.Lookup(name)
		if ok != (want != "") || (ok && e.Slug != want) {
			t.Errorf("Lookup(%q) = %v, %v; want %q", name, e, ok, want)
		}
	}
	for wrong, want := range map[string]string{"genva": "geneva", "gnevea": "geneva", "security-garantees": "security-guarantees", "guarantees": "security-guarantees", "swiss": ""} {
		if near := g.Suggest(wrong); (len(near) == 0) != (want == "") || (want != "" && near[0] != want) {
			t.Errorf("Suggest(%q) = %v, want %q", wrong, near, want)
		}
	}
	if w := slugsOf(g.Within("switzerland")); w != "switzerland geneva" || g.Within("nowhere") != nil {
		t.Errorf("Within = %v", w)
	}
	var none *entity.Gazetteer
	if _, ok := none.Lookup("x"); ok || none.All() != nil || none.Suggest("x") != nil || none.Find(text.New()) != nil {
		t.Error("a nil gazetteer holds something")
	}
}

func TestLoadRefuses(t *testing.T) {
	for in, want := range map[string]string{
		"slug: x": "entities 1:1: a pack is a list",
		"- x":     "entities 1:1: an entity is a mapping",
		"- slug: x\n  kind: plaice\n  names: {en: [X]}":                                            `1:1: x: kind "plaice"; did you mean "place"?`,
		"- slug: x\n  names: {en: [X]}":                                                            `must be one of place, country`,
		"- slug: New York\n  kind: place\n  names: {en: [X]}":                                      `like "new-york"`,
		"- kind: place\n  names: {en: [X]}":                                                        "needs a slug",
		"- slug: x\n  kind: place":                                                                 "x has no names",
		"- slug: x\n  kind: place\n  names: {en: []}":                                              "x has no names",
		"- slug: x\n  kind: place\n  names: [X]":                                                   "1:3: names maps languages to names",
		"- slug: x\n  kind: place\n  name: {en: [X]}":                                              `1:3: unknown key "name"; did you mean "names"?`,
		"- slug: x\n  kind: place\n  names: {english: [X]}":                                        `1:3: "english" is no language`,
		"- slug: x\n  kind: place\n  names:\n    en: [{text: X, mod: caps}]":                       `1:4: unknown key "mod" in a name; did you mean "mode"?`,
		"- slug: x\n  kind: place\n  names:\n    en: [{text: X, mode: cap}]":                       `1:4: mode "cap"; did you mean "caps"?`,
		"- slug: x\n  kind: place\n  names:\n    en: [{text: who, mode: caps}]":                    "needs capital letters",
		"- slug: x\n  kind: place\n  names:\n    en: [{mode: caps}]":                               "a name needs a text",
		"- slug: x\n  kind: place\n  names:\n    en: [{text: X, weak: yes}]":                       "weak is true or false",
		"- slug: x\n  kind: place\n  names:\n    en: [{text: X, article: maybe}]":                  "optional, fixed",
		"- slug: x\n  kind: place\n  names:\n    en: [{text: X, min: 0}]":                          "number of letters",
		"- slug: x\n  kind: place\n  names: {en: [42]}":                                            `write it in quotes, "42"`,
		"- slug: x\n  kind: place\n  names: {en: [\"...\"]}":                                       "no letter or digit",
		"- slug: x\n  kind: place\n  names: {en: [[X]]}":                                           "plain text",
		"- slug: x\n  kind: place\n  parent: y\n  names: {en: [X]}":                                `there is no parent "y"`,
		"- slug: x\n  kind: place\n  parent: x\n  names: {en: [X]}":                                "its own ancestor",
		"- slug: x\n  kind: place\n  names: {en: [X]}\n- slug: x\n  kind: org\n  names: {en: [Y]}": "1:4: the slug \"x\" is taken (entities 1:1)",
		"- slug: x\n  slug: y":                                                                     "1:2:",
		"- slug: \"x\n  kind: y":                                                                   "entities 1:",
		"- {":                                                                                      "entities 1:",
		"- slug: x\n  kind: place\n  names: {en: [\"" + strings.Repeat("x", 300) + "\"]}":          "longer than 200",
	} {
		_, err := entity.Load([]byte(in))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Load(%s):\nhave %v\nwant %s", in, err, want)
		}
	}
	_, err := entity.LoadFiles(entity.File{Name: "a.yaml", Data: []byte(world)}, entity.File{Name: "b.yaml", Data: []byte("\n\n- slug: russia\n  kind: country\n  names: {en: [Russia]}")})
	if err == nil || !strings.Contains(err.Error(), `b.yaml:3: the slug "russia" is taken (a.yaml:20)`) {
		t.Errorf("two files: %v", err)
	}
}

func TestLoadReportsSeveral(t *testing.T) {
	_, err := entity.Load([]byte("- slug: A\n  kind: place\n  names: {en: [X]}\n- slug: b\n  kind: b\n  names: {en: [X]}\n"))
	if err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("%v", err)
	}
	_, err = entity.Load([]byte(strings.Repeat("- x\n", 100)))
	if err == nil || !strings.Contains(err.Error(), "and 80 more") {
		t.Errorf("%v", err)
	}
}

func slugsOf(entities []*entity.Entity) string {
	var slugs []string
	for _, e := range entities {
		slugs = append(slugs, e.Slug)
	}
	return strings.Join(slugs, " ")
}

func mentions(g *entity.Gazetteer, lang string, sections ...string) []string {
	s := text.New()
	for _, sec := range sections {
		s.Add(sec)
	}
	s.Index(lang, true)
	var found []string
	for _, m := range g.Find(s) {
		found = append(found, m.Entity.Slug+"="+s.Source(m.First, m.Last))
	}
	return found
}

func TestFind(t *testing.T) {
	g := load(t, world)
	for _, c := range []struct {
		lang, text, want string
	}{
		{"en", "Geneva and Lake Geneva", "geneva=Geneva"},
		{"en", "The GVA airport, gva", "geneva=GVA"},
		{"de", "In Genf", "geneva=Genf"},
		{"en", "Russian talks in Russia", "russia=Russia"},
		{"en", "Geneva, Illinois", ""},
		{"ar", "وبجنيف والضمانات الأمنية", "geneva=وبجنيف|security-guarantees=والضمانات الأمنية"},
		{"ar", "ضمانات قانونية للمشترين", ""},
		{"ar", "ضمانات قانونية من الناتو", "security-guarantees=ضمانات قانونية"},
		{"ar", "ضمانات قانونية وضمانات أمنية", "security-guarantees=ضمانات قانونية|security-guarantees=وضمانات أمنية"},
		{"", "", ""},
	} {
		if have := strings.Join(mentions(g, c.lang, c.text), "|"); have != c.want {
			t.Errorf("%s: %q, want %q", c.text, have, c.want)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(world)
	f.Add("- slug: x\n  kind: place\n  names: {en: [{text: X, mode: caps}]}")
	f.Add("- &a {slug: x}\n- *a\n- <<: *a")
	f.Fuzz(func(t *testing.T, s string) {
		g, err := entity.Load([]byte(s))
		if err != nil {
			if err.Error() == "" {
				t.Fatal("an error without a text")
			}
			return
		}
		for _, e := range g.All() {
			if found, ok := g.Lookup(e.Slug); !ok || found != e {
				t.Fatalf("%q is not found by its slug", e.Slug)
			}
			for _, a := range e.Alias {
				mentions(g, a.Lang, a.Text)
			}
		}
	})
}
