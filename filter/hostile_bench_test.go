package filter

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// hostileMixes are rules that no index likes: of the commonest words only, of beginnings of words,
// and of much that must not be there.
var hostileMixes = map[string]func(l *library, b *book) string{
	"common": func(l *library, b *book) string {
		return b.topWord(l) + " AND " + b.topWord(l)
	},
	"alternatives": func(l *library, b *book) string {
		return fmt.Sprintf("(%s OR %s OR %s) AND (%s OR %s)", b.topWord(l), b.topWord(l), b.word(l), b.topWord(l), b.word(l))
	},
	"near": func(l *library, b *book) string {
		return b.topWord(l) + " NEAR/20 " + b.topWord(l)
	},
	"prefixes": func(l *library, b *book) string {
		first := []rune(b.word(l))
		return string(first[:min(3, len(first))]) + "* AND " + b.word(l)
	},
	"without": func(l *library, b *book) string {
		var not []string
		for range 8 {
			not = append(not, b.word(l))
		}
		return b.topWord(l) + " AND NOT (" + strings.Join(not, " OR ") + ")"
	},
}

// topWord is one of the commonest words, which the other mixes leave out.
func (b *book) topWord(l *library) string { return b.words[b.frequent[l.r.IntN(bookTop)]] }

func (b *book) word(l *library) string { return b.words[l.term(b)] }

// BenchmarkHostile measures one article against many rules that are hard to index; there is no
// sketch of those. Of each article the best time of all rounds counts.
func BenchmarkHostile(b *testing.B) {
	for _, mix := range slices.Sorted(maps.Keys(hostileMixes)) {
		for _, n := range benchSizes() {
			if n > 100_000 && len(benchSizes()) > 1 {
				continue // some match a great part of all articles
			}
			b.Run(fmt.Sprintf("%s/%d", mix, n), func(b *testing.B) { benchHostile(b, mix, n) })
		}
	}
}

func benchHostile(b *testing.B, mix string, n int) {
	l := newLibrary(1)
	set := NewSet()
	for i := range n {
		q, err := Parse(hostileMixes[mix](l, l.books[l.r.IntN(2)]), nil)
		if err != nil {
			b.Fatal(err)
		}
		set.Add(int64(i), q)
	}
	set.Compact()
	articles := make([]Input, 200)
	for i := range articles {
		articles[i], _ = l.text()
	}
	best, matches := make([]time.Duration, len(articles)), 0
	b.ResetTimer()
	for b.Loop() {
		matches = 0
		for i := range articles {
			keepLess(&best[i], func() { set.MatchIDs(Analyse(articles[i], nil), func(int64) { matches++ }) })
		}
	}
	b.StopTimer()
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(len(articles))/total(best).Seconds(), "articles/s")
	b.ReportMetric(float64(middle(best, 50).Microseconds()), "p50-µs")
	b.ReportMetric(float64(middle(best, 99).Microseconds()), "p99-µs")
	b.ReportMetric(float64(matches)/float64(len(articles)), "matches")
	b.ReportMetric(float64(total(best).Nanoseconds())/float64(max(1, matches)), "ns/match")
}
