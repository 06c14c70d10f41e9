package text

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"unsafe"
)

// Words are compared by a hash of 64 bits with secrets of this process, so that
// nobody can write a text whose words meet on purpose.
var hashA, hashB, hashC = secret(), secret(), secret()

func secret() uint64 { return maphash.Bytes(maphash.MakeSeed(), []byte("wirewatch")) | 1 }

// hashBytes is the hash of a folded word; never 0, which marks an empty slot.
func hashBytes(b []byte) uint64 {
	n := uint64(len(b))
	seed := hashA ^ n
	for len(b) > 16 {
		seed = mix(binary.LittleEndian.Uint64(b)^hashB, binary.LittleEndian.Uint64(b[8:])^seed)
		b = b[16:]
	}
	var x, y uint64
	switch {
	case len(b) >= 8:
		x, y = binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[len(b)-8:])
	case len(b) >= 4:
		x, y = uint64(binary.LittleEndian.Uint32(b)), uint64(binary.LittleEndian.Uint32(b[len(b)-4:]))
	case len(b) > 0:
		x = uint64(b[0]) | uint64(b[len(b)/2])<<8 | uint64(b[len(b)-1])<<16
	}
	return max(1, mix(hashC^n, mix(x^hashB, y^seed)))
}

// hashString is [hashBytes] of a string.
func hashString(s string) uint64 { return hashBytes(unsafe.Slice(unsafe.StringData(s), len(s))) }

// mix folds the product of two words, every bit of which depends on every bit of both.
func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}

// view is b as a string without a copy: for bytes that are not written any more
// while the string is in use.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
