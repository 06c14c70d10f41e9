package telegramtest

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits of a message's text. Lengths after parsing are counted in code points, those before in bytes.
const (
	MaxRawBytes    = 1 << 15 // of the text as sent
	MaxText        = 4096    // code points of a message after parsing and trimming
	MaxCaption     = 1024    // code points of a caption
	MaxEntities    = 100     // the surplus vanishes without an error
	MaxEntityBytes = 9500    // serialised size of the entities, URLs included; measured, not documented
)

// ParseHTML parses a text as parse_mode HTML does, before it is cleaned and repaired. The error's text is Telegram's
// ("Bad Request: can't parse entities: …").
func ParseHTML(s string) (text string, entities []Entity, err error) {
	if len(s) > MaxRawBytes {
		return "", nil, errors.New("Bad Request: text is too long")
	}
	if !utf8.ValidString(s) {
		return "", nil, errors.New("Bad Request: text must be encoded in UTF-8")
	}
	p := htmlParser{src: s}
	if err := p.run(); err != nil {
		return "", nil, fmt.Errorf("Bad Request: can't parse entities: %w", err)
	}
	sortEntities(p.entities)
	return p.out.String(), p.entities, nil
}

// htmlParser is one pass over the text. Reading behind the end yields NUL, which counts as white space, so that every
// loop stops there.
type htmlParser struct {
	src       string
	pos       int
	out       strings.Builder
	units     int // UTF-16 units written
	surrogate bool
	open      []openTag
	entities  []Entity
}

// openTag is a start tag that waits for its end tag.
type openTag struct {
	name  string
	arg   string // the one attribute that counts
	unix  int64
	start int // UTF-16 offset of its content
	begin int // byte offset of its content in the output
}

var knownTags = map[string]string{ // tag -> entity type; "" is decided at the end tag
	"a": "", "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
	"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "span": "spoiler",
	"tg-emoji": "", "tg-time": "", "pre": "", "code": "", "blockquote": "",
}

func (p *htmlParser) run() error {
	for p.pos < len(p.src) {
		var err error
		switch {
		case p.src[p.pos] != '<':
			p.char()
		case p.peek(1) == '/':
			err = p.endTag()
		default:
			err = p.startTag()
		}
		if err != nil {
			return err
		}
	}
	if n := len(p.open); n > 0 {
		return fmt.Errorf("Can't find end tag corresponding to start tag %q", p.open[n-1].name)
	}
	if p.surrogate {
		return errors.New("Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units")
	}
	for i := range p.entities {
		if p.entities[i].Type == "code" {
			p.entities[i].Language = "" // it was kept only until a <pre> around it might have wanted it
		}
	}
	return nil
}

func (p *htmlParser) peek(n int) byte {
	if p.pos+n < len(p.src) {
		return p.src[p.pos+n]
	}
	return 0
}

// until skips to the first byte that stop accepts, or to the end.
func (p *htmlParser) until(stop func(c byte) bool) string {
	start := p.pos
	for p.pos < len(p.src) && !stop(p.src[p.pos]) {
		p.pos++
	}
	return p.src[start:p.pos]
}

func (p *htmlParser) skipSpace() { p.until(func(c byte) bool { return !isSpace(c) }) }

func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == 0
}

// char copies one character, decoding a character reference.
func (p *htmlParser) char() {
	if p.src[p.pos] == '&' {
		if r, n := decodeReference(p.src[p.pos:]); n > 0 {
			p.pos += n
			p.write(r)
			return
		}
	}
	r, n := utf8.DecodeRuneInString(p.src[p.pos:])
	p.pos += n
	p.write(r)
}

func (p *htmlParser) write(r rune) {
	if 0xd800 <= r && r <= 0xdfff {
		p.surrogate = true
	}
	p.out.WriteRune(r)
	p.units++
	if r > 0xffff {
		p.units++
	}
}

// decodeReference reads a character reference at the start of s: its code point, which may be a surrogate, and its
// length; 0 when it is none. The semicolon is optional and only four names exist.
func decodeReference(s string) (rune, int) {
	end := 1
	var r rune
	if strings.HasPrefix(s, "&#") {
		base, digits := 10, "0123456789"
		end = 2
		if strings.HasPrefix(s, "&#x") {
			base, digits, end = 16, "0123456789abcdefABCDEF", 3
		}
		start := end
		for end < len(s) && strings.IndexByte(digits, s[end]) >= 0 {
			end++
		}
		n, err := strconv.ParseUint(s[start:end], base, 32)
		if err != nil || n == 0 || n >= 0x10ffff || end >= 10 {
			return 0, 0
		}
		r = rune(n)
	} else {
		for end < len(s) && isAlpha(s[end]) {
			end++
		}
		names := map[string]rune{"lt": '<', "gt": '>', "amp": '&', "quot": '"'}
		if r = names[s[1:end]]; r == 0 {
			return 0, 0
		}
	}
	if end < len(s) && s[end] == ';' {
		end++
	}
	return r, end
}

func isAlpha(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func (p *htmlParser) startTag() error {
	begin := p.pos
	p.pos++
	name := lower(p.until(func(c byte) bool { return isSpace(c) || c == '>' }))
	if p.peek(0) == 0 {
		return fmt.Errorf("Unclosed start tag at byte offset %d", begin)
	}
	if _, ok := knownTags[name]; !ok {
		return fmt.Errorf("Unsupported start tag \"%s\" at byte offset %d", name, begin)
	}
	tag := openTag{name: name, start: p.units, begin: p.out.Len()}
	for p.peek(0) != '>' {
		if p.skipSpace(); p.peek(0) == '>' {
			break
		}
		if err := p.attribute(&tag, begin); err != nil {
			return err
		}
	}
	p.pos++
	if name == "span" && tag.arg != "spoiler" {
		return fmt.Errorf("Tag \"span\" must have class \"tg-spoiler\" at byte offset %d", begin)
	}
	p.open = append(p.open, tag)
	return nil
}

func (p *htmlParser) attribute(tag *openTag, begin int) error {
	name := p.until(func(c byte) bool { return isSpace(c) || strings.IndexByte(`=>/"'`, c) >= 0 })
	if name == "" {
		return fmt.Errorf("Empty attribute name in the tag \"%s\" at byte offset %d", tag.name, begin)
	}
	unclosed := fmt.Errorf("Unclosed start tag \"%s\" at byte offset %d", tag.name, begin)
	p.skipSpace()
	if p.peek(0) != '=' {
		if p.peek(0) == 0 {
			return unclosed
		}
		if tag.name == "blockquote" && name == "expandable" {
			tag.arg = "1"
		}
		return nil
	}
	p.pos++
	if p.skipSpace(); p.peek(0) == 0 {
		return unclosed
	}
	value, err := p.attributeValue()
	if err != nil {
		return err
	}
	if p.peek(0) == 0 {
		return fmt.Errorf("Unclosed start tag at byte offset %d", begin)
	}
	tag.set(name, value)
	return nil
}

// attributeValue reads a quoted string, or a bare token of letters, digits, dots and hyphens in lower case.
func (p *htmlParser) attributeValue() (string, error) {
	quote := p.peek(0)
	if quote != '"' && quote != '\'' {
		start := p.pos
		token := p.until(func(c byte) bool { return !isAlpha(c) && !isDigit(c) && c != '.' && c != '-' })
		if c := p.peek(0); !isSpace(c) && c != '>' {
			return "", fmt.Errorf("Unexpected end of name token at byte offset %d", start)
		}
		return lower(token), nil
	}
	p.pos++
	var value strings.Builder
	for p.peek(0) != quote && p.peek(0) != 0 {
		if r, n := decodeReference(p.src[p.pos:]); p.src[p.pos] == '&' && n > 0 {
			value.WriteRune(r)
			p.pos += n
			continue
		}
		value.WriteByte(p.src[p.pos])
		p.pos++
	}
	if p.peek(0) == quote {
		p.pos++
	}
	return value.String(), nil
}

func (t *openTag) set(name, value string) {
	switch t.name + " " + name {
	case "a href", "tg-emoji emoji-id", "tg-time format":
		t.arg = value
	case "code class":
		if lang, ok := strings.CutPrefix(value, "language-"); ok {
			t.arg = lang
		}
	case "span class":
		if class, ok := strings.CutPrefix(value, "tg-"); ok {
			t.arg = class
		}
	case "blockquote expandable":
		t.arg = "1"
	case "tg-time unix":
		t.unix, _ = strconv.ParseInt(value, 10, 32)
	}
}

func (p *htmlParser) endTag() error {
	begin := p.pos
	if len(p.open) == 0 {
		return fmt.Errorf("Unexpected end tag at byte offset %d", begin)
	}
	p.pos += 2
	name := lower(p.until(func(c byte) bool { return isSpace(c) || c == '>' }))
	if p.skipSpace(); p.peek(0) != '>' {
		return fmt.Errorf("Unclosed end tag at byte offset %d", begin)
	}
	p.pos++
	tag := p.open[len(p.open)-1]
	if name != "" && name != tag.name {
		return fmt.Errorf("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", begin, tag.name, name)
	}
	p.open = p.open[:len(p.open)-1]
	if p.units == tag.start {
		return nil // an empty element gives no entity
	}
	return p.close(tag)
}

// close appends the entity of an element that has content.
func (p *htmlParser) close(tag openTag) error {
	e := Entity{Type: knownTags[tag.name], Offset: tag.start, Length: p.units - tag.start}
	switch tag.name {
	case "a":
		return p.closeLink(tag, e)
	case "tg-emoji":
		if id, err := strconv.ParseInt(tag.arg, 10, 64); err != nil || id == 0 {
			return errors.New("Invalid custom emoji identifier specified")
		}
		e.Type, e.Emoji = "custom_emoji", tag.arg
	case "tg-time":
		if tag.arg != "r" && tag.arg != "R" && strings.Trim(tag.arg, "tTdDwW") != "" {
			return errors.New("Invalid date format used")
		}
		if tag.unix <= 0 {
			return nil
		}
		e.Type, e.Unix, e.Format = "date_time", tag.unix, tag.arg
	case "pre", "code":
		p.closeCode(tag, e)
		return nil
	case "blockquote":
		e.Type = "blockquote"
		if tag.arg != "" {
			e.Type = "expandable_blockquote"
		}
	}
	p.entities = append(p.entities, e)
	return nil
}

// closeLink makes a text_link, a mention of a user, or nothing when the address is not one that Telegram opens.
func (p *htmlParser) closeLink(tag openTag, e Entity) error {
	url := tag.arg
	if url == "" {
		url = p.out.String()[tag.begin:]
	}
	if id := userLink(url); id > 0 {
		e.Type, e.User = "text_mention", id
	} else if checked, err := checkLink(url); err == nil {
		e.Type, e.URL = "text_link", checked
	} else {
		return nil
	}
	p.entities = append(p.entities, e)
	return nil
}

// closeCode joins <pre> and <code class="language-x"> when they cover exactly the same text.
func (p *htmlParser) closeCode(tag openTag, e Entity) {
	other := map[string]string{"pre": "code", "code": "pre"}[tag.name]
	if n := len(p.entities); n > 0 {
		last := &p.entities[n-1]
		lang := tag.arg
		if tag.name == "pre" {
			lang = last.Language
		}
		if last.Type == other && last.Offset == e.Offset && last.Length == e.Length && lang != "" {
			last.Type, last.Language = "pre", lang
			return
		}
	}
	e.Type = tag.name
	if tag.name == "code" {
		e.Language = tag.arg
	}
	p.entities = append(p.entities, e)
}

// lower lowers ASCII letters only.
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}
