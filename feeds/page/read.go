package page

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strings"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"

	"wirewatch/feeds"
	"wirewatch/filter/text"
)

// Bounds of the pages that are read: the extractor's time grows faster than
// what it is given.
const (
	MaxPage     = 3 << 20 // bytes
	maxElements = 20_000
)

// What Read finds wrong with a page.
var (
	ErrNoArticle = errors.New("the page holds no article")
	ErrOther     = errors.New("the page holds another text than the article's")
)

// Read finds the text of the article a on its HTML page: plain, blank lines
// between paragraphs, without menus, sidebars and the like, but with whatever
// stands inside the text itself; [Split] tells that apart. at is the address of
// the page. contentType is the HTTP header's value; it may be "".
//
// A text that shares hardly a word with the article's title and summary is
// refused with ErrOther: consent walls, "not found" in a page that says 200,
// home pages to which dead links lead. So is, with ErrNoArticle, one that is no
// longer than what the feed says itself.
func Read(a feeds.Article, page []byte, at *url.URL, contentType string) (string, error) {
	if len(page) > MaxPage {
		return "", fmt.Errorf("the page is larger than %d MB", MaxPage>>20)
	}
	said := a.Title + "\n" + a.Summary
	found, err := extract(feeds.DecodePage(page, contentType), at, said)
	if err != nil {
		return "", err
	}
	if len(found) <= len(a.Body) || len(found) <= len(a.Summary) {
		return "", ErrNoArticle
	}
	if !about(found, said) {
		return "", ErrOther
	}
	return found, nil
}

// extract finds the main text of a page, of which said is known: as the page
// shows it, or, where it shows little or another text, as its structured data
// has it. A panic of the extractor is an error like any other.
func extract(page []byte, at *url.URL, said string) (found string, err error) {
	defer func() {
		if r := recover(); r != nil {
			found, err = "", fmt.Errorf("the extractor broke down: %v", r)
		}
	}()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return "", fmt.Errorf("read page: %w", err)
	}
	if tooMany(root) {
		return "", fmt.Errorf("read page: more than %d elements", maxElements)
	}
	data := structured(root)
	prune(root)
	found, err = readable(root, at)
	if data != "" && (err != nil || !about(found, said) || 2*len(found) < len(data)) && about(data, said) {
		return data, nil
	}
	return found, err
}

// tooMany reports whether a page has more elements than are looked at.
func tooMany(root *html.Node) bool {
	n := 0
	for d := range root.Descendants() {
		if d.Type == html.ElementNode {
			n++
		}
	}
	return n > maxElements
}

// readable finds the main text among what a page shows.
func readable(root *html.Node, at *url.URL) (string, error) {
	p := readability.NewParser()
	p.MaxElemsToParse = maxElements
	article, err := p.ParseAndMutate(root, at)
	if err != nil {
		return "", fmt.Errorf("read page: %w", err)
	}
	if article.Node == nil {
		return "", ErrNoArticle
	}
	var b strings.Builder
	if err := article.RenderHTML(&b); err != nil {
		return "", fmt.Errorf("read page: %w", err)
	}
	return feeds.PlainText(b.String()), nil
}

// How much of what the feed says must be found on the page: one of shareWords
// different words that are long enough to mean something.
const (
	shareWords = 4
	minRunes   = 3
)

// about reports whether a page's text is about what a feed said of it.
func about(found, said string) bool {
	have := map[string]bool{}
	for w := range strings.FieldsSeq(text.Fold(found)) {
		have[w] = true
	}
	asked, met := map[string]bool{}, 0
	for w := range strings.FieldsSeq(text.Fold(said)) {
		if asked[w] || len([]rune(w)) < minRunes && w[0] < 0xE3 { // Han and Kana say more with less
			continue
		}
		asked[w] = true
		if have[w] {
			met++
		}
	}
	return met*shareWords >= len(asked)
}
