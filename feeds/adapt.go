package feeds

import (
	"bytes"
	"encoding/base64"
	"html"
	"strings"
)

// adapt rewrites the few elements that gofeed would read wrongly: texts that say
// that they hold no markup, texts in base64 or of several kinds, names without
// their tags, and bodies that RSS carries in other elements than content:encoded.
// Nearly every document comes back as it is.
func adapt(doc []byte, kind string) []byte {
	a := adapter{bodies: kind != "feed" && carriesBodies(doc)}
	if kind == "feed" {
		doc = datedByCreation(doc)
		signs := containsAny(doc, "&lt;", "&#60;", "&#x3c;", "&#x3C;", "<![CDATA[")
		a.literal = signs && containsAny(doc, `type="text"`, `type='text'`, `"text/plain"`, `'text/plain'`)
		a.xhtml = signs && bytes.Contains(doc, []byte("xhtml"))
		a.base64 = bytes.Contains(doc, []byte("base64"))
		a.multipart = bytes.Contains(doc, []byte("multipart/"))
		a.bare = bareText(doc, "<author>") || bareText(doc, "<category>") || bareText(doc, "<link>")
	}
	if a == (adapter{}) {
		return doc
	}
	return (&rewriter{adapter: a}).run(doc)
}

func containsAny(doc []byte, marks ...string) bool {
	for _, mark := range marks {
		if bytes.Contains(doc, []byte(mark)) {
			return true
		}
	}
	return false
}

func carriesBodies(doc []byte) bool { return containsAny(doc, ":body", "<body", "<fullitem") }

// datedByCreation makes the creation of entries their publication where nothing else
// in the feed is; gofeed knows no created.
func datedByCreation(doc []byte) []byte {
	if !containsAny(doc, "<created>") || containsAny(doc, "<issued", "<published") {
		return doc
	}
	doc = bytes.ReplaceAll(doc, []byte("<created>"), []byte("<published>"))
	return bytes.ReplaceAll(doc, []byte("</created>"), []byte("</published>"))
}

// bareText reports whether a tag stands right before a text somewhere.
func bareText(doc []byte, tag string) bool {
	for {
		_, rest, ok := bytes.Cut(doc, []byte(tag))
		if !ok {
			return false
		}
		if text := bytes.TrimLeft(rest, " \t\r\n"); len(text) > 0 && text[0] != '<' {
			return true
		}
		doc = rest
	}
}

// An adapter says which rewritings a document needs.
type adapter struct {
	literal   bool // texts of type text
	xhtml     bool // texts of type xhtml, with signs that only look like tags
	base64    bool
	multipart bool // a content that holds others
	bare      bool // texts where names belong
	bodies    bool
}

// A rewriter does what an adapter says.
type rewriter struct {
	adapter

	out    []byte
	item   bool // inside an item whose bodies may be rewritten
	looked int  // tokens read to find where elements end
}

func (a *rewriter) run(doc []byte) []byte {
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
func (a *rewriter) element(doc []byte, t token) int {
	switch strings.ToLower(string(local(t.name))) {
	case "body", "fullitem":
		if a.bodies && a.item {
			return a.body(doc, t)
		}
	case "title", "summary", "content", "subtitle", "tagline":
		if a.literal || a.base64 || a.xhtml || a.multipart {
			return a.text(doc, t)
		}
	case "author", "category", "link":
		if a.bare {
			return a.name(doc, t)
		}
	}
	return 0
}

// body makes content:encoded of an item's body. An item with a body that is not
// closed keeps all that follows as it is, so that no document is read through
// again for each of its tags.
func (a *rewriter) body(doc []byte, t token) int {
	inside, end := a.insideOf(doc, t)
	if end == 0 {
		a.item = false
		return 0
	}
	if colon := bytes.IndexByte(t.name, ':'); colon >= 0 {
		prefix := string(t.name[:colon+1])
		inside = []byte(strings.NewReplacer("<"+prefix, "<", "</"+prefix, "</").Replace(string(inside)))
	}
	text := string(inside)
	if strings.EqualFold(string(local(t.name)), "fullitem") {
		text = html.UnescapeString(strings.NewReplacer("<![CDATA[", "", "]]>", "").Replace(text))
	}
	a.write("content:encoded", "", text)
	return end
}

// text rewrites a text in base64, or one that says that its signs are no markup.
func (a *rewriter) text(doc []byte, t token) int {
	attr := attributesOf(tagInside(doc, t))
	kind := strings.ToLower(attr["type"])
	switch {
	case a.multipart && strings.HasPrefix(kind, "multipart/"):
		return a.alternatives(doc, t)
	case a.xhtml && strings.Contains(kind, "xhtml") && attr["mode"] != "escaped":
		return a.markup(doc, t, attr)
	}
	s := scanner{doc: doc, pos: t.end}
	inside, _ := s.next()
	closing, ok := s.next()
	if !ok || inside.kind != tokenText && inside.kind != tokenCDATA || closing.kind != tokenClose || closing.cut || !bytes.Equal(closing.name, t.name) {
		return 0
	}
	raw := string(doc[inside.start:inside.end])
	switch {
	case strings.EqualFold(attr["mode"], "base64"):
		text, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(raw), ""))
		if err != nil {
			return 0
		}
		a.write(string(t.name), ` type="html"`, string(text))
		return closing.end
	case a.literal && (kind == "text" || kind == "text/plain") && attr["mode"] != "escaped":
		text := html.UnescapeString(raw)
		if inside.kind == tokenCDATA {
			text = strings.TrimSuffix(strings.TrimPrefix(raw, "<![CDATA["), "]]>")
		}
		if !strings.Contains(text, "<") || structured(text) {
			return 0
		}
		// Twice: gofeed and PlainText each undo it once. The tag says that it is done.
		a.write(string(t.name), ` type="html"`, "<span>"+html.EscapeString(text)+"</span>")
		return closing.end
	}
	return 0
}

// structured reports whether a text is markup whatever it says that it is:
// nobody writes about paragraphs with their tags.
func structured(text string) bool {
	lower := strings.ToLower(text)
	for _, tag := range []string{"<p>", "<p ", "</p>", "<br", "<div", "<img ", "<a href"} {
		if strings.Contains(lower, tag) {
			return true
		}
	}
	return false
}

// markup makes html of an xhtml text in which a sign only looks like a tag, which gofeed
// and PlainText could not tell from one.
func (a *rewriter) markup(doc []byte, t token, attr map[string]string) int {
	inside, end := a.insideOf(doc, t)
	if end == 0 {
		a.xhtml = false
		return 0
	}
	if !containsAny(inside, "&lt;", "&#60;", "&#x3c;", "&#x3C;") || bytes.Contains(inside, []byte("<![CDATA[")) {
		a.out = append(a.out, doc[t.start:end]...) // what is nested in it is not looked at again
		return end
	}
	attributes := ` type="html"`
	for _, kept := range []string{"xml:base", "xml:lang"} {
		if v, ok := attr[kept]; ok {
			attributes += " " + kept + `="` + html.EscapeString(html.UnescapeString(v)) + `"`
		}
	}
	a.write(string(t.name), attributes, string(inside))
	return end
}

// alternatives keeps the last of several contents in one, which says most.
func (a *rewriter) alternatives(doc []byte, t token) int {
	inside, end := a.insideOf(doc, t)
	if end == 0 {
		a.multipart = false
		return 0
	}
	a.out = append(a.out, inside[max(0, bytes.LastIndex(inside, append([]byte("<"), t.name...))):]...)
	return end
}

// name puts a text in the place that Atom has for it: <author>Ann</author>.
func (a *rewriter) name(doc []byte, t token) int {
	s := scanner{doc: doc, pos: t.end}
	inside, _ := s.next()
	closing, ok := s.next()
	if !ok || inside.kind != tokenText || closing.kind != tokenClose || closing.cut || !bytes.Equal(closing.name, t.name) {
		return 0
	}
	text := bytes.TrimSpace(doc[inside.start:inside.end])
	tag := string(t.name)
	prefix := strings.TrimSuffix(tag, string(local(t.name)))
	switch value := html.EscapeString(html.UnescapeString(string(text))); string(local(t.name)) {
	case "author":
		a.out = append(a.out, "<"+tag+"><"+prefix+"name>"+value+"</"+prefix+"name></"+tag+">"...)
	case "category":
		a.out = append(a.out, "<"+tag+` term="`+value+`"/>`...)
	case "link":
		a.out = append(a.out, "<"+tag+` href="`+value+`"/>`...)
	default:
		return 0
	}
	return closing.end
}

// write writes an element with text inside.
func (a *rewriter) write(name, attributes, text string) {
	a.out = append(a.out, "<"+name+attributes+">"...)
	a.out = append(a.out, html.EscapeString(text)...)
	a.out = append(a.out, "</"+name+">"...)
}

// insideOf is what stands between an open tag and the close tag of its own, and
// where that ends; 0 when it is not closed.
func (a *rewriter) insideOf(doc []byte, open token) (inside []byte, end int) {
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
