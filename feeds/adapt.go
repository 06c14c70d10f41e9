package feeds

import (
	"bytes"
	"encoding/base64"
	"html"
	"strings"
)

// adapt rewrites the few elements that gofeed would read wrongly: texts that say
// that they hold no markup, texts in base64, and bodies that RSS carries in other
// elements than content:encoded. Nearly every document comes back as it is.
func adapt(doc []byte, kind string) []byte {
	a := adapter{literal: kind == "feed" && bytes.Contains(doc, []byte("&lt;")) && declaresText(doc),
		base64: kind == "feed" && bytes.Contains(doc, []byte("base64")),
		bodies: kind != "feed" && carriesBodies(doc)}
	if !a.literal && !a.base64 && !a.bodies {
		return doc
	}
	return a.run(doc)
}

func declaresText(doc []byte) bool {
	for _, mark := range []string{`type="text"`, `type='text'`, `"text/plain"`, `'text/plain'`} {
		if bytes.Contains(doc, []byte(mark)) {
			return true
		}
	}
	return false
}

func carriesBodies(doc []byte) bool {
	for _, mark := range []string{":body", "<body", "<fullitem"} {
		if bytes.Contains(doc, []byte(mark)) {
			return true
		}
	}
	return false
}

// An adapter says which of its rewritings a document needs.
type adapter struct {
	literal, base64, bodies bool

	out    []byte
	item   bool // inside an item whose bodies may be rewritten
	looked int  // tokens read to find where bodies end
}

func (a *adapter) run(doc []byte) []byte {
	a.out = make([]byte, 0, len(doc)+256)
	s := scanner{doc: doc}
	for {
		t, ok := s.next()
		if !ok {
			return a.out
		}
		switch {
		case t.kind == tokenOpen && isItem(t.name):
			a.item = !t.empty
		case t.kind == tokenClose && isItem(t.name):
			a.item = false
		case t.kind == tokenOpen && !t.empty && !t.cut:
			if end := a.element(doc, t); end > 0 {
				s.pos = end
				continue
			}
		}
		a.out = append(a.out, doc[t.start:t.end]...)
	}
}

// element rewrites one element; it returns where that ends, 0 for one that stays.
func (a *adapter) element(doc []byte, t token) int {
	switch strings.ToLower(string(local(t.name))) {
	case "body", "fullitem":
		if a.bodies && a.item {
			return a.body(doc, t)
		}
	case "title", "summary", "content", "subtitle", "tagline":
		if a.literal || a.base64 {
			return a.text(doc, t)
		}
	}
	return 0
}

// body makes content:encoded of an item's body. An item with a body that is not
// closed keeps all that follows as it is, so that no document is read through
// again for each of its tags.
func (a *adapter) body(doc []byte, t token) int {
	inside, end := a.insideOf(doc, t)
	if end == 0 {
		a.item = false
		return 0
	}
	text := string(inside)
	if strings.EqualFold(string(local(t.name)), "fullitem") {
		text = html.UnescapeString(strings.NewReplacer("<![CDATA[", "", "]]>", "").Replace(text))
	}
	a.write("content:encoded", "", text)
	return end
}

// text rewrites a text in base64, or one that says that its signs are no markup.
// One with markup or CDATA inside stays.
func (a *adapter) text(doc []byte, t token) int {
	s := scanner{doc: doc, pos: t.end}
	inside, _ := s.next()
	closing, ok := s.next()
	if !ok || inside.kind != tokenText || closing.kind != tokenClose || closing.cut || !bytes.Equal(closing.name, t.name) {
		return 0
	}
	raw := string(doc[inside.start:inside.end])
	attr := attributesOf(doc[t.start+1+len(t.name) : t.end-1])
	switch {
	case strings.EqualFold(attr["mode"], "base64"):
		text, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(raw), ""))
		if err != nil {
			return 0
		}
		a.write(string(t.name), ` type="html"`, string(text))
		return closing.end
	case a.literal && (attr["type"] == "text" || attr["type"] == "text/plain") && attr["mode"] != "escaped" && strings.Contains(raw, "&lt;"):
		if text := html.UnescapeString(raw); !looksEscaped(text) {
			// Twice: gofeed and PlainText each undo it once.
			a.write(string(t.name), ` type="html"`, html.EscapeString(text))
			return closing.end
		}
	}
	return 0
}

// write writes an element with text inside.
func (a *adapter) write(name, attributes, text string) {
	a.out = append(a.out, "<"+name+attributes+">"...)
	a.out = append(a.out, html.EscapeString(text)...)
	a.out = append(a.out, "</"+name+">"...)
}

// insideOf is what stands between an open tag and the close tag of its own, and
// where that ends; 0 when it is not closed.
func (a *adapter) insideOf(doc []byte, open token) (inside []byte, end int) {
	s := scanner{doc: doc, pos: open.end}
	depth := 1
	for {
		t, ok := s.next()
		a.looked++
		if !ok || t.cut || isItem(t.name) {
			return nil, 0
		}
		if !bytes.Equal(t.name, open.name) {
			continue
		}
		switch {
		case t.kind == tokenOpen && !t.empty:
			depth++
		case t.kind == tokenClose:
			if depth--; depth == 0 {
				return doc[open.end:t.start], t.end
			}
		}
	}
}

// attributesOf reads the inside of a start tag; names are in lower case.
func attributesOf(in []byte) map[string]string {
	attr := map[string]string{}
	for {
		key, value, rest, ok := nextAttribute(in)
		if !ok {
			return attr
		}
		if name := strings.ToLower(string(key)); attr[name] == "" {
			attr[name] = string(value)
		}
		in = rest
	}
}

// itemLanguages is xml:lang of every item, its own or that of a text in it, in
// document order; nil when no item declares one.
func itemLanguages(doc []byte) []string {
	first := bytes.Index(doc, []byte("xml:lang"))
	if first < 0 || bytes.LastIndex(doc, []byte("xml:lang")) == first && isRootTag(doc, first) {
		return nil
	}
	var all []string
	s := scanner{doc: doc}
	for item, some := false, false; ; {
		t, ok := s.next()
		switch {
		case !ok && some:
			return all
		case !ok:
			return nil
		case t.kind == tokenClose && isItem(t.name):
			item = false
		case t.kind != tokenOpen:
		case isItem(t.name) && !item:
			item = !t.empty
			all = append(all, "")
			fallthrough
		case item && all[len(all)-1] == "":
			if raw := doc[t.start:t.end]; bytes.Contains(raw, []byte("xml:lang")) {
				all[len(all)-1] = languageTag(attributesOf(raw[1+len(t.name):])["xml:lang"])
				some = some || all[len(all)-1] != ""
			}
		}
	}
}

// isRootTag reports whether a position lies in the document's first tag.
func isRootTag(doc []byte, at int) bool {
	end := bytes.IndexByte(doc, '>')
	return end < 0 || at < end
}
