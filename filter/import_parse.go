package filter

import "strings"

// foreignOp says what a foreignNode is.
type foreignOp uint8

const (
	opAll     foreignOp = iota // AND
	opEither                   // OR
	opWithout                  // NOT
	opNearby                   // NEAR/5
	opApart                    // NOT W/5
	opLeast                    // MIN/5
	opIn                       // a field
	opShout                    // ALLCAPS
	opExact                    // as written
	opWords                    // a word or a phrase
	opPrefix                   // word*
	opLost                     // cannot be carried over
)

// foreignNode is a part of a query of another service.
type foreignNode struct {
	op         foreignOp
	kids       []*foreignNode
	text       string  // of opWords, opPrefix: without signs
	at         foreign // the operator; n, unit, fields and why are there
	start, end int     // bytes in the source
}

// joining makes a node that spans its operator and its kids.
func joining(op foreignOp, at foreign, kids ...*foreignNode) *foreignNode {
	n := &foreignNode{op: op, kids: kids, at: at, start: at.start, end: at.end}
	for _, k := range kids {
		n.start, n.end = min(n.start, k.start), max(n.end, k.end)
	}
	return n
}

// step moves to the next lexeme and checks that an operand begins there.
func (im *importer) step() *SyntaxError {
	op := im.cur
	if err := im.advance(); err != nil {
		return err
	}
	switch im.cur.kind {
	case foreignEnd, foreignClose, foreignAnd, foreignOr, foreignNear:
		if op.kind == foreignOpen && im.cur.kind == foreignClose {
			return fail(im.src, op.start, im.cur.end, "empty-group")
		}
		return fail(im.src, op.start, op.end, "missing-right", "operator", op.text)
	}
	return nil
}

// following is the lexeme after the present one.
func (im *importer) following() foreignKind {
	saved := *im
	defer func() { *im = saved }()
	if im.advance() != nil {
		return foreignEnd
	}
	return im.cur.kind
}

// top is a whole query or what stands in parentheses.
func (im *importer) top() (*foreignNode, *SyntaxError) {
	if im.orFirst {
		return im.exclusions()
	}
	return im.chain(foreignOr, opEither, im.conjunction)
}

// chain reads operands that an operator joins, left to right.
func (im *importer) chain(kind foreignKind, op foreignOp, operand func() (*foreignNode, *SyntaxError)) (*foreignNode, *SyntaxError) {
	first, err := operand()
	if err != nil || im.cur.kind != kind {
		return first, err
	}
	n := joining(op, im.cur, first)
	for im.cur.kind == kind {
		if err := im.step(); err != nil {
			return nil, err
		}
		kid, err := operand()
		if err != nil {
			return nil, err
		}
		n.kids, n.end = append(n.kids, kid), kid.end
	}
	return n, nil
}

// exclusions are Lexis' AND NOT, which binds loosest of all: a AND NOT b AND c excludes b AND c.
func (im *importer) exclusions() (*foreignNode, *SyntaxError) {
	n, err := im.conjunction()
	for err == nil && im.cur.kind == foreignNot {
		op := im.cur
		if err = im.step(); err != nil {
			break
		}
		var kid *foreignNode
		if kid, err = im.conjunction(); err == nil {
			n = joining(opAll, op, n, joining(opWithout, op, kid))
		}
	}
	return n, err
}

// conjunction is AND, written or not.
func (im *importer) conjunction() (*foreignNode, *SyntaxError) {
	first, err := im.negation()
	if err != nil {
		return nil, err
	}
	n := joining(opAll, im.cur, first)
	for {
		switch {
		case im.cur.kind == foreignAnd:
			if im.orFirst && im.following() == foreignNot {
				err = im.advance()
				return n.only(), err
			}
			if err := im.step(); err != nil {
				return nil, err
			}
		case im.orFirst && im.cur.kind == foreignNot, !im.begins():
			return n.only(), nil
		case im.cur.kind != foreignNot && im.cur.kind != foreignLost && !im.joined:
			im.joined = true
			im.note(im.cur.start, im.cur.end, "no operator stands before it; read as AND")
		}
		kid, err := im.negation()
		if err != nil {
			return nil, err
		}
		n.kids, n.end = append(n.kids, kid), kid.end
	}
}

// only is the single kid of a node, or the node.
func (n *foreignNode) only() *foreignNode {
	n.start = n.kids[0].start
	if len(n.kids) == 1 {
		return n.kids[0]
	}
	return n
}

// begins reports whether the lexeme begins an operand.
func (im *importer) begins() bool {
	switch im.cur.kind {
	case foreignEnd, foreignClose, foreignAnd, foreignOr, foreignNear:
		return false
	}
	return true
}

// negation is NOT before what it excludes.
func (im *importer) negation() (*foreignNode, *SyntaxError) {
	if im.cur.kind != foreignNot {
		return im.qualified()
	}
	return im.prefixed(opWithout, im.negation)
}

// prefixed reads an operator that stands before its operand.
func (im *importer) prefixed(op foreignOp, operand func() (*foreignNode, *SyntaxError)) (*foreignNode, *SyntaxError) {
	if im.depth++; im.depth > MaxDepth {
		return nil, fail(im.src, im.cur.start, im.cur.end, "too-deep", "max", "30")
	}
	defer func() { im.depth-- }()
	at := im.cur
	if err := im.step(); err != nil {
		return nil, err
	}
	kid, err := operand()
	if err != nil {
		return nil, err
	}
	n := joining(op, at, kid)
	n.end = max(n.end, im.last) // with the parenthesis that closes its operand
	return n, nil
}

// qualified is Factiva's atleast5 or hd= before a chain of proximity, or such a chain.
func (im *importer) qualified() (*foreignNode, *SyntaxError) {
	switch {
	case im.fieldLast && im.cur.kind == foreignField:
		return im.prefixed(opIn, im.qualified)
	case im.fieldLast && im.cur.kind == foreignMin:
		return im.prefixed(opLeast, im.qualified)
	}
	return im.nearby()
}

// nearby is a chain of proximity operators: from near to far in Lexis, else from the left.
func (im *importer) nearby() (*foreignNode, *SyntaxError) {
	var kids []*foreignNode
	var ops []foreign
	var apart []bool
	for {
		kid, err := im.alternatives()
		if err != nil {
			return nil, err
		}
		kids = append(kids, kid)
		no := im.cur.kind == foreignNot && im.following() == foreignNear
		if no {
			if err := im.advance(); err != nil {
				return nil, err
			}
		}
		if im.cur.kind != foreignNear {
			break
		}
		ops, apart = append(ops, im.cur), append(apart, no)
		if err := im.step(); err != nil {
			return nil, err
		}
	}
	for len(ops) > 0 {
		i := 0
		for j := range ops {
			if im.orFirst && rank(ops[j]) < rank(ops[i]) {
				i = j
			}
		}
		op := opNearby
		if apart[i] {
			op = opApart
		}
		kids[i] = joining(op, ops[i], kids[i], kids[i+1])
		kids = append(kids[:i+1], kids[i+2:]...)
		ops, apart = append(ops[:i], ops[i+1:]...), append(apart[:i], apart[i+1:]...)
	}
	return kids[0], nil
}

// rank orders proximity operators from near to far.
func rank(x foreign) int {
	return strings.IndexByte("wspd", x.unit)<<21 + x.n
}

// alternatives are Lexis' OR, which binds before proximity.
func (im *importer) alternatives() (*foreignNode, *SyntaxError) {
	if !im.orFirst {
		return im.neighbours()
	}
	return im.chain(foreignOr, opEither, im.neighbours)
}

// neighbours are words side by side, where that means a phrase.
func (im *importer) neighbours() (*foreignNode, *SyntaxError) {
	left, err := im.operand()
	for err == nil && im.phrases {
		at := im.cur
		switch at.kind {
		case foreignWord, foreignQuote, foreignOpen, foreignCaps:
		default:
			return left, nil
		}
		var right *foreignNode
		if right, err = im.operand(); err == nil {
			left = beside(left, right, at)
		}
	}
	return left, err
}

// beside joins two neighbours to a phrase, or to PRE/1 when they are more than words.
func beside(left, right *foreignNode, at foreign) *foreignNode {
	if left.op == opWords && right.op == opWords && left.at.n == 0 && right.at.n == 0 {
		left.text += " " + right.text
		left.end = right.end
		return left
	}
	at.n, at.unit, at.ordered, at.text = 1, 'w', true, "the space"
	return joining(opNearby, at, left, right)
}

// operand is a word, a group, or a field or command with its own.
func (im *importer) operand() (*foreignNode, *SyntaxError) {
	x := im.cur
	switch x.kind {
	case foreignWord, foreignQuote:
		n, err := im.leaf(x)
		if err != nil {
			return nil, err
		}
		return n, im.advance()
	case foreignLost:
		return joining(opLost, x), im.advance()
	case foreignOpen:
		return im.group()
	case foreignField:
		return im.prefixed(opIn, im.operand)
	case foreignMin:
		return im.prefixed(opLeast, im.operand)
	case foreignNot:
		return im.prefixed(opWithout, im.operand)
	case foreignCaps:
		return im.command()
	case foreignClose:
		return nil, fail(im.src, x.start, x.end, "unopened-parenthesis")
	}
	return nil, fail(im.src, x.start, x.end, "missing-left", "operator", x.text)
}

// group is what stands in parentheses.
func (im *importer) group() (*foreignNode, *SyntaxError) {
	open := im.cur
	n, err := im.prefixed(opAll, im.top)
	if err != nil {
		return nil, err
	}
	if im.cur.kind != foreignClose {
		return nil, fail(im.src, open.start, open.end, "unclosed-parenthesis")
	}
	return n.kids[0], im.advance()
}

// command is ALLCAPS(…) and its like.
func (im *importer) command() (*foreignNode, *SyntaxError) {
	x := im.cur
	n, err := im.prefixed(opShout, im.operand)
	if err != nil {
		return nil, err
	}
	switch strings.ToLower(x.text) {
	case "allcaps":
		return n, nil
	case "singular", "plural":
		im.note(x.start, n.end, "read as the word exactly as written; =word is that here")
		n.op = opExact
		return n, nil
	}
	im.note(x.start, n.end, "only a word wholly in capitals can be told apart (=WHO); left out, the rule finds more")
	return n.kids[0], nil
}
