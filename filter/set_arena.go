package filter

import "math/bits"

// arena is a list that only grows and whose elements never move. One goroutine
// appends; any number read elements of which they learnt the index by an atomic load after
// the element was written. So readers need no lock and no copy.
type arena[T any] struct {
	base []T // what it was made with
	more [26][]T
	n    uint32 // elements; the writer's
}

// firstChunk is the size of the first chunk after the base; each is twice the one before.
const firstChunk = 32

// place is the chunk and the offset of the i-th element after the base.
func place(i uint32) (chunk int, offset uint32) {
	i += firstChunk
	chunk = bits.Len32(i/firstChunk) - 1
	return chunk, i - firstChunk<<chunk
}

// at is the i-th element.
func (a *arena[T]) at(i uint32) *T {
	if int(i) < len(a.base) {
		return &a.base[i]
	}
	chunk, offset := place(i - uint32(len(a.base)))
	return &a.more[chunk][offset]
}

// run is n elements from the i-th on that were appended together.
func (a *arena[T]) run(i, n uint32) []T {
	if int(i) < len(a.base) {
		return a.base[i : i+n]
	}
	chunk, offset := place(i - uint32(len(a.base)))
	return a.more[chunk][offset : offset+n]
}

// grow makes room for n elements side by side and returns the index of the first.
func (a *arena[T]) grow(n uint32) uint32 {
	if a.n < uint32(len(a.base)) {
		a.n = uint32(len(a.base))
	}
	for {
		chunk, offset := place(a.n - uint32(len(a.base)))
		if a.more[chunk] == nil {
			a.more[chunk] = make([]T, firstChunk<<chunk)
		}
		if room := uint32(len(a.more[chunk])) - offset; room < n {
			a.n += room // what is left of the chunk is lost
			continue
		}
		first := a.n
		a.n += n
		return first
	}
}

// push appends elements side by side and returns the index of the first.
func (a *arena[T]) push(values ...T) uint32 {
	first := a.grow(uint32(len(values)))
	if len(values) > 0 {
		copy(a.run(first, uint32(len(values))), values)
	}
	return first
}

// flatten puts everything side by side, without spare room. Nobody may be reading.
func (a *arena[T]) flatten() {
	all := make([]T, a.n)
	copy(all, a.base)
	for i := range a.more {
		if first := uint32(len(a.base)) + firstChunk<<i - firstChunk; first < a.n {
			copy(all[first:], a.more[i])
		}
		a.more[i] = nil
	}
	a.base = all
}

// table finds elements of an arena by a hash of what they hold: open addressing, four bytes a slot.
type table struct {
	slots []uint32 // index+1
	used  int
}

// find returns the element that is the wanted one.
func (t *table) find(hash uint64, wanted func(uint32) bool) (uint32, bool) {
	if len(t.slots) == 0 {
		return 0, false
	}
	for at := hash; ; at++ {
		slot := t.slots[at&uint64(len(t.slots)-1)]
		if slot == 0 {
			return 0, false
		}
		if slot != gone && wanted(slot-1) {
			return slot - 1, true
		}
	}
}

// gone is the slot of an element that was taken out.
const gone = ^uint32(0)

// put adds an element that is not there; hash is asked again for all when the table grows.
func (t *table) put(i uint32, hash func(uint32) uint64) {
	if 4*t.used >= 3*len(t.slots) {
		old, live := t.slots, 0
		for _, slot := range old {
			if slot != 0 && slot != gone {
				live++
			}
		}
		size := max(16, len(old))
		for 2*live >= size {
			size *= 2
		}
		t.slots, t.used = make([]uint32, size), 0
		for _, slot := range old {
			if slot != 0 && slot != gone {
				t.file(slot, hash(slot-1))
			}
		}
	}
	t.file(i+1, hash(i))
}

func (t *table) file(slot uint32, hash uint64) {
	at := hash
	for t.slots[at&uint64(len(t.slots)-1)] != 0 {
		at++
	}
	t.slots[at&uint64(len(t.slots)-1)] = slot
	t.used++
}

// drop takes an element out.
func (t *table) drop(i uint32, hash uint64) {
	for at := hash; ; at++ {
		switch slot := &t.slots[at&uint64(len(t.slots)-1)]; *slot {
		case 0:
			return
		case i + 1:
			*slot = gone
			return
		}
	}
}

// sized makes room for n elements at once.
func (t *table) sized(n int) {
	size := 16
	for 3*size < 4*n+4 {
		size *= 2
	}
	t.slots = make([]uint32, size)
}
