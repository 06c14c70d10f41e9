package store

import (
	"context"
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
	QuietFrom, QuietTo int // minutes of the day in its zone; equal: off
	State              ChatState
	Reason             string    // why it is in that state, for a person
	PausedUntil        time.Time // zero: until Resume
	DigestAt           time.Time // when its next digest is due; zero: never
	Created            time.Time
	Thread             int64 // bound topic, 0 none
	Owner              int64 // user who linked it, 0 nobody
}

// Chat is one chat, or ErrNotFound.
func (db *DB) Chat(ctx context.Context, id int64) (Chat, error) { return Chat{}, errUnfinished }

// SaveChat inserts a chat or replaces everything about it.
func (db *DB) SaveChat(ctx context.Context, c Chat) error { return errUnfinished }

// UpdateChat changes a chat in one transaction and gives the result; an error
// of f leaves it as it was and is returned. f must not touch the store.
func (db *DB) UpdateChat(ctx context.Context, id int64, f func(*Chat) error) (Chat, error) {
	return Chat{}, errUnfinished
}

// Chats lists all chats by id.
func (db *DB) Chats(ctx context.Context) ([]Chat, error) { return nil, errUnfinished }

// ForgetChat removes everything about a chat: settings, rules, routes to and
// from it, deliveries, dialogs, and the sources that only it saw.
func (db *DB) ForgetChat(ctx context.Context, id int64) error { return errUnfinished }

// MigrateChat replaces a chat's id everywhere, when a group has become a
// supergroup. What the new id has of its own already is kept.
func (db *DB) MigrateChat(ctx context.Context, from, to int64) error { return errUnfinished }
