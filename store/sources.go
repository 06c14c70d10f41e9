package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"wirewatch/feeds"
)

// SourceState says whether a source is polled.
type SourceState string

// The states of a source.
const (
	SourceActive SourceState = "active"
	SourcePaused SourceState = "paused" // nobody sees it
	SourceGone   SourceState = "gone"   // its server said 410
)

// Source is a feed and what polling it has taught.
type Source struct {
	feeds.Source
	Shared       bool // in the catalogue: every chat sees it
	State        SourceState
	ETag         string
	LastModified string
	BodyHash     []byte        // of the last document; nil before the first
	Interval     time.Duration // 0: not learned yet
	NextAt       time.Time     // when the next visit is due
	Fails        int           // visits failed in a row
	LastError    string        // "" after a good visit
	LastOK       time.Time     // last good visit
	LastNew      time.Time     // last visit with a new article
	LastTried    time.Time
	Visited      bool      // a first visit has stored the backlog
	Items        int64     // articles this source has carried
	Hub, Topic   string    // as it announces them (WebSub); "" none
	PushedUntil  time.Time // until when its hub is relied on to push it; zero: it is not
	Token        int64     // fencing token of the lease under which it was claimed
}

// The columns that scanSource reads, in its order.
const sourceColumns = `id, url, title, site, lang, country, tags, shared, state, etag, last_modified, body_hash,
	interval_ms, next_at, fails, last_error, last_ok, last_new, last_tried, visited, items, hub, topic, pushed_until, token`

func scanSource(s scanner) (x Source, err error) {
	err = s.Scan(&x.ID, &x.URL, &x.Title, &x.Site, &x.Lang, &x.Country, toJSON{&x.Tags}, &x.Shared, &x.State,
		&x.ETag, &x.LastModified, &x.BodyHash, toDuration{&x.Interval}, toTime{&x.NextAt}, toCount{&x.Fails},
		&x.LastError, toTime{&x.LastOK}, toTime{&x.LastNew}, toTime{&x.LastTried}, &x.Visited, &x.Items,
		&x.Hub, &x.Topic, toTime{&x.PushedUntil}, &x.Token)
	return x, err
}

// AddSource makes a source known and visible: to every chat (chat 0), else to
// that chat alone. It is idempotent by URL; the bool says whether it was new to
// this chat. What s says of the source fills what is not known yet, and from the
// operator (chat 0) replaces it. A source that was paused or gone is polled
// again, and its next visit is a first one: what it published meanwhile is stored
// silently. ErrNotFound when there is no such chat.
func (db *DB) AddSource(ctx context.Context, s feeds.Source, chat int64) (Source, bool, error) {
	if strings.TrimSpace(s.URL) == "" {
		return Source{}, false, errors.New("add source: it needs a URL")
	}
	var added Source
	var fresh bool
	err := db.write(ctx, func(t *tx) (err error) {
		id, err := t.putSource(s, chat == 0)
		if err != nil {
			return err
		}
		if fresh, err = t.show(id, chat); err != nil {
			return err
		}
		added, err = scanSource(t.row(`SELECT `+sourceColumns+` FROM sources WHERE id = $1`, id))
		return err
	})
	if err != nil {
		return Source{}, false, fmt.Errorf("add source: %w", err)
	}
	return added, fresh, nil
}

// TakeOffer makes a source of the starter list known and visible to a chat. One
// that the store has not seen becomes the catalogue's: its address is no secret. One
// that it has seen stays shared or not, as its people left it: an operator may
// have taken it out of the catalogue, and only this chat sees it again.
// ErrNotFound when there is no such chat.
func (db *DB) TakeOffer(ctx context.Context, s feeds.Source, chat int64) (Source, error) {
	if strings.TrimSpace(s.URL) == "" {
		return Source{}, errors.New("take offer: it needs a URL")
	}
	var taken Source
	err := db.write(ctx, func(t *tx) error {
		var known bool
		if err := t.row(`SELECT EXISTS (SELECT 1 FROM sources WHERE url = $1)`, s.URL).Scan(&known); err != nil {
			return err
		}
		id, err := t.putSource(s, false)
		if err != nil {
			return err
		}
		if !known {
			if _, err := t.show(id, 0); err != nil {
				return err
			}
		}
		if _, err := t.show(id, chat); err != nil {
			return err
		}
		taken, err = scanSource(t.row(`SELECT `+sourceColumns+` FROM sources WHERE id = $1`, id))
		return err
	})
	if err != nil {
		return Source{}, fmt.Errorf("take offer: %w", err)
	}
	return taken, nil
}

// putSource inserts a source or wakes and completes the one with its URL. replace
// says that s is the operator's word.
func (t *tx) putSource(s feeds.Source, replace bool) (id int64, err error) {
	s.Tags = slices.DeleteFunc(slices.Clone(s.Tags), func(tag string) bool { return tag == "" })
	if s.Tags == nil {
		s.Tags = []string{}
	}
	_, err = t.exec(`INSERT INTO sources (url, state, next_at, added) VALUES ($1, 'active', $2, $3)
		ON CONFLICT (url) DO NOTHING`, s.URL, t.now, t.now)
	if err != nil {
		return 0, err
	}
	// The wanted value wins when there is one and either the old is empty or the operator asks.
	pick := func(column, place, empty string) string {
		return fmt.Sprintf(`%[1]s = CASE WHEN %[2]s <> %[3]s AND (%[1]s = %[3]s OR CAST($2 AS BIGINT) = 1) THEN %[2]s ELSE %[1]s END`,
			column, place, empty)
	}
	n := 0
	if replace {
		n = 1
	}
	err = t.row(`UPDATE sources SET `+strings.Join([]string{
		pick("title", "CAST($3 AS TEXT)", "''"), pick("site", "CAST($4 AS TEXT)", "''"), pick("lang", "CAST($5 AS TEXT)", "''"),
		pick("country", "CAST($6 AS TEXT)", "''"), pick("tags", "CAST($7 AS TEXT)", "'[]'"),
	}, ", ")+`,
		visited = visited AND state = 'active',
		next_at = CASE WHEN state = 'active' THEN next_at ELSE $8 END,
		fails = CASE WHEN state = 'active' THEN fails ELSE 0 END, state = 'active'
		WHERE url = $1 RETURNING id`,
		s.URL, n, s.Title, s.Site, s.Lang, s.Country, jsonText{s.Tags}, t.now).Scan(&id)
	return id, err
}

// show makes a source visible and says whether it was not before.
func (t *tx) show(id, chat int64) (bool, error) {
	if chat == 0 {
		n, err := t.exec(`UPDATE sources SET shared = TRUE WHERE id = $1 AND NOT shared`, id)
		return n > 0, err
	}
	if err := t.mustChat(chat); err != nil {
		return false, err
	}
	seen, err := t.sees(chat, id)
	if err != nil {
		return false, err
	}
	// Written down also when the catalogue shows it: the chat asked for it and keeps
	// it when the operator takes it out.
	_, err = t.exec(`INSERT INTO views (chat_id, source_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`, chat, id)
	return !seen, err
}

// sees says whether a chat's rules see a source.
func (t *tx) sees(chat, source int64) (yes bool, err error) {
	err = t.row(`SELECT EXISTS (SELECT 1 FROM sources s WHERE s.id = $2 AND (s.shared
		OR EXISTS (SELECT 1 FROM views v WHERE v.source_id = s.id AND v.chat_id = $1)))`, chat, source).Scan(&yes)
	return yes, err
}

// RemoveSource ends a chat's own view of a source, or takes it out of the
// catalogue (chat 0). A source that nobody sees any more is paused. ErrNotFound
// when the chat did not see it.
func (db *DB) RemoveSource(ctx context.Context, id, chat int64) error {
	err := db.write(ctx, func(t *tx) error {
		if err := t.hide(id, chat); err != nil {
			return err
		}
		return t.pauseUnseen(id)
	})
	if err != nil {
		return fmt.Errorf("remove source: %w", err)
	}
	return nil
}

// hide takes a source out of a chat's view or the catalogue.
func (t *tx) hide(id, chat int64) error {
	if chat == 0 {
		n, err := t.exec(`UPDATE sources SET shared = FALSE WHERE id = $1`, id)
		if err == nil && n == 0 {
			err = found(sql.ErrNoRows, "source", id)
		}
		return err
	}
	yes, err := t.sees(chat, id)
	if err != nil {
		return err
	}
	if !yes {
		return found(sql.ErrNoRows, "source", id)
	}
	_, err = t.exec(`DELETE FROM views WHERE chat_id = $1 AND source_id = $2`, chat, id)
	return err
}

// pauseUnseen ends polling of a source that nobody sees.
func (t *tx) pauseUnseen(id int64) error {
	_, err := t.exec(`UPDATE sources SET state = 'paused' WHERE id = $1 AND state = 'active' AND NOT shared
		AND NOT EXISTS (SELECT 1 FROM views WHERE source_id = $1)`, id)
	return err
}

// Sources lists what a chat sees, the catalogue and its own, by title; chat 0
// means all sources there are.
func (db *DB) Sources(ctx context.Context, chat int64) ([]Source, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	return t.sources(chat)
}

// Source is one source, or ErrNotFound.
func (db *DB) Source(ctx context.Context, id int64) (Source, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	s, err := scanSource(t.row(`SELECT `+sourceColumns+` FROM sources WHERE id = $1`, id))
	return s, found(err, "source", id)
}

// ClaimSources takes up to limit sources that are due, the longest due first,
// each under a lease with a fencing token: until it has run out or the visit is
// written down by Publish or Failed, no other claim gets them. The lease should
// be the fetch's time-out and little more: a source whose claimer died is not
// polled before it ends. While the disk is full none is due.
func (db *DB) ClaimSources(ctx context.Context, limit int, lease time.Duration) ([]Source, error) {
	if !db.reserve.whole() {
		return nil, nil
	}
	idle, err := db.nothing(ctx, `SELECT EXISTS (SELECT 1 FROM sources
		WHERE state = 'active' AND next_at <= $1 AND lease_until <= $1)`)
	if err != nil || idle {
		return nil, err
	}
	var list []Source
	err = db.lease(ctx, func(t *tx) (err error) {
		list, err = collect(t, scanSource, `UPDATE sources SET token = token + 1, lease_until = $2 WHERE id IN (
			SELECT id FROM sources WHERE state = 'active' AND next_at <= $1 AND lease_until <= $1
			ORDER BY next_at, id LIMIT $3 {skip}) RETURNING `+sourceColumns, t.now, t.now.Add(lease), limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("claim sources: %w", err)
	}
	slices.SortFunc(list, func(a, b Source) int { return cmp.Or(a.NextAt.Compare(b.NextAt), cmp.Compare(a.ID, b.ID)) })
	return list, nil
}

// nothing asks a question of the kind SELECT EXISTS(…) with the time as its first
// argument on the read pool, so that an idle poll never takes the write lock.
func (db *DB) nothing(ctx context.Context, q string, more ...any) (bool, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	now, err := db.clock(t)
	if err != nil {
		return false, err
	}
	var some bool
	err = t.row(q, append([]any{now}, more...)...).Scan(&some)
	return !some, err
}

// Known tells which of the guids this source has shown before, and which of those
// were noted so long ago that a [Visit] should name them as Seen.
func (db *DB) Known(ctx context.Context, source int64, guids [][16]byte) (known map[[16]byte]bool, stale [][16]byte, err error) {
	known = make(map[[16]byte]bool, len(guids))
	old := unix(db.local().Add(-refresh)) // to the day: any clock will do
	t, cancel := db.one(ctx)
	defer cancel()
	err = chunks(guids, func(part [][16]byte) error {
		return t.each(func(s scanner) error {
			var guid []byte
			var seen int64
			if err := s.Scan(&guid, &seen); err != nil || len(guid) != 16 {
				return err
			}
			known[[16]byte(guid)] = true
			if seen < old {
				stale = append(stale, [16]byte(guid))
			}
			return nil
		}, `SELECT guid, seen_at FROM seen WHERE source_id = $1 AND guid IN (`+places(2, len(part))+`)`,
			anys([]any{source}, part)...)
	})
	return known, stale, err
}

// Failed records a visit that brought nothing: reason is for a person, next is
// the time of the next try, gone ends polling. The old validators stay.
// ErrLeaseLost when the source was claimed by somebody else meanwhile.
func (db *DB) Failed(ctx context.Context, s Source, reason string, next time.Time, gone bool) error {
	state := s.State
	if gone {
		state = SourceGone
	}
	return db.write(ctx, func(t *tx) error {
		// A source that was paused during the visit stays so.
		n, err := t.exec(`UPDATE sources SET fails = fails + 1, last_error = $3, last_tried = $4, next_at = $5,
			lease_until = 0, state = CASE WHEN state = 'active' AND CAST($6 AS TEXT) = 'gone' THEN 'gone' ELSE state END
			WHERE id = $1 AND token = $2`, s.ID, s.Token, reason, t.now, next, state)
		if err == nil && n == 0 {
			err = fmt.Errorf("source %d: %w", s.ID, ErrLeaseLost)
		}
		return err
	})
}
