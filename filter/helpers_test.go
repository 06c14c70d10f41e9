package filter

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wirewatch/filter/entity"
	"wirewatch/filter/text"

	"github.com/google/go-cmp/cmp"
)

// pack is the gazetteer of the tests: a few entities in many languages.
func pack(t testing.TB) *entity.Gazetteer {
	t.Helper()
	data, err := os.ReadFile("testdata/entities.yaml")
	if err != nil {
		t.Fatal(err)
	}
	g, err := entity.LoadFiles(entity.File{Name: "testdata/entities.yaml", Data: data})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// starter loads the packs that ship with the program, or skips.
func starter(t testing.TB) *entity.Gazetteer {
	t.Helper()
	paths, _ := filepath.Glob("../configs/entities/*.yaml")
	if len(paths) == 0 {
		t.Skip("no starter entities here")
	}
	var files []entity.File
	for _, p := range paths {
		data, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, entity.File{Name: filepath.Base(p), Data: data})
	}
	g, err := entity.LoadFiles(files...)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// seed splits the SANA article into its zones, and its teaser into an article of
// its own; it skips where the article is absent.
func seed(t testing.TB) (article, teaser Input) {
	t.Helper()
	data, err := os.ReadFile("../../shared/seed/article-ar.txt")
	if err != nil {
		t.Skip("the seed article is not here")
	}
	return splitWire(string(data))
}

// splitWire splits a wire as its agency writes it: title, dateline, body; then, after the
// line about Telegram, the related block with its teaser.
func splitWire(s string) (article, teaser Input) {
	body, related, _ := strings.Cut(s, "متابعة أخبار")
	title, body, _ := strings.Cut(body, "\n")
	dateline, body, _ := strings.Cut(strings.TrimSpace(body), "\n")
	article = Input{Title: title, Dateline: dateline, Body: strings.TrimSpace(body), Lang: "ar"}
	_, related, _ = strings.Cut(related, "ايضاً")
	title, body, _ = strings.Cut(strings.TrimSpace(related), "\n")
	return article, Input{Title: title, Body: strings.TrimSpace(body), Lang: "ar"}
}

func mustParse(t testing.TB, s string, names *entity.Gazetteer) *Query {
	t.Helper()
	q, err := Parse(s, names)
	if err != nil {
		t.Fatalf("Parse(%s): %v", s, err)
	}
	return q
}

// treeDiff compares two trees, patterns included; "" when they are equal.
func treeDiff(a, b node) string {
	return cmp.Diff(a, b, cmp.AllowUnexported(text.Pattern{}, and{}, or{}, not{}, near{}, atLeast{}, anyOf{}, term{}, mentionOf{}, value{}, option{}))
}

// docExamples are the indented lines of doc.go after its grammar; two spaces or more
// part an example from the next, or from what is said about it.
func docExamples(t testing.TB) []string {
	t.Helper()
	data, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(data), "# Words")
	var examples []string
	for line := range strings.Lines(rest) {
		s, ok := strings.CutPrefix(strings.TrimRight(line, "\n"), "\t")
		if !ok {
			continue
		}
		parts := strings.Split(s, "  ")
		examples = append(examples, parts[0])
		if strings.Contains(s, ":") && strings.HasPrefix(parts[0], "title:") || strings.HasPrefix(parts[0], "lang:") {
			for _, p := range parts[1:] {
				if strings.TrimSpace(p) != "" {
					examples = append(examples, p)
				}
			}
		}
	}
	return examples
}
