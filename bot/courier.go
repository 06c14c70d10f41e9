package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
	"wirewatch/store"
)

// Outbox is what the courier needs of the store: the claims of chats, the
// settling of what is owed to them, and a few facts. A *store.DB is one.
type Outbox interface {
	Claim(ctx context.Context, now time.Time, limit int) ([]store.Parcel, error)
	Sending(ctx context.Context, p store.Parcel, ids []int64) error
	Sent(ctx context.Context, p store.Parcel, ids []int64, messageID int64, gap time.Duration) error
	Retry(ctx context.Context, p store.Parcel, ids []int64, at time.Time, reason string, uncertain bool) error
	Drop(ctx context.Context, p store.Parcel, ids []int64, reason string) error
	LeaveTopic(ctx context.Context, p store.Parcel, thread int64) error
	Defer(ctx context.Context, p store.Parcel, ids []int64, until time.Time) error
	Block(ctx context.Context, p store.Parcel, state store.ChatState, reason string) error
	Release(ctx context.Context, p store.Parcel) error
	MigrateChat(ctx context.Context, from, to int64) error
	Slot(ctx context.Context, gap time.Duration) (wait time.Duration, ok bool, err error)
	Refused(ctx context.Context, chat int64, silence time.Duration) (all bool, err error)
	briefer
	Corrections
	Wake() <-chan struct{}
}

// Sender sends or edits one message, making exactly one request; a
// *telegram.Client is one.
type Sender interface {
	Send(ctx context.Context, m telegram.Outgoing) (int64, error)
	Edit(ctx context.Context, chat, message int64, m telegram.Outgoing) error
}

// A prober is a Sender that can ask whether Telegram answers, without sending
// anything; a *telegram.Client is one.
type prober interface {
	Me(ctx context.Context) (telegram.User, error)
}

// The courier's times.
const (
	turnTime    = 10 * time.Second       // after it a chat with many alerts waits for its next turn; so a /pause is heeded
	sendMargin  = 2 * time.Second        // of the lease, for settling
	probeTime   = 5 * time.Second        // for asking whether Telegram answers
	leastTime   = 12 * time.Second       // a request gets at least: Telegram sits on one for 8 s before it says 429
	settleTime  = 5 * time.Second        // for what must be written down even at the end
	settleAgain = 200 * time.Millisecond // between two tries
	drainTime   = 4 * time.Second        // for requests under way when the program ends
	courierTick = time.Second            // how often due chats are looked for unasked
)

// CourierOptions are what a Courier works with. Store and Sender are required.
type CourierOptions struct {
	Store          Outbox
	Sender         Sender
	Log            *slog.Logger     // nil: silent
	Now            func() time.Time // nil: time.Now
	Metrics        *Metrics         // nil: none
	Zone           string           // of chats that have chosen none; "" UTC
	Workers        int              // requests at a time, those not counted that take long; 0: what Rate needs
	Rate           float64          // messages a second over all processes; 0: telegram.DefaultRate
	UncertainDelay time.Duration    // before a page whose outcome is unknown is sent again; 0: 10 s
	GiveUp         bool             // such a page is not sent again

	// Picture downloads what Telegram could not fetch. Several may call it at once. nil:
	// then an alert comes without its picture.
	Picture func(ctx context.Context, address string) ([]byte, error)

	// Lost is called when a group or channel has turned out not to be writable, outside
	// of any transaction, at times by several at once. It must not take long. nil: nobody
	// is told.
	Lost func(ctx context.Context, chat store.Chat)
}

// A Courier carries what is owed to chats. Several may work on one store, in
// one process or in many: chats are leased.
type Courier struct {
	o          CourierOptions
	seats      chan struct{} // one is taken for each request under way
	gap, group time.Duration // chatGap, groupGap
	slow       time.Duration // slowRequest
	drain      time.Duration // drainTime
	settle     time.Duration // settleTime

	mu     sync.Mutex
	lost   map[int64]doubts // by delivery
	heard  time.Time        // when Telegram last answered a message
	paused time.Time        // nobody sends before
}

// NewCourier fills in defaults; it does nothing yet.
func NewCourier(o CourierOptions) *Courier {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rate <= 0 {
		o.Rate = telegram.DefaultRate
	}
	o.Workers = cmp.Or(max(o.Workers, 0), workersFor(o.Rate))
	o.UncertainDelay = cmp.Or(max(o.UncertainDelay, 0), 10*time.Second)
	return &Courier{o: o, seats: make(chan struct{}, o.Workers), gap: chatGap, group: groupGap, slow: slowRequest, drain: drainTime, settle: settleTime, lost: map[int64]doubts{}}
}

// Run carries until ctx ends, and returns nil when what was under way is
// settled, within about drainTime. It returns an error only when Telegram
// refuses the token; everything else is logged, and tried again in its time.
func (c *Courier) Run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	var carrying sync.WaitGroup
	defer carrying.Wait()
	defer stop()
	parcels := c.o.Workers * parcelsPerWorker
	done := make(chan report, parcels+1)
	carrying.Go(func() {
		if err := c.correctAll(ctx); err != nil {
			done <- report{err: err}
		}
	})
	tick := time.NewTicker(courierTick)
	defer tick.Stop()
	next := time.NewTimer(courierTick) // a chat's gap ends before the next tick
	defer next.Stop()
	for busy := 0; ; {
		for _, p := range c.claim(ctx, parcels-busy) {
			busy++
			carrying.Go(func() {
				again, err := c.deliver(ctx, p)
				done <- report{again, err}
			})
		}
		select {
		case <-ctx.Done():
			return nil
		case <-c.o.Store.Wake():
		case <-tick.C:
		case <-next.C:
		case r := <-done:
			if errors.Is(r.err, errRefused) {
				return r.err
			}
			busy--
			if wait := r.again.Sub(c.o.Now()); !r.again.IsZero() && wait < courierTick {
				next.Reset(max(wait, 0))
			}
		}
	}
}

// A report is the outcome of one deliver.
type report struct {
	again time.Time
	err   error
}

// claim takes chats that are due; none in a pause. That the store cannot say is
// logged, and asked again at the next tick.
func (c *Courier) claim(ctx context.Context, limit int) []store.Parcel {
	if limit == 0 || ctx.Err() != nil || c.pause() > 0 {
		return nil
	}
	parcels, err := c.o.Store.Claim(ctx, c.o.Now(), limit)
	if err != nil && ctx.Err() == nil {
		c.o.Log.Error("claim deliveries", "err", err)
	}
	return parcels
}

// deliver carries what is due to one chat, in order, until all of it is settled,
// something must wait, or the chat's turn is over; then it gives the chat back.
// It says when the chat may be due again, zero when that is not known to be
// soon. An error has been logged.
func (c *Courier) deliver(ctx context.Context, p store.Parcel) (again time.Time, err error) {
	var pages []page
	if p, err = c.holdBack(ctx, p); err == nil {
		pages, err = c.compose(ctx, p)
	}
	turn := c.o.Now().Add(turnTime)
	for i, pg := range pages {
		if i > 0 && (!c.rest(ctx, p) || pg.alert && c.o.Now().After(turn)) {
			break
		}
		var fate fate
		if fate, err = c.carry(ctx, p, pg); fate != goOn || err != nil {
			break
		}
	}
	release, cancel := lasting(ctx)
	defer cancel()
	if lost := c.o.Store.Release(release, p); lost != nil && !errors.Is(lost, store.ErrLeaseLost) {
		err = errors.Join(err, fmt.Errorf("release chat %d: %w", p.Chat.ID, lost))
	}
	if err != nil && !errors.Is(err, context.Canceled) { // told to stop: the next start goes on
		c.o.Log.Error("deliver", "chat", p.Chat.ID, "err", err)
	}
	return c.o.Now().Add(c.gapOf(p.Chat)), err
}

// carry takes one page to its chat, as the protocol has it: write down the
// intent, wait for a turn among all messages, see that the lease is young
// enough, make the request, write down the outcome. A page that Telegram does
// not like is changed and goes the same way again, once for each dislike.
func (c *Courier) carry(ctx context.Context, p store.Parcel, pg page) (fate, error) {
	leave, ok := c.enter(ctx)
	if !ok {
		return halt, nil
	}
	defer leave()
	if wait := c.pause(); wait > 0 {
		return halt, c.later(ctx, p, pg, wait)
	}
	if pg.maybeDup && c.o.GiveUp {
		return goOn, c.giveUp(ctx, p, pg, "the program ended while it was sent")
	}
	if !c.mayRepeat(ctx, pg) {
		return halt, c.postpone(ctx, p, pg)
	}
	for {
		if err := c.o.Store.Sending(ctx, p, pg.deliveries); err != nil {
			return halt, c.lease(ctx, err)
		}
		if wait, err := c.slot(ctx); err != nil || wait > 0 {
			return halt, c.unsent(ctx, p, pg, wait, err)
		}
		left := p.Expires.Sub(c.o.Now()) - sendMargin
		if left < leastTime || ctx.Err() != nil {
			return halt, c.unsent(ctx, p, pg, 0, nil)
		}
		slow := time.AfterFunc(c.slow, leave)
		message, err := c.send(ctx, pg.outgoing(p.Chat.ID), left)
		slow.Stop()
		c.answered(err)
		if err == nil {
			return pg.onwards(), c.sent(ctx, p, pg, message)
		}
		changed, fate, err := c.refused(ctx, p, pg, err)
		if changed == nil {
			return fate, err
		}
		pg = *changed
	}
}

// send makes the request. It outlives ctx by drainTime: an answer that comes
// late is worth more than an unknown outcome.
func (c *Courier) send(ctx context.Context, m telegram.Outgoing, left time.Duration) (int64, error) {
	request, cancel := outliving(ctx, c.drain)
	defer cancel()
	request, stop := context.WithTimeout(request, left)
	defer stop()
	return c.o.Sender.Send(request, m)
}

// sent writes down that a page was sent. The message stands in the chat: as long
// as the store cannot take that, a full disk or a busy one, it is tried again, for
// whoever comes to the page next would send it twice.
func (c *Courier) sent(ctx context.Context, p store.Parcel, pg page, message int64) error {
	whole, end := outliving(ctx, c.settle)
	defer end()
	now := c.o.Now()
	settle := func() error {
		try, cancel := context.WithTimeout(whole, c.settle)
		defer cancel()
		return c.o.Store.Sent(try, p, pg.deliveries, message, c.gapOf(p.Chat))
	}
	err := settle()
	for err != nil && !errors.Is(err, store.ErrLeaseLost) && whole.Err() == nil {
		sleep(whole, settleAgain)
		err = settle()
	}
	c.o.Metrics.sent(pg, now)
	c.o.Log.Info("sent", "chat", p.Chat.ID, "message", message, "kind", pg.kind(), "deliveries", len(pg.deliveries),
		"maybe_dup", pg.maybeDup, "latency", now.Sub(pg.created).Round(time.Millisecond))
	c.known(pg)
	if err != nil {
		return fmt.Errorf("settle message %d: %w", message, err)
	}
	return nil
}

// unsent gives a page back that was written down and not requested, to be tried
// after a while; cause says why, nil that its lease is too old or the program ends.
func (c *Courier) unsent(ctx context.Context, p store.Parcel, pg page, after time.Duration, cause error) error {
	err := c.later(ctx, p, pg, after)
	if ctx.Err() != nil {
		cause = nil
	}
	return errors.Join(cause, err)
}

// later gives a page back without a request.
func (c *Courier) later(ctx context.Context, p store.Parcel, pg page, after time.Duration) error {
	lasting, cancel := lasting(ctx)
	defer cancel()
	return c.retry(lasting, p, pg, after, "")
}

// lease tells an error of the store from the news that a chat is not ours any
// more, which is no error: somebody else, or nobody, has to carry.
func (c *Courier) lease(ctx context.Context, err error) error {
	if err == nil || errors.Is(err, store.ErrLeaseLost) || errors.Is(err, store.ErrNotFound) || ctx.Err() != nil {
		return nil
	}
	return err
}

// lasting is a context for what must be written down though ctx may have ended.
func lasting(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), settleTime)
}

// outliving is a context that ends a while after ctx.
func outliving(ctx context.Context, while time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(while, cancel) })
	return longer, func() { stop(); cancel() }
}

// compose lays a parcel out as pages, in the order in which they are sent: an
// alert is one; the deliveries of a digest that follow each other are a few,
// for each topic.
func (c *Courier) compose(ctx context.Context, p store.Parcel) ([]page, error) {
	v := view{locale.Get(p.Chat.Lang), c.o.Now().In(locale.Zone(zoneOf(p.Chat, c.o.Zone))), p.Chat.Pictures}
	var pages []page
	for rest := p.Deliveries; len(rest) > 0; {
		n := together(rest)
		part := rest[:n]
		rest = rest[n:]
		switch part[0].Kind {
		case store.KindFold:
			pages = append(pages, v.fold(part[0]).of(part, p.Chat, v.now))
			continue
		case store.KindNotice:
			pages = append(pages, v.notice(part[0]).of(part, p.Chat, v.now))
			continue
		}
		if !part[0].Bundled() {
			if part[0].Article != nil { // else the store drops it at the next claim
				pages = append(pages, v.single(part[0]).of(part, p.Chat, v.now))
			}
			continue
		}
		for _, topic := range byThread(part) {
			d, err := buildDigest(ctx, c.o.Store, p.Chat, topic, topic[0].Digest, v.now)
			if err != nil {
				return pages, err
			}
			for i, pg := range v.digest(d, topic[0].Thread) {
				if i == 0 && topic[0].Kind == store.KindBacklog {
					pg.html = v.Paragraph(v.H("hours.away")) + "\n" + pg.html
				}
				pages = append(pages, pg.of(topic, p.Chat, v.now))
			}
		}
	}
	return pages, nil
}

// together counts the deliveries at the head of a list that are told together.
func together(list []store.Delivery) int {
	n := 1
	for list[0].Bundled() && n < len(list) && list[n].Kind == list[0].Kind && list[n].Digest == list[0].Digest {
		n++
	}
	return n
}

// byThread parts the deliveries of a digest by topic, in order of their first.
func byThread(list []store.Delivery) [][]store.Delivery {
	var parts [][]store.Delivery
	index := map[int64]int{}
	for _, d := range list {
		i, ok := index[d.Thread]
		if !ok {
			i = len(parts)
			index[d.Thread] = i
			parts = append(parts, nil)
		}
		parts[i] = append(parts[i], d)
	}
	return parts
}

// quiet reports whether now is within the chat's quiet hours, in its own zone
// (now's). Hours that end before they begin run over midnight.
func quiet(chat store.Chat, now time.Time) bool {
	from, to, minute := chat.QuietFrom, chat.QuietTo, now.Hour()*60+now.Minute()
	switch {
	case from == to:
		return false
	case from < to:
		return from <= minute && minute < to
	}
	return minute >= from || minute < to
}
