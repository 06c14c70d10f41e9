// Package filter is the rule language.
package filter

import "wirewatch/filter/entity"

// Input is an article as the filter sees it.
type Input struct {
	Title, Dateline, Lead, Body string   // plain text
	Lang                        string   // what the feed says, "" unknown: a hint
	Source                      []string // title, host, tags of the source
	Country, URL                string   // ISO 3166 alpha-2 of the source; the article's address
	Authors, Tags               []string
}

// Doc is an analysed article.
type Doc struct{ lang string }

// Analyse reads an article once for all queries.
func Analyse(in Input, names *entity.Gazetteer) *Doc { return &Doc{lang: in.Lang} }

// Lang is the language.
func (d *Doc) Lang() string { return d.lang }

// Query is a parsed rule.
type Query struct{ text string }

// Parse reads a rule.
func Parse(text string, names *entity.Gazetteer) (*Query, error) { return &Query{text}, nil }

// SyntaxError says why a rule was refused.
type SyntaxError struct {
	Offset, End int
	Column      int
	Fragment    string
	Code        string
	Msg, Hint   string
	Args        map[string]string
}

func (e *SyntaxError) Error() string { return e.Msg }

// Hit is one piece of evidence.
type Hit struct{ Term, Text, Zone string }

// Evidence says why an article matched.
type Evidence []Hit

// Match reports whether d matches.
func (q *Query) Match(d *Doc) (Evidence, bool) { return nil, false }

// String is the canonical form.
func (q *Query) String() string { return q.text }

// Warning is a remark on an accepted rule.
type Warning struct {
	Code, Msg string
	Args      map[string]string
}

// Warnings lists remarks.
func (q *Query) Warnings() []Warning { return nil }

// Explanation is a query laid open for a reader.
type Explanation struct {
	Canonical string            // as [Query.String]
	Reading   string            // in English words
	Terms     []TermExplanation // in the order of the query
	Entities  []EntityNames     // every entity it names
}

// TermExplanation describes one term.
type TermExplanation struct {
	Term  string   // canonical
	Kind  string   // word, phrase, prefix, entity, value
	Zones []string // where it is looked for
	Note  string   // how freely, in English
}

// EntityNames lists an entity's names by language.
type EntityNames struct {
	Slug, Kind string
	Names      map[string][]string
}

// Explain lays the query open.
func (q *Query) Explain() Explanation { return Explanation{} }

// Everything matches every article.
func Everything() *Query { return &Query{"*"} }

// Set matches many queries at once.
type Set struct{}

// NewSet returns an empty set.
func NewSet() *Set { return &Set{} }

// Add adds a query under id.
func (s *Set) Add(id int64, q *Query) {}

// Remove takes a query out.
func (s *Set) Remove(id int64) {}

// Len is the number of queries.
func (s *Set) Len() int { return 0 }

// Match calls found for every query that matches d.
func (s *Set) Match(d *Doc, found func(id int64, e Evidence)) {}
