package telegramtest

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// Patterns of what Telegram finds in a text by itself. Go has no look-around, so the characters on both sides are checked
// by finder.ok.
const (
	tagLetter  = `\p{L}\p{Nd}_\x{200c}\x{b7}\x{d80}-\x{dff}`
	noURL      = `\s\p{Z}\x{2000}-\x{200b}\x{200e}\x{200f}\x{2016}-\x{206f}`
	domainChar = `(?:[A-Za-z0-9._~-]|[^\x00-\x{bf}` + noURL + `])`
	pathPart   = `(?:[/?#][^<>"«»` + noURL + `]*)?`
)

type finder struct {
	kind string
	re   *regexp.Regexp
	ok   func(match string, prev, next rune) bool
}

var finders = []finder{
	{"mention", regexp.MustCompile(`@[A-Za-z0-9_]{2,32}`), func(m string, prev, next rune) bool {
		short := map[string]bool{"@gif": true, "@nft": true, "@pic": true, "@ufc": true, "@vid": true}
		return !isWord(prev) && !isWord(next) && (len(m) > 4 || short[lower(m)])
	}},
	{"bot_command", regexp.MustCompile(`/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?`), func(_ string, prev, next rune) bool {
		return !isWord(prev) && !isWord(next) && !strings.ContainsRune("/<>", prev) && !strings.ContainsRune("/<>", next)
	}},
	{"hashtag", regexp.MustCompile(`#[` + tagLetter + `]{1,256}(?:@[A-Za-z0-9_]{3,32})?`), func(m string, prev, next rune) bool {
		return !isTagLetter(prev) && next != '#' && strings.ContainsFunc(m, unicode.IsLetter)
	}},
	{"cashtag", regexp.MustCompile(`\$(?:1INCH|[A-Z]{1,8})(?:@[A-Za-z0-9_]{3,32})?`), func(_ string, prev, next rune) bool {
		return !isTagLetter(prev) && prev != '$' && !isTagLetter(next) && next != '$'
	}},
	{"url", regexp.MustCompile(`(?i)(?:tg|ton|tonsite)://[a-z0-9_-]{1,253}` + pathPart), func(_ string, prev, _ rune) bool {
		return true
	}},
}

var (
	urlPattern = regexp.MustCompile(`(?i)(?:(?:https?|ftp|tonsite)://)?(?:[^/\[\]{}()'` + "`" + `<>"@«»` + noURL + `]+@)?` +
		domainChar + `+\.` + domainChar + `+(?::\d{1,5})?` + pathPart)
	protocol = regexp.MustCompile(`^(?i)(?:https?|ftp|tonsite)://`)
	email    = regexp.MustCompile(`^(?i)(?:[a-z0-9_-]{0,26}[.+]){0,10}[a-z0-9_-]{1,35}@(?:(?:[a-z0-9][a-z0-9_-]{0,28})?[a-z0-9][.]){1,6}[a-z]{2,8}$`)
)

// pathEnd are characters that end a sentence rather than an address.
const pathEnd = ".:;,('?!`"

func isWord(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r)
}

func isTagLetter(r rune) bool {
	return r == '_' || r == 0x200c || r == 0xb7 || 0xd80 <= r && r <= 0xdff || unicode.IsLetter(r) || unicode.Is(unicode.Nd, r)
}

// findEntities returns links, addresses, mentions, tags and commands in a text; no two overlap.
func findEntities(text string) []Entity {
	var found []Entity
	add := func(kind string, from, to int) {
		found = append(found, Entity{Type: kind, Offset: utf16Len(text[:from]), Length: utf16Len(text[from:to])})
	}
	for _, f := range finders {
		for _, m := range f.re.FindAllStringIndex(text, -1) {
			to := m[0] + len(strings.TrimRight(text[m[0]:m[1]], pathEnd))
			if f.ok(text[m[0]:to], before(text, m[0]), after(text, to)) {
				add(f.kind, m[0], to)
			}
		}
	}
	for _, m := range urlPattern.FindAllStringIndex(text, -1) {
		if kind, from, to := webAddress(text, m[0], m[1]); kind != "" {
			add(kind, from, to)
		}
	}
	sortEntities(found)
	return withoutOverlaps(found)
}

func before(text string, i int) rune {
	r, n := utf8.DecodeLastRuneInString(text[:i])
	if n == 0 {
		return ' '
	}
	return r
}

func after(text string, i int) rune {
	r, n := utf8.DecodeRuneInString(text[i:])
	if n == 0 {
		return ' '
	}
	return r
}

// webAddress judges a candidate: "url", "email" or "" when it is neither, and its borders.
func webAddress(text string, from, to int) (kind string, start, end int) {
	candidate := strings.TrimRight(text[from:to], ".")
	if rest, ok := strings.CutPrefix(candidate, "mailto:"); ok {
		candidate, from = rest, from+len("mailto:")
	}
	prev := before(text, from)
	hasProtocol := protocol.MatchString(candidate)
	if !hasProtocol && (isWord(prev) || strings.ContainsRune("/#@", prev)) {
		return "", 0, 0
	}
	if email.MatchString(candidate) {
		return "email", from, from + len(candidate)
	}
	url := trimURL(candidate)
	if url == "" || !plausibleHost(url, hasProtocol) {
		return "", 0, 0
	}
	return "url", from, from + len(url)
}

// hostOf returns the host in an address and where the path starts.
func hostOf(url string) (host string, path int) {
	start := len(protocol.FindString(url))
	path = len(url)
	if i := strings.IndexAny(url[start:], "/?#"); i >= 0 {
		path = start + i
	}
	host = url[start:path]
	host = host[strings.LastIndexByte(host, '@')+1:]
	if i := strings.LastIndexByte(host, ':'); i >= 0 {
		host = host[:i]
	}
	return host, path
}

// trimURL cuts an unbalanced closing bracket with what follows it, and the punctuation of the sentence.
func trimURL(url string) string {
	_, path := hostOf(url)
	depth := map[byte]int{}
	opening := map[byte]byte{')': '(', ']': '[', '}': '{'}
	end := len(url)
	for i := path; i < len(url); i++ {
		switch c := url[i]; c {
		case '(', '[', '{':
			depth[c]++
		case ')', ']', '}':
			if depth[opening[c]]--; depth[opening[c]] < 0 {
				end = i
			}
		}
		if end != len(url) {
			break
		}
	}
	for end > path && strings.IndexByte(pathEnd, url[end-1]) >= 0 {
		end--
	}
	return url[:end]
}

// plausibleHost tells whether a host may be a link: an IPv4 address, or a name under a top-level domain that exists
// (any is believed behind a protocol).
func plausibleHost(url string, hasProtocol bool) bool {
	host, _ := hostOf(url)
	parts := strings.Split(host, ".")
	if len(parts) < 2 {
		return false
	}
	digits := true
	for _, p := range parts {
		if p == "" || len(p) >= 64 || strings.HasSuffix(p, "-") {
			return false
		}
		digits = digits && strings.Trim(p, "0123456789") == ""
	}
	if digits {
		return isIPv4(parts)
	}
	top := parts[len(parts)-1]
	if utf8.RuneCountInString(top) < 2 || strings.Contains(parts[len(parts)-2], "_") {
		return false
	}
	if name, ok := strings.CutPrefix(top, "xn--"); ok {
		return len(name) > 1 && strings.Trim(lower(name), "abcdefghijklmnopqrstuvwxyz0123456789") == ""
	}
	return !strings.ContainsAny(top, "_-") && (hasProtocol || isTopLevel(top))
}

func isIPv4(parts []string) bool {
	if len(parts) != 4 {
		return false
	}
	for _, p := range parts {
		if len(p) > 3 || len(p) == 3 && p > "255" || len(p) > 1 && p[0] == '0' {
			return false
		}
	}
	return true
}

// isTopLevel consults the ICANN part of the public suffix list. "end.Next" is a sentence, not a host.
func isTopLevel(top string) bool {
	low := strings.ToLower(top)
	_, n := utf8.DecodeRuneInString(top)
	if low != top && len(low) == len(top) && low[n:] == top[n:] {
		return false
	}
	ascii, err := idna.ToASCII(low)
	if err != nil {
		return false
	}
	suffix, icann := publicsuffix.PublicSuffix("example." + ascii)
	return icann && (suffix == ascii || strings.HasSuffix(suffix, "."+ascii)) || low == "onion" || low == "ton"
}
