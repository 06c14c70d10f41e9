// Package text is the only place that knows Unicode: words, folding, languages,
// light stems.
package text

// Fold returns the folded words of s joined by one space.
func Fold(s string) string { return s }

// Language names the language of s, with a hint; "" when unknown.
func Language(s, hint string) string { return hint }
