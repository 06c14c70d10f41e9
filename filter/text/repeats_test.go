package text

import (
	"strings"
	"testing"
)

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
	if twins != 3 || len(first) != 1 || !first[0] {
		t.Errorf("%d sentences have a twin, first of them %v", twins, first)
	}
}

// TestTwinOfPullQuote: a paragraph of its own whose words stand in another sentence is a twin of
// those words alone.
func TestTwinOfPullQuote(t *testing.T) {
	twins := func(body string) string {
		st := New()
		st.Add(body)
		st.Index("en", true)
		var in []string
		for i := range st.Tokens {
			if st.Twin(i) >= 0 {
				in = append(in, st.Key(i))
			}
		}
		return strings.Join(in, " ")
	}
	for body, want := range map[string]string{
		"He said that “talks on oil must not last” for years.\n\nTalks on oil must not last\n\nMore.": "talks on oil must not last talks on oil must not last",
		"Talks on oil must not last\n\nHe said that talks on oil must not last for years.":            "talks on oil must not last talks on oil must not last",
		"Talks on oil must not last. More.\n\nHe said that talks on oil must not last for years.":     "", // no paragraph of its own
		"On oil must not last\n\nHe said that talks on oil must not ever last for years.":             "", // other words
		"Must not last\n\nTalks must not last for years.":                                             "", // short
		"Talks on oil must not last\n\nTalks on oil must. Not last for years.":                        "", // two sentences
	} {
		if have := twins(body); have != want {
			t.Errorf("%s: %q, want %q", body, have, want)
		}
	}
}
