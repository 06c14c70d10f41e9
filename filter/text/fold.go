package text

import "strings"

// Fold returns the folded words of s joined by one space: the same for any two
// spellings that mean the same words. It is meant for comparing, not for display.
func Fold(s string) string { return strings.Join(Words(s), " ") }

// Words returns the folded words of s in order.
func Words(s string) []string {
	st := New()
	st.Add(s)
	words := make([]string, len(st.Tokens))
	keys := string(st.folded)
	for i, t := range st.Tokens {
		words[i] = keys[t.from:t.to]
	}
	return words
}

// Trim cuts what belongs to no word off both ends of s; "" when s has no word.
func Trim(s string) string {
	st := New()
	st.Add(s)
	if len(st.Tokens) == 0 {
		return ""
	}
	last := st.Tokens[len(st.Tokens)-1]
	return st.sections[0].src[st.Tokens[0].Start:last.End]
}
