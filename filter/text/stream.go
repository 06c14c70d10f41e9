package text

import (
	"slices"
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

	from, to int32 // the folded form, in Stream.keys
	trim     int32 // bytes of invisible controls at the end
}

// Gap is the distance between the last word of a section and the first of the next.
const Gap = 1000

// MaxSection is the number of bytes of a section that are read; the rest is ignored.
const MaxSection = 1 << 20

// Stream is a text in sections (title, body …), cut into words and indexed by
// their forms. Build it with [New], [Stream.Add] and [Stream.Index]; from then on it
// is immutable and safe for concurrent use.
type Stream struct {
	Tokens   []Token
	sections []section

	lang string // what forms are built for
	sure bool   // the language was decided by a clear margin

	folded    []byte // while building
	keys      string // folded, once indexed
	sentence  int32
	paragraph int32

	forms  []Form  // of all tokens, in order
	formAt []int32 // token -> its first form; one more at the end
	heads  map[Key]int32
	occs   []occurrence

	wideOnce sync.Once
	wide     map[string][]int32 // wide stem -> tokens
	vocOnce  sync.Once
	voc      []string // distinct exact forms, sorted
}

type section struct {
	src     string
	shouted bool // written in capitals: a headline that tells nothing by case
	lower   bool // no capital letter at all though the script has them
}

// occurrence is one place of a form; next is the following one of the same form, -1 at the end.
type occurrence struct {
	tok  int32
	next int32
	took Freedom
}

// New returns an empty stream.
func New() *Stream { return &Stream{} }

// Add cuts src into words as the next section. Call it before [Stream.Index].
func (s *Stream) Add(src string) {
	if len(src) > MaxSection {
		src = strings.ToValidUTF8(src[:MaxSection], "")
	}
	first := len(s.Tokens)
	if s.folded == nil {
		s.folded = make([]byte, 0, len(src)+len(src)/4+16)
		s.Tokens = make([]Token, 0, len(src)/6+2)
	}
	z := tokenizer{s: s, t: classes(), src: src}
	s.sentence++
	s.paragraph++
	s.sections = append(s.sections, section{src: src})
	z.run()
	s.sections[len(s.sections)-1].setCase(s.Tokens[first:])
}

// add appends a finished token.
func (s *Stream) add(t Token) {
	t.Section = int16(len(s.sections) - 1)
	t.Sentence, t.Paragraph = s.sentence, s.paragraph
	t.Pos = int32(len(s.Tokens)) + int32(t.Section)*Gap
	s.Tokens = append(s.Tokens, t)
}

// setCase decides whether capitals mean anything in the section.
func (c *section) setCase(tokens []Token) {
	cased, upper, all := 0, 0, 0
	for _, t := range tokens {
		if t.Flags&Cased == 0 {
			continue
		}
		cased++
		if t.Flags&Upper != 0 {
			upper++
		}
		if t.Flags&AllUpper != 0 {
			all++
		}
	}
	c.shouted = cased >= 3 && all*10 >= cased*7
	c.lower = cased > 0 && upper == 0
}

// Index builds the forms of every token for the language lang ("" unknown; sure:
// decided by a clear margin). Call it once, after the last [Stream.Add].
func (s *Stream) Index(lang string, sure bool) {
	s.lang, s.sure = lang, sure
	s.keys = string(s.folded)
	s.folded = nil
	s.formAt = make([]int32, 0, len(s.Tokens)+1)
	s.forms = make([]Form, 0, 3*len(s.Tokens)+8)
	for i := range s.Tokens {
		s.formAt = append(s.formAt, int32(len(s.forms)))
		s.forms = appendForms(s.forms, s.Key(i), s.sections[s.Tokens[i].Section].src, &s.Tokens[i], lang)
	}
	s.formAt = append(s.formAt, int32(len(s.forms)))
	s.occs = make([]occurrence, len(s.forms))
	s.heads = make(map[Key]int32, len(s.forms)/2)
	for i := len(s.Tokens) - 1; i >= 0; i-- {
		for f := s.formAt[i+1] - 1; f >= s.formAt[i]; f-- {
			next, ok := s.heads[s.forms[f].Key]
			if !ok {
				next = -1
			}
			s.occs[f] = occurrence{tok: int32(i), next: next, took: s.forms[f].Took}
			s.heads[s.forms[f].Key] = f
		}
	}
}

// Lang is the language the stream was indexed for, and whether that is certain.
func (s *Stream) Lang() (lang string, sure bool) { return s.lang, s.sure }

// Key is the folded form of the i-th token.
func (s *Stream) Key(i int) string {
	t := &s.Tokens[i]
	if s.folded != nil {
		return string(s.folded[t.from:t.to])
	}
	return s.keys[t.from:t.to]
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

// Has reports whether any token has this form, whatever was taken off.
func (s *Stream) Has(k Key) bool {
	_, ok := s.heads[k]
	return ok
}

// EachForm calls visit once for every distinct form of the stream.
func (s *Stream) EachForm(visit func(Key)) {
	for k := range s.heads {
		visit(k)
	}
}

// EachWide calls visit once for every distinct wide stem, as a [Key].
func (s *Stream) EachWide(visit func(Key)) {
	for k := range s.wideIndex() {
		visit(Key{NS: Wide, S: k})
	}
}

// wideIndex is built when the first pattern asks for wide stems: most never do.
func (s *Stream) wideIndex() map[string][]int32 {
	s.wideOnce.Do(func() {
		s.wide = make(map[string][]int32, len(s.Tokens))
		for i := range s.Tokens {
			k := wideStem(s.Key(i), s.Tokens[i].Class, s.lang)
			s.wide[k] = append(s.wide[k], int32(i))
		}
	})
	return s.wide
}

// vocabulary is every distinct exact form, sorted: for words with a wildcard.
func (s *Stream) vocabulary() []string {
	s.vocOnce.Do(func() {
		for _, f := range s.forms {
			if f.NS == Exact && f.Took&(Suffix|Particle) == 0 {
				s.voc = append(s.voc, f.S)
			}
		}
		slices.Sort(s.voc)
		s.voc = slices.Compact(s.voc)
	})
	return s.voc
}
