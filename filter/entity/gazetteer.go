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
	all      []*Entity // in the order of the files
	bySlug   map[string]*Entity
	byName   map[string][]*Entity  // folded name -> entities
	children map[string][]string   // slug -> slugs of its children
	aliases  []alias               // of all entities
	lexicon  *text.Lexicon         // the words that aliases and contexts are looked up by
	byWord   [][]posting           // number of a word -> aliases
	context  map[*Entity]*patterns // compiled Need and Veto, for entities that have any
}

// Lookup finds an entity by its slug (case, spaces and underscores do not matter)
// or, failing that, by a name that no other entity has.
func (g *Gazetteer) Lookup(slug string) (*Entity, bool) {
	if g == nil {
		return nil, false
	}
	if e, ok := g.bySlug[slugify(slug)]; ok {
		return e, true
	}
	if named := g.Named(slug); len(named) == 1 {
		return named[0], true
	}
	return nil, false
}

// Named lists the entities that have this name in any language, folded.
func (g *Gazetteer) Named(name string) []*Entity {
	if g == nil {
		return nil
	}
	return g.byName[text.Fold(name)]
}

// All lists the entities in the order they were loaded. Callers must not change it.
func (g *Gazetteer) All() []*Entity {
	if g == nil {
		return nil
	}
	return g.all
}

// Within lists the slug of an entity and of everything that is part of it.
func (g *Gazetteer) Within(slug string) []string {
	slugs := []string{slug}
	if g == nil {
		return slugs
	}
	for i := 0; i < len(slugs); i++ {
		slugs = append(slugs, g.children[slugs[i]]...)
	}
	return slugs
}

// partOf reports whether whole is an ancestor of e.
func (g *Gazetteer) partOf(e, whole *Entity) bool {
	for parent := e.Parent; parent != ""; parent = g.bySlug[parent].Parent {
		if parent == whole.Slug {
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
	slugs := make([]string, len(g.all))
	for i, e := range g.all {
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
