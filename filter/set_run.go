package filter

import "slices"

// holds reports whether the article satisfies what begins at pc of the programs. It asks
// what was found of the article, and the text only where a leaf needs more.
func (m *matching) holds(pc uint32) bool {
	word := *m.x.code.at(pc)
	pc++
	n := word & doArg
	switch word &^ doArg {
	case doAll:
		return true
	case doNot:
		return !m.holds(pc)
	case doAnd:
		return m.count(pc, n, n, false)
	case doOr:
		return m.count(pc, n, 1, true)
	case doAny:
		return m.count(pc+1, n, *m.x.code.at(pc), true)
	case doMin:
		first := len(m.spans)
		m.places(pc)
		ok := m.d.apart(m.spans[first:], int(n))
		m.spans = m.spans[:first]
		return ok
	case doNear:
		first := len(m.spans)
		m.near(pc, nearOf(word), 1)
		ok := len(m.spans) > first
		m.spans = m.spans[:first]
		return ok
	}
	return m.leaf(n)
}

// count reports whether wanted of n operands hold. It stops as soon as that is decided: at
// the first that does not hold when all are wanted, when enough do otherwise.
func (m *matching) count(pc, n, wanted uint32, some bool) bool {
	for ; n > 0; n-- {
		if m.holds(pc) {
			if wanted--; wanted == 0 {
				return true
			}
		} else if !some {
			return false
		}
		if n > 1 {
			pc = m.x.skip(pc)
		}
	}
	return false
}

// leaf reports whether a leaf holds.
func (m *matching) leaf(id uint32) bool {
	e := m.x.terms.at(id)
	switch e.kind {
	case wordLeaf, phraseLeaf:
		parts := m.x.parts.run(e.parts, uint32(e.words))
		for _, p := range parts {
			if !m.has(p) {
				return false
			}
		}
		if e.kind == wordLeaf && e.zones == inText {
			return true
		}
		found := false
		m.visit(e, parts, func(span) bool { found = true; return false })
		return found
	}
	return m.x.leafNode(id).match(m.d)
}

// visit calls found with the places of words that stand side by side, until it returns false.
// They come in no order.
func (m *matching) visit(e *leaf, parts []uint32, found func(span) bool) {
	s, anchor := m.d.stream, 0
	if e.kind == phraseLeaf {
		anchor = int(e.arg)
	}
	for i := m.chain(parts[anchor]); i != 0; i = m.next[i-1] {
		f := m.words[i-1]
		for tok := s.NextFound(f, -1); tok >= 0; tok = s.NextFound(f, tok) {
			first := tok - anchor
			if m.stands(first, anchor, parts) && m.d.zone(first)&e.zones != 0 && !found(span{first, first + len(parts) - 1}) {
				return
			}
		}
	}
}

// stands reports whether the parts stand side by side from the token first on, known being there.
func (m *matching) stands(first, known int, parts []uint32) bool {
	tokens := m.d.stream.Tokens
	last := first + len(parts) - 1
	if first < 0 || last >= len(tokens) || tokens[last].Pos-tokens[first].Pos != int32(last-first) {
		return false
	}
	for k, p := range parts {
		if k != known && !m.is(first+k, p) {
			return false
		}
	}
	return true
}

// is reports whether a token is a word of the index.
func (m *matching) is(tok int, id uint32) bool {
	for i := m.chain(id); i != 0; i = m.next[i-1] {
		if m.d.stream.Is(tok, m.words[i-1]) {
			return true
		}
	}
	return false
}

// places pushes the places of what begins at pc, in order, and returns where the program goes on.
func (m *matching) places(pc uint32) uint32 {
	word := *m.x.code.at(pc)
	pc++
	n, first := word&doArg, len(m.spans)
	switch word &^ doArg {
	case doOr:
		for range n {
			pc = m.places(pc)
		}
	case doNear:
		pc = m.near(pc, nearOf(word), maxSpans)
	default:
		m.leafPlaces(n)
	}
	rest := sorted(m.spans[first:])
	m.spans = m.spans[:first+len(rest)]
	return pc
}

// leafPlaces pushes the places of a leaf.
func (m *matching) leafPlaces(id uint32) {
	e := m.x.terms.at(id)
	if e.kind != wordLeaf && e.kind != phraseLeaf {
		if l, ok := m.x.leafNode(id).(located); ok {
			m.spans = append(m.spans, l.spans(m.d)...)
		}
		return
	}
	first := len(m.spans)
	m.visit(e, m.x.parts.run(e.parts, uint32(e.words)), func(s span) bool {
		m.spans = append(m.spans, s)
		return true
	})
	places := sorted(m.spans[first:])
	m.spans = m.spans[:first+min(len(places), maxSpans)]
}

// near pushes the stretches in which two operands are near, limit at most, and returns where the
// program goes on.
func (m *matching) near(pc uint32, n near, limit int) uint32 {
	first := len(m.spans)
	pc = m.places(pc)
	middle := len(m.spans)
	pc = m.places(pc)
	last := len(m.spans)
	m.spans = n.join(m.spans, m.d, m.spans[first:middle], m.spans[middle:last], limit)
	m.spans = slices.Delete(m.spans, first, last)
	return pc
}
