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
	for _, in := range []string{"\ufeff- slug: x\r\n  kind: place\r\n  names: {en: [\"\u202bX\u202c\"]}\r\n", `[{"slug": "x", "kind": "place", "names": {"en": ["X"]}}]`} {
		if e, ok := load(t, in).Lookup("x"); !ok || e.Alias[0].Text != "X" {
			t.Errorf("%q: %+v", in, e)
		}
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

// TestLoadRefuses: every mistake that a file can have, with the line where it is and what would be right.
func TestLoadRefuses(t *testing.T) {
	x := "- slug: x\n  kind: place\n"
	names := x + "  names:\n    en: "
	for in, want := range map[string]string{
		// the file
		"slug: x":                   "entities 1:1: a pack is a list of entities",
		`{"slug": "x"}`:             "entities 1:1: a pack is a list of entities",
		"<html>\n<body>":            "entities 1:1: a pack is a list of entities",
		"# none\nx":                 "entities 1:2: a pack is a list of entities",
		"- slug: \"x\n  kind: y":    "entities 1:1: could not find end character of double-quoted text",
		"- {":                       "entities 1:1: ",
		x + "  names: {*: [X]}":     "entities 1:3: ",
		"- slug: x\n\tkind: place":  "entities 1:2: found character",
		"- slug: y\n   kind: place": "entities 1:1: ",
		names + "[Z\xfcrich]":       "entities 1:4: this is not UTF-8: save the file as UTF-8",
		"\xff\xfe-\x00 \x00s\x00":   "entities 1:1: this is not UTF-8",
		x + "  names: {en: " + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + "}": "entities 1:3: this is nested more than 16 deep; a pack is a list",
		strings.Repeat("[", 100000):           "entities 1:1: this is nested more than 16 deep",
		strings.Repeat("- ", 20000) + "x":     "entities 1:1: this is nested more than 16 deep",
		strings.Repeat("{a: ", 20000):         "entities 1:1: this is nested more than 16 deep",
		"- " + strings.Repeat("!a ", 1000):    "entities 1:1: this is nested more than 16 deep",
		strings.Repeat("- x\n", 300001):       "entities 1:300001: the file has more than 600000 words and signs: split it here",
		strings.Repeat("#", entity.MaxFile+1): "entities 1: the file is larger than 4 MB",

		// an entity
		"- x":         "entities 1:1: an entity is a mapping",
		"- - slug: x": "entities 1:1: an entity is a mapping",
		"- &a {slug: x, kind: place, names: {en: [X]}}\n- *a": "entities 1:1: an entity is a mapping",
		x + "  name: {en: [X]}":                               `1:3: unknown key "name"; did you mean "names"?`,
		x + "  names: {en: [X]}\n  <<: {kind: org}":           `1:4: unknown key "<<"; it must be one of slug, more`,
		"- slug: x\n  slug: y":                                "1:2: mapping key \"slug\" already defined",
		"- kind: place\n  names: {en: [X]}":                   "1:1: an entity needs a slug",
		"- slug: New York\n  kind: place\n  names: {en: [X]}": `1:1: slug "New York": lower-case English letters and digits with hyphens, like "new-york"`,
		"- slug: جنيف\n  kind: place\n  names: {en: [X]}":     `1:1: slug "جنيف": lower-case English`,
		"- slug: 1701\n  kind: topic\n  names: {en: [X]}":     `1:1: slug is a text: write it in quotes, "1701"`,
		"- slug: x\n  kind: plaice\n  names: {en: [X]}":       `1:1: x: kind "plaice"; did you mean "place"?`,
		"- slug: x\n  names: {en: [X]}":                       `1:1: x: kind ""; it must be one of place, country`,
		"- slug: x\n  kind: [place]\n  names: {en: [X]}":      `1:2: kind must be a plain text`,
		x:                                     "1:1: x has no names",
		x + "  names: {en: []}":               "1:1: x has no names",
		x + "  names: ~":                      "1:1: x has no names",
		x + "  parent: y\n  names: {en: [X]}": `1:1: x: there is no parent "y"`,
		x + "  parent: x\n  names: {en: [X]}": "1:1: x is its own ancestor",
		x + "  parent: y\n  names: {en: [X]}\n- {slug: y, kind: place, parent: x, names: {en: [Y]}}": "1:1: x is its own ancestor: break the circle",
		x + "  names: {en: [X]}\n- slug: x\n  kind: org\n  names: {en: [Y]}":                         "1:4: the slug \"x\" is taken (entities 1:1): a slug names one entity",

		// names
		x + "  names: [X]":                               "1:3: names maps languages to names, like",
		x + "  names: X":                                 "1:3: names maps languages to names",
		x + "  names: {en: [X]}\n  need: [a, b]":         "1:4: need maps languages to names, like",
		x + "  names: {en: [X]}\n  not: a":               "1:4: not maps languages to names",
		x + "  names: {en: [X]}\n  veto: {en: [1]}":      `1:4: a name is a text: write it in quotes, "1"`,
		x + "  names: {english: [X]}":                    `1:3: "english" is no language: two or three letters like en`,
		x + "  names: {EN: [X]}":                         `1:3: "EN" is no language`,
		x + "  names: {en: [X], en: [Y]}":                `1:3: mapping key "en" already defined`,
		names + "[{text: X, mod: caps}]":                 `1:4: unknown key "mod" in a name; did you mean "mode"?`,
		names + "[a: b]":                                 `1:4: unknown key "a" in a name; it must be one of text, mode`,
		names + "[{text: X, mode: cap}]":                 `1:4: mode "cap"; did you mean "caps"?`,
		names + "[{text: who, mode: caps}]":              `1:4: "who": mode caps needs capital letters; use mode exact`,
		names + "[{text: جنيف, mode: caps}]":             "mode caps needs capital letters",
		names + "[{mode: caps}]":                         "1:4: a name needs a text, like",
		names + "[{text: X, weak: yes}]":                 "1:4: weak is true or false",
		names + "[{text: X, weak: \"true\"}]":            "1:4: weak is true or false",
		names + "[{text: X, article: maybe}]":            `1:4: article "maybe"; it must be one of optional, fixed`,
		names + "[{text: X, min: 0}]":                    "1:4: min is a number of letters from 1 to 9",
		names + "[{text: X, min: three}]":                "1:4: min is a number of letters from 1 to 9",
		names + "[42]":                                   `1:4: a name is a text: write it in quotes, "42"`,
		names + "[true]":                                 `1:4: a name is a text: write it in quotes, "true"`,
		names + "[~]":                                    "1:4: a name is empty",
		names + "[\"...\"]":                              `1:4: the name "..." has no letter or digit`,
		names + "[\"\"]":                                 `1:4: the name "" has no letter or digit`,
		names + "[\"a\\nb\"]":                            `1:4: the name "a\nb" has a line break or a control character`,
		names + "[\"a\\0b\"]":                            "has a line break or a control character",
		names + "[[X]]":                                  "1:4: a name must be a plain text",
		names + "[!!str X]":                              "1:4: a name must be a plain text",
		names + "[\"" + strings.Repeat("x", 300) + "\"]": "1:4: the name “" + strings.Repeat("x", 40) + "…” is longer than 200 bytes",
		names + "[" + manyNames(1001) + "]":              "1:4: 1001 names are more than the 1000 an entity may have",
	} {
		_, err := entity.Load([]byte(in))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Load(%.80q):\nhave %.300v\nwant %s", in, err, want)
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
