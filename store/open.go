package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	sqlitedriver "modernc.org/sqlite" // registers the driver "sqlite"
)

const (
	sqlite   = "sqlite"
	postgres = "postgres"

	readers        = 4                // connections that only read
	pgConnections  = 8                // connections to PostgreSQL that may write
	connectTimeout = 5 * time.Second  // to PostgreSQL, unless its DSN says otherwise
	busyTimeout    = 10 * time.Second // for the write lock, when another process has it
	walLimit       = 64 << 20         // bytes the write-ahead log keeps after a checkpoint
)

// Options of Open. The zero value is good for a single process.
type Options struct {
	Now    func() time.Time // nil: time.Now, and with PostgreSQL the server's clock
	Log    *slog.Logger     // nil: silent
	Shared bool             // no file lock: several processes share the SQLite file

	// Backlog is how late an alert may be that is told by itself: after an outage that
	// was longer, what is due to a chat is told as one digest, but for what is urgent.
	// 0: however late.
	Backlog time.Duration
}

// DB is an open store. It is safe for concurrent use.
type DB struct {
	dialect *dialect
	writer  *sql.DB // SQLite: one connection, so that writers queue here and not in SQLite
	reader  *sql.DB
	writes  *statements      // of the writer; nil with PostgreSQL
	reads   *statements      // of the reader
	group   group            // of SQLite's durable transactions
	now     func() time.Time // nil: the engine's clock
	log     *slog.Logger
	wake    chan struct{}
	backlog time.Duration
	hasty   bool      // SQLite's writer does not wait for the disk; see patience
	lock    *fileLock // nil: none held
	reserve *reserve  // nil without a file lock
	path    string    // of the SQLite file, "" with PostgreSQL
}

// Open opens the database at dsn, a file path or a postgres:// URL, creates it
// when it is missing and migrates it forward. The errors to branch on are
// ErrLocked (another process has the file) and ErrNewer (its schema belongs to a
// later program). Leases that a dead process left in a SQLite file are void, for
// the file lock proves that it is dead.
func Open(ctx context.Context, dsn string, o Options) (*DB, error) {
	db, err := connect(ctx, dsn, o)
	if err != nil {
		return nil, err
	}
	if err := db.start(ctx, o.Shared); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// connect opens the connections and takes the lock; it does not look inside.
func connect(ctx context.Context, dsn string, o Options) (*DB, error) {
	db := &DB{now: o.Now, log: o.Log, backlog: o.Backlog, wake: make(chan struct{}, 1)}
	if db.log == nil {
		db.log = slog.New(slog.DiscardHandler)
	}
	if isPostgres(dsn) {
		return db, db.connectPostgres(ctx, dsn)
	}
	if err := db.connectSQLite(ctx, dsn, o.Shared); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// isPostgres tells an address of PostgreSQL from a file name.
func isPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}

// connectPostgres opens both pools and asks whether the server answers.
func (db *DB) connectPostgres(ctx context.Context, dsn string) error {
	db.dialect = newDialect(postgres)
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		return fmt.Errorf("database address: %w", err) // pgx hides the password
	}
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = connectTimeout
	}
	// A worker that dies in the middle of a transaction must not keep its locks.
	if _, set := cfg.RuntimeParams["idle_in_transaction_session_timeout"]; !set {
		cfg.RuntimeParams["idle_in_transaction_session_timeout"] = "60000"
	}
	if _, set := cfg.RuntimeParams["application_name"]; !set {
		cfg.RuntimeParams["application_name"] = "wirewatch"
	}
	db.writer = stdlib.OpenDB(*cfg)
	db.writer.SetMaxOpenConns(pgConnections)
	db.reader = stdlib.OpenDB(*cfg)
	db.reader.SetMaxOpenConns(readers)
	if err := db.Ping(ctx); err != nil {
		db.Close()
		return fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	return nil
}

// connectSQLite creates the file if it must, takes its lock and opens both pools.
func (db *DB) connectSQLite(ctx context.Context, path string, shared bool) error {
	db.dialect = newDialect(sqlite)
	path, err := sqlitePath(path)
	if err != nil {
		return err
	}
	db.path = path
	// The file holds people's rules: it is born readable by its owner alone, and
	// SQLite gives the files beside it the same mode.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("open database: %w; its folder must be there, and this user must be able to write in it (option store)", err)
	}
	f.Close() // before SQLite opens it: closing later would drop SQLite's own locks
	if !shared {
		if db.lock, err = lockFile(path); err != nil {
			return err
		}
	}
	if db.writer, err = sql.Open("sqlite", sqliteDSN(path, "_txlock=immediate")); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	db.writer.SetMaxOpenConns(1)
	db.writer.SetMaxIdleConns(1)
	// The writer goes first: it makes a new file a WAL database before anybody reads.
	if err := patiently(ctx, db.writer.PingContext); err != nil {
		return notSQLite(path, err)
	}
	if db.reader, err = sql.Open("sqlite", sqliteDSN(path, "_query_only=1")); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	db.reader.SetMaxOpenConns(readers)
	db.reader.SetMaxIdleConns(readers)
	db.writes, db.reads = newStatements(db.writer), newStatements(db.reader)
	return patiently(ctx, db.Ping)
}

// notSQLite says what to do about a file that SQLite cannot open.
func notSQLite(path string, err error) error {
	err = fmt.Errorf("open database %s: %w", path, err)
	var refused *sqlitedriver.Error
	if errors.As(err, &refused) && refused.Code()&0xff == sqliteNotADB {
		return fmt.Errorf("%w; name another file in the option store, or put a backup in its place (wirewatch restore)", err)
	}
	return err
}

// How long and how often a new file that another process is just making is tried.
const (
	openPatience = 5 * time.Second
	openPause    = 20 * time.Millisecond
)

// patiently repeats f while SQLite is busy: turning a new file into a WAL database
// fails at once when another process does the same, whatever busy_timeout says.
func patiently(ctx context.Context, f func(context.Context) error) error {
	for end := time.Now().Add(openPatience); ; {
		err := f(ctx)
		var busy *sqlitedriver.Error
		if !errors.As(err, &busy) || busy.Code()&0xff != sqliteBusy || time.Now().After(end) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(openPause):
		}
	}
}

// Result codes of SQLite: https://sqlite.org/rescode.html.
const (
	sqliteBusy   = 5  // SQLITE_BUSY
	sqliteNotADB = 26 // SQLITE_NOTADB
)

// sqlitePath is the absolute path that a configured file name means.
func sqlitePath(dsn string) (string, error) {
	path := strings.TrimPrefix(dsn, "file:")
	if path == "" || strings.HasPrefix(path, ":memory:") {
		return "", errors.New("open database: a file name is needed, or a postgres:// address")
	}
	if name, _, ok := strings.Cut(path, "://"); ok && !strings.Contains(name, "/") {
		return "", fmt.Errorf("open database: %q is not supported; use a file name or postgres://…", name+"://")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("open database: %w", err)
	}
	return path, nil
}

// sqliteDSN spells the pragmas that every connection gets. auto_vacuum works only
// before the first page is written; the driver sees to that order. FULL costs one
// fsync a transaction and is what keeps a sent mark through a power failure.
func sqliteDSN(path string, more ...string) string {
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(path), OmitHost: true}
	p := append([]string{
		fmt.Sprintf("_busy_timeout=%d", busyTimeout.Milliseconds()),
		"_auto_vacuum=incremental",
		"_journal_mode=WAL",
		"_synchronous=FULL",
		"_foreign_keys=1",
		fmt.Sprintf("_pragma=journal_size_limit(%d)", walLimit),
	}, more...)
	return u.String() + "?" + strings.Join(p, "&")
}

// start migrates and, as the only process on this file, voids the leases of the
// process before.
func (db *DB) start(ctx context.Context, shared bool) error {
	if shared && db.path != "" {
		if err := db.migrateShared(ctx); err != nil {
			return err
		}
	} else if _, _, err := db.migrate(ctx, embedded()); err != nil {
		return err
	}
	if db.lock == nil {
		return nil
	}
	db.reserve = &reserve{path: db.path + reserveSuffix, log: db.log}
	db.reserve.take()
	if err := db.write(ctx, func(t *tx) error { return t.voidLeases() }); err != nil {
		return err
	}
	_, err := db.Rewind(ctx)
	return err
}

// voidLeases ends every lease; the tokens grow so that no outcome from before
// can be written down any more.
func (t *tx) voidLeases() error {
	for _, q := range []string{
		`UPDATE sources SET lease_until = 0, token = token + 1 WHERE lease_until > 0`,
		`UPDATE chats SET lease_until = 0, token = token + 1 WHERE lease_until > 0`,
		`UPDATE leases SET expires = 0`,
	} {
		if _, err := t.exec(q); err != nil {
			return fmt.Errorf("void leases: %w", err)
		}
	}
	return nil
}

// Close ends all connections and gives the file lock back. Closing twice is no
// error.
func (db *DB) Close() error {
	var errs []error
	for _, pool := range []*sql.DB{db.reader, db.writer} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	if db.lock != nil {
		errs = append(errs, db.lock.Close())
	}
	return errors.Join(errs...)
}

// Engine is "sqlite" or "postgres".
func (db *DB) Engine() string { return db.dialect.engine }

// Ping says whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	return db.reader.PingContext(ctx)
}

// Wake gives a token after a commit of this process that made a delivery due.
// Tokens collapse: one may stand for many commits.
func (db *DB) Wake() <-chan struct{} { return db.wake }
