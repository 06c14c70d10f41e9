package store

import (
	"context"
	"time"
)

// Stats is what the metrics and the doctor show.
type Stats struct {
	Schema     int                   // version
	Size       int64                 // bytes of the database
	Sources    map[SourceState]int64 // how many in each state
	Failing    int64                 // active sources whose last visit failed
	Articles   int64
	Rules      int64
	Chats      map[ChatState]int64
	Deliveries map[string]int64 // by state
	Oldest     time.Time        // when the oldest delivery that is due was created; zero: nothing is due
}

// Stats counts. It reads only.
func (db *DB) Stats(ctx context.Context) (Stats, error) { return Stats{}, errUnfinished }
