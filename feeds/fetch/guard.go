package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"code.dny.dev/ssrf"
)

// A guard decides which addresses may be reached. Without a proxy it looks at
// the IP address of every connection when it is dialled, after all redirects and
// name resolution, so that a name that changes its address in between gains
// nothing. A proxy does its own dialling: there the name is resolved and checked
// first.
type guard struct {
	guardian *ssrf.Guardian // nil: everything is allowed
	proxy    *url.URL       // nil: none
}

var schemes = map[string]bool{"http": true, "https": true, "socks5": true, "socks5h": true}

func newGuard(allowPrivate bool, proxy string) (*guard, error) {
	g := &guard{}
	if !allowPrivate {
		g.guardian = ssrf.New(ssrf.WithPorts(80, 443, 8080, 8443))
	}
	if proxy == "" {
		return g, nil
	}
	u, err := url.Parse(proxy)
	if err != nil || !schemes[u.Scheme] || u.Host == "" {
		// The text may hold a password: it is not repeated.
		return nil, errors.New("the proxy must be an http://, https://, socks5:// or socks5h:// address")
	}
	g.proxy = u
	return g, nil
}

func (g *guard) transport() *http.Transport {
	dialer := &net.Dialer{Timeout: connectTimeout, KeepAlive: 30 * time.Second}
	if g.guardian != nil && g.proxy == nil {
		dialer.Control = g.guardian.Safe
	}
	t := &http.Transport{
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true, // it is undone here, within limits
		MaxIdleConns:           maxIdle,
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        idleTimeout,
		TLSHandshakeTimeout:    connectTimeout,
		ResponseHeaderTimeout:  headerTimeout,
		MaxResponseHeaderBytes: maxHeader,
	}
	if g.proxy != nil {
		t.Proxy = http.ProxyURL(g.proxy)
	}
	return t
}

// check resolves and checks a host before a proxy is asked for it.
func (g *guard) check(ctx context.Context, at *url.URL) error {
	if g.guardian == nil || g.proxy == nil {
		return nil
	}
	port := at.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[at.Scheme]
	}
	ips, err := net.DefaultResolver.LookupNetIP(ctx, "ip", at.Hostname())
	if err != nil {
		return err
	}
	for _, ip := range ips {
		ip = ip.Unmap()
		network := "tcp6"
		if ip.Is4() {
			network = "tcp4"
		}
		if err := g.guardian.Safe(network, net.JoinHostPort(ip.String(), port), nil); err != nil {
			return fmt.Errorf("resolve %s: %w", at.Hostname(), err)
		}
	}
	return nil
}
