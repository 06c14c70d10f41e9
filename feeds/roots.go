package feeds

import (
	"bytes"
	"html"
	"strings"
)

// atomNamespaces are those that gofeed takes for Atom's.
var atomNamespaces = []string{"http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#", "http://purl.org/atom/ns"}

// reroot makes a document of one that has another root than gofeed knows: an Atom
// entry alone, a feed in a misspelt namespace, a channel without its rss, a
// channel of Microsoft's Channel Definition Format. It returns the kind too.
func reroot(doc []byte, kind string) ([]byte, string) {
	switch kind {
	case "entry":
		return concat(`<feed xmlns="http://www.w3.org/2005/Atom">`, doc, "</feed>"), "feed"
	case "feed":
		return inAtomNamespace(doc), kind
	case "channel":
		s := scanner{doc: doc}
		if t, ok := s.next(); ok && attributesOf(tagInside(doc, t))["href"] != "" {
			return fromCDF(doc), "cdf"
		}
		return concat(`<rss version="2.0">`, doc, "</rss>"), "rss"
	}
	return doc, kind
}

func concat(before string, doc []byte, after string) []byte {
	out := make([]byte, 0, len(before)+len(doc)+len(after))
	return append(append(append(out, before...), doc...), after...)
}

// tagInside is what a start tag holds behind its name.
func tagInside(doc []byte, t token) []byte {
	inside := bytes.TrimSuffix(doc[t.start+1+len(t.name):t.end], []byte(">"))
	if t.empty {
		inside = bytes.TrimSuffix(inside, []byte("/"))
	}
	return inside
}

// inAtomNamespace gives a feed in an unknown namespace the one of Atom: drafts,
// misspellings, "https://".
func inAtomNamespace(doc []byte) []byte {
	s := scanner{doc: doc}
	t, ok := s.next()
	if !ok || t.empty || t.cut {
		return doc
	}
	key := "xmlns"
	if i := bytes.IndexByte(t.name, ':'); i >= 0 {
		key += ":" + strings.ToLower(string(t.name[:i]))
	}
	inside := tagInside(doc, t)
	namespace := attributesOf(inside)[key]
	if namespace == "" {
		return doc
	}
	for _, known := range atomNamespaces {
		if strings.TrimSpace(namespace) == known {
			return doc
		}
	}
	at := bytes.Index(doc[:t.end], []byte(namespace))
	return concat(string(doc[:at])+atomNamespaces[0], doc[at+len(namespace):], "")
}

// fromCDF writes a Channel Definition Format document as RSS: there, addresses and
// dates are attributes, and the names are others.
func fromCDF(doc []byte) []byte {
	out := make([]byte, 0, len(doc)+256)
	out = append(out, `<rss version="2.0">`...)
	s := scanner{doc: doc}
	for linked := false; ; {
		t, ok := s.next()
		if !ok {
			break
		}
		name := cdfNames[strings.ToLower(string(t.name))]
		switch {
		case t.kind == tokenOpen && !t.cut && !linked && bytes.EqualFold(t.name, []byte("a")):
			out = appendCDF(out, "item", attributesOf(tagInside(doc, t))) // the other way to give an address
		case t.kind == tokenOpen && name != "" && !t.cut:
			attr := attributesOf(tagInside(doc, t))
			if name == "channel" || name == "item" {
				linked = attr["href"] != ""
			}
			out = append(out, "<"+name+">"...)
			out = appendCDF(out, name, attr)
			if t.empty {
				out = append(out, "</"+name+">"...)
			}
		case t.kind == tokenClose && name != "":
			out = append(out, "</"+name+">"...)
		case t.kind == tokenOpen || t.kind == tokenClose:
		default:
			out = append(out, doc[t.start:t.end]...)
		}
	}
	return append(out, "</rss>"...)
}

// cdfNames are the elements of CDF that RSS has too. What stands in others, the
// schedule and the usage, is attributes alone.
var cdfNames = map[string]string{"channel": "channel", "item": "item", "title": "title", "abstract": "description"}

// appendCDF writes the attributes of a channel or an item as the elements that
// they are in RSS.
func appendCDF(out []byte, name string, attr map[string]string) []byte {
	if name != "channel" && name != "item" {
		return out
	}
	if href := attr["href"]; href != "" {
		out = append(out, "<link>"+html.EscapeString(html.UnescapeString(href))+"</link>"...)
	}
	if date := attr["lastmod"]; date != "" {
		out = append(out, "<pubDate>"+html.EscapeString(date)+"</pubDate>"...)
	}
	return out
}
