package entity

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"wirewatch/filter/text"
)

// Finding is something in a pack that its author should look at. What makes a pack
// unusable (an unknown key, a parent that does not exist) is an error of [LoadFiles] instead.
type Finding struct {
	File    string // as it was loaded; "" unknown
	Line    int    // of the entity
	Slug    string
	Code    string // collision, common-word, language, twice, shadow, never, short
	Problem bool   // false: a remark that may be meant so
	Msg     string // English, without the slug
}

// Wanted are the languages in which every entity should have a name: those of what ships.
var Wanted = []string{"ar", "en", "fr", "ru", "es", "zh", "de", "tr", "fa", "he", "uk"}

// Check looks for names that will not be found, or too often: names that two
// entities share, everyday words, names that occur twice, that another entity's longer
// name takes along or the entity's own “not” hides; and for languages without a name.
// Findings are ordered by file and line. only limits them to the files of these names; empty: all.
func (g *Gazetteer) Check(only ...string) []Finding {
	c := checker{g: g, owners: map[string][]named{}}
	for _, e := range g.All() {
		for i := range e.Alias {
			n := &e.Alias[i]
			if n.Mode != ModeDemonym {
				key := text.Fold(n.Text)
				c.owners[key] = append(c.owners[key], named{e, n})
			}
		}
	}
	for _, e := range g.All() {
		if len(only) > 0 && !slices.Contains(only, e.file) {
			continue
		}
		c.entity(e)
	}
	slices.SortStableFunc(c.found, func(a, b Finding) int { return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line)) })
	return c.found
}

// named is a name with its entity.
type named struct {
	entity *Entity
	name   *Name
}

type checker struct {
	g      *Gazetteer
	owners map[string][]named // by folded name
	found  []Finding
}

// report adds a finding.
func (c *checker) report(e *Entity, problem bool, code, format string, args ...any) {
	c.found = append(c.found, Finding{e.file, e.line, e.Slug, code, problem, fmt.Sprintf(format, args...)})
}

// entity checks one entity.
func (c *checker) entity(e *Entity) {
	var missing []string
	for _, lang := range Wanted {
		if !e.hasNames(lang) && !e.hasNames(Any) {
			missing = append(missing, lang)
		}
	}
	if len(missing) > 0 {
		c.report(e, false, "language", "no name in %s; add those that you know, or one under \"*\" for any language", strings.Join(missing, ", "))
	}
	seen := map[string]bool{}
	for i := range e.Alias {
		n := &e.Alias[i]
		if n.Mode == ModeDemonym {
			continue
		}
		folded := text.Fold(n.Text)
		key := n.Lang + " " + string(n.Mode) + " " + folded
		if n.Mode == ModeCaps { // in which case tells: Ue, UE; and dots too, to a reader
			key = n.Lang + " caps " + n.Text
		}
		if seen[key] {
			c.report(e, false, "twice", "%s: “%s” is there twice: case, accents and hamza make no difference; leave one out", n.Lang, n.Text)
			continue
		}
		seen[key] = true
		c.collision(e, n, folded)
		c.everyday(e, n, folded)
		c.never(e, n)
	}
	c.shadows(e)
}

// overlaps reports whether two names may stand in the same text.
func overlaps(a, b *Name) bool {
	return a.Lang == b.Lang || a.Lang == Any || b.Lang == Any
}

// collision finds another entity with the same name, both of them sure of it.
func (c *checker) collision(e *Entity, n *Name, folded string) {
	for _, o := range c.owners[folded] {
		if o.entity != e && !n.Weak && !o.name.Weak && overlaps(n, o.name) {
			c.report(e, o.entity.Kind == e.Kind, "collision", "%s: “%s” is a name of @%s too; make it weak in one of them, with need, or leave it out", n.Lang, n.Text, o.entity.Slug)
		}
	}
}

// everyday finds names that are words of some language, or too short to be told from one.
func (c *checker) everyday(e *Entity, n *Name, folded string) {
	if n.Weak || n.Mode == ModeCaps {
		return
	}
	script := text.Script(n.Text)
	letters := utf8.RuneCountInString(folded)
	if strings.Contains(folded, " ") {
		if words := strings.Fields(folded); !slices.ContainsFunc(words, func(w string) bool { return !text.Common(w) }) {
			c.report(e, false, "common-word", "%s: all words of “%s” are everyday words; make it weak, with need, or choose a longer name", n.Lang, n.Text)
		}
		return
	}
	switch {
	case text.Common(folded):
		c.report(e, n.Mode != ModeName || script == text.Arabic, "common-word", "%s: “%s” is an everyday word of some language; make it weak, with need, or mode caps", n.Lang, n.Text)
	case script != text.Han && letters < 3 && n.Mode != ModeExact:
		c.report(e, false, "short", "%s: “%s” has only %d letters; mode caps or exact, or a longer name, is safer", n.Lang, n.Text, letters)
	}
}

// shadows finds names of e that hold the name of another entity, which is then not
// found there: one finding for each of those.
func (c *checker) shadows(e *Entity) {
	type taken struct {
		name, inside string // the first of e, and what it takes along
		langs        []string
	}
	others := map[*Entity]*taken{}
	var order []*Entity
	for _, n := range e.Alias {
		for _, o := range c.inside(e, n) {
			t := others[o.entity]
			if t == nil {
				t = &taken{name: n.Text, inside: o.name.Text}
				others[o.entity] = t
				order = append(order, o.entity)
			}
			if !slices.Contains(t.langs, n.Lang) {
				t.langs = append(t.langs, n.Lang)
			}
		}
	}
	for _, o := range order {
		t := others[o]
		c.report(e, false, "shadow", "%s: “%s” takes @%s (“%s”) along, which is not found there; if it is part of @%s, say so with parent", strings.Join(t.langs, ", "), t.name, o.Slug, t.inside, o.Slug)
	}
}

// inside lists the names of other entities that n takes along.
func (c *checker) inside(e *Entity, n Name) (list []named) {
	words := text.Words(n.Text)
	for from := range words {
		for to := from + 1; to <= len(words) && to-from < len(words); to++ {
			for _, o := range c.owners[text.Fold(strings.Join(words[from:to], " "))] {
				if o.entity != e && o.name.Lang == n.Lang && !o.name.Weak && n.Mode != ModeDemonym && e.Kind != Person && takes(e, o.entity) && !c.g.partOf(e, o.entity) {
					list = append(list, o)
				}
			}
		}
	}
	return list
}

// never finds names that cannot count: those that the entity's own “not” hides, which must be
// longer than the name, and weak ones without anything that could speak for them.
func (c *checker) never(e *Entity, n *Name) {
	for _, no := range e.Neg {
		if no.Mode == ModeCaps && n.Text != strings.ToUpper(n.Text) {
			continue // ГУАМ is an organisation, Гуам an island
		}
		if overlaps(n, &no) && text.Fold(no.Text) == text.Fold(n.Text) {
			c.report(e, true, "never", "%s: “%s” stands under not as well, so it never counts; take it out of one of them", n.Lang, n.Text)
		}
	}
	if n.Weak && len(e.Need) == 0 && e.Parent == "" && !slices.ContainsFunc(e.Alias, func(a Name) bool { return !a.Weak && a.Mode != ModeDemonym }) {
		c.report(e, true, "never", "%s: “%s” is weak and nothing can support it, so it never counts; give @%s need, a parent, or a name that is not weak", n.Lang, n.Text, e.Slug)
	}
}
