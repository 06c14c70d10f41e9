package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// SubscriptionState says what a hub has been asked, and what it answered.
type SubscriptionState string

// The states of a subscription.
const (
	SubscriptionPending SubscriptionState = "pending" // not confirmed yet
	SubscriptionActive  SubscriptionState = "active"  // confirmed; in force until Expires
	SubscriptionDenied  SubscriptionState = "denied"  // refused, or ended, by the hub
	SubscriptionLeaving SubscriptionState = "leaving" // no longer wanted; the row ends when the hub knows it
)

// Subscription is what one source's hub owes us (WebSub).
type Subscription struct {
	ID         string // unguessable: the end of Callback
	Source     int64
	Hub, Topic string
	Callback   string
	Secret     string // shared with the hub; never to be printed
	State      SubscriptionState
	Asked      time.Time // when the hub was asked for what it has not confirmed; zero: nothing is open
	Expires    time.Time // zero: never confirmed
	Attempts   int       // since the hub last confirmed something
}

const subscriptionColumns = `id, source_id, hub, topic, callback, secret, state, asked, expires, attempts`

func scanSubscription(s scanner) (x Subscription, err error) {
	err = s.Scan(&x.ID, &x.Source, &x.Hub, &x.Topic, &x.Callback, &x.Secret, &x.State, toTime{&x.Asked}, toTime{&x.Expires}, toCount{&x.Attempts})
	return x, err
}

// planBatch is how many subscriptions one call of PlanSubscriptions begins.
const planBatch = 200

// What PlanSubscriptions looks for: subscriptions that no source wants, or whose
// callback is not where we are found now; sources without the subscription that
// they want; and what was pushed for sources that nobody reads.
const (
	unwanted = `state <> 'leaving' AND (callback <> CAST($1 AS TEXT) || id OR NOT EXISTS (SELECT 1 FROM sources s
		WHERE s.id = subscriptions.source_id AND s.state = 'active' AND s.hub = subscriptions.hub AND s.topic = subscriptions.topic))`
	wanting = `FROM sources s WHERE s.hub <> '' AND s.state = 'active'
		AND NOT EXISTS (SELECT 1 FROM subscriptions u WHERE u.source_id = s.id AND u.state <> 'leaving')`
	unread = `source_id IN (SELECT id FROM sources WHERE state <> 'active')`
)

// PlanSubscriptions makes the subscriptions what the sources say: a pending one
// for each active source with a hub; any other is leaving from now on. Their
// callbacks are base and an id; those with another base are replaced. It returns
// how many began.
func (db *DB) PlanSubscriptions(ctx context.Context, base string) (begun int, err error) {
	idle, err := db.planned(ctx, base)
	if err != nil || idle {
		return 0, err
	}
	err = db.write(ctx, func(t *tx) error {
		begun = 0
		if _, err := t.exec(`DELETE FROM pushes WHERE ` + unread); err != nil {
			return err
		}
		// What the hub refused it need not be told.
		if _, err := t.exec(`DELETE FROM subscriptions WHERE state = 'denied' AND `+unwanted, base); err != nil {
			return err
		}
		if err := t.leave(base); err != nil {
			return err
		}
		list, err := collect(t, scanWish, `SELECT s.id, s.hub, s.topic `+wanting+` ORDER BY s.id LIMIT $1`, planBatch)
		for _, w := range list {
			n, err := t.begin(w, base)
			if err != nil {
				return err
			}
			begun += n
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("plan subscriptions: %w", err)
	}
	return begun, nil
}

// planned says that nothing is to be planned, as nearly always.
func (db *DB) planned(ctx context.Context, base string) (bool, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	var some bool
	err := t.row(`SELECT EXISTS (SELECT 1 FROM subscriptions WHERE `+unwanted+`) OR EXISTS (SELECT 1 `+wanting+`)
		OR EXISTS (SELECT 1 FROM pushes WHERE `+unread+`)`, base).Scan(&some)
	return !some, err
}

// leave marks what is unwanted. Its source is polled at its own rhythm from now on.
func (t *tx) leave(base string) error {
	_, err := t.exec(`UPDATE sources SET pushed_until = 0, next_at = {least}(next_at, $2) WHERE pushed_until > 0
		AND id IN (SELECT source_id FROM subscriptions WHERE `+unwanted+`)`, base, t.now)
	if err != nil {
		return err
	}
	_, err = t.exec(`UPDATE subscriptions SET state = 'leaving', attempts = 0, asked = 0, due_at = $2 WHERE `+unwanted, base, t.now)
	return err
}

// wish is a subscription that a source wants.
type wish struct {
	source     int64
	hub, topic string
}

func scanWish(s scanner) (w wish, err error) { return w, s.Scan(&w.source, &w.hub, &w.topic) }

// begin writes a wish down; another process may have been faster.
func (t *tx) begin(w wish, base string) (int, error) {
	id := rand.Text()
	n, err := t.exec(`INSERT INTO subscriptions (id, source_id, hub, topic, callback, secret, state, due_at)
		VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7) ON CONFLICT DO NOTHING`,
		id, w.source, w.hub, w.topic, base+id, rand.Text()+rand.Text(), t.now)
	return int(n), err
}

// ClaimSubscriptions takes up to limit subscriptions whose hub is to be asked,
// and counts the attempt: until lease is over nobody else gets them. Each is to be
// given back by [DB.HubAnswered] or [DB.DropSubscription].
func (db *DB) ClaimSubscriptions(ctx context.Context, limit int, lease time.Duration) ([]Subscription, error) {
	idle, err := db.nothing(ctx, `SELECT EXISTS (SELECT 1 FROM subscriptions WHERE due_at <= $1)`)
	if err != nil || idle {
		return nil, err
	}
	var list []Subscription
	err = db.write(ctx, func(t *tx) (err error) {
		list, err = collect(t, scanSubscription, `UPDATE subscriptions SET asked = $1, due_at = $2, attempts = attempts + 1
			WHERE id IN (SELECT id FROM subscriptions WHERE due_at <= $3 ORDER BY due_at, id LIMIT $4 {skip})
			RETURNING `+subscriptionColumns, t.now, t.now.Add(lease), t.now, limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("claim subscriptions: %w", err)
	}
	return list, nil
}

// HubAnswered records what asking a hub came to: "" when it took the request, else
// why not; next is when it is asked again unless it confirms before. What it has
// confirmed or denied meanwhile stays.
func (db *DB) HubAnswered(ctx context.Context, s Subscription, reason string, next time.Time) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(`UPDATE subscriptions SET last_error = $1, due_at = $2 WHERE id = $3 AND asked = $4`,
			reason, next, s.ID, s.Asked)
		return err
	})
	if err != nil {
		return fmt.Errorf("record the hub's answer: %w", err)
	}
	return nil
}

// DropSubscription forgets a subscription that its hub does not let go.
func (db *DB) DropSubscription(ctx context.Context, id string) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(`DELETE FROM subscriptions WHERE id = $1`, id)
		return err
	})
}

// Subscription is the one with an id, or ErrNotFound.
func (db *DB) Subscription(ctx context.Context, id string) (Subscription, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	s, err := scanSubscription(t.row(`SELECT `+subscriptionColumns+` FROM subscriptions WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return Subscription{}, fmt.Errorf("subscription: %w", ErrNotFound)
	}
	return s, err
}

// ConfirmSubscription makes a subscription active for lease; it is asked for
// again at renew. False when its hub was not asked for it. Its source relies on the
// hub from now on; a renewal does not bring back what the hub has lost of that.
func (db *DB) ConfirmSubscription(ctx context.Context, id string, lease time.Duration, renew time.Time) (ok bool, err error) {
	err = db.write(ctx, func(t *tx) error {
		var was SubscriptionState
		var source int64
		err := t.row(`SELECT state, source_id FROM subscriptions WHERE id = $1 AND asked > 0 AND state <> 'leaving' {lock}`, id).
			Scan(&was, &source)
		if ok = err == nil; !ok {
			return ignoreNone(err)
		}
		until := t.now.Add(lease)
		if _, err := t.exec(`UPDATE subscriptions SET state = 'active', asked = 0, attempts = 0, last_error = '', expires = $1, due_at = $2
			WHERE id = $3`, until, renew, id); err != nil {
			return err
		}
		_, err = t.exec(`UPDATE sources SET pushed_until = $1 WHERE id = $2 AND (pushed_until > 0 OR CAST($3 AS BOOLEAN))`,
			until, source, was != SubscriptionActive)
		return err
	})
	return ok, err
}

// EndSubscription forgets a subscription whose hub confirms that it has ended;
// false when that was not asked for.
func (db *DB) EndSubscription(ctx context.Context, id string) (ok bool, err error) {
	err = db.write(ctx, func(t *tx) error {
		n, err := t.exec(`DELETE FROM subscriptions WHERE id = $1 AND state = 'leaving'`, id)
		ok = n > 0
		return err
	})
	return ok, err
}

// DenySubscription records that a hub refuses a subscription, or ends it; it is
// asked again at next. Its source is polled at its own rhythm from now on.
func (db *DB) DenySubscription(ctx context.Context, id, reason string, next time.Time) error {
	return db.write(ctx, func(t *tx) error {
		var source int64
		err := t.row(`UPDATE subscriptions SET state = 'denied', asked = 0, expires = 0, last_error = $1, due_at = $2
			WHERE id = $3 AND state <> 'leaving' RETURNING source_id`, reason, next, id).Scan(&source)
		if err != nil {
			return ignoreNone(err)
		}
		_, err = t.exec(`UPDATE sources SET pushed_until = 0, next_at = {least}(next_at, $1) WHERE id = $2 AND pushed_until > 0`, t.now, source)
		return err
	})
}

// ignoreNone makes a row that is not there no error.
func ignoreNone(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}
