package bot

import (
	"html"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"wirewatch/bot/locale"
	"wirewatch/configs"
	"wirewatch/filter"
)

var codeSpan = regexp.MustCompile(`<code>([^<]*)</code>`)

// operators are the parts of the grammar, each with what shows it in use.
var operators = map[string]*regexp.Regexp{
	"OR": regexp.MustCompile(` OR `), "AND": regexp.MustCompile(` AND `), "NOT": regexp.MustCompile(` NOT `), "-": regexp.MustCompile(` -\pL`),
	"NEAR/n": regexp.MustCompile(`NEAR/\d`), "NEAR/s": regexp.MustCompile(`/s\b`), "NEAR/p": regexp.MustCompile(`/p\b`), "PRE/n": regexp.MustCompile(`PRE/\d`),
	"MIN/n": regexp.MustCompile(`MIN/\d`), "ANY/n": regexp.MustCompile(`ANY/\d \(`),
	"a phrase": regexp.MustCompile(`"\pL+ \pL+"`), "a free word": regexp.MustCompile(`"[^"\n]* \* [^"\n]*"`), `"…"~n`: regexp.MustCompile(`"~\d`),
	"a prefix": regexp.MustCompile(`\pL{3}\*`), "=word": regexp.MustCompile(`=WHO`), "~word": regexp.MustCompile(`(^|[^"])~\pL`),
	"@entity": regexp.MustCompile(`@geneva`), "@entity>": regexp.MustCompile(`@\w+>`), "a list of values": regexp.MustCompile(`\w+:\w+,\w+`),
	"parentheses": regexp.MustCompile(`\(\S+ OR \S+\)`),
	"title":       regexp.MustCompile(`title:`), "lead": regexp.MustCompile(`\blead\b`), "body": regexp.MustCompile(`\bbody\b`), "dateline": regexp.MustCompile(`\bdateline\b`),
	"source": regexp.MustCompile(`\bsource\b`), "lang": regexp.MustCompile(`\blang\b`), "country": regexp.MustCompile(`\bcountry\b`),
	"category": regexp.MustCompile(`\bcategory\b`), "author": regexp.MustCompile(`\bauthor\b`), "url": regexp.MustCompile(`\burl\b`),
}

// terminal is what a rule of the grammar says literally.
var terminal = regexp.MustCompile(`"([^"]+)"`)

// TestGrammarIsTold: every terminal of the grammar is one of the operators; the package
// comment and the reference page show each of them, as the help does.
func TestGrammarIsTold(t *testing.T) {
	data, err := os.ReadFile("../filter/doc.go")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(data)
	for name, shown := range operators {
		if !shown.MatchString(doc) {
			t.Errorf("filter/doc.go does not show %s", name)
		}
		if !shown.Match(page) {
			t.Errorf("docs/rules.md does not show %s", name)
		}
	}
	grammar, _, _ := strings.Cut(doc, "From tight to loose")
	known := strings.Fields(`OR | AND & NEAR/ PRE/ NOT - ! MIN/ ANY/ ( ) , : = ~ * @ >`)
	found := terminal.FindAllStringSubmatch(grammar, -1)
	for _, m := range found {
		if !slices.Contains(known, m[1]) {
			t.Errorf("the grammar has %q, of which this test knows no example", m[1])
		}
	}
	for _, k := range known {
		if !strings.Contains(grammar, `"`+k+`"`) {
			t.Errorf("the grammar does not have %q", k)
		}
	}
}

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
		for name, shown := range operators {
			if !shown.MatchString(html.UnescapeString(text)) {
				t.Errorf("%s: the help on rules does not show %s", lang, name)
			}
		}
	}
}
