package text

// Freedom is a set of liberties: what was taken off a word to get a form, or
// what a pattern allows to be taken off.
type Freedom uint8

// The liberties.
const (
	Clitic   Freedom = 1 << iota // Arabic و ف ب ك ل, Hebrew ו ש ב כ ל מ at the start
	Article                      // Arabic ال, Hebrew ה
	Short                        // fewer than three letters were left
	Suffix                       // an Arabic pronoun, a Turkish case ending, at the end
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
	Outside // first name space for keys that are not words; see filter.Set
)

// Key is a form that can be looked up.
type Key struct {
	NS NameSpace
	S  string
}

// Form is one form of a token.
type Form struct {
	Key
	Took Freedom
}

// latinCuts maps a language to the rule that cuts its words; Latin-script
// languages without a rule of their own use the English plural.
var latinCuts = map[string]NameSpace{
	"en": cutEnglish, "fr": cutFrench, "es": cutSpanish, "ca": cutSpanish, "gl": cutPortuguese, "pt": cutPortuguese,
	"it": cutItalian, "de": cutGerman, "pl": cutPolish, "cs": cutCzech, "sk": cutCzech,
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

// appendForms appends every form of a token of a text in lang; the first is the word itself.
func appendForms(dst []Form, key, src string, t *Token, lang string) []Form {
	dst = append(dst, Form{Key: Key{Exact, key}})
	switch t.Class {
	case Arabic:
		if persian(lang) {
			return appendCut(dst, key, cutPersian)
		}
		return appendArabic(dst, key, endsInTaMarbuta(src[t.Start:t.End]))
	case Hebrew:
		return appendHebrew(dst, key)
	case Hangul:
		return appendHangul(dst, key)
	case Latin:
		if lang == "tr" || lang == "az" {
			return appendTurkish(dst, key)
		}
	}
	return appendCut(dst, key, cutFor(t.Class, lang))
}

// appendCut appends the stem by a rule.
func appendCut(dst []Form, key string, ns NameSpace) []Form {
	if ns == Exact {
		return dst
	}
	return append(dst, Form{Key: Key{ns, cut(key, ns)}})
}
