package configs

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/language"

	"wirewatch/feeds"
)

//go:embed sources
var sourceFiles embed.FS

// Offers are the sources of the starter list, by language and in the order of
// their files. They are read once; callers share them and must not change them.
var Offers = sync.OnceValues(func() ([]feeds.Offer, error) {
	all, err := readOffers(sourceFiles)
	if err != nil {
		return nil, fmt.Errorf("starter sources: %w", err)
	}
	return all, nil
})

// offerFile is one file of configs/sources: what one language offers.
type offerFile struct {
	Lang    string        `yaml:"lang"` // BCP 47, the file's name
	Sources []offerOfFile `yaml:"sources"`
}

type offerOfFile struct {
	URL     string   `yaml:"url"`
	Site    string   `yaml:"site"`
	Name    string   `yaml:"name"`    // in its own language
	English string   `yaml:"english"` // in English
	Country string   `yaml:"country"` // ISO 3166 alpha-2; left out for organisations of no one country
	Kind    string   `yaml:"kind"`
	Tags    []string `yaml:"tags"`
}

// readOffers reads all files sources/*.yaml.
func readOffers(files fs.FS) ([]feeds.Offer, error) {
	names, err := fs.Glob(files, "sources/*.yaml")
	if err != nil {
		return nil, err
	}
	var all []feeds.Offer
	seen := map[string]string{}
	for _, name := range names {
		doc, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		list, err := parseOffers(name, doc)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path.Base(name), err)
		}
		for _, o := range list {
			id := feeds.CanonicalURL(o.URL)
			if first, ok := seen[id]; ok {
				return nil, fmt.Errorf("%s: %s is in %s already", path.Base(name), o.URL, first)
			}
			seen[id] = path.Base(name)
		}
		all = append(all, list...)
	}
	return all, nil
}

// parseOffers reads one file: an unknown key, a missing or a wrong value is an
// error that names the entry.
func parseOffers(name string, doc []byte) ([]feeds.Offer, error) {
	var f offerFile
	if err := yaml.UnmarshalWithOptions(doc, &f, yaml.Strict()); err != nil {
		return nil, err
	}
	if want := strings.TrimSuffix(path.Base(name), ".yaml"); f.Lang != want {
		return nil, fmt.Errorf("lang is %q; the file's name says %q", f.Lang, want)
	}
	if _, err := language.ParseBase(f.Lang); err != nil {
		return nil, fmt.Errorf("%q is no language", f.Lang)
	}
	all := make([]feeds.Offer, 0, len(f.Sources))
	for i, s := range f.Sources {
		if err := s.check(); err != nil {
			return nil, fmt.Errorf("source %d, %s: %w", i+1, cmp.Or(s.URL, s.Name, "empty"), err)
		}
		all = append(all, feeds.Offer{
			Source:  feeds.Source{URL: s.URL, Title: s.Name, Site: s.Site, Lang: f.Lang, Country: s.Country, Tags: append([]string{s.Kind}, s.Tags...)},
			English: s.English, Kind: s.Kind,
		})
	}
	return all, nil
}

// check says what of an entry cannot be used.
func (s offerOfFile) check() error {
	switch {
	case !httpURL(s.URL) || feeds.CanonicalURL(s.URL) == "":
		return fmt.Errorf("url: the http or https address of a feed is wanted")
	case !httpURL(s.Site):
		return fmt.Errorf("site: the http or https address of the home page is wanted")
	case strings.TrimSpace(s.Name) == "" || strings.TrimSpace(s.English) == "":
		return fmt.Errorf("name and english are wanted")
	case !slices.Contains(feeds.OfferKinds, s.Kind):
		return fmt.Errorf("kind: %q is none of %s", s.Kind, strings.Join(feeds.OfferKinds, ", "))
	case s.Country == "" && s.Kind != feeds.KindOrganisation:
		return fmt.Errorf("country is wanted: only organisations may have none")
	case s.Country != "" && !isCountry(s.Country):
		return fmt.Errorf("country: %q is no ISO 3166 code of two capitals", s.Country)
	}
	return nil
}

func isCountry(code string) bool {
	r, err := language.ParseRegion(code)
	return err == nil && len(code) == 2 && r.String() == code && r.IsCountry()
}

// everyLanguage in the option "catalogue" stands for all languages.
const everyLanguage = "all"

// InCatalogue are the offers that the option "catalogue" takes.
func (c *Config) InCatalogue() ([]feeds.Offer, error) {
	if len(c.Catalogue) == 0 {
		return nil, nil
	}
	all, err := Offers()
	if err != nil || slices.Contains(c.Catalogue, everyLanguage) {
		return all, err
	}
	return slices.DeleteFunc(slices.Clone(all), func(o feeds.Offer) bool { return !slices.Contains(c.Catalogue, o.Lang) }), nil
}

// OfferLanguages are the languages that offers are in, in the order of their codes.
func OfferLanguages() ([]string, error) {
	all, err := Offers()
	if err != nil {
		return nil, err
	}
	var langs []string
	for _, o := range all {
		langs = append(langs, o.Lang)
	}
	slices.Sort(langs)
	return slices.Compact(langs), nil
}
