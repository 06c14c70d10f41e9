package configs

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"wirewatch/feeds"
)

func offers(t *testing.T) []feeds.Offer {
	t.Helper()
	all, err := Offers()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestOffers holds the starter list to what its README promises; what a single
// entry must be is the loader's to check.
func TestOffers(t *testing.T) {
	all := offers(t)
	if len(all) < 300 {
		t.Errorf("%d sources, want at least 300", len(all))
	}
	perLang, names := map[string]int{}, map[string]string{}
	plain := 0
	for _, o := range all {
		perLang[o.Lang]++
		if first, ok := names[o.Title]; ok {
			t.Errorf("%s and %s are both called %q", first, o.URL, o.Title)
		}
		names[o.Title] = o.URL
		if strings.HasPrefix(o.URL, "http://") {
			plain++
		}
		if o.Tags[0] != o.Kind || len(o.Tags) < 2 {
			t.Errorf("%s has the tags %v", o.URL, o.Tags)
		}
	}
	for lang, least := range map[string]int{"ar": 20, "en": 60, "fr": 15, "es": 15, "ru": 15, "zh": 10, "de": 10, "tr": 8,
		"fa": 10, "he": 6, "uk": 8, "pt": 10, "it": 8, "pl": 5, "ja": 5, "ko": 5} {
		if perLang[lang] < least {
			t.Errorf("%d sources in %s, want at least %d", perLang[lang], lang, least)
		}
	}
	if plain*10 > len(all) {
		t.Errorf("%d of %d addresses are http, not https", plain, len(all))
	}
}

func TestOffersAreReadStrictly(t *testing.T) {
	const good = "lang: ar\nsources:\n  - url: https://desk.example/rss\n    site: https://desk.example/\n    name: مكتب\n    english: Desk\n    country: SY\n    kind: agency\n    tags: [national]\n"
	if _, err := readOffers(fstest.MapFS{"sources/ar.yaml": {Data: []byte(good)}}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, want string }{
		{"lang: ar", "lang: en", `lang is "en"`},
		{"url: https", "url: ftp", "url:"},
		{"site: https://desk.example/", "site: desk.example", "site:"},
		{"name: مكتب", "name: \"\"", "name and english"},
		{"    english: Desk\n", "", "name and english"},
		{"country: SY", "country: sy", "no ISO 3166 code"},
		{"country: SY", "country: EU", "no ISO 3166 code"},
		{"country: SY", "country: \"419\"", "no ISO 3166 code"},
		{"    country: SY\n", "", "country is wanted"},
		{"kind: agency", "kind: wire", `"wire" is none of`},
		{"kind: agency", "sort: agency", "sort"},
		{"tags: [national]", "tags: national", ""},
	} {
		doc := strings.Replace(good, c.old, c.new, 1)
		if _, err := readOffers(fstest.MapFS{"sources/ar.yaml": {Data: []byte(doc)}}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.new, err, c.want)
		}
	}
	twice := fstest.MapFS{"sources/ar.yaml": {Data: []byte(good)}, "sources/en.yaml": {Data: []byte(strings.Replace(
		strings.Replace(good, "lang: ar", "lang: en", 1), "https://desk.example/rss", "http://www.desk.example/rss/", 1))}}
	if _, err := readOffers(twice); err == nil || !strings.Contains(err.Error(), "in ar.yaml already") {
		t.Errorf("one address in two files: %v", err)
	}
}

func TestCatalogueOption(t *testing.T) {
	c := Default()
	for _, test := range []struct {
		langs []string
		want  func(feeds.Offer) bool
	}{
		{nil, func(feeds.Offer) bool { return false }},
		{[]string{"ar", "ko"}, func(o feeds.Offer) bool { return o.Lang == "ar" || o.Lang == "ko" }},
		{[]string{"all"}, func(feeds.Offer) bool { return true }},
	} {
		c.Catalogue = test.langs
		if err := c.Check(); err != nil {
			t.Errorf("%v: %v", test.langs, err)
		}
		got, err := c.InCatalogue()
		if err != nil {
			t.Fatal(err)
		}
		want := slices.DeleteFunc(slices.Clone(offers(t)), func(o feeds.Offer) bool { return !test.want(o) })
		if len(got) != len(want) {
			t.Errorf("%v: %d sources, want %d", test.langs, len(got), len(want))
		}
	}
	c.Catalogue = []string{"ar", "xx"}
	if err := c.Check(); err == nil || !strings.Contains(err.Error(), `catalogue[1]: the starter list has nothing in "xx"; there are ar, `) {
		t.Error(err)
	}
}
