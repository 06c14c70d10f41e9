package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"wirewatch/feeds"
)

// CorrectFor is how long after the first sight of an article its source's changes
// still reach the messages about it.
const CorrectFor = 24 * time.Hour

// followedKept is how long the tables of corrections remember: longer, so that what
// is owed at the end is still settled.
const followedKept = 2 * CorrectFor

// Followed is an article of the last hours that somebody was told of, as its source
// showed it last.
type Followed struct {
	GUID      [16]byte
	Title     string
	Published time.Time // as the source states; zero: it does not
	Missing   bool      // the source's document does not show it any more
}

// Change is what a source's document says of a Followed article now.
type Change struct {
	GUID    [16]byte
	Title   string
	Missing bool
}

// Followed lists the articles of the last CorrectFor that this source was the first
// to carry and that somebody was told of.
func (db *DB) Followed(ctx context.Context, source int64) ([]Followed, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	since := db.local().Add(-CorrectFor) // of a day: any clock will do
	return collect(t, func(s scanner) (f Followed, err error) {
		var guid []byte
		err = s.Scan(&guid, &f.Title, toTime{&f.Published}, &f.Missing)
		if err == nil && len(guid) == len(f.GUID) {
			f.GUID = [16]byte(guid)
		}
		return f, err
	}, `SELECT guid, title, published, missing_at > 0 FROM followed WHERE source_id = $1 AND since > $2`,
		source, since)
}

// followTold begins to follow the articles of a visit that are new and may be told
// to somebody.
func (p *publication) followTold() error {
	for _, t := range p.told {
		if t.fresh == nil || t.fresh.GUID == ([16]byte{}) {
			continue
		}
		i := t.fresh.Item
		_, err := p.exec(`INSERT INTO followed (article_id, source_id, guid, url, title, published, since)
			VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
			t.article, p.source, t.fresh.GUID, i.URL, i.Title, i.Published, p.now)
		if err != nil {
			return err
		}
	}
	return nil
}

// refollow goes on following articles that their source shows under a new guid, and often
// at a new address: it has not taken them back, whatever the old ones say. One that was
// thought withdrawn is shown as it was.
func (p *publication) refollow(list []*arrival) error {
	again := map[int64]*arrival{}
	for _, a := range list {
		if a.known && a.GUID != ([16]byte{}) {
			again[a.article] = a
		}
	}
	type was struct {
		article   int64
		withdrawn bool
	}
	var found []was
	err := chunks(slices.Sorted(maps.Keys(again)), func(part []int64) error {
		some, err := collect(p.tx, func(s scanner) (w was, err error) { return w, s.Scan(&w.article, &w.withdrawn) },
			`SELECT article_id, withdrawn FROM followed WHERE source_id = $1 AND article_id IN (`+places(2, len(part))+`)
			ORDER BY article_id {lock}`, anys([]any{p.source}, part)...)
		found = append(found, some...)
		return err
	})
	if err != nil {
		return err
	}
	for _, w := range found {
		a := again[w.article]
		_, err := p.exec(`UPDATE followed SET guid = $2, url = CASE WHEN $3 = '' THEN url ELSE $3 END,
			missing_at = 0, ask_at = 0, asks = 0, gone_at = 0, withdrawn = FALSE WHERE article_id = $1`, w.article, a.GUID, a.Item.URL)
		if err == nil && w.withdrawn {
			err = p.correct(w.article, "", false)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// applyChanges writes down what the visit's document says of followed articles, and
// what is owed to messages because of it.
func (p *publication) applyChanges() error {
	for _, c := range p.visit.Changes {
		if err := p.applyChange(c); err != nil {
			return err
		}
	}
	return nil
}

func (p *publication) applyChange(c Change) error {
	var article int64
	var was string
	var withdrawn bool
	err := p.row(`SELECT article_id, title, withdrawn FROM followed WHERE source_id = $1 AND guid = $2 {lock}`,
		p.source, c.GUID).Scan(&article, &was, &withdrawn)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // forgotten meanwhile
	}
	if err != nil {
		return err
	}
	if c.Missing {
		_, err = p.exec(`UPDATE followed SET missing_at = $2, ask_at = $2, asks = 0, gone_at = 0 WHERE article_id = $1 AND missing_at = 0`,
			article, p.now)
		return err
	}
	_, err = p.exec(`UPDATE followed SET title = $2, missing_at = 0, ask_at = 0, asks = 0, gone_at = 0, withdrawn = FALSE
		WHERE article_id = $1`, article, c.Title)
	if err != nil {
		return err
	}
	if title := clean(c.Title); title == "" || title == was {
		if !withdrawn {
			return nil
		}
		return p.correct(article, "", false) // it is back
	}
	if err := p.retitle(article, c.Title); err != nil {
		return err
	}
	return p.correct(article, was, false)
}

// retitle gives an article its new headline.
func (t *tx) retitle(article int64, title string) error {
	var zones feeds.Zones
	err := t.row(`SELECT zones FROM articles WHERE id = $1 {lock}`, article).Scan(toJSON{&zones})
	if err != nil {
		return err
	}
	zones.Title = title
	_, err = t.exec(`UPDATE articles SET title = $2, zones = $3 WHERE id = $1`, article, title, jsonText{zones})
	return err
}

// Missing is a followed article that its source does not show any more.
type Missing struct {
	Article int64
	URL     string
	Asks    int    // for its page, so far
	Gone    bool   // its page was gone when it was asked for last
	Another string // the newest article of the same source that is still shown; "" none
}

// Missing lists, the longest due first, followed articles whose pages are to be
// asked for.
func (db *DB) Missing(ctx context.Context, limit int) ([]Missing, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	now, err := db.clock(t)
	if err != nil {
		return nil, err
	}
	return collect(t, func(s scanner) (m Missing, err error) {
		return m, s.Scan(&m.Article, &m.URL, toCount{&m.Asks}, &m.Gone, &m.Another)
	}, `SELECT f.article_id, f.url, f.asks, f.gone_at > 0, coalesce((SELECT g.url FROM sightings g
			WHERE g.source_id = f.source_id AND g.article_id <> f.article_id AND g.url <> '' ORDER BY g.seen_at DESC, g.article_id DESC LIMIT 1), '')
		FROM followed f WHERE f.ask_at > 0 AND f.ask_at <= $1 AND f.since > $2 ORDER BY f.ask_at, f.article_id LIMIT $3`,
		now, now.Add(-CorrectFor), limit)
}

// Asked writes down whether the page of a missing article is gone, and when it is to
// be asked for again; the zero time is not before the source's document changes. A
// page that was gone before and still is makes its article withdrawn: the messages
// about it are to be edited, and nobody is told of it any more. It says so.
func (db *DB) Asked(ctx context.Context, m Missing, gone bool, again time.Time) (withdrawn bool, err error) {
	err = db.write(ctx, func(t *tx) error {
		withdrawn = gone && m.Gone
		goneAt, next := time.Time{}, again
		if gone {
			goneAt = t.now
		}
		if withdrawn {
			next = time.Time{}
		}
		n, err := t.exec(`UPDATE followed SET gone_at = $2, ask_at = $3, asks = asks + 1, withdrawn = $4
			WHERE article_id = $1 AND missing_at > 0 AND NOT withdrawn`, m.Article, goneAt, next, withdrawn)
		if n == 0 { // it is back
			withdrawn = false
		}
		if err != nil || !withdrawn {
			return err
		}
		return t.withdraw(m.Article)
	})
	if err != nil {
		return false, fmt.Errorf("note what became of an article: %w", err)
	}
	return withdrawn, nil
}

// withdraw drops what waits to be told of an article, and corrects what was told.
func (t *tx) withdraw(article int64) error {
	_, err := t.exec(`UPDATE deliveries SET state = 'dropped', reason = 'withdrawn by its source'
		WHERE article_id = $1 AND state NOT IN ('sent', 'dropped', 'folded') AND state IN ('waiting', 'held')`, article)
	if err != nil {
		return err
	}
	return t.correct(article, "", true)
}
