package store

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"time"
)

const (
	// EditGap is the least time between two edits of a message; each makes the next
	// wait twice as long, for headlines that do not come to rest.
	EditGap = time.Minute

	// maxEdits is how many a message gets, the last about an hour after the first; and
	// one more when its article is withdrawn.
	maxEdits = 7

	// editLease is how long a claimed correction belongs to its claimer.
	editLease = 30 * time.Second
)

// Correction is an edit that is owed to a message. It is a debt like a delivery: it
// outlives a crash, and ends by Telegram's answer.
type Correction struct {
	Delivery  Delivery // Article is as its source shows it now; nil when it has been swept
	Chat      Chat
	Was       string // the headline with which the message was sent; "" the same
	Withdrawn bool   // the source has taken the article back
	Changed   time.Time
	Tries     int       // made before, without an outcome
	Expires   time.Time // of the lease, on this process's clock

	version, token int64
}

// correct makes what is told of an article owed again to the messages about it. was
// is the headline that they were sent with, "" the same; one that was corrected
// before keeps the first. A message that may just be on its way gets its edit when
// it has arrived.
func (t *tx) correct(article int64, was string, withdrawn bool) error {
	const columns = `SELECT d.id, CAST($2 AS TEXT), CAST($3 AS BOOLEAN), CAST($4 AS BIGINT), 1, CAST($4 AS BIGINT) FROM deliveries d`
	const told = columns + ` WHERE d.article_id = $1 AND state = 'sent' AND kind = 'alert' AND d.fold_id = 0 AND d.message_id <> 0
		AND (d.headline = '' OR CAST($3 AS BOOLEAN))`
	const onItsWay = columns + ` JOIN chats c ON c.id = d.chat_id WHERE d.article_id = $1 AND d.state NOT IN ('sent', 'dropped', 'folded')
		AND d.kind = 'alert' AND (d.headline = '' OR CAST($3 AS BOOLEAN)) AND (d.state IN ('sending', 'uncertain') OR d.state = 'due' AND (CAST($3 AS BOOLEAN) OR c.lease_until > $4))`
	gap := strconv.FormatInt(EditGap.Milliseconds(), 10)
	for _, from := range []string{told, onItsWay} {
		_, err := t.exec(`INSERT INTO corrections AS x (delivery_id, was, withdrawn, changed, version, due_at) `+from+`
			ON CONFLICT (delivery_id) DO UPDATE SET version = x.version + 1, withdrawn = excluded.withdrawn, tries = 0, reason = '',
				changed = excluded.changed, was = CASE WHEN x.was = '' THEN excluded.was ELSE x.was END,
				due_at = CASE WHEN x.edits >= `+strconv.Itoa(maxEdits)+` AND NOT excluded.withdrawn THEN NULL
					ELSE {max}(excluded.changed, x.edited_at + (CAST(`+gap+` AS BIGINT) << CAST(x.edits AS INTEGER)) / 2) END`,
			article, was, withdrawn, t.now)
		if err != nil {
			return fmt.Errorf("owe corrections: %w", err)
		}
	}
	return nil
}

// ClaimCorrections leases up to limit edits that are due, the longest due first, to
// chats that are written to. Each must be given back by Corrected, RetryCorrection or
// DropCorrection.
func (db *DB) ClaimCorrections(ctx context.Context, limit int) ([]Correction, error) {
	idle, err := db.nothing(ctx, `SELECT EXISTS (SELECT 1 FROM corrections WHERE due_at IS NOT NULL AND due_at <= $1)`)
	if err != nil || idle {
		return nil, err
	}
	var list []Correction
	err = db.lease(ctx, func(t *tx) (err error) {
		expires := db.local().Add(editLease)
		list, err = collect(t, func(s scanner) (c Correction, err error) {
			c.Expires = expires
			return c, s.Scan(&c.Delivery.ID, &c.Was, &c.Withdrawn, toTime{&c.Changed}, toCount{&c.Tries}, &c.version, &c.token)
		}, `UPDATE corrections SET token = token + 1, lease_until = $2 WHERE delivery_id IN (
			SELECT x.delivery_id FROM corrections x WHERE x.due_at IS NOT NULL AND x.due_at <= $1 AND x.lease_until <= $1
			AND EXISTS (SELECT 1 FROM deliveries d JOIN chats c ON c.id = d.chat_id
				WHERE d.id = x.delivery_id AND d.state = 'sent' AND d.message_id <> 0 AND c.state = 'active')
			ORDER BY x.due_at, x.delivery_id LIMIT $3 {skip})
			RETURNING delivery_id, was, withdrawn, changed, tries, version, token`, t.now, t.now.Add(editLease), limit)
		if err != nil {
			return err
		}
		for i := range list {
			if list[i].Delivery, err = scanDelivery(t.row(`SELECT `+deliveryColumns+` FROM deliveries WHERE id = $1`, list[i].Delivery.ID)); err != nil {
				return err
			}
			if list[i].Chat, err = t.chat(list[i].Delivery.Chat, ""); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = db.read(ctx, func(t *tx) error {
			refs := make([]*Delivery, len(list))
			for i := range list {
				refs[i] = &list[i].Delivery
			}
			return cmp.Or(t.loadArticles(refs), t.loadSubjects(refs))
		})
	}
	if err != nil {
		return nil, fmt.Errorf("claim corrections: %w", err)
	}
	return list, nil
}

// Corrected settles an edit that was made. What the source has changed since is owed
// after a while. ErrLeaseLost when somebody else has the correction: it is made again.
func (db *DB) Corrected(ctx context.Context, c Correction) error {
	gap := strconv.FormatInt(EditGap.Milliseconds(), 10)
	return db.settleCorrection(ctx, c, `edits = edits + 1, edited_at = $3, tries = 0, reason = '',
		due_at = CASE WHEN version > $4 AND (withdrawn OR edits + 1 < `+strconv.Itoa(maxEdits)+`)
			THEN $3 + (CAST(`+gap+` AS BIGINT) << CAST(edits AS INTEGER)) ELSE NULL END`, c.version)
}

// RetryCorrection puts an edit off; reason is for a person.
func (db *DB) RetryCorrection(ctx context.Context, c Correction, after time.Duration, reason string) error {
	return db.settleCorrection(ctx, c, `tries = tries + 1, due_at = $3 + CAST($4 AS BIGINT), reason = $5`, after.Milliseconds(), reason)
}

// DropCorrection gives an edit up for a reason.
func (db *DB) DropCorrection(ctx context.Context, c Correction, reason string) error {
	return db.settleCorrection(ctx, c, `due_at = NULL, reason = $4`, reason)
}

// settleCorrection changes a correction and gives it back, if it is still its
// holder's. In set, $3 is now and the arguments start at $4.
func (db *DB) settleCorrection(ctx context.Context, c Correction, set string, args ...any) error {
	return db.write(ctx, func(t *tx) error {
		n, err := t.exec(`UPDATE corrections SET lease_until = 0, handled = $3, `+set+` WHERE delivery_id = $1 AND token = $2`,
			append([]any{c.Delivery.ID, c.token, t.now}, args...)...)
		if err == nil && n == 0 {
			err = fmt.Errorf("correction of delivery %d: %w", c.Delivery.ID, ErrLeaseLost)
		}
		return err
	})
}
