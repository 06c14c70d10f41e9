package store

import (
	"context"
	"fmt"
	"time"
)

const (
	// clockSlack is how far ahead a time may lie that was written as the present: clocks
	// of several machines differ a little, and are corrected by as much.
	clockSlack = 2 * time.Minute

	// farAhead is further than any digest is scheduled by days of the week.
	farAhead = 32 * 24 * time.Hour
)

// Rewind notices that the clock has been set back, and reports it: what was planned by
// the clock that was ahead would wait until it has caught up, a source for its visit,
// a message for its turn, a rule's limit for its end. Then all of it is due now, and
// follows its own rhythm from there.
func (db *DB) Rewind(ctx context.Context) (back bool, err error) {
	still, err := db.nothing(ctx, `SELECT EXISTS (SELECT 1 FROM sources WHERE last_tried > $1 + CAST($2 AS BIGINT))
		OR EXISTS (SELECT 1 FROM limiter WHERE tat > $1 + CAST($2 AS BIGINT))`, clockSlack)
	if err != nil || still {
		return false, err
	}
	return true, db.write(ctx, (*tx).rewind)
}

func (t *tx) rewind() error {
	now, ahead, far := t.now, t.now.Add(clockSlack), t.now.Add(farAhead)
	for _, do := range []struct {
		q    string
		args []any
	}{
		{`UPDATE sources SET next_at = $1, last_tried = $1, last_ok = {least}(last_ok, $1), last_new = {least}(last_new, $1),
			lease_until = {least}(lease_until, $2) WHERE last_tried > $2`, []any{now, ahead}},
		{`UPDATE limiter SET tat = $1, paused_until = 0, struck_chat = 0, struck_at = 0, struck_until = 0 WHERE tat > $2`, []any{now, ahead}},
		{`UPDATE leases SET expires = $1 WHERE expires > $2`, []any{now, ahead}},
		{`DELETE FROM quotas WHERE since > $1`, []any{ahead}},
		{`UPDATE deliveries SET created = $1, not_before = {least}(not_before, $1)
			WHERE created > $2 AND state IN ('waiting', 'due', 'sending', 'uncertain', 'held', 'folded')`, []any{now, ahead}},
		{`UPDATE deliveries SET not_before = $1 WHERE not_before > $2 AND state IN ('due', 'sending', 'uncertain')`, []any{now, ahead}},
		{`UPDATE corrections SET changed = $1, due_at = $1 WHERE changed > $2 AND due_at IS NOT NULL`, []any{now, ahead}},
		{`UPDATE chats SET free_at = {least}(free_at, $1), due_at = CASE WHEN due_at > $1 THEN $1 ELSE due_at END,
			lease_until = {least}(lease_until, $2) WHERE free_at > $2 OR due_at > $2 OR lease_until > $2`, []any{now, ahead}},
		{`UPDATE chats SET digest_at = $1 WHERE digest_at > $2`, []any{now, far}},
		{`UPDATE rules SET digest_at = $1 WHERE digest_at > $2`, []any{now, far}},
	} {
		if _, err := t.exec(do.q, do.args...); err != nil {
			return fmt.Errorf("rewind: %w", err)
		}
	}
	t.due = true
	return nil
}
