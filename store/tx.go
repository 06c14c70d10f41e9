package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

const (
	callTimeout = 30 * time.Second // of one transaction: a connection that went dark must not hang its caller
	maxAttempts = 6                // of a transaction that PostgreSQL asks to repeat
	listSize    = 500              // values in one IN list or rows in one INSERT
)

// errRace asks for the transaction to be repeated: another one wrote the row that
// this one had just found missing.
var errRace = errors.New("another transaction was faster")

// querier is what *sql.DB and *sql.Tx share.
type querier interface {
	ExecContext(ctx context.Context, q string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, q string, args ...any) *sql.Row
}

// tx is a running transaction, or the read pool for a single statement. It lives
// as long as one call of a public method, which is why it carries the context.
type tx struct {
	ctx context.Context
	q   querier
	d   *dialect
	now time.Time // one moment for the whole transaction, whole milliseconds, by the database's clock
	due bool      // it made something due: wake the courier after the commit
}

// exec runs a statement and says how many rows it changed.
func (t *tx) exec(q string, args ...any) (int64, error) {
	r, err := t.q.ExecContext(t.ctx, t.d.sql(q), bind(args)...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// row runs a query of one row; its error comes from Scan.
func (t *tx) row(q string, args ...any) *sql.Row {
	return t.q.QueryRowContext(t.ctx, t.d.sql(q), bind(args)...)
}

// errEnough ends each without being an error.
var errEnough = errors.New("enough rows")

// each runs a query and gives every row to scan, until that has enough.
func (t *tx) each(scan func(scanner) error, q string, args ...any) error {
	rows, err := t.q.QueryContext(t.ctx, t.d.sql(q), bind(args)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); errors.Is(err, errEnough) {
			return nil
		} else if err != nil {
			return err
		}
	}
	return rows.Err()
}

// scanner is *sql.Row or *sql.Rows.
type scanner interface{ Scan(dest ...any) error }

// collect runs a query and gathers what scan makes of each row.
func collect[T any](t *tx, scan func(scanner) (T, error), q string, args ...any) ([]T, error) {
	var list []T
	err := t.each(func(s scanner) error {
		v, err := scan(s)
		list = append(list, v)
		return err
	}, q, args...)
	return list, err
}

// scanID reads a query of one number.
func scanID(s scanner) (id int64, err error) { return id, s.Scan(&id) }

// write runs f in a transaction that may write, again when the database says that
// it lost a race: f must build its results afresh each time. When it returns nil,
// what f wrote outlives a power failure.
func (db *DB) write(ctx context.Context, f func(*tx) error) error {
	return db.persist(ctx, durable, f)
}

// lightly is write for what may be forgotten in a power failure, and is not worth
// waiting for the disk: it survives the death of the process all the same, and
// whatever is written later survives only together with it.
func (db *DB) lightly(ctx context.Context, f func(*tx) error) error {
	return db.persist(ctx, light, f)
}

// lease is write for the drawing of tokens. Where the database fails together with
// those who draw, lightly will do; a PostgreSQL that failed alone could draw a
// token again for somebody else, while its first holder lives.
func (db *DB) lease(ctx context.Context, f func(*tx) error) error {
	return db.persist(ctx, db.dialect.engine == sqlite, f)
}

// How much a transaction must outlive.
const (
	durable = false
	light   = true
)

// persist runs f as write and lightly have it.
func (db *DB) persist(ctx context.Context, light bool, f func(*tx) error) error {
	for attempt := 1; ; attempt++ {
		due, err := db.attempt(ctx, light, f)
		if err == nil {
			if due {
				db.signal()
			}
			return nil
		}
		if attempt == maxAttempts || !repeatable(err) {
			return err
		}
		pause := time.Duration(attempt*attempt)*time.Millisecond + rand.N(5*time.Millisecond)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// attempt runs f once: with others where that saves a flush, else, or when the
// others fail, by itself.
func (db *DB) attempt(ctx context.Context, light bool, f func(*tx) error) (due bool, err error) {
	if db.dialect.engine == sqlite && !light {
		if due, err = db.together(ctx, f); !errors.Is(err, errGroup) {
			return due, err
		}
	}
	return db.sparing(ctx, light, f)
}

// once runs f in one transaction. due says that it made a delivery due.
func (db *DB) once(ctx context.Context, light bool, f func(*tx) error) (due bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	s, end, err := db.begin(ctx, light)
	if err != nil {
		return false, fmt.Errorf("begin: %w", err)
	}
	defer end()
	t := &tx{ctx: ctx, q: db.writes.in(s), d: db.dialect}
	if t.now, err = db.clock(t); err != nil {
		return false, err
	}
	if err := f(t); err != nil {
		return false, err
	}
	if err := s.Commit(); err != nil {
		return false, fmt.Errorf("commit: %w", err)
	}
	return t.due, nil
}

// begin opens a transaction on the writer. end rolls it back unless it was
// committed, and gives the connection back.
func (db *DB) begin(ctx context.Context, light bool) (s *sql.Tx, end func(), err error) {
	c, err := db.writer.Conn(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err = db.patience(ctx, c, light); err == nil {
		s, err = c.BeginTx(ctx, nil)
	}
	if err == nil && light && db.dialect.engine == postgres {
		_, err = s.ExecContext(ctx, `SET LOCAL synchronous_commit TO OFF`)
	}
	if err != nil {
		if s != nil {
			err = errors.Join(err, s.Rollback())
		}
		return nil, nil, errors.Join(err, c.Close())
	}
	return s, func() { // of no effect after a commit
		s.Rollback()
		c.Close()
		db.writes.compile(ctx)
	}, nil
}

// patience tells SQLite whether the next commit waits for the disk. Its writer has
// one connection, and who holds that may use db.hasty; a new connection is patient.
func (db *DB) patience(ctx context.Context, c *sql.Conn, light bool) error {
	if db.dialect.engine != sqlite || db.hasty == light {
		return nil
	}
	mode := `FULL`
	if light {
		mode = `NORMAL`
	}
	_, err := c.ExecContext(ctx, `PRAGMA synchronous = `+mode)
	if err == nil {
		db.hasty = light
	}
	return err
}

// read runs f in a read-only transaction: all of its queries see one state.
func (db *DB) read(ctx context.Context, f func(*tx) error) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	o := &sql.TxOptions{}
	if db.dialect.engine == postgres {
		o = &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
	}
	s, err := db.reader.BeginTx(ctx, o)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() {
		s.Rollback()
		db.reads.compile(ctx)
	}()
	t := &tx{ctx: ctx, q: db.reads.in(s), d: db.dialect}
	if t.now, err = db.clock(t); err != nil {
		return err
	}
	return f(t)
}

// clock is the time of the store: the injected one, else the database's. On
// SQLite that is this machine's; with PostgreSQL the workers' clocks may differ
// and leases must be judged by one.
func (db *DB) clock(t *tx) (time.Time, error) {
	if db.dialect.engine == postgres && db.now == nil {
		var now time.Time
		err := t.row(`SELECT {now}`).Scan(toTime{&now})
		return now, err
	}
	return db.local().UTC().Truncate(time.Millisecond), nil
}

// local is this process's clock, with its monotonic reading.
func (db *DB) local() time.Time {
	if db.now != nil {
		return db.now()
	}
	return time.Now()
}

// signal leaves a token for Wake, if none is there.
func (db *DB) signal() {
	select {
	case db.wake <- struct{}{}:
	default:
	}
}

// repeatable says whether the transaction may succeed when it is run again:
// serialization failure or deadlock in PostgreSQL, or a race that we saw.
func repeatable(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "40001" || pg.Code == "40P01"
	}
	return errors.Is(err, errRace)
}

// found turns "no row" into ErrNotFound and names what was looked for.
func found(err error, what string, id int64) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%s %d: %w", what, id, ErrNotFound)
	}
	return err
}

// chunks calls f with successive parts of list, none longer than listSize.
func chunks[T any](list []T, f func([]T) error) error {
	for len(list) > 0 {
		n := min(len(list), listSize)
		if err := f(list[:n]); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}
