package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// visible shows the marks that a terminal hides.
var visible = strings.NewReplacer("\u200f", "‹RLM›", "\u200e", "‹LRM›", "\u2066", "⟦", "\u2068", "⟨", "\u2069", "⟩")

func TestDigestPreviewOfFiles(t *testing.T) {
	dir := filepath.Join("testdata", "digest")
	for name, args := range map[string][]string{
		"en.txt":  {"--lang", "en"},
		"ar.txt":  {"--lang", "ar", "--zone", "Asia/Riyadh"},
		"en.html": {"--html"},
		"ar.html": {"--html", "--lang", "ar", "--zone", "Asia/Riyadh"},
	} {
		t.Run(name, func(t *testing.T) {
			var out, errs bytes.Buffer
			p := &program{stdin: strings.NewReader(""), stdout: &out, stderr: &errs}
			args = append([]string{"digest", "preview", "--articles", filepath.Join(dir, "articles.jsonl"),
				"--rules", filepath.Join(dir, "rules.jsonl"), "--now", "2026-11-23T07:00:00Z"}, args...)
			if code := p.run(t.Context(), args); code != exitOK {
				t.Fatalf("exit %d: %s", code, errs.String())
			}
			got, path := visible.Replace(out.String()), filepath.Join(dir, name)
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}
