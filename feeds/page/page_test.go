package page

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wirewatch/feeds"
)

func paragraphs(s ...string) string { return strings.Join(s, "\n\n") }

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		name string
		in   feeds.Article
		want feeds.Zones
	}{{
		name: "Arabic wire with a follow-us line and a related block",
		in: feeds.Article{
			Title: "ختام جولة المشاورات حول الأمن في فيينا",
			Body: paragraphs(
				"ختام جولة المشاورات حول الأمن في فيينا",
				"فيينا-سانا",
				"اختتمت في فيينا اليوم جولة من المشاورات حول الأمن.",
				"وقال رئيس الوفد إن لمتابعة الحوار أهمية كبيرة، وإن الطرفين اتفقا على لقاء آخر في الأسبوع المقبل.",
				"لمتابعة الملف سيجتمع الخبراء في العاصمة النمساوية نهاية الشهر لبحث التفاصيل الفنية.",
				"متابعة أخبار الوكالة على تلغرام https://t.me/wire_example",
				"انظر ايضاً",
				"وفد البلدية يزور جنيف",
				"جنيف-سانا زار وفد من البلدية مدينة جنيف لبحث التعاون في …",
			),
		},
		want: feeds.Zones{
			Title:    "ختام جولة المشاورات حول الأمن في فيينا",
			Dateline: "فيينا-سانا",
			Lead:     "اختتمت في فيينا اليوم جولة من المشاورات حول الأمن.",
			Body: paragraphs(
				"وقال رئيس الوفد إن لمتابعة الحوار أهمية كبيرة، وإن الطرفين اتفقا على لقاء آخر في الأسبوع المقبل.",
				"لمتابعة الملف سيجتمع الخبراء في العاصمة النمساوية نهاية الشهر لبحث التفاصيل الفنية.",
			),
			Boilerplate: "متابعة أخبار الوكالة على تلغرام https://t.me/wire_example",
			Related: paragraphs(
				"انظر ايضاً",
				"وفد البلدية يزور جنيف",
				"جنيف-سانا زار وفد من البلدية مدينة جنيف لبحث التعاون في …",
			),
		},
	}, {
		name: "English report with a link in mid-text",
		in: feeds.Article{
			Title:   "Talks end",
			Summary: "Two days of talks ended on Tuesday.",
			Body: paragraphs(
				"By Jane Doe",
				"GENEVA (Reuters) — Envoys of the two countries left the city on Tuesday without a statement, and neither side would say when they meet next.",
				"Read also: Ministers to meet in Oslo",
				"Diplomats said that the gap between the two sides remained wide, but that nobody had walked out of the room during the two days.",
				"See also",
				"Oslo prepares for ministers",
				"The next round is expected in the spring, officials of both sides said, although no place and no date have been agreed upon so far.",
				"Follow us on Facebook",
				"(Reporting by Jane Doe; Editing by John Roe)",
			),
		},
		want: feeds.Zones{
			Title:    "Talks end",
			Dateline: "GENEVA (Reuters)",
			Lead:     "Two days of talks ended on Tuesday.",
			Body: paragraphs(
				"Envoys of the two countries left the city on Tuesday without a statement, and neither side would say when they meet next.",
				"Diplomats said that the gap between the two sides remained wide, but that nobody had walked out of the room during the two days.",
				"The next round is expected in the spring, officials of both sides said, although no place and no date have been agreed upon so far.",
			),
			Related:     paragraphs("Read also: Ministers to meet in Oslo", "See also", "Oslo prepares for ministers"),
			Boilerplate: paragraphs("Follow us on Facebook", "(Reporting by Jane Doe; Editing by John Roe)", "By Jane Doe"),
		},
	}, {
		name: "Russian report",
		in: feeds.Article{
			Title: "Переговоры завершились",
			Body: paragraphs(
				"ЖЕНЕВА, 10 янв — РИА Новости. Делегации двух стран покинули Женеву.",
				"Стороны договорились продолжить работу, сообщил представитель одной из делегаций журналистам после встречи.",
				"Читайте также:",
				"В Осло готовятся к встрече министров",
				"Подписывайтесь на наш канал в Telegram",
			),
		},
		want: feeds.Zones{
			Title:       "Переговоры завершились",
			Dateline:    "ЖЕНЕВА, 10 янв — РИА Новости",
			Lead:        "Делегации двух стран покинули Женеву.",
			Body:        "Стороны договорились продолжить работу, сообщил представитель одной из делегаций журналистам после встречи.",
			Related:     paragraphs("Читайте также:", "В Осло готовятся к встрече министров"),
			Boilerplate: "Подписывайтесь на наш канал в Telegram",
		},
	}, {
		name: "French report, its body begins with its summary",
		in: feeds.Article{
			Title:   "Fin des pourparlers",
			Summary: "Les délégations des deux pays ont quitté Genève mardi soir…",
			Body: paragraphs(
				"GENÈVE, 10 janvier (AFP) - Les délégations des deux pays ont quitté Genève mardi soir sans communiqué.",
				"Aucune date n'a été fixée pour la suite.",
				"À lire aussi : Oslo se prépare à accueillir les ministres",
				"Suivez-nous sur nos réseaux",
			),
		},
		want: feeds.Zones{
			Title:       "Fin des pourparlers",
			Dateline:    "GENÈVE, 10 janvier (AFP)",
			Lead:        "Les délégations des deux pays ont quitté Genève mardi soir sans communiqué.",
			Body:        "Aucune date n'a été fixée pour la suite.",
			Related:     "À lire aussi : Oslo se prépare à accueillir les ministres",
			Boilerplate: "Suivez-nous sur nos réseaux",
		},
	}, {
		name: "a trailing teaser without a heading",
		in: feeds.Article{
			Title: "خبر",
			Body: paragraphs(
				"بحث الوزير مع نظيره ملفات المنطقة في لقاء استمر ساعتين.",
				"واتفق الجانبان على عقد لقاء آخر خلال الشهر المقبل في عاصمة أخرى.",
				"الوفد التقني يصل إلى جنيف",
				"جنيف-سانا وصل الوفد التقني إلى مدينة جنيف للمشاركة في …",
			),
		},
		want: feeds.Zones{
			Title:   "خبر",
			Lead:    "بحث الوزير مع نظيره ملفات المنطقة في لقاء استمر ساعتين.",
			Body:    "واتفق الجانبان على عقد لقاء آخر خلال الشهر المقبل في عاصمة أخرى.",
			Related: paragraphs("الوفد التقني يصل إلى جنيف", "جنيف-سانا وصل الوفد التقني إلى مدينة جنيف للمشاركة في …"),
		},
	}, {
		name: "a teaser is the whole article",
		in:   feeds.Article{Title: "Talks end", Summary: "GENEVA (AP) — Envoys left the city …"},
		want: feeds.Zones{Title: "Talks end", Dateline: "GENEVA (AP)", Lead: "Envoys left the city …"},
	}, {
		name: "WordPress signs its feed",
		in:   feeds.Article{Title: "Talks end", Summary: paragraphs("Envoys left.", "The post Talks end appeared first on Example News.")},
		want: feeds.Zones{Title: "Talks end", Lead: "Envoys left.", Boilerplate: "The post Talks end appeared first on Example News."},
	}, {
		name: "empty",
		want: feeds.Zones{},
	}} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, Split(c.in)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMarkersAreOnlyShortLines(t *testing.T) {
	for s, want := range map[string]lineKind{
		"انظر ايضاً": relatedHeading, "اقرأ أيضاً:": relatedHeading, "إقرأ أيضا: وصول الوفد إلى جنيف": relatedInline,
		"شاهد عيان قال إن الانفجار وقع قرب السوق.":                plainLine,
		"لمتابعة الوضع عن كثب أوفدت المنظمة خبراءها إلى المدينة.": plainLine,
		"تابع الوزير قائلاً إن المحادثات مستمرة حتى نهاية الشهر.": plainLine,
		"تابعونا على فيسبوك": boilerplateLine, "متابعة أخبارنا على تلغرام": boilerplateLine, "// انتهى //": boilerplateLine,
		"Related": relatedHeading, "Related:": relatedHeading, "Related parties agreed on Monday": plainLine, "Related parties agreed to talks.": plainLine,
		"Read more books, the minister told pupils.": plainLine, "READ MORE: Talks go on": relatedInline, "More from Example News": relatedHeading,
		"Watch: the moment the envoys arrived": relatedInline, "Watch your step, the envoy said": plainLine,
		"Subscribe to our newsletter": boilerplateLine, "Читайте также": relatedHeading, "Читайте также: Новости Осло": relatedInline,
		"По теме переговоров высказался министр иностранных дел, который заявил журналистам о готовности продолжать диалог на прежних условиях до конца года без изменений": plainLine,
		"Lesen Sie auch: Treffen in Oslo": relatedInline, "Leia também": relatedHeading, "Leggi anche": relatedHeading, "Czytaj także": relatedHeading,
		"İlgili Haberler": relatedHeading, "بیشتر بخوانید": relatedHeading, "یہ بھی پڑھیں": relatedHeading, "延伸閱讀": relatedHeading, "関連記事": relatedHeading,
		"相关阅读：会谈结束": relatedInline, "קראו גם": relatedHeading, "Читайте також: Зустріч в Осло": relatedInline, "Lea también": relatedHeading,
		"https://t.me/wire_example": boilerplateLine, "***": boilerplateLine, "© Example News 2022": boilerplateLine,
	} {
		if got := classify(s); got != want {
			t.Errorf("%s: kind %d, want %d", s, got, want)
		}
	}
}

// The article that the program was made for; it is not part of the repository.
func TestSplitSeed(t *testing.T) {
	raw, err := os.ReadFile("../../../shared/seed/article-ar.txt")
	if err != nil {
		t.Skip("the seed article is not here")
	}
	all := strings.Split(strings.TrimSpace(string(raw)), "\n")
	title := strings.TrimSpace(all[0])
	wrapped := "<rss><channel><item><title>" + title + "</title><description>" + strings.Join(all[1:], "\n") + "</description></item></channel></rss>"
	html := "<p>" + strings.Join(all, "</p>\n<p>") + "</p>"
	for name, a := range map[string]feeds.Article{
		"raw lines in a description": firstArticle(t, wrapped),
		"a page's text":              {Title: title, Body: feeds.PlainText(html)},
	} {
		z := Split(a)
		text := z.Lead + "\n\n" + z.Body
		if z.Dateline != "جنيف-سانا" {
			t.Errorf("%s: dateline %q", name, z.Dateline)
		}
		if got := strings.Count(text, "\n\n") + 1; got != 19 {
			t.Errorf("%s: %d paragraphs", name, got)
		}
		for _, foreign := range []string{"تلغرام", "القادري", "انظر", "الحصار", "t.me"} {
			if strings.Contains(text, foreign) {
				t.Errorf("%s: %q is in the text", name, foreign)
			}
		}
		if !strings.Contains(z.Related, "القادري") || !strings.Contains(z.Boilerplate, "t.me/SyrianArabNewsAgency") {
			t.Errorf("%s: related %q, boilerplate %q", name, z.Related, z.Boilerplate)
		}
		if got := strings.Count(text, "جنيف"); got != 3 {
			t.Errorf("%s: Geneva is named %d times in the text", name, got)
		}
	}
}

func firstArticle(t *testing.T, doc string) feeds.Article {
	t.Helper()
	d, err := feeds.Parse([]byte(doc), nil, "")
	if err != nil {
		t.Fatal(err)
	}
	return d.Articles[0]
}

func FuzzSplit(f *testing.F) {
	f.Add("Talks end", "Envoys left.", "GENEVA (AP) — Envoys left.\n\nSee also\n\nMore talks …")
	f.Add("خبر", "", "جنيف-سانا\n\nنص\n\nانظر ايضاً\n\nآخر …")
	f.Add("", "新华社日内瓦1月10日电 会谈", "\xff\n\n---\n(")
	f.Fuzz(func(t *testing.T, title, summary, body string) {
		z := Split(feeds.Article{Title: title, Summary: summary, Body: body})
		if z.Title != title {
			t.Error("the title changed")
		}
		total := len(z.Dateline) + len(z.Lead) + len(z.Body) + len(z.Related) + len(z.Boilerplate)
		if total > 2*(len(summary)+len(body))+16 {
			t.Errorf("%d bytes came out of %d", total, len(summary)+len(body))
		}
	})
}

func BenchmarkSplit(b *testing.B) {
	para := "وأوضح المتحدث أن الوفد قدم للجانب الآخر بصورة مفصلة مقترحاته حول الملفات المطروحة وشرح أهمية الحصول على ضمانات قانونية في المرحلة المقبلة."
	body := "فيينا-سانا\n\n" + strings.Repeat(para+"\n\n", 20) + "متابعة أخبارنا على تلغرام\n\nانظر ايضاً\n\nعنوان آخر"
	a := feeds.Article{Title: "ختام الجولة", Body: body}
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		Split(a)
	}
}
