package store

import (
	"database/sql"
	"errors"
)

// follow gives the source its new address. When another source has that address
// already the two are one: whatever belonged to this one is the other's now.
func (p *publication) follow() error {
	moved := clean(p.visit.Moved)
	if moved == "" {
		return nil
	}
	// Compared as stored; an address that differs in anything is another source.
	var other int64
	err := p.row(`SELECT id FROM sources WHERE url = $1 {lock}`, moved).Scan(&other)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		_, err = p.exec(`UPDATE sources SET url = $2 WHERE id = $1`, p.source, moved)
		return err
	case err != nil || other == p.source:
		return err
	}
	if err := p.mergeInto(p.source, other); err != nil {
		return err
	}
	p.source, p.out.Merged = other, true
	return p.rulesChanged() // rules changed their source
}

// mergeInto moves the rules, viewers, sightings and guids of source from to
// source to, and deletes from. The survivor counts as visited when either was:
// it knows the guids of both.
func (t *tx) mergeInto(from, to int64) error {
	for _, q := range []string{
		`UPDATE rules SET source_id = $2 WHERE source_id = $1 AND NOT EXISTS (SELECT 1 FROM rules o
			WHERE o.source_id = $2 AND o.chat_id = rules.chat_id AND o.query = rules.query)`,
		`INSERT INTO views (chat_id, source_id) SELECT chat_id, CAST($2 AS BIGINT) FROM views WHERE source_id = $1
			ON CONFLICT DO NOTHING`,
		`INSERT INTO sightings (article_id, source_id, url, seen_at)
			SELECT article_id, CAST($2 AS BIGINT), url, seen_at FROM sightings WHERE source_id = $1 ON CONFLICT DO NOTHING`,
		`INSERT INTO seen (source_id, guid, seen_at)
			SELECT CAST($2 AS BIGINT), guid, seen_at FROM seen WHERE source_id = $1 ON CONFLICT DO NOTHING`,
		`UPDATE deliveries SET source_id = $2 WHERE source_id = $1`,
		`UPDATE followed SET source_id = $2 WHERE source_id = $1`,
		`UPDATE sources SET state = 'active', items = sources.items + o.items, shared = sources.shared OR o.shared,
			visited = sources.visited OR o.visited,
			next_at = CASE WHEN sources.state = 'active' THEN sources.next_at ELSE o.next_at END
			FROM sources o WHERE sources.id = $2 AND o.id = $1`,
	} {
		if _, err := t.exec(q, from, to); err != nil {
			return err
		}
	}
	for _, q := range []string{
		`DELETE FROM rules WHERE source_id = $1`, // twins of the survivor's
		`DELETE FROM sources WHERE id = $1`,
	} {
		if _, err := t.exec(q, from); err != nil {
			return err
		}
	}
	return nil
}
