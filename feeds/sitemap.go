package feeds

import (
	"bytes"
	"net/url"
	"slices"
	"strings"
)

// A sitemapURL is one <url> of a sitemap, its texts as they stand there.
type sitemapURL struct {
	loc, changed                                     string // changed: lastmod
	title, published, keywords, publisher, lang, img string // of the Google News and image extensions
}

// readSitemap reads a sitemap whose root element, urlset, doc begins with. A
// plain one tells addresses and times alone: the words of an address stand for
// the title then. The newest articles come first, since sitemaps are long and in
// no order.
func (d *Document) readSitemap(doc []byte, base *url.URL) {
	s := sitemapReader{s: scanner{doc: doc}}
	urls := s.urls()
	d.Format = "sitemap"
	if s.cut {
		d.warn("document ends in the middle: %s before the break", plural(len(urls), "item"))
	}
	if base != nil && base.Host != "" {
		d.Site = base.Scheme + "://" + base.Host + "/"
	}
	lost := 0
	for _, u := range urls {
		a, ok := u.article(base)
		if !ok {
			lost++
			continue
		}
		if d.Title == "" && u.publisher != "" {
			d.Title = a.Source
		}
		if d.Lang == "" {
			d.Lang = a.Lang
		}
		d.Articles = append(d.Articles, a)
	}
	if lost > 0 {
		d.warn("%s without a proper address dropped", plural(lost, "item"))
	}
	slices.SortStableFunc(d.Articles, func(a, b Article) int { return b.Published.Compare(a.Published) })
	if n := len(d.Articles); n > MaxItems {
		d.warn("only the newest %d of %d items read", MaxItems, n)
		d.Articles = d.Articles[:MaxItems]
	}
	name := d.sourceName(base)
	for i := range d.Articles {
		if d.Articles[i].Source == "" {
			d.Articles[i].Source = name
		}
	}
	d.identify()
}

// article converts an entry; false when it has no usable address.
func (u sitemapURL) article(base *url.URL) (Article, bool) {
	a := Article{
		URL:    absolute(base, u.loc),
		Title:  bound(oneLine(PlainText(u.title)), MaxTitle),
		Source: bound(oneLine(PlainText(u.publisher)), MaxName),
		Lang:   languageTag(u.lang),
		Tags:   names(strings.Split(u.keywords, ",")),
		Image:  absolute(base, u.img),
	}
	if a.URL == "" {
		return a, false
	}
	if a.Title == "" {
		a.Title = slugTitle(a.URL)
	}
	for _, s := range []string{u.published, u.changed} {
		if when, ok := parseDate(s, false); ok && s != "" {
			a.Published = when
			break
		}
	}
	return a, true
}

// slugTitle is the words of an address's last segment, when it has some:
// "grain-ships-may-enter-98123.html" is "grain ships may enter".
func slugTitle(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	path := strings.TrimRight(u.Path, "/")
	path = path[strings.LastIndexByte(path, '/')+1:]
	if dot := strings.LastIndexByte(path, '.'); dot > 0 && len(path)-dot <= 6 {
		path = path[:dot]
	}
	words := strings.FieldsFunc(path, func(r rune) bool { return r == '-' || r == '_' || r == '+' || isBlank(r) })
	words = slices.DeleteFunc(words, func(w string) bool { return strings.Trim(w, "0123456789") == "" })
	if len(words) < 2 {
		return ""
	}
	return bound(scrub(strings.Join(words, " ")), MaxTitle)
}

// SitemapIndex lists the addresses of the sitemaps that an index of sitemaps
// names, in its order, at most MaxItems; none when doc is no such index. base
// may be nil.
func SitemapIndex(doc []byte, base *url.URL) []string {
	text, _, _ := decode(doc, "")
	s := sitemapReader{s: scanner{doc: text}, index: true}
	var list []string
	for _, u := range s.urls() {
		if at := absolute(base, u.loc); at != "" && len(list) < MaxItems {
			list = append(list, at)
		}
	}
	return list
}

// A sitemapReader collects the entries of a sitemap, or of an index.
type sitemapReader struct {
	s     scanner
	index bool // <sitemap> is wanted, not <url>
	cut   bool // the document ends before its root does
}

// Bounds of a sitemap: how many entries it may have, by its standard, and how
// many bytes of a field are read.
const (
	maxSitemap = 50_000
	maxField   = 4 * MaxURL
)

func (r *sitemapReader) urls() (all []sitemapURL) {
	entry := "url"
	if r.index {
		entry = "sitemap"
	}
	r.cut = true
	for len(all) < maxSitemap {
		t, ok := r.s.next()
		if !ok {
			return all
		}
		if t.kind == tokenOpen && t.empty { // an empty root
			r.cut = r.cut && len(all) > 0
			continue
		}
		name := string(local(t.name))
		switch {
		case t.kind == tokenOpen && name == entry:
			u, whole := r.entry(entry)
			if !whole {
				return all
			}
			all = append(all, u)
		case t.kind == tokenClose && (name == "urlset" || name == "sitemapindex"):
			r.cut = false
			return all
		}
	}
	r.cut = false
	return all
}

// entry reads to the end of an entry; false when the document ends first.
func (r *sitemapReader) entry(end string) (u sitemapURL, whole bool) {
	var into *string // where the text of the open element goes
	for {
		t, ok := r.s.next()
		if !ok || t.cut {
			return u, false
		}
		raw := r.s.doc[t.start:t.end]
		if into != nil && len(*into)+len(raw) > maxField {
			into = nil
		}
		switch t.kind {
		case tokenClose:
			if string(local(t.name)) == end {
				return u, true
			}
			into = nil
		case tokenOpen:
			if into = u.field(t.name); into != nil && *into != "" || t.empty {
				into = nil // the first of several counts
			}
		case tokenText:
			if into != nil {
				*into += strings.TrimSpace(unescapeText(string(raw)))
			}
		case tokenCDATA:
			if into != nil {
				*into += string(bytes.TrimSpace(bytes.TrimSuffix(bytes.TrimPrefix(raw, []byte("<![CDATA[")), []byte("]]>"))))
			}
		}
	}
}

// field is where the text of an element belongs; nil for what is not read.
func (u *sitemapURL) field(name []byte) *string {
	prefix, element, ok := strings.Cut(string(name), ":")
	if !ok {
		prefix, element = "", prefix
	}
	switch {
	case prefix == "image" && element == "loc":
		return &u.img
	case prefix == "image", prefix == "video", prefix == "xhtml":
		return nil
	}
	return map[string]*string{
		"loc": &u.loc, "lastmod": &u.changed, "title": &u.title, "publication_date": &u.published,
		"keywords": &u.keywords, "name": &u.publisher, "language": &u.lang,
	}[element]
}
