package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Lead takes or renews the leadership called name for ttl. The token grows with
// every change of owner. ok is false while somebody else leads. The leader must
// count ttl from before the call, on its own monotonic clock.
func (db *DB) Lead(ctx context.Context, name, owner string, ttl time.Duration) (token int64, ok bool, err error) {
	err = db.lease(ctx, func(t *tx) error {
		err := t.row(`INSERT INTO leases AS l (name, owner, token, expires) VALUES ($1, $2, 1, $3)
			ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, expires = excluded.expires,
				token = l.token + (CASE WHEN l.owner = excluded.owner THEN 0 ELSE 1 END)
			WHERE l.owner = excluded.owner OR l.expires <= $4 RETURNING token`,
			name, owner, t.now.Add(ttl), t.now).Scan(&token)
		ok = err == nil
		if errors.Is(err, sql.ErrNoRows) { // somebody else leads
			token, err = 0, nil
		}
		return err
	})
	return token, ok, err
}

// Yield gives a leadership up, if owner has it.
func (db *DB) Yield(ctx context.Context, name, owner string) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(`UPDATE leases SET expires = 0 WHERE name = $1 AND owner = $2`, name, owner)
		return err
	})
}
