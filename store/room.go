package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	sqlitedriver "modernc.org/sqlite"
)

const (
	reserveSize   = 8 << 20          // bytes kept for what is owed: some thousand messages can be settled in them
	reserveSuffix = ".reserve"       // of the file beside a SQLite file that takes that room
	reserveAgain  = 10 * time.Second // between two tries to have it again
)

// ErrFull says that the disk of the database has no room. Nothing was changed.
var ErrFull = errors.New("the disk of the database is full")

// reserve is room on the disk of a SQLite file that is taken while there is
// plenty: by a file of zeros. When the disk is full the file goes, no sources are
// claimed until it can be written again, and what is owed is settled meanwhile.
type reserve struct {
	path string
	log  *slog.Logger

	mu    sync.Mutex
	spent bool
	tried time.Time // to write it
}

// take writes the file unless it is there. That it cannot is no error: then the
// disk is full.
func (r *reserve) take() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if info, err := os.Stat(r.path); err == nil && info.Size() == reserveSize {
		return
	}
	r.write()
	if r.spent {
		r.log.Error("the disk is full: no source is visited, what is owed is delivered", "wanted", reserveSize)
	}
}

// write tries to write the file.
func (r *reserve) write() {
	err := os.WriteFile(r.path, make([]byte, reserveSize), 0o600)
	if err != nil {
		os.Remove(r.path) // what of it could be written is wanted elsewhere
	}
	r.spent, r.tried = err != nil, time.Now()
}

// spend removes the file; false: that was done before, and there is no more room.
func (r *reserve) spend() bool {
	if r == nil {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.spent {
		return false
	}
	err := os.Remove(r.path)
	r.spent, r.tried = true, time.Now()
	r.log.Error("the disk is full: no source is visited, what is owed is delivered from a reserve", "reserve", reserveSize, "err", err)
	return err == nil
}

// whole says whether there is a reserve, after having tried to write it again if
// the last try was some time ago.
func (r *reserve) whole() bool {
	if r == nil {
		return true
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.spent && time.Since(r.tried) >= reserveAgain {
		if r.write(); !r.spent {
			r.log.Info("there is room on the disk again")
		}
	}
	return !r.spent
}

// isFull says whether an error means that the disk has no room.
func isFull(err error) bool {
	const sqliteFull = 13 // SQLITE_FULL (https://sqlite.org/rescode.html#full)
	if e, ok := errors.AsType[*sqlitedriver.Error](err); ok {
		return e.Code()&0xff == sqliteFull
	}
	const diskFull = "53100"
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.Code == diskFull
}

// sparing is f once more from the reserve, when the disk turns out to be full.
func (db *DB) sparing(ctx context.Context, light bool, f func(*tx) error) (due bool, err error) {
	due, err = db.once(ctx, light, f)
	if isFull(err) && db.reserve.spend() {
		due, err = db.once(ctx, light, f)
	}
	if isFull(err) {
		err = fmt.Errorf("%w: %w", ErrFull, err)
	}
	return due, err
}
