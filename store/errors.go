package store

import "errors"

// Errors a caller branches on, to be tested with errors.Is.
var (
	ErrNotFound  = errors.New("not found")
	ErrExists    = errors.New("exists already")
	ErrLimit     = errors.New("limit reached")
	ErrLeaseLost = errors.New("lease lost: another process has taken over") // everything of the call is rolled back
	ErrLocked    = errors.New("database in use")                            // the whole text says by which process and what to do
	ErrNewer     = errors.New("database belongs to a newer wirewatch")
)
