package text

// Freedom is a set of liberties: what was taken off a word to get a form, or
// what a pattern allows to be taken off.
type Freedom uint8

// The liberties.
const (
	Clitic   Freedom = 1 << iota // Arabic و ف ب ك ل, Hebrew ו ש ב כ ל מ at the start
	Article                      // Arabic ال, Hebrew ה
	Short                        // fewer than three letters were left
	Suffix                       // an Arabic pronoun or accusative, a Turkish case ending, at the end
	Particle                     // anything after the word: Korean particles
)

// NameSpace keeps apart stems that were cut by different rules.
type NameSpace uint8

// The name spaces. Exact holds words and what is left of them when something
// was taken off the text's side alone; each cut… holds stems cut on both sides by that language's rule.
const (
	Exact NameSpace = iota
	Wide            // the long shared beginning, for ~word
	cutArabic
	cutPersian
	cutSlavic // Cyrillic, one case ending of Russian or Ukrainian
	cutEnglish
	cutFrench
	cutSpanish
	cutPortuguese
	cutItalian
	cutGerman
	cutPolish
	cutCzech
	cutSouth // Slovene, Croatian, Bosnian, Serbian
	Outside  // first name space for keys that are not words; see filter.Set
)

// Key is a form that can be looked up.
type Key struct {
	NS NameSpace
	S  string
}

// Form is one form of a word of a stream. Forms of several name spaces that are spelled
// alike and took the same are one.
type Form struct {
	hash     uint64 // of the spelling
	from, to int32  // the spelling, in Stream.folded
	word     int32
	spaces   spaces
	Took     Freedom
}

// spaces is a set of name spaces.
type spaces uint16

func setOf(ns NameSpace) spaces { return 1 << ns }

// latinCuts maps a language to the rule that cuts its words; Latin-script
// languages without a rule of their own use the English plural.
var latinCuts = map[string]NameSpace{
	"en": cutEnglish, "fr": cutFrench, "es": cutSpanish, "ca": cutSpanish, "gl": cutPortuguese, "pt": cutPortuguese,
	"it": cutItalian, "de": cutGerman, "pl": cutPolish, "cs": cutCzech, "sk": cutCzech,
	"sl": cutSouth, "hr": cutSouth, "bs": cutSouth, "sr": cutSouth,
}

// cutFor names the rule that cuts a word of a class in a language; Exact: none does.
func cutFor(c Class, lang string) NameSpace {
	switch c {
	case Latin:
		if ns, ok := latinCuts[lang]; ok {
			return ns
		}
		if lang == "tr" || lang == "az" || lang == "vi" || lang == "fi" || lang == "hu" {
			return Exact
		}
		return cutEnglish
	case Cyrillic:
		return cutSlavic
	case Arabic:
		if persian(lang) {
			return cutPersian
		}
		return cutArabic
	}
	return Exact
}

// persian reports whether a language in Arabic script has no Arabic proclitics.
func persian(lang string) bool {
	switch lang {
	case "fa", "ur", "ckb", "ku", "ps", "sd", "ug":
		return true
	}
	return false
}

// formRules says how the words of each class are carried in a language.
type formRules struct {
	cuts   [stacker + 1]NameSpace // the rule that cuts them; Exact: none does
	arabic bool                   // Arabic clitics are tried
	latin  bool                   // Turkish case endings are not
	cases  map[byte][]caseEnding  // endings that leave the nominative; nil: none
}

func rulesOf(lang string) formRules {
	r := formRules{arabic: !persian(lang), latin: lang != "tr" && lang != "az", cases: nominatives()[lang]}
	for c := range r.cuts {
		r.cuts[c] = cutFor(Class(c), lang)
	}
	return r
}

// addForms appends every form of the i-th word; the first is the word itself.
func (s *Stream) addForms(i int32, r *formRules) {
	w := &s.words[i]
	w.forms = int32(len(s.forms))
	s.forms = append(s.forms, Form{hash: w.hash, from: w.from, to: w.to, word: i, spaces: setOf(Exact)})
	f := former{s, w}
	switch {
	case w.class == Arabic && r.arabic:
		f.arabic()
	case w.class == Hebrew:
		f.hebrew()
	case w.class == Hangul:
		f.hangul()
	case w.class == Latin && !r.latin:
		f.turkish()
	case r.cases != nil && (w.class == Latin || w.class == Greek):
		f.nominative(r.cases)
	case r.cuts[w.class] != Exact:
		f.stem(w.from, w.to, 0, r.cuts[w.class])
	}
}

// formsOf are the forms of a word.
func (s *Stream) formsOf(word int32) []Form {
	if int(word)+1 < len(s.words) {
		return s.forms[s.words[word].forms:s.words[word+1].forms]
	}
	return s.forms[s.words[word].forms:]
}

// former makes the forms of one word. Its methods say how texts of a language carry a word.
type former struct {
	s *Stream
	w *word
}

// key is the folded word from one offset to another. It is valid until the stream is released.
func (f *former) key(from, to int32) string { return view(f.s.folded[from:to]) }

// add appends a form, unless the same is there with fewer liberties.
func (f *former) add(from, to int32, took Freedom, ns NameSpace) {
	if first := &f.s.forms[f.w.forms]; took == 0 && from == first.from && to == first.to {
		first.spaces |= setOf(ns)
		return
	}
	hash := hashBytes(f.s.folded[from:to])
	for i := f.w.forms; i < int32(len(f.s.forms)); i++ {
		g := &f.s.forms[i]
		if g.hash != hash {
			continue
		}
		if g.Took&^took == 0 && g.spaces&setOf(ns) != 0 {
			return
		}
		if g.Took == took {
			g.spaces |= setOf(ns)
			return
		}
	}
	f.s.forms = append(f.s.forms, Form{hash: hash, from: from, to: to, word: f.s.forms[f.w.forms].word, spaces: setOf(ns), Took: took})
}

// spell writes a form that is not a part of the word.
func (f *former) spell(parts ...string) (from, to int32) {
	from = int32(len(f.s.folded))
	for _, p := range parts {
		f.s.folded = append(f.s.folded, p...)
	}
	return from, int32(len(f.s.folded))
}

// stem adds the stem of a part of the word by a rule.
func (f *former) stem(from, to int32, took Freedom, ns NameSpace) {
	w := f.key(from, to)
	stem := cut(w, ns)
	if len(stem) <= len(w) && w[:len(stem)] == stem {
		to = from + int32(len(stem))
	} else {
		from, to = f.spell(stem)
	}
	f.add(from, to, took, ns)
}
