package fetch

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestPrivateAddressesAreRefused(t *testing.T) {
	f, err := New(Options{Delay: -1, Timeout: 3 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{
		"http://127.0.0.1/", "http://127.1.2.3:8080/", "http://0.0.0.0/", "http://10.0.0.8/", "http://172.16.0.1/", "http://192.168.1.1/",
		"http://169.254.169.254/latest/meta-data/", "http://100.64.0.1/", "http://[::1]/", "http://[::]/", "http://[fe80::1]/", "http://[fd00::1]/",
		"http://[::ffff:127.0.0.1]/", "http://[::ffff:10.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://localhost/", "https://127.0.0.1:8443/",
		"http://224.0.0.1/", "http://198.18.0.1/", "http://255.255.255.255/",
	} {
		_, err := f.Get(t.Context(), Request{URL: address})
		wantError(t, err, Forbidden, "private network")
	}
	_, err = f.Get(t.Context(), Request{URL: "http://127.0.0.1:6379/"})
	wantError(t, err, Forbidden, "only the ports")
}

func TestRedirectToPrivateAddressIsRefused(t *testing.T) {
	inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the private server was reached") }))
	defer inner.Close()
	outer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://10.0.0.1:80/", http.StatusFound)
	}))
	defer outer.Close()
	// A proxy that answers for a public address with a redirect to a private one:
	// the hop behind the redirect is checked like the first.
	f, err := New(Options{Proxy: outer.URL, Delay: -1, Timeout: 3 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Get(t.Context(), Request{URL: "http://1.1.1.1/"})
	wantError(t, err, Forbidden, "private network")
}

func TestProxyDoesNotOpenThePrivateNetwork(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the proxy was asked") }))
	defer proxy.Close()
	f, err := New(Options{Proxy: proxy.URL, Delay: -1, Timeout: 3 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{"http://127.0.0.1/", "http://localhost/", "http://[::ffff:192.168.0.1]/", "http://169.254.169.254/"} {
		_, err := f.Get(t.Context(), Request{URL: address})
		wantError(t, err, Forbidden, "private network")
	}
	_, err = f.Get(t.Context(), Request{URL: "http://1.1.1.1:25/"})
	wantError(t, err, Forbidden, "only the ports")
}
