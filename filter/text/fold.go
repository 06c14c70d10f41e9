package text

import "strings"

// Fold returns the folded words of s joined by one space: the same for any two
// spellings that mean the same words. It is meant for comparing, not for display.
func Fold(s string) string {
	st := New()
	st.Add(s)
	defer st.release()
	if len(st.Tokens) == 1 {
		return string(st.folded)
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := range st.Tokens {
		if i > 0 {
			b.WriteByte(' ')
		}
		w := &st.words[st.Tokens[i].word]
		b.Write(st.folded[w.from:w.to])
	}
	return b.String()
}

// Words returns the folded words of s in order.
func Words(s string) []string {
	st := New()
	st.Add(s)
	defer st.release()
	words := make([]string, len(st.Tokens))
	keys := string(st.folded)
	for i := range st.Tokens {
		w := &st.words[st.Tokens[i].word]
		words[i] = keys[w.from:w.to]
	}
	return words
}

// Trim cuts what belongs to no word off both ends of s; "" when s has no word.
func Trim(s string) string {
	st := New()
	st.Add(s)
	defer st.release()
	if len(st.Tokens) == 0 {
		return ""
	}
	last := st.Tokens[len(st.Tokens)-1]
	return st.sections[0].src[st.Tokens[0].Start:last.End]
}
