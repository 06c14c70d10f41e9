package telegramtest

import (
	"encoding/json"
	"errors"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Defaults of Options.
const (
	DefaultToken    = "4242424242:TELEGRAMTEST-not-a-real-token-00000"
	DefaultUsername = "wirewatch_test_bot"
	DefaultName     = "Wirewatch"
)

// Options of a Server; the zero value is useful.
type Options struct {
	Token    string           // "" is DefaultToken; the bot's user id is the number before the colon
	Username string           // "" is DefaultUsername
	Name     string           // the bot's first name; "" is DefaultName
	Now      func() time.Time // nil is time.Now
	Limits   bool             // enforce Telegram's rates with 429
	Lenient  bool             // answer requests that break the schema as if they did not; they are recorded all the same
}

// Server is a fake Bot API server. It implements http.Handler; all methods may be called concurrently.
type Server struct {
	URL string // address once Start was called, without a trailing slash; "" before

	o    Options
	me   User
	done chan struct{} // closed by Close
	http *http.Server

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced whenever something changes
	closed   bool
	users    map[int64]*person
	chats    map[int64]*chat
	order    []int64 // ids of chats in the order of their creation
	nextUser int64
	nextChat int64
	nextID   int64 // of messages in private chats and basic groups, which share one sequence
	queue    updates
	presses  map[string]*press
	requests []*Request
	problems []string
	faults   []*Fault
	limits   limiter
	profile  profile
}

// profile is what the bot says about itself.
type profile struct {
	commands map[commandKey][]Command
	texts    map[string]string // "setMyName/ar" -> text
	rights   map[bool]json.RawMessage
}

type commandKey struct{ scope, lang string }

// New makes a server that listens nowhere yet.
func New(o Options) *Server {
	if o.Token == "" {
		o.Token = DefaultToken
	}
	if o.Username == "" {
		o.Username = DefaultUsername
	}
	if o.Name == "" {
		o.Name = DefaultName
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	id, _, _ := strings.Cut(o.Token, ":")
	n, _ := strconv.ParseInt(id, 10, 64)
	s := &Server{
		o: o, me: User{ID: n, First: o.Name, Username: o.Username, Bot: true},
		done: make(chan struct{}), changed: make(chan struct{}),
		users: map[int64]*person{}, chats: map[int64]*chat{}, presses: map[string]*press{},
		nextUser: 500001, nextChat: 1, nextID: 1,
		queue:   updates{next: 700000001, allowed: defaultUpdates()},
		limits:  newLimiter(),
		profile: profile{commands: map[commandKey][]Command{}, texts: map[string]string{}, rights: map[bool]json.RawMessage{}},
	}
	s.users[n] = &person{User: s.me}
	return s
}

// Start listens on a free port of 127.0.0.1, sets URL and returns the server itself. It panics when nothing can listen there,
// as net/http/httptest does.
func (s *Server) Start() *Server {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic("telegramtest: " + err.Error())
	}
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	s.URL = "http://" + l.Addr().String()
	go func() {
		// Serve returns http.ErrServerClosed after Close and has nothing else to tell.
		_ = s.http.Serve(l)
	}()
	return s
}

// Close ends every long poll and connection. It may be called more than once.
func (s *Server) Close() {
	s.mu.Lock()
	first := !s.closed
	s.closed = true
	s.mu.Unlock()
	if first {
		close(s.done)
	}
	if s.http != nil {
		_ = s.http.Close()
	}
}

// Token is the token that the server accepts.
func (s *Server) Token() string { return s.o.Token }

// Me is the bot's own user.
func (s *Server) Me() User { return s.me }

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
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Request, len(s.requests))
	for i, r := range s.requests {
		all[i] = r.copy()
	}
	return all
}

func (r *Request) copy() Request {
	c := *r
	c.Params = maps.Clone(r.Params)
	c.Problems = slices.Clone(r.Problems)
	return c
}

// Problems returns every violation of the schema so far, each with its method, and every misuse of the people's side.
func (s *Server) Problems() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.problems)
}

// bump wakes everybody who waits for a change; s.mu is held.
func (s *Server) bump() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// misuse records a mistake of a test that plays the people; s.mu is held.
func (s *Server) misuse(text string) {
	s.problems = append(s.problems, "people: "+text)
}

// ServeHTTP answers /bot<token>/<method>.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rest, ok := strings.CutPrefix(r.URL.Path, "/bot")
	token, method, cut := strings.Cut(rest, "/")
	switch {
	case !ok || !cut || method == "" || strings.Contains(method, "/"):
		answer(w, nil, &apiError{code: http.StatusNotFound, description: "Not Found"})
		return
	case token != s.o.Token:
		answer(w, nil, &apiError{code: http.StatusUnauthorized, description: "Unauthorized"})
		return
	}
	params, err := decodeRequest(r)
	c := s.admit(method, params)
	if err != nil {
		s.finish(w, c, nil, bodyError(err))
		return
	}
	fault, _ := s.faultFor(c)
	if fault != nil && !fault.Kind.after() {
		if s.breakBefore(w, c, fault) {
			return
		}
		fault = nil
	}
	result, failure := s.handle(r, c)
	if fault != nil {
		s.breakAfter(w, r, c, fault)
		return
	}
	s.finish(w, c, result, failure)
}

func bodyError(err error) *apiError {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return &apiError{code: http.StatusRequestEntityTooLarge, description: "Request Entity Too Large"}
	}
	return bad("%s", err)
}

// admit records a request and what breaks the schema in it.
func (s *Server) admit(method string, params map[string]param) *call {
	record := &Request{Method: method, Params: map[string]string{}, At: s.o.Now()}
	for name, p := range params {
		record.Params[name] = p.raw
	}
	if botAPI().methods[method] != nil {
		record.Problems = validate(method, params)
	} else {
		record.Problems = []string{"no method " + strconv.Quote(method)}
	}
	c := &call{s: s, method: method, params: params, record: record}
	s.mu.Lock()
	defer s.mu.Unlock()
	if target := s.findChat(c.str("chat_id")); target != nil {
		record.Chat = target.ID
	} else {
		record.Chat = c.int("chat_id")
	}
	s.requests = append(s.requests, record)
	s.problems = append(s.problems, record.Problems...)
	s.bump()
	return c
}

// handle validates and runs a request.
func (s *Server) handle(r *http.Request, c *call) (any, *apiError) {
	if botAPI().methods[c.method] == nil {
		return nil, &apiError{code: http.StatusNotFound, description: "Not Found: method not found"}
	}
	if len(c.record.Problems) > 0 && !s.o.Lenient {
		return nil, bad("strict: %s", strings.Join(c.record.Problems, "; "))
	}
	if c.method == "getUpdates" {
		return s.getUpdates(r.Context(), c)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if wait := s.limits.wait(c, s.o); wait > 0 {
		return nil, tooMany(wait)
	}
	defer s.bump()
	return methods[c.method](c)
}

// finish writes the answer and completes the record.
func (s *Server) finish(w http.ResponseWriter, c *call, result any, failure *apiError) {
	code, description := http.StatusOK, ""
	if failure != nil {
		code, description = failure.code, failure.description
	}
	s.settle(c, code, description)
	answer(w, result, failure)
}

func (s *Server) settle(c *call, code int, description string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.record.Code, c.record.Description = code, description
	s.bump()
}

func answer(w http.ResponseWriter, result any, failure *apiError) {
	w.Header().Set("Content-Type", "application/json")
	if failure != nil {
		if failure.retryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(failure.retryAfter))
		}
		w.WriteHeader(failure.code)
		_, _ = w.Write(failure.body())
		return
	}
	body, err := json.Marshal(map[string]any{"ok": true, "result": result})
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	_, _ = w.Write(body)
}
