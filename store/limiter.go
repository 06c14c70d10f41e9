package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// storm is within how much time two refused chats mean that the whole bot is too
// fast.
const storm = 2 * time.Second

// Slot takes the next turn in the queue that all processes share and says how
// long to wait for it: turns are gap apart (a generic cell rate algorithm with
// one row for its state). In a pause there is no turn: ok is false, and wait is
// how long the pause lasts.
func (db *DB) Slot(ctx context.Context, gap time.Duration) (wait time.Duration, ok bool, err error) {
	err = db.lightly(ctx, func(t *tx) error {
		began := db.local() // with t.now: others may hold the row for a while
		var turn time.Time
		err := t.row(`UPDATE limiter SET tat = {max}(tat, CAST($1 AS BIGINT)) + CAST($2 AS BIGINT)
			WHERE id = 1 AND paused_until <= $1 RETURNING tat - CAST($2 AS BIGINT)`, t.now, gap).Scan(toTime{&turn})
		ok = err == nil
		if errors.Is(err, sql.ErrNoRows) {
			err = t.row(`SELECT paused_until FROM limiter WHERE id = 1`).Scan(toTime{&turn})
		}
		wait = max(0, turn.Sub(t.now)-db.local().Sub(began))
		return err
	})
	return wait, ok, err
}

// Refused notes that Telegram wants silence from a chat for so long. When another
// chat was refused within the two seconds before, it is the bot that is too fast:
// all processes pause for the longer of both times, and all is true.
func (db *DB) Refused(ctx context.Context, chat int64, silence time.Duration) (all bool, err error) {
	err = db.lightly(ctx, func(t *tx) error {
		var other int64
		var at, wanted, paused time.Time
		err := t.row(`SELECT struck_chat, struck_at, struck_until, paused_until FROM limiter WHERE id = 1 {lock}`).
			Scan(&other, toTime{&at}, toTime{&wanted}, toTime{&paused})
		if err != nil {
			return err
		}
		until := t.now.Add(silence)
		if all = other != 0 && other != chat && t.now.Sub(at) <= storm; all {
			for _, u := range []time.Time{until, wanted} {
				if u.After(paused) {
					paused = u
				}
			}
		}
		_, err = t.exec(`UPDATE limiter SET struck_chat = $1, struck_at = $2, struck_until = $3, paused_until = $4 WHERE id = 1`,
			chat, t.now, until, paused)
		return err
	})
	return all, err
}
