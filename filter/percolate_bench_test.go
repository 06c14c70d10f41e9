package filter

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"
)

// benchSizes are the numbers of rules that are measured; WIREWATCH_BENCH_RULES=1000000
// asks for one of its own.
func benchSizes() []int {
	if n, err := strconv.Atoi(os.Getenv("WIREWATCH_BENCH_RULES")); err == nil && n > 0 {
		return []int{n}
	}
	return []int{1000, 10000, 100000, 1000000}
}

// BenchmarkPercolate measures one article against many rules, analysis included, one
// article at a time on one core, in turns with the sketch on the same articles and rules. Of
// each article the best time of all rounds counts; ratio is the set's speed as a share of the
// sketch's. Run it with -benchtime 10x: ten rounds.
func BenchmarkPercolate(b *testing.B) {
	for _, mix := range []string{"mixed", "selective", "hostile", "singles"} {
		for _, n := range benchSizes() {
			b.Run(fmt.Sprintf("%s/%d", mix, n), func(b *testing.B) { benchPercolate(b, mix, n) })
		}
	}
}

func benchPercolate(b *testing.B, mix string, n int) {
	l := newLibrary(1)
	rules := l.draw(mix, n)
	set, bytes, build := buildSet(b, rules)
	sk := newSketch(rules)
	articles := make([]Input, 500)
	for i := range articles {
		articles[i], _ = l.text()
	}
	matches := agree(b, set, sk, articles[:100])
	mine, theirs := make([]time.Duration, len(articles)), make([]time.Duration, len(articles))
	b.ResetTimer()
	for b.Loop() {
		for i := range articles {
			a := &articles[i]
			keepLess(&mine[i], func() { set.MatchIDs(Analyse(*a, nil), func(int64) {}) })
			keepLess(&theirs[i], func() { sk.match(func(int) {}, a.Title, a.Body) })
		}
	}
	b.StopTimer()
	perSecond := func(all []time.Duration) float64 { return float64(len(all)) / total(all).Seconds() }
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(perSecond(mine), "articles/s")
	b.ReportMetric(perSecond(theirs), "sketch/s")
	b.ReportMetric(perSecond(mine)/perSecond(theirs), "ratio")
	b.ReportMetric(float64(middle(mine, 50).Microseconds()), "p50-µs")
	b.ReportMetric(float64(middle(mine, 99).Microseconds()), "p99-µs")
	b.ReportMetric(float64(matches)/100, "matches")
	b.ReportMetric(bytes/float64(n), "B/rule")
	b.ReportMetric(build.Seconds(), "build-s")
}

// keepLess runs f and keeps its time if it is the shortest so far: what else the machine does
// only ever adds.
func keepLess(least *time.Duration, f func()) {
	start := time.Now()
	f()
	if d := time.Since(start); *least == 0 || d < *least {
		*least = d
	}
}

// buildSet parses and adds the rules; bytes is what the set then holds.
func buildSet(b *testing.B, rules []drawn) (set *Set, bytes float64, build time.Duration) {
	texts := make([]string, len(rules))
	for i := range rules {
		texts[i] = rules[i].query()
	}
	before := heap()
	start := time.Now()
	set = NewSet()
	for i, t := range texts {
		q, err := Parse(t, nil)
		if err != nil {
			b.Fatal(err)
		}
		set.Add(int64(i), q)
	}
	set.Compact()
	build = time.Since(start)
	bytes = heap() - before
	runtime.KeepAlive(texts)
	return set, bytes, build
}

// heap is the number of bytes that are reachable.
func heap() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// agree fails unless the set and the sketch find the same rules; it returns how many.
func agree(b *testing.B, set *Set, sk *sketch, articles []Input) (matches int) {
	for _, a := range articles {
		var mine, theirs []int64
		set.Match(Analyse(a, nil), func(id int64, _ Evidence) { mine = append(mine, id) })
		sk.match(func(id int) { theirs = append(theirs, int64(id)) }, a.Title, a.Body)
		slices.Sort(mine)
		slices.Sort(theirs)
		if !slices.Equal(mine, theirs) {
			b.Fatalf("the set found %d rules, the sketch %d", len(mine), len(theirs))
		}
		matches += len(mine)
	}
	return matches
}

func total(ds []time.Duration) (sum time.Duration) {
	for _, d := range ds {
		sum += d
	}
	return sum
}

// middle is a percentile.
func middle(ds []time.Duration, percent int) time.Duration {
	s := slices.Sorted(slices.Values(ds))
	return s[min(len(s)-1, len(s)*percent/100)]
}
