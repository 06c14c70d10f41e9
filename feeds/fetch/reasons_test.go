package fetch

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// Whoever gives an address that is refused reads these words.
const (
	privateReason = "the address is on a private network; allow_private permits it"
	portReason    = "only the ports 80, 443, 8080 and 8443 are used; allow_private permits others"
)

// careful is a fetcher as it is by default, but for its haste.
func careful(t *testing.T, proxy string) *Fetcher {
	t.Helper()
	f, err := New(Options{Proxy: proxy, Delay: -1, Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

func wantReason(t *testing.T, err error, kind Kind, reason string) {
	t.Helper()
	if e := wantError(t, err, kind, ""); e.Reason != reason {
		t.Errorf("%s: %q, want %q", e.Kind, e.Reason, reason)
	}
}

// Every kind of address that is nobody's on the network of all is refused, dialled
// or asked of a proxy, in every way to write it.
func TestForbiddenAddressesAreRefusedInWords(t *testing.T) {
	asked := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("the proxy was asked for %s", r.URL) }))
	defer asked.Close()
	for way, f := range map[string]*Fetcher{"dialled": careful(t, ""), "by proxy": careful(t, asked.URL)} {
		for name, address := range map[string]string{
			"loopback":            "http://127.0.0.1/",
			"loopback, any":       "http://127.200.0.9/",
			"loopback by name":    "http://localhost/",
			"loopback of IPv6":    "http://[::1]/",
			"unspecified":         "http://0.0.0.0/",
			"unspecified of IPv6": "http://[::]/",
			"private 10":          "http://10.0.0.8/",
			"private 172":         "http://172.31.255.1/",
			"private 192":         "http://192.168.1.1/",
			"unique local":        "http://[fd12:3456::1]/",
			"link-local":          "http://169.254.1.1/",
			"link-local of IPv6":  "http://[fe80::1]/",
			"metadata":            "http://169.254.169.254/latest/meta-data/",
			"metadata of IPv6":    "http://[fd00:ec2::254]/",
			"CGNAT":               "http://100.64.0.1/",
			"CGNAT, the end":      "http://100.127.255.254/",
			"v4-mapped":           "http://[::ffff:127.0.0.1]/",
			"v4-mapped metadata":  "http://[::ffff:169.254.169.254]/",
			"v4-mapped in hex":    "http://[::ffff:7f00:1]/",
			"benchmark network":   "http://198.18.0.1/",
			"broadcast":           "http://255.255.255.255/",
			"multicast":           "http://224.0.0.1/",
			"multicast of IPv6":   "http://[ff02::1]/",
			"documentation":       "http://192.0.2.1/",
			"on another port":     "https://127.0.0.1:8443/",
		} {
			t.Run(way+"/"+name, func(t *testing.T) {
				_, err := f.Get(t.Context(), Request{URL: address})
				wantReason(t, err, Forbidden, privateReason)
			})
		}
		for _, address := range []string{"http://1.1.1.1:25/", "http://1.1.1.1:22/", "https://1.1.1.1:6379/", "http://127.0.0.1:5432/", "http://[2606:4700:4700::1111]:3000/"} {
			_, err := f.Get(t.Context(), Request{URL: address})
			wantReason(t, err, Forbidden, portReason)
		}
	}
}

// What stands behind a redirect is checked like the first address, and so is a name
// that means an address of ours.
func TestRedirectsAreCheckedInWords(t *testing.T) {
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://"+strings.TrimPrefix(r.URL.Path, "/to/"), http.StatusFound)
	})
	f := careful(t, proxy)
	for to, reason := range map[string]string{
		"127.0.0.1/": privateReason, "localhost/": privateReason, "[::ffff:10.0.0.1]/": privateReason, "169.254.169.254/x": privateReason, "1.1.1.1:25/": portReason,
	} {
		_, err := f.Get(t.Context(), Request{URL: "http://1.1.1.1/to/" + to})
		wantReason(t, err, Forbidden, reason)
	}
}

// Limits, deadlines and redirects, each with the whole sentence that is shown.
func TestTroubleIsSaidInWords(t *testing.T) {
	done := make(chan struct{})
	hang := func(r *http.Request) {
		select {
		case <-done:
		case <-r.Context().Done():
		}
	}
	var bomb = compressed(t, "gzip", strings.Repeat("a", 16<<20))
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/headers":
			w.Header().Set("X-Long", strings.Repeat("h", maxHeader+1))
		case "/announced":
			w.Header().Set("Content-Length", "20000000")
		case "/long":
			for range 12 {
				if _, err := w.Write(make([]byte, 1<<20)); err != nil {
					return
				}
			}
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb)
		case "/silent":
			hang(r)
		case "/drip":
			_, _ = io.WriteString(w, "<rss>")
			w.(http.Flusher).Flush()
			hang(r)
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		case "/nowhere":
			w.WriteHeader(http.StatusMovedPermanently)
		case "/bad":
			w.Header().Set("Location", "http://a%zz/")
			w.WriteHeader(http.StatusFound)
		case "/file":
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(http.StatusFound)
		default: // /1 to /9
			var n int
			_, _ = fmt.Sscanf(r.URL.Path, "/%d", &n)
			http.Redirect(w, r, fmt.Sprintf("/%d", n+1), http.StatusFound)
		}
	})
	t.Cleanup(func() { close(done) })
	soon := 100 * time.Millisecond
	patient, noHeaders, noBody := quick(t, nil), quick(t, nil), quick(t, nil)
	noHeaders.client.Transport.(*http.Transport).ResponseHeaderTimeout = soon
	noBody.stallTimeout = soon
	hasty := map[string]*Fetcher{"/silent": noHeaders, "/drip": noBody}
	for path, want := range map[string]struct {
		kind   Kind
		reason string
	}{
		"/headers":   {TooLarge, "the server's headers are larger than 64 kB"},
		"/announced": {TooLarge, "the document is larger than 10 MB"},
		"/long":      {TooLarge, "the document is larger than 10 MB"},
		"/bomb":      {TooLarge, "the document is larger than 15 MB"},
		"/silent":    {Timeout, "the server did not answer within 20 s"},
		"/drip":      {Timeout, "the server stopped sending in the middle"},
		"/1":         {Redirects, "the server redirects more than 5 times"},
		"/round":     {Redirects, "the server redirects in a circle"},
		"/nowhere":   {Protocol, "the server redirects to nowhere (301)"},
		"/bad":       {Protocol, "the server redirects to something that is no address"},
		"/file":      {BadURL, "only http:// and https:// addresses can be read"},
	} {
		t.Run(path, func(t *testing.T) {
			f := cmp.Or(hasty[path], patient)
			_, err := f.Get(t.Context(), Request{URL: address + path})
			wantReason(t, err, want.kind, want.reason)
		})
	}
}

// A name and a password never leave their host, their port and their security.
func TestCredentialsGoNowhereElse(t *testing.T) {
	for name, c := range map[string]struct{ from, to, want string }{
		"the same host":       {"https://u:p@a.example/x", "https://a.example/y", "u:p"},
		"from http to https":  {"http://u:p@a.example/x", "https://a.example/y", "u:p"},
		"from https to http":  {"https://u:p@a.example/x", "http://a.example/y", ""},
		"another host":        {"https://u:p@a.example/x", "https://b.example/y", ""},
		"a host below":        {"https://u:p@a.example/x", "https://www.a.example/y", ""},
		"another port":        {"http://u:p@a.example/x", "http://a.example:8080/y", ""},
		"given by the server": {"https://a.example/x", "https://v:q@b.example/y", ""},
	} {
		from, err := parseAddress(c.from)
		if err != nil {
			t.Fatal(err)
		}
		to, err := parseAddress(c.to)
		if err != nil {
			t.Fatal(err)
		}
		if got := carryCredentials(from, to).User.String(); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
