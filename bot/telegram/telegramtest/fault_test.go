package telegramtest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestFaults(t *testing.T) {
	send := func(s *Server) (reply, error) { return tryForm(s, "sendMessage", "chat_id", 7, "text", "x") }
	tests := []struct {
		name   string
		fault  Fault
		stored int
		check  func(t *testing.T, r reply, err error)
	}{
		{"gateway", Fault{Kind: BadGateway}, 0, func(t *testing.T, r reply, err error) {
			if r.status != 502 || err == nil || !strings.Contains(err.Error(), "<html>") {
				t.Errorf("answer is %d, %v", r.status, err)
			}
		}},
		{"gateway after", Fault{Kind: GatewayAfter}, 1, func(t *testing.T, r reply, err error) {
			if r.status != 502 || err == nil {
				t.Errorf("answer is %d, %v", r.status, err)
			}
		}},
		{"too many", Fault{Kind: TooMany, RetryAfter: 7}, 0, func(t *testing.T, r reply, err error) {
			r.want(t, 429, "Too Many Requests: retry after 7")
		}},
		{"forbidden", Fault{Kind: Forbidden}, 0, func(t *testing.T, r reply, err error) {
			r.want(t, 403, "Forbidden: bot was blocked by the user")
		}},
		{"any error", Fault{Kind: Reply, Code: 400, Description: "Bad Request: failed to get HTTP URL content"}, 0, func(t *testing.T, r reply, err error) {
			r.want(t, 400, "Bad Request: failed to get HTTP URL content")
		}},
		{"reset", Fault{Kind: Reset}, 0, func(t *testing.T, r reply, err error) {
			if !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, io.EOF) {
				t.Errorf("error is %v", err)
			}
		}},
		{"reset after", Fault{Kind: ResetAfter}, 1, func(t *testing.T, r reply, err error) {
			if err == nil {
				t.Error("no error")
			}
		}},
		{"dropped answer", Fault{Kind: DropAnswer}, 1, func(t *testing.T, r reply, err error) {
			if !errors.Is(err, io.EOF) {
				t.Errorf("error is %v", err)
			}
		}},
		{"delay", Fault{Kind: Delay, Delay: 10 * time.Millisecond}, 1, func(t *testing.T, r reply, err error) {
			r.ok(t)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := start(t, Options{})
			s.Private(7, "")
			s.Fault(tt.fault)
			r, err := send(s)
			tt.check(t, r, err)
			if n := len(s.Sent(7)); n != tt.stored {
				t.Errorf("%d messages stored, want %d", n, tt.stored)
			}
			if r, err := send(s); err != nil || !r.OK {
				t.Errorf("the fault was not over: %+v, %v", r, err)
			}
		})
	}
}

// TestHang shows a message that was stored although its sender gave up.
func TestHang(t *testing.T) {
	s := start(t, Options{})
	s.Private(7, "")
	s.Fault(Fault{Kind: SilentlyHangs, Method: "sendMessage"})
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	go func() {
		body := strings.NewReader(url.Values{"chat_id": {"7"}, "text": {"x"}}.Encode())
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+"/bot"+s.Token()+"/sendMessage", body)
		if err == nil {
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			_, err = http.DefaultClient.Do(req)
		}
		failed <- err
	}()
	if _, err := s.Wait(soon(t), 7, 1); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}

func TestFaultIsChosen(t *testing.T) {
	s := start(t, Options{})
	s.Private(7, "")
	s.Private(8, "")
	s.Fault(Fault{Kind: Forbidden, Chat: 8, Times: -1})
	s.Fault(Fault{Kind: TooMany, When: func(r Request) bool { return r.Params["text"] == "hot" }, Times: 2})
	for range 3 {
		form(t, s, "sendMessage", "chat_id", 8, "text", "x").want(t, 403, "Forbidden: bot was blocked by the user")
	}
	form(t, s, "sendMessage", "chat_id", 7, "text", "cold").ok(t)
	for range 2 {
		form(t, s, "sendMessage", "chat_id", 7, "text", "hot").want(t, 429, "Too Many Requests: retry after 1")
	}
	form(t, s, "sendMessage", "chat_id", 7, "text", "hot").ok(t)
	s.ClearFaults()
	form(t, s, "sendMessage", "chat_id", 8, "text", "x").ok(t)
	if last := s.Requests()[3]; last.Code != 200 || last.Chat != 7 || last.Params["text"] != "cold" {
		t.Errorf("recorded %+v", last)
	}
}
