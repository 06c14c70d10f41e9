package store

import (
	"fmt"
	"time"
)

// backlogLeast is how many late alerts make a digest; fewer are told as they are.
const backlogLeast = 3

// late says that a parcel begins a backlog: an alert in it that is not urgent should
// have been told long ago.
func (db *DB) late(list []Delivery, now time.Time) bool {
	if db.backlog <= 0 {
		return false
	}
	for _, d := range list {
		if d.Kind == KindAlert && d.Tier != TierFlash && d.State == StateDue && now.Sub(d.Created) >= db.backlog {
			return true
		}
	}
	return false
}

// bundle makes one digest of the alerts that are due to a leased chat, however late
// each of them is. They get new turns: what is urgent, and what may be on its way
// already, goes first. It says whether there were enough for that.
func (t *tx) bundle(chat int64, now time.Time) (bool, error) {
	const late = `d.state IN ('due', 'sending', 'uncertain') AND d.state = 'due' AND d.kind = 'alert' AND d.subject_id = 0 AND d.tier <> 'flash' AND d.not_before <= `
	const dull = late + `$3`
	var n int
	err := t.row(`SELECT count(*) FROM deliveries d WHERE d.chat_id = $1 AND `+late+`$2`, chat, now).Scan(&n)
	if err != nil || n < backlogLeast {
		return false, err
	}
	id, err := t.newDigest(chat, t.now, dull, now)
	if err != nil || id == 0 {
		return false, err
	}
	if err := t.enqueue(chat, id, dull, `d.thread_id, d.seq`, now); err != nil {
		return false, err
	}
	if _, err := t.exec(`UPDATE deliveries SET kind = 'backlog' WHERE chat_id = $1 AND digest_id = $2 AND state = 'due'`, chat, id); err != nil {
		return false, fmt.Errorf("bundle a backlog: %w", err)
	}
	return true, nil
}
