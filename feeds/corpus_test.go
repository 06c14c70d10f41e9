package feeds

import (
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// corpus is a folder of captured feeds that is not part of the repository.
const corpus = "../../shared/feeds"

// An outlet is a row of the corpus's table of news feeds.
type outlet struct {
	path, format, encoding, lang string
	items                        int
}

func outlets(t *testing.T) []outlet {
	t.Helper()
	table, err := os.ReadFile(filepath.Join(corpus, "NEWS.tsv"))
	if err != nil {
		t.Skip("the corpus of captured feeds is not here")
	}
	var all []outlet
	for i, line := range strings.Split(strings.TrimSpace(string(table)), "\n") {
		f := strings.Split(line, "\t")
		if i == 0 || len(f) < 5 {
			continue
		}
		n, err := strconv.Atoi(f[4])
		if err != nil {
			t.Fatalf("row %d: %v", i+1, err)
		}
		all = append(all, outlet{path: f[0], format: f[1], encoding: f[2], lang: f[3], items: n})
	}
	return all
}

func parseFile(t *testing.T, path string) (*Document, error) {
	t.Helper()
	doc, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	type result struct {
		d   *Document
		err error
	}
	done := make(chan result, 1)
	go func() {
		d, err := Parse(doc, nil, "")
		done <- result{d, err}
	}()
	select {
	case r := <-done:
		return r.d, r.err
	case <-time.After(5 * time.Second):
		t.Fatalf("%s: not read within 5 s", path)
	}
	return nil, nil
}

func TestEveryOutletYieldsItsItems(t *testing.T) {
	for _, o := range outlets(t) {
		d, err := parseFile(t, filepath.Join(corpus, o.path))
		if err != nil {
			t.Errorf("%s: %v", o.path, err)
			continue
		}
		if len(d.Articles) != o.items {
			t.Errorf("%s: %d items, want %d (%q)", o.path, len(d.Articles), o.items, d.Warnings)
		}
		if d.Format != o.format {
			t.Errorf("%s: format %s, want %s", o.path, d.Format, o.format)
		}
		if o.lang != "" && !strings.EqualFold(d.Lang, o.lang) {
			t.Errorf("%s: language %q, want %q", o.path, d.Lang, o.lang)
		}
		checkInvariants(t, o.path, d)
	}
}

func TestEveryCapturedFileIsReadOrExplained(t *testing.T) {
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("the corpus of captured feeds is not here")
	}
	// Those that are no feeds at all.
	refused := map[string]bool{
		"xml_sample_1.xml": true, "xml_sample_2.xml": true, "xml_iso8859.xml": true,
		"iso88591.xml": true, "iso88591_utf8_mismatch.xml": true, "rss_2.0_invalid_1.xml": true, // it ends before its first item
	}
	err := filepath.WalkDir(corpus, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.HasSuffix(path, ".tsv") {
			return err
		}
		d, err := parseFile(t, path)
		if err != nil {
			if !refused[e.Name()] {
				t.Errorf("%s: %v", path, err)
			}
			return nil
		}
		checkInvariants(t, path, d)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The article that the program was made for, wrapped as an old agency site
// would send it.
func TestSeedIsReadInItsOldEncoding(t *testing.T) {
	raw, err := os.ReadFile("../../shared/seed/article-ar.txt")
	if err != nil {
		t.Skip("the seed article is not here")
	}
	title, body, _ := strings.Cut(strings.TrimSpace(string(raw)), "\n")
	doc := `<rss version="2.0"><channel><title>SANA</title><item><title>` + title + `</title><description>` + body + `</description></item></channel></rss>`
	for name, bytes := range map[string][]byte{
		"declared":       mustEncode(t, "windows-1256", `<?xml version="1.0" encoding="windows-1256"?>`+doc),
		"undeclared":     mustEncode(t, "windows-1256", doc),
		"declared wrong": mustEncode(t, "windows-1256", `<?xml version="1.0" encoding="utf-8"?>`+doc),
		"utf-8":          []byte(doc),
	} {
		d, err := Parse(bytes, nil, "")
		if err != nil {
			t.Fatal(err)
		}
		a := d.Articles[0]
		if a.Title != strings.TrimSpace(title) || strings.Count(a.Summary, "\n\n") != 23 || !strings.Contains(a.Summary, "انظر ايضاً") {
			t.Errorf("%s: %s, title %q, %d paragraphs", name, d.Encoding, a.Title, strings.Count(a.Summary, "\n\n")+1)
		}
	}
}
