package store

import (
	"context"
	"time"
)

// The states of a delivery.
const (
	StateWaiting   = "waiting"   // for its digest
	StateDue       = "due"       // to be sent as soon as it is its turn
	StateSending   = "sending"   // a request may be on its way
	StateUncertain = "uncertain" // a request was made, its outcome is unknown: due again
	StateSent      = "sent"
	StateHeld      = "held"    // until its chat is active again
	StateDropped   = "dropped" // given up, Reason says why
)

// The kinds of a delivery.
const (
	KindAlert  = "alert"
	KindDigest = "digest"
)

// ParcelSize is how many deliveries one claim of a chat takes at most.
const ParcelSize = 200

// Lease is how long a claimed chat belongs to its claimer.
const Lease = 30 * time.Second

// Delivery is one story owed to one destination.
type Delivery struct {
	ID           int64
	Chat, Thread int64
	Seq          int64  // its turn within the chat; 0 while it waits
	Kind         string // alert or digest
	Tier         Tier
	Digest       int64    // the digest it belongs to, 0 none
	Article      *Article // nil only for the one row of an empty digest, and when the article has been swept
	Rules        []RuleMatch
	State        string
	Attempts     int
	Created      time.Time
	NotBefore    time.Time // zero: any time
	Started      time.Time // last attempt
	SentAt       time.Time
	MessageID    int64
	MaybeDup     bool // an earlier attempt has no known outcome
	Reason       string
}

// RuleMatch is a rule as it was when it matched, with its evidence.
type RuleMatch struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Query string `json:"query"`
	Hits  []Hit  `json:"hits"`
}

// Parcel is a chat under lease with the deliveries that are due, in the order in
// which they must be sent.
type Parcel struct {
	Chat       Chat
	Token      int64     // fencing token: every outcome must carry it
	Expires    time.Time // of the lease, on this process's clock
	Deliveries []Delivery
}

// Claim leases up to limit chats that have something due at now.
func (db *DB) Claim(ctx context.Context, now time.Time, limit int) ([]Parcel, error) {
	return nil, errUnfinished
}

// Sending writes down that these deliveries are about to be requested. It must
// be called, and have returned nil, before the request is made.
func (db *DB) Sending(ctx context.Context, p Parcel, ids []int64) error { return errUnfinished }

// Sent settles deliveries with the message that told them. Nothing more is due
// to the chat before gap has passed.
func (db *DB) Sent(ctx context.Context, p Parcel, ids []int64, messageID int64, gap time.Duration) error {
	return errUnfinished
}

// Retry puts deliveries back, not to be tried before at; nor is anything behind
// them. uncertain says that the request may have been obeyed.
func (db *DB) Retry(ctx context.Context, p Parcel, ids []int64, at time.Time, reason string, uncertain bool) error {
	return errUnfinished
}

// Drop gives deliveries up for a reason.
func (db *DB) Drop(ctx context.Context, p Parcel, ids []int64, reason string) error {
	return errUnfinished
}

// Block puts the chat into a state in which it is not written to and gives it
// back; its open deliveries are held.
func (db *DB) Block(ctx context.Context, p Parcel, state ChatState, reason string) error {
	return errUnfinished
}

// Release gives the chat back; it is due again if any of its deliveries is.
func (db *DB) Release(ctx context.Context, p Parcel) error { return errUnfinished }

// Resume makes a chat active again; what was held for less than HeldFor becomes
// due, the rest is dropped.
func (db *DB) Resume(ctx context.Context, chat int64) error { return errUnfinished }

// HeldFor is how old a held delivery may be and still be told on Resume.
const HeldFor = 48 * time.Hour

// Slot takes the next turn in the queue that all processes share and says how
// long to wait for it: turns are gap apart.
func (db *DB) Slot(ctx context.Context, gap time.Duration) (time.Duration, error) {
	return 0, errUnfinished
}
