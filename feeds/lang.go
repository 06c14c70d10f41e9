package feeds

import (
	"strings"

	"golang.org/x/text/language"
)

// languageTag turns what a feed declares into a BCP 47 tag: "en_US", "EN-us"
// and "en-us" are "en-US". It is "" for what is no tag; nothing is guessed.
func languageTag(declared string) string {
	s := strings.ReplaceAll(strings.TrimSpace(declared), "_", "-")
	if i := strings.IndexAny(s, ",; \t\r\n"); i > 0 {
		s = s[:i]
	}
	if s == "" || len(s) > 35 {
		return ""
	}
	tag, err := language.Raw.Parse(s)
	if err != nil || tag == language.Und {
		return ""
	}
	return tag.String()
}

// primary is a tag's language without script and region: "de-AT" is "de".
func primary(tag string) string {
	base, _, _ := strings.Cut(tag, "-")
	return strings.ToLower(base)
}
