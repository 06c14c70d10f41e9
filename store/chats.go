package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// ChatState says whether a chat is written to.
type ChatState string

// The states of a chat.
const (
	ChatActive  ChatState = "active"
	ChatPaused  ChatState = "paused"  // by its people; deliveries are held
	ChatBlocked ChatState = "blocked" // we may not write; deliveries are held
	ChatGone    ChatState = "gone"    // it does not exist any more; nothing is stored for it
	ChatPending ChatState = "pending" // awaits an operator's approval; nothing is stored for it
)

// Chat is a chat that talked to us or was linked, with its settings.
type Chat struct {
	ID                 int64
	Kind               string // private group supergroup channel
	Title, Username    string
	Lang               string // of the interface; "" not chosen
	Zone               string // IANA name; "" the default
	Digest             string // cron specs, one a line; "" none
	Forum              bool
	QuietFrom, QuietTo int       // minutes of the day in its zone; equal: off
	QuietHold          bool      // what is not urgent waits for their end; else it comes without a sound
	Pictures           bool      // alerts come with the picture of their article
	State              ChatState // "" is active
	Reason             string    // why it is in that state, for a person
	PausedUntil        time.Time // zero: until Resume
	DigestAt           time.Time // when its next digest is due; zero: never
	Created            time.Time // zero when saved: now
	Thread             int64     // bound topic, 0 none
	Owner              int64     // user who linked it, 0 nobody
}

// The columns of Chat, in the order of scan and values.
const chatColumns = `id, kind, title, username, lang, zone, digest, forum, quiet_from, quiet_to, state, reason,
	paused_until, digest_at, created, thread_id, owner_id, quiet_hold, pictures`

// scan reads chatColumns and whatever columns follow them.
func (c *Chat) scan(s scanner, more ...any) error {
	return s.Scan(append([]any{&c.ID, &c.Kind, &c.Title, &c.Username, &c.Lang, &c.Zone, &c.Digest, &c.Forum,
		toCount{&c.QuietFrom}, toCount{&c.QuietTo}, &c.State, &c.Reason, toTime{&c.PausedUntil}, toTime{&c.DigestAt},
		toTime{&c.Created}, &c.Thread, &c.Owner, &c.QuietHold, &c.Pictures}, more...)...)
}

func scanChat(s scanner) (c Chat, err error) { return c, c.scan(s) }

// values are the arguments for chatColumns.
func (c *Chat) values() []any {
	return []any{c.ID, c.Kind, c.Title, c.Username, c.Lang, c.Zone, c.Digest, c.Forum, c.QuietFrom, c.QuietTo,
		c.State, c.Reason, c.PausedUntil, c.DigestAt, c.Created, c.Thread, c.Owner, c.QuietHold, c.Pictures}
}

// Chat is one chat, or ErrNotFound.
func (db *DB) Chat(ctx context.Context, id int64) (Chat, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	return t.chat(id, "")
}

// chat reads one row; lock is "{lock}" or nothing.
func (t *tx) chat(id int64, lock string) (Chat, error) {
	c, err := scanChat(t.row(`SELECT `+chatColumns+` FROM chats WHERE id = $1 `+lock, id))
	return c, found(err, "chat", id)
}

// Chats lists all chats by id.
func (db *DB) Chats(ctx context.Context) ([]Chat, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	return collect(t, scanChat, `SELECT `+chatColumns+` FROM chats ORDER BY id`)
}

// SaveChat inserts a chat or replaces everything about it. A change of state has
// its consequences, as with UpdateChat.
func (db *DB) SaveChat(ctx context.Context, c Chat) error {
	return db.write(ctx, func(t *tx) error {
		old, err := t.chat(c.ID, "{lock}")
		if errors.Is(err, ErrNotFound) {
			return t.insertChat(c)
		}
		if err != nil {
			return err
		}
		return t.replaceChat(old, c)
	})
}

// UpdateChat changes a chat in one transaction and gives the result; an error
// of f leaves it as it was and is returned. f must not touch the store and may be
// called again with fresh values. A chat that leaves the active state has what is
// owed to it held; one that becomes active has it released, as with Resume.
func (db *DB) UpdateChat(ctx context.Context, id int64, f func(*Chat) error) (Chat, error) {
	var c Chat
	err := db.write(ctx, func(t *tx) error {
		old, err := t.chat(id, "{lock}")
		if err != nil {
			return err
		}
		c = old
		if err := f(&c); err != nil {
			return err
		}
		c.ID = id
		return t.replaceChat(old, c)
	})
	if err != nil {
		return Chat{}, err
	}
	return c, nil
}

// insertChat stores a chat that is not there yet.
func (t *tx) insertChat(c Chat) error {
	if c.State == "" {
		c.State = ChatActive
	}
	if c.Created.IsZero() {
		c.Created = t.now
	}
	v := c.values()
	_, err := t.exec(`INSERT INTO chats (`+chatColumns+`) VALUES (`+places(1, len(v))+`)`, v...)
	return err
}

// replaceChat writes a chat over the row that was read as old under lock, with
// what a change of state or topic brings along. Queue and lease are not touched.
func (t *tx) replaceChat(old, c Chat) error {
	if c.State == "" {
		c.State = ChatActive
	}
	if c.Created.IsZero() {
		c.Created = old.Created
	}
	if c.State == ChatActive {
		c.PausedUntil = time.Time{}
	}
	_, err := t.exec(`UPDATE chats SET kind = $2, title = $3, username = $4, lang = $5, zone = $6, digest = $7, forum = $8,
		quiet_from = $9, quiet_to = $10, state = $11, reason = $12, paused_until = $13, digest_at = $14, created = $15,
		thread_id = $16, owner_id = $17, quiet_hold = $18, pictures = $19 WHERE id = $1`, c.values()...)
	if err != nil {
		return err
	}
	if old.holds() && !c.holds() {
		if err := t.wake(c.ID); err != nil {
			return err
		}
	}
	if c.Thread != old.Thread { // its route to itself follows the bound topic
		_, err := t.exec(`UPDATE routes SET thread_id = $3 WHERE chat_id = $1 AND to_chat = $1 AND thread_id = $2
			AND NOT EXISTS (SELECT 1 FROM routes WHERE chat_id = $1 AND to_chat = $1 AND thread_id = $3)`,
			c.ID, old.Thread, c.Thread)
		if err != nil {
			return err
		}
	}
	switch {
	case c.State == old.State:
		return nil
	case c.State == ChatActive:
		return t.unhold(c.ID)
	default:
		return t.hold(c.ID, false)
	}
}

// holds says whether the chat's quiet hours make alerts wait.
func (c *Chat) holds() bool { return c.QuietHold && c.QuietFrom != c.QuietTo }

// wake ends the waiting of what quiet hours have put off: there are none any more.
func (t *tx) wake(chat int64) error {
	_, err := t.exec(`UPDATE deliveries SET not_before = $2 WHERE chat_id = $1 AND state = 'waiting'
		AND reason = '`+QuietHours+`' AND not_before > $2`, chat, t.now)
	return err
}

// ForgetChat removes everything about a chat: settings, rules, entities, routes to and
// from it, deliveries, dialogs (a person's also in other chats), and the sources
// that only it saw, with their articles. Forgetting an unknown chat is no error.
func (db *DB) ForgetChat(ctx context.Context, id int64) error {
	err := db.write(ctx, func(t *tx) error {
		if err := t.mustChat(id); err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		own, err := collect(t, scanID, `SELECT v.source_id FROM views v JOIN sources s ON s.id = v.source_id
			WHERE v.chat_id = $1 AND NOT s.shared
			AND NOT EXISTS (SELECT 1 FROM views o WHERE o.source_id = s.id AND o.chat_id <> $1)`, id)
		if err != nil {
			return err
		}
		for _, source := range own {
			if err := t.forgetSource(source); err != nil {
				return err
			}
		}
		if err := t.endRuleRoutes(`x.to_chat = $1 AND r.chat_id <> $1`, id); err != nil {
			return err
		}
		for _, q := range []string{
			`DELETE FROM dialogs WHERE chat_id = $1 OR user_id = $1`,
			`UPDATE chats SET owner_id = 0 WHERE owner_id = $1`,
			`DELETE FROM chats WHERE id = $1`, // takes all that refers to it along
		} {
			if _, err := t.exec(q, id); err != nil {
				return err
			}
		}
		return t.rulesChanged()
	})
	if err != nil {
		return fmt.Errorf("forget chat %d: %w", id, err)
	}
	return nil
}

// forgetSource deletes a source, the articles that only it carried, and what is
// owed to other chats because of those.
func (t *tx) forgetSource(id int64) error {
	for _, q := range []string{
		`UPDATE deliveries SET state = 'dropped', asked = FALSE, reason = 'its source was removed' WHERE state NOT IN ('sent', 'dropped')
			AND article_id IN (` + onlyIn + `)`,
		`DELETE FROM identities WHERE article_id IN (` + onlyIn + `)`,
		`DELETE FROM articles WHERE id IN (` + onlyIn + `)`,
		`DELETE FROM sources WHERE id = $1`,
	} {
		if _, err := t.exec(q, id); err != nil {
			return err
		}
	}
	return nil
}

// onlyIn selects the articles that no other source than $1 carries.
const onlyIn = `SELECT g.article_id FROM sightings g WHERE g.source_id = $1
	AND NOT EXISTS (SELECT 1 FROM sightings o WHERE o.article_id = g.article_id AND o.source_id <> $1)`

// MigrateChat replaces a chat's id everywhere, when a group has become a
// supergroup. A chat that has the new id already takes the old one's settings and
// keeps its own rules and deliveries beside the old one's. Leases on either end:
// parcels that were claimed before are lost (ErrLeaseLost). Once from is gone the
// call does nothing, so it may be repeated; ErrNotFound when neither exists.
func (db *DB) MigrateChat(ctx context.Context, from, to int64) error {
	if from == to {
		return nil
	}
	err := db.write(ctx, func(t *tx) error {
		if err := t.lockBoth(from, to); err != nil {
			return err
		}
		old, err := t.chat(from, "")
		if errors.Is(err, ErrNotFound) {
			_, err = t.chat(to, "")
			return err
		}
		if err != nil {
			return err
		}
		if err := t.succeed(old, to); err != nil {
			return err
		}
		if err := t.moveChat(from, to); err != nil {
			return err
		}
		return t.rulesChanged()
	})
	if err != nil {
		return fmt.Errorf("migrate chat %d to %d: %w", from, to, err)
	}
	return nil
}

// lockBoth locks two chats, either of which may be missing.
func (t *tx) lockBoth(a, b int64) error {
	for _, id := range []int64{min(a, b), max(a, b)} {
		if err := t.mustChat(id); err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
	}
	return nil
}

// succeed makes the row of the new id, or gives the one that is there the old
// one's settings; turns and times go on from the later of both.
func (t *tx) succeed(old Chat, to int64) error {
	from := old.ID
	old.ID, old.Kind = to, "supergroup"
	cur, err := t.chat(to, "")
	switch {
	case errors.Is(err, ErrNotFound):
		err = t.insertChat(old)
	case err == nil:
		err = t.replaceChat(cur, old)
	}
	if err != nil {
		return err
	}
	_, err = t.exec(`UPDATE chats SET token = chats.token + o.token + 1, lease_until = 0,
		seq = {max}(chats.seq, o.seq), free_at = {max}(chats.free_at, o.free_at)
		FROM chats o WHERE chats.id = $1 AND o.id = $2`, to, from)
	return err
}

// moveChat moves every row that mentions from; what the new id has already is
// deleted with the old row.
func (t *tx) moveChat(from, to int64) error {
	for _, q := range []string{
		`UPDATE rules SET chat_id = $2 WHERE chat_id = $1 AND NOT EXISTS (SELECT 1 FROM rules o
			WHERE o.chat_id = $2 AND o.query = rules.query AND o.source_id = rules.source_id)`,
		`UPDATE entities SET chat_id = $2 WHERE chat_id = $1 AND NOT EXISTS (SELECT 1 FROM entities o
			WHERE o.chat_id = $2 AND o.slug = entities.slug)`,
		`UPDATE views SET chat_id = $2 WHERE chat_id = $1 AND NOT EXISTS (SELECT 1 FROM views o
			WHERE o.chat_id = $2 AND o.source_id = views.source_id)`,
		`UPDATE routes SET to_chat = $2 WHERE to_chat = $1 AND NOT EXISTS (SELECT 1 FROM routes o
			WHERE o.chat_id = routes.chat_id AND o.to_chat = $2 AND o.thread_id = routes.thread_id)`,
		`UPDATE routes SET chat_id = $2 WHERE chat_id = $1 AND NOT EXISTS (SELECT 1 FROM routes o
			WHERE o.chat_id = $2 AND o.to_chat = routes.to_chat AND o.thread_id = routes.thread_id)`,
		`UPDATE rule_routes SET to_chat = $2 WHERE to_chat = $1 AND NOT EXISTS (SELECT 1 FROM rule_routes o
			WHERE o.rule_id = rule_routes.rule_id AND o.to_chat = $2 AND o.thread_id = rule_routes.thread_id)`,
		`UPDATE digests SET chat_id = $2 WHERE chat_id = $1 AND NOT EXISTS (SELECT 1 FROM digests o
			WHERE o.chat_id = $2 AND o.thread_id = digests.thread_id AND o.slot = digests.slot)`,
		`UPDATE quotas SET chat_id = $2 WHERE chat_id = $1 AND NOT EXISTS (SELECT 1 FROM quotas o
			WHERE o.chat_id = $2 AND o.thread_id = quotas.thread_id AND o.rule_id = quotas.rule_id)`,
		`UPDATE deliveries SET chat_id = $2 WHERE chat_id = $1 AND NOT EXISTS (SELECT 1 FROM deliveries o
			WHERE o.chat_id = $2 AND o.thread_id = deliveries.thread_id AND o.story_id = deliveries.story_id)`,
		`UPDATE dialogs SET chat_id = $2 WHERE chat_id = $1 AND NOT EXISTS (SELECT 1 FROM dialogs o
			WHERE o.chat_id = $2 AND o.user_id = dialogs.user_id AND o.thread_id = dialogs.thread_id)`,
		`UPDATE chats SET owner_id = $2 WHERE owner_id = $1`,
	} {
		if _, err := t.exec(q, from, to); err != nil {
			return err
		}
	}
	if _, err := t.exec(`DELETE FROM dialogs WHERE chat_id = $1`, from); err != nil {
		return err
	}
	if _, err := t.exec(`DELETE FROM chats WHERE id = $1`, from); err != nil {
		return err
	}
	return t.reschedule(to)
}

// Resume makes a chat active again; what was held for less than HeldFor becomes
// due, or waits for its digest, and the rest is dropped. ErrNotFound when there is
// no such chat.
func (db *DB) Resume(ctx context.Context, chat int64) error {
	return db.write(ctx, func(t *tx) error { return t.resume(chat) })
}

// resume is Resume within a transaction.
func (t *tx) resume(chat int64) error {
	n, err := t.exec(`UPDATE chats SET state = 'active', reason = '', paused_until = 0 WHERE id = $1`, chat)
	if err != nil {
		return err
	}
	if n == 0 {
		return found(sql.ErrNoRows, "chat", chat)
	}
	return t.unhold(chat)
}

// hold keeps what is owed to a chat until it is active again. A page that may be
// on its way keeps its state, unless its sender itself says so.
func (t *tx) hold(chat int64, sending bool) error {
	_, err := t.exec(`UPDATE deliveries SET state = 'held' WHERE chat_id = $1 AND (state IN ('due', 'waiting', 'uncertain')
		OR (state = 'sending' AND CAST($2 AS BIGINT) = 1))`, chat, boolInt(sending))
	if err != nil {
		return err
	}
	_, err = t.exec(`UPDATE chats SET due_at = NULL WHERE id = $1`, chat)
	return err
}

// unhold makes due again what was held: in the order in which it was stored, but
// behind what is due already.
func (t *tx) unhold(chat int64) error {
	_, err := t.exec(`UPDATE deliveries SET state = 'dropped', reason = '`+HeldTooLong+`'
		WHERE chat_id = $1 AND state = 'held' AND NOT asked AND created < $2`, chat, t.now.Add(-HeldFor))
	if err != nil {
		return err
	}
	_, err = t.exec(`UPDATE deliveries SET state = 'waiting', seq = 0
		WHERE chat_id = $1 AND state = 'held' AND NOT asked AND (kind IN ('digest', 'backlog') AND digest_id = 0
			OR kind = 'fold' AND not_before > 0)`, chat) // else it was due already
	if err != nil {
		return err
	}
	if err := t.enqueue(chat, 0, `d.state = 'held' AND NOT d.asked`, `d.id`); err != nil {
		return err
	}
	return t.reschedule(chat)
}

// enqueue makes the deliveries of a chat that satisfy where due, in order, under a
// digest if one is given (else 0), with the next turns. where and order are SQL of
// ours about a delivery d, with arguments from $3; the caller reschedules.
func (t *tx) enqueue(chat, digest int64, where, order string, args ...any) error {
	_, err := t.exec(`UPDATE deliveries SET state = 'due', seq = w.turn,
		not_before = CASE WHEN state = 'waiting' THEN 0 ELSE not_before END,
		digest_id = CASE WHEN CAST($2 AS BIGINT) = 0 THEN digest_id ELSE CAST($2 AS BIGINT) END
		FROM (SELECT d.id AS delivery, c.seq + row_number() OVER (ORDER BY `+order+`) AS turn
			FROM deliveries d JOIN chats c ON c.id = d.chat_id WHERE d.chat_id = $1 AND `+where+`) AS w
		WHERE deliveries.id = w.delivery`, append([]any{chat, digest}, args...)...)
	if err != nil {
		return err
	}
	_, err = t.exec(`UPDATE chats SET seq = {max}(seq, (SELECT coalesce(max(d.seq), 0) FROM deliveries d
		WHERE d.chat_id = chats.id AND d.state IN ('due', 'sending', 'uncertain'))) WHERE id = $1`, chat)
	return err
}

func boolInt(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
