package store

import (
	"context"
	"database/sql"
	"sync"
)

const (
	compileAfter  = 3   // uses of a statement, after which it is worth keeping compiled
	maxStatements = 256 // kept compiled; each is some kilobytes for each connection
	maxUses       = 4 * maxStatements
)

// statements keeps what is run again and again compiled, for SQLite: its driver
// compiles every statement anew, which takes as long as running it. (PostgreSQL's
// driver does this by itself.) A statement is compiled between two transactions,
// for only then is there a connection to compile it on.
type statements struct {
	pool *sql.DB

	mu     sync.Mutex
	uses   map[string]int // of those that are not compiled
	ready  map[string]*sql.Stmt
	wanted []string
}

func newStatements(pool *sql.DB) *statements {
	return &statements{pool: pool, uses: map[string]int{}, ready: map[string]*sql.Stmt{}}
}

// in is a transaction that uses compiled statements. A nil s compiles nothing.
func (s *statements) in(t *sql.Tx) querier {
	if s == nil {
		return t
	}
	return compiled{t, s}
}

// on is the pool itself, for single statements, with those compiled that are. The
// caller must hold no connection of it. A nil s compiles nothing.
func (s *statements) on(pool *sql.DB) querier {
	if s == nil {
		return pool
	}
	return pooled{pool, s}
}

// find gives a compiled statement, or nil and counts the use.
func (s *statements) find(q string) *sql.Stmt {
	s.mu.Lock()
	defer s.mu.Unlock()
	if st := s.ready[q]; st != nil || len(s.ready) >= maxStatements {
		return st
	}
	if len(s.uses) >= maxUses { // lists of every length
		clear(s.uses)
	}
	if s.uses[q]++; s.uses[q] == compileAfter {
		s.wanted = append(s.wanted, q)
	}
	return nil
}

// compile compiles what has become worth it. The caller must hold no connection
// of the pool. What cannot be compiled now is tried again after as many uses.
func (s *statements) compile(ctx context.Context) {
	if s == nil {
		return
	}
	s.mu.Lock()
	wanted := s.wanted
	s.wanted = nil
	s.mu.Unlock()
	for _, q := range wanted {
		st, err := s.pool.PrepareContext(ctx, q)
		s.mu.Lock()
		delete(s.uses, q)
		if err == nil {
			s.ready[q] = st
		}
		s.mu.Unlock()
	}
}

// compiled is a transaction that runs compiled statements where there are any.
type compiled struct {
	*sql.Tx
	all *statements
}

func (c compiled) ExecContext(ctx context.Context, q string, args ...any) (sql.Result, error) {
	if st := c.all.find(q); st != nil {
		return c.Tx.StmtContext(ctx, st).ExecContext(ctx, args...)
	}
	return c.Tx.ExecContext(ctx, q, args...)
}

func (c compiled) QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	if st := c.all.find(q); st != nil {
		return c.Tx.StmtContext(ctx, st).QueryContext(ctx, args...)
	}
	return c.Tx.QueryContext(ctx, q, args...)
}

func (c compiled) QueryRowContext(ctx context.Context, q string, args ...any) *sql.Row {
	if st := c.all.find(q); st != nil {
		return c.Tx.StmtContext(ctx, st).QueryRowContext(ctx, args...)
	}
	return c.Tx.QueryRowContext(ctx, q, args...)
}

// pooled is a pool that runs compiled statements where there are any.
type pooled struct {
	*sql.DB
	all *statements
}

func (p pooled) ExecContext(ctx context.Context, q string, args ...any) (sql.Result, error) {
	if st := p.find(ctx, q); st != nil {
		return st.ExecContext(ctx, args...)
	}
	return p.DB.ExecContext(ctx, q, args...)
}

func (p pooled) QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	if st := p.find(ctx, q); st != nil {
		return st.QueryContext(ctx, args...)
	}
	return p.DB.QueryContext(ctx, q, args...)
}

func (p pooled) QueryRowContext(ctx context.Context, q string, args ...any) *sql.Row {
	if st := p.find(ctx, q); st != nil {
		return st.QueryRowContext(ctx, args...)
	}
	return p.DB.QueryRowContext(ctx, q, args...)
}

func (p pooled) find(ctx context.Context, q string) *sql.Stmt {
	st := p.all.find(q)
	if st == nil {
		p.all.compile(ctx)
	}
	return st
}
