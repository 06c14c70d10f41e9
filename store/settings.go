package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// one is the read pool for a method that needs a single statement.
func (db *DB) one(ctx context.Context) (*tx, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	return &tx{ctx: ctx, q: db.reads.on(db.reader), d: db.dialect}, cancel
}

// Operators lists the users who run this installation, the first of them first.
func (db *DB) Operators(ctx context.Context) ([]int64, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	return collect(t, scanID, `SELECT user_id FROM operators ORDER BY added, user_id`)
}

// AddOperator makes a user an operator; twice is no error.
func (db *DB) AddOperator(ctx context.Context, user int64) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(`INSERT INTO operators (user_id, added) VALUES ($1, $2) ON CONFLICT DO NOTHING`, user, t.now)
		return err
	})
}

// Get is the value stored under key; "" when there is none.
func (db *DB) Get(ctx context.Context, key string) (string, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	var value string
	err := t.row(`SELECT value FROM settings WHERE name = $1`, key).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, err
}

// Put stores value under key.
func (db *DB) Put(ctx context.Context, key, value string) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(`INSERT INTO settings (name, value) VALUES ($1, $2)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value`, key, value)
		return err
	})
}

// count reads a counter.
func (t *tx) count(name string) (n int64, err error) {
	if err := t.row(`SELECT value FROM counters WHERE name = $1`, name).Scan(&n); err != nil {
		return 0, fmt.Errorf("counter %s: %w", name, err)
	}
	return n, nil
}
