package fetch

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestPostSendsAForm(t *testing.T) {
	var got url.Values
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/hub", http.StatusTemporaryRedirect)
		case "/lost":
			http.Redirect(w, r, "/hub", http.StatusFound)
		case "/no":
			http.Error(w, "unknown topic", http.StatusBadRequest)
		default:
			if r.Method != http.MethodPost {
				t.Errorf("%s %s", r.Method, r.URL)
			}
			_ = r.ParseForm()
			got = r.PostForm
			w.WriteHeader(http.StatusAccepted)
		}
	})
	f := quick(t, nil)
	form := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {"https://desk.example/أخبار?a=1&b=2"}}
	for _, path := range []string{"/hub", "/moved"} {
		got = nil
		if err := f.Post(t.Context(), address+path, form); err != nil {
			t.Fatal(err)
		}
		if got.Encode() != form.Encode() {
			t.Errorf("%s received %v", path, got)
		}
	}
	got = nil
	err := f.Post(t.Context(), address+"/lost", form)
	wantError(t, err, Status, "302")
	if got != nil {
		t.Error("a form went where a 302 pointed")
	}
	wantError(t, f.Post(t.Context(), address+"/no", form), Status, "400")
}

func TestPostNeverLeavesHTTPS(t *testing.T) {
	plain := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the form went out in the clear") })
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, plain, http.StatusPermanentRedirect)
	}))
	defer s.Close()
	f := quick(t, nil)
	f.client.Transport = s.Client().Transport
	wantError(t, f.Post(t.Context(), s.URL, url.Values{"hub.secret": {"x"}}), Redirects, "https to http")
}

func TestPostReachesNoPrivateAddress(t *testing.T) {
	f, err := New(Options{Delay: -1})
	if err != nil {
		t.Fatal(err)
	}
	wantError(t, f.Post(t.Context(), "http://127.0.0.1/hub", url.Values{"a": {"b"}}), Forbidden, "private network")
}

func TestLinkHeader(t *testing.T) {
	base, _ := url.Parse("https://desk.example/news/feed")
	for _, c := range []struct {
		header    []string
		hub, self string
	}{
		{nil, "", ""},
		{[]string{`<https://hub.example/>; rel="hub", <https://desk.example/f>; rel="self"`}, "https://hub.example/", "https://desk.example/f"},
		{[]string{`<https://hub.example/>; rel=hub`, `</f>; title="a, b; c"; rel=self`}, "https://hub.example/", "https://desk.example/f"},
		{[]string{`<https://a.example/>; rel="next HUB"; rel="self"`}, "https://a.example/", ""},
		{[]string{`<https://1.example>;rel=hub,<https://2.example>;rel=hub`}, "https://1.example", ""},
		{[]string{`<javascript:alert(1)>; rel=hub, <f>; rel="self`}, "", "https://desk.example/news/f"},
		{[]string{`<https://hub.example`, `rel=hub`, `;;,<>,`, `<>`, `<x>;`}, "", ""},
	} {
		hub, self := hubLinks(http.Header{"Link": c.header}, base)
		if hub != c.hub || self != c.self {
			t.Errorf("%q: hub %q, self %q", c.header, hub, self)
		}
	}
}

func FuzzLinkHeader(f *testing.F) {
	f.Add(`<https://hub.example/>; rel="hub", </f>; title="a, b"; rel=self`)
	f.Add(`<;=",>;,=`)
	base, _ := url.Parse("https://desk.example/news/feed")
	f.Fuzz(func(t *testing.T, line string) {
		hub, self := hubLinks(http.Header{"Link": {line}}, base)
		for _, s := range []string{hub, self} {
			if s != "" && !strings.HasPrefix(s, "http") {
				t.Errorf("%q", s)
			}
		}
	})
}
