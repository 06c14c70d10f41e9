package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// The states of a delivery.
const (
	StateWaiting   = "waiting"   // for its digest
	StateDue       = "due"       // to be sent as soon as it is its turn
	StateSending   = "sending"   // a request may be on its way
	StateUncertain = "uncertain" // a request was made, its outcome is unknown: due again
	StateSent      = "sent"
	StateFolded    = "folded"  // not told by itself: the delivery of kind fold says that there is more
	StateHeld      = "held"    // until its chat is active again
	StateDropped   = "dropped" // given up, Reason says why
)

// Reasons why a delivery was dropped.
const (
	ArticleGone = "its article is gone"
	HeldTooLong = "held for too long"
	SourcesGone = "its sources are gone" // of a notice
)

// PerhapsTold begins the Reason of a delivery that was dropped though a message may
// have told it: nobody answered.
const PerhapsTold = "perhaps told, nobody answered"

// The kinds of a delivery.
const (
	KindAlert   = "alert"   // a message of its own
	KindDigest  = "digest"  // told with others
	KindBacklog = "backlog" // an alert that comes late, told with others
	KindFold    = "fold"    // tells of stories that exceeded a rule's limits; it has no article
	KindNotice  = "notice"  // tells of sources that fell silent or are back, its Silences; it has no article
	KindRequest = "request" // only asks whether another delivery, its Subject, may be published; an alert may ask too
)

const (
	// ParcelSize is how many deliveries one claim of a chat takes at most.
	ParcelSize = 200

	// ParcelAlerts is how many of them may be messages of their own: at one a second,
	// what is not told within a courier's turn is claimed again.
	ParcelAlerts = 12

	// Lease is how long a claimed chat belongs to its claimer.
	Lease = 30 * time.Second

	// HeldFor is how old a held delivery may be and still be told on Resume.
	HeldFor = 48 * time.Hour

	// sendGap is Telegram's own limit for one chat. It is written down before a
	// request, so that a crash during it cannot lead to two in one second.
	sendGap = time.Second
)

// Delivery is one story owed to one destination.
type Delivery struct {
	ID           int64
	Chat, Thread int64
	Seq          int64 // its turn within the chat; 0 while it waits or is held
	Kind         string
	Tier         Tier
	Digest       int64     // the digest it belongs to, 0 none
	Fold         int64     // the delivery that tells of it because it is folded, 0 none
	Folded       int       // stories that it tells of, for kind fold; only Claim and Folded say it
	Silences     []Silence // that it tells of, for kind notice; only Claim says it
	Asked        bool      // held until an editor has decided
	Subject      int64     // of what asks an editor: the delivery that it asks about; 0 it asks nothing
	Place        *Place    // where Subject is to be published, while that waits for a decision; only Claim and ClaimCorrections say it
	Headline     string    // an editor's; Article bears it as its title; "" none
	Article      *Article  // nil for the one row of an empty digest and for the kinds fold and notice; from Latest and Folded also when the article has been swept
	Rules        []RuleMatch
	State        string
	Attempts     int
	Created      time.Time
	NotBefore    time.Time // zero: any time
	Started      time.Time // last attempt
	SentAt       time.Time
	MessageID    int64
	MaybeDup     bool // an earlier attempt has no known outcome
	Reason       string

	article, source int64 // what Article is loaded from
}

// Bundled says that a delivery is told together with its neighbours of one digest.
func (d *Delivery) Bundled() bool { return d.Kind == KindDigest || d.Kind == KindBacklog }

// Place is a chat by name.
type Place struct {
	Chat  int64
	Title string
}

// RuleMatch is a rule as it was when it matched, with its evidence.
type RuleMatch struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Query string `json:"query"`
	Hits  []Hit  `json:"hits"`
}

// Parcel is a chat under lease with the deliveries that are due, in the order in
// which they must be sent.
type Parcel struct {
	Chat       Chat
	Token      int64      // fencing token: every outcome must carry it
	Expires    time.Time  // of the lease, on this process's clock: no request may be begun that could end later
	Deliveries []Delivery // at most ParcelSize, of which at most ParcelAlerts are alerts
}

// The columns that scanDelivery reads, in its order.
const deliveryColumns = `id, chat_id, thread_id, seq, kind, tier, digest_id, rules, state, attempts, created,
	not_before, started, sent_at, message_id, maybe_dup, reason, fold_id, asked, subject_id, headline, article_id, source_id`

// scan reads deliveryColumns and whatever columns follow them.
func (d *Delivery) scan(s scanner, more ...any) error {
	return s.Scan(append([]any{&d.ID, &d.Chat, &d.Thread, &d.Seq, &d.Kind, &d.Tier, &d.Digest, toJSON{&d.Rules}, &d.State,
		toCount{&d.Attempts}, toTime{&d.Created}, toTime{&d.NotBefore}, toTime{&d.Started}, toTime{&d.SentAt},
		&d.MessageID, &d.MaybeDup, &d.Reason, &d.Fold, &d.Asked, &d.Subject, &d.Headline, &d.article, &d.source}, more...)...)
}

func scanDelivery(s scanner) (d Delivery, err error) {
	err = d.scan(s)
	return d, err
}

// Claim leases up to limit chats, the longest due first, that have something due
// at now. A delivery that an expired lease left in sending comes back uncertain,
// with MaybeDup set. Deliveries come in the order of their turns and end before
// the first that is not due yet, which holds up those behind it, or where the
// parcel is full. Pauses that ended
// before now are over. The parcels must be given back by Release or Block.
func (db *DB) Claim(ctx context.Context, now time.Time, limit int) ([]Parcel, error) {
	idle, err := db.nothing(ctx, `SELECT EXISTS (SELECT 1 FROM chats
			WHERE due_at IS NOT NULL AND due_at <= $2 AND state = 'active' AND lease_until <= $1)
		OR EXISTS (SELECT 1 FROM chats WHERE paused_until > 0 AND paused_until <= $2 AND state = 'paused')`, now)
	if err != nil || idle {
		return nil, err
	}
	var parcels []Parcel
	err = db.lease(ctx, func(t *tx) (err error) {
		if err := t.endPauses(now); err != nil {
			return err
		}
		parcels, err = db.takeChats(t, now, limit)
		return err
	})
	if err == nil {
		parcels, err = db.fill(ctx, parcels)
	}
	if err != nil {
		return nil, fmt.Errorf("claim chats: %w", err)
	}
	return parcels, nil
}

// endPauses resumes the chats whose pause ended before now.
func (t *tx) endPauses(now time.Time) error {
	over, err := collect(t, scanID, `SELECT id FROM chats
		WHERE paused_until > 0 AND paused_until <= $1 AND state = 'paused' ORDER BY id {lock}`, now)
	if err != nil {
		return err
	}
	for _, chat := range over {
		if err := t.resume(chat); err != nil {
			return err
		}
	}
	return nil
}

// takeChats takes due chats and reads what is due to each. One that turns out to have
// nothing is given back at once.
func (db *DB) takeChats(t *tx, now time.Time, limit int) ([]Parcel, error) {
	expires := db.local().Add(Lease)
	taken, err := collect(t, func(s scanner) (p Parcel, err error) {
		p.Expires = expires
		return p, p.Chat.scan(s, &p.Token)
	}, `UPDATE chats SET token = token + 1, lease_until = $3 WHERE id IN (
		SELECT id FROM chats WHERE due_at IS NOT NULL AND due_at <= $1 AND state = 'active' AND lease_until <= $2
		ORDER BY due_at, id LIMIT $4 {skip}) RETURNING `+chatColumns+`, token`, now, t.now, t.now.Add(Lease), limit)
	if err != nil {
		return nil, err
	}
	parcels := taken[:0]
	for _, p := range taken {
		if p.Deliveries, err = db.dueTo(t, p.Chat.ID, now); err != nil {
			return nil, err
		}
		if len(p.Deliveries) > 0 {
			parcels = append(parcels, p)
		} else if err := t.giveBack(p); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(parcels, func(a, b Parcel) int {
		return cmp.Or(a.Deliveries[0].Created.Compare(b.Deliveries[0].Created), cmp.Compare(a.Chat.ID, b.Chat.ID))
	})
	return parcels, nil
}

// dueTo reads what is due to a leased chat, a backlog made a digest.
func (db *DB) dueTo(t *tx, chat int64, now time.Time) ([]Delivery, error) {
	list, err := t.turns(chat, now)
	if err != nil || !db.late(list, now) {
		return list, err
	}
	if bundled, err := t.bundle(chat, now); err != nil || !bundled {
		return list, err
	}
	return t.turns(chat, now)
}

// turns reads the deliveries of a chat that are due, in order, as many as a parcel
// holds. The caller has the lease, so what is found in sending was left by a
// process that lost it: whether Telegram has the message is not known.
func (t *tx) turns(chat int64, now time.Time) ([]Delivery, error) {
	_, err := t.exec(`UPDATE deliveries SET state = 'uncertain', maybe_dup = TRUE
		WHERE chat_id = $1 AND state IN ('due', 'sending', 'uncertain') AND state = 'sending'`, chat)
	if err != nil {
		return nil, err
	}
	var list []Delivery
	alerts := 0
	err = t.each(func(s scanner) error {
		d, err := scanDelivery(s)
		if err != nil {
			return err
		}
		if !d.Bundled() {
			alerts++
		}
		if alerts > ParcelAlerts || unix(d.NotBefore) > unix(now) {
			return errEnough
		}
		list = append(list, d)
		return nil
	}, `SELECT `+deliveryColumns+` FROM deliveries
		WHERE chat_id = $1 AND state IN ('due', 'sending', 'uncertain') ORDER BY seq, id LIMIT $2`, chat, ParcelSize)
	return list, err
}

// fill loads the articles, the counts of what is folded and what requests ask about.
// What has lost its article, all that was folded or its question cannot be told: it is
// dropped, and a parcel that has nothing else is given back.
func (db *DB) fill(ctx context.Context, parcels []Parcel) ([]Parcel, error) {
	var all []*Delivery
	for i := range parcels {
		for j := range parcels[i].Deliveries {
			all = append(all, &parcels[i].Deliveries[j])
		}
	}
	err := db.read(ctx, func(t *tx) error {
		return cmp.Or(t.loadArticles(all), t.countFolded(all), t.loadSubjects(all), t.loadNotices(all))
	})
	if err != nil {
		for _, p := range parcels {
			err = errors.Join(err, db.Release(ctx, p))
		}
		return nil, err
	}
	full := parcels[:0]
	for _, p := range parcels {
		if p, err = db.dropEmpty(ctx, p); err != nil {
			return nil, err
		}
		if len(p.Deliveries) > 0 {
			full = append(full, p)
		}
	}
	return full, nil
}

// dropEmpty drops what a parcel cannot tell and gives back the parcel without it.
func (db *DB) dropEmpty(ctx context.Context, p Parcel) (Parcel, error) {
	lost := map[string][]int64{} // by reason
	kept := p.Deliveries[:0]
	for _, d := range p.Deliveries {
		if why := d.untold(); why != "" {
			lost[why] = append(lost[why], d.ID)
		} else {
			kept = append(kept, d)
		}
	}
	p.Deliveries = kept
	if len(lost) == 0 {
		return p, nil
	}
	var err error
	for why, ids := range lost {
		err = errors.Join(err, db.Drop(ctx, p, ids, why))
	}
	if err == nil && len(kept) == 0 {
		err = db.Release(ctx, p)
	}
	return p, err
}

// untold says why a delivery that was filled cannot be told; "" it can.
func (d *Delivery) untold() string {
	switch {
	case d.article != 0 && d.Article == nil, d.Kind == KindFold && d.Folded == 0:
		return ArticleGone
	case d.Kind == KindNotice && len(d.Silences) == 0:
		return SourcesGone
	case d.Kind == KindRequest && d.Place == nil:
		return ErrDecided.Error()
	}
	return ""
}

// Sending writes down that these deliveries are about to be requested, with one
// attempt more. It must be called, and have returned nil, before the request is
// made. ErrLeaseLost when the lease has passed on, or when a delivery is not due
// any more because its chat was paused meanwhile.
func (db *DB) Sending(ctx context.Context, p Parcel, ids []int64) error {
	return db.settle(ctx, p, func(t *tx) error {
		// maybe_dup stays: it tells of an earlier attempt.
		err := t.outcome(p, ids, `state = 'sending', attempts = attempts + 1, started = $2`,
			`state IN ('due', 'sending', 'uncertain')`, t.now)
		if err != nil {
			return err
		}
		free := t.now.Add(sendGap)
		_, err = t.exec(`UPDATE chats SET free_at = $2, due_at = $2 WHERE id = $1`, p.Chat.ID, free)
		return err
	})
}

// Sent settles deliveries with the message that told them; messageID may be 0.
// Nothing more is due to the chat before gap has passed. Only what Sending wrote
// down can be sent.
func (db *DB) Sent(ctx context.Context, p Parcel, ids []int64, messageID int64, gap time.Duration) error {
	return db.settle(ctx, p, func(t *tx) error {
		err := t.outcome(p, ids, `state = 'sent', sent_at = $2, message_id = $3, reason = ''`, `state = 'sending'`, t.now, messageID)
		if err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE chats SET free_at = $2 WHERE id = $1`, p.Chat.ID, t.now.Add(gap)); err != nil {
			return err
		}
		return t.reschedule(p.Chat.ID)
	})
}

// Retry puts deliveries back, not to be tried before at; nor is anything behind
// them. uncertain says that the request may have been obeyed. reason is for a
// person.
func (db *DB) Retry(ctx context.Context, p Parcel, ids []int64, at time.Time, reason string, uncertain bool) error {
	set := `state = 'due'`
	if uncertain {
		set = `state = 'uncertain', maybe_dup = TRUE`
	}
	return db.settle(ctx, p, func(t *tx) error {
		err := t.outcome(p, ids, set+`, not_before = $2, reason = $3`, `state IN ('due', 'sending', 'uncertain')`, at, reason)
		if err != nil {
			return err
		}
		return t.reschedule(p.Chat.ID)
	})
}

// Drop gives deliveries up for a reason; those behind them are free.
func (db *DB) Drop(ctx context.Context, p Parcel, ids []int64, reason string) error {
	return db.settle(ctx, p, func(t *tx) error {
		err := t.outcome(p, ids, `state = 'dropped', reason = $2`, `state NOT IN ('sent', 'dropped')`, reason)
		if err != nil {
			return err
		}
		return t.reschedule(p.Chat.ID)
	})
}

// QuietHours is why a delivery waits that Defer has put off.
const QuietHours = "quiet hours"

// Defer lets what is due wait for the end of quiet hours, or for a digest that is
// not far from it, whichever is at until: alerts become part of one digest then, but
// for those that ask for approval, which stay messages of their own.
func (db *DB) Defer(ctx context.Context, p Parcel, ids []int64, until time.Time) error {
	return db.settle(ctx, p, func(t *tx) error {
		err := t.outcome(p, ids, `state = 'waiting', seq = 0, kind = CASE WHEN kind IN ('alert', 'backlog') AND subject_id = 0 THEN 'digest' ELSE kind END,
			not_before = $2, reason = '`+QuietHours+`'`, `state IN ('due', 'uncertain')`, until)
		if err != nil {
			return err
		}
		return t.reschedule(p.Chat.ID)
	})
}

// Block puts the chat into a state in which it is not written to and gives it
// back; what is owed to it, the page just refused included, is held.
func (db *DB) Block(ctx context.Context, p Parcel, state ChatState, reason string) error {
	if state == ChatActive || state == "" {
		return fmt.Errorf("block chat %d: %q is no state for that", p.Chat.ID, state)
	}
	return db.settle(ctx, p, func(t *tx) error {
		_, err := t.exec(`UPDATE chats SET state = $2, reason = $3, paused_until = 0, lease_until = 0 WHERE id = $1`,
			p.Chat.ID, state, reason)
		if err != nil {
			return err
		}
		return t.hold(p.Chat.ID, true)
	})
}

// Release gives the chat back; it is due again if any of its deliveries is. What
// is still in sending becomes uncertain at the next claim.
func (db *DB) Release(ctx context.Context, p Parcel) error {
	return db.lightly(ctx, p.held(func(t *tx) error { return t.giveBack(p) }))
}

// giveBack ends the lease. The token stays: it grows with the next claim.
func (t *tx) giveBack(p Parcel) error {
	if _, err := t.exec(`UPDATE chats SET lease_until = 0 WHERE id = $1`, p.Chat.ID); err != nil {
		return err
	}
	return t.reschedule(p.Chat.ID)
}

// settle runs f if the parcel's lease is still its holder's.
func (db *DB) settle(ctx context.Context, p Parcel, f func(*tx) error) error {
	return db.write(ctx, p.held(f))
}

// held is f on condition that the parcel's lease is still its holder's. The token
// decides, not the time: a lease that has run out is good until somebody else takes
// it. The update of nothing locks the row on PostgreSQL.
func (p Parcel) held(f func(*tx) error) func(*tx) error {
	return func(t *tx) error {
		n, err := t.exec(`UPDATE chats SET token = token WHERE id = $1 AND token = $2`, p.Chat.ID, p.Token)
		if err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("chat %d: %w", p.Chat.ID, ErrLeaseLost)
		}
		return f(t)
	}
}

// outcome changes deliveries of a parcel, all of them or none. The arguments of
// set start at $2.
func (t *tx) outcome(p Parcel, ids []int64, set, from string, args ...any) error {
	return chunks(ids, func(part []int64) error {
		list := anys(append([]any{p.Chat.ID}, args...), part)
		n, err := t.exec(`UPDATE deliveries SET `+set+` WHERE chat_id = $1 AND id IN (`+
			places(2+len(args), len(part))+`) AND `+from, list...)
		if err == nil && n != int64(len(part)) {
			err = fmt.Errorf("chat %d: a delivery is not owed any more: %w", p.Chat.ID, ErrLeaseLost)
		}
		return err
	})
}

// reschedule writes when the chat's first delivery in turn is due, or that none
// is. Every change of its queue ends here.
func (t *tx) reschedule(chat int64) error {
	var due bool
	err := t.row(`UPDATE chats SET due_at = (SELECT {max}(d.created, d.not_before, chats.free_at) FROM deliveries d
		WHERE d.chat_id = chats.id AND d.state IN ('due', 'sending', 'uncertain') ORDER BY d.seq, d.id LIMIT 1)
		WHERE id = $1 RETURNING due_at IS NOT NULL AND due_at <= $2`, chat, t.now).Scan(&due)
	t.due = t.due || due
	return err
}
