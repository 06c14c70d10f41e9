package fetch

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Post sends a form and wants nothing back but success, which is any 2xx. It is
// bound like Get: the same addresses, turns and times. Redirects are followed
// where they keep the form (307, 308), but never from https to http. Its error is
// always an *Error.
func (f *Fetcher) Post(ctx context.Context, address string, form url.Values) error {
	_, err := f.walk(ctx, Request{URL: address, form: form.Encode()})
	return err
}

func (f *Fetcher) formRequest(ctx context.Context, at *url.URL, form string) *http.Request {
	return (&http.Request{
		Method: http.MethodPost, URL: at, Host: at.Host,
		Header: http.Header{
			"User-Agent":   {f.userAgent},
			"Content-Type": {"application/x-www-form-urlencoded"},
		},
		Body: io.NopCloser(strings.NewReader(form)), ContentLength: int64(len(form)),
	}).WithContext(ctx)
}

// maxLinks bounds how many links of a header are looked at.
const maxLinks = 64

// hubLinks finds the first rel=hub and the first rel=self of the Link headers
// (RFC 8288), absolute.
func hubLinks(h http.Header, base *url.URL) (hub, self string) {
	n := 0
	for _, line := range h.Values("Link") {
		for line != "" && n < maxLinks {
			var target, rel string
			target, rel, line = nextLink(line)
			n++
			for _, word := range strings.Fields(strings.ToLower(rel)) {
				switch {
				case word == "hub" && hub == "":
					hub = absolute(base, target)
				case word == "self" && self == "":
					self = absolute(base, target)
				}
			}
		}
	}
	return hub, self
}

// nextLink splits the first link off a header's value: `<target>; rel="x y", …`.
func nextLink(line string) (target, rel, rest string) {
	_, line, ok := strings.Cut(line, "<")
	if !ok {
		return "", "", ""
	}
	target, line, ok = strings.Cut(line, ">")
	if !ok {
		return "", "", ""
	}
	for {
		line = strings.TrimLeft(line, " \t")
		if !strings.HasPrefix(line, ";") {
			return strings.TrimSpace(target), rel, strings.TrimPrefix(line, ",")
		}
		var key, value string
		key, value, line = nextParameter(line[1:])
		if strings.EqualFold(key, "rel") && rel == "" {
			rel = value
		}
	}
}

// nextParameter splits `key=value` or `key="value"` off the text behind a
// semicolon.
func nextParameter(s string) (key, value, rest string) {
	end := strings.IndexAny(s, "=;,")
	if end < 0 {
		return strings.TrimSpace(s), "", ""
	}
	key = strings.TrimSpace(s[:end])
	if s[end] != '=' {
		return key, "", s[end:]
	}
	s = strings.TrimLeft(s[end+1:], " \t")
	if quoted, ok := strings.CutPrefix(s, `"`); ok {
		value, rest, _ = strings.Cut(quoted, `"`)
		return key, value, rest
	}
	if end = strings.IndexAny(s, ";,"); end < 0 {
		return key, strings.TrimSpace(s), ""
	}
	return key, strings.TrimSpace(s[:end]), s[end:]
}

// absolute resolves a link; "" when it is no http or https address.
func absolute(base *url.URL, ref string) string {
	u, err := base.Parse(ref)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || len(u.String()) > maxURL {
		return ""
	}
	return u.String()
}
