package feeds

import (
	"bytes"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// clean makes decoded text legal XML characters: illegal control characters
// (raw or as numeric references) go, invalid UTF-8 becomes U+FFFD, vertical
// tabs and form feeds become spaces. A clean document is returned as it is. valid
// says that it is known to be valid UTF-8.
func clean(doc []byte, valid bool) ([]byte, []string) {
	dirty := !valid && !utf8.Valid(doc) || hasControl(doc) ||
		bytes.Contains(doc, []byte("\xEF\xBF\xBE")) || bytes.Contains(doc, []byte("\xEF\xBF\xBF"))
	var warnings []string
	if dirty {
		var controls, invalid int
		doc, controls, invalid = rewrite(doc)
		if controls > 0 {
			warnings = append(warnings, plural(controls, "illegal control character")+" removed")
		}
		if invalid > 0 {
			warnings = append(warnings, plural(invalid, "invalid byte")+" replaced")
		}
	}
	doc, refs := dropIllegalReferences(doc)
	if refs > 0 {
		warnings = append(warnings, plural(refs, "reference")+" to illegal characters removed")
	}
	return doc, warnings
}

func plural(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

func hasControl(doc []byte) bool {
	for _, b := range doc {
		if b < ' ' && b != '\t' && b != '\n' && b != '\r' {
			return true
		}
	}
	return false
}

func rewrite(doc []byte) (out []byte, controls, invalid int) {
	out = make([]byte, 0, len(doc)+16)
	for i := 0; i < len(doc); {
		r, size := utf8.DecodeRune(doc[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			invalid++
			out = append(out, "\uFFFD"...)
		case r == '\v' || r == '\f':
			controls++
			out = append(out, ' ')
		case !legal(r):
			controls++
		default:
			out = append(out, doc[i:i+size]...)
		}
		i += size
	}
	return out, controls, invalid
}

// legal reports whether XML 1.0 allows a character.
func legal(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= ' ' && r <= 0xD7FF ||
		r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}

// maxReference bounds a numeric character reference: "&#x10FFFF;" with a few
// leading zeros.
const maxReference = 16

// dropIllegalReferences removes numeric references to characters that XML
// forbids ("&#8;"): encoding/xml gives up a whole document for one.
func dropIllegalReferences(doc []byte) ([]byte, int) {
	mark := []byte("&#")
	at := bytes.Index(doc, mark)
	if at < 0 {
		return doc, 0
	}
	var out []byte
	done, dropped := 0, 0
	for at >= 0 {
		window := doc[at:min(len(doc), at+maxReference)]
		end := bytes.IndexByte(window, ';')
		if end > 0 && !legal(reference(string(window[2:end]))) {
			out = append(out, doc[done:at]...)
			done = at + end + 1
			dropped++
		}
		next := bytes.Index(doc[at+2:], mark)
		if next < 0 {
			break
		}
		at += 2 + next
	}
	if dropped == 0 {
		return doc, 0
	}
	return append(out, doc[done:]...), dropped
}

// reference is the character of a numeric reference's digits; 'x' stands for
// what is no number, which is legal text. The C1 range counts as legal: HTML reads
// it as windows-1252.
func reference(digits string) rune {
	base := 10
	if len(digits) > 1 && (digits[0] == 'x' || digits[0] == 'X') {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 64)
	if err != nil {
		return 'x'
	}
	return rune(min(n, 0x110000))
}
