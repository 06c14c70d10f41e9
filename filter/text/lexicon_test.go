package text

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// words that share letters, forms and capitals in many ways.
var lexiconWords = strings.Fields("talk talks Talks TALKS NATO Nato paris Paris pari جنيف وجنيف بجنيف الضمانات ضمانات ضمانة للضمانات على علي وعلى " +
	"دولتهم دولة المفاوضات Женева Женеве женевы санкций санкции Cenevre evde evler house houses giants U.N. UN 日内瓦 제네바에서 제네바 השלום ושלום שלום Praha Praze")

// TestScanAgreesWithFind: one scan finds the tokens that looking each word up finds.
func TestScanAgreesWithFind(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lang := rapid.SampledFrom([]string{"", "en", "ar", "fa", "ru", "tr", "de", "pl", "ko", "he"}).Draw(t, "lang")
		s := New()
		for range rapid.IntRange(1, 3).Draw(t, "sections") {
			words := rapid.SliceOfN(rapid.SampledFrom(lexiconWords), 0, 12).Draw(t, "text")
			text := strings.Join(words, " ")
			if rapid.IntRange(0, 3).Draw(t, "shout") == 0 {
				text = strings.ToUpper(text)
			}
			s.Add(text)
		}
		s.Index(lang, true)
		l := NewLexicon()
		patterns := map[uint32]Pattern{}
		for range rapid.IntRange(1, 12).Draw(t, "patterns") {
			p := Compile(rapid.SampledFrom(lexiconWords).Draw(t, "word"), How{
				Strength: Strength(rapid.IntRange(0, 3).Draw(t, "strength")),
				Lang:     rapid.SampledFrom([]string{"", "en", "ar", "pl"}).Draw(t, "of"),
			})
			if len(p.Words) != 1 {
				continue
			}
			p.Capital = false // asked of whole patterns, not of their words
			if id, ok := l.Add(&p.Words[0]); ok {
				patterns[id] = p
			}
		}
		have := map[uint32][]int{}
		for _, f := range s.Scan(l, nil) {
			for tok := s.NextFound(f, -1); tok >= 0; tok = s.NextFound(f, tok) {
				if !s.Is(tok, f) {
					t.Fatalf("token %d is found, but is not what was found", tok)
				}
				have[f.ID] = append(have[f.ID], tok)
			}
		}
		for id, p := range patterns {
			var want []int
			s.Find(&p, func(first, _ int) bool { want = append(want, first); return true })
			slices.Sort(have[id])
			if got := slices.Compact(have[id]); !slices.Equal(got, want) {
				t.Fatalf("%+v: scan finds %v, Find %v", p, got, want)
			}
		}
	})
}

func TestLexiconNumbersWords(t *testing.T) {
	l := NewLexicon()
	word := func(s string, how How) uint32 {
		p := Compile(s, how)
		id, ok := l.Add(&p.Words[0])
		if !ok {
			t.Fatalf("%s cannot be looked up", s)
		}
		return id
	}
	light := How{Strength: Light}
	first, again := word("talks", light), word("talks", light)
	if first != again || first == word("talks", How{Strength: Surface}) {
		t.Error("words are numbered by what satisfies them")
	}
	ids := map[uint32]bool{}
	for i := range 5000 {
		ids[word(fmt.Sprintf("w%dx", i), light)] = true
		ids[l.AddName(Outside, fmt.Sprint(i))] = true
	}
	if len(ids) != 10000 || l.Len() < 10000 {
		t.Errorf("%d numbers", len(ids))
	}
	if id, ok := l.Name(Outside, "77"); !ok || id != l.AddName(Outside, "77") {
		t.Error("a name is not found")
	}
	if _, ok := l.Name(Outside+1, "77"); ok {
		t.Error("a name of another kind is found")
	}
	p := Compile("talk", How{Strength: Light, Prefix: true})
	if _, ok := l.Add(&p.Words[0]); ok {
		t.Error("a word with * can be looked up")
	}
}

func TestHashes(t *testing.T) {
	seen := map[uint64]string{}
	for n := range 40 {
		for i := range 200 {
			s := strings.Repeat("a", n) + fmt.Sprint(i)
			if other, ok := seen[hashString(s)]; ok && other != s {
				t.Fatalf("%s and %s have one hash", s, other)
			}
			seen[hashString(s)] = s
		}
	}
	if hashBytes(nil) == 0 {
		t.Error("0 marks an empty slot")
	}
}
