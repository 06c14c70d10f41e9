package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"wirewatch/bot/telegram/telegramtest"
	"wirewatch/store/storetest"
)

// A database server that comes up late, and connections to it that are cut in the
// middle of the start, do not end the program.
func TestStartSurvivesTheDatabase(t *testing.T) {
	if testing.Short() {
		t.Skip("waits between tries")
	}
	u, err := url.Parse(storetest.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	cutter := newCutter(t, u.Host)
	u.Host = cutter.Addr().String()
	fake := telegramtest.New(telegramtest.Options{}).Start()
	defer fake.Close()
	path := filepath.Join(t.TempDir(), "wirewatch.yaml")
	doc := fmt.Sprintf("telegram: {token: %q, api_url: %q}\nhttp: {addr: ''}\nstore: %q\n", fake.Token(), fake.URL, u.String())
	if err := os.WriteFile(path, []byte(doc), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	log := &untilSaid{text: `"msg":"running"`, then: cancel}
	p := &program{stdin: strings.NewReader(""), stdout: io.Discard, stderr: log}
	if code := p.run(ctx, []string{"run", "--config", path}); code != exitOK || !log.said {
		t.Errorf("exit code %d, ran %v; it said:\n%s", code, log.said, &log.all)
	}
	if n := strings.Count(log.all.String(), "does not answer yet"); n < 2 {
		t.Errorf("it was told %d times to wait, the test says nothing", n)
	}
	if int(cutter.seen.Load()) <= len(cuts) {
		t.Errorf("only %d connections were made", cutter.seen.Load())
	}
}

// cuts are the bytes from the server after which each of the first connections is
// cut: at once, while it logs in, and while the schema is made.
var cuts = []int64{0, 0, 100, 500, 900, 2000}

// cutter stands before a database server.
type cutter struct {
	net.Listener
	seen atomic.Int64 // connections
}

func newCutter(t *testing.T, server string) *cutter {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	c := &cutter{Listener: l}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go c.forward(conn, server, int(c.seen.Add(1))-1)
		}
	}()
	return c
}

// forward connects a client with the server, as long as it may.
func (c *cutter) forward(conn net.Conn, server string, number int) {
	defer conn.Close()
	up, err := net.Dial("tcp", server)
	if err != nil {
		return
	}
	defer up.Close()
	go func() { io.Copy(up, conn); up.Close() }()
	if number < len(cuts) {
		io.CopyN(conn, up, cuts[number])
		return
	}
	io.Copy(conn, up)
}

// untilSaid collects a log and does something when a text has come up.
type untilSaid struct {
	text string
	then func()

	mu   sync.Mutex
	all  strings.Builder
	said bool
}

func (u *untilSaid) Write(line []byte) (int, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.all.Write(line)
	if !u.said && strings.Contains(string(line), u.text) {
		u.said = true
		u.then()
	}
	return len(line), nil
}
