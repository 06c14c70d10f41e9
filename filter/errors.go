package filter

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Limits of a query. What is beyond them is refused when it is written.
const (
	MaxQuery     = 16 << 10 // bytes of text
	MaxTerms     = 200      // words, phrases, entities and values
	MaxDepth     = 30       // parentheses and NOTs inside each other
	MaxWildcards = 10       // words with *
	MinPrefix    = 3        // letters before *
	MaxDistance  = 50       // n of NEAR/n and PRE/n
	MaxTimes     = 100      // n of MIN/n and ANY/n
)

// SyntaxError says why a query was refused. Code is stable and Args holds what
// Msg and Hint were made of, so that a program can say it in another language.
type SyntaxError struct {
	Offset, End int    // bytes of the fragment in the text
	Column      int    // of the fragment, 1-based, in runes
	Fragment    string // what is wrong, as written; "" when it is the whole or the end
	Code        string // "unclosed-quote"
	Msg, Hint   string // English: what is wrong, and what would be right ("" when Msg says it)
	Args        map[string]string
}

// Error is one line: column, fragment, message, hint. The fragment stands in
// isolates, so that right-to-left text does not turn the line around.
func (e *SyntaxError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "column %d: ", e.Column)
	if e.Fragment != "" {
		fmt.Fprintf(&b, "«\u2068%s\u2069»: ", e.Fragment)
	}
	b.WriteString(e.Msg)
	if e.Hint != "" {
		b.WriteString("; " + e.Hint)
	}
	return b.String()
}

// Warning is a remark on a query that was accepted.
type Warning struct {
	Code, Msg string // as in [SyntaxError]: "mixed-operators", "lowercase-operator", "value-ends", "broad-word"
	Args      map[string]string
}

// problem is the text of one code; {name} is replaced by the argument of that name.
type problem struct{ msg, hint string }

var problems = map[string]problem{
	"empty-query":          {"the rule is empty", "write what to look for, for example: @geneva AND \"security guarantees\""},
	"invalid-utf8":         {"this is not valid UTF-8 text", ""},
	"too-long":             {"the rule is longer than {max} bytes", "split it into several rules"},
	"too-many-terms":       {"more than {max} terms", "split it into several rules"},
	"too-deep":             {"more than {max} levels of parentheses or NOT", "leave out parentheses that are not needed"},
	"too-many-wildcards":   {"more than {max} words with *", "write the words out, or use ~word"},
	"unclosed-quote":       {"this quotation mark is never closed", "add a closing quotation mark"},
	"empty-quote":          {"there is no word between the quotation marks", ""},
	"unclosed-parenthesis": {"this parenthesis is never closed", "add a )"},
	"unopened-parenthesis": {"this parenthesis was never opened", "add a ( before, or leave it out"},
	"empty-group":          {"there is nothing between the parentheses", ""},
	"missing-left":         {"there is nothing before {operator}", "write a term on both sides of it; in quotes, \"{operator}\", it is a word"},
	"missing-right":        {"there is nothing after {operator}", "write a term on both sides of it; in quotes, \"{operator}\", it is a word"},
	"missing-term":         {"{sign} needs a word, a phrase or an entity directly after it", ""},
	"no-word":              {"there is no letter or digit to look for", ""},
	"stray-sign":           {"this sign stands alone", "to exclude, write it directly before the word: -word; as text put it in quotes"},
	"stray-comma":          {"a comma only separates values (lang:ar,fa) and the items of ANY/n (a, b)", "write AND or OR"},
	"unknown-field":        {"there is no field {field}:", "{suggestion}fields are title lead body dateline source lang country category author url; as text put it in quotes"},
	"nested-field":         {"a field stands inside another field ({outer}:)", "write each field once"},
	"field-operand":        {"{field}: takes words or quoted values only", "for example {example}"},
	"bad-language":         {"{value} is not a language", "{suggestion}write its code: lang:ar, lang:en, lang:fa"},
	"bad-country":          {"{value} is not a country code", "write two letters: country:SY"},
	"unknown-entity":       {"there is no entity @{entity}", "{suggestion}as text put it in quotes without @"},
	"ambiguous-entity":     {"several entities are called {entity}", "choose one of {suggestion}"},
	"no-entities":          {"no entities are loaded, so @{entity} cannot be looked up", "write its names"},
	"bad-distance":         {"{operator} needs a number from 1 to {max}, s for sentence or p for paragraph", "for example {example}"},
	"bad-count":            {"{operator} needs a number from 1 to {max}", "for example {example}"},
	"near-operand":         {"{operator} joins only words, phrases, @entities and OR groups of them", "write the {inner} outside, with AND"},
	"min-operand":          {"MIN/n counts a word, a phrase, an @entity or an OR group of them", "write the {inner} outside, with AND"},
	"any-items":            {"ANY/n needs a list in parentheses", "for example ANY/2 (@russia, @usa, @nato)"},
	"any-count":            {"ANY/{n} asks for {n} of only {items} items", "lower the number or add items"},
	"lowercase-sign":       {"operators are written in capitals", "write {operator}; as text put it in quotes"},
	"operator-form":        {"this operator is written in another way", "write {operator}; as text put it in quotes"},
	"short-wildcard":       {"fewer than {min} letters before *", "write more of the word"},
	"wildcard-place":       {"* stands only at the end of a word, or alone inside quotation marks for one free word", ""},
	"wildcard-alone":       {"a word with * cannot carry a rule alone: it would have to be tried on every article", "add a whole word or an entity with AND, or write the words out"},
	"free-edge":            {"a free word * needs a word before and after it inside the quotation marks", ""},
	"star-alone":           {"* stands for every article and cannot be combined", "leave it out"},
	"only-excludes":        {"the rule only excludes things", "add what to look for: a word, a phrase or an @entity"},
	"open-alternative":     {"this side of OR only excludes things, so nearly every article would match", "add what to look for to it"},
	"broad-word":           {"{term} is in about {percent} % of articles, and nothing rarer stands beside it", "add a rarer word or an @entity with AND, or make it a part of a phrase"},
	"broad-sum":            {"together the alternatives take about {all} % of articles; the commonest is {term} with {percent} %", "leave the common ones out, or add a rarer word with AND"},
	"broad-value":          {"{term} carries the rule alone, so it takes or is tried on a great part of all articles", "add a word or an @entity with AND, or follow the source instead"},
	"tilde-place":          {"~ stands directly before a word (~word) or after a quotation (\"a b\"~3)", ""},
	"bad-slop":             {"~ after a quotation needs a number of words from 1 to {max}", "for example \"security guarantees\"~3"},
}

// fail makes the error of a code for a fragment of the text.
func fail(src string, from, to int, code string, args ...string) *SyntaxError {
	from, to = max(0, min(from, len(src))), max(0, min(to, len(src)))
	e := &SyntaxError{Offset: from, End: to, Code: code, Args: map[string]string{}}
	e.Column = utf8.RuneCountInString(src[:from]) + 1
	e.Fragment = strings.ToValidUTF8(strings.TrimRight(src[from:to], " \t\n"), "\uFFFD")
	for i := 0; i+1 < len(args); i += 2 {
		e.Args[args[i]] = args[i+1]
	}
	p := problems[code]
	e.Msg, e.Hint = fill(p.msg, e.Args), fill(p.hint, e.Args)
	return e
}

// fill puts the arguments into a text.
func fill(s string, args map[string]string) string {
	for k, v := range args {
		s = strings.ReplaceAll(s, "{"+k+"}", v)
	}
	return s
}
