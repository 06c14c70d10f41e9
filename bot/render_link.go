package bot

import (
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
)

// link puts an address behind HTML of ours; none behind an empty address.
func link(address, markup string) string {
	if address == "" {
		return markup
	}
	return `<a href="` + locale.Escape(address) + `">` + markup + "</a>"
}

// linkable is an article's address as Telegram links it and as people may read
// it, or "": only the web, nothing that would be dropped, or refused with its whole
// message, and nobody's name or password, which is how a false address looks like
// another one.
func linkable(raw string) string {
	raw = strings.TrimSpace(raw)
	scheme, rest, ok := strings.Cut(raw, "://")
	if !ok || !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https") {
		return ""
	}
	if len(raw) > maxLink || locale.Clean(raw) != raw {
		return ""
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	authority, path := rest[:end], rest[end:]
	authority = authority[strings.LastIndexByte(authority, '@')+1:]
	host, port := authority, ""
	if i := strings.LastIndexAny(authority, ":]"); i >= 0 && authority[i] == ':' {
		host, port = authority[:i], authority[i:]
	}
	host, ok = readableHost(host)
	if !ok {
		return ""
	}
	if address, ok := telegram.LinkURL(scheme + "://" + host + port + path); ok && len(address) <= maxLink {
		return address
	}
	return ""
}

// readableHost is a host in the letters of its language where they cannot be taken
// for others, and in ASCII ("xn--…") where they can; false for one that cannot be.
func readableHost(host string) (string, bool) {
	if strings.Contains(host, "%") {
		plain, err := url.PathUnescape(host)
		if err != nil || strings.ContainsAny(plain, "/?#@:[]\\ <>\"") {
			return "", false
		}
		host = plain
	}
	if isASCII(host) && !strings.Contains(strings.ToLower(host), "xn--") {
		return host, true
	}
	ascii, err := idna.Lookup.ToASCII(host)
	if err != nil {
		return "", false
	}
	read, err := idna.Display.ToUnicode(ascii)
	if err != nil {
		return ascii, true
	}
	labels := strings.Split(read, ".")
	last := scriptOf(labels[len(labels)-1])
	for _, label := range labels {
		script := scriptOf(label)
		// A Cyrillic or Greek name before ".com" may be all of letters that look Latin.
		alike := (script == "Cyrillic" || script == "Greek") && script != last
		if script == "" || alike {
			return ascii, true
		}
	}
	return read, true
}

// scriptOf is the one script of a label's letters, "Latin" for one without letters,
// and "" for a mixture. Chinese, Japanese and Korean mix theirs.
func scriptOf(label string) string {
	found := ""
	for _, r := range norm.NFC.String(label) {
		if !unicode.IsLetter(r) {
			continue
		}
		script := "other"
		for _, s := range []string{"Latin", "Cyrillic", "Greek", "Arabic", "Hebrew", "Han", "Hiragana", "Katakana", "Hangul", "Bopomofo"} {
			if unicode.Is(unicode.Scripts[s], r) {
				script = s
			}
		}
		switch script {
		case "Hiragana", "Katakana", "Hangul", "Bopomofo":
			script = "Han"
		}
		if found != "" && found != script {
			return ""
		}
		found = script
	}
	if found == "" {
		return "Latin"
	}
	return found
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0
}
