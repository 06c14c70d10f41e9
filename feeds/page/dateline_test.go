package page

import (
	"testing"
	"unicode"
)

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
		{"رام الله 10-1-2022 وفا- انتهت المحادثات.", "رام الله 10-1-2022 وفا", "انتهت المحادثات."},
		{"جنيف في 10 يناير / وام / انتهت المحادثات.", "جنيف في 10 يناير / وام /", "انتهت المحادثات."},
		{"جنيف – انتهت المحادثات مساء اليوم دون التوصل إلى نتيجة.", "جنيف", "انتهت المحادثات مساء اليوم دون التوصل إلى نتيجة."},
		{"إيران – التي وقعت الاتفاق قبل سنوات – ترفض التفاوض من جديد.", "", ""},
		{"قال الوزير: «المحادثات – وهي الثالثة هذا العام – مستمرة».", "", ""},
		// Persian, Hebrew, Turkish
		{"ژنو - ایرنا - مذاکرات پایان یافت.", "ژنو - ایرنا", "مذاکرات پایان یافت."},
		{"تهران- ایرنا- وزیر امور خارجه گفت.", "تهران- ایرنا", "وزیر امور خارجه گفت."},
		{"به گزارش ایرنا از ژنو، مذاکرات پایان یافت.", "به گزارش ایرنا از ژنو", "مذاکرات پایان یافت."},
		{"به گزارش کارشناسان، مذاکرات پایان یافت.", "", ""},
		{"ז'נבה (רויטרס) - השיחות הסתיימו.", "ז'נבה (רויטרס)", "השיחות הסתיימו."},
		{"ז'נבה - השיחות הסתיימו אמש ללא הסכמה בין הצדדים.", "ז'נבה", "השיחות הסתיימו אמש ללא הסכמה בין הצדדים."},
		{"ז'נבה - עיר של שיחות - מארחת את המשלחות השבוע.", "", ""},
		{"CENEVRE (AA) - Görüşmeler sona erdi.", "CENEVRE (AA)", "Görüşmeler sona erdi."},
		{"Cenevre/AA - Görüşmeler sona erdi.", "Cenevre/AA", "Görüşmeler sona erdi."},
		// Latin
		{"(AFP) Talks ended on Monday.", "(AFP)", "Talks ended on Monday."},
		{"RIYADH: The ministers met on Monday.", "RIYADH", "The ministers met on Monday."},
		{"NEW DELHI: The ministers met on Monday.", "NEW DELHI", "The ministers met on Monday."},
		{"WHO: The outbreak is over.", "", ""},
		{"Geneva, Switzerland – Talks ended on Monday without a result.", "Geneva, Switzerland", "Talks ended on Monday without a result."},
		{"Talks, however – they are the third – ended without a result.", "", ""},
		{"ALGER- Le président a reçu lundi les ministres.", "ALGER", "Le président a reçu lundi les ministres."},
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
		{"Москва. 10 января. INTERFAX.RU - Переговоры завершились.", "Москва. 10 января. INTERFAX.RU", "Переговоры завершились."},
		// East Asia
		{"日内瓦1月10日电 会谈结束。", "日内瓦1月10日电", "会谈结束。"},
		{"央视新闻客户端1月10日消息，会谈结束。", "央视新闻客户端1月10日消息", "，会谈结束。"},
		{"[ジュネーブ 10日 ロイター] - 会談が終わった。", "[ジュネーブ 10日 ロイター]", "会談が終わった。"},
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

func TestOrigin(t *testing.T) {
	for _, c := range []struct{ dateline, place, agency string }{
		{"جنيف-سانا", "جنيف", "سانا"},
		{"جنيف 10 يناير (رويترز)", "جنيف", "رويترز"},
		{"(أ ف ب)", "", "أ ف ب"},
		{"سانا – دمشق", "دمشق", "سانا"},
		{"رام الله 10-1-2022 وفا", "رام الله", "وفا"},
		{"الدوحة في 10 يناير /قنا/", "الدوحة", "قنا"},
		{"GENEVA (Reuters)", "GENEVA", "Reuters"},
		{"WASHINGTON/GENEVA, Jan. 10 (Reuters)", "WASHINGTON/GENEVA", "Reuters"},
		{"KYIV, Ukraine (AP)", "KYIV, Ukraine", "AP"},
		{"New Delhi [India], January 10 (ANI)", "New Delhi [India", "ANI"},
		{"Genève (awp/ats)", "Genève", "awp"},
		{"(AFP)", "", "AFP"},
		{"ЖЕНЕВА, 10 янв — РИА Новости", "ЖЕНЕВА", "РИА Новости"},
		{"10 января. /ТАСС/", "", "ТАСС"},
		{"Москва. 10 января. INTERFAX.RU", "Москва", "INTERFAX"},
		{"به گزارش ایرنا از ژنو", "ژنو", "ایرنا"},
		{"ז'נבה (רויטרס)", "ז'נבה", "רויטרס"},
		{"CENEVRE (AA)", "CENEVRE", "AA"},
		{"新华社日内瓦1月10日电", "日内瓦", "新华社"},
		{"日内瓦1月10日电", "日内瓦", ""},
		{"（法新社日內瓦10日電）", "日內瓦", "法新社"},
		{"(中央社記者王五日內瓦10日電)", "", "中央社"},
		{"【ジュネーブ共同】", "ジュネーブ", "共同"},
		{"[ジュネーブ 10日 ロイター]", "ジュネーブ", "ロイター"},
		{"(제네바=연합뉴스)", "제네바", "연합뉴스"},
		{"GENEVA", "GENEVA", ""},
		{"", "", ""},
	} {
		place, agency := Origin(c.dateline)
		if place != c.place || agency != c.agency {
			t.Errorf("%s: %q, %q; want %q, %q", c.dateline, place, agency, c.place, c.agency)
		}
	}
}

func TestIsWordRune(t *testing.T) {
	for r := rune(0); r < 0x3000; r++ {
		if want := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r); isWordRune(r) != want {
			t.Errorf("%U: %t", r, !want)
		}
	}
}
