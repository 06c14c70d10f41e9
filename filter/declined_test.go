package filter

import (
	"fmt"
	"strings"
	"testing"

	"wirewatch/filter/entity"
)

// TestPlainWordsAreDeclined: a name that a rule writes as a plain word, of no language, is
// found in its cases, in a text whose language is known.
func TestPlainWordsAreDeclined(t *testing.T) {
	for lang, rows := range map[string]string{
		"ru": `Иерусалим Иерусалиме Иерусалимом
			Павел Павла Павлом
			Донец Донца
			Наталья Наталью
			режим режима режимом
			остров острова острове
			рынок рынка рынки рынком
			беженец беженца беженцев беженцами
			система систему системой
			проблема проблему`,
		"sr": `Америка Америке Америци Америку
			Александар Александра Александром
			Београд Београда Београдом`,
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
		"ar": `اتفاق اتفاقاً اتفاقًا واتفاقاً اتفاقا
			رئيس رئيساً رئيسا رئيسهم
			دولة دولةً دولته بدولتهم
			مستوى مستواه مستواها بمستواهم
			زعماء زعمائهم زعماؤها لزعمائه`,
		"he": `רומניה ורומניה ברומניה וברומניה שברומניה מרומניה כשרומניה וכשרומניה לכשרומניה כשברומניה
			שוודיה משוודיה בשוודיה כשוודיה ושבשוודיה
			האו״ם באו״ם לאו״ם מהאו״ם
			הסכם ההסכם בהסכם שההסכם כשההסכם`,
		"tr": `güvenlik güvenliği güvenliğin güvenlikten
			kitap kitabı kitabın kitaplar
			kanat kanadı kanadın
			renk rengi rengin`,
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
	for _, c := range []struct{ lang, name, form string }{
		{"cs", "Bílý dům", "Bílém domě"},
		{"cs", "Česká republika", "České republice"},
		{"cs", "Severní Korea", "Severní Koreje"},
		{"ru", "Налоговая система", "Налоговую систему"},
		{"pl", "Dom Książki", "Domem Książki"},
		{"sl", "Združene države", "Minister se je po pogovorih v Ljubljani zahvalil Združenim državam, ker so podprle sporazum"},
	} {
		names := gazetteerOf(t, c.lang, entity.Place, []string{c.name})
		for _, q := range []*Query{mustParse(t, `"`+c.name+`"`, nil), mustParse(t, "@x0", names)} {
			if _, ok := q.Match(Analyse(Input{Body: fmt.Sprintf("2024. %s, 25.", c.form), Lang: c.lang}, names)); !ok {
				t.Errorf("%s: %v does not meet %s", c.lang, q, c.form)
			}
		}
	}
	for _, c := range []struct{ query, text string }{
		{"Ana", "Any news is good news"},
		{"Eva", "Eve of the summit"},
		{"Modi", "Modim did"},
		{"سوري", "زار سوريا أمس"},
		{"روسي", "زار روسيا أمس"},
	} {
		if _, ok := mustParse(t, c.query, nil).Match(Analyse(Input{Body: c.text}, nil)); ok {
			t.Errorf("%s is found in %q", c.query, c.text)
		}
	}
}
