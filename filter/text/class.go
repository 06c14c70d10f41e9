package text

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Class is what a rune is to the tokeniser, and a token's script.
type Class uint8

// The classes. Those before Digit are not part of any word.
const (
	Break    Class = iota // ends a word
	vanish                // dropped inside a word: marks, tatweel, controls
	compose               // a combining mark: joins the rune before where Unicode has both as one
	Digit                 // 0-9 in any script
	Latin                 //
	Greek                 //
	Cyrillic              //
	Alphabet              // any other alphabet with words between spaces: Armenian, Georgian, Ethiopic …
	Indic                 // letters and vowel signs of India
	Arabic                //
	Hebrew                //
	Hiragana              //
	Katakana              //
	Hangul                //
	Han                   // one character, one word
	Cluster               // Thai, Lao, Khmer, Burmese: one grapheme cluster, one word
	trailing              // a mark that belongs to the cluster before
	stacker               // a mark that also binds the consonant after it (Khmer coeng, Burmese virama)
)

const (
	isCased = 1 << iota // the rune's script has case
	isUpper
)

// entry is one rune's row of the class table.
type entry struct {
	fold  uint16 // the folded rune; 0: look in expansions
	class Class
	bits  uint8
}

// table covers the Basic Multilingual Plane; runes above it go through slow.
type table struct {
	rows       [0x10000]entry
	expansions map[rune]string // folds of more than one rune
}

// classes is built once, at first use (a few milliseconds).
var classes = sync.OnceValue(buildTable)

// buildTable classes every rune of the BMP; Han and Hangul by range, as they are most of it.
func buildTable() *table {
	t := &table{expansions: map[rune]string{}}
	han := hanFold()
	for r := rune(0); r < 0x10000; r++ {
		switch {
		case r >= 0x3400 && r <= 0x9FFF, r >= 0xF900 && r <= 0xFAFF, r == '々', r == '〇':
			t.rows[r] = entry{fold: uint16(foldHan(r, han)), class: Han}
		case r >= 0xAC00 && r <= 0xD7A3:
			t.rows[r] = entry{fold: uint16(r), class: Hangul}
		case r >= 0xD800 && r <= 0xF8FF: // surrogates, private use
		default:
			t.set(r)
		}
	}
	return t
}

// foldHan is the Simplified form; compatibility ideographs count as what they are compatible with.
func foldHan(r rune, han map[rune]rune) rune {
	if r >= 0xF900 { // compatibility ideographs
		if d, _ := utf8.DecodeRuneInString(norm.NFC.String(string(r))); d < 0x10000 {
			r = d
		}
	}
	if s, ok := han[r]; ok {
		return s
	}
	return r
}

// set fills the row of one rune.
func (t *table) set(r rune) {
	class := classOf(r)
	if class <= compose {
		t.rows[r] = entry{class: class}
		return
	}
	folded := foldRune(r, class)
	if folded == "" {
		t.rows[r] = entry{class: vanish}
		return
	}
	e := entry{class: class}
	if (class >= Latin && class <= Cyrillic) || (r >= 0x531 && r <= 0x587) {
		if unicode.IsUpper(r) || unicode.IsTitle(r) {
			e.bits = isCased | isUpper
		} else if unicode.IsLower(r) {
			e.bits = isCased
		}
	}
	if first, n := utf8.DecodeRuneInString(folded); n == len(folded) && first < 0x10000 {
		e.fold = uint16(first)
	} else {
		t.expansions[r] = folded
	}
	t.rows[r] = e
}

// row returns the class row of any rune, and its fold when it is not one rune of the BMP.
func (t *table) row(r rune) (entry, string) {
	if r < 0x10000 {
		e := t.rows[r]
		if e.fold == 0 && e.class > compose {
			return e, t.expansions[r]
		}
		return e, ""
	}
	return slow(r)
}

// slow classes a rune above the BMP: rare Han, styled Latin letters, Adlam and the like.
func slow(r rune) (entry, string) {
	switch {
	case r >= 0x20000 && r <= 0x3FFFF:
		return entry{class: Han}, string(r)
	case r >= 0xE0000: // tags, variation selectors
		return entry{class: vanish}, ""
	}
	class := classOf(r)
	if class <= compose {
		return entry{class: class}, ""
	}
	folded := foldRune(r, class)
	if folded == "" {
		class = vanish
	}
	return entry{class: class}, folded
}

// classOf says what a rune is. Styled and presentation forms count as what they stand for.
func classOf(r rune) Class {
	switch {
	case r < 0x80:
		return classASCII(r)
	case r == 0x200B: // zero width space: a break that cannot be seen
		return Break
	case r == 0x00AD || (r >= 0x200C && r <= 0x200F) || (r >= 0x202A && r <= 0x202E) ||
		(r >= 0x2060 && r <= 0x206F) || r == 0xFEFF || (r >= 0xFE00 && r <= 0xFE0F) || r == 0x34F || r == 0x61C:
		return vanish
	case (r >= 0x300 && r <= 0x36F) || r == 0x3099 || r == 0x309A || r == 0xFF9E || r == 0xFF9F ||
		(r >= 0x653 && r <= 0x655) || (r >= 0x1161 && r <= 0x11FF):
		return compose
	case r == 0x0E33 || r == 0x0EB3: // sara am
		return trailing
	case r == 0x17D2 || r == 0x1039:
		return stacker
	case unicode.IsDigit(r):
		return Digit
	case unicode.IsMark(r):
		return classMark(r)
	case unicode.IsLetter(r):
		return classLetter(r)
	}
	return Break
}

func classASCII(r rune) Class {
	switch {
	case r >= '0' && r <= '9':
		return Digit
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
		return Latin
	}
	return Break
}

// classMark says which marks are letters (vowel signs of India, of Thai) and which are decoration.
func classMark(r rune) Class {
	switch {
	case unicode.In(r, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
		return trailing
	case r == 0x93C || r == 0x9BC || r == 0xA3C || r == 0xABC: // nukta: newspapers write it or not
		return vanish
	case r >= 0x900 && r <= 0xDFF, unicode.In(r, unicode.Tibetan):
		return Indic
	}
	return vanish
}

// classLetter tells scripts apart.
func classLetter(r rune) Class {
	if r == 0x640 || r == 0xFDFA || r == 0xFDFB || (r >= 0x2B0 && r <= 0x2FF) { // tatweel, modifier letters
		if r == 0x640 {
			return vanish
		}
		return Break
	}
	switch {
	case unicode.Is(unicode.Latin, r):
		return Latin
	case unicode.Is(unicode.Cyrillic, r):
		return Cyrillic
	case unicode.Is(unicode.Greek, r):
		return Greek
	case unicode.Is(unicode.Arabic, r):
		return Arabic
	case unicode.Is(unicode.Hebrew, r):
		return Hebrew
	case unicode.Is(unicode.Hiragana, r):
		return Hiragana
	case unicode.Is(unicode.Katakana, r), r == 0x30FC, r == 0xFF70:
		return Katakana
	case unicode.Is(unicode.Hangul, r):
		return Hangul
	case unicode.Is(unicode.Han, r):
		return Han
	case unicode.In(r, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
		return Cluster
	case r >= 0x900 && r <= 0xDFF:
		return Indic
	case r >= 0x1D400 && r <= 0x1D7FF: // styled Latin and Greek letters
		return Latin
	}
	return Alphabet
}

// letters that have a fold of their own; the rest follows from the class.
var special = map[rune]string{
	'ß': "ss", 'ẞ': "ss", 'æ': "ae", 'Æ': "ae", 'œ': "oe", 'Œ': "oe", 'ø': "o", 'Ø': "o", 'ł': "l", 'Ł': "l",
	'đ': "d", 'Đ': "d", 'ð': "d", 'Ð': "d", 'þ': "th", 'Þ': "th", 'ı': "i", 'İ': "i", 'ħ': "h", 'Ħ': "h",
	'ς': "σ", 'ё': "е", 'Ё': "е", 'ѐ': "е", 'Ѐ': "е", 'ѝ': "и", 'Ѝ': "и",
	'أ': "ا", 'إ': "ا", 'آ': "ا", 'ٱ': "ا", 'ى': "ي", 'ی': "ي", 'ې': "ي", 'ک': "ك", 'ة': "ه", 'ۃ': "ه", 'ہ': "ه", 'ۀ': "ه", 'ە': "ه", 'ۂ': "ه",
}

// foldRune returns the folded form of a letter or digit, without the signs that words are cut at
// or written without (the nukta of क़, the apostrophe of ŉ); "" when nothing is left of it.
func foldRune(r rune, class Class) string {
	return strings.Map(func(d rune) rune {
		if classOf(d) <= compose {
			return -1
		}
		return d
	}, foldWhole(r, class))
}

// foldWhole is foldRune with those signs.
func foldWhole(r rune, class Class) string {
	if s, ok := special[r]; ok {
		return s
	}
	switch class {
	case Digit:
		return string('0' + digitValue(r))
	case Cyrillic, Alphabet, Indic, Hebrew, Hangul, Cluster, trailing, stacker, Hiragana:
		if class == Hebrew && r < 0xFB00 || class != Hebrew {
			return norm.NFC.String(string(unicode.ToLower(r)))
		}
	}
	var b strings.Builder
	for _, d := range norm.NFKD.String(string(r)) {
		switch {
		case unicode.IsMark(d) && class != Katakana, d == ' ', d == 0x640:
		case !unicode.IsLetter(d) && !unicode.IsMark(d):
			return ""
		default:
			l := unicode.ToLower(d)
			if s, ok := special[l]; ok {
				b.WriteString(s)
			} else {
				b.WriteRune(l)
			}
		}
	}
	if class == Katakana || (class == Arabic && b.Len() == 2) {
		return foldMarked(r, b.String())
	}
	return b.String()
}

// foldMarked keeps the letters in which the mark is not decoration: ؤ ئ and voiced kana.
func foldMarked(r rune, bare string) string {
	c := norm.NFKC.String(string(r))
	switch c {
	case "ؤ", "ئ":
		return c
	}
	if first, _ := utf8.DecodeRuneInString(c); unicode.Is(unicode.Katakana, first) || first == 0x30FC {
		return c
	}
	return bare
}

// digitValue is the value of a decimal digit: Unicode keeps them in runs of ten.
func digitValue(r rune) rune {
	if r >= 0x1D7CE && r <= 0x1D7FF { // styled digits, five runs without a gap
		return (r - 0x1D7CE) % 10
	}
	n := rune(0)
	for n < 9 && unicode.IsDigit(r-n-1) {
		n++
	}
	return n
}
