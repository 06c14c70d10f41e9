package text

import (
	"strings"
	"sync"
)

// Flags says how a word is written.
type Flags uint8

// The flags of a token.
const (
	Upper    Flags = 1 << iota // begins with a capital letter
	AllUpper                   // two letters or more, all capital
	Cased                      // its script has case
	Acronym                    // written with dots: U.N.
	Function                   // an Arabic closed-class word as spelled (على, أن): never a name
)

// Token is one word of a section.
type Token struct {
	Start, End          int32 // byte offsets in the section's source
	Pos                 int32 // counts words; jumps by [Gap] between sections, so that nothing reaches across
	Sentence, Paragraph int32 // counted over the whole stream
	Section             int16
	Class               Class
	Flags               Flags

	word int32 // the distinct word that it is, in Stream.words
	next int32 // the next token of that word; -1: none
}

// Gap is the distance between the last word of a section and the first of the next.
const Gap = 1000

// MaxSection is the number of bytes of a section that are read; the rest is ignored.
const MaxSection = 1 << 20

// Stream is a text in sections (title, body …), cut into words; equal words share
// their forms. Build it with [New], [Stream.Add] and [Stream.Index]; from then on it
// is immutable and safe for concurrent use.
type Stream struct {
	Tokens []Token

	sections  []section
	lang      string // what forms are built for
	sure      bool   // the language was decided by a clear margin
	sentence  int32
	paragraph int32

	folded []byte // the distinct words, and what forms are made of besides
	words  []word
	forms  []Form   // of all words, in order
	b      *builder // while building

	findOnce   sync.Once
	index      hashIndex // for patterns that are looked for one by one
	beginOnce  sync.Once
	beginnings hashIndex // for words with *
	wideOnce   sync.Once
	wide       []wideForm // of all words
	wideIndex  hashIndex
	twinOnce   sync.Once
	twins      []int32 // by token, see [Stream.Twin]; nil: none is repeated
}

type section struct {
	src     string
	unread  int   // bytes of its source beyond MaxSection
	first   int32 // its first token, if it has one
	shouted bool  // written in capitals: a headline that tells nothing by case
	lower   bool  // no capital letter at all though the script has them
}

// New returns an empty stream.
func New() *Stream { return &Stream{} }

// Add cuts src into words as the next section. Call it before [Stream.Index].
func (s *Stream) Add(src string) {
	unread := max(0, len(src)-MaxSection)
	if unread > 0 {
		src = strings.ToValidUTF8(src[:MaxSection], "")
	}
	if s.b == nil {
		s.lend()
	}
	first := len(s.Tokens)
	z := tokenizer{s: s, t: classes(), src: src}
	s.sentence++
	s.paragraph++
	s.sections = append(s.sections, section{src: src, unread: unread, first: int32(first)})
	z.run()
	s.sections[len(s.sections)-1].setCase(s.Tokens[first:])
}

// add appends a finished token, of which the folded word begins at from and ends the buffer.
func (s *Stream) add(t *Token, from int, end ending) {
	t.Section = int16(len(s.sections) - 1)
	t.Sentence, t.Paragraph = s.sentence, s.paragraph
	at := int32(len(s.Tokens))
	t.Pos = at + int32(t.Section)*Gap
	t.word, t.next = s.intern(from, t, end), -1
	w := &s.words[t.word]
	if w.first < 0 {
		w.first = at
	} else {
		s.Tokens[w.last].next = at
	}
	w.last = at
	s.Tokens = append(s.Tokens, *t)
}

// setCase decides whether capitals mean anything in the section.
func (c *section) setCase(tokens []Token) {
	cased, upper, all := 0, 0, 0
	for i := range tokens {
		f := tokens[i].Flags
		if f&Cased == 0 {
			continue
		}
		cased++
		if f&Upper != 0 {
			upper++
		}
		if f&AllUpper != 0 {
			all++
		}
	}
	c.shouted = cased >= 3 && all*10 >= cased*7
	c.lower = cased > 0 && upper == 0
}

// Index builds the forms of every word for the language lang ("" unknown; sure:
// decided by a clear margin). Call it once, after the last [Stream.Add].
func (s *Stream) Index(lang string, sure bool) {
	s.lang, s.sure = lang, sure
	if s.b == nil {
		s.lend()
	}
	rules := rulesOf(lang)
	for i := range s.words {
		s.addForms(int32(i), &rules)
	}
	s.keep()
}

// Unread is how many bytes of its sections were not read, because they are beyond [MaxSection].
func (s *Stream) Unread() int {
	n := 0
	for i := range s.sections {
		n += s.sections[i].unread
	}
	return n
}

// Lang is the language the stream was indexed for, and whether that is certain.
func (s *Stream) Lang() (lang string, sure bool) { return s.lang, s.sure }

// Key is the folded form of the i-th token.
func (s *Stream) Key(i int) string {
	w := &s.words[s.Tokens[i].word]
	if s.b != nil {
		return string(s.folded[w.from:w.to])
	}
	return view(s.folded[w.from:w.to])
}

// Source is the text from the first to the last token as its section writes it.
func (s *Stream) Source(first, last int) string {
	return s.sections[s.Tokens[first].Section].src[s.Tokens[first].Start:s.Tokens[last].End]
}

// Shouted reports whether the token's section is written in capitals.
func (s *Stream) Shouted(tok int) bool { return s.sections[s.Tokens[tok].Section].shouted }

// caseless reports whether capitals tell nothing about the token.
func (s *Stream) caseless(tok int) bool {
	c := &s.sections[s.Tokens[tok].Section]
	return c.shouted || c.lower || s.Tokens[tok].Flags&Cased == 0
}
