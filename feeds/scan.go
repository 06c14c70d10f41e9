package feeds

import (
	"bytes"
)

// Limits of what is read from one document.
const (
	MaxDocument = 64 << 20 // bytes of decoded text
	MaxDepth    = 128      // open elements; deeper markup is dropped, its text kept
	MaxItems    = 5000     // items of one document; later ones are dropped
)

type tokenKind uint8

const (
	tokenText tokenKind = iota
	tokenOpen
	tokenClose
	tokenCDATA
	tokenComment
	tokenInstruction
	tokenDirective
)

// A token is a piece of markup as it stands in the document.
type token struct {
	kind       tokenKind
	start, end int    // doc[start:end]
	name       []byte // of a tag, as written
	empty      bool   // <name/>
	bad        bool   // encoding/xml would refuse it
	cut        bool   // the document ends inside it
}

// A scanner splits a document into tokens. It never fails: whatever is no
// markup is text.
type scanner struct {
	doc []byte
	pos int
}

func (s *scanner) next() (token, bool) {
	if s.pos >= len(s.doc) {
		return token{}, false
	}
	var t token
	if s.doc[s.pos] != '<' {
		t = s.text()
	} else {
		t = s.markup()
	}
	s.pos = t.end
	return t, true
}

func (s *scanner) text() token {
	t := token{kind: tokenText, start: s.pos, end: len(s.doc)}
	if i := bytes.IndexByte(s.doc[s.pos:], '<'); i >= 0 {
		t.end = s.pos + i
	}
	t.bad = bytes.Contains(s.doc[t.start:t.end], []byte("]]>"))
	return t
}

func (s *scanner) markup() token {
	rest := s.doc[s.pos:]
	switch {
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		return s.until(tokenCDATA, "]]>")
	case bytes.HasPrefix(rest, []byte("<!--")):
		t := s.until(tokenComment, "-->")
		t.bad = t.end-t.start < 7 || bytes.Contains(s.doc[t.start+4:t.end-2], []byte("--"))
		return t
	case bytes.HasPrefix(rest, []byte("<?")):
		t := s.until(tokenInstruction, "?>")
		t.bad = len(rest) < 3 || !isNameStart(rest[2])
		return t
	case bytes.HasPrefix(rest, []byte("<!")) && len(rest) > 2 && isNameStart(rest[2]):
		return s.directive()
	case len(rest) > 2 && rest[1] == '/' && isNameStart(rest[2]):
		return s.close()
	case len(rest) > 1 && isNameStart(rest[1]):
		return s.open()
	}
	// A bare "<": text up to the next one.
	t := token{kind: tokenText, start: s.pos, end: len(s.doc), bad: true}
	if i := bytes.IndexByte(rest[1:], '<'); i >= 0 {
		t.end = s.pos + 1 + i
	}
	return t
}

// until reads to a terminator; without one the token takes the rest.
func (s *scanner) until(kind tokenKind, end string) token {
	t := token{kind: kind, start: s.pos}
	i := bytes.Index(s.doc[s.pos+2:], []byte(end))
	if i < 0 {
		t.end, t.cut = len(s.doc), true
		return t
	}
	t.end = s.pos + 2 + i + len(end)
	return t
}

// directive reads a document type with its internal subset, whose entities are
// never expanded.
func (s *scanner) directive() token {
	t := token{kind: tokenDirective, start: s.pos, end: len(s.doc), cut: true}
	depth := 0
	for i := s.pos + 2; i < len(s.doc); i++ {
		switch s.doc[i] {
		case '<', '[':
			depth++
			t.bad = true // only plain ones are passed on
		case ']':
			depth--
		case '>':
			if depth <= 0 {
				t.end, t.cut = i+1, false
				return t
			}
			if s.doc[i-1] != ']' {
				depth--
			}
		}
	}
	return t
}

func (s *scanner) close() token {
	t := token{kind: tokenClose, start: s.pos, name: name(s.doc[s.pos+2:])}
	i := bytes.IndexAny(s.doc[s.pos+2:], "<>")
	switch {
	case i < 0:
		t.end, t.cut = len(s.doc), true
	case s.doc[s.pos+2+i] == '<':
		t.end, t.bad = s.pos+2+i, true
	default:
		t.end = s.pos + 2 + i + 1
	}
	return t
}

// open reads a start tag; quotes may hold ">", where they look closed.
func (s *scanner) open() token {
	t := token{kind: tokenOpen, start: s.pos, name: name(s.doc[s.pos+1:])}
	if bytes.Count(t.name, []byte(":")) > 1 {
		t.bad = true
	}
	for i := s.pos + 1 + len(t.name); i < len(s.doc); i++ {
		switch c := s.doc[i]; c {
		case '>':
			t.empty = s.doc[i-1] == '/'
			t.end = i + 1
			return t
		case '<':
			t.end, t.bad = i, true
			return t
		case '"', '\'':
			end, clean := s.quoted(i)
			if end < 0 {
				t.bad = true
				continue // a stray quote
			}
			t.bad = t.bad || !clean
			i = end
		}
	}
	t.end, t.cut = len(s.doc), true
	return t
}

// quoted finds the end of an attribute value whose quote stands at i. A quote
// that no attribute's "=" precedes, or that closes in the middle of
// something else, is not taken for one: -1.
func (s *scanner) quoted(i int) (end int, clean bool) {
	j := i - 1
	for j > s.pos && isSpace(s.doc[j]) {
		j--
	}
	if s.doc[j] != '=' {
		return -1, false
	}
	n := bytes.IndexByte(s.doc[i+1:], s.doc[i])
	if n < 0 {
		return -1, false
	}
	end = i + 1 + n
	if bytes.IndexByte(s.doc[i:end], '<') < 0 {
		return end, true
	}
	if end+1 < len(s.doc) && (isSpace(s.doc[end+1]) || bytes.IndexByte([]byte("/>?"), s.doc[end+1]) >= 0) {
		return end, false
	}
	return -1, false
}

// name is the XML name that b begins with.
func name(b []byte) []byte {
	for i, c := range b {
		if !isNameByte(c) && c < 0x80 {
			return b[:i]
		}
	}
	return b
}

// local is a name without its prefix.
func local(name []byte) []byte {
	if i := bytes.LastIndexByte(name, ':'); i >= 0 {
		return name[i+1:]
	}
	return name
}

func isNameStart(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c >= 0x80
}

func isNameByte(c byte) bool {
	return isNameStart(c) && c < 0x80 || c >= '0' && c <= '9' || c == '-' || c == '.' || c == ':'
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// isItem reports whether a tag begins an article in some format.
func isItem(name []byte) bool {
	l := local(name)
	return bytes.EqualFold(l, []byte("item")) || bytes.EqualFold(l, []byte("entry"))
}

// An outline is what one cheap pass tells about a document, before gofeed
// spends time and stack on it.
type outline struct {
	items   int
	sound   bool // encoding/xml would get through it, as far as tags go
	cut     bool // it ends before its root does
	tooDeep bool
}

// survey walks the tags of a document whose root starts at its first byte.
func survey(doc []byte) outline {
	o := outline{sound: true}
	s := scanner{doc: doc}
	var open [MaxDepth][]byte
	depth, item := 0, -1
	for {
		t, ok := s.next()
		if !ok || t.cut {
			o.cut, o.sound = true, false
			return o
		}
		o.sound = o.sound && !t.bad
		switch {
		case t.kind == tokenOpen:
			if isItem(t.name) {
				if item < 0 {
					o.items++
					if !t.empty {
						item = depth
					}
				} else if !t.empty && bytes.Equal(t.name, open[item]) {
					o.items++
					o.sound = false // an item inside an item: a closing tag is missing
				}
			}
			if t.empty {
				continue
			}
			if depth == MaxDepth {
				o.tooDeep, o.sound = true, false
				return o
			}
			open[depth] = t.name
			depth++
		case t.kind == tokenClose:
			if depth == 0 || !bytes.Equal(open[depth-1], t.name) {
				o.sound = false
				return o
			}
			depth--
			if depth == item {
				item = -1
			}
			if depth == 0 {
				return o // what follows the root is not read
			}
		}
	}
}
