package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestSecretIsNotPrintable(t *testing.T) {
	s := Secret(testToken)
	o := Options{Token: s}
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	logger.Info("start", "token", s, "options", o)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("start", "token", s, "options", map[string]any{"t": s})
	encoded, err := json.Marshal(map[string]any{"token": s, "nested": []Secret{s}})
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{log.String(), string(encoded), s.String(), s.GoString(), fmt.Sprint(s, o, &o, []Secret{s})}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%T", "%10s", "%!"} {
		texts = append(texts, fmt.Sprintf(verb, s), fmt.Sprintf(verb, o), fmt.Sprintf(verb, &o))
	}
	texts = append(texts, fmt.Errorf("use %v: %w", s, errors.New("x")).Error())
	for _, text := range texts {
		checkNoToken(t, text)
	}
	if s.Reveal() != testToken {
		t.Errorf("Reveal gives %q", s.Reveal())
	}
	if Secret("").String() != "" {
		t.Error("an empty secret looks as if it were set")
	}
}

// checkNoToken fails when a text holds the token's secret half, plain or in hex.
func checkNoToken(t *testing.T, text string) {
	t.Helper()
	for _, half := range []string{testHalf, fmt.Sprintf("%x", testHalf), fmt.Sprintf("%X", testHalf)} {
		if strings.Contains(text, half) {
			t.Errorf("the token is in %q", text)
		}
	}
}

func TestClientIsNotPrintable(t *testing.T) {
	c := newClient(t, "http://127.0.0.1:1")
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		checkNoToken(t, fmt.Sprintf(verb, c))
		checkNoToken(t, fmt.Sprintf(verb, *c))
	}
}

// Whatever goes wrong, no error holds the token: not its text, not what it
// wraps, not its parts when printed.
func TestErrorsHoldNoToken(t *testing.T) {
	closed := httptest.NewServer(nil)
	closed.Close()
	hang := newAPI(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	cut := newAPI(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	echo := newAPI(t, func(w http.ResponseWriter, r *http.Request) {
		answers(400, refusal(400, "Bad Request: no route "+r.URL.Path, ""))(w, r)
	})
	redirect := newAPI(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://127.0.0.1:1"+r.URL.Path, http.StatusFound)
	})
	quick := func(o *Options) { o.SendTimeout = 50 * time.Millisecond }
	tests := map[string]*Client{
		"refused":   newClient(t, closed.URL),
		"deadline":  newClient(t, hang.URL, quick),
		"cut":       newClient(t, cut.URL),
		"echo":      newClient(t, echo.URL),
		"redirect":  newClient(t, redirect.URL),
		"no host":   newClient(t, "http://host.invalid"),
		"bad proxy": newClient(t, echo.URL, func(o *Options) { o.Proxy = closed.URL }),
		"quotes":    quoting(t),
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := c.Me(t.Context())
			if err == nil {
				t.Fatal("no error")
			}
			checkChain(t, err)
		})
	}
}

// checkChain checks an error and everything that it wraps.
func checkChain(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		checkNoToken(t, fmt.Sprintf(verb, err))
	}
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		checkChain(t, e.Unwrap())
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			checkChain(t, inner)
		}
	}
}

// quoting returns a client whose transport fails with errors that mention the
// token two levels down, in a list.
func quoting(t *testing.T) *Client {
	c := newClient(t, "http://127.0.0.1:1")
	c.http.Transport = failing(func(r *http.Request) error {
		return fmt.Errorf("outer: %w", errors.Join(context.Canceled, hidden{errors.New("at " + r.URL.Path)}))
	})
	return c
}

// hidden says nothing itself and wraps an error that says too much.
type hidden struct{ inner error }

func (hidden) Error() string   { return "hidden" }
func (h hidden) Unwrap() error { return h.inner }

type failing func(*http.Request) error

func (f failing) RoundTrip(r *http.Request) (*http.Response, error) { return nil, f(r) }

func TestCleanedErrorKeepsTheContextsEnd(t *testing.T) {
	_, err := quoting(t).Me(t.Context())
	if !errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestMalformedTokens(t *testing.T) {
	tests := []struct{ token, want string }{
		{"", "no bot token"},
		{" " + testToken, "white space"},
		{testToken + "\n", "white space"},
		{"bot" + testToken, `leave out the "bot"`},
		{"hello " + testHalf, "malformed"},
		{"123456", "malformed"},
		{"123456:abc/../" + testHalf, "malformed"},
		{"123456:%73" + testHalf, "malformed"},
		{"@my_bot", "malformed"},
	}
	for _, tt := range tests {
		_, err := New(Options{Token: Secret(tt.token)})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("New(%q) gives %v, want %q", tt.token, err, tt.want)
			continue
		}
		checkNoToken(t, err.Error())
	}
}

func TestAddresses(t *testing.T) {
	tests := []struct {
		api, proxy, want string // want "" means that it is accepted
	}{
		{"", "", ""},
		{"http://127.0.0.1:8081", "direct", ""},
		{"https://example.com/under/a%20path/", "socks5://user:pw@127.0.0.1:1080", ""},
		{"http://[::1]:8081/", "socks5h://127.0.0.1:1080", ""},
		{"", "http://127.0.0.1:3128", ""},
		{"", "https://127.0.0.1:3128", ""},
		{"api.telegram.org", "", "must begin with http"},
		{"ftp://example.com", "", "must begin with http"},
		{"http://", "", "name a host"},
		{"http://user:hunter2@example.com/?x=1", "", "query"},
		{"http://user:hunter2@exa mple.com", "", "is no URL"},
		{"", "127.0.0.1:3128", "proxy"},
		{"", "ftp://user:hunter2@127.0.0.1", "not supported"},
		{"", "http://user:hunter2@ bad", "is no URL"},
	}
	for _, tt := range tests {
		_, err := New(Options{Token: testToken, APIURL: tt.api, Proxy: tt.proxy})
		switch {
		case tt.want == "" && err != nil:
			t.Errorf("%q by %q is refused: %v", tt.api, tt.proxy, err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%q by %q gives %v, want %q", tt.api, tt.proxy, err, tt.want)
		case err != nil && strings.Contains(err.Error(), "hunter2"):
			t.Errorf("a password is in %q", err)
		}
	}
}
