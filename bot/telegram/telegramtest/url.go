package telegramtest

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// ButtonURL checks the URL of an inline button and returns it as Telegram rewrites it. Unlike a link in a text, which is
// dropped silently, a wrong one fails the whole message.
func ButtonURL(raw string) (string, error) {
	url, err := checkLink(raw)
	if err != nil {
		return "", fmt.Errorf("Bad Request: inline keyboard button URL '%s' is invalid: %w", raw, err)
	}
	return url, nil
}

// checkLink returns a link in the form in which Telegram keeps it, or the reason why it takes none.
func checkLink(link string) (string, error) {
	for _, scheme := range []string{"tg", "ton", "tonsite"} {
		if rest, ok := cutPrefixFold(link, scheme+":"); ok {
			return checkAppLink(scheme, strings.TrimPrefix(rest, "//"))
		}
	}
	u, err := parseLink(link)
	if err != nil {
		return "", err
	}
	if !strings.Contains(u.host, ".") && !u.ipv6 {
		return "", errors.New("Wrong HTTP URL")
	}
	return u.String(), nil
}

func checkAppLink(scheme, rest string) (string, error) {
	u, err := parseLink(rest)
	if err != nil {
		return "", err
	}
	if _, explicit := cutPrefixFold(rest, "http://"); explicit || u.scheme == "https" || u.user != "" || u.port != 0 || u.ipv6 {
		return "", fmt.Errorf("Wrong %s URL", scheme)
	}
	for _, c := range []byte(u.host) {
		if !isAlpha(c) && !isDigit(c) && c != '-' && c != '_' && (scheme != "tonsite" || c != '.') {
			return "", errors.New("Unallowed characters in URL host")
		}
	}
	path := u.path
	if strings.HasPrefix(path, "/?") {
		path = path[1:]
	}
	return scheme + "://" + u.host + path, nil
}

// link is an HTTP address in parts.
type link struct {
	scheme, user, host string
	port               int // 0 when none was given
	path               string
	ipv6               bool
}

func (l link) String() string {
	s := l.scheme + "://"
	if l.user != "" {
		s += l.user + "@"
	}
	s += l.host
	if l.port != 0 {
		s += ":" + strconv.Itoa(l.port)
	}
	return s + l.path
}

// parseLink reads [http[s]://][userinfo@]host[:port][/path][?query][#fragment], much more leniently than RFC 3986.
func parseLink(raw string) (link, error) {
	l := link{scheme: "http"}
	if scheme, rest, ok := strings.Cut(raw, "://"); ok && !strings.ContainsAny(scheme, ":/?#@[]") {
		if l.scheme = lower(scheme); l.scheme != "http" && l.scheme != "https" {
			return l, errors.New("Unsupported URL protocol")
		}
		raw = rest
	}
	authority, path := raw, ""
	if i := strings.IndexAny(raw, "/?#"); i >= 0 {
		authority, path = raw[:i], raw[i:]
	}
	// A colon counts as the port's only when nothing but the port follows it: not inside brackets, not in the userinfo.
	if i := strings.LastIndexAny(authority, ":]@"); i > 0 && authority[i] == ':' {
		port, err := strconv.Atoi(strings.TrimPrefix(authority[i+1:], "+"))
		if err != nil || port <= 0 || port > 65535 {
			return l, errors.New("Wrong port number specified in the URL")
		}
		l.port, authority = port, authority[:i]
	}
	l.host = authority
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		l.user, l.host = authority[:i], authority[i+1:]
	}
	l.host = lower(l.host)
	l.path = escapeSpaces(strings.TrimRight(path, " \t\r\n\v\x00"))
	return l, l.check()
}

func escapeSpaces(path string) string {
	var b strings.Builder
	if path == "" || path[0] != '/' {
		b.WriteByte('/')
	}
	for _, c := range []byte(path) {
		if c <= ' ' {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func (l *link) check() error {
	switch {
	case strings.HasPrefix(l.host, "[") && strings.HasSuffix(l.host, "]"):
		addr, err := netip.ParseAddr(strings.Trim(l.host, "[]"))
		if err != nil || !addr.Is6() || addr.Zone() != "" {
			return errors.New("Wrong IPv6 address specified in the URL")
		}
		l.ipv6 = true
		return nil
	case l.host == "":
		return errors.New("URL host is empty")
	case l.host == ".":
		return errors.New("Host is invalid")
	}
	if err := allowed(l.host, "host", ""); err != nil {
		return err
	}
	return allowed(l.user, "userinfo", ":")
}

// allowed lets through what RFC 3986 allows in a host and everything beyond ASCII.
func allowed(s, part, more string) error {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case isAlpha(c), isDigit(c), c >= 0x80, strings.IndexByte(".-_!$,~*'();&+=", c) >= 0, more != "" && strings.IndexByte(more, c) >= 0:
		case c == '%':
			if i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
				return errors.New("Wrong percent-encoded symbol in URL " + part)
			}
			i += 2
		default:
			return errors.New("Disallowed character in URL " + part)
		}
	}
	return nil
}

func isHex(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || lower(s[:len(prefix)]) != prefix {
		return s, false
	}
	return s[len(prefix):], true
}

// userLink returns the id in tg://user?id=N, 0 for anything else.
func userLink(url string) int64 {
	rest, ok := cutPrefixFold(url, "tg:")
	if !ok {
		return 0
	}
	rest, ok = cutPrefixFold(strings.TrimPrefix(rest, "//"), "user")
	if !ok {
		return 0
	}
	rest = strings.TrimPrefix(rest, "/")
	if !strings.HasPrefix(rest, "?") {
		return 0
	}
	query, _, _ := strings.Cut(rest[1:], "#")
	for _, pair := range strings.Split(query, "&") {
		if id, ok := cutPrefixFold(pair, "id="); ok {
			n, _ := strconv.ParseInt(id, 10, 64)
			return n
		}
	}
	return 0
}
