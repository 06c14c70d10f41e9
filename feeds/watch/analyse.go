package watch

import (
	"net/url"

	"wirewatch/feeds/page"
	"wirewatch/filter"
	"wirewatch/filter/entity"
	"wirewatch/store"
)

// Analyse prepares an article for matching: its zones, and what is known of it
// and its source. The language is the feed's word where the item has none;
// filter decides by the text. Of a dateline the place is text; the agency is one
// of the article's sources, so that a report of an agency is not one about it.
func Analyse(a store.Article, names *entity.Gazetteer) *filter.Doc {
	lang := a.Item.Lang
	if lang == "" {
		lang = a.Source.Lang
	}
	place, agency := page.Origin(a.Zones.Dateline)
	return filter.Analyse(filter.Input{
		Title: a.Zones.Title, Dateline: place, Lead: a.Zones.Lead, Body: a.Zones.Body,
		Lang: lang, Country: a.Source.Country, URL: a.Item.URL,
		Source:  sourceNames(a, agency),
		Authors: a.Item.Authors, Tags: a.Item.Tags,
	}, names)
}

// sourceNames is what source: in a rule may name: the title that the source has
// for us, the one its feed gives itself, the agency of its dateline, its host and
// its tags.
func sourceNames(a store.Article, agency string) []string {
	names := []string{a.Source.Title, a.Item.Source, agency, host(a.Source.URL), host(a.Item.URL)}
	return append(names, a.Source.Tags...)
}

func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
