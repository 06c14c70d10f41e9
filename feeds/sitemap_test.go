package feeds

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
)

const sitemapHead = `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`

func TestSitemaps(t *testing.T) {
	base, _ := url.Parse("https://desk.example/sitemap.xml")
	entry := func(n int) string {
		return fmt.Sprintf("<url><loc>https://desk.example/a/%d</loc><lastmod>2026-03-%02dT10:00:00Z</lastmod></url>", n, n%28+1)
	}
	var many strings.Builder
	for n := range MaxItems + 10 {
		many.WriteString(entry(n))
	}
	for _, test := range []struct {
		name, doc string
		items     int
		first     string // address of the first item
		warning   string
	}{
		{"empty", sitemapHead + "</urlset>", 0, "", ""},
		{"an empty element", `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>`, 0, "", ""},
		{"the newest first", sitemapHead + entry(1) + entry(3) + entry(2) + "</urlset>", 3, "https://desk.example/a/3", ""},
		{"a prefix", `<sm:urlset xmlns:sm="http://www.sitemaps.org/schemas/sitemap/0.9"><sm:url><sm:loc> https://desk.example/p </sm:loc></sm:url></sm:urlset>`, 1, "https://desk.example/p", ""},
		{"cut off", sitemapHead + entry(1) + "<url><loc>https://desk.ex", 1, "https://desk.example/a/1", "document ends in the middle: 1 item before the break"},
		{"cut off between", sitemapHead + entry(1), 1, "https://desk.example/a/1", "document ends in the middle: 1 item before the break"},
		{"too many", sitemapHead + many.String() + "</urlset>", MaxItems, "https://desk.example/a/27", "only the newest 5000 of 5010 items read"},
		{"a field without end", sitemapHead + "<url><loc>https://desk.example/x" + strings.Repeat("<!---->y", 100_000) + "</loc></url></urlset>", 0, "", "1 item without a proper address dropped"},
	} {
		d, err := Parse([]byte(test.doc), base, "")
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if d.Format != "sitemap" || len(d.Articles) != test.items || len(d.Articles) > 0 && d.Articles[0].URL != test.first {
			t.Errorf("%s: %s, %d items, first %+v", test.name, d.Format, len(d.Articles), d.Articles[:min(1, len(d.Articles))])
		}
		if strings.Join(d.Warnings, "|") != test.warning {
			t.Errorf("%s: warnings %q, want %q", test.name, d.Warnings, test.warning)
		}
		checkInvariants(t, test.name, d)
	}
}

func TestSitemapIndex(t *testing.T) {
	base, _ := url.Parse("https://desk.example/sitemap.xml")
	doc := `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://desk.example/news.xml</loc>
		<lastmod>2026-03-01</lastmod></sitemap><sitemap><loc>/pages.xml?a=1&amp;b=2</loc></sitemap><sitemap><loc>ftp://x/y</loc></sitemap></sitemapindex>`
	want := []string{"https://desk.example/news.xml", "https://desk.example/pages.xml?a=1&b=2"}
	if have := SitemapIndex([]byte(doc), base); !slices.Equal(have, want) {
		t.Errorf("have %q, want %q", have, want)
	}
	if have := SitemapIndex([]byte(sitemapHead+"<url><loc>https://desk.example/</loc></url></urlset>"), base); have != nil {
		t.Errorf("a sitemap is no index: %q", have)
	}
}

func TestSlugTitle(t *testing.T) {
	for address, want := range map[string]string{
		"https://desk.example/a/grain-ships-may-enter-98123.html":     "grain ships may enter",
		"https://desk.example/%D9%82%D9%85%D8%AD-%D8%B3%D9%81%D9%86/": "قمح سفن",
		"https://desk.example/98123":                                  "",
		"https://desk.example/":                                       "",
		"https://desk.example/world":                                  "",
	} {
		if have := slugTitle(address); have != want {
			t.Errorf("%s: %q, want %q", address, have, want)
		}
	}
}
