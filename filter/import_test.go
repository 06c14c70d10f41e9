package filter

import (
	"strings"
	"testing"
)

// imported are queries of other services with what they mean here, and a word of each note.
var imported = []struct{ from, in, want, notes string }{
	{"meltwater", `Geneva`, `Geneva`, ``},
	{"meltwater", `"security guarantees" AND (Geneva OR Vienna)`, `"security guarantees" AND (Geneva OR Vienna)`, ``},
	{"meltwater", `a1 AND b1 OR c1 NOT d1`, `(a1 AND b1) OR (c1 AND NOT d1)`, ``},
	{"meltwater", `a1 or b1 and c1`, `a1 OR (b1 AND c1)`, ``},
	{"meltwater", `NOT a1 AND b1`, `NOT a1 AND b1`, ``},
	{"meltwater", `apple NEAR watch`, `apple NEAR/5 watch`, ``},
	{"meltwater", `apple near/10 watch`, `apple NEAR/11 watch`, ``},
	{"meltwater", `apple ONEAR watch`, `apple PRE/5 watch`, ``},
	{"meltwater", `apple ONEAR/3 (watch OR phone)`, `apple PRE/4 (watch OR phone)`, ``},
	{"meltwater", `a1 NEAR/2 b1 NEAR/3 c1`, `a1 NEAR/3 b1 NEAR/4 c1`, ``},
	{"meltwater", `President NEAR/100 Trump`, `President AND Trump`, `AND, the rule finds more`},
	{"meltwater", `a1 NOT (b1 NEAR/100 c1)`, `a1 AND NOT (b1 NEAR/50 c1)`, `50 words`},
	{"meltwater", `title:Geneva AND ingress:(talks OR "peace deal")`, `title:Geneva AND (lead:talks OR lead:"peace deal")`, ``},
	{"meltwater", `title:"a1 b1" NEAR/3 c1`, `title:"a1 b1" NEAR/4 c1`, ``},
	{"meltwater", `shop* AND center`, `shop* AND center`, ``},
	{"meltwater", `"apple orchard*" AND juice`, `apple PRE/1 orchard* AND juice`, ``},
	{"meltwater", `(apple OR pear)^9 AND juice^2`, `(apple OR pear) AND juice`, `weights; weights`},
	{"meltwater", `peace talks`, `peace AND talks`, `no operator`},
	{"meltwater", `apple AND colou?r`, ``, `refused 11`},
	{"meltwater", `apple AND mainTag:fruit`, `apple`, `no such field`},
	{"meltwater", `apple OR hashtag:fruit`, `apple`, `finds less`},
	{"meltwater", `apple NOT hashtag:fruit`, `apple`, `finds more`},
	{"meltwater", `hashtag:fruit`, ``, `refused 1`},
	{"meltwater", `(a1 AND b1) NEAR/3 c1`, `a1 NEAR/4 c1 AND b1 NEAR/4 c1`, `spread`},
	{"meltwater", `url:https://sana.sy/a AND Geneva`, `url:https://sana.sy/a AND Geneva`, ``},
	{"meltwater", `جنيف AND ("ضمانات أمنية" OR "ضمانات حقوقية")`, `جنيف AND ("ضمانات أمنية" OR "ضمانات حقوقية")`, ``},
	{"meltwater", `“Blue House” AND Seoul`, `"Blue House" AND Seoul`, ``},
	{"meltwater", `"peace talks"~5 AND Geneva`, `"peace talks"~5 AND Geneva`, ``},
	{"meltwater", `"peace talks"~5 NEAR/3 Geneva`, `"peace talks"~5 NEAR/4 Geneva`, ``},
	{"meltwater", `title:"peace talks"~5`, `title:"peace talks"~5`, ``},
	{"meltwater", `"talks"~5`, `talks`, ``},
	{"meltwater", `"peace talk*"~5`, `peace PRE/1 talk*`, `finds less`},
	{"meltwater", `"peace talks"~99`, ``, `refused 1`},
	{"meltwater", `bank -river -"river bank" -(shore OR coast)`, `bank AND NOT river AND NOT "river bank" AND NOT (shore OR coast)`, ``},
	{"meltwater", `bank AND -"river bank"`, `bank AND NOT "river bank"`, ``},
	{"meltwater", `covid-19 AND co-operation`, `covid-19 AND co-operation`, ``},
	{"meltwater", `metaData.source.countryCode:"us" AND oil`, `oil`, `no such field`},
	{"meltwater", `oil NOT -gas`, `oil AND gas`, ``},
	{"factiva", `oil -gas`, ``, `refused 5`},
	{"lexis", `oil -"natural gas"`, ``, `refused 5`},
	{"meltwater", `A&T AND @handle`, `A&T AND handle`, ``},

	{"factiva", `bill clinton`, `"bill clinton"`, ``},
	{"factiva", `bill clinton or gore and george bush`, `"bill clinton" OR (gore AND "george bush")`, ``},
	{"factiva", `a1 or b1 and c1 not d1`, `a1 OR (b1 AND c1 AND NOT d1)`, ``},
	{"factiva", `a1 AND NOT b1`, `a1 AND NOT b1`, ``},
	{"factiva", `world cup adj5 rugby`, `"world cup" PRE/5 rugby`, ``},
	{"factiva", `president w/2 bush`, `president PRE/2 bush`, ``},
	{"factiva", `a1 adj b1`, `a1 PRE/1 b1`, ``},
	{"factiva", `carrefour near5 retail sales`, `carrefour NEAR/5 "retail sales"`, ``},
	{"factiva", `boeing 747/N30/british airways`, `"boeing 747" NEAR/30 "british airways"`, ``},
	{"factiva", `vodafone same telecommunications`, `vodafone NEAR/p telecommunications`, ``},
	{"factiva", `a1 near200 b1`, `a1 AND b1`, `finds more`},
	{"factiva", `atleast5 microsoft`, `MIN/5 microsoft`, ``},
	{"factiva", `atleast3 peace talks and geneva`, `MIN/3 "peace talks" AND geneva`, ``},
	{"factiva", `hd=europe`, `title:europe`, ``},
	{"factiva", `hd=(europe or asia) and la=en`, `(title:europe OR title:asia) AND lang:en`, ``},
	{"factiva", `hd=security guarantees and geneva`, `title:"security guarantees" AND geneva`, ``},
	{"factiva", `hd=oil near3 gas and opec`, `title:oil NEAR/3 title:gas AND opec`, ``},
	{"factiva", `hlp=geneva`, `title:geneva OR lead:geneva`, ``},
	{"factiva", `hlp=(geneva near3 talks)`, `title:geneva NEAR/3 title:talks OR lead:geneva NEAR/3 lead:talks`, ``},
	{"factiva", `by=(smith or jones) and oil`, `(author:smith OR author:jones) AND oil`, ``},
	{"factiva", `oil and rst=TDJW`, `oil`, `rst=TDJW`},
	{"factiva", `oil and wc>500`, `oil`, `wc>500`},
	{"factiva", `oil and wc > 500 and gas`, `oil AND gas`, `wc > 500`},
	{"factiva", `oil and date after 20240101`, `oil`, `date after 20240101`},
	{"factiva", `oil date from 20240101 to 20241231`, `oil`, `20241231`},
	{"factiva", `oil date -7`, `oil`, `date -7`},
	{"factiva", `closing date and bids`, `"closing date" AND bids`, ``},
	{"factiva", `toyota/F50/ and recall`, `toyota AND recall`, `first words`},
	{"factiva", `engineer$3 and boeing`, `engineer* AND boeing`, `any ending`},
	{"factiva", `communicat* and (cellphone or phone)`, `communicat* AND (cellphone OR phone)`, ``},
	{"factiva", `oil and wom?n`, ``, `refused 9`},
	{"factiva", `president % clinton`, `"president * clinton"`, ``},
	{"factiva", `"peas and carrots"`, `"peas and carrots"`, ``},
	{"factiva", `bill clinton's 'economic plan'`, `"bill clinton's economic plan"`, ``},
	{"factiva", `[oil or gas] and opec`, `(oil OR gas) AND opec`, ``},
	{"factiva", `(sales or profit) growth`, `(sales OR profit) PRE/1 growth`, ``},
	{"factiva", `merg* talks and bank`, `merg* PRE/1 talks AND bank`, ``},

	{"lexis", `land trust AND Ohio`, `"land trust" AND Ohio`, ``},
	{"lexis", `a1 AND b1 OR c1`, `a1 AND (b1 OR c1)`, ``},
	{"lexis", `doctor w/5 malpractice or negligence`, `doctor NEAR/5 (malpractice OR negligence)`, ``},
	{"lexis", `southwest pre/2 air or airline`, `southwest PRE/2 (air OR airline)`, ``},
	{"lexis", `a1 w/10 b1 w/3 c1`, `a1 NEAR/10 (b1 NEAR/3 c1)`, ``},
	{"lexis", `a1 w/s b1 w/3 c1`, `a1 NEAR/s (b1 NEAR/3 c1)`, ``},
	{"lexis", `a1 w/3 b1 w/p c1`, `a1 NEAR/3 b1 NEAR/p c1`, ``},
	{"lexis", `a1 pre/s b1`, `a1 PRE/s b1`, ``},
	{"lexis", `a1 /3 b1 +2 c1`, `a1 NEAR/3 (b1 PRE/2 c1)`, ``},
	{"lexis", `a1 AND NOT b1 AND c1`, `a1 AND NOT (b1 AND c1)`, ``},
	{"lexis", `a1 but not b1`, `a1 AND NOT b1`, ``},
	{"lexis", `a1 andnot b1 butnot c1`, `a1 AND NOT b1 AND NOT c1`, ``},
	{"lexis", `rico NOT W/5 puerto`, `rico AND NOT (rico NEAR/5 puerto)`, `finds less`},
	{"lexis", `bankrupt! w/25 discharg! and not student or college or education! w/5 (loan and scholarship)`,
		`bankrupt* NEAR/25 discharg* AND NOT ((student OR college OR education*) NEAR/5 loan AND (student OR college OR education*) NEAR/5 scholarship)`, `refused 1`},
	{"lexis", `bank and bankrupt! w/25 discharg! and not student or college w/5 (loan and grant)`,
		`bank AND bankrupt* NEAR/25 discharg* AND NOT ((student OR college) NEAR/5 loan AND (student OR college) NEAR/5 grant)`, `spread`},
	{"lexis", `HLEAD(geneva)`, `title:geneva OR lead:geneva`, ``},
	{"lexis", `HLEAD(geneva AND talks)`, `(title:geneva OR lead:geneva) AND (title:talks OR lead:talks)`, ``},
	{"lexis", `HEADLINE(geneva OR vienna) AND oil`, `(title:geneva OR title:vienna) AND oil`, ``},
	{"lexis", `ATLEAST5(ukraine)`, `MIN/5 ukraine`, ``},
	{"lexis", `ATLEAST5(ukraine and russia)`, `MIN/5 ukraine AND MIN/5 russia`, ``},
	{"lexis", `atleast3 (ukraine or kiev)`, `MIN/3 (ukraine OR kiev)`, ``},
	{"lexis", `ALLCAPS(who) AND virus`, `=WHO AND virus`, ``},
	{"lexis", `CAPS(aids) AND virus`, `aids AND virus`, `capitals`},
	{"lexis", `SINGULAR(guarantee) AND nato`, `=guarantee AND nato`, `exactly as written`},
	{"lexis", `sanction! and iran`, `sanction* AND iran`, ``},
	{"lexis", `bank** and iran`, `bank* AND iran`, `any ending`},
	{"lexis", `wom*n and iran`, ``, `refused 1`},
	{"lexis", `oil AND LENGTH > 500`, `oil`, `LENGTH > 500`},
	{"lexis", `oil AND DATE(geq (1/1/2024))`, `oil`, `no such field`},
	{"lexis", `oil AND date aft 1/1/2024`, `oil`, `date aft`},
	{"lexis", `GEOGRAPHIC(syria) AND oil`, `oil`, `GEOGRAPHIC(syria)`},
	{"lexis", `LANGUAGE(arabic) AND BYLINE(smith)`, `lang:ar AND author:smith`, ``},
	{"lexis", `oil w/seg gas`, `oil AND gas`, `finds more`},
	{"lexis", `oil and(gas or coal)`, `oil AND (gas OR coal)`, ``},
	{"lexis", `oil & gas`, `oil AND gas`, ``},

	{"factiva", ``, ``, `refused 1`},
	{"factiva", `(oil or gas`, ``, `refused 1`},
	{"factiva", `oil) and gas`, ``, `refused 4`},
	{"factiva", `oil and`, ``, `refused 5`},
	{"factiva", `and oil`, ``, `refused 1`},
	{"factiva", `oil and ()`, ``, `refused 9`},
	{"factiva", `not oil`, ``, `refused 1`},
	{"factiva", `oil and "gas`, ``, `refused 9`},
	{"factiva", `oil and la=klingonish`, ``, `refused 12`},
	{"factiva", `oil and atleast500 gas`, ``, `refused 9`},
	{"factiva", `oil near0 gas`, ``, `refused 5`},
	{"factiva", `ab* and oil`, ``, `refused 1`},
	{"factiva", `communicat*`, ``, `refused 1`},
	{"factiva", `oil and hd=(gas and lp=coal)`, ``, `refused 21`},
	{"lexis", `a1 w/5 (b1 not w/2 c1)`, ``, `refused 16`},
	{"lexis", `oil or communicat!`, ``, `refused 8`},
	{"meltwater", `oil NEAR/3 NOT gas`, ``, `refused 5`},
	{"meltwater", strings.Repeat("(", 9000), ``, `refused 31`},
	{"meltwater", strings.Repeat("NOT ", 9000), ``, `refused`},
	{"google", `oil`, ``, `no import`},
}

func TestImport(t *testing.T) {
	for _, c := range imported {
		q, notes, err := Import(c.from, c.in, nil)
		if want, isErr := strings.CutPrefix(c.notes, "refused"); isErr || c.want == "" {
			if err == nil {
				t.Errorf("%s %.60s: %s, want it refused", c.from, c.in, q)
			} else if e, ok := err.(*SyntaxError); ok && !strings.HasPrefix(e.Error(), "column"+want) {
				t.Errorf("%s %.60s: %v, want%s", c.from, c.in, err, want)
			}
			continue
		}
		if err != nil || q != c.want {
			t.Errorf("%s %s\nhave %s %v\nwant %s", c.from, c.in, q, err, c.want)
			continue
		}
		all := strings.Join(notes, "\n")
		for _, n := range strings.Split(c.notes, "; ") {
			if !strings.Contains(all, n) {
				t.Errorf("%s %s: notes %q do not say %q", c.from, c.in, notes, n)
			}
		}
		if c.notes == "" && len(notes) > 0 {
			t.Errorf("%s %s: notes %q", c.from, c.in, notes)
		}
	}
}

// TestImportNamesEntities: the notes say which words an @entity would find everywhere.
func TestImportNamesEntities(t *testing.T) {
	_, notes, err := Import("lexis", `Geneva AND sanctions AND "security guarantees"`, pack(t))
	if err != nil || len(notes) != 1 || !strings.Contains(notes[0], "Geneva is @geneva") || !strings.Contains(notes[0], "security guarantees is @security-guarantees") {
		t.Errorf("%q %v", notes, err)
	}
}

// TestImportKeepsPlaces: an error of what the translation became points at the source.
func TestImportKeepsPlaces(t *testing.T) {
	_, _, err := Import("lexis", `النفط AND LANGUAGE(klingonish)`, nil)
	e, ok := err.(*SyntaxError)
	if !ok || e.Fragment != "klingonish" || e.Column != 20 || e.Code != "bad-language" {
		t.Errorf("%+v", err)
	}
}

func FuzzImport(f *testing.F) {
	for _, c := range imported {
		if len(c.in) < 500 {
			f.Add(c.from, c.in)
		}
	}
	f.Fuzz(func(t *testing.T, from, src string) {
		q, notes, err := Import(from, src, nil)
		if err != nil {
			if e, ok := err.(*SyntaxError); ok && (e.Offset < 0 || e.End < e.Offset || e.End > len(src) || e.Msg == "") {
				t.Fatalf("%s %q: bad error %+v", from, src, e)
			}
			return
		}
		again, err := Parse(q, nil)
		if err != nil || again.String() != q {
			t.Fatalf("%s %q becomes %q (%q), which reads as %v, %v", from, src, q, notes, again, err)
		}
	})
}
