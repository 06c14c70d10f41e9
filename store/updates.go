package store

import "context"

// UpdateDone remembers that an update of Telegram's was handled.
func (db *DB) UpdateDone(ctx context.Context, id int64) error { return errUnfinished }

// UpdateSeen says whether an update was handled in the last week.
func (db *DB) UpdateSeen(ctx context.Context, id int64) (bool, error) { return false, errUnfinished }

// Offset is the next update to ask Telegram for; 0 at first.
func (db *DB) Offset(ctx context.Context) (int64, error) { return 0, errUnfinished }

// SaveOffset stores it.
func (db *DB) SaveOffset(ctx context.Context, n int64) error { return errUnfinished }
