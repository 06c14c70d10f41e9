package text

import (
	"slices"
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

// AnchorWord is the word that p is looked up by: every match holds it. nil when p has only
// wildcards. It must not be changed.
func (p *Pattern) AnchorWord() *PatternWord {
	if p.at < 0 || len(p.Words) == 0 || p.Words[p.at].Prefix != "" {
		return nil
	}
	return &p.Words[p.at]
}

// MatchFrom reports whether p stands where the token tok is its anchor word, of which it is
// known to be one, and the first and last token.
func (s *Stream) MatchFrom(p *Pattern, tok int) (first, last int, ok bool) {
	first = tok - p.at
	return first, first + len(p.Words) - 1, s.matchesAt(p, first, p.at)
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
	forms := s.formsOf(t.word)
	for i := range forms {
		f := &forms[i]
		if w.Prefix != "" {
			if s.begins(f, w.Prefix) {
				return true
			}
			continue
		}
		for i := range w.Alts {
			if a := &w.Alts[i]; f.Took&^a.Accept == 0 && f.spaces&setOf(a.NS) != 0 && s.spelling(f) == a.S && s.capitalised(tok, a) {
				return true
			}
		}
	}
	for i := range w.Alts {
		if a := &w.Alts[i]; a.NS == Wide && a.S == s.wideForms()[t.word].spelling {
			return true
		}
	}
	return false
}

// spelling is a form as a string.
func (s *Stream) spelling(f *Form) string { return view(s.folded[f.from:f.to]) }

// begins reports whether a word with * holds for a form: clitics and the article may stand before it.
func (s *Stream) begins(f *Form, prefix string) bool {
	return f.spaces&setOf(Exact) != 0 && f.Took&^(Clitic|Article) == 0 && strings.HasPrefix(s.spelling(f), prefix)
}

// capitalised reports whether the token is written as the alternative asks.
func (s *Stream) capitalised(tok int, a *Alt) bool {
	return !a.Capital || s.Tokens[tok].Flags&Upper != 0 || s.caseless(tok)
}

// occurrences appends the tokens that satisfy a word, in order.
func (s *Stream) occurrences(w *PatternWord, dst []int32) []int32 {
	if w.Prefix != "" {
		dst = s.beginning(w.Prefix, dst)
	}
	for i := range w.Alts {
		a := &w.Alts[i]
		if a.NS == Wide {
			s.wideForms()
			for i := s.wideIndex.find(hashString(a.S)); i != 0; i = s.wideIndex.next[i-1] {
				dst = s.tokensOf(i-1, nil, dst)
			}
			continue
		}
		x := s.formsBySpelling()
		for i := x.find(hashString(a.S)); i != 0; i = x.next[i-1] {
			if f := &s.forms[i-1]; f.Took&^a.Accept == 0 && f.spaces&setOf(a.NS) != 0 {
				dst = s.tokensOf(f.word, a, dst)
			}
		}
	}
	if len(dst) > 1 {
		slices.Sort(dst)
		dst = slices.Compact(dst)
	}
	return slices.DeleteFunc(dst, func(tok int32) bool {
		f := s.Tokens[tok].Flags
		return (w.AllUpper && f&AllUpper == 0) || (f&Function != 0 && !w.Function)
	})
}

// beginning appends the tokens of words that begin so.
func (s *Stream) beginning(prefix string, dst []int32) []int32 {
	first := firstLetters(prefix)
	if first == "" {
		for i := range s.forms {
			if s.begins(&s.forms[i], prefix) {
				dst = s.tokensOf(s.forms[i].word, nil, dst)
			}
		}
		return dst
	}
	x := s.formsByBeginning()
	for i := x.find(hashString(first)); i != 0; i = x.next[i-1] {
		if f := &s.forms[i-1]; s.begins(f, prefix) {
			dst = s.tokensOf(f.word, nil, dst)
		}
	}
	return dst
}

// tokensOf appends the tokens of a word that are written as the alternative asks, if it asks.
func (s *Stream) tokensOf(word int32, a *Alt, dst []int32) []int32 {
	for tok := s.words[word].first; tok >= 0; tok = s.Tokens[tok].next {
		if a == nil || s.capitalised(int(tok), a) {
			dst = append(dst, tok)
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
