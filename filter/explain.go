package filter

import (
	"fmt"
	"strings"

	"wirewatch/filter/entity"
	"wirewatch/filter/text"
)

// Explanation is a query laid open for a reader.
type Explanation struct {
	Canonical string            // as [Query.String]
	Reading   string            // in English words
	Terms     []TermExplanation // in the order of the query
	Entities  []EntityNames     // every entity that it names
	Warnings  []Warning
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
	e.out.Canonical, e.out.Reading, e.out.Warnings = q.String(), reading(q.root), q.warnings
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
		e.out.Terms = append(e.out.Terms, TermExplanation{printNode(n), "entity", zoneList(n.zones), "any of its names, in any language", excluded})
		for _, slug := range n.slugs {
			e.entity(slug)
		}
	case *value:
		e.out.Terms = append(e.out.Terms, TermExplanation{printNode(n), "value", []string{n.field}, "one of the values", excluded})
	}
}

func (e *explainer) all(kids []node, excluded bool) {
	for _, k := range kids {
		e.walk(k, excluded)
	}
}

// entity lists the names of an entity, once.
func (e *explainer) entity(slug string) {
	ent, ok := e.names.Lookup(slug)
	if !ok || e.seen[slug] {
		return
	}
	e.seen[slug] = true
	names := EntityNames{Slug: slug, Kind: ent.Kind, Label: ent.Label, Names: map[string][]string{}}
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
	case t.strength == text.Surface:
		x.Note = "exactly as written"
		if t.pattern.Words[0].AllUpper {
			x.Note += ", in capitals"
		}
	case t.strength == text.WideWord:
		x.Note = "any word of the same stem"
	default:
		x.Note = "with its clitics, article, case and plural endings"
	}
	return x
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

// reading says a node in English.
func reading(n node) string {
	switch n := n.(type) {
	case everything:
		return "every article"
	case and:
		return joinReadings(n.kids, " and ")
	case or:
		return joinReadings(n.kids, " or ")
	case not:
		return "not " + bracketed(n.kid)
	case near:
		return bracketed(n.a) + " " + n.words() + " " + bracketed(n.b)
	case atLeast:
		return fmt.Sprintf("at least %d times %s", n.n, bracketed(n.kid))
	case anyOf:
		parts := make([]string, len(n.kids))
		for i, k := range n.kids {
			parts[i] = bracketed(k)
		}
		return fmt.Sprintf("at least %d of (%s)", n.n, strings.Join(parts, ", "))
	case *term:
		return printNode(&term{strength: n.strength, text: n.text, prefix: n.prefix, slop: n.slop}) + inZones(n.zones)
	case *mentionOf:
		return printNode(&mentionOf{slug: n.slug, within: n.within}) + inZones(n.zones)
	case *value:
		return printNode(n)
	}
	return ""
}

// words says the distance in English.
func (n near) words() string {
	var where string
	switch n.unit {
	case 's':
		where = "in the same sentence as"
	case 'p':
		where = "in the same paragraph as"
	default:
		where = fmt.Sprintf("within %d words of", n.n)
	}
	if n.ordered {
		return "before and " + where
	}
	return where
}

func joinReadings(kids []node, sep string) string {
	parts := make([]string, len(kids))
	for i, k := range kids {
		parts[i] = bracketed(k)
	}
	return strings.Join(parts, sep)
}

// bracketed is the reading of a node inside another: joined ones stand in parentheses.
func bracketed(n node) string {
	switch n.(type) {
	case and, or, near:
		return "(" + reading(n) + ")"
	}
	return reading(n)
}

// inZones says a field; nothing for a term without one.
func inZones(z zoneMask) string {
	if name, ok := zoneNames[z]; ok {
		return " in the " + name
	}
	return ""
}
