package filter

import (
	"hash/maphash"
	"math/bits"
	"slices"
	"strings"
	"sync/atomic"

	"wirewatch/filter/text"
)

// index is what a [Set] knows of its queries. One goroutine at a time adds; readers take
// no lock. What was there when the index was built lies side by side; what came later is
// in chains, until the set builds its next index.
type index struct {
	words *text.Lexicon // words, entities, properties: what rules are filed under

	offsets  []uint32      // word -> its first posting; one more at the end
	postings []posting     // of the rules that were there at first
	heads    arena[uint32] // word -> its latest link, +1; atomic
	links    arena[link]   // later postings

	rules    arena[rule]
	code     arena[uint32] // programs
	subs     arena[subscriber]
	count    atomic.Uint32 // subscribers that readers may see
	terms    arena[leaf]
	names    arena[byte]   // texts of leaves
	parts    arena[uint32] // words of leaves
	mentions arena[*mentionOf]
	values   arena[*value]
	entities atomic.Bool  // some rule names an entity
	labelled atomic.Bool  // some rule asks for a source, a category or an author
	changed  atomic.Int64 // subscribers that came since the index was built, or went
	compiled [512]atomic.Pointer[compiledTerm]

	// of the writer alone
	uses      []uint32 // word -> how many leaves of rules hold it
	prior     []uint16 // word -> how common its like are in texts
	byID      table    // of subs
	byProgram table    // of rules
	byTerm    table    // of terms
	leads     []lead   // scratch
	draft     []uint32 // scratch
}

// posting says that a rule may match where the word that it is filed under is, and another.
type posting struct {
	need uint32 // the other word; the same one when there is none
	rule uint32 // with the flags below
}

const (
	exactRule   = 1 << 31 // the two words are all that the rule asks
	severalRule = 1 << 30 // the rule has several postings
	ruleNumber  = severalRule - 1
)

// link is a posting in the chain of a word; next is the one before it, +1.
type link struct {
	posting
	next uint32
}

// rule is a distinct query.
type rule struct {
	program uint32 // in code
	subs    uint32 // its latest subscriber, +1; atomic
}

// subscriber is an id that a query was added under. A reader sees those that were there
// when it began and had not died: died is how many there were then, 0 while it lives.
type subscriber struct {
	id   int64
	next uint32 // the rule's subscriber before it, +1
	died uint32 // atomic
}

// leaf is a term, an entity or a value of rules: one for all that hold it.
type leaf struct {
	name   uint32 // its text in names; of entities and values, the place in their arenas
	parts  uint32 // its words in parts
	length uint16 // bytes of the text
	words  uint16 // number of parts
	kind   leafKind
	zones  zoneMask
	how    text.Strength
	arg    uint8 // slopLeaf: the distance; phraseLeaf: which word is looked up
}

type leafKind uint8

const (
	wordLeaf    leafKind = iota // one word
	phraseLeaf                  // words side by side
	freeLeaf                    // … with free ones between: the parts are the others
	slopLeaf                    // words in any order
	prefixLeaf                  // word*: the parts are the whole words before it
	mentionLeaf                 // the parts are entities
	valueLeaf                   // the parts are what leads to it; none: every article does
)

// compiledTerm remembers how a leaf is compiled, which takes too much memory to keep for all.
type compiledTerm struct {
	leaf uint32
	term *term
}

func newIndex() *index { return &index{words: text.NewLexicon()} }

var hashSeed = maphash.MakeSeed()

// blend adds a word to a hash.
func blend(h, v uint64) uint64 {
	hi, lo := bits.Mul64(h^v^0x9E3779B97F4A7C15, 0xD1B54A32D192ED03)
	return hi ^ lo
}

// word numbers a word that readers may then find; false: it has a wildcard.
func (x *index) word(w *text.PatternWord) (uint32, bool) {
	x.room()
	id, ok := x.words.Add(w)
	if ok && int(id) >= len(x.uses) {
		x.uses, x.prior = append(x.uses, 0), append(x.prior, priorOf(w))
	}
	return id, ok
}

// property numbers what is no word.
func (x *index) property(kind text.NameSpace, name string) uint32 {
	x.room()
	id := x.words.AddName(kind, name)
	if int(id) >= len(x.uses) {
		x.uses, x.prior = append(x.uses, 0), append(x.prior, priors[kind])
	}
	return id
}

// room sees to it that the next word has a head before readers can find the word.
func (x *index) room() {
	if uint32(x.words.Len()) >= x.heads.n {
		x.heads.grow(1)
	}
}

// leafOf interns a leaf of a query.
func (x *index) leafOf(n node) uint32 {
	switch n := n.(type) {
	case *term:
		return x.termLeaf(n)
	case *mentionOf:
		return x.mentionLeaf(n)
	}
	return x.valueLeaf(n.(*value))
}

func (x *index) termLeaf(t *term) uint32 {
	e := leaf{kind: phraseLeaf, zones: t.zones, how: t.strength, length: uint16(len(t.text))}
	patterns := []text.Pattern{t.pattern}
	switch {
	case t.prefix:
		e.kind = prefixLeaf
	case t.slop > 0:
		e.kind, e.arg, patterns = slopLeaf, uint8(t.slop), t.words
	case len(t.pattern.Words) == 1:
		e.kind = wordLeaf
	}
	hash := e.hash(t.text)
	if id, ok := x.byTerm.find(hash, func(id uint32) bool { return x.isTerm(id, &e, t.text) }); ok {
		return id
	}
	var parts []uint32
	for p := range patterns {
		for i := range patterns[p].Words {
			w := &patterns[p].Words[i]
			if w == patterns[p].AnchorWord() && e.kind == phraseLeaf {
				e.arg = uint8(min(i, 255))
			}
			if id, ok := x.word(w); ok {
				parts = append(parts, id)
			} else if e.kind == phraseLeaf {
				e.kind = freeLeaf
			}
		}
	}
	if e.kind == phraseLeaf && len(parts) > 255 {
		e.kind = freeLeaf
	}
	e.name = x.names.push([]byte(t.text)...)
	return x.newLeaf(e, parts)
}

func (x *index) mentionLeaf(m *mentionOf) uint32 {
	e := leaf{kind: mentionLeaf, zones: m.zones}
	hash := e.hash(m.name)
	id, ok := x.byTerm.find(hash, func(id uint32) bool {
		have := x.terms.at(id)
		if have.kind != mentionLeaf {
			return false
		}
		o := *x.mentions.at(have.name)
		return o.name == m.name && slices.Equal(o.keys, m.keys)
	})
	if ok {
		return id
	}
	parts := make([]uint32, len(m.keys))
	for i, key := range m.keys {
		parts[i] = x.property(nsEntity, key)
	}
	x.entities.Store(true)
	e.name = x.mentions.push(m)
	return x.newLeaf(e, parts)
}

func (x *index) valueLeaf(v *value) uint32 {
	e := leaf{kind: valueLeaf}
	id, ok := x.byTerm.find(e.hash(v.name), func(id uint32) bool {
		have := x.terms.at(id)
		return have.kind == valueLeaf && (*x.values.at(have.name)).name == v.name
	})
	if ok {
		return id
	}
	e.name = x.values.push(v)
	return x.newLeaf(e, x.valueParts(v))
}

// valueSpaces are the fields of which an article is looked up. An address is searched, so nothing leads to it.
var valueSpaces = map[string]text.NameSpace{"lang": nsLang, "country": nsCountry, "source": nsSource, "category": nsTag, "author": nsAuthor}

// valueParts is what leads to a value: one word for each option. Nothing leads to the beginning of a word.
func (x *index) valueParts(v *value) []uint32 {
	kind := valueSpaces[v.field]
	var parts []uint32
	for _, o := range v.options {
		if kind == 0 || o.prefix {
			return nil
		}
		key := o.key
		if kind >= nsSource {
			x.labelled.Store(true)
			key, _, _ = strings.Cut(key, " ")
		}
		parts = append(parts, x.property(kind, key))
	}
	return parts
}

func (x *index) newLeaf(e leaf, parts []uint32) uint32 {
	e.parts, e.words = x.parts.push(parts...), uint16(len(parts))
	id := x.terms.push(e)
	x.byTerm.put(id, x.hashOfLeaf)
	return id
}

// hash is a hash of what tells a leaf apart, with its text or name.
func (e *leaf) hash(name string) uint64 {
	h := maphash.String(hashSeed, name)
	switch e.kind {
	case mentionLeaf, valueLeaf:
		return blend(h, uint64(e.kind))
	}
	return blend(h, uint64(e.zones)<<16|uint64(e.how)<<8|uint64(e.slop()))
}

// slop is the distance of a slopLeaf; prefix leaves have one that no slop has.
func (e *leaf) slop() uint8 {
	switch e.kind {
	case slopLeaf:
		return e.arg
	case prefixLeaf:
		return 255
	}
	return 0
}

func (x *index) hashOfLeaf(id uint32) uint64 {
	e := x.terms.at(id)
	switch e.kind {
	case mentionLeaf:
		return e.hash((*x.mentions.at(e.name)).name)
	case valueLeaf:
		return e.hash((*x.values.at(e.name)).name)
	}
	return e.hash(x.textOf(e))
}

// textOf is the text of a term; it is valid as long as the index.
func (x *index) textOf(e *leaf) string { return string(x.names.run(e.name, uint32(e.length))) }

// isTerm reports whether a leaf is the term e with this text.
func (x *index) isTerm(id uint32, e *leaf, s string) bool {
	o := x.terms.at(id)
	return o.kind != mentionLeaf && o.kind != valueLeaf && o.zones == e.zones && o.how == e.how && o.slop() == e.slop() &&
		o.length == e.length && string(x.names.run(o.name, uint32(o.length))) == s
}

// term compiles a leaf again.
func (x *index) term(id uint32) *term {
	slot := &x.compiled[id%uint32(len(x.compiled))]
	if c := slot.Load(); c != nil && c.leaf == id {
		return c.term
	}
	e := x.terms.at(id)
	t := &term{zones: e.zones, strength: e.how, text: x.textOf(e), prefix: e.kind == prefixLeaf}
	if e.kind == slopLeaf {
		t.slop, t.words = int(e.arg), slopWords(t.text, t.strength)
	}
	t.compilePattern()
	slot.Store(&compiledTerm{id, t})
	return t
}
