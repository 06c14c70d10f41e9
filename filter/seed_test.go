package filter

import "testing"

// proof is the table of rules that the SANA article of the Geneva talks, and the
// teaser in its related block, must and must not match.
var proof = []struct {
	rule            string
	article, teaser bool
}{
	{`@geneva AND @"security guarantees"`, true, false},
	{`@geneva`, true, true},
	{`title:@geneva AND title:@"security guarantees"`, true, false},
	{`dateline:@geneva`, true, false},
	{`@syria`, false, true},
	{`"الحصار الجائر"`, false, true},
	{`@nato AND "ضمانات حقوقية"`, true, false},
	{`@geneva AND NOT @"security guarantees"`, false, true},
	{`title:="ضمانات أمنية"`, false, false},
	{`title:"ضمانات أمنية"`, true, false},
	{`"سيرغي ريابكوف" AND "ويندي شيرمان"`, true, false},
	{`روسيا AND لبنان`, false, false},
}

func checkProof(t *testing.T, article, teaser Input) {
	names := pack(t)
	a, b := Analyse(article, names), Analyse(teaser, names)
	for _, c := range proof {
		q := mustParse(t, c.rule, names)
		if e, ok := q.Match(a); ok != c.article {
			t.Errorf("%s: article = %v, want %v (%v)", c.rule, ok, c.article, e)
		}
		if e, ok := q.Match(b); ok != c.teaser {
			t.Errorf("%s: teaser = %v, want %v (%v)", c.rule, ok, c.teaser, e)
		}
	}
	counts := []struct {
		slug string
		n    int
	}{{"geneva", 5}, {"security-guarantees", 6}, {"nato", 10}, {"syria", 0}}
	for _, c := range counts {
		if n := len(a.mentionsOf(c.slug)); n != c.n {
			t.Errorf("@%s is mentioned %d times, want %d", c.slug, n, c.n)
		}
	}
}

func TestSeed(t *testing.T) {
	article, teaser := seed(t)
	checkProof(t, article, teaser)
	d := Analyse(article, pack(t)) // names the guarantees six times and NATO ten times, each once in a pull quote
	for rule, want := range map[string]bool{
		`MIN/5 @"security guarantees"`: true, `MIN/6 @"security guarantees"`: false, `MIN/9 @nato`: true, `MIN/10 @nato`: false,
	} {
		if _, ok := mustParse(t, rule, pack(t)).Match(d); ok != want {
			t.Errorf("%s: %v", rule, ok)
		}
	}
}

func TestSeedStarterPack(t *testing.T) {
	names := starter(t)
	article, teaser := seed(t)
	q := mustParse(t, "@geneva AND @security-guarantees", names)
	e, ok := q.Match(Analyse(article, names))
	if !ok || len(e) < 2 || e[0] != (Hit{"@geneva", "جنيف", "title"}) {
		t.Errorf("article: %v %v", ok, e)
	}
	if e, ok := q.Match(Analyse(teaser, names)); ok {
		t.Errorf("teaser matches: %v", e)
	}
}
