package entity_test

import (
	"fmt"
	"strings"
	"testing"
)

// declined are names in the nominative, each with cases that must meet it, by language: a
// few of each way in which a name changes.
var declined = map[string]string{
	"ru": `Иерусалим Иерусалима Иерусалиму Иерусалимом Иерусалиме
		Роттердам Роттердама Роттердамом Роттердаме
		Вифлеем Вифлеема Вифлеему Вифлееме
		Цюрих Цюриха Цюрихом Цюрихе
		Оффенбах Оффенбаха Оффенбаху Оффенбахом
		Павел Павла Павлу Павлом Павле
		Египет Египта Египту Египтом Египте
		Донец Донца Донцу Донцом
		Китаец Китайца Китайцу Китайцем Китайцы
		Николай Николая Николаю Николаем Николае
		Сергий Сергия Сергию Сергием Сергии
		Уругвай Уругвая Уругваю Уругваем Уругвае
		Наталья Натальи Наталье Наталью Натальей
		Уфа Уфы Уфе Уфу Уфой
		Домодедово Домодедова Домодедову Домодедовом
		Бородино Бородина Бородину Бородином Бородине
		Химки Химок Химкам Химками Химках
		Мытищи Мытищ Мытищам Мытищами Мытищах
		Белозерский Белозерского Белозерскому Белозерским Белозерском Белозерские Белозерских
		Ломоносов Ломоносова Ломоносову Ломоносовым Ломоносове Ломоносовы Ломоносовых
		Бородин Бородина Бородину Бородиным Бородине Бородины Бородиных
		Львов Львова Львову Львовом Львове`,
	"uk": `Харків Харкова Харкову Харковом Харкові
		Чернігів Чернігова Чернігову Черніговом Чернігові
		Миколаїв Миколаєва Миколаєву Миколаєвом Миколаєві
		Тернопіль Тернополя Тернополю Тернополем Тернополі
		Рига Риги Ризі Ригу Ригою
		Горлівка Горлівки Горлівці Горлівку Горлівкою
		Бахмач Бахмача Бахмачу Бахмачем
		Дорошенко Дорошенка Дорошенку Дорошенкові Дорошенком
		Панас Панаса Панасу Панасові Панасом
		Кравець Кравця Кравцю Кравцеві Кравцем Кравці
		Гончар Гончара Гончарові Гончареві
		Андрій Андрія Андрію Андрієві Андрієм
		Вишневий Вишневого Вишневому Вишневим
		Гаврилов Гаврилова Гаврилову Гавриловим Гаврилові
		Гаврилова Гаврилової Гавриловій Гаврилову Гавриловою
		Прилуки Прилук Прилукам Прилуками Прилуках
		Дніпро Дніпра Дніпру Дніпром`,
	"pl": `Częstochowa Częstochowy Częstochowie Częstochowę Częstochową
		Haga Hagi Hadze Hagę Hagą
		Ryga Rygi Rydze Rygę Rygą
		Marek Marka Markowi Markiem Marku
		Paweł Pawła Pawłowi Pawłem Pawle
		Kielce Kielc Kielcom Kielcach
		Żywiec Żywca Żywcowi Żywcem Żywcu
		Dęblin Dęblina Dęblinem Dęblinie
		Chrzanów Chrzanowa Chrzanowem Chrzanowie
		Cieplewo Cieplewa Cieplewem Cieplewie
		Janowo Janowa Janowem Janowie
		Wiedeń Wiednia Wiedniowi Wiedniem Wiedniu
		Toruń Torunia Toruniowi Toruniem
		Andrzej Andrzeja Andrzejowi Andrzejem Andrzeju
		Monachium Monachium
		Zurych Zurychu Zurychem
		Aleksander Aleksandra Aleksandrowi Aleksandrem Aleksandrze
		Lewandowski Lewandowskiego Lewandowskiemu Lewandowskim Lewandowskich Lewandowscy
		Rossellini Rosselliniego Rosselliniemu Rossellinim
		Felix Feliksa Feliksowi Feliksem
		Ewa Ewy Ewie Ewę
		Szwedzi Szwedów Szwedom Szwedami Szwedach
		Norwegowie Norwegów Norwegom
		Hiszpanie Hiszpanom Hiszpanach
		Polacy Polaków Polakom Polakami Polakach
		Niemcy Niemiec Niemcom Niemcami Niemczech
		Węgry Węgier Węgrom Węgrami Węgrzech`,
	"cs": `Karel Karla Karlovi Karlem Karlu
		Marek Marka Markovi Markem Marku
		Otrokovice Otrokovic Otrokovicím Otrokovicích
		Olomouc Olomouce Olomouci Olomoucí
		Němec Němce Němci Němcem Němcích
		Vojtěch Vojtěcha Vojtěchovi Vojtěchem
		Amsterdam Amsterdamu Amsterdamem
		Ondřej Ondřeje Ondřeji Ondřejovi Ondřejem
		Ruzyně Ruzyni Ruzyní
		Kadáfí Kadáfího Kadáfímu Kadáfím
		Kennedy Kennedyho Kennedymu Kennedym
		Wałęsa Wałęsy Wałęsovi Wałęsu
		Kwaśniewski Kwaśniewského Kwaśniewskému Kwaśniewským
		Haag Haagu Haagem
		Eva Evy Evě Evu Evou
		Tomáš Tomáše Tomášovi Tomášem Tomášův`,
	"sk": `Bratislava Bratislavy Bratislave Bratislavu Bratislavou
		Peter Petra Petrovi Petrom
		Slovensko Slovenska Slovensku Slovenskom
		Košice Košíc Košiciam Košiciach Košicami
		Trenčan Trenčana Trenčanom Trenčanoch`,
	"hr": `Zagreb Zagreba Zagrebu Zagrebom
		Rijeka Rijeke Rijeci Rijeku Rijekom
		Vukovarac Vukovarca Vukovarcu Vukovarcem
		Petar Petra Petru Petrom
		Amsterdam Amsterdama Amsterdamu Amsterdamom
		Panama Paname Panami Panamu Panamom
		Ana Ane Ani Anu Anom
		Babić Babića Babiću Babićem
		Vinkovci Vinkovaca Vinkovcima`,
	"tr": `Ankara Ankara'da Ankara’nın Ankaraya Ankaradan
		Kıbrıs Kıbrıs'ta Kıbrısta Kıbrısın
		Irak Irak'ta Irak'ın`,
	"az": `Gəncə Gəncədə Gəncədən Gəncəyə
		Lənkəran Lənkəranda Lənkərandan`,
	"hu": `Budapest Budapesten Budapestre Budapestről Budapestet
		Szolnok Szolnokon Szolnokról Szolnokot
		Moszkva Moszkvában Moszkvából Moszkvába Moszkvát Moszkvának
		Genf Genfben Genfből Genfet`,
	"fi": `Moskova Moskovan Moskovassa Moskovasta Moskovaan Moskovaa
		Helsinki Helsingin Helsingissä Helsingistä Helsinkiin Helsinkiä
		Berliini Berliinin Berliinissä Berliinistä Berliiniin
		Venäjä Venäjän Venäjällä Venäjältä Venäjälle`,
	"et": `Tartu Tartus Tartust Tartusse
		Tallinn Tallinna Tallinnas Tallinnast
		Moskva Moskvas Moskvast`,
	"lv": `Jelgava Jelgavas Jelgavai Jelgavu Jelgavā
		Vladimirs Vladimira Vladimiram Vladimiru
		Cēsis Cēsīs`,
	"lt": `Maskva Maskvos Maskvai Maskvą Maskvoje
		Vilnius Vilniaus Vilniui Vilnių Vilniuje
		Kaunas Kauno Kaunui Kauną Kaune`,
	"ro": `Geneva Genevei
		Rusia Rusiei
		București Bucureștiul Bucureștiului`,
	"el": `Μόσχα Μόσχας
		Κύπρος Κύπρου Κύπρο
		Παπαδάκης Παπαδάκη
		Θεσσαλονίκη Θεσσαλονίκης`,
	"sl": `Ljubljana Ljubljane Ljubljani Ljubljano
		Maribor Maribora Mariboru Mariborom
		Igor Igorja Igorju Igorjem
		Štajerski Štajerskega Štajerskemu Štajerskim
		Peter Petra Petru Petrom`,
}

// spokenIn is a sentence by which the language is told, where a name alone does not.
var spokenIn = map[string]string{
	"hu": "A miniszter azt mondta, hogy a tárgyalás nem ért véget.",
	"fi": "Ministeri sanoi, että neuvottelut eivät ole vielä päättyneet.",
	"et": "Minister ütles, et läbirääkimised ei ole veel lõppenud ja see on oluline.",
	"lv": "Ministrs teica, ka sarunas vēl nav beigušās un tas ir svarīgi.",
	"lt": "Ministras sakė, kad derybos dar nesibaigė ir tai yra svarbu.",
	"ro": "Ministrul a spus că negocierile nu s-au încheiat și că este important.",
	"sl": "Minister je dejal, da se pogovori še niso končali in da so pomembni.",
}

// TestNamesAreDeclined: a name given in the nominative is met in every case.
func TestNamesAreDeclined(t *testing.T) {
	for lang, rows := range declined {
		for line := range strings.Lines(rows) {
			forms := strings.Fields(line)
			g := load(t, fmt.Sprintf("- {slug: x, kind: place, names: {%s: [%s]}}", lang, forms[0]))
			for _, form := range forms {
				if have := found(g, lang, fmt.Sprintf("2024. %s, 25. %s", form, spokenIn[lang])); len(have) != 1 {
					t.Errorf("%s: %s does not meet %s", lang, form, forms[0])
				}
			}
		}
	}
}

// TestNamesOfAnyLanguageAreDeclined: a name that is of no language has the cases of the text's.
func TestNamesOfAnyLanguageAreDeclined(t *testing.T) {
	for _, c := range []struct{ name, lang, text string }{
		{"Merkel", "pl", "Premier spotkał się z kanclerzem i powiedział Merkelowi, że będzie współpraca"},
		{"Kowalski", "pl", "Premier spotkał się z Kowalskim i powiedział, że będzie współpraca"},
		{"Novotny", "cs", "Premiér se setkal s Novotným a řekl, že jednání bude pokračovat"},
		{"Лавров", "ru", "Министр Лавров встретился с Лавровым"},
	} {
		g := load(t, fmt.Sprintf("- {slug: x, kind: person, names: {\"*\": [%s]}}", c.name))
		if have := found(g, c.lang, c.text); len(have) == 0 {
			t.Errorf("%s is not found in %s", c.name, c.text)
		}
	}
}

// TestNamesThatAreNoCases: names that look like a case of another, and are none.
func TestNamesThatAreNoCases(t *testing.T) {
	for _, c := range []struct{ lang, name, others string }{
		{"ru", "Вадим", "Вада Вадой"},
		{"ru", "Роттердам", "Роттерд Роттердов"},
		{"ru", "Мали", "Малый Мала Малом"},
		{"ru", "Осло", "Осла Ослом"},
		{"pl", "Lewandowski", "Lewandowska Lewandowskiej"},
		{"pl", "Mali", "Mała Małego"},
		{"pl", "Zurych", "Zur Zurami"},
		{"cs", "Vojtěch", "Vojta Vojtou"},
		{"cs", "Beneš", "Benešov"},
		{"cs", "Meško", "Mešita"},
		{"hr", "Panama", "Pan Pana"},
		{"tr", "Irak", "Iraka Irakın"},
		{"fi", "Berliini", "Berliiniläinen"},
		{"lt", "Kaunas", "Kaunietis"},
		{"el", "Κύπρος", "Κύπριος Κυπρία"},
		{"he", "רות", "כשרות"},
	} {
		g := load(t, fmt.Sprintf("- {slug: x, kind: place, names: {%s: [%s]}}", c.lang, c.name))
		for _, other := range strings.Fields(c.others) {
			if have := found(g, c.lang, fmt.Sprintf("2024. %s, 25.", other)); len(have) > 0 {
				t.Errorf("%s: %s meets %s", c.lang, other, c.name)
			}
		}
	}
}
