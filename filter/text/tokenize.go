package text

import (
	"strings"
	"unicode/utf8"
)

// MaxKey is the number of bytes of a word's folded form that is kept; what is
// longer (a line of base64, a megabyte without a space) is cut, not refused.
const MaxKey = 128

// tokenizer is the state of one pass over one section.
type tokenizer struct {
	s    *Stream
	t    *table
	src  string
	tok  Token // the word being read
	from int   // where in the fold buffer it begins; < 0: no word is being read
	trim int32 // bytes of invisible controls at its end
	last rune  // the source rune read last, for marks that compose with it
	tail int   // where in the fold buffer the last rune's fold begins

	letters  int // letters of the word so far
	uppers   int // upper-case ones
	cased    int // letters that have case
	acronym  bool
	stack    bool // the next cluster joins this one
	newSent  bool // the next word begins a sentence
	newPara  bool // … and a paragraph
	newlines int
}

// run cuts the section into tokens.
func (z *tokenizer) run() {
	z.from = -1
	for i := 0; i < len(z.src); {
		if z.src[i] == ' ' {
			z.end()
			i++
			continue
		}
		if z.from < 0 {
			z.open(i)
		}
		if z.from >= 0 {
			if next := z.plain(i); next > i {
				i = next
				continue
			}
		}
		r, n := rune(z.src[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(z.src[i:])
		}
		e, more := z.t.row(r)
		if r == utf8.RuneError && n == 1 {
			e = entry{class: Break}
		}
		switch e.class {
		case Break:
			z.breakAt(r, i, i+n)
		case vanish:
			if z.from >= 0 {
				z.tok.End = int32(i + n)
				z.trimControl(r)
			}
		case compose:
			z.mark(r, i, i+n)
		default:
			z.letter(r, e, more, i, i+n)
		}
		i += n
	}
	z.end()
}

// open begins a word at i if it begins with a letter that plain takes.
func (z *tokenizer) open(i int) {
	c := z.src[i]
	switch {
	case c-'a' < 26:
		z.begin(Latin, i)
	case c >= 0xC2 && c < 0xE0 && i+1 < len(z.src) && z.src[i+1]&0xC0 == 0x80:
		e := z.t.rows[rune(c&0x1F)<<6|rune(z.src[i+1]&0x3F)]
		switch e.class {
		case Arabic, Hebrew, Cyrillic, Greek:
			if e.simple() {
				z.begin(e.class, i)
			}
		}
	}
}

// simple reports whether a rune of two bytes folds to one of two bytes and is no capital.
func (e entry) simple() bool {
	return e.fold >= utf8.RuneSelf && e.fold <= 0x7FF && e.bits&isUpper == 0
}

// plain goes on with a word over small letters of its script that need no care, which most
// letters are: the loop of every text. It returns where it stopped.
func (z *tokenizer) plain(i int) int {
	src, folded, start := z.src, z.s.folded, i
	limit := z.from + MaxKey - 1
	switch class := z.tok.Class; class {
	case Latin:
		for i < len(src) && src[i]-'a' < 26 && len(folded) < limit {
			folded = append(folded, src[i])
			i++
		}
		z.cased += i - start
		z.letters += i - start
	case Arabic, Hebrew, Cyrillic, Greek:
		for i+1 < len(src) && src[i] >= 0xC2 && src[i] < 0xE0 && src[i+1]&0xC0 == 0x80 && len(folded) < limit {
			e := z.t.rows[rune(src[i]&0x1F)<<6|rune(src[i+1]&0x3F)]
			if e.class != class || !e.simple() {
				break
			}
			folded = append(folded, 0xC0|byte(e.fold>>6), utf8.RuneSelf|byte(e.fold&0x3F))
			z.cased += int(e.bits & isCased)
			z.letters++
			i += 2
		}
	default:
		return i
	}
	if i > start {
		z.s.folded = folded
		z.tok.End, z.trim = int32(i), 0
		var size int
		z.last, size = utf8.DecodeLastRuneInString(src[start:i])
		z.tail = len(folded) - size // it folds to as many bytes
	}
	return i
}

// trimControl keeps invisible controls at a word's end out of it: evidence shows words.
func (z *tokenizer) trimControl(r rune) {
	if r >= 0x200C && r <= 0x206F || r == 0xFEFF || r == 0xAD {
		z.trim += int32(utf8.RuneLen(r))
	} else {
		z.trim = 0 // a mark: what stands before it is inside the word
	}
}

// letter adds a letter, digit or cluster part to the word, or begins a new one.
func (z *tokenizer) letter(r rune, e entry, more string, from, to int) {
	switch e.class {
	case trailing, stacker:
		if z.from < 0 || z.tok.Class != Cluster {
			return
		}
	case Han:
		z.end()
	case Cluster:
		if !z.stack {
			z.end()
		}
	default:
		if z.from >= 0 && !joins(z.tok.Class, e.class) {
			z.end()
		}
	}
	z.stack = e.class == stacker
	if z.from < 0 {
		z.begin(e.class, from)
	}
	if z.tok.Class == Digit && e.class != Digit {
		z.tok.Class = e.class
	}
	z.tok.End, z.trim = int32(to), 0
	z.tail, z.last = len(z.s.folded), r
	z.fold(e, more)
	if e.class != Digit {
		z.count(e)
	}
	if e.class == Han {
		z.end()
	}
}

// joins reports whether a rune of class b goes on with a word of class a.
func joins(a, b Class) bool {
	alphabetic := func(c Class) bool { return c >= Latin && c <= Alphabet }
	switch {
	case a == b:
		return true
	case alphabetic(a) || a == Digit:
		return alphabetic(b) || b == Digit
	case b == Digit:
		return a == Arabic || a == Indic || a == Hebrew // «ال17» is a word with its article
	}
	return false
}

// begin opens a word; sentences and paragraphs are counted where a word follows their end.
func (z *tokenizer) begin(c Class, at int) {
	if z.newPara {
		z.s.paragraph++
		z.s.sentence++
	} else if z.newSent {
		z.s.sentence++
	}
	z.newPara, z.newSent, z.newlines = false, false, 0
	z.letters, z.uppers, z.cased, z.acronym = 0, 0, 0, false
	z.tok, z.from, z.trim = Token{Start: int32(at), Class: c}, len(z.s.folded), 0
}

// fold appends the folded rune to the word, up to MaxKey.
func (z *tokenizer) fold(e entry, more string) {
	if len(z.s.folded)-z.from >= MaxKey {
		return
	}
	switch {
	case e.fold == 0:
		z.s.folded = append(z.s.folded, more...)
	case e.fold < utf8.RuneSelf:
		z.s.folded = append(z.s.folded, byte(e.fold))
	default:
		z.s.folded = utf8.AppendRune(z.s.folded, rune(e.fold))
	}
}

// count keeps what the flags need.
func (z *tokenizer) count(e entry) {
	z.letters++
	if e.bits&isCased != 0 {
		z.cased++
		if e.bits&isUpper != 0 {
			z.uppers++
			if z.letters == 1 {
				z.tok.Flags |= Upper
			}
		}
	}
}

// mark joins a combining mark to the rune before it where Unicode has one rune
// for both and the difference is a letter's (й, ї, ؤ, が, Hangul); otherwise it is decoration.
func (z *tokenizer) mark(r rune, from, to int) {
	if z.from < 0 {
		if r >= 0x1161 && r <= 0x11FF { // a lone vowel jamo
			z.letter(r, entry{fold: uint16(r), class: Hangul}, "", from, to)
		}
		return
	}
	z.tok.End, z.trim = int32(to), 0
	switch r {
	case 0xFF9E:
		r = 0x3099
	case 0xFF9F:
		r = 0x309A
	}
	base := z.last
	if z.tok.Class == Katakana {
		base, _ = utf8.DecodeLastRune(z.s.folded)
	}
	c, one := z.s.b.join(base, r)
	if !one || z.tail >= len(z.s.folded) {
		return
	}
	e, more := z.t.row(c)
	if e.class <= compose {
		return
	}
	z.s.folded = z.s.folded[:z.tail]
	z.last = c
	z.fold(e, more)
}

// breakAt ends the word, unless the rune binds letters here: the dots of an
// acronym, the geresh of Hebrew. It also sees where sentences and paragraphs end.
func (z *tokenizer) breakAt(r rune, at, next int) {
	if z.from >= 0 && int(z.tok.End) == at {
		switch r {
		case '.':
			if z.dots(next) {
				return
			}
		case '\'', '’', '"', '״', '׳', '”':
			if z.tok.Class == Hebrew && z.classAt(next) == Hebrew {
				return
			}
		}
	}
	switch r {
	case '\n', '\u0085', '\u2028':
		z.newlines++
		z.newSent = true
		z.newPara = z.newPara || z.newlines > 1
	case '\u2029', '\f', '\v':
		z.newPara = true
	case '.':
		z.newSent = z.newSent || z.fullStop(next)
	case '!', '?', '…', '؟', '۔', '।', '。', '！', '？', '．':
		z.newSent = true
	}
	z.end()
}

// dots reports whether a dot after a single letter is followed by another single letter.
func (z *tokenizer) dots(next int) bool {
	if z.letters == 0 || (z.letters > 1 && !z.acronym) || z.tok.Class > Hebrew {
		return false
	}
	rest := z.src[next:]
	r, n := utf8.DecodeRuneInString(rest)
	e, _ := z.t.row(r)
	if e.class != z.tok.Class {
		return false
	}
	if c := z.classAt(next + n); c >= Digit && c < Han || c == compose {
		return false
	}
	z.acronym = true
	return true
}

// classAt is the class of the rune at an offset; Break at the end.
func (z *tokenizer) classAt(i int) Class {
	if i >= len(z.src) {
		return Break
	}
	r, _ := utf8.DecodeRuneInString(z.src[i:])
	e, _ := z.t.row(r)
	return e.class
}

// abbreviations whose dot ends no sentence; folded.
var abbreviations = map[string]bool{
	"mr": true, "mrs": true, "ms": true, "dr": true, "st": true, "gen": true, "sen": true, "rep": true, "gov": true, "prof": true, "no": true, "vs": true,
	"lt": true, "col": true, "sgt": true, "jan": true, "feb": true, "aug": true, "sept": true, "oct": true, "nov": true, "dec": true, "approx": true,
	"bzw": true, "ca": true, "nr": true, "mio": true, "mrd": true, "sr": true, "sra": true, "av": true, "mme": true, "im": true,
	"г": true, "гг": true, "ул": true, "тыс": true, "млн": true, "млрд": true, "им": true, "руб": true, "долл": true,
}

// fullStop reports whether a dot before next ends a sentence: space follows, and
// the word before is neither an initial nor a known abbreviation.
func (z *tokenizer) fullStop(next int) bool {
	if next < len(z.src) && strings.IndexByte(" \t\r\n\"')]}\xc2\xe2", z.src[next]) < 0 {
		return false
	}
	if z.from < 0 {
		return true
	}
	if z.acronym || (z.letters == 1 && z.cased == 1) {
		return false
	}
	return !abbreviations[string(z.s.folded[z.from:])]
}

// end closes the word being read, if any.
func (z *tokenizer) end() {
	if z.from < 0 {
		return
	}
	t := &z.tok
	t.End -= z.trim
	if len(z.s.folded) > z.from {
		if z.uppers == z.letters && z.uppers > 1 {
			t.Flags |= AllUpper
		}
		if z.cased > 0 {
			t.Flags |= Cased
		}
		if z.acronym {
			t.Flags |= Acronym
		}
		end := noEnding
		if t.Class == Arabic {
			src := z.src[t.Start:t.End]
			if isFunctionWord(src) {
				t.Flags |= Function
			}
			end = endingOf(src)
		}
		z.s.add(t, z.from, end)
	}
	z.from, z.stack = -1, false
}
