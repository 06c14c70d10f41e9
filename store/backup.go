package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// restoreGap is how old a backup may be, by the last thing that it knows, and
// still be carried on as if nothing had happened.
const restoreGap = time.Hour

var errUsePgDump = errors.New(`PostgreSQL is backed up with its own tools: use "pg_dump --format=custom" and "pg_restore"`)

// Check is the database's own full integrity check. It reads the whole SQLite
// file. PostgreSQL has no such check for its clients: there it only asks whether
// the tables answer.
func (db *DB) Check(ctx context.Context) error {
	if db.dialect.engine == postgres {
		_, err := db.version(ctx)
		return err
	}
	return check(ctx, db.reader)
}

// check runs SQLite's two checks on any connection.
func check(ctx context.Context, q querier) error {
	t := &tx{ctx: ctx, q: q, d: newDialect(sqlite)}
	faults, err := collect(t, func(s scanner) (text string, err error) { return text, s.Scan(&text) },
		`PRAGMA integrity_check(10)`)
	if err != nil {
		return fmt.Errorf("check database: %w", err)
	}
	if len(faults) != 1 || faults[0] != "ok" {
		return fmt.Errorf("database is damaged: %s; restore a backup", strings.Join(faults, "; "))
	}
	err = t.each(func(s scanner) error {
		var table, parent string
		var row, key sql.NullInt64
		if err := s.Scan(&table, &row, &parent, &key); err != nil {
			return err
		}
		return fmt.Errorf("row %d of %s refers to nothing in %s", row.Int64, table, parent)
	}, `PRAGMA foreign_key_check`)
	if err != nil {
		return fmt.Errorf("check database: %w", err)
	}
	return nil
}

// Backup writes a checked copy to path, which must not exist; nothing of that
// name is left when it fails. The database is in use meanwhile as ever.
// PostgreSQL has its own tool for that; the error names it.
func (db *DB) Backup(ctx context.Context, path string) error {
	if db.dialect.engine == postgres {
		return fmt.Errorf("back up: %w", errUsePgDump)
	}
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("back up: %s exists already; choose another name", path)
	}
	// A connection of its own: the readers may not write, not even another file, and
	// the writer must not wait for the copy.
	own, err := sql.Open("sqlite", sqliteDSN(db.path))
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	defer own.Close()
	part := path + ".part"
	if err := vacuumInto(ctx, own, part); err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	if err := os.Rename(part, path); err != nil {
		return fmt.Errorf("back up: %w", errors.Join(err, os.Remove(part)))
	}
	return nil
}

// vacuumInto copies a database to a new file, checks the copy and brings it to
// the disk. The file is removed when that fails.
func vacuumInto(ctx context.Context, from *sql.DB, path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	// VACUUM INTO takes an empty file, which is how the copy gets its mode.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err = from.ExecContext(ctx, `VACUUM INTO $1`, path); err == nil {
		err = checkFile(ctx, path)
	}
	if err == nil {
		err = f.Sync()
	}
	if err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// checkFile checks a database that nobody uses, without writing to it.
func checkFile(ctx context.Context, path string) error {
	db, err := openCopy(path, "mode=ro")
	if err != nil {
		return err
	}
	defer db.Close()
	return check(ctx, db)
}

// openCopy opens a file that is not the live database: no WAL, one connection.
func openCopy(path string, mode string) (*sql.DB, error) {
	// Without the pragmas: they would make it a WAL database.
	dsn, _, _ := strings.Cut(sqliteDSN(path), "?")
	db, err := sql.Open("sqlite", dsn+"?_foreign_keys=1&"+mode)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// Restore puts a SQLite backup in place of the database at dsn. It checks the
// backup first, refuses while another process has the database (ErrLocked) or
// the backup comes from a later program (ErrNewer), and keeps the old file as
// *.before-restore.
//
// A backup whose last entry is more than an hour old does not know what was sent
// since. Told twice is worse then than told late: its open deliveries are
// dropped, and the next visit to each source stores what it finds silently.
func Restore(ctx context.Context, backup, dsn string) error {
	if isPostgres(dsn) {
		return fmt.Errorf("restore: %w", errUsePgDump)
	}
	path, err := sqlitePath(dsn)
	if err != nil {
		return err
	}
	lock, err := lockFile(path)
	if err != nil {
		return err
	}
	defer lock.Close() // held to the end: nobody opens a half-restored file
	fresh := path + ".restoring"
	if err := copyBackup(ctx, backup, fresh); err != nil {
		return fmt.Errorf("restore %s: %w", backup, err)
	}
	if err := settleGap(ctx, fresh, time.Now()); err != nil {
		return fmt.Errorf("restore %s: %w", backup, errors.Join(err, os.Remove(fresh)))
	}
	if err := putAside(path); err != nil {
		return fmt.Errorf("restore: keep the old file: %w", errors.Join(err, os.Remove(fresh)))
	}
	if err := os.Rename(fresh, path); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	return nil
}

// copyBackup checks a backup and copies it through SQLite, which also takes in a
// write-ahead log that lies beside it.
func copyBackup(ctx context.Context, backup, to string) error {
	if _, err := os.Stat(backup); err != nil {
		return err
	}
	src, err := openCopy(backup, "mode=ro")
	if err != nil {
		return err
	}
	defer src.Close()
	if err := check(ctx, src); err != nil {
		return err
	}
	v, err := (&DB{reader: src, dialect: newDialect(sqlite)}).version(ctx)
	if err != nil {
		return err
	}
	if v == 0 { // also what an empty file says
		return errors.New("this is not a wirewatch database")
	}
	steps, err := migrations(embedded())
	if err != nil {
		return err
	}
	if err := newer(v, len(steps)); err != nil {
		return err
	}
	return vacuumInto(ctx, src, to)
}

// settleGap keeps a backup that is too old from telling everything again.
func settleGap(ctx context.Context, path string, now time.Time) error {
	pool, err := openCopy(path, "mode=rw")
	if err != nil {
		return err
	}
	defer pool.Close()
	db := &DB{dialect: newDialect(sqlite), writer: pool, now: func() time.Time { return now }}
	return db.write(ctx, func(t *tx) error {
		var last time.Time // the last thing that the backup knows of
		err := t.row(`SELECT {max}((SELECT coalesce(max(last_tried), 0) FROM sources),
			(SELECT coalesce(max(started), 0) FROM deliveries))`).Scan(toTime{&last})
		if err != nil || last.IsZero() || now.Sub(last) <= restoreGap {
			return err
		}
		for _, q := range []string{
			`UPDATE sources SET visited = FALSE, etag = '', last_modified = '', body_hash = NULL, next_at = 0`,
			`UPDATE deliveries SET state = 'dropped', reason = 'restored from an older backup' WHERE state NOT IN ('sent', 'dropped')`,
			`UPDATE chats SET due_at = NULL`,
		} {
			if _, err := t.exec(q); err != nil {
				return err
			}
		}
		return nil
	})
}

// putAside renames the database and its log to the first free name, so that
// SQLite can still open them together.
func putAside(path string) error {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	kept := path + ".before-restore"
	for n := 2; ; n++ {
		if _, err := os.Lstat(kept); errors.Is(err, os.ErrNotExist) {
			break
		}
		kept = fmt.Sprintf("%s.before-restore.%d", path, n)
	}
	for _, suffix := range []string{"-wal", "-shm", ""} {
		err := os.Rename(path+suffix, kept+suffix)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}
