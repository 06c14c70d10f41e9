package fetch

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const feed = `<rss version="2.0"><channel><title>Wire</title></channel></rss>`

// quick is a fetcher for servers on this machine, without pauses.
func quick(t *testing.T, change func(*Options)) *Fetcher {
	t.Helper()
	o := Options{AllowPrivate: true, Delay: -1, Timeout: time.Minute} // for a machine that does much else
	if change != nil {
		change(&o)
	}
	f, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// wantError holds an error to its kind and to words of its reason.
func wantError(t *testing.T, err error, kind Kind, words string) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v is no *Error", err)
	}
	if e.Kind != kind || !strings.Contains(e.Reason, words) {
		t.Fatalf("got %s %q (%v), want %s %q", e.Kind, e.Reason, e.Err, kind, words)
	}
	return e
}

func TestGetIsConditional(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", `public, max-age="600"`)
		w.Header().Set("Age", "60")
		if r.Header.Get("If-None-Match") == `"v1"` && r.Header.Get("If-Modified-Since") == "Mon, 10 Jan 2022 18:00:00 GMT" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", `"v1"`)
		w.Header().Set("Last-Modified", "Mon, 10 Jan 2022 18:00:00 GMT")
		w.Header().Set("Content-Type", "text/xml; charset=windows-1256")
		_, _ = io.WriteString(w, feed)
	})
	f := quick(t, nil)
	first, err := f.Get(t.Context(), Request{URL: address})
	if err != nil {
		t.Fatal(err)
	}
	if string(first.Body) != feed || first.ETag != `"v1"` || first.MaxAge != 9*time.Minute || first.ContentType != "text/xml; charset=windows-1256" || first.Moved != "" || first.NotModified {
		t.Errorf("first answer: %+v", first)
	}
	second, err := f.Get(t.Context(), Request{URL: address, ETag: first.ETag, LastModified: first.LastModified})
	if err != nil {
		t.Fatal(err)
	}
	if !second.NotModified || second.Body != nil || second.ETag != first.ETag || second.LastModified != first.LastModified {
		t.Errorf("second answer: %+v", second)
	}
}

func TestRequestsAreSaidToBeOurs(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.UserAgent() != "wirewatch/1.0 (+mailto:desk@news.example)" || !strings.Contains(r.Header.Get("Accept"), "application/rss+xml") ||
			strings.Contains(r.Header.Get("Accept-Encoding"), "br") || r.Header.Get("Referer") != "" {
			w.WriteHeader(http.StatusTeapot)
		}
	})
	f := quick(t, func(o *Options) { o.UserAgent = "wirewatch/1.0 (+mailto:desk@news.example)" })
	if _, err := f.Get(t.Context(), Request{URL: address}); err != nil {
		t.Fatal(err)
	}
}

func compressed(t *testing.T, how string, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	switch how {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "zlib":
		w = zlib.NewWriter(&b)
	default:
		w, _ = flate.NewWriter(&b, 6)
	}
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestBodiesAreDecompressed(t *testing.T) {
	gz := compressed(t, "gzip", feed)
	for name, c := range map[string]struct {
		header string
		body   []byte
		words  string // of the reason; "" it is read
	}{
		"plain":             {"", []byte(feed), ""},
		"gzip":              {"gzip", gz, ""},
		"x-gzip":            {"x-gzip", gz, ""},
		"twice":             {"gzip, gzip", compressed(t, "gzip", string(gz)), ""},
		"deflate":           {"deflate", compressed(t, "zlib", feed), ""},
		"raw deflate":       {"deflate", compressed(t, "flate", feed), ""},
		"gzip not declared": {"", gz, ""},
		"gzip only said":    {"gzip", []byte(feed), ""},
		"brotli":            {"br", []byte("\x0b\x02"), "not asked for"},
		"three times":       {"gzip, gzip, gzip", gz, "more than 2 times"},
		"gzip cut off":      {"gzip", gz[:len(gz)-10], "in the middle"},
		"gzip damaged":      {"gzip", append([]byte{0x1f, 0x8b, 9}, gz[3:]...), "damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			address := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/xml")
				if c.header != "" {
					w.Header().Set("Content-Encoding", c.header)
				}
				_, _ = w.Write(c.body)
			})
			resp, err := quick(t, nil).Get(t.Context(), Request{URL: address})
			if c.words != "" {
				wantError(t, err, Protocol, c.words)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if string(resp.Body) != feed {
				t.Errorf("body %q", resp.Body)
			}
		})
	}
}

func TestSizesAreBounded(t *testing.T) {
	bomb := compressed(t, "gzip", strings.Repeat("a", 40<<20))
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb)
		case "/announced":
			w.Header().Set("Content-Length", "99999999")
		case "/long":
			for range 12 {
				if _, err := w.Write(bytes.Repeat([]byte("b"), 1<<20)); err != nil {
					return
				}
			}
		}
	})
	f := quick(t, nil)
	for path, words := range map[string]string{"/bomb": "larger than 15 MB", "/announced": "larger than 10 MB", "/long": "larger than 10 MB"} {
		_, err := f.Get(t.Context(), Request{URL: address + path})
		wantError(t, err, TooLarge, words)
	}
	small := quick(t, func(o *Options) { o.MaxBody = 8 << 10 })
	_, err := small.Get(t.Context(), Request{URL: address + "/bomb"})
	wantError(t, err, TooLarge, "larger than 8 kB")
}

func TestStatusesHaveKindsAndReasons(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var code int
		_, _ = fmt.Sscanf(r.URL.Path, "/%d", &code)
		if code == 429 || code == 503 {
			w.Header().Set("Retry-After", "120")
		}
		w.WriteHeader(code)
	})
	f := quick(t, nil)
	for code, want := range map[int]struct {
		kind  Kind
		words string
		after time.Duration
	}{
		404: {NotFound, "nothing at this address", 0},
		410: {Gone, "gone for good", 0},
		429: {RateLimited, "fewer requests", 2 * time.Minute},
		503: {RateLimited, "come back later", 2 * time.Minute},
		401: {Status, "a password", 0},
		403: {Status, "refuses", 0},
		500: {Status, "500 Internal Server Error", 0},
		418: {Status, "418", 0},
		206: {Status, "206", 0},
	} {
		_, err := f.Get(t.Context(), Request{URL: fmt.Sprintf("%s/%d", address, code)})
		e := wantError(t, err, want.kind, want.words)
		if e.Status != code || e.RetryAfter != want.after {
			t.Errorf("%d: status %d, retry after %s", code, e.Status, e.RetryAfter)
		}
	}
}

func TestMovedOnlyWhenEveryHopIsPermanent(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		next := map[string]struct {
			to   string
			code int
		}{
			"/a": {"/b", 301}, "/b": {"/end", 308},
			"/c": {"/d", 301}, "/d": {"/end", 302},
			"/e": {"/b", 307},
			"/1": {"/2", 301}, "/2": {"/3", 301}, "/3": {"/4", 301}, "/4": {"/5", 301}, "/5": {"/6", 301}, "/6": {"/end", 301},
			"/round": {"/about", 302}, "/about": {"/round", 302},
			"/ftp": {"ftp://files.example/feed", 302}, "/nowhere": {"", 301},
		}[r.URL.Path]
		if next.code != 0 {
			if next.to != "" {
				w.Header().Set("Location", next.to)
			}
			w.WriteHeader(next.code)
			return
		}
		_, _ = io.WriteString(w, feed)
	})
	f := quick(t, nil)
	for path, moved := range map[string]string{"/a": "/end", "/c": "", "/e": "", "/end": ""} {
		resp, err := f.Get(t.Context(), Request{URL: address + path})
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if want := map[bool]string{true: address + moved, false: ""}[moved != ""]; resp.Moved != want || resp.URL != address+"/end" {
			t.Errorf("%s: moved to %q (want %q), ended at %q", path, resp.Moved, want, resp.URL)
		}
	}
	for path, want := range map[string]struct {
		kind  Kind
		words string
	}{
		"/1": {Redirects, "more than 5 times"}, "/round": {Redirects, "circle"},
		"/ftp": {BadURL, "only http"}, "/nowhere": {Protocol, "to nowhere"},
	} {
		_, err := f.Get(t.Context(), Request{URL: address + path})
		wantError(t, err, want.kind, want.words)
	}
}

func TestCredentialsStayWithTheirHost(t *testing.T) {
	var leaked atomic.Bool
	other := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			leaked.Store(true)
		}
		_, _ = io.WriteString(w, feed)
	})
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if user, pass, _ := r.BasicAuth(); user != "desk" || pass != "s3cret" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, other, http.StatusMovedPermanently)
		case "/home":
			http.Redirect(w, r, "/feed", http.StatusMovedPermanently)
		}
	})
	with := func(path string) string { return strings.Replace(address, "http://", "http://desk:s3cret@", 1) + path }
	f := quick(t, nil)
	resp, err := f.Get(t.Context(), Request{URL: with("/home")})
	if err != nil {
		t.Fatal(err)
	}
	if resp.URL != address+"/feed" || resp.Moved != with("/feed") {
		t.Errorf("ended at %q, moved to %q", resp.URL, resp.Moved)
	}
	if resp, err = f.Get(t.Context(), Request{URL: with("/away")}); err != nil {
		t.Fatal(err)
	}
	if leaked.Load() || strings.Contains(resp.Moved, "s3cret") {
		t.Error("the password went to another host")
	}
	_, err = f.Get(t.Context(), Request{URL: strings.Replace(address, "http://", "http://desk:wr0ng@", 1)})
	if e := wantError(t, err, Status, "password"); strings.Contains(e.Error(), "wr0ng") {
		t.Error("the password is in the reason")
	}
}

func TestDeadlines(t *testing.T) {
	done := make(chan struct{})
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/drip":
			_, _ = io.WriteString(w, "<rss>")
			w.(http.Flusher).Flush()
		}
		select {
		case <-done:
		case <-r.Context().Done():
		}
	})
	defer close(done)
	f := quick(t, func(o *Options) { o.Timeout = 200 * time.Millisecond })
	_, err := f.Get(t.Context(), Request{URL: address + "/silent"})
	wantError(t, err, Timeout, "did not answer within 200ms")
	_, err = f.Get(t.Context(), Request{URL: address + "/drip"})
	wantError(t, err, Timeout, "200ms")

	stall := quick(t, nil)
	stall.stallTimeout = 100 * time.Millisecond
	_, err = stall.Get(t.Context(), Request{URL: address + "/drip"})
	wantError(t, err, Timeout, "stopped sending")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = f.Get(ctx, Request{URL: address})
	wantError(t, err, Canceled, "given up")
}

func TestBadAddresses(t *testing.T) {
	f := quick(t, nil)
	for address, words := range map[string]string{
		"":                        "only http",
		"file:///etc/passwd":      "only http",
		"news.example/feed":       "only http",
		"http://":                 "no host",
		"http://exa mple.org/":    "no address",
		"http://\u200b/":          "",
		"gopher://news.example/":  "only http",
		"http://news.example:x/":  "no address",
		strings.Repeat("a", 5000): "longer than",
	} {
		_, err := f.Get(t.Context(), Request{URL: address})
		wantError(t, err, BadURL, words)
	}
	_, err := f.Get(t.Context(), Request{URL: "http://127.0.0.1:1/"})
	wantError(t, err, Refused, "127.0.0.1 refuses")
}

func TestServersThatBreakOff(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		conn, buf, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		if r.URL.Path == "/body" {
			_, _ = buf.WriteString("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss>")
			_ = buf.Flush()
		} else if r.URL.Path == "/junk" {
			_, _ = buf.WriteString("220 mail ready\r\n")
			_ = buf.Flush()
		}
		_ = conn.Close()
	})
	f := quick(t, nil)
	for path, words := range map[string]string{"/body": "in the middle", "/none": "in the middle", "/junk": "proper HTTP"} {
		_, err := f.Get(t.Context(), Request{URL: address + path})
		wantError(t, err, Protocol, words)
	}
}

func TestTLSProblemsAreNamed(t *testing.T) {
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	f := quick(t, nil)
	_, err := f.Get(t.Context(), Request{URL: s.URL})
	wantError(t, err, TLS, "signed by nobody known")
	plain := serve(t, func(http.ResponseWriter, *http.Request) {})
	_, err = f.Get(t.Context(), Request{URL: strings.Replace(plain, "http:", "https:", 1)})
	wantError(t, err, TLS, "does not speak HTTPS")
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2022, 1, 10, 18, 0, 0, 0, time.UTC)
	for v, want := range map[string]time.Duration{
		"": 0, "90": 90 * time.Second, "-5": 0, "soon": 0, "99999999999": maxPause,
		"Mon, 10 Jan 2022 18:10:00 GMT": 10 * time.Minute, "Mon, 10 Jan 2022 17:00:00 GMT": 0,
	} {
		if got := retryAfter(http.Header{"Retry-After": {v}}, now); got != want {
			t.Errorf("%q: %s, want %s", v, got, want)
		}
	}
}

func TestProxyIsUsedAndNeverShown(t *testing.T) {
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if user, _, _ := parseProxyAuth(r); user != "desk" || r.URL.Host != "news.invalid" {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		_, _ = io.WriteString(w, feed)
	})
	f := quick(t, func(o *Options) { o.Proxy = strings.Replace(proxy, "http://", "http://desk:s3cret@", 1) })
	resp, err := f.Get(t.Context(), Request{URL: "http://news.invalid/feed"})
	if err != nil {
		t.Fatal(err)
	}
	if string(resp.Body) != feed {
		t.Errorf("body %q", resp.Body)
	}
	for _, bad := range []string{"desk:s3cret@proxy", "ftp://desk:s3cret@proxy.example", "http://", "http://desk:s3cret@%zz"} {
		if _, err := New(Options{Proxy: bad}); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	for _, good := range []string{"https://p.example", "socks5://p.example:1080", "socks5h://p.example:1080"} {
		if _, err := New(Options{Proxy: good}); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
}

func parseProxyAuth(r *http.Request) (string, string, bool) {
	shim := &http.Request{Header: http.Header{"Authorization": r.Header["Proxy-Authorization"]}}
	return shim.BasicAuth()
}

func TestAddressesStayAsTheyAre(t *testing.T) {
	var got string
	address := serve(t, func(w http.ResponseWriter, r *http.Request) { got = r.RequestURI })
	want := "/%D8%AE%D8%A8%D8%B1?b=2&a=%2F#part"
	if _, err := quick(t, nil).Get(t.Context(), Request{URL: address + want}); err != nil {
		t.Fatal(err)
	}
	if u, _ := url.Parse(want); got != u.RequestURI() {
		t.Errorf("asked for %q", got)
	}
}
