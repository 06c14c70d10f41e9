package filter

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// foreignKind is the kind of a lexeme of another service.
type foreignKind uint8

const (
	foreignEnd   foreignKind = iota
	foreignOpen              // ( [
	foreignClose             // ) ]
	foreignWord              // sanction!, merg*, AT&T
	foreignQuote             // "…"
	foreignAnd
	foreignOr
	foreignNot
	foreignNear  // W/5, adj3, same
	foreignMin   // atleast5
	foreignField // title: hd= HLEAD(, its operand follows
	foreignCaps  // ALLCAPS( CAPS( …, its operand follows
	foreignLost  // date after 20240101, wc>500: without an operand
)

// foreign is a lexeme of another service.
type foreign struct {
	kind       foreignKind
	text       string
	start, end int
	n          int
	unit       byte // of foreignNear: 'w' words, 's' sentence, 'p' paragraph, 'd' the whole text
	ordered    bool
	fields     []string // of foreignField: ours; none: there is no such field here
	why        string   // what is lost, of foreignLost and of a field without one of ours
}

// dialect is what tells one service's language from another's.
type dialect struct {
	name string
	// operator turns a word into the operator that it is; false: it is a word.
	operator func(*foreign) bool
	// field reads a field name or a command at the beginning of a word; n is its length, 0: none.
	field func(word string, opens bool) (f foreign, n int)
	// anyEnding are the signs for any ending; oneLetter for one letter, or a few.
	anyEnding, oneLetter string
	phrases              bool // words side by side are a phrase, else an AND
	orFirst              bool // OR binds before proximity and AND
	fieldLast            bool // fields and atleast take in proximity to their right
	brackets             bool // [ ] are parentheses
	minus                bool // -word is NOT word, and "a b"~5 its words within five others
}

// advance reads the next lexeme.
func (im *importer) advance() *SyntaxError {
	im.last = im.cur.end
	for im.at < len(im.src) {
		r, n := utf8.DecodeRuneInString(im.src[im.at:])
		if !isSpace(r) && !isComma(r) && r != ';' && !(r == '\'' && im.brackets) {
			break
		}
		im.at += n
	}
	start := im.at
	r, n := utf8.DecodeRuneInString(im.src[im.at:])
	one := func(k foreignKind) *SyntaxError {
		im.at += n
		im.cur = foreign{kind: k, text: im.src[start:im.at], start: start, end: im.at}
		return nil
	}
	switch {
	case im.at >= len(im.src):
		im.cur = foreign{kind: foreignEnd, start: start, end: start}
		return nil
	case isOpen(r), im.brackets && r == '[':
		return one(foreignOpen)
	case isClose(r), im.brackets && r == ']':
		return one(foreignClose)
	case isQuote(r):
		return im.quoted(n)
	case im.excludes(r, n) && im.minus:
		return one(foreignNot)
	case im.excludes(r, n):
		return im.refuse(start, start+n, "- excludes nothing there", "write NOT before what must not be there, or a space instead of -")
	}
	if n := boostAt(im.src[im.at:]); n > 0 {
		im.note(start, start+n, "weights only order results; left out")
		im.at += n
		return im.advance()
	}
	im.word()
	return nil
}

// quoted reads to the closing quotation mark.
func (im *importer) quoted(n int) *SyntaxError {
	l := lexer{src: im.src, at: im.at}
	x, err := l.quoted(n)
	if err != nil {
		return err
	}
	im.at = l.at
	im.cur = foreign{kind: foreignQuote, text: x.text, start: x.start, end: x.end}
	if m := looseness.FindStringSubmatch(im.src[im.at:]); m != nil && im.minus {
		im.at += len(m[0])
		im.cur.n, im.cur.end = number(m[1]), im.at
	}
	return nil
}

// looseness is Meltwater's "a b"~5, which is ours too.
var looseness = regexp.MustCompile(`^~([0-9]+)`)

// excludes reports whether a minus at the present place stands directly before a word, a
// quotation or a group.
func (im *importer) excludes(r rune, n int) bool {
	next, _ := utf8.DecodeRuneInString(im.src[im.at+n:])
	return isMinus(r) && (unicode.IsLetter(next) || isQuote(next) || isOpen(next))
}

var boost = regexp.MustCompile(`^\^[0-9]+(\.[0-9]+)?`)

// boostAt is the length of a weight like ^9 at the beginning of s.
func boostAt(s string) int { return len(boost.FindString(s)) }

// glued are the operators of Factiva that need no space around them.
var glued = regexp.MustCompile(`(?i)/[nf][0-9]+/`)

// word reads a word, an operator or a field name.
func (im *importer) word() {
	start := im.at
	l := lexer{src: im.src}
	for im.at < len(im.src) {
		r, n := utf8.DecodeRuneInString(im.src[im.at:])
		if im.at > start && (isSpace(r) || isOpen(r) || isClose(r) || isComma(r) || r == ';' || (im.brackets && (r == '[' || r == ']')) ||
			(isQuote(r) && !l.gershayim(im.at)) || boostAt(im.src[im.at:]) > 0) {
			break
		}
		im.at += n
	}
	w := im.src[start:im.at]
	if im.brackets {
		switch at := glued.FindStringIndex(w); {
		case at == nil:
		case at[0] == 0:
			w = w[:at[1]]
		default:
			w = w[:at[0]]
		}
		im.at = start + len(w)
	}
	after, _ := utf8.DecodeRuneInString(im.src[im.at:])
	if f, n := im.field(w, isOpen(after)); n > 0 {
		im.at = start + n
		f.text, f.start, f.end = w[:n], start, im.at
		im.cur = f
		return
	}
	im.cur = foreign{kind: foreignWord, text: w, start: start, end: im.at}
	if next, end := im.peekWord(im.at); im.orFirst && strings.EqualFold(w, "but") && strings.EqualFold(next, "not") {
		im.at = end
		im.cur = foreign{kind: foreignNot, text: im.src[start:end], start: start, end: end}
		return
	}
	if !im.operator(&im.cur) {
		im.restriction()
	}
}

// peekWord is the word that follows, and where it ends.
func (im *importer) peekWord(at int) (w string, end int) {
	for at < len(im.src) && im.src[at] == ' ' {
		at++
	}
	end = at
	for end < len(im.src) && im.src[end] != ' ' && im.src[end] != ')' {
		end++
	}
	return im.src[at:end], end
}

var (
	dateWord   = regexp.MustCompile(`(?i)^(date|pd|pub-date|length|wc)$`)
	dateGlued  = regexp.MustCompile(`(?i)^(date|pd|pub-date|length|wc)[<>=]+[0-9].*$`)
	dateLinker = regexp.MustCompile(`(?i)^(after|before|since|on|from|within|is|aft|bef|geq|leq|[<>=]+)$`)
	dateValue  = regexp.MustCompile(`^([<>=]+|-)?[0-9][0-9/.-]*$`)
)

// restriction turns a word that begins a limit on date or length into one lexeme.
func (im *importer) restriction() {
	x := &im.cur
	if dateGlued.MatchString(x.text) {
		im.lost(x.end)
		return
	}
	if im.name == "meltwater" || !dateWord.MatchString(x.text) {
		return
	}
	next, end := im.peekWord(x.end)
	switch {
	case dateValue.MatchString(next):
		im.lost(end)
	case dateLinker.MatchString(next):
		if _, e := im.peekWord(end); e > end {
			end = e
		}
		if to, e := im.peekWord(end); strings.EqualFold(next, "from") && strings.EqualFold(to, "to") {
			_, end = im.peekWord(e)
		}
		im.lost(end)
	}
}

// lost makes the present lexeme, up to end, one that cannot be carried over.
func (im *importer) lost(end int) {
	x := &im.cur
	x.kind, x.end, im.at = foreignLost, end, end
	x.text, x.why = im.src[x.start:end], "a rule watches what is new, whatever its length"
}

// connective reads the operators that the services share.
func connective(x *foreign) bool {
	switch strings.ToLower(x.text) {
	case "and", "&":
		x.kind = foreignAnd
	case "or":
		x.kind = foreignOr
	case "not":
		x.kind = foreignNot
	default:
		return false
	}
	return true
}

// proximity makes x a proximity operator.
func proximity(x *foreign, n int, unit byte, ordered bool) bool {
	x.kind, x.n, x.unit, x.ordered = foreignNear, n, unit, ordered
	return true
}

var (
	meltwaterNear = regexp.MustCompile(`(?i)^(o?near)(?:/([0-9]+))?$`)
	factivaNear   = regexp.MustCompile(`(?i)^(adj|near|w/)([0-9]*)$`)
	factivaInside = regexp.MustCompile(`(?i)^/(n|f)([0-9]+)/$`)
	lexisNear     = regexp.MustCompile(`(?i)^(w/|/|pre/|near/|onear/|\+)(?:([0-9]+)|(s|sent)|(p|para)|(seg))$`)
	least         = regexp.MustCompile(`(?i)^atleast/?([0-9]+)$`)
)

// number reads digits; what is too large becomes larger than every limit.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n > 1<<20 {
		return 1 << 20
	}
	return n
}

func atLeastWord(x *foreign) bool {
	m := least.FindStringSubmatch(x.text)
	if m != nil {
		x.kind, x.n = foreignMin, number(m[1])
	}
	return m != nil
}

func meltwaterOperator(x *foreign) bool {
	m := meltwaterNear.FindStringSubmatch(x.text)
	if m == nil {
		return connective(x) || atLeastWord(x)
	}
	n := 4
	if m[2] != "" {
		n = number(m[2])
	}
	return proximity(x, n+1, 'w', strings.EqualFold(m[1], "onear")) // theirs counts the words between
}

func factivaOperator(x *foreign) bool {
	if m := factivaNear.FindStringSubmatch(x.text); m != nil {
		n := 1
		if m[2] != "" {
			n = number(m[2])
		}
		return proximity(x, n, 'w', !strings.EqualFold(m[1], "near"))
	}
	if m := factivaInside.FindStringSubmatch(x.text); m != nil {
		if strings.EqualFold(m[1], "n") {
			return proximity(x, number(m[2]), 'w', false)
		}
		x.kind, x.why = foreignLost, "there is no search in the first words of an article; hd= and lead are close to it"
		return true
	}
	if strings.EqualFold(x.text, "same") {
		return proximity(x, 0, 'p', false)
	}
	return connective(x) || atLeastWord(x)
}

func lexisOperator(x *foreign) bool {
	switch strings.ToLower(x.text) {
	case "andnot", "butnot":
		x.kind = foreignNot
		return true
	}
	m := lexisNear.FindStringSubmatch(x.text)
	if m == nil {
		return connective(x) || atLeastWord(x)
	}
	ordered := strings.ContainsAny(m[1], "+") || strings.EqualFold(m[1], "pre/") || strings.EqualFold(m[1], "onear/")
	switch {
	case m[2] != "":
		return proximity(x, number(m[2]), 'w', ordered)
	case m[3] != "":
		return proximity(x, 0, 's', ordered)
	case m[4] != "":
		return proximity(x, 0, 'p', ordered)
	}
	return proximity(x, 0, 'd', ordered)
}
