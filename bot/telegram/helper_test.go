package telegram

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"
)

// testToken has the form of a real one; testHalf is what must never be seen.
const (
	testHalf  = "AAE7xQ-nobody_may_see_this_half"
	testToken = "123456:" + testHalf
)

// An api is an HTTP server that records requests and answers as it is told.
type api struct {
	*httptest.Server
	mu    sync.Mutex
	calls []call
}

type call struct {
	path   string
	header http.Header
	form   url.Values
}

// newAPI starts a server that answers every request with reply.
func newAPI(t *testing.T, reply http.HandlerFunc) *api {
	t.Helper()
	a := &api{}
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		a.mu.Lock()
		a.calls = append(a.calls, call{r.URL.Path, r.Header.Clone(), form})
		a.mu.Unlock()
		reply(w, r)
	}))
	t.Cleanup(a.Close)
	return a
}

// last returns the last request, and fails when there is none.
func (a *api) last(t *testing.T) call {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.calls) == 0 {
		t.Fatal("no request was made")
	}
	return a.calls[len(a.calls)-1]
}

// count returns how many requests were made.
func (a *api) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.calls)
}

// answers replies with one status and body to everything.
func answers(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// result replies with a result.
func result(v string) http.HandlerFunc { return answers(200, `{"ok":true,"result":`+v+`}`) }

// refusal is the body of an error as Telegram writes it.
func refusal(code int, text, parameters string) string {
	quoted, _ := json.Marshal(text)
	if parameters != "" {
		parameters = `,"parameters":` + parameters
	}
	return fmt.Sprintf(`{"ok":false,"error_code":%d,"description":%s%s}`, code, quoted, parameters)
}

// newClient returns a client for a server, with short times.
func newClient(t *testing.T, address string, change ...func(*Options)) *Client {
	t.Helper()
	o := Options{
		Token: testToken, APIURL: address, Proxy: "direct", Unlimited: true,
		SendTimeout: 20 * time.Second, PollTimeout: time.Second,
	}
	for _, f := range change {
		f(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}
