package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"wirewatch/bot/telegram/telegramtest"
)

// TestMain lets a script call the real program by its name.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"wirewatch": main})
}

// scriptWait bounds every wait of a script for something that must happen.
const scriptWait = time.Minute

// TestScripts runs testdata/script/*.txtar: the real binary between a strict
// fake of Telegram and a feed server, from feed to message. Besides the usual
// commands of testscript a script has those of [world].
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("..", "..", "testdata", "script"),
		RequireExplicitExec: true,
		Setup:               setupWorld,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status":  cmdStatus,
			"sources": inWorld((*world).cmdSources),
			"user":    inWorld((*world).cmdUser),
			"group":   inWorld((*world).cmdGroup),
			"channel": inWorld((*world).cmdChannel),
			"admin":   inWorld((*world).cmdAdmin),
			"say":     inWorld((*world).cmdSay),
			"press":   inWorld((*world).cmdPress),
			"expect":  inWorld((*world).cmdExpect),
			"count":   inWorld((*world).cmdCount),
			"fault":   inWorld((*world).cmdFault),
			"block":   inWorld((*world).cmdBlock),
			"migrate": inWorld((*world).cmdMigrate),
			"answer":  inWorld((*world).cmdAnswer),
			"polled":  inWorld((*world).cmdPolled),
			"show":    inWorld((*world).cmdShow),

			"announce":   inWorld((*world).cmdAnnounce),
			"subscribed": inWorld((*world).cmdSubscribed),
			"push":       inWorld((*world).cmdPush),
		},
	})
}

// cmdStatus (status N PROGRAM ARG…) runs a program that must exit with N; what
// it prints is there for stdout and stderr, as after exec.
func cmdStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N PROGRAM ARG…")
	}
	err := ts.Exec(args[1], args[2:]...)
	have := "0"
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		have = strconv.Itoa(exit.ExitCode())
	case err != nil:
		ts.Fatalf("run %s: %v", args[1], err)
	}
	if have != args[0] {
		ts.Fatalf("%s exits with %s, want %s:\n%s", strings.Join(args[1:], " "), have, args[0], ts.ReadFile("stderr"))
	}
}

// world is what surrounds the program in one script.
type world struct {
	fake  *telegramtest.Server
	feeds *feedServer
	chats map[string]telegramtest.Chat // by the name that the script uses
	hub   *scriptHub
}

type worldKey struct{}

// setupWorld starts the servers and writes a configuration that points to them.
func setupWorld(env *testscript.Env) error {
	www := filepath.Join(env.WorkDir, "www")
	if err := os.MkdirAll(www, 0o777); err != nil {
		return err
	}
	w := &world{
		fake:  telegramtest.New(telegramtest.Options{Limits: true}).Start(),
		feeds: &feedServer{root: www, answers: map[string]answer{}, polls: map[string]int{}, links: map[string]string{}},
		chats: map[string]telegramtest.Chat{},
	}
	env.Defer(w.fake.Close)
	feeds, err := serve("127.0.0.1:0", w.feeds)
	if err != nil {
		return err
	}
	env.Defer(feeds.close)
	if err := w.setupHub(env); err != nil {
		return err
	}
	env.Values[worldKey{}] = w
	env.Setenv("FEEDS", feeds.url)
	env.Setenv("TELEGRAM", w.fake.URL)
	env.Setenv("TOKEN", w.fake.Token())
	return os.WriteFile(filepath.Join(env.WorkDir, "wirewatch.yaml"), []byte(fmt.Sprintf(`
telegram: {token: %q, api_url: %q}
access: open
poll: {tick: "@every 1s", every: 1s, min: 1s, max: 1s, allow_private: true}
http: {addr: ""}
`, w.fake.Token(), w.fake.URL)), 0o600)
}

// inWorld makes a method of world a command of scripts. None can be negated.
func inWorld(f func(w *world, ts *testscript.TestScript, args []string)) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg {
			ts.Fatalf("this command cannot be negated")
		}
		f(ts.Value(worldKey{}).(*world), ts, args)
	}
}

func need(ts *testscript.TestScript, args []string, n int, usage string) {
	if len(args) != n {
		ts.Fatalf("usage: %s", usage)
	}
}

// chat finds a chat by the script's name for it.
func (w *world) chat(ts *testscript.TestScript, name string) telegramtest.Chat {
	c, ok := w.chats[name]
	if !ok {
		ts.Fatalf("the script has no chat %q", name)
	}
	return c
}

// sources PATH…: the configured catalogue.
func (w *world) cmdSources(ts *testscript.TestScript, args []string) {
	f, err := os.OpenFile(ts.MkAbs("wirewatch.yaml"), os.O_APPEND|os.O_WRONLY, 0)
	ts.Check(err)
	defer f.Close()
	fmt.Fprintln(f, "sources:")
	for _, path := range args {
		fmt.Fprintf(f, "  - url: %s%s\n", ts.Getenv("FEEDS"), path)
	}
}

// user NAME LANG: a person and their private chat.
func (w *world) cmdUser(ts *testscript.TestScript, args []string) {
	need(ts, args, 2, "user NAME LANG")
	u := w.fake.User(telegramtest.User{First: args[0], Lang: args[1]})
	w.chats[args[0]] = w.fake.Private(u.ID, args[1])
}

// group NAME OWNER: a basic group with the bot in it.
func (w *world) cmdGroup(ts *testscript.TestScript, args []string) {
	need(ts, args, 2, "group NAME OWNER")
	w.chats[args[0]] = w.fake.Group(args[0], w.chat(ts, args[1]).ID)
}

// channel NAME OWNER: a public channel @NAME without the bot.
func (w *world) cmdChannel(ts *testscript.TestScript, args []string) {
	need(ts, args, 2, "channel NAME OWNER")
	w.chats[args[0]] = w.fake.Channel(args[0], args[0], w.chat(ts, args[1]).ID)
}

// admin CHAT RIGHT…: the bot becomes an administrator.
func (w *world) cmdAdmin(ts *testscript.TestScript, args []string) {
	if len(args) < 1 {
		ts.Fatalf("usage: admin CHAT RIGHT…")
	}
	w.fake.SetAdmin(w.chat(ts, args[0]).ID, w.fake.Me().ID, args[1:]...)
}

// say CHAT USER TEXT
func (w *world) cmdSay(ts *testscript.TestScript, args []string) {
	need(ts, args, 3, "say CHAT USER TEXT")
	if w.fake.Say(w.chat(ts, args[0]).ID, w.chat(ts, args[1]).ID, args[2]) == 0 {
		ts.Fatalf("%s cannot write in %s", args[1], args[0])
	}
}

// press CHAT USER LABEL: the newest button with that label.
func (w *world) cmdPress(ts *testscript.TestScript, args []string) {
	need(ts, args, 3, "press CHAT USER LABEL")
	chat := w.chat(ts, args[0])
	sent := w.fake.Sent(chat.ID)
	for i := len(sent) - 1; i >= 0; i-- {
		for _, row := range sent[i].Keyboard {
			for _, b := range row {
				if !strings.Contains(b.Text, args[2]) {
					continue
				}
				if _, err := w.fake.Press(chat.ID, w.chat(ts, args[1]).ID, sent[i].ID, b.Data); err != nil {
					ts.Fatalf("press: %v", err)
				}
				return
			}
		}
	}
	ts.Fatalf("no message in %s shows a button %q:\n%s", args[0], args[2], w.fake.Transcript(chat.ID))
}

// expect CHAT REGEXP: wait until what a reader of the chat sees matches.
func (w *world) cmdExpect(ts *testscript.TestScript, args []string) {
	need(ts, args, 2, "expect CHAT REGEXP")
	chat, re := w.chat(ts, args[0]), w.pattern(ts, args[1])
	ctx, cancel := context.WithTimeout(context.Background(), scriptWait)
	defer cancel()
	if err := w.fake.WaitUntil(ctx, func() bool { return re.MatchString(w.fake.Transcript(chat.ID)) }); err != nil {
		ts.Fatalf("%s never matched %s:\n%s", args[0], args[1], w.fake.Transcript(chat.ID))
	}
}

// count CHAT REGEXP N: what a reader sees now matches exactly so often, and
// Telegram had nothing to complain about.
func (w *world) cmdCount(ts *testscript.TestScript, args []string) {
	need(ts, args, 3, "count CHAT REGEXP N")
	n, err := strconv.Atoi(args[2])
	ts.Check(err)
	seen := w.fake.Transcript(w.chat(ts, args[0]).ID)
	if have := len(w.pattern(ts, args[1]).FindAllString(seen, -1)); have != n {
		ts.Fatalf("%s matches %s %d times, want %d:\n%s", args[0], args[1], have, n, seen)
	}
	if problems := w.fake.Problems(); len(problems) > 0 {
		ts.Fatalf("requests that Telegram would refuse:\n%s", strings.Join(problems, "\n"))
	}
}

func (w *world) pattern(ts *testscript.TestScript, s string) *regexp.Regexp {
	re, err := regexp.Compile("(?m)" + s)
	ts.Check(err)
	return re
}

// show CHAT: print the chat into the script's log.
func (w *world) cmdShow(ts *testscript.TestScript, args []string) {
	need(ts, args, 1, "show CHAT")
	ts.Logf("%s", w.fake.Transcript(w.chat(ts, args[0]).ID))
}

// faults are what a script can let go wrong with sendMessage, once.
var faults = map[string]telegramtest.Fault{
	"drop-answer": {Kind: telegramtest.DropAnswer, Method: "sendMessage"},
	"bad-gateway": {Kind: telegramtest.BadGateway, Method: "sendMessage"},
	"too-many":    {Kind: telegramtest.TooMany, Method: "sendMessage", RetryAfter: 1},
	"reset":       {Kind: telegramtest.Reset, Method: "sendMessage"},
}

// fault KIND CHAT: the next message to a chat meets a fault.
func (w *world) cmdFault(ts *testscript.TestScript, args []string) {
	need(ts, args, 2, "fault KIND CHAT")
	f, ok := faults[args[0]]
	if !ok {
		ts.Fatalf("there is no fault %q", args[0])
	}
	f.Chat = w.chat(ts, args[1]).ID
	w.fake.Fault(f)
}

// block USER | block USER off
func (w *world) cmdBlock(ts *testscript.TestScript, args []string) {
	if len(args) == 2 && args[1] == "off" {
		w.fake.Unblock(w.chat(ts, args[0]).ID)
		return
	}
	need(ts, args, 1, "block USER [off]")
	w.fake.Block(w.chat(ts, args[0]).ID)
}

// migrate GROUP: it becomes a supergroup with another id; the name follows.
func (w *world) cmdMigrate(ts *testscript.TestScript, args []string) {
	need(ts, args, 1, "migrate GROUP")
	w.chats[args[0]] = w.fake.Migrate(w.chat(ts, args[0]).ID)
}

// answer PATH STATUS [LOCATION]: the feed server answers so; STATUS 200 serves the file again.
func (w *world) cmdAnswer(ts *testscript.TestScript, args []string) {
	if len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: answer PATH STATUS [LOCATION]")
	}
	status, err := strconv.Atoi(args[1])
	ts.Check(err)
	a := answer{status: status}
	if len(args) == 3 {
		a.location = args[2]
	}
	w.feeds.answer(args[0], a)
}

// polled PATH N: wait until the feed server was asked for a path N times more.
func (w *world) cmdPolled(ts *testscript.TestScript, args []string) {
	need(ts, args, 2, "polled PATH N")
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	if !w.feeds.wait(args[0], n, scriptWait) {
		ts.Fatalf("%s was not asked for %d times more", args[0], n)
	}
}

// feedServer serves the files of a folder, with their ETags, and what scripts
// tell it to answer instead.
type feedServer struct {
	root string

	mu      sync.Mutex
	answers map[string]answer
	polls   map[string]int
	links   map[string]string // Link header, by path
	changed chan struct{}     // closed at the next request; nil: nobody waits
}

type answer struct {
	status   int
	location string
	link     string
}

func (s *feedServer) answer(path string, a answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[path] = a
}

func (s *feedServer) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	a := s.count(r.URL.Path)
	if a.link != "" {
		rw.Header().Set("Link", a.link)
	}
	switch {
	case a.location != "":
		http.Redirect(rw, r, a.location, a.status)
	case a.status != 0 && a.status != http.StatusOK:
		http.Error(rw, http.StatusText(a.status), a.status)
	default:
		s.serveFile(rw, r)
	}
}

// serveFile sends a file under an ETag of its content: a script changes files
// more than once a second.
func (s *feedServer) serveFile(rw http.ResponseWriter, r *http.Request) {
	doc, err := os.ReadFile(filepath.Join(s.root, filepath.FromSlash(r.URL.Path)))
	if err != nil {
		http.NotFound(rw, r)
		return
	}
	rw.Header().Set("ETag", fmt.Sprintf("%q", fmt.Sprintf("%x", sha256.Sum256(doc))))
	rw.Header().Set("Content-Type", "application/xml")
	http.ServeContent(rw, r, "", time.Time{}, bytes.NewReader(doc))
}

// count notes a request and returns what to answer.
func (s *feedServer) count(path string) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.polls[path]++
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
	a := s.answers[path]
	a.link = s.links[path]
	return a
}

// wait blocks until path was asked for n times more.
func (s *feedServer) wait(path string, n int, limit time.Duration) bool {
	deadline := time.After(limit)
	s.mu.Lock()
	want := s.polls[path] + n
	for s.polls[path] < want {
		if s.changed == nil {
			s.changed = make(chan struct{})
		}
		next := s.changed
		s.mu.Unlock()
		select {
		case <-next:
		case <-deadline:
			return false
		}
		s.mu.Lock()
	}
	s.mu.Unlock()
	return true
}
