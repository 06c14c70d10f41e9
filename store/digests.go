package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// DueDigests lists active chats whose DigestAt has come, the longest due first.
func (db *DB) DueDigests(ctx context.Context, now time.Time, limit int) ([]Chat, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	return collect(t, scanChat, `SELECT `+chatColumns+` FROM chats
		WHERE digest_at > 0 AND digest_at <= $1 AND state = 'active' ORDER BY digest_at, id LIMIT $2`, now, limit)
}

// StartDigest makes a chat's waiting deliveries, of all its topics, due as the
// digest of slot and sets when the next is due (zero: never). It gives the
// digest's id, or 0 when that slot was started before or the chat is not active.
// With nothing waiting, one delivery without an article is made, so that the
// digest says so.
func (db *DB) StartDigest(ctx context.Context, chat int64, slot, next time.Time) (int64, error) {
	var id int64
	err := db.write(ctx, func(t *tx) error {
		id = 0
		c, err := t.chat(chat, "{lock}")
		if err != nil {
			return err
		}
		// Also when the slot was started before: it must not stay due.
		if _, err := t.exec(`UPDATE chats SET digest_at = $2 WHERE id = $1`, chat, next); err != nil {
			return err
		}
		if c.State != ChatActive { // what is owed to it is held and comes after Resume
			return nil
		}
		err = t.row(`INSERT INTO digests (chat_id, thread_id, slot, created) VALUES ($1, 0, $2, $3)
			ON CONFLICT DO NOTHING RETURNING id`, // two leaders start one digest between them
			chat, slot, t.now).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		return t.fillDigest(c, id)
	})
	if err != nil {
		return 0, fmt.Errorf("start digest: %w", err)
	}
	return id, nil
}

// fillDigest queues what waits, topic by topic and oldest first, or a row that says
// that nothing does.
func (t *tx) fillDigest(c Chat, digest int64) error {
	var some bool
	err := t.row(`SELECT EXISTS (SELECT 1 FROM deliveries WHERE chat_id = $1 AND state = 'waiting')`, c.ID).Scan(&some)
	if err != nil {
		return err
	}
	if !some {
		_, err := t.exec(`INSERT INTO deliveries (chat_id, thread_id, article_id, source_id, seq, kind, tier, rules, state, created)
			VALUES ($1, $2, 0, 0, 0, 'digest', 'digest', '[]', 'waiting', $3)`, c.ID, c.Thread, t.now)
		if err != nil {
			return err
		}
	}
	if err := t.enqueue(c.ID, digest, `state = 'waiting'`, `d.thread_id, d.id`); err != nil {
		return err
	}
	return t.reschedule(c.ID)
}
