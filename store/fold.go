package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

const (
	// MaxCap is how many alerts a rule's limit may allow in a period.
	MaxCap = 1000

	// MaxPer is the longest period of a rule's limit, and its longest cool-down: what
	// exceeds is told of at its end.
	MaxPer = 24 * time.Hour

	// MinPer is the shortest.
	MinPer = time.Minute
)

// ErrLimits says that a rule's limits are out of bounds.
var ErrLimits = errors.New("limits of a rule are out of bounds")

// Limits bound the alerts of a rule to one destination. What exceeds them is not
// told by itself but folded: one message tells how much there was, when the period
// is over, and opens it. The zero value is no limit.
type Limits struct {
	Cap      int           // alerts within Per, counted from the first of them; 0: any number
	Per      time.Duration // 0 where Cap is 0
	Cooldown time.Duration // after an alert, in which there is no other; 0: none
}

// check says what is out of bounds.
func (l Limits) check() error {
	switch {
	case l.Cap < 0 || l.Cap > MaxCap:
		return fmt.Errorf("%w: a cap of %d alerts; 1 to %d are possible", ErrLimits, l.Cap, MaxCap)
	case (l.Cap > 0 || l.Per != 0) && (l.Cap == 0 || l.Per < MinPer || l.Per > MaxPer):
		return fmt.Errorf("%w: a cap of %d alerts in %v; periods of %v to %v are possible", ErrLimits, l.Cap, l.Per, MinPer, MaxPer)
	case l.Cooldown != 0 && (l.Cooldown < MinPer || l.Cooldown > MaxPer):
		return fmt.Errorf("%w: a cool-down of %v; %v to %v are possible", ErrLimits, l.Cooldown, MinPer, MaxPer)
	}
	return nil
}

// quota is what a limited rule has told a destination in the period that is running.
type quota struct {
	since, last time.Time // when the period began, and its last alert
	used        int       // alerts in it
	fold        int64     // the delivery that tells of what exceeds; 0 none
	open        bool      // that waits still, so that more may be folded into it
	changed     bool
}

// full says until when nothing more may be told; zero: something may be told now.
func (q *quota) full(l Limits, now time.Time) (until time.Time) {
	if end := q.since.Add(l.Per); l.Cap > 0 && q.used >= l.Cap && now.Before(end) {
		until = end
	}
	if end := q.last.Add(l.Cooldown); l.Cooldown > 0 && now.Before(end) && end.After(until) {
		until = end
	}
	return until
}

// spend counts an alert.
func (q *quota) spend(l Limits, now time.Time) {
	if q.used == 0 || !now.Before(q.since.Add(l.Per)) {
		q.since, q.used = now, 0
	}
	q.used++
	q.last, q.changed = now, true
}

// quotaKey names a quota.
type quotaKey struct {
	destination
	rule int64
}

// quotas are those of the limited rules in some debts.
type quotas struct {
	of     map[quotaKey]*quota
	judged map[storyKey]bool
}

// storyKey is what is told once.
type storyKey struct {
	destination
	story int64
}

// quotas loads what the debts of some chats, whose rows are locked, need to know of
// limited rules; nil when none of the rules is limited.
func (p *publication) quotas(chats []int64, debts map[int64][]*debt) (*quotas, error) {
	rules := map[int64]bool{}
	all := map[quotaKey]*quota{}
	for _, chat := range chats {
		for _, d := range debts[chat] {
			for _, r := range d.limited() {
				rules[r.rule.ID] = true
				all[quotaKey{d.destination, r.rule.ID}] = &quota{}
			}
		}
	}
	if len(rules) == 0 {
		return nil, nil
	}
	err := chunks(slices.Sorted(maps.Keys(rules)), func(part []int64) error {
		return p.each(func(s scanner) error {
			var k quotaKey
			var q quota
			err := s.Scan(&k.chat, &k.thread, &k.rule, toTime{&q.since}, toCount{&q.used}, toTime{&q.last}, &q.fold, &q.open)
			if all[k] != nil {
				all[k] = &q
			}
			return err
		}, `SELECT q.chat_id, q.thread_id, q.rule_id, q.since, q.used, q.last_at, q.fold_id, EXISTS (SELECT 1 FROM deliveries d
			WHERE d.id = q.fold_id AND d.state IN ('waiting', 'held')) FROM quotas q
			WHERE q.chat_id IN (`+places(1, len(chats))+`) AND q.rule_id IN (`+places(1+len(chats), len(part))+`)`,
			anys(anys(nil, chats), part)...)
	})
	return &quotas{all, map[storyKey]bool{}}, err
}

// limited are the rules of a debt that would alert and have limits.
func (d *debt) limited() (list []*reader) {
	for _, r := range d.by {
		if r.rule.Tier.rank() > TierDigest.rank() && r.rule.Limits != (Limits{}) {
			list = append(list, r)
		}
	}
	return list
}

// admits says whether a debt may be told by itself: one of the rules that would alert
// has no limits, or has not reached them. Then it is spent.
func (all *quotas) admits(d *debt, now time.Time) bool {
	alerting := 0
	for _, r := range d.by {
		if r.rule.Tier.rank() > TierDigest.rank() {
			alerting++
		}
	}
	limited := d.limited()
	free := alerting > len(limited)
	for _, r := range limited {
		if q := all.of[quotaKey{d.destination, r.rule.ID}]; q.full(r.rule.Limits, now).IsZero() {
			q.spend(r.rule.Limits, now)
			free = true
		}
	}
	return free
}

// fold gives the delivery that tells of a debt which exceeds the limits of all its
// rules, among others of the first of them. It makes it where there is none that
// waits still.
func (p *publication) fold(d *debt, all *quotas, l line) (int64, error) {
	r := d.limited()[0]
	q := all.of[quotaKey{d.destination, r.rule.ID}]
	if q.open {
		return q.fold, nil
	}
	state := StateWaiting
	if l.state != ChatActive {
		state = StateHeld
	}
	rules := []RuleMatch{{ID: r.rule.ID, Name: r.rule.Name, Query: r.rule.Query}}
	err := p.row(`INSERT INTO deliveries (chat_id, thread_id, article_id, source_id, seq, kind, tier, rules, state, created, not_before)
		VALUES ($1, $2, 0, 0, 0, 'fold', $3, $4, $5, $6, $7) RETURNING id`,
		d.chat, d.thread, r.rule.Tier, jsonText{rules}, state, p.now, q.full(r.rule.Limits, p.now)).Scan(&q.fold)
	q.open, q.changed = true, true
	return q.fold, err
}

// saveQuotas writes down what changed.
func (p *publication) saveQuotas(all *quotas) error {
	if all == nil {
		return nil
	}
	for k, q := range all.of {
		if !q.changed {
			continue
		}
		_, err := p.exec(`INSERT INTO quotas (chat_id, thread_id, rule_id, since, used, last_at, fold_id)
			VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (chat_id, thread_id, rule_id) DO UPDATE SET
			since = excluded.since, used = excluded.used, last_at = excluded.last_at, fold_id = excluded.fold_id`,
			k.chat, k.thread, k.rule, q.since, q.used, q.last, q.fold)
		if err != nil {
			return err
		}
	}
	return nil
}

// known says whether a destination is owed a story already, so that a debt of it
// comes to nothing and must not spend a quota.
func (p *publication) known(d *debt, all *quotas) (yes bool, err error) {
	k := storyKey{d.destination, d.story}
	if all.judged[k] { // two articles of one visit tell it
		return true, nil
	}
	all.judged[k] = true
	err = p.row(`SELECT EXISTS (SELECT 1 FROM deliveries WHERE chat_id = $1 AND thread_id = $2 AND story_id = $3)`,
		d.chat, d.thread, d.story).Scan(&yes)
	return yes, err
}

// countFolded reads how many stories the deliveries of kind fold tell of.
func (t *tx) countFolded(list []*Delivery) error {
	folds := map[int64]*Delivery{}
	for _, d := range list {
		if d.Kind == KindFold {
			folds[d.ID] = d
		}
	}
	return chunks(slices.Sorted(maps.Keys(folds)), func(part []int64) error {
		return t.each(func(s scanner) error {
			var id int64
			var n int
			err := s.Scan(&id, toCount{&n})
			if folds[id] != nil {
				folds[id].Folded = n
			}
			return err
		}, `SELECT fold_id, count(*) FROM deliveries WHERE fold_id > 0 AND fold_id IN (`+places(1, len(part))+`)
			AND state IN ('folded', 'sent') GROUP BY fold_id`, anys(nil, part)...)
	})
}

// Folded lists, oldest first, the stories that a delivery of kind fold tells of, from
// the given place on, and says how many there are. Those that were shown before are
// among them. ErrNotFound when the chat has no such delivery.
func (db *DB) Folded(ctx context.Context, chat, fold int64, from, limit int) (list []Delivery, total int, err error) {
	err = db.read(ctx, func(t *tx) error {
		d, err := scanDelivery(t.row(`SELECT `+deliveryColumns+` FROM deliveries WHERE id = $1 AND chat_id = $2 AND kind = 'fold'`, fold, chat))
		if err != nil {
			return found(err, "fold", fold)
		}
		if err := t.countFolded([]*Delivery{&d}); err != nil {
			return err
		}
		total = d.Folded
		list, err = collect(t, scanDelivery, `SELECT `+deliveryColumns+` FROM deliveries WHERE fold_id > 0 AND fold_id = $1
			AND state IN ('folded', 'sent') ORDER BY id LIMIT $2 OFFSET $3`, fold, limit, from)
		if err != nil {
			return err
		}
		refs := make([]*Delivery, len(list))
		for i := range list {
			refs[i] = &list[i]
		}
		return t.loadArticles(refs)
	})
	return list, total, err
}

// Unfold settles folded stories with the message that has shown them; those that
// were shown before stay as they are.
func (db *DB) Unfold(ctx context.Context, chat int64, ids []int64, message int64) error {
	err := db.write(ctx, func(t *tx) error {
		return chunks(ids, func(part []int64) error {
			_, err := t.exec(`UPDATE deliveries SET state = 'sent', sent_at = $2, message_id = $3
				WHERE chat_id = $1 AND state = 'folded' AND id IN (`+places(4, len(part))+`)`,
				anys([]any{chat, t.now, message}, part)...)
			return err
		})
	})
	if err != nil {
		return fmt.Errorf("unfold: %w", err)
	}
	return nil
}
