// Package fetch downloads feeds and article pages: politely (conditional
// requests, few connections and a pause per host), within bounds (size, time,
// redirects) and never from an address that only this machine's network can
// reach. It keeps nothing between requests but connections and, for a moment, the
// hosts it has just asked. What it downloads is decompressed and otherwise left as
// it is: charsets are the business of package feeds.
package fetch

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/idna"
)

// Defaults and limits.
const (
	DefaultPerHost   = 2
	DefaultDelay     = time.Second
	DefaultTimeout   = 30 * time.Second // a whole request, redirects included, waiting for one's turn not
	DefaultMaxBody   = 15 << 20         // bytes after decompression
	DefaultMaxWire   = 10 << 20         // bytes before it
	MaxRedirects     = 5
	connectTimeout   = 10 * time.Second
	headerTimeout    = 20 * time.Second // until the headers are there
	stallTimeout     = 15 * time.Second // without a byte of the body
	maxHeader        = 64 << 10
	maxIdle          = 64               // connections kept open over all hosts
	idleTimeout      = 30 * time.Second // how long
	maxURL           = 4096
	defaultUserAgent = "wirewatch/dev (news feed reader)"
)

// accept tells servers that choose: feeds first, then anything.
const accept = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, text/html;q=0.7, */*;q=0.5"

// Options configures a Fetcher; its zero value is useful.
type Options struct {
	UserAgent    string        // "" a neutral one
	Proxy        string        // http, https, socks5 or socks5h URL; "" none; the environment is not read
	AllowPrivate bool          // private addresses and any port are reached too
	PerHost      int           // requests at once to one host; 0: DefaultPerHost
	Delay        time.Duration // between the starts of two requests to one host; 0: DefaultDelay, negative: none
	Timeout      time.Duration // a whole request; 0: DefaultTimeout
	MaxBody      int64         // bytes after decompression; 0: DefaultMaxBody
	MaxWire      int64         // bytes before it; 0: DefaultMaxWire
	Now          func() time.Time
}

// A Request names an address and the validators of the last answer.
type Request struct {
	URL, ETag, LastModified string

	form string // encoded; set by Post alone
}

// A Response is what the server sent.
type Response struct {
	URL          string        // the final address, without credentials
	Moved        string        // the new address when every hop was permanent (301, 308), else ""; keeps credentials within a host
	NotModified  bool          // 304: Body is nil, the validators are the old ones where no new came
	Body         []byte        // decompressed
	ContentType  string        // the header's value
	ETag         string        // "" none
	LastModified string        // "" none
	MaxAge       time.Duration // how long the answer says it is fresh; 0 nothing said
	RetryAfter   time.Duration // 0 nothing said
	Hub, Self    string        // what the Link header says for WebSub, absolute; "" nothing
}

// A Fetcher downloads; it is safe for concurrent use.
type Fetcher struct {
	client       *http.Client
	guard        *guard
	hosts        *hosts
	userAgent    string
	timeout      time.Duration
	maxBody      int64
	maxWire      int64
	now          func() time.Time
	stallTimeout time.Duration
}

// New checks the options.
func New(o Options) (*Fetcher, error) {
	f := &Fetcher{
		userAgent: o.UserAgent, timeout: o.Timeout, maxBody: o.MaxBody, maxWire: o.MaxWire, now: o.Now,
		stallTimeout: stallTimeout,
	}
	if f.userAgent == "" {
		f.userAgent = defaultUserAgent
	}
	if f.timeout <= 0 {
		f.timeout = DefaultTimeout
	}
	if f.maxBody <= 0 {
		f.maxBody = DefaultMaxBody
	}
	if f.maxWire <= 0 {
		f.maxWire = DefaultMaxWire
	}
	if f.now == nil {
		f.now = time.Now
	}
	if o.PerHost <= 0 {
		o.PerHost = DefaultPerHost
	}
	if o.Delay == 0 {
		o.Delay = DefaultDelay
	}
	f.hosts = newHosts(o.PerHost, max(o.Delay, 0), f.now)
	var err error
	if f.guard, err = newGuard(o.AllowPrivate, o.Proxy); err != nil {
		return nil, err
	}
	f.client = &http.Client{
		Transport:     f.guard.transport(),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return f, nil
}

// PerHost is how many requests are made at once to one host.
func (f *Fetcher) PerHost() int { return f.hosts.perHost }

// Close drops the connections that are kept open.
func (f *Fetcher) Close() { f.client.CloseIdleConnections() }

// Get downloads one address, following at most MaxRedirects. Its error is always
// an *Error. It waits for its turn at each host; the timeout counts only the time
// after that.
func (f *Fetcher) Get(ctx context.Context, r Request) (*Response, error) {
	return f.walk(ctx, r)
}

// walk makes a request, and again wherever the server sends it.
func (f *Fetcher) walk(ctx context.Context, r Request) (*Response, error) {
	at, err := parseAddress(r.URL)
	if err != nil {
		return nil, err
	}
	left := f.timeout
	permanent := true
	visited := map[string]bool{at.String(): true}
	for hop := 0; ; hop++ {
		h, err := f.hop(ctx, at, r, &left)
		if err != nil {
			return nil, err
		}
		if h.next == nil {
			if hop > 0 && permanent {
				h.resp.Moved = at.String()
			}
			return h.resp, nil
		}
		permanent = permanent && h.permanent
		if hop >= MaxRedirects {
			return nil, fail(Redirects, nil, "the server redirects more than %d times", MaxRedirects)
		}
		if r.form != "" && at.Scheme == "https" && h.next.Scheme != "https" {
			return nil, fail(Redirects, nil, "the server redirects a form from https to http")
		}
		at = carryCredentials(at, h.next)
		if visited[at.String()] {
			return nil, fail(Redirects, nil, "the server redirects in a circle")
		}
		visited[at.String()] = true
	}
}

// A hop is the outcome of one request: an answer or the next address.
type hop struct {
	resp      *Response
	next      *url.URL
	permanent bool
}

// hop makes one request when it is its turn at the host.
func (f *Fetcher) hop(ctx context.Context, at *url.URL, r Request, left *time.Duration) (hop, error) {
	leave, err := f.hosts.enter(ctx, at.Host)
	if err != nil {
		return hop{}, canceled(err)
	}
	defer leave()
	start := time.Now()
	defer func() { *left -= time.Since(start) }()
	tctx, cancel := context.WithTimeoutCause(ctx, *left, context.DeadlineExceeded)
	defer cancel()
	if err := f.guard.check(tctx, at); err != nil {
		return hop{}, f.explain(ctx, at, err)
	}
	resp, err := f.client.Do(f.request(tctx, at, r))
	if err != nil {
		return hop{}, f.explain(ctx, at, err)
	}
	defer resp.Body.Close()
	if redirects(resp.StatusCode, r.form != "") {
		next, err := redirect(at, resp)
		permanent := resp.StatusCode == http.StatusMovedPermanently || resp.StatusCode == http.StatusPermanentRedirect
		return hop{next: next, permanent: permanent}, err
	}
	out, err := f.answer(resp, at, r, cancel)
	if err != nil {
		return hop{}, f.explain(ctx, at, err)
	}
	return hop{resp: out}, nil
}

// explain words an error, the caller's own giving up first.
func (f *Fetcher) explain(ctx context.Context, at *url.URL, err error) error {
	if ctx.Err() != nil {
		return canceled(ctx.Err())
	}
	return f.transportError(at.Hostname(), err)
}

func canceled(err error) *Error {
	if errors.Is(err, context.DeadlineExceeded) {
		return fail(Timeout, err, "there was not enough time for the request")
	}
	return fail(Canceled, err, "the request was given up")
}

func (f *Fetcher) request(ctx context.Context, at *url.URL, r Request) *http.Request {
	if r.form != "" {
		return f.formRequest(ctx, at, r.form)
	}
	req := (&http.Request{Method: http.MethodGet, URL: at, Host: at.Host, Header: http.Header{
		"User-Agent":      {f.userAgent},
		"Accept":          {accept},
		"Accept-Encoding": {"gzip, deflate"},
	}}).WithContext(ctx)
	if r.ETag != "" {
		req.Header.Set("If-None-Match", r.ETag)
	}
	if r.LastModified != "" {
		req.Header.Set("If-Modified-Since", r.LastModified)
	}
	return req
}

// answer reads an answer that is no redirect.
func (f *Fetcher) answer(resp *http.Response, at *url.URL, r Request, cancel context.CancelFunc) (*Response, error) {
	shown := *at
	shown.User, shown.Fragment = nil, ""
	out := &Response{
		URL:          shown.String(),
		ContentType:  resp.Header.Get("Content-Type"),
		ETag:         validator(resp.Header.Get("ETag")),
		LastModified: validator(resp.Header.Get("Last-Modified")),
		MaxAge:       maxAge(resp.Header),
		RetryAfter:   retryAfter(resp.Header, f.now()),
	}
	out.Hub, out.Self = hubLinks(resp.Header, &shown)
	if r.form != "" && resp.StatusCode/100 == 2 {
		return out, nil
	}
	switch resp.StatusCode {
	case http.StatusNotModified:
		out.NotModified = true
		if out.ETag == "" {
			out.ETag = r.ETag
		}
		if out.LastModified == "" {
			out.LastModified = r.LastModified
		}
		return out, nil
	case http.StatusOK, http.StatusNonAuthoritativeInfo, http.StatusNoContent:
		var err error
		out.Body, err = f.body(resp, cancel)
		return out, err
	}
	return nil, statusError(resp, f.now())
}

// validator keeps a header's value only when it can be sent back.
func validator(v string) string {
	if len(v) > 512 || strings.ContainsAny(v, "\r\n\x00") {
		return ""
	}
	return v
}

// parseAddress accepts absolute http and https addresses.
func parseAddress(raw string) (*url.URL, error) {
	if len(raw) > maxURL {
		return nil, fail(BadURL, nil, "the address is longer than %d characters", maxURL)
	}
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil {
		return nil, fail(BadURL, err, "this is no address")
	}
	return usable(u)
}

// usable checks a parsed address and makes its host ASCII.
func usable(u *url.URL) (*url.URL, error) {
	u.Scheme = strings.ToLower(u.Scheme)
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, fail(BadURL, nil, "only http:// and https:// addresses can be read")
	}
	host := strings.ToLower(u.Hostname())
	if host == "" {
		return nil, fail(BadURL, nil, "the address names no host")
	}
	if net.ParseIP(host) == nil {
		ascii, err := idna.Lookup.ToASCII(host)
		if err != nil && !strings.Contains(host, "_") { // underscores are no host names, but exist
			return nil, fail(BadURL, err, "the address names no proper host")
		}
		if err == nil {
			host = ascii
		}
		if host == "" {
			return nil, fail(BadURL, nil, "the address names no proper host")
		}
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port := u.Port(); port != "" {
		host += ":" + port
	}
	u.Host, u.Fragment, u.RawFragment = host, "", ""
	return u, nil
}

// redirects says whether a status sends us elsewhere. After most a form would
// become a request without it: those do not count for one.
func redirects(status int, form bool) bool {
	switch status {
	case http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther:
		return !form
	}
	return false
}

// redirect is the address an answer points to.
func redirect(at *url.URL, resp *http.Response) (*url.URL, error) {
	location := resp.Header.Get("Location")
	if location == "" || len(location) > maxURL {
		return nil, fail(Protocol, nil, "the server redirects to nowhere (%d)", resp.StatusCode)
	}
	next, err := at.Parse(location)
	if err != nil {
		return nil, fail(Protocol, err, "the server redirects to something that is no address")
	}
	return usable(next)
}

// carryCredentials keeps a user name and password within their host and never
// takes them to another, nor from https to http.
func carryCredentials(from, to *url.URL) *url.URL {
	switch {
	case from.Host != to.Host, from.Scheme != to.Scheme && to.Scheme != "https":
		to.User = nil
	case to.User == nil:
		to.User = from.User
	}
	return to
}
