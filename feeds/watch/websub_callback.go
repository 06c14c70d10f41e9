package watch

import (
	"context"
	"crypto/hmac"
	"crypto/sha1" // of the protocol; keyed, it still holds
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	stdhash "hash"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"wirewatch/store"
)

// Bounds of what hubs send.
const (
	maxPush       = 4 << 20 // bytes; the source of a larger one is visited instead
	maxChallenge  = 2 << 10
	pushTime      = 20 * time.Second // to send a body
	pushesAtOnce  = 16               // bodies that are received at the same time
	comeBackLater = "60"             // seconds
)

// Mailbox is what a [Callback] asks of the store. *[store.DB] is one.
type Mailbox interface {
	Subscription(ctx context.Context, id string) (store.Subscription, error)
	ConfirmSubscription(ctx context.Context, id string, lease time.Duration, renew time.Time) (bool, error)
	EndSubscription(ctx context.Context, id string) (bool, error)
	DenySubscription(ctx context.Context, id, reason string, next time.Time) error
	AddPush(ctx context.Context, source int64, contentType string, body []byte) error
}

// A Callback is where hubs confirm subscriptions and send what is new. What they
// send is kept before they are told that it came; a [Watcher] reads it, in this
// process or another. It believes only what is signed with the secret of the
// subscription, and shows strangers nothing.
type Callback struct {
	store   Mailbox
	now     func() time.Time
	log     *slog.Logger
	arrived func() // something was kept; must not block
	turns   chan struct{}
}

// NewCallback makes a Callback; arrived is called whenever something was kept,
// and must not block.
func NewCallback(mail Mailbox, now func() time.Time, log *slog.Logger, arrived func()) *Callback {
	return &Callback{store: mail, now: now, log: log, arrived: arrived, turns: make(chan struct{}, pushesAtOnce)}
}

// ServeHTTP answers a hub. The path ends with the subscription's id.
func (c *Callback) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	s, err := c.store.Subscription(r.Context(), id)
	switch {
	case errors.Is(err, store.ErrNotFound) && r.Method == http.MethodPost:
		http.Error(w, "this subscription has ended", http.StatusGone) // a hub may then stop
	case errors.Is(err, store.ErrNotFound):
		http.NotFound(w, r)
	case err != nil:
		c.trouble(w, "look a subscription up", err)
	case r.Method == http.MethodGet:
		c.verify(w, r, s)
	case r.Method == http.MethodPost:
		c.receive(w, r, s)
	default:
		w.Header().Set("Allow", "GET, POST")
		http.Error(w, "a hub asks with GET and sends with POST", http.StatusMethodNotAllowed)
	}
}

// trouble says that it is us, and that the hub should try again.
func (c *Callback) trouble(w http.ResponseWriter, what string, err error) {
	c.log.Error("callback", "doing", what, "err", err)
	later(w, "not now")
}

func later(w http.ResponseWriter, why string) {
	w.Header().Set("Retry-After", comeBackLater)
	http.Error(w, why, http.StatusServiceUnavailable)
}

// verify answers a hub that asks whether we meant what we asked for, or tells us
// that it refuses.
func (c *Callback) verify(w http.ResponseWriter, r *http.Request, s store.Subscription) {
	q := r.URL.Query()
	mode, challenge := q.Get("hub.mode"), q.Get("hub.challenge")
	agreed, err := false, error(nil)
	switch {
	case q.Get("hub.topic") != s.Topic:
	case mode == "denied":
		err = c.store.DenySubscription(r.Context(), s.ID, "the hub refuses: "+short(q.Get("hub.reason")), c.now().Add(deniedWait))
		agreed, challenge = true, ""
	case challenge == "" || len(challenge) > maxChallenge:
	case mode == "subscribe":
		lease := leaseOf(q.Get("hub.lease_seconds"))
		agreed, err = c.store.ConfirmSubscription(r.Context(), s.ID, lease, c.now().Add(lease*renewAfter/4))
	case mode == "unsubscribe":
		agreed, err = c.store.EndSubscription(r.Context(), s.ID)
	}
	if err != nil {
		c.trouble(w, "answer a hub", err)
		return
	}
	c.log.Info("callback", "source", s.Source, "mode", short(mode), "agreed", agreed)
	if !agreed {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = io.WriteString(w, challenge)
}

// leaseOf reads how long a hub will send. Old hubs do not say: then what they
// were asked for holds.
func leaseOf(seconds string) time.Duration {
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil || n <= 0 {
		return leaseAsked
	}
	return min(max(time.Duration(min(n, int64(leaseMost/time.Second)))*time.Second, leaseLeast), leaseMost)
}

// receive keeps what a hub sends. A hub that is not believed is told what one
// that is believed is told, as the Recommendation wants.
func (c *Callback) receive(w http.ResponseWriter, r *http.Request, s store.Subscription) {
	select {
	case c.turns <- struct{}{}:
		defer func() { <-c.turns }()
	default:
		later(w, "too much at once")
		return
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(pushTime)) // some writers have none
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPush))
	var tooLarge *http.MaxBytesError
	large := errors.As(err, &tooLarge)
	switch {
	case large:
		body = []byte{} // its source is visited instead, signed or not: that is all it can do
	case err != nil:
		http.Error(w, "the body broke off", http.StatusBadRequest)
		return
	}
	if s.State != store.SubscriptionActive || !large && !signed(r.Header, s.Secret, body) {
		c.log.Warn("callback", "source", s.Source, "result", "ignored", "state", s.State, "bytes", len(body))
		w.WriteHeader(http.StatusAccepted)
		return
	}
	switch err := c.store.AddPush(r.Context(), s.Source, r.Header.Get("Content-Type"), body); {
	case errors.Is(err, store.ErrNotFound):
		http.Error(w, "this subscription has ended", http.StatusGone)
		return
	case errors.Is(err, store.ErrLimit):
		later(w, "too much is waiting")
		return
	case err != nil:
		c.trouble(w, "keep what a hub sent", err)
		return
	}
	c.log.Debug("callback", "source", s.Source, "result", "kept", "bytes", len(body))
	w.WriteHeader(http.StatusAccepted)
	c.arrived()
}

// signatures are the hashes by which hubs sign.
var signatures = map[string]func() stdhash.Hash{"sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New}

// signed says whether a body was signed with a secret: "sha256=<hex>".
func signed(h http.Header, secret string, body []byte) bool {
	for _, line := range h.Values("X-Hub-Signature") {
		method, digest, _ := strings.Cut(line, "=")
		sum := signatures[strings.ToLower(strings.TrimSpace(method))]
		want, err := hex.DecodeString(strings.TrimSpace(digest))
		if sum == nil || err != nil {
			continue
		}
		mac := hmac.New(sum, []byte(secret))
		mac.Write(body)
		if hmac.Equal(mac.Sum(nil), want) {
			return true
		}
	}
	return false
}

// maxWords bounds, in runes, what strangers can write into the log or the store.
const maxWords = 120

func short(s string) string {
	s = strings.ToValidUTF8(s, "")
	if r := []rune(s); len(r) > maxWords {
		return string(r[:maxWords]) + "…"
	}
	return s
}
