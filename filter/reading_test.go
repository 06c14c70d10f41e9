package filter

import (
	"strings"
	"testing"
)

// TestReadings: what a person is told that a rule finds, in one line or part by part.
func TestReadings(t *testing.T) {
	names := pack(t)
	for _, c := range []struct{ rule, want string }{
		{`*`, `every article`},
		{`geneva "security guarantees"`, `“geneva” and “security guarantees”`},
		{`=WHO ~negotiate nuclear* ="Blue House"`, `“WHO” in capitals and words like “negotiate” and words that begin with “nuclear” and exactly “Blue House”`},
		{`title:(geneva talks)`, `(“geneva” and “talks”) in the title`},
		{`title:geneva talks`, `“geneva” in the title and “talks”`},
		{`dateline:@switzerland>`, `(@switzerland or a part of it) in the dateline`},
		{`sanctions PRE/3 (relief OR lifting)`, `“sanctions” at most 3 words before (“relief” or “lifting”)`},
		{`ضمانات NEAR/s أمنية`, "“\u2068ضمانات\u2069” in the same sentence as “\u2068أمنية\u2069”"},
		{`title:(a1 NEAR/3 b1)`, `(“a1” within 3 words of “b1”) in the title`},
		{`MIN/3 @ukraine lang:ar,fa -source:sana,reut*`, `@ukraine at least 3 times and an article in Arabic or Persian and not a source called “sana” or “reut…”`},
		{`"talks relief"~4 url:/world/`, `the words “talks relief” with at most 4 others between them and an address with /world/`},
		{`@geneva talks OR @vienna -sport`, "any of:\n all of:\n  @geneva\n  “talks”\n all of:\n  @vienna\n  not “sport”"},
		{`talks -(title:sport OR title:football)`, "all of:\n “talks”\n not any of, in the title:\n  “sport”\n  “football”"},
		{`ANY/2 (@russia, @usa, @nato) (summit | talks)`, "all of:\n at least 2 of:\n  @russia\n  @usa\n  @nato\n any of:\n  “summit”\n  “talks”"},
	} {
		e := mustParse(t, c.rule, names).Explain()
		have := e.Reading
		if e.Outline != nil {
			var lines []string
			for _, l := range e.Outline {
				lines = append(lines, strings.Repeat(" ", l.Depth)+l.Text)
			}
			have = strings.Join(lines, "\n")
		}
		if have != c.want {
			t.Errorf("%s\nhave %s\nwant %s", c.rule, have, c.want)
		}
	}
}

func TestExplainTerms(t *testing.T) {
	e := mustParse(t, `@geneva title:ضمانات -sport`, pack(t)).Explain()
	if len(e.Terms) != 3 || len(e.Terms[0].Zones) != 4 || e.Terms[1].Zones[0] != "title" || !strings.Contains(e.Terms[1].Note, "ال") || !e.Terms[2].Excluded || e.Terms[0].Excluded {
		t.Errorf("%+v", e.Terms)
	}
	if len(e.Entities) != 1 || e.Entities[0].Names["ar"][0] != "جنيف" {
		t.Errorf("%+v", e.Entities)
	}
}
