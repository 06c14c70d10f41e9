package store

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// How many transactions of SQLite share one commit: those that wait for the writer,
// until the first of them has waited so long.
const (
	groupSize = 64
	groupTime = 10 * time.Millisecond
)

// group lets durable transactions that wait for SQLite's one writer share one
// commit, and so one flush of the disk: the first of them runs them all, one after
// the other. They stand or fall together; when any fails nothing of the group is
// written, and each runs again by itself. So each is as atomic as if it were alone.
// PostgreSQL does the like by itself.
type group struct {
	mu      sync.Mutex
	waiting []*member
	led     bool // a member is running the others, or about to
}

// member is one transaction of a group.
type member struct {
	ctx  context.Context // asked before the member's turn, not during it
	f    func(*tx) error
	due  bool         // see once
	turn chan outcome // buffered: never blocks the one who tells
}

// outcome is what a member learns.
type outcome int

const (
	lead   outcome = iota // run the group: you are its first
	shared                // committed with the others
	alone                 // the group came to nothing: run by yourself
)

// errGroup is that a group came to nothing, for a reason that its member sees again
// when it runs by itself.
var errGroup = errors.New("the shared transaction came to nothing")

// together runs f in a transaction that it shares with whoever waits as well.
// errGroup: f has left nothing behind and may run again.
func (db *DB) together(ctx context.Context, f func(*tx) error) (due bool, err error) {
	m := &member{ctx: ctx, f: f, turn: make(chan outcome, 1)}
	db.group.join(m)
	select {
	case told := <-m.turn:
		return db.answer(m, told)
	case <-ctx.Done():
	}
	if db.group.leave(m) {
		return false, ctx.Err()
	}
	return db.answer(m, <-m.turn) // it is running already
}

// answer does what a member was told to.
func (db *DB) answer(m *member, told outcome) (due bool, err error) {
	if told == lead {
		db.leadGroup()
		told = <-m.turn
	}
	if told == alone {
		return false, errGroup
	}
	return m.due, nil
}

// join queues a member; without another that runs the group it shall lead.
func (g *group) join(m *member) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waiting = append(g.waiting, m)
	if !g.led {
		g.led = true
		m.turn <- lead
	}
}

// leave takes a member out of the queue. It reports false when the member is not
// there any more, or has been told to lead the others.
func (g *group) leave(m *member) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	i := slices.Index(g.waiting, m)
	if i < 0 || len(m.turn) > 0 {
		return false
	}
	g.waiting = slices.Delete(g.waiting, i, i+1)
	return true
}

// next takes the first out of the queue; nil when nobody waits.
func (g *group) next() *member {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.waiting) == 0 {
		return nil
	}
	m := g.waiting[0]
	g.waiting = slices.Delete(g.waiting, 0, 1)
	return m
}

// take empties the queue.
func (g *group) take() []*member {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := g.waiting
	g.waiting = nil
	return all
}

// handOver lets the first who waits lead.
func (g *group) handOver() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.waiting) == 0 {
		g.led = false
		return
	}
	g.waiting[0].turn <- lead
}

// leadGroup runs the members that wait, the caller first, in one transaction and
// tells them what came of it. The caller's context has no part in it: the others
// must not fail because one gave up.
func (db *DB) leadGroup() {
	var members []*member
	told := alone
	defer func() {
		db.group.handOver()
		for _, m := range members {
			m.turn <- told
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	s, end, err := db.begin(ctx, durable)
	if err != nil {
		members = db.group.take() // each learns why by itself, within its own time
		return
	}
	defer end()
	for began := time.Now(); len(members) < groupSize && (len(members) == 0 || time.Since(began) < groupTime); {
		m := db.group.next()
		if m == nil {
			break
		}
		if m.ctx.Err() != nil {
			m.turn <- alone // to learn that it gave up; the others go on
			continue
		}
		members = append(members, m)
		t := &tx{ctx: ctx, q: db.writes.in(s), d: db.dialect}
		if t.now, err = db.clock(t); err == nil {
			err = m.f(t)
		}
		if err != nil {
			return
		}
		m.due = t.due
	}
	if s.Commit() == nil {
		told = shared
	}
}
