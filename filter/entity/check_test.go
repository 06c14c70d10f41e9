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
	return strings.ReplaceAll("ar: [Xar], en: [Xen], fr: [Xfr], ru: [Xru], es: [Xes], zh: [Xzh]", "X", name)
}

func TestCheck(t *testing.T) {
	for _, c := range []struct{ yaml, want string }{
		{"- {slug: a, kind: place, names: {" + every("Alpha") + "}}", ""},
		{"- {slug: a, kind: place, names: {en: [Alpha], ar: [ألفا]}}", "1 a language false fr, ru, es, zh"},
		{"- {slug: a, kind: place, names: {" + every("Alpha") + "}}\n- {slug: b, kind: place, names: {" + every("Beta") + ", de: [Alphaen], \"*\": [ALPHAEN]}}",
			"1 a collision true @b|2 b collision true @a"},
		{"- {slug: a, kind: place, names: {" + every("Alpha") + "}}\n- {slug: b, kind: place, names: {" + every("Beta") + ", en: [{text: Alphaen, weak: true}]}}", "error"},
		{"- {slug: a, kind: topic, names: {" + every("Alpha") + ", de: [Aber]}}", "1 a common-word true Aber"},
		{"- {slug: a, kind: topic, names: {" + every("Alpha") + ", de: [{text: ABER, mode: caps}]}}", ""},
		{"- {slug: a, kind: place, names: {" + every("Alpha") + ", de: [Qx]}}", "1 a short false Qx"},
		{"- {slug: a, kind: place, names: {" + every("Alpha") + ", de: [Zürich, ZURICH]}}", "1 a twice false ZURICH"},
		{"- {slug: a, kind: country, names: {" + every("Alpha") + "}}\n- {slug: b, kind: place, names: {" + every("New Alpha") + "}}", "2 b shadow false @a"},
		{"- {slug: a, kind: country, names: {" + every("Alpha") + "}}\n- {slug: b, kind: place, parent: a, names: {" + every("New Alpha") + "}}", ""},
		{"- {slug: a, kind: place, names: {" + every("Alpha") + "}, not: {en: [alphaen]}}", "1 a never true Alphaen"},
		{"- {slug: a, kind: place, names: {" + every("Alpha") + "}, not: {en: [{text: ALPHAEN, mode: caps}]}}", ""},
	} {
		g, err := entity.LoadFiles(entity.File{Name: "x", Data: []byte(c.yaml)})
		if err != nil {
			if c.want != "error" {
				t.Errorf("%s: %v", c.yaml, err)
			}
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
		"":                                      "empty",
		"a\ten":                                 "line 1: 2 columns",
		"a b c":                                 "line 1: 1 columns",
		"x\ten\tX\nجنيف\tar\tجنيف":              "line 2: the id",
		"a\tenglish\tX":                         "line 1: \"english\" is no language",
		"a\ten\t ":                              "empty name",
		"a\ten\t\xff":                           "not UTF-8",
		"a\ten\t…":                              "no letter or digit",
		"a\ten\t" + strings.Repeat("x", 300):    "longer than 200",
		"a\ten\t" + strings.Repeat("x", 100000): "longer than 65536",
		strings.Repeat("a\n", 30):               "and 10 more",
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
