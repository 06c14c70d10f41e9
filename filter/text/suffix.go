package text

import (
	"strings"
	"unicode/utf8"
)

// Forms of languages in which the text's word is longer than the one looked for.

// hebrew adds a word without its prefixes: ו, ש, one of ב כ ל מ, and
// the article ה, in this order; three letters stay at least.
func (f *former) hebrew() {
	from, took := f.w.from, Freedom(0)
	for _, prefixes := range [...]string{"ו", "ש", "בכלמ", "ה"} {
		first, n := utf8.DecodeRuneInString(f.key(from, f.w.to))
		if !strings.ContainsRune(prefixes, first) || letters(f.key(from+int32(n), f.w.to)) < minStem {
			continue
		}
		from += int32(n)
		if prefixes == "ה" {
			took |= Article
		} else {
			took |= Clitic
		}
		f.add(from, f.w.to, took, Exact)
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
// plural or after a possessive, that a noun may carry.
var turkishEndings = func() map[string]bool {
	endings := map[string]bool{}
	cases := strings.Fields("i u yi yu ni nu e a ye ya ne na de da te ta nde nda den dan ten tan nden ndan in un nin nun le la yle yla ca ce nca nce")
	for _, stem := range append([]string{""}, strings.Fields("ler lar leri lari lerini larini lerinin larinin si su")...) {
		endings[stem] = stem != ""
		for _, c := range cases {
			endings[stem+c] = true
		}
	}
	return endings
}()

// maxTurkish is the longest ending in turkishEndings that is tried.
const maxTurkish = 8

// turkish adds a word without each case ending it may carry, four letters left.
// Names need none of this: an apostrophe cuts their endings off (Cenevre'de).
func (f *former) turkish() {
	key := f.key(f.w.from, f.w.to)
	for n := 1; n <= maxTurkish && len(key)-n >= 4; n++ {
		i := len(key) - n
		if utf8.RuneStart(key[i]) && turkishEndings[key[i:]] {
			f.add(f.w.from, f.w.from+int32(i), Suffix, Exact)
		}
	}
}
