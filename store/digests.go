package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
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
// digest of slot and sets when the next is due (zero: never). What waits for a time
// of its own that is later than slot waits on, unless the slot is not the one that
// the chat was scheduled for: then somebody has asked for all there is. It gives the
// digest's id, or 0 when that slot was started before or the chat is not active.
// With nothing waiting, one delivery without an article is made, so that the
// digest says so, unless nobody has asked and there is nothing to say it about: no rule
// ends in the chat or, in a channel, none of the tier digest.
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
		if slot.Equal(c.DigestAt) {
			return t.fillDigest(c, id, slot, false)
		}
		return t.fillDigest(c, id, forEver, true)
	})
	if err != nil {
		return 0, fmt.Errorf("start digest: %w", err)
	}
	return id, nil
}

// forEver is later than anything waits for.
var forEver = time.UnixMilli(math.MaxInt64 / 2)

// waits selects what waits for a digest, up to a time that follows.
const waits = `d.state = 'waiting' AND d.kind NOT IN ('fold', 'notice') AND d.not_before <= `

// fillDigest queues what waits until then, topic by topic and oldest first, or a row
// that says that nothing does; see StartDigest for when it does not say so.
func (t *tx) fillDigest(c Chat, digest int64, until time.Time, asked bool) error {
	var some bool
	err := t.row(`SELECT EXISTS (SELECT 1 FROM deliveries d WHERE d.chat_id = $1 AND `+waits+`$2)`, c.ID, until).Scan(&some)
	if err != nil {
		return err
	}
	if !some && !asked {
		if asked, err = t.expectsDigest(c); err != nil || !asked {
			return err
		}
	}
	if !some {
		_, err := t.exec(`INSERT INTO deliveries (chat_id, thread_id, article_id, source_id, seq, kind, tier, rules, state, created)
			VALUES ($1, $2, 0, 0, 0, 'digest', 'digest', '[]', 'waiting', $3)`, c.ID, c.Thread, t.now)
		if err != nil {
			return err
		}
	}
	_, err = t.exec(`UPDATE deliveries AS d SET kind = 'digest' WHERE d.chat_id = $1 AND d.kind = 'backlog' AND `+waits+`$2`, c.ID, until)
	if err != nil {
		return err
	}
	if err := t.enqueue(c.ID, digest, waits+`$3`, `d.thread_id, d.id`, until); err != nil {
		return err
	}
	return t.reschedule(c.ID)
}

// expectsDigest says whether a scheduled digest that tells no story is worth a message:
// to people it says that all is well, while the readers of a channel that gets single
// alerts would be told every morning that nothing had happened.
func (t *tx) expectsDigest(c Chat) (yes bool, err error) {
	which := `r.tier <> 'off'`
	if c.Kind == "channel" {
		which = `r.tier = 'digest' AND r.digest = ''`
	}
	return yes, t.row(`SELECT EXISTS (SELECT 1 FROM rules r WHERE `+which+` AND `+endsIn+`)`, c.ID).Scan(&yes)
}

// Ripen makes due what waited for a time of its own that has come: one digest for
// each chat, and a message for each rule whose limits were exceeded and for
// each notice. It says for how many chats, at most limit; those whose digest is due are left to StartDigest.
func (db *DB) Ripen(ctx context.Context, now time.Time, limit int) (int, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	chats, err := collect(t, scanID, `SELECT DISTINCT d.chat_id FROM deliveries d JOIN chats c ON c.id = d.chat_id
		WHERE d.state = 'waiting' AND d.not_before > 0 AND d.not_before <= $1 AND c.state = 'active'
		AND (c.digest_at = 0 OR c.digest_at > $1) ORDER BY d.chat_id LIMIT $2`, now, limit)
	if err != nil {
		return 0, fmt.Errorf("list what has waited: %w", err)
	}
	for _, chat := range chats {
		if err := db.write(ctx, func(t *tx) error { return t.ripen(chat, now) }); err != nil {
			return 0, fmt.Errorf("end the waiting of chat %d: %w", chat, err)
		}
	}
	return len(chats), nil
}

// ripen is Ripen for one chat.
func (t *tx) ripen(chat int64, now time.Time) error {
	c, err := t.chat(chat, "{lock}")
	if errors.Is(err, ErrNotFound) || err == nil && c.State != ChatActive {
		return nil
	}
	if err != nil {
		return err
	}
	if c.Kind == "channel" {
		if err := t.spread(chat, now); err != nil {
			return err
		}
	}
	if err := t.bundleFound(chat, now); err != nil {
		return err
	}
	const ripe = waits + `$3 AND d.not_before > 0 AND d.kind <> 'backlog'`
	id, err := t.newDigest(chat, t.now, ripe, now)
	if err != nil {
		return err
	}
	if id != 0 {
		if err := t.enqueue(chat, id, ripe, `d.thread_id, d.id`, now); err != nil {
			return err
		}
	}
	err = t.enqueue(chat, 0, `d.state = 'waiting' AND d.kind IN ('fold', 'notice') AND d.not_before <= $3`, `d.not_before, d.id`, now)
	if err != nil {
		return err
	}
	return t.reschedule(chat)
}

// newDigest makes the row of a digest if anything satisfies where, which is SQL of
// ours as for enqueue. It gives 0 when nothing does, or when there is one for that
// very moment: the next round makes another.
func (t *tx) newDigest(chat int64, slot time.Time, where string, args ...any) (id int64, err error) {
	err = t.row(`INSERT INTO digests (chat_id, thread_id, slot, created) SELECT CAST($1 AS BIGINT), 0, CAST($2 AS BIGINT), CAST($2 AS BIGINT)
		WHERE EXISTS (SELECT 1 FROM deliveries d WHERE d.chat_id = $1 AND `+where+`) ON CONFLICT DO NOTHING RETURNING id`,
		append([]any{chat, slot}, args...)...).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return id, err
}

// spread turns what was folded for a channel into parts of a digest, for nobody can
// open anything there.
func (t *tx) spread(chat int64, now time.Time) error {
	const ripe = `SELECT f.id FROM deliveries f WHERE f.chat_id = $1 AND f.state = 'waiting' AND f.kind = 'fold' AND f.not_before <= $2`
	_, err := t.exec(`UPDATE deliveries SET state = 'waiting', kind = 'digest', not_before = $2
		WHERE chat_id = $1 AND state = 'folded' AND fold_id IN (`+ripe+`)`, chat, now)
	if err != nil {
		return err
	}
	_, err = t.exec(`UPDATE deliveries SET kind = 'digest' WHERE id IN (`+ripe+`)`, chat, now)
	return err
}

// DueRule is a rule whose own digest time has come, in the zone of its chat.
type DueRule struct {
	Rule Rule
	Zone string // as Chat has it
}

// DueRules lists rules whose DigestAt has come, the longest due first.
func (db *DB) DueRules(ctx context.Context, now time.Time, limit int) ([]DueRule, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	return collect(t, func(s scanner) (d DueRule, err error) {
		return d, d.Rule.scan(s, &d.Zone)
	}, `SELECT `+ruleColumns+`, (SELECT c.zone FROM chats c WHERE c.id = rules.chat_id) FROM rules
		WHERE digest_at > 0 AND digest_at <= $1 ORDER BY digest_at, id LIMIT $2`, now, limit)
}

// PassDigest sets when the digest of a rule is due next (zero: never), if it is still
// due at slot. What waits for slot is Ripen's.
func (db *DB) PassDigest(ctx context.Context, rule int64, slot, next time.Time) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(`UPDATE rules SET digest_at = $3 WHERE id = $1 AND digest_at = $2`, rule, slot, next)
		return err
	})
}
