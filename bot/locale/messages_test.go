package locale

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// forms are the plural forms that a counting sentence must have, by language.
var forms = map[string][]string{
	"en": {"one", "other"},
	"ar": {"zero", "one", "two", "few", "many", "other"},
}

// sentences returns the forms that m has, by name.
func sentences(m *i18n.Message) map[string]string {
	all := map[string]string{"zero": m.Zero, "one": m.One, "two": m.Two, "few": m.Few, "many": m.Many, "other": m.Other}
	for name, s := range all {
		if s == "" {
			delete(all, name)
		}
	}
	return all
}

func counts(m *i18n.Message) bool { return len(sentences(m)) > 1 }

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

// placeholders returns the names used in any form of m, but {n}: "one story"
// need not say the number.
func placeholders(m *i18n.Message) []string {
	var names []string
	for _, s := range sentences(m) {
		for _, p := range placeholder.FindAllString(s, -1) {
			if p != "{n}" && !slices.Contains(names, p) {
				names = append(names, p)
			}
		}
	}
	slices.Sort(names)
	return names
}

func TestEveryLanguageSaysEverything(t *testing.T) {
	c := catalogue()
	all := map[string]bool{}
	for _, lang := range languages {
		for key := range c.keys[lang] {
			all[key] = true
		}
	}
	if len(all) == 0 {
		t.Fatal("no sentences at all")
	}
	for key := range all {
		for _, lang := range languages {
			m := c.keys[lang][key]
			if m == nil {
				t.Errorf("%s: no sentence %q", lang, key)
				continue
			}
			checkSentence(t, lang, m)
			if want := c.keys[languages[0]][key]; want != nil {
				if got, want := placeholders(m), placeholders(want); !slices.Equal(got, want) {
					t.Errorf("%s %s: placeholders %v, %s has %v", lang, key, got, languages[0], want)
				}
				if counts(m) != counts(want) {
					t.Errorf("%s %s: counts in one language and not in the other", lang, key)
				}
			}
		}
	}
}

func checkSentence(t *testing.T, lang string, m *i18n.Message) {
	t.Helper()
	have := sentences(m)
	if len(have) == 0 {
		t.Errorf("%s %s: empty", lang, m.ID)
	}
	if counts(m) {
		for _, form := range forms[lang] {
			if have[form] == "" {
				t.Errorf("%s %s: plural form %q is missing", lang, m.ID, form)
			}
		}
	}
	for form, s := range have {
		if strings.ContainsAny(s, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") {
			t.Errorf("%s %s %s: invisible marks are put in by the program, not by the file", lang, m.ID, form)
		}
		if strings.Count(s, "{") != strings.Count(s, "}") {
			t.Errorf("%s %s %s: braces do not match in %q", lang, m.ID, form, s)
		}
		if strings.ContainsAny(placeholder.ReplaceAllString(s, ""), "{}") {
			t.Errorf("%s %s %s: a placeholder is {name} of lower-case letters: %q", lang, m.ID, form, s)
		}
		if why := unbalanced(prepared(m, Get(lang).dir).Other); why != "" {
			t.Errorf("%s %s: %s", lang, m.ID, why)
		}
	}
}

// unbalanced says what is wrong with the marks of a text, or "".
func unbalanced(s string) string {
	depth := 0
	var last rune
	for _, r := range s {
		switch r {
		case '\u2066', '\u2067', '\u2068':
			depth++
		case '\u2069':
			if depth--; depth < 0 {
				return "an isolate is closed that was not opened"
			}
		case '\n':
			if depth != 0 {
				return "an isolate crosses a line"
			}
		case '\u200e', '\u200f':
			if last == '\u200e' || last == '\u200f' {
				return "two marks in a row"
			}
		}
		if r >= '\u202a' && r <= '\u202e' {
			return "an embedding or override"
		}
		last = r
	}
	if depth != 0 {
		return "an isolate is not closed"
	}
	return ""
}

func TestArabicCountsInSixForms(t *testing.T) {
	l := Get("ar")
	for n, want := range map[int]string{
		0: "لا أخبار", 1: "خبر واحد", 2: "خبران", 3: "3 أخبار", 10: "10 أخبار", 11: "11 خبرًا",
		99: "99 خبرًا", 100: "100 خبر", 101: "101 خبر", 103: "103 أخبار", 111: "111 خبرًا",
	} {
		if got := l.N("digest.stories", n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

func TestUnknownKeyIsShown(t *testing.T) {
	if got := Get("ar").T("nothing.like_it"); got != "nothing.like_it" {
		t.Errorf("got %q", got)
	}
}

// A call of T, N, H or HN in package bot with a literal key.
type call struct {
	pos      token.Position
	method   string
	key      string
	names    []string // literal argument names
	complete bool     // every argument is written out
}

// calls finds the calls that say a sentence in the Go files of a folder.
func calls(t *testing.T, dir string) []call {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	var found []call
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, dir+"/"+e.Name(), nil, 0)
		if err != nil {
			t.Logf("%s is not read: %v", e.Name(), err)
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if x, ok := n.(*ast.CallExpr); ok {
				if c, ok := sentenceCall(x); ok {
					c.pos = fset.Position(x.Pos())
					found = append(found, c)
				}
			}
			return true
		})
	}
	return found
}

var keyShape = regexp.MustCompile(`^[a-z]+\.[a-z0-9_.]+$`)

func sentenceCall(x *ast.CallExpr) (call, bool) {
	sel, ok := x.Fun.(*ast.SelectorExpr)
	if !ok || len(x.Args) == 0 || !slices.Contains([]string{"T", "N", "H", "HN"}, sel.Sel.Name) {
		return call{}, false
	}
	key, ok := literal(x.Args[0])
	if !ok || !keyShape.MatchString(key) {
		return call{}, false
	}
	c := call{method: sel.Sel.Name, key: key, complete: !x.Ellipsis.IsValid()}
	rest := x.Args[1:]
	if strings.HasPrefix(c.method, "N") || c.method == "HN" {
		if len(rest) > 0 {
			rest = rest[1:]
		}
	}
	for i := 0; i < len(rest); i += 2 {
		name, ok := literal(rest[i])
		c.complete = c.complete && ok && i+1 < len(rest)
		c.names = append(c.names, "{"+name+"}")
	}
	return c, true
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

// Every sentence that package bot says is there, is said in the right way, and
// is given what its placeholders need.
func TestSentencesThatTheBotSays(t *testing.T) {
	for _, c := range calls(t, "..") {
		m := catalogue().keys[languages[0]][c.key]
		if m == nil {
			t.Errorf("%s: no sentence %q", c.pos, c.key)
			continue
		}
		counting := c.method == "N" || c.method == "HN"
		if counts(m) && !counting {
			t.Errorf("%s: %q counts: say it with N or HN", c.pos, c.key)
		}
		html := c.method == "H" || c.method == "HN"
		for _, s := range sentences(m) {
			if strings.ContainsAny(s, "<&") && !html {
				t.Errorf("%s: %q holds markup: say it with H or HN", c.pos, c.key)
			}
		}
		if !c.complete {
			continue
		}
		for _, p := range placeholders(m) {
			if !slices.Contains(c.names, p) {
				t.Errorf("%s: %q is not given %s", c.pos, c.key, p)
			}
		}
		for _, name := range c.names {
			if name != "{n}" && !slices.Contains(placeholders(m), name) {
				t.Errorf("%s: %q has no %s", c.pos, c.key, name)
			}
		}
	}
}
