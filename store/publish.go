package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"wirewatch/feeds"
)

const (
	sameText = 3 * 24 * time.Hour // how long two items with one text are one article
	refresh  = 24 * time.Hour     // how often "last seen" of an old acquaintance is written
)

// Match is a rule that an article satisfies, with the words that did it.
type Match struct {
	Rule int64
	Hits []Hit
}

// Hit is one term of a query and the text that met it.
type Hit struct {
	Term string `json:"term"` // canonical, "@geneva"
	Text string `json:"text"` // as the source writes it
	Zone string `json:"zone"`
}

// NewArticle is an item that its source had not shown before. The three hashes
// are its identities; a zero hash is none.
type NewArticle struct {
	Item            feeds.Article
	Zones           feeds.Zones
	GUID, URL, Text [16]byte
	Matches         []Match // by rules of any scope: Publish decides who may see
}

// Visit is what one good visit to a source brought.
type Visit struct {
	Source             Source // as claimed: its ID and Token fence the transaction
	Moved              string // new address to poll from now on; "" none
	Title, Lang, Site  string // what the document says; fills what is not known yet
	ETag, LastModified string
	BodyHash           []byte
	Interval           time.Duration
	NextAt             time.Time
	Seen               [][16]byte   // every guid in the document
	Articles           []NewArticle // those not Known, oldest first: the order in which they are told
	Changes            []Change     // of Followed articles
	Silent             bool         // first visit: store, owe nothing
	NotModified        bool         // nothing but the times changed; empty validators leave the old ones
	Hub, Topic         string       // who pushes the source and under which name (WebSub); "" nobody
	Missed             bool         // it brought what a hub that is relied on had not pushed
	Push               int64        // the push that this visit was; 0: the source was polled
	Note               string       // what reading the document had to repair, in words; "" nothing
}

// Published says what a visit came to.
type Published struct {
	New, Duplicate int  // articles
	Deliveries     int  // owed because of them
	Merged         bool // the source moved to an address that another source has: it is one with that now
}

// Publish writes a visit down in one transaction: articles, who carried them,
// what is owed to whom, and the source's validators. ErrLeaseLost when the
// source was claimed by somebody else meanwhile, or is gone; then nothing is
// written.
//
// An article that another source brought already is not stored again, but what
// it matches is owed to those who were not told through the other: every
// destination is told a story once. Of the matches those count whose rule sees
// this source; matching rules that were deleted meanwhile count for nothing.
func (db *DB) Publish(ctx context.Context, v Visit) (Published, error) {
	if !db.reserve.whole() { // what is left of it is for what is owed already
		return Published{}, fmt.Errorf("publish source %d: %w", v.Source.ID, ErrFull)
	}
	var p publication
	err := db.write(ctx, func(t *tx) error {
		p = publication{tx: t, visit: &v, source: v.Source.ID, editors: map[int64]bool{}, asked: map[storyKey]int64{}, alerts: map[storyKey]int64{}}
		return p.run()
	})
	if err != nil {
		return Published{}, fmt.Errorf("publish source %d: %w", v.Source.ID, err)
	}
	return p.out, nil
}

// publication is one run of Publish's transaction.
type publication struct {
	*tx
	visit  *Visit
	source int64     // the one that remains, after a merge
	told   []telling // in the visit's order

	editors map[int64]bool     // chats that are to approve something
	asked   map[storyKey]int64 // deliveries that were stored and must be approved
	alerts  map[storyKey]int64 // those that tell an editor of a story, whatever the topic
	out     Published
}

// telling is an article that may be owed to somebody.
type telling struct {
	article, story int64
	matches        []Match     // never empty
	fresh          *NewArticle // nil: it was known already
}

// run is the story of a visit, in the order of locks.
func (p *publication) run() error {
	n, err := p.exec(`UPDATE sources SET last_tried = $3 WHERE id = $1 AND token = $2`,
		p.source, p.visit.Source.Token, p.now)
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrLeaseLost
	}
	if err := p.follow(); err != nil {
		return fmt.Errorf("follow the source to its new address: %w", err)
	}
	if err := p.enterGates(); err != nil {
		return err
	}
	for i := range p.visit.Articles {
		if err := p.take(&p.visit.Articles[i]); err != nil {
			return err
		}
	}
	if err := p.owe(); err != nil {
		return err
	}
	if err := cmp.Or(p.followTold(), p.applyChanges()); err != nil {
		return err
	}
	if err := p.refreshSeen(); err != nil {
		return err
	}
	return p.finish()
}

// gates is how many rows the table of that name has.
const gates = 64

// enterGates keeps two visits that carry the same items, each in its own order,
// from waiting for each other: PostgreSQL would break that up only after a second.
func (p *publication) enterGates() error {
	pick := map[int64]bool{}
	for _, n := range p.visit.Articles {
		pick[int64(n.URL[0]%gates)], pick[int64(n.Text[0]%gates)] = true, true
	}
	ids := slices.Sorted(maps.Keys(pick))
	if len(ids) == 0 {
		return nil
	}
	return p.each(func(scanner) error { return nil },
		`SELECT id FROM gates WHERE id IN (`+places(1, len(ids))+`) ORDER BY id {lock}`, anys(nil, ids)...)
}

// take stores one article, or recognises it.
func (p *publication) take(n *NewArticle) error {
	if n.GUID != ([16]byte{}) {
		fresh, err := p.exec(`INSERT INTO seen (source_id, guid, seen_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
			p.source, n.GUID, p.now)
		if err != nil {
			return err
		}
		if fresh == 0 {
			p.out.Duplicate++
			return nil
		}
	}
	known, err := p.recognise(n)
	if err != nil {
		return err
	}
	t := telling{matches: n.Matches}
	if known == 0 {
		p.out.New++
		t.fresh = n
		t.article, t.story, err = p.insert(n)
	} else {
		p.out.Duplicate++
		t.article, t.story, err = p.existing(known)
	}
	if err != nil {
		return err
	}
	if err := p.identify(n, t.article, known); err != nil {
		return err
	}
	if t.story == 0 {
		return nil // remembered, but its article has been swept: old news
	}
	carried, err := p.exec(`INSERT INTO sightings (article_id, source_id, url, seen_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT DO NOTHING`, t.article, p.source, n.Item.URL, p.now)
	// A source that shows an article again under a new guid tells nothing new.
	if err == nil && carried > 0 && !p.visit.Silent && len(t.matches) > 0 {
		p.told = append(p.told, t)
	}
	return err
}

// recognise finds the article that this one is: same address, else the same text
// in the last days. 0 is none.
func (p *publication) recognise(n *NewArticle) (article int64, err error) {
	err = p.row(`SELECT article_id FROM identities WHERE (kind = 'url' AND hash = $1)
		OR (kind = 'text' AND hash = $2 AND first_at > $3) ORDER BY CASE WHEN kind = 'url' THEN 0 ELSE 1 END LIMIT 1`,
		n.URL, n.Text, p.now.Add(-sameText)).Scan(&article)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return article, err
}

// insert stores an article and begins its story.
func (p *publication) insert(n *NewArticle) (article, story int64, err error) {
	err = p.row(`INSERT INTO stories (first_at, last_at) VALUES ($1, $1) RETURNING id`, p.now).Scan(&story)
	if err != nil {
		return 0, 0, err
	}
	i := n.Item
	err = p.row(`INSERT INTO articles (story_id, item_id, guid, source, url, title, summary, body, lang, published,
		authors, tags, image, zones, seen_at) VALUES (`+places(1, 15)+`) RETURNING id`,
		story, i.ID, i.GUID, i.Source, i.URL, i.Title, i.Summary, i.Body, i.Lang, i.Published,
		jsonText{i.Authors}, jsonText{i.Tags}, i.Image, jsonText{n.Zones}, p.now).Scan(&article)
	return article, story, err
}

// existing reads the story of a known article; 0 when the article has been swept.
func (p *publication) existing(id int64) (article, story int64, err error) {
	err = p.row(`UPDATE stories SET last_at = $2 WHERE id = (SELECT story_id FROM articles WHERE id = $1) RETURNING id`,
		id, p.now).Scan(&story)
	if errors.Is(err, sql.ErrNoRows) {
		return id, 0, nil
	}
	return id, story, err
}

// identify remembers what the article can be recognised by. known is 0 for an
// article that was just stored; should another transaction have stored the same
// one since recognise, this one is run again and will find it.
func (p *publication) identify(n *NewArticle, article, known int64) error {
	for _, id := range []struct {
		kind string
		hash [16]byte
	}{{"url", n.URL}, {"text", n.Text}} {
		if id.hash == ([16]byte{}) {
			continue
		}
		var holder int64
		err := p.row(`INSERT INTO identities AS i (kind, hash, article_id, first_at, seen_at) VALUES ($1, $2, $3, $4, $4)
			ON CONFLICT (kind, hash) DO UPDATE SET seen_at = excluded.seen_at,
				article_id = CASE WHEN i.kind = 'text' AND i.first_at <= $5 THEN excluded.article_id ELSE i.article_id END,
				first_at = CASE WHEN i.kind = 'text' AND i.first_at <= $5 THEN excluded.first_at ELSE i.first_at END
			RETURNING article_id`, id.kind, id.hash, article, p.now, p.now.Add(-sameText)).Scan(&holder)
		if err != nil {
			return err
		}
		if known == 0 && holder != article {
			return errRace
		}
	}
	return nil
}

// refreshSeen notes that the document still shows what it shows, at most once a
// day each: guids are forgotten when no document has shown them for long.
func (p *publication) refreshSeen() error {
	return chunks(p.visit.Seen, func(part [][16]byte) error {
		var args []any
		have := map[[16]byte]bool{}
		for _, guid := range part {
			if guid != ([16]byte{}) && !have[guid] {
				have[guid] = true
				args = append(args, p.source, guid, p.now)
			}
		}
		if len(have) == 0 {
			return nil
		}
		args = append(args, p.now.Add(-refresh))
		_, err := p.exec(`INSERT INTO seen (source_id, guid, seen_at) VALUES `+tuples(len(have), 3)+`
			ON CONFLICT (source_id, guid) DO UPDATE SET seen_at = excluded.seen_at WHERE seen.seen_at < `+
			places(len(args), 1), args...)
		return err
	})
}

// finish writes what the visit taught about the source and gives it back.
func (p *publication) finish() error {
	v := p.visit
	if v.Push != 0 {
		return p.arrived()
	}
	_, err := p.exec(`UPDATE sources SET
		title = CASE WHEN title = '' THEN $2 ELSE title END,
		lang = CASE WHEN lang = '' THEN $3 ELSE lang END,
		site = CASE WHEN site = '' THEN $4 ELSE site END,
		last_ok = $5, last_tried = $5, fails = 0, visited = TRUE, items = items + CAST($6 AS BIGINT),
		last_new = CASE WHEN CAST($7 AS BIGINT) > 0 THEN $5 ELSE last_new END,
		last_error = CASE WHEN CAST($8 AS BOOLEAN) AND fails = 0 THEN last_error ELSE CAST($9 AS TEXT) END
		WHERE id = $1`, p.source, v.Title, v.Lang, v.Site, p.now, p.out.New+p.out.Duplicate, p.out.New, v.NotModified, v.Note)
	if err != nil || p.out.Merged {
		return err // the survivor keeps its own validators and schedule
	}
	if err := p.announce(); err != nil {
		return err
	}
	if v.NotModified {
		_, err = p.exec(`UPDATE sources SET interval_ms = $2, next_at = $3, lease_until = 0,
			etag = CASE WHEN CAST($4 AS TEXT) = '' THEN etag ELSE CAST($4 AS TEXT) END,
			last_modified = CASE WHEN CAST($5 AS TEXT) = '' THEN last_modified ELSE CAST($5 AS TEXT) END
			WHERE id = $1`, p.source, v.Interval, v.NextAt, v.ETag, v.LastModified)
		return err
	}
	_, err = p.exec(`UPDATE sources SET interval_ms = $2, next_at = $3, lease_until = 0, etag = $4, last_modified = $5,
		body_hash = $6, last_read = $7 WHERE id = $1`,
		p.source, v.Interval, v.NextAt, v.ETag, v.LastModified, v.BodyHash, p.now)
	return err
}
