// Package storetest gives tests a database: SQLite always, PostgreSQL too where
// WIREWATCH_TEST_POSTGRES holds a DSN.
package storetest

import (
	"testing"

	"wirewatch/store"
)

// Open is a new, empty SQLite store in t.TempDir, closed at the end of the test.
func Open(t testing.TB) *store.DB { return nil }

// Each runs a test body on a new, empty store of every engine there is.
func Each(t *testing.T, body func(t *testing.T, db *store.DB)) {}
