package feeds

import (
	"net/url"
	"strings"
	"testing"
)

func TestCanonicalURL(t *testing.T) {
	const page = "https://news.example/world/talks"
	for _, same := range []string{
		page, "http://news.example/world/talks", "HTTP://WWW.News.Example:80/world/talks/", "https://news.example:443/world/talks", "https://news.example./world/talks",
		"https://m.news.example/world/talks", "https://amp.news.example/world/talks", "https://mobile.news.example/world/talks",
		page + "#comments", page + "?", page + "?utm_source=rss&utm_medium=feed", page + "?fbclid=x&gclid=y", page + "?mtm_campaign=a&at_medium=RSS&at_campaign=KARANGA",
		page + "?xtor=RSS-3208", page + "?ito=1490&smid=tw&cmpid=z&ns_mchannel=rss&ns_source=x&spm=1.2&CMP=share", page + "?ref=rss", page + "?UTM_SOURCE=x",
		page + "/amp", page + "/amp/", page + ".amp", page + "?amp=1", page + "?amp", page + "?outputType=amp", "https://news.example/amp/world/talks",
		"https://news-example.cdn.ampproject.org/c/s/news.example/world/talks/amp", "https://www.google.com/amp/s/news.example/world/talks",
		"https://www.google.com/url?rct=j&sa=t&url=https://news.example/world/talks&ct=ga", " " + page + "\n", "https://user:pass@news.example/world/talks",
		"https://news.example/world/./talks", "https://news.example/world/x/../talks", "https://news.example//world/talks", "https://news.example/world/%74alks",
	} {
		if got := CanonicalURL(same); got != page {
			t.Errorf("%q -> %q", same, got)
		}
	}
	for in, want := range map[string]string{
		"https://news.example/story.amp.html":                 "https://news.example/story.html",
		"https://news.example/?p=7&utm_source=rss":            "https://news.example/?p=7",
		"https://news.example/article.php?id=3&lang=ar":       "https://news.example/article.php?id=3&lang=ar",
		"https://news.example/?ref=abc123":                    "https://news.example/?ref=abc123",
		"https://news.example":                                "https://news.example",
		"https://news.example/":                               "https://news.example",
		"https://news.example:8080/a":                         "https://news.example:8080/a",
		"https://m.com/a":                                     "https://m.com/a",
		"https://مثال.example/خبر/1":                          "https://xn--mgbh0fb.example/%D8%AE%D8%A8%D8%B1/1",
		"https://xn--mgbh0fb.example/%d8%ae%d8%a8%d8%b1/1":    "https://xn--mgbh0fb.example/%D8%AE%D8%A8%D8%B1/1",
		"https://news.example/#!/story/7":                     "https://news.example#!/story/7",
		"https://news.example/a%2Fb":                          "https://news.example/a%2Fb",
		"https://news.example/a b":                            "https://news.example/a%20b",
		"https://news.example/100%":                           "https://news.example/100%25",
		"https://[2606:4700::1111]:443/a":                     "https://[2606:4700::1111]/a",
		"":                                                    "",
		"news.example/a":                                      "",
		"//news.example/a":                                    "",
		"mailto:desk@news.example":                            "",
		"javascript:alert(1)":                                 "",
		"https://":                                            "",
		"https:///a":                                          "",
		"urn:uuid:1":                                          "",
		"https://news.example/" + strings.Repeat("a", MaxURL): "",
	} {
		if got := CanonicalURL(in); got != want {
			t.Errorf("%q -> %q, want %q", in, got, want)
		}
	}
}

func FuzzCanonicalURL(f *testing.F) {
	for _, s := range []string{
		"https://www.m.news.example:443/a/amp/?utm_source=x&p=1#y", "http://x.cdn.ampproject.org/c/s/y.example/amp", "https://news.example/%zz%41", "https://google.com/url?q=https://a.example/.amp",
		"http://Cdn.AmpprojeCt.org./0/0.", "https://m.google.com/./url/?a&amp;q=https://a.example/", "https://cdn.ampproject.org/./c/a.example",
		"http://a.example/0.amp/", "http://0?0&amp;amp;", "http://google.\x8c/url?q=http://%", "http://a.example/?0&%61mp;b=1",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := CanonicalURL(s)
		if once == "" {
			return
		}
		if twice := CanonicalURL(once); twice != once && len(once) <= MaxURL {
			t.Errorf("%q -> %q -> %q", s, once, twice)
		}
		if u, err := url.Parse(once); err != nil || u.Scheme != "https" || u.Host == "" {
			t.Errorf("%q -> %q: %v", s, once, err)
		}
	})
}
