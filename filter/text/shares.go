package text

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// sharesTable is lines of language, percent and words; see the head of the file.
//
//go:embed shares.txt
var sharesTable string

// RareShare is the share of articles that a word is taken to be in when nothing is known of it.
const RareShare = 0.0002

// sharedForm is a form of a word of the table: what a pattern must allow to find the word by it.
type sharedForm struct {
	took     Freedom
	function bool
	share    float64
}

// shares are the forms of the words that many articles hold, found as in an article.
type shares struct {
	forms    map[Key][]sharedForm
	entities map[string]float64
}

// knownShares reads the table, at first use.
var knownShares = sync.OnceValue(func() *shares {
	t, err := readShares(sharesTable)
	if err != nil {
		panic("shares.txt: " + err.Error()) // it is a part of the program, and tested
	}
	return t
})

// readShares reads a table.
func readShares(table string) (*shares, error) {
	t := &shares{forms: map[Key][]sharedForm{}, entities: map[string]float64{}}
	n := 0
	for line := range strings.Lines(table) {
		n++
		f := strings.Fields(line)
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		if len(f) < 3 {
			return nil, fmt.Errorf("line %d: language, percent and words are wanted", n)
		}
		percent, err := strconv.ParseFloat(f[1], 64)
		if err != nil || !(percent > 0 && percent <= 100) {
			return nil, fmt.Errorf("line %d: %s is not a percentage", n, f[1])
		}
		if f[0] == "entity" {
			for _, slug := range f[2:] {
				t.entities[slug] = percent / 100
			}
			continue
		}
		t.add(f[0], strings.Join(f[2:], "\n"), percent/100)
	}
	return t, nil
}

// add files every form of the words of a text in a language.
func (t *shares) add(lang, words string, share float64) {
	s := New()
	s.Add(words)
	s.Index(lang, true)
	for i := range s.forms {
		f := &s.forms[i]
		for ns := Exact; ns < Outside; ns++ {
			if f.spaces&setOf(ns) != 0 {
				key := Key{ns, strings.Clone(s.spelling(f))}
				t.forms[key] = append(t.forms[key], sharedForm{f.Took, s.words[f.word].function, share})
			}
		}
	}
}

// Share estimates how many of the articles of its language hold what satisfies the word, from 0
// to 1: the share of the commonest such word that is known, or [RareShare].
func (w *PatternWord) Share() float64 {
	if w.Free {
		return 1
	}
	best := RareShare
	if w.AllUpper { // WHO is not who
		return best
	}
	t := knownShares()
	for i := range w.Alts {
		a := &w.Alts[i]
		for _, f := range t.forms[a.Key] {
			if f.took&^a.Accept == 0 && (!f.function || w.Function) && !a.Capital {
				best = max(best, f.share)
			}
		}
	}
	return best
}

// Share estimates how many articles hold the pattern: at most as many as its rarest word. What is
// written without spaces, character by character, is rare unless it is one character.
func (p *Pattern) Share() float64 {
	if len(p.Words) == 0 {
		return 0
	}
	if len(p.Words) > 1 && slices.ContainsFunc(p.Words, func(w PatternWord) bool { return w.character() }) {
		return RareShare
	}
	share := 1.0
	for i := range p.Words {
		if w := &p.Words[i]; w.Prefix == "" {
			share = min(share, w.Share())
		}
	}
	return share
}

// EntityShare is the share of articles that name an entity of the starter pack, by its slug.
func EntityShare(slug string) float64 {
	if share, ok := knownShares().entities[slug]; ok {
		return share
	}
	return RareShare
}

// character reports whether the word is one character of a script that writes no spaces.
func (w *PatternWord) character() bool {
	if len(w.Alts) == 0 {
		return false
	}
	class := Script(w.Alts[0].S)
	return class == Han || class == Cluster
}
