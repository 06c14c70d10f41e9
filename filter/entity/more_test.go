package entity_test

import (
	"strings"
	"testing"

	"wirewatch/filter/entity"
)

const base = `
- slug: chad
  kind: country
  names: {en: [{text: Chad, weak: true}], ru: [{text: Чад, mode: exact}]}
  need: {en: [Sudan]}
- slug: talks
  kind: topic
  names: {en: [peace talks]}
`

func TestMoreAddsNames(t *testing.T) {
	more := entity.File{Name: "more", Data: []byte(`
- more: chad
  names: {en: [CHAD, Republic of Chad], ru: [Чад], fr: [Tchad]}
  not: {en: [Chad Smith]}
  veto: {en: [drummer]}
- more: talks
  names: {fr: [pourparlers de paix]}
`)}
	for name, load := range map[string]func() (*entity.Gazetteer, error){
		"one load": func() (*entity.Gazetteer, error) {
			return entity.LoadFiles(more, entity.File{Name: "base", Data: []byte(base)})
		},
		"two loads": func() (*entity.Gazetteer, error) { return loadFile(t, "base", base).With(more) },
	} {
		g, err := load()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		chad, _ := g.Lookup("chad")
		var names []string
		for _, n := range chad.Alias {
			names = append(names, n.Lang+" "+string(n.Mode)+" "+n.Text)
			if n.Weak != (n.Text == "Chad") {
				t.Errorf("%s: %+v", name, n)
			}
		}
		if have, want := strings.Join(names, ", "), "en name Chad, ru exact Чад, en name Republic of Chad, fr name Tchad"; have != want {
			t.Errorf("%s: %s, want %s", name, have, want)
		}
		if chad.Label["fr"] != "Tchad" || len(chad.Neg) != 1 || len(chad.Need) != 1 || len(chad.Veto) != 1 {
			t.Errorf("%s: %+v", name, chad)
		}
		talks, _ := g.Lookup("talks")
		if a := talks.Alias; len(a) != 2 || a[1].Mode != entity.ModePhrase {
			t.Errorf("%s: %+v", name, a)
		}
		if len(g.All()) != 2 {
			t.Errorf("%s: %d entities", name, len(g.All()))
		}
	}
}

func TestMoreLeavesWhatIsBelowAlone(t *testing.T) {
	below := loadFile(t, "base", base)
	pack := entity.File{Name: "own", Data: []byte("- more: talks\n  names: {en: [truce talks]}\n- more: talks\n  names: {en: [armistice talks]}")}
	above, err := below.With(pack)
	if err != nil {
		t.Fatal(err)
	}
	shared, err := below.Share(map[int64][]entity.File{7: {pack}})
	if err != nil {
		t.Fatal(err)
	}
	for name, g := range map[string]*entity.Gazetteer{"With": above, "Share": shared.For(7)} {
		if e, _ := g.Lookup("talks"); len(e.Alias) != 3 {
			t.Errorf("%s: %+v", name, e.Alias)
		}
	}
	for name, g := range map[string]*entity.Gazetteer{"With": below, "Share": shared.For(8)} {
		if e, _ := g.Lookup("talks"); len(e.Alias) != 1 {
			t.Errorf("%s changed what is below: %+v", name, e.Alias)
		}
	}
	if have := found(above, "en", "The armistice talks and the peace talks"); strings.Join(have, " ") != "talks talks" {
		t.Errorf("%v", have)
	}
	if findings := above.Check("own"); len(findings) == 0 || findings[0].Slug != "talks" || findings[0].Line != 1 {
		t.Errorf("the check of a file that adds says %+v", findings)
	}
}

func TestMoreIsRefused(t *testing.T) {
	for in, want := range map[string]string{
		"- more: chat\n  names: {en: [X]}":                    `x:1: there is no entity "chat" to add to; did you mean "chad"?`,
		"\n- more: chad\n  kind: country\n  names: {en: [X]}": `x:2: what adds to "chad" has no slug, kind or parent`,
		"- more: chad\n  slug: chad":                          `x:1: what adds to "chad" has no slug`,
		"- more: chad":                                        "x:1: more: chad adds nothing",
		"- more: [chad]":                                      "x:1: more must be a plain text",
		"- more: chad\n  names: {en: [\"" + strings.Repeat("x", 201) + "\"]}": "x:2: the name",
		"- more: chad\n  names: {en: [" + manyNames(999) + "]}":               "x:1: chad has 1001 names with these, more than the 1000",
	} {
		_, err := loadFile(t, "base", base).With(entity.File{Name: "x", Data: []byte(in)})
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.60s:\nhave %v\nwant %s", in, err, want)
		}
	}
}

// manyNames is a list of n names.
func manyNames(n int) string {
	names := make([]string, n)
	for i := range names {
		names[i] = "Name" + strings.Repeat("x", i%100) + strings.Repeat("y", i/100)
	}
	return strings.Join(names, ", ")
}
