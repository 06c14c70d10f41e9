package bot

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

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

// measure counts what HTML of ours costs. Bold within a link may be split
// into several entities, so every tag counts.
func measure(markup string) cost {
	c := cost{raw: len(markup)}
	pieces(markup, func(tag, text string) {
		switch {
		case tag == "":
			c.units += telegram.UTF16Len(text)
		case !strings.HasPrefix(tag, "</"):
			c.entities++
			c.payload += entityBytes + len(html.UnescapeString(hrefOf(tag)))
		}
	})
	return c
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
// character.
func room(s string, characters, units int) (end int, fits bool) {
	n, used, start := 0, 0, 0
	var before rune
	flags := 0 // regional indicators in a row
	for i, r := range s {
		if !joins(before, r, flags) {
			start = i
			n++
		}
		used += utf16Len(r)
		if n > characters || used > units {
			if start == 0 { // one character over the limit: it is torn
				start = i
			}
			return start, false
		}
		if isFlagHalf(r) {
			flags++
		} else {
			flags = 0
		}
		before = r
	}
	return len(s), true
}

// joins reports whether r is part of the character that ends with before: a
// combining mark, a joined or coloured emoji, the second half of a flag.
func joins(before, r rune, flags int) bool {
	const joiner = '\u200d'
	switch {
	case before == 0:
		return false
	case r == joiner, before == joiner, unicode.In(r, unicode.M), r >= 0x1F3FB && r <= 0x1F3FF:
		return true
	}
	return isFlagHalf(r) && flags%2 == 1
}

func isFlagHalf(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }

func utf16Len(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
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
