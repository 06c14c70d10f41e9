package store

import (
	"context"
	"io/fs"
	"time"
)

// Opened to tests: raw counts over the whole schema, and migrating along other steps.

// Count runs a query of one number.
func (db *DB) Count(ctx context.Context, q string, args ...any) (n int64, err error) {
	t, cancel := db.one(ctx)
	defer cancel()
	return n, t.row(q, args...).Scan(&n)
}

// Exec changes rows behind the store's back.
func (db *DB) Exec(ctx context.Context, q string, args ...any) error {
	return db.write(ctx, func(t *tx) error { _, err := t.exec(q, args...); return err })
}

// Texts runs a query of one text column.
func (db *DB) Texts(ctx context.Context, q string, args ...any) ([]string, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	return collect(t, func(s scanner) (text string, err error) { return text, s.Scan(&text) }, q, args...)
}

// MigrateAlong migrates with steps of a test's own.
func (db *DB) MigrateAlong(ctx context.Context, dir fs.FS) (from, to int, err error) {
	return db.migrate(ctx, dir)
}

// Embedded is the program's own list of steps.
func Embedded() fs.FS { return embedded() }

// MaxStatements is how many statements are kept compiled.
const MaxStatements = maxStatements

// Kept is how many statements of the readers are compiled.
func Kept(db *DB) int {
	db.reads.mu.Lock()
	defer db.reads.mu.Unlock()
	return len(db.reads.ready)
}

// Synchronous is the writer's mode, as SQLite has it.
func Synchronous(db *DB) (mode int) {
	if err := db.writer.QueryRow(`PRAGMA synchronous`).Scan(&mode); err != nil {
		return -1
	}
	return mode
}

// Spend gives the reserve up, as a full disk does.
func Spend(db *DB) { db.reserve.spend() }

// Later lets the next try to have the reserve again be due.
func Later(db *DB) { db.reserve.tried = time.Time{} }

// Gates is how many rows of their table are used.
const Gates = gates
