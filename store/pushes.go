package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Push is what a hub sent about a source: a document, or the part that is new.
type Push struct {
	ID          int64
	ContentType string
	Body        []byte // empty: it only says that there is something
	Received    time.Time
}

// maxPushes is how many pushes of one source may wait.
const maxPushes = 32

// AddPush keeps what a hub sent until somebody reads it. ErrLimit when too much of
// the source is waiting, ErrFull when the disk is full, ErrNotFound when the
// source is not read any more.
func (db *DB) AddPush(ctx context.Context, source int64, contentType string, body []byte) error {
	if !db.reserve.whole() {
		return fmt.Errorf("keep a push: %w", ErrFull)
	}
	err := db.write(ctx, func(t *tx) error {
		var waiting int
		err := t.row(`SELECT (SELECT count(*) FROM pushes WHERE source_id = $1) FROM sources WHERE id = $1 AND state = 'active'`, source).
			Scan(&waiting)
		switch {
		case err != nil:
			return found(err, "source", source)
		case waiting >= maxPushes:
			return ErrLimit
		}
		_, err = t.exec(`INSERT INTO pushes (source_id, content_type, body, received) VALUES ($1, $2, $3, $4)`,
			source, contentType, body, t.now)
		return err
	})
	if err != nil {
		return fmt.Errorf("keep a push: %w", err)
	}
	return nil
}

// ClaimPush takes the oldest push of a source that nobody is working on, and the
// source under a lease, as [DB.ClaimSources] does. The push is gone when a visit
// with its id is published, or by [DB.RefusePush]. False when there is none.
func (db *DB) ClaimPush(ctx context.Context, lease time.Duration) (src Source, p Push, ok bool, err error) {
	if !db.reserve.whole() {
		return src, p, false, nil
	}
	idle, err := db.nothing(ctx, `SELECT EXISTS (SELECT 1 FROM pushes p JOIN sources s ON s.id = p.source_id
		WHERE s.state = 'active' AND s.lease_until <= $1)`)
	if err != nil || idle {
		return src, p, false, err
	}
	err = db.lease(ctx, func(t *tx) (err error) {
		src, err = scanSource(t.row(`UPDATE sources SET token = token + 1, lease_until = $2 WHERE id IN (
			SELECT s.id FROM sources s WHERE s.state = 'active' AND s.lease_until <= $1
			AND EXISTS (SELECT 1 FROM pushes p WHERE p.source_id = s.id)
			ORDER BY (SELECT min(p.id) FROM pushes p WHERE p.source_id = s.id) LIMIT 1 {skip}) RETURNING `+sourceColumns,
			t.now, t.now.Add(lease)))
		if ok = err == nil; !ok {
			return ignoreNone(err)
		}
		err = t.row(`SELECT id, content_type, body, received FROM pushes WHERE source_id = $1 ORDER BY id LIMIT 1`, src.ID).
			Scan(&p.ID, &p.ContentType, &p.Body, toTime{&p.Received})
		if errors.Is(err, sql.ErrNoRows) { // read and published since the sources were looked at
			return errRace
		}
		return err
	})
	if err != nil {
		return Source{}, Push{}, false, fmt.Errorf("claim a push: %w", err)
	}
	return src, p, ok, nil
}

// RefusePush forgets a push that cannot be read, and gives its source back to be
// visited at once. ErrLeaseLost when somebody else has the source meanwhile.
func (db *DB) RefusePush(ctx context.Context, s Source, push int64) error {
	err := db.write(ctx, func(t *tx) error {
		n, err := t.exec(`UPDATE sources SET lease_until = 0, next_at = {least}(next_at, $3) WHERE id = $1 AND token = $2`, s.ID, s.Token, t.now)
		if err == nil && n == 0 {
			err = ErrLeaseLost
		}
		if err == nil {
			_, err = t.exec(`DELETE FROM pushes WHERE id = $1`, push)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("refuse a push: %w", err)
	}
	return nil
}

// arrived ends a visit that was a push: what a poll has taught stays, and the
// hub is relied on for as long as its lease.
func (p *publication) arrived() error {
	if _, err := p.exec(`DELETE FROM pushes WHERE id = $1`, p.visit.Push); err != nil {
		return err
	}
	_, err := p.exec(`UPDATE sources SET lease_until = 0, last_tried = $4, items = items + CAST($2 AS BIGINT),
		last_new = CASE WHEN CAST($3 AS BIGINT) > 0 THEN $4 ELSE last_new END,
		pushed_until = coalesce((SELECT expires FROM subscriptions u WHERE u.source_id = sources.id AND u.state = 'active'), 0)
		WHERE id = $1`, p.source, p.out.New+p.out.Duplicate, p.out.New, p.now)
	return err
}

// announce writes what the visit taught about the source's hub: where it is, and
// that it may not be relied on when it missed something.
func (p *publication) announce() error {
	v := p.visit
	if v.Hub == v.Source.Hub && v.Topic == v.Source.Topic && !v.Missed {
		return nil
	}
	_, err := p.exec(`UPDATE sources SET hub = $2, topic = $3, pushed_until = CASE WHEN CAST($4 AS BOOLEAN) THEN 0 ELSE pushed_until END
		WHERE id = $1`, p.source, v.Hub, v.Topic, v.Missed)
	return err
}
