package filter

import (
	"strconv"
	"strings"

	"wirewatch/filter/text"
)

// How tightly a construct binds: a looser one inside a tighter one needs parentheses.
const (
	bindsOr = iota + 1
	bindsAnd
	bindsNear
	bindsUnary
)

// printer writes the canonical form of a query.
type printer struct{ strings.Builder }

// printNode is the canonical form of a node.
func printNode(n node) string {
	var p printer
	n.print(&p, 0)
	return p.String()
}

// group writes kids with a separator, in parentheses when the parent binds tighter.
// AND inside OR gets parentheses too, though it needs none: people read it differently.
func (p *printer) group(kids []node, sep string, binds, parent int) {
	brackets := parent > binds || (binds == bindsAnd && parent == bindsOr)
	if brackets {
		p.WriteByte('(')
	}
	for i, k := range kids {
		if i > 0 {
			p.WriteString(sep)
		}
		k.print(p, binds)
	}
	if brackets {
		p.WriteByte(')')
	}
}

func (everything) print(p *printer, _ int) { p.WriteByte('*') }

func (n and) print(p *printer, parent int) { p.group(n.kids, " AND ", bindsAnd, parent) }
func (n or) print(p *printer, parent int)  { p.group(n.kids, " OR ", bindsOr, parent) }

// print needs parentheses only inside NEAR and ANY: NOT binds tighter than AND.
func (n not) print(p *printer, parent int) {
	brackets := parent > bindsAnd
	if brackets {
		p.WriteByte('(')
	}
	p.WriteString("NOT ")
	n.kid.print(p, bindsUnary)
	if brackets {
		p.WriteByte(')')
	}
}

func (n near) print(p *printer, parent int) {
	brackets := parent > bindsNear
	if brackets {
		p.WriteByte('(')
	}
	n.a.print(p, bindsNear)
	p.WriteString(" " + n.operator() + " ")
	n.b.print(p, bindsUnary)
	if brackets {
		p.WriteByte(')')
	}
}

// operator is the near as written: PRE/3, NEAR/s.
func (n near) operator() string {
	name := "NEAR/"
	if n.ordered {
		name = "PRE/"
	}
	if n.unit != 'w' {
		return name + string(n.unit)
	}
	return name + strconv.Itoa(n.n)
}

func (n atLeast) print(p *printer, parent int) {
	p.WriteString("MIN/" + strconv.Itoa(n.n) + " ")
	n.kid.print(p, bindsUnary)
}

// print separates the items by commas; they bind like operands of NEAR.
func (n anyOf) print(p *printer, parent int) {
	p.WriteString("ANY/" + strconv.Itoa(n.n) + " (")
	for i, k := range n.kids {
		if i > 0 {
			p.WriteString(", ")
		}
		k.print(p, bindsNear)
	}
	p.WriteByte(')')
}

// zone writes a field; nothing for a term that has none.
func (p *printer) zone(z zoneMask) {
	if name, ok := zoneNames[z]; ok {
		p.WriteString(name + ":")
	}
}

func (t *term) print(p *printer, _ int) {
	p.zone(t.zones)
	switch t.strength {
	case text.Surface:
		p.WriteByte('=')
	case text.WideWord:
		p.WriteByte('~')
	}
	switch {
	case t.prefix:
		if !isWord(t.text + "*") {
			p.WriteByte('#') // before which a colon names no field
		}
		p.WriteString(t.text + "*")
	case t.strength == text.WideWord && isNumber(t.text):
		p.WriteString(`"` + t.text + `"`) // ~5 is no word
	case t.slop > 0:
		p.WriteString(`"` + t.text + `"~` + strconv.Itoa(t.slop))
	default:
		p.word(t.text)
	}
}

// word writes a word bare if it reads back as itself, else in quotation marks.
func (p *printer) word(s string) {
	if isBare(s) {
		p.WriteString(s)
		return
	}
	p.WriteString(`"` + s + `"`)
}

// isBare reports whether s is one plain word to the lexer.
func isBare(s string) bool {
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !isPlain(r) || r >= 'A' && r <= 'Z' }) {
		return true // most words; operators are in capitals
	}
	return isWord(s) && !strings.ContainsAny(s, "*＊٭=~?")
}

// isWord reports whether the lexer takes s for one word.
func isWord(s string) bool {
	l := lexer{src: s}
	x, err := l.next()
	return err == nil && x.kind == word && x.text == s
}

func (m *mentionOf) print(p *printer, _ int) {
	p.zone(m.zones)
	p.WriteString("@" + m.slug)
	if m.within {
		p.WriteByte('>')
	}
}

// print writes an address bare although it has colons: after url: the lexer takes it whole.
func (v *value) print(p *printer, _ int) {
	p.WriteString(v.field + ":")
	for i, o := range v.options {
		if i > 0 {
			p.WriteByte(',')
		}
		switch {
		case o.prefix && isWord(o.text+"*"):
			p.WriteString(o.text + "*")
		case o.prefix:
			p.WriteString(`"` + o.text + `*"`)
		case v.field == "url" && isAddress(o.text):
			p.WriteString(o.text)
		default:
			p.word(o.text)
		}
	}
}

// isAddress reports whether s reads back as one value of url:.
func isAddress(s string) bool {
	l := lexer{src: s, raw: true}
	x, err := l.next()
	return err == nil && x.kind == word && x.text == s
}
