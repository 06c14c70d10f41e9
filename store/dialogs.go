package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Dialog is where a person is in a conversation of several steps.
type Dialog struct {
	Chat, User, Thread int64             // one dialog for each person in each topic
	Step               string            // the bot's name for what it asked last
	Data               map[string]string // answers so far; stored as JSON
	Expires            time.Time         // after it the dialog counts as ended
}

// Dialog is the running dialog, if there is one that has not expired. Its Data
// is never nil.
func (db *DB) Dialog(ctx context.Context, chat, user, thread int64) (Dialog, bool, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	d := Dialog{Chat: chat, User: user, Thread: thread, Data: map[string]string{}}
	err := t.row(`SELECT step, data, expires FROM dialogs
		WHERE chat_id = $1 AND user_id = $2 AND thread_id = $3 AND expires > $4`,
		chat, user, thread, db.local()).Scan(&d.Step, toJSON{&d.Data}, toTime{&d.Expires})
	if errors.Is(err, sql.ErrNoRows) {
		return Dialog{}, false, nil
	}
	if d.Data == nil {
		d.Data = map[string]string{}
	}
	return d, err == nil, err
}

// SaveDialog starts a dialog or moves it on.
func (db *DB) SaveDialog(ctx context.Context, d Dialog) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(`INSERT INTO dialogs (chat_id, user_id, thread_id, step, data, expires)
			VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (chat_id, user_id, thread_id)
			DO UPDATE SET step = excluded.step, data = excluded.data, expires = excluded.expires`,
			d.Chat, d.User, d.Thread, d.Step, jsonText{d.Data}, d.Expires)
		return err
	})
}

// EndDialog ends a dialog; ending none is no error.
func (db *DB) EndDialog(ctx context.Context, chat, user, thread int64) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(`DELETE FROM dialogs WHERE chat_id = $1 AND user_id = $2 AND thread_id = $3`, chat, user, thread)
		return err
	})
}
