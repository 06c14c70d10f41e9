package bot

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"

	"wirewatch/bot/telegram"
)

// cost is what a piece of a message takes of Telegram's budgets for one
// message. Overspending the second or the third is not refused but costs
// formatting and links, silently.
type cost struct {
	units    int // UTF-16 units of visible text
	entities int
	payload  int // bytes of entities as they travel
	raw      int // bytes of text with markup
}

// entityBytes is what one entity takes at most, a link's address not counted.
const entityBytes = 20

// noteRoom is what a page leaves of its text for a line of ours that may have
// to be put above it.
const noteRoom = 128

// budget is what one message may cost.
var budget = cost{telegram.MaxText - noteRoom, telegram.MaxEntities, telegram.MaxEntityBytes, telegram.MaxRawBytes - 4*noteRoom}

func (c cost) plus(d cost) cost {
	return cost{c.units + d.units, c.entities + d.entities, c.payload + d.payload, c.raw + d.raw}
}

func (c cost) within(limit cost) bool {
	return c.units <= limit.units && c.entities <= limit.entities && c.payload <= limit.payload && c.raw <= limit.raw
}

// measure counts what HTML of ours costs, and rather more. Every tag counts,
// since bold within a link may be split into several entities; so may bold
// around what Telegram itself finds in a text: names, hashtags, addresses.
func measure(markup string) cost {
	c := cost{raw: len(markup)}
	styled := false
	pieces(markup, func(tag, text string) {
		switch {
		case tag == "":
			c.units += telegram.UTF16Len(text)
			if styled {
				c = c.plus(splits(text))
			}
		case tag == "<b>" || tag == "<i>" || tag == "</b>" || tag == "</i>":
			if styled = tag[1] != '/'; styled {
				c = c.plus(cost{entities: 1, payload: entityBytes})
			}
		case !strings.HasPrefix(tag, "</"):
			c = c.plus(cost{entities: 1, payload: entityBytes + len(html.UnescapeString(hrefOf(tag)))})
		}
	})
	return c
}

// splits is what is added to a style by the things that Telegram may find in
// its text. Each of them has one of these characters.
func splits(text string) cost {
	n := 0
	for _, r := range text {
		if strings.ContainsRune("@#$/.", r) {
			n += 2 // behind the thing the style goes on
		}
	}
	return cost{entities: n, payload: n * entityBytes}
}

// pieces calls f with each tag and each run of text, unescaped, of well-formed
// HTML: one of the two is "".
func pieces(markup string, f func(tag, text string)) {
	for markup != "" {
		if markup[0] == '<' {
			end := strings.IndexByte(markup, '>') + 1
			if end == 0 {
				end = len(markup)
			}
			f(markup[:end], "")
			markup = markup[end:]
			continue
		}
		end := strings.IndexByte(markup, '<')
		if end < 0 {
			end = len(markup)
		}
		f("", html.UnescapeString(markup[:end]))
		markup = markup[end:]
	}
}

// hrefOf is the address in a tag that link wrote, still escaped; "" in others.
func hrefOf(tag string) string {
	rest, ok := strings.CutPrefix(tag, `<a href="`)
	if !ok {
		return ""
	}
	href, _, _ := strings.Cut(rest, `"`)
	return href
}

// plain is HTML of ours as plain text of at most limit UTF-16 units, for when
// Telegram does not take our markup: links stand behind their texts if there is
// room for all of them.
func plain(markup string, limit int) string {
	var bare, linked strings.Builder
	var href string
	pieces(markup, func(tag, text string) {
		bare.WriteString(text)
		linked.WriteString(text)
		switch {
		case strings.HasPrefix(tag, "<a "):
			href = html.UnescapeString(hrefOf(tag))
		case tag == "</a>" && href != "":
			linked.WriteString(" " + href)
			href = ""
		}
	})
	if telegram.UTF16Len(linked.String()) <= limit {
		return linked.String()
	}
	return cut(bare.String(), limit, limit)
}

// cut shortens s to so many characters as a reader counts them and so many
// UTF-16 units, with an ellipsis, at the end of a word if one is near. A
// character is not torn from its accents, nor an emoji into its parts; only
// one that alone is over the units is.
func cut(s string, characters, units int) string {
	if _, fits := room(s, characters, units); fits {
		return s
	}
	end, _ := room(s, characters-1, units-1) // the ellipsis
	head := s[:end]
	const near = 20 // bytes
	if i := strings.LastIndexFunc(head, unicode.IsSpace); i > 0 && end-i <= near {
		head = head[:i]
	}
	return strings.TrimRightFunc(head, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) && r != ')' && r != '»' }) + "…"
}

// room returns how much of s, in bytes, is within both limits, cut before a
// character (a grapheme cluster, as a reader counts).
func room(s string, characters, units int) (end int, fits bool) {
	n, used := 0, 0
	for clusters := graphemes.FromString(s); clusters.Next(); {
		c := clusters.Value()
		n++
		used += telegram.UTF16Len(c)
		if n > characters || used > units {
			if end == 0 { // one character over the limit: it is torn
				end = torn(c, units)
			}
			return end, false
		}
		end += len(c)
	}
	return end, true
}

// torn is how many bytes of s are within so many UTF-16 units.
func torn(s string, units int) int {
	for i, r := range s {
		if units -= utf16.RuneLen(r); units < 0 {
			return i
		}
	}
	return len(s)
}

// head bounds what is done with a hostile text, before anything else is.
func head(s string, bytes int) string {
	if len(s) <= bytes {
		return s
	}
	for bytes > 0 && !utf8.RuneStart(s[bytes]) {
		bytes--
	}
	return s[:bytes]
}

// inert keeps Telegram from making commands and names in a foreign text live: a
// tap on "/forget" would send it, and "@somebody" is called. What follows the sign
// is parted from it by a character without width.
func inert(s string) string {
	if !strings.ContainsAny(s, "@/") {
		return s
	}
	var b strings.Builder
	before := ' '
	for i, r := range s {
		b.WriteRune(r)
		live := r == '@' || r == '/' && before != '/' && before != '<' && !unicode.IsLetter(before) && !unicode.IsNumber(before)
		before = r
		// Telegram drops some marks, so that a name may follow after all.
		if live && i+1 < len(s) && s[i+1] != ' ' && s[i+1] != '/' {
			b.WriteRune(nonJoiner)
			before = nonJoiner
		}
	}
	return b.String()
}

// nonJoiner has no width and joins nothing; package locale keeps it.
const nonJoiner = '\u200c'

// legible reports whether a text has anything that can be seen.
func legible(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) && !strings.ContainsRune(fillers, r)
	})
}

// fillers are letters and signs that look like nothing: of Hangul, and of Braille.
const fillers = "\u115f\u1160\u3164\uffa0\u2800"
