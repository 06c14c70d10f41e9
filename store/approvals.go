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
)

// ApprovalFor is how long a request for approval may be answered. After it the news
// is old: what was to be published is dropped.
const ApprovalFor = 12 * time.Hour

// ErrDecided says that a request for approval needs no answer any more.
var ErrDecided = errors.New("decided already")

// Why a delivery is held, and dropped, that was to be approved.
const (
	awaitsApproval = "awaits approval"
	NotApproved    = "not approved in time"
	Withdrawn      = "its source has withdrawn it"
)

// editors are the chats that must approve a debt, ascending: nobody when one of its
// rules needs no approval.
func (d *debt) editors() []int64 {
	if d.free {
		return nil
	}
	chats := map[int64]bool{}
	for _, r := range d.by {
		chats[r.rule.Chat] = true
	}
	return slices.Sorted(maps.Keys(chats))
}

// askEditors asks for what was stored to be approved: every chat whose rules ask for
// its publication gets a request, with its own rules as the reason. The chats' rows
// are locked.
func (p *publication) askEditors(debts map[int64][]*debt) error {
	if len(p.asked) == 0 {
		return nil
	}
	for _, chat := range slices.Sorted(maps.Keys(debts)) {
		for _, d := range debts[chat] {
			key := storyKey{d.destination, d.story}
			subject, ok := p.asked[key]
			if !ok {
				continue
			}
			delete(p.asked, key) // a second article of the story was not stored
			for _, editor := range d.editors() {
				if err := p.ask(editor, subject, d); err != nil {
					return fmt.Errorf("ask for approval: %w", err)
				}
			}
		}
	}
	return nil
}

// ask puts a request to a chat: the alert that tells it of the same story asks, if there
// is one that was stored just now, else what would tell it with a digest, else a message
// of its own, the last in turn.
func (p *publication) ask(editor, subject int64, d *debt) error {
	mine := storyKey{destination{chat: editor}, d.story}
	if alert, ok := p.alerts[mine]; ok {
		delete(p.alerts, mine) // it can ask about one thing
		_, err := p.exec(`UPDATE deliveries SET subject_id = $2 WHERE id = $1`, alert, subject)
		return err
	}
	if took, err := p.askForDigest(editor, subject, d); took || err != nil {
		return err
	}
	var rules []RuleMatch
	for i, r := range d.by {
		if r.rule.Chat == editor {
			rules = append(rules, d.rules[i])
		}
	}
	n, err := p.exec(`INSERT INTO deliveries (chat_id, thread_id, article_id, source_id, seq, kind, tier, rules, state, created, subject_id)
		SELECT id, thread_id, CAST($2 AS BIGINT), CAST($3 AS BIGINT), CASE WHEN state = 'active' THEN seq + 1 ELSE 0 END, 'request',
			CAST($4 AS TEXT), CAST($5 AS TEXT), CASE WHEN state = 'active' THEN 'due' ELSE 'held' END, CAST($6 AS BIGINT), CAST($7 AS BIGINT)
		FROM chats WHERE id = $1 AND state NOT IN ('gone', 'pending')`, editor, d.article, p.source, d.tier, jsonText{rules}, p.now, subject)
	if err != nil || n == 0 {
		return err
	}
	p.out.Deliveries++
	if _, err := p.exec(`UPDATE chats SET seq = seq + 1 WHERE id = $1`, editor); err != nil {
		return err
	}
	return p.reschedule(editor)
}

// askForDigest lets what waits to tell an editor of the same article with a digest ask at
// once instead: nobody is told of a story by a question and again by a digest. It must
// be for the place to which questions come. took says whether there was such a thing.
func (p *publication) askForDigest(editor, subject int64, d *debt) (took bool, err error) {
	var id int64
	err = p.row(`UPDATE deliveries SET kind = 'alert', subject_id = $4 WHERE chat_id = $1 AND story_id = $2 AND article_id = $3
		AND thread_id = (SELECT c.thread_id FROM chats c WHERE c.id = $1) AND kind IN ('digest', 'backlog')
		AND state IN ('waiting', 'held') AND NOT asked AND subject_id = 0 RETURNING id`, editor, d.story, d.article, subject).Scan(&id)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err != nil:
		return false, err
	}
	if err := p.enqueue(editor, 0, `d.id = $3 AND d.state = 'waiting'`, `d.id`, id); err != nil {
		return true, err
	}
	return true, p.reschedule(editor)
}

// noteStored remembers what askEditors needs to know of a delivery that was stored.
func (p *publication) noteStored(id int64, key storyKey, kind, state string, asked bool) {
	switch {
	case asked:
		p.asked[key] = id
	case p.editors[key.chat] && kind == KindAlert && (state == StateDue || state == StateHeld):
		p.alerts[storyKey{destination{chat: key.chat}, key.story}] = id
	}
}

// requested is the condition on a delivery that the chat $2 was asked about it.
const requested = `EXISTS (SELECT 1 FROM deliveries q WHERE q.subject_id > 0 AND q.subject_id = deliveries.id AND q.chat_id = $2)`

// subject reads a delivery that a chat was asked about.
func (t *tx) subject(chat, id int64, lock string) (Delivery, error) {
	d, err := scanDelivery(t.row(`SELECT `+deliveryColumns+` FROM deliveries WHERE id = $1 AND `+requested+lock, id, chat))
	return d, found(err, "request about delivery", id)
}

// Request is what a chat was asked, and what about.
type Request struct {
	Ask     Delivery // of kind request or alert, with its article where that still exists
	Subject Delivery // what is to be published, as it stands, without its article
}

// Requested is the request that a chat has about a delivery; ErrNotFound when it was
// not asked.
func (db *DB) Requested(ctx context.Context, chat, subject int64) (Request, error) {
	var r Request
	err := db.read(ctx, func(t *tx) (err error) {
		if r.Subject, err = t.subject(chat, subject, ""); err != nil {
			return err
		}
		r.Ask, err = scanDelivery(t.row(`SELECT `+deliveryColumns+` FROM deliveries
			WHERE subject_id > 0 AND subject_id = $1 AND chat_id = $2 ORDER BY id LIMIT 1`, subject, chat))
		if err != nil {
			return found(err, "request about delivery", subject)
		}
		r.Ask.Headline = r.Subject.Headline
		return t.loadArticles([]*Delivery{&r.Ask})
	})
	return r, err
}

// Decide ends the waiting of a delivery that a chat was asked to approve: it is
// published, as if it had been found now, or dropped with a reason for a person.
// ErrDecided when somebody else, time or its source has decided before; ErrNotFound
// when the chat was not asked.
func (db *DB) Decide(ctx context.Context, chat, id int64, publish bool, reason string) error {
	var late error
	err := db.write(ctx, func(t *tx) (err error) {
		late, err = t.decide(chat, id, publish, reason)
		return err
	})
	return cmp.Or(err, late)
}

// decide is Decide within a transaction; late is ErrDecided or nil.
func (t *tx) decide(chat, id int64, publish bool, reason string) (late, err error) {
	d, err := t.subject(chat, id, "")
	if err != nil {
		return nil, err
	}
	if err = t.mustChat(d.Chat); err != nil {
		return nil, err
	}
	if d, err = t.subject(chat, id, " {lock}"); err != nil {
		return nil, err
	}
	if !d.Asked || d.State != StateHeld {
		return ErrDecided, nil
	}
	var withdrawn bool
	err = t.row(`SELECT EXISTS (SELECT 1 FROM followed WHERE article_id = $1 AND withdrawn)`, d.article).Scan(&withdrawn)
	switch {
	case err != nil:
		return nil, err
	case withdrawn:
		return ErrDecided, t.dropAsked(id, Withdrawn)
	case publish:
		return nil, t.approve(d)
	}
	return nil, t.dropAsked(id, reason)
}

func (t *tx) dropAsked(id int64, reason string) error {
	_, err := t.exec(`UPDATE deliveries SET state = 'dropped', asked = FALSE, reason = $2 WHERE id = $1`, id, reason)
	return err
}

// approve lets a delivery go the way it would have gone. Its life begins anew: the
// time that the decision took does not make it late.
func (t *tx) approve(d Delivery) error {
	_, err := t.exec(`UPDATE deliveries SET asked = FALSE, reason = '', created = $2 WHERE id = $1`, d.ID, t.now)
	if err != nil {
		return err
	}
	c, err := t.chat(d.Chat, "")
	switch {
	case err != nil:
		return err
	case c.State != ChatActive: // held like anything else that is owed there
		return nil
	case d.Kind == KindDigest:
		_, err := t.exec(`UPDATE deliveries SET state = 'waiting' WHERE id = $1`, d.ID)
		return err
	}
	if err := t.enqueue(d.Chat, 0, `d.id = $3`, `d.id`, d.ID); err != nil {
		return err
	}
	return t.reschedule(d.Chat)
}

// Reword gives a delivery that waits for approval another headline. ErrDecided when it does not wait any more, ErrNotFound when the chat
// was not asked.
func (db *DB) Reword(ctx context.Context, chat, id int64, headline string) error {
	return db.write(ctx, func(t *tx) error {
		if _, err := t.subject(chat, id, ""); err != nil {
			return err
		}
		n, err := t.exec(`UPDATE deliveries SET headline = $2 WHERE id = $1 AND asked`, id, headline)
		if err == nil && n == 0 {
			err = fmt.Errorf("delivery %d: %w", id, ErrDecided)
		}
		return err
	})
}

// ExpireRequests drops what nobody has approved for ApprovalFor, at most limit of it,
// and gives the requests that have been sent about it, with State, Chat and MessageID,
// so that their buttons can be taken away.
func (db *DB) ExpireRequests(ctx context.Context, now time.Time, limit int) (sent []Delivery, err error) {
	t, cancel := db.one(ctx)
	defer cancel()
	old, err := collect(t, scanID, `SELECT id FROM deliveries WHERE asked AND created <= $1 ORDER BY created LIMIT $2`,
		now.Add(-ApprovalFor), limit)
	if err != nil || len(old) == 0 {
		return nil, err
	}
	err = db.write(ctx, func(t *tx) error {
		sent = nil
		return chunks(old, func(part []int64) error {
			gone, err := collect(t, scanID, `UPDATE deliveries SET state = 'dropped', asked = FALSE, reason = '`+NotApproved+`'
				WHERE asked AND id IN (`+places(1, len(part))+`) RETURNING id`, anys(nil, part)...)
			if err != nil || len(gone) == 0 {
				return err
			}
			some, err := collect(t, scanDelivery, `SELECT `+deliveryColumns+` FROM deliveries
				WHERE subject_id > 0 AND subject_id IN (`+places(1, len(gone))+`) AND state = 'sent' ORDER BY id`, anys(nil, gone)...)
			sent = append(sent, some...)
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("end requests for approval: %w", err)
	}
	return sent, nil
}

// loadSubjects tells what asks where its subject is to be published, and under which
// headline. What asks about something decided stays without Place.
func (t *tx) loadSubjects(list []*Delivery) error {
	requests := map[int64][]*Delivery{}
	for _, d := range list {
		if d.Subject != 0 {
			requests[d.Subject] = append(requests[d.Subject], d)
		}
	}
	return chunks(slices.Sorted(maps.Keys(requests)), func(part []int64) error {
		return t.each(func(s scanner) error {
			var id, chat int64
			var headline, title string
			err := s.Scan(&id, &headline, &chat, &title)
			for _, d := range requests[id] {
				d.Headline, d.Place = headline, &Place{chat, title}
				d.entitle()
			}
			return err
		}, `SELECT d.id, d.headline, c.id, c.title FROM deliveries d JOIN chats c ON c.id = d.chat_id
			WHERE d.asked AND d.id IN (`+places(1, len(part))+`)`, anys(nil, part)...)
	})
}
