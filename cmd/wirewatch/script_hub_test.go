package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// scriptHub is the WebSub hub of a script: it confirms what it is asked for and
// sends what the script tells it to.
type scriptHub struct {
	mu      sync.Mutex
	url     string
	subs    map[string]url.Values // by topic
	changed chan struct{}         // closed at the next change; nil: nobody waits
}

// setupHub starts the hub and says where the program may listen: $DOOR.
func (w *world) setupHub(env *testscript.Env) error {
	w.hub = &scriptHub{subs: map[string]url.Values{}}
	server, err := serve("127.0.0.1:0", w.hub)
	if err != nil {
		return err
	}
	env.Defer(server.close)
	w.hub.url = server.url
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	env.Setenv("DOOR", free.Addr().String())
	return free.Close()
}

func (h *scriptHub) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(rw, "a form is wanted", http.StatusBadRequest)
		return
	}
	rw.WriteHeader(http.StatusAccepted)
	go h.confirm(r.PostForm)
}

// confirm asks the program whether it meant what it asked for.
func (h *scriptHub) confirm(form url.Values) {
	q := url.Values{"hub.mode": form["hub.mode"], "hub.topic": form["hub.topic"], "hub.challenge": {"a challenge"}, "hub.lease_seconds": {"3600"}}
	resp, err := http.Get(form.Get("hub.callback") + "?" + q.Encode())
	if err != nil {
		return // the script will wait in vain
	}
	defer resp.Body.Close()
	if body, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusOK || string(body) != "a challenge" {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if form.Get("hub.mode") == "subscribe" {
		h.subs[form.Get("hub.topic")] = form
	} else {
		delete(h.subs, form.Get("hub.topic"))
	}
	if h.changed != nil {
		close(h.changed)
		h.changed = nil
	}
}

// wait blocks until the hub has a subscription to a topic, or none.
func (h *scriptHub) wait(topic string, want bool, limit time.Duration) (url.Values, bool) {
	deadline := time.After(limit)
	for {
		h.mu.Lock()
		form, have := h.subs[topic]
		if have == want {
			h.mu.Unlock()
			return form, true
		}
		if h.changed == nil {
			h.changed = make(chan struct{})
		}
		next := h.changed
		h.mu.Unlock()
		select {
		case <-next:
		case <-deadline:
			return nil, false
		}
	}
}

// announce PATH: the feed server names the hub in a Link header.
func (w *world) cmdAnnounce(ts *testscript.TestScript, args []string) {
	need(ts, args, 1, "announce PATH")
	w.feeds.mu.Lock()
	defer w.feeds.mu.Unlock()
	w.feeds.links[args[0]] = fmt.Sprintf(`<%s/>; rel="hub", <%s%s>; rel="self"`, w.hub.url, ts.Getenv("FEEDS"), args[0])
}

// subscribed PATH [off]: wait until the hub has a subscription to a feed, or none.
func (w *world) cmdSubscribed(ts *testscript.TestScript, args []string) {
	if len(args) != 1 && (len(args) != 2 || args[1] != "off") {
		ts.Fatalf("usage: subscribed PATH [off]")
	}
	if _, ok := w.hub.wait(ts.Getenv("FEEDS")+args[0], len(args) == 1, scriptWait); !ok {
		ts.Fatalf("the hub's subscription to %s is not as wanted", args[0])
	}
}

// push PATH FILE [SECRET]: the hub sends a document, signed with the secret of the
// subscription or another one.
func (w *world) cmdPush(ts *testscript.TestScript, args []string) {
	if len(args) != 2 && len(args) != 3 {
		ts.Fatalf("usage: push PATH FILE [SECRET]")
	}
	form, ok := w.hub.wait(ts.Getenv("FEEDS")+args[0], true, scriptWait)
	if !ok {
		ts.Fatalf("nobody has subscribed to %s", args[0])
	}
	doc, err := os.ReadFile(ts.MkAbs(args[1]))
	ts.Check(err)
	secret := form.Get("hub.secret")
	if len(args) == 3 {
		secret = args[2]
	}
	for deadline := time.Now().Add(scriptWait); ; time.Sleep(50 * time.Millisecond) { // as hubs do
		status, err := deliver(form.Get("hub.callback"), secret, doc)
		if err == nil && status/100 == 2 {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("the push is answered %d, %v", status, err)
		}
	}
}

// deliver sends a signed document to a callback.
func deliver(callback, secret string, doc []byte) (status int, err error) {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(doc)
	req, err := http.NewRequest(http.MethodPost, callback, bytes.NewReader(doc))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/rss+xml")
	req.Header.Set("X-Hub-Signature", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}
