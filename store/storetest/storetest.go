// Package storetest gives tests a database: SQLite always, and PostgreSQL too
// where WIREWATCH_TEST_POSTGRES holds the address of a server on which schemas
// may be made.
package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"wirewatch/store"
)

// Variable is the name of the environment variable with PostgreSQL's address.
const Variable = "WIREWATCH_TEST_POSTGRES"

// Open is a new, empty SQLite store in a folder of the test's own, closed at its
// end. Without Options it has the real clock.
func Open(t testing.TB, o ...store.Options) *store.DB {
	t.Helper()
	return open(t, SQLite(t), o)
}

// Each runs a test body on a new, empty store of every engine there is, as a
// subtest named after the engine.
func Each(t *testing.T, body func(t *testing.T, db *store.DB), o ...store.Options) {
	t.Helper()
	EachDSN(t, func(t *testing.T, dsn string) { body(t, open(t, dsn, o)) })
}

// EachDSN runs a test body with the address of a new, empty database of every
// engine there is.
func EachDSN(t *testing.T, body func(t *testing.T, dsn string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { body(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { body(t, Postgres(t)) })
}

// SQLite is the name of a database file that does not exist yet.
func SQLite(t testing.TB) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "test.db")
}

// Postgres is the address of a new, empty schema, dropped at the end of the test.
// The test is skipped where there is no server.
func Postgres(t testing.TB) string {
	t.Helper()
	server := os.Getenv(Variable)
	if server == "" {
		t.Skipf("%s is not set: no PostgreSQL to test on", Variable)
	}
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s: %v", Variable, err)
	}
	var b [8]byte
	rand.Read(b[:])
	schema := "test_" + hex.EncodeToString(b[:])
	execute(t, server, `CREATE SCHEMA `+schema)
	t.Cleanup(func() { execute(t, server, `DROP SCHEMA `+schema+` CASCADE`) })
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}

func execute(t testing.TB, server, q string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, q); err != nil {
		t.Fatalf("%s: %v", q, err)
	}
}

func open(t testing.TB, dsn string, o []store.Options) *store.DB {
	t.Helper()
	var opts store.Options
	if len(o) > 0 {
		opts = o[0]
	}
	db, err := store.Open(context.Background(), dsn, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}
