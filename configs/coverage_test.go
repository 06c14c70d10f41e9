package configs_test

import (
	"os"
	"strings"
	"testing"

	"wirewatch/filter/entity"
)

// elevenLanguages are those in which what ships has names.
var elevenLanguages = strings.Fields("ar en fr ru es de tr fa he zh uk")

// TestStarterCoverage says how much there is of each kind, and that all of it has a name in every language.
func TestStarterCoverage(t *testing.T) {
	count := map[entity.Kind]int{}
	for _, e := range starter(t).All() {
		count[e.Kind]++
		for _, lang := range elevenLanguages {
			if e.Label[lang] == "" && e.Label[entity.Any] == "" {
				t.Errorf("@%s has no name in %s", e.Slug, lang)
			}
		}
	}
	for kind, least := range map[entity.Kind]int{
		entity.Country: 199, entity.Place: 340, entity.Org: 115, entity.Office: 55, entity.Person: 60, entity.Topic: 110,
	} {
		if count[kind] < least {
			t.Errorf("%d entities of kind %s, want at least %d", count[kind], kind, least)
		}
	}
}

// territories reads the table of codes and slugs.
func territories(t *testing.T) map[string]string {
	t.Helper()
	table, err := os.ReadFile("cldr/territories.txt")
	if err != nil {
		t.Fatal(err)
	}
	slugs := map[string]string{}
	for line := range strings.Lines(string(table)) {
		if code, slug, ok := strings.Cut(strings.TrimSpace(line), " "); ok && code != "#" {
			slugs[code] = slug
		}
	}
	return slugs
}

// iso are the codes of ISO 3166-1.
const iso = `AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
	CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR
	GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP
	KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT
	MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
	SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG
	UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW`

// TestEveryCountryAndTerritory: each code of ISO 3166-1, and Kosovo, is an entity of its own.
func TestEveryCountryAndTerritory(t *testing.T) {
	names, slugs := starter(t), territories(t)
	codes := append(strings.Fields(iso), "XK")
	if len(codes) != 250 {
		t.Fatalf("%d codes", len(codes))
	}
	seen := map[string]string{}
	for _, code := range codes {
		e, ok := names.Lookup(slugs[code])
		if !ok || slugs[code] == "" {
			t.Errorf("%s is no entity (%q)", code, slugs[code])
			continue
		}
		if e.Kind != entity.Country && e.Kind != entity.Place {
			t.Errorf("%s is @%s, a %s", code, e.Slug, e.Kind)
		}
		if seen[e.Slug] != "" {
			t.Errorf("@%s is both %s and %s", e.Slug, seen[e.Slug], code)
		}
		seen[e.Slug] = code
	}
	for _, e := range names.All() {
		if e.Kind == entity.Country && seen[e.Slug] == "" {
			t.Errorf("the country @%s has no code in cldr/territories.txt", e.Slug)
		}
	}
}
