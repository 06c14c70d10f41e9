package feeds

import (
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

// CanonicalURL is the identity of an article's address: two addresses of one
// page have the same. It is "" when raw is no http(s) address. It is for
// comparing, never for showing or fetching: the scheme is always https, "www.",
// "m." and "amp." are off, so are default ports, fragments, trackers, AMP marks
// and a trailing slash. Parameters keep their order. CanonicalURL of its own
// result is that result.
func CanonicalURL(raw string) string {
	raw = strings.TrimSpace(raw)
	if len(raw) > MaxURL {
		return ""
	}
	u := parseHTTP(raw)
	for inner := unwrap(u); inner != nil; inner = unwrap(u) { // each is shorter than what it was in
		u = inner
	}
	if u == nil {
		return ""
	}
	host := canonicalHost(u)
	if host == "" {
		return ""
	}
	path := canonicalPath(u.EscapedPath())
	out := "https://" + host + path
	if query := canonicalQuery(u.RawQuery); query != "" {
		if path == "" {
			out += "/"
		}
		out += "?" + query
	}
	if strings.HasPrefix(u.Fragment, "!") { // a page of an application
		out += "#" + normalEscapes(u.EscapedFragment())
	}
	return out
}

// parseHTTP parses an absolute http(s) address, nil for anything else.
func parseHTTP(raw string) *url.URL {
	u, err := url.Parse(raw)
	if err != nil {
		if u, err = url.Parse(escapeStray(raw)); err != nil {
			return nil
		}
	}
	if !strings.EqualFold(u.Scheme, "http") && !strings.EqualFold(u.Scheme, "https") || u.Host == "" {
		return nil
	}
	return u
}

// unwrap returns the address inside an AMP cache's or a redirector's; nil
// when u is none. It looks at u as it would be written, so that what it finds
// does not depend on how that is.
func unwrap(u *url.URL) *url.URL {
	if u == nil {
		return nil
	}
	host, path := canonicalHost(u), canonicalPath(u.EscapedPath())
	switch {
	case strings.HasSuffix(host, ".cdn.ampproject.org") || host == "cdn.ampproject.org":
		// /c/s/example.org/path: content, over TLS
		rest := strings.TrimPrefix(path, "/")
		if kind, r, ok := strings.Cut(rest, "/"); ok && len(kind) == 1 {
			return hostAndPath(strings.TrimPrefix(r, "s/"), u.RawQuery)
		}
	case strings.HasPrefix(host, "google.") && strings.HasPrefix(u.EscapedPath(), "/amp/"): // a mark elsewhere
		return hostAndPath(strings.TrimPrefix(strings.TrimPrefix(u.EscapedPath(), "/amp/"), "s/"), u.RawQuery)
	case strings.HasPrefix(host, "google.") && path == "/url":
		q := parameters(u)
		for _, key := range []string{"url", "q"} {
			if inner := wrapped(q.Get(key)); inner != nil {
				return inner
			}
		}
	case (host == "l.facebook.com" || host == "lm.facebook.com") && path == "/l.php":
		return wrapped(parameters(u).Get("u"))
	}
	return nil
}

// wrapped parses an address that was found in another one; nil for one that would
// be none by itself.
func wrapped(raw string) *url.URL {
	if u := parseHTTP(raw); u != nil && canonicalHost(u) != "" {
		return u
	}
	return nil
}

// parameters are those of an address that may have been copied out of HTML.
func parameters(u *url.URL) url.Values {
	values, _ := url.ParseQuery(normalEscapes(plainAmpersands(u.RawQuery))) // what can be read of it
	return values
}

// plainAmpersands undoes the escaping of HTML, however often it was done.
func plainAmpersands(query string) string {
	for strings.Contains(query, "&amp;") {
		query = strings.ReplaceAll(query, "&amp;", "&")
	}
	return query
}

func hostAndPath(s, query string) *url.URL {
	if query != "" {
		s += "?" + query
	}
	if u := wrapped("https://" + s); u != nil && strings.Contains(u.Hostname(), ".") {
		return u
	}
	return nil
}

// canonicalHost is the host in lower case and ASCII, without the prefixes that
// sites put before the same pages, with its port if that is no default.
func canonicalHost(u *url.URL) string {
	host := strings.TrimRight(strings.ToLower(u.Hostname()), ".")
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		host = ascii
	}
	for changed := true; changed; {
		changed = false
		for _, prefix := range []string{"www.", "m.", "mobile.", "amp.", "touch."} {
			rest, ok := strings.CutPrefix(host, prefix)
			if ok && strings.Contains(strings.Trim(rest, "."), ".") && rest[0] != '.' {
				host, changed = rest, true
			}
		}
	}
	if host == "" || strings.ContainsAny(host, " /?#@%\\<>\"") {
		return ""
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port := u.Port(); port != "" && port != "80" && port != "443" {
		host += ":" + port
	}
	return host
}

// canonicalPath normalises escapes and takes off AMP marks, dot segments and
// the slash at the end.
func canonicalPath(path string) string {
	path = normalEscapes(path)
	var kept []string
	for segment := range strings.SplitSeq(path, "/") {
		switch {
		case segment == ".", strings.EqualFold(segment, "amp"):
		case segment == "..":
			if len(kept) > 1 {
				kept = kept[:len(kept)-1]
			}
		default:
			kept = append(kept, segment)
		}
	}
	path = strings.TrimRight(strings.Join(kept, "/"), "/")
	for _, mark := range []string{".amp.html", ".amp.htm", ".amp.asp", ".amp"} {
		if rest, ok := strings.CutSuffix(path, mark); ok && rest != "" && !strings.HasSuffix(rest, "/") {
			path = rest + strings.TrimPrefix(mark, ".amp")
			return canonicalPath(path)
		}
	}
	if path != "" && path[0] != '/' {
		path = "/" + path
	}
	for strings.HasPrefix(path, "//") {
		path = path[1:]
	}
	return path
}

// canonicalQuery drops trackers, AMP marks and empty parameters.
func canonicalQuery(query string) string {
	if query == "" {
		return ""
	}
	var kept []string
	for part := range strings.SplitSeq(plainAmpersands(query), "&") {
		key, value, _ := strings.Cut(part, "=")
		name, err := url.QueryUnescape(key)
		if err != nil {
			name = key
		}
		if part == "" || isTracker(strings.ToLower(name), value) {
			continue
		}
		kept = append(kept, normalEscapes(part))
	}
	out := strings.Join(kept, "&")
	if strings.Contains(out, "&amp;") { // "&%61mp;" was one
		return canonicalQuery(out)
	}
	return out
}

const upperHex = "0123456789ABCDEF"

// normalEscapes gives every character its one escaped form: unreserved ones
// bare, others as upper-case %XX, so that an Arabic path is one whether it came
// raw or escaped.
func normalEscapes(s string) string {
	clean := true
	for i := 0; i < len(s) && clean; i++ {
		clean = isUnreserved(s[i]) || strings.IndexByte("/&=;,:@!$'()*+?", s[i]) >= 0
	}
	if clean {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		escaped := c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2])
		if escaped {
			c = unhex(s[i+1])<<4 | unhex(s[i+2])
			i += 2
		}
		if isUnreserved(c) || !escaped && strings.IndexByte("/&=;,:@!$'()*+?", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(upperHex[c>>4])
		b.WriteByte(upperHex[c&15])
	}
	return b.String()
}

func isUnreserved(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}
