package page

import "testing"

func TestDateline(t *testing.T) {
	for _, c := range []struct{ line, place, rest string }{
		// Arabic
		{"جنيف-سانا دعا رئيس الوفد إلى الحوار.", "جنيف-سانا", "دعا رئيس الوفد إلى الحوار."},
		{"جنيف-سانا", "جنيف-سانا", ""},
		{"جنيف 10 يناير (رويترز) - انتهت المحادثات.", "جنيف 10 يناير (رويترز)", "انتهت المحادثات."},
		{"بيروت – رويترز: قال مصدر.", "بيروت – رويترز", "قال مصدر."},
		{"(أ ف ب) - قال مصدر.", "(أ ف ب)", "قال مصدر."},
		{"سانا – دمشق: بحث الوزير الملف.", "سانا – دمشق", "بحث الوزير الملف."},
		{"الرياض 26 شوال 1436 هـ الموافق 11 أغسطس 2015 م واس", "الرياض 26 شوال 1436 هـ الموافق 11 أغسطس 2015 م واس", ""},
		{"قال المتحدث لوكالة رويترز إن المحادثات مستمرة.", "", ""},
		{"لمتابعة الملف اجتمع الوزير مع نظيره في جنيف.", "", ""},
		{"ريابكوف: لن نقبل بأي تنازل.", "", ""},
		// Latin
		{"GENEVA (Reuters) — Talks ended on Monday.", "GENEVA (Reuters)", "Talks ended on Monday."},
		{"GENEVA, Jan 10 (Xinhua) -- Talks ended.", "GENEVA, Jan 10 (Xinhua)", "Talks ended."},
		{"WASHINGTON/GENEVA, Jan. 10 (Reuters) - Talks ended.", "WASHINGTON/GENEVA, Jan. 10 (Reuters)", "Talks ended."},
		{"KYIV. January 10 (Interfax-Ukraine) – Talks ended.", "KYIV. January 10 (Interfax-Ukraine)", "Talks ended."},
		{"GENEVA — Russia and the United States ended talks.", "GENEVA", "Russia and the United States ended talks."},
		{"Genève (awp/ats) - Les pourparlers ont pris fin.", "Genève (awp/ats)", "Les pourparlers ont pris fin."},
		{"GENÈVE, 10 janvier (AFP) - Les pourparlers ont pris fin.", "GENÈVE, 10 janvier (AFP)", "Les pourparlers ont pris fin."},
		{"Genf (dpa) - Die Gespräche sind beendet.", "Genf (dpa)", "Die Gespräche sind beendet."},
		{"Ginebra, 10 ene (EFE).- Las conversaciones terminaron.", "Ginebra, 10 ene (EFE)", "Las conversaciones terminaron."},
		{"Reuters reported on Monday that talks had ended.", "", ""},
		{"An ex-AP reporter said that talks - the third round - had ended.", "", ""},
		{"BREAKING — Talks end in Geneva without a result.", "", ""},
		{"The talks - the third this year - ended on Monday.", "", ""},
		{"On 10 January the talks ended.", "", ""},
		// Cyrillic
		{"ЖЕНЕВА, 10 янв — РИА Новости. Переговоры завершились.", "ЖЕНЕВА, 10 янв — РИА Новости", "Переговоры завершились."},
		{"ЖЕНЕВА, 10 января. /ТАСС/. Переговоры завершились.", "ЖЕНЕВА, 10 января. /ТАСС/", "Переговоры завершились."},
		{"Женева. 10 января. ИНТЕРФАКС - Переговоры завершились.", "Женева. 10 января. ИНТЕРФАКС", "Переговоры завершились."},
		{"КИЇВ. 10 січня. УНН. Переговори завершилися.", "КИЇВ. 10 січня. УНН", "Переговори завершилися."},
		{"Переговоры, сообщает ТАСС, завершились.", "", ""},
		// East Asia
		{"新华社日内瓦1月10日电 会谈结束。", "新华社日内瓦1月10日电", "会谈结束。"},
		{"（中央社日內瓦10日綜合外電報導）會談結束。", "（中央社日內瓦10日綜合外電報導）", "會談結束。"},
		{"【ジュネーブ共同】会談が終わった。", "【ジュネーブ共同】", "会談が終わった。"},
		{"(제네바=연합뉴스) 회담이 끝났다.", "(제네바=연합뉴스)", "회담이 끝났다."},
		{"会谈于1月10日结束。", "", ""},
		{"", "", ""},
	} {
		place, rest := dateline(c.line)
		if place != c.place || rest != c.rest && c.place != "" {
			t.Errorf("%s:\n got %q, %q\nwant %q, %q", c.line, place, rest, c.place, c.rest)
		}
	}
}
