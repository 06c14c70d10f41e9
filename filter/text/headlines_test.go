package text

import (
	"os"
	"strings"
	"testing"
)

// headline is a text of about eight words, and its language.
type headline struct{ lang, text string }

// headlines are the lines of testdata/headlines.txt.
func headlines(t testing.TB) []headline {
	t.Helper()
	data, err := os.ReadFile("testdata/headlines.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all []headline
	for line := range strings.Lines(string(data)) {
		if lang, s, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			all = append(all, headline{lang, s})
		}
	}
	return all
}

// newsLanguages are the languages whose headlines must be told, and the share that must be right: of
// all, and of each language alone.
const (
	newsLanguages   = "ar cs de en es fa fi fr hi id is it ja ko pl pt ru sv th tr uk zh"
	rightOfAll      = 0.97
	rightOfLanguage = 0.9
	headlinesEach   = 10
)

// TestLanguageOfHeadlines: eight words are enough to tell a language without any hint.
func TestLanguageOfHeadlines(t *testing.T) {
	type count struct{ right, all int }
	of, total := map[string]*count{}, count{}
	for _, h := range headlines(t) {
		n := of[h.lang]
		if n == nil {
			n = &count{}
			of[h.lang] = n
		}
		n.all++
		total.all++
		if have := Language(h.text, ""); have == h.lang {
			n.right++
			total.right++
		} else {
			t.Logf("%s is taken for %q: %s", h.lang, have, h.text)
		}
	}
	for lang := range strings.FieldsSeq(newsLanguages) {
		if n := of[lang]; n == nil || n.all < headlinesEach {
			t.Errorf("%s has too few headlines", lang)
		}
	}
	for lang, n := range of {
		if float64(n.right) < rightOfLanguage*float64(n.all) {
			t.Errorf("%s: %d of %d headlines are told", lang, n.right, n.all)
		}
	}
	if float64(total.right) < rightOfAll*float64(total.all) {
		t.Errorf("%d of %d headlines are told", total.right, total.all)
	}
	t.Logf("%d of %d headlines are told", total.right, total.all)
}

// BenchmarkLanguageOfHeadlines must stay below 15 µs.
func BenchmarkLanguageOfHeadlines(b *testing.B) {
	all := headlines(b)
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		Language(all[i%len(all)].text, "")
		i++
	}
}
