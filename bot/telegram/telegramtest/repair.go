package telegramtest

import (
	"errors"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// FormatHTML is ParseHTML and then everything that sendMessage does to a text: cleaned, trimmed, entities repaired,
// found (links, mentions, commands) and cut at a hundred, length checked.
func FormatHTML(s string) (text string, entities []Entity, err error) {
	if s == "" {
		return "", nil, errors.New("Bad Request: message text is empty")
	}
	text, entities, err = ParseHTML(s)
	if err != nil {
		return "", nil, err
	}
	return finish(text, entities, MaxText)
}

// finish takes a parsed text through what follows parsing; limit is in code points.
func finish(text string, entities []Entity, limit int) (string, []Entity, error) {
	text, entities = fixText(text, entities)
	if isBlank(text) {
		return "", nil, errors.New("Bad Request: text must be non-empty")
	}
	if utf8.RuneCountInString(text) > limit {
		if limit == MaxCaption {
			return "", nil, errors.New("Bad Request: message caption is too long")
		}
		return "", nil, errors.New("Bad Request: message is too long")
	}
	entities = cutEntities(mergeFound(entities, findEntities(text)))
	if payload(entities) > MaxEntityBytes {
		return "", nil, errors.New("Bad Request: ENTITIES_TOO_LONG")
	}
	return text, entities, nil
}

// Classes of entities. Styles may overlap anything and are split at its borders; quotes hold the rest; code holds
// nothing; all others exclude each other.
func isStyle(t string) bool {
	return t == "bold" || t == "italic" || t == "underline" || t == "strikethrough" || t == "spoiler"
}
func isQuote(t string) bool { return t == "blockquote" || t == "expandable_blockquote" }
func isCode(t string) bool  { return t == "pre" || t == "code" || t == "date_time" }
func isFound(t string) bool {
	switch t {
	case "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number":
		return true
	}
	return false
}

var styles = []string{"bold", "italic", "underline", "strikethrough", "spoiler"}

// rank orders entities of the same extent: outer ones first.
func rank(e Entity) int {
	switch e.Type {
	case "blockquote", "expandable_blockquote":
		return 0
	case "pre":
		if e.Language != "" {
			return 10
		}
		return 11
	case "code":
		return 20
	case "date_time":
		return 30
	case "text_link", "text_mention":
		return 49
	case "custom_emoji":
		return 99
	}
	if i := slices.Index(styles, e.Type); i >= 0 {
		return 90 + i
	}
	return 50
}

func (e Entity) end() int { return e.Offset + e.Length }

func sortEntities(es []Entity) {
	slices.SortStableFunc(es, func(a, b Entity) int {
		if a.Offset != b.Offset {
			return a.Offset - b.Offset
		}
		if a.Length != b.Length {
			return b.Length - a.Length
		}
		return rank(a) - rank(b)
	})
}

// fixText cleans and trims a text, carries its entities along and repairs their nesting.
func fixText(text string, entities []Entity) (string, []Entity) {
	entities = fixNesting(entities)
	text, entities = clean(text, entities)
	entities = slices.DeleteFunc(entities, func(e Entity) bool { return e.Length <= 0 })
	return trim(text, fixNesting(entities))
}

// clean removes what Telegram keeps out of texts: carriage returns, line and paragraph separators, bidi embeddings and
// overrides, three combining lines. Other control characters become spaces, and of a run of direction marks only the
// last survives, the others being replaced by ZWNJ.
func clean(text string, entities []Entity) (string, []Entity) {
	var out []rune
	moved := make([]int, 0, len(text)+1) // old UTF-16 offset -> new one
	units := 0
	for _, r := range text {
		moved = append(moved, units)
		if r > 0xffff {
			moved = append(moved, units+1)
		}
		switch {
		case r == '\r', 0x2028 <= r && r <= 0x202e, r == 0x333, r == 0x33f, r == 0x30a:
			continue
		case r < ' ' && r != '\n':
			r = ' '
		}
		if isMark(r) && len(out) > 0 && isMark(out[len(out)-1]) {
			out[len(out)-1] = 0x200c
		}
		out = append(out, r)
		units += runeUnits(r)
	}
	moved = append(moved, units)
	at := func(offset int) int { return moved[min(max(offset, 0), len(moved)-1)] }
	for i, e := range entities {
		entities[i].Offset = at(e.Offset)
		entities[i].Length = at(e.end()) - at(e.Offset)
	}
	return string(out), entities
}

func isMark(r rune) bool { return r == 0x200e || r == 0x200f }

func runeUnits(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

// utf16Len is the length of s in UTF-16 code units.
func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n += runeUnits(r)
	}
	return n
}

// trim cuts spaces and line feeds at both ends; at the start only up to the first entity.
func trim(text string, entities []Entity) (string, []Entity) {
	text = strings.TrimRight(text, " \n")
	length := utf16Len(text)
	kept := entities[:0]
	for _, e := range entities {
		if e.Length = min(e.end(), length) - e.Offset; e.Length > 0 {
			kept = append(kept, e)
		}
	}
	sortEntities(kept)
	lead := len(text) - len(strings.TrimLeft(text, " \n"))
	if len(kept) > 0 {
		lead = min(lead, kept[0].Offset)
	}
	for i := range kept {
		kept[i].Offset -= lead
	}
	return text[lead:], kept
}

// isBlank tells whether nothing of a text would be seen.
func isBlank(s string) bool {
	return strings.TrimFunc(s, func(r rune) bool {
		switch {
		case r == ' ', r == '\n', r == 0xa0, r == 0x1680, r == 0x180e, 0x2000 <= r && r <= 0x200f, r == 0x202e, r == 0x202f,
			r == 0x205f, r == 0x2800, r == 0x3000, r == 0xfffc, r == 0xfeff, 0xe0000 <= r && r <= 0xe007f:
			return true
		}
		return false
	}) == ""
}

// fixNesting makes entities nest: links, mentions and code exclude each other, quotes exclude each other and whatever
// crosses their border, styles are merged where they touch and split at the borders of everything else.
func fixNesting(entities []Entity) []Entity {
	sortEntities(entities)
	var rest, quotes, style []Entity
	for _, e := range entities {
		switch {
		case isStyle(e.Type):
			style = append(style, e)
		case isQuote(e.Type):
			quotes = append(quotes, e)
		default:
			rest = append(rest, e)
		}
	}
	quotes = withoutOverlaps(quotes)
	rest = withoutCrossing(withoutOverlaps(rest), quotes)
	return joinStyles(style, append(rest, quotes...))
}

// withoutOverlaps keeps of sorted entities those that start behind the end of the last one kept.
func withoutOverlaps(es []Entity) []Entity {
	end := 0
	return slices.DeleteFunc(es, func(e Entity) bool {
		if e.Offset < end {
			return true
		}
		end = e.end()
		return false
	})
}

// withoutCrossing drops what is neither inside nor outside of a quote.
func withoutCrossing(es, quotes []Entity) []Entity {
	return slices.DeleteFunc(es, func(e Entity) bool {
		return slices.ContainsFunc(quotes, func(q Entity) bool {
			overlaps := e.Offset < q.end() && q.Offset < e.end()
			return overlaps && (e.Offset < q.Offset || e.end() > q.end())
		})
	})
}

func joinStyles(style, rest []Entity) []Entity {
	sortEntities(rest)
	all := append(splitStyles(style, rest), rest...)
	sortEntities(all)
	return all
}

// splitStyles merges styles of one kind that touch, splits them at the borders of rest, and drops them inside code.
// Both lists are sorted, and rest nests.
func splitStyles(style, rest []Entity) []Entity {
	s := styleSplitter{todo: style, open: map[string][2]int{}}
	var stack []Entity
	advance := func(offset int) {
		for len(stack) > 0 && offset >= stack[len(stack)-1].end() {
			top := stack[len(stack)-1]
			before := len(s.out)
			s.upTo(top.end())
			if isCode(top.Type) {
				s.out = s.out[:before]
			}
			stack = stack[:len(stack)-1]
		}
		s.upTo(offset)
	}
	for _, e := range rest {
		advance(e.Offset)
		stack = append(stack, e)
	}
	advance(math.MaxInt)
	return s.out
}

// styleSplitter sweeps over styles from left to right.
type styleSplitter struct {
	todo []Entity
	open map[string][2]int // style -> where the piece not yet written starts and ends
	out  []Entity
}

// upTo writes every piece that lies before offset.
func (s *styleSplitter) upTo(offset int) {
	for len(s.todo) > 0 && s.todo[0].Offset < offset {
		e := s.todo[0]
		s.todo = s.todo[1:]
		if piece, ok := s.open[e.Type]; ok && e.Offset <= piece[1] {
			s.open[e.Type] = [2]int{piece[0], max(piece[1], e.end())}
			continue
		}
		s.flush(e.Offset)
		s.open[e.Type] = [2]int{e.Offset, e.end()}
	}
	s.flush(offset)
}

func (s *styleSplitter) flush(offset int) {
	for _, t := range styles {
		piece, ok := s.open[t]
		if !ok || piece[0] >= offset {
			continue
		}
		if piece[1] <= offset {
			s.out = append(s.out, Entity{Type: t, Offset: piece[0], Length: piece[1] - piece[0]})
			delete(s.open, t)
			continue
		}
		s.out = append(s.out, Entity{Type: t, Offset: piece[0], Length: offset - piece[0]})
		s.open[t] = [2]int{offset, piece[1]}
	}
}

// mergeFound adds entities found in the text where they disturb no entity that was given.
func mergeFound(entities, found []Entity) []Entity {
	var rest, quotes, style []Entity
	for _, e := range entities {
		switch {
		case isStyle(e.Type):
			style = append(style, e)
		case isQuote(e.Type):
			quotes = append(quotes, e)
		default:
			rest = append(rest, e)
		}
	}
	for _, f := range withoutCrossing(found, quotes) {
		if !slices.ContainsFunc(rest, func(e Entity) bool { return f.Offset < e.end() && e.Offset < f.end() }) {
			rest = append(rest, f)
		}
	}
	return joinStyles(style, append(rest, quotes...))
}

// cutEntities drops silently what exceeds MaxEntities: links, quotes and code are counted first, styles get what is
// left. Entities that the server finds itself and custom emoji do not count.
func cutEntities(entities []Entity) []Entity {
	var rest, style []Entity
	count := 0
	for _, e := range entities {
		switch {
		case isStyle(e.Type):
			style = append(style, e)
		case isFound(e.Type), e.Type == "custom_emoji":
			rest = append(rest, e)
		case count < MaxEntities:
			rest = append(rest, e)
			count++
		}
	}
	style = splitStyles(style, nil)
	sortEntities(style)
	return joinStyles(style[:min(len(style), MaxEntities-count)], rest)
}

// payload is the size of the entities as they travel to Telegram's servers: twelve bytes each, and a padded string.
func payload(entities []Entity) int {
	n := 0
	for _, e := range entities {
		if isFound(e.Type) {
			continue
		}
		n += 12
		if s := e.URL + e.Language; s != "" {
			n += (len(s) + 4 + 3) / 4 * 4
		}
		if e.User != 0 || e.Emoji != "" || e.Unix != 0 {
			n += 12
		}
	}
	return n
}
