package bot

import (
	"html"
	"os"
	"regexp"
	"strings"
	"testing"

	"wirewatch/bot/locale"
	"wirewatch/configs"
	"wirewatch/filter"
)

var codeSpan = regexp.MustCompile(`<code>([^<]*)</code>`)

// TestHelpQueryAgrees: the help on rules shows rules that are accepted, tells the same
// parts of the language in every interface language, and, in English, only examples that
// the reference page has, where each is run.
func TestHelpQueryAgrees(t *testing.T) {
	names, err := configs.Entities()
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"en", "ar"} {
		text := locale.Get(lang).T("commands.help.query")
		examples := codeSpan.FindAllStringSubmatch(text, -1)
		if len(examples) < 12 {
			t.Errorf("%s: %d examples", lang, len(examples))
		}
		for _, m := range examples {
			rule := html.UnescapeString(m[1])
			_, err := filter.Parse(rule, names)
			if e, ok := err.(*filter.SyntaxError); ok && e.Code != "wildcard-alone" {
				t.Errorf("%s: %s: %v", lang, rule, err)
			}
			if lang == "en" && !strings.Contains(string(page), rule) {
				t.Errorf("the help shows %s, docs/rules.md does not", rule)
			}
		}
		for _, part := range []string{" OR ", " NOT ", " AND ", " -", `"`, "*", "=WHO", "NEAR/5", "ANY/2", "title:", "lead", "body", "dateline", "source", "lang", "country", "author", "category", "url", "@geneva"} {
			if !strings.Contains(html.UnescapeString(text), part) {
				t.Errorf("%s: the help on rules does not show %q", lang, part)
			}
		}
	}
}
