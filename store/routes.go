package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
)

// Route says where the matches of a chat's rules go.
type Route struct {
	Chat   int64 // whose rules
	To     int64 // destination
	Thread int64 // topic of the destination, 0 none
	// Approve says that nothing is published there before somebody of Chat has decided
	// so; see Decide. It is false of a route to Chat itself.
	Approve bool
}

const routeColumns = `chat_id, to_chat, thread_id, approve`

func scanRoute(s scanner) (r Route, err error) {
	return r, s.Scan(&r.Chat, &r.To, &r.Thread, &r.Approve)
}

// Routes lists where a chat's matches go; a chat without any stored is its own
// destination, with its bound topic. ErrNotFound when there is no such chat.
func (db *DB) Routes(ctx context.Context, chat int64) ([]Route, error) {
	var list []Route
	err := db.read(ctx, func(t *tx) (err error) {
		list, err = t.routes(chat)
		if err != nil || len(list) > 0 {
			return err
		}
		self := Route{Chat: chat, To: chat}
		err = t.row(`SELECT thread_id FROM chats WHERE id = $1`, chat).Scan(&self.Thread)
		list = []Route{self}
		return found(err, "chat", chat)
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

func (t *tx) routes(chat int64) ([]Route, error) {
	return collect(t, scanRoute, `SELECT `+routeColumns+` FROM routes WHERE chat_id = $1
		ORDER BY CASE WHEN to_chat = chat_id THEN 0 ELSE 1 END, to_chat, thread_id`, chat)
}

// AddRoute adds a destination; the chat itself stays one when it was. Adding
// twice changes nothing. ErrNotFound when either chat is unknown.
func (db *DB) AddRoute(ctx context.Context, r Route) error {
	err := db.write(ctx, func(t *tx) error {
		// Ascending, as everybody locks chats.
		if err := cmp.Or(t.mustChat(min(r.Chat, r.To)), t.mustChat(max(r.Chat, r.To))); err != nil {
			return err
		}
		_, err := t.exec(`INSERT INTO routes (chat_id, to_chat, thread_id) SELECT id, id, thread_id FROM chats
			WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM routes WHERE chat_id = $1)`, r.Chat)
		if err != nil {
			return err
		}
		_, err = t.exec(`INSERT INTO routes (chat_id, to_chat, thread_id, approve) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
			r.Chat, r.To, r.Thread, r.Approve && r.To != r.Chat)
		return err
	})
	if err != nil {
		return fmt.Errorf("add route: %w", err)
	}
	return nil
}

// SetApproval says whether what a chat publishes in another must be approved from now
// on. ErrNotFound when it publishes nothing there.
func (db *DB) SetApproval(ctx context.Context, chat, to int64, approve bool) error {
	return db.write(ctx, func(t *tx) error {
		n, err := t.exec(`UPDATE routes SET approve = $3 WHERE chat_id = $1 AND to_chat = $2 AND to_chat <> chat_id`, chat, to, approve)
		if err == nil && n == 0 {
			err = found(sql.ErrNoRows, "route to chat", to)
		}
		return err
	})
}

// RemoveRoute removes a destination, or says ErrNotFound. After the last one the
// chat is its own destination again; so is it of a rule that went only there. What is
// owed to it stays owed.
func (db *DB) RemoveRoute(ctx context.Context, r Route) error {
	return db.write(ctx, func(t *tx) error {
		n, err := t.exec(`DELETE FROM routes WHERE chat_id = $1 AND to_chat = $2 AND thread_id = $3`, r.Chat, r.To, r.Thread)
		if err == nil && n == 0 {
			err = found(sql.ErrNoRows, "route to chat", r.To)
		}
		if err != nil || r.To == r.Chat {
			return err
		}
		return t.endRuleRoutes(`r.chat_id = $1 AND x.to_chat = $2 AND x.thread_id = $3`, r.Chat, r.To, r.Thread)
	})
}

// RoutesTo lists the stored routes that end in a chat.
func (db *DB) RoutesTo(ctx context.Context, to int64) ([]Route, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	return collect(t, scanRoute, `SELECT `+routeColumns+` FROM routes WHERE to_chat = $1
		ORDER BY chat_id, thread_id`, to)
}
