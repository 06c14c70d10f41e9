package filter

// evidence says why a rule matched: the same as [Query.Match] says, from what was found of
// the article, so that no term need be compiled again.
func (m *matching) evidence(r uint32) Evidence {
	var c collector
	m.hits(m.x.rules.at(r).program, nil, &c)
	m.spans = m.spans[:0]
	return c.evidence
}

// hits adds what made the program at pc match, within the given places if any, and returns
// where it goes on. See [node].hits.
func (m *matching) hits(pc uint32, within []span, c *collector) uint32 {
	word := *m.x.code.at(pc)
	pc++
	n := word & doArg
	switch word &^ doArg {
	case doAll:
	case doNot:
		return m.x.skip(pc)
	case doAnd:
		for range n {
			pc = m.hits(pc, within, c)
		}
	case doOr:
		return m.hitsOf(pc, n, within, c)
	case doAny:
		return m.hitsOf(pc+1, n, within, c)
	case doMin:
		return m.hits(pc, within, c)
	case doNear:
		first := len(m.spans)
		m.near(pc, nearOf(word), maxSpans)
		places := inside(sorted(m.spans[first:]), within)
		if places == nil {
			places = []span{} // nil would be anywhere
		}
		pc = m.hits(pc, places, c)
		return m.hits(pc, places, c)
	default:
		m.leafHits(n, within, c)
	}
	return pc
}

// hitsOf adds those of n operands that hold by themselves.
func (m *matching) hitsOf(pc, n uint32, within []span, c *collector) uint32 {
	for range n {
		if m.holds(pc) {
			pc = m.hits(pc, within, c)
		} else {
			pc = m.x.skip(pc)
		}
	}
	return pc
}

// leafHits adds the places of a leaf, in order.
func (m *matching) leafHits(id uint32, within []span, c *collector) {
	e := m.x.terms.at(id)
	if e.kind != wordLeaf && e.kind != phraseLeaf {
		l := m.x.leafNode(id)
		if t, ok := l.(*term); ok {
			l = t.named()
		}
		l.hits(m.d, within, c)
		return
	}
	first := len(m.spans)
	m.visit(e, m.x.parts.run(e.parts, uint32(e.words)), func(s span) bool {
		m.spans = append(m.spans, s)
		return true
	})
	if len(m.spans) > first {
		name := m.x.nameOf(e)
		places := sorted(m.spans[first:])
		for _, s := range places[:min(len(places), maxSpans)] {
			if liesIn(s, within) {
				c.place(m.d, name, s)
			}
			if c.count(name) >= maxHits {
				break
			}
		}
	}
	m.spans = m.spans[:first]
}

// nameOf is the canonical form of a term.
func (x *index) nameOf(e *leaf) string {
	return printNode(&term{zones: e.zones, strength: e.how, text: x.textOf(e)})
}
