package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
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

// Silence is a source that brings nothing although it usually does, because it publishes
// nothing or cannot be read, or does so again.
type Silence struct {
	Source int64
	Title  string    // of the source; only Claim says it, and Error
	Error  string    // why its last visit failed; "" it answers
	Since  time.Time // of its last article before the silence
	Until  time.Time // of the next; zero: it is silent
}

// NoteSilences notes what became of some sources and returns what of that was news:
// of several processes that notice the same, one is told so. What is news is owed, in
// the same transaction and in one message to each, to the active chats that follow
// the source, of a channel to its owner, and, if it is in the catalogue, to the
// operators; that it is over to those who were told that it began.
func (db *DB) NoteSilences(ctx context.Context, list []Silence) (news []Silence, err error) {
	err = db.write(ctx, func(t *tx) error {
		news = nil
		told := map[int64][]Silence{}
		for _, s := range list {
			fresh, err := t.noteSilence(s)
			if err != nil {
				return err
			}
			if !fresh {
				continue
			}
			news = append(news, s)
			chats, err := t.concerned(s)
			if err != nil {
				return err
			}
			for _, chat := range chats {
				told[chat] = append(told[chat], s)
			}
		}
		return t.oweNotices(told)
	})
	if err != nil {
		return nil, fmt.Errorf("note silences: %w", err)
	}
	return news, nil
}

// ForgetSilence takes back that a source is silent, without telling anybody: nobody
// reads it any more.
func (db *DB) ForgetSilence(ctx context.Context, source int64) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(`DELETE FROM silences WHERE source_id = $1`, source)
		return err
	})
	if err != nil {
		return fmt.Errorf("forget silence: %w", err)
	}
	return nil
}

func (t *tx) noteSilence(s Silence) (fresh bool, err error) {
	var n int64
	if s.Until.IsZero() {
		n, err = t.exec(`INSERT INTO silences (source_id, since, found) SELECT id, $2, $3 FROM sources WHERE id = $1
			ON CONFLICT (source_id) DO NOTHING`, s.Source, s.Since, t.now)
	} else {
		n, err = t.exec(`DELETE FROM silences WHERE source_id = $1 AND since = $2`, s.Source, s.Since)
	}
	return n > 0, err
}

// concerned lists the chats to be told of a silence.
func (t *tx) concerned(s Silence) ([]int64, error) {
	if !s.Until.IsZero() {
		return collect(t, scanID, `SELECT DISTINCT d.chat_id FROM notices n JOIN deliveries d ON d.id = n.delivery_id
			WHERE n.source_id = $1 AND n.since = $2 AND n.until = 0 AND d.state <> 'dropped'`, s.Source, s.Since)
	}
	const person = `CASE WHEN c.kind = 'channel' THEN c.owner_id ELSE c.id END` // not a channel's public
	return collect(t, scanID, `SELECT `+person+` FROM chats c JOIN rules r ON r.chat_id = c.id JOIN sources s ON s.id = r.source_id
			WHERE s.id = $1 AND s.shared AND r.tier <> 'off'
		UNION SELECT `+person+` FROM chats c JOIN views v ON v.chat_id = c.id WHERE v.source_id = $1
		UNION SELECT user_id FROM operators WHERE EXISTS (SELECT 1 FROM sources WHERE id = $1 AND shared)`, s.Source)
}

// oweNotices stores one delivery for each chat that is written to.
func (t *tx) oweNotices(told map[int64][]Silence) error {
	return chunks(slices.Sorted(maps.Keys(told)), func(chats []int64) error {
		lines, err := t.lockLines(chats)
		if err != nil {
			return err
		}
		for _, chat := range chats {
			if l := lines[chat]; l.state == ChatActive {
				if err := t.oweNotice(chat, l.seq+1, told[chat]); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// oweNotice stores a notice as the next turn of a chat, whose row is locked.
func (t *tx) oweNotice(chat, turn int64, list []Silence) error {
	var id int64
	err := t.row(`INSERT INTO deliveries (chat_id, thread_id, article_id, source_id, seq, kind, tier, rules, state, created)
		SELECT id, thread_id, 0, 0, $2, 'notice', 'instant', '[]', 'due', $3 FROM chats WHERE id = $1 RETURNING id`, chat, turn, t.now).Scan(&id)
	if err != nil {
		return err
	}
	for _, s := range list {
		_, err := t.exec(`INSERT INTO notices (delivery_id, source_id, since, until) VALUES ($1, $2, $3, $4)`, id, s.Source, s.Since, s.Until)
		if err != nil {
			return err
		}
	}
	t.due = true
	_, err = t.exec(`UPDATE chats SET seq = $2, due_at = coalesce(due_at, {max}(free_at, CAST($3 AS BIGINT))) WHERE id = $1`, chat, turn, t.now)
	return err
}

// loadNotices gives deliveries of kind notice what they tell, by title.
func (t *tx) loadNotices(list []*Delivery) error {
	notices := map[int64]*Delivery{}
	for _, d := range list {
		if d.Kind == KindNotice {
			notices[d.ID] = d
		}
	}
	return chunks(slices.Sorted(maps.Keys(notices)), func(part []int64) error {
		return t.each(func(s scanner) error {
			var id int64
			var x Silence
			err := s.Scan(&id, &x.Source, &x.Title, &x.Error, toTime{&x.Since}, toTime{&x.Until})
			if d := notices[id]; d != nil {
				d.Silences = append(d.Silences, x)
			}
			return err
		}, `SELECT n.delivery_id, n.source_id, s.title, CASE WHEN s.fails > 0 THEN s.last_error ELSE '' END, n.since, n.until
			FROM notices n JOIN sources s ON s.id = n.source_id
			WHERE n.delivery_id IN (`+places(1, len(part))+`) ORDER BY n.since, n.source_id`, anys(nil, part)...)
	})
}
