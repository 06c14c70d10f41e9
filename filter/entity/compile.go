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

// compile builds everything that is derived from the entities.
func (g *Gazetteer) compile() {
	g.byName = map[string][]*Entity{}
	g.children = map[string][]string{}
	g.lexicon = text.NewLexicon()
	g.lexicon.Shouted = true // the patterns decide
	g.context = map[*Entity]*patterns{}
	spelled := map[string]int32{}
	for number, e := range g.all {
		if e.Parent != "" {
			g.children[e.Parent] = append(g.children[e.Parent], e.Slug)
		}
		for i := range e.Alias {
			g.name(e, int32(number), &e.Alias[i], spelled)
		}
		for i := range e.Neg {
			g.add(alias{entity: e, number: int32(number), name: &e.Neg[i], neg: true, pattern: compileContext(e.Neg[i], false)})
		}
		if len(e.Need)+len(e.Veto) > 0 {
			g.context[e] = &patterns{need: g.compileAll(e.Need), veto: g.compileAll(e.Veto)}
		}
	}
}

// name adds one name to the dictionary of names and, unless it is a demonym, to the aliases.
func (g *Gazetteer) name(e *Entity, number int32, n *Name, spelled map[string]int32) {
	if n.Mode == ModeDemonym {
		return
	}
	folded := text.Fold(n.Text)
	if !slices.Contains(g.byName[folded], e) {
		g.byName[folded] = append(g.byName[folded], e)
	}
	if _, ok := spelled[folded]; !ok {
		spelled[folded] = int32(len(spelled))
	}
	a := alias{entity: e, number: number, folded: spelled[folded], name: n, pattern: compileName(*n)}
	if n.Mode == ModeCaps {
		a.exact = slices.ContainsFunc(a.pattern.Words, func(w text.PatternWord) bool { return !w.AllUpper })
	}
	g.add(a)
}

// minForeign is the number of letters from which a Latin name counts in a text of another language.
const minForeign = 5

// posting is an alias filed under the word by which a text leads to it. Another of its
// words must be there too: asked first, it spares most of the looking.
type posting struct {
	alias int32
	need  uint32 // the same word when there is no other
}

// add files an alias.
func (g *Gazetteer) add(a alias) {
	anchor := a.pattern.AnchorWord()
	if anchor == nil {
		return
	}
	id, ok := g.lexicon.Add(anchor)
	if !ok {
		return
	}
	a.class = text.Script(a.name.Text)
	a.short = a.class == text.Latin && utf8.RuneCountInString(a.name.Text) < minForeign
	g.aliases = append(g.aliases, a)
	for int(id) >= len(g.byWord) {
		g.byWord = append(g.byWord, nil)
	}
	g.byWord[id] = append(g.byWord[id], posting{int32(len(g.aliases) - 1), g.other(&a.pattern, anchor, id)})
}

// other is the longest word of a pattern but its anchor.
func (g *Gazetteer) other(p *text.Pattern, anchor *text.PatternWord, id uint32) uint32 {
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
	if other, ok := g.lexicon.Add(longest); ok {
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

func (g *Gazetteer) compileAll(names []Name) []contextWord {
	all := make([]contextWord, len(names))
	for i, n := range names {
		all[i].pattern = compileContext(n, true)
		if anchor := all[i].pattern.AnchorWord(); anchor != nil {
			all[i].anchor, all[i].found = g.lexicon.Add(anchor)
		}
	}
	return all
}
