package filter

import (
	"strings"
	"testing"
)

// TestBreadth: which rules are broad, and which term is to blame.
func TestBreadth(t *testing.T) {
	names := starter(t)
	for _, c := range []struct{ rule, blame string }{
		{`the`, "the"},
		{`The`, "The"},
		{`في`, "في"},
		{`على`, "على"},
		{`الحكومة`, "الحكومة"},
		{`حكومة`, "حكومة"},
		{`и`, "и"},
		{`правительства`, "правительства"},
		{`的`, "的"},
		{`government`, "government"},
		{`"of the"`, `"of the"`},
		{`"to be"~3`, `"to be"~3`},
		{`the AND of`, "the"},
		{`the -geneva`, "the"},
		{`the NEAR/5 of`, "the"},
		{`title:the`, "title:the"},
		{`MIN/2 the`, "the"},
		{`geneva OR the`, "the"},
		{`ANY/1 (the, geneva)`, "the"},
		{`ANY/2 (the, of, geneva)`, "the"},
		{`lang:ar`, "lang:ar"},
		{`lang:ar -sport`, "lang:ar"},
		{`country:SY`, "country:SY"},
		{`source:reut*`, "source:reut*"},
		{`url:/world/`, "url:/world/"},
		{`@usa`, "@usa"},
		{`*`, "*"},
		{`war OR minister OR election OR army OR oil`, "minister"},

		{`geneva`, ""},
		{`جنيف`, ""},
		{`علي`, ""}, // a name, not على
		{`@geneva`, ""},
		{`the AND geneva`, ""},
		{`lang:ar AND @geneva`, ""},
		{`@usa AND @syria`, ""},
		{`=WHO`, ""}, // not who
		{`who`, "who"},
		{`"the hague"`, ""},
		{`"security guarantees"`, ""},
		{`北约`, ""},
		{`安全保障`, ""},
		{`เจนีวา`, ""},
		{`source:sana`, ""},
		{`category:politics`, ""},
		{`author:"Reuters Staff"`, ""},
		{`title:government`, ""},
		{`ANY/2 (the, geneva, vienna)`, ""},
		{`nuclear* AND iran`, ""},
		{strings.Repeat("zürich OR ", 99) + "genève", ""},
	} {
		b := mustParse(t, c.rule, names).Breadth()
		if b.Share < 0 || b.Share > 1 || b.Term > b.Share {
			t.Errorf("%s: %+v", c.rule, b)
		}
		if (b.Share > BroadShare) != (c.blame != "") || (c.blame != "" && b.Blame != c.blame) {
			t.Errorf("%.40s: %.4f for %s, want %q", c.rule, b.Share, b.Blame, c.blame)
		}
	}
}

// TestBroadRefusal: the error quotes the word to blame at its place, and says what to do.
func TestBroadRefusal(t *testing.T) {
	for _, c := range []struct {
		rule, code, fragment string
		column               int
	}{
		{`bathe OR the`, "broad-word", "the", 10},
		{`جنيف OR في`, "broad-word", "في", 9},
		{`"of  the"`, "broad-word", `"of  the"`, 1},
		{`lang:ar -sport`, "broad-value", "lang:ar", 1},
		{`لغة:عربي`, "broad-value", "لغة:عربي", 1},
		{`vote OR gas OR tax OR prison`, "broad-sum", "vote", 1},
	} {
		b := mustParse(t, c.rule, nil).Breadth()
		e := b.Refusal(c.rule)
		if e.Code != c.code || e.Column != c.column || e.Fragment != c.fragment {
			t.Errorf("%s: %s at %d «%s», want %s at %d «%s»", c.rule, e.Code, e.Column, e.Fragment, c.code, c.column, c.fragment)
		}
		if strings.ContainsAny(e.Msg+e.Hint, "{}") || e.Hint == "" || !strings.Contains(e.Msg, b.Blame) {
			t.Errorf("%s: %v", c.rule, e)
		}
		if w := b.Warning(); w.Code != c.code || !strings.Contains(w.Msg, e.Msg) || !strings.Contains(w.Msg, e.Hint) {
			t.Errorf("%s warns %+v", c.rule, w)
		}
	}
}

func TestAdmission(t *testing.T) {
	broad, narrow := mustParse(t, "government", nil), mustParse(t, "geneva", nil)
	if w, err := (Admission{}).Admit(narrow, "geneva"); w != nil || err != nil {
		t.Errorf("geneva: %v %v", w, err)
	}
	if w, err := (Admission{}).Admit(broad, "government"); w == nil || w.Args["term"] != "government" || err != nil {
		t.Errorf("government: %v %v", w, err)
	}
	w, err := Admission{Refuse: true}.Admit(broad, "government")
	if e, ok := err.(*SyntaxError); w != nil || !ok || e.Code != "broad-word" {
		t.Errorf("government is not refused: %v %v", w, err)
	}
	if w, err := (Admission{Refuse: true, Share: 0.5}).Admit(broad, "government"); w != nil || err != nil {
		t.Errorf("government under a limit of one half: %v %v", w, err)
	}
}

func BenchmarkBreadth(b *testing.B) {
	q := mustParse(b, `@geneva AND (ضمانات OR "security guarantees") -source:reuters`, starter(b))
	b.ReportAllocs()
	for b.Loop() {
		q.Breadth()
	}
}
