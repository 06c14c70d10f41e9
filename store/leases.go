package store

import (
	"context"
	"time"
)

// Lead takes or renews the leadership called name for ttl. The token grows with
// every change of owner. ok is false while somebody else leads.
func (db *DB) Lead(ctx context.Context, name, owner string, ttl time.Duration) (token int64, ok bool, err error) {
	return 0, false, errUnfinished
}

// Yield gives a leadership up, if owner has it.
func (db *DB) Yield(ctx context.Context, name, owner string) error { return errUnfinished }
