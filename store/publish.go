package store

import (
	"context"
	"time"

	"wirewatch/feeds"
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
	Title, Lang, Site  string // what the document says; "" leaves what is known
	ETag, LastModified string
	BodyHash           []byte
	Interval           time.Duration
	NextAt             time.Time
	Seen               [][16]byte   // every guid in the document
	Articles           []NewArticle // those not Known, oldest first
	Silent             bool         // first visit: store, owe nothing
	NotModified        bool         // nothing else than the times changed
}

// Published says what a visit came to.
type Published struct {
	New, Duplicate int  // articles
	Deliveries     int  // owed because of them
	Merged         bool // the source moved to an address that another source has: it is one with that now
}

// Publish writes a visit down in one transaction: articles, who carried them,
// what is owed to whom, and the source's validators. ErrLeaseLost when the
// source was claimed by somebody else meanwhile; then nothing is written.
func (db *DB) Publish(ctx context.Context, v Visit) (Published, error) {
	return Published{}, errUnfinished
}
