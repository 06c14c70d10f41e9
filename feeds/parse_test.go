package feeds

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden is what a document is compared as.
type golden struct {
	Format, Encoding, Title, Site, Self, Lang, TTL, Hub string
	Warnings                                            []string
	Articles                                            []Article
}

func TestParseFixtures(t *testing.T) {
	files, err := filepath.Glob("testdata/*.[xj]*")
	if err != nil || len(files) < 15 {
		t.Fatalf("fixtures: %d, %v", len(files), err)
	}
	base, _ := url.Parse("https://wire.example/feeds/rss")
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			doc, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			d, err := Parse(doc, base, "")
			if err != nil {
				t.Fatal(err)
			}
			checkInvariants(t, file, d)
			compare(t, filepath.Join("testdata/golden", filepath.Base(file)+".json"), golden{d.Format, d.Encoding, d.Title, d.Site, d.Self, d.Lang, d.TTL.String(), d.Hub, d.Warnings, d.Articles})
		})
	}
}

// compare holds a value to its golden file.
func compare(t *testing.T, file string, v any) {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNoFeedSaysWhatItIs(t *testing.T) {
	page, err := os.ReadFile("testdata/page.html")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ doc, reason string }{
		"nothing":       {"", "the document is empty"},
		"spaces":        {" \n\t\r\n", "the document is empty"},
		"html":          {string(page), "this is an HTML page, not a feed"},
		"html fragment": {"\n<div>Not found</div>", "this is an HTML page, not a feed"},
		"xhtml":         {`<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>`, "this is an HTML page, not a feed"},
		"svg in html":   {`<html><svg><metadata><rdf:RDF></rdf:RDF></metadata></svg></html>`, "this is an HTML page, not a feed"},
		"text":          {"404 not found", "this is plain text, not a feed"},
		"json":          {`{"error": "not found"}`, "this is JSON, but not a JSON Feed"},
		"json list":     {`[1, 2]`, "this is a JSON list, not a JSON Feed"},
		"bad json":      {`{error}`, "this is neither XML nor JSON, and so not a feed"},
		"opml":          {`<opml version="2.0"><body/></opml>`, "this is an OPML list of feeds, not a feed"},
		"sitemap index": {`<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>`, "this is an index of sitemaps, not a feed; one of the sitemaps in it can be read"},
		"other xml":     {`<catalog><book/></catalog>`, "this is an XML document of another kind (<catalog>), not a feed"},
		"error xml":     {`<Error><Code>AccessDenied</Code></Error>`, "the server sent an error message in XML (<error>), not a feed"},
		"gzip":          {"\x1f\x8b\x08\x00", "this is a gzip archive, not a feed"},
		"zip":           {"PK\x03\x04", "this is a zip archive, not a feed"},
		"png":           {"\x89PNG\r\n", "this is an image, not a feed"},
		"jpeg":          {"\xff\xd8\xff\xe0", "this is an image, not a feed"},
		"too large":     {"<rss>" + strings.Repeat(" ", MaxDocument), fmt.Sprintf("the document is larger than %d MB", MaxDocument>>20)},
		"pdf":           {"%PDF-1.7", "this is a PDF document, not a feed"},
		"only a head":   {`<rss version="2.0"><channel><title>Wi`, "the document ends before its first item"},
	} {
		_, err := Parse([]byte(c.doc), nil, "")
		var e *FormatError
		if !errors.As(err, &e) || e.Reason != c.reason {
			t.Errorf("%s: %v, want %q", name, err, c.reason)
		}
	}
}

func TestEncodingOfTheHeader(t *testing.T) {
	russian := mustEncode(t, "windows-1251", `<rss><channel><title>Лента новостей Женевы</title><item><title>Переговоры завершились</title></item></channel></rss>`)
	for contentType, want := range map[string]string{
		"text/xml; charset=windows-1251":   "windows-1251",
		`text/xml; charset="CP1251"`:       "windows-1251",
		"text/xml; charset=win-1251":       "windows-1251",
		"text/xml; charset=utf-8":          "windows-1251", // refuted, then detected
		"text/xml; charset=no-such-thing":  "windows-1251",
		"text/xml; charset=utf-16":         "windows-1251",
		"text/xml; charset=iso-2022-kr":    "windows-1251", // the standard replaces it by nothing
		"text/xml; charset=x-user-defined": "windows-1251",
		"":                                 "windows-1251",
	} {
		d, err := Parse(russian, nil, contentType)
		if err != nil {
			t.Fatalf("%s: %v", contentType, err)
		}
		if d.Encoding != want || d.Articles[0].Title != "Переговоры завершились" {
			t.Errorf("%q: %s, %q", contentType, d.Encoding, d.Articles[0].Title)
		}
	}
}

func mustEncode(t *testing.T, label, s string) []byte {
	t.Helper()
	enc, _ := lookup(label)
	out, err := enc.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestManyEncodings(t *testing.T) {
	for label, text := range map[string]string{
		"utf-16be": "Переговоры", "koi8-r": "Переговоры завершились", "iso-8859-2": "Rozmowy zakończyły się", "windows-1254": "Görüşmeler sona erdi, dedi",
		"gb18030": "会谈在日内瓦结束", "big5": "會談在日內瓦結束", "shift_jis": "会談が終わった", "euc-jp": "会談が終わった", "euc-kr": "회담이 끝났다",
		"iso-2022-jp": "会談が終わった", "windows-874": "การเจรจาสิ้นสุดลง", "iso-8859-6": "انتهت المحادثات", "windows-1253": "Οι συνομιλίες τελείωσαν", "windows-1255": "השיחות הסתיימו",
	} {
		doc := mustEncode(t, label, `<?xml version="1.0" encoding="`+label+`"?><rss><channel><item><title>`+text+`</title></item></channel></rss>`)
		d, err := Parse(doc, nil, "")
		if err != nil {
			t.Errorf("%s: %v", label, err)
			continue
		}
		if d.Encoding != label || d.Articles[0].Title != text {
			t.Errorf("%s: %s %q", label, d.Encoding, d.Articles[0].Title)
		}
	}
}

func TestThaiIsDetectedByItsLanguage(t *testing.T) {
	text := strings.Repeat("การเจรจาสิ้นสุดลงที่เจนีวา ", 8)
	doc := mustEncode(t, "windows-874", `<rss><channel><language>th</language><item><title>`+text+`</title></item></channel></rss>`)
	d, err := Parse(doc, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	if d.Encoding != "windows-874" || d.Articles[0].Title != strings.TrimSpace(text) {
		t.Errorf("%s %q", d.Encoding, d.Articles[0].Title)
	}
}

func TestLimits(t *testing.T) {
	many := `<rss><channel>` + strings.Repeat(`<item><title>x</title></item>`, MaxItems+10) + `</channel></rss>`
	d, err := Parse([]byte(many), nil, "")
	if err != nil || len(d.Articles) != MaxItems || len(d.Warnings) == 0 {
		t.Errorf("many items: %v, %d articles, %q", err, len(d.Articles), d.Warnings)
	}
	deep := `<rss><channel><item><title>a</title><x:y>` + strings.Repeat("<d>", 1_000_000) + `</x:y></item><item><title>b</title></item></channel></rss>`
	if d, err = Parse([]byte(deep), nil, ""); err != nil || len(d.Articles) != 2 {
		t.Errorf("a million open elements: %v", err)
	}
	long := `<rss><channel><item><title>` + strings.Repeat("слово ", 100_000) + `</title></item></channel></rss>`
	if d, err = Parse([]byte(long), nil, ""); err != nil || len([]rune(d.Articles[0].Title)) > MaxTitle {
		t.Errorf("a long title: %v", err)
	}
	laughs := `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><rss><channel><item><title>T &c;</title></item></channel></rss>`
	if d, err = Parse([]byte(laughs), nil, ""); err != nil || len(d.Articles) != 1 || len(d.Articles[0].Title) > 20 {
		t.Errorf("entities: %v, %+v", err, d)
	}
}

func TestABadItemCostsNoNeighbour(t *testing.T) {
	// An element name that encoding/xml refuses, in one of a hundred items.
	var b strings.Builder
	b.WriteString("<rss><channel><title>Wire</title>")
	for i := range 100 {
		if i == 40 {
			b.WriteString("<item><title>bad</title><\u200bx>y</\u200bx></item>")
			continue
		}
		b.WriteString("<item><title>good</title></item>")
	}
	b.WriteString("</channel></rss>")
	d, err := Parse([]byte(b.String()), nil, "")
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Articles) < 99 || d.Title != "Wire" {
		t.Errorf("%d articles, %q", len(d.Articles), d.Warnings)
	}
}

func TestSourceIsNamed(t *testing.T) {
	for address, want := range map[string]string{"https://www.wire.example/feed": "wire.example", "file:///tmp/wire.xml": "wire.xml", "": ""} {
		base, _ := url.Parse(address)
		d, err := Parse([]byte(`<rss><channel><item><title>x</title></item></channel></rss>`), base, "")
		if err != nil || d.Articles[0].Source != want {
			t.Errorf("%q: %v, source %q", address, err, d.Articles[0].Source)
		}
	}
}

func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.[xjh]*")
	for _, file := range files {
		if doc, err := os.ReadFile(file); err == nil {
			f.Add(doc, "text/xml; charset=windows-1256")
		}
	}
	f.Fuzz(func(t *testing.T, doc []byte, contentType string) {
		d, err := Parse(doc, nil, contentType)
		if err != nil {
			var e *FormatError
			if !errors.As(err, &e) || e.Reason == "" {
				t.Errorf("%v is no *FormatError", err)
			}
			return
		}
		checkInvariants(t, "fuzz", d)
	})
}

func FuzzRepair(f *testing.F) {
	f.Add([]byte("<channel><item><a></item></channel></rss>"))
	f.Add([]byte("<item><b><item/></b>]]></rss>"))
	f.Fuzz(func(t *testing.T, doc []byte) {
		doc = append([]byte("<rss>"), doc...)
		once := repair(doc)
		if o := survey(once.doc); o.cut || o.tooDeep {
			t.Errorf("%q is mended to %q", doc, once.doc)
		}
	})
}
