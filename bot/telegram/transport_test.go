package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The difference that decides whether a message may be sent again.
func TestSurelyNotSentOrPerhapsSent(t *testing.T) {
	closed := httptest.NewServer(nil)
	closed.Close()
	silent := newAPI(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	cut := newAPI(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	half := newAPI(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, `{"ok":true,`)
	})
	huge := newAPI(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"ok":true,"result":"%s"}`, strings.Repeat("x", maxOtherBody))
	})
	const ample = 20 * time.Second
	tests := []struct {
		name, address string
		timeout       time.Duration
		want          Kind
	}{
		{"nobody listens", closed.URL, ample, Unreachable},
		{"no such host", "http://host.invalid", time.Second, Unreachable},
		{"not TLS", strings.Replace(silent.URL, "http", "https", 1), time.Second, Unreachable},
		{"no answer in time", silent.URL, time.Second, Uncertain},
		{"connection cut after the request", cut.URL, ample, Uncertain},
		{"connection cut in the answer", half.URL, ample, Uncertain},
		{"endless answer", huge.URL, ample, Uncertain},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newClient(t, tt.address, func(o *Options) { o.SendTimeout = tt.timeout })
			_, err := c.Send(t.Context(), Outgoing{Chat: 7, HTML: "x"})
			if KindOf(err) != tt.want {
				t.Errorf("got %s: %v, want %s", KindOf(err), err, tt.want)
			}
		})
	}
}

func TestContextEndsACall(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	a := newAPI(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	c := newClient(t, a.URL)
	_, err := c.Updates(ctx, 0)
	if !errors.Is(err, context.Canceled) || KindOf(err) != Uncertain {
		t.Errorf("in the middle: got %s: %v", KindOf(err), err)
	}
	if _, err := c.Send(ctx, Outgoing{Chat: 7}); !errors.Is(err, context.Canceled) || KindOf(err) != Unreachable {
		t.Errorf("before: got %s: %v", KindOf(err), err)
	}
	if a.count() != 1 {
		t.Errorf("%d requests, want 1", a.count())
	}
}

// A poll may take PollTimeout and more; its deadline is not that of a send.
func TestPollOutlivesSendTimeout(t *testing.T) {
	a := newAPI(t, func(w http.ResponseWriter, r *http.Request) {
		if path.Base(r.URL.Path) == "getMe" {
			<-r.Context().Done()
			return
		}
		time.Sleep(60 * time.Millisecond)
		result(`[]`)(w, r)
	})
	c := newClient(t, a.URL, func(o *Options) { o.SendTimeout = 20 * time.Millisecond })
	if _, err := c.Updates(t.Context(), 0); err != nil {
		t.Errorf("poll: %v", err)
	}
	if _, err := c.Me(t.Context()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("another call: %v", err)
	}
}

// Every call is one POST. An Idempotency-Key would make net/http repeat it.
func TestRequestForm(t *testing.T) {
	a := newAPI(t, result(`{"id":123456,"is_bot":true,"first_name":"W","username":"w_bot"}`))
	me, err := newClient(t, a.URL+"/under/").Me(t.Context())
	if err != nil || me.Username != "w_bot" || !me.Bot {
		t.Fatalf("got %+v, %v", me, err)
	}
	got := a.last(t)
	if want := "/under/bot" + testToken + "/getMe"; got.path != want {
		t.Errorf("path %q, want %q", got.path, want)
	}
	for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
		if got.header.Get(name) != "" {
			t.Errorf("%s is sent", name)
		}
	}
}

// A redirect would carry the token to whoever is named in it.
func TestRedirectIsNotFollowed(t *testing.T) {
	var stolen atomic.Bool
	thief := newAPI(t, func(http.ResponseWriter, *http.Request) { stolen.Store(true) })
	a := newAPI(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, thief.URL+r.URL.Path, http.StatusTemporaryRedirect)
	})
	_, err := newClient(t, a.URL).Me(t.Context())
	if KindOf(err) != Unreachable || stolen.Load() {
		t.Errorf("got %v, followed: %t", err, stolen.Load())
	}
}

func TestObserve(t *testing.T) {
	a := newAPI(t, answers(401, refusal(401, "Unauthorized", "")))
	var seen []string
	c := newClient(t, a.URL, func(o *Options) {
		o.Observe = func(method string, took time.Duration, err error) {
			seen = append(seen, fmt.Sprint(method, " ", KindOf(err), " ", took > 0))
		}
	})
	_, _ = c.Me(t.Context())
	if len(seen) != 1 || seen[0] != "getMe unauthorized true" {
		t.Errorf("got %q", seen)
	}
}

func TestProxies(t *testing.T) {
	a := newAPI(t, result(`{"id":1,"username":"w_bot"}`))
	var proxied atomic.Int32
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		proxied.Add(1)
		r.RequestURI = ""
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer resp.Body.Close()
		_, _ = io.Copy(w, resp.Body)
	}))
	t.Cleanup(web.Close)
	t.Cleanup(http.DefaultTransport.(*http.Transport).CloseIdleConnections)
	socks := newSocks(t, &proxied)
	for _, proxy := range []string{web.URL, "socks5://" + socks, "socks5h://" + socks} {
		before := proxied.Load()
		me, err := newClient(t, a.URL, func(o *Options) { o.Proxy = proxy }).Me(t.Context())
		if err != nil || me.Username != "w_bot" {
			t.Errorf("through %s: %+v, %v", proxy, me, err)
		}
		if proxied.Load() == before {
			t.Errorf("%s was passed by", proxy)
		}
	}
}

// newSocks starts a SOCKS5 proxy without authentication and returns its address.
func newSocks(t *testing.T, served *atomic.Int32) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			served.Add(1)
			go serveSocks(conn)
		}
	}()
	return l.Addr().String()
}

// serveSocks serves one CONNECT to an IPv4 address.
func serveSocks(conn net.Conn) {
	defer conn.Close()
	hello := make([]byte, 3)
	request := make([]byte, 10)
	if _, err := io.ReadFull(conn, hello); err != nil {
		return
	}
	_, _ = conn.Write([]byte{5, 0})
	if _, err := io.ReadFull(conn, request); err != nil {
		return
	}
	port := int(request[8])<<8 | int(request[9])
	far, err := net.Dial("tcp", net.JoinHostPort(net.IP(request[4:8]).String(), strconv.Itoa(port)))
	if err != nil {
		return
	}
	defer far.Close()
	_, _ = conn.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	done := make(chan struct{})
	go func() {
		_, _ = io.Copy(far, conn)
		_ = far.Close()
		close(done)
	}()
	_, _ = io.Copy(conn, far)
	_ = conn.Close()
	<-done
}
