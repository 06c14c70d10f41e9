package filter

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"wirewatch/feeds"
	"wirewatch/feeds/page"
	"wirewatch/filter/entity"
	"wirewatch/filter/text"
)

// traps are the ways in which makers of matchers for multilingual news went wrong, and the test of each.
var traps = []struct{ trap, file, test string }{
	{"filters that write into the caller's bytes", "traps_test.go", "TestTrapAnalysisLeavesTheSourceAlone"},
	{"segmenters that see no words in Thai", "traps_test.go", "TestTrapThaiHasWords"},
	{"folding that makes على of علي", "traps_test.go", "TestTrapAliIsNotOn"},
	{"folding that makes أن of عنان", "traps_world_test.go", "TestTrapAnnanIsNotThat"},
	{"names that begin with ال by themselves", "traps_test.go", "TestTrapFixedArticle"},
	{"لل is ل and ال", "traps_test.go", "TestTrapDoubleLam"},
	{"tatweel and marks that count as letters", "traps_test.go", "TestTrapTatweelAndControls"},
	{"_ joins the words of hashtags", "traps_test.go", "TestTrapHashtags"},
	{"normalising every text, or none", "traps_world_test.go", "TestTrapDecomposedLetters"},
	{"Turkish dotless i", "traps_test.go", "TestTrapTurkishI"},
	{"stemmers on short names", "traps_test.go", "TestTrapShortNamesAreNotStemmed"},
	{"WHO, US and IT, and headlines in capitals", "traps_test.go", "TestTrapCapitals"},
	{"names that are words of other languages", "traps_world_test.go", "TestTrapNamesThatAreWordsElsewhere"},
	{"automata of gigabytes", "traps_world_test.go", "TestTrapGazetteersStaySmall"},
	{"Persian without a code, models of a gigabyte", "traps_world_test.go", "TestTrapPersianHasACode"},
	{"names of countries of years ago", "traps_world_test.go", "TestTrapCountriesHaveTheNamesOfToday"},
	{"teasers inside of an article", "traps_world_test.go", "TestTrapRelatedBlocks"},
	{"datelines that count, or not, by chance", "traps_test.go", "TestTrapDatelinesCount"},
	{"fingerprints that forgive too much, or too little", "../feeds/story/story_test.go", "TestTrapNoFingerprintLosesAnUpdate"},
	{"rewrites taken for copies", "../feeds/story/story_test.go", "TestTrapRewritesAreNotCopies"},
	{"signs that phones type, operators in small letters", "traps_test.go", "TestTrapSignsFromPhones"},
	{"UTF-16 units, runes and characters", "../bot/render_test.go", "TestTrapCharactersAreNotTorn"},
	{"carets under text from right to left", "traps_test.go", "TestTrapErrorsQuoteTheFragment"},
	{"popular words joined by OR", "traps_world_test.go", "TestTrapManyAlternatives"},
	{"stored rules that a new folding changes", "traps_world_test.go", "TestTrapRulesOutliveTheFolding"},
	{"corpora with licences", "traps_world_test.go", "TestTrapCorporaStayOutside"},
	{"stop words dropped from phrases", "traps_test.go", "TestTrapStopWordsStayInPhrases"},
}

func TestEveryTrapHasATest(t *testing.T) {
	for _, c := range traps {
		data, err := os.ReadFile(c.file)
		if err != nil || !strings.Contains(string(data), "func "+c.test+"(t *testing.T) {") {
			t.Errorf("%s: no %s in %s", c.trap, c.test, c.file)
		}
	}
}

func namesOf(t testing.TB, yaml string) *entity.Gazetteer {
	t.Helper()
	g, err := entity.Load([]byte(yaml))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestTrapAnnanIsNotThat(t *testing.T) {
	names := namesOf(t, "- {slug: annan, kind: person, names: {ar: [عنان, أنان]}}")
	check(t, names, []says{
		{"@annan", body("قال إن الاتفاق قريب وأن الوفد وصل"), false},
		{"@annan", body("التقى عنان الوفد"), true},
		{"@annan", body("ولعنان رأي آخر"), true},
	})
}

func TestTrapDecomposedLetters(t *testing.T) {
	check(t, pack(t), []says{
		{"@geneva", Input{Body: "Les négociations de Gene\u0300ve ont repris hier soir.", Lang: "fr"}, true},
		{"Genève", body("Gene\u0300ve"), true},
		{"Gene\u0300ve", body("Genève"), true},
		{"أمنية", body("ا\u0654منية"), true},
		{"Йемен", body("И\u0306емен"), true},
		{"ジュネーブ", body("シ\u3099ュネーフ\u3099"), true},
	})
}

func TestTrapNamesThatAreWordsElsewhere(t *testing.T) {
	names := namesOf(t, `
- {slug: van, kind: place, names: {tr: [Van], en: [Van city], ru: [Ван]}}
- {slug: cannes, kind: place, names: {fa: [کان], fr: [Cannes], ar: [مدينة كان]}}
- {slug: bill, kind: person, names: {de: [Bill], en: [Bill Clinton]}}
`)
	check(t, names, []says{
		{"@van", Input{Body: "De minister van Buitenlandse Zaken en de premier van Nederland zijn het eens. Van hem is niets bekend.", Lang: "nl"}, false},
		{"@van", Input{Body: "A van was found in the street. Van drivers were told to wait.", Lang: "en"}, false},
		{"@van", Input{Body: "Van'da bir deprem oldu ve çok sayıda kişi için yardım istendi.", Lang: "tr"}, true},
		{"@cannes", Input{Body: "كان الوزير قد قال إن الوفد كان في الطريق إلى المدينة.", Lang: "ar"}, false},
		{"@cannes", Input{Body: "Le festival de Cannes est ouvert.", Lang: "fr"}, true},
		{"@bill", Input{Body: "The Bill was passed by the house, and it is now law.", Lang: "en"}, false},
	})
}

// maxPerName bounds the memory that one name of a gazetteer takes, in bytes; matchers of
// bytes needed 60,000.
const maxPerName = 1000

func TestTrapGazetteersStaySmall(t *testing.T) {
	var b strings.Builder
	const entities, perEntity = 1500, 4
	for i := range entities {
		fmt.Fprintf(&b, "- {slug: x%d, kind: place, names: {en: [Town %d, Ville de %d], ar: [مدينة %d], ru: [Город %d]}}\n", i, i, i, i, i)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	g := namesOf(t, b.String())
	runtime.GC()
	runtime.ReadMemStats(&after)
	if per := int64(after.HeapAlloc-before.HeapAlloc) / (entities * perEntity); per > maxPerName {
		t.Errorf("%d bytes a name", per)
	}
	if len(g.All()) != entities {
		t.Errorf("%d entities", len(g.All()))
	}
}

func TestTrapPersianHasACode(t *testing.T) {
	for s, want := range map[string]string{
		"وزیر خارجه گفت که گفتگوها در ژنو ادامه دارد":          "fa",
		"قال وزير الخارجية إن المحادثات مستمرة في جنيف":        "ar",
		"وزیر خارجہ نے کہا ہے کہ جنیوا میں بات چیت جاری ہے":    "ur",
		"Міністр заявив, що переговори в Женеві тривають":      "uk",
		"Министр заявил, что переговоры в Женеве продолжаются": "ru",
	} {
		if have := text.Language(s, "ar"); have != want {
			t.Errorf("%s: %q, want %q", s, have, want)
		}
	}
	names := pack(t)
	check(t, names, []says{{"lang:fa", Input{Body: "وزیر خارجه گفت که گفتگوها در ژنو ادامه دارد", Lang: "ar"}, true}})
}

func TestTrapCountriesHaveTheNamesOfToday(t *testing.T) {
	names := starter(t)
	for _, c := range []struct{ lang, text, slug string }{
		{"en", "North Macedonia votes on Sunday.", "north-macedonia"},
		{"en", "Türkiye will host the talks.", "turkey"},
		{"en", "Eswatini has a new government.", "eswatini"},
		{"en", "Czechia will send a delegation.", "czechia"},
		{"uk", "Переговори у Києві тривають.", "kyiv"},
		{"en", "The delegation arrived in Kyiv.", "kyiv"},
		{"en", "The delegation arrived in Astana.", "astana"},
	} {
		check(t, names, []says{{"@" + c.slug, Input{Body: c.text, Lang: c.lang}, true}})
	}
}

func TestTrapRelatedBlocks(t *testing.T) {
	z := page.Split(feeds.Article{
		Title: "لقاء في فيينا",
		Body: "فيينا-وكالة\n\nبحث الوزيران الملف في فيينا اليوم، ولم يصدر بيان عن اللقاء بعد.\n\n" +
			"وقال مصدر إن اللقاء سيستأنف غدا بعد مشاورات مع العاصمتين.\n\n" +
			"متابعة أخبارنا على تلغرام\n\nانظر ايضاً\n\nالوفد السوري يصل إلى جنيف\n\nجنيف-وكالة وصل الوفد السوري اليوم إلى جنيف للمشاركة في جولة …",
	})
	in := Input{Title: z.Title, Dateline: z.Dateline, Lead: z.Lead, Body: z.Body, Lang: "ar"}
	check(t, pack(t), []says{
		{"@vienna", in, true},
		{"dateline:@vienna", in, true},
		{"@geneva", in, false},
		{"@syria", in, false},
		{"تلغرام", in, false},
	})
}

// TestTrapRulesOutliveTheFolding: a stored rule is the text as written, not what this
// version folds it to, so that a later one can read it anew.
func TestTrapRulesOutliveTheFolding(t *testing.T) {
	for _, rule := range []string{"Genève", "أمنية", "الضمانات", "=İstanbul", "~Negotiators", `"Über Köln"`, "日內瓦", "ёлка"} {
		if q := mustParse(t, rule, nil); q.String() != rule {
			t.Errorf("%s is stored as %s", rule, q)
		}
	}
}

// TestTrapManyAlternatives: a rule of many popular words is broad though none of them is; it must not be the
// number of terms that is judged, which has a limit of its own.
func TestTrapManyAlternatives(t *testing.T) {
	popular := strings.Fields("sanctions vote ceasefire opposition killed protest climate nuclear missile gas border prison weapons energy bank tax conference summit")
	rule := strings.Join(popular, " OR ")
	b := mustParse(t, rule, nil).Breadth()
	if b.Share < 0.5 || b.Term > BroadShare || !slices.Contains(popular, b.Blame) {
		t.Errorf("%d popular words: %+v", len(popular), b)
	}
	if _, err := (Admission{Refuse: true}).Admit(mustParse(t, rule, nil), rule); err == nil {
		t.Error("popular words joined by OR are not refused")
	}
	rare := make([]string, MaxTerms)
	for i := range rare {
		rare[i] = fmt.Sprintf("kartoum%d", i)
	}
	if b := mustParse(t, strings.Join(rare, " OR "), nil).Breadth(); b.Share > BroadShare {
		t.Errorf("%d rare words: %+v", len(rare), b)
	}

	words := make([]string, MaxTerms+1)
	for i := range words {
		words[i] = fmt.Sprintf("word%d", i)
	}
	if _, err := Parse(strings.Join(words[:MaxTerms], " OR "), nil); err != nil {
		t.Errorf("%d alternatives: %v", MaxTerms, err)
	}
	if _, err := Parse(strings.Join(words, " OR "), nil); err == nil || err.(*SyntaxError).Code != "too-many-terms" {
		t.Errorf("%d alternatives: %v", MaxTerms+1, err)
	}
}

// minSentence is the number of bytes from which a sentence is not found twice by chance.
const minSentence = 60

// TestTrapCorporaStayOutside: their licences do not allow sentences of the corpora in
// this repository.
func TestTrapCorporaStayOutside(t *testing.T) {
	var ours strings.Builder
	for _, dir := range []string{".", "../configs", "../testdata", "../cmd/wirewatch/demo"} {
		_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				data, _ := os.ReadFile(path)
				ours.Write(data)
			}
			return nil
		})
	}
	tables, _ := filepath.Glob("../../shared/corpus/entities/*.tsv")
	if len(tables) == 0 {
		t.Skip("the corpora are not here")
	}
	all := ours.String()
	for _, table := range tables {
		data, err := os.ReadFile(table)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for cell := range strings.FieldsFuncSeq(string(data), func(r rune) bool { return r == '\t' || r == '\n' }) {
			if len(cell) < minSentence || seen[cell] {
				continue
			}
			seen[cell] = true
			if strings.Contains(all, cell) {
				t.Errorf("a sentence of %s is in the repository: %s", filepath.Base(table), cell)
			}
		}
	}
}
