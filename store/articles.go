package store

import (
	"context"
	"time"

	"wirewatch/feeds"
)

// Article is one story text as it is stored, however many sources carry it.
type Article struct {
	ID, Story int64
	Source    Source // the first to carry it
	Item      feeds.Article
	Zones     feeds.Zones
	SeenAt    time.Time
	Also      []string // titles of the other sources that carried it
}

// Recent lists articles seen since then, newest first, of the sources a chat sees.
func (db *DB) Recent(ctx context.Context, chat int64, since time.Time, limit int) ([]Article, error) {
	return nil, errUnfinished
}

// Latest lists the newest deliveries of a chat in any state but dropped, newest
// first, with their articles.
func (db *DB) Latest(ctx context.Context, chat int64, limit int) ([]Delivery, error) {
	return nil, errUnfinished
}
