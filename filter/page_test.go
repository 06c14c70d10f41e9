package filter

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"wirewatch/filter/text"
)

// referencePage are the lines of docs/rules.md.
func referencePage(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile("../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(data), "\n")
}

// row is a line of a table of the reference page.
type row struct {
	section string
	cells   []string
}

// referenceRows lists the rows of the tables, without their heads.
func referenceRows(t *testing.T) []row {
	t.Helper()
	var rows []row
	section := ""
	head := true
	for _, line := range referencePage(t) {
		if s, ok := strings.CutPrefix(line, "## "); ok {
			section = s
		}
		if !strings.HasPrefix(line, "| ") {
			head = !strings.HasPrefix(line, "|--")
			continue
		}
		if head {
			continue
		}
		line = strings.ReplaceAll(strings.Trim(line, "| "), `\|`, "\x00")
		cells := strings.Split(line, "|")
		for i, c := range cells {
			cells[i] = strings.ReplaceAll(strings.TrimSpace(c), "\x00", "|")
		}
		rows = append(rows, row{section, cells})
	}
	return rows
}

// codeOf is the text of a cell that is code.
func codeOf(cell string) string { return strings.Trim(cell, "`") }

// articleOf is the article that a cell describes.
func articleOf(cell string) Input {
	var in Input
	for _, part := range strings.Split(cell, " / ") {
		name, value, _ := strings.Cut(part, ": ")
		value = strings.ReplaceAll(value, " ¶ ", "\n\n")
		switch name {
		case "title":
			in.Title = value
		case "lead":
			in.Lead = value
		case "body":
			in.Body = value
		case "dateline":
			in.Dateline = value
		case "lang":
			in.Lang = value
		case "country":
			in.Country = value
		case "source":
			in.Source = []string{value}
		case "category":
			in.Tags = []string{value}
		case "author":
			in.Authors = []string{value}
		case "url":
			in.URL = value
		default:
			in.Body = strings.ReplaceAll(part, " ¶ ", "\n\n")
		}
	}
	return in
}

// TestReferencePage runs every example of docs/rules.md.
func TestReferencePage(t *testing.T) {
	names := starter(t)
	ran := map[string]int{}
	for _, r := range referenceRows(t) {
		ran[r.section]++
		switch r.section {
		case "What is refused":
			_, err := Parse(codeOf(r.cells[0]), names)
			if err == nil || !strings.Contains(err.Error(), strings.TrimPrefix(r.cells[1], "…")) {
				t.Errorf("%s: %v, want %s", r.cells[0], err, r.cells[1])
			}
		case "From other services":
			if q, _, err := Import(r.cells[0], codeOf(r.cells[1]), nil); q != codeOf(r.cells[2]) {
				t.Errorf("%s %s: %s %v, want %s", r.cells[0], r.cells[1], q, err, r.cells[2])
			}
		default:
			if len(r.cells) == 2 { // fields and their aliases
				for alias := range strings.FieldsSeq(r.cells[1]) {
					if f := fields[text.Fold(alias)]; f == nil || f.name+":" != codeOf(r.cells[0]) {
						t.Errorf("%s is not another name of %s", alias, r.cells[0])
					}
				}
				continue
			}
			check(t, names, []says{{codeOf(r.cells[0]), articleOf(r.cells[1]), true}, {codeOf(r.cells[0]), articleOf(r.cells[2]), false}})
		}
	}
	for _, section := range []string{"Words", "Phrases", "Entities", "Joining", "Fields", "Signs", "What is refused", "From other services"} {
		if ran[section] < 4 {
			t.Errorf("%s has %d examples", section, ran[section])
		}
	}
}

// TestReferencePageIsWhole: what the package comment has, the page has.
func TestReferencePageIsWhole(t *testing.T) {
	page := strings.Join(referencePage(t), "\n")
	page = strings.ReplaceAll(page, `\|`, "|")
	for _, example := range docExamples(t) {
		example = strings.TrimSpace(example)
		if !strings.Contains(page, example) && !strings.Contains(page, strings.Fields(example)[0]) {
			t.Errorf("doc.go has %s, docs/rules.md has not", example)
		}
	}
	for _, f := range fieldList {
		if !strings.Contains(page, "| `"+f.name+":` |") {
			t.Errorf("the field %s: is not in docs/rules.md", f.name)
		}
	}
	for what, n := range map[string]int{"terms": MaxTerms, "levels": MaxDepth, "words with `*`": MaxWildcards, "bytes": MaxQuery} {
		if !strings.Contains(page, strconv.Itoa(n)+" "+what) {
			t.Errorf("docs/rules.md does not say %d %s", n, what)
		}
	}
	for _, from := range Imports {
		if !strings.Contains(page, "| "+from+" |") {
			t.Errorf("docs/rules.md has no example from %s", from)
		}
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil || !strings.Contains(string(readme), "docs/rules.md") {
		t.Error("the README does not name docs/rules.md")
	}
}
