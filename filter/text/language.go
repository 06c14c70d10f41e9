package text

import (
	"strings"
	"unicode"
)

// languageSample is the number of bytes that are looked at.
const languageSample = 4096

// Language names the language of s as an ISO 639-1 code ("ckb" for Sorani), "" when
// it cannot tell. The hint, what a feed says of itself, decides only where the text
// leaves it open, and never against the script: Persian feeds declare ar.
func Language(s, hint string) string {
	lang, _ := Detect(s, hint)
	return lang
}

// Detect is [Language], and says whether the text decided by a clear margin.
func Detect(s, hint string) (lang string, sure bool) {
	if len(s) > languageSample {
		s = s[:languageSample]
	}
	hint = baseTag(hint)
	var n census
	n.take(s)
	switch n.script() {
	case Latin:
		return n.decide("latin", s, hint)
	case Cyrillic:
		return n.decide("cyrillic", s, hint)
	case Arabic:
		return n.arabic(hint)
	case Han, Hiragana, Katakana:
		return n.eastAsian(hint)
	}
	if lang := n.only(); lang != "" {
		return lang, true
	}
	return hint, false
}

// baseTag is the primary subtag of a BCP 47 tag in lower case.
func baseTag(tag string) string {
	tag, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
	tag, _, _ = strings.Cut(tag, "_")
	switch tag {
	case "iw":
		return "he"
	case "nb", "nn":
		return "no"
	case "in":
		return "id"
	}
	if len(tag) < 2 || len(tag) > 3 {
		return ""
	}
	return tag
}

// scripts that one language of news writes.
var singleScripts = []struct {
	table *unicode.RangeTable
	lang  string
}{
	{unicode.Greek, "el"}, {unicode.Hebrew, "he"}, {unicode.Hangul, "ko"}, {unicode.Thai, "th"}, {unicode.Lao, "lo"}, {unicode.Khmer, "km"},
	{unicode.Myanmar, "my"}, {unicode.Armenian, "hy"}, {unicode.Georgian, "ka"}, {unicode.Ethiopic, "am"}, {unicode.Devanagari, "hi"},
	{unicode.Bengali, "bn"}, {unicode.Gurmukhi, "pa"}, {unicode.Gujarati, "gu"}, {unicode.Tamil, "ta"}, {unicode.Telugu, "te"},
	{unicode.Kannada, "kn"}, {unicode.Malayalam, "ml"}, {unicode.Sinhala, "si"}, {unicode.Tibetan, "bo"},
}

// census counts a text's letters by script and its telling letters by language.
type census struct {
	counts  [stacker + 1]int
	single  map[string]int
	scores  map[string]int
	persian int // letters of Persian, Urdu, Kurdish
	urdu    int
	kurdish int
}

// take counts the letters of s.
func (n *census) take(s string) {
	n.single, n.scores = map[string]int{}, map[string]int{}
	t := classes()
	hinted := map[rune]int{}
	for _, r := range s {
		e, _ := t.row(r)
		n.counts[e.class]++
		if r < 0x80 {
			continue
		}
		switch e.class {
		case Greek, Alphabet, Indic, Hebrew, Hangul, Cluster:
			for _, c := range singleScripts {
				if unicode.Is(c.table, r) {
					n.single[c.lang]++
					break
				}
			}
		case Arabic:
			n.arabicLetter(r)
		}
		l := unicode.ToLower(r)
		if r == 'İ' {
			l = r
		}
		if langs, ok := letterHints[l]; ok && hinted[l] < 3 {
			hinted[l]++
			for lang := range strings.FieldsSeq(langs) {
				n.scores[lang]++
			}
		}
	}
}

// arabicLetter counts letters that Arabic does not have.
func (n *census) arabicLetter(r rune) {
	switch {
	case strings.ContainsRune("ٹڈڑےںہھۓ", r):
		n.urdu++
	case strings.ContainsRune("ێۆڕڵە", r):
		n.kurdish++
	case strings.ContainsRune("پچژگیک", r):
		n.persian++
	}
}

// script is the class with the most letters. A Han text with some kana is Japanese,
// so the three count as one.
func (n *census) script() Class {
	n.counts[Han] += n.counts[Hiragana] + n.counts[Katakana]
	best := Break
	for _, c := range []Class{Latin, Greek, Cyrillic, Alphabet, Indic, Arabic, Hebrew, Hangul, Cluster} {
		if n.counts[c] > n.counts[best] || best == Break {
			if n.counts[c] > 0 {
				best = c
			}
		}
	}
	// a Han character says as much as two letters
	if n.counts[Han] > 0 && (best == Break || 2*n.counts[Han] >= n.counts[best]) && best != Hangul {
		return Han
	}
	return best
}

// only is the language of a script that belongs to one.
func (n *census) only() string {
	best, most := "", 0
	for lang, c := range n.single {
		if c > most || (c == most && lang < best) {
			best, most = lang, c
		}
	}
	return best
}

// arabic tells the languages of Arabic script by their own letters. The shares are low, as
// Arabic quotes few foreign names with them.
func (n *census) arabic(hint string) (string, bool) {
	letters := n.counts[Arabic]
	switch {
	case n.kurdish*50 > letters:
		return "ckb", true
	case n.urdu*33 > letters:
		return "ur", true
	case n.persian*25 > letters, n.persian > 0 && hint == "fa":
		return "fa", true
	}
	if (hint == "fa" || hint == "ur" || hint == "ps") && letters < 20 {
		return hint, false
	}
	return "ar", letters >= 20
}

// eastAsian: a Japanese text has kana.
func (n *census) eastAsian(hint string) (string, bool) {
	kana := n.counts[Hiragana] + n.counts[Katakana]
	switch {
	case kana*20 > n.counts[Han]:
		return "ja", true
	case hint == "ja":
		return "ja", false
	}
	return "zh", true
}

// decide adds up stop words and letters for the languages of one script. Words are
// cut at spaces only: this is a sample, not a tokenisation.
func (n *census) decide(script, s, hint string) (string, bool) {
	for _, w := range Words(s) {
		for _, lang := range stopWords[w] {
			n.scores[lang] += 2
		}
	}
	best, first, second := "", 0, 0
	for lang, score := range n.scores {
		if isCyrillic(lang) != (script == "cyrillic") {
			continue
		}
		switch {
		case score > first || (score == first && before(lang, best, hint)):
			best, first, second = lang, score, first
		case score > second:
			second = score
		}
	}
	if best == "" || (first-second < 2 && hint != best) {
		return n.fallback(script, best, hint)
	}
	return best, first-second >= 4
}

// fallback takes the hint where the text is open and the script allows it.
func (n *census) fallback(script, best, hint string) (string, bool) {
	_, known := stopLists[hint]
	if hint != "" && isCyrillic(hint) == (script == "cyrillic") && (known || script == "latin") && !otherScript(hint) {
		if best == "" || n.scores[hint]+2 > n.scores[best] {
			return hint, false
		}
	}
	if best == "" && script == "cyrillic" {
		return "ru", false
	}
	return best, false
}

func isCyrillic(lang string) bool {
	switch lang {
	case "ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn", "tg":
		return true
	}
	return false
}

// otherScript reports whether a language is written in neither Latin nor Cyrillic.
func otherScript(lang string) bool {
	switch lang {
	case "ar", "fa", "ur", "ckb", "ps", "he", "yi", "zh", "ja", "ko", "el", "th", "lo", "km", "my", "hy", "ka", "am":
		return true
	}
	for _, c := range singleScripts {
		if c.lang == lang {
			return true
		}
	}
	return false
}

// before orders languages of equal score: the hint, English, then by name.
func before(a, b, hint string) bool {
	for _, first := range []string{hint, "en"} {
		if a == first || b == first {
			return a == first
		}
	}
	return a < b
}

// Common reports whether a folded word is a function word of some language.
func Common(word string) bool { return len(stopWords[word]) > 0 || functionWords[word] }
