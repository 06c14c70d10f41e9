package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// A Kind tells failures apart by what a caller does about them.
type Kind int

// The kinds of failure.
const (
	Protocol    Kind = iota // the server speaks something else, or broke off
	BadURL                  // the address cannot be used
	DNS                     // the name does not exist or could not be resolved
	Refused                 // no connection
	Timeout                 // too slow
	TLS                     // certificate or handshake
	Status                  // any other HTTP status
	NotFound                // 404: soft, feeds come back
	Gone                    // 410
	RateLimited             // 429, or 503 with Retry-After
	TooLarge                // over a size limit
	Forbidden               // a private address, or a port that is not allowed
	Redirects               // too many of them, or in a circle
	Canceled                // the caller gave up
)

var kindNames = [...]string{
	"protocol", "bad-url", "dns", "refused", "timeout", "tls", "status", "not-found", "gone", "rate-limited", "too-large", "forbidden", "redirects", "canceled",
}

// String is the kind's stable name, for logs and metrics.
func (k Kind) String() string {
	if k < 0 || int(k) >= len(kindNames) {
		return "unknown"
	}
	return kindNames[k]
}

// An Error says why a download failed.
type Error struct {
	Kind       Kind
	Status     int           // HTTP status; 0 none was received
	RetryAfter time.Duration // what the server asked for; 0 nothing
	Reason     string        // in words for a person; holds no part of the address but its host
	Err        error         // the cause; may be nil; may hold the whole address, secrets included
}

// Error is the Reason alone: safe to show.
func (e *Error) Error() string { return e.Reason }

func (e *Error) Unwrap() error { return e.Err }

func fail(kind Kind, err error, format string, args ...any) *Error {
	return &Error{Kind: kind, Err: err, Reason: fmt.Sprintf(format, args...)}
}

// statusError words an HTTP status that is no success.
func statusError(resp *http.Response, now time.Time) *Error {
	e := &Error{Kind: Status, Status: resp.StatusCode, RetryAfter: retryAfter(resp.Header, now)}
	switch code := resp.StatusCode; {
	case code == http.StatusNotFound:
		e.Kind, e.Reason = NotFound, "the server has nothing at this address (404)"
	case code == http.StatusGone:
		e.Kind, e.Reason = Gone, "the server says that this address is gone for good (410)"
	case code == http.StatusTooManyRequests:
		e.Kind, e.Reason = RateLimited, "the server asks for fewer requests (429)"
	case code == http.StatusServiceUnavailable && e.RetryAfter > 0:
		e.Kind, e.Reason = RateLimited, "the server asks to come back later (503)"
	case code == http.StatusUnauthorized:
		e.Reason = "the server asks for a user name and a password (401)"
	case code == http.StatusForbidden:
		e.Reason = "the server refuses to serve this program (403)"
	case code == http.StatusUnavailableForLegalReasons:
		e.Reason = "the server may not serve this for legal reasons (451)"
	case code == http.StatusProxyAuthRequired:
		e.Reason = "the proxy asks for a user name and a password (407)"
	case code >= 500:
		e.Reason = fmt.Sprintf("the server has a problem of its own (%d %s)", code, http.StatusText(code))
	default:
		e.Reason = fmt.Sprintf("the server answered %d %s", code, http.StatusText(code))
	}
	e.Reason = strings.TrimSpace(e.Reason)
	return e
}

// transportError words what the network or the standard library reported.
func (f *Fetcher) transportError(host string, err error) *Error {
	var mine *Error
	if errors.As(err, &mine) {
		return mine
	}
	var dns *net.DNSError
	var timeout net.Error
	switch {
	case errors.Is(err, ssrf.ErrProhibitedPort):
		return fail(Forbidden, err, "only the ports 80, 443, 8080 and 8443 are used; allow_private permits others")
	case errors.Is(err, ssrf.ErrProhibitedIP), errors.Is(err, ssrf.ErrProhibitedNetwork), errors.Is(err, ssrf.ErrInvalidHostPort):
		return fail(Forbidden, err, "the address is on a private network; allow_private permits it")
	case errors.As(err, &dns):
		return dnsError(host, dns, err)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return f.timeoutError(err)
	case isTLS(err):
		return fail(TLS, err, "%s", tlsReason(host, err))
	}
	return connectionError(host, err)
}

// timeoutError tells the deadlines apart.
func (f *Fetcher) timeoutError(err error) *Error {
	var op *net.OpError
	switch {
	case errors.As(err, &op) && op.Op == "dial" && f.timeout > connectTimeout:
		return fail(Timeout, err, "no connection to the server within %s", seconds(connectTimeout))
	case strings.Contains(err.Error(), "awaiting response headers"):
		return fail(Timeout, err, "the server did not answer within %s", seconds(headerTimeout))
	}
	return fail(Timeout, err, "the server did not answer within %s", seconds(f.timeout))
}

func connectionError(host string, err error) *Error {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return fail(Refused, err, "%s refuses the connection", host)
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return fail(Refused, err, "%s cannot be reached from here", host)
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.EPIPE):
		return fail(Protocol, err, "the server closed the connection in the middle")
	case strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return fail(TLS, err, "the server does not speak HTTPS here; try the address with http://")
	case strings.Contains(err.Error(), "proxyconnect"), strings.Contains(err.Error(), "socks connect"):
		return fail(Refused, err, "the proxy did not connect to %s", host)
	case strings.Contains(err.Error(), "parse Location header"):
		return fail(Protocol, err, "the server redirects to something that is no address")
	case strings.Contains(err.Error(), "response headers exceeded"):
		return fail(TooLarge, err, "the server's headers are larger than %d kB", maxHeader>>10)
	}
	return fail(Protocol, err, "the server did not answer with proper HTTP")
}

func dnsError(host string, dns *net.DNSError, err error) *Error {
	switch {
	case dns.IsNotFound:
		return fail(DNS, err, "the name %s does not exist", host)
	case dns.IsTimeout:
		return fail(DNS, err, "the name %s could not be resolved: the name server did not answer", host)
	}
	return fail(DNS, err, "the name %s could not be resolved", host)
}

func isTLS(err error) bool {
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var verification *tls.CertificateVerificationError
	return errors.As(err, &record) || errors.As(err, &alert) || errors.As(err, &verification) || strings.Contains(err.Error(), "tls: ")
}

func tlsReason(host string, err error) string {
	var invalid x509.CertificateInvalidError
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "the certificate of " + host + " has expired, or the clock here is wrong"
	case errors.As(err, &unknown):
		return "the certificate of " + host + " is signed by nobody known"
	case errors.As(err, &name):
		return "the certificate of " + host + " is for another name"
	case errors.As(err, &record):
		return "the server does not speak HTTPS here; try the address with http://"
	}
	return "no secure connection to " + host + " could be made"
}

// seconds is a duration for people: "30 s".
func seconds(d time.Duration) string {
	if d < time.Second {
		return d.String()
	}
	return fmt.Sprintf("%g s", d.Round(100*time.Millisecond).Seconds())
}
