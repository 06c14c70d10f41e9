package telegram

import (
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ButtonURL reports whether Telegram takes raw as the URL of an inline button,
// and returns the form that it makes of it. A button with any other URL makes
// it refuse the whole message.
//
// The rules are those of Telegram's own parser (TDLib), which reads addresses
// by hand: the scheme is http, https, tg, ton, tonsite or missing, the host has
// a dot or is an IPv6 address. An address without a scheme passes as a host,
// however little it looks like one ("mailto:a@b.com").
func ButtonURL(raw string) (string, bool) {
	for _, scheme := range []string{"tg", "ton", "tonsite"} {
		if rest, ok := cutScheme(raw, scheme); ok {
			return deepLink(scheme, rest)
		}
	}
	u, ok := parseAddress(raw)
	if !ok || !u.ipv6 && !strings.Contains(u.host, ".") {
		return "", false
	}
	return u.String(), true
}

// LinkURL is ButtonURL for <a href="…">, where Telegram drops a URL that it
// does not like and keeps the text, so that a reader loses the link without
// anybody being told. It is stricter in one thing: an address without a scheme
// is refused, because it is none that a feed means. The result is not escaped.
func LinkURL(raw string) (string, bool) {
	for _, scheme := range []string{"http", "https", "tg"} {
		if rest, ok := cutScheme(raw, scheme); ok && strings.HasPrefix(rest, "//") {
			return ButtonURL(raw)
		}
	}
	return "", false
}

// cutScheme cuts "scheme:" off, in any case.
func cutScheme(raw, scheme string) (string, bool) {
	n := len(scheme)
	if len(raw) <= n || raw[n] != ':' || !strings.EqualFold(raw[:n], scheme) {
		return "", false
	}
	return raw[n+1:], true
}

// deepLink checks what follows a scheme of Telegram's own.
func deepLink(scheme, rest string) (string, bool) {
	rest = strings.TrimPrefix(rest, "//")
	u, ok := parseAddress(rest)
	if !ok || u.secure || u.user != "" || u.port != 0 || u.ipv6 {
		return "", false
	}
	if after, web := cutScheme(rest, "http"); web && strings.HasPrefix(after, "//") {
		return "", false
	}
	for i := range len(u.host) {
		c := u.host[i]
		if !alnum(c) && c != '-' && c != '_' && (c != '.' || scheme != "tonsite") {
			return "", false
		}
	}
	query := u.rest
	if strings.HasPrefix(query, "/?") {
		query = query[1:]
	}
	return scheme + "://" + u.host + query, true
}

// An address is a URL as Telegram takes it apart.
type address struct {
	secure bool // https
	user   string
	host   string // lower case; with brackets when ipv6
	ipv6   bool
	port   int    // 0 not stated
	rest   string // path, query, fragment; begins with a slash
}

// String puts it together again.
func (a address) String() string {
	var b strings.Builder
	if a.secure {
		b.WriteString("https://")
	} else {
		b.WriteString("http://")
	}
	if a.user != "" {
		b.WriteString(a.user + "@")
	}
	b.WriteString(a.host)
	if a.port != 0 {
		b.WriteString(":" + strconv.Itoa(a.port))
	}
	b.WriteString(a.rest)
	return b.String()
}

// parseAddress takes [http[s]://][user@]host[:port][rest] apart.
func parseAddress(raw string) (address, bool) {
	var a address
	if !utf8.ValidString(raw) {
		return a, false
	}
	if i := strings.IndexAny(raw, ":/?#@[]"); i >= 0 && strings.HasPrefix(raw[i:], "://") {
		switch strings.ToLower(raw[:i]) {
		case "http":
		case "https":
			a.secure = true
		default:
			return a, false
		}
		raw = raw[i+len("://"):]
	}
	end := strings.IndexAny(raw, "/?#")
	if end < 0 {
		end = len(raw)
	}
	authority, ok := a.cutPort(raw[:end])
	if !ok {
		return a, false
	}
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		a.user, authority = authority[:at], authority[at+1:]
	}
	a.host, a.rest = lowerASCII(authority), escapeRest(raw[end:])
	return a, a.checkHost() && validPart(a.user, true)
}

// cutPort cuts a port off the end of user@host:port.
func (a *address) cutPort(authority string) (string, bool) {
	i := strings.LastIndexAny(authority, ":]@")
	if i <= 0 || authority[i] != ':' {
		return authority, true
	}
	port, err := strconv.ParseUint(authority[i+1:], 10, 32)
	if err != nil || port == 0 || port > 65535 {
		return "", false
	}
	a.port = int(port)
	return authority[:i], true
}

// checkHost checks the host and finds out whether it is an IPv6 address.
func (a *address) checkHost() bool {
	if a.host == "" || a.host == "." {
		return false
	}
	if strings.HasPrefix(a.host, "[") && strings.HasSuffix(a.host, "]") {
		ip, err := netip.ParseAddr(a.host[1 : len(a.host)-1])
		a.ipv6 = err == nil && ip.Is6() && ip.Zone() == ""
		return a.ipv6
	}
	return validPart(a.host, false)
}

// validPart checks the characters of a host or of user information. Everything
// beyond ASCII is allowed, and so is a percent sign before two hex digits.
func validPart(s string, colon bool) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case alnum(c) || c >= 0x80 || strings.IndexByte(".-_!$,~*'();&+=", c) >= 0:
		case c == ':' && colon:
		case c == '%' && i+2 < len(s) && hexDigit(s[i+1]) && hexDigit(s[i+2]):
			i += 2
		default:
			return false
		}
	}
	return true
}

// escapeRest escapes control characters and spaces, cuts white space off the
// end, and puts a slash in front where none is.
func escapeRest(s string) string {
	const digits = "0123456789ABCDEF"
	s = strings.TrimRight(s, " \t\r\n\x00\v")
	var b strings.Builder
	if s == "" || s[0] != '/' {
		b.WriteByte('/')
	}
	for i := range len(s) {
		if c := s[i]; c <= ' ' {
			b.Write([]byte{'%', digits[c>>4], digits[c&15]})
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// lowerASCII leaves everything beyond ASCII as it is.
func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + ('a' - 'A')
		}
		return r
	}, s)
}

func alnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func hexDigit(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
