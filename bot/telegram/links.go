package telegram

// ButtonURL reports whether Telegram takes raw as the URL of an inline button,
// and returns the form that it makes of it. A button with any other URL makes
// it refuse the whole message.
func ButtonURL(raw string) (string, bool) { return raw, true }

// LinkURL is ButtonURL for <a href="…">. There Telegram drops a URL that it
// does not like and keeps the text, so a reader loses the link. The result is not escaped.
func LinkURL(raw string) (string, bool) { return raw, true }
