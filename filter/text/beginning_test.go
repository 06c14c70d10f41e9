package text

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestBeginningsAreLookedUp: words with * are found by their first letters as they are by trying
// every word, shorter beginnings too.
func TestBeginningsAreLookedUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOfN(rapid.SampledFrom([]rune("abcнеوالضما日内")), 1, 7, -1)
		s := New()
		s.Add(strings.Join(rapid.SliceOfN(word, 1, 30).Draw(t, "words"), " "))
		s.Index("ar", true)
		prefix := Fold(word.Draw(t, "prefix"))
		var want []int32
		for i := range s.forms {
			if s.begins(&s.forms[i], prefix) {
				want = s.tokensOf(s.forms[i].word, nil, want)
			}
		}
		have := s.beginning(prefix, nil)
		slices.Sort(have)
		slices.Sort(want)
		if !slices.Equal(have, want) {
			t.Fatalf("%q: %v, want %v", prefix, have, want)
		}
	})
}
