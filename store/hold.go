package store

import (
	"context"
	"fmt"
	"time"
)

// HoldSource lets the lease of a claimed source begin anew, for a visit that
// had to wait for its turn. ErrLeaseLost when the source was claimed by somebody
// else meanwhile.
func (db *DB) HoldSource(ctx context.Context, s Source, lease time.Duration) error {
	return db.write(ctx, func(t *tx) error {
		n, err := t.exec(`UPDATE sources SET lease_until = $3 WHERE id = $1 AND token = $2`, s.ID, s.Token, t.now.Add(lease))
		if err == nil && n == 0 {
			err = fmt.Errorf("source %d: %w", s.ID, ErrLeaseLost)
		}
		return err
	})
}
