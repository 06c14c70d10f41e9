package text

import (
	"strings"
	"unicode/utf8"
)

// Letters of the folded Arabic alphabet, two bytes each.
const (
	article  = "ال"
	minStem  = 3 // letters left after a clitic
	minShort = 2 // … for forms flagged Short
)

// letters counts letters of a word that is known to be in a two-byte script.
func letters(s string) int { return utf8.RuneCountInString(s) }

// Variant is what is left of an Arabic word when clitics were taken off.
type Variant struct {
	S    string
	Took Freedom
}

// Variants appends to dst the proclitic variants of a folded Arabic word: itself,
// without و or ف, then without ب, ك or ل, each also without the article. A
// variant keeps two letters at least, and is flagged [Short] when it keeps just two.
// لل is ل with the article (للأمم), with the article of a word that begins in ل
// (لليل), or with such a word alone (للجنة).
func Variants(dst []Variant, word string) []Variant {
	return appendVariants(dst, word, func(a, b string) string { return a + b })
}

// appendVariants is [Variants]; join writes a variant that is no part of the word.
func appendVariants(dst []Variant, word string, join func(a, b string) string) []Variant {
	dst = appendArticle(dst, word, 0)
	dst = appendPrepositions(dst, word, join)
	if startsWith(word, "وف") && letters(word) > minShort {
		rest := word[2:]
		dst = appendArticle(dst, rest, Clitic)
		dst = appendPrepositions(dst, rest, join)
	}
	return dst
}

// appendPrepositions appends the variants without ب, ك or ل.
func appendPrepositions(dst []Variant, word string, join func(a, b string) string) []Variant {
	if !startsWith(word, "بكل") || letters(word) <= minShort {
		return dst
	}
	rest := word[2:]
	if strings.HasPrefix(word, "لل") {
		dst = appendArticle(dst, join(article, rest[len("ل"):]), Clitic)
		dst = appendArticle(dst, join(article, rest), Clitic)
	}
	return appendArticle(dst, rest, Clitic)
}

// startsWith reports whether a word begins with one of the letters, all of two bytes.
func startsWith(word, letters string) bool {
	if len(word) < 2 {
		return false
	}
	for i := 0; i < len(letters); i += 2 {
		if word[1] == letters[i+1] && word[0] == letters[i] {
			return true
		}
	}
	return false
}

// endsWith is [startsWith] for the last letter.
func endsWith(word, letters string) bool {
	return len(word) >= 2 && startsWith(word[len(word)-2:], letters)
}

// appendArticle appends a form and, if it begins with the article, what follows it.
func appendArticle(dst []Variant, s string, took Freedom) []Variant {
	dst = appendVariant(dst, s, took)
	if rest, ok := strings.CutPrefix(s, article); ok && letters(rest) >= minShort {
		dst = appendVariant(dst, rest, took|Article)
	}
	return dst
}

// appendVariant appends a form once, with the fewest liberties by which it can be got.
func appendVariant(dst []Variant, s string, took Freedom) []Variant {
	if took != 0 && letters(s) < minStem {
		took |= Short
	}
	for i, v := range dst {
		if v.S == s && (v.Took&^took == 0 || took&^v.Took == 0) {
			dst[i].Took &= took // the way with fewer liberties
			return dst
		}
	}
	return append(dst, Variant{s, took})
}

// pronouns are the suffixed pronouns that are taken off, longest first. One-letter
// ones are left out but for ه, which is tried where the source has no ة.
var pronouns = []string{"هما", "كما", "ها", "هم", "هن", "كم", "كن", "نا", "ه"}

// cutPronoun takes one pronoun off; at least three letters stay.
func cutPronoun(s string, taMarbuta bool) (string, bool) {
	if !endsWith(s, "هامن") {
		return s, false
	}
	for _, p := range pronouns {
		if p == "ه" && taMarbuta {
			break
		}
		if rest, ok := strings.CutSuffix(s, p); ok && letters(rest) >= minStem {
			return rest, true
		}
	}
	return s, false
}

// beforePronoun is a word whose last letter a pronoun changes, without that letter, and the
// letter as it is alone: دولتهم is دولة + هم, مستواها is مستوى + ها, أعضائه is أعضاء + ه.
func beforePronoun(s string) (before, last string, ok bool) {
	_, n := utf8.DecodeLastRuneInString(s)
	before = s[:len(s)-n]
	switch s[len(before):] {
	case "ت":
		last = "ه"
	case "ا":
		last = "ي"
	case "ئ", "ؤ":
		last = "ء"
	default:
		return s, "", false
	}
	return before, last, letters(before) >= 2
}

// cutAccusative takes the alif of an indefinite accusative off (اتفاقاً); three letters stay. Where
// the source does not write the tanwin, it is not taken for the end of a land (سوريا) or a pronoun.
func cutAccusative(v Variant, written bool) (string, bool) {
	rest, ok := strings.CutSuffix(v.S, "ا")
	if !ok || letters(rest) < minStem || (!written && (v.Took&Article != 0 || endsWith(rest, "ينه"))) {
		return v.S, false
	}
	return rest, true
}

// arabic adds the variants of a word, those without a pronoun, and the light stems.
func (f *former) arabic() {
	key := f.key(f.w.from, f.w.to)
	if letters(key) < minStem { // nothing can be taken off
		f.add(f.w.from, f.w.to, 0, cutArabic)
		return
	}
	var space [16]Variant
	inAlif := endsWith(key, "ا")
	for _, v := range appendVariants(space[:0], key, func(a, b string) string { return f.key(f.spell(a, b)) }) {
		from, to := f.place(key, v.S)
		if from != f.w.from || v.Took != 0 {
			f.add(from, to, v.Took, Exact)
		}
		if v.Took&Article == 0 && strings.HasPrefix(v.S, article) && letters(v.S) > 4 {
			continue // its form without the article follows
		}
		if rest, ok := cutPronoun(v.S, f.w.end == taMarbuta); ok {
			f.add(from, from+int32(len(rest)), v.Took|Suffix, Exact)
			if before, last, ok := beforePronoun(rest); ok {
				from, to := f.spell(before, last)
				f.add(from, to, v.Took|Suffix, Exact)
			}
		}
		if inAlif {
			f.accusative(v, from)
		}
		if v.Took&Short == 0 {
			f.add(from, from+int32(len(arabicStem(v.S))), v.Took, cutArabic)
		}
	}
}

// accusative adds a variant that begins at from without the alif of the accusative, if it may have one.
func (f *former) accusative(v Variant, from int32) {
	if rest, ok := cutAccusative(v, f.w.end == tanwin); ok {
		f.add(from, from+int32(len(rest)), v.Took|Suffix, Exact)
		f.add(from, from+int32(len(arabicStem(rest))), v.Took|Suffix, cutArabic)
	}
}

// place is where a variant stands: in the word, else it is spelled.
func (f *former) place(key, variant string) (from, to int32) {
	if strings.HasSuffix(key, variant) {
		return f.w.to - int32(len(variant)), f.w.to
	}
	return f.spell(variant)
}

// lightSuffixes are taken off in this order, each once, while three letters stay.
var lightSuffixes = []string{"ها", "هم", "ان", "ات", "ون", "ين", "يه", "يت", "ه", "ي"}

// arabicStem is the light stem of a word without clitics and article: ضمانات, ضمانة
// and ضمانتها meet in ضمان, أمني and أمنية in امن.
func arabicStem(s string) string {
	if !endsWith(s, "هيتانم") {
		return s
	}
	for _, suffix := range lightSuffixes {
		if rest, ok := strings.CutSuffix(s, suffix); ok && letters(rest) >= minStem {
			s = rest
			if suffix == "ها" || suffix == "هم" {
				if t, ok := strings.CutSuffix(s, "ت"); ok && letters(t) >= minStem && !strings.HasSuffix(s, "ات") {
					s = t
				}
			}
		}
	}
	return s
}

// persianStem takes the plural off: تضمین‌های, تضمین‌ها and تضمین are one.
func persianStem(s string) string {
	for _, suffix := range []string{"هايي", "هاي", "ها"} {
		if rest, ok := strings.CutSuffix(s, suffix); ok && letters(rest) >= minStem {
			return rest
		}
	}
	return s
}

// functionWords are the Arabic closed-class words that folding would make equal to
// a name (على and علي, إن and أن with عنان): as spelled in the source.
var functionWords = func() map[string]bool {
	set := map[string]bool{}
	const words = "على إلى الى أن إن ان عن له لها لهم لا ولا كان قد من في ما ثم أو لم لن هل كل بل أي إذ إذا حتى لدى عند منذ هو هي هم نحن أنا هذا هذه ذلك تلك التي الذي الذين كما بما مما أنه إنه أنها إنها لكن بعد قبل بين مع غير سوى عليه عليها عليهم إليه إليها منه منها فيه فيها به بها وإن لأن بأن كأن أما إما ألا إلا"
	for _, w := range strings.Fields(words) {
		set[w], set["و"+w], set["ف"+w] = true, true, true
	}
	return set
}()

// isFunctionWord looks at the source's spelling: folding has lost the difference.
func isFunctionWord(src string) bool {
	return len(src) >= 4 && len(src) <= 12 && functionEnds[functionEnd(src)] && functionWords[src]
}

// functionEnds says which lengths and last letters functionWords have: most words have others.
var functionEnds = func() (ends [256]bool) {
	for w := range functionWords {
		ends[functionEnd(w)] = true
	}
	return ends
}()

func functionEnd(src string) uint8 { return src[len(src)-1] ^ uint8(len(src)) ^ src[1]<<2 }

// ending is what folding hides of how an Arabic word ends in the source.
type ending uint8

const (
	noEnding  ending = iota
	taMarbuta        // ة: folding makes it a ه, but only ه is a pronoun
	tanwin           // اً or ًا, the indefinite accusative
)

// endingOf asks the source.
func endingOf(src string) ending {
	n := len(src)
	if n < 6 {
		if strings.HasSuffix(src, "ة") {
			return taMarbuta
		}
		return noEnding
	}
	last, before := src[n-2:], src[n-4:n-2]
	switch {
	case last == "ة", before == "ة" && isVowelSign(last):
		return taMarbuta
	case last == "ا" && before == fathatan, last == fathatan && before == "ا":
		return tanwin
	}
	return noEnding
}

const fathatan = "\u064b" // the sign of the indefinite accusative

// isVowelSign reports whether two bytes are one of the signs from fathatan to sukun.
func isVowelSign(s string) bool { return s >= fathatan && s <= "\u0652" }
