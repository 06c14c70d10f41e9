package filter

import (
	"strconv"
	"strings"
)

// reach is where a node stands while what cannot be carried over is taken out.
type reach struct {
	positive bool   // under an even number of NOTs
	located  bool   // an operand of proximity or MIN
	effect   string // what leaving the node out does to the rule
}

// without is what leaving out one of an AND or an OR does.
func (r reach) without(op foreignOp) reach {
	r.effect = "; left out, the rule finds less"
	if (op == opAll) == r.positive {
		r.effect = "; left out, the rule finds more"
	}
	return r
}

// reduce takes out what cannot be carried over, with a note, and rewrites what we
// say otherwise; nil: nothing is left.
func (im *importer) reduce(n *foreignNode, r reach) (*foreignNode, *SyntaxError) {
	inner := r
	switch n.op {
	case opLost:
		im.note(n.start, n.end, n.at.why+r.effect)
		return nil, nil
	case opIn:
		if len(n.at.fields) == 0 {
			im.note(n.start, n.end, n.at.why+r.effect)
			return nil, nil
		}
	case opAll, opEither:
		inner = r.without(n.op)
	case opWithout:
		inner.positive = !r.positive
	case opLeast, opNearby, opApart:
		inner.located = true
	}
	if n.op == opApart && r.located {
		return nil, im.refuse(n.at.start, n.at.end, "NOT with a distance cannot stand inside another distance", "write it outside, with AND")
	}
	kids := n.kids[:0:0]
	for _, k := range n.kids {
		k, err := im.reduce(k, inner)
		if err != nil {
			return nil, err
		}
		if k != nil {
			kids = append(kids, k)
		}
	}
	if len(n.kids) > 0 && len(kids) == 0 {
		return nil, nil
	}
	whole := len(kids) == len(n.kids)
	n.kids = kids
	switch n.op {
	case opAll, opEither:
		if len(kids) == 1 {
			return kids[0], nil
		}
	case opNearby, opApart:
		if !whole {
			return kids[0], nil
		}
		return im.distance(n, r)
	case opLeast:
		return im.spread(n, 0)
	}
	return n, nil
}

// distance rewrites a proximity operator that ours do not have.
func (im *importer) distance(n *foreignNode, r reach) (*foreignNode, *SyntaxError) {
	op := n.at
	far := op.unit == 'd' || (op.unit == 'w' && op.n > MaxDistance)
	switch {
	case n.op == opApart:
		im.note(op.start, op.end, "read as: the first, and nowhere the second that near to it; the rule finds less")
		close := joining(opNearby, op, n.kids...)
		if far {
			close.at.n, close.at.unit = MaxDistance, 'w'
		}
		return joining(opAll, op, n.kids[0], joining(opWithout, op, close)), nil
	case far && r.positive && !r.located:
		im.note(op.start, op.end, "distances end at "+strconv.Itoa(MaxDistance)+" words; read as AND, the rule finds more")
		return joining(opAll, op, n.kids...), nil
	case far:
		im.note(op.start, op.end, "distances end at "+strconv.Itoa(MaxDistance)+" words; read as that, which is nearer")
		n.at.n, n.at.unit = MaxDistance, 'w'
	}
	near, err := im.spread(n, 0)
	if err != nil {
		return nil, err
	}
	return near, nil
}

// spread pulls AND, and OR over it, out of the operands of a NEAR or MIN from the i-th on:
// (a AND b) NEAR/5 c is (a NEAR/5 c) AND (b NEAR/5 c).
func (im *importer) spread(n *foreignNode, i int) (*foreignNode, *SyntaxError) {
	for ; i < len(n.kids); i++ {
		k := n.kids[i]
		if k.op != opAll && !(k.op == opEither && holds(k, opAll)) {
			continue
		}
		if n.op == opNearby {
			im.note(n.at.start, n.at.end, "it joins words and OR groups here; spread over the AND beside it")
		}
		out := joining(k.op, k.at)
		for _, part := range k.kids {
			if im.grown++; im.grown > MaxTerms {
				return nil, fail(im.src, n.at.start, n.at.end, "too-many-terms", "max", strconv.Itoa(MaxTerms))
			}
			one := *n
			one.kids = append([]*foreignNode{}, n.kids...)
			one.kids[i] = part
			spread, err := im.spread(&one, i)
			if err != nil {
				return nil, err
			}
			out.kids = append(out.kids, spread)
		}
		out.start, out.end = n.start, n.end
		return out, nil
	}
	return n, nil
}

// holds reports whether an OR has a kid of the operator, itself or in an OR of its own.
func holds(n *foreignNode, op foreignOp) bool {
	for _, k := range n.kids {
		if k.op == op || (k.op == opEither && holds(k, op)) {
			return true
		}
	}
	return false
}

// setting is what the nodes above say of a word.
type setting struct {
	fields       []string
	exact, upper bool
}

// translation is the query in our language while it is written.
type translation struct {
	strings.Builder
	im    *importer
	marks []mark
}

// mark says which part of the source a part of the translation comes from.
type mark struct{ from, to, start, end int }

// write writes a node, in parentheses wherever it is more than one word.
func (t *translation) write(n *foreignNode, s setting) *SyntaxError {
	from := t.Len()
	defer func() { t.marks = append(t.marks, mark{from, t.Len(), n.start, n.end}) }()
	switch n.op {
	case opIn:
		if len(s.fields) > 0 {
			return t.im.refuse(n.at.start, n.at.end, "a field stands inside another field", "write each field once")
		}
		s.fields = n.at.fields
		return t.write(n.kids[0], s)
	case opShout, opExact:
		s.exact, s.upper = true, n.op == opShout
		return t.write(n.kids[0], s)
	case opAll, opEither:
		op := " AND "
		if n.op == opEither {
			op = " OR "
		}
		return t.group(n, op, s)
	case opWithout:
		return t.before(n, "NOT ", s)
	}
	if len(s.fields) > 1 {
		return t.each(n, s)
	}
	switch n.op {
	case opNearby:
		distance := near{n: n.at.n, unit: n.at.unit, ordered: n.at.ordered}
		return t.group(n, " "+distance.operator()+" ", s)
	case opLeast:
		return t.before(n, "MIN/"+strconv.Itoa(n.at.n)+" ", s)
	}
	return t.term(n, s)
}

// group writes the kids with an operator between them.
func (t *translation) group(n *foreignNode, op string, s setting) *SyntaxError {
	t.WriteByte('(')
	for i, k := range n.kids {
		if i > 0 {
			t.operator(n, op)
		}
		if err := t.write(k, s); err != nil {
			return err
		}
	}
	t.WriteByte(')')
	return nil
}

// before writes an operator and its operand.
func (t *translation) before(n *foreignNode, op string, s setting) *SyntaxError {
	t.operator(n, op)
	t.WriteByte('(')
	err := t.write(n.kids[0], s)
	t.WriteByte(')')
	return err
}

// operator writes an operator and where it comes from.
func (t *translation) operator(n *foreignNode, op string) {
	from := t.Len()
	t.WriteString(op)
	t.marks = append(t.marks, mark{from, t.Len(), n.at.start, n.at.end})
}

// each writes a node once for every field, as alternatives.
func (t *translation) each(n *foreignNode, s setting) *SyntaxError {
	t.WriteByte('(')
	for i, f := range s.fields {
		if i > 0 {
			t.WriteString(" OR ")
		}
		one := s
		one.fields = []string{f}
		if err := t.write(n, one); err != nil {
			return err
		}
	}
	t.WriteByte(')')
	return nil
}

// term writes a word or a phrase, in its field.
func (t *translation) term(n *foreignNode, s setting) *SyntaxError {
	word := n.text
	exact := s.exact
	if len(s.fields) == 1 {
		t.WriteString(s.fields[0] + ":")
		exact = exact && fields[s.fields[0]].zone != 0
	}
	if s.upper {
		word = strings.ToUpper(word)
	}
	if n.op == opPrefix {
		if !isBare(word) {
			return t.im.refuse(n.start, n.end, "truncation needs one plain word before it", "write the spellings out with OR")
		}
		if exact {
			t.im.note(n.start, n.end, "a truncated word is found in any case; the rule finds more")
		}
		t.WriteString(word + "*")
		return nil
	}
	if exact {
		t.WriteByte('=')
	}
	if n.at.n > 0 && strings.Contains(word, " ") {
		t.WriteString(`"` + word + `"~` + strconv.Itoa(n.at.n))
		return nil
	}
	var p printer
	p.word(word)
	t.WriteString(p.String())
	return nil
}

// locate turns an error in the translation into one in the source.
func (t *translation) locate(e *SyntaxError) *SyntaxError {
	best := mark{0, t.Len() + 1, 0, len(t.im.src)}
	for _, m := range t.marks {
		if m.from <= e.Offset && e.Offset < max(m.to, m.from+1) && e.End <= max(m.to, m.from+1) && m.to-m.from < best.to-best.from {
			best = m
		}
	}
	at := fail(t.im.src, best.start, best.end, e.Code)
	at.Msg, at.Hint, at.Args = e.Msg, e.Hint, e.Args
	return at
}
