package store

import (
	"context"
	"time"
)

// Telegram starts its update numbers anew after a week without updates, so a
// number says something only for that long.
const (
	updateFresh = 7 * 24 * time.Hour
	updateKept  = 8 * 24 * time.Hour
)

// UpdateDone remembers that an update of Telegram's was handled.
func (db *DB) UpdateDone(ctx context.Context, id int64) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(`INSERT INTO updates (update_id, done) VALUES ($1, $2)
			ON CONFLICT (update_id) DO UPDATE SET done = excluded.done`, id, t.now)
		return err
	})
}

// UpdateSeen says whether an update was handled in the last week.
func (db *DB) UpdateSeen(ctx context.Context, id int64) (bool, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	var seen bool
	err := t.row(`SELECT EXISTS (SELECT 1 FROM updates WHERE update_id = $1 AND done > $2)`,
		id, db.local().Add(-updateFresh)).Scan(&seen)
	return seen, err
}

// Offset is the next update to ask Telegram for; 0 at first.
func (db *DB) Offset(ctx context.Context) (int64, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	return t.count("offset")
}

// SaveOffset stores the next update to ask for. It may be lower than before.
func (db *DB) SaveOffset(ctx context.Context, n int64) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(`UPDATE counters SET value = $1 WHERE name = 'offset'`, n)
		return err
	})
}
