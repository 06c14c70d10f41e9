package watch

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	stdhash "hash"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"wirewatch/store"
	"wirewatch/store/storetest"
)

// hub is a WebSub hub over HTTP that does what the Recommendation says: it takes a
// request, asks the callback whether it was meant, and sends signed documents.
type hub struct {
	*httptest.Server
	t *testing.T

	mu    sync.Mutex
	subs  map[string]url.Values // by callback
	asked []url.Values          // every request, in order
	lease time.Duration         // granted; 0: what was asked for
	deny  bool
	mute  bool // takes requests, and never confirms
	fail  int  // status instead of taking a request
}

func newHub(t *testing.T) *hub {
	h := &hub{t: t, subs: map[string]url.Values{}}
	h.Server = httptest.NewServer(http.HandlerFunc(h.serve))
	t.Cleanup(h.Close)
	return h
}

func (h *hub) serve(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil || r.Method != http.MethodPost {
		http.Error(w, "a form is wanted", http.StatusBadRequest)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked = append(h.asked, r.PostForm)
	if h.fail != 0 {
		http.Error(w, "no", h.fail)
		return
	}
	if !h.mute {
		h.confirm(r.PostForm)
	}
	w.WriteHeader(http.StatusAccepted)
}

// confirm verifies the intent, as hubs may do before they have answered.
func (h *hub) confirm(form url.Values) {
	callback, mode := form.Get("hub.callback"), form.Get("hub.mode")
	lease := form.Get("hub.lease_seconds")
	if h.lease != 0 {
		lease = fmt.Sprint(int(h.lease / time.Second))
	}
	if h.deny {
		h.get(callback, url.Values{"hub.mode": {"denied"}, "hub.topic": {form.Get("hub.topic")}, "hub.reason": {"not for you"}})
		return
	}
	status, body := h.get(callback, url.Values{"hub.mode": {mode}, "hub.topic": {form.Get("hub.topic")}, "hub.challenge": {"c-1 <&>"}, "hub.lease_seconds": {lease}})
	if status != http.StatusOK || body != "c-1 <&>" {
		h.t.Errorf("%s was not confirmed: %d %q", mode, status, body)
		return
	}
	if mode == "subscribe" {
		h.subs[callback] = form
	} else {
		delete(h.subs, callback)
	}
}

func (h *hub) get(callback string, q url.Values) (int, string) {
	resp, err := http.Get(callback + "?" + q.Encode())
	if err != nil {
		h.t.Error(err)
		return 0, ""
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body)
}

// only is the one subscription that the hub has.
func (h *hub) only() url.Values {
	h.t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.subs) != 1 {
		h.t.Fatalf("the hub has %d subscriptions", len(h.subs))
	}
	for _, form := range h.subs {
		return form
	}
	return nil
}

func (h *hub) count() (subs, asked int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.subs), len(h.asked)
}

// send posts a document with a header of the caller's signature over it.
func send(t *testing.T, callback, doc, signature string) int {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, callback, strings.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/rss+xml")
	if signature != "" {
		req.Header.Set("X-Hub-Signature", signature)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

func sign(method string, sum func() stdhash.Hash, secret, doc string) string {
	mac := hmac.New(sum, []byte(secret))
	mac.Write([]byte(doc))
	return method + "=" + hex.EncodeToString(mac.Sum(nil))
}

// websub is a fixture whose site announces a hub, with all that subscribes to it.
type websub struct {
	*fixture
	hub   *hub
	hubs  Hubs
	topic string
}

func setupWebsub(t *testing.T, f *fixture) *websub {
	t.Helper()
	w := &websub{fixture: f, hub: newHub(t), topic: "https://desk.example/topic?a=1&b=2"}
	w.o.Inbox = f.db
	door := httptest.NewServer(NewCallback(f.db, f.clock.now, f.o.Log, w.Arrived))
	t.Cleanup(door.Close)
	w.hubs = Hubs{Store: f.db, Fetch: w.o.Fetch, Base: door.URL + "/websub/", Insecure: true, Now: f.clock.now, Log: f.o.Log}
	return w
}

// doc is a document with items as site.put has them, that names the hub.
func (w *websub) doc(items ...string) string {
	w.site.put("/draft", items...)
	doc := w.site.docs["/draft"]
	links := fmt.Sprintf(`<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="hub" href="%s/"/><atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self" href="%s"/>`,
		w.hub.URL, strings.ReplaceAll(w.topic, "&", "&amp;"))
	return strings.Replace(doc, "<item>", links+"<item>", 1)
}

func (w *websub) round() int {
	w.t.Helper()
	n, err := w.hubs.Round(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// subscribed visits a source with a hub and subscribes to it.
func (w *websub) subscribed() (src store.Source, callback, secret string) {
	w.t.Helper()
	w.site.raw("/a", w.doc("1|Old|Old news."))
	src = w.source("/a")
	w.Round(w.t.Context())
	if n := w.round(); n != 1 {
		w.t.Fatalf("%d hubs asked", n)
	}
	form := w.hub.only()
	return src, form.Get("hub.callback"), form.Get("hub.secret")
}

func (w *websub) stored(id int64) store.Source {
	w.t.Helper()
	s, err := w.db.Source(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func (w *websub) wantTold(want ...string) {
	w.t.Helper()
	if got := w.told(); !reflect.DeepEqual(got, want) && len(got)+len(want) > 0 {
		w.t.Errorf("told %q, want %q", got, want)
	}
}

func eachEngine(t *testing.T, body func(t *testing.T, w *websub)) {
	c := newClock()
	storetest.Each(t, func(t *testing.T, db *store.DB) { body(t, setupWebsub(t, setupOn(t, db, c))) }, store.Options{Now: c.now})
}

func TestHubPushesWhatIsNewOnce(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *websub) {
		w.rule(store.Rule{Name: "talks", Query: "talks"})
		src, callback, secret := w.subscribed()
		form := w.hub.only()
		if form.Get("hub.topic") != w.topic || form.Get("hub.mode") != "subscribe" || form.Get("hub.lease_seconds") != "864000" {
			t.Errorf("asked for %v", form)
		}
		if id := strings.TrimPrefix(callback, w.hubs.Base); len(id) < 22 || len(secret) < 40 || len(secret) > 199 {
			t.Errorf("callback %q, secret of %d bytes", callback, len(secret))
		}
		if until := w.stored(src.ID).PushedUntil; !until.Equal(w.clock.now().Add(leaseAsked)) {
			t.Errorf("relied on until %s", until)
		}

		doc := w.doc("2|Talks begin|Talks began in Geneva.", "1|Old|Old news.")
		if got := send(t, callback, doc, sign("sha256", sha256.New, secret, doc)); got != http.StatusAccepted {
			t.Errorf("status %d", got)
		}
		if n := w.Pushes(t.Context()); n != 1 {
			t.Errorf("%d pushes read", n)
		}
		w.wantTold("Talks begin")

		// The same by the feed, and by the hub again: told already.
		w.site.raw("/a", doc)
		w.clock.add(2 * time.Hour)
		w.Round(t.Context())
		send(t, callback, doc, sign("sha512", sha512.New, secret, doc))
		w.Pushes(t.Context())
		w.wantTold("Talks begin")
	})
}

func TestOnlySignedPushesCount(t *testing.T) {
	w := setupWebsub(t, setup(t))
	w.rule(store.Rule{Name: "all", Query: "*"})
	_, callback, secret := w.subscribed()
	doc := w.doc("2|Forged|Nobody said so.")
	for _, signature := range []string{
		"", "sha256=", "sha256=00", "md5=" + strings.Repeat("0", 32), sign("sha256", sha256.New, "guess", doc),
		sign("sha1", sha256.New, secret, doc), sign("sha256", sha256.New, secret, doc+" "), "sha256", "=",
	} {
		if got := send(t, callback, doc, signature); got/100 != 2 {
			t.Errorf("%q: status %d, want a 2xx", signature, got)
		}
	}
	if n := w.Pushes(t.Context()); n != 0 {
		t.Errorf("%d unsigned pushes read", n)
	}
	for i, c := range []struct {
		method string
		sum    func() stdhash.Hash
	}{{"sha1", sha1.New}, {"SHA256", sha256.New}, {"sha384", sha512.New384}, {"sha512", sha512.New}} {
		doc := w.doc(fmt.Sprintf("s%d|%s|Signed.", i, c.method))
		send(t, callback, doc, sign(c.method, c.sum, secret, doc))
		w.Pushes(t.Context())
	}
	w.wantTold("sha1", "SHA256", "sha384", "sha512")
	if got := send(t, w.hubs.Base+"ABC", doc, sign("sha256", sha256.New, secret, doc)); got != http.StatusGone {
		t.Errorf("a stranger's path: status %d", got)
	}
}

func TestIntentIsVerified(t *testing.T) {
	w := setupWebsub(t, setup(t))
	_, callback, _ := w.subscribed()
	ask := func(kv ...string) (int, string) {
		q := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {w.topic}, "hub.challenge": {"abc"}, "hub.lease_seconds": {"3600"}}
		for i := 0; i < len(kv); i += 2 {
			q.Set(kv[i], kv[i+1])
		}
		return w.hub.get(callback, q)
	}
	for name, kv := range map[string][]string{
		"nothing was asked": {}, "another topic": {"hub.topic", "https://evil.example/"}, "no challenge": {"hub.challenge", ""},
		"an end that nobody wants": {"hub.mode", "unsubscribe"}, "another mode": {"hub.mode", "publish"},
		"a giant": {"hub.challenge", strings.Repeat("x", maxChallenge+1)},
	} {
		if status, body := ask(kv...); status != http.StatusNotFound || strings.Contains(body, "abc") {
			t.Errorf("%s: %d %q", name, status, body)
		}
	}
	w.clock.add(8 * 24 * time.Hour) // the renewal is asked for, and confirmed once
	w.hub.mute = true
	w.round()
	if status, body := ask("hub.topic", "https://evil.example/"); status != http.StatusNotFound {
		t.Errorf("another topic: %d %q", status, body)
	}
	if status, body := ask(); status != http.StatusOK || body != "abc" {
		t.Errorf("the renewal: %d %q", status, body)
	}
	if status, _ := ask(); status != http.StatusNotFound {
		t.Errorf("the renewal once more: %d", status)
	}
}

func TestSubscriptionIsRenewedBeforeItEnds(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *websub) {
		w.hub.lease = 4 * time.Hour
		src, _, _ := w.subscribed()
		w.clock.add(2 * time.Hour)
		if n := w.round(); n != 0 {
			t.Errorf("%d asked at half time", n)
		}
		w.clock.add(time.Hour + time.Minute)
		if n := w.round(); n != 1 {
			t.Errorf("%d asked after three quarters", n)
		}
		if until := w.stored(src.ID).PushedUntil; !until.Equal(w.clock.now().Add(4 * time.Hour)) {
			t.Errorf("relied on until %s", until)
		}
	})
}

func TestPollingIsSeldomWhileTheHubLives(t *testing.T) {
	w := setupWebsub(t, setup(t))
	w.hub.lease = 3 * time.Hour
	src, _, _ := w.subscribed()
	gap := func() time.Duration {
		w.clock.add(w.stored(src.ID).NextAt.Sub(w.clock.now()))
		w.Round(t.Context())
		return w.stored(src.ID).NextAt.Sub(w.clock.now())
	}
	if d := gap(); d < 50*time.Minute || d > time.Hour {
		t.Errorf("with a hub the next visit is in %s, want about poll.max", d)
	}
	w.hub.fail = http.StatusServiceUnavailable // no renewal: the lease runs out
	for w.stored(src.ID).PushedUntil.After(w.clock.now()) {
		gap()
		w.round()
	}
	w.site.raw("/a", w.doc("2|News|News.", "1|Old|Old news."))
	gap()
	if d := gap(); d > 10*time.Minute {
		t.Errorf("without it in %s", d)
	}
	if late := w.clock.now().Sub(w.stored(src.ID).PushedUntil); late > 30*time.Minute {
		t.Errorf("its own rhythm came back %s after the lease", late)
	}
}

func TestHubThatMissesSomethingIsNotReliedOn(t *testing.T) {
	w := setupWebsub(t, setup(t))
	src, callback, secret := w.subscribed()
	doc := w.doc("2|Unpushed|It came by the feed alone.", "1|Old|Old news.")
	w.site.raw("/a", doc)
	w.clock.add(time.Hour)
	w.Round(t.Context())
	if s := w.stored(src.ID); !s.PushedUntil.IsZero() || s.NextAt.Sub(w.clock.now()) > 10*time.Minute {
		t.Errorf("relied on until %s, next visit in %s", s.PushedUntil, s.NextAt.Sub(w.clock.now()))
	}
	doc = w.doc("3|Pushed|It came by the hub.")
	send(t, callback, doc, sign("sha1", sha1.New, secret, doc))
	w.Pushes(t.Context())
	if w.stored(src.ID).PushedUntil.IsZero() {
		t.Error("a hub that pushes again is not relied on again")
	}
}

func TestDeniedSubscription(t *testing.T) {
	w := setupWebsub(t, setup(t))
	w.hub.deny = true
	w.site.raw("/a", w.doc("1|Old|Old news."))
	src := w.source("/a")
	w.Round(t.Context())
	w.round()
	if !w.stored(src.ID).PushedUntil.IsZero() {
		t.Error("a hub that refused is relied on")
	}
	w.clock.add(time.Hour)
	if n := w.round(); n != 0 {
		t.Errorf("asked again after an hour")
	}
	w.hub.deny = false
	w.clock.add(deniedWait)
	w.round()
	_, callback := w.hub.only(), w.hub.only().Get("hub.callback")
	if w.stored(src.ID).PushedUntil.IsZero() {
		t.Error("not relied on after it agreed")
	}
	// It may change its mind at any time.
	w.hub.get(callback, url.Values{"hub.mode": {"denied"}, "hub.topic": {w.topic}})
	if s := w.stored(src.ID); !s.PushedUntil.IsZero() || s.NextAt.After(w.clock.now()) {
		t.Errorf("relied on until %s, next visit at %s", s.PushedUntil, s.NextAt)
	}
}

func TestHubIsToldWhenItsSourceGoes(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *websub) {
		src, callback, secret := w.subscribed()
		if err := w.db.RemoveSource(t.Context(), src.ID, 0); err != nil {
			t.Fatal(err)
		}
		if n := w.round(); n != 1 {
			t.Errorf("%d hubs asked", n)
		}
		if subs, _ := w.hub.count(); subs != 0 {
			t.Error("the hub still has the subscription")
		}
		doc := w.doc("2|Late|Late.")
		if got := send(t, callback, doc, sign("sha1", sha1.New, secret, doc)); got != http.StatusGone {
			t.Errorf("a push after the end: %d", got)
		}
		if n := w.round(); n != 0 {
			t.Errorf("%d asked after the end", n)
		}
	})
}

func TestHubThatMovesOrDoesNotLetGo(t *testing.T) {
	w := setupWebsub(t, setup(t))
	src, _, _ := w.subscribed()
	second := newHub(t)
	w.hub.mute = true
	old := w.hub
	w.hub = second
	w.site.raw("/a", w.doc("2|News|News.", "1|Old|Old news."))
	w.clock.add(2 * time.Hour)
	w.Round(t.Context())
	w.round()
	second.only()
	for range maxLeaving + 1 {
		w.clock.add(deniedWait)
		w.round()
	}
	if _, asked := old.count(); asked != 1+maxLeaving {
		t.Errorf("the old hub was asked %d times", asked)
	}
	if n, err := w.db.Stats(t.Context()); err != nil || n.Hubs[store.SubscriptionLeaving] != 0 || n.Hubs[store.SubscriptionActive] != 1 {
		t.Errorf("subscriptions %v, %v", n.Hubs, err)
	}
	if s := w.stored(src.ID); s.Hub != second.URL+"/" {
		t.Errorf("hub %q", s.Hub)
	}
}

func TestPushIsReadUnderTheSourcesLease(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *websub) {
		w.rule(store.Rule{Name: "all", Query: "*"})
		src, callback, secret := w.subscribed()
		w.clock.add(2 * time.Hour)
		visited, err := w.db.ClaimSources(t.Context(), 1, lease) // somebody is visiting it
		if err != nil || len(visited) != 1 {
			t.Fatal(visited, err)
		}
		doc := w.doc("2|Pushed|Pushed meanwhile.")
		send(t, callback, doc, sign("sha1", sha1.New, secret, doc))
		if n := w.Pushes(t.Context()); n != 0 {
			t.Error("two worked on one source")
		}
		if err := w.db.Failed(t.Context(), visited[0], "broke off", w.clock.now().Add(time.Hour), false); err != nil {
			t.Fatal(err)
		}
		if n := w.Pushes(t.Context()); n != 1 {
			t.Error("the push was lost")
		}
		w.wantTold("Pushed")
		if s := w.stored(src.ID); s.Fails != 1 || s.NextAt.Sub(w.clock.now()) != time.Hour {
			t.Errorf("a push changed what polling knows: %d fails, next in %s", s.Fails, s.NextAt.Sub(w.clock.now()))
		}
	})
}

func TestPushThatCannotBeReadMakesItsSourceDue(t *testing.T) {
	w := setupWebsub(t, setup(t))
	w.rule(store.Rule{Name: "all", Query: "*"})
	src, callback, secret := w.subscribed()
	w.site.raw("/a", w.doc("2|By the feed|The hub says only that there is something.", "1|Old|Old news."))
	for _, doc := range []string{"", "not a feed", strings.Repeat(" ", maxPush+1)} {
		w.clock.add(-w.clock.now().Sub(w.stored(src.ID).NextAt) - time.Minute)
		if s := w.stored(src.ID); !s.NextAt.After(w.clock.now()) {
			t.Fatal("it is due anyway")
		}
		if got := send(t, callback, doc, sign("sha1", sha1.New, secret, doc)); got != http.StatusAccepted {
			t.Errorf("%.10q: status %d", doc, got)
		}
		w.Pushes(t.Context())
		if s := w.stored(src.ID); s.NextAt.After(w.clock.now()) {
			t.Errorf("%.10q: next visit in %s", doc, s.NextAt.Sub(w.clock.now()))
		}
		w.Round(t.Context())
	}
	w.wantTold("By the feed")
}

func TestWithoutAnInboxNothingIsReliedOn(t *testing.T) {
	w := setupWebsub(t, setup(t))
	src, _, _ := w.subscribed()
	w.o.Inbox = nil // http.public_url is taken out of the configuration
	w.clock.add(2 * time.Hour)
	w.site.raw("/a", w.doc("2|News|News.", "1|Old|Old news."))
	w.Round(t.Context())
	if d := w.stored(src.ID).NextAt.Sub(w.clock.now()); d > 10*time.Minute {
		t.Errorf("next visit in %s", d)
	}
}

func TestFloodOfPushesIsHeldOff(t *testing.T) {
	w := setupWebsub(t, setup(t))
	_, callback, secret := w.subscribed()
	status := 0
	for i := range 40 {
		doc := w.doc(fmt.Sprintf("f%d|Flood %d|Flood.", i, i))
		status = send(t, callback, doc, sign("sha1", sha1.New, secret, doc))
	}
	if status != http.StatusServiceUnavailable {
		t.Errorf("the last of 40 is answered %d", status)
	}
	if n := w.Pushes(t.Context()); n != 32 {
		t.Errorf("%d kept", n)
	}
}

func TestHubsAreAskedOverHTTPS(t *testing.T) {
	for address, want := range map[string]string{
		"http://hub.example/":          "https://hub.example/",
		"http://hub.example:80/x?y=z":  "https://hub.example/x?y=z",
		"https://hub.example/":         "https://hub.example/",
		"http://hub.example:8080/push": "https://hub.example:8080/push",
		"ftp://hub.example/":           "ftp://hub.example/", // refused when it is asked
	} {
		if got := (Hubs{}).address(address); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}

func TestLinkHeaderNamesTheHub(t *testing.T) {
	w := setupWebsub(t, setup(t))
	w.site.put("/a", "1|Old|Old news.")
	inner := w.site.Config.Handler
	w.site.Config.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Add("Link", fmt.Sprintf(`<%s>; rel="hub", <%s>; rel=self`, w.hub.URL, w.topic))
		inner.ServeHTTP(rw, r)
	})
	w.source("/a")
	w.Round(t.Context())
	w.round()
	if w.hub.only().Get("hub.topic") != w.topic {
		t.Error("another topic")
	}
}
