package text

import "testing"

// TestTwin: the sentences of a text that say the same, by the number of the first word of each.
func TestTwin(t *testing.T) {
	st := New()
	st.Add("They will meet again in Geneva")
	st.Add("Talks ended. “They WILL meet again in Geneva.” Talks ended. They will meet again in Geneva today. They will meet again in Geneva")
	st.Index("en", true)
	first := map[int32]bool{}
	twins := 0
	for i := range st.Tokens {
		if i > 0 && st.Tokens[i].Sentence == st.Tokens[i-1].Sentence {
			continue
		}
		if twin := st.Twin(i); twin >= 0 {
			first[twin] = true
			twins++
		}
	}
	if twins != 3 || len(first) != 1 || !first[st.Tokens[0].Sentence] {
		t.Errorf("%d sentences have a twin, first of them %v", twins, first)
	}
}
