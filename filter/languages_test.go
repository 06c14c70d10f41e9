package filter

import (
	"strings"
	"testing"
)

// event is one event as newsrooms of many languages would write it, and what the
// rule @geneva AND @security-guarantees shows as evidence.
var event = []struct {
	lang           string
	in             Input
	geneva, topics string // evidence texts that must be among the hits
}{
	{"en", Input{Title: "Talks on security guarantees end in Geneva", Body: "Delegations of both countries met for seven hours."}, "Geneva", "security guarantees"},
	{"en", Input{Title: "Geneva's day of diplomacy", Body: "Moscow had asked for legally binding security guarantees."}, "Geneva", "security guarantees"},
	{"fr", Input{Title: "À Genève, des discussions sans percée", Body: "Les garanties de sécurité demandées par Moscou restent au centre de la rencontre."}, "Genève", "garanties de sécurité"},
	{"fr", Input{Title: "Une rencontre à Genève", Body: "Moscou exige une garantie de sécurité écrite, selon les diplomates."}, "Genève", "garantie de sécurité"},
	{"ru", Input{Title: "Переговоры о гарантиях безопасности завершились в Женеве", Body: "Стороны обсуждали их семь часов."}, "Женеве", "гарантиях безопасности"},
	{"ru", Input{Title: "Россия ждёт ответа", Body: "Встреча прошла под Женевой. Без гарантий безопасности Москва не согласится."}, "Женевой", "гарантий безопасности"},
	{"uk", Input{Title: "Переговори у Женеві", Body: "Україна наполягає на гарантіях безпеки, які мають надати партнери."}, "Женеві", "гарантіях безпеки"},
	{"uk", Input{Title: "Зустріч у Женеві тривала сім годин", Body: "Ідеться про надання гарантій безпеки, повідомили дипломати."}, "Женеві", "гарантій безпеки"},
	{"es", Input{Title: "Ginebra acoge el diálogo", Body: "Las garantías de seguridad fueron el tema principal de la reunión."}, "Ginebra", "garantías de seguridad"},
	{"de", Input{Title: "Gespräche in Genf ohne Ergebnis", Body: "Moskau fordert Sicherheitsgarantien von der Allianz."}, "Genf", "Sicherheitsgarantien"},
	{"de", Input{Title: "Genfs langer Tag", Body: "Die Delegationen sprachen über eine Sicherheitsgarantie und über Abrüstung."}, "Genfs", "Sicherheitsgarantie"},
	{"it", Input{Title: "A Ginevra sette ore di colloqui", Body: "Al centro dell'incontro le garanzie di sicurezza chieste da Mosca."}, "Ginevra", "garanzie di sicurezza"},
	{"pl", Input{Title: "Rozmowy w Genewie", Body: "Delegacje rozmawiały o gwarancjach bezpieczeństwa przez siedem godzin."}, "Genewie", "gwarancjach bezpieczeństwa"},
	{"cs", Input{Title: "Jednání v Ženevě skončila", Body: "Delegace mluvily o bezpečnostních zárukách, které žádá Moskva."}, "Ženevě", "bezpečnostních zárukách"},
	{"tr", Input{Title: "Cenevre'de görüşmeler sona erdi", Body: "Taraflar güvenlik garantilerini yedi saat boyunca konuştu."}, "Cenevre", "güvenlik garantilerini"},
	{"tr", Input{Title: "Cenevre'deki toplantı", Body: "Rusya güvenlik garantileri istiyor ve bunun için bir metin sundu."}, "Cenevre", "güvenlik garantileri"},
	{"ar", Input{Title: "محادثات طويلة في جنيف", Body: "طالبت موسكو بالضمانات الأمنية المكتوبة."}, "جنيف", "بالضمانات الأمنية"},
	{"ar", Input{Title: "وجنيف تستضيف اللقاء", Body: "لا اتفاق على ضمانات أمنية بعد."}, "وجنيف", "ضمانات أمنية"},
	{"fa", Input{Title: "گفتگوها در ژنو پایان یافت", Body: "دو طرف درباره تضمین‌های امنیتی گفتگو کردند."}, "ژنو", "تضمین‌های امنیتی"},
	{"fa", Input{Title: "نشست ژنو", Body: "مسکو خواستار تضمین امنیتی شد و پاسخی نگرفت."}, "ژنو", "تضمین امنیتی"},
	{"he", Input{Title: "השיחות בז'נבה הסתיימו", Body: "מוסקבה דורשת את הערבויות הביטחוניות בכתב."}, "בז'נבה", "הערבויות הביטחוניות"},
	{"zh", Input{Title: "日内瓦会谈结束", Body: "双方就安全保障问题谈了七个小时。"}, "日内瓦", "安全保障"},
	{"zh", Input{Title: "日內瓦會談結束", Body: "雙方就安全保證問題談了七個小時。"}, "日內瓦", "安全保證"},
	{"ja", Input{Title: "ジュネーブで会談", Body: "双方は安全の保証について七時間話し合った。"}, "ジュネーブ", "安全の保証"},
	{"ko", Input{Title: "제네바에서 회담", Body: "양측은 안전 보장을 두고 일곱 시간 논의했다."}, "제네바에서", "안전 보장을"},
}

func TestOneEventInManyLanguages(t *testing.T) {
	names := pack(t)
	q := mustParse(t, "@geneva AND @security-guarantees", names)
	for _, c := range event {
		d := Analyse(c.in, names)
		if d.Lang() != c.lang {
			t.Errorf("%s: language %q, want %s", c.in.Title, d.Lang(), c.lang)
		}
		e, ok := q.Match(d)
		if !ok {
			t.Errorf("%s: %s: no match (%v)", c.lang, c.in.Title, d.mentions)
			continue
		}
		if !shows(e, "@geneva", c.geneva) || !shows(e, "@security-guarantees", c.topics) {
			t.Errorf("%s: evidence %v, want %q and %q", c.lang, e, c.geneva, c.topics)
		}
	}
}

func shows(e Evidence, term, text string) bool {
	for _, h := range e {
		if h.Term == term && h.Text == text {
			return true
		}
	}
	return false
}

// TestOneEventStarterPack is the same with the names that ship.
func TestOneEventStarterPack(t *testing.T) {
	names := starter(t)
	q := mustParse(t, "@geneva AND @security-guarantees", names)
	for _, c := range event {
		if c.lang == "ja" || c.lang == "ko" || c.lang == "zh" {
			continue // not in the pack, or weak there: see below
		}
		if _, ok := q.Match(Analyse(c.in, names)); !ok {
			t.Errorf("%s: %s %s: no match", c.lang, c.in.Title, c.in.Body)
		}
	}
	zh := Input{Title: "俄美在日内瓦举行会谈", Body: "俄罗斯要求北约提供安全保障。"}
	if _, ok := q.Match(Analyse(zh, names)); !ok {
		t.Error("zh: no match")
	}
}

// TestNearMisses: what looks like the event and is not.
func TestNearMisses(t *testing.T) {
	names := pack(t)
	q := mustParse(t, "@geneva AND @security-guarantees", names)
	for _, in := range []Input{
		{Title: "Geneva motor show opens", Body: "Security was tight. Guarantees on new cars were extended."},
		{Title: "Security guarantees for Kyiv", Body: "Leaders met in Vienna."},
		{Title: "Security guarantees under the Geneva Conventions", Body: "Lawyers discussed Lake Geneva too."},
		{Title: "Geneva, Illinois, mayor wants security guarantees", Body: "The town in Illinois has a new police station."},
		{Title: "ضمانات أمنية للاعبين", Body: "قالت جنيفر لوبيز إن الحفل سيقام في موعده."},
		{Title: "جنيف تستضيف معرض السيارات", Body: "قدمت الشركات ضمانات للمشترين وأجهزة أمنية حديثة."},
		{Title: "Genf: Sicherheitsgarantiefonds gegründet", Body: "Der Fonds hilft Banken."},
		{Title: "Женевская конвенция", Body: "О гарантиях безопасности журналистов."},
		{Title: "日内瓦公约", Body: "安全保障"},
	} {
		if e, ok := q.Match(Analyse(in, names)); ok {
			t.Errorf("%s matches: %v", in.Title, e)
		}
	}
}

// wire is a report in the manner of an Arabic agency, written for this test: dateline,
// indefinite and definite phrases, clitics, a spelling with ى, a related block.
const wire = `انتهاء المحادثات الروسية الأمريكية بشأن الضمانات الأمنية في جنيف

جنيف-سانا

اختتمت روسيا والولايات المتحدة محادثاتهما بشأن الضمانات الأمنية بعد نهار طويل في جنيف.

واستضافت بعثة الولايات المتحدة في جنيف اللقاء، وحضره سيرغى ريابكوف وويندى شيرمان. وقال ريابكوف إن بلاده تنتظر ضمانات حقوقية بأن الناتو لن يتوسع، وإن حلف شمال الأطلسي يقترب من حدودها. وطالب بجواب.

وأضاف أن الناتو، أو حلف الناتو كما يسمى، وعد قبل أعوام بألا يتمدد، وأن وعد حلف الناتو لم يدون. وكتبت موسكو أن على حلف شمال الأطلسي أن يجيب عن الضمانات الأمنية كتابة.

وقالت شيرمان في جنيف إن أبواب الناتو مفتوحة، وإن للناتو قراره، وإن بوسع الناتو أن ينصت. ودعت إلى ضمانات أمنية متبادلة، وإلى بحث الضمانات الأمنية لاحقا، كما أن لحلف الناتو رأيه.

متابعة أخبار الوكالة على تلغرام

انظر ايضاً

وزير سوري يدعو من جنيف إلى رفع الحصار الجائر عن سورية

جنيف-سانا دعا الوزير إلى رفع الإجراءات أحادية …`

func TestWire(t *testing.T) {
	article, teaser := splitWire(wire)
	if !strings.HasPrefix(article.Dateline, "جنيف") || teaser.Title == "" {
		t.Fatalf("split: %+v %+v", article, teaser)
	}
	checkProof(t, article, teaser)
}

// TestLanguageCodesAreOne: whatever code a language is written with in a rule, it is the one
// that the rule prints and that articles have.
func TestLanguageCodesAreOne(t *testing.T) {
	for code, want := range map[string]string{"heb": "he", "iw": "he", "HE-il": "he", "ind": "id", "yid": "yi", "nob": "no", "nno": "no", "mol": "ro", "zho": "zh", "ara": "ar", "fas": "fa"} {
		if got, ok := languageCode(code); got != want || !ok {
			t.Errorf("%s is %q, want %s", code, got, want)
		}
	}
	const letters = "abcdefghijklmnopqrstuvwxyz"
	for i := range len(letters) * len(letters) * (len(letters) + 1) {
		code := letters[i%26:i%26+1] + letters[i/26%26:i/26%26+1]
		if third := i / 26 / 26; third > 0 {
			code += letters[third-1 : third]
		}
		one, ok := languageCode(code)
		if again, _ := languageCode(one); ok && again != one {
			t.Errorf("%s is %s, and that is %s", code, one, again)
		}
	}
}
