package feeds

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// A document of many tags that never close is looked through about once, not once
// for each tag: a few hundred kilobytes would cost minutes.
func TestAdaptReadsHostileDocumentsOnce(t *testing.T) {
	const n = 20_000
	for name, doc := range map[string]string{
		"bodies that are not closed":    "<rss><channel><item>" + strings.Repeat("<body>", n) + "</item></channel></rss>",
		"bodies of many names":          "<rss><channel><item>" + strings.Repeat("<a:body><b:body>", n/2) + "</item></channel></rss>",
		"items that are not closed":     "<rss><channel>" + strings.Repeat("<item><body>", n) + "</channel></rss>",
		"bodies closed the other way":   "<rss><channel><item>" + strings.Repeat("<body>", n) + strings.Repeat("</body>", n) + "</item></channel></rss>",
		"contents in contents":          "<feed><entry>" + strings.Repeat(`<content type="xhtml">`, n) + strings.Repeat("</content>", n) + "</entry></feed>",
		"contents that are not closed":  "<feed><entry>" + strings.Repeat(`<content type="xhtml">`, n) + "</entry></feed>",
		"parts of parts":                "<feed><entry>" + strings.Repeat(`<content type="multipart/mixed">`, n) + "</entry></feed>",
		"bodies that the document ends": "<rss><channel><item>" + strings.Repeat("<body>", n) + "<body",
	} {
		a := rewriter{adapter: adapter{bodies: true, xhtml: true, multipart: true}}
		a.run([]byte(doc))
		if a.looked > 3*n {
			t.Errorf("%s: %d tokens were looked at for %d tags", name, a.looked, n)
		}
	}
}

// Texts are looked at up to their first markup, however they are nested.
func TestAdaptKeepsNestedTexts(t *testing.T) {
	doc := []byte(`<feed><entry><title type="text">a &lt; b</title>` + strings.Repeat("<content>", 20_000) + strings.Repeat("</content>", 20_000) + "</entry></feed>")
	out := adapt(doc, "feed")
	if !bytes.HasSuffix(out, doc[bytes.Index(doc, []byte("<content>")):]) {
		t.Error("the nested texts changed")
	}
}

// What needs no rewriting comes back as the same bytes.
func TestAdaptLeavesOthersAlone(t *testing.T) {
	for kind, doc := range map[string]string{
		"rss":  `<rss><channel><item><title type="text">a &lt; b</title></item></channel></rss>`,
		"feed": `<feed><entry><content type="html">&lt;p&gt;a&lt;/p&gt;</content><body>b</body></entry></feed>`,
	} {
		if out := adapt([]byte(doc), kind); string(out) != doc {
			t.Errorf("%s became %s", doc, out)
		}
	}
}

func FuzzAdapt(f *testing.F) {
	for _, c := range slices.Concat(conformities, rarities, details) {
		f.Add([]byte(c.doc), strings.Contains(c.doc, "<entry"))
	}
	f.Add([]byte("<title<base64"), true) // a tag that another one ends
	f.Fuzz(func(t *testing.T, doc []byte, atom bool) {
		kind := "rss"
		if atom {
			kind = "feed"
		}
		adapt(doc, kind)
		itemMarks(doc, kind, nil)
		reroot(doc, "channel")
		reroot(doc, "feed")
		expandEntities(doc, doc)
	})
}
