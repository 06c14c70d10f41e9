package telegramtest

import (
	"io"
	"net"
	"net/http"
	"slices"
	"time"
)

// FaultKind says what goes wrong with a request.
type FaultKind int

// Kinds of fault. The first group leaves the server's state untouched (but for Delay, which only takes its time); the
// second happens after the request took effect.
const (
	Delay      FaultKind = iota // the request is handled Fault.Delay later, whether or not the client still waits
	BadGateway                  // 502 with an HTML page
	TooMany                     // 429 with Fault.RetryAfter
	Forbidden                   // 403 with Fault.Description ("Forbidden: bot was blocked by the user" when "")
	Reply                       // Fault.Code with Fault.Description
	Reset                       // connection reset

	DropAnswer    // connection closed without an answer, after the message was stored
	ResetAfter    // connection reset, after the message was stored
	GatewayAfter  // 502 with an HTML page, after the message was stored
	SilentlyHangs // no answer until the client gives up, after the message was stored
)

func (k FaultKind) after() bool { return k >= DropAnswer }

// Fault is a fault to inject.
type Fault struct {
	Kind        FaultKind
	Method      string             // "" any method but getUpdates
	Chat        int64              // 0 any
	Times       int                // how often; 0 is once, negative for ever
	When        func(Request) bool // asked last, nil always; must not call the server
	Delay       time.Duration      // Delay
	RetryAfter  int                // TooMany, seconds; 0 is 1
	Code        int                // Reply; 0 is 400
	Description string             // Reply, Forbidden
}

// Fault adds a fault; of several that fit a request the oldest is used.
func (s *Server) Fault(f Fault) {
	if f.Times == 0 {
		f.Times = 1
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &f)
}

// ClearFaults removes every fault.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// faultFor takes the fault that a request meets, nil when none.
func (s *Server) faultFor(c *call) (*Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.faults {
		if f.Method != "" && f.Method != c.method || f.Method == "" && c.method == "getUpdates" {
			continue
		}
		if f.Chat != 0 && f.Chat != c.record.Chat || f.When != nil && !f.When(c.record.copy()) {
			continue
		}
		if f.Times > 0 {
			if f.Times--; f.Times == 0 {
				s.faults = slices.Delete(s.faults, i, i+1)
			}
		}
		return f, true
	}
	return nil, false
}

// breakBefore spoils a request that has not taken effect and tells whether that was its end.
func (s *Server) breakBefore(w http.ResponseWriter, c *call, f *Fault) bool {
	switch f.Kind {
	case Delay:
		timer := time.NewTimer(f.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-s.done:
		}
		return false
	case BadGateway:
		s.badGateway(w, c)
	case TooMany:
		s.finish(w, c, nil, tooMany(max(f.RetryAfter, 1)))
	case Forbidden:
		text := f.Description
		if text == "" {
			text = "Forbidden: bot was blocked by the user"
		}
		s.finish(w, c, nil, &apiError{code: http.StatusForbidden, description: text})
	case Reply:
		code := f.Code
		if code == 0 {
			code = http.StatusBadRequest
		}
		s.finish(w, c, nil, &apiError{code: code, description: f.Description})
	case Reset:
		s.cut(w, c, true)
	}
	return true
}

// breakAfter spoils the answer to a request that has taken effect.
func (s *Server) breakAfter(w http.ResponseWriter, r *http.Request, c *call, f *Fault) {
	switch f.Kind {
	case GatewayAfter:
		s.badGateway(w, c)
	case SilentlyHangs:
		select {
		case <-r.Context().Done():
		case <-s.done:
		}
		s.cut(w, c, false)
	default:
		s.cut(w, c, f.Kind == ResetAfter)
	}
}

func (s *Server) badGateway(w http.ResponseWriter, c *call) {
	s.settle(c, http.StatusBadGateway, "")
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(http.StatusBadGateway)
	_, _ = io.WriteString(w, "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n")
}

// cut ends the connection without an answer; with reset the client sees RST instead of an orderly end.
func (s *Server) cut(w http.ResponseWriter, c *call, reset bool) {
	s.settle(c, -1, "")
	h, ok := w.(http.Hijacker)
	if !ok {
		panic(http.ErrAbortHandler)
	}
	conn, _, err := h.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok && reset {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
