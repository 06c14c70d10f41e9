package text

import (
	"slices"
	"strings"
)

// Strength says how freely the words of a pattern are taken.
type Strength uint8

// The strengths.
const (
	Surface  Strength = iota // the folded word as written; in capitals if the pattern is
	Light                    // clitics, article, one ending: the default of a query
	WideWord                 // as Light, or a longer shared stem
	Name                     // a proper name: clitics and case endings, no plural, capital letter
)

// How says how a source is compiled to a pattern.
type How struct {
	Strength Strength
	Lang     string // language of the words; "" or "*": any of their script
	Optional bool   // Name: the Arabic article may be there or not
	Min      int    // Name: letters left after a clitic; 0: 3, or the word's own length if it is shorter
	Free     bool   // a lone * is any one word
	Prefix   bool   // the last word is the beginning of a word
}

// Compile reads a word or a phrase as a pattern. A pattern without words means
// that src has none.
func Compile(src string, how How) Pattern {
	if how.Lang == "*" {
		how.Lang = ""
	}
	var p Pattern
	st := New()
	defer st.release()
	free := map[int]bool(nil) // sections that stand for a free word
	if how.Free {
		free = st.addPieces(src)
	} else {
		st.Add(src)
	}
	total := len(st.Tokens) + len(free)
	p.Words = make([]PatternWord, 0, total)
	next := 0
	for sec := range st.sections {
		if free[sec] {
			p.Words = append(p.Words, PatternWord{Free: true})
			continue
		}
		for ; next < len(st.Tokens) && int(st.Tokens[next].Section) == sec; next++ {
			c := compiler{how: how, tok: &st.Tokens[next], key: st.Key(next), src: st.Source(next, next), whole: src, first: len(p.Words) == 0, alone: total == 1}
			p.Words = append(p.Words, c.word())
		}
	}
	if how.Prefix && len(p.Words) > 0 {
		w := &p.Words[len(p.Words)-1]
		w.Prefix, w.Alts = st.Key(len(st.Tokens)-1), nil
	}
	p.at = p.anchor()
	if how.Strength == Name {
		for _, w := range p.Words {
			p.Capital = p.Capital || w.Upper
		}
	}
	return p
}

// addPieces adds what stands between spaces piece by piece, and says which sections are a lone *.
func (s *Stream) addPieces(src string) map[int]bool {
	var free map[int]bool
	for piece := range strings.FieldsSeq(src) {
		if piece != "*" {
			s.Add(piece)
			continue
		}
		if free == nil {
			free = map[int]bool{}
		}
		free[len(s.sections)] = true
		s.Add("")
	}
	return free
}

// minForeign is the number of letters from which a name's cases count in a text of any language.
const minForeign = 5

// declinedLetters are written in Polish, Czech, Slovak, Slovene and Croatian only, as far as words
// of other languages are not declined.
const declinedLetters = "ąćčďđęěłńňřśšťůźżžĄĆČĎĐĘĚŁŃŇŘŚŠŤŮŹŻŽ"

// minBare is the number of letters from which a name counts with a Turkish ending that no
// apostrophe cuts off.
const minBare = 6

// compiler makes one word of a pattern.
type compiler struct {
	how   How
	tok   *Token
	key   string
	src   string // the word as the pattern writes it
	whole string // the pattern
	first bool   // of the pattern
	alone bool   // the only word of the pattern
	alts  []Alt
	space [12]Alt // what alts is at first
}

// word compiles one word by the strength that was asked for.
func (c *compiler) word() PatternWord {
	c.alts = c.space[:0]
	w := PatternWord{
		Upper:    c.tok.Flags&Upper != 0,
		Function: c.tok.Flags&Function != 0,
	}
	switch {
	case c.how.Strength == Surface:
		w.AllUpper = c.tok.Flags&AllUpper != 0
		c.add(Exact, c.key, 0)
	case w.Function && c.how.Strength != Name:
		c.add(Exact, c.key, 0)
	default:
		c.free()
	}
	if c.how.Strength == WideWord {
		c.wide()
	}
	w.Alts = slices.Clone(c.alts)
	return w
}

// add appends an alternative, once.
func (c *compiler) add(ns NameSpace, s string, accept Freedom) {
	for i := range c.alts {
		if a := &c.alts[i]; a.NS == ns && a.S == s {
			a.Accept |= accept
			return
		}
	}
	c.alts = append(c.alts, Alt{Key: Key{ns, s}, Accept: accept})
}

// free adds what a light word or a name may look like in its script.
func (c *compiler) free() {
	switch c.tok.Class {
	case Arabic:
		if persian(c.how.Lang) {
			c.persian()
			return
		}
		c.arabic()
		if c.how.Lang == "" {
			c.persian()
		}
	case Hebrew:
		c.hebrew()
	case Hangul:
		c.add(Exact, c.key, Particle)
	case Cyrillic:
		c.add(Exact, c.key, 0)
		c.slavic()
	case Latin:
		c.latin()
	case Greek:
		c.add(Exact, c.key, Suffix)
	default:
		c.add(Exact, c.key, 0)
	}
}

// arabic adds the word with the clitics and article it may carry. Only the first
// word of several carries a clitic; every word of an indefinite phrase may carry the article.
func (c *compiler) arabic() {
	accept := Freedom(0)
	if c.first {
		accept = Clitic
	}
	name := c.how.Strength == Name
	if name && ((c.how.Min > 0 && c.how.Min < minStem) || letters(c.key) < minStem) {
		accept |= Short
	}
	if name && !c.how.Optional {
		c.add(Exact, c.key, accept)
		return
	}
	accept |= Article
	if !name {
		accept |= Suffix
	}
	if letters(c.key) < minStem { // حج: الحج counts, لحج is a town
		accept = accept&^Clitic | Short
	}
	for _, s := range withoutArticle(c.key) {
		c.add(Exact, s, accept)
		if !name && (!c.alone || c.how.Strength == WideWord) {
			c.add(cutArabic, arabicStem(s), accept&(Clitic|Article|Suffix))
		}
	}
}

// withoutArticle is the word without its article, if it has one, and the word
// itself: in التزام the first two letters only look like it.
func withoutArticle(s string) []string {
	if rest, ok := strings.CutPrefix(s, article); ok && letters(rest) >= minStem {
		return []string{rest, s}
	}
	return []string{s}
}

// persian adds the word and its plural; Persian has no proclitics, and its text is not tried for any.
func (c *compiler) persian() {
	c.add(Exact, c.key, 0)
	if c.how.Strength != Name {
		c.add(cutPersian, persianStem(c.key), 0)
	}
}

// hebrew adds prefixes to the first word and the article to every word.
func (c *compiler) hebrew() {
	accept := Freedom(0)
	if c.first {
		accept = Clitic
	}
	if c.how.Strength != Name || !c.alone {
		accept |= Article
	}
	c.add(Exact, c.key, accept)
	least := 4
	if !c.alone || strings.ContainsAny(c.src, `"״`) { // בבית הלבן, באו״ם
		least = minStem
	}
	if rest, ok := strings.CutPrefix(c.key, "ה"); ok && letters(rest) >= least { // the preposition swallows the article: לאיחוד
		c.add(Exact, rest, accept|Article)
	}
}

// initials reports whether the word is written as an acronym, which is not inflected.
func (c *compiler) initials() bool {
	return c.tok.Flags&AllUpper != 0 && letters(c.key) <= 5
}

// slavic adds the stems that the word's cases have, unless it has none: acronyms, Мали.
func (c *compiler) slavic() {
	name := c.how.Strength == Name
	switch {
	case c.initials(), name && c.alone && indeclinable(c.key, c.how.Lang):
	default:
		upper := c.tok.Flags&Upper != 0
		if !name && !(upper && surname(c.key)) { // may be typed in another case than the nominative
			c.add(cutSlavic, slavicStem(c.key), 0)
		}
		var x cases
		x.cyrillic(c.key, c.how.Lang)
		c.decline(cutSlavic, x, !name && upper && letters(c.key) <= minStem)
	}
}

// decline adds the cases of a name, where a capital letter is asked for if so said.
func (c *compiler) decline(ns NameSpace, x cases, capital bool) {
	n := len(c.alts)
	for _, s := range x.stems {
		c.add(ns, s, 0)
	}
	for _, s := range x.forms {
		c.add(Exact, s, 0)
	}
	for i := n; i < len(c.alts); i++ {
		c.alts[i].Capital = capital
	}
}

// latin adds plurals. The language of a user's word is not known, so every rule cuts it; the
// text is cut by its own rule only, and each rule has its name space.
func (c *compiler) latin() {
	name := c.how.Strength == Name
	accept := Suffix
	if least := minBare; name && c.alone {
		if barelyCased(c.how.Lang) {
			least = minStem + 1
		}
		if letters(c.key) < least {
			accept = 0
		}
	}
	c.add(Exact, c.key, accept)
	if c.initials() {
		return
	}
	if name && c.alone {
		c.latinName()
		return
	}
	if c.how.Lang != "" {
		switch ns := cutFor(Latin, c.how.Lang); ns {
		case Exact:
		case cutPolish, cutCzech, cutSouth:
			c.declined(ns)
		default:
			c.add(ns, cut(c.key, ns), 0)
		}
		return
	}
	for ns := cutEnglish; ns <= cutSouth; ns++ {
		stem := cut(c.key, ns)
		c.add(ns, stem, 0)
		// Paris is no plural of pari: what is written with a capital is probably a name
		c.alts[len(c.alts)-1].Capital = c.alone && stem != c.key && c.tok.Flags&Upper != 0
	}
	upper := c.tok.Flags&Upper != 0
	if !upper && !strings.ContainsAny(c.whole, declinedLetters) {
		return
	}
	c.declinedAnyhow(c.alone && upper)
}

// declinedAnyhow adds the cases that the word has in any language; texts of that language show them.
func (c *compiler) declinedAnyhow(capital bool) {
	for ns := cutPolish; ns <= cutSouth; ns++ {
		x := declension(c.key, c.src, ns)
		if letters(c.key) < minForeign { // Any is no case of Ana in English
			x.forms = nil
		}
		c.decline(ns, x, capital)
	}
}

// latinName adds the cases of a name of one word, in the languages that decline them.
func (c *compiler) latinName() {
	switch ns := cutFor(Latin, c.how.Lang); {
	case c.how.Lang == "":
		if c.tok.Flags&Upper != 0 {
			c.declinedAnyhow(true)
		}
	case ns == cutPolish || ns == cutCzech || ns == cutSouth:
		c.declined(ns)
	case ns == cutGerman || c.how.Lang == "sv" || c.how.Lang == "da" || c.how.Lang == "no" || c.how.Lang == "nl":
		c.add(Exact, c.key+"s", 0)
	}
}

// declined adds the stems of a word of a language that declines.
func (c *compiler) declined(ns NameSpace) {
	if c.tok.Flags&Upper == 0 {
		c.add(ns, cut(c.key, ns), 0)
		if c.alone {
			return
		}
	}
	if stem, cases, ok := landCases(c.key, c.src, ns); ok && c.alone && c.how.Strength == Name {
		for end := range strings.FieldsSeq(cases) {
			c.add(Exact, stem+end, 0)
		}
		return
	}
	c.decline(ns, declension(c.key, c.src, ns), false)
}

// wide adds the long shared stems.
func (c *compiler) wide() {
	if c.tok.Class != Latin || c.how.Lang != "" {
		c.add(Wide, wideStem(c.key, c.tok.Class, c.how.Lang), 0)
		return
	}
	c.add(Wide, wideStem(c.key, Latin, ""), 0)
	for ns := cutEnglish; ns <= cutSouth; ns++ {
		c.add(Wide, beginning(cut(c.key, ns)), 0)
	}
}
