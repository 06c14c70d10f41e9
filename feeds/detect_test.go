package feeds

import (
	bits "encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"
)

// samples are texts of a sentence or two by the encoding that they are sent in
// (and a word more where that is not enough for a key), with their language.
var samples = map[string][2]string{
	"big5":            {"zh-tw", "台灣總統府今天宣布新的經濟政策，並且表示政府將在明年提高最低工資。立法院討論了預算案。"},
	"gb2312":          {"zh-cn", "中国国家主席今天在北京会见了来访的法国总统，双方就经济合作和气候变化问题交换了意见。"},
	"gb18030":         {"zh-cn", "新华社北京电 国务院总理今天主持召开会议，研究部署下一步经济工作。"},
	"euc-jp":          {"ja", "東京で今日、政府は新しい経済政策を発表しました。首相は記者会見で来年の見通しを述べた。"},
	"shift_jis":       {"ja", "東京で今日、政府は新しい経済政策を発表しました。首相は記者会見で来年の見通しを述べた。"},
	"iso-2022-jp":     {"ja", "東京で今日、政府は新しい経済政策を発表しました。"},
	"euc-kr":          {"ko", "서울에서 오늘 정부는 새로운 경제 정책을 발표했다. 대통령은 기자회견에서 내년 전망을 밝혔다."},
	"koi8-r":          {"ru", "Сегодня в Москве президент встретился с министром иностранных дел Франции и обсудил положение."},
	"windows-1251":    {"ru", "Сегодня в Москве президент встретился с министром иностранных дел Франции и обсудил положение."},
	"iso-8859-5":      {"ru", "Сегодня в Москве президент встретился с министром иностранных дел Франции и обсудил положение."},
	"ibm866":          {"ru", "Сегодня в Москве президент встретился с министром иностранных дел Франции и обсудил положение."},
	"x-mac-cyrillic":  {"ru", "Сегодня в Москве президент встретился с министром иностранных дел Франции и обсудил положение."},
	"windows-1255":    {"he", "ראש הממשלה נפגש היום בירושלים עם שר החוץ של צרפת ודן במצב הכלכלי"},
	"iso-8859-8":      {"he", "ראש הממשלה נפגש היום בירושלים עם שר החוץ של צרפת ודן במצב הכלכלי"},
	"windows-1256":    {"ar", "أعلنت وزارة الخارجية السورية اليوم في دمشق أن الوفد سيصل غداً إلى جنيف للمشاركة في المحادثات"},
	"iso-8859-6":      {"ar", "أعلنت وزارة الخارجية السورية اليوم في دمشق أن الوفد سيصل غدا إلى جنيف للمشاركة في المحادثات"},
	"windows-1253":    {"el", "Ο πρωθυπουργός συναντήθηκε σήμερα στην Αθήνα με τον υπουργό Εξωτερικών της Γαλλίας"},
	"iso-8859-7":      {"el", "Ο πρωθυπουργός συναντήθηκε σήμερα στην Αθήνα με τον υπουργό Εξωτερικών της Γαλλίας"},
	"windows-874":     {"th", "นายกรัฐมนตรีพบกับรัฐมนตรีต่างประเทศฝรั่งเศสวันนี้ที่กรุงเทพฯ เพื่อหารือเรื่องเศรษฐกิจ"},
	"windows-1254":    {"tr", "Cumhurbaşkanı bugün Ankara'da Fransa Dışişleri Bakanı ile görüştü; ekonomik işbirliği ve güvenlik konuları ele alındı"},
	"windows-1250":    {"pl", "Premier spotkał się dziś w Warszawie z ministrem spraw zagranicznych Francji; rozmawiali o współpracy gospodarczej i sytuacji na świecie, źródła mówią"},
	"iso-8859-2":      {"cs", "Předseda vlády se dnes v Praze sešel s ministrem zahraničí Francie; jednali o hospodářské spolupráci a žádali větší úsilí"},
	"windows-1252":    {"fr", "Le Premier ministre a rencontré aujourd’hui à Paris le ministre des Affaires étrangères ; ils ont évoqué l’économie européenne et la sécurité"},
	"iso-8859-1":      {"de", "Der Bundeskanzler traf heute in München den französischen Außenminister; über die Wirtschaftslage äußerte er sich zurückhaltend"},
	"windows-1257":    {"lt", "Ministras pirmininkas šiandien Vilniuje susitiko su Prancūzijos užsienio reikalų ministru; aptarė ūkio būklę ir žmonių gerovę"},
	"windows-1258":    {"vi", "Paris"},
	"windows-1251 uk": {"uk", "Сьогодні у Києві президент зустрівся з міністром закордонних справ Франції; обговорили економічну співпрацю"},
	"koi8-u":          {"uk", "Сьогодні у Києві президент зустрівся з міністром закордонних справ Франції; обговорили економічну співпрацю"},
	"windows-1251 bg": {"bg", "Министър-председателят се срещна днес в София с външния министър на Франция и обсъдиха икономиката"},
	"iso-8859-9":      {"tr", "Cumhurbaşkanı bugün Ankara'da Fransa Dışişleri Bakanı ile görüştü; ekonomik işbirliği ve güvenlik konuları ele alındı"},
}

// A legacy encoding that nobody declares, or that is declared wrongly, is found out.
func TestUndeclaredEncodings(t *testing.T) {
	// Near relatives of the Western encoding cannot be told from it without a language.
	relatives := map[string]bool{"windows-1250": true, "iso-8859-2": true, "windows-1254": true, "iso-8859-9": true, "windows-1257": true}
	for key, s := range samples {
		label, _, _ := strings.Cut(key, " ")
		language := "<language>" + s[0] + "</language>"
		for name, doc := range map[string]string{
			"undeclared, with a language": language,
			"undeclared":                  "",
			"declared as utf-8":           `<?xml version="1.0" encoding="utf-8"?>`,
			"declared as us-ascii":        `<?xml version="1.0" encoding="us-ascii"?>`,
			"declared as latin1":          `<?xml version="1.0" encoding="iso-8859-1"?>`,
		} {
			if relatives[label] && doc != language {
				continue
			}
			doc += `<rss version="2.0"><channel><title>Wire</title>` + `<item><title>` + s[1] + `</title></item></channel></rss>`
			if rest, ok := strings.CutPrefix(doc, language); ok {
				doc = strings.Replace(rest, "<item>", language+"<item>", 1)
			}
			d, err := Parse(mustEncode(t, label, doc), nil, "")
			if err != nil {
				t.Errorf("%s %s: %v", key, name, err)
				continue
			}
			if got := d.Articles[0].Title; got != s[1] {
				t.Errorf("%s %s: read as %s: %.60q", key, name, d.Encoding, got)
			}
		}
	}
}

// The language decides between Western letters and those of its own alphabet,
// where the declaration is the one that servers put everywhere.
func TestTheLanguageTellsRelatives(t *testing.T) {
	for label, s := range map[string][2]string{
		"windows-1254": {"tr", "Cumhurbaşkanı görüştü; güvenlik ve işbirliği ele alındı"},
		"windows-1250": {"pl", "Źródła mówią o współpracy gospodarczej"},
		"windows-1257": {"lt", "Šiandien Vilniuje susitiko su Prancūzijos ministru"},
		"windows-1252": {"de", "Über die Wirtschaftslage äußerte er sich zurückhaltend"},
	} {
		doc := `<?xml version="1.0" encoding="iso-8859-1"?><rss version="2.0"><channel><language>` + s[0] + `</language><item><title>` + s[1] + `</title></item></channel></rss>`
		d, err := Parse(mustEncode(t, label, doc), nil, "")
		if err != nil || d.Articles[0].Title != s[1] {
			t.Errorf("%s: %v, %+v", label, err, d)
		}
	}
}

// UTF-16 and UTF-32 are read with a mark of their order and without, whatever is declared.
func TestWideCharacters(t *testing.T) {
	const title = "Женева 日内瓦"
	for _, label := range []string{"utf-16", "utf-16le", "utf-16be", "ucs-2", "iso-10646-ucs-2", "utf-32", "utf-8", ""} {
		doc := `<?xml version="1.0" encoding="` + label + `"?><rss version="2.0"><channel><title>W</title><item><title>` + title + `</title></item></channel></rss>`
		for _, mark := range []string{"\uFEFF", ""} {
			for name, order := range map[string]bits.AppendByteOrder{"le": bits.LittleEndian, "be": bits.BigEndian} {
				var two, four []byte
				for _, r := range mark + doc {
					four = order.AppendUint32(four, uint32(r))
					for _, unit := range utf16.Encode([]rune{r}) {
						two = order.AppendUint16(two, unit)
					}
				}
				for width, raw := range map[string][]byte{"utf-16": two, "utf-32": four} {
					d, err := Parse(raw, nil, "")
					if err != nil || d.Encoding != width+name || d.Articles[0].Title != title {
						t.Errorf("%s%s as %q, mark %q: %v, %+v", width, name, label, mark, err, d)
					}
				}
			}
		}
	}
}

// Whatever comes, what is decoded is text that XML allows, and the name of an
// encoding that there is.
func FuzzDecode(f *testing.F) {
	for key, s := range samples {
		label, _, _ := strings.Cut(key, " ")
		if enc, _ := lookup(label); enc != nil {
			raw, err := enc.NewEncoder().String(`<?xml version="1.0" encoding="` + label + `"?><a>` + s[1] + `</a>`)
			if err == nil {
				f.Add([]byte(raw), "text/xml")
				f.Add([]byte(raw), "text/xml; charset=utf-8")
			}
		}
	}
	f.Add([]byte("\xFE\xFF\x00<"), "")
	f.Add([]byte("\x1b$B"), "text/xml; charset=iso-2022-jp")
	f.Fuzz(func(t *testing.T, doc []byte, contentType string) {
		text, name, _ := decode(doc, contentType)
		if enc, _ := lookup(name); enc == nil && !strings.HasPrefix(name, "utf-32") {
			t.Errorf("%q: nobody knows %q", doc, name)
		}
		text, _ = clean(text, false)
		for _, r := range string(text) {
			if !legal(r) {
				t.Fatalf("%q as %s: %q is not legal", doc, name, r)
			}
		}
	})
}
