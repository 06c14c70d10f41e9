package telegramtest

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

//go:embed page
var pageFiles embed.FS

// pagePolicy lets the page load nothing but its own style and script and talk to nobody but this server.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Limits of the page's interface.
const (
	pageMessages = 300              // newest messages of a chat that are shown
	pageBody     = 64 << 10         // bytes of a request
	pageAnswer   = 15 * time.Second // how long a pressed button waits for the bot, as Telegram's clients do
	pageAlive    = 20 * time.Second // between signs of life on an event stream
)

// Page serves the chats to a browser: one page and a small JSON and SSE interface beside it. It must be mounted at the
// root or behind http.StripPrefix. Whoever opens the page plays every chat's person: the user of a private chat, the owner
// of a group. It answers only under an IP address or localhost and takes no requests from other origins.
//
// For scripts that drive it: #text is the text field, #send its button, #messages holds .msg elements (.bot or .own) with
// data-id, .ib are inline buttons, .rb buttons of the reply keyboard, #toast what a pressed button said.
func (s *Server) Page() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", pageFile("index.html", "text/html; charset=utf-8"))
	mux.HandleFunc("GET /page.css", pageFile("page.css", "text/css; charset=utf-8"))
	for _, script := range []string{"page.js", "text.js", "view.js"} {
		mux.HandleFunc("GET /"+script, pageFile(script, "text/javascript; charset=utf-8"))
	}
	mux.HandleFunc("GET /api/events", s.pageEvents)
	mux.HandleFunc("POST /api/say", s.pageSay)
	mux.HandleFunc("POST /api/press", s.pagePress)
	mux.HandleFunc("POST /api/share", s.pageShare)
	protected := http.NewCrossOriginProtection().Handler(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", pagePolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		if !localName(r.Host) {
			http.Error(w, "open this page by its IP address or as localhost", http.StatusForbidden)
			return
		}
		protected.ServeHTTP(w, r)
	})
}

// localName refuses names from the DNS, which anybody could point at this computer.
func localName(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	_, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil || host == "localhost"
}

func pageFile(name, kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		data, err := pageFiles.ReadFile("page/" + name)
		if err != nil {
			http.Error(w, "not found", http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", kind)
		_, _ = w.Write(data)
	}
}

// Shapes of the page's JSON.
type (
	pageState struct {
		Bot   pageBot     `json:"bot"`
		Chats []pageEntry `json:"chats"`
		Chat  *pageChat   `json:"chat"`
	}
	pageBot struct {
		Name     string `json:"name"`
		Username string `json:"username"`
	}
	pageEntry struct {
		ID     int64  `json:"id"`
		Kind   string `json:"kind"`
		Title  string `json:"title"`
		Status string `json:"status"`
		Last   string `json:"last"`
		Date   int64  `json:"date"`
		Count  int    `json:"count"` // of messages from the bot, for unread badges
	}
	pageChat struct {
		pageEntry
		Writable  bool          `json:"writable"`
		Messages  []pageMessage `json:"messages"`
		Commands  []Command     `json:"commands"`
		Keyboard  *pageKeyboard `json:"keyboard"`
		Shareable []pageEntry   `json:"shareable"`
	}
	pageMessage struct {
		ID       int64          `json:"id"`
		Own      bool           `json:"own"`
		Bot      bool           `json:"bot"`
		Name     string         `json:"name"`
		Date     int64          `json:"date"`
		Edited   bool           `json:"edited"`
		Silent   bool           `json:"silent"`
		Text     string         `json:"text"`
		Entities []Entity       `json:"entities"`
		Photo    string         `json:"photo"`
		Preview  *Preview       `json:"preview"`
		Keyboard [][]pageButton `json:"keyboard"`
		Topic    string         `json:"topic"`
		Forward  string         `json:"forward"`
		ReplyTo  *pageReply     `json:"replyTo"`
		Service  string         `json:"service"`
	}
	pageButton struct {
		Text    string `json:"text"`
		Data    string `json:"data,omitempty"`
		URL     string `json:"url,omitempty"`
		Copy    string `json:"copy,omitempty"`
		Style   string `json:"style,omitempty"`
		Request int64  `json:"request,omitempty"` // reply keyboards: request_chat
		Channel bool   `json:"channel,omitempty"`
	}
	pageKeyboard struct {
		Message     int64          `json:"message"`
		Rows        [][]pageButton `json:"rows"`
		OneTime     bool           `json:"oneTime"`
		Placeholder string         `json:"placeholder"`
	}
	pageReply struct {
		ID   int64  `json:"id"`
		Name string `json:"name"`
		Text string `json:"text"`
	}
)

// pageEvents streams the state of all chats and of the one that is open, whenever it changes.
func (s *Server) pageEvents(w http.ResponseWriter, r *http.Request) {
	id, _ := strconv.ParseInt(r.URL.Query().Get("chat"), 10, 64)
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	alive := time.NewTicker(pageAlive)
	defer alive.Stop()
	var last []byte
	for {
		s.mu.Lock()
		changed := s.changed
		now, err := json.Marshal(s.pageState(id))
		s.mu.Unlock()
		if err == nil && !bytes.Equal(now, last) {
			last = now
			if _, err := fmt.Fprintf(w, "data: %s\n\n", now); err != nil || out.Flush() != nil {
				return
			}
		}
		select {
		case <-changed:
		case <-alive.C:
			if _, err := io.WriteString(w, ": alive\n\n"); err != nil || out.Flush() != nil {
				return
			}
		case <-r.Context().Done():
			return
		case <-s.done:
			return
		}
	}
}

// pageState describes everything that the page shows; s.mu is held. An unknown chat id opens the first chat.
func (s *Server) pageState(open int64) pageState {
	state := pageState{Bot: pageBot{Name: s.me.First, Username: s.me.Username}, Chats: []pageEntry{}}
	for _, id := range s.order {
		state.Chats = append(state.Chats, s.pageEntry(s.chats[id]))
	}
	c := s.chats[open]
	if c == nil && len(s.order) > 0 {
		c = s.chats[s.order[0]]
	}
	if c != nil {
		state.Chat = s.pageChat(c)
	}
	return state
}

func (s *Server) pageEntry(c *chat) pageEntry {
	e := pageEntry{ID: c.ID, Kind: c.Kind, Title: c.Title}
	present := 0
	for _, m := range c.members {
		if m.present() {
			present++
		}
	}
	switch c.Kind {
	case "private":
		e.Title, e.Status = s.me.First, "bot"
		if s.manyReaders() {
			e.Title, e.Status = s.users[c.ID].First+" · "+s.me.First, "bot, as "+s.users[c.ID].First+" sees it"
		}
	case "channel":
		e.Status = "channel"
	default:
		e.Status = fmt.Sprintf("group, %d members", present)
	}
	for _, m := range c.messages {
		if m.Deleted {
			continue
		}
		if m.Bot {
			e.Count++
		}
		e.Last, _, _ = strings.Cut(m.Text+m.Service, "\n")
		e.Date = m.Date.Unix()
	}
	return e
}

// manyReaders tells whether several people talk to the bot, whose chats would all have its name.
func (s *Server) manyReaders() bool {
	n := 0
	for _, c := range s.chats {
		if c.Kind == "private" {
			n++
		}
	}
	return n > 1
}

// player is whom the page plays in a chat.
func (s *Server) player(c *chat) int64 {
	if c.Kind == "private" {
		return c.ID
	}
	return s.owner(c)
}

func (s *Server) pageChat(c *chat) *pageChat {
	me := s.player(c)
	page := &pageChat{
		pageEntry: s.pageEntry(c), Messages: []pageMessage{}, Shareable: []pageEntry{},
		Writable: s.mute(c, me, With{}) == "", Commands: s.commandsFor(c, me),
	}
	if page.Commands == nil {
		page.Commands = []Command{}
	}
	for _, m := range c.messages[max(0, len(c.messages)-pageMessages):] {
		if !m.Deleted {
			page.Messages = append(page.Messages, s.pageMessage(c, m, me))
		}
	}
	for _, id := range s.order {
		if other := s.chats[id]; c.Kind == "private" && other.Kind != "private" && other.member(me).admin() {
			page.Shareable = append(page.Shareable, s.pageEntry(other))
		}
	}
	page.Keyboard = pageReplyKeyboard(c)
	return page
}

func pageReplyKeyboard(c *chat) *pageKeyboard {
	k := c.replyKeyboard()
	if k == nil {
		return nil
	}
	out := &pageKeyboard{OneTime: k.OneTime, Placeholder: k.Placeholder}
	for _, m := range c.messages {
		if m.Reply == k {
			out.Message = m.ID
		}
	}
	for _, row := range k.Rows {
		var buttons []pageButton
		for _, b := range row {
			button := pageButton{Text: b.Text, Style: b.Style}
			if b.Request != nil {
				button.Request, button.Channel = b.Request.ID, b.Request.Channel
			}
			buttons = append(buttons, button)
		}
		out.Rows = append(out.Rows, buttons)
	}
	return out
}

func (s *Server) pageMessage(c *chat, m *Message, me int64) pageMessage {
	p := pageMessage{
		ID: m.ID, Own: m.From == me && m.From != 0, Bot: m.Bot, Name: s.sender(c, m), Date: m.Date.Unix(), Edited: !m.Edited.IsZero(),
		Silent: m.Silent, Text: m.Text, Entities: m.Entities, Photo: m.Photo, Preview: m.Preview, Service: m.Service,
	}
	if p.Entities == nil {
		p.Entities = []Entity{}
	}
	for _, row := range m.Keyboard {
		var buttons []pageButton
		for _, b := range row {
			buttons = append(buttons, pageButton{Text: b.Text, Data: b.Data, URL: b.URL, Copy: b.Copy, Style: b.Style})
		}
		p.Keyboard = append(p.Keyboard, buttons)
	}
	if t := c.topics[m.Thread]; t != nil {
		p.Topic = t.name
	}
	if from := s.chats[m.Forward]; from != nil {
		p.Forward = from.Title
	}
	if reply := c.shown(m.ReplyTo); reply != nil {
		p.ReplyTo = &pageReply{ID: reply.ID, Name: s.sender(c, reply)}
		p.ReplyTo.Text, _, _ = strings.Cut(reply.Text, "\n")
	}
	return p
}

func (s *Server) sender(c *chat, m *Message) string {
	if m.From == 0 {
		return c.Title
	}
	u := s.users[m.From]
	return strings.TrimSpace(u.First + " " + u.Last)
}

// pageAct is what the person at the page does.
type pageAct struct {
	Chat    int64  `json:"chat"`
	Text    string `json:"text"`
	Message int64  `json:"message"` // pressed, or replied to
	Data    string `json:"data"`
	Request int64  `json:"request"`
	Shared  int64  `json:"shared"`
}

// readAct decodes a request and finds whom the page plays; it answers itself when that fails.
func (s *Server) readAct(w http.ResponseWriter, r *http.Request) (act pageAct, user int64, ok bool) {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, pageBody))
	d.DisallowUnknownFields()
	if err := d.Decode(&act); err != nil {
		pageFailure(w, "cannot read the request: "+err.Error())
		return act, 0, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[act.Chat]
	if c == nil {
		pageFailure(w, "there is no such chat")
		return act, 0, false
	}
	return act, s.player(c), true
}

func pageFailure(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": text})
}

func pageSuccess(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

// pageSay sends a text; it checks first what Say would record as a mistake of a test.
func (s *Server) pageSay(w http.ResponseWriter, r *http.Request) {
	act, user, ok := s.readAct(w, r)
	if !ok {
		return
	}
	with := With{ReplyTo: act.Message}
	s.mu.Lock()
	why := s.mute(s.chats[act.Chat], user, with)
	if c := s.chats[act.Chat]; c != nil && why == "" {
		if reply := c.shown(act.Message); reply != nil {
			with.Thread = reply.Thread
		}
	}
	s.mu.Unlock()
	if _, _, err := finish(act.Text, nil, MaxText); err != nil && why == "" {
		why = strings.TrimPrefix(err.Error(), "Bad Request: ")
	}
	if why != "" {
		pageFailure(w, "not sent: "+why)
		return
	}
	pageSuccess(w, map[string]int64{"id": s.Say(act.Chat, user, act.Text, with)})
}

// pagePress presses an inline button and waits for what the bot says to it.
func (s *Server) pagePress(w http.ResponseWriter, r *http.Request) {
	act, user, ok := s.readAct(w, r)
	if !ok {
		return
	}
	query, err := s.Press(act.Chat, user, act.Message, act.Data)
	if err != nil {
		pageFailure(w, err.Error())
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), pageAnswer)
	defer cancel()
	answer, err := s.WaitAnswer(ctx, query)
	if err != nil {
		pageFailure(w, "the bot did not answer")
		return
	}
	pageSuccess(w, map[string]any{"text": answer.Text, "alert": answer.Alert})
}

func (s *Server) pageShare(w http.ResponseWriter, r *http.Request) {
	act, user, ok := s.readAct(w, r)
	if !ok {
		return
	}
	if _, err := s.Share(act.Chat, user, act.Request, act.Shared); err != nil {
		pageFailure(w, err.Error())
		return
	}
	pageSuccess(w, map[string]bool{"ok": true})
}
