package filter

import (
	"fmt"

	"wirewatch/filter/entity"
	"wirewatch/filter/text"
)

// Explanation is a query laid open for a reader.
type Explanation struct {
	Canonical string            // as [Query.String]
	Reading   string            // in English words, in one line
	Outline   []Line            // the same, one part a line; nil when the rule has one level
	Terms     []TermExplanation // in the order of the query
	Entities  []EntityNames     // every entity that it names
	Warnings  []Warning
}

// Line is a part of a query in an outline.
type Line struct {
	Depth int
	Text  string // English
}

// TermExplanation describes one term.
type TermExplanation struct {
	Term     string   // canonical
	Kind     string   // word, phrase, prefix, entity, value
	Zones    []string // where it is looked for; the field's name for a value
	Note     string   // how freely, in English
	Excluded bool     // it stands under NOT
}

// EntityNames lists an entity's names by language.
type EntityNames struct {
	Slug, Kind string
	Label      map[string]string
	Names      map[string][]string // without demonyms
}

// Explain lays the query open: how it was read, term by term, and under which names
// its entities are looked for.
func (q *Query) Explain() Explanation {
	e := explainer{names: q.names, seen: map[string]bool{}}
	e.walk(q.root, false)
	e.out.Canonical, e.out.Reading, e.out.Outline, e.out.Warnings = q.String(), reading(q.root, 0), outlineOf(q.root), q.warnings
	return e.out
}

type explainer struct {
	names *entity.Gazetteer
	out   Explanation
	seen  map[string]bool // slugs
}

// walk lists the terms of a node from left to right.
func (e *explainer) walk(n node, excluded bool) {
	switch n := n.(type) {
	case and:
		e.all(n.kids, excluded)
	case or:
		e.all(n.kids, excluded)
	case anyOf:
		e.all(n.kids, excluded)
	case not:
		e.walk(n.kid, !excluded)
	case near:
		e.walk(n.a, excluded)
		e.walk(n.b, excluded)
	case atLeast:
		e.walk(n.kid, excluded)
	case *term:
		e.out.Terms = append(e.out.Terms, n.explain(excluded))
	case *mentionOf:
		e.out.Terms = append(e.out.Terms, TermExplanation{printNode(n), "entity", zoneList(n.zones), n.note(), excluded})
		e.entity(n)
	case *value:
		e.out.Terms = append(e.out.Terms, TermExplanation{printNode(n), "value", []string{n.field}, n.note(), excluded})
	}
}

func (e *explainer) all(kids []node, excluded bool) {
	for _, k := range kids {
		e.walk(k, excluded)
	}
}

// entity lists the names of what a mention finds, each entity once.
func (e *explainer) entity(m *mentionOf) {
	found := e.names.Within(m.slug)
	if !m.within {
		found = found[:min(len(found), 1)]
	}
	for _, ent := range found {
		if !e.seen[ent.Slug] {
			e.seen[ent.Slug] = true
			e.list(ent)
		}
	}
}

// list lists the names of an entity.
func (e *explainer) list(ent *entity.Entity) {
	names := EntityNames{Slug: ent.Slug, Kind: ent.Kind, Label: ent.Label, Names: map[string][]string{}}
	for _, a := range ent.Alias {
		if a.Mode != entity.ModeDemonym {
			names.Names[a.Lang] = append(names.Names[a.Lang], a.Text)
		}
	}
	e.out.Entities = append(e.out.Entities, names)
}

// explain describes a term: what it is, where and how freely it is looked for.
func (t *term) explain(excluded bool) TermExplanation {
	x := TermExplanation{Term: printNode(t), Kind: "word", Zones: zoneList(t.zones), Excluded: excluded}
	if len(t.pattern.Words) > 1 {
		x.Kind = "phrase"
	}
	switch {
	case t.prefix:
		x.Kind, x.Note = "prefix", "every word that begins so"
	case t.slop > 0:
		x.Note = fmt.Sprintf("its words in any order, at most %d others between them", t.slop)
	case t.strength == text.Surface && t.capitals():
		x.Note = "in capitals only"
	case t.strength == text.Surface:
		x.Note = "as written: no endings, nothing before it"
	case t.strength == text.WideWord:
		x.Note = "any word of the same stem"
	default:
		x.Note = freely(t.text)
	}
	return x
}

// capitals reports whether =WHO must stand in capitals.
func (t *term) capitals() bool { return t.pattern.Words[0].AllUpper }

// freely says which inflections a word or a phrase may have in its script.
func freely(s string) string {
	switch text.Script(s) {
	case text.Arabic:
		return "with or without \u2068ال\u2069, \u2068و ف ب ك ل\u2069 before it, endings after it"
	case text.Hebrew:
		return "with or without \u2068ה\u2069, \u2068ו ש ב כ ל מ\u2069 before it"
	case text.Cyrillic:
		return "in any case, singular or plural"
	case text.Latin:
		return "singular or plural, in any case of its language"
	case text.Hangul:
		return "with any particle after it"
	}
	return "these characters"
}

// note says what a mention finds.
func (m *mentionOf) note() string {
	if m.within {
		return fmt.Sprintf("any name of it or of its %d parts, in any language", len(m.keys)-1)
	}
	return "any of its names, in any language"
}

// note says how a value is compared.
func (v *value) note() string {
	switch v.field {
	case "lang", "country":
		return "told by the article or its source"
	case "url":
		return "anywhere in the address"
	}
	return "these words in it"
}

// zoneList names the zones of a set in the order in which evidence is shown.
func zoneList(z zoneMask) []string {
	var list []string
	for _, bit := range []zoneMask{inTitle, inDateline, inLead, inBody} {
		if z&bit != 0 {
			list = append(list, zoneNames[bit])
		}
	}
	return list
}
