package entity_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"wirewatch/filter/entity"
	"wirewatch/filter/text"
)

// own makes the files of a reader of definitions.
func own(t interface{ Fatal(...any) }, definitions string) []entity.File {
	all, err := entity.Define(definitions)
	if err != nil {
		t.Fatal(definitions, err)
	}
	var files []entity.File
	for _, e := range all {
		files = append(files, entity.File{Name: "@" + e.Slug, Data: []byte(e.Definition())})
	}
	return files
}

// keys lists what a text names, by key.
func keys(g *entity.Gazetteer, src string) []string {
	s := text.New()
	s.Add(src)
	s.Index("en", true)
	var found []string
	for _, m := range g.Find(s) {
		found = append(found, fmt.Sprintf("%s %d-%d", m.Entity.Key(), m.First, m.Last))
	}
	return found
}

const sharedBase = `
- {slug: geneva, kind: place, parent: switzerland, names: {en: [Geneva]}}
- {slug: switzerland, kind: country, names: {en: [Switzerland]}}
- {slug: guinea, kind: country, names: {en: [Guinea]}}
- {slug: papua, kind: country, names: {en: [Papua New Guinea]}}
`

func TestShare(t *testing.T) {
	base := load(t, sharedBase)
	shared, err := base.Share(map[int64][]entity.File{
		1: own(t, "@geneva place = Geneva Forum, Forum"),
		2: own(t, "@forum place = Geneva Forum\n@land place = Guinea"),
		3: {{Name: "bern", Data: []byte("- {slug: bern, kind: place, parent: switzerland, names: {en: [Bern]}}")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for reader, wants := range map[int64]map[string]string{
		1: {"geneva": "geneva of 1", "forum": "geneva of 1", "switzerland": "switzerland", "bern": "", "Geneva Forum": "geneva of 1"},
		2: {"geneva": "geneva", "forum": "forum of 2", "land": "land of 2"},
		3: {"geneva": "geneva", "bern": "bern of 3", "forum": ""},
		9: {"geneva": "geneva", "forum": "", "bern": ""},
	} {
		for name, want := range wants {
			e, ok := shared.For(reader).Lookup(name)
			if ok != (want != "") || ok && e.Key() != want {
				t.Errorf("reader %d: %s is %v, want %s", reader, name, e, want)
			}
		}
	}
	for reader, want := range map[int64]string{1: "switzerland geneva", 2: "switzerland geneva", 3: "switzerland bern geneva", 9: "switzerland geneva"} {
		if have := slugsOf(shared.For(reader).Within("switzerland")); have != want {
			t.Errorf("reader %d: within Switzerland is %s, want %s", reader, have, want)
		}
	}
	if n := len(shared.For(1).All()); n != len(base.All()) {
		t.Errorf("the first reader has %d entities: one of the shared must be hidden", n)
	}
	const src = "Geneva Forum in Papua New Guinea and Bern"
	want := "geneva 0-0|forum of 2 0-1|geneva of 1 0-1|papua 3-5|bern of 3 7-7"
	for _, g := range []*entity.Gazetteer{shared.Names(), shared.For(1), shared.For(9)} {
		if have := strings.Join(keys(g, src), "|"); have != want {
			t.Errorf("have %s\nwant %s", have, want)
		}
	}
	if have := strings.Join(keys(base, src), "|"); have != "geneva 0-0|papua 3-5" {
		t.Errorf("the base has changed: %s", have)
	}
}

// A reader whose own @papua is something else has "Guinea" where the shared one would have taken it along.
func TestShareShadowsWhatTakesAlong(t *testing.T) {
	shared, err := load(t, sharedBase).Share(map[int64][]entity.File{1: own(t, "@papua = Papua Group\n@g place = Guinea"), 2: own(t, "@g place = Guinea")})
	if err != nil {
		t.Fatal(err)
	}
	if have := strings.Join(keys(shared.Names(), "to Papua New Guinea"), "|"); have != "papua 1-3|g of 1 3-3" {
		t.Errorf("%s", have)
	}
}

func TestShareLeavesOutWhatIsWrong(t *testing.T) {
	file := func(name, yaml string) entity.File { return entity.File{Name: name, Data: []byte(yaml)} }
	shared, err := load(t, sharedBase).Share(map[int64][]entity.File{1: {
		file("a", "- {slug: a, kind: palace, names: {en: [Aa]}}"), file("b", "- {slug: b, kind: place, parent: nowhere, names: {en: [Bb]}}"),
		file("c", "- {slug: c, kind: place, parent: b, names: {en: [Cc]}}"), file("d", "- {slug: d, kind: place, names: {en: [Dd]}}"),
		file("e", "- {slug: d, kind: place, names: {en: [Ee]}}"), file("f", "- {slug: switzerland, kind: place, parent: geneva, names: {en: [Swiss]}}"),
	}})
	for _, want := range []string{"a:1", "b:1", "c:1", "e:1", "f:1"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not tell of %s", err, want)
		}
	}
	if have := slugsOf(shared.For(1).All()); have != "geneva switzerland guinea papua d" {
		t.Errorf("left: %s", have)
	}
	none, err := (*entity.Gazetteer)(nil).Share(map[int64][]entity.File{5: own(t, "@acme = Acme")})
	if err != nil || strings.Join(keys(none.Names(), "Acme"), "") != "acme of 5 0-0" {
		t.Errorf("over nothing: %v", err)
	}
}

// Whoever else has entities, a reader finds the same: what is shared, and what is its own.
func TestReadersDoNotDisturbEachOther(t *testing.T) {
	base := load(t, sharedBase)
	words := []string{"Geneva", "Forum", "Guinea", "Papua", "New", "Bern", "Acme"}
	rapid.Check(t, func(t *rapid.T) {
		files := map[int64][]entity.File{}
		for reader := range int64(3) {
			var lines []string
			for _, slug := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"geneva", "papua", "acme", "forum"}), 0, 3, rapid.ID).Draw(t, "slugs") {
				name := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 2, 3).Draw(t, "name"), " ")
				lines = append(lines, fmt.Sprintf("@%s place = %s", slug, name))
			}
			if len(lines) > 0 {
				files[reader] = own(t, strings.Join(lines, "\n"))
			}
		}
		src := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 12).Draw(t, "text"), " ")
		all, err := base.Share(files)
		if err != nil {
			t.Fatal(err)
		}
		have, want := keys(all.Names(), src), keys(base, src)
		for reader := range files {
			alone, err := base.Share(map[int64][]entity.File{reader: files[reader]})
			if err != nil {
				t.Fatal(err)
			}
			for _, k := range keys(alone.Names(), src) {
				if !slices.Contains(want, k) {
					want = append(want, k)
				}
			}
		}
		slices.Sort(have)
		slices.Sort(want)
		if !slices.Equal(have, want) {
			t.Fatalf("%s\nhave %v\nwant %v", src, have, want)
		}
	})
}
