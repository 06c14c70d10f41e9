package feeds

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAnnounced(t *testing.T) {
	page := `<!doctype html><html lang="fr"><head>
<link rel="stylesheet" href="/s.css"><link rel="alternate" hreflang="en" href="/en/">
<link rel="alternate" type="application/json" href="/wp-json/1">
<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">
<LINK REL="Alternate" TYPE="application/rss+xml; charset=utf-8" TITLE=" Le  Monde " HREF="/une.rss">
<link rel=alternate type=application/atom+xml href=https://feeds.example/atom?x=1&amp;y=2>
</head><body><a href="/une.rss">again</a><a href="/rss/sport.xml"><b>Sport</b> &amp; jeux</a><a href="/sitemap.xml">plan</a>
<a href="/about">À propos</a><a href="javascript:rss()">x</a><a href="/monde/feed/">`
	base, _ := url.Parse("https://monde.example/accueil")
	site := "https://monde.example/accueil"
	want := []Source{
		{URL: "https://monde.example/une.rss", Title: "Le Monde", Lang: "fr", Site: site},
		{URL: "https://feeds.example/atom?x=1&y=2", Lang: "fr", Site: site},
		{URL: "https://monde.example/rss/sport.xml", Title: "Sport & jeux", Lang: "fr", Site: site},
		{URL: "https://monde.example/comments/feed/", Title: "Comments", Lang: "fr", Site: site},
	}
	if diff := cmp.Diff(want, Announced([]byte(page), base, "text/html")); diff != "" {
		t.Error(diff)
	}
	if have := Announced([]byte("<base href='//other.example/x/'><link rel=feed href=f>"), base, ""); len(have) != 1 || have[0].URL != "https://other.example/x/f" {
		t.Errorf("with a base: %+v", have)
	}
}

func FuzzAnnounced(f *testing.F) {
	f.Add([]byte("<link rel=alternate type=application/rss+xml href=/a><a href=/feed/>x<a href=b.rss>y</a><base href=x>"))
	base, _ := url.Parse("https://desk.example/")
	f.Fuzz(func(t *testing.T, page []byte) {
		for _, s := range Announced(page, base, "") {
			if u, err := url.Parse(s.URL); err != nil || u.Host == "" {
				t.Errorf("announced %q", s.URL)
			}
		}
	})
}
