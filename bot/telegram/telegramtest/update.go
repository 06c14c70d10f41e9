package telegramtest

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// Limits of getUpdates.
const (
	MaxUpdates     = 100              // in one answer
	MaxPoll        = 50 * time.Second // longer timeouts are shortened
	UpdateLifetime = 24 * time.Hour
	QueryLifetime  = 150 * time.Second // of callback queries
	farAhead       = 10                // an offset this far behind the newest update is out of range
)

// updates is the queue of what the bot has not confirmed; it is guarded by Server.mu.
type updates struct {
	next    int64 // id of the next update
	waiting []update
	allowed []string      // kinds that are queued at all
	poll    chan struct{} // closed when another poll takes over; nil when nobody polls
	webhook string
}

type update struct {
	id   int64
	kind string
	body any
	at   time.Time
}

// defaultUpdates is what arrives when allowed_updates was never set: everything but what must be asked for.
func defaultUpdates() []string {
	return []string{"message", "edited_message", "channel_post", "edited_channel_post", "callback_query", "my_chat_member"}
}

// push queues an update unless its kind is not allowed, and returns its id, 0 when it was not queued; s.mu is held.
func (s *Server) push(kind string, body any) int64 {
	defer s.bump()
	if !slices.Contains(s.queue.allowed, kind) {
		return 0
	}
	id := s.queue.next
	s.queue.next++
	s.queue.waiting = append(s.queue.waiting, update{id: id, kind: kind, body: body, at: s.o.Now()})
	return id
}

// Inject puts a raw update into the queue under the next update_id, whatever it holds: for updates of a later Bot API, or
// broken ones. raw is a JSON object without update_id.
func (s *Server) Inject(raw string) int64 {
	var fields map[string]json.RawMessage
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.bump()
	if err := json.Unmarshal([]byte(raw), &fields); err != nil {
		s.misuse("Inject: " + err.Error())
		return 0
	}
	id := s.queue.next
	s.queue.next++
	s.queue.waiting = append(s.queue.waiting, update{id: id, body: fields, at: s.o.Now()})
	return id
}

// SetNextUpdate makes update ids go on from n, possibly lower than before: after a week without updates Telegram
// restarts them at a random number.
func (s *Server) SetNextUpdate(n int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue.next = n
}

// Pending is the number of updates that the bot has not confirmed.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue.waiting)
}

// Polling reports whether a getUpdates waits for something to happen. Its request is recorded a moment before: who wants
// to come in between waits for this, not for the record.
func (s *Server) Polling() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queue.poll != nil
}

// WaitIdle waits until every update so far has been fetched and confirmed by a later getUpdates.
func (s *Server) WaitIdle(ctx context.Context) error {
	return s.WaitUntil(ctx, func() bool { return s.Pending() == 0 })
}

// getUpdates answers a poll: at once when there is something, else when there is, when the time is over, or when another
// poll takes its place.
func (s *Server) getUpdates(ctx context.Context, c *call) (any, *apiError) {
	poll, failure := s.startPoll(c)
	if failure != nil {
		return nil, failure
	}
	limit := int(c.int("limit"))
	if limit < 1 || limit > MaxUpdates {
		limit = MaxUpdates
	}
	timeout := min(max(time.Duration(c.int("timeout"))*time.Second, 0), MaxPoll)
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	for {
		s.mu.Lock()
		batch := s.queue.batch(s.o.Now(), limit)
		changed := s.changed
		if len(batch) > 0 || timeout == 0 {
			s.endPoll(poll)
			s.mu.Unlock()
			return batch, nil
		}
		s.mu.Unlock()
		select {
		case <-changed:
			continue
		case <-poll:
			return nil, s.terminated()
		case <-timer.C:
			timeout = 0
		case <-ctx.Done():
			timeout = 0
		case <-s.done:
			timeout = 0
		}
	}
}

// startPoll ends an older poll, remembers allowed_updates and confirms what lies before the offset.
func (s *Server) startPoll(c *call) (chan struct{}, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.queue.webhook != "" {
		return nil, &apiError{code: http.StatusConflict, description: "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"}
	}
	s.allow(c)
	if s.queue.poll != nil {
		close(s.queue.poll)
	}
	s.queue.poll = make(chan struct{})
	s.queue.confirm(c.int("offset"))
	s.bump()
	return s.queue.poll, nil
}

// terminated is the answer to a poll that something else has ended.
func (s *Server) terminated() *apiError {
	s.mu.Lock()
	defer s.mu.Unlock()
	by := "other getUpdates request; make sure that only one bot instance is running"
	if s.queue.webhook != "" {
		by = "setWebhook request"
	}
	return &apiError{code: http.StatusConflict, description: "Conflict: terminated by " + by}
}

func (s *Server) endPoll(poll chan struct{}) {
	if s.queue.poll == poll {
		s.queue.poll = nil
	}
}

// allow remembers allowed_updates: what is no array changes nothing, an empty one restores the default.
func (s *Server) allow(c *call) {
	var kinds []string
	if c.object("allowed_updates", &kinds) != nil || kinds == nil {
		return
	}
	if len(kinds) == 0 {
		kinds = defaultUpdates()
	}
	s.queue.allowed = kinds
}

// confirm drops what lies before the offset; a negative one keeps that many of the newest. An offset out of range
// confirms nothing, as after a restart of the ids.
func (u *updates) confirm(offset int64) {
	switch {
	case offset < 0:
		u.waiting = u.waiting[max(0, len(u.waiting)+int(max(offset, -1<<30))):]
	case offset <= u.next+farAhead:
		u.waiting = slices.DeleteFunc(u.waiting, func(one update) bool { return one.id < offset })
	}
}

// batch returns the oldest updates that have not expired, in the form of the Bot API. It stops where ids restart: they ascend within an answer.
func (u *updates) batch(now time.Time, limit int) []map[string]any {
	u.waiting = slices.DeleteFunc(u.waiting, func(one update) bool {
		life := UpdateLifetime
		if one.kind == "callback_query" {
			life = QueryLifetime
		}
		return now.Sub(one.at) >= life
	})
	batch := []map[string]any{}
	for i, one := range u.waiting[:min(limit, len(u.waiting))] {
		if i > 0 && one.id < u.waiting[i-1].id {
			break
		}
		entry := map[string]any{"update_id": one.id}
		if fields, ok := one.body.(map[string]json.RawMessage); ok {
			for name, raw := range fields {
				entry[name] = raw
			}
		} else {
			entry[one.kind] = one.body
		}
		batch = append(batch, entry)
	}
	return batch
}

func deleteWebhook(c *call) (any, *apiError) {
	c.s.queue.webhook = ""
	if c.bool("drop_pending_updates") {
		c.s.queue.waiting = nil
	}
	return true, nil
}

func setWebhook(c *call) (any, *apiError) {
	c.s.allow(c)
	c.s.queue.webhook = c.str("url")
	if c.bool("drop_pending_updates") {
		c.s.queue.waiting = nil
	}
	if c.s.queue.poll != nil {
		close(c.s.queue.poll)
		c.s.queue.poll = nil
	}
	return true, nil
}

func getWebhookInfo(c *call) (any, *apiError) {
	return map[string]any{
		"url": c.s.queue.webhook, "has_custom_certificate": false,
		"pending_update_count": len(c.s.queue.waiting), "allowed_updates": c.s.queue.allowed,
	}, nil
}
