package store

import "context"

// Route says where the matches of a chat's rules go.
type Route struct {
	Chat   int64 // whose rules
	To     int64 // destination
	Thread int64 // topic of the destination, 0 none
}

// Routes lists where a chat's matches go; a chat without any is its own
// destination, with its bound topic.
func (db *DB) Routes(ctx context.Context, chat int64) ([]Route, error) { return nil, errUnfinished }

// AddRoute adds a destination; the chat itself stays one when it was. Adding
// twice changes nothing.
func (db *DB) AddRoute(ctx context.Context, r Route) error { return errUnfinished }

// RemoveRoute removes a destination, or says ErrNotFound. After the last one the
// chat is its own destination again.
func (db *DB) RemoveRoute(ctx context.Context, r Route) error { return errUnfinished }

// RoutesTo lists the stored routes that end in a chat.
func (db *DB) RoutesTo(ctx context.Context, to int64) ([]Route, error) { return nil, errUnfinished }
