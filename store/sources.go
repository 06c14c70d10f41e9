package store

import (
	"context"
	"time"

	"wirewatch/feeds"
)

// SourceState says whether a source is polled.
type SourceState string

// The states of a source.
const (
	SourceActive SourceState = "active"
	SourcePaused SourceState = "paused" // nobody sees it, or an operator stopped it
	SourceGone   SourceState = "gone"   // its server said 410
)

// Source is a feed and what polling it has taught.
type Source struct {
	feeds.Source
	Shared       bool // in the catalogue: every chat sees it
	State        SourceState
	ETag         string
	LastModified string
	BodyHash     []byte        // of the last document; nil before the first
	Interval     time.Duration // 0: not learned yet
	NextAt       time.Time     // when the next visit is due
	Fails        int           // visits failed in a row
	LastError    string        // "" after a good visit
	LastOK       time.Time     // last good visit
	LastNew      time.Time     // last visit with a new article
	LastTried    time.Time
	Visited      bool  // a first visit has stored the backlog
	Items        int64 // articles this source has carried
	Token        int64 // fencing token of the lease under which it was claimed
}

// AddSource makes a source known and visible: to every chat (chat 0), else to
// that chat alone. It is idempotent by URL; the bool says whether it was new to
// this chat. A source that was paused or gone is polled again.
func (db *DB) AddSource(ctx context.Context, s feeds.Source, chat int64) (Source, bool, error) {
	return Source{}, false, errUnfinished
}

// RemoveSource ends a chat's view of a source, or takes it out of the catalogue
// (chat 0). A source that nobody sees any more is paused.
func (db *DB) RemoveSource(ctx context.Context, id, chat int64) error { return errUnfinished }

// Sources lists what a chat sees, the catalogue and its own, by title; chat 0
// means all sources there are.
func (db *DB) Sources(ctx context.Context, chat int64) ([]Source, error) {
	return nil, errUnfinished
}

// Source is one source, or ErrNotFound.
func (db *DB) Source(ctx context.Context, id int64) (Source, error) {
	return Source{}, errUnfinished
}

// ClaimSources takes up to limit sources that are due, the longest due first,
// each under a lease with a fencing token: until it has run out or the visit is
// published, no other claim gets them.
func (db *DB) ClaimSources(ctx context.Context, limit int, lease time.Duration) ([]Source, error) {
	return nil, errUnfinished
}

// Known tells which of the guids this source has shown before.
func (db *DB) Known(ctx context.Context, source int64, guids [][16]byte) (map[[16]byte]bool, error) {
	return nil, errUnfinished
}

// Failed records a visit that brought nothing: reason is for a person, next is
// the time of the next try, gone ends polling. The old validators stay.
func (db *DB) Failed(ctx context.Context, s Source, reason string, next time.Time, gone bool) error {
	return errUnfinished
}
