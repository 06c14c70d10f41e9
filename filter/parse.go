package filter

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"wirewatch/filter/entity"
	"wirewatch/filter/text"
)

// Query is a parsed rule: immutable, safe for concurrent use.
type Query struct {
	root     node
	names    *entity.Gazetteer
	warnings []Warning
}

// Everything returns the query * that matches every article.
func Everything() *Query { return &Query{root: everything{}} }

// Warnings lists what a reader should know about a query that was accepted.
func (q *Query) Warnings() []Warning { return q.warnings }

// String is the canonical form: parsing it gives an equal query.
func (q *Query) String() string { return printNode(q.root) }

// Parse reads a query; the package comment is the grammar. names resolves
// @entities and may be nil, which refuses them. The error is a [*SyntaxError].
// "*" alone is [Everything]; whether a reader may have that is the caller's decision.
func Parse(src string, names *entity.Gazetteer) (*Query, error) {
	switch {
	case len(src) > MaxQuery:
		return nil, fail(src, 0, 0, "too-long", "max", strconv.Itoa(MaxQuery))
	case !utf8.ValidString(src):
		return nil, fail(src, invalidAt(src), invalidAt(src), "invalid-utf8")
	}
	if s := strings.TrimFunc(src, isSpace); s == "*" || s == "＊" {
		return Everything(), nil
	}
	p := &parser{lexer: lexer{src: src}, names: names}
	root, err := p.query()
	if err != nil {
		return nil, err
	}
	return &Query{root: root, names: names, warnings: p.warnings}, nil
}

// invalidAt is the offset of the first byte that is not UTF-8.
func invalidAt(s string) int {
	for i, r := range s {
		if r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") {
			return i
		}
	}
	return 0
}

// parser reads a query by recursive descent; its methods are the lines of the
// grammar. On entry of each, next is the first lexeme of what it reads.
type parser struct {
	lexer
	names     *entity.Gazetteer
	cur       lexeme // the lexeme to be read
	last      lexeme // the one before
	depth     int
	terms     int
	wildcards []lexeme
	within    *field // the field whose operand is being read
	inAny     bool   // commas separate items
	warnings  []Warning
}

// advance moves to the next lexeme.
func (p *parser) advance() *SyntaxError {
	p.last = p.cur
	x, err := p.next()
	p.cur = x
	return err
}

// fail makes the error of a lexeme.
func (p *parser) fail(x lexeme, code string, args ...string) *SyntaxError {
	return fail(p.src, x.start, x.end, code, args...)
}

// query is the whole text.
func (p *parser) query() (node, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.cur.kind == endOfText {
		return nil, p.fail(p.cur, "empty-query")
	}
	root, err := p.or()
	if err != nil {
		return nil, err
	}
	switch p.cur.kind {
	case endOfText:
	case closeGroup:
		return nil, p.fail(p.cur, "unopened-parenthesis")
	case comma:
		return nil, p.fail(p.cur, "stray-comma")
	default:
		return nil, p.fail(p.cur, "missing-left", "operator", p.cur.text)
	}
	if len(p.wildcards) > MaxWildcards {
		return nil, p.fail(p.wildcards[MaxWildcards], "too-many-wildcards", "max", strconv.Itoa(MaxWildcards))
	}
	if err := p.positive(root); err != nil {
		return nil, err
	}
	return root, nil
}

// positive refuses a query of which no part must be present in an article.
func (p *parser) positive(root node) *SyntaxError {
	if covered(root) {
		return nil
	}
	whole := lexeme{start: 0, end: len(p.src)}
	switch {
	case !hasPositive(root):
		return p.fail(whole, "only-excludes")
	case len(p.wildcards) > 0 && coveredLoosely(root):
		return p.fail(p.wildcards[0], "wildcard-alone")
	}
	return p.fail(whole, "open-alternative")
}

// or = and { ("OR" | "|") and }
func (p *parser) or() (node, *SyntaxError) {
	start := p.cur.start
	first, joined, err := p.and()
	if err != nil {
		return nil, err
	}
	mixed := joined
	kids := flattenOr(nil, first)
	for p.cur.kind == opOr {
		op := p.cur
		if err := p.operand(op); err != nil {
			return nil, err
		}
		kid, joined, err := p.and()
		if err != nil {
			return nil, err
		}
		mixed = mixed || joined
		kids = flattenOr(kids, kid)
	}
	if len(kids) == 1 {
		return kids[0], nil
	}
	n := or{kids}
	if mixed {
		p.warnMixed(n, start)
	}
	return n, nil
}

// and = near { ["AND" | "&"] near }; joined: it is two or more without parentheses around them.
func (p *parser) and() (n node, joined bool, err *SyntaxError) {
	if err := p.leading(); err != nil {
		return nil, false, err
	}
	first, err := p.near()
	if err != nil {
		return nil, false, err
	}
	kids := flattenAnd(nil, first)
	for {
		switch {
		case p.cur.kind == opAnd:
			if err := p.operand(p.cur); err != nil {
				return nil, false, err
			}
		case !p.begins():
			if len(kids) == 1 {
				return kids[0], false, nil
			}
			return and{kids}, joined, nil
		}
		kid, err := p.near()
		if err != nil {
			return nil, false, err
		}
		joined = true
		kids = flattenAnd(kids, kid)
	}
}

// begins reports whether the lexeme begins an operand.
func (p *parser) begins() bool {
	switch p.cur.kind {
	case openGroup, word, phrase, mention, fieldName, equals, tilde, opNot, opMin, opAny:
		return true
	}
	return false
}

// leading refuses an operator or the end where an operand must begin.
func (p *parser) leading() *SyntaxError {
	switch p.cur.kind {
	case opAnd, opOr, opNear:
		return p.fail(p.cur, "missing-left", "operator", p.cur.text)
	case closeGroup:
		return p.fail(p.cur, "unopened-parenthesis")
	case comma:
		return p.fail(p.cur, "stray-comma")
	}
	return nil
}

// operand steps over a binary operator and checks that something follows it.
func (p *parser) operand(op lexeme) *SyntaxError {
	if err := p.advance(); err != nil {
		return err
	}
	if !p.begins() {
		return p.fail(op, "missing-right", "operator", op.text)
	}
	return nil
}

// near = unary { ("NEAR/" d | "PRE/" d) unary }
func (p *parser) near() (node, *SyntaxError) {
	left, err := p.unary()
	if err != nil {
		return nil, err
	}
	for p.cur.kind == opNear {
		op := p.cur
		if err := p.operand(op); err != nil {
			return nil, err
		}
		right, err := p.unary()
		if err != nil {
			return nil, err
		}
		a, okA := locate(left)
		b, okB := locate(right)
		if !okA || !okB {
			inner := left
			if okA {
				inner = right
			}
			return nil, p.fail(op, "near-operand", "operator", op.text, "inner", kindOf(inner))
		}
		left = near{a: a, b: b, n: op.n, unit: op.unit, ordered: op.ordered}
	}
	return left, nil
}

// locate returns a node as one that has places, if it is a term, a mention, a
// NEAR, or an OR of such.
func locate(n node) (located, bool) {
	l, ok := n.(located)
	if !ok {
		return nil, false
	}
	if o, isOr := n.(or); isOr {
		for _, k := range o.kids {
			if _, ok := locate(k); !ok {
				return nil, false
			}
		}
	}
	return l, true
}

// kindOf names what a node is, for errors.
func kindOf(n node) string {
	switch n := n.(type) {
	case and:
		return "AND group"
	case or:
		for _, k := range n.kids {
			if _, ok := locate(k); !ok {
				return kindOf(k)
			}
		}
	case not:
		return "NOT"
	case atLeast:
		return "MIN"
	case anyOf:
		return "ANY"
	case *value:
		return n.field + ":"
	}
	return "group"
}

// unary = NOT unary | MIN/n unary | ANY/n ( … ) | field unary | ( or ) | term
func (p *parser) unary() (node, *SyntaxError) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > MaxDepth {
		return nil, p.fail(p.cur, "too-deep", "max", strconv.Itoa(MaxDepth))
	}
	x := p.cur
	switch x.kind {
	case opNot:
		return p.not()
	case opMin:
		return p.min()
	case opAny:
		return p.any()
	case fieldName:
		return p.field()
	case openGroup:
		return p.group()
	case equals, tilde:
		return p.strong()
	case word, phrase, mention:
		if err := p.advance(); err != nil {
			return nil, err
		}
		return p.term(x, text.Light)
	}
	return nil, p.leading()
}

// not = ("NOT" | "-" | "!") unary
func (p *parser) not() (node, *SyntaxError) {
	op := p.cur
	if err := p.operand(op); err != nil {
		return nil, err
	}
	kid, err := p.unary()
	if err != nil {
		return nil, err
	}
	if n, ok := kid.(not); ok {
		return n.kid, nil
	}
	return not{kid}, nil
}

// min = "MIN/" n unary
func (p *parser) min() (node, *SyntaxError) {
	op := p.cur
	if err := p.operand(op); err != nil {
		return nil, err
	}
	kid, err := p.unary()
	if err != nil {
		return nil, err
	}
	l, ok := locate(kid)
	if !ok {
		return nil, p.fail(op, "min-operand", "inner", kindOf(kid))
	}
	return atLeast{op.n, l}, nil
}

// any = "ANY/" n "(" near { ("," | "OR") near } ")"
func (p *parser) any() (node, *SyntaxError) {
	op := p.cur
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.cur.kind != openGroup {
		return nil, p.fail(op, "any-items")
	}
	open, outer := p.cur, p.inAny
	p.inAny = true
	defer func() { p.inAny = outer }()
	var kids []node
	for {
		if err := p.advance(); err != nil {
			return nil, err
		}
		if !p.begins() {
			return nil, p.fail(p.cur, "any-items")
		}
		kid, err := p.near()
		if err != nil {
			return nil, err
		}
		kids = append(kids, kid)
		if p.cur.kind != comma && p.cur.kind != opOr {
			break
		}
	}
	switch p.cur.kind {
	case closeGroup:
	case endOfText:
		return nil, p.fail(open, "unclosed-parenthesis")
	default:
		return nil, p.fail(p.cur, "any-items")
	}
	kids = different(kids)
	if op.n > len(kids) {
		return nil, p.fail(op, "any-count", "n", strconv.Itoa(op.n), "items", strconv.Itoa(len(kids)))
	}
	return anyOf{op.n, kids}, p.advance()
}

// field = name ":" unary
func (p *parser) field() (node, *SyntaxError) {
	x := p.cur
	if p.within != nil {
		return nil, p.fail(x, "nested-field", "outer", p.within.name)
	}
	p.within = x.field
	defer func() { p.within = nil }()
	if err := p.advance(); err != nil {
		return nil, err
	}
	if !p.begins() {
		return nil, p.fail(x, "missing-term", "sign", x.field.name+":")
	}
	n, err := p.unary()
	if v, ok := n.(*value); ok && p.cur.kind == opOr {
		p.warnValueEnds(v)
	}
	return n, err
}

// group = "(" or ")"
func (p *parser) group() (node, *SyntaxError) {
	open, outer := p.cur, p.inAny
	p.inAny = false
	defer func() { p.inAny = outer }()
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.cur.kind == closeGroup {
		return nil, fail(p.src, open.start, p.cur.end, "empty-group")
	}
	if p.cur.kind == endOfText {
		return nil, p.fail(open, "unclosed-parenthesis")
	}
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	switch p.cur.kind {
	case closeGroup:
		return n, p.advance()
	case comma:
		return nil, p.fail(p.cur, "stray-comma")
	}
	return nil, fail(p.src, open.start, len(p.src), "unclosed-parenthesis")
}

// strong = ("=" | "~") (word | phrase), the sign directly before it.
func (p *parser) strong() (node, *SyntaxError) {
	sign := p.cur
	if err := p.advance(); err != nil {
		return nil, err
	}
	x := p.cur
	if (x.kind != word && x.kind != phrase) || x.start != sign.end {
		return nil, p.fail(sign, "missing-term", "sign", sign.text)
	}
	if x.kind == word && sign.kind == tilde && isNumber(x.text) {
		return nil, fail(p.src, sign.start, x.end, "tilde-place")
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if sign.kind == equals {
		return p.term(x, text.Surface)
	}
	return p.term(x, text.WideWord)
}
