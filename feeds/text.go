package feeds

import (
	"html"
	"strings"
	"unicode/utf8"

	xhtml "golang.org/x/net/html"
)

// PlainText turns markup into text: no tags, entities decoded, one blank line
// between paragraphs, no bidi embeddings. Scripts, styles and controls vanish
// with their content. Text without any markup keeps its own lines as
// paragraphs, unless they are one paragraph wrapped to a width. What only looks
// like a tag ("a < b", "List<String>") stays. Text that was escaped once too
// often is unescaped once more.
func PlainText(html string) string {
	text, _ := extract(html)
	return text
}

// extract is PlainText and the source of the first picture in the markup.
func extract(in string) (text, image string) {
	if strings.Contains(in, "<![CDATA[") { // one inside another: its marks are no text
		in = strings.NewReplacer("<![CDATA[", "", "]]>", "").Replace(in)
	}
	if strings.IndexByte(in, '<') < 0 {
		text = unescapeText(in)
		if !looksEscaped(text) {
			return paragraphs(text), ""
		}
		in = text
	}
	w := textWriter{}
	w.out.Grow(len(in))
	if markup := w.html(in); !markup {
		return paragraphs(html.UnescapeString(in)), ""
	}
	return scrub(unescapeResidue(w.string())), w.image
}

// looksEscaped reports whether decoded text turns out to be markup.
func looksEscaped(s string) bool {
	i := strings.IndexByte(s, '<')
	if i < 0 {
		return false
	}
	lower := strings.ToLower(s[i:])
	for _, tag := range []string{"<p>", "<p ", "<br", "<div", "<img ", "<a href", "</a>", "</p>", "</b>", "</i>", "</em>", "</strong>", "</span>", "</div>", "</font>"} {
		if strings.Contains(lower, tag) {
			return true
		}
	}
	return false
}

// unescapeText decodes entities, twice where once leaves some.
func unescapeText(s string) string {
	if strings.IndexByte(s, '&') < 0 {
		return s
	}
	return unescapeResidue(html.UnescapeString(s))
}

// unescapeResidue decodes the entities that nobody means literally.
func unescapeResidue(s string) string {
	for _, entity := range []string{"&amp;", "&quot;", "&nbsp;", "&apos;", "&#", "&lt;", "&gt;", "&rsquo;", "&lsquo;", "&ldquo;", "&rdquo;", "&hellip;", "&ndash;", "&mdash;", "&laquo;", "&raquo;"} {
		if strings.Contains(s, entity) {
			return html.UnescapeString(s)
		}
	}
	return s
}

// Kinds of element, by what they do to running text.
const (
	inline    = iota // nothing
	lineBreak        // a new line
	block            // a new paragraph
	cell             // a space
	hidden           // its content is no text
	unknown          // perhaps no tag at all
)

var elements = func() map[string]int {
	m := map[string]int{}
	for kind, names := range map[int]string{
		inline: "a abbr acronym audio b basefont bdi bdo big body cite code data del dfn em font html i img input ins kbd label map mark area meter " +
			"nobr output picture progress q rb rp rt rtc ruby s samp small source span strike strong sub sup time track tt u var video wbr center col colgroup embed param link meta base marquee blink image",
		lineBreak: "br li tr dt dd option legend caption",
		block: "address article aside blockquote details dialog dir div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol " +
			"p pre section summary table tbody tfoot thead ul xmp listing plaintext",
		cell:   "td th",
		hidden: "script style template iframe object applet svg math select button textarea noscript noembed noframes head title canvas datalist",
	} {
		for _, name := range strings.Fields(names) {
			m[name] = kind
		}
	}
	return m
}()

// A textWriter collects running text: it collapses white space and knows how
// much of a break stands before the next word.
type textWriter struct {
	out    strings.Builder
	gap    int // 0 none, 1 space, 2 line, 3 paragraph
	image  string
	hide   string // the hidden element that is open
	nested int    // how deep in elements of that name
	pre    int    // open <pre>
}

const (
	gapNone = iota
	gapSpace
	gapLine
	gapParagraph
)

// html writes the text of markup. It reports false when there was none.
func (w *textWriter) html(in string) (markup bool) {
	z := xhtml.NewTokenizer(strings.NewReader(in))
	literal := literalTags{in: in}
	blocks := strings.Contains(in, "\n") && !hasBlocks(in)
	for {
		switch tt := z.Next(); tt {
		case xhtml.ErrorToken:
			if tail := z.Raw(); len(tail) > 0 && markup && tail[0] == '<' && !strings.ContainsAny(string(tail), " =>\"") {
				w.words(html.UnescapeString(string(tail)), blocks) // "<" and a word at the end is no tag
			}
			return markup
		case xhtml.TextToken:
			if w.hide == "" {
				w.words(html.UnescapeString(string(z.Raw())), blocks)
			}
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken, xhtml.EndTagToken:
			raw := string(z.Raw())
			name, attrs := z.TagName()
			kind, known := elements[string(name)]
			if !known && literal.is(string(name), attrs) {
				if w.hide == "" {
					w.words(html.UnescapeString(raw), blocks)
				}
				continue
			}
			markup = true
			w.tag(z, tt, string(name), kind, attrs)
		case xhtml.CommentToken, xhtml.DoctypeToken:
			markup = true
		}
	}
}

// hasBlocks reports whether markup structures its text; if not, blank lines
// do.
func hasBlocks(in string) bool {
	lower := strings.ToLower(in)
	for _, tag := range []string{"<p", "<br", "<div", "<li", "<tr", "<h1", "<h2", "<h3", "<h4", "<section", "<article", "<blockquote", "<table", "<ul", "<pre"} {
		if strings.Contains(lower, tag) {
			return true
		}
	}
	return false
}

// tag handles one tag of HTML.
func (w *textWriter) tag(z *xhtml.Tokenizer, tt xhtml.TokenType, name string, kind int, attrs bool) {
	if w.hide != "" {
		if name == w.hide {
			switch tt {
			case xhtml.StartTagToken:
				w.nested++
			case xhtml.EndTagToken:
				if w.nested--; w.nested == 0 {
					w.hide = ""
				}
			}
		}
		return
	}
	switch kind {
	case hidden:
		if tt == xhtml.StartTagToken {
			w.hide, w.nested = name, 1
		}
	case lineBreak:
		if name == "br" && w.gap >= gapLine && tt != xhtml.EndTagToken {
			w.gap = gapParagraph // two of them
		} else {
			w.gap = max(w.gap, gapLine)
		}
	case block:
		w.gap = gapParagraph
		if name == "pre" {
			w.pre = max(0, w.pre+map[xhtml.TokenType]int{xhtml.StartTagToken: 1, xhtml.EndTagToken: -1}[tt])
		}
	case cell:
		w.gap = max(w.gap, gapSpace)
	}
	if name == "img" && attrs && w.image == "" && tt != xhtml.EndTagToken {
		w.image = picture(z)
	}
}

// picture is the source of an img tag; "" for a pixel that only counts readers
// and for data: URLs.
func picture(z *xhtml.Tokenizer) string {
	src, lazy, tiny := "", "", false
	for {
		key, value, more := z.TagAttr()
		switch string(key) {
		case "src":
			src = string(value)
		case "data-src", "data-original", "data-lazy-src":
			lazy = string(value)
		case "width", "height":
			tiny = tiny || string(value) == "1" || string(value) == "0"
		}
		if !more {
			break
		}
	}
	if strings.HasPrefix(src, "data:") || src == "" {
		src = lazy
	}
	if tiny || strings.HasPrefix(src, "data:") {
		return ""
	}
	return src
}

// words writes text with its white space collapsed. Where no element
// structures the text, lines may: a blank line separates paragraphs.
func (w *textWriter) words(s string, blankLines bool) {
	for len(s) > 0 {
		end := 0
		for end < len(s) {
			r, size := utf8.DecodeRuneInString(s[end:])
			if isBlank(r) {
				break
			}
			end += size
		}
		if end > 0 {
			w.word(s[:end])
			s = s[end:]
			continue
		}
		lines, n := blanks(s)
		s = s[n:]
		switch {
		case lines >= 2 && (blankLines || w.pre > 0):
			w.gap = gapParagraph
		case lines >= 1 && w.pre > 0:
			w.gap = max(w.gap, gapLine)
		default:
			w.gap = max(w.gap, gapSpace)
		}
	}
}

// blanks measures the white space that s begins with.
func blanks(s string) (lines, n int) {
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		if !isBlank(r) {
			break
		}
		if r == '\n' || r == '\u2028' || r == '\u2029' {
			lines++
		}
		n += size
	}
	return lines, n
}

func (w *textWriter) word(s string) {
	if w.out.Len() > 0 {
		w.out.WriteString([...]string{"", " ", "\n", "\n\n"}[w.gap])
	}
	w.gap = gapNone
	w.out.WriteString(s)
}

func (w *textWriter) string() string { return w.out.String() }

// literalTags decides which unknown tags are text: names without a prefix or a
// dash, without attributes and never closed.
type literalTags struct {
	in   string
	seen map[string]bool
}

// maxUnknownTags bounds how many names are searched for in the text.
const maxUnknownTags = 64

func (l *literalTags) is(name string, attrs bool) bool {
	if attrs || strings.ContainsAny(name, "-:/") {
		return false
	}
	if literal, ok := l.seen[name]; ok {
		return literal
	}
	if len(l.seen) >= maxUnknownTags {
		return false
	}
	if l.seen == nil {
		l.seen = map[string]bool{}
	}
	literal := !strings.Contains(strings.ToLower(l.in), "</"+name)
	l.seen[name] = literal
	return literal
}
