// Package locale holds every sentence wirewatch says, in every language it
// speaks, and what it takes to say it right: plural forms, digits, dates, and
// the direction of text.
//
// The sentences are YAML files, messages/<language>/<area>.yaml, embedded in
// the program. A key is "<area>.<name>", written flat so that a search for it
// finds it; a sentence that counts something has the plural forms of its
// language. Placeholders are {name}:
//
//	alert.matched: "matched: {words}"
//	digest.stories:
//	  one: "{n} story"
//	  other: "{n} stories"
//
// A new language is a new folder and a line in languages; tests hold every
// language to the same keys, placeholders and plural forms.
//
// Where a reader's language runs from right to left, three rules make a
// message legible in every Telegram client: each paragraph starts with one
// U+200F; each foreign span in it stands between isolates; embeddings and
// overrides (U+202A–202E) are never used, since the server removes them.
// Sentences in the files are written plainly: their foreign spans are isolated
// when they are loaded, and arguments when they are filled in.
package locale

import (
	"strconv"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Locale says the program's sentences in one language. It is immutable and
// safe for concurrent use; get one with Get.
type Locale struct {
	lang      string
	dir       Direction
	digits    string // ten digits, zero first; "" for 0-9
	localizer *i18n.Localizer
}

// Text is an argument that is our own finished sentence or part of one: it is
// filled in as it is, without isolates (and escaped by H and HN).
type Text string

// HTML is an argument that is our own finished Telegram HTML: it is filled in
// as it is, neither escaped nor isolated. Only H and HN may be given one.
type HTML string

// Get returns the locale for a BCP 47 language tag as Telegram's clients send
// it ("ar-EG" gives Arabic). A language that we do not speak, or speak in
// another script, gives English.
func Get(lang string) *Locale { return catalogue().get(lang) }

// Languages returns the codes of the languages there are, English first.
func Languages() []string { return append([]string(nil), languages...) }

// Lang returns the code of the language, one of Languages.
func (l *Locale) Lang() string { return l.lang }

// RTL reports whether the language runs from right to left.
func (l *Locale) RTL() bool { return l.dir == RTL }

// Direction returns the direction of the language, never Neutral.
func (l *Locale) Direction() Direction { return l.dir }

// Name returns the language's own name for itself, for a menu of languages.
func (l *Locale) Name() string { return l.T("common.language") }

// LanguageName returns the name of a language in this one, "French" or
// «الفرنسية» for "fr"; the code itself where it is not known.
func (l *Locale) LanguageName(code string) string {
	tag, err := language.Parse(code)
	if err != nil {
		return code
	}
	in, err := language.Parse(l.lang)
	if err != nil {
		return code
	}
	if name := display.Languages(in).Name(tag); name != "" {
		return name
	}
	return code
}

// CountryName returns the name of a country in this language, "Syria" or «سوريا»
// for "SY"; the code itself where it is not known.
func (l *Locale) CountryName(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	in, err := language.Parse(l.lang)
	if err != nil {
		return code
	}
	if name := display.Regions(in).Name(region); name != "" {
		return name
	}
	return code
}

// T returns the sentence of key as plain text (a button's label, a toast),
// its placeholders filled from args: pairs of a name and a value.
//
// A string value is foreign text: it is cleaned of control characters and
// isolated where its direction differs from the language's. A Text is filled
// in as it is. An int is written in the locale's digits, in groups of three;
// pass numbers that are names (ids, years) as strings. A key that is in no
// file comes back as the key itself.
func (l *Locale) T(key string, args ...any) string {
	return l.fill(l.message(key, nil), args, false)
}

// N is T for a sentence that counts: n picks the plural form and is {n}.
func (l *Locale) N(key string, n int, args ...any) string {
	return l.fill(l.message(key, n), withCount(args, n), false)
}

// H is T as Telegram HTML: the sentence may hold markup, string and Text
// values are escaped, values of type HTML are not.
func (l *Locale) H(key string, args ...any) string {
	return l.fill(l.message(key, nil), args, true)
}

// HN is N as Telegram HTML.
func (l *Locale) HN(key string, n int, args ...any) string {
	return l.fill(l.message(key, n), withCount(args, n), true)
}

// Has reports whether there is a sentence under key.
func (l *Locale) Has(key string) bool { return catalogue().has(l.lang, key) }

// Escape makes text safe inside Telegram HTML, in a quoted attribute too.
func Escape(s string) string { return escaper.Replace(s) }

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

func withCount(args []any, n int) []any {
	return append(args[:len(args):len(args)], "n", n)
}

// message returns the template of key; count is nil or an int.
func (l *Locale) message(key string, count any) string {
	text, _ := l.localizer.Localize(&i18n.LocalizeConfig{
		MessageID:      key,
		PluralCount:    count,
		TemplateParser: template.IdentityParser{},
	})
	if text == "" {
		return key
	}
	return text
}

// fill replaces the {name} placeholders of s by their values. A placeholder
// without a value stays: it is seen, and a test finds it.
func (l *Locale) fill(s string, args []any, markup bool) string {
	if !strings.Contains(s, "{") {
		return s
	}
	var b strings.Builder
	for {
		open := strings.IndexByte(s, '{')
		if open < 0 {
			break
		}
		end := strings.IndexByte(s[open:], '}')
		if end < 0 {
			break
		}
		end += open
		b.WriteString(s[:open])
		if value, ok := argument(args, s[open+1:end]); ok {
			b.WriteString(l.value(value, markup, inCode(b.String())))
		} else {
			b.WriteString(s[open : end+1])
		}
		s = s[end+1:]
	}
	b.WriteString(s)
	return b.String()
}

// argument returns the value that follows name in a list of pairs.
func argument(args []any, name string) (any, bool) {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return args[i+1], true
		}
	}
	return nil, false
}

// inCode reports whether text ends inside a <code> element. What stands there
// is copied by a tap, so no invisible character may be put in.
func inCode(text string) bool {
	return strings.LastIndex(text, "<code>") > strings.LastIndex(text, "</code>")
}

// value writes one argument.
func (l *Locale) value(v any, markup, code bool) string {
	var s string
	switch v := v.(type) {
	case HTML:
		return string(v)
	case Text:
		s = string(v)
	case int:
		s = l.Number(v)
	case int64:
		s = l.Number(int(v))
	case string:
		if s = Clean(v); !code {
			s = Embed(s, l.dir)
		}
	default:
		s = "?" // a type that a test of ours would have caught
	}
	if markup {
		return Escape(s)
	}
	return s
}

// WithDigits returns the locale writing its numbers, dates and times in other
// digits: "latn" (0-9, the default), "arab" (٠-٩) or "arabext" (۰-۹). Any
// other name gives latn.
func (l *Locale) WithDigits(name string) *Locale {
	c := *l
	c.digits = digitSets[name]
	return &c
}

var digitSets = map[string]string{"arab": "٠١٢٣٤٥٦٧٨٩", "arabext": "۰۱۲۳۴۵۶۷۸۹"}

// Number writes n in the locale's digits, in groups of three.
func (l *Locale) Number(n int) string {
	sign, digits := "", strconv.Itoa(n)
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	comma := ","
	if l.digits != "" {
		comma = "٬"
	}
	var b strings.Builder
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(comma)
		}
		b.WriteByte(digits[i])
	}
	s := l.Digits(b.String())
	if sign == "" {
		return s
	}
	return l.isolateIn(sign+s, LTR)
}

// Digits rewrites the digits 0-9 of s in the locale's own, and nothing else.
func (l *Locale) Digits(s string) string {
	if l.digits == "" {
		return s
	}
	set := []rune(l.digits)
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return set[r-'0']
		}
		return r
	}, s)
}
