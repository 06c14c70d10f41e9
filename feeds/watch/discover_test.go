package watch

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"wirewatch/feeds"
	"wirewatch/feeds/fetch"
)

// doc puts any document.
func (s *site) doc(path, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.docs[path] = text
}

// missing makes every path that has no document a 404.
func (s *site) missing(paths ...[]string) {
	for _, list := range paths {
		for _, path := range list {
			if s.docs[path] == "" {
				s.status(path, 404)
			}
		}
	}
}

func TestDiscoverOnASite(t *testing.T) {
	const page = "<!doctype html><html lang=en><head><title>Desk</title>%s</head><body>Welcome</body></html>"
	const item = `<url><loc>https://desk.example/n/1</loc></url>`
	for _, test := range []struct {
		name string
		put  func(s *site)
		want []string // paths of the candidates
		read string   // path of the one that Discover reads
		err  string
	}{
		{"the feed itself", func(s *site) { s.put("/", "1|one|text") }, []string{"/"}, "/", ""},
		{"announced, the first dead", func(s *site) {
			s.doc("/", fmt.Sprintf(page, `<link rel=alternate type=application/rss+xml href=/dead title=Dead><link rel=alternate type=application/atom+xml href=/alive>`))
			s.status("/dead", 404)
			s.put("/alive", "1|one|text")
		}, []string{"/dead", "/alive"}, "/alive", ""},
		{"announced, all dead", func(s *site) {
			s.doc("/", fmt.Sprintf(page, `<link rel=alternate type=application/rss+xml href=/dead>`))
			s.status("/dead", 404)
		}, nil, "", "the site announces a feed, but it cannot be read: "},
		{"comments beside news", func(s *site) {
			s.doc("/", fmt.Sprintf(page, `<link rel=alternate type=application/rss+xml href=/comments/feed><link rel=alternate type=application/rss+xml href=/news>`))
			s.put("/news", "1|one|text")
		}, []string{"/news"}, "/news", ""},
		{"a usual place", func(s *site) {
			s.doc("/", fmt.Sprintf(page, ""))
			s.doc("/feed", fmt.Sprintf(page, ""))
			s.put("/rss.xml", "1|one|text")
		}, []string{"/rss.xml"}, "/rss.xml", ""},
		{"a sitemap named by robots.txt", func(s *site) {
			s.doc("/", fmt.Sprintf(page, ""))
			s.doc("/robots.txt", "User-agent: *\nSitemap: "+s.URL+"/all.xml\nsitemap: "+s.URL+"/my-news.xml\n")
			s.doc("/all.xml", "<urlset>"+item+"</urlset>")
			s.doc("/my-news.xml", "<urlset>"+item+"</urlset>")
		}, []string{"/my-news.xml"}, "/my-news.xml", ""},
		{"an index of sitemaps", func(s *site) {
			s.doc("/", fmt.Sprintf(page, ""))
			s.doc("/sitemap.xml", "<sitemapindex><sitemap><loc>/pages.xml</loc></sitemap><sitemap><loc>/News/1.xml</loc></sitemap></sitemapindex>")
			s.doc("/News/1.xml", "<urlset>"+item+"</urlset>")
		}, []string{"/News/1.xml"}, "/News/1.xml", ""},
		{"nothing", func(s *site) { s.doc("/", fmt.Sprintf(page, "")) }, nil, "",
			"this is a web page, not a feed, and neither the page nor the usual places of the site name one"},
		{"no page at all", func(s *site) { s.doc("/", "404") }, nil, "", "this is plain text, not a feed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := setup(t)
			test.put(f.site)
			f.site.missing(feedPaths, sitemapPaths, []string{"/robots.txt"})
			list, first, err := f.Candidates(t.Context(), f.site.URL+"/")
			if len(list) == 1 != (len(first) == 1) {
				t.Errorf("%d articles of %d candidates", len(first), len(list))
			}
			var have []string
			for _, s := range list {
				have = append(have, strings.TrimPrefix(s.URL, f.site.URL))
			}
			if strings.Join(have, " ") != strings.Join(test.want, " ") || (err == nil) != (test.want != nil) {
				t.Errorf("candidates %q, %v; want %q", have, err, test.want)
			}
			src, articles, err := f.Discover(t.Context(), f.site.URL+"/")
			switch {
			case test.err != "":
				if err == nil || !strings.HasPrefix(err.Error(), test.err) {
					t.Errorf("have %v, want %q", err, test.err)
				}
			case err != nil || src.URL != f.site.URL+test.read || len(articles) != 1 || src.Title == "":
				t.Errorf("discovered %+v with %d articles, %v; want %s", src, len(articles), err, test.read)
			}
		})
	}
}

func TestKnownSites(t *testing.T) {
	for address, want := range map[string]string{
		"https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv":      youtubeFeed + "channel_id=UCabcdefghijklmnopqrstuv",
		"https://m.youtube.com/channel/UCabcdefghijklmnopqrstuv/videos": youtubeFeed + "channel_id=UCabcdefghijklmnopqrstuv",
		"https://youtube.com/playlist?list=PL12":                        youtubeFeed + "playlist_id=PL12",
		"https://www.youtube.com/@desk":                                 "https://www.youtube.com/@desk",
		"https://www.youtube.com/feeds/videos.xml?channel_id=UC1":       "https://www.youtube.com/feeds/videos.xml?channel_id=UC1",
		"https://t.me/desk_news":                                        "https://t.me/s/desk_news",
		"https://t.me/s/desk_news":                                      "https://t.me/s/desk_news",
		"https://t.me/+secretinvite":                                    "https://t.me/+secretinvite",
		"https://desk.example/channel/x":                                "https://desk.example/channel/x",
	} {
		if have := knownSite(address); have != want {
			t.Errorf("%s: %s, want %s", address, have, want)
		}
	}
}

func TestYouTubePagesNameTheirChannel(t *testing.T) {
	base, err := url.Parse("https://www.youtube.com/@desk")
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{
		`<html><meta itemprop="identifier" content="UCabcdefghijklmnopqrstuv">`,
		`<html><link rel="canonical" href="https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv">`,
		`<html><script>{"externalId":"UCabcdefghijklmnopqrstuv"}</script>`,
		`<html><link rel="alternate" type="application/rss+xml" title="RSS" href="https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv">`,
	} {
		list := announced(&fetch.Response{Body: []byte(body), ContentType: "text/html"}, base)
		if len(list) != 1 || list[0].source.URL != youtubeFeed+"channel_id=UCabcdefghijklmnopqrstuv" {
			t.Errorf("%s: %+v", body, list)
		}
	}
	if s := completed(feeds.Source{Lang: "ar"}, feeds.Source{Lang: "en", Site: "x"}); s.Lang != "ar" || s.Site != "x" {
		t.Errorf("the feed's word does not count more than the page's: %+v", s)
	}
}
