package feeds

import (
	"bytes"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// MaxAnnounced is how many feeds of one page are listed.
const MaxAnnounced = 100

// Announced lists the feeds that an HTML page names, in the order in which a
// reader should try them: those of link elements (rel=alternate with a feed's
// type), then links in the text whose address looks like a feed's, feeds of
// comments last. base is the page's address and may be nil; contentType may be
// "". Nothing is downloaded: an announced feed may be dead.
func Announced(page []byte, base *url.URL, contentType string) []Source {
	a := announced{base: base, seen: map[string]bool{}}
	z := html.NewTokenizer(bytes.NewReader(DecodePage(page, contentType)))
	for {
		switch z.Next() {
		case html.ErrorToken:
			all := slices.Concat(a.linked, a.named, a.comments)
			return all[:min(len(all), MaxAnnounced)]
		case html.StartTagToken, html.SelfClosingTagToken:
			a.element(z)
		case html.TextToken:
			if a.text != nil {
				a.text.Title = bound(oneLine(a.text.Title+" "+string(z.Text())), MaxName)
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == "a" {
				a.endAnchor()
			}
		}
	}
}

// announced collects the feeds of a page.
type announced struct {
	base                    *url.URL
	lang                    string
	seen                    map[string]bool
	linked, named, comments []Source
	text                    *Source // the open <a> whose text is its title
}

func (a *announced) element(z *html.Tokenizer) {
	raw, more := z.TagName()
	name := string(raw)
	if name != "html" && name != "base" && name != "link" && name != "a" {
		return
	}
	attr := map[string]string{}
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		attr[string(key)] = string(value)
	}
	switch name {
	case "html":
		a.lang = languageTag(attr["lang"])
	case "base":
		if at := absolute(a.base, attr["href"]); at != "" {
			a.base = parseOrNil(at)
		}
	case "link":
		if hasWord(attr["rel"], "alternate") && isFeedType(attr["type"]) || hasWord(attr["rel"], "feed") {
			a.add(&a.linked, Source{URL: absolute(a.base, attr["href"]), Title: bound(oneLine(attr["title"]), MaxName)})
		}
	case "a":
		a.endAnchor()
		if at := absolute(a.base, attr["href"]); isFeedType(attr["type"]) || looksLikeFeed(at) {
			a.text = &Source{URL: at}
		}
	}
}

func (a *announced) endAnchor() {
	if a.text != nil {
		a.add(&a.named, *a.text)
		a.text = nil
	}
}

// add lists a feed once, with what the page says about itself.
func (a *announced) add(to *[]Source, s Source) {
	if s.URL == "" || a.seen[s.URL] || len(a.seen) > 4*MaxAnnounced {
		return
	}
	a.seen[s.URL] = true
	s.Lang = a.lang
	if a.base != nil {
		s.Site = a.base.String()
	}
	if OfComments(s) {
		to = &a.comments
	}
	*to = append(*to, s)
}

// OfComments reports whether a feed's address or title says that it is of what readers
// write, not of news.
func OfComments(s Source) bool {
	return strings.Contains(strings.ToLower(s.URL), "comment") || strings.Contains(strings.ToLower(s.Title), "comment")
}

func hasWord(list, word string) bool {
	return slices.ContainsFunc(strings.Fields(list), func(w string) bool { return strings.EqualFold(w, word) })
}

func isFeedType(t string) bool {
	t, _, _ = strings.Cut(strings.ToLower(t), ";")
	switch strings.TrimSpace(t) {
	case "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "application/x-rss+xml":
		return true
	}
	return false
}

// looksLikeFeed goes by an address's last segments: "/rss/world.xml", "/feed/".
func looksLikeFeed(address string) bool {
	u, err := url.Parse(address)
	if err != nil || address == "" {
		return false
	}
	path := strings.ToLower(strings.TrimRight(u.Path, "/"))
	for _, end := range []string{".rss", ".rdf", ".atom", "/feed", "/rss", "/atom", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml", "/feed.json", "/rss.php", "/rss.aspx"} {
		if strings.HasSuffix(path, end) {
			return true
		}
	}
	inFeeds := strings.Contains(path, "/rss") || strings.Contains(path, "/feed") || strings.HasPrefix(u.Host, "feeds.") || strings.HasPrefix(u.Host, "rss.")
	return strings.HasSuffix(path, ".xml") && inFeeds
}
