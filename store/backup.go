package store

import "context"

// Check is the database's own full integrity check. It reads the whole file.
func (db *DB) Check(ctx context.Context) error { return errUnfinished }

// Backup writes a checked copy to path, which must not exist. PostgreSQL has
// its own tool for that; the error names it.
func (db *DB) Backup(ctx context.Context, path string) error { return errUnfinished }

// Restore puts the SQLite backup in place of the database at dsn. It checks the
// backup first, refuses while another process has the database (ErrLocked), and
// keeps the old file as *.before-restore.
func Restore(ctx context.Context, backup, dsn string) error { return errUnfinished }
