package store

import (
	"context"
	"fmt"
	"time"
)

const (
	sweepBatch = 300                   // rows in one transaction: others wait no longer than that takes
	sweepPause = 20 * time.Millisecond // between two full batches
	sweepPages = 500                   // free pages given back to the file system after each sweep

	defaultRetention = 30 * 24 * time.Hour
	readSlack        = 2 * 24 * time.Hour // "last seen" of a guid may lag behind the document by a day
)

// Retention says how long what is kept. A zero field takes its default.
type Retention struct {
	Articles   time.Duration // since they were seen; default 30 days
	Deliveries time.Duration // the ledger, since they were created; default 3 × Articles
	Seen       time.Duration // guids and identities, since a source last showed them; default 2 × Articles
}

// filled puts the defaults in.
func (r Retention) filled() Retention {
	if r.Articles <= 0 {
		r.Articles = defaultRetention
	}
	if r.Seen <= 0 {
		r.Seen = 2 * r.Articles
	}
	if r.Deliveries <= 0 {
		r.Deliveries = 3 * r.Articles
	}
	return r
}

// Sweep removes what is older than keep, in small transactions, and says how
// many rows went. What is due, and the article of anything owed, always stays;
// what waits or is held for longer than the ledger is kept does not.
func (db *DB) Sweep(ctx context.Context, keep Retention) (int, error) {
	keep = keep.filled()
	total := 0
	for _, s := range sweeps(db.local(), keep) {
		for {
			n, err := db.sweepOnce(ctx, s)
			total += n
			if err != nil {
				return total, fmt.Errorf("sweep %s: %w", s.table, err)
			}
			if n < sweepBatch {
				break
			}
			select {
			case <-ctx.Done():
				return total, ctx.Err()
			case <-time.After(sweepPause):
			}
		}
	}
	return total, db.tidy(ctx)
}

// broom is one kind of row that gets old. Its statement deletes at most $2 rows
// from before $1.
type broom struct {
	table  string
	before time.Time
	q      string
}

// sweeps lists what gets old, in the order in which one frees the next: the ledger
// lets articles go, articles their stories, identities and sources.
func sweeps(now time.Time, keep Retention) []broom {
	byID := func(table, where, order string) string {
		return `DELETE FROM ` + table + ` WHERE id IN (SELECT id FROM ` + table + ` x WHERE ` + where + ` ORDER BY ` + order + ` LIMIT $2)`
	}
	return []broom{
		{"deliveries", now.Add(-keep.Deliveries), byID("deliveries",
			`state IN ('sent', 'folded', 'dropped', 'held', 'waiting') AND created < $1`, `created`)},
		{"articles", now.Add(-keep.Articles), byID("articles",
			`seen_at < $1 AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.article_id = x.id AND d.state NOT IN ('sent', 'dropped', 'folded'))`, `seen_at`)},
		{"stories", now.Add(-keep.Articles), byID("stories",
			`last_at < $1 AND NOT EXISTS (SELECT 1 FROM articles a WHERE a.story_id = x.id)`, `last_at`)},
		{"digests", now.Add(-keep.Deliveries), byID("digests",
			`created < $1 AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.chat_id = x.chat_id AND d.digest_id = x.id
				AND d.state IN ('due', 'sending', 'uncertain'))`, `created`)},
		// A source that answers "not modified" for months still shows its old items.
		{"seen", now.Add(-keep.Seen), `DELETE FROM seen WHERE (source_id, guid) IN (SELECT x.source_id, x.guid
			FROM seen x JOIN sources s ON s.id = x.source_id WHERE x.seen_at < $1
			AND x.seen_at < s.last_read - ` + fmt.Sprint(readSlack.Milliseconds()) + ` ORDER BY x.seen_at LIMIT $2)`},
		{"identities", now.Add(-keep.Seen), `DELETE FROM identities WHERE (kind, hash) IN (SELECT x.kind, x.hash
			FROM identities x WHERE x.seen_at < $1 AND NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = x.article_id)
			ORDER BY x.seen_at LIMIT $2)`},
		{"quotas", now.Add(-2 * MaxPer), `DELETE FROM quotas WHERE (chat_id, thread_id, rule_id) IN (SELECT x.chat_id, x.thread_id, x.rule_id
			FROM quotas x WHERE x.last_at < $1 LIMIT $2)`},
		{"site_lines", now.Add(-linesKept), `DELETE FROM site_lines WHERE (site, line) IN (SELECT x.site, x.line
			FROM site_lines x WHERE x.last_at < $1 ORDER BY x.last_at LIMIT $2)`},
		{"site_lines", now, `DELETE FROM site_lines WHERE (site, line) IN (SELECT x.site, x.line
			FROM site_lines x WHERE x.last_at < $1 ORDER BY x.last_at DESC LIMIT $2 OFFSET ` + fmt.Sprint(maxLines) + `)`},
		{"followed", now.Add(-followedKept), `DELETE FROM followed WHERE article_id IN (SELECT x.article_id
			FROM followed x WHERE x.since < $1 ORDER BY x.since LIMIT $2)`},
		{"corrections", now.Add(-followedKept), `DELETE FROM corrections WHERE delivery_id IN (SELECT x.delivery_id
			FROM corrections x WHERE x.changed < $1 ORDER BY x.changed LIMIT $2)`},
		{"updates", now.Add(-updateKept), `DELETE FROM updates WHERE update_id IN (SELECT x.update_id
			FROM updates x WHERE x.done < $1 ORDER BY x.done LIMIT $2)`},
		{"dialogs", now, `DELETE FROM dialogs WHERE (chat_id, user_id, thread_id) IN (SELECT x.chat_id, x.user_id, x.thread_id
			FROM dialogs x WHERE x.expires < $1 ORDER BY x.expires LIMIT $2)`},
		// Sources that nobody sees, once their articles are gone.
		{"sources", now.Add(-keep.Seen), byID("sources", `state <> 'active' AND NOT shared AND last_tried < $1 AND added < $1
			AND NOT EXISTS (SELECT 1 FROM views v WHERE v.source_id = x.id)
			AND NOT EXISTS (SELECT 1 FROM rules r WHERE r.source_id = x.id)
			AND NOT EXISTS (SELECT 1 FROM sightings g WHERE g.source_id = x.id)`, `id`)},
	}
}

// sweepOnce takes one batch away.
func (db *DB) sweepOnce(ctx context.Context, s broom) (int, error) {
	var n int64
	err := db.write(ctx, func(t *tx) (err error) {
		n, err = t.exec(s.q, s.before, sweepBatch)
		return err
	})
	return int(n), err
}

// tidy gives free pages back, refreshes the planner's statistics and empties the
// write-ahead log. PostgreSQL does the like by itself.
func (db *DB) tidy(ctx context.Context) error {
	if db.dialect.engine == postgres {
		return nil
	}
	for _, q := range []string{
		fmt.Sprintf(`PRAGMA incremental_vacuum(%d)`, sweepPages),
		`PRAGMA optimize`,
		`PRAGMA wal_checkpoint(TRUNCATE)`,
	} {
		rows, err := db.writer.QueryContext(ctx, q)
		if err != nil {
			return fmt.Errorf("tidy database: %w", err)
		}
		for rows.Next() {
		}
		if err := rows.Close(); err != nil {
			return fmt.Errorf("tidy database: %w", err)
		}
	}
	return nil
}
