package filter

import (
	"runtime"
	"slices"
	"strings"
	"testing"
)

// allocated is how many bytes f allocates, those it lets go included.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestHostileQueries: what is no rule is refused with a sentence, and at little cost.
func TestHostileQueries(t *testing.T) {
	names := pack(t)
	for name, c := range map[string]struct{ query, want string }{
		"100 KB of words":        {strings.Repeat("geneva ", 100<<10/7), "the rule is longer than 16384 bytes; split it"},
		"100 KB in a phrase":     {`"` + strings.Repeat("geneva ", 100<<10/7) + `"`, "longer than 16384 bytes"},
		"10,000 parentheses":     {strings.Repeat("(", 10_000) + "a" + strings.Repeat(")", 10_000), "longer than 16384 bytes"},
		"10,000 opened":          {strings.Repeat("(", 10_000), "more than 30 levels"},
		"10,000 closed":          {"geneva " + strings.Repeat(")", 10_000), "column 8"},
		"10,000 NOTs":            {strings.Repeat("-", 10_000) + "geneva", "column"},
		"10,000 quotation marks": {strings.Repeat(`"`, 10_000), "column"},
		"not UTF-8":              {"geneva \xff\xfe talks", "this is not valid UTF-8 text"},
		"half a character":       {"geneva \xd8", "this is not valid UTF-8 text"},
	} {
		var err error
		cost := allocated(func() { _, err = Parse(c.query, names) })
		if err == nil || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 1000 {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
		if cost > 16<<20 {
			t.Errorf("%s: %d bytes allocated", name, cost)
		}
	}
}

// TestDirectionMarksHideNothing: such a mark counts as space; a rule with marks that turn the line around is the rule
// that is read without them, in what it finds and in its canonical form.
func TestDirectionMarksHideNothing(t *testing.T) {
	names := pack(t)
	for with, without := range map[string]string{
		"geneva \u202eTON\u202c talks":             "geneva TON talks",
		"\u200f@geneva\u200f \u200e-sport\u200e":   "@geneva -sport",
		"\u2067geneva\u2069 OR \u2066vienna\u2069": "geneva OR vienna",
		"\u202bجنيف\u202c NEAR/5 \u200fضمانات":     "جنيف NEAR/5 ضمانات",
	} {
		q := mustParse(t, with, names)
		if want := mustParse(t, without, names).String(); q.String() != want {
			t.Errorf("%q is %q, want %q", with, q, want)
		}
		if strings.ContainsAny(q.String(), "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") {
			t.Errorf("%q keeps its marks: %q", with, q)
		}
	}
}

// hostileTexts are what no agency writes, and which of hostileRules they satisfy.
var hostileTexts = map[string]struct {
	text func() string
	want []string
}{
	"10 MB of words": {func() string { return strings.Repeat("geneva talks ", 10<<20/13) },
		[]string{"geneva", "@geneva", "MIN/100 geneva", "geneva NEAR/5 talks", `"talks geneva"~5`, "ANY/2 (geneva, talks, meet)", "~talk"}},
	"10 MB of sentences": {func() string { return strings.Repeat("They will meet in Geneva again. ", 10<<20/32) },
		[]string{"geneva", "@geneva", "ANY/2 (geneva, talks, meet)", "geneva NEAR/p meet"}},
	"10 MB of Arabic":              {func() string { return strings.Repeat("بالضمانات الأمنية ", 10<<20/33) }, []string{"ضمانات PRE/3 أمنية"}},
	"10 MB of Han":                 {func() string { return strings.Repeat("日内瓦", 10<<20/9) }, []string{"@geneva", "日内瓦"}},
	"a word of 1 MB":               {func() string { return strings.Repeat("a", 1<<20) }, nil},
	"a word of 10 MB":              {func() string { return strings.Repeat("ن", 5<<20) }, nil},
	"a million newlines":           {func() string { return strings.Repeat("\n", 1_000_000) }, nil},
	"a million paragraphs":         {func() string { return strings.Repeat("a\n\n", 1_000_000) }, nil},
	"a million marks":              {func() string { return strings.Repeat("\u202e", 1_000_000) }, nil},
	"a million accents":            {func() string { return "e" + strings.Repeat("\u0301", 1_000_000) }, nil},
	"a million letters and marks":  {func() string { return strings.Repeat("u\u0308\u0301", 1_000_000) }, nil},
	"no UTF-8":                     {func() string { return strings.Repeat("\xff\xfe", 1_000_000) }, nil},
	"a quarter of a million words": {func() string { return distinct(250_000) }, nil},
}

var hostileRules = []string{"geneva", "@geneva", "MIN/100 geneva", "geneva NEAR/5 talks", `"talks geneva"~5`,
	"ANY/2 (geneva, talks, meet)", "geneva NEAR/p meet", "~talk", "nuclea* talks", "ضمانات PRE/3 أمنية", "日内瓦"}

func distinct(n int) string {
	var b strings.Builder
	for i := range uint64(n) {
		b.WriteString(spell(i * 7))
		b.WriteByte(' ')
	}
	return b.String()
}

// TestHostileArticles: an article of any size and shape is read and matched in bounded memory,
// found by the rules whose words stand in it, and shown with a few places.
func TestHostileArticles(t *testing.T) {
	names := pack(t)
	s := NewSet()
	for id, rule := range hostileRules {
		s.Add(int64(id), mustParse(t, rule, names))
	}
	for name, c := range hostileTexts {
		body := c.text()
		var found []string
		cost := allocated(func() {
			d := Analyse(Input{Title: body, Lead: body[:len(body)/2], Body: body}, names)
			s.Match(d, func(id int64, e Evidence) {
				found = append(found, hostileRules[id])
				if len(e) > 2*maxHits {
					t.Errorf("%s: %s has %d pieces of evidence", name, hostileRules[id], len(e))
				}
			})
		})
		for _, rule := range hostileRules {
			if have, want := slices.Contains(found, rule), slices.Contains(c.want, rule); have != want {
				t.Errorf("%s: %s: %v, want %v", name, rule, have, want)
			}
		}
		if cost > maxHostile {
			t.Errorf("%s: %d MB allocated", name, cost>>20)
		}
		runtime.GC()
	}
}

// maxHostile bounds what the largest article may allocate: three zones of a megabyte are read.
const maxHostile = 400 << 20

// TestEvidenceIsBounded: of a word without end only the first places are weighed, alone and in a set.
func TestEvidenceIsBounded(t *testing.T) {
	names := pack(t)
	text := strings.Repeat("geneva talks ", maxSpans) + "GENEVA talks"
	for rule, want := range map[string]int{"geneva": 1, "@geneva": 1, "geneva NEAR/p talks": 2, "@geneva NEAR/p talks": 2} {
		q, d := mustParse(t, rule, names), Analyse(Input{Body: text}, names)
		e, _ := q.Match(d)
		if len(e) != want {
			t.Errorf("%s: %v", rule, e)
		}
		s := NewSet()
		s.Add(1, q)
		s.Match(d, func(_ int64, e Evidence) {
			if len(e) != want {
				t.Errorf("%s in a set: %v", rule, e)
			}
		})
	}
}
