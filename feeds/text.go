package feeds

import (
	"html"
	"strings"
	"unicode/utf8"
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
	if in == "" {
		return "", ""
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
	return withoutResidue(w.string()), w.image
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

// withoutResidue decodes the residue of written text, which is scrubbed already.
func withoutResidue(s string) string {
	decoded := unescapeResidue(s)
	if decoded == s {
		return strings.TrimSpace(s)
	}
	w := textWriter{pre: 1} // lines are lines by now
	w.words(decoded, true)
	return strings.TrimSpace(w.string())
}

// Kinds of element, by what they do to running text.
const (
	inline    = iota // nothing
	lineBreak        // a new line
	block            // a new paragraph
	cell             // a space
	hidden           // its content is no text
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

// xhtmlPrefixes are those under which feeds put XHTML. Office's "o:p" is no p.
var xhtmlPrefixes = map[string]bool{"xhtml": true, "html": true, "h": true, "x": true, "xh": true}

// A textWriter collects running text: it collapses white space and knows how
// much of a break stands before the next word.
type textWriter struct {
	out      strings.Builder
	gap      int             // the break before the next word
	image    string          // source of the first picture
	pre      int             // open <pre>
	unclosed map[string]bool // hidden elements that are never closed from here on
}

const (
	gapNone = iota
	gapSpace
	gapLine
	gapParagraph
)

// html writes the text of markup. It reports false when there was none. It
// shares the scanner of XML, which is as forgiving as HTML asks for and several
// times faster than a tokeniser that builds attributes.
func (w *textWriter) html(in string) (markup bool) {
	s := scanner{doc: []byte(in)}
	guess := literalTags{in: in}
	blankLines := strings.Contains(in, "\n") && !hasBlocks(in)
	for {
		t, ok := s.next()
		if !ok {
			return markup
		}
		raw := in[t.start:t.end]
		switch t.kind {
		case tokenText:
			w.words(unescape(raw), blankLines)
		case tokenOpen, tokenClose:
			name := strings.ToLower(string(t.name))
			kind, known := elements[name]
			if prefix, rest, ok := strings.Cut(name, ":"); ok && xhtmlPrefixes[prefix] {
				kind, known = elements[rest]
			}
			if (!known || t.cut || name == "title") && guess.literal(t, name, raw) {
				w.words(unescape(raw), blankLines)
				continue
			}
			markup = true
			w.tag(t, name, kind, raw)
			if kind == hidden && t.kind == tokenOpen && !t.empty {
				s.pos = w.pass(in, s.pos, name)
			}
		case tokenInstruction:
			markup = true
			if end := strings.IndexByte(raw, '>'); t.cut && end >= 0 { // Office's have no question mark at their end
				s.pos = t.start + end + 1
			}
		default:
			markup = true
		}
	}
}

func unescape(s string) string {
	if strings.IndexByte(s, '&') < 0 {
		return s
	}
	return html.UnescapeString(s)
}

// pass returns where the element ends that was opened before pos and whose
// content is no text. One that is never closed hides nothing, but for programs.
func (w *textWriter) pass(in string, pos int, name string) int {
	if w.unclosed[name] {
		return pos
	}
	depth := 1
	for i := pos; ; {
		n := strings.IndexByte(in[i:], '<')
		if n < 0 {
			break
		}
		i += n + 1
		rest := in[i:]
		closing := strings.HasPrefix(rest, "/")
		if closing {
			rest = rest[1:]
		}
		if len(rest) < len(name) || !strings.EqualFold(rest[:len(name)], name) || len(rest) > len(name) && isNameByte(rest[len(name)]) {
			continue
		}
		if !closing {
			if name != "script" && name != "style" { // those hold strings with tags
				depth++
			}
			continue
		}
		if depth--; depth == 0 {
			if end := strings.IndexByte(in[i:], '>'); end >= 0 {
				return i + end + 1
			}
			return len(in)
		}
	}
	if name == "script" || name == "style" {
		return len(in) // a program is no text, however it is cut off
	}
	if w.unclosed == nil {
		w.unclosed = map[string]bool{}
	}
	w.unclosed[name] = true
	return pos
}

// hasBlocks reports whether markup structures its text; if not, blank lines
// do.
func hasBlocks(in string) bool {
	for {
		i := strings.IndexByte(in, '<')
		if i < 0 || i+1 >= len(in) {
			return false
		}
		in = in[i+1:]
		end := 0
		for end < len(in) && end < 12 && (isNameStart(in[end]) || in[end] >= '0' && in[end] <= '9') {
			end++
		}
		if kind, ok := elements[strings.ToLower(in[:end])]; ok && (kind == block || kind == lineBreak) {
			return true
		}
	}
}

// tag handles one tag of HTML.
func (w *textWriter) tag(t token, name string, kind int, raw string) {
	switch kind {
	case lineBreak:
		if name == "br" && w.gap >= gapLine && t.kind == tokenOpen {
			w.gap = gapParagraph // two of them
		} else {
			w.gap = max(w.gap, gapLine)
		}
	case block:
		w.gap = gapParagraph
		if name == "pre" && t.kind == tokenOpen {
			w.pre++
		} else if name == "pre" {
			w.pre = max(0, w.pre-1)
		}
	case cell:
		w.gap = max(w.gap, gapSpace)
	}
	if name == "img" && w.image == "" && t.kind == tokenOpen {
		w.image = picture(raw[len("<img"):])
	}
}

// picture is the source in the attributes of an img tag; "" for a pixel that
// only counts readers and for data: URLs.
func picture(attributes string) string {
	src, lazy, tiny := "", "", false
	rest := []byte(strings.TrimSuffix(strings.TrimSuffix(attributes, ">"), "/"))
	for {
		key, value, after, ok := nextAttribute(rest)
		if !ok {
			break
		}
		rest = after
		text := strings.TrimSpace(unescape(string(value)))
		switch strings.ToLower(string(key)) {
		case "src":
			src = text
		case "data-src", "data-original", "data-lazy-src":
			lazy = text
		case "width", "height":
			tiny = tiny || strings.TrimSuffix(text, "px") == "1" || text == "0"
		}
	}
	if strings.HasPrefix(src, "data:") || src == "" {
		src = lazy
	}
	if tiny || strings.HasPrefix(src, "data:") {
		return ""
	}
	for _, button := range noPictures {
		if strings.Contains(src, button) {
			return ""
		}
	}
	return src
}

// noPictures mark the addresses of counters, buttons and smileys.
var noPictures = []string{"feedburner.com/~", "feedsportal.com/", "/images/core/emoji/", "stats.wordpress.com", "pixel.wp.com", "gravatar.com/avatar", "/flattr", "doubleclick.net"}

// words writes text with its white space collapsed. Where no element
// structures the text, lines may: a blank line separates paragraphs.
func (w *textWriter) words(s string, blankLines bool) {
	if hasDropped(s) { // here, so that the spaces around meet
		s = strings.Map(kept, s)
	}
	for len(s) > 0 {
		if end := run(s); end > 0 {
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

// run is the length of the text that s begins with and that needs no
// collapsing: words with one plain space between them.
func run(s string) int {
	i := 0
	for i < len(s) {
		switch c := s[i]; {
		case never[c]:
			i++
		case c == ' ':
			if i == 0 || i+1 == len(s) || startsBlank(s[i+1:]) {
				return i
			}
			i++
		case startsBlank(s[i:]):
			return i
		default:
			i++
		}
	}
	return i
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
// dash, without attributes and never closed; and whatever is no whole tag.
type literalTags struct {
	in   string
	seen map[string]bool
}

// maxUnknownTags bounds how many names are searched for in the text.
const maxUnknownTags = 64

func (l *literalTags) literal(t token, name, raw string) bool {
	if t.bad || t.cut || name == "" || name[0] >= utf8.RuneSelf || name[0] == '_' {
		return !t.cut || len(raw) < 20 && !strings.ContainsAny(raw, "=\"")
	}
	if strings.ContainsAny(name, "-:.") || strings.ContainsAny(raw, "= \t\n") || t.empty {
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
