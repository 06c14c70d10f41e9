package telegram

import "strings"

// Limits of one message. They are Telegram's; a renderer must keep to all of
// them.
const (
	// MaxText is the length of a message's visible text. Telegram counts code
	// points after parsing; counting UTF-16 units, as we do, is never looser.
	MaxText = 4096
	// MaxCaption is the same for a caption.
	MaxCaption = 1024
	// MaxEntities is how many links, quotes, bolds and so on a message may
	// have. Telegram drops the surplus silently, links included.
	MaxEntities = 100
	// MaxEntityBytes is about how much all entities with their URLs may weigh
	// (ENTITIES_TOO_LONG): 9.5 kB was seen to pass.
	MaxEntityBytes = 9500
	// MaxRawBytes is the length of the text with its markup, before parsing.
	MaxRawBytes = 32768
	// MaxCallbackData is in bytes. The least is 1.
	MaxCallbackData = 64
	// MaxAnswer is the length, in code points, of the text of an Answer.
	MaxAnswer = 200
	// MaxCommands is how many commands a menu may have.
	MaxCommands = 100
)

// UTF16Len returns the length of s in UTF-16 code units, in which Telegram
// counts entity offsets. An invalid byte counts as one.
func UTF16Len(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// htmlEscaper knows what Telegram needs: & because its entities need no
// semicolon, < because a bare one is an error, " for attributes.
var htmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// EscapeHTML makes a text safe for Telegram's HTML, between tags and inside
// quoted attributes alike.
func EscapeHTML(s string) string { return htmlEscaper.Replace(s) }
