package configs_test

import (
	"os"
	"slices"
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
		entity.Country: 199, entity.Place: 420, entity.Org: 115, entity.Office: 74, entity.Person: 60, entity.Topic: 110,
	} {
		if count[kind] < least {
			t.Errorf("%d entities of kind %s, want at least %d", count[kind], kind, least)
		}
	}
}

// elsewhere are languages of which only what world news is searched for most has names.
var elsewhere = strings.Fields("pt it pl cs nl sv no ro hu el id hi ja ko")

// TestElsewhere: countries have a name in them, but for those of which every name there means
// something else too; and so has what is searched for most.
func TestElsewhere(t *testing.T) {
	names := starter(t)
	without := map[string]string{"mali": "hi ja ko", "chad": "", "laos": "el", "mauritius": "pt", "switzerland": "id",
		"sudan": "ko", "oman": "ko", "ghana": "ko", "guinea": "ko", "fiji": "ko", "bhutan": "ko", "usa": "", "hong-kong": strings.Join(elsewhere, " ")}
	for _, e := range names.All() {
		for _, lang := range elsewhere {
			if e.Kind == entity.Country && e.Label[lang] == "" && !slices.Contains(strings.Fields(without[e.Slug]), lang) {
				t.Errorf("@%s has no name in %s", e.Slug, lang)
			}
		}
	}
	for slug := range strings.FieldsSeq("geneva moscow kyiv beijing brussels rome gaza un security-council security-guarantees ceasefire sanctions peace-talks hostages air-strike election earthquake") {
		e, _ := names.Lookup(slug)
		for _, lang := range elsewhere {
			if e.Label[lang] == "" && e.Label["en"] != "Rome" {
				t.Errorf("@%s has no name in %s", slug, lang)
			}
		}
	}
}

// TestStarterOrganisationsAndOffices: what world news names every week.
func TestStarterOrganisationsAndOffices(t *testing.T) {
	for kind, slugs := range map[entity.Kind]string{
		entity.Org: `un security-council unga unhcr unicef unesco unrwa wfp fao who iaea ocha ilo opcw icj icc wto imf world-bank oecd interpol
			nato eu european-commission european-parliament council-of-europe osce csto cis eaeu sco brics g7 g20 quad aukus asean apec
			arab-league gcc oic au ecowas igad mercosur oas opec ecb fed red-cross red-crescent msf amnesty hrw hamas hezbollah houthis isis
			taliban pkk idf irgc mossad cia fsb congress-us us-senate duma rada knesset`,
		entity.Office: `us-president us-secretary-of-state white-house pentagon state-department kremlin russian-president russian-foreign-ministry
			russian-defence-ministry zhongnanhai chinese-foreign-ministry elysee french-foreign-ministry downing-street uk-foreign-office german-chancellor
			german-foreign-ministry ukrainian-president ukrainian-foreign-ministry turkish-president turkish-foreign-ministry iranian-president
			iranian-supreme-leader iranian-foreign-ministry israeli-prime-minister israeli-foreign-ministry saudi-crown-prince saudi-foreign-ministry
			egyptian-president syrian-presidency palestinian-president indian-prime-minister japanese-prime-minister un-secretary-general
			nato-secretary-general eu-high-representative european-commission-president iaea-director-general arab-league-secretary-general pope us-vice-president italian-prime-minister iraqi-prime-minister
			lebanese-president un-human-rights-chief who-director-general imf-managing-director ecb-president fed-chair icc-prosecutor`,
	} {
		for slug := range strings.FieldsSeq(slugs) {
			if e, ok := starter(t).Lookup(slug); !ok || e.Slug != slug || e.Kind != kind {
				t.Errorf("@%s is no %s of the starter entities", slug, kind)
			}
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

// capitals are the capitals by the codes of their countries; that of a city state is itself.
const capitals = `AD andorra-la-vella|AE abu-dhabi|AF kabul|AG saint-johns|AL tirana|AM yerevan|AO luanda|AR buenos-aires|AT vienna|AU canberra
	AZ baku|BA sarajevo|BB bridgetown|BD dhaka|BE brussels|BF ouagadougou|BG sofia|BH manama|BI gitega|BJ porto-novo|BN bandar-seri-begawan
	BO sucre la-paz|BR brasilia|BS nassau|BT thimphu|BW gaborone|BY minsk|BZ belmopan|CA ottawa|CD kinshasa|CF bangui|CG brazzaville|CH bern
	CI yamoussoukro|CL santiago|CM yaounde|CN beijing|CO bogota|CR san-jose|CU havana|CV praia|CY nicosia|CZ prague|DE berlin|DJ djibouti
	DK copenhagen|DM roseau|DO santo-domingo|DZ algiers|EC quito|EE tallinn|EG cairo|EH laayoune|ER asmara|ES madrid|ET addis-ababa|FI helsinki
	FJ suva|FM palikir|FR paris|GA libreville|GB london|GD saint-georges|GE tbilisi|GH accra|GM banjul|GN conakry|GQ malabo|GR athens
	GT guatemala-city|GW bissau|GY georgetown|HN tegucigalpa|HR zagreb|HT port-au-prince|HU budapest|ID jakarta|IE dublin|IL jerusalem|IN new-delhi
	IQ baghdad|IR tehran|IS reykjavik|IT rome|JM kingston|JO amman|JP tokyo|KE nairobi|KG bishkek|KH phnom-penh|KI tarawa|KM moroni|KN basseterre
	KP pyongyang|KR seoul|KW kuwait-city|KZ astana|LA vientiane|LB beirut|LC castries|LI vaduz|LK kotte colombo|LR monrovia|LS maseru|LT vilnius
	LU luxembourg|LV riga|LY tripoli|MA rabat|MC monaco|MD chisinau|ME podgorica|MG antananarivo|MH majuro|MK skopje|ML bamako|MM naypyidaw
	MN ulaanbaatar|MR nouakchott|MT valletta|MU port-louis|MV male|MW lilongwe|MX mexico-city|MY kuala-lumpur|MZ maputo|NA windhoek|NE niamey|NG abuja
	NI managua|NL amsterdam the-hague|NO oslo|NP kathmandu|NR yaren|NZ wellington|OM muscat|PA panama-city|PE lima|PG port-moresby|PH manila
	PK islamabad|PL warsaw|PS ramallah east-jerusalem|PT lisbon|PW ngerulmud|PY asuncion|QA doha|RO bucharest|RS belgrade|RU moscow|RW kigali
	SA riyadh|SB honiara|SC victoria-seychelles|SD khartoum|SE stockholm|SG singapore|SI ljubljana|SK bratislava|SL freetown|SM san-marino
	SN dakar|SO mogadishu|SR paramaribo|SS juba|ST sao-tome|SV san-salvador|SY damascus|SZ mbabane|TD ndjamena|TG lome|TH bangkok|TJ dushanbe
	TL dili|TM ashgabat|TN tunis|TO nukualofa|TR ankara|TT port-of-spain|TV funafuti|TW taipei|TZ dodoma|UA kyiv|UG kampala|US washington
	UY montevideo|UZ tashkent|VA vatican|VC kingstown|VE caracas|VN hanoi|VU port-vila|WS apia|XK pristina|YE sanaa|ZA pretoria cape-town
	ZM lusaka|ZW harare`

// TestEveryCapital: the capital of each country is there, and part of it.
func TestEveryCapital(t *testing.T) {
	names, slugs := starter(t), territories(t)
	done := map[string]bool{}
	for row := range strings.FieldsFuncSeq(capitals, func(r rune) bool { return r == '|' || r == '\n' }) {
		f := strings.Fields(row)
		country := slugs[f[0]]
		done[country] = true
		for _, slug := range f[1:] {
			if e, ok := names.Lookup(slug); !ok || e.Slug != slug {
				t.Errorf("%s: @%s is missing", f[0], slug)
			} else if !slices.Contains(names.Within(country), e) && slug != "jerusalem" && slug != "east-jerusalem" {
				t.Errorf("@%s is part of @%s, not of @%s", slug, e.Parent, country)
			}
		}
	}
	for _, e := range names.All() {
		if e.Kind == entity.Country && !done[e.Slug] && e.Slug != "hong-kong" {
			t.Errorf("@%s has no capital here", e.Slug)
		}
	}
}
