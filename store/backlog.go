package store

import (
	"fmt"
	"time"
)

// backlogLeast is how many late alerts make a digest; fewer are told as they are.
const backlogLeast = 3

// gathering is how long what an outage has kept back waits for the rest of it: the
// sources are visited again one after the other. It is never longer than half of
// what counts as an outage.
const gathering = 2 * time.Minute

// lateness is what a visit knows of an outage that it ends: its source should have
// been visited long before. The zero value is no outage.
type lateness struct {
	since     time.Time           // what was published earlier comes too late to be told by itself; zero: nothing
	gathering time.Duration       // see the constant
	gathered  map[int64]time.Time // until when each chat's late alerts wait
}

// latenessOf finds out. What a source shows on its first visit is no outage's doing,
// nor is what a hub pushes.
func (db *DB) latenessOf(v Visit, now time.Time) lateness {
	s := v.Source
	if db.backlog <= 0 || v.Push != 0 || s.LastOK.IsZero() || now.Sub(s.LastOK.Add(s.Interval)) < db.backlog {
		return lateness{}
	}
	return lateness{now.Add(-db.backlog), min(gathering, db.backlog/2), map[int64]time.Time{}}
}

// missed says that an article should have been told long ago. One without a date came
// out at some time during the outage.
func (l lateness) missed(published time.Time) bool {
	return !l.since.IsZero() && !published.After(l.since)
}

// gather says until when a chat's late alert waits: the first of them opens the time
// in which others join it. The chat's row must be locked.
func (p *publication) gather(chat int64) (until time.Time, err error) {
	if until, ok := p.gathered[chat]; ok {
		return until, nil
	}
	err = p.row(`SELECT coalesce(min(not_before), 0) FROM deliveries
		WHERE chat_id = $1 AND state = 'waiting' AND kind = 'backlog' AND not_before > $2`, chat, p.now).Scan(toTime{&until})
	if err != nil {
		return until, fmt.Errorf("look for a backlog: %w", err)
	}
	if until.IsZero() {
		until = p.now.Add(p.gathering)
	}
	p.gathered[chat] = until
	return until, nil
}

// bundleFound makes due what gather has let wait until now: as one digest, or as
// alerts where it is too little for one.
func (t *tx) bundleFound(chat int64, now time.Time) error {
	const found = waits + `$2 AND d.kind = 'backlog'`
	const gathered = waits + `$3 AND d.kind = 'backlog'`
	var n int
	err := t.row(`SELECT count(*) FROM deliveries d WHERE d.chat_id = $1 AND `+found, chat, now).Scan(&n)
	if err != nil || n == 0 {
		return err
	}
	if n < backlogLeast {
		if err := t.enqueue(chat, 0, gathered, `d.id`, now); err != nil {
			return err
		}
		_, err := t.exec(`UPDATE deliveries SET kind = 'alert'
			WHERE chat_id = $1 AND state = 'due' AND kind = 'backlog' AND digest_id = 0`, chat)
		return err
	}
	id, err := t.newDigest(chat, t.now, gathered, now)
	if err != nil || id == 0 {
		return err
	}
	return t.enqueue(chat, id, gathered, `d.thread_id, d.id`, now)
}

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
