package page

import (
	"errors"
	"net/url"
	"os"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"wirewatch/feeds"
	"wirewatch/filter/text"
)

// newsPage lays paragraphs out as a news site does: menu, ticker, sidebar and
// footer around them, and share bar and related block inside the entry itself.
func newsPage(lang, title string, entry ...string) string {
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="` + lang + `"><head><meta charset="utf-8"><title>` + title + ` | Desk</title>
<script>var adverts = 1;</script><style>.x{color:red}</style></head><body>
<nav class="menu"><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<div class="ticker"><ul><li><a href="/1">Ticker: shares of Quillon fall by a third</a></li><li><a href="/2">Ticker: Tarn bridge is closed</a></li></ul></div>
<div id="main"><div class="post"><h1 class="post-title">` + title + `</h1><div class="share-bar"><a href="#">Facebook</a> <a href="#">Twitter</a></div>
<div class="entry">`)
	for _, p := range entry {
		b.WriteString("\n" + p)
	}
	b.WriteString(`</div></div></div>
<div class="sidebar widget"><h3>Most read</h3><ul><li><a href="/3">Sidebar: a cat elected mayor of Ollen</a></li><li><a href="/4">Sidebar: rain until Sunday</a></li></ul></div>
<footer class="footer"><p>Copyright Desk. <a href="/imprint">Imprint</a></p></footer></body></html>`)
	return b.String()
}

// harbour is the text of an invented article.
var harbour = []string{
	"PORT ELSMERE (Northgate) - The harbour authority of Port Elsmere agreed on Monday to reopen the eastern quay to grain ships, ending a closure that had lasted since the storm of February.",
	"Captains of eleven vessels, which have waited in the roads for up to three weeks, were told by radio that pilots would be sent out from Tuesday morning, weather permitting.",
	"“We could not risk a grounding while the channel was not surveyed,” said Ilse Marrant, the harbour master, adding that divers had found the last of the drifting containers on Saturday.",
	"The insurers of the ships had asked for the survey in a letter that was read to the council in April, and two of them sent engineers of their own to see the quay.",
}

func paragraph(s string) string { return "<p>" + s + "</p>" }

func harbourPage() string {
	return newsPage("en", "Grain ships may enter Port Elsmere again",
		paragraph(harbour[0]), paragraph(harbour[1]),
		`<p>Follow us on <a href="https://t.me/desk">Telegram</a></p>`,
		paragraph(harbour[2]), paragraph(harbour[3]),
		`<h3>Read also</h3>`, `<p><a href="/9">Minister of fisheries visits Karsk to talk about herring</a></p>`)
}

var harbourItem = feeds.Article{Title: "Grain ships may enter Port Elsmere again", Summary: "The eastern quay is open to grain ships, the harbour authority says."}

func mustParse(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// split reads a page for an item and separates what was found.
func split(t *testing.T, a feeds.Article, page, contentType string) feeds.Zones {
	t.Helper()
	body, err := Read(a, []byte(page), mustParse(t, "https://desk.example/a/1"), contentType)
	if err != nil {
		t.Fatal(err)
	}
	a.Body = body
	return Split(a)
}

func TestReadKeepsTheArticleAlone(t *testing.T) {
	z := split(t, harbourItem, harbourPage(), "text/html; charset=utf-8")
	whole := z.Lead + "\n\n" + z.Body
	for _, p := range harbour[1:] {
		if !strings.Contains(whole, p) {
			t.Errorf("the article lost %q:\n%s", p, whole)
		}
	}
	for _, other := range []string{"Ticker", "Sidebar", "Facebook", "Telegram", "Karsk", "Copyright", "Home", "adverts", "color"} {
		if strings.Contains(whole, other) {
			t.Errorf("%q is no part of the article:\n%s", other, whole)
		}
	}
	if !strings.Contains(z.Related, "Karsk") || !strings.Contains(z.Dateline, "PORT ELSMERE") {
		t.Errorf("related %q, dateline %q", z.Related, z.Dateline)
	}
}

func TestReadRefusesWhatIsNotTheArticle(t *testing.T) {
	long := paragraph(strings.Repeat("We and our partners store cookies on your device, and you may object in the settings at any time. ", 12))
	for _, test := range []struct {
		name, page string
		want       error
	}{
		{"a consent wall", newsPage("en", "Before you go on", long, long), ErrOther},
		{"an empty page", "", nil},
		{"a frame without text", newsPage("en", "Grain ships may enter Port Elsmere again"), nil},
		{"a shorter text", newsPage("en", harbourItem.Title, "<p>Grain ships.</p>"), nil},
		{"too large", "<p>" + strings.Repeat("x", MaxPage), nil},
		{"too many elements", "<body>" + strings.Repeat("<p>a", maxElements+1), nil},
		{"nesting without end", strings.Repeat("<div>", 100_000) + harbour[0], nil},
	} {
		got, err := Read(harbourItem, []byte(test.page), mustParse(t, "https://desk.example/a/1"), "")
		if err == nil || test.want != nil && !errors.Is(err, test.want) {
			t.Errorf("%s: have %q, %v; want %v", test.name, got, err, test.want)
		}
	}
}

// A page of the old days declares its charset itself, and HTTP says nothing.
func TestReadDecodes(t *testing.T) {
	title := "وصول سفن القمح إلى مرفأ السلام"
	body := []string{
		"أعلنت إدارة مرفأ السلام اليوم أن سفن القمح ستدخل إلى الرصيف الشرقي ابتداء من صباح الثلاثاء بعد إغلاق دام ثلاثة أشهر بسبب العاصفة.",
		"وقالت مديرة المرفأ إن الغواصين عثروا على آخر الحاويات الغارقة يوم السبت، وإن القناة صارت صالحة للملاحة من جديد بعد مسح كامل.",
		"وكانت إحدى عشرة سفينة تنتظر في عرض البحر منذ ثلاثة أسابيع، وقد طلبت شركات التأمين مسح القناة قبل السماح لها بالدخول إلى المرفأ.",
	}
	page := strings.Replace(newsPage("ar", title, paragraph(body[0]), paragraph(body[1]), paragraph(body[2])), "utf-8", "windows-1256", 1)
	encoded, err := charmap.Windows1256.NewEncoder().String(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, contentType := range []string{"", "text/html", "text/html; charset=ISO-8859-1", "text/html; charset=windows-1256"} {
		z := split(t, feeds.Article{Title: title}, encoded, contentType)
		if got := z.Lead + "\n\n" + z.Body; got != strings.Join(body, "\n\n") {
			t.Errorf("%q: %s", contentType, got)
		}
	}
}

// The article that the project was begun for, on a page like its own site's.
func TestReadSeedArticle(t *testing.T) {
	raw, err := os.ReadFile("../../../shared/seed/article-ar.txt")
	if err != nil {
		t.Skip("the seed article is not here:", err)
	}
	paragraphs := strings.Split(strings.TrimSpace(strings.ReplaceAll(string(raw), "\r", "")), "\n\n")
	title, entry := paragraphs[0], paragraphs[1:]
	var laid []string
	end := 0
	for i, p := range entry {
		switch {
		case strings.HasPrefix(p, "متابعة أخبار"):
			end = i
			laid = append(laid, `<p><a href="https://t.me/x">`+p+`</a></p>`)
		case strings.HasPrefix(p, "انظر"):
			laid = append(laid, `<div class="related"><h3>`+p+"</h3>")
		case end > 0:
			laid = append(laid, `<p><a href="/other">`+p+"</a></p>")
		default:
			laid = append(laid, paragraph(p))
		}
	}
	laid = append(laid, "</div>")
	z := split(t, feeds.Article{Title: title}, newsPage("ar", title, laid...), "text/html")
	whole := text.Fold(z.Lead + "\n" + z.Body)
	for _, p := range entry[1:end] { // the first is the dateline
		if !strings.Contains(whole, text.Fold(p)) {
			t.Errorf("the article lost %q", p)
		}
	}
	for _, other := range append(entry[end:], "Ticker", "Sidebar") {
		if strings.Contains(whole, text.Fold(other)) {
			t.Errorf("%q is no part of the article", other)
		}
	}
	if z.Dateline != entry[0] {
		t.Errorf("dateline %q, want %q", z.Dateline, entry[0])
	}
	if n := strings.Count(whole+text.Fold(z.Dateline), text.Fold("جنيف")); n != strings.Count(strings.Join(entry[:end], " "), "جنيف") {
		t.Errorf("the city is named %d times: %s", n, whole)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(harbourPage()), "text/html")
	f.Add([]byte("<table><td><p>x<svg><p><frameset></table>"), "text/html; charset=utf-16")
	f.Add([]byte("<script type=application/ld+json>{\"@context\":\"https://schema.org\",\"@type\":[1]}</script><article>x"), "")
	f.Fuzz(func(t *testing.T, page []byte, contentType string) {
		body, err := Read(feeds.Article{}, page, &url.URL{Scheme: "https", Host: "desk.example"}, contentType)
		if err == nil && body == "" {
			t.Error("nothing was found, but no error said so")
		}
	})
}
