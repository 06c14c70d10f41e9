package feeds

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"
)

// newsroom writes a feed of a realistic size: items with a teaser and a body of
// a few paragraphs.
func newsroom(items int) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>وكالة التجربة</title><link>https://news.example/</link>`)
	for i := range items {
		fmt.Fprintf(&b, `<item><title>وزير الخارجية يبحث في جنيف ملف الضمانات %d</title><link>https://news.example/a/%d?utm_source=rss</link><guid isPermaLink="false">n-%d</guid><dc:creator>مراسل</dc:creator><pubDate>Mon, 10 Jan 2022 18:%02d:00 +0300</pubDate><category>سياسة</category><description><![CDATA[<p>بدأت في جنيف جولة جديدة من المحادثات.</p>]]></description><content:encoded><![CDATA[`, i, i, i, i%60)
		for range 8 {
			b.WriteString(`<p>قال المتحدث باسم الوفد إن <a href="/tag/talks">المحادثات</a> تناولت عدداً من الملفات، وإن الطرفين اتفقا على مواصلة العمل في الأسابيع المقبلة &quot;بروح إيجابية&quot;.</p>` + "\n")
		}
		b.WriteString(`]]></content:encoded></item>`)
	}
	b.WriteString(`</channel></rss>`)
	return []byte(b.String())
}

func BenchmarkParse(b *testing.B) {
	doc := newsroom(50)
	b.SetBytes(int64(len(doc)))
	for b.Loop() {
		if d, err := Parse(doc, nil, ""); err != nil || len(d.Articles) != 50 {
			b.Fatal(err)
		}
	}
}

// BenchmarkBareGofeed is what Parse is measured against.
func BenchmarkBareGofeed(b *testing.B) {
	doc := newsroom(50)
	b.SetBytes(int64(len(doc)))
	for b.Loop() {
		if _, err := gofeed.NewParser().Parse(bytes.NewReader(doc)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseBroken(b *testing.B) {
	doc := bytes.Replace(newsroom(50), []byte("</item>"), nil, 1)
	b.SetBytes(int64(len(doc)))
	for b.Loop() {
		if d, err := Parse(doc, nil, ""); err != nil || len(d.Articles) != 50 {
			b.Fatal(err, len(d.Articles))
		}
	}
}

func BenchmarkPlainText(b *testing.B) {
	html := strings.Repeat(`<p>Talks <b>ended</b> in Geneva on Monday &mdash; with &laquo;no result&raquo;.</p>`+"\n", 40)
	b.SetBytes(int64(len(html)))
	for b.Loop() {
		PlainText(html)
	}
}

func BenchmarkCanonicalURL(b *testing.B) {
	for b.Loop() {
		CanonicalURL("http://www.news.example:80/world/2022/01/10/talks-end/amp/?utm_source=rss&id=7#top")
	}
}
