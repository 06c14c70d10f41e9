package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

const (
	// advisoryLock is the number under which processes that migrate one PostgreSQL
	// schema queue: "wirewat" in ASCII.
	advisoryLock = 0x77697265776174

	sharedWait = 10 * time.Second // for another process that is migrating the same file
)

// migration is one forward step of the schema.
type migration struct {
	version int    // of the schema after it
	name    string // of its file
	sql     string // with macros
}

// embedded is this program's own list of steps.
func embedded() fs.FS {
	dir, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return migrationFiles // cannot be: the directory is compiled in
	}
	return dir
}

// migrations reads the steps, "001_start.sql" and so on, without gap from 1.
func migrations(dir fs.FS) ([]migration, error) {
	names, err := fs.Glob(dir, "*.sql")
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	var list []migration
	for i, name := range names {
		number, _, _ := strings.Cut(name, "_")
		version, err := strconv.Atoi(number)
		if err != nil || version != i+1 {
			return nil, fmt.Errorf("migration %s: its number must be %d", name, i+1)
		}
		text, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, err
		}
		list = append(list, migration{version, name, string(text)})
	}
	return list, nil
}

// Migrate brings the database at dsn to this program's schema and says from
// which version to which; from is 0 for a new database. A SQLite file with
// something in it is backed up beside itself first.
func Migrate(ctx context.Context, dsn string) (from, to int, err error) {
	db, err := connect(ctx, dsn, Options{})
	if err != nil {
		return 0, 0, err
	}
	defer db.Close()
	return db.migrate(ctx, embedded())
}

// migrate takes the steps that are missing, each in a transaction of its own: what
// breaks off has left a whole schema of the version it reached.
func (db *DB) migrate(ctx context.Context, dir fs.FS) (from, to int, err error) {
	steps, err := migrations(dir)
	if err != nil {
		return 0, 0, err
	}
	from, err = db.version(ctx)
	if err != nil {
		return 0, 0, err
	}
	if err := newer(from, len(steps)); err != nil {
		return from, from, err
	}
	if err := db.mayBegin(ctx, from); err != nil {
		return from, from, err
	}
	if from > 0 && from < len(steps) && db.path != "" {
		if err := db.keepBefore(ctx, from); err != nil {
			return from, from, err
		}
	}
	to = from
	for _, m := range steps[from:] {
		if err := db.step(ctx, m); err != nil {
			return from, to, fmt.Errorf("migrate with %s: %w", m.name, err)
		}
		to = m.version
		db.log.InfoContext(ctx, "database migrated", "version", m.version)
	}
	return from, to, nil
}

// mayBegin refuses a SQLite file that holds the tables of another program; those that begin
// with _ are of tools that replicate files. In PostgreSQL a schema may be shared.
func (db *DB) mayBegin(ctx context.Context, version int) error {
	if version > 0 || db.path == "" {
		return nil
	}
	var table string
	err := db.reader.QueryRowContext(ctx, `SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'schema_version'
		AND name NOT LIKE 'sqlite%' AND substr(name, 1, 1) <> '_' ORDER BY name LIMIT 1`).Scan(&table)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return fmt.Errorf("look into the database: %w", err)
	}
	return fmt.Errorf("%s belongs to another program: it has a table %q and no schema of ours; name another file in the option store", db.path, table)
}

// newer refuses a schema that this program does not know.
func newer(version, known int) error {
	if version <= known {
		return nil
	}
	return fmt.Errorf("%w: its schema is version %d, this program knows %d; update wirewatch", ErrNewer, version, known)
}

// step takes one step, unless another process has taken it meanwhile.
func (db *DB) step(ctx context.Context, m migration) error {
	s, err := db.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer s.Rollback()
	if db.dialect.engine == postgres {
		if _, err := s.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(advisoryLock)); err != nil {
			return err
		}
	}
	if _, err := s.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)`); err != nil {
		return err
	}
	var done int
	if err := s.QueryRowContext(ctx, `SELECT coalesce(max(version), 0) FROM schema_version`).Scan(&done); err != nil {
		return err
	}
	// Another process may have taken it while this one waited for the lock; on SQLite
	// the write lock that BEGIN takes does the same.
	if done >= m.version {
		return nil
	}
	// No arguments: both drivers then take several statements at once.
	if _, err := s.ExecContext(ctx, db.dialect.sql(m.sql)); err != nil {
		return err
	}
	if _, err := s.ExecContext(ctx, `DELETE FROM schema_version`); err != nil {
		return err
	}
	if _, err := s.ExecContext(ctx, `INSERT INTO schema_version (version) VALUES ($1)`, m.version); err != nil {
		return err
	}
	return s.Commit()
}

// version is the schema's, 0 for an empty database.
func (db *DB) version(ctx context.Context) (int, error) {
	table := `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'`
	if db.dialect.engine == postgres {
		table = `SELECT count(*) FROM information_schema.tables
			WHERE table_schema = current_schema() AND table_name = 'schema_version'`
	}
	var n int
	if err := db.reader.QueryRowContext(ctx, table).Scan(&n); err != nil {
		return 0, fmt.Errorf("read schema version: %w", err)
	}
	if n == 0 {
		return 0, nil
	}
	err := db.reader.QueryRowContext(ctx, `SELECT version FROM schema_version`).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read schema version: %w", err)
	}
	return n, nil
}

// keepBefore backs a SQLite file up beside itself before its schema changes. A
// copy of the same version from a migration that broke off is replaced.
func (db *DB) keepBefore(ctx context.Context, version int) error {
	name := fmt.Sprintf("%s.v%d", db.path, version)
	if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("back up before migrating: %w", err)
	}
	if err := db.Backup(ctx, name); err != nil {
		return fmt.Errorf("back up before migrating: %w", err)
	}
	db.log.InfoContext(ctx, "database backed up before migrating", "file", name)
	return nil
}

// migrateShared migrates a file that several processes open, under the lock of
// the one that does it: a schema must not change under a running program.
func (db *DB) migrateShared(ctx context.Context) error {
	steps, err := migrations(embedded())
	if err != nil {
		return err
	}
	for deadline := time.Now().Add(sharedWait); ; {
		v, err := db.version(ctx)
		if err != nil {
			return err
		}
		if v >= len(steps) {
			return newer(v, len(steps))
		}
		lock, err := lockFile(db.path)
		if err == nil {
			_, _, err = db.migrate(ctx, embedded())
			return errors.Join(err, lock.Close())
		}
		if !errors.Is(err, ErrLocked) || time.Now().After(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}
