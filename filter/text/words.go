package text

import (
	"slices"
	"sync"
)

// word is a distinct word of a stream: what its tokens have in common.
type word struct {
	hash        uint64
	from, to    int32 // the folded word, in Stream.folded
	first, last int32 // its tokens, of which each knows the next
	forms       int32 // its first form; those of the next word follow
	class       Class
	function    bool   // see [Function]: folding makes such words equal to names
	end         ending // of an Arabic word, which folding hides
}

// builder is the memory in which streams are built, lent from one to the next: what
// is left of a stream is copied out of it.
type builder struct {
	tokens []Token
	folded []byte
	words  []word
	forms  []Form
	parts  []section
	slots  []int32 // table of the words by hash: index+1
	composer
}

var builders = sync.Pool{New: func() any { return &builder{slots: make([]int32, minSlots)} }}

const (
	minSlots  = 1 << 10
	maxLended = 1 << 15 // tokens; a builder that grew beyond is not kept
)

// lend lets the stream build in a builder's memory.
func (s *Stream) lend() {
	b := builders.Get().(*builder)
	s.b = b
	s.Tokens, s.folded, s.words, s.forms, s.sections = b.tokens[:0], b.folded[:0], b.words[:0], b.forms[:0], b.parts[:0]
}

// release gives the builder back; the stream must not be used any more.
func (s *Stream) release() {
	b := s.b
	if b == nil {
		return
	}
	b.tokens, b.folded, b.words, b.forms, b.parts = s.Tokens, s.folded, s.words, s.forms, s.sections
	clear(b.parts) // they hold texts
	b.forget()
	*s = Stream{}
	if cap(b.tokens) <= maxLended {
		builders.Put(b)
	}
}

// keep copies what was built into memory of the stream's own and gives the builder back.
func (s *Stream) keep() {
	built := Stream{b: s.b, Tokens: s.Tokens, folded: s.folded, words: s.words, forms: s.forms, sections: s.sections}
	s.Tokens, s.folded, s.words = slices.Clone(s.Tokens), slices.Clone(s.folded), slices.Clone(s.words)
	s.forms, s.sections = slices.Clone(s.forms), slices.Clone(s.sections)
	s.b = nil
	built.release()
}

// intern returns the distinct word of a token, of which the folded form ends the buffer; if
// it is there already the buffer is cut back.
func (s *Stream) intern(from int, t *Token, end ending) int32 {
	key := s.folded[from:]
	hash := hashBytes(key)
	mask := uint64(len(s.b.slots) - 1)
	function := t.Flags&Function != 0
	at := hash & mask
	for ; s.b.slots[at] != 0; at = (at + 1) & mask {
		i := s.b.slots[at] - 1
		w := &s.words[i]
		if w.hash == hash && w.class == t.Class && w.function == function && w.end == end {
			s.folded = s.folded[:from]
			return i
		}
	}
	i := int32(len(s.words))
	s.b.slots[at] = i + 1
	s.words = append(s.words, word{hash: hash, from: int32(from), to: int32(len(s.folded)), first: -1,
		class: t.Class, function: function, end: end})
	if 2*len(s.words) > len(s.b.slots) {
		s.b.grow(s.words)
	}
	return i
}

// forget empties the table; of a short text word by word.
func (b *builder) forget() {
	if 16*len(b.words) > len(b.slots) {
		clear(b.slots)
		return
	}
	mask := uint64(len(b.slots) - 1)
	for i := range b.words {
		for at := b.words[i].hash & mask; b.slots[at] != 0; at = (at + 1) & mask {
			b.slots[at] = 0
		}
	}
}

// grow doubles the table.
func (b *builder) grow(words []word) {
	b.slots = make([]int32, 2*len(b.slots))
	mask := uint64(len(b.slots) - 1)
	for i := range words {
		at := words[i].hash & mask
		for b.slots[at] != 0 {
			at = (at + 1) & mask
		}
		b.slots[at] = int32(i + 1)
	}
}
