package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/binary"
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
	Seen               [][16]byte   // the guids in the document that [DB.Known] wants to be noted again
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
		p = publication{tx: t, visit: &v, source: v.Source.ID, lateness: db.latenessOf(v, t.now),
			editors: map[int64]bool{}, asked: map[storyKey]int64{}, alerts: map[storyKey]int64{}}
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
	lateness

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
	late           bool        // an outage has kept it from being told when it came out
}

// run is the story of a visit, in the order of locks.
func (p *publication) run() error {
	if p.visit.quiet() {
		return p.finish() // most visits to most sources: one statement, which is fenced itself
	}
	if err := p.fence(); err != nil {
		return err
	}
	if err := p.follow(); err != nil {
		return fmt.Errorf("follow the source to its new address: %w", err)
	}
	if err := p.enterGates(); err != nil {
		return err
	}
	if err := p.take(); err != nil {
		return err
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

// quiet says that a visit brought nothing but the time of the next.
func (v *Visit) quiet() bool {
	return v.NotModified && v.Moved == "" && v.Push == 0 && len(v.Articles) == 0 && len(v.Seen) == 0 && len(v.Changes) == 0
}

// fence locks the source while it is still the visitor's.
func (p *publication) fence() error {
	var id int64
	err := p.row(`SELECT id FROM sources WHERE id = $1 AND token = $2 {lock}`, p.source, p.visit.Source.Token).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrLeaseLost
	}
	return err
}

// gates is how many rows the table of that name has.
const gates = 1024

// enterGates keeps two visits that carry the same items, each in its own order,
// from waiting for each other: PostgreSQL would break that up only after a second.
// SQLite has one writer.
func (p *publication) enterGates() error {
	if p.d.engine == sqlite {
		return nil
	}
	pick := map[int64]bool{}
	for _, n := range p.visit.Articles {
		for _, hash := range [][16]byte{n.URL, n.Text} {
			if hash != ([16]byte{}) {
				pick[int64(binary.BigEndian.Uint16(hash[:])%gates)] = true
			}
		}
	}
	ids := slices.Sorted(maps.Keys(pick))
	if len(ids) == 0 {
		return nil
	}
	return p.each(func(scanner) error { return nil },
		`SELECT id FROM gates WHERE id IN (`+places(1, len(ids))+`) ORDER BY id {lock}`, anys(nil, ids)...)
}

// refreshSeen notes that the document still shows what it shows: guids are
// forgotten when no document has shown them for long.
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

// learned is what every good visit teaches about a source; its last parameter is $9.
const learned = `UPDATE sources SET
	title = CASE WHEN title = '' THEN $2 ELSE title END,
	lang = CASE WHEN lang = '' THEN $3 ELSE lang END,
	site = CASE WHEN site = '' THEN $4 ELSE site END,
	last_ok = $5, last_tried = $5, fails = 0, visited = TRUE, items = items + CAST($6 AS BIGINT),
	last_new = CASE WHEN CAST($7 AS BIGINT) > 0 THEN $5 ELSE last_new END,
	last_error = CASE WHEN CAST($8 AS BOOLEAN) AND fails = 0 THEN last_error ELSE CAST($9 AS TEXT) END`

// finish writes what the visit taught about the source and gives it back.
// ErrLeaseLost when it is somebody else's.
func (p *publication) finish() error {
	v := p.visit
	if v.Push != 0 {
		return p.arrived()
	}
	q := learned
	args := []any{p.source, v.Title, v.Lang, v.Site, p.now, p.out.New + p.out.Duplicate, p.out.New, v.NotModified, v.Note}
	if p.out.Merged { // the survivor keeps its own validators and schedule
		_, err := p.exec(q+` WHERE id = $1`, args...)
		return err
	}
	args = append(args, v.Source.Token, v.Interval, v.NextAt, v.ETag, v.LastModified)
	q += `, interval_ms = $11, next_at = $12, lease_until = 0, `
	if v.NotModified {
		q += `etag = CASE WHEN CAST($13 AS TEXT) = '' THEN etag ELSE CAST($13 AS TEXT) END,
			last_modified = CASE WHEN CAST($14 AS TEXT) = '' THEN last_modified ELSE CAST($14 AS TEXT) END`
	} else {
		q += `etag = $13, last_modified = $14, body_hash = $15, last_read = $5`
		args = append(args, v.BodyHash)
	}
	n, err := p.exec(q+` WHERE id = $1 AND token = $10`, args...)
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrLeaseLost
	}
	return p.announce()
}
