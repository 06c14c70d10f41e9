package page

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What is taken out of a page before its text is looked for: what no reader would
// call part of the article. The extractor scores whole blocks, so a line inside
// the block that it chooses would stay.

// foreignTags are elements that hold no text of an article.
var foreignTags = map[string]bool{
	"nav": true, "aside": true, "footer": true, "figcaption": true, "form": true, "button": true, "select": true, "dialog": true, "noscript": true, "template": true,
	"iframe": true, "time": true, "amp-ad": true, "amp-sidebar": true, "amp-iframe": true, "amp-social-share": true, "amp-embed": true, "amp-sticky-ad": true, "amp-consent": true,
}

// foreignWords are words of classes and ids of blocks that are about the site.
var foreignWords = wordSet("share sharing sharebar shares social socials related recommend recommended recommendation recommendations newsletter newsletters " +
	"cookie cookies consent gdpr paywall subscribe subscription caption captions credit credits copyright byline breadcrumb breadcrumbs comments talkbacks disqus " +
	"sidebar advert advertisement advertising ads ad banner outbrain taboola catcher promo tags hashtags toolbar trending popular entities topics keywords mostread readmore readalso " +
	"addthis sharethis ticker userbar skiplink inlinerelated")

// smallWords are the same where the block is small and no sentence: a date, a
// name.
var smallWords = wordSet("meta date time timestamp datetime published author authors authoranddate editor editors code info signa reporter dateandtime readingtime views")

// pictureWords are of blocks that show a picture with what is written below it.
var pictureWords = wordSet("media photo photos image img picture gallery slideshow video player thumbnail")

func wordSet(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// Sizes in runes.
const (
	smallBlock   = 120 // of a date or a name
	pictureBlock = 300 // of a picture's caption
	longCell     = 300 // of a cell of a table that holds running text
)

// A pruner takes foreign blocks out of a page.
type pruner struct {
	size   map[*html.Node]int  // letters and digits in an element
	headed map[*html.Node]bool // it holds the heading of the page
	total  int                 // letters and digits of the page
}

// prune takes foreign blocks out of the page below root, in place. A block that
// holds a third of the page's text or its heading stays, whatever it is called:
// sites write "has-sidebar" on everything.
func prune(root *html.Node) {
	p := pruner{size: map[*html.Node]int{}, headed: map[*html.Node]bool{}}
	p.measure(root)
	p.total = p.size[root]
	p.below(root)
}

// measure fills in size and headed. The parser bounds how deep a page is nested.
func (p pruner) measure(n *html.Node) int {
	count := 0
	switch {
	case n.Type == html.TextNode:
		count = letters(n.Data)
	case n.DataAtom == atom.Script, n.DataAtom == atom.Style:
	default:
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			count += p.measure(c)
			if p.headed[c] || c.DataAtom == atom.H1 {
				p.headed[n] = true
			}
		}
	}
	p.size[n] = count
	return count
}

// letters counts the letters and digits of a text.
func letters(s string) (count int) {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			count++
		}
	}
	return count
}

func (p pruner) below(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if c.Type == html.ElementNode {
			if p.isForeign(c) {
				n.RemoveChild(c)
			} else {
				if c.DataAtom == atom.Tr {
					p.dropSideCells(c)
				}
				p.below(c)
			}
		}
		c = next
	}
}

func (p pruner) isForeign(n *html.Node) bool {
	if p.headed[n] || 3*p.size[n] > p.total {
		return false
	}
	switch n.Data {
	case "html", "body", "main", "article", "h1", "head":
		return false
	case "p":
		return p.called(n)
	}
	return foreignTags[n.Data] || p.called(n)
}

// called reports whether a block's class, id or role names something foreign.
func (p pruner) called(n *html.Node) bool {
	size := p.size[n]
	small, picture := false, false
	for _, w := range names(n) {
		if foreignWords[w] {
			return true
		}
		small, picture = small || smallWords[w], picture || pictureWords[w]
	}
	switch {
	case small && size <= smallBlock && !endsSentence(strings.TrimSpace(textOf(n))):
		return true
	case picture && size <= pictureBlock && !has(n, "p") && !has(n, "table"):
		return has(n, "img") || has(n, "amp-img") || has(n, "video") || has(n, "picture")
	}
	return false
}

// dropSideCells takes menus and boxes beside running text out of a row of a
// table that lays a page out.
func (p pruner) dropSideCells(row *html.Node) {
	longest := 0
	for c := row.FirstChild; c != nil; c = c.NextSibling {
		longest = max(longest, p.size[c])
	}
	if longest < longCell {
		return
	}
	for c := row.FirstChild; c != nil; {
		next := c.NextSibling
		if c.DataAtom == atom.Td && 5*p.size[c] < longest {
			row.RemoveChild(c)
		}
		c = next
	}
}

// names are the lower-case words of an element's class, id and role:
// "articleShare-bar" is article, share, bar.
func names(n *html.Node) []string {
	var words []string
	for _, a := range n.Attr {
		if a.Key != "class" && a.Key != "id" && a.Key != "role" && a.Key != "data-type" {
			continue
		}
		start, lower := 0, false
		for i, r := range a.Val {
			if !unicode.IsLetter(r) || lower && unicode.IsUpper(r) {
				words = appendWord(words, a.Val[start:i])
				start = i
				if !unicode.IsLetter(r) {
					start += utf8.RuneLen(r)
				}
			}
			lower = unicode.IsLower(r)
		}
		words = appendWord(words, a.Val[min(start, len(a.Val)):])
	}
	return words
}

func appendWord(words []string, w string) []string {
	if w == "" {
		return words
	}
	return append(words, strings.ToLower(w))
}

// textOf is the text in an element.
func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// has reports whether an element has another below it.
func has(n *html.Node, tag string) bool {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == tag {
			return true
		}
	}
	return false
}
