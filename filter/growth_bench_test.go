package filter

import (
	"os"
	"strconv"
	"testing"
	"time"
)

// growthRules is the number of rules that BenchmarkGrowth begins with; it ends with ten times as many.
// WIREWATCH_BENCH_RULES sets it.
func growthRules() int {
	if n, err := strconv.Atoi(os.Getenv("WIREWATCH_BENCH_RULES")); err == nil && n > 0 {
		return n
	}
	return 100_000
}

// BenchmarkGrowth measures what ten times the rules cost an article when nearly as many of them
// match as before: to the mixed rules come nine times as many that are AND of four words.
func BenchmarkGrowth(b *testing.B) {
	l := newLibrary(1)
	n := growthRules()
	set := NewSet()
	add := func(from int, rules []drawn) {
		for i := range rules {
			q, err := Parse(rules[i].query(), nil)
			if err != nil {
				b.Fatal(err)
			}
			set.Add(int64(from+i), q)
		}
		set.Compact()
	}
	articles := make([]Input, 300)
	for i := range articles {
		articles[i], _ = l.text()
	}
	best, matches := [2][]time.Duration{}, [2]int{}
	measure := func(round int) {
		best[round] = make([]time.Duration, len(articles))
		for range 10 {
			matches[round] = 0
			for i := range articles {
				keepLess(&best[round][i], func() { set.MatchIDs(Analyse(articles[i], nil), func(int64) { matches[round]++ }) })
			}
		}
	}
	add(0, l.draw("mixed", n))
	measure(0)
	more := make([]drawn, 9*n)
	for i := range more {
		book := l.books[l.r.IntN(2)]
		more[i] = drawn{b: book, not: -1, kind: allWords, first: l.termsOf(book, 4)}
	}
	add(n, more)
	measure(1)
	for b.Loop() { // the work is done
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(total(best[0]).Microseconds())/float64(len(articles)), "µs-before")
	b.ReportMetric(float64(total(best[1]).Microseconds())/float64(len(articles)), "µs-after")
	b.ReportMetric(float64(matches[0])/float64(len(articles)), "matches-before")
	b.ReportMetric(float64(matches[1])/float64(len(articles)), "matches-after")
	b.ReportMetric(float64(total(best[1]))/float64(total(best[0])), "times")
}
