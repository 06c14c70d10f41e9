package bot

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram/telegramtest"
	"wirewatch/configs"
	"wirewatch/filter"
)

// refusedRules are rules with a fault each, by the code of the fault.
var refusedRules = map[string]string{
	"unclosed-quote":       `@geneva AND "security guarantees`,
	"unclosed-parenthesis": `(@geneva OR @vienna`,
	"unopened-parenthesis": `@geneva)`,
	"empty-group":          `@geneva ()`,
	"missing-right":        `@geneva AND`,
	"missing-left":         `OR @geneva`,
	"unknown-field":        `titel:geneva`,
	"unknown-entity":       `@genevva`,
	"only-excludes":        `NOT @geneva`,
	"near-operand":         `a NEAR/5 (b AND c)`,
	"short-wildcard":       `ge* talks`,
	"wildcard-alone":       `geneva*`,
	"bad-language":         `geneva lang:klingonese`,
	"bad-distance":         `geneva NEAR/500 talks`,
	"open-alternative":     `geneva OR -sport`,
	"stray-sign":           `geneva - talks`,
	"operator-form":        `geneva NEAR 5 talks`,
}

func TestRefusedRulesAreExplained(t *testing.T) {
	for name, user := range map[string]int64{"refused_en": omar, "refused_ar": layla} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			for _, code := range sortedKeys(refusedRules) {
				query := refusedRules[code]
				_, err := filter.Parse(query, w.bot.o.Names)
				if e, ok := err.(*filter.SyntaxError); !ok || e.Code != code {
					t.Errorf("%q is refused as %v, want %s", query, err, code)
				}
				w.say(user, user, "/rule "+query)
			}
			w.golden(user, name)
			if got := w.rules(user); len(got) != 0 {
				t.Errorf("refused rules were stored: %+v", got)
			}
		})
	}
}

func sortedKeys(m map[string]string) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Every fault that the parser knows has a sentence, and a hint where the
// parser has one, in every language.
func TestEveryFaultHasASentence(t *testing.T) {
	source, err := os.ReadFile("../filter/errors.go")
	if err != nil {
		t.Fatal(err)
	}
	faults := regexp.MustCompile(`(?m)^\t"([a-z0-9-]+)":\s+\{"((?:[^"\\]|\\.)*)", "((?:[^"\\]|\\.)*)"\}`).FindAllStringSubmatch(string(source), -1)
	if len(faults) < 30 {
		t.Fatalf("only %d faults found in filter/errors.go", len(faults))
	}
	for _, lang := range locale.Languages() {
		l := locale.Get(lang)
		for _, f := range faults {
			if !l.Has("errors.rule." + f[1]) {
				t.Errorf("%s: no sentence for %s: %s", lang, f[1], f[2])
			}
			if has := l.Has("errors.hint." + f[1]); has != (f[3] != "") {
				t.Errorf("%s: hint for %s: %v; the parser's is %q", lang, f[1], has, f[3])
			}
		}
		for _, code := range []string{"mixed-operators", "lowercase-operator", "value-ends", "broad-word", "broad-sum", "broad-value"} {
			if !l.Has("errors.warning." + code) {
				t.Errorf("%s: no sentence for the warning %s", lang, code)
			}
		}
	}
}

// A sentence must be given every argument that it has a place for.
func TestFaultsAreFilledIn(t *testing.T) {
	names, err := configs.Entities()
	if err != nil {
		t.Fatal(err)
	}
	more := []string{
		"", `""`, "geneva AND AND talks", "=", "~", "geneva, vienna", "title:(lead:x)", "lang:@geneva", "country:Syria", "MIN/0 x", "MIN/2 (a AND b)", "ANY/2 x", "ANY/9 (a, b)",
		"a near/5 b", "ge*neva talks", `"* geneva" x`, "* geneva", `"a b"~99`, "a~3", "-", strings.Repeat("(", 40) + "x", strings.Repeat("x ", 300), "@geneva @", "!!",
		strings.Repeat("abc* ", 12) + "x",
	}
	for _, q := range refusedRules {
		more = append(more, q)
	}
	for _, lang := range locale.Languages() {
		tn := &turn{l: locale.Get(lang)}
		for _, q := range more {
			_, err := filter.Parse(q, names)
			if err == nil {
				continue
			}
			html := tn.l.Paragraph(tn.refusal(q, err))
			text, _, parseErr := telegramtest.ParseHTML(html)
			if parseErr != nil || strings.ContainsAny(text, "{}") || strings.Contains(text, "errors.") {
				t.Errorf("%s: %q is refused as\n%s\n%v", lang, q, html, parseErr)
			}
		}
	}
}

// TestBroadRules: the writer of a rule that takes a great part of all articles is told the word to
// blame, and the operator may have it refused.
func TestBroadRules(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		user         int64
		query, tells string
	}{
		{user: omar, query: "government", tells: "government is in about 25 % of articles"},
		{user: omar, query: "lang:ar", tells: "lang:ar alone carries this rule"},
		{user: layla, query: "vote OR gas OR tax OR prison", tells: "16٪"},
		{user: omar, query: "geneva", tells: ""},
	} {
		had := len(w.rules(c.user))
		w.say(c.user, c.user, "/rule "+c.query)
		if len(w.rules(c.user)) != had+1 {
			t.Errorf("%s is not accepted: %s", c.query, w.last(c.user).Text)
		}
		if text := w.last(c.user).Text; !strings.Contains(text, c.tells) || (c.tells == "") != !strings.Contains(text, "⚠") {
			t.Errorf("%s:\n%s", c.query, text)
		}
	}

	w = newWorld(t, func(o *Options) { o.Broad = filter.Admission{Refuse: true} })
	w.say(omar, omar, "/rule vienna OR government")
	if got, text := w.rules(omar), w.last(omar).Text; len(got) != 0 || !strings.Contains(text, "government is in about 25 %") || !strings.Contains(text, "11") {
		t.Errorf("rules %v:\n%s", got, text)
	}
	w.say(omar, omar, "/rule vienna AND government")
	w.say(omar, omar, "/rule 1 government")
	if got := w.rules(omar); len(got) != 1 || got[0].Query != "vienna AND government" {
		t.Errorf("rules %+v", got)
	}
}

func TestRuleScreenShowsTheReading(t *testing.T) {
	for name, user := range map[string]int64{"reading_en": omar, "reading_ar": layla} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.wire("Morning Wire", geneva()...)
			for _, q := range []string{"@geneva AND @security-guarantees", "@geneva OR festival AND crowds", "geneva and talks", "الضمانات الأمنية lang:ar", "title:harvest -geneva"} {
				w.say(user, user, "/rule "+q)
			}
			w.say(user, user, "/search festival")
			w.golden(user, name)
		})
	}
}

// The examples of the help are rules.
func TestHelpTeachesWhatIsUnderstood(t *testing.T) {
	names, err := configs.Entities()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range locale.Languages() {
		examples := regexp.MustCompile(`<code>([^<]*)</code>`).FindAllStringSubmatch(locale.Get(lang).H("commands.help.query"), -1)
		if len(examples) < 10 {
			t.Errorf("%s: only %d examples", lang, len(examples))
		}
		for _, e := range examples {
			if q, err := filter.Parse(e[1], names); err != nil && !strings.Contains(err.Error(), "cannot carry a rule alone") {
				t.Errorf("%s: %q: %v", lang, e[1], err)
			} else if err == nil && len(q.Warnings()) > 0 {
				t.Errorf("%s: %q: %v", lang, e[1], q.Warnings())
			}
		}
	}
}

// A rule that gathers for a digest without a time tells nobody anything.
func TestDigestRuleWithoutDigest(t *testing.T) {
	w := newWorld(t)
	w.say(omar, omar, "/digest off")
	w.say(omar, omar, "/rule vienna")
	for _, said := range []string{"/rule 1 digest", "/rule 1 digest chat"} {
		w.say(omar, omar, said)
		w.says(omar, "Its stories wait until you write /digest", "Sent: when you write /digest")
	}
	w.say(omar, omar, "/rule 1 digest 18:00")
	w.says(omar, "Sent: with digests of its own: 18:00")
	w.say(omar, omar, "/digest 07:00")
	w.say(omar, omar, "/rule 1 digest chat")
	w.says(omar, "Its stories are sent with the next digest", "Sent: with the next digest")
}
