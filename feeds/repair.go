package feeds

import (
	"bytes"
	"strings"
)

// A repaired document is well-formed as far as tags go, whatever went in.
type repaired struct {
	doc   []byte
	items [][2]int // where the items stand in doc
	cut   bool     // the input ended in the middle; an unfinished item is left out
	deep  bool     // markup below MaxDepth was dropped
}

// A mender rewrites a document tag by tag: it closes what is left open, drops
// end tags that close nothing, and escapes what only looks like markup.
// Items bound the damage: whatever is open when an item begins or ends is
// closed there, so that a broken item cannot swallow its neighbours.
type mender struct {
	out   []byte
	open  [][]byte // names of open elements, as written in the start tag
	item  int      // depth at which the open item stands; -1 none
	start int      // offset of the open item in out
	over  int      // elements dropped below MaxDepth
	res   repaired
}

// repair mends a document whose root starts at its first byte.
func repair(doc []byte) repaired {
	m := mender{out: make([]byte, 0, len(doc)+64), item: -1}
	s := scanner{doc: doc}
	for {
		t, ok := s.next()
		if ok && t.cut && t.kind == tokenCDATA { // one that is not closed is none
			s.pos = t.start + len("<![CDATA[")
			continue
		}
		if !ok || t.cut {
			m.res.cut = true
			break
		}
		raw := doc[t.start:t.end]
		switch t.kind {
		case tokenText:
			m.text(raw)
		case tokenCDATA:
			m.out = append(m.out, raw...)
		case tokenOpen:
			m.begin(t, raw)
		case tokenClose:
			m.end(t.name)
		}
		if len(m.open) == 0 && len(m.out) > 0 {
			break
		}
	}
	if m.item >= 0 { // unfinished
		m.out = m.out[:m.start]
		m.open = m.open[:m.item]
	}
	m.closeTo(0)
	m.res.doc = m.out
	return m.res
}

// text escapes a "<" that begins no tag and drops the end of a CDATA section
// that never began (or was nested, which CDATA cannot be).
func (m *mender) text(raw []byte) {
	raw = bytes.ReplaceAll(raw, []byte("]]>"), nil)
	m.out = append(m.out, bytes.ReplaceAll(raw, []byte("<"), []byte("&lt;"))...)
}

func (m *mender) begin(t token, raw []byte) {
	first := isItem(t.name) && m.item < 0
	again := m.item >= 0 && bytes.EqualFold(t.name, m.open[m.item])
	if again && t.empty {
		return // an empty item inside an item says nothing
	}
	if again {
		m.finishItem()
		first = true
	}
	if len(m.open) >= MaxDepth {
		m.res.deep = true
		if !t.empty {
			m.over++
		}
		return
	}
	if first {
		m.toContainer()
		m.start = len(m.out)
	}
	m.tag(t, raw)
	switch {
	case !t.empty:
		if first {
			m.item = len(m.open)
		}
		m.open = append(m.open, t.name)
	case first:
		m.res.items = append(m.res.items, [2]int{m.start, len(m.out)})
	}
}

// toContainer closes what is open between an item and what holds items: there, it
// would hide the item.
func (m *mender) toContainer() {
	for i := len(m.open) - 1; i >= 0; i-- {
		switch strings.ToLower(string(local(m.open[i]))) {
		case "rss", "rdf", "channel", "feed":
			m.closeTo(i + 1)
			return
		}
	}
}

// tag copies a start tag; a bad one with only those attributes that can be
// read.
func (m *mender) tag(t token, raw []byte) {
	m.out = append(m.out, '<')
	m.out = append(m.out, tidyName(t.name)...)
	body := raw[1+len(t.name):]
	body = bytes.TrimSuffix(body, []byte(">"))
	if t.empty {
		body = bytes.TrimSuffix(body, []byte("/"))
	}
	m.out = appendAttributes(m.out, body)
	if t.empty {
		m.out = append(m.out, '/')
	}
	m.out = append(m.out, '>')
}

func (m *mender) end(name []byte) {
	if m.over > 0 {
		m.over--
		return
	}
	low := 0
	if m.item >= 0 {
		low = m.item
	}
	for i := len(m.open) - 1; i >= low; i-- {
		if !bytes.EqualFold(m.open[i], name) {
			continue
		}
		if i == m.item {
			m.finishItem()
		} else {
			m.closeTo(i)
		}
		return
	}
	// It closes nothing of the item; if it closes the item's parents, the
	// item's own end tag is missing.
	for i := low - 1; i >= 0; i-- {
		if bytes.EqualFold(m.open[i], name) && len(m.open[i]) > 0 {
			m.finishItem()
			m.closeTo(i)
			return
		}
	}
}

func (m *mender) finishItem() {
	m.closeTo(m.item)
	m.res.items = append(m.res.items, [2]int{m.start, len(m.out)})
	m.item, m.over = -1, 0
}

// closeTo closes elements until depth are open.
func (m *mender) closeTo(depth int) {
	for len(m.open) > depth {
		last := len(m.open) - 1
		m.out = append(m.out, "</"...)
		m.out = append(m.out, tidyName(m.open[last])...)
		m.out = append(m.out, '>')
		m.open = m.open[:last]
	}
}

// tidyName makes "a:b:c" a name with one prefix, as namespaces want.
func tidyName(name []byte) []byte {
	if bytes.Count(name, []byte(":")) > 1 || bytes.HasSuffix(name, []byte(":")) {
		return bytes.ReplaceAll(name, []byte(":"), []byte("-"))
	}
	return name
}

// appendAttributes rewrites the inside of a start tag as name="value" pairs.
// Typographic quotes count as quotes, missing ones are added.
func appendAttributes(out, in []byte) []byte {
	for {
		key, value, rest, ok := nextAttribute(in)
		if !ok {
			return out
		}
		in = rest
		out = append(out, ' ')
		out = append(out, tidyName(key)...)
		out = append(out, `="`...)
		for _, c := range value {
			switch c {
			case '<':
				out = append(out, "&lt;"...)
			case '"':
				out = append(out, "&quot;"...)
			default:
				out = append(out, c)
			}
		}
		out = append(out, '"')
	}
}

// nextAttribute splits the first name="value" pair off the inside of a start
// tag; a name alone has no value.
func nextAttribute(in []byte) (key, value, rest []byte, ok bool) {
	for len(in) > 0 && (!isNameStart(in[0]) || in[0] >= 0x80) {
		in = in[1:]
	}
	end := 0
	for end < len(in) && isNameByte(in[end]) {
		end++
	}
	if end == 0 {
		return nil, nil, nil, false
	}
	key, in = in[:end], bytes.TrimLeft(in[end:], " \t\r\n")
	if len(in) > 0 && in[0] == '=' {
		value, in = attributeValue(bytes.TrimLeft(in[1:], " \t\r\n"))
	}
	return key, value, in, true
}

var quotePairs = [][2]string{{`"`, `"`}, {"'", "'"}, {"“", "”"}, {"”", "”"}, {"„", "“"}, {"‘", "’"}, {"’", "’"}, {"«", "»"}}

// attributeValue splits a value off the text behind "=".
func attributeValue(in []byte) (value, rest []byte) {
	for _, q := range quotePairs {
		if after, ok := bytes.CutPrefix(in, []byte(q[0])); ok {
			if i := bytes.Index(after, []byte(q[1])); i >= 0 {
				return after[:i], after[i+len(q[1]):]
			}
			return after, nil
		}
	}
	if i := bytes.IndexAny(in, " \t\r\n"); i >= 0 {
		return in[:i], in[i:]
	}
	return in, nil
}
