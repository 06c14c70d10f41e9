package page

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"wirewatch/feeds"
)

// TestLayouts reads pages as content systems of all kinds lay them out: each file
// of testdata/pages has the item of the feed, the page, and the text that must
// come out: lead and body, no more and no less.
func TestLayouts(t *testing.T) {
	files, err := filepath.Glob("testdata/pages/*.txtar")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d pages, %v", len(files), err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			part := map[string]string{}
			for _, f := range archive.Files {
				part[f.Name] = strings.TrimSpace(string(f.Data))
			}
			z := split(t, feeds.Article{Title: part["title"]}, part["page.html"], "text/html; charset=utf-8")
			if diff := cmp.Diff(part["text"], strings.TrimSpace(z.Lead+"\n\n"+z.Body)); diff != "" {
				t.Errorf("text (-want +got):\n%s\nrelated: %q\nboilerplate: %q", diff, z.Related, z.Boilerplate)
			}
			if want, ok := part["dateline"]; ok && z.Dateline != want {
				t.Errorf("dateline %q, want %q", z.Dateline, want)
			}
			// The summary of a feed shares words with its page.
			if _, err := Read(feeds.Article{Title: part["title"], Summary: part["summary"]}, []byte(part["page.html"]), nil, ""); err != nil {
				t.Errorf("with a summary: %v", err)
			}
		})
	}
}
