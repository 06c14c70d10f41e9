package filter

import (
	"slices"
	"sync/atomic"
)

// rule returns the rule with a program, and makes it if there is none.
func (x *index) rule(program []uint32) uint32 {
	r, ok := x.byProgram.find(hashOf(program), func(r uint32) bool { return x.isRule(r, program) })
	if ok {
		return r
	}
	r = x.newRule(program)
	x.eachLeaf(program, func(leaf uint32) { x.use(leaf, 1) })
	leads, flags := x.leadsOf(x.rules.at(r).program)
	for _, l := range leads {
		head := x.heads.at(l.key)
		at := x.links.push(link{posting{l.need, r | flags}, *head})
		atomic.StoreUint32(head, at+1)
	}
	return r
}

// newRule files a rule that is led to by nothing yet.
func (x *index) newRule(program []uint32) uint32 {
	r := x.rules.grow(1)
	x.rules.at(r).program = x.code.push(program...)
	x.byProgram.put(r, x.hashOfRule)
	return r
}

// use counts that n rules more hold a leaf.
func (x *index) use(leaf uint32, n uint32) {
	e := x.terms.at(leaf)
	for _, word := range x.parts.run(e.parts, uint32(e.words)) {
		x.uses[word] += n
	}
}

// eachLeaf visits the leaves of a program.
func (x *index) eachLeaf(program []uint32, visit func(uint32)) {
	for i := 0; i < len(program); i++ {
		switch program[i] &^ doArg {
		case doLeaf:
			visit(program[i] & doArg)
		case doAny:
			i++ // a number
		}
	}
}

// hashOf is a hash of a program.
func hashOf(program []uint32) uint64 {
	h := uint64(len(program))
	for _, word := range program {
		h = blend(h, uint64(word))
	}
	return h
}

// programOf is the program of a rule.
func (x *index) programOf(r uint32) []uint32 {
	pc := x.rules.at(r).program
	return x.code.run(pc, x.skip(pc)-pc)
}

func (x *index) hashOfRule(r uint32) uint64 { return hashOf(x.programOf(r)) }

func (x *index) isRule(r uint32, program []uint32) bool { return slices.Equal(x.programOf(r), program) }

// hashID spreads the ids of subscribers.
func hashID(id int64) uint64 { return blend(0, uint64(id)) }

func (x *index) hashOfSub(i uint32) uint64 { return hashID(x.subs.at(i).id) }

// subscriberOf is the living subscriber of an id.
func (x *index) subscriberOf(id int64) (uint32, bool) {
	return x.byID.find(hashID(id), func(i uint32) bool { return x.subs.at(i).id == id })
}

// subscribe puts id under a rule, in place of the one that it was under, and reports whether it
// was. The new subscriber is published together with the death of the old.
func (x *index) subscribe(id int64, r uint32) (replaced bool) {
	old, replaced := x.subscriberOf(id)
	i := x.subs.grow(1)
	s, head := x.subs.at(i), &x.rules.at(r).subs
	s.id, s.next = id, *head
	atomic.StoreUint32(head, i+1)
	if replaced {
		x.byID.drop(old, hashID(id))
		atomic.StoreUint32(&x.subs.at(old).died, i+1)
	}
	x.byID.put(i, x.hashOfSub)
	x.count.Store(i + 1)
	return replaced
}

// remove takes id out; false: it is not there.
func (x *index) remove(id int64) bool {
	i, ok := x.subscriberOf(id)
	if ok {
		x.byID.drop(i, hashID(id))
		atomic.StoreUint32(&x.subs.at(i).died, x.count.Load())
	}
	return ok
}

// lives reports whether a reader that saw the first n subscribers sees the i-th.
func (x *index) lives(i, n uint32) bool {
	if i >= n {
		return false
	}
	died := atomic.LoadUint32(&x.subs.at(i).died)
	return died == 0 || n < died
}
