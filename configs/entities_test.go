package configs_test

import (
	"slices"
	"strings"
	"testing"

	"wirewatch/configs"
	"wirewatch/filter/entity"
	"wirewatch/filter/text"
)

func starter(t *testing.T) *entity.Gazetteer {
	t.Helper()
	names, err := configs.Entities()
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestStarterEntities holds the pack to what its README promises.
func TestStarterEntities(t *testing.T) {
	names := starter(t)
	if n := len(names.All()); n < 800 {
		t.Errorf("%d entities, want at least 800", n)
	}
	for _, e := range names.All() {
		for _, lang := range []string{"ar", "en", "fr", "ru", "es", "zh"} {
			if e.Label[lang] == "" {
				t.Errorf("@%s has no name in %s", e.Slug, lang)
			}
		}
		if e.Parent != "" {
			if _, ok := names.Lookup(e.Parent); !ok {
				t.Errorf("@%s is part of @%s, which is not there", e.Slug, e.Parent)
			}
		}
		for _, n := range e.Alias {
			if n.Weak && e.Parent == "" && !slices.ContainsFunc(e.Need, func(c entity.Name) bool { return c.Lang == n.Lang || c.Lang == entity.Any }) {
				t.Errorf("@%s: %q is weak, and nothing in %s can support it", e.Slug, n.Text, n.Lang)
			}
		}
	}
	for _, slug := range strings.Fields(`geneva security-guarantees nato un russia usa syria ukraine
		uk uae saudi-arabia iran israel palestine gaza eu security-council georgia georgia-us who`) {
		if _, ok := names.Lookup(slug); !ok {
			t.Errorf("@%s is missing", slug)
		}
	}
}

// mention is a sentence and the entities it does and does not mention.
type mention struct {
	lang, text string
	yes, no    string // slugs
}

// TestMentions reads sentences as agencies write them.
func TestMentions(t *testing.T) {
	names := starter(t)
	for _, m := range mentions {
		found := slugsIn(names, m.text, m.lang)
		for _, slug := range strings.Fields(m.yes) {
			if !slices.Contains(found, slug) {
				t.Errorf("%s: @%s is not found in: %s", m.lang, slug, m.text)
			}
		}
		for _, slug := range strings.Fields(m.no) {
			if slices.Contains(found, slug) {
				t.Errorf("%s: @%s is found in: %s", m.lang, slug, m.text)
			}
		}
	}
}

// slugsIn lists the entities that a text in a known language mentions.
func slugsIn(names *entity.Gazetteer, src, lang string) []string {
	s := text.New()
	s.Add(src)
	s.Index(lang, true)
	var slugs []string
	for _, m := range names.Find(s) {
		slugs = append(slugs, m.Entity.Slug)
	}
	return slugs
}

// TestNamesAreFound puts every name that is not weak into a sentence. A name that
// another entity's longer name or a negative name swallows is a mistake of the pack.
func TestNamesAreFound(t *testing.T) {
	names := starter(t)
	frame := map[string]string{
		"ar": "هذا ما قيل %s وانتهى",
		"en": "Then they said %s and so it was",
		"fr": "On a dit %s et puis rien",
		"ru": "Тогда сказали %s и ушли",
		"es": "Luego dijo %s y nada",
		"zh": "他说，%s，然后走了",
		"de": "Dann sagte er %s und ging",
		"tr": "Sonra %s dedi ve gitti",
		"fa": "سپس گفت %s و رفت",
		"he": "ואז אמרו %s והלכו",
		"uk": "Тоді сказали %s і пішли",
	}
	for _, e := range names.All() {
		for _, n := range e.Alias {
			sentence, ok := frame[n.Lang]
			if !ok || n.Weak {
				continue
			}
			if src := strings.Replace(sentence, "%s", n.Text, 1); !slices.Contains(slugsIn(names, src, n.Lang), e.Slug) {
				t.Errorf("%s: @%s is not found by its name in: %s", n.Lang, e.Slug, src)
			}
		}
	}
}

var mentions = []mention{
	{"ar", "وصل الوفد الروسي إلى جنيف لبحث الضمانات الأمنية مع واشنطن", "geneva security-guarantees washington", "geneva-conventions nato"},
	{"ar", "موسكو تطالب بضمانات أمنية مكتوبة وترفض توسيع حلف الناتو شرقا", "moscow security-guarantees nato", "geneva"},
	{"ar", "المفاوضات بجنيف انتهت والوفدان غادرا للتشاور مع روسيا وأوكرانيا", "geneva russia ukraine", "security-guarantees"},
	{"ar", "النجمة جنيفر تصل إلى مهرجان السينما", "", "geneva"},
	{"ar", "بيان يذكر باتفاقيات جنيف وحماية المدنيين في الحرب", "geneva-conventions", "geneva"},
	{"ar", "مجلس الأمن الدولي يصوت للأمم المتحدة على قرار لسوريا", "security-council un syria", ""},
	{"ar", "السلطان هيثم بن طارق يستقبل في مسقط وزير خارجية إيران ويؤكد حياد عمان", "oman muscat iran", "amman"},
	{"ar", "العاهل الأردني يستقبل في عمان وفدا من الأردن وسوريا", "amman jordan syria", "oman"},
	{"ar", "البنك المركزي يعلن دعما ماليا وتقريره مالي بحت", "", "mali"},
	{"ar", "انقلاب عسكري في مالي والجيش يسيطر على العاصمة باماكو", "mali coup bamako", ""},
	{"ar", "الجيش الإسرائيلي يقصف غزة ونتنياهو يرفض وقف إطلاق النار", "idf gaza netanyahu ceasefire", "rafah"},
	{"ar", "منظمة الصحة العالمية تحذر من تفشي الكوليرا في السودان", "who epidemic sudan", "south-sudan"},
	{"ar", "منتخب الأرجنتين يفوز بلقب كوبا أمريكا", "", "cuba usa"},
	{"ar", "انقلاب قطار قرب المدينة وإصابة ركاب", "", "coup"},
	{"ar", "أمير قطر يزور العاصمة بعد لقاء الملك عبد الله الثاني في الأردن", "qatar qatari-emir king-abdullah jordan", ""},
	{"ar", "ريابكوف: لا تقدم في الحوار مع الولايات المتحدة الأمريكية", "ryabkov usa", "lavrov"},

	{"en", "Russia and the U.S. open talks in Geneva on security guarantees for Ukraine", "russia usa geneva security-guarantees ukraine", "un nato"},
	{"en", "The army must respect the Geneva Conventions, lawyers said", "geneva-conventions", "geneva"},
	{"en", "Fire destroys a school in Geneva, Illinois, officials said", "", "geneva"},
	{"en", "Tell us who is coming and what they want from us", "", "who usa"},
	{"en", "The WHO said the outbreak in Chad was under control, and refugees from Sudan were vaccinated", "who chad sudan refugees", ""},
	{"en", "Chad Smith and his wife opened a bakery in the village", "", "chad"},
	{"en", "Voters in Georgia return to the polls as Atlanta counts ballots for the Senate", "georgia-us", "georgia"},
	{"en", "Georgia signs a trade agreement with Armenia, its parliament in Tbilisi said", "georgia armenia tbilisi", "georgia-us"},
	{"en", "King Abdullah of Jordan received the envoy in Amman", "jordan amman", ""},
	{"en", "Michael Jordan sold his house after two years", "", "jordan"},
	{"en", "It was a nice day and everybody in the town was happy", "", "nice"},
	{"en", "A truck attack in Nice shocked France and its president", "nice france", ""},
	{"en", "Drought hits ranchers in New Mexico and Texas", "drought texas", "mexico"},
	{"en", "Protests spread in Latin America after the vote in Peru", "latin-america peru protests", "usa"},
	{"en", "The court in The Hague issued an arrest warrant over war crimes", "the-hague arrest-warrant war-crimes", ""},
	{"en", "Zelenskyy asks NATO allies for air defence and thanks Britain", "zelensky nato missile-defence uk", ""},

	{"fr", "À Genève, Moscou réclame des garanties de sécurité et l'Otan temporise", "geneva moscow security-guarantees nato", ""},
	{"fr", "Le CICR invoque les Conventions de Genève", "red-cross geneva-conventions", "geneva"},
	{"fr", "L'Ukraine et les États-Unis discutent d'un cessez-le-feu à Djeddah", "ukraine usa ceasefire jeddah", ""},
	{"fr", "Les Émirats arabes unis et l'Arabie saoudite annoncent une baisse de la production", "uae saudi-arabia", ""},

	{"ru", "В Женеве прошли переговоры России и США о гарантиях безопасности", "geneva russia usa security-guarantees", ""},
	{"ru", "Москва ждет юридических гарантий безопасности и отказа от расширения НАТО", "moscow security-guarantees nato", "geneva"},
	{"ru", "Лавров и Рябков провели встречу с послом Китая в Пекине", "lavrov ryabkov china beijing", ""},
	{"ru", "Южная Корея и Гвинея открыли посольства, о Корее и Гвинее говорили в Кито", "south-korea guinea quito", "china"},
	{"ru", "Зеленского пригласили в Белый дом, сообщили в Киеве", "zelensky white-house kyiv", ""},
	{"ru", "По итогам того года газа стало больше, а перо и мать-и-мачеха ни при чем", "", "togo gaza peru"},
	{"ru", "Израиль нанес удары по сектору Газа, ХАМАС обвинил армию", "israel gaza hamas", ""},
	{"ru", "Совет Безопасности ООН обсудил ситуацию в Сирии и санкции против Египта", "security-council syria sanctions egypt", ""},

	{"es", "Rusia y EE.UU. discuten en Ginebra garantías de seguridad para Ucrania", "russia usa geneva security-guarantees ukraine", ""},
	{"es", "Sin embargo, la inflación bajó y el turista paseó por los Campos Elíseos", "inflation", "embargo elysee"},
	{"es", "El presidente pidió el alto el fuego en Gaza ante la ONU", "ceasefire gaza un", ""},

	{"zh", "俄美代表在日内瓦就安全保障问题举行会谈", "geneva security-guarantees", ""},
	{"zh", "南美国家领导人在利马开会", "lima", "usa"},
	{"zh", "昨天上海地区下了大雨", "shanghai", "haiti"},
	{"zh", "索马里海盗再次出现", "somalia", "mali"},
	{"zh", "泽连斯基在基辅会见北约秘书长", "zelensky kyiv nato nato-secretary-general", ""},
	{"zh", "这件事以军事手段无法解决", "", "idf"},
	{"zh", "有人质疑这项计划，可能违反导致事故的规定", "", "hostages missile-defence"},
	{"zh", "普丁在日內瓦與美國總統會談", "putin geneva usa", ""},

	{"de", "In Genf verhandeln Russland und die USA über Sicherheitsgarantien für die Ukraine", "geneva russia usa security-guarantees ukraine", ""},
	{"de", "Die Genfer Konventionen gelten auch in diesem Krieg", "geneva-conventions", "geneva"},
	{"de", "Die Sendung Love Island läuft wieder, sagte die Moderatorin", "", "iceland"},
	{"tr", "Rusya ile ABD Cenevre'de güvenlik garantilerini görüştü", "russia usa geneva security-guarantees", ""},
	{"tr", "Erdoğan, Ankara'da Ukrayna heyetini kabul etti", "erdogan ankara ukraine", ""},
	{"fa", "مذاکرات روسیه و آمریکا در ژنو درباره تضمین‌های امنیتی پایان یافت", "russia usa geneva security-guarantees", ""},
	{"fa", "کشور در آستانه انتخابات است و دولت گزارش مالی خود را منتشر کرد", "election", "astana mali"},
	{"he", "רוסיה וארצות הברית דנו בז'נבה בערבויות ביטחוניות לאוקראינה", "russia usa geneva security-guarantees ukraine", ""},
	{"he", "הרב התפלל בבית הכנסת בירושלים", "jerusalem", "knesset"},
	{"uk", "У Женеві Росія та США обговорили гарантії безпеки для України", "russia usa geneva security-guarantees ukraine", ""},
	{"uk", "Зеленський закликав союзників у Києві посилити санкції", "zelensky kyiv sanctions", ""},
}
