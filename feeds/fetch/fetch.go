// Package fetch downloads feeds and article pages: politely (conditional
// requests, few connections and a pause per host), within bounds (size, time,
// redirects) and never from an address that only this machine's network can
// reach.
package fetch

import (
	"context"
	"time"
)

// Options configures a Fetcher; its zero value is useful.
type Options struct {
	UserAgent    string        // default "wirewatch (+feed reader)"
	Proxy        string        // http, https, socks5 or socks5h URL; "" none
	AllowPrivate bool          // private addresses and any port are reached too
	PerHost      int           // requests at once to one host; 0: DefaultPerHost
	Delay        time.Duration // between two requests to one host; 0: DefaultDelay, negative: none
	Timeout      time.Duration // a whole request, redirects included; 0: DefaultTimeout
	MaxBody      int64         // bytes after decompression; 0: DefaultMaxBody
	MaxWire      int64         // bytes before it; 0: DefaultMaxWire
}

// A Request names an address and the validators of the last answer.
type Request struct{ URL, ETag, LastModified string }

// A Response is what the server sent.
type Response struct {
	URL          string // final address
	Moved        string // new address when every hop so far was permanent, else ""
	NotModified  bool
	Body         []byte
	ContentType  string
	ETag         string
	LastModified string
	MaxAge       time.Duration // Cache-Control: max-age; 0 none
	RetryAfter   time.Duration // 0 none
}

// A Fetcher downloads; it is safe for concurrent use.
type Fetcher struct{}

// New checks the options.
func New(o Options) (*Fetcher, error) { return &Fetcher{}, nil }

// Get downloads one address. Its error is always an *Error.
func (f *Fetcher) Get(ctx context.Context, r Request) (*Response, error) {
	return nil, &Error{Kind: Protocol, Reason: "not yet"}
}
