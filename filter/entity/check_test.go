package entity_test

import (
	"fmt"
	"strings"
	"testing"

	"wirewatch/filter/entity"
)

func loadFile(t *testing.T, name, yaml string) *entity.Gazetteer {
	t.Helper()
	g, err := entity.LoadFiles(entity.File{Name: name, Data: []byte(yaml)})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// every is a list of names in each wanted language but those given.
func every(name string) string {
	var names []string
	for _, lang := range entity.Wanted {
		names = append(names, fmt.Sprintf("%s: [%s%s]", lang, name, lang))
	}
	return strings.Join(names, ", ")
}

// TestCheck: what is found, where, and what the text says to do; one row of each kind that is meant so.
func TestCheck(t *testing.T) {
	alpha := "- {slug: a, kind: place, names: {" + every("Alpha")
	weakly := `"*": [{text: Alpha, weak: true}]`
	for _, c := range []struct{ yaml, want string }{
		{"- {slug: a, kind: place, names: {" + every("Alpha") + "}}", ""},
		{"- {slug: a, kind: place, names: {en: [Alpha], ar: [ألفا]}}", "1 a language false fr, ru, es, zh, de, tr, fa, he, uk; add"},
		{alpha + "}}\n- {slug: b, kind: place, names: {" + every("Beta") + ", pt: [Alphaen], \"*\": [ALPHAEN]}}",
			"1 a collision true @b too; make it weak in one of them|2 b collision true @a"},
		{alpha + "}}\n- {slug: b, kind: topic, names: {" + every("Beta") + ", \"*\": [ALPHAEN]}}", "1 a collision false @b|2 b collision false @a"},
		{alpha + "}}\n- {slug: b, kind: place, names: {" + every("Beta") + ", \"*\": [{text: Alphaen, weak: true}]}}", ""},
		{alpha + "}}\n- {slug: b, kind: place, names: {" + every("Beta") + ", pt: [Alphaen]}}", ""},
		{"- {slug: a, kind: topic, names: {" + every("Alpha") + ", pt: [Aber]}}", "1 a common-word true Aber” is an everyday word of some language; make it weak"},
		{"- {slug: a, kind: topic, names: {" + every("Alpha") + ", pt: [{text: Aber, weak: true}]}}", ""},
		{"- {slug: a, kind: topic, names: {" + every("Alpha") + ", pt: [{text: ABER, mode: caps}]}}", ""},
		{"- {slug: a, kind: topic, names: {" + every("Alpha") + ", pt: [of the]}}", "1 a common-word false all words of “of the” are everyday words; make it weak"},
		{"- {slug: a, kind: topic, names: {" + every("Alpha") + ", pt: [of the Alpha]}}", ""},
		{alpha + ", pt: [Qx]}}", "1 a short false only 2 letters; mode caps or exact"},
		{alpha + ", pt: [{text: Qx, mode: exact}]}}", ""},
		{alpha + ", pt: [{text: QX, mode: caps}]}}", ""},
		{alpha + ", pt: [Zürich, ZURICH]}}", "1 a twice false ZURICH” is there twice: case, accents and hamza make no difference; leave one out"},
		{alpha + ", pt: [{text: UE, mode: caps}, {text: Ue, mode: caps}]}}", ""},
		{alpha + ", pt: [{text: NATO, mode: caps}, {text: Nato, weak: true}]}}", ""},
		{alpha + "}}\n- {slug: b, kind: place, names: {" + every("New Alpha") + "}}", "2 b shadow false takes @a (“Alphaar”) along, which is not found there; if it is part of @a, say so with parent"},
		{alpha + "}}\n- {slug: b, kind: place, parent: a, names: {" + every("New Alpha") + "}}", ""},
		{alpha + "}}\n- {slug: b, kind: topic, names: {" + every("New Alpha") + "}}", ""},
		{"- {slug: a, kind: topic, names: {" + every("Alpha") + "}}\n- {slug: b, kind: topic, names: {" + every("New Alpha") + "}}", ""},
		{alpha + "}, not: {en: [alphaen]}}", "1 a never true Alphaen” stands under not as well, so it never counts; take it out of one of them"},
		{alpha + "}, not: {en: [{text: ALPHAEN, mode: caps}]}}", ""},
		{alpha + "}, not: {en: [alphaen street]}}", ""},
		{"- {slug: a, kind: topic, names: {" + weakly + "}}", "1 a never true is weak and nothing can support it, so it never counts; give @a need, a parent, or a name"},
		{"- {slug: a, kind: topic, names: {" + weakly + "}, need: {en: [Beta]}}", ""},
		{"- {slug: a, kind: topic, names: {" + weakly + ", en: [Gamma]}}", ""},
		{"- {slug: b, kind: topic, names: {" + every("Beta") + "}}\n- {slug: a, kind: topic, parent: b, names: {" + weakly + "}}", ""},
	} {
		g, err := entity.LoadFiles(entity.File{Name: "x", Data: []byte(c.yaml)})
		if err != nil {
			t.Errorf("%s: %v", c.yaml, err)
			continue
		}
		found := g.Check()
		var have []string
		codes := map[string]bool{}
		for _, f := range found {
			s := fmt.Sprintf("%d %s %s %v", f.Line, f.Slug, f.Code, f.Problem)
			if !codes[s] {
				have = append(have, s)
			}
			codes[s] = true
		}
		wants := strings.FieldsFunc(c.want, func(r rune) bool { return r == '|' })
		if len(have) != len(wants) {
			t.Errorf("%s\n%+v, want %q", c.yaml, found, wants)
			continue
		}
		for i, w := range wants {
			if !strings.HasPrefix(w, have[i]) || !strings.Contains(found[i].Msg, strings.TrimSpace(strings.TrimPrefix(w, have[i]))) {
				t.Errorf("%s\n%s: %q, want %q", c.yaml, have[i], found[i].Msg, w)
			}
		}
	}
}

// TestStarterPackIsClean: the shipped pack has no problem of its own.
func TestStarterPackIsClean(t *testing.T) {
	for _, f := range starter(t).Check() {
		if f.Problem {
			t.Errorf("%s:%d: @%s: %s", f.File, f.Line, f.Slug, f.Msg)
		}
	}
}

func TestWith(t *testing.T) {
	base := loadFile(t, "base", "- {slug: geneva, kind: place, parent: land, names: {en: [Geneva]}}\n- {slug: land, kind: country, names: {en: [Switzerland]}}")
	both, err := base.With(entity.File{Name: "own", Data: []byte("- {slug: geneva, kind: topic, names: {en: [Geneva spirit]}}\n- {slug: quay, kind: place, parent: land, names: {en: [Quai Wilson]}}")})
	if err != nil {
		t.Fatal(err)
	}
	if e, _ := both.Lookup("geneva"); e.Kind != entity.Topic {
		t.Errorf("the base is not shadowed: %+v", e)
	}
	if e, _ := base.Lookup("geneva"); e.Kind != entity.Place {
		t.Errorf("the base was changed: %+v", e)
	}
	if slugs := slugsOf(both.Within("land")); slugs != "land quay" {
		t.Errorf("Within(land) = %v", slugs)
	}
	if have := found(both, "en", "Quai Wilson in Switzerland, Geneva"); strings.Join(have, " ") != "quay land" {
		t.Errorf("%v", have)
	}
	if _, err := base.With(entity.File{Name: "own", Data: []byte("- {slug: x, kind: place, parent: nowhere, names: {en: [X]}}")}); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("%v", err)
	}
	if g, err := (*entity.Gazetteer)(nil).With(); err != nil || len(g.All()) != 0 {
		t.Errorf("nothing on nothing: %v", err)
	}
	if found := both.Check("own"); len(found) == 0 || found[0].File != "own" {
		t.Errorf("%v", found)
	}
}

func TestFromTSV(t *testing.T) {
	pack, err := entity.FromTSV(strings.NewReader("id\tlang\tname\r\nQ71\ten\tGeneva\r\nQ71\tar-SA\tجنيف\n\n# a comment\nQ71\ten\tGeneva\nQ71\ten\tCity: of \"Peace\"\nNorway\tno\tno\nNorway\t*\t007\textra\n"), entity.Place)
	if err != nil {
		t.Fatal(err)
	}
	want := `- slug: q71
  kind: place
  names:
    en: ["Geneva", "City: of \"Peace\""]
    ar: ["جنيف"]

- slug: norway
  kind: place
  names:
    "no": ["no"]
    "*": ["007"]
`
	if string(pack) != want {
		t.Errorf("have\n%s\nwant\n%s", pack, want)
	}
	g := loadFile(t, "pack", string(pack))
	if e, ok := g.Lookup("q71"); !ok || e.Label["ar"] != "جنيف" {
		t.Errorf("%+v", e)
	}
	for in, want := range map[string]string{
		"":                                     "the table is empty: each line has an id, a language and a name",
		"# nothing\n\n":                        "the table is empty",
		"id\tlang\tname\n":                     "the table is empty",
		"a\ten":                                "line 1: 2 columns; it needs an id, a language and a name, with tabs",
		"a b c":                                "line 1: 1 columns",
		"a,en,X":                               "line 1: 1 columns",
		"x\ten\tX\nجنيف\tar\tجنيف":             `line 2: the id "جنيف" has no Latin letter or digit`,
		"x\ten\tX\n\ten\tY":                    `line 2: the id "" has no Latin letter`,
		"a\tenglish\tX":                        `line 1: "english" is no language: two or three letters like en, or * for any`,
		"a\t\tX":                               `line 1: "" is no language`,
		"a\t1\tX":                              `line 1: "1" is no language`,
		"a\ten\t ":                             "line 1: a has an empty name",
		"a\ten\t\xff":                          "line 1: this is not UTF-8",
		"\xff\xfea\x00\t\x00":                  "line 1: this is not UTF-8",
		"a\ten\tX\na\ten\t…":                   `line 2: the name "…" has no letter or digit`,
		"a\ten\tA\x01B":                        `line 1: the name "A\x01B" has a control character`,
		"a b\ten\tX\nA B\tfr\tY\na-b\tde\tZ":   `line 3: the ids "a b" and "a-b" both become @a-b`,
		"a\ten\t" + strings.Repeat("x", 300):   "line 1: the name is longer than 200 bytes",
		"\na\ten\t" + strings.Repeat("x", 1e5): "line 2: it is longer than 65536 bytes: is this a table with tabs?",
		strings.Repeat("a\n", 30):              "and 10 more",
		strings.Repeat("a\ten\tX\n", 1001):     "line 1001: a has more than 1000 names",
		strings.Repeat("#\n", entity.MaxFile):  "the table is larger than 4 MB",
	} {
		if _, err := entity.FromTSV(strings.NewReader(in), entity.Place); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.30q: %v, want %s", in, err, want)
		}
	}
	if pack, err := entity.FromTSV(strings.NewReader("a\ten\tAcme\nb\ten\tnaval blockade"), ""); err != nil || !strings.Contains(string(pack), "slug: a\n  kind: org") || !strings.Contains(string(pack), "slug: b\n  kind: topic") {
		t.Errorf("kinds are not told by the names: %s, %v", pack, err)
	}
	if _, err := entity.FromTSV(strings.NewReader("a\ten\tX"), "city"); err == nil {
		t.Error("a kind that is none is accepted")
	}
}

func FuzzFromTSV(f *testing.F) {
	f.Add("Q71\ten\tGeneva\nQ71\tar\tجنيف")
	f.Add("y\tno\t\u0085\u2028 #: {}[]")
	f.Fuzz(func(t *testing.T, s string) {
		pack, err := entity.FromTSV(strings.NewReader(s), entity.Topic)
		if err != nil {
			return
		}
		if _, err := entity.Load(pack); err != nil {
			t.Fatalf("%q becomes %s: %v", s, pack, err)
		}
	})
}
