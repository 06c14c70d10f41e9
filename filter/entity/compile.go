package entity

import (
	"slices"
	"strings"
	"unicode/utf8"

	"wirewatch/filter/text"
)

// alias is a compiled name or negative name of an entity.
type alias struct {
	entity  *Entity
	number  int32 // of the entity
	layer   int32 // whose it is: 0 everybody's, else a reader's
	folded  int32 // of the name: the same for names of one spelling
	name    *Name
	pattern text.Pattern
	neg     bool       // consumes its place instead of counting
	class   text.Class // script of its first word
	short   bool       // too short to count in a text of another language of its script
	exact   bool       // mixed-case caps name: the source must be written just so
}

// patterns is the compiled context of an entity.
type patterns struct {
	need, veto []contextWord
}

// contextWord is a word or phrase of a context, and the number of the word it is looked up by.
type contextWord struct {
	pattern text.Pattern
	anchor  uint32
	found   bool // it can be looked up: it has no wildcard
}

// names is what a text is searched for: the compiled names of entities, which are
// numbered in the order in which they were added.
type names struct {
	entities []*Entity     // by number
	parents  []int32       // by number: the number of what it is part of, -1 none
	context  []*patterns   // by number: compiled Need and Veto, nil without
	aliases  []alias       // of all entities
	lexicon  *text.Lexicon // the words that aliases and contexts are looked up by
	byWord   [][]posting   // number of a word -> aliases
	own      []*directory  // by layer: the readers' own entities; the first is nil
}

// compile builds everything that is derived from the entities.
func (g *Gazetteer) compile() {
	g.file()
	g.names = &names{lexicon: text.NewLexicon(), own: []*directory{nil}}
	g.lexicon.Shouted = true // the patterns decide
	g.names.add(g.all, 0)
	g.names.relate(0, g.slug)
}

// add compiles entities of a layer.
func (n *names) add(all []*Entity, layer int32) {
	spelled := map[string]int32{}
	for _, e := range all {
		number := int32(len(n.entities))
		n.entities = append(n.entities, e)
		for i := range e.Alias {
			n.name(alias{entity: e, number: number, layer: layer, name: &e.Alias[i]}, spelled)
		}
		for i := range e.Neg {
			n.alias(alias{entity: e, number: number, layer: layer, name: &e.Neg[i], neg: true, pattern: compileContext(e.Neg[i], false)})
		}
		var ctx *patterns
		if len(e.Need)+len(e.Veto) > 0 {
			ctx = &patterns{need: n.words(e.Need), veto: n.words(e.Veto)}
		}
		n.context = append(n.context, ctx)
	}
}

// relate finds the parents of the entities from a number on, by what their reader sees.
func (n *names) relate(from int, find func(slug string) (*Entity, bool)) {
	numbers := make(map[*Entity]int32, len(n.entities))
	for i, e := range n.entities {
		numbers[e] = int32(i)
	}
	for _, e := range n.entities[from:] {
		parent := int32(-1)
		if p, ok := find(e.Parent); ok && e.Parent != "" {
			parent = numbers[p]
		}
		n.parents = append(n.parents, parent)
	}
}

// partOf reports whether one entity is part of another, by their numbers.
func (n *names) partOf(e, whole int32) bool {
	for e = n.parents[e]; e >= 0; e = n.parents[e] {
		if e == whole {
			return true
		}
	}
	return false
}

// name adds one name to the aliases, unless it is a demonym.
func (n *names) name(a alias, spelled map[string]int32) {
	if a.name.Mode == ModeDemonym {
		return
	}
	folded := text.Fold(a.name.Text)
	if _, ok := spelled[folded]; !ok {
		spelled[folded] = int32(len(spelled))
	}
	a.folded, a.pattern = spelled[folded], compileName(*a.name)
	if a.name.Mode == ModeCaps {
		a.exact = slices.ContainsFunc(a.pattern.Words, func(w text.PatternWord) bool { return !w.AllUpper })
	}
	n.alias(a)
}

// minForeign is the number of letters from which a Latin name counts in a text of another language.
const minForeign = 5

// posting is an alias filed under the word by which a text leads to it. Another of its
// words must be there too: asked first, it spares most of the looking.
type posting struct {
	alias int32
	need  uint32 // the same word when there is no other
}

// alias files an alias.
func (n *names) alias(a alias) {
	anchor := a.pattern.AnchorWord()
	if anchor == nil {
		return
	}
	id, ok := n.lexicon.Add(anchor)
	if !ok {
		return
	}
	a.class = text.Script(a.name.Text)
	a.short = a.class == text.Latin && utf8.RuneCountInString(a.name.Text) < minForeign
	n.aliases = append(n.aliases, a)
	for int(id) >= len(n.byWord) {
		n.byWord = append(n.byWord, nil)
	}
	n.byWord[id] = append(n.byWord[id], posting{int32(len(n.aliases) - 1), n.other(&a.pattern, anchor, id)})
}

// other is the longest word of a pattern but its anchor.
func (n *names) other(p *text.Pattern, anchor *text.PatternWord, id uint32) uint32 {
	var longest *text.PatternWord
	for i := range p.Words {
		w := &p.Words[i]
		if w == anchor || len(w.Alts) == 0 || w.Prefix != "" {
			continue
		}
		if longest == nil || len(w.Alts[0].S) > len(longest.Alts[0].S) {
			longest = w
		}
	}
	if longest == nil {
		return id
	}
	if other, ok := n.lexicon.Add(longest); ok {
		return other
	}
	return id
}

// compileName compiles a name by its mode.
func compileName(n Name) text.Pattern {
	how := text.How{Lang: n.Lang, Optional: n.Optional, Min: n.Min, Strength: text.Name}
	switch n.Mode {
	case ModePhrase:
		how.Strength = text.Light
	case ModeExact, ModeCaps:
		how.Strength = text.Surface
	}
	p := text.Compile(n.Text, how)
	switch n.Mode {
	case ModeName:
		if len(p.Words) == 1 && everydayAcronym(n.Text) {
			p.Words[0].AllUpper = true
		}
	case ModeCaps:
		p.Shouted = true // resolve decides
	case ModeExact:
		for i := range p.Words {
			p.Words[i].AllUpper = false
			p.Capital = p.Capital || p.Words[i].Upper
		}
	}
	return p
}

// everydayAcronym reports whether a name in capitals is an everyday word in small
// letters: PO is a party, po a word. It counts in capitals only, as in mode caps.
func everydayAcronym(name string) bool {
	return name == strings.ToUpper(name) && name != strings.ToLower(name) && text.Common(text.Fold(name))
}

// compileContext compiles a negative name or a word of context: lightly inflected,
// in capitals where it is written so.
func compileContext(n Name, capital bool) text.Pattern {
	p := text.Compile(n.Text, text.How{Lang: n.Lang, Strength: text.Light})
	for i := range p.Words {
		p.Capital = p.Capital || (capital && p.Words[i].Upper)
		if w := strings.Fields(n.Text); len(p.Words) == 1 && len(w) == 1 && n.Mode == ModeCaps {
			p.Words[i].AllUpper = true
		}
	}
	return p
}

// words compiles the words of a context.
func (n *names) words(list []Name) []contextWord {
	all := make([]contextWord, len(list))
	for i, w := range list {
		all[i].pattern = compileContext(w, true)
		if anchor := all[i].pattern.AnchorWord(); anchor != nil {
			all[i].anchor, all[i].found = n.lexicon.Add(anchor)
		}
	}
	return all
}
