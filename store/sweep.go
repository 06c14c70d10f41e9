package store

import (
	"context"
	"time"
)

// Retention says how long what is kept. A zero field takes its default.
type Retention struct {
	Articles   time.Duration // since they were seen; default 30 days
	Deliveries time.Duration // settled ones, since they were created; default 3 × Articles
	Seen       time.Duration // guids and identities, since a source last showed them; default 2 × Articles
}

// Sweep removes what is older than keep, in small transactions, and says how
// many rows went. Open deliveries and their articles always stay.
func (db *DB) Sweep(ctx context.Context, keep Retention) (int, error) { return 0, errUnfinished }
