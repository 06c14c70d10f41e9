package text

import (
	"maps"
	"strings"
	"unicode/utf8"
)

// Forms of languages in which the text's word is longer than the one looked for.

// hebrewPrefix is one of several prefixes that stand at one place, and how many letters must
// stay behind it.
type hebrewPrefix struct {
	prefixes []string
	stay     int
	took     Freedom
}

// The prefixes in their order. That כש and מש are two prefixes is tried besides: משוודיה is
// from Sweden, and many words begin so.
var (
	hebrewAnd         = hebrewPrefix{[]string{"ו"}, minStem, Clitic}
	hebrewThat        = hebrewPrefix{[]string{"ש"}, minStem, Clitic}
	hebrewWhen        = hebrewPrefix{[]string{"לכש", "כש", "מש"}, minStem + 1, Clitic}
	hebrewPreposition = hebrewPrefix{[]string{"ב", "כ", "ל", "מ"}, minStem, Clitic}
	hebrewArticle     = hebrewPrefix{[]string{"ה"}, minStem, Article}

	hebrewOrder  = []*hebrewPrefix{&hebrewAnd, &hebrewThat, &hebrewPreposition, &hebrewArticle}
	hebrewClause = []*hebrewPrefix{&hebrewAnd, &hebrewWhen, &hebrewPreposition, &hebrewArticle}
)

// hebrew adds a word without its prefixes: ו, ש or one of לכש כש מש, one of ב כ ל מ, and the
// article ה, in this order.
func (f *former) hebrew() {
	f.withoutPrefixes(hebrewOrder)
	rest := strings.TrimPrefix(f.key(f.w.from, f.w.to), "ו")
	if strings.HasPrefix(rest, "לכש") || strings.HasPrefix(rest, "כש") || strings.HasPrefix(rest, "מש") {
		f.withoutPrefixes(hebrewClause)
	}
}

// withoutPrefixes adds a word without each prefix that it has at its place.
func (f *former) withoutPrefixes(order []*hebrewPrefix) {
	from, took := f.w.from, Freedom(0)
	for _, p := range order {
		for _, prefix := range p.prefixes {
			rest, ok := strings.CutPrefix(f.key(from, f.w.to), prefix)
			if !ok || letters(rest) < p.stay {
				continue
			}
			from, took = from+int32(len(prefix)), took|p.took
			f.add(from, f.w.to, took, Exact)
			break
		}
	}
}

// maxParticle is the number of syllables that may follow a Korean word.
const maxParticle = 6

// hangul adds the beginnings of a Korean word, two syllables at least: particles follow
// the noun without a space (제네바에서).
func (f *former) hangul() {
	key := f.key(f.w.from, f.w.to)
	n := letters(key)
	at := len(key)
	for cut := 1; cut <= maxParticle && n-cut >= 2; cut++ {
		_, size := utf8.DecodeLastRuneInString(key[:at])
		at -= size
		f.add(f.w.from, f.w.from+int32(at), Particle, Exact)
	}
}

// turkishEndings are the folded case endings (dotless i is i), alone, after a
// plural or after a possessive, that a noun may carry; with ə for Azerbaijani.
var turkishEndings = func() map[string]bool {
	endings := map[string]bool{}
	cases := strings.Fields("i u yi yu ni nu e a ye ya ne na de da te ta nde nda den dan ten tan nden ndan in un nin nun le la yle yla ca ce nca nce")
	for _, stem := range append([]string{""}, strings.Fields("ler lar leri lari lerini larini lerinin larinin si su")...) {
		endings[stem] = stem != ""
		for _, c := range cases {
			endings[stem+c] = true
		}
	}
	for e := range maps.Clone(endings) { // Azerbaijani
		endings[strings.ReplaceAll(e, "e", "ə")] = endings[e]
	}
	return endings
}()

// maxTurkish is the longest ending in turkishEndings that is tried.
const maxTurkish = 8

// turkish adds a word without each case ending it may carry, four letters left, and with the
// hard consonant that an ending in a vowel softened (güvenliği, kitabı, kanadı). Names need
// none of this: an apostrophe cuts their endings off (Cenevre'de).
func (f *former) turkish() {
	key := f.key(f.w.from, f.w.to)
	for n := 1; n <= maxTurkish && len(key)-n >= 4; n++ {
		i := len(key) - n
		if !utf8.RuneStart(key[i]) || !turkishEndings[key[i:]] {
			continue
		}
		f.add(f.w.from, f.w.from+int32(i), Suffix, Exact)
		if hard := hardened(key[i-1]); hard != "" && isVowel(key[i]) {
			from, to := f.spell(key[:i-1], hard)
			f.add(from, to, Suffix, Exact)
		}
	}
}

// hardened is the consonant that a soft one is at the end of a Turkish word; "" none.
func hardened(b byte) string {
	switch b {
	case 'g':
		return "k"
	case 'b':
		return "p"
	case 'd':
		return "t"
	}
	return ""
}
