package text

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"":                             "",
		"Geneva TALKS":                 "geneva talks",
		"U.N. and С.Ш.А., e.g. here":   "un and сша eg here",
		"J.Smith and В.В.Путин":        "j smith and вв путин",
		"#ضمانات_أمنية":                "ضمانات امنيه",
		"جنيف\u200f، بـجنيف":           "جنيف بجنيف",
		"ﺟﻨﻴﻒ ﻻ":                       "جنيف لا",
		"الْجَنِيفُ ٱلْأُمَمُ":         "الجنيف الامم",
		"مؤتمر بيئة مو\u0654تمر":       "مؤتمر بيئه مؤتمر",
		"سيرغى ریابکوف":                "سيرغي ريابكوف",
		"می\u200cخواهم ہے":             "ميخواهم هے",
		"ال17 ١٧ ۱۷ १७":                "ال17 17 17 17",
		"d'Ukraine l’Otan О’Нил can't": "d ukraine l otan о нил can t",
		"İSTANBUL ISPARTA ılık":        "istanbul isparta ilik",
		"Straße Ærø Łódź Đà Œuvre":     "strasse aero lodz da oeuvre",
		"Ёлка й и\u0306 ї і\u0308 ЙОД": "елка й й ї ї йод",
		"Γενεύη ΣΟΦΟΣ Σοφός":           "γενευη σοφοσ σοφοσ",
		"e\u0301te\u0301 Ａ１":           "ete a1",
		"日內瓦 國 烏克蘭 俄羅斯 談判 擔保 證據":       "日 内 瓦 国 乌 克 兰 俄 罗 斯 谈 判 担 保 证 据",
		"ジュネーブで会談 ｼﾞｭﾈｰﾌﾞ":             "ジュネーブ で 会 谈 ジュネーブ",
		"か\u3099":                      "が",
		"제네바에서 NATO는 8월":               "제네바에서 nato 는 8 월",
		"\u1112\u1161\u11ab":           "한",
		"เจนีวา":                       "เ จ นี ว า",
		"COVID-19 AT&T G7 5G":          "covid 19 at t g7 5g",
		"ארה\"ב ז'נבה צה״ל שָׁלוֹם":    "ארהב זנבה צהל שלום",
		"a\u200bb a\u00adb a\u2060b":   "a b ab ab",
		"\xff\xfeabc\xffdef":           "abc def",
		"₽ 100 ½ ™ 🙂":                  "100",
		"جنيف\u0000فيينا":              "جنيف فيينا",
		"हिन्दी ज़मीन जमीन":            "हिन्दी जमीन जमीन",
	} {
		if have := Fold(in); have != want {
			t.Errorf("Fold(%q)\nhave %s\nwant %s", in, have, want)
		}
	}
}

func stream(s string) *Stream {
	st := New()
	st.Add(s)
	st.Index("", false)
	return st
}

func TestTokensKeepTheirPlace(t *testing.T) {
	st := stream("In «جنيف\u200f»، U.N.’s NATO chief. Next!\n\nNew Ⅳ paragraph")
	want := []struct {
		src   string
		flags Flags
		sent  int32
		para  int32
	}{
		{"In", Upper | Cased, 1, 1}, {"جنيف", 0, 1, 1}, {"U.N", Upper | AllUpper | Cased | Acronym, 1, 1}, {"s", Cased, 1, 1},
		{"NATO", Upper | AllUpper | Cased, 1, 1}, {"chief", Cased, 1, 1}, {"Next", Upper | Cased, 2, 1},
		{"New", Upper | Cased, 3, 2}, {"paragraph", Cased, 3, 2},
	}
	if len(st.Tokens) != len(want) {
		t.Fatalf("%d tokens, want %d", len(st.Tokens), len(want))
	}
	for i, w := range want {
		tok := st.Tokens[i]
		if st.Source(i, i) != w.src || tok.Flags != w.flags || tok.Sentence != w.sent || tok.Paragraph != w.para {
			t.Errorf("token %d: %q %b sentence %d paragraph %d, want %+v", i, st.Source(i, i), tok.Flags, tok.Sentence, tok.Paragraph, w)
		}
	}
}

func TestSentences(t *testing.T) {
	for in, want := range map[string]int32{
		"One. Two! Three? Four":                  4,
		"Mr. Smith met J. Doe of the U.S. army.": 1,
		"At 12.30 the 2.5 m wall fell":           1,
		"قال. ثم ذهب؟ نعم":                       3,
		"他说。她说！":                                 2,
		"line\nline":                             2,
		"в 2014 г. началась":                     1,
	} {
		st := stream(in)
		if n := st.Tokens[len(st.Tokens)-1].Sentence; n != want {
			t.Errorf("%q: %d sentences, want %d", in, n, want)
		}
	}
}

func TestSectionsDoNotTouch(t *testing.T) {
	st := New()
	st.Add("security")
	st.Add("")
	st.Add("guarantees")
	st.Index("en", true)
	p := Compile("security guarantees", How{Strength: Light})
	if st.Contains(&p) {
		t.Error("a phrase reaches from one section into the next")
	}
}

func TestVariants(t *testing.T) {
	for in, want := range map[string]string{
		"جنيف":    "جنيف",
		"وجنيف":   "وجنيف جنيف",
		"للامم":   "للامم الامم امم اللامم لامم",
		"والامم":  "والامم الامم امم",
		"وبالامن": "وبالامن بالامن الامن امن",
		"لروسيا":  "لروسيا روسيا",
		"ول":      "ول",
		"الناتو":  "الناتو ناتو",
		"فقط":     "فقط قط",
	} {
		var have []string
		for _, v := range Variants(nil, in) {
			have = append(have, v.S)
			if (letters(v.S) < minStem) != (v.Took&Short != 0) && v.Took != 0 {
				t.Errorf("%s: %s is flagged %b", in, v.S, v.Took)
			}
		}
		if w := strings.Fields(want); !sameSet(have, w) {
			t.Errorf("Variants(%s) = %v, want %v", in, have, w)
		}
	}
}

func sameSet(a, b []string) bool {
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

func TestCutsMeet(t *testing.T) {
	for ns, groups := range map[NameSpace][]string{
		cutArabic:     {"ضمانات ضمانه ضمان ضمانتها ضماناتها", "امنيه امني امنيين"},
		cutPersian:    {"تضمين تضمينها تضمينهاي"},
		cutSlavic:     {"женева женеве женевой женеву женевы", "гарантии гарантий гарантиями гарантиях гарантия", "безопасность безопасности безопасностью", "заявление заявления заявлений заявлением", "российский российского российские российских", "россия россии россией россию", "санкции санкций санкциями", "переговоры переговоров переговорах", "росія росії росією", "внешний внешнего внешних"},
		cutEnglish:    {"guarantee guarantees", "country countries", "process processes", "talk talks", "veto vetoes", "embargo embargoes", "shoe shoes", "canoe canoes"},
		cutFrench:     {"garantie garanties", "journal journaux", "nation nations"},
		cutSpanish:    {"garantia garantias", "nacion naciones", "acuerdo acuerdos", "vez veces"},
		cutPortuguese: {"garantia garantias", "nacao nacoes", "general generais"},
		cutItalian:    {"garanzia garanzie", "sanzione sanzioni", "accordo accordi"},
		cutGerman:     {"garantie garantien", "verhandlung verhandlungen", "vertrag vertrages vertrags"},
		cutPolish:     {"genewa genewie genewy", "gwarancje gwarancji gwarancjami gwarancjach", "estonia estonii estonie", "poznan poznaniu poznania"},
		cutCzech:      {"zeneva zeneve zenevou", "bezpecnostni bezpecnostnich bezpecnostnimi", "zaruky zaruk zarukami zarukach", "rusko ruska rusku ruskem"},
	} {
		for _, g := range groups {
			words := strings.Fields(g)
			stem := cut(words[0], ns)
			for _, w := range words[1:] {
				if cut(w, ns) != stem {
					t.Errorf("%d: %s is cut to %s, but %s to %s", ns, words[0], stem, w, cut(w, ns))
				}
			}
		}
	}
	for _, w := range []string{"нато", "мир", "бал", "это", "ib", "is", "bus", "gas"} {
		for ns := cutArabic; ns <= cutCzech; ns++ {
			if n := len(cut(w, ns)); n < min(len(w), 3) {
				t.Errorf("%s is cut to %d bytes by rule %d", w, n, ns)
			}
		}
	}
}

func TestLanguage(t *testing.T) {
	for _, c := range []struct{ s, hint, want string }{
		{"The talks in Geneva have ended without a result", "", "en"},
		{"Les pourparlers de Genève se terminent sans résultat", "", "fr"},
		{"Las conversaciones de Ginebra terminan sin resultado", "", "es"},
		{"As conversações de Genebra terminaram sem resultado e não há data para outra", "", "pt"},
		{"I colloqui di Ginevra sono finiti senza risultato", "", "it"},
		{"Die Gespräche in Genf sind ohne Ergebnis zu Ende gegangen", "", "de"},
		{"De gesprekken in Genève zijn zonder resultaat geëindigd", "", "nl"},
		{"Samtalen i Genève slutade utan att något resultat nåddes och det är inte bra", "", "sv"},
		{"Rozmowy w Genewie zakończyły się bez wyniku", "", "pl"},
		{"Jednání v Ženevě skončila bez výsledku", "", "cs"},
		{"Pogovori v Ženevi so se končali brez izida, saj ni bilo dogovora", "", "sl"},
		{"Razgovori u Ženevi završili su bez rezultata", "", "hr"},
		{"Cenevre'deki görüşmeler sonuçsuz kaldı ve taraflar ayrıldı", "", "tr"},
		{"Pembicaraan di Jenewa berakhir tanpa hasil dan tidak ada tanggal baru", "", "id"},
		{"Neuvottelut Genevessä päättyivät, ja ne eivät olleet tuloksellisia", "", "fi"},
		{"Переговоры в Женеве завершились без результата", "", "ru"},
		{"Переговори в Женеві завершилися без результату", "", "uk"},
		{"Преговорите в Женева завършиха без резултат, но ще има и други", "", "bg"},
		{"انتهت المحادثات في جنيف دون نتيجة", "", "ar"},
		{"گفتگوها در ژنو بدون نتیجه پایان یافت", "ar", "fa"},
		{"جنیوا میں مذاکرات بغیر نتیجے کے ختم ہو گئے", "ar", "ur"},
		{"השיחות בז'נבה הסתיימו ללא תוצאה", "", "he"},
		{"日内瓦会谈无果而终", "", "zh"},
		{"ジュネーブでの会談は成果なく終わった", "", "ja"},
		{"제네바 회담이 성과 없이 끝났다", "", "ko"},
		{"Οι συνομιλίες στη Γενεύη τελείωσαν", "", "el"},
		{"การเจรจาที่เจนีวาสิ้นสุดลง", "", "th"},
		{"जिनेवा में वार्ता बिना नतीजे के समाप्त हुई", "", "hi"},
		{"OPEC", "de-DE", "de"},
		{"Gas", "ar", ""}, // the hint contradicts the script
		{"", "fr", "fr"},
		{"12345", "", ""},
		{"", "", ""},
	} {
		if have := Language(c.s, c.hint); have != c.want {
			t.Errorf("Language(%q, %q) = %q, want %q", c.s, c.hint, have, c.want)
		}
	}
}

func TestFindEverywhere(t *testing.T) {
	st := New()
	st.Add("Talks, talks and more TALKS; the talker talked of NATO")
	st.Index("en", true)
	for _, c := range []struct {
		src  string
		how  How
		want int
	}{
		{"talk", How{Strength: Surface}, 0},
		{"talks", How{Strength: Surface}, 3},
		{"TALKS", How{Strength: Surface}, 1},
		{"talk", How{Strength: Light}, 3},
		{"talk", How{Strength: WideWord}, 5},
		{"talk", How{Strength: Light, Prefix: true}, 5},
		{"talker * of nato", How{Strength: Light, Free: true}, 1},
		{"talks and * talks", How{Strength: Light, Free: true}, 1},
		{"Nato", How{Strength: Name}, 1},
		{"Talks", How{Strength: Name}, 2},
		{"!", How{Strength: Light}, 0},
	} {
		p := Compile(c.src, c.how)
		n := 0
		st.Find(&p, func(first, last int) bool {
			if last-first != len(p.Words)-1 {
				t.Errorf("%q: %d to %d", c.src, first, last)
			}
			n++
			return true
		})
		if n != c.want {
			t.Errorf("%q (strength %d) is found %d times, want %d", c.src, c.how.Strength, n, c.want)
		}
	}
}

func TestHostileTexts(t *testing.T) {
	for _, s := range []string{
		strings.Repeat("a", 1<<20), strings.Repeat("\n", 1<<20), strings.Repeat("وال", 1<<18), strings.Repeat("\u0301", 1<<18),
		strings.Repeat("日", 1<<18), strings.Repeat("a.", 1<<18), strings.Repeat("\xff", 1<<18), strings.Repeat("x ", 5<<20),
	} {
		st := stream(s)
		for i := range st.Tokens {
			if len(st.Key(i)) > MaxKey+utf8.UTFMax*4 {
				t.Fatalf("a key of %d bytes", len(st.Key(i)))
			}
		}
	}
}

// FuzzTokens: whatever the text, tokens lie in it in order, are whole runes, and no key is empty.
func FuzzTokens(f *testing.F) {
	for _, s := range []string{"Geneva's U.N. talks", "جنيف\u200f، والضمانات", "日內瓦 ジュ 제네바", "เจนีวา น้ำ", "а\u0306й\u0308", "ارה\"ב", "a\xffb\u0301", "ﷺ ﷲ ﻼ", "\u1112\u1161\u11ab"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		st := New()
		st.Add(s)
		st.Index(Detect(s, ""))
		end := int32(0)
		for i, tok := range st.Tokens {
			if tok.Start < end || tok.End <= tok.Start || int(tok.End) > len(s) || st.Key(i) == "" {
				t.Fatalf("%q: token %d is %+v after %d", s, i, tok, end)
			}
			if utf8.ValidString(s) && !utf8.ValidString(st.Source(i, i)) {
				t.Fatalf("%q: token %d cuts a rune", s, i)
			}
			end = tok.End
		}
		if utf8.ValidString(s) {
			for _, w := range Words(s) {
				if !utf8.ValidString(w) {
					t.Fatalf("%q: the word %q is not valid", s, w)
				}
			}
		}
		if folded := Fold(s); len(s) < 100 && len(Words(folded)) < len(strings.Fields(folded)) {
			t.Fatalf("%q folds to %q, which has fewer words", s, folded)
		}
		p := Compile(s, How{Strength: Light, Free: true})
		st.Find(&p, func(int, int) bool { return true })
	})
}

func BenchmarkTokens(b *testing.B) {
	s := strings.Repeat("وأعلن الوزير في ختام المفاوضات أن بلاده دعت الولايات المتحدة إلى تقديم الضمانات الأمنية. ", 40)
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		st := New()
		st.Add(s)
	}
}

func BenchmarkDetect(b *testing.B) {
	for b.Loop() {
		Detect("Переговоры в Женеве завершились без результата", "")
	}
}
