package store

import "context"

// Operators lists the users who run this installation.
func (db *DB) Operators(ctx context.Context) ([]int64, error) { return nil, errUnfinished }

// AddOperator makes a user an operator; twice is no error.
func (db *DB) AddOperator(ctx context.Context, user int64) error { return errUnfinished }

// Get is the value stored under key; "" when there is none.
func (db *DB) Get(ctx context.Context, key string) (string, error) { return "", errUnfinished }

// Put stores value under key.
func (db *DB) Put(ctx context.Context, key, value string) error { return errUnfinished }
