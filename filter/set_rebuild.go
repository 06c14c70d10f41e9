package filter

import (
	"cmp"
	"slices"
	"sync/atomic"
)

// rebuilder makes an index of what lives in an old one: words and rules side by side,
// the words that rules hold most first, so that those which articles ask for lie together.
// Others may go on reading the old one and adding to it.
type rebuilder struct {
	old, next *index
	rules     uint32 // of old, when it began
	seen      uint32 // subscribers of old, when it began

	living []uint32 // rules
	leaves []uint32 // of old -> how many rules hold it; from adoptLeaves on its number in next, +1
	filed  []filed
}

// filed is a posting and the word that it is filed under.
type filed struct {
	key uint32
	posting
}

// build fills the next index.
func (b *rebuilder) build() {
	b.gather()
	b.adoptLeaves()
	for _, r := range b.living {
		b.adoptRule(r)
	}
	b.sort()
	x := b.next
	x.heads.flatten()
	x.rules.flatten()
	x.code.flatten()
	x.subs.flatten()
	x.terms.flatten()
	x.names.flatten()
	x.parts.flatten()
	b.filed, b.living = nil, nil
}

// gather finds the rules that have a living subscriber, and counts their leaves.
func (b *rebuilder) gather() {
	for r := range b.rules {
		if b.firstLiving(r) == 0 {
			continue
		}
		b.living = append(b.living, r)
		b.old.eachLeaf(b.old.programOf(r), func(leaf uint32) { b.leaves[b.reach(leaf)]++ })
	}
}

// reach makes room to count a leaf.
func (b *rebuilder) reach(leaf uint32) uint32 {
	for uint32(len(b.leaves)) <= leaf {
		b.leaves = append(b.leaves, 0)
	}
	return leaf
}

// firstLiving is a subscriber of the rule that lives, +1; 0: none does.
func (b *rebuilder) firstLiving(r uint32) uint32 {
	i := atomic.LoadUint32(&b.old.rules.at(r).subs)
	for i != 0 && !b.old.lives(i-1, b.seen) {
		i = b.old.subs.at(i - 1).next
	}
	return i
}

// adoptLeaves interns the leaves that are left, those that most rules hold first.
func (b *rebuilder) adoptLeaves() {
	var order []uint32
	for leaf, n := range b.leaves {
		if n > 0 {
			order = append(order, uint32(leaf))
		}
	}
	slices.SortStableFunc(order, func(x, y uint32) int { return cmp.Compare(b.leaves[y], b.leaves[x]) })
	b.next.byTerm.sized(len(order))
	for _, leaf := range order {
		n := b.leaves[leaf]
		b.leaves[leaf] = b.adoptLeaf(leaf) + 1
		b.next.use(b.leaves[leaf]-1, n)
	}
}

func (b *rebuilder) adoptLeaf(leaf uint32) uint32 { return b.next.leafOf(b.old.leafNode(leaf)) }

// translate is the program of an old rule in the next index.
func (b *rebuilder) translate(r uint32) []uint32 {
	program := append(b.next.draft[:0], b.old.programOf(r)...)
	b.next.draft = program
	for i := 0; i < len(program); i++ {
		switch program[i] &^ doArg {
		case doLeaf:
			leaf := b.reach(program[i] & doArg)
			if b.leaves[leaf] == 0 {
				b.leaves[leaf] = b.adoptLeaf(leaf) + 1
			}
			program[i] = doLeaf | (b.leaves[leaf] - 1)
		case doAny:
			i++
		}
	}
	return program
}

// adoptRule takes a rule over with its living subscribers.
func (b *rebuilder) adoptRule(old uint32) {
	x := b.next
	if x.byProgram.slots == nil {
		x.byProgram.sized(len(b.living))
		x.byID.sized(len(b.living))
	}
	r := x.newRule(b.translate(old))
	leads, flags := x.leadsOf(x.rules.at(r).program)
	for _, l := range leads {
		b.filed = append(b.filed, filed{l.key, posting{l.need, r | flags}})
	}
	for i := b.firstLiving(old); i != 0; i = b.old.subs.at(i - 1).next {
		if b.old.lives(i-1, b.seen) {
			x.subscribe(b.old.subs.at(i-1).id, r)
		}
	}
}

// adopt takes a rule over that came while the next index was built.
func (b *rebuilder) adopt(old uint32) uint32 { return b.next.rule(b.translate(old)) }

// sort lays the postings of each word side by side.
func (b *rebuilder) sort() {
	x := b.next
	x.offsets = make([]uint32, x.words.Len()+1)
	for _, f := range b.filed {
		x.offsets[f.key+1]++
	}
	for i := 1; i < len(x.offsets); i++ {
		x.offsets[i] += x.offsets[i-1]
	}
	x.postings = make([]posting, len(b.filed))
	at := slices.Clone(x.offsets)
	for _, f := range b.filed {
		x.postings[at[f.key]] = f.posting
		at[f.key]++
	}
}
