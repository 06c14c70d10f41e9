package entity

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"wirewatch/filter/text"
)

// Gazetteer is an immutable set of entities, safe for concurrent use. A nil
// Gazetteer holds none.
type Gazetteer struct {
	directory            // what a query may name
	under     *directory // what lies below it, for the view of one reader of a [Shared]; else nil
	*names               // what a text is searched for
}

// directory is entities by what they are called in queries.
type directory struct {
	all      []*Entity // in the order of the files
	bySlug   map[string]*Entity
	byName   map[string][]*Entity // folded name -> entities
	children map[string][]string  // slug -> slugs of its children
}

// file fills the tables of the directory from bySlug and all.
func (d *directory) file() {
	d.byName, d.children = map[string][]*Entity{}, map[string][]string{}
	for _, e := range d.all {
		if e.Parent != "" {
			d.children[e.Parent] = append(d.children[e.Parent], e.Slug)
		}
		for i := range e.Alias {
			if e.Alias[i].Mode == ModeDemonym {
				continue
			}
			folded := text.Fold(e.Alias[i].Text)
			if !slices.Contains(d.byName[folded], e) {
				d.byName[folded] = append(d.byName[folded], e)
			}
		}
	}
}

// Lookup finds an entity by its slug (case, spaces and underscores do not matter)
// or, failing that, by a name that no other entity has.
func (g *Gazetteer) Lookup(slug string) (*Entity, bool) {
	if g == nil {
		return nil, false
	}
	if e, ok := g.slug(slugify(slug)); ok {
		return e, true
	}
	if named := g.byName[text.Fold(slug)]; g.under != nil && len(named) == 1 {
		return named[0], true // a reader's own name comes before those of all
	}
	if named := g.Named(slug); len(named) == 1 {
		return named[0], true
	}
	return nil, false
}

// slug finds an entity by its slug as it is.
func (g *Gazetteer) slug(slug string) (*Entity, bool) {
	e, ok := g.bySlug[slug]
	if !ok && g.under != nil {
		e, ok = g.under.bySlug[slug]
	}
	return e, ok
}

// Named lists the entities that have this name in any language, folded.
func (g *Gazetteer) Named(name string) []*Entity {
	if g == nil {
		return nil
	}
	folded := text.Fold(name)
	named := g.byName[folded]
	if g.under != nil {
		named = slices.Concat(named, g.unshadowed(g.under.byName[folded]))
	}
	return named
}

// unshadowed are those of the entities below that none of the reader's own hides.
func (g *Gazetteer) unshadowed(below []*Entity) []*Entity {
	return slices.DeleteFunc(slices.Clone(below), func(e *Entity) bool { return g.bySlug[e.Slug] != nil })
}

// All lists the entities in the order they were loaded. Callers must not change it.
func (g *Gazetteer) All() []*Entity {
	if g == nil {
		return nil
	}
	if g.under != nil {
		return append(g.unshadowed(g.under.all), g.all...)
	}
	return g.all
}

// Within lists an entity and everything that is part of it. A slug that is not
// known has nothing.
func (g *Gazetteer) Within(slug string) []*Entity {
	if g == nil {
		return nil
	}
	first, ok := g.slug(slug)
	if !ok {
		return nil
	}
	all := []*Entity{first}
	for i := 0; i < len(all); i++ {
		slugs := g.children[all[i].Slug]
		if g.under != nil {
			slugs = slices.Concat(slugs, g.under.children[all[i].Slug])
		}
		for _, s := range slugs {
			if e, ok := g.slug(s); ok && !slices.Contains(all, e) {
				all = append(all, e)
			}
		}
	}
	return all
}

// partOf reports whether whole is an ancestor of e, by the parents that a query sees.
func (g *Gazetteer) partOf(e, whole *Entity) bool {
	for parent, ok := g.slug(e.Parent); ok; parent, ok = g.slug(parent.Parent) {
		if parent == whole {
			return true
		}
	}
	return false
}

// maxSuggestions is how many slugs Suggest offers.
const maxSuggestions = 3

// Suggest lists slugs that look like what was written, the nearest first: by edit
// distance, by a shared beginning, or by a name.
func (g *Gazetteer) Suggest(slug string) []string {
	if g == nil {
		return nil
	}
	all := g.All()
	slugs := make([]string, len(all))
	for i, e := range all {
		slugs[i] = e.Slug
	}
	near := Nearest(slugify(slug), slugs, maxSuggestions)
	for _, e := range g.Named(slug) {
		if len(near) < maxSuggestions && !slices.Contains(near, e.Slug) {
			near = append(near, e.Slug)
		}
	}
	return near
}

// slugify writes a name as a slug would be: lower case, words joined by hyphens.
func slugify(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return r != '\'' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	return strings.Join(words, "-")
}

// Nearest returns at most n of the words that are close to s: few edits away, or one the beginning of the other.
func Nearest(s string, words []string, n int) []string {
	type scored struct {
		word string
		cost int
	}
	var found []scored
	limit := max(1, min(3, len([]rune(s))/3))
	for _, w := range words {
		cost := distance(s, w, limit)
		if cost > limit {
			if len(s) < 3 || !(strings.HasPrefix(w, s) || strings.HasPrefix(s, w+"-") || strings.Contains(w, "-"+s)) {
				continue
			}
			cost = limit + 1
		}
		found = append(found, scored{w, cost})
	}
	slices.SortFunc(found, func(a, b scored) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(len(a.word), len(b.word)), strings.Compare(a.word, b.word))
	})
	var near []string
	for _, f := range found[:min(n, len(found))] {
		near = append(near, f.word)
	}
	return near
}

// distance is the number of edits (insert, delete, replace, swap neighbours) from a
// to b; above limit any larger number.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if abs(len(x)-len(y)) > limit {
		return limit + 1
	}
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}

func abs(n int) int { return max(n, -n) }
