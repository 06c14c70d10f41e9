package text

import (
	"slices"
	"sort"
	"strings"
)

// Alt is one form that satisfies a word of a pattern, and how freely.
type Alt struct {
	Key
	Accept  Freedom
	Capital bool // only where the text writes a capital letter, if its case tells anything
}

// PatternWord says which tokens satisfy one word of a pattern.
type PatternWord struct {
	Alts     []Alt
	Free     bool   // any one word
	Prefix   string // the folded beginning of a word; "" none
	AllUpper bool   // the token must be written in capitals
	Upper    bool   // the pattern writes it with a capital
	Function bool   // the pattern means a closed-class word (على, not علي)
}

// Pattern is words to be found at neighbouring places. It is immutable and safe
// for concurrent use once compiled.
type Pattern struct {
	Words   []PatternWord
	Capital bool // a capital letter is required: in the word, or in one word of several
	Shouted bool // words in capitals count even where everything is in capitals

	at int // the word to look up; -1: none
}

// Find calls visit with the first and last token of every place where the pattern
// stands, in order, until visit returns false.
func (s *Stream) Find(p *Pattern, visit func(first, last int) bool) {
	anchor := p.at
	if anchor < 0 || len(p.Words) == 0 {
		return
	}
	var space [32]int32
	for _, tok := range s.occurrences(&p.Words[anchor], space[:0]) {
		first := int(tok) - anchor
		if s.matchesAt(p, first, anchor) && !visit(first, first+len(p.Words)-1) {
			return
		}
	}
}

// anchor is the word to look up: the longest that the index knows, as long words are rare.
func (p *Pattern) anchor() int {
	best, size := -1, -1
	for i := range p.Words {
		w := &p.Words[i]
		n := -1
		switch {
		case w.Free:
		case w.Prefix != "":
			n = 0
		default:
			n = w.size()
		}
		if n > size {
			best, size = i, n
		}
	}
	return best
}

// size is a guess at how rare the word is.
func (w *PatternWord) size() int {
	if len(w.Alts) == 0 {
		return -1
	}
	if w.Function {
		return 1
	}
	return 1 + len(w.Alts[0].S)
}

// Anchor returns the forms of which every match of p holds one; none when the
// pattern has only wildcards.
func (p *Pattern) Anchor() []Key {
	i := p.at
	if i < 0 || len(p.Words) == 0 || p.Words[i].Prefix != "" {
		return nil
	}
	keys := make([]Key, 0, len(p.Words[i].Alts))
	for _, a := range p.Words[i].Alts {
		keys = append(keys, a.Key)
	}
	return keys
}

// MatchAt reports whether the pattern stands at the token first, and its last token.
func (s *Stream) MatchAt(p *Pattern, first int) (last int, ok bool) {
	return first + len(p.Words) - 1, s.matchesAt(p, first, -1)
}

// matchesAt checks every word but the one known to fit (-1: none is).
func (s *Stream) matchesAt(p *Pattern, first, known int) bool {
	last := first + len(p.Words) - 1
	if first < 0 || last >= len(s.Tokens) || s.Tokens[last].Pos-s.Tokens[first].Pos != int32(last-first) {
		return false
	}
	for i := range p.Words {
		if i != known && !s.satisfies(first+i, &p.Words[i]) {
			return false
		}
		if p.Words[i].AllUpper && !p.Shouted && s.Shouted(first+i) && s.Tokens[first+i].Flags&Acronym == 0 {
			return false
		}
	}
	return !p.Capital || s.capital(p, first)
}

// capital checks the guard of names: one word must have its capital, several one among them.
func (s *Stream) capital(p *Pattern, first int) bool {
	for i := range p.Words {
		if !p.Words[i].Upper {
			continue
		}
		if s.caseless(first+i) || s.Tokens[first+i].Flags&Upper != 0 {
			return true
		}
	}
	return false
}

// satisfies reports whether a token fits a word.
func (s *Stream) satisfies(tok int, w *PatternWord) bool {
	if w.Free {
		return true
	}
	t := &s.Tokens[tok]
	if (w.AllUpper && t.Flags&AllUpper == 0) || (t.Flags&Function != 0 && !w.Function) {
		return false
	}
	for _, f := range s.forms[s.formAt[tok]:s.formAt[tok+1]] {
		if w.Prefix != "" {
			if f.NS == Exact && f.Took&^(Clitic|Article) == 0 && strings.HasPrefix(f.S, w.Prefix) {
				return true
			}
			continue
		}
		for i := range w.Alts {
			if a := &w.Alts[i]; f.Took&^a.Accept == 0 && a.NS == f.NS && a.S == f.S && s.capitalised(tok, a) {
				return true
			}
		}
	}
	for i := range w.Alts {
		if a := &w.Alts[i]; a.NS == Wide && a.S == wideStem(s.Key(tok), t.Class, s.lang) {
			return true
		}
	}
	return false
}

// capitalised reports whether the token is written as the alternative asks.
func (s *Stream) capitalised(tok int, a *Alt) bool {
	return !a.Capital || s.Tokens[tok].Flags&Upper != 0 || s.caseless(tok)
}

// occurrences appends the tokens that satisfy a word, in order.
func (s *Stream) occurrences(w *PatternWord, dst []int32) []int32 {
	if w.Prefix != "" {
		dst = s.beginning(w, dst)
	}
	for i := range w.Alts {
		a := &w.Alts[i]
		if a.NS == Wide {
			dst = append(dst, s.wideIndex()[a.S]...)
			continue
		}
		head, ok := s.heads[a.Key]
		if !ok {
			continue
		}
		for o := head; o >= 0; o = s.occs[o].next {
			if s.occs[o].took&^a.Accept == 0 && s.capitalised(int(s.occs[o].tok), a) {
				dst = append(dst, s.occs[o].tok)
			}
		}
	}
	if len(w.Alts) != 1 || w.Prefix != "" || len(dst) > 1 {
		slices.Sort(dst)
		dst = slices.Compact(dst)
	}
	return slices.DeleteFunc(dst, func(tok int32) bool {
		f := s.Tokens[tok].Flags
		return (w.AllUpper && f&AllUpper == 0) || (f&Function != 0 && !w.Function)
	})
}

// beginning appends the tokens of every form that begins with the word's prefix.
func (s *Stream) beginning(w *PatternWord, dst []int32) []int32 {
	voc := s.vocabulary()
	for i := sort.SearchStrings(voc, w.Prefix); i < len(voc) && strings.HasPrefix(voc[i], w.Prefix); i++ {
		for o := s.heads[Key{Exact, voc[i]}]; o >= 0; o = s.occs[o].next {
			if s.occs[o].took&^(Clitic|Article) == 0 {
				dst = append(dst, s.occs[o].tok)
			}
		}
	}
	return dst
}

// Contains reports whether the pattern stands anywhere.
func (s *Stream) Contains(p *Pattern) bool {
	found := false
	s.Find(p, func(int, int) bool { found = true; return false })
	return found
}
