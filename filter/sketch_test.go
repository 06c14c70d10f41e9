package filter

import (
	"hash/maphash"
	"slices"
	"unicode"
	"unicode/utf8"
)

// sketch is the yardstick of the benchmarks: the least that an index of rules can do. It
// knows exact words only, is built once, takes no rule away and says no reason.
// One posting of 8 bytes (rule, another word that must be there) stands under each
// rule's rarest word; the other word is tested in a bitset before the rule is touched.
type sketch struct {
	seed     maphash.Seed
	slots    []uint64 // tag<<32 | word+1
	mask     uint64
	words    []string
	ids      map[string]uint32
	offsets  []uint32
	postings []sketchPost
	rules    []sketchRule
	arena    []uint32 // words of phrases

	present []uint64 // bitset of the words of the article
	touched []uint32
	seq     []uint32 // the article's words in order, 0: one that no rule holds
	found   []uint64
	hits    []uint32
	fold    []byte
}

type sketchPost struct{ need, rule uint32 }

const sketchExact = 1 << 31 // in sketchPost.rule: the two words are the whole rule

type sketchRule struct {
	phrase uint32 // offset in the arena
	length uint8
	need   uint32 // a word that must be there besides the phrase
	not    uint32 // 0: none
}

// newSketch builds the index of a list of rules.
func newSketch(samples []drawn) *sketch {
	s := &sketch{seed: maphash.MakeSeed(), ids: map[string]uint32{}, words: []string{""}}
	df := []int32{0}
	id := func(b *book, w int32) uint32 {
		n, ok := s.ids[b.words[w]]
		if !ok {
			n = uint32(len(s.words))
			s.ids[b.words[w]] = n
			s.words = append(s.words, b.words[w])
			df = append(df, b.df[w])
		}
		return n
	}
	type filed struct {
		under uint32
		post  sketchPost
	}
	var all []filed
	file := func(a, b, rule uint32) {
		if df[b] < df[a] {
			a, b = b, a
		}
		all = append(all, filed{a, sketchPost{b, rule}})
	}
	for i := range samples {
		x, n := &samples[i], uint32(i)
		var r sketchRule
		if x.not >= 0 {
			r.not = id(x.b, x.not)
		}
		exact := uint32(sketchExact)
		if r.not != 0 {
			exact = 0
		}
		switch x.kind {
		case oneWord:
			a := id(x.b, x.first[0])
			file(a, a, n|exact)
		case orAndOr:
			for _, a := range x.first {
				for _, b := range x.second {
					file(id(x.b, a), id(x.b, b), n|exact)
				}
			}
		case allWords, phraseAnd:
			words := x.first
			if x.kind == phraseAnd || len(words) > 2 {
				exact = 0
			}
			r.phrase = uint32(len(s.arena))
			for _, w := range words {
				s.arena = append(s.arena, id(x.b, w))
			}
			if x.kind == phraseAnd {
				r.length, r.need = uint8(len(words)), id(x.b, x.second[0])
				words = append(words[:len(words):len(words)], x.second[0])
			}
			rare := rarest(words, x.b)
			file(id(x.b, rare[0]), id(x.b, rare[1]), n|exact)
			if x.kind == allWords && len(words) > 2 {
				r.need = id(x.b, rare[2])
			}
		}
		s.rules = append(s.rules, r)
	}
	s.offsets = make([]uint32, len(s.words)+1)
	for _, f := range all {
		s.offsets[f.under+1]++
	}
	for i := 1; i < len(s.offsets); i++ {
		s.offsets[i] += s.offsets[i-1]
	}
	s.postings = make([]sketchPost, len(all))
	next := append([]uint32(nil), s.offsets...)
	for _, f := range all {
		s.postings[next[f.under]] = f.post
		next[f.under]++
	}
	s.intern()
	return s
}

// rarest orders words by how few articles hold them.
func rarest(words []int32, b *book) []int32 {
	out := append([]int32(nil), words...)
	for i := range out {
		for j := i; j > 0 && b.df[out[j]] < b.df[out[j-1]]; j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	return out
}

// intern builds the table of words.
func (s *sketch) intern() {
	size := uint64(1024)
	for size < 2*uint64(len(s.words)) {
		size *= 2
	}
	s.mask, s.slots = size-1, make([]uint64, size)
	for i, w := range s.words[1:] {
		h := maphash.String(s.seed, w)
		at := h & s.mask
		for s.slots[at] != 0 {
			at = (at + 1) & s.mask
		}
		s.slots[at] = h&^0xffffffff | uint64(i+1)
	}
	s.present = make([]uint64, len(s.words)/64+1)
	s.found = make([]uint64, len(s.rules)/64+1)
}

// word is the number of a folded word; 0: no rule holds it.
func (s *sketch) word(w []byte) uint32 {
	h := maphash.Bytes(s.seed, w)
	for at := h & s.mask; ; at = (at + 1) & s.mask {
		slot := s.slots[at]
		if slot == 0 {
			return 0
		}
		if slot>>32 == h>>32 {
			return uint32(slot)
		}
	}
}

// match calls found with each rule that the texts of an article satisfy.
func (s *sketch) match(found func(int), texts ...string) {
	s.seq, s.touched, s.hits = s.seq[:0], s.touched[:0], s.hits[:0]
	for _, t := range texts {
		s.read(t)
		s.seq = append(s.seq, 0)
	}
	for _, w := range s.seq {
		if w != 0 && s.present[w/64]&(1<<(w%64)) == 0 {
			s.present[w/64] |= 1 << (w % 64)
			s.touched = append(s.touched, w)
		}
	}
	for _, w := range s.touched {
		for _, p := range s.postings[s.offsets[w]:s.offsets[w+1]] {
			if s.present[p.need/64]&(1<<(p.need%64)) == 0 {
				continue
			}
			rule := p.rule &^ sketchExact
			if s.found[rule/64]&(1<<(rule%64)) != 0 || (p.rule&sketchExact == 0 && !s.verify(rule)) {
				continue
			}
			s.found[rule/64] |= 1 << (rule % 64)
			s.hits = append(s.hits, rule)
			found(int(rule))
		}
	}
	for _, w := range s.touched {
		s.present[w/64] = 0
	}
	for _, r := range s.hits {
		s.found[r/64] = 0
	}
}

// sketchLower is the lower case of every letter; 0: no letter.
var sketchLower = func() (table [0x10000]uint16) {
	for r := range rune(len(table)) {
		if unicode.IsLetter(r) {
			table[r] = uint16(unicode.ToLower(r))
		}
	}
	return table
}()

// read cuts a text into lower-case words of letters.
func (s *sketch) read(t string) {
	s.fold = s.fold[:0]
	for i := 0; i < len(t); {
		c := t[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c >= 'a' && c <= 'z':
				s.fold = append(s.fold, c)
				continue
			case c >= 'A' && c <= 'Z':
				s.fold = append(s.fold, c+'a'-'A')
				continue
			}
		} else {
			r, n := utf8.DecodeRuneInString(t[i:])
			i += n
			if low := sketchLower[r&0xffff]; low != 0 {
				s.fold = utf8.AppendRune(s.fold, rune(low))
				continue
			}
		}
		if len(s.fold) > 0 {
			s.seq = append(s.seq, s.word(s.fold))
			s.fold = s.fold[:0]
		}
	}
	if len(s.fold) > 0 {
		s.seq = append(s.seq, s.word(s.fold))
	}
}

func (s *sketch) has(w uint32) bool { return s.present[w/64]&(1<<(w%64)) != 0 }

// verify checks what the posting did not say.
func (s *sketch) verify(rule uint32) bool {
	r := &s.rules[rule]
	if (r.not != 0 && s.has(r.not)) || (r.need != 0 && !s.has(r.need)) {
		return false
	}
	if r.length == 0 {
		return true
	}
	phrase := s.arena[r.phrase : r.phrase+uint32(r.length)]
	for _, w := range phrase {
		if !s.has(w) {
			return false
		}
	}
	for at, w := range s.seq {
		if w == phrase[0] && slices.Equal(s.seq[at:min(at+len(phrase), len(s.seq))], phrase) {
			return true
		}
	}
	return false
}
