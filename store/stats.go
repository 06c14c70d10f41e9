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
	Deliveries map[string]int64            // by state
	Uncertain  int64                       // deliveries that may have been told twice
	Hubs       map[SubscriptionState]int64 // subscriptions in each state
	Oldest     time.Time                   // when the oldest delivery that is due was created; zero: nothing is due
}

// Stats counts. It reads only.
func (db *DB) Stats(ctx context.Context) (Stats, error) {
	s := Stats{Sources: map[SourceState]int64{}, Chats: map[ChatState]int64{}, Deliveries: map[string]int64{},
		Hubs: map[SubscriptionState]int64{}}
	err := db.read(ctx, func(t *tx) error {
		// The whole file, free pages included, without its write-ahead log.
		size := `SELECT page_count * page_size FROM pragma_page_count, pragma_page_size`
		if t.d.engine == postgres {
			size = `SELECT pg_database_size(current_database())`
		}
		if err := t.row(size).Scan(&s.Size); err != nil {
			return err
		}
		return t.row(`SELECT (SELECT max(version) FROM schema_version), (SELECT count(*) FROM articles),
			(SELECT count(*) FROM rules), (SELECT count(*) FROM sources WHERE state = 'active' AND fails > 0),
			(SELECT count(*) FROM deliveries WHERE maybe_dup),
			(SELECT coalesce(min(created), 0) FROM deliveries WHERE state = 'due')`).
			Scan(toCount{&s.Schema}, &s.Articles, &s.Rules, &s.Failing, &s.Uncertain, toTime{&s.Oldest})
	})
	if err != nil {
		return Stats{}, err
	}
	t, cancel := db.one(ctx)
	defer cancel()
	if err := countBy(t, s.Sources, `SELECT state, count(*) FROM sources GROUP BY state`); err != nil {
		return Stats{}, err
	}
	if err := countBy(t, s.Chats, `SELECT state, count(*) FROM chats GROUP BY state`); err != nil {
		return Stats{}, err
	}
	if err := countBy(t, s.Hubs, `SELECT state, count(*) FROM subscriptions GROUP BY state`); err != nil {
		return Stats{}, err
	}
	return s, countBy(t, s.Deliveries, `SELECT state, count(*) FROM deliveries GROUP BY state`)
}

// countBy reads rows of a key and a count into a map.
func countBy[K ~string](t *tx, into map[K]int64, q string) error {
	return t.each(func(s scanner) error {
		var key string
		var n int64
		err := s.Scan(&key, &n)
		into[K(key)] = n
		return err
	}, q)
}
