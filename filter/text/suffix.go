package text

import (
	"strings"
	"unicode/utf8"
)

// Forms of languages in which the text's word is longer than the one looked for.

// appendHebrew appends a word without its prefixes: ו, ש, one of ב כ ל מ, and
// the article ה, in this order; three letters stay at least.
func appendHebrew(dst []Form, key string) []Form {
	rest, took := key, Freedom(0)
	emit := func() {
		if letters(rest) >= minStem {
			dst = append(dst, Form{Key{Exact, rest}, took})
		}
	}
	for _, prefixes := range [][]string{{"ו"}, {"ש"}, {"ב", "כ", "ל", "מ"}, {"ה"}} {
		next, ok := cutAny(rest, prefixes...)
		if !ok || letters(next) < minStem {
			continue
		}
		rest = next
		if prefixes[0] == "ה" {
			took |= Article
		} else {
			took |= Clitic
		}
		emit()
	}
	return dst
}

// maxParticle is the number of syllables that may follow a Korean word.
const maxParticle = 6

// appendHangul appends the beginnings of a Korean word, two syllables at least: particles follow
// the noun without a space (제네바에서).
func appendHangul(dst []Form, key string) []Form {
	n := letters(key)
	at := len(key)
	for cut := 1; cut <= maxParticle && n-cut >= 2; cut++ {
		_, size := utf8.DecodeLastRuneInString(key[:at])
		at -= size
		dst = append(dst, Form{Key{Exact, key[:at]}, Particle})
	}
	return dst
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

// appendTurkish appends a word without each case ending it may carry, four letters left.
// Names need none of this: an apostrophe cuts their endings off (Cenevre'de).
func appendTurkish(dst []Form, key string) []Form {
	for n := 1; n <= maxTurkish && len(key)-n >= 4; n++ {
		i := len(key) - n
		if utf8.RuneStart(key[i]) && turkishEndings[key[i:]] {
			dst = append(dst, Form{Key{Exact, key[:i]}, Suffix})
		}
	}
	return dst
}
