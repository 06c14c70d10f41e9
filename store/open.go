package store

import (
	"context"
	"log/slog"
	"time"
)

// Options of Open. The zero value is good for a single process.
type Options struct {
	Now    func() time.Time // the clock of everything but leases and the limiter, which use the database's; nil: time.Now
	Log    *slog.Logger     // nil: silent
	Shared bool             // no file lock: several processes share the SQLite file
}

// DB is an open store. It is safe for concurrent use.
type DB struct {
	now  func() time.Time
	wake chan struct{}
}

// Open opens the database at dsn, a file path or a postgres:// URL, and migrates
// it forward. The errors to branch on are ErrLocked and ErrNewer.
func Open(ctx context.Context, dsn string, o Options) (*DB, error) { return nil, errUnfinished }

// Close ends all connections and gives the file lock back.
func (db *DB) Close() error { return errUnfinished }

// Engine is "sqlite" or "postgres".
func (db *DB) Engine() string { return "" }

// Ping says whether the database answers.
func (db *DB) Ping(ctx context.Context) error { return errUnfinished }

// Wake gives a token after a commit of this process that made a delivery due.
// Tokens collapse: one may stand for many commits.
func (db *DB) Wake() <-chan struct{} { return db.wake }

// Migrate brings the database at dsn to this program's schema and says from
// which version to which; 0 is an empty database.
func Migrate(ctx context.Context, dsn string) (from, to int, err error) {
	return 0, 0, errUnfinished
}
