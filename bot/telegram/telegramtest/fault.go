package telegramtest

import "time"

// FaultKind says what goes wrong with a request.
type FaultKind int

// Kinds of fault. The first group leaves the server's state untouched; the second happens after the request took effect.
const (
	Delay      FaultKind = iota // the request is handled Fault.Delay later
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
func (s *Server) Fault(f Fault) {}

// ClearFaults removes every fault.
func (s *Server) ClearFaults() {}
