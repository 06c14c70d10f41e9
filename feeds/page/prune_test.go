package page

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"wirewatch/feeds"
)

// pruned is the text of a page once foreign blocks are out.
func pruned(t *testing.T, page string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	prune(root)
	var b strings.Builder
	if err := html.Render(&b, root); err != nil {
		t.Fatal(err)
	}
	return feeds.PlainText(b.String())
}

// Blocks that are called like something foreign and are not: what holds the
// heading or much of the text, sentences, paragraphs, tables.
func TestPruneKeepsTheArticle(t *testing.T) {
	text := "<p>" + harbour[1] + "</p><p>" + harbour[2] + "</p><p>" + harbour[3] + "</p>"
	for name, page := range map[string]string{
		"everything is called sidebar":  `<body class="single has-sidebar ads-on social-login"><div class="with-comments related">` + text + `</div></body>`,
		"the heading is in a promo":     `<div class="promo"><h1>Grain ships</h1></div>` + text,
		"a sentence about the author":   `<div class="author">Ms Marrant is the harbour master.</div>` + text,
		"a photo report":                `<div class="gallery"><img src=1><p>Grain ships enter.</p></div>` + text,
		"a figure that is a table":      `<figure><table><tr><td>Grain ships</td></tr></table></figure>` + text,
		"words within words":            `<div class="shareholders adsorption">Grain ships</div>` + text,
		"a short report of one element": `<div class="share">Grain ships may enter.</div>`,
	} {
		got := pruned(t, page)
		if strings.Contains(page, harbour[2]) && !strings.Contains(got, harbour[2]) {
			t.Errorf("%s: the text is gone: %q", name, got)
		}
		for _, part := range []string{"Grain ships", "Ms Marrant is"} {
			if strings.Contains(page, part) && !strings.Contains(got, part) {
				t.Errorf("%s: %q is gone: %q", name, part, got)
			}
		}
	}
}

func TestPruneDropsWhatIsForeign(t *testing.T) {
	text := "<p>" + harbour[1] + "</p><p>" + harbour[2] + "</p><p>" + harbour[3] + "</p>"
	for _, block := range []string{
		`<div class="shareBar">FOREIGN</div>`, `<div id="post-related-links">FOREIGN</div>`, `<div class="sd-sharing">FOREIGN</div>`,
		`<section role="banner">FOREIGN</section>`, `<p class="wp-caption-text">FOREIGN</p>`, `<div class="entry-meta">FOREIGN 10 May</div>`,
		`<div class="media"><img src=1><span>FOREIGN: the quay</span></div>`, `<aside><p>FOREIGN</p></aside>`, `<figure><img><figcaption>FOREIGN</figcaption></figure>`,
		`<div class="cookieConsent"><p>FOREIGN. We use cookies.</p></div>`, `<div data-type="banner">FOREIGN</div>`, `<form><label>FOREIGN</label></form>`,
	} {
		if got := pruned(t, "<div>"+text+block+"</div>"); strings.Contains(got, "FOREIGN") || !strings.Contains(got, harbour[3]) {
			t.Errorf("%s: %q", block, got)
		}
	}
}

func TestStructured(t *testing.T) {
	block := func(json string) string { return `<script type="application/ld+json">` + json + `</script>` }
	for name, c := range map[string]struct{ page, want string }{
		"plain":             {block(`{"@type":"NewsArticle","articleBody":"One.\n\nTwo."}`), "One.\n\nTwo."},
		"markup":            {block(`{"articleBody":"<p>One.</p><p>Two.</p>"}`), "One.\n\nTwo."},
		"list, graph":       {block(`[{"@graph":[{"x":1},{"mainEntity":{"articleBody":"One."}}]}]`), "One."},
		"the longest":       {block(`{"articleBody":"One."}`) + block(`{"articleBody":"One. Two."}`), "One. Two."},
		"not free":          {block(`{"articleBody":"One.","isAccessibleForFree":false}`), ""},
		"not free, in text": {block(`{"articleBody":"One.","isAccessibleForFree":"False"}`), ""},
		"free":              {block(`{"articleBody":"One.","isAccessibleForFree":true}`), "One."},
		"no text":           {block(`{"articleBody":["One."]}`), ""},
		"damaged":           {block(`{"articleBody":"One.`), ""},
		"another script":    {`<script>{"articleBody":"One."}</script>`, ""},
		"too deep":          {block(strings.Repeat(`{"a":`, 20) + `{"articleBody":"One."}` + strings.Repeat("}", 20)), ""},
	} {
		root, err := html.Parse(strings.NewReader("<html><head>" + c.page + "</head></html>"))
		if err != nil {
			t.Fatal(err)
		}
		if got := structured(root); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestIsStamp(t *testing.T) {
	for s, want := range map[string]bool{
		"16:40": true, "15:20 10.01.2026": true, "Publié le 10 janvier 2026 à 18h02 - Lecture 2 min.": true, "10 January 2026": true,
		"Updated: Jan 10, 2026 at 4:40 PM EST": true, "Опубликовано 10 января 2026, 15:20": true, "نشر في: 10 يناير 2026": true, "قبل دقيقة": true, "منذ 3 ساعات": true,
		"Giriş Tarihi: 10.01.2026 16:40": true, "2026年1月10日 16時40分": true, "3 min read": true, "کد خبر 184220": true,
		"": false, "9": false, "8,120": false, "Greens 8,120 9": false, "They met at 16:40": false, "2026": false,
		"قبل الوفد الدعوة": false, "On Monday they left.": false, "GENEVA, Jan 10": false, "Tarn 3:1 Ollen": false,
	} {
		if got := isStamp(s, opening(s)); got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
}
