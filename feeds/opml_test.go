package feeds

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const opmlFile = `<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.1"><head><title>My feeds & others</title></head><body>
<outline text="News"><outline title="Africa &amp; Asia" text="x">
	<outline type="rss" text="The Desk" xmlUrl="https://desk.example/rss?a=1&b=2" htmlUrl="https://desk.example/" language="en-GB"/>
	<OUTLINE TITLE="الأفق" XMLURL="feed://ufuq.example/rss" category="/agency/arabic,daily"></OUTLINE>
</outline><outline text="Mail" xmlUrl="mailto:x@desk.example"/></outline>
<outline text="Again" ><outline text="Desk" xmlUrl="https://desk.example/rss?a=1&amp;b=2"/></outline>
<outline text="Alone" xmlUrl="feed:https://alone.example/atom.xml"/>
</body></opml>`

func TestReadOPML(t *testing.T) {
	have, warnings, err := ReadOPML(strings.NewReader(opmlFile))
	if err != nil {
		t.Fatal(err)
	}
	want := []Source{
		{URL: "https://desk.example/rss?a=1&b=2", Title: "The Desk", Site: "https://desk.example/", Lang: "en-GB", Tags: []string{"News", "Africa & Asia", "Again"}},
		{URL: "http://ufuq.example/rss", Title: "الأفق", Tags: []string{"News", "Africa & Asia", "agency", "arabic", "daily"}},
		{URL: "https://alone.example/atom.xml", Title: "Alone"},
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Error(diff)
	}
	if len(warnings) != 1 || warnings[0] != "mailto:x@desk.example left out: it is no http or https address" {
		t.Errorf("warnings %q", warnings)
	}
}

func TestReadOPMLSaysWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct{ file, reason string }{
		"nothing":     {" \n", "the file is empty"},
		"text":        {"my feeds", "this is no OPML list of feeds"},
		"a feed":      {"<rss version='2.0'><channel/></rss>", "this is no OPML list of feeds: it begins with <rss>"},
		"no feeds":    {"<opml><body><outline text='News'/></body></opml>", "the list names no feed (no outline has a usable xmlUrl)"},
		"no web feed": {"<opml><body><outline xmlUrl='gopher://x/'/></body></opml>", "the list names no feed (no outline has a usable xmlUrl)"},
		"too large":   {"<opml>" + strings.Repeat(" ", MaxOPML), "the file is larger than 16 MB"},
	} {
		if list, _, err := ReadOPML(strings.NewReader(c.file)); err == nil || err.Error() != c.reason {
			t.Errorf("%s: %v, %v; want %q", name, list, err, c.reason)
		}
	}
	cut := opmlFile[:strings.Index(opmlFile, "<OUTLINE")]
	list, warnings, err := ReadOPML(strings.NewReader(cut))
	if err != nil || len(list) != 1 || len(warnings) != 1 || warnings[0] != "the file ends in the middle: 1 feed before the break" {
		t.Errorf("cut off: %v, %q, %v", list, warnings, err)
	}
}

func TestWriteOPMLIsReadBack(t *testing.T) {
	sources := []Source{
		{URL: "https://a.example/?x=1&y=<2>", Title: `"A" & <b>`, Site: "https://a.example/", Lang: "ar", Tags: []string{"news", "world"}},
		{URL: "https://b.example/", Tags: []string{"news"}},
		{URL: "https://c.example/", Title: "خبر"},
		{URL: "https://d.example/", Title: "D", Tags: []string{"world"}},
	}
	var b bytes.Buffer
	if err := WriteOPML(&b, "Sources", sources); err != nil {
		t.Fatal(err)
	}
	have, warnings, err := ReadOPML(&b)
	if err != nil || warnings != nil {
		t.Fatal(warnings, err)
	}
	byURL := map[string]Source{}
	for _, s := range have {
		byURL[s.URL] = s
	}
	for _, want := range sources {
		want.URL = absolute(nil, want.URL) // as every address is written
		if want.Title == "" {
			want.Title = want.URL // its name where a name must be
		}
		if diff := cmp.Diff(want, byURL[want.URL]); diff != "" {
			t.Error(diff)
		}
	}
}

func FuzzReadOPML(f *testing.F) {
	f.Add([]byte(opmlFile))
	f.Add([]byte("<opml><outline><outline xmlurl=http://x><outline></opml>"))
	f.Add([]byte("\xff\xfe<\x00o\x00p\x00m\x00l\x00>\x00"))
	f.Fuzz(func(t *testing.T, file []byte) {
		list, _, err := ReadOPML(bytes.NewReader(file))
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := WriteOPML(&b, "x", list); err != nil {
			t.Fatal(err)
		}
		again, _, err := ReadOPML(&b)
		if err != nil || len(again) != len(list) {
			t.Fatalf("%d sources written, %d read back, %v", len(list), len(again), err)
		}
	})
}
