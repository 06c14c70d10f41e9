package telegramtest

import (
	"net/http"
	"sync"
	"time"
)

// Defaults of Options.
const (
	DefaultToken    = "4242424242:TELEGRAMTEST-not-a-real-token-00000"
	DefaultUsername = "wirewatch_test_bot"
)

// Options of a Server; the zero value is useful.
type Options struct {
	Token    string           // "" is DefaultToken; the bot's user id is the number before the colon
	Username string           // "" is DefaultUsername
	Name     string           // the bot's first name; "" is "Wirewatch"
	Now      func() time.Time // nil is time.Now
	Limits   bool             // enforce Telegram's rates with 429
	Lenient  bool             // answer requests that break the schema as if they did not; they are recorded all the same
}

// Server is a fake Bot API server. It implements http.Handler; all methods may be called concurrently.
type Server struct {
	URL string // address once Start was called, without a trailing slash; "" before

	o  Options
	mu sync.Mutex
}

// New makes a server that listens nowhere yet.
func New(o Options) *Server { return &Server{o: o} }

// Start listens on a free port of 127.0.0.1, sets URL and returns the server itself. It panics when nothing can listen there.
func (s *Server) Start() *Server { return s }

// Close ends every long poll and connection. It may be called more than once.
func (s *Server) Close() {}

// ServeHTTP answers /bot<token>/<method>.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {}

// Token is the token that the server accepts.
func (s *Server) Token() string { return s.o.Token }

// Me is the bot's own user.
func (s *Server) Me() User { return User{} }

// Request is one request as it arrived and how it was answered.
type Request struct {
	Method      string
	Chat        int64             // chat_id resolved to a number, 0 none or unknown
	Params      map[string]string // as sent; JSON values as JSON text
	Problems    []string          // what breaks the schema
	Code        int               // HTTP status of the answer; 0 while it is not answered, -1 when the connection was cut
	Description string            // of an error
	At          time.Time
}

// Requests returns every request since the start, oldest first.
func (s *Server) Requests() []Request { return nil }

// Problems returns every violation of the schema so far, each with its method, and every misuse of the people's side.
func (s *Server) Problems() []string { return nil }

// Page serves the chats to a browser: one page and a small JSON and SSE interface beside it.
func (s *Server) Page() http.Handler { return http.NotFoundHandler() }
