package filter

// A program is a query in words of 32 bits, each operator before its operands: four bits
// say what it is, the others how many operands it has, or which leaf it is.
const (
	doLeaf = iota << doShift // a leaf
	doAnd                    // operands
	doOr                     //
	doNot                    //
	doAny                    // operands; the next word is how many must hold
	doMin                    // how often
	doNear                   // distance, unit, order
	doAll                    // every article

	doShift = 28
	doArg   = 1<<doShift - 1

	nearOrdered  = 1 << 8
	nearSentence = 1 << 9
	nearPara     = 1 << 10
)

// write appends the program of a node.
func (x *index) write(code []uint32, n node) []uint32 {
	all := func(op int, kids []node) []uint32 {
		code = append(code, uint32(op|len(kids)))
		return code
	}
	switch n := n.(type) {
	case everything:
		return append(code, doAll)
	case and:
		return x.writeAll(all(doAnd, n.kids), n.kids)
	case or:
		return x.writeAll(all(doOr, n.kids), n.kids)
	case anyOf:
		return x.writeAll(append(all(doAny, n.kids), uint32(n.n)), n.kids)
	case not:
		return x.write(append(code, doNot), n.kid)
	case atLeast:
		return x.write(append(code, uint32(doMin|n.n)), n.kid)
	case near:
		return x.write(x.write(append(code, n.op()), n.a), n.b)
	}
	return append(code, doLeaf|x.leafOf(n))
}

func (x *index) writeAll(code []uint32, kids []node) []uint32 {
	for _, k := range kids {
		code = x.write(code, k)
	}
	return code
}

// op is the near as a word of a program.
func (n near) op() uint32 {
	op := uint32(doNear | n.n)
	if n.ordered {
		op |= nearOrdered
	}
	switch n.unit {
	case 's':
		op |= nearSentence
	case 'p':
		op |= nearPara
	}
	return op
}

// nearOf is the near that a word of a program says, without its operands.
func nearOf(op uint32) near {
	n := near{n: int(op & 0xFF), unit: 'w', ordered: op&nearOrdered != 0}
	switch {
	case op&nearSentence != 0:
		n.unit = 's'
	case op&nearPara != 0:
		n.unit = 'p'
	}
	return n
}

// skip is where the program goes on after what begins at pc.
func (x *index) skip(pc uint32) uint32 {
	for open := 1; open > 0; open-- {
		word := *x.code.at(pc)
		pc++
		switch word &^ doArg {
		case doAnd, doOr:
			open += int(word & doArg)
		case doAny:
			open += int(word & doArg)
			pc++
		case doNear:
			open += 2
		case doNot, doMin:
			open++
		}
	}
	return pc
}

func (x *index) leafNode(id uint32) node {
	switch e := x.terms.at(id); e.kind {
	case mentionLeaf:
		return *x.mentions.at(e.name)
	case valueLeaf:
		return *x.values.at(e.name)
	}
	return x.term(id)
}
