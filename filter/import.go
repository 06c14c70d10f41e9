package filter

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"wirewatch/filter/entity"
	"wirewatch/filter/text"
)

// Imports lists the services whose queries [Import] reads.
var Imports = []string{"meltwater", "factiva", "lexis"}

// Import translates a query of another service into ours and returns its canonical
// form, which [Parse] accepts. from is one of [Imports].
//
// Operators keep the meaning and the precedence of their service:
//
//	meltwater  NOT before AND before OR; NEAR is NEAR/4; NEAR/n counts the words between; -word is NOT word
//	factiva    words side by side are a phrase; proximity, then fields, NOT, AND, OR
//	lexis      words side by side are a phrase; OR, then proximity from near to far, AND, AND NOT
//
// What cannot be carried over is either left out, and a note says what and whether
// the rule finds more or less without it, or refused with a [*SyntaxError] whose
// position is in src. Words are then looked for as everywhere here: with their
// inflections. names may be nil; it serves a note on words that an @entity finds in
// every language.
func Import(from, src string, names *entity.Gazetteer) (query string, notes []string, err error) {
	d, ok := dialects[from]
	switch {
	case !ok:
		return "", nil, fmt.Errorf("no import from %q; it must be one of %s", from, strings.Join(Imports, ", "))
	case len(src) > MaxQuery:
		return "", nil, fail(src, 0, 0, "too-long", "max", strconv.Itoa(MaxQuery))
	case !utf8.ValidString(src):
		return "", nil, fail(src, invalidAt(src), invalidAt(src), "invalid-utf8")
	}
	im := &importer{dialect: d, src: src}
	tree, bad := im.tree()
	if bad != nil {
		return "", nil, bad
	}
	out := translation{im: im}
	if bad := out.write(tree, setting{}); bad != nil {
		return "", nil, bad
	}
	q, err := Parse(out.String(), nil)
	if err != nil {
		return "", nil, out.locate(err.(*SyntaxError))
	}
	im.suggest(q, names)
	return q.String(), im.notes, nil
}

// importer reads one query of a service.
type importer struct {
	*dialect
	src    string
	at     int      // bytes read
	cur    foreign  // the lexeme to be read
	last   int      // where the one before ends
	depth  int      // parentheses and NOTs
	grown  int      // nodes made while spreading NEAR over AND
	notes  []string // what was not carried over
	joined bool     // the note on words side by side is there
}

// refuse is an error at a place of the source.
func (im *importer) refuse(from, to int, msg, hint string) *SyntaxError {
	e := fail(im.src, from, to, "not-importable")
	e.Msg, e.Hint = msg, hint
	return e
}

// note remarks on a place of the source, once.
func (im *importer) note(from, to int, msg string) {
	column := utf8.RuneCountInString(im.src[:from]) + 1
	s := fmt.Sprintf("column %d: «\u2068%s\u2069»: %s", column, strings.TrimSpace(im.src[from:to]), msg)
	if !slices.Contains(im.notes, s) {
		im.notes = append(im.notes, s)
	}
}

// tree is the whole query, with what cannot be carried over taken out.
func (im *importer) tree() (*foreignNode, *SyntaxError) {
	if err := im.advance(); err != nil {
		return nil, err
	}
	if im.cur.kind == foreignEnd {
		return nil, fail(im.src, im.at, im.at, "empty-query")
	}
	n, err := im.top()
	if err != nil {
		return nil, err
	}
	switch im.cur.kind {
	case foreignEnd:
	case foreignClose:
		return nil, fail(im.src, im.cur.start, im.cur.end, "unopened-parenthesis")
	default:
		return nil, fail(im.src, im.cur.start, im.cur.end, "missing-left", "operator", im.cur.text)
	}
	if n, err = im.reduce(n, reach{positive: true}); err != nil {
		return nil, err
	}
	if n == nil {
		return nil, im.refuse(0, len(im.src), "nothing is left of this query: "+strings.Join(im.notes, "; "), "write what the articles say")
	}
	return n, nil
}

// maxSuggested is how many entities the last note names.
const maxSuggested = 8

// suggest notes words that are names of entities.
func (im *importer) suggest(q *Query, names *entity.Gazetteer) {
	var found []string
	for _, t := range termsOf(nil, q.root) {
		if e := names.Named(t.text); len(e) == 1 && !t.prefix && len(text.Words(t.text)) > 0 {
			found = append(found, t.text+" is @"+e[0].Slug)
		}
	}
	slices.Sort(found)
	found = slices.Compact(found)
	if len(found) > maxSuggested {
		found = append(found[:maxSuggested], "…")
	}
	if len(found) > 0 {
		im.notes = append(im.notes, "an @entity is found under its names in every language: "+strings.Join(found, ", "))
	}
}

// termsOf appends the words and phrases of a node.
func termsOf(list []*term, n node) []*term {
	switch n := n.(type) {
	case *term:
		list = append(list, n)
	case and:
		for _, k := range n.kids {
			list = termsOf(list, k)
		}
	case or:
		for _, k := range n.kids {
			list = termsOf(list, k)
		}
	case anyOf:
		for _, k := range n.kids {
			list = termsOf(list, k)
		}
	case not:
		list = termsOf(list, n.kid)
	case near:
		list = termsOf(termsOf(list, n.a), n.b)
	case atLeast:
		list = termsOf(list, n.kid)
	}
	return list
}
