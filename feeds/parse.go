package feeds

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// A Document is a feed as it was read.
type Document struct {
	Title    string
	Site     string        // home page, absolute; "" unknown
	Self     string        // the address that the feed gives itself, absolute; "" unknown
	Lang     string        // BCP 47, as declared; "" none
	Format   string        // rss, rdf, atom, cdf, json or sitemap
	Encoding string        // the encoding really decoded: canonical lower-case WHATWG name ("windows-1256")
	TTL      time.Duration // what ttl or sy:* ask for; 0 none
	Hub      string        // WebSub hub, absolute; "" none
	Articles []Article     // in document order
	Warnings []string      // what was repaired or lost, in words
}

// A FormatError says why a document is no feed.
type FormatError struct {
	Reason string // in words for a person: "this is an HTML page, not a feed"
}

func (e *FormatError) Error() string { return e.Reason }

// Parse reads a feed document of any format, encoding and state of repair.
//
// base is the address it came from, for relative links and as a last name for
// its source; it may be nil. contentType is the HTTP header's value; it may be
// "". The error is always a *FormatError: the document is no feed. A feed that
// could be read in part is returned with Warnings. An item that cannot be read
// costs none of its neighbours.
//
// Of each item, the description becomes Summary and the content
// (content:encoded, Atom content, content_html) Body. When both say the same it
// is kept once: as Body when it is longer than a teaser, else as Summary.
// Texts without any markup keep their lines as paragraphs. A sitemap, of Google
// News or plain, is a feed whose articles have no text. Times in the future
// are kept as given; times without a zone count as UTC. Lang is what the feed
// declares; it is never guessed here.
func Parse(doc []byte, base *url.URL, contentType string) (*Document, error) {
	if len(bytes.TrimSpace(doc)) == 0 {
		return nil, &FormatError{"the document is empty"}
	}
	if reason := binary(doc); reason != "" {
		return nil, &FormatError{reason}
	}
	valid := utf8.Valid(doc)
	text, encoding, warnings := decodeKnown(doc, contentType, valid)
	if len(text) > MaxDocument {
		return nil, &FormatError{fmt.Sprintf("the document is larger than %d MB", MaxDocument>>20)}
	}
	text, cleaned := clean(text, valid)
	d := &Document{Encoding: encoding, Warnings: append(warnings, cleaned...)}

	if trimmed := bytes.TrimLeft(text, " \t\r\n\uFEFF"); len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '[') {
		return d.readJSON(trimmed, base)
	}
	return d.readXML(text, base)
}

// binary recognises what is no text at all.
func binary(doc []byte) string {
	for magic, what := range map[string]string{
		"\x1f\x8b": "a gzip archive", "%PDF": "a PDF document", "PK\x03\x04": "a zip archive",
		"\x89PNG": "an image", "\xff\xd8\xff": "an image", "GIF8": "an image",
	} {
		if bytes.HasPrefix(doc, []byte(magic)) {
			return "this is " + what + ", not a feed"
		}
	}
	return ""
}

func (d *Document) warn(format string, args ...any) {
	d.Warnings = append(d.Warnings, fmt.Sprintf(format, args...))
}

// junkWindow is how far into a document a feed may begin behind warnings,
// blank lines or a wrapper.
const junkWindow = 32 << 10

// readXML reads RSS, RDF, Atom and sitemaps.
func (d *Document) readXML(text []byte, base *url.URL) (*Document, error) {
	root, kind, err := d.findRoot(text)
	if err != nil {
		return nil, didYouMean(err, text, base)
	}
	if kind == "urlset" {
		d.readSitemap(root, base)
		return d, nil
	}
	root = expandEntities(root, text[:len(text)-len(root)])
	root, kind = reroot(root, kind)
	raw, err := d.parseXML(adapt(root, kind), kind)
	if err != nil {
		return nil, err
	}
	d.Format = map[string]string{"rss": "rss", "rdf": "rdf", "feed": "atom", "cdf": "cdf"}[kind]
	raw.marks = itemMarks(root, kind, base)
	d.take(raw, base, rootLanguage(root))
	return d, nil
}

// htmlPage is why a page is no feed.
const htmlPage = "this is an HTML page, not a feed"

// didYouMean adds to it the first feed that the page announces.
func didYouMean(err error, page []byte, base *url.URL) error {
	if err.Error() != htmlPage {
		return err
	}
	for _, s := range Announced(page, base, "text/html; charset=utf-8") {
		if u := parseOrNil(s.URL); u != nil && !OfComments(s) && (base == nil || s.URL != base.String()) {
			return &FormatError{htmlPage + "; did you mean " + s.URL + "?"}
		}
	}
	return err
}

// findRoot returns the document from its root element on, and that element's
// local name in lower case: rss, rdf, feed, entry,
// channel or urlset.
func (d *Document) findRoot(text []byte) (root []byte, kind string, err error) {
	first, at := "", -1
	s := scanner{doc: text}
	for {
		t, ok := s.next()
		if !ok {
			break
		}
		if t.kind == tokenDirective && bytes.Contains(bytes.ToLower(text[t.start:t.end]), []byte("html")) && first == "" {
			first = "html"
		}
		if t.kind == tokenOpen {
			if first == "" {
				first = strings.ToLower(string(local(t.name)))
			}
			at = t.start
			break
		}
	}
	if at >= 0 {
		if kind := feedRoot(text[at:]); kind != "" {
			if junk := bytes.TrimSpace(text[:at]); len(junk) > 0 && junk[0] != '<' {
				d.warn("%s before the document skipped", plural(len(junk), "byte"))
			}
			return text[at:], kind, nil
		}
	}
	for _, mark := range []string{"<rss", "<rdf:RDF", "<feed", "<atom:feed"} {
		i := bytes.Index(text[:min(len(text), junkWindow)], []byte(mark))
		if i < 0 {
			continue
		}
		if kind := feedRoot(text[i:]); kind != "" && declaresFeed(text[i:], kind) {
			d.warn("%s before the document skipped", plural(i, "byte"))
			return text[i:], kind, nil
		}
	}
	return nil, "", &FormatError{notFeed(first, text)}
}

// feedRoot is the kind of feed whose root element doc begins with, or "".
func feedRoot(doc []byte) string {
	kind := strings.ToLower(string(local(name(doc[1:]))))
	switch kind {
	case "rss", "rdf", "feed", "entry", "channel", "urlset":
		return kind
	}
	return ""
}

// declaresFeed is the stricter test for a root inside something else: SVG in a
// page holds RDF too.
func declaresFeed(doc []byte, kind string) bool {
	head := doc[:min(len(doc), 4<<10)]
	switch kind {
	case "rss":
		return bytes.Contains(head, []byte("<channel"))
	case "rdf":
		return bytes.Contains(head, []byte("purl.org/rss/")) || bytes.Contains(head, []byte("netscape.com/rdf"))
	}
	return bytes.Contains(head, []byte("http://www.w3.org/2005/Atom")) || bytes.Contains(head, []byte("http://purl.org/atom/ns#"))
}

// notFeed says what a document is instead of a feed.
func notFeed(root string, text []byte) string {
	switch root {
	case "":
		return "this is plain text, not a feed"
	case "html", "head", "body", "script", "style", "meta", "div", "title", "table", "p", "br", "center", "h1", "span", "a", "link":
		return htmlPage
	case "opml":
		return "this is an OPML list of feeds, not a feed"
	case "sitemapindex":
		return "this is an index of sitemaps, not a feed; one of the sitemaps in it can be read"
	case "error", "response", "exception":
		return fmt.Sprintf("the server sent an error message in XML (<%s>), not a feed", root)
	}
	if bytes.Contains(bytes.ToLower(text[:min(len(text), 4<<10)]), []byte("<html")) {
		return htmlPage
	}
	return fmt.Sprintf("this is an XML document of another kind (<%s>), not a feed", bound(root, 40))
}

// rootLanguage is xml:lang of the root element or of the channel in it, which gofeed
// keeps for Atom alone.
func rootLanguage(root []byte) string {
	s := scanner{doc: root}
	for tags := 0; tags < 2; {
		t, ok := s.next()
		if !ok {
			return ""
		}
		if t.kind != tokenOpen {
			continue
		}
		if tags++; tags == 2 && !bytes.EqualFold(local(t.name), []byte("channel")) {
			return ""
		}
		if raw := root[t.start:t.end]; bytes.Contains(raw, []byte("xml:lang")) {
			return languageTag(attributesOf(raw[1+len(t.name):])["xml:lang"])
		}
	}
	return ""
}
