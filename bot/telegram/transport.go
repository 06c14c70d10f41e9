package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// Limits of one answer. Telegram itself caps an answer of getUpdates at about
// 4 MiB; no other answer that we ask for comes near one.
const (
	maxUpdatesBody = 16 << 20
	maxOtherBody   = 2 << 20
	maxHeaderBytes = 64 << 10
)

// Times of a connection. idleTimeout is short on purpose: a request that meets
// a connection which the server is just closing fails as Uncertain.
const (
	dialTimeout = 15 * time.Second
	idleTimeout = 30 * time.Second
	pingAfter   = 20 * time.Second // an HTTP/2 connection that went silent is tried, and dropped when dead
)

// bodyLimit is how many bytes of an answer are read.
func bodyLimit(method string) int64 {
	if method == "getUpdates" {
		return maxUpdatesBody
	}
	return maxOtherBody
}

// newTransport makes the transport; proxy is as in Options.
func newTransport(proxy string) (*http.Transport, error) {
	through, err := proxyFunc(proxy)
	if err != nil {
		return nil, err
	}
	return &http.Transport{
		Proxy:                  through,
		DialContext:            (&net.Dialer{Timeout: dialTimeout, KeepAlive: pingAfter}).DialContext,
		TLSHandshakeTimeout:    dialTimeout,
		IdleConnTimeout:        idleTimeout,
		MaxIdleConnsPerHost:    16,
		MaxResponseHeaderBytes: maxHeaderBytes,
		ForceAttemptHTTP2:      true,
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: pingAfter, PingTimeout: dialTimeout},
	}, nil
}

// proxyFunc reads Options.Proxy. Errors do not repeat the proxy's password.
func proxyFunc(proxy string) (func(*http.Request) (*url.URL, error), error) {
	switch proxy {
	case "":
		return http.ProxyFromEnvironment, nil
	case "direct":
		return nil, nil
	}
	u, err := url.Parse(proxy)
	if err != nil || u.Host == "" {
		return nil, errors.New("proxy is no URL: write http://host:port, https://host:port or socks5://host:port")
	}
	switch u.Scheme {
	case "http", "https", "socks5", "socks5h":
		return http.ProxyURL(u), nil
	}
	return nil, fmt.Errorf("proxy scheme %q is not supported: use http, https, socks5 or socks5h", u.Scheme)
}

// noRedirect hands a redirect to the caller as it is: following it would carry
// the token, which is part of the path, to another server.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// An exchange is the HTTP client of one call: it brings the context, which the
// library does not know, and remembers what the library forgets.
type exchange struct {
	ctx   context.Context
	http  *http.Client
	limit int64 // bytes of body

	wrote      atomic.Bool   // the whole request has left; set by the transport's goroutine
	status     int           // of the answer; 0 without one
	retryAfter time.Duration // the header
	foreign    string        // what the answer is, when it is not the Bot API's
}

// errTooLarge is a body over the limit.
var errTooLarge = errors.New("answer is too large")

// errForeign stops the library from reading what is no answer of the Bot API.
var errForeign = errors.New("not an answer of the Bot API")

// Do sends one request and reads its whole answer.
func (x *exchange) Do(req *http.Request) (*http.Response, error) {
	trace := &httptrace.ClientTrace{WroteRequest: func(info httptrace.WroteRequestInfo) {
		if info.Err == nil {
			x.wrote.Store(true)
		}
	}}
	resp, err := x.http.Do(req.WithContext(httptrace.WithClientTrace(x.ctx, trace)))
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, x.limit+1))
	if err != nil {
		return nil, fmt.Errorf("read answer: %w", err)
	}
	if int64(len(body)) > x.limit {
		return nil, fmt.Errorf("%w: over %d bytes", errTooLarge, x.limit)
	}
	x.status = resp.StatusCode
	x.retryAfter = retryHeader(resp.Header.Get("Retry-After"))
	if !isAnswer(body) {
		x.foreign = describeForeign(resp)
		return nil, errForeign
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// isAnswer reports whether a body has the Bot API's form: an object with "ok".
// The body decides, not its Content-Type: gateways and fakes get that wrong.
func isAnswer(body []byte) bool {
	var form struct {
		OK *bool `json:"ok"`
	}
	return json.Unmarshal(body, &form) == nil && form.OK != nil
}

// describeForeign says in words what answered instead of the Bot API. It does
// not quote the body, which may be anything.
func describeForeign(resp *http.Response) string {
	kind, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	if kind == "" || len(kind) > 100 {
		kind = "something"
	}
	text := http.StatusText(resp.StatusCode)
	if text == "" {
		text = "HTTP status"
	}
	return fmt.Sprintf("%s: the answer is %s, not the Bot API's JSON", text, kind)
}
