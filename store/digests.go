package store

import (
	"context"
	"time"
)

// DueDigests lists active chats whose DigestAt has come, the longest due first.
func (db *DB) DueDigests(ctx context.Context, now time.Time, limit int) ([]Chat, error) {
	return nil, errUnfinished
}

// StartDigest makes a chat's waiting deliveries due as the digest of slot and
// sets when the next is due. It gives the digest's id, or 0 when that slot was
// started before. With nothing waiting, one delivery without an article is made,
// so that the digest says so.
func (db *DB) StartDigest(ctx context.Context, chat int64, slot, next time.Time) (int64, error) {
	return 0, errUnfinished
}
