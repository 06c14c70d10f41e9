package text

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
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
	st := New()
	defer st.release()
	st.Add(s)
	return st.Detect(hint, Sample{Section: 0, Bytes: len(s)})
}

// Sample is the beginning of a section.
type Sample struct{ Section, Bytes int }

// Detect is [Detect] for what a stream holds already.
func (s *Stream) Detect(hint string, samples ...Sample) (lang string, sure bool) {
	hint = baseTag(hint)
	n := census{s: s}
	left := languageSample
	for _, p := range samples {
		src := s.sections[p.Section].src
		p.Bytes = min(p.Bytes, len(src), left)
		left -= p.Bytes
		n.take(src[:p.Bytes])
		n.samples = append(n.samples, p)
	}
	switch n.script() {
	case Latin:
		return n.decide("latin", hint)
	case Cyrillic:
		return n.decide("cyrillic", hint)
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
	s       *Stream
	samples []Sample
	counts  [stacker + 1]int
	single  [maxLanguages]int // by singleScripts
	scores  [maxLanguages]int // by languages
	hinted  [maxLetters]uint8 // how often a telling letter counted
	arab    [arabKinds]int    // letters of the Arabic block, while counting
	persian int               // letters of Persian, Urdu, Kurdish
	urdu    int
	kurdish int
}

// take counts the letters of s.
func (n *census) take(s string) {
	t := classes()
	tell := telling()
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c|0x20-'a' < 26 {
				n.counts[Latin]++
			}
			i++
			continue
		}
		if c&0xFC == 0xD8 && i+1 < len(s) && s[i+1]&0xC0 == 0x80 { // the Arabic block, letter by letter
			n.arab[tell.arab[c&3][s[i+1]&0x3F]]++
			i += 2
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		e, _ := t.row(r)
		n.counts[e.class]++
		switch e.class {
		case Greek, Alphabet, Indic, Hebrew, Hangul, Cluster:
			if r < 0x10000 && tell.script[r>>4] > 0 {
				n.single[tell.script[r>>4]-1]++
			}
		case Latin, Cyrillic, Break:
			n.hint(tell, r)
		}
	}
	n.counts[Arabic] += n.arab[arabLetter] + n.arab[arabPersian] + n.arab[arabUrdu] + n.arab[arabKurdish]
	n.persian, n.urdu, n.kurdish = n.persian+n.arab[arabPersian], n.urdu+n.arab[arabUrdu], n.kurdish+n.arab[arabKurdish]
	n.arab = [arabKinds]int{}
}

// hint counts a letter that only some languages write, three times at most.
func (n *census) hint(tell *tellTales, r rune) {
	if r >= rune(len(tell.letter)) {
		if r = unicode.ToLower(r); r >= rune(len(tell.letter)) {
			return
		}
	}
	i := tell.letter[r]
	if i == 0 || n.hinted[i] == 3 {
		return
	}
	n.hinted[i]++
	for _, lang := range tell.hints[i] {
		n.scores[lang]++
	}
}

// What a letter of the Arabic block says. Arabic itself does not have the last three.
const (
	arabNone = iota
	arabLetter
	arabPersian
	arabUrdu
	arabKurdish
	arabKinds
)

func arabKind(r rune) uint8 {
	switch r {
	case 'ٹ', 'ڈ', 'ڑ', 'ے', 'ں', 'ہ', 'ھ', 'ۓ':
		return arabUrdu
	case 'ێ', 'ۆ', 'ڕ', 'ڵ', 'ە':
		return arabKurdish
	case 'پ', 'چ', 'ژ', 'گ', 'ی', 'ک':
		return arabPersian
	}
	if e, _ := classes().row(r); e.class == Arabic {
		return arabLetter
	}
	return arabNone
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
	for i := range singleScripts {
		lang, c := singleScripts[i].lang, n.single[i]
		if c > most || (c == most && c > 0 && lang < best) {
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

// decide adds up stop words and letters for the languages of one script.
func (n *census) decide(script, hint string) (string, bool) {
	for _, p := range n.samples {
		n.vote(p)
	}
	best, first, second := "", 0, 0
	for i, lang := range languages {
		score := n.scores[i]
		if score == 0 || isCyrillic(lang) != (script == "cyrillic") {
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

// vote counts the stop words of a sample; a word that it cuts is left out.
func (n *census) vote(p Sample) {
	stop, shapes := stopWords(), shapes()
	short := len(n.s.Tokens) <= shapedTokens
	for i := n.s.sections[p.Section].first; int(i) < len(n.s.Tokens); i++ {
		t := &n.s.Tokens[i]
		if int(t.Section) != p.Section || int(t.End) > p.Bytes {
			return
		}
		w := &n.s.words[t.word]
		langs := stop.of(w.hash)
		n.give(langs, weightOf(langs))
		if langs == 0 && short && (t.Class == Latin || t.Class == Cyrillic) {
			n.shape(shapes, view(n.s.folded[w.from:w.to]))
		}
	}
}

// weightOf is what a function word of these languages counts: more when it is of few.
func weightOf(langs uint64) int {
	if bits.OnesCount64(langs) <= 2 {
		return 3
	}
	return 2
}

// give adds points to a set of languages.
func (n *census) give(langs uint64, points int) {
	for ; langs != 0; langs &= langs - 1 {
		n.scores[bits.TrailingZeros64(langs)] += points
	}
}

// score is that of a language, 0 of one that is not known.
func (n *census) score(lang string) int {
	if i := slices.Index(languages, lang); i >= 0 {
		return n.scores[i]
	}
	return 0
}

// fallback takes the hint where the text is open and the script allows it.
func (n *census) fallback(script, best, hint string) (string, bool) {
	_, known := stopLists[hint]
	if hint != "" && isCyrillic(hint) == (script == "cyrillic") && (known || script == "latin") && !otherScript(hint) {
		if best == "" || n.score(hint)+2 > n.score(best) {
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

// byNews are the languages by how much news is written in them, as far as it matters.
var byNews = strings.Fields("en es ru de fr pt it tr id pl nl uk cs sv ro hu da no fi bg sr hr sk")

// before orders languages of equal score: the hint, then by how much is written in them, then by name.
func before(a, b, hint string) bool {
	if a == hint || b == hint {
		return a == hint
	}
	rank := func(lang string) int {
		if i := slices.Index(byNews, lang); i >= 0 {
			return i
		}
		return len(byNews)
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), strings.Compare(a, b)) < 0
}

// Common reports whether a folded word is a function word of some language.
func Common(word string) bool { return stopWords().of(hashString(word)) != 0 || functionWords[word] }
