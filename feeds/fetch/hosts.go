package fetch

import (
	"context"
	"sync"
	"time"
)

// hosts spaces the requests to each host: a few at once, and a pause between
// the starts of two. It remembers a host only while somebody uses it or its pause
// lasts.
type hosts struct {
	perHost int
	delay   time.Duration
	now     func() time.Time

	mu     sync.Mutex
	byName map[string]*hostState
}

type hostState struct {
	slots chan struct{}
	users int       // inside, or waiting to enter
	next  time.Time // no request starts before
}

// sweepAt is how many hosts are remembered before the idle ones are looked
// for.
const sweepAt = 256

func newHosts(perHost int, delay time.Duration, now func() time.Time) *hosts {
	return &hosts{perHost: perHost, delay: delay, now: now, byName: map[string]*hostState{}}
}

// enter waits until a request to the host may start. The caller calls leave
// when the request is over.
func (h *hosts) enter(ctx context.Context, name string) (leave func(), err error) {
	s := h.join(name)
	select {
	case s.slots <- struct{}{}:
	case <-ctx.Done():
		h.part(name, s)
		return nil, ctx.Err()
	}
	leave = func() {
		<-s.slots
		h.part(name, s)
	}
	if wait := h.reserve(s); wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			leave()
			return nil, ctx.Err()
		}
	}
	return leave, nil
}

func (h *hosts) join(name string) *hostState {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.byName[name]
	if s == nil {
		if len(h.byName) >= sweepAt {
			h.sweep()
		}
		s = &hostState{slots: make(chan struct{}, h.perHost)}
		h.byName[name] = s
	}
	s.users++
	return s
}

// reserve takes the next starting time and says how far it is.
func (h *hosts) reserve(s *hostState) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.now()
	start := s.next
	if start.Before(now) {
		start = now
	}
	s.next = start.Add(h.delay)
	return start.Sub(now)
}

func (h *hosts) part(name string, s *hostState) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s.users--; s.users == 0 && !s.next.After(h.now()) {
		delete(h.byName, name)
	}
}

func (h *hosts) sweep() {
	now := h.now()
	for name, s := range h.byName {
		if s.users == 0 && !s.next.After(now) {
			delete(h.byName, name)
		}
	}
}
