package filter

import (
	"fmt"
	"strings"
	"testing"
)

// TestPlainWordsAreDeclined: a name that a rule writes as a plain word, of no language, is
// found in its cases, in a text whose language is known.
func TestPlainWordsAreDeclined(t *testing.T) {
	for lang, rows := range map[string]string{
		"ru": `Иерусалим Иерусалиме Иерусалимом
			Павел Павла Павлом
			Донец Донца
			Наталья Наталью`,
		"uk": `Чернігів Чернігова Чернігові
			Дорошенко Дорошенка Дорошенкові
			Рига Ризі
			Кравець Кравця Кравцеві`,
		"pl": `Marek Marka Markowi
			Paweł Pawła Pawłem
			Lewandowski Lewandowskiego Lewandowskim
			Haga Hadze
			Zurych Zurychu
			Niemcy Niemczech`,
		"cs": `Karel Karla Karlovi
			Praha Praze Prahou
			Amsterdam Amsterdamu`,
		"hr": `Zagreb Zagreba Zagrebu
			Rijeka Rijeci Rijekom
			Petar Petra`,
	} {
		for line := range strings.Lines(rows) {
			forms := strings.Fields(line)
			q := mustParse(t, forms[0], nil)
			for _, form := range forms {
				if _, ok := q.Match(Analyse(Input{Body: fmt.Sprintf("2024. %s, 25.", form), Lang: lang}, nil)); !ok {
					t.Errorf("%s: %s does not meet %s", lang, form, forms[0])
				}
			}
		}
	}
	for _, c := range [][2]string{{"Ana", "Any news is good news"}, {"Eva", "Eve of the summit"}, {"Modi", "Modim did"}} {
		if _, ok := mustParse(t, c[0], nil).Match(Analyse(Input{Body: c[1], Lang: "en"}, nil)); ok {
			t.Errorf("%s is found in %q", c[0], c[1])
		}
	}
}
