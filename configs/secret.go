package configs

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// secrets are the places of a configuration file that no message may repeat: a
// bot token wherever it stands, for it may stand under a misspelt key; the value
// of any key that ends in "token"; the password in an address. Each expression
// has the secret as its last group.
var secrets = []*regexp.Regexp{
	regexp.MustCompile(`\b([0-9]{3,}:[A-Za-z0-9_-]{8,})`),
	regexp.MustCompile(`(?i)token["']?[ \t]*[:=][ \t]*["']?([^\s"',}\]]+)`),
	regexp.MustCompile(`://[^\s/@:]*:([^\s/@]+)@`),
}

// masked is text with every secret in it covered, character by character, so
// that a caret below still points where it did.
func masked(text string) string {
	for _, secret := range secrets {
		var b strings.Builder
		at := 0
		for _, m := range secret.FindAllStringSubmatchIndex(text, -1) {
			start, end := m[len(m)-2], m[len(m)-1]
			b.WriteString(text[at:start])
			b.WriteString(strings.Repeat("*", utf8.RuneCountInString(text[start:end])))
			at = end
		}
		b.WriteString(text[at:])
		text = b.String()
	}
	return text
}
