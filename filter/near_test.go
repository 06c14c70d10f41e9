package filter

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestNearFindsAllPairs: what is skipped for speed is no pair.
func TestNearFindsAllPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"oil", "gas", "coal", "price.", "tax\n\n"}), 1, 40).Draw(t, "words"), " ")
		d := Analyse(Input{Title: "oil gas", Body: text}, nil)
		n := near{
			n:       rapid.IntRange(1, 6).Draw(t, "n"),
			unit:    rapid.SampledFrom([]byte("wsp")).Draw(t, "unit"),
			ordered: rapid.Bool().Draw(t, "ordered"),
		}
		spans := rapid.Custom(func(t *rapid.T) span {
			first := rapid.IntRange(0, len(d.stream.Tokens)-1).Draw(t, "first")
			return span{first, rapid.IntRange(first, min(first+4, len(d.stream.Tokens)-1)).Draw(t, "last")}
		})
		as, bs := sorted(rapid.SliceOf(spans).Draw(t, "a")), sorted(rapid.SliceOf(spans).Draw(t, "b"))
		var want []span
		for _, a := range as {
			for _, b := range bs {
				if n.joins(d, a, b) {
					want = append(want, span{min(a.first, b.first), max(a.last, b.last)})
				}
			}
		}
		if have := n.join(nil, d, as, bs, maxSpans); !slices.Equal(have, want) {
			t.Fatalf("%c/%d ordered %v of %v and %v: %v, want %v", n.unit, n.n, n.ordered, as, bs, have, want)
		}
	})
}
