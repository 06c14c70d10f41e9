package store

import (
	"context"
	"time"
)

// Dialog is where a person is in a conversation of several steps.
type Dialog struct {
	Chat, User, Thread int64
	Step               string
	Data               map[string]string
	Expires            time.Time
}

// Dialog is the running dialog, if there is one that has not expired.
func (db *DB) Dialog(ctx context.Context, chat, user, thread int64) (Dialog, bool, error) {
	return Dialog{}, false, errUnfinished
}

// SaveDialog starts a dialog or moves it on.
func (db *DB) SaveDialog(ctx context.Context, d Dialog) error { return errUnfinished }

// EndDialog ends a dialog; ending none is no error.
func (db *DB) EndDialog(ctx context.Context, chat, user, thread int64) error { return errUnfinished }
