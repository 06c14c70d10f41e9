package filter

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"wirewatch/filter/entity"
)

// workload makes rules and articles of one vocabulary from a seed: words of falling
// frequency, as in news.
type workload struct {
	r    *rand.Rand
	zipf *rand.Zipf
}

func newWorkload(seed uint64) *workload {
	r := rand.New(rand.NewPCG(seed, 1))
	return &workload{r: r, zipf: rand.NewZipf(r, 1.1, 4, 60000)}
}

// word spells the n-th word of the vocabulary, in Latin or Arabic letters.
func spell(n uint64) string {
	latin, arabic := []string{"ba", "ke", "lo", "mi", "nu", "ra", "se", "to", "vi", "za"}, []string{"با", "كي", "لو", "مي", "نو", "را", "سي", "تو", "في", "زا"}
	set := latin
	if n%5 == 0 {
		set = arabic
	}
	var b strings.Builder
	for n += 100; n > 0; n /= 10 {
		b.WriteString(set[n%10])
	}
	return b.String()
}

func (w *workload) word() string { return spell(w.zipf.Uint64()) }

// rare is a word as rules hold them: not among the commonest.
func (w *workload) rare() string { return spell(200 + w.zipf.Uint64()*7) }

// rule is one of a mix: single words, AND of two or three, OR and AND, phrases, NEAR, NOT.
func (w *workload) rule() string {
	switch w.r.IntN(10) {
	case 0, 1:
		return w.rare()
	case 2, 3, 4:
		return w.rare() + " AND " + w.rare()
	case 5:
		return w.rare() + " " + w.rare() + " " + w.rare()
	case 6:
		return fmt.Sprintf("(%s OR %s OR %s) AND %s", w.rare(), w.rare(), w.rare(), w.rare())
	case 7:
		return fmt.Sprintf("%q", w.word()+" "+w.rare())
	case 8:
		switch w.r.IntN(4) {
		case 0:
			return "(" + w.word() + " OR " + w.rare() + ") PRE/9 " + w.rare()
		case 1:
			return "MIN/2 (" + w.word() + " OR " + w.rare() + ") AND ANY/2 (" + w.word() + ", " + w.rare() + ", title:" + w.word() + ")"
		}
		return w.rare() + " NEAR/8 " + w.rare()
	}
	return w.rare() + " AND NOT " + w.word()
}

// article has n words in sentences.
func (w *workload) article(n int) Input {
	var b strings.Builder
	for i := range n {
		b.WriteString(w.word())
		if i%17 == 16 {
			b.WriteString(". ")
		} else {
			b.WriteByte(' ')
		}
	}
	s := b.String()
	title, rest, _ := strings.Cut(s, ". ")
	return Input{Title: title, Body: rest, Lang: "en"}
}

// TestSetAgreesWithQueries: a set finds exactly the queries that match one by one,
// whatever was added, replaced and removed before.
func TestSetAgreesWithQueries(t *testing.T) { rapid.Check(t, setAgrees(pack(t))) }

// FuzzSet is the same with changes that the fuzzer finds.
func FuzzSet(f *testing.F) { f.Fuzz(rapid.MakeFuzz(setAgrees(pack(f)))) }

// setAgrees is the property of both: what a set of drawn changes finds, each of its queries
// finds by itself, with the same evidence, and nothing else is found.
func setAgrees(names *entity.Gazetteer) func(*rapid.T) {
	texts := []string{
		"Geneva talks on security guarantees end", "محادثات في جنيف حول الضمانات الأمنية", "a1 x1 y1 iran and security guarantees", "NATO covid 19 and AT&T", "日内瓦 北约",
		"Of Geneva nobody said more. Of Geneva nobody said more."}
	return func(t *rapid.T) {
		s, naive := NewSet(), map[int64]*Query{}
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			id := int64(rapid.IntRange(1, 12).Draw(t, "id"))
			switch rapid.IntRange(0, 7).Draw(t, "what") {
			case 0, 1:
				s.Remove(id)
				delete(naive, id)
				continue
			case 2:
				s.Compact()
				continue
			}
			q, err := Parse(genQuery(2).Draw(t, "query"), names)
			if err != nil {
				continue
			}
			s.Add(id, q)
			naive[id] = q
		}
		if s.Len() != len(naive) {
			t.Fatalf("Len %d, want %d", s.Len(), len(naive))
		}
		in := Input{Title: rapid.SampledFrom(texts).Draw(t, "title"), Body: rapid.SampledFrom(texts).Draw(t, "body"),
			Source: []string{"SANA"}, URL: "https://a.example/x/1", Authors: []string{"By Reuters Staff"}, Tags: []string{"World politics"}}
		d := Analyse(in, names)
		have := map[int64]Evidence{}
		s.Match(d, func(id int64, e Evidence) {
			if _, twice := have[id]; twice {
				t.Fatalf("%d found twice", id)
			}
			have[id] = e
		})
		for id, q := range naive {
			e, ok := q.Match(d)
			if got, found := have[id]; found != ok || !slices.Equal(got, e) {
				t.Fatalf("%s: set %v %v, alone %v %v", q, found, got, ok, e)
			}
		}
		if len(have) > len(naive) {
			t.Fatalf("found removed queries: %v", have)
		}
		s.MatchIDs(d, func(id int64) {
			if _, ok := have[id]; !ok {
				t.Fatalf("%d is found only without evidence", id)
			}
			delete(have, id)
		})
		if len(have) > 0 {
			t.Fatalf("found only with evidence: %v", have)
		}
	}
}

func TestSetAgreesOnAWorkload(t *testing.T) {
	w := newWorkload(7)
	s, queries := NewSet(), map[int64]*Query{}
	for id := int64(1); id <= 3000; id++ {
		q := mustParse(t, w.rule(), nil)
		s.Add(id, q)
		queries[id] = q
	}
	matches := 0
	for range 20 {
		d := Analyse(w.article(200), nil)
		have := map[int64]Evidence{}
		s.Match(d, func(id int64, e Evidence) { have[id] = e })
		for id, q := range queries {
			got, found := have[id]
			if e, ok := q.Match(d); ok != found || !slices.Equal(e, got) {
				t.Fatalf("%s: set %v %v, alone %v %v", q, found, got, ok, e)
			}
		}
		matches += len(have)
	}
	if matches == 0 {
		t.Error("the workload matches nothing: it proves nothing")
	}
}

func TestSetConcurrentUse(t *testing.T) {
	w := newWorkload(3)
	s := NewSet()
	docs := []*Doc{Analyse(w.article(100), nil), Analyse(w.article(100), nil)}
	queries := make([]*Query, 50)
	for i := range queries {
		queries[i] = mustParse(t, w.rule(), nil)
	}
	s.Add(0, Everything())
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 200 {
				if g%2 == 0 {
					s.Add(int64(1+i%50), queries[i%50])
					s.Remove(int64(1 + (i*7)%50))
					continue
				}
				all := false
				s.Match(docs[i%2], func(id int64, _ Evidence) { all = all || id == 0 })
				if !all {
					t.Error("the query * was not found")
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkAnalyse(b *testing.B) {
	article, _ := splitWire(wire)
	names := pack(b)
	b.Run("wire", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Analyse(article, names).allMentions()
		}
	})
	b.Run("starter", func(b *testing.B) {
		names := starter(b)
		b.ReportAllocs()
		for b.Loop() {
			Analyse(article, names).allMentions()
		}
	})
	b.Run("article-ar", func(b *testing.B) {
		article, _ := seed(b)
		names := starter(b)
		b.ReportAllocs()
		for b.Loop() {
			Analyse(article, names).allMentions()
		}
	})
	in := newWorkload(1).article(400)
	b.Run("400words", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Analyse(in, nil)
		}
	})
}

func BenchmarkSetMatch(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			w := newWorkload(1)
			s := NewSet()
			for id := range n {
				s.Add(int64(id), mustParse(b, w.rule(), nil))
			}
			docs := make([]*Doc, 50)
			for i := range docs {
				docs[i] = Analyse(w.article(400), nil)
			}
			matches, i := 0, 0
			b.ReportAllocs()
			b.ResetTimer()
			for b.Loop() {
				s.Match(docs[i%len(docs)], func(int64, Evidence) { matches++ })
				i++
			}
			b.ReportMetric(float64(matches)/float64(i), "matches/op")
		})
	}
}

func BenchmarkParse(b *testing.B) {
	names := pack(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(`@geneva AND (ضمانات OR "security guarantees") -source:reuters`, names); err != nil {
			b.Fatal(err)
		}
	}
}
