package digest

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"wirewatch/feeds"
	"wirewatch/store"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var morning = time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)

// delivery is story number id, seen id minutes before the morning.
func delivery(id int64, source string, also []string, rules ...store.RuleMatch) store.Delivery {
	seen := morning.Add(-time.Duration(id) * time.Minute)
	return store.Delivery{ID: id, Kind: store.KindDigest, Rules: rules, Created: seen, Article: &store.Article{
		ID: 100 + id, Story: 1000 + id, Source: store.Source{Source: feeds.Source{Title: source}}, Also: also, SeenAt: seen,
		Item: feeds.Article{Title: fmt.Sprintf("Story %d", id), Published: seen.Add(-time.Minute)},
	}}
}

func rule(id int64, name string) store.RuleMatch { return store.RuleMatch{ID: id, Name: name} }

func source(id int64, title string, state store.SourceState, fails int, ok time.Time) store.Source {
	return store.Source{Source: feeds.Source{ID: id, Title: title, URL: "https://example.org/" + title}, State: state, Fails: fails, LastOK: ok, LastError: "reason"}
}

// gone is a source whose server said so at a time.
func gone(id int64, at time.Time) store.Source {
	s := source(id, fmt.Sprint("Wire G", id), store.SourceGone, 9, at.Add(-time.Hour))
	s.LastTried = at
	return s
}

func TestUsual(t *testing.T) {
	for _, tt := range []struct {
		counts []int
		want   int
	}{
		{nil, -1}, {[]int{5, 5}, -1}, {[]int{5, 5, 5}, 5}, {[]int{0, 0, 1}, 0}, {[]int{15, 16, 15}, 15}, {[]int{15, 16, 16}, 16},
		{append(slices.Repeat([]int{10}, usualOf), 900), 10}, // what is older does not count
	} {
		if got := Build(Input{Usual: tt.counts}).Counts.Usual; got != tt.want {
			t.Errorf("usual of %v is %d, want %d", tt.counts, got, tt.want)
		}
	}
}

func TestEmptiness(t *testing.T) {
	working, failing := source(1, "A", store.SourceActive, 0, morning), source(2, "B", store.SourceActive, 3, morning)
	for _, tt := range []struct {
		in   Input
		want Emptiness
	}{
		{Input{}, Quiet},
		{Input{NoRules: true}, NoRules},
		{Input{Sources: []store.Source{}}, NoSources},
		{Input{Sources: []store.Source{}, NoRules: true}, NoRules},
		{Input{Sources: []store.Source{working, failing}}, Quiet},
		{Input{Sources: []store.Source{failing}, Told: 2}, AllTold},
		{Input{Sources: []store.Source{failing}}, Blind},
		{Input{Sources: []store.Source{failing}, Deliveries: []store.Delivery{delivery(1, "A", nil)}}, NotEmpty},
	} {
		if got := Build(tt.in).Empty; got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestBuild(t *testing.T) {
	energy, talks := rule(2, "Energy"), rule(1, "Talks")
	long := []store.Delivery{
		delivery(1, "Wire A", nil, energy),
		delivery(2, "Wire B", []string{"Wire A", "Wire C", "Wire A"}, energy, talks),
		delivery(3, "Wire A", nil, talks),
		delivery(4, "Wire C", []string{"Wire A"}, energy),
		delivery(5, "Wire A", nil),
		delivery(6, "Wire A", nil, talks),
		delivery(7, "Wire A", []string{"Wire D"}, energy),
		delivery(8, "Wire A", []string{"Wire D"}, talks),
		delivery(9, "Wire B", nil, talks, energy),
	}
	urgent := slices.Clone(long)
	for i, tier := range []store.Tier{store.TierDigest, store.TierDigest, store.TierFlash, store.TierDigest, store.TierInstant} {
		urgent[i].Tier = tier
	}
	twice := delivery(2, "Wire B", nil, talks)
	twice.Article.Story = 1001
	swept := delivery(3, "", nil)
	swept.Article = nil
	future := delivery(1, "Wire A", nil, talks)
	future.Article.Item.Published = morning.AddDate(1, 0, 0)
	for name, in := range map[string]Input{
		"empty": {Deliveries: []store.Delivery{{ID: 7}}, Since: morning.AddDate(0, 0, -1), Now: morning,
			Sources: []store.Source{source(1, "Wire A", store.SourceActive, 0, morning)}},
		"short":  {Deliveries: long[:4], Now: morning},
		"long":   {Deliveries: long, Since: morning.AddDate(0, 0, -1), Now: morning},
		"twice":  {Deliveries: []store.Delivery{delivery(1, "Wire A", []string{"Wire C"}, talks), twice, swept}, Now: morning},
		"future": {Deliveries: []store.Delivery{future, delivery(2, "Wire A", nil, talks)}, Now: morning},
		"trouble": {Deliveries: long[:1], Now: morning, Since: morning.AddDate(0, 0, -1), Silent: map[int64]time.Time{7: morning.Add(-9 * time.Hour), 1: morning}, Sources: []store.Source{
			source(1, "Wire Z", store.SourceActive, 3, morning.Add(-50*time.Hour)), source(2, "Wire B", store.SourceActive, 2, morning),
			source(3, "", store.SourceActive, 9, time.Time{}), source(4, "Wire P", store.SourcePaused, 9, morning),
			gone(5, morning.Add(-2*time.Hour)), gone(6, morning.Add(-40*time.Hour)), source(7, "Wire S", store.SourceActive, 0, morning),
			source(8, "Wire Y", store.SourceActive, 3, morning.Add(-5*time.Hour))}},
		"urgent": {Deliveries: urgent, Now: morning, Usual: []int{14, 16, 16}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := json.MarshalIndent(summary(Build(in)), "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", name+".json")
			if *update {
				if err := os.WriteFile(path, append(got, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)+"\n"); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// summary is a digest as a person reads it in a golden file.
func summary(d Digest) any {
	line := func(s Story) string {
		return fmt.Sprintf("%s — %s · %s · also %v · rules %v · settles %v", s.Article.Item.Title, s.Article.Source.Title,
			When(s.Article).Format("15:04"), s.Also, s.Others, s.Deliveries)
	}
	lines := func(stories []Story) []string {
		out := []string{}
		for _, s := range stories {
			out = append(out, line(s))
		}
		return out
	}
	type section struct {
		Rule    string
		Stories []string
	}
	out := struct {
		Top      []string
		Sections []section
		Counts   Counts
		Trouble  []Trouble
		Empty    Emptiness
		Bare     []int64
	}{Top: lines(d.Top), Counts: d.Counts, Trouble: d.Trouble, Empty: d.Empty, Bare: d.Bare}
	for _, s := range d.Sections {
		out.Sections = append(out.Sections, section{fmt.Sprintf("%d %s", s.Rule, s.Name), lines(s.Stories)})
	}
	return out
}

// Every delivery is told or settled exactly once, and the input stays as it was.
func TestNothingIsLostOrDoubled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(t, "n")
		var in Input
		var want []int64
		for id := int64(1); id <= int64(n); id++ {
			d := delivery(id, rapid.SampledFrom([]string{"A", "B", "C", ""}).Draw(t, "source"),
				rapid.SliceOfN(rapid.SampledFrom([]string{"A", "B", "D"}), 0, 3).Draw(t, "also"))
			for _, r := range rapid.SliceOfNDistinct(rapid.Int64Range(1, 5), 0, 3, rapid.ID).Draw(t, "rules") {
				d.Rules = append(d.Rules, rule(r, fmt.Sprint("rule ", r)))
			}
			d.Article.Story = rapid.Int64Range(0, 30).Draw(t, "story")
			if rapid.IntRange(0, 9).Draw(t, "swept") == 0 {
				d.Article = nil
			}
			in.Deliveries = append(in.Deliveries, d)
			want = append(want, id)
		}
		before, _ := json.Marshal(in)
		d := Build(in)
		if after, _ := json.Marshal(in); string(after) != string(before) {
			t.Fatal("the input was changed")
		}
		got := slices.Clone(d.Bare)
		stories := slices.Clone(d.Top)
		for _, s := range d.Sections {
			if len(s.Stories) == 0 {
				t.Fatalf("section %q is empty", s.Name)
			}
			stories = append(stories, s.Stories...)
		}
		for _, s := range stories {
			got = append(got, s.Deliveries...)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("settled %v of %v", got, want)
		}
		if d.Counts.Stories != len(stories) || (d.Empty != NotEmpty) != (len(stories) == 0) {
			t.Fatalf("%d stories are counted as %d, empty %q", len(stories), d.Counts.Stories, d.Empty)
		}
	})
}
