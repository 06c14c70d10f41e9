package entity_test

import (
	"slices"
	"strings"
	"testing"

	"wirewatch/filter/entity"
)

// found lists the slugs that a text of one sentence mentions.
func found(g *entity.Gazetteer, lang, sentence string) []string {
	var slugs []string
	for _, m := range mentions(g, lang, sentence) {
		slug, _, _ := strings.Cut(m, "=")
		slugs = append(slugs, slug)
	}
	return slugs
}

// TestWholesInsideTheirParts: a name that contains the name of what it is part of
// mentions both.
func TestWholesInsideTheirParts(t *testing.T) {
	g := starter(t)
	for _, c := range []struct{ lang, text, part, whole string }{
		{"ru", "Совет Безопасности ООН собрался на заседание", "security-council", "un"},
		{"ru", "Решение Совета Безопасности ООН", "security-council", "un"},
		{"en", "The UN Security Council met on Monday", "security-council", "un"},
		{"es", "El Consejo de Seguridad de la ONU se reunió", "security-council", "un"},
		{"uk", "Рада Безпеки ООН зібралася", "security-council", "un"},
	} {
		have := found(g, c.lang, c.text)
		for _, want := range []string{c.part, c.whole} {
			if !slices.Contains(have, want) {
				t.Errorf("%s: %v, want @%s too", c.text, have, want)
			}
		}
	}
	if have := found(g, "en", "Papua New Guinea votes"); slices.Contains(have, "guinea") {
		t.Errorf("Guinea is no part of Papua New Guinea: %v", have)
	}
}

// TestCasesOfSlavicNames: the nominative is in the pack; these forms must meet it.
func TestCasesOfSlavicNames(t *testing.T) {
	g := starter(t)
	for lang, rows := range map[string]string{
		"ru": `geneva Женева Женевы Женеве Женеву Женевой Женевою
			russia Россия России Россию Россией
			ukraine Украина Украины Украине Украину Украиной
			china Китай Китая Китаю Китаем Китае
			south-korea "Южная Корея" "Южной Кореи" "Южной Корее" "Южную Корею" "Южной Кореей"
			hanoi Ханой Ханоя Ханою Ханоем Ханое
			moldova Молдова Молдовы Молдове Молдову Молдовой Молдавия Молдавии
			kyiv Киев Киева Киеву Киевом Киеве
			moscow Москва Москвы Москве Москву Москвой
			syria Сирия Сирии Сирию Сирией
			turkey Турция Турции Турцию Турцией
			iran Иран Ирана Ирану Ираном Иране
			vienna Вена Вены Вене Вену Веной
			germany Германия Германии Германию Германией
			israel Израиль Израиля Израилю Израилем Израиле
			egypt Египет Египта Египту Египтом Египте
			geneva "в Женеве"
			minsk Минск Минска Минску Минском Минске
			lavrov Лавров Лаврова Лаврову Лавровым Лаврове
			putin Путин Путина Путину Путиным Путине`,
		"uk": `russia Росія Росії Росію Росією
			ukraine Україна України Україні Україну Україною
			geneva Женева Женеви Женеві Женеву Женевою
			moldova Молдова Молдови Молдові Молдову Молдовою
			china Китай Китаю Китаєм Китаї
			kyiv Київ Києва Києву Києвом Києві
			syria Сирія Сирії Сирію Сирією
			germany Німеччина Німеччини Німеччині Німеччину Німеччиною
			turkey Туреччина Туреччини Туреччині Туреччину Туреччиною
			france Франція Франції Францію Францією
			iran Іран Ірану Іраном Ірані
			moscow Москва Москви Москві Москву Москвою
			vienna Відень Відня Відню Віднем Відні`,
	} {
		for line := range strings.Lines(rows) {
			slug, forms, _ := strings.Cut(strings.TrimSpace(line), " ")
			for _, form := range split(forms) {
				sentence := map[string]string{"ru": "Вчера сообщили, что %s и другие были там.", "uk": "Учора повідомили, що %s та інші були там."}[lang]
				sentence = strings.Replace(sentence, "%s", form, 1)
				if have := found(g, lang, sentence); !slices.Contains(have, slug) {
					t.Errorf("%s: %s gives %v, want @%s", lang, form, have, slug)
				}
			}
		}
	}
}

// TestCasesOfPolishAndCzechNames: the same for names that the pack does not have.
func TestCasesOfPolishAndCzechNames(t *testing.T) {
	for lang, rows := range map[string]string{
		"pl": `Genewa Genewy Genewie Genewę Genewą
			Rosja Rosji Rosję Rosją
			Polska Polski Polsce Polskę Polską
			Praga Pragi Pradze Pragę Pragą
			Kraków Krakowa Krakowem Krakowowi
			Radom Radomia Radomiu Radomiem
			Paryż Paryża Paryżowi Paryżem Paryżu
			Berlin Berlina Berlinem Berlinie`,
		"cs": `Ženeva Ženevy Ženevě Ženevu Ženevou
			Rusko Ruska Rusku Ruskem
			Praha Prahy Praze Prahu Prahou
			Irsko Irska Irsku Irskem
			Berlín Berlína Berlínu Berlíně Berlínem
			Paříž Paříže Paříži Paříží
			Francie Francii Francií`,
	} {
		for line := range strings.Lines(rows) {
			forms := strings.Fields(line)
			g := load(t, "- {slug: x, kind: place, names: {"+lang+": ["+forms[0]+"]}}")
			for _, form := range forms {
				if have := found(g, lang, "Včera. "+form+" a jiné"); len(have) != 1 {
					t.Errorf("%s: %s does not meet %s", lang, form, forms[0])
				}
			}
		}
	}
	for _, c := range []struct{ lang, name, text string }{
		{"cs", "Irsko", "Vláda. Irské úřady"},
		{"pl", "Polska", "Nadaje. Polskie Radio"},
		{"pl", "Radom", "Mówi. Rada Ministrów"},
		{"pl", "PO", "Mówi. Po raz pierwszy"},
	} {
		if have := found(load(t, "- {slug: x, kind: place, names: {"+c.lang+": ["+c.name+"]}}"), c.lang, c.text); len(have) > 0 {
			t.Errorf("%s mentions %s", c.text, c.name)
		}
	}
}

// TestAcronymsThatAreWords: in capitals they count without being told to.
func TestAcronymsThatAreWords(t *testing.T) {
	g := load(t, "- {slug: x, kind: org, names: {pl: [PO]}}")
	if have := found(g, "pl", "Politycy PO i PiS głosowali"); len(have) != 1 {
		t.Errorf("PO is not found: %v", have)
	}
}

// TestWordsThatAreNoCases: words that end like a case of a name and are none.
func TestWordsThatAreNoCases(t *testing.T) {
	g := starter(t)
	for _, c := range []struct{ lang, text, slug string }{
		{"ru", "Малый театр открыл сезон", "mali"},
		{"ru", "Китайский язык изучают в школах", "china"},
		{"ru", "Корейский ресторан открыт", "south-korea"},
		{"ru", "Киево-Печерская Лавра", "lavrov"},
		{"ru", "Венский вальс", "vienna"},
		{"uk", "Російська мова", "russia"},
	} {
		if have := found(g, c.lang, c.text); slices.Contains(have, c.slug) {
			t.Errorf("%s: %v", c.text, have)
		}
	}
}

// split cuts a line into words; what stands in quotation marks is one.
func split(s string) []string {
	var words []string
	for i, part := range strings.Split(s, `"`) {
		if i%2 == 1 {
			words = append(words, part)
		} else {
			words = append(words, strings.Fields(part)...)
		}
	}
	return words
}
