package store

import (
	"context"
	"fmt"
	"time"
)

// Arrivals lists when articles of a source came since a time, in order; the
// articles of one visit are one arrival. Only articles that are still kept count.
func (db *DB) Arrivals(ctx context.Context, source int64, since time.Time) ([]time.Time, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	return collect(t, func(s scanner) (at time.Time, err error) {
		err = s.Scan(toTime{&at})
		return at, err
	}, `SELECT DISTINCT seen_at FROM sightings WHERE source_id = $1 AND seen_at >= $2 ORDER BY seen_at`, source, since)
}

// Silences lists the sources that were noted as silent, with the time of their
// last article.
func (db *DB) Silences(ctx context.Context) (map[int64]time.Time, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	return t.silences()
}

func (t *tx) silences() (map[int64]time.Time, error) {
	all := map[int64]time.Time{}
	err := t.each(func(s scanner) error {
		var id int64
		var since time.Time
		if err := s.Scan(&id, toTime{&since}); err != nil {
			return err
		}
		all[id] = since
		return nil
	}, `SELECT source_id, since FROM silences`)
	return all, err
}

// NoteSilence notes that a source is silent since a time, or, with the zero time,
// that it is as usual again. The bool says whether that was news: of several
// processes that notice it, one is told so.
func (db *DB) NoteSilence(ctx context.Context, source int64, since time.Time) (bool, error) {
	var n int64
	err := db.write(ctx, func(t *tx) (err error) {
		if since.IsZero() {
			n, err = t.exec(`DELETE FROM silences WHERE source_id = $1`, source)
			return err
		}
		n, err = t.exec(`INSERT INTO silences (source_id, since, found) SELECT id, $2, $3 FROM sources WHERE id = $1
			ON CONFLICT (source_id) DO NOTHING`, source, since, t.now)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("note silence: %w", err)
	}
	return n > 0, nil
}
