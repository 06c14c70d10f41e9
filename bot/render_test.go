package bot

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"wirewatch/bot/digest"
	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
	"wirewatch/bot/telegram/telegramtest"
	"wirewatch/feeds"
	"wirewatch/store"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// readAt is when and where the readers of these tests read.
var readAt = time.Date(2026, 11, 23, 9, 45, 0, 0, locale.Zone("Asia/Riyadh"))

func viewIn(lang string) view { return view{Locale: locale.Get(lang), now: readAt} }

func arabicStory() *store.Article {
	return &store.Article{
		ID: 1, Story: 1, Source: store.Source{Source: feeds.Source{Title: "وكالة الساحل"}}, SeenAt: readAt.Add(-2 * time.Minute),
		Also: []string{"Harbour Wire", "Agence du Cap", "Quarterly", "Coast News"},
		Item: feeds.Article{
			Title: "المفاوضون يلتقون في جنيف لبحث حزمة بقيمة €1.2bn", URL: "https://news.example.org/ar/1?a=1&b=2",
			Summary: "اجتمع الوفدان (EU-27) صباح اليوم.\n\nوقال المتحدث إن الخطة تزيد +3.5% عن العام الماضي.", Published: readAt.Add(-3 * time.Minute),
		},
	}
}

func englishStory() *store.Article {
	return &store.Article{
		ID: 2, Story: 2, Source: store.Source{Source: feeds.Source{Title: "Harbour Wire"}}, SeenAt: readAt.Add(-20 * time.Hour),
		Item: feeds.Article{Title: `Envoys <meet> in Geneva & "agree"`, URL: "https://news.example.org/en/2", Summary: "The delegations met at noon.", Published: readAt.Add(-20 * time.Hour)},
	}
}

func matched(id int64, name string, hits ...store.Hit) store.RuleMatch {
	return store.RuleMatch{ID: id, Name: name, Hits: hits}
}

func talks() []store.RuleMatch {
	return []store.RuleMatch{
		matched(1, "@geneva AND @security-guarantees", store.Hit{Term: "@geneva", Text: "جنيف", Zone: "title"}, store.Hit{Term: "@geneva", Text: "جنيف", Zone: "title"},
			store.Hit{Term: "@security-guarantees", Text: "security guarantees", Zone: "body"}),
		{ID: 2, Name: "الطاقة", Query: everything, Hits: []store.Hit{{Term: "*", Zone: ""}}},
	}
}

// shown writes a page as a golden file has it: marks made visible, markup kept.
func shown(p page) string {
	return strings.NewReplacer("\u200f", "‹RLM›", "\u200e", "‹LRM›", "\u2066", "⟦", "\u2068", "⟨", "\u2069", "⟩").Replace(p.html) +
		fmt.Sprintf("\n-- settles %v; preview %q; button %q %q\n", p.deliveries, p.preview, p.openLabel, p.open)
}

func golden(t *testing.T, name string, pages ...page) {
	t.Helper()
	var got strings.Builder
	for _, p := range pages {
		checkPage(t, p)
		got.WriteString(shown(p))
	}
	path := filepath.Join("testdata", "render", name+".txt")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s: -want +got\n%s", name, diff)
	}
}

func TestAlert(t *testing.T) {
	bare := &store.Article{SeenAt: readAt.AddDate(-1, 0, 0), Item: feeds.Article{Summary: "Only this.", URL: "javascript:alert(1)"}}
	same := englishStory()
	same.Item.Summary = same.Item.Title + "."
	for name, d := range map[string]store.Delivery{
		"arabic":  {ID: 1, Tier: store.TierInstant, Article: arabicStory(), Rules: talks()},
		"english": {ID: 2, Tier: store.TierFlash, Thread: 7, Article: englishStory(), Rules: talks()[:1]},
		"bare":    {ID: 3, Article: bare},
		"same":    {ID: 4, Article: same, Rules: slices.Repeat(talks(), 4)},
	} {
		for _, lang := range locale.Languages() {
			golden(t, "alert-"+name+"-"+lang, viewIn(lang).alert(d))
		}
	}
}

func digestInput(stories int) digest.Input {
	in := digest.Input{Now: readAt, Since: readAt.AddDate(0, 0, -1)}
	for i := range stories {
		a := *arabicStory()
		if i%2 == 1 {
			a = *englishStory()
		}
		a.ID, a.Story = int64(i+1), int64(i+1)
		in.Deliveries = append(in.Deliveries, store.Delivery{ID: int64(i + 1), Article: &a, Rules: talks()[i%2:]})
	}
	return in
}

func TestDigestPages(t *testing.T) {
	inputs := map[string]digest.Input{
		"empty": {Deliveries: []store.Delivery{{ID: 1}}, Now: readAt, Since: readAt.AddDate(0, 0, -1),
			Sources: []store.Source{{State: store.SourceActive}, {State: store.SourceActive}}},
		"never":     {Deliveries: []store.Delivery{{ID: 1}}, Now: readAt},
		"norules":   {Deliveries: []store.Delivery{{ID: 1}}, Now: readAt, NoRules: true},
		"nosources": {Deliveries: []store.Delivery{{ID: 1}}, Now: readAt, Sources: []store.Source{}},
		"blind": {Deliveries: []store.Delivery{{ID: 1}}, Now: readAt, Since: readAt.AddDate(0, 0, -1), Sources: []store.Source{
			{Source: feeds.Source{ID: 1, Title: "Coast News"}, State: store.SourceActive, Fails: 9, LastOK: readAt.Add(-8 * time.Hour), LastError: "the server did not answer within 10s"}}},
		"three": digestInput(3),
		"many":  digestInput(60),
	}
	trouble := digestInput(1)
	for i := range 12 {
		s := store.Source{Source: feeds.Source{Title: fmt.Sprintf("Wire %c", 'A'+i)}, State: store.SourceActive, Fails: 5}
		if i%2 == 0 {
			s.LastOK = readAt.Add(-7 * time.Hour)
		}
		trouble.Sources = append(trouble.Sources, s)
	}
	trouble.Sources[1].LastError, trouble.Sources[2].LastError = "the server asks for a user name and a password (401)", "something\nthat <nobody> has words for"
	trouble.Sources = append(trouble.Sources,
		store.Source{Source: feeds.Source{ID: 20, Title: "وكالة الساحل"}, State: store.SourceActive, LastOK: readAt},
		store.Source{Source: feeds.Source{ID: 21, Title: "Old Wire"}, State: store.SourceGone, LastTried: readAt.Add(-time.Hour)})
	trouble.Silent = map[int64]time.Time{20: readAt.Add(-30 * time.Hour)}
	trouble.Usual = []int{3, 1, 5}
	inputs["trouble"] = trouble
	for name, in := range inputs {
		for _, lang := range locale.Languages() {
			pages := viewIn(lang).digest(digest.Build(in), 0)
			golden(t, "digest-"+name+"-"+lang, pages...)
			if name == "many" && len(pages) < 2 {
				t.Errorf("60 stories stand on %d page", len(pages))
			}
		}
	}
}

// checkPage holds a page to what every page must keep, by the rules of
// Telegram's own parser. It returns the text that a reader sees and its links.
func checkPage(t interface {
	Helper()
	Fatalf(string, ...any)
}, p page) (text string, links []string) {
	t.Helper()
	text, entities, err := telegramtest.ParseHTML(p.html)
	if err != nil {
		t.Fatalf("refused: %v\n%s", err, p.html)
	}
	if n := telegram.UTF16Len(text); n > telegram.MaxText {
		t.Fatalf("%d UTF-16 units", n)
	}
	if len(entities) > telegram.MaxEntities {
		t.Fatalf("%d entities", len(entities))
	}
	payload := 0
	for _, e := range entities {
		payload += 12 + (len(e.URL)+7)/4*4
		if e.Type == "text_link" {
			links = append(links, e.URL)
		}
	}
	if payload > telegram.MaxEntityBytes {
		t.Fatalf("%d bytes of entities", payload)
	}
	if got := measure(p.html); got.units != telegram.UTF16Len(text) || got.entities < len(entities) || got.payload < payload {
		t.Fatalf("measured %+v; there are %d units, %d entities, %d bytes", got, telegram.UTF16Len(text), len(entities), payload)
	}
	finished, kept, err := telegramtest.FormatHTML(p.html)
	if err != nil {
		t.Fatalf("refused when sent: %v", err)
	}
	left := 0
	for _, e := range kept {
		if e.Type == "text_link" {
			left++
		}
	}
	if left != len(links) {
		t.Fatalf("%d of %d links are left of\n%s", left, len(links), finished)
	}
	if why := badMarks(text); why != "" {
		t.Fatalf("%s in %q", why, text)
	}
	for _, e := range kept {
		if e.Type == "mention" || e.Type == "bot_command" {
			t.Fatalf("a live %s in\n%s", e.Type, finished)
		}
	}
	return text, links
}

// badMarks says what is wrong with the invisible marks of a text, or "".
func badMarks(text string) string {
	for line := range strings.SplitSeq(text, "\n") {
		depth, last := 0, rune(0)
		for _, r := range line {
			switch {
			case r >= '\u202a' && r <= '\u202e':
				return "an embedding"
			case r >= '\u2066' && r <= '\u2068': // opened
				depth++
			case r == '\u2069':
				depth--
			case (r == '\u200e' || r == '\u200f') && (last == '\u200e' || last == '\u200f'):
				return "two marks in a row"
			}
			if depth < 0 || depth > 2 {
				return "isolates that do not match"
			}
			last = r
		}
		if depth != 0 {
			return "an isolate left open"
		}
	}
	return ""
}

// hostileText draws texts of mixed scripts as the worst of feeds has them.
var hostileText = rapid.Custom(func(t *rapid.T) string {
	words := rapid.SliceOfN(rapid.OneOf(
		rapid.SampledFrom([]string{
			"جنيف", "محادثات،", "Geneva", "talks", "(EU-27)", "+3.5%", "€1.2bn", "переговоры", "日内瓦会谈", "שיחות", "👨‍👩‍👧‍👦", "🇨🇭", "e\u0301\u0302",
			"<b>", "</a>", "&amp;", `"`, "'", "<", ">", "&", "\u202e", "\u2068", "\u2069", "\u200f", "\u200e", "\u200b", "\x00", "\n", "\n\n", "\xed\xa0\x80", "\xff",
			"{title}", "<blockquote expandable>", "@geneva", "/start", "\u2028", "\U0001F600", "\ufffe", strings.Repeat("\u0300", 700), strings.Repeat("x", 5000),
		}),
		rapid.String(),
	), 0, 12).Draw(t, "words")
	s := strings.Join(words, rapid.SampledFrom([]string{" ", "", "\n"}).Draw(t, "gap"))
	return strings.Repeat(s, rapid.SampledFrom([]int{1, 1, 1, 1, 3, 200}).Draw(t, "times"))
})

var anyURL = rapid.OneOf(
	rapid.SampledFrom([]string{
		"https://news.example.org/a?x=1&lt=4#f", "http://пример.рф/новость", "https://example.org/" + strings.Repeat("%D8%A7", 250), "https://example.org/a b", `https://example.org/"><b>`,
		"", "javascript:alert(1)", "https://localhost/x", "https://nodot", "//example.org", "/a", "data:text/html,x", "https://exa mple.org/", "HTTPS://EXAMPLE.ORG/UP",
		"mailto:a@example.org", "https://example.org/" + strings.Repeat("a", 5000), "https://[::1]/", "tg://user?id=1", "https://u:p@example.org/", "https://example.org/\u202ex",
		"http://%D0%BF%D1%80%D0%B8%D0%BC%D0%B5%D1%80.%D1%80%D1%84/x", "https://xn--e1afmkfd.xn--p1ai:8443/", "https://exa%20mple.org/", "https://a@b@example.org/", "https://xn--.org/",
	}),
	rapid.String(),
)

func drawArticle(t *rapid.T) *store.Article {
	return &store.Article{
		Story:  rapid.Int64Range(0, 500).Draw(t, "story"),
		Source: store.Source{Source: feeds.Source{Title: hostileText.Draw(t, "source")}},
		SeenAt: readAt.Add(-time.Duration(rapid.Int64Range(0, 1e6).Draw(t, "age")) * time.Second),
		Also:   rapid.SliceOfN(hostileText, 0, 6).Draw(t, "also"),
		Item:   feeds.Article{Title: hostileText.Draw(t, "title"), Summary: hostileText.Draw(t, "summary"), URL: anyURL.Draw(t, "url")},
	}
}

func drawRules(t *rapid.T) []store.RuleMatch {
	var rules []store.RuleMatch
	for i := range rapid.IntRange(0, 8).Draw(t, "rules") {
		r := matched(int64(i+1), hostileText.Draw(t, "name"))
		for range rapid.IntRange(0, 6).Draw(t, "hits") {
			r.Hits = append(r.Hits, store.Hit{Text: hostileText.Draw(t, "hit"), Zone: rapid.SampledFrom([]string{"title", "body", "lead", "url", "x"}).Draw(t, "zone")})
		}
		rules = append(rules, r)
	}
	return rules
}

// startsRTL reports whether every line with anything in it starts with U+200F,
// but for a foreign one that runs from left to right.
func startsRTL(text string) bool {
	for line := range strings.SplitSeq(text, "\n") {
		if line != "" && !strings.HasPrefix(line, "\u200f") && !strings.HasPrefix(line, "\u200e") && locale.DirectionOf(line) != locale.LTR {
			return false
		}
	}
	return true
}

func TestAlertOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := store.Delivery{ID: 1, Article: drawArticle(t), Rules: drawRules(t), Tier: rapid.SampledFrom([]store.Tier{store.TierFlash, store.TierInstant}).Draw(t, "tier")}
		for _, lang := range locale.Languages() {
			p := viewIn(lang).alert(d)
			text, links := checkPage(t, p)
			if lang == "ar" && !startsRTL(text) {
				t.Fatalf("a paragraph without U+200F in %q", text)
			}
			if want := linkable(d.Article.Item.URL); want != "" && !slices.Contains(links, want) {
				t.Fatalf("link %q is lost: %q", want, links)
			}
			if !slices.Equal(p.deliveries, []int64{1}) {
				t.Fatalf("settles %v", p.deliveries)
			}
			if _, err := telegramtest.ButtonURL(p.open); p.open != "" && err != nil {
				t.Fatalf("button %q: %v", p.open, err)
			}
			checkPlain(t, p)
		}
	})
}

// checkPlain holds what is sent when the markup is refused.
func checkPlain(t *rapid.T, p page) {
	t.Helper()
	text := plain(p.html, telegram.MaxText)
	if n := telegram.UTF16Len(text); n > telegram.MaxText || strings.TrimSpace(text) == "" {
		t.Fatalf("plain text of %d units: %q", n, text)
	}
}

func TestDigestOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := digest.Input{Now: readAt, Since: rapid.SampledFrom([]time.Time{{}, readAt.AddDate(0, 0, -1)}).Draw(t, "since")}
		kinds := rapid.SliceOfN(rapid.Custom(drawArticle), 1, 4).Draw(t, "kinds")
		rules := drawRules(t)
		for i := range rapid.IntRange(0, 200).Draw(t, "n") {
			a := *kinds[i%len(kinds)]
			a.Story = int64(i)
			d := store.Delivery{ID: int64(i + 1), Article: &a}
			if len(rules) > 0 {
				d.Rules = rules[i%len(rules):]
			}
			if i%50 == 49 {
				d.Article = nil
			}
			in.Deliveries = append(in.Deliveries, d)
		}
		for range rapid.IntRange(0, 15).Draw(t, "trouble") {
			in.Sources = append(in.Sources, store.Source{Source: feeds.Source{Title: hostileText.Draw(t, "bad")}, State: store.SourceActive, Fails: 3})
		}
		for _, lang := range locale.Languages() {
			checkDigest(t, viewIn(lang).digest(digest.Build(in), 5), in, lang)
		}
	})
}

func checkDigest(t *rapid.T, pages []page, in digest.Input, lang string) {
	var settled []int64
	var links, want []string
	for i, p := range pages {
		text, found := checkPage(t, p)
		if lang == "ar" && !startsRTL(text) {
			t.Fatalf("a paragraph without U+200F in %q", text)
		}
		if number := fmt.Sprintf("%d/%d", i+1, len(pages)); len(pages) > 1 && !strings.Contains(strings.SplitN(text, "\n", 2)[0], number) {
			t.Fatalf("page %s does not say so: %.80q", number, text)
		}
		if p.thread != 5 {
			t.Fatalf("thread %d", p.thread)
		}
		settled = append(settled, p.deliveries...)
		links = append(links, found...)
		checkPlain(t, p)
	}
	for i, d := range in.Deliveries {
		if !slices.Contains(settled, d.ID) {
			t.Fatalf("delivery %d is on no page", i)
		}
		if d.Article != nil {
			if u := linkable(d.Article.Item.URL); u != "" {
				want = append(want, u)
			}
		}
	}
	if len(settled) != len(in.Deliveries) || len(links) != len(want) {
		t.Fatalf("%d deliveries settled of %d, %d links of %d", len(settled), len(in.Deliveries), len(links), len(want))
	}
}

func TestLinkable(t *testing.T) {
	for raw, want := range map[string]string{
		"https://news.example.org/a?b=1&c=2": "https://news.example.org/a?b=1&c=2",
		" HTTP://example.org/x ":             "http://example.org/x",
		"https://example.org/a b":            "https://example.org/a%20b",
		"javascript:alert(1)":                "", "ftp://example.org/x": "", "mailto:a@example.org": "", "//example.org/": "", "tg://user?id=1": "",
		"https://nodot/": "", "https://exa mple.org/": "", "": "", "https://": "", "https://example.org/\nx": "",
		"https://example.org/" + strings.Repeat("a", maxLink): "",
		// Nobody's name: it is how one address looks like another.
		"https://bank.example@evil.example/": "https://evil.example/", "https://u:p@example.org:8443/x@y": "https://example.org:8443/x@y",
		// Hosts of other letters are read, where nobody takes them for Latin ones.
		"http://%D0%BF%D1%80%D0%B8%D0%BC%D0%B5%D1%80.%D1%80%D1%84/x": "http://пример.рф/x", "https://xn--e1afmkfd.xn--p1ai/": "https://пример.рф/",
		"https://xn--mgbh0fb.xn--kgbechtv/خبر": "https://مثال.إختبار/خبر", "https://münchen.de/": "https://münchen.de/",
		"https://аррӏе.com/": "https://xn--80ak6aa92e.com/", "https://exаmple.org/": "https://xn--exmple-4nf.org/", "https://%E6%97%A5%E6%9C%AC%E3%81%AE.jp/": "https://日本の.jp/",
		"https://exa%20mple.org/": "", "https://%zz.org/": "", "https://example.org%2F.evil.example/": "", "https://a_b.example.org/": "https://a_b.example.org/",
		"https://[2001:db8::1]:8443/x": "https://[2001:db8::1]:8443/x",
	} {
		if got := linkable(raw); got != want {
			t.Errorf("linkable(%.60q) = %q, want %q", raw, got, want)
		}
	}
}

// TestTrapCharactersAreNotTorn: Telegram counts UTF-16 units, readers count characters, and neither
// are runes: what is cut is cut between characters.
func TestTrapCharactersAreNotTorn(t *testing.T) {
	family, accent, flag := "👩\u200d👩\u200d👧", "e\u0301", "🇸🇾"
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{
		{"Geneva", 6, "Geneva"},
		{"Geneva", 5, "Gene…"},
		{strings.Repeat(accent, 5), 5, strings.Repeat(accent, 5)},
		{strings.Repeat(accent, 6), 5, strings.Repeat(accent, 4) + "…"},
		{"ab" + flag + "cd", 4, "ab" + flag + "…"},
		{"abcdefgh" + family + "x", 9, "abcdefgh…"},
		{"محادثات في جنيف", 8, "محادثات…"},
		{"a" + strings.Repeat("\u0301", 100), 5, "a" + strings.Repeat("\u0301", 8) + "…"},
	} {
		if have := short(c.in, c.n); have != c.want {
			t.Errorf("short(%q, %d) = %q, want %q", c.in, c.n, have, c.want)
		}
		if have := short(c.in, c.n); telegram.UTF16Len(have) > 2*c.n {
			t.Errorf("short(%q, %d) has %d units", c.in, c.n, telegram.UTF16Len(have))
		}
	}
}

func TestInert(t *testing.T) {
	const z = "\u200c"
	for s, want := range map[string]string{
		"": "", "no signs": "no signs", "tap /forget": "tap /" + z + "forget", "/start": "/" + z + "start", "EU/US and 24/7": "EU/US and 24/7",
		"by @somebody": "by @" + z + "somebody", "a@example.org": "a@" + z + "example.org", "@": "@", "x @": "x @", "(/x)": "(/" + z + "x)",
		"https://example.org/a": "https://example.org/a", "كتب @name": "كتب @" + z + "name", "/ a": "/ a",
	} {
		if got := inert(s); got != want {
			t.Errorf("inert(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestLegible(t *testing.T) {
	for s, want := range map[string]bool{
		"": false, " ": false, "\u200d\u200c": false, "\u3164\u115f": false, "\u2800": false, "\u0301": false, "\ufe0f": false, "\u034f\u200b": false,
		"a": true, "…": true, "😀": true, "خبر": true, "\u200da": true,
	} {
		if got := legible(s); got != want {
			t.Errorf("legible(%q) = %v", s, got)
		}
	}
}

func TestCut(t *testing.T) {
	family, flag := "👨‍👩‍👧‍👦", "🇨🇭"
	for _, tt := range []struct {
		s                 string
		characters, units int
		want              string
	}{
		{"short", 10, 100, "short"}, {"exactly", 7, 7, "exactly"}, {"", 5, 5, ""},
		{"one two three", 9, 100, "one two…"}, {"abcdefghijklmnopqrstuvwxyzabcdefgh", 30, 100, "abcdefghijklmnopqrstuvwxyzabc…"},
		{family + family + family, 2, 100, family + "…"}, {flag + flag + flag, 2, 100, flag + "…"},
		{"e\u0301e\u0301e\u0301", 2, 100, "e\u0301…"}, {"😀😀😀", 9, 5, "😀😀…"},
		{"a" + strings.Repeat("\u0300", 50), 5, 10, "a" + strings.Repeat("\u0300", 8) + "…"},
		{"كلمة، كلمة أخرى", 7, 100, "كلمة…"},
	} {
		got := cut(tt.s, tt.characters, tt.units)
		if got != tt.want {
			t.Errorf("cut(%q, %d, %d) = %q, want %q", tt.s, tt.characters, tt.units, got, tt.want)
		}
		if n := telegram.UTF16Len(got); n > tt.units {
			t.Errorf("cut(%q) is of %d units", tt.s, n)
		}
	}
}

func TestPlain(t *testing.T) {
	const markup = `<a href="https://example.org/?a=1&amp;b=2"><b>A &lt;b&gt;</b></a>` + "\nx"
	if got, want := plain(markup, 100), "A <b> https://example.org/?a=1&b=2\nx"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := plain(markup, 7), "A <b>\nx"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestEvidence holds the reason of an alert to one word a term, where it counts
// most.
func TestEvidence(t *testing.T) {
	hit := func(term, text, zone string) store.Hit { return store.Hit{Term: term, Text: text, Zone: zone} }
	for _, tt := range []struct {
		name string
		hits []store.Hit
		want string
	}{
		{"once a term, in the headline", []store.Hit{
			hit("@geneva", "GENEVA", "dateline"), hit("@geneva", "Geneva", "title"), hit("@geneva", "Geneva", "body"),
			hit("talks", "talks", "lead"), hit("talks", "talk", "title"),
		}, "“Geneva”, “talk” in the headline"},
		{"by zone", []store.Hit{hit("a", "alpha", "body"), hit("b", "beta", "lead"), hit("c", "gamma", "body")},
			"“beta” in the lead; “alpha”, “gamma” in the text"},
		{"four at most", []store.Hit{hit("a", "a", "title"), hit("b", "b", "title"), hit("c", "c", "title"), hit("d", "d", "title"), hit("e", "e", "title")},
			"“a”, “b”, “c”, “d” in the headline"},
		{"a word of two terms", []store.Hit{hit("talks", "Talks", "title"), hit("talk*", "talks", "lead")}, "“Talks” in the headline"},
		{"no words", []store.Hit{hit("lang:ar", "ar", "lang"), hit("*", "", "")}, ""},
	} {
		if got := viewIn("en").evidence(tt.hits); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestLead reads the quote of an alert: never the dateline, not the title again.
func TestLead(t *testing.T) {
	long := strings.Repeat("long ", 60)
	for _, tt := range []struct {
		name string
		a    store.Article
		want string
	}{
		{"lead and a short text", store.Article{Zones: feeds.Zones{Dateline: "GENEVA (Wire)", Lead: "They met.", Body: "At noon.\n\nAnd left."}}, "They met.\nAt noon.\nAnd left."},
		{"a long lead alone", store.Article{Zones: feeds.Zones{Lead: long, Body: long + long}}, strings.TrimSpace(long)},
		{"a long text after a line", store.Article{Zones: feeds.Zones{Lead: "They met.", Body: long + long}}, "They met.\n" + strings.TrimSpace(long+long)},
		{"the title again", store.Article{Zones: feeds.Zones{Lead: "envoys meet.", Body: "At noon."}}, "At noon."},
		{"nothing but the title", store.Article{Item: feeds.Article{Summary: "Envoys meet."}}, ""},
		{"without zones", store.Article{Item: feeds.Article{Summary: "They met.", Body: "At noon."}}, "They met."},
	} {
		if got := lead(tt.a, "Envoys meet"); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
