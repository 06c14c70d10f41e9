package watch

import (
	"context"
	"sync"
	"time"

	"wirewatch/store"
)

// places bounds how many visits work at once. A visit that merely waits, for a slow
// server or for its turn at a host, leaves its place to another after a moment, so
// that some servers that do not answer delay nobody.
type places struct {
	taken  chan struct{}
	moment time.Duration
	left   func() // called whenever a place was left early
}

// Of a visit that waits.
const (
	waitMoment = time.Second // how long it keeps its place
	waitShare  = 4           // workers for each place: the others may wait
)

func newPlaces(n int, left func()) *places {
	return &places{taken: make(chan struct{}, n), moment: waitMoment, left: left}
}

// take waits for a place; the caller gives it back.
func (p *places) take() { p.taken <- struct{}{} }
func (p *places) give() { <-p.taken }

// wait runs f, which waits for others, for somebody who has a place and still has
// one afterwards.
func (p *places) wait(f func()) {
	leave := time.AfterFunc(p.moment, func() {
		p.give()
		p.left()
	})
	f()
	if !leave.Stop() {
		p.take()
	}
}

// claims hands due sources out to workers. It claims several at a time: that
// costs the store as much as one.
type claims struct {
	from Sources
	size int

	mu    sync.Mutex
	ready []claimed // may have waited; see hold
}

// next is a due source; ok is false when there is none.
func (c *claims) next(ctx context.Context) (due claimed, ok bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.ready) == 0 {
		at := time.Now()
		list, err := c.from.ClaimSources(ctx, c.size, lease)
		if err != nil || len(list) == 0 {
			return claimed{}, false, err
		}
		c.ready = make([]claimed, len(list))
		for i, s := range list {
			c.ready[i] = claimed{s, at}
		}
	}
	due, c.ready = c.ready[0], c.ready[1:]
	return due, true, nil
}

// claimed is a source that waits for its turn.
type claimed struct {
	source store.Source
	at     time.Time // of the real clock, when its lease began
}
