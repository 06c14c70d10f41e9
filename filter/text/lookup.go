package text

import "iter"

// formIndex finds forms by their spelling. It is built when a pattern is first looked for: a
// text that is only matched against a [Lexicon] needs none.
type formIndex struct {
	slots []int32 // the first form of a hash, +1
	next  []int32 // form -> the next of its hash, +1
}

// find yields the forms that are spelled so.
func (s *Stream) find(spelling string) iter.Seq[*Form] {
	s.findOnce.Do(func() { s.index.build(s.forms) })
	return func(yield func(*Form) bool) {
		hash, mask := hashString(spelling), uint64(len(s.index.slots)-1)
		at := hash & mask
		for s.index.slots[at] != 0 && s.forms[s.index.slots[at]-1].hash != hash {
			at = (at + 1) & mask
		}
		for i := s.index.slots[at]; i != 0; i = s.index.next[i-1] {
			if !yield(&s.forms[i-1]) {
				return
			}
		}
	}
}

// build files the forms; those of one hash are a chain.
func (x *formIndex) build(forms []Form) {
	size := 8
	for size < 2*len(forms) {
		size *= 2
	}
	x.slots, x.next = make([]int32, size), make([]int32, len(forms))
	for i := range forms {
		at := forms[i].hash & uint64(size-1)
		for x.slots[at] != 0 && forms[x.slots[at]-1].hash != forms[i].hash {
			at = (at + 1) & uint64(size-1)
		}
		x.next[i] = x.slots[at]
		x.slots[at] = int32(i + 1)
	}
}

// wideForm is the wide stem of a word.
type wideForm struct {
	hash     uint64
	spelling string
}

// wideForms are the wide stems of all words, made when one is first asked for: most never are.
func (s *Stream) wideForms() []wideForm {
	s.wideOnce.Do(func() {
		s.wide = make([]wideForm, len(s.words))
		for i := range s.words {
			w := &s.words[i]
			stem := wideStem(view(s.folded[w.from:w.to]), w.class, s.lang)
			s.wide[i] = wideForm{hashString(stem), stem}
		}
	})
	return s.wide
}
