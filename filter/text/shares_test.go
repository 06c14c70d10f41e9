package text

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestShares: words weigh what the commonest of their forms weighs, in whatever form they are written.
func TestShares(t *testing.T) {
	for _, c := range []struct {
		src      string
		strength Strength
		min, max float64
	}{
		{"the", Light, 0.8, 1},
		{"THE", Surface, 0, RareShare}, // in capitals only
		{"the", Surface, 0.8, 1},
		{"governments", Light, 0.1, 0.5},
		{"Government", Light, 0.1, 0.5},
		{"government", WideWord, 0.1, 0.5},
		{"حكومة", Light, 0.1, 0.5},
		{"وللحكومة", Light, 0, RareShare},
		{"الحكومات", Light, 0, 1},
		{"على", Light, 0.5, 1},
		{"علي", Light, 0, RareShare},
		{"правительству", Light, 0.1, 0.5},
		{"的", Light, 0.5, 1},
		{"国家", Light, 0, RareShare},
		{"xyzzy", Light, RareShare, RareShare},
		{"the hague", Light, 0, RareShare},
		{"the of", Light, 0.8, 1},
		{"", Light, 0, 0},
	} {
		p := Compile(c.src, How{Strength: c.strength})
		if share := p.Share(); share < c.min || share > c.max {
			t.Errorf("%s (%d): %.4f, want %.4f to %.4f", c.src, c.strength, share, c.min, c.max)
		}
	}
}

// TestSharesTable: the table is whole, and nothing stands in it twice.
func TestSharesTable(t *testing.T) {
	if _, err := readShares(sharesTable); err != nil {
		t.Fatal(err)
	}
	seen, langs := map[string]bool{}, map[string]bool{}
	for line := range strings.Lines(sharesTable) {
		f := strings.Fields(line)
		if len(f) == 0 || strings.HasPrefix(f[0], "#") || f[0] == "entity" {
			continue
		}
		langs[f[0]] = true
		for _, w := range f[2:] {
			if key := f[0] + " " + Fold(w); seen[key] {
				t.Errorf("%s stands twice", key)
			} else {
				seen[key] = true
			}
		}
	}
	for _, lang := range strings.Fields("ar en fr es pt it de nl sv da no fi pl cs hu ro tr id ru uk bg fa ur he zh ja ko el hi") {
		if !langs[lang] {
			t.Errorf("the table has no words of %s", lang)
		}
	}
	for _, bad := range []string{"en", "en 5", "en five the", "en 0 the", "en 101 the", "en NaN the"} {
		if _, err := readShares(bad); err == nil {
			t.Errorf("readShares(%q) accepts it", bad)
		}
	}
}

// TestSharesAreTrue holds the table against articles of the corpora: most words within a factor of
// two and a half, and no word of a quarter of all articles missing. The corpora are of one spring,
// so what is new in them (a virus) is left out.
func TestSharesAreTrue(t *testing.T) {
	articles := corpusArticles(t)
	for _, lang := range []string{"es", "de", "fr"} {
		all := articles[lang]
		if len(all) < 100 {
			t.Errorf("%s: only %d articles", lang, len(all))
			continue
		}
		df := map[string]int{}
		for _, a := range all {
			words := map[string]bool{}
			for w := range strings.FieldsSeq(Fold(a)) {
				words[w] = true
			}
			for w := range words {
				df[w]++
			}
		}
		good, bad := 0, 0
		for w, n := range df {
			share := float64(n) / float64(len(all))
			if share < 0.1 || strings.Trim(w, "0123456789") == "" || letters(w) == 1 {
				continue
			}
			p := Compile(w, How{Strength: Surface})
			guess := p.Share()
			if guess > share/2.5 && guess < share*2.5 {
				good++
				continue
			}
			bad++
			if share >= 0.25 && guess < 0.05 && !strings.HasPrefix(w, "coron") && w != "covid" {
				t.Errorf("%s: %s is in %.2f of the articles, but not in the table", lang, w, share)
			}
		}
		t.Logf("%s: %d of %d words of a tenth of %d articles are about right", lang, good, good+bad, len(all))
		if good < bad {
			t.Errorf("%s: %d words are about right, %d are not", lang, good, bad)
		}
	}
}

// corpusArticles are distinct articles of the labelled corpora by language.
func corpusArticles(t *testing.T) map[string][]string {
	t.Helper()
	files, _ := filepath.Glob("../../../shared/corpus/stories/semeval8_*.jsonl")
	if len(files) == 0 {
		t.Skip("the corpora are not here")
	}
	articles, seen := map[string][]string{}, map[string]bool{}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			var pair struct{ A, B struct{ Title, Text string } }
			if err := json.Unmarshal([]byte(line), &pair); err != nil {
				t.Fatal(err)
			}
			for _, s := range []string{pair.A.Title + "\n" + pair.A.Text, pair.B.Title + "\n" + pair.B.Text} {
				if len(s) > 600 && !seen[s[:200]] {
					seen[s[:200]] = true
					lang := Language(s, "")
					articles[lang] = append(articles[lang], s)
				}
			}
		}
	}
	return articles
}
