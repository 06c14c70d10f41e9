package locale

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"
)

func TestGet(t *testing.T) {
	for tag, want := range map[string]string{
		"en": "en", "en-GB": "en", "ar": "ar", "ar-EG": "ar", "ar-SA": "ar",
		"": "en", "ur": "en", "he": "en", "ku": "en", "ckb": "en", "fa": "en", "ar-Latn": "en", "zh": "en", "und": "en",
		"not a tag": "en", "x": "en", strings.Repeat("a-", 500): "en",
	} {
		if got := Get(tag).Lang(); got != want {
			t.Errorf("Get(%.20q) speaks %s, want %s", tag, got, want)
		}
	}
	if Get("en").RTL() || !Get("ar").RTL() {
		t.Error("directions are wrong")
	}
	if got := Get("ar").Name(); got != "العربية" {
		t.Errorf("Arabic calls itself %q", got)
	}
}

func TestFill(t *testing.T) {
	en, ar := Get("en"), Get("ar")
	for _, tt := range []struct {
		name, s string
		l       *Locale
		args    []any
		markup  bool
		want    string
	}{
		{"plain", "a {x} b", en, []any{"x", "<y>"}, false, "a <y> b"},
		{"escaped", "a {x} b", en, []any{"x", `<y>"&`}, true, "a &lt;y&gt;&quot;&amp; b"},
		{"our HTML", "a {x} b", en, []any{"x", HTML("<b>y</b>")}, true, "a <b>y</b> b"},
		{"our text", "{x}", ar, []any{"x", Text("07:00")}, false, "07:00"},
		{"foreign word", "{x}", ar, []any{"x", "Reuters"}, false, "\u2068Reuters\u2069"},
		{"own word", "{x}", ar, []any{"x", "واس"}, false, "واس"},
		{"time", "{x}", ar, []any{"x", "07:00"}, false, "\u206607:00\u2069"},
		{"Arabic in English", "{x}", en, []any{"x", "واس"}, false, "\u2068واس\u2069"},
		{"code is copied", "<code>/rule {x}</code>", ar, []any{"x", "a"}, true, "<code>/rule a</code>"},
		{"number", "{x}", ar, []any{"x", 1234567}, false, "1,234,567"},
		{"int64", "{x}", en, []any{"x", int64(12)}, false, "12"},
		{"left alone", "{x} {y} {", en, []any{"y", 1}, false, "{x} 1 {"},
		{"a value is not filled", "{x}{y}", en, []any{"x", "{y}", "y", "z"}, false, "{y}z"},
		{"odd", "{x}", en, []any{"x"}, false, "{x}"},
		{"hostile", "{x}", en, []any{"x", "a\u202eb\u2068c\x00\nd\u200b"}, false, "abc d"},
	} {
		if got := tt.l.fill(tt.s, tt.args, tt.markup); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestNumbersAndDigits(t *testing.T) {
	ar := Get("ar")
	arab := ar.WithDigits("arab")
	for _, tt := range []struct{ got, want string }{
		{ar.Number(0), "0"}, {ar.Number(999), "999"}, {ar.Number(1000), "1,000"},
		{ar.Number(-5), "\u2066-5\u2069"}, {Get("en").Number(-1234), "-1,234"},
		{arab.Number(12345), "١٢٬٣٤٥"}, {ar.WithDigits("arabext").Number(40), "۴۰"},
		{ar.WithDigits("klingon").Number(40), "40"}, {ar.Number(40), "40"},
		{arab.N("digest.stories", 3), "٣ أخبار"},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

func TestDates(t *testing.T) {
	riyadh := Zone("Asia/Riyadh")
	now := time.Date(2026, 11, 23, 9, 42, 0, 0, riyadh) // a Monday
	en, ar := Get("en"), Get("ar")
	for _, tt := range []struct{ got, want string }{
		{en.Date(now), "Monday, 23 November 2026"},
		{ar.Date(now), "الاثنين 23 نوفمبر 2026"},
		{en.Moment(now.Add(-time.Hour).UTC(), now), "08:42"},
		{ar.Moment(now.Add(-time.Hour).UTC(), now), "\u206608:42\u2069"},
		// 22:30 UTC on the 22nd is 01:30 on the 23rd in Riyadh: today.
		{en.Moment(time.Date(2026, 11, 22, 22, 30, 0, 0, time.UTC), now), "01:30"},
		{en.Moment(time.Date(2026, 11, 22, 20, 30, 0, 0, time.UTC), now), "yesterday, 23:30"},
		{en.Moment(time.Date(2026, 11, 2, 6, 0, 0, 0, time.UTC), now), "2 Nov, 09:00"},
		{en.Moment(time.Date(2025, 11, 2, 6, 0, 0, 0, time.UTC), now), "2 Nov 2025, 09:00"},
		{en.Moment(now.AddDate(0, 0, 1), now), "24 Nov, 09:42"},
		{ar.WithDigits("arab").Date(now), "الاثنين ٢٣ نوفمبر ٢٠٢٦"},
		{Zone("Mars/Olympus").String(), "UTC"}, {Zone("").String(), "UTC"}, {Zone("Local").String(), "UTC"},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

func TestEmbed(t *testing.T) {
	show := strings.NewReplacer("\u2066", "⟨", "\u2068", "⟨", "\u2069", "⟩")
	for _, tt := range []struct {
		base    Direction
		s, want string
	}{
		{RTL, "الاتحاد يقر حزمة بقيمة €1.2bn لدعم UNRWA حتى النهاية", "الاتحاد يقر حزمة بقيمة ⟨€1.2bn⟩ لدعم ⟨UNRWA⟩ حتى النهاية"},
		{RTL, "وافق السفراء (EU-27) صباحًا، بارتفاع +3.5% عن", "وافق السفراء (⟨EU-27⟩) صباحًا، بارتفاع ⟨+3.5%⟩ عن"},
		{RTL, "قال New York Times إن", "قال ⟨New York Times⟩ إن"},
		{RTL, "قناة France 24 English قالت 3 مرات", "قناة ⟨France 24 English⟩ قالت 3 مرات"},
		{RTL, "من AFP 23 خبرًا", "من ⟨AFP⟩ 23 خبرًا"},
		{RTL, "«AFP»، «Reuters»", "⟨«AFP»، «Reuters»⟩"}, // all of it is foreign
		{RTL, "من 23:00 إلى 06:00", "من ⟨23:00⟩ إلى ⟨06:00⟩"},
		{RTL, "العدد 1,234.5 فقط", "العدد 1,234.5 فقط"},
		{RTL, "UNRWA: أزمة تمويل", "⟨UNRWA⟩: أزمة تمويل"}, // what most of it is, decides
		{LTR, "UNRWA: أزمة تمويل", "⟨\u200fUNRWA: أزمة تمويل⟩"},
		{RTL, "واس", "واس"}, {RTL, "Reuters", "⟨Reuters⟩"}, {RTL, "12", "12"}, {RTL, "", ""},
		{LTR, "he said سلام عليكم to all", "he said ⟨سلام عليكم⟩ to all"},
		{LTR, "up +3.5% today", "up +3.5% today"},
	} {
		if got := show.Replace(Embed(tt.s, tt.base)); got != tt.want {
			t.Errorf("Embed(%q)\n got %s\nwant %s", tt.s, got, tt.want)
		}
	}
}

func TestSentencesAreIsolatedOnLoading(t *testing.T) {
	for s, want := range map[string]string{
		"اكتب /rules الآن":                   "اكتب \u2068/rules\u2069 الآن",
		"<b>اكتب</b> <code>/rule N</code>":   "<b>اكتب</b> \u2068<code>/rule N</code>\u2069",
		"{name}: {n} من Reuters":             "{name}: {n} من \u2068Reuters\u2069",
		"من <i>{from}</i> إلى {to}":          "من <i>{from}</i> إلى {to}",
		"اكتب HH:MM\nأو /cancel\nثم: {text}": "اكتب \u2068HH:MM\u2069\nأو \u2068/cancel\u2069\nثم: {text}",
	} {
		if got := isolateSpans(s, RTL, true); got != want {
			t.Errorf("%q\n got %q\nwant %q", s, got, want)
		}
	}
}

func TestParagraphs(t *testing.T) {
	en, ar := Get("en"), Get("ar")
	for _, tt := range []struct{ got, want string }{
		{ar.Paragraph("سطر\n\nReuters"), "\u200fسطر\n\n\u200fReuters"},
		{ar.Paragraph("\u200fسطر"), "\u200fسطر"},
		{en.Paragraph("line"), "line"},
		{en.Paragraph("\u2068واس\u2069 · 09:42"), "\u200e\u2068واس\u2069 · 09:42"},
		{en.Paragraph(`<a href="https://example.com/">واس</a> said`), "\u200e" + `<a href="https://example.com/">واس</a> said`},
		{en.Paragraph("&lt;&amp;&#34; واس"), "\u200e&lt;&amp;&#34; واس"},
		{ar.Page("أ", "", "ب"), "\u200fأ\n\n\u200fب"},
		{ar.Quote("Talks in Geneva"), "Talks in Geneva"},
		{en.Quote("محادثات في جنيف"), "\u200fمحادثات في جنيف"},
		{en.Quote("One.\n\nمحادثات UN"), "One.\n\u200fمحادثات \u2068UN\u2069"},
		{ar.Quote("محادثات\u202e\nGeneva"), "\u200fمحادثات\nGeneva"},
		{ar.Quote("أخبار in the capital today and tomorrow"), "\u200e\u2068أخبار\u2069 in the capital today and tomorrow"}, {en.Quote("<أخبار in the capital today"), "\u200e\u2068<أخبار\u2069 in the capital today"}, {ar.Quote("+3.5%"), "\u200f\u2066+3.5%\u2069"},
		{en.Quote(""), ""},
		{en.Quote("UNRWA: أزمة تمويل"), "\u200f\u2068UNRWA\u2069: أزمة تمويل"},
		{en.Quote("أزمة in the funding of it"), "\u200e\u2068أزمة\u2069 in the funding of it"},
		{Isolate("12:30"), "\u206612:30\u2069"}, {Isolate("x"), "\u2068x\u2069"}, {Isolate(""), ""},
		{en.Span("واس"), "\u2068واس\u2069"}, {ar.LTR("a"), "\u2066a\u2069"}, {en.LTR("a"), "a"},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

func TestRow(t *testing.T) {
	in := []int{1, 2, 3}
	if got := Row(Get("ar"), in...); !slices.Equal(got, []int{3, 2, 1}) || in[0] != 1 {
		t.Errorf("Arabic row %v of %v", got, in)
	}
	if got := Row(Get("en"), in...); !slices.Equal(got, in) {
		t.Errorf("English row %v", got)
	}
}

// Whatever a feed says, a line made of it has balanced isolates, no mark
// beside another, and every visible character it had.
func TestHostileText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOf(rapid.OneOf(
			rapid.SampledFrom([]string{" ", "\n", "\u200f", "\u2068", "\u2069", "\u202e", "أب", "مرحبا،", "abc", "(EU-27)", "+3%", "1", "<b>", "&", "{x}", "،", "—"}),
			rapid.StringN(0, 5, -1),
		)).Draw(t, "pieces")
		s := strings.Join(pieces, "")
		for _, lang := range languages {
			l := Get(lang)
			for _, got := range []string{l.Span(s), l.Paragraph(l.Span(s)), l.Quote(s), l.fill("{x} {x}", []any{"x", s}, false)} {
				if why := unbalanced(got); why != "" {
					t.Fatalf("%s in %q", why, got)
				}
			}
			if got, want := visible(l.Quote(s)), visible(CleanText(s)); got != want {
				t.Fatalf("%q lost text: %q", want, got)
			}
		}
	})
}

func visible(s string) string {
	return strings.NewReplacer("\u2066", "", "\u2068", "", "\u2069", "", "\u200f", "", "\u200e", "").Replace(s)
}

func FuzzClean(f *testing.F) {
	f.Add("a\x00\xffb\u2028c")
	f.Fuzz(func(t *testing.T, s string) {
		got := Clean(s)
		if got != Clean(got) {
			t.Errorf("Clean(%q) is not clean: %q", s, got)
		}
		if strings.ContainsAny(got, "\n\r\x00\u202e\u2068\u200f") {
			t.Errorf("Clean(%q) left %q", s, got)
		}
	})
}

func TestLoadRefuses(t *testing.T) {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	for name, fsys := range map[string]fstest.MapFS{
		"a key of another area": {"messages/en/alert.yaml": file("rules.x: y")},
		"a key in two files":    {"messages/en/a.yaml": file("a.b.c: y"), "messages/en/a.b.yaml": file("a.b.c: z")},
		"not YAML":              {"messages/ar/a.yaml": file("a: [")},
	} {
		if _, err := load(fsys); err == nil {
			t.Errorf("%s: loaded", name)
		}
	}
}
