package feeds

import (
	"errors"
	"net/url"
	"strings"
	"testing"
)

// Every case of bad input has its own words, and costs as little as it can.
func TestWhatWasRepairedIsSaid(t *testing.T) {
	feedOf := func(inside string) string {
		return `<rss version="2.0"><channel><title>Wire</title>` + inside + `</channel></rss>`
	}
	const item = "<item><title>one</title></item>"
	for name, c := range map[string]struct {
		doc         string
		contentType string
		items       int
		warnings    string
	}{
		"nothing wrong":                   {feedOf(item), "text/xml; charset=utf-8", 1, ""},
		"charset declared wrongly":        {string(mustEncode(t, "windows-1251", `<?xml version="1.0" encoding="utf-8"?>`+feedOf("<language>ru</language><item><title>Переговоры завершились в Женеве</title></item>"))), "", 1, "declared as utf-8, but it is windows-1251"},
		"charset of the header wrong":     {feedOf("<item><title>Женева</title></item>"), "text/xml; charset=windows-1251", 1, "declared as windows-1251, but it is utf-8"},
		"charset not declared":            {string(mustEncode(t, "windows-1256", feedOf("<language>ar</language><item><title>اختتم الوفدان في جنيف اليوم جولة من المحادثات</title></item>"))), "", 1, "no usable encoding declared; taken for windows-1256"},
		"charset that nobody knows":       {`<?xml version="1.0" encoding="klingon"?>` + feedOf(item), "", 1, ""},
		"one control character":           {feedOf("<item><title>o\x01ne</title></item>"), "", 1, "1 illegal control character removed"},
		"control characters":              {feedOf("<item><title>o\x01n\x02e</title></item>"), "", 1, "2 illegal control characters removed"},
		"references to them":              {feedOf("<item><title>o&#1;n&#x2;e</title></item>"), "", 1, "2 references to illegal characters removed"},
		"a damaged byte":                  {`<?xml version="1.0" encoding="utf-8"?>` + feedOf("<item><title>Züri\xc3 é</title></item>"), "", 1, "1 invalid byte replaced"},
		"junk before":                     {"Notice: undefined index" + feedOf(item), "", 1, "23 bytes before the document skipped"},
		"a page around it":                {"<html><body><pre>" + feedOf(item) + "</pre></body></html>", "", 1, "17 bytes before the document skipped"},
		"broken off in an item":           {feedOf(item)[:len(feedOf(item))-len("</item></channel></rss>")] + "<item><title>two", "", 1, "document ends in the middle: 1 item before the break"},
		"broken off between items":        {`<rss><channel>` + item + item, "", 2, "document ends in the middle: 2 items before the break"},
		"a tag that is not closed":        {feedOf("<item><title>one</title><b></item>"), "", 1, "broken XML repaired"},
		"an item that is not closed":      {feedOf("<item><title>one</title>" + item), "", 2, "broken XML repaired"},
		"an entity that nobody knows":     {feedOf("<item><title>one &nothing; two</title></item>"), "", 1, ""},
		"a prefix that nobody declares":   {feedOf("<item><x:y>z</x:y><title>one</title></item>"), "", 1, ""},
		"an empty item":                   {feedOf("<item/>" + item), "", 1, "item 1 is empty"},
		"a guid for all":                  {feedOf("<item><guid>1</guid><title>one</title></item><item><guid>1</guid><title>two</title></item>"), "", 2, "1 guid shared by different items ignored"},
		"too many items":                  {feedOf(strings.Repeat(item, MaxItems+1)), "", MaxItems, "only the first 5000 of 5001 items read"},
		"too deep":                        {feedOf("<item><title>one</title>" + strings.Repeat("<a>", MaxDepth+1) + strings.Repeat("</a>", MaxDepth+1) + "</item>"), "", 1, "markup nested deeper than 128 elements dropped"},
		"a CDATA section that never ends": {feedOf("<item><title>one</title><description><![CDATA[two</description></item>"), "", 1, "broken XML repaired"},
	} {
		d, err := Parse([]byte(c.doc), nil, c.contentType)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := strings.Join(d.Warnings, "; "); len(d.Articles) != c.items || got != c.warnings {
			t.Errorf("%s: %d items, %q; want %d, %q", name, len(d.Articles), got, c.items, c.warnings)
		}
	}
}

// A page is told with the feed that it names; not with the comments on it, not with
// itself.
func TestAPageIsToldWithItsFeed(t *testing.T) {
	base, _ := url.Parse("https://desk.example/news/")
	for page, want := range map[string]string{
		`<link rel="alternate" type="application/rss+xml" href="../rss.xml">`:                                                              "this is an HTML page, not a feed; did you mean https://desk.example/rss.xml?",
		`<link rel="alternate" type="application/atom+xml" href="/comments.xml"><a href="https://feeds.desk.example/world.rss">World</a>`:  "this is an HTML page, not a feed; did you mean https://feeds.desk.example/world.rss?",
		`<link rel="alternate" type="application/rss+xml" href="/comments/feed">`:                                                          "this is an HTML page, not a feed",
		`<link rel="alternate" type="application/rss+xml" href="">`:                                                                        "this is an HTML page, not a feed",
		`<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)"><link rel="alternate" hreflang="fr" href="/fr"><p>hi`: "this is an HTML page, not a feed",
	} {
		_, err := Parse([]byte("<!doctype html><html><head>"+page+"</head><body>Welcome</body></html>"), base, "text/html")
		var e *FormatError
		if !errors.As(err, &e) || e.Reason != want {
			t.Errorf("%s: %v, want %q", page, err, want)
		}
	}
}
