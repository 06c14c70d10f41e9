package feeds

import (
	"bytes"
	"net/url"
)

// A mark is what the tags of an item say and gofeed does not keep.
type mark struct {
	lang    string   // xml:lang, of the item or else of a text in it
	noLang  bool     // xml:lang="" takes the feed's language away
	base    *url.URL // xml:base of the item's texts; nil: none
	picture *url.URL // xml:base of its description or content; nil: none
	about   string   // rdf:about
}

// itemMarks are the marks of every item in document order; nil when no item has
// any. base is the document's address; it may be nil.
func itemMarks(doc []byte, kind string, base *url.URL) []mark {
	m := marker{
		langs:  marked(doc, "xml:lang"),
		bases:  kind != "feed" && bytes.Contains(doc, []byte("xml:base")), // in Atom gofeed resolves all there is
		abouts: kind == "rdf",
	}
	if !m.langs && !m.bases && !m.abouts {
		return nil
	}
	m.base = base
	s := scanner{doc: doc}
	for {
		t, ok := s.next()
		switch {
		case !ok && m.some:
			return m.all
		case !ok:
			return nil
		case t.kind == tokenClose && isItem(t.name):
			m.item = false
		case t.kind == tokenOpen:
			m.open(t, doc[t.start:t.end])
		}
	}
}

// marked reports whether a document has an attribute elsewhere than in its first
// tag.
func marked(doc []byte, attribute string) bool {
	end := bytes.IndexByte(doc, '>')
	return end >= 0 && bytes.Contains(doc[end:], []byte(attribute))
}

// A marker walks through the start tags of a document.
type marker struct {
	langs, bases, abouts bool // what is looked for

	base *url.URL // as the tags outside of items have it
	item bool     // inside an item
	all  []mark
	some bool // one of them is not empty
}

func (m *marker) open(t token, raw []byte) {
	first := isItem(t.name) && !m.item
	if first {
		m.item = !t.empty
		m.all = append(m.all, mark{base: m.base})
	}
	if !m.item && !first && !m.bases || bytes.IndexByte(raw, '=') < 0 {
		return
	}
	if m.abouts && first {
		about := attributesOf(raw[1+len(t.name):])["rdf:about"]
		m.all[len(m.all)-1].about = about
		m.some = m.some || about != ""
	}
	if m.langs && m.item && bytes.Contains(raw, []byte("xml:lang")) {
		m.language(attributesOf(raw[1+len(t.name):])["xml:lang"], first)
	}
	if m.bases && bytes.Contains(raw, []byte("xml:base")) {
		m.rebase(attributesOf(raw[1+len(t.name):])["xml:base"], first, string(local(t.name)))
	}
}

// language keeps the first that an item declares, for itself or for a text in it.
func (m *marker) language(declared string, ofItem bool) {
	it := &m.all[len(m.all)-1]
	if it.lang == "" && !it.noLang {
		it.lang = languageTag(declared)
		it.noLang = ofItem && it.lang == ""
		m.some = m.some || it.lang != "" || it.noLang
	}
}

func (m *marker) rebase(declared string, ofItem bool, name string) {
	ref, err := url.Parse(declared)
	if err != nil {
		return
	}
	switch {
	case ofItem:
		it := &m.all[len(m.all)-1]
		it.base = resolved(it.base, ref)
	case !m.item:
		m.base = resolved(m.base, ref)
	case name == "description" || name == "encoded":
		it := &m.all[len(m.all)-1]
		it.picture = resolved(it.base, ref)
	}
	m.some = true
}

func resolved(base, ref *url.URL) *url.URL {
	if base == nil {
		return ref
	}
	return base.ResolveReference(ref)
}
