package text

// hashIndex finds things by a hash of their spelling. It is built when a pattern is first looked
// for: a text that is only matched against a [Lexicon] needs none.
type hashIndex struct {
	hash  func(i int32) uint64
	slots []int32 // the last thing of a hash, +1
	next  []int32 // thing -> the one before it of its hash, +1
}

// build files n things; those of one hash are a chain.
func (x *hashIndex) build(n int, hash func(i int32) uint64) {
	size := 8
	for size < 2*n {
		size *= 2
	}
	*x = hashIndex{hash, make([]int32, size), make([]int32, n)}
	for i := range x.next {
		at := x.slot(hash(int32(i)))
		x.next[i] = *at
		*at = int32(i + 1)
	}
}

// slot is where the chain of a hash is, or would be.
func (x *hashIndex) slot(hash uint64) *int32 {
	mask := uint64(len(x.slots) - 1)
	at := hash & mask
	for x.slots[at] != 0 && x.hash(x.slots[at]-1) != hash {
		at = (at + 1) & mask
	}
	return &x.slots[at]
}

// find is the first of the things of a hash, +1; next has the others.
func (x *hashIndex) find(hash uint64) int32 { return *x.slot(hash) }

// formsBySpelling is the index of all forms.
func (s *Stream) formsBySpelling() *hashIndex {
	s.findOnce.Do(func() { s.index.build(len(s.forms), func(i int32) uint64 { return s.forms[i].hash }) })
	return &s.index
}

// filedLetters is how many letters of a beginning are looked up at once.
const filedLetters = 3

// firstLetters are the filedLetters of a word; "" it has fewer.
func firstLetters(s string) string {
	n := 0
	for i := range s {
		if n == filedLetters {
			return s[:i]
		}
		n++
	}
	if n < filedLetters {
		return ""
	}
	return s
}

// formsByBeginning is the index of all forms by their first letters.
func (s *Stream) formsByBeginning() *hashIndex {
	s.beginOnce.Do(func() {
		s.beginnings.build(len(s.forms), func(i int32) uint64 { return hashString(firstLetters(s.spelling(&s.forms[i]))) })
	})
	return &s.beginnings
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
		s.wideIndex.build(len(s.wide), func(i int32) uint64 { return s.wide[i].hash })
	})
	return s.wide
}
