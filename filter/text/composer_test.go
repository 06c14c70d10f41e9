package text

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// TestComposer: every rune that Unicode takes apart into a letter and a mark is put together again.
func TestComposer(t *testing.T) {
	var c composer
	n := 0
	for r := range rune(0x30000) {
		apart := norm.NFD.String(string(r))
		mark, size := utf8.DecodeLastRuneInString(apart)
		base := norm.NFC.String(strings.TrimSuffix(apart, string(mark)))
		if size == len(apart) || utf8.RuneCountInString(base) != 1 || norm.NFC.String(apart) != string(r) {
			continue
		}
		n++
		first, _ := utf8.DecodeRuneInString(base)
		if got, ok := c.join(first, mark); !ok || got != r {
			t.Errorf("%q and %q: %q %v, want %q", first, mark, got, ok, r)
		}
	}
	if n < 12_000 {
		t.Errorf("only %d runes", n)
	}
	for _, apart := range [][2]rune{{'x', 0x301}, {'a', 'b'}, {0xC5, 0x30C}, {0xFFFD, 0x301}, {-1, 0x301}} {
		if r, ok := c.join(apart[0], apart[1]); ok {
			t.Errorf("%q and %q are %q", apart[0], apart[1], r)
		}
	}
	if allocs := testing.AllocsPerRun(100, func() { c.join('e', 0x301); c.join('x', 0x301) }); allocs > 0 {
		t.Errorf("%v allocations", allocs)
	}
}
