package feeds

import (
	"net/url"
	"strings"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
)

// absolute resolves a link; "" for what is no http(s) address.
func absolute(base *url.URL, link string) string {
	link = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' || isDropped(r) {
			return -1
		}
		return r
	}, strings.TrimSpace(strings.TrimSuffix(link, "%20"))) // a space that gofeed escaped
	if link == "" || len(link) > MaxURL {
		return ""
	}
	u, err := url.Parse(strings.ReplaceAll(link, " ", "%20"))
	if err != nil {
		u, err = url.Parse(escapeStray(link))
	}
	if err != nil {
		return ""
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	u.Scheme = strings.ToLower(u.Scheme)
	if u.Scheme == "" && u.Host != "" {
		u.Scheme = "https" // "//host/path" and no base
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return u.String()
}

// escapeStray escapes what url.Parse refuses: "%" without two digits, spaces.
func escapeStray(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '%' && !(i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2])):
			b.WriteString("%25")
		case s[i] <= ' ':
			b.WriteString("%20")
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f' }

// link is the article's address: what FeedBurner replaced, the item's link, a
// guid that is a URL, any other link.
func (t *taker) link(i int, it *gofeed.Item) string {
	for _, candidate := range []string{
		extValue(it.Extensions, "feedburner", "origLink"),
		extValue(it.Extensions, "pheedo", "origLink"),
		t.alternate(i),
		it.Link,
	} {
		if u := absolute(t.base, candidate); u != "" {
			return u
		}
	}
	if strings.HasPrefix(it.GUID, "http://") || strings.HasPrefix(it.GUID, "https://") {
		if u := absolute(nil, it.GUID); u != "" {
			return u
		}
	}
	if strings.HasPrefix(it.GUID, "/") && t.parsed.rss != nil && t.parsed.rss.Items[i].GUID.IsPermalink == "true" {
		if u := absolute(t.base, it.GUID); u != "" {
			return u
		}
	}
	others := it.Links
	if t.parsed.atom != nil {
		others = atomFallbacks(t.parsed.atom.Entries[i])
	}
	for _, prefix := range []string{"atom", "atom10", "atom03", "rdf"} {
		for _, l := range it.Extensions[prefix]["link"] {
			others = append(others, l.Attrs["href"])
		}
	}
	for _, link := range append(others, t.mark(i).about) {
		if u := absolute(t.base, link); u != "" {
			return u
		}
	}
	return ""
}

// alternate is an Atom entry's link to a page; among several, the HTML one.
func (t *taker) alternate(i int) string {
	if t.parsed.atom == nil {
		return ""
	}
	first := ""
	for _, l := range t.parsed.atom.Entries[i].Links {
		if relation(l) != "alternate" {
			continue
		}
		if l.Type == "" || strings.Contains(l.Type, "html") {
			return l.Href
		}
		if first == "" {
			first = l.Href
		}
	}
	return first
}

// relation is a link's rel in its short form.
func relation(l *atom.Link) string {
	rel := strings.ToLower(strings.TrimSpace(l.Rel))
	return strings.TrimPrefix(rel, "http://www.iana.org/assignments/relation/")
}

// atomFallbacks are the addresses of an entry that has no alternate.
func atomFallbacks(e *atom.Entry) (links []string) {
	if e.Content != nil && e.Content.Src != "" {
		links = append(links, e.Content.Src)
	}
	for _, l := range e.Links {
		switch relation(l) {
		case "enclosure", "replies", "edit", "license", "next", "previous", "hub":
		default:
			links = append(links, l.Href)
		}
	}
	return links
}

// image is the item's picture: declared as such, enclosed, or the first in its
// text.
func (t *taker) image(i int, it *gofeed.Item, inText, page string) string {
	base, textBase := t.base, t.mark(i).picture
	if b := t.mark(i).base; b != nil {
		base = b
		if textBase == nil {
			textBase = b
		}
	}
	var candidates []string
	if it.Image != nil {
		candidates = append(candidates, it.Image.URL)
	}
	media := it.Extensions["media"]
	candidates = append(candidates, mediaImages(media)...)
	for _, group := range media["group"] {
		candidates = append(candidates, mediaImages(group.Children)...)
	}
	for _, e := range it.Enclosures {
		if strings.HasPrefix(strings.ToLower(e.Type), "image") || e.Type == "" && isImageName(e.URL) {
			candidates = append(candidates, e.URL)
		}
	}
	for _, key := range []string{"image", "thumbnail", "thumb", "enclosure"} {
		if isImageName(it.Custom[key]) {
			candidates = append(candidates, it.Custom[key])
		}
	}
	if _, rest, ok := strings.Cut(it.Custom["image"], "<url>"); ok {
		address, _, _ := strings.Cut(rest, "</url>")
		candidates = append(candidates, unescape(address))
	}
	for _, c := range candidates {
		if u := absolute(base, c); u != "" {
			return u
		}
	}
	if textBase != nil {
		return absolute(textBase, inText)
	}
	if p, err := url.Parse(page); err == nil && page != "" {
		return absolute(p, inText)
	}
	return absolute(base, inText)
}

// mediaImages lists the pictures among Media RSS elements, thumbnails last.
func mediaImages(elements map[string][]ext.Extension) []string {
	var pictures, thumbnails []string
	for _, c := range elements["content"] {
		if strings.Contains(c.Attrs["type"], "image") || strings.Contains(c.Attrs["medium"], "image") ||
			c.Attrs["type"] == "" && c.Attrs["medium"] == "" && isImageName(c.Attrs["url"]) {
			pictures = append(pictures, c.Attrs["url"])
		}
		for _, x := range c.Children["thumbnail"] {
			thumbnails = append(thumbnails, x.Attrs["url"])
		}
	}
	for _, x := range elements["thumbnail"] {
		thumbnails = append(thumbnails, firstText(x.Attrs["url"], x.Value))
	}
	return append(pictures, thumbnails...)
}

func isImageName(link string) bool {
	link, _, _ = strings.Cut(strings.ToLower(link), "?")
	for _, end := range []string{".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif"} {
		if strings.HasSuffix(link, end) {
			return true
		}
	}
	return false
}
