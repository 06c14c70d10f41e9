package text

import (
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// composer finds the one rune that Unicode has for a letter and a mark. Its memory is used
// again, as a text may be nothing but marks.
type composer struct {
	iter  norm.Iter
	apart [2 * utf8.UTFMax]byte
}

// join returns the rune that is base and mark together, if there is one.
func (c *composer) join(base, mark rune) (rune, bool) {
	n := utf8.EncodeRune(c.apart[:], base)
	n += utf8.EncodeRune(c.apart[n:], mark)
	c.iter.Init(norm.NFC, c.apart[:n])
	joined := c.iter.Next()
	r, size := utf8.DecodeRune(joined)
	return r, size == len(joined) && c.iter.Done()
}
