package bot

import (
	"context"
	"sync"
	"time"

	"wirewatch/bot/telegram"
)

// hushAfter is how many updates may wait in one chat's lane before those in
// front of them are handled in silence. An answer costs a chat a second or more
// of Telegram's limits, and Telegram shows the updates of other chats only as
// far as 100 behind the first that is not handled: who floods the bot must not
// keep it from everybody else. What a command changes is still changed, and the
// last of the flood are answered.
const hushAfter = 10

// hushedKey marks the context of an update that is handled in silence.
type hushedKey struct{}

func hush(ctx context.Context) context.Context { return context.WithValue(ctx, hushedKey{}, true) }

// hushed reports whether nothing is to be said about the update in hand.
func hushed(ctx context.Context) bool { return ctx.Value(hushedKey{}) != nil }

// lanes handle updates of different chats at the same time, at most
// maxParallel, and those of one chat one after the other, in order.
type lanes struct {
	handle func(context.Context, telegram.Update)
	ctx    context.Context // of the handlers; ends when close runs out of time
	cancel context.CancelFunc
	slots  chan struct{}
	work   sync.WaitGroup

	mu     sync.Mutex
	queues map[int64][]telegram.Update // what waits in a lane; present while the lane has a goroutine
	inHand map[int64]bool              // ids added and not yet handled
	idle   chan struct{}               // closed when inHand is empty
}

func newLanes(handle func(context.Context, telegram.Update)) *lanes {
	ctx, cancel := context.WithCancel(context.Background())
	l := &lanes{
		handle: handle, ctx: ctx, cancel: cancel,
		slots:  make(chan struct{}, maxParallel),
		queues: map[int64][]telegram.Update{},
		inHand: map[int64]bool{},
		idle:   make(chan struct{}),
	}
	close(l.idle)
	return l
}

// add puts an update at the end of its lane.
func (l *lanes) add(lane int64, u telegram.Update) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.inHand) == 0 {
		l.idle = make(chan struct{})
	}
	l.inHand[u.ID] = true
	queue, running := l.queues[lane]
	l.queues[lane] = append(queue, u)
	if !running {
		l.work.Go(func() { l.run(lane) })
	}
}

// run handles a lane until nothing waits in it.
func (l *lanes) run(lane int64) {
	l.slots <- struct{}{}
	defer func() { <-l.slots }()
	for {
		u, behind, ok := l.next(lane)
		if !ok {
			return
		}
		ctx := l.ctx
		if behind >= hushAfter {
			ctx = hush(ctx)
		}
		if ctx.Err() == nil {
			l.handle(ctx, u)
		}
		l.done(u.ID)
	}
}

// next takes the first update of a lane and says how many wait behind it; a
// lane where none waits ends.
func (l *lanes) next(lane int64) (u telegram.Update, behind int, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	queue := l.queues[lane]
	if len(queue) == 0 {
		delete(l.queues, lane)
		return telegram.Update{}, 0, false
	}
	l.queues[lane] = queue[1:]
	return queue[0], len(queue) - 1, true
}

func (l *lanes) done(id int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.inHand, id)
	if len(l.inHand) == 0 {
		close(l.idle)
	}
}

// flying says whether an update was added and is not handled yet.
func (l *lanes) flying(id int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.inHand[id]
}

// wait waits until everything is handled, for d at most.
func (l *lanes) wait(ctx context.Context, d time.Duration) {
	l.mu.Lock()
	idle := l.idle
	l.mu.Unlock()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-idle:
	case <-timer.C:
	case <-ctx.Done():
	}
}

// close gives what is in hand d to finish, then ends its context and waits for
// it. Nothing may be added afterwards.
func (l *lanes) close(d time.Duration) {
	l.wait(context.Background(), d)
	l.cancel()
	l.work.Wait()
}
