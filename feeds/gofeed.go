package feeds

import (
	"bytes"
	"fmt"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/json"
	"github.com/mmcdole/gofeed/rss"
)

// A parsed is what gofeed made of a document: the universal form and the
// format's own, of which one is set.
type parsed struct {
	feed *gofeed.Feed
	rss  *rss.Feed
	atom *atom.Feed
	json *json.Feed

	marks []mark // nil: none, else as many as there are items in the document
}

func (p *parsed) count() int {
	if p == nil || p.feed == nil {
		return -1
	}
	return len(p.feed.Items)
}

// rssTranslator does not look for images in HTML: it would parse every text
// once more, and PlainText meets the images anyway.
var rssTranslator = gofeed.DefaultRSSTranslator{DisableContentImageScan: true}

// callGofeed parses one document of a known kind. A panic inside gofeed is an
// error like any other.
func callGofeed(doc []byte, kind string) (p *parsed, err error) {
	defer func() {
		if r := recover(); r != nil {
			p, err = nil, fmt.Errorf("the parser broke down: %v", r)
		}
	}()
	p = &parsed{}
	in := bytes.NewReader(doc)
	switch kind {
	case "feed":
		if p.atom, err = (&atom.Parser{}).Parse(in); err == nil {
			p.feed, err = (&gofeed.DefaultAtomTranslator{}).Translate(p.atom)
		}
	case "json":
		if p.json, err = (&json.Parser{}).Parse(in); err == nil {
			p.feed, err = (&gofeed.DefaultJSONTranslator{}).Translate(p.json)
		}
	default:
		if p.rss, err = (&rss.Parser{}).Parse(in); err == nil {
			p.feed, err = rssTranslator.Translate(p.rss)
		}
	}
	if err != nil {
		return nil, err
	}
	return p, nil
}

// parseXML has gofeed read a document as it is when its tags are sound, else
// mended, else item by item.
func (d *Document) parseXML(doc []byte, kind string) (*parsed, error) {
	o := survey(doc)
	if o.sound {
		if p, err := callGofeed(doc, kind); err == nil && p.count() >= o.items {
			return p, nil
		}
	}
	mended := repair(doc)
	p, err := callGofeed(mended.doc, kind)
	if err != nil || p.count() < len(mended.items) {
		if s := d.salvage(mended, kind); s.count() > p.count() {
			p, err = s, nil
		}
	}
	if o.sound { // complete, but gofeed stumbled: keep the better reading
		if plain, err2 := callGofeed(doc, kind); err2 == nil && plain.count() >= p.count() {
			return plain, nil
		}
	}
	if err != nil || p == nil {
		return nil, &FormatError{"the feed's XML is damaged beyond repair: " + xmlReason(err)}
	}
	switch {
	case mended.cut && p.count() == 0:
		return nil, &FormatError{"the document ends before its first item"}
	case mended.cut:
		d.warn("document ends in the middle: %s before the break", plural(p.count(), "item"))
	case o.tooDeep || mended.deep:
		d.warn("markup nested deeper than %d elements dropped", MaxDepth)
	default:
		d.warn("broken XML repaired")
	}
	return p, nil
}

func xmlReason(err error) string {
	if err == nil {
		return "nothing could be read"
	}
	return bound(err.Error(), 200)
}

// maxAttempts bounds how often salvage calls gofeed on one document.
const maxAttempts = 400

// salvage reads what can be read: it halves the list of items until the
// unreadable ones stand alone, and leaves them out.
func (d *Document) salvage(m repaired, kind string) *parsed {
	if len(m.items) == 0 {
		return nil
	}
	head, tail := m.doc[:m.items[0][0]], m.doc[m.items[len(m.items)-1][1]:]
	if _, err := callGofeed(append(bytes.Clone(head), tail...), kind); err != nil {
		head, tail = bareFrame(kind)
	}
	var all *parsed
	attempts, lost := 0, 0
	var try func(items [][2]int)
	try = func(items [][2]int) {
		if attempts++; attempts > maxAttempts {
			lost += len(items)
			return
		}
		doc := bytes.Clone(head)
		for _, at := range items {
			doc = append(doc, m.doc[at[0]:at[1]]...)
		}
		p, err := callGofeed(append(doc, tail...), kind)
		switch {
		case err == nil && p.count() >= len(items):
			all = join(all, p)
		case len(items) == 1:
			lost++
		default:
			try(items[:len(items)/2])
			try(items[len(items)/2:])
		}
	}
	try(m.items)
	if all.count() > 0 && lost > 0 {
		d.warn("%s could not be read", plural(lost, "item"))
	}
	return all
}

// bareFrame is the least document that gofeed reads items in.
func bareFrame(kind string) (head, tail []byte) {
	if kind == "feed" {
		return []byte(`<feed xmlns="http://www.w3.org/2005/Atom">`), []byte("</feed>")
	}
	return []byte(`<rss version="2.0"><channel>`), []byte("</channel></rss>")
}

// join appends b's items to a; a may be nil.
func join(a, b *parsed) *parsed {
	if a == nil {
		return b
	}
	a.feed.Items = append(a.feed.Items, b.feed.Items...)
	switch {
	case a.rss != nil:
		a.rss.Items = append(a.rss.Items, b.rss.Items...)
	case a.atom != nil:
		a.atom.Entries = append(a.atom.Entries, b.atom.Entries...)
	case a.json != nil:
		a.json.Items = append(a.json.Items, b.json.Items...)
	}
	return a
}
