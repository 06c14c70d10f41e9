package text

import (
	"maps"
	"sync/atomic"
)

// Lexicon numbers the distinct words of patterns and finds all of them that a text holds
// in one pass over the text. One goroutine at a time may add to it, while any number read.
type Lexicon struct {
	table atomic.Pointer[lexTable]
	wide  atomic.Bool       // some word is looked for by its wide stem
	ids   map[uint64]uint32 // a word's fingerprint -> its number
	names atomic.Uint32

	Shouted bool // words in capitals count even where everything is in capitals; set it before the first Add
}

// lexTable is an open-addressing table from spellings to numbers. A spelling may be
// there several times, for words that take it differently.
type lexTable struct {
	slots []lexSlot
	used  int
}

// lexSlot is one spelling. hash is written last.
type lexSlot struct {
	hash atomic.Uint64
	lexEntry
}

// lexEntry says how the spelling satisfies a word.
type lexEntry struct {
	id     uint32
	spaces spaces
	accept Freedom
	asks   asks
}

// asks is what a word of a pattern asks of a token beside its spelling.
type asks uint8

const (
	asksCapital  asks = 1 << iota // see [Alt.Capital]
	asksAllUpper                  // see [PatternWord.AllUpper]
	asksQuiet                     // not where everything is in capitals
	asksFunction                  // means a closed-class word, the only one that such a token satisfies
)

// NewLexicon returns an empty lexicon.
func NewLexicon() *Lexicon {
	l := &Lexicon{ids: map[uint64]uint32{}}
	l.table.Store(&lexTable{slots: make([]lexSlot, 64)})
	return l
}

// Clone is a copy that takes words of its own: it knows those of l under their numbers.
// Nobody may add to l meanwhile.
func (l *Lexicon) Clone() *Lexicon {
	old := l.table.Load()
	t := &lexTable{slots: make([]lexSlot, len(old.slots)), used: old.used}
	for i := range old.slots {
		t.slots[i].lexEntry = old.slots[i].lexEntry
		t.slots[i].hash.Store(old.slots[i].hash.Load())
	}
	c := &Lexicon{ids: maps.Clone(l.ids), Shouted: l.Shouted}
	c.table.Store(t)
	c.wide.Store(l.wide.Load())
	c.names.Store(l.names.Load())
	return c
}

// Len is one more than the greatest number that was given.
func (l *Lexicon) Len() int { return int(l.names.Load()) }

// Add numbers a word of a pattern; equal words have one number. false: a word that no
// spelling can be looked up for, as it has a wildcard.
func (l *Lexicon) Add(w *PatternWord) (id uint32, ok bool) {
	if w.Free || w.Prefix != "" || len(w.Alts) == 0 {
		return 0, false
	}
	print := w.fingerprint()
	if id, ok := l.ids[print]; ok {
		return id, true
	}
	id = l.number(print)
	var space [12]spelt
	for _, e := range l.entries(w, space[:0]) {
		e.id = id
		l.put(e.lexEntry, hashString(e.s))
	}
	return id, true
}

// AddName numbers something that is no word, of a kind of the caller's own.
func (l *Lexicon) AddName(kind NameSpace, name string) uint32 {
	print := nameHash(kind, name)
	id, ok := l.ids[print]
	if !ok {
		id = l.number(print)
		l.put(lexEntry{id: id, spaces: setOf(Outside)}, print)
	}
	return id
}

// Name finds the number of what is no word.
func (l *Lexicon) Name(kind NameSpace, name string) (uint32, bool) {
	hash := nameHash(kind, name)
	t := l.table.Load()
	for at := hash; ; at++ {
		slot := &t.slots[at&uint64(len(t.slots)-1)]
		switch have := slot.hash.Load(); {
		case have == 0:
			return 0, false
		case have == hash && slot.spaces == setOf(Outside):
			return slot.id, true
		}
	}
}

func nameHash(kind NameSpace, name string) uint64 {
	return max(1, mix(hashString(name)^hashA, uint64(kind)^hashC))
}

func (l *Lexicon) number(print uint64) uint32 {
	id := l.names.Add(1) - 1
	l.ids[print] = id
	return id
}

// fingerprint is a hash of all that decides which tokens satisfy the word.
func (w *PatternWord) fingerprint() uint64 {
	h := hashB
	for i := range w.Alts {
		a := &w.Alts[i]
		h = mix(h^hashString(a.S), hashC^uint64(a.NS)<<16^uint64(a.Accept)<<8^uint64(w.asks(a, false)))
	}
	return h
}

// asks is what the word asks of a token that satisfies an alternative.
func (w *PatternWord) asks(a *Alt, shouted bool) asks {
	var q asks
	if a.Capital {
		q |= asksCapital
	}
	if w.AllUpper {
		q |= asksAllUpper
		if !shouted {
			q |= asksQuiet
		}
	}
	if w.Function {
		q |= asksFunction
	}
	return q
}

// spelt is an entry and its spelling.
type spelt struct {
	lexEntry
	s     string
	cares bool // accept decides: texts take something off for one of the name spaces
}

// entries appends what is filed for a word: alternatives that are spelled alike share an
// entry where they can.
func (l *Lexicon) entries(w *PatternWord, dst []spelt) []spelt {
	for i := range w.Alts {
		a := &w.Alts[i]
		e := spelt{lexEntry{spaces: setOf(a.NS), accept: a.Accept, asks: w.asks(a, l.Shouted)}, a.S, a.NS == Exact || a.NS == cutArabic}
		if a.NS == Wide {
			l.wide.Store(true)
		}
		shared := false
		for k := range dst {
			d := &dst[k]
			if shared = d.s == e.s && d.asks == e.asks && (!d.cares || !e.cares || d.accept == e.accept); shared {
				d.spaces |= e.spaces
				if e.cares {
					d.accept, d.cares = e.accept, true
				}
				break
			}
		}
		if !shared {
			dst = append(dst, e)
		}
	}
	return dst
}

// put adds an entry, in a table of twice the size when this one is full.
func (l *Lexicon) put(e lexEntry, hash uint64) {
	t := l.table.Load()
	if t.used*5 < len(t.slots)*3 {
		t.put(e, hash)
		return
	}
	bigger := &lexTable{slots: make([]lexSlot, 2*len(t.slots))}
	for i := range t.slots {
		if h := t.slots[i].hash.Load(); h != 0 {
			bigger.put(t.slots[i].lexEntry, h)
		}
	}
	bigger.put(e, hash)
	l.table.Store(bigger)
}

func (t *lexTable) put(e lexEntry, hash uint64) {
	at := hash
	for t.slots[at&uint64(len(t.slots)-1)].hash.Load() != 0 {
		at++
	}
	free := &t.slots[at&uint64(len(t.slots)-1)]
	free.lexEntry = e
	free.hash.Store(hash)
	t.used++
}

// Found says that a word of a text satisfies a word of a pattern.
type Found struct {
	ID   uint32 // the pattern's, in the lexicon
	word int32
	asks asks
}

// Scan appends what the stream holds of the lexicon. A pair of words is there once, twice if also
// by its wide stem; a word of which no token is written as the pattern asks is not there.
func (s *Stream) Scan(l *Lexicon, dst []Found) []Found {
	t := l.table.Load()
	mask := uint64(len(t.slots) - 1)
	word, first := int32(-1), len(dst)
	for i := range s.forms { // slots are far away in memory: asked for at once, they come together
		t.slots[s.forms[i].hash&mask].hash.Load()
	}
	for i := range s.forms {
		f := &s.forms[i]
		if f.word != word {
			word, first = f.word, len(dst)
		}
		for at := f.hash; ; at++ {
			slot := &t.slots[at&mask]
			have := slot.hash.Load()
			if have == 0 {
				break
			}
			if have == f.hash && slot.spaces&f.spaces != 0 && f.Took&^slot.accept == 0 {
				dst = s.found(dst, first, word, slot)
			}
		}
	}
	if l.wide.Load() {
		dst = s.scanWide(t, dst)
	}
	return dst
}

// scanWide looks the wide stems up.
func (s *Stream) scanWide(t *lexTable, dst []Found) []Found {
	for i, f := range s.wideForms() {
		first := len(dst)
		for at := f.hash; ; at++ {
			slot := &t.slots[at&uint64(len(t.slots)-1)]
			have := slot.hash.Load()
			if have == 0 {
				break
			}
			if have == f.hash && slot.spaces&setOf(Wide) != 0 {
				dst = s.found(dst, first, int32(i), slot)
			}
		}
	}
	return dst
}

// found appends a pair of words unless it is there since first.
func (s *Stream) found(dst []Found, first int, word int32, slot *lexSlot) []Found {
	if s.words[word].function && slot.asks&asksFunction == 0 {
		return dst
	}
	f := Found{slot.id, word, slot.asks}
	for i := first; i < len(dst); i++ {
		if dst[i].ID == f.ID {
			dst[i].asks &= f.asks // the way that asks less
			return dst
		}
	}
	if f.asks&^asksFunction != 0 && s.NextFound(f, -1) < 0 {
		return dst
	}
	return append(dst, f)
}

// NextFound is the next token after tok (-1: the first) that is found so; -1: there is none.
func (s *Stream) NextFound(f Found, tok int) int {
	next := s.words[f.word].first
	if tok >= 0 {
		next = s.Tokens[tok].next
	}
	for ; next >= 0; next = s.Tokens[next].next {
		if f.asks&^asksFunction == 0 || s.written(int(next), f.asks) {
			return int(next)
		}
	}
	return -1
}

// written reports whether a token is written as asked.
func (s *Stream) written(tok int, q asks) bool {
	flags := s.Tokens[tok].Flags
	if (q&asksAllUpper != 0 && flags&AllUpper == 0) || (q&asksQuiet != 0 && flags&Acronym == 0 && s.Shouted(tok)) {
		return false
	}
	return q&asksCapital == 0 || flags&Upper != 0 || s.caseless(tok)
}

// Is reports whether a token is one of those that were found.
func (s *Stream) Is(tok int, f Found) bool {
	return s.Tokens[tok].word == f.word && (f.asks&^asksFunction == 0 || s.written(tok, f.asks))
}
