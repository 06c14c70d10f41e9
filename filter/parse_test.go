package filter

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// canonical lists rules with the form they are read as.
var canonical = []struct{ in, want string }{
	{`geneva`, `geneva`},
	{`  Geneva  talks `, `Geneva AND talks`},
	{`a AND b OR c`, `(a AND b) OR c`},
	{`a OR b AND c`, `a OR (b AND c)`},
	{`a b | c`, `(a AND b) OR c`},
	{`(a OR b) c`, `(a OR b) AND c`},
	{`((a))`, `a`},
	{`a & b && c || d`, `(a AND b AND c) OR d`},
	{`a NOT b`, `a AND NOT b`},
	{`a AND NOT (b OR c)`, `a AND NOT (b OR c)`},
	{`a -b !c`, `a AND NOT b AND NOT c`},
	{`a −b`, `a AND NOT b`},
	{`a —b`, `a AND NOT b`},
	{`a NOT NOT b`, `a AND b`},
	{`+geneva +talks`, `geneva AND talks`},
	{`“security guarantees”`, `"security guarantees"`},
	{`„Genfer Gespräche“`, `"Genfer Gespräche"`},
	{`«гарантии безопасности»`, `"гарантии безопасности"`},
	{`「安全保障」`, `安全保障`},
	{`＂安全 保障＂`, `"安全 保障"`},
	{`'security guarantees' AND x1`, `"security guarantees" AND x1`},
	{`O'Neill`, `O'Neill`},
	{`"Geneva"`, `Geneva`},
	{`"AND"`, `"AND"`},
	{`"a  ,  b!"`, `"a b"`},
	{`COVID-19 AT&T`, `COVID-19 AND AT&T`},
	{`#ضمانات_أمنية`, `ضمانات_أمنية`},
	{`=WHO`, `=WHO`},
	{`=“Blue House”`, `="Blue House"`},
	{`~negotiate`, `~negotiate`},
	{`~"peace talks"`, `~"peace talks"`},
	{`nuclear* AND iran`, `nuclear* AND iran`},
	{`"minister of * affairs"`, `"minister of * affairs"`},
	{`"talks geneva"~5`, `"talks geneva"~5`},
	{`"talks geneva"~٥`, `"talks geneva"~5`},
	{`a1 NEAR b1`, `a1 NEAR/5 b1`},
	{`a1 NEAR/٧ b1`, `a1 NEAR/7 b1`},
	{`a1 NEAR/۷ b1`, `a1 NEAR/7 b1`},
	{`a1 W/3 b1 ONEAR/4 c1`, `a1 NEAR/3 b1 PRE/4 c1`},
	{`a1 NEAR/3 (b1 NEAR/4 c1)`, `a1 NEAR/3 (b1 NEAR/4 c1)`},
	{`a1 NEAR/s b1 OR c1 PRE/p d1`, `a1 NEAR/s b1 OR c1 PRE/p d1`},
	{`a1 NEAR/5 (b1 | c1)`, `a1 NEAR/5 (b1 OR c1)`},
	{`MIN/3 @ukraine`, `MIN/3 @ukraine`},
	{`MIN/3 (a1 OR b1)`, `MIN/3 (a1 OR b1)`},
	{`ANY/2 (@russia، @usa, @nato OR @ukraine)`, `ANY/2 (@russia, @usa, @nato, @ukraine)`},
	{`ANY/1(lang:ar,fa, b1)`, `ANY/1 (lang:ar,fa, b1)`},
	{`title:geneva`, `title:geneva`},
	{`Title: geneva`, `title:geneva`},
	{`title：geneva`, `title:geneva`},
	{`عنوان:جنيف`, `title:جنيف`},
	{`لغة:عربي مصدر:سانا`, `lang:ar AND source:سانا`},
	{`title:(a1 OR b1) c1`, `(title:a1 OR title:b1) AND c1`},
	{`title:(a1 NEAR/3 b1)`, `title:a1 NEAR/3 title:b1`},
	{`title:-a1 b1`, `NOT title:a1 AND b1`},
	{`any:geneva`, `geneva`},
	{`lang:ar,fa`, `lang:ar,fa`},
	{`lang:ar، fa`, `lang:ar,fa`},
	{`lang:(ar OR fa)`, `lang:ar OR lang:fa`},
	{`lang:iw,nb,per,fas,en-GB,zh_TW,EN`, `lang:he,no,fa,fa,en,zh,en`},
	{`country:sy,uk`, `country:SY,GB`},
	{`url:/world/`, `url:/world/`},
	{`url:https://sana.sy/?p=1 a1`, `url:https://sana.sy/?p=1 AND a1`},
	{`author:"Reuters Staff"`, `author:"Reuters Staff"`},
	{`author:"Reuters Sta*"`, `author:"Reuters Sta*"`}, {`source:"al jaz *",san*`, `source:"al jaz*",san*`},
	{`source:reut*`, `source:reut*`},
	{`@"security guarantees"`, `@security-guarantees`},
	{`@Security_Guarantees`, `@security-guarantees`},
	{`@«security guarantees»`, `@security-guarantees`},
	{`@جنيف`, `@geneva`},
	{`@switzerland>`, `@switzerland>`},
	{"\u202bجنيف\u202c\u200f", `جنيف`},
	{`（日内瓦 OR 维也纳）`, `日内瓦 OR 维也纳`},
	{`ארה"ב`, `ארה"ב`},
	{`"דובר צה"ל"`, `"דובר צה"ל"`},
	{`U.N.`, `U.N`},
	{`*`, `*`},
	{`12:30`, `12:30`},
}

func TestParseCanonical(t *testing.T) {
	names := pack(t)
	for _, c := range canonical {
		q, err := Parse(c.in, names)
		if err != nil {
			t.Errorf("Parse(%s): %v", c.in, err)
			continue
		}
		if q.String() != c.want {
			t.Errorf("Parse(%s)\nhave %s\nwant %s", c.in, q, c.want)
			continue
		}
		if again, err := Parse(q.String(), names); err != nil || again.String() != q.String() {
			t.Errorf("Parse(%s) again: %v, %v", q, again, err)
		}
	}
}

// refused lists rules that are errors: the code, the column in runes and the fragment.
var refused = []struct {
	in, code string
	column   int
	fragment string
}{
	{``, "empty-query", 1, ""},
	{`   `, "empty-query", 4, ""},
	{`(@geneva AND "security guarantees`, "unclosed-quote", 14, `"security guarantees`},
	{`("جنيف" AND «ضمانات`, "unclosed-quote", 13, `«ضمانات`},
	{`foo:bar`, "unknown-field", 1, `foo:`},
	{`titel:bar`, "unknown-field", 1, `titel:`},
	{`جنيف AND عنوين:x`, "unknown-field", 10, `عنوين:`},
	{`a NEAR/5 (b AND c)`, "near-operand", 3, `NEAR/5`},
	{`a NEAR/5 lang:ar`, "near-operand", 3, `NEAR/5`},
	{`a NEAR/5 -b`, "near-operand", 3, `NEAR/5`},
	{`NOT @geneva`, "only-excludes", 1, `NOT @geneva`},
	{`-a -b`, "only-excludes", 1, `-a -b`},
	{`a OR NOT b`, "open-alternative", 1, `a OR NOT b`},
	{`ANY/1 (a, NOT b)`, "open-alternative", 1, `ANY/1 (a, NOT b)`},
	{`(a OR b`, "unclosed-parenthesis", 1, `(a OR b`},
	{`(`, "unclosed-parenthesis", 1, `(`},
	{`a)`, "unopened-parenthesis", 2, `)`},
	{`)`, "unopened-parenthesis", 1, `)`},
	{`a AND ()`, "empty-group", 7, `()`},
	{`a AND ""`, "empty-quote", 7, `""`},
	{`a AND "!?"`, "empty-quote", 7, `"!?"`},
	{`a AND`, "missing-right", 3, `AND`},
	{`a AND OR b`, "missing-right", 3, `AND`},
	{`OR b`, "missing-left", 1, `OR`},
	{`NEAR/3 b`, "missing-left", 1, `NEAR/3`},
	{`a NOT`, "missing-right", 3, `NOT`},
	{`a - b`, "stray-sign", 3, `-`},
	{`geneva, talks`, "stray-comma", 7, `,`},
	{`(geneva، talks)`, "stray-comma", 8, `،`},
	{`a …`, "no-word", 3, `…`},
	{`nu* AND iran`, "short-wildcard", 1, `nu*`},
	{`nuclear*`, "wildcard-alone", 1, `nuclear*`},
	{`iran OR nuclear*`, "wildcard-alone", 9, `nuclear*`},
	{`nu*lear`, "wildcard-place", 1, `nu*lear`},
	{`*lear`, "wildcard-place", 1, `*lear`},
	{`organi?ation`, "wildcard-place", 1, `organi?ation`},
	{`"secur* guarantees"`, "wildcard-place", 1, `"secur* guarantees"`},
	{`"* affairs"`, "free-edge", 1, `"* affairs"`},
	{`a *`, "star-alone", 3, `*`},
	{`geneva~2`, "tilde-place", 1, `geneva~2`},
	{`"a b"~0`, "bad-slop", 1, `"a b"~0`},
	{`"a b"~x`, "bad-slop", 1, `"a b"~x`},
	{`a NEAR/0 b`, "bad-distance", 3, `NEAR/0`},
	{`a NEAR/51 b`, "bad-distance", 3, `NEAR/51`},
	{`a NEAR/x b`, "bad-distance", 3, `NEAR/x`},
	{`a PRE/99999999999999999999 b`, "bad-distance", 3, `PRE/99999999999999999999`},
	{`MIN/0 a`, "bad-count", 1, `MIN/0`},
	{`MIN/s a`, "bad-count", 1, `MIN/s`},
	{`MIN/3 (a AND b)`, "min-operand", 1, `MIN/3`},
	{`ANY/3 (a, b)`, "any-count", 1, `ANY/3`},
	{`ANY/2 a b`, "any-items", 1, `ANY/2`},
	{`ANY/2 (a, b`, "unclosed-parenthesis", 7, `(`},
	{`ANY/2 (a AND b, c)`, "any-items", 10, `AND`},
	{`a near/5 b`, "lowercase-sign", 3, `near/5`},
	{`a NEAR 5 b`, "operator-form", 3, `NEAR 5`},
	{`@nowhere`, "unknown-entity", 1, `@nowhere`},
	{`@genva`, "unknown-entity", 1, `@genva`},
	{`@`, "missing-term", 1, `@`},
	{`a AND @ b`, "missing-term", 7, `@`},
	{`= a`, "missing-term", 1, `=`},
	{`=@geneva`, "missing-term", 1, `=`},
	{`~(a b)`, "missing-term", 1, `~`},
	{`title:`, "missing-term", 1, `title:`},
	{`title:(lang:ar)`, "nested-field", 8, `lang:`},
	{`source:@geneva`, "field-operand", 8, `@geneva`},
	{`source:=sana`, "field-operand", 9, `sana`},
	{`lang:klingonish`, "bad-language", 6, `klingonish`},
	{`lang:xyz`, "bad-language", 6, `xyz`},
	{`lang:(ar OR cn)`, "bad-language", 13, `cn`},
	{`lang:und`, "bad-language", 6, `und`},
	{`country:QQ`, "bad-country", 9, `QQ`},
	{`country:Syria`, "bad-country", 9, `Syria`},
	{`@Georgia's`, "unknown-entity", 1, `@Georgia's`},
	{"a \xff", "invalid-utf8", 3, ""},
	{strings.Repeat("(", 10000), "too-deep", 31, "("},
	{strings.Repeat("NOT ", 40) + "a", "too-deep", 121, "NOT"},
	{strings.Repeat("aa ", 201), "too-many-terms", 601, "aa"},
	{strings.Repeat("abcd* ", 11) + "x1", "too-many-wildcards", 61, "abcd*"},
	{strings.Repeat("a", MaxQuery+1), "too-long", 1, ""},
}

func TestParseRefuses(t *testing.T) {
	names := pack(t)
	for _, c := range refused {
		q, err := Parse(c.in, names)
		e, ok := err.(*SyntaxError)
		if !ok {
			t.Errorf("Parse(%.40s) = %v, %v; want %s", c.in, q, err, c.code)
			continue
		}
		if e.Code != c.code || e.Column != c.column || e.Fragment != c.fragment {
			t.Errorf("Parse(%.40s): %s at %d «%s»; want %s at %d «%s»", c.in, e.Code, e.Column, e.Fragment, c.code, c.column, c.fragment)
		}
		if e.Msg == "" || strings.ContainsAny(e.Msg+e.Hint, "{}") {
			t.Errorf("Parse(%.40s): message %q, hint %q", c.in, e.Msg, e.Hint)
		}
	}
}

// TestErrorsSuggest checks the hints that name what was probably meant.
func TestErrorsSuggest(t *testing.T) {
	names := pack(t)
	for in, want := range map[string]string{
		`titel:x1`:                "title:",
		`lang:ua`:                 "lang:uk",
		`lang:cn`:                 "lang:zh",
		`lang:arabik`:             "lang:ar",
		`@genva`:                  "@geneva",
		`@guarantees`:             "@security-guarantees",
		`@security_garantees`:     "@security-guarantees",
		`NOT @geneva`:             "add what to look for",
		`a NEAR/5 (b AND c)`:      "AND group",
		`@"no such thing at all"`: "in quotes",
	} {
		_, err := Parse(in, names)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Parse(%s): %v; want it to say %s", in, err, want)
		}
	}
	if _, err := Parse("@geneva", nil); err == nil || err.(*SyntaxError).Code != "no-entities" {
		t.Errorf("without a gazetteer: %v", err)
	}
}

func TestErrorCodesAreComplete(t *testing.T) {
	tried := map[string]bool{"no-entities": true, "ambiguous-entity": true, "broad-word": true, "broad-value": true, "broad-sum": true} // see TestBroadRefusal
	for _, c := range refused {
		tried[c.code] = true
	}
	for code := range problems {
		if !tried[code] {
			t.Errorf("no test refuses a rule with %s", code)
		}
	}
}

func TestWarnings(t *testing.T) {
	names := pack(t)
	for in, want := range map[string]string{
		`a1 AND b1 OR c1`:    "mixed-operators",
		`a1 b1 OR c1`:        "mixed-operators",
		`(a1 AND b1) OR c1`:  "",
		`(a1 b1 | c1) d1`:    "mixed-operators",
		`geneva and talks`:   "lowercase-operator",
		`Geneva Or Vienna`:   "lowercase-operator",
		`"bread and butter"`: "",
		`جنيف أو فيينا`:      "lowercase-operator",
		`جنيف و فيينا`:       "lowercase-operator",
		`Женева ИЛИ Вена`:    "lowercase-operator",
		`日内瓦 或 北约`:           "lowercase-operator",
		`ארה"ב או רוסיה`:     "lowercase-operator",
		`"جنيف أو فيينا"`:    "",
		`source:bbc | cnn`:   "value-ends",
		`lang:ar OR fa`:      "value-ends",
		`lang:ar OR lang:fa`: "",
		`lang:(ar OR fa)`:    "",
		`lang:ar OR @geneva`: "",
	} {
		q := mustParse(t, in, names)
		have := ""
		if w := q.Warnings(); len(w) > 0 {
			have = w[0].Code
		}
		if have != want {
			t.Errorf("Parse(%s) warns %q, want %q", in, have, want)
		}
	}
	w := mustParse(t, `a1 AND b1 OR c1`, nil).Warnings()[0]
	if !strings.Contains(w.Msg, "(a1 AND b1) OR c1") || w.Args["reading"] != "(a1 AND b1) OR c1" {
		t.Errorf("the warning does not say the reading: %+v", w)
	}
}

// genQuery draws the text of a valid rule.
func genQuery(depth int) *rapid.Generator[string] {
	leaf := rapid.SampledFrom([]string{"geneva", "جنيف", "ضمانات", "日内瓦", `"security guarantees"`, "«гарантии безопасности»", "@geneva", "@nato", "=WHO",
		"~talks", "title:iran", "lead:@geneva", "lang:ar,fa", "source:sana", "COVID-19", `"a * b"`, `"talks iran"~4`, "url:/x/", "AT&T", "@switzerland>",
		"category:politics,sport", `author:"reuters staff"`, "source:san*", `category:"world politics"`, `author:"reuters sta*"`})
	place := rapid.SampledFrom([]string{"geneva", "جنيف", "@nato", `"security guarantees"`, "(a1 | b1)", "title:iran", "(x1 NEAR/2 y1)"})
	return rapid.Custom(func(t *rapid.T) string {
		if depth == 0 {
			return leaf.Draw(t, "leaf")
		}
		sub := genQuery(depth - 1)
		a, b := sub.Draw(t, "a"), sub.Draw(t, "b")
		switch rapid.IntRange(0, 8).Draw(t, "kind") {
		case 0:
			return a + " AND " + b
		case 1:
			return "(" + a + ") OR (" + b + ")"
		case 2:
			return a + " -(" + b + ")"
		case 3:
			return "(" + a + " " + b + ")"
		case 4:
			return place.Draw(t, "l") + " NEAR/3 " + place.Draw(t, "r")
		case 5:
			return "MIN/2 " + place.Draw(t, "p")
		case 6:
			return "ANY/2 (" + place.Draw(t, "p") + ", (" + a + "), (" + b + "))"
		case 7:
			return a + " | " + b
		}
		return leaf.Draw(t, "leaf")
	})
}

// TestRoundTrip: parsing the canonical form gives the same tree, down to the patterns.
func TestRoundTrip(t *testing.T) {
	names := pack(t)
	rapid.Check(t, func(t *rapid.T) {
		src := genQuery(3).Draw(t, "query")
		q, err := Parse(src, names)
		if err != nil {
			if code := err.(*SyntaxError).Code; code == "open-alternative" || code == "only-excludes" || code == "too-deep" || code == "any-count" {
				t.Skip(code)
			}
			t.Fatalf("Parse(%s): %v", src, err)
		}
		again, err := Parse(q.String(), names)
		if err != nil {
			t.Fatalf("Parse(%s) of %s: %v", q, src, err)
		}
		if diff := treeDiff(q.root, again.root); diff != "" {
			t.Fatalf("%s\nprints %s\n%s", src, q, diff)
		}
	})
}

func FuzzParse(f *testing.F) {
	names := pack(f)
	for _, c := range canonical {
		f.Add(c.in)
	}
	for _, c := range refused {
		if len(c.in) < 500 {
			f.Add(c.in)
		}
	}
	doc := Analyse(Input{Title: "Talks in Geneva", Body: "NATO and Russia talk about security guarantees. محادثات في جنيف"}, names)
	f.Fuzz(func(t *testing.T, src string) {
		q, err := Parse(src, names)
		if err != nil {
			e := err.(*SyntaxError)
			if e.Offset < 0 || e.End < e.Offset || e.End > len(src) || e.Column < 1 || e.Msg == "" {
				t.Fatalf("%q: bad error %+v", src, e)
			}
			return
		}
		again, err := Parse(q.String(), names)
		if err != nil {
			t.Fatalf("%q prints %q: %v", src, q, err)
		}
		if diff := treeDiff(q.root, again.root); diff != "" {
			t.Fatalf("%q prints %q\n%s", src, q, diff)
		}
		q.Match(doc)
		q.Explain()
	})
}
