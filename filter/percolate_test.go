package filter

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

// Workloads of articles and rules, made by code from a seed. An article is half the
// time English, half Arabic, of about 370 words; a word is only letters and carries no
// ending or clitic that a rule could take off, so that matching words exactly finds
// the same as the rule language does and the two can be compared.
const (
	bookWords    = 40000 // of each language
	bookArticles = 3000  // of each language, from which rules take their words
	bookLength   = 372   // words of an article, on average
	bookTop      = 150   // the commonest words, which no rule holds
)

// book is a language's words, commonest first, and articles of them from which rules are drawn.
type book struct {
	lang     string
	words    []string
	weights  []float64 // cumulative, by how commonly articles hold a word
	articles [][]int32 // words by number
	terms    []float64 // cumulative weight of a word as a term of a rule
	common   []bool    // one of the bookTop that most articles hold
	frequent []int32   // words by the number of articles that hold them, from the most
	df       []int32
}

// Letters that begin no clitic and end no ending, with frequent function words first, by which a language is told.
const (
	englishWords = "the of and to in that for on with was by it at from are this an has have not or were which but their they he she we you will would been who had more after about into than also said over new what when can there if all out up one no our them could how may people two first some other against under"
	arabicStart  = "درزسشصضطعغقجحخمنثذ"
	arabicEnd    = "درزسشصضطعغقجحخثذ"
)

// newBook makes the words of a language and its articles.
func newBook(lang string, r *rand.Rand) *book {
	b := &book{lang: lang}
	seen := map[string]bool{}
	add := func(w string) {
		if !seen[w] {
			seen[w] = true
			b.words = append(b.words, w)
		}
	}
	if lang == "en" {
		for w := range strings.FieldsSeq(englishWords) {
			add(w)
		}
	}
	for len(b.words) < bookWords {
		length := 3 + r.IntN(3) + int(math.Log10(float64(len(b.words)+10)))
		if lang == "en" {
			add(latinWord(r, length))
		} else {
			add(arabicWord(r, length-1))
		}
	}
	sum := 0.0
	for i := range b.words {
		sum += 1 / math.Pow(float64(i)+2.7, 1.03)
		b.weights = append(b.weights, sum)
	}
	for range bookArticles {
		b.articles = append(b.articles, b.article(r))
	}
	b.count()
	return b
}

func latinWord(r *rand.Rand, length int) string {
	const consonants, vowels, last = "bcdfghklmnprtvw", "aeiou", "bdgklmpt"
	w := make([]byte, 0, length)
	for i := range length - 1 {
		if i%2 == 0 {
			w = append(w, consonants[r.IntN(len(consonants))])
		} else {
			w = append(w, vowels[r.IntN(len(vowels))])
		}
	}
	return string(append(w, last[r.IntN(len(last))]))
}

func arabicWord(r *rand.Rand, length int) string {
	start, end := []rune(arabicStart), []rune(arabicEnd)
	w := make([]rune, 0, length)
	for range length - 1 {
		w = append(w, start[r.IntN(len(start))])
	}
	return string(append(w, end[r.IntN(len(end))]))
}

// draw picks a number by cumulative weights.
func draw(r *rand.Rand, weights []float64) int32 {
	i, _ := slices.BinarySearch(weights, r.Float64()*weights[len(weights)-1])
	return int32(min(i, len(weights)-1))
}

// article makes one: words come in bursts, as an article has a subject of its own.
func (b *book) article(r *rand.Rand) []int32 {
	n := bookLength/2 + r.IntN(bookLength)
	words := make([]int32, 0, n)
	for range n {
		if len(words) > 20 && r.IntN(4) == 0 {
			words = append(words, words[r.IntN(len(words))])
		} else {
			words = append(words, draw(r, b.weights))
		}
	}
	return words
}

// count weighs words by the articles that hold them.
func (b *book) count() {
	b.df = make([]int32, len(b.words))
	for _, a := range b.articles {
		distinct := slices.Compact(slices.Sorted(slices.Values(a)))
		for _, w := range distinct {
			b.df[w]++
		}
	}
	for i := range b.df {
		b.frequent = append(b.frequent, int32(i))
	}
	slices.SortStableFunc(b.frequent, func(x, y int32) int { return int(b.df[y] - b.df[x]) })
	b.common = make([]bool, len(b.words))
	for _, w := range b.frequent[:bookTop] {
		b.common[w] = true
	}
	sum := 0.0
	for i, n := range b.df {
		if n > 0 && !b.common[i] {
			sum += math.Pow(float64(n), .85)
		}
		b.terms = append(b.terms, sum)
	}
}

// print writes an article in sentences of about twenty words.
func (b *book) print(words []int32) string {
	var s strings.Builder
	for i, w := range words {
		if i > 0 {
			if i%19 == 0 {
				s.WriteByte('.')
			}
			s.WriteByte(' ')
		}
		s.WriteString(b.words[w])
	}
	return s.String()
}

// drawn is one rule in a form that both the rule language and the sketch can read.
type drawn struct {
	b      *book
	kind   drawnKind
	first  []int32 // alternatives, or the words of the phrase
	second []int32 // alternatives
	not    int32   // -1: none
}

type drawnKind uint8

const (
	oneWord   drawnKind = iota // first AND nothing
	allWords                   // all of first
	orAndOr                    // one of first AND one of second
	phraseAnd                  // the phrase first AND second
)

// query writes the rule as a person would.
func (s *drawn) query() string {
	names := func(words []int32) []string {
		out := make([]string, len(words))
		for i, w := range words {
			out[i] = s.b.words[w]
		}
		return out
	}
	first, second := names(s.first), names(s.second)
	var q string
	switch s.kind {
	case oneWord:
		q = strings.Join(first, " OR ")
	case allWords:
		q = strings.Join(first, " AND ")
	case orAndOr:
		q = "(" + strings.Join(first, " OR ") + ") AND (" + strings.Join(second, " OR ") + ")"
	case phraseAnd:
		q = `"` + strings.Join(first, " ") + `" AND ` + second[0]
	}
	if s.not >= 0 {
		q += " AND NOT " + s.b.words[s.not]
	}
	return q
}

// library draws rules and articles.
type library struct {
	r     *rand.Rand
	books [2]*book
}

func newLibrary(seed uint64) *library {
	r := rand.New(rand.NewPCG(seed, 11))
	return &library{r: r, books: [2]*book{newBook("en", r), newBook("ar", r)}}
}

// text is an article that no rule was drawn from.
func (l *library) text() (Input, *book) {
	b := l.books[l.r.IntN(2)]
	s := b.print(b.article(l.r))
	title, body, _ := strings.Cut(s, ". ")
	return Input{Title: title, Body: body, Lang: b.lang}, b
}

// term draws a word for a rule.
func (l *library) term(b *book) int32 { return draw(l.r, b.terms) }

func (l *library) termsOf(b *book, n int) []int32 {
	var words []int32
	for len(words) < n {
		if w := l.term(b); !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return words
}

// mixed is the mix of newsrooms: half AND of two, a fifth a phrase and a term, a fifth
// (a OR b OR c) AND (d OR e), a tenth with NOT.
func (l *library) mixed() drawn {
	b := l.books[l.r.IntN(2)]
	s := drawn{b: b, not: -1}
	switch n := l.r.IntN(10); {
	case n < 5:
		s.kind, s.first = allWords, l.termsOf(b, 2)
	case n < 7:
		s.kind, s.first, s.second = phraseAnd, l.phrase(b), l.termsOf(b, 1)
	case n < 9:
		words := l.termsOf(b, 5)
		s.kind, s.first, s.second = orAndOr, words[:3], words[3:]
	default:
		words := l.termsOf(b, 3)
		s.kind, s.first, s.not = allWords, words[:2], words[2]
	}
	return s
}

// phrase takes two or three words that stand together in an article, none of the commonest.
func (l *library) phrase(b *book) []int32 {
	for {
		a := b.articles[l.r.IntN(len(b.articles))]
		n := 2 + l.r.IntN(2)
		at := l.r.IntN(len(a) - n)
		words := a[at : at+n]
		if !slices.ContainsFunc(words, func(w int32) bool { return b.common[w] }) {
			return words
		}
	}
}

// selective rules match few articles: AND of two or three, or (a OR b OR c) AND d.
func (l *library) selective() drawn {
	b := l.books[l.r.IntN(2)]
	s := drawn{b: b, not: -1, kind: allWords}
	switch l.r.IntN(3) {
	case 0:
		s.first = l.termsOf(b, 2)
	case 1:
		s.first = l.termsOf(b, 3)
	default:
		words := l.termsOf(b, 4)
		s.kind, s.first, s.second = orAndOr, words[:3], words[3:]
	}
	return s
}

// hostile rules are (a OR b OR c OR d) AND (e OR f OR g OR h) of the words of titles.
func (l *library) hostile() drawn {
	b := l.books[l.r.IntN(2)]
	words := l.termsOf(b, 8)
	return drawn{b: b, not: -1, kind: orAndOr, first: words[:4], second: words[4:]}
}

// singles are rules of one word, which match what the commonest workloads do not.
func (l *library) singles() drawn {
	b := l.books[l.r.IntN(2)]
	return drawn{b: b, not: -1, kind: oneWord, first: l.termsOf(b, 1)}
}

// mixes names the workloads.
func (l *library) mixes() map[string]func() drawn {
	return map[string]func() drawn{"mixed": l.mixed, "selective": l.selective, "hostile": l.hostile, "singles": l.singles}
}

// draw makes n rules of a mix.
func (l *library) draw(mix string, n int) []drawn {
	make1 := l.mixes()[mix]
	if make1 == nil {
		panic(fmt.Sprintf("no mix %q", mix))
	}
	rules := make([]drawn, n)
	for i := range rules {
		rules[i] = make1()
	}
	return rules
}
