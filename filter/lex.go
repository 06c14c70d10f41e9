package filter

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"wirewatch/filter/text"
)

// kind is the kind of a lexeme.
type kind uint8

const (
	endOfText  kind = iota
	openGroup       // (
	closeGroup      // )
	comma           // , ، ， 、
	word            // Geneva, nucle*, COVID-19
	phrase          // "…", in any quotation marks
	mention         // @geneva, @"security guarantees", @switzerland>
	fieldName       // title:
	equals          // =
	tilde           // ~
	opAnd           // AND &
	opOr            // OR |
	opNot           // NOT - !
	opNear          // NEAR/n PRE/n W/n ONEAR/n
	opMin           // MIN/n
	opAny           // ANY/n
)

// lexeme is one piece of a query.
type lexeme struct {
	kind       kind
	text       string // without quotation marks, @ and colon
	start, end int    // bytes in the source
	n          int    // of operators
	unit       byte   // of opNear: 'w' words, 's' sentence, 'p' paragraph
	ordered    bool   // of opNear
	within     bool   // of mention: with what is part of it
	field      *field
}

// lexer cuts a query into lexemes.
type lexer struct {
	src string
	at  int
	raw bool // the next word is an address: colons and quotes do not cut it
}

// Signs that phones, keyboards and word processors put for one another.
func isSpace(r rune) bool {
	return unicode.IsSpace(r) || r == 0x200B || r == 0x200E || r == 0x200F || r == 0x61C || r == 0xFEFF || r == 0xAD ||
		(r >= 0x202A && r <= 0x202E) || (r >= 0x2066 && r <= 0x2069) || unicode.IsControl(r)
}

func isQuote(r rune) bool {
	return strings.ContainsRune(`"“”„‟«»‹›「」『』《》〈〉〝〞〟＂`, r)
}
func isOpen(r rune) bool       { return strings.ContainsRune("([{（［｛【", r) }
func isClose(r rune) bool      { return strings.ContainsRune(")]}）］｝】", r) }
func isComma(r rune) bool      { return strings.ContainsRune(",،，、﹐", r) }
func isMinus(r rune) bool      { return strings.ContainsRune("-–—−‐‑﹣－", r) }
func isColon(r rune) bool      { return r == ':' || r == '：' || r == '﹕' }
func isApostrophe(r rune) bool { return strings.ContainsRune("'‘‚’", r) }
func isStar(r rune) bool       { return r == '*' || r == '＊' || r == '٭' }

// peek is the rune at the present place and its size; -1 at the end.
func (l *lexer) peek() (rune, int) {
	if l.at >= len(l.src) {
		return -1, 0
	}
	return utf8.DecodeRuneInString(l.src[l.at:])
}

// next returns the next lexeme.
func (l *lexer) next() (lexeme, *SyntaxError) {
	for {
		r, n := l.peek()
		if r < 0 {
			return lexeme{kind: endOfText, start: len(l.src), end: len(l.src)}, nil
		}
		if !isSpace(r) {
			break
		}
		l.at += n
	}
	if l.raw {
		l.raw = false
		if x, ok := l.address(); ok {
			return x, nil
		}
	}
	r, n := l.peek()
	start := l.at
	one := func(k kind) (lexeme, *SyntaxError) {
		l.at += n
		return lexeme{kind: k, text: l.src[start:l.at], start: start, end: l.at}, nil
	}
	switch {
	case isOpen(r):
		return one(openGroup)
	case isClose(r):
		return one(closeGroup)
	case isComma(r):
		return one(comma)
	case r == '=' || r == '＝':
		return one(equals)
	case r == '~' || r == '～' || r == '∼':
		return one(tilde)
	case isQuote(r):
		return l.quoted(n)
	case r == '@' || r == '＠':
		return l.mention(n)
	case r == '|' || r == '｜':
		return l.sign(opOr, r, n)
	case r == '&' || r == '＆':
		return l.sign(opAnd, r, n)
	case isMinus(r) || r == '!' || r == '！':
		return l.minus(n)
	case r == '+' && l.startsWord(start+n):
		l.at += n // +word: AND is what words have anyway
		return l.next()
	}
	if x, ok := l.apostrophes(r, n); ok {
		return x, nil
	}
	return l.word()
}

// sign reads & or | or their doubles.
func (l *lexer) sign(k kind, r rune, n int) (lexeme, *SyntaxError) {
	start := l.at
	l.at += n
	if again, m := l.peek(); again == r {
		l.at += m
	}
	return lexeme{kind: k, text: l.src[start:l.at], start: start, end: l.at}, nil
}

// minus reads - or ! before what it excludes.
func (l *lexer) minus(n int) (lexeme, *SyntaxError) {
	start := l.at
	l.at += n
	if r, _ := l.peek(); r < 0 || isSpace(r) || isClose(r) {
		return lexeme{}, fail(l.src, start, l.at, "stray-sign")
	}
	return lexeme{kind: opNot, text: l.src[start:l.at], start: start, end: l.at}, nil
}

// startsWord reports whether something follows a sign without a space.
func (l *lexer) startsWord(at int) bool {
	r, _ := utf8.DecodeRuneInString(l.src[at:])
	return at < len(l.src) && !isSpace(r)
}

// gershayim reports whether the quotation mark at i stands between two Hebrew
// letters, where it is part of an acronym (ארה"ב).
func (l *lexer) gershayim(i int) bool {
	r, n := utf8.DecodeRuneInString(l.src[i:])
	if r != '"' && r != '”' {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(l.src[:i])
	after, _ := utf8.DecodeRuneInString(l.src[i+n:])
	return unicode.Is(unicode.Hebrew, before) && unicode.Is(unicode.Hebrew, after)
}

// quoted reads to the closing quotation mark, whichever it is.
func (l *lexer) quoted(n int) (lexeme, *SyntaxError) {
	start := l.at
	for i := start + n; i < len(l.src); {
		r, m := utf8.DecodeRuneInString(l.src[i:])
		if isQuote(r) && !l.gershayim(i) {
			l.at = i + m
			return lexeme{kind: phrase, text: l.src[start+n : i], start: start, end: l.at}, nil
		}
		i += m
	}
	return lexeme{}, fail(l.src, start, len(l.src), "unclosed-quote")
}

// singleQuoted reads ‘a phrase’; false when the sign is an apostrophe.
func (l *lexer) singleQuoted(n int) (lexeme, bool) {
	start := l.at
	for i := start + n; i < len(l.src); {
		r, m := utf8.DecodeRuneInString(l.src[i:])
		if r == '\'' || r == '’' {
			after, _ := utf8.DecodeRuneInString(l.src[i+m:])
			if i+m == len(l.src) || isSpace(after) || isClose(after) || isComma(after) {
				l.at = i + m
				return lexeme{kind: phrase, text: l.src[start+n : i], start: start, end: l.at}, true
			}
		}
		if isQuote(r) || isOpen(r) || isClose(r) {
			break
		}
		i += m
	}
	return lexeme{}, false
}

// apostrophes reads what singleQuoted reads, if r begins it.
func (l *lexer) apostrophes(r rune, n int) (lexeme, bool) {
	if !isApostrophe(r) {
		return lexeme{}, false
	}
	return l.singleQuoted(n)
}

// mention reads @slug, @"a name", @slug>.
func (l *lexer) mention(n int) (lexeme, *SyntaxError) {
	start := l.at
	l.at += n
	x := lexeme{kind: mention, start: start}
	if r, m := l.peek(); isQuote(r) {
		q, err := l.quoted(m)
		if err != nil {
			return x, err
		}
		x.text = q.text
	} else if q, ok := l.apostrophes(r, m); ok {
		x.text = q.text
	} else {
		from := l.at
		for {
			r, m := l.peek()
			if r < 0 || !(unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || isMinus(r) || strings.ContainsRune("_.'’\u200c\u200d", r)) {
				break
			}
			l.at += m
		}
		x.text = strings.TrimRight(l.src[from:l.at], ".'’")
		l.at = from + len(x.text)
	}
	if r, m := l.peek(); r == '>' || r == '＞' {
		x.within = true
		l.at += m
	}
	x.end = l.at
	l.fullStop()
	if strings.TrimSpace(x.text) == "" {
		return x, fail(l.src, start, max(x.end, start+n), "missing-term", "sign", "@")
	}
	return x, nil
}

// fullStop steps over what ends a sentence behind a mention, as words do without their signs too.
func (l *lexer) fullStop() {
	rest := l.src[l.at:]
	after := strings.TrimLeft(rest, ".!?;…؟؛。")
	if r, _ := utf8.DecodeRuneInString(after); after == "" || isSpace(r) || isClose(r) {
		l.at += len(rest) - len(after)
	}
}

// address reads a value of url: up to a space, a parenthesis or a comma.
func (l *lexer) address() (lexeme, bool) {
	if r, _ := l.peek(); isQuote(r) || isOpen(r) || isMinus(r) || r == '!' {
		return lexeme{}, false
	}
	start := l.at
	for {
		r, n := l.peek()
		if isPlain(r) {
			l.at += n
			continue
		}
		if r < 0 || isSpace(r) || isOpen(r) || isClose(r) || isComma(r) || isQuote(r) {
			break
		}
		l.at += n
	}
	return lexeme{kind: word, text: l.src[start:l.at], start: start, end: l.at}, l.at > start
}

// word reads a bare word, a field name or an operator in capitals.
func (l *lexer) word() (lexeme, *SyntaxError) {
	start := l.at
	letters := true
	for {
		r, n := l.peek()
		if isPlain(r) || r == softHyphen && l.at > start {
			l.at += n
			continue
		}
		if isSpace(r) && letters && l.spacedColon(start) {
			continue
		}
		if r < 0 || isSpace(r) || isOpen(r) || isClose(r) || isComma(r) || r == '|' || r == '｜' || (isQuote(r) && !l.gershayim(l.at)) {
			break
		}
		if isColon(r) && letters && l.at > start {
			name := strings.TrimRightFunc(l.src[start:l.at], isSpace)
			l.at += n
			return l.field(name, start)
		}
		letters = letters && (unicode.IsLetter(r) || unicode.IsMark(r) || r == 0x640 || r == '_')
		l.at += n
	}
	x := lexeme{kind: word, text: l.src[start:l.at], start: start, end: l.at}
	return l.operator(x)
}

// spacedColon steps over the space between the name of a field and its colon, as some languages and
// keyboards put one.
func (l *lexer) spacedColon(start int) bool {
	rest := strings.TrimLeftFunc(l.src[l.at:], isSpace)
	if r, _ := utf8.DecodeRuneInString(rest); !isColon(r) || fields[text.Fold(l.src[start:l.at])] == nil {
		return false
	}
	l.at = len(l.src) - len(rest)
	return true
}

// softHyphen says where a word may be parted at the end of a line; it is no part of the word.
const softHyphen = 0xAD

// isPlain reports whether a rune is one of the letters that most words are made of: no sign of the
// language looks like it.
func isPlain(r rune) bool {
	return r|0x20 >= 'a' && r|0x20 <= 'z' || r >= 0x621 && r <= 0x63A || r >= 0x641 && r <= 0x64A || r >= 0x400 && r <= 0x481
}

// field looks a name before a colon up.
func (l *lexer) field(name string, start int) (lexeme, *SyntaxError) {
	f, ok := fields[text.Fold(name)]
	if !ok {
		return lexeme{}, fail(l.src, start, l.at, "unknown-field", "field", name, "suggestion", nearField(name))
	}
	l.raw = f.name == "url"
	return lexeme{kind: fieldName, text: name, start: start, end: l.at, field: f}, nil
}
