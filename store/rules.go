package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Tier says how urgently a rule's matches are told.
type Tier string

// The tiers, the most urgent first.
const (
	TierFlash   Tier = "flash"   // at once, pierces quiet hours
	TierInstant Tier = "instant" // at once
	TierDigest  Tier = "digest"  // with the next digest
	TierOff     Tier = "off"     // not at all
)

// rank orders tiers by urgency; 0 is off or unknown.
func (t Tier) rank() int {
	switch t {
	case TierFlash:
		return 3
	case TierInstant:
		return 2
	case TierDigest:
		return 1
	}
	return 0
}

// MaxRules is how many rules one chat may have.
const MaxRules = 200

// Rule is a chat's named query.
type Rule struct {
	ID, Chat         int64
	Name, Query      string    // the query as the language's parser took it; never read here
	Source           int64     // only articles of this source; 0: of every source the chat sees
	Tier             Tier      // "" is instant
	Digest           string    // its own digest times, cron specs, one a line; "" those of the chat that is told
	DigestAt         time.Time // when the next of them is; zero: never
	Limits           Limits
	Created, Changed time.Time
}

// The columns that scanRule reads, in its order.
const ruleColumns = `id, chat_id, name, query, source_id, tier, digest, digest_at, cap, cap_ms, cooldown_ms, created, changed`

func scanRule(s scanner) (r Rule, err error) { return r, r.scan(s) }

// scan reads ruleColumns and whatever columns follow them.
func (r *Rule) scan(s scanner, more ...any) error {
	return s.Scan(append([]any{&r.ID, &r.Chat, &r.Name, &r.Query, &r.Source, &r.Tier, &r.Digest, toTime{&r.DigestAt},
		toCount{&r.Limits.Cap}, toDuration{&r.Limits.Per}, toDuration{&r.Limits.Cooldown}, toTime{&r.Created}, toTime{&r.Changed}}, more...)...)
}

// Rules lists a chat's rules by id: the N of /rules is the position, from 1.
func (db *DB) Rules(ctx context.Context, chat int64) ([]Rule, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	return collect(t, scanRule, `SELECT `+ruleColumns+` FROM rules WHERE chat_id = $1 ORDER BY id`, chat)
}

// AllRules lists the rules of every chat, by id.
func (db *DB) AllRules(ctx context.Context) ([]Rule, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	return collect(t, scanRule, `SELECT `+ruleColumns+` FROM rules ORDER BY id`)
}

// RulesVersion is a number that changes with every change of any rule or own entity. Read it
// before RulesAndEntities, not after: then a change in between is seen the next time.
func (db *DB) RulesVersion(ctx context.Context) (int64, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	return t.count("rules")
}

// AddRule stores a rule and gives it back with its id and times. Its matches go where
// its chat's rules go, or only to the places given (their Rule is not read); of these,
// one in which the chat publishes nothing any more is left out, and where none is left
// it is the chat itself. ErrExists when the chat has the same query and source already,
// ErrLimit beyond MaxRules, ErrNotFound when the chat is unknown or cannot see the source.
func (db *DB) AddRule(ctx context.Context, r Rule, to ...RuleRoute) (Rule, error) {
	err := db.write(ctx, func(t *tx) error {
		if err := t.fitsRule(&r); err != nil {
			return err
		}
		var n int
		if err := t.row(`SELECT count(*) FROM rules WHERE chat_id = $1`, r.Chat).Scan(&n); err != nil {
			return err
		}
		if n >= MaxRules {
			return fmt.Errorf("%w: a chat may have %d rules", ErrLimit, MaxRules)
		}
		r.Created, r.Changed = t.now, t.now
		err := t.row(`INSERT INTO rules (chat_id, name, query, source_id, tier, digest, digest_at, cap, cap_ms, cooldown_ms, created, changed)
			VALUES (`+places(1, 12)+`) RETURNING id`, r.Chat, r.Name, r.Query, r.Source, r.Tier, r.Digest, r.DigestAt,
			r.Limits.Cap, r.Limits.Per, r.Limits.Cooldown, r.Created, r.Changed).Scan(&r.ID)
		if err != nil {
			return err
		}
		if err := t.addRuleRoutes(r, to); err != nil {
			return err
		}
		return t.rulesChanged()
	})
	if err != nil {
		return Rule{}, fmt.Errorf("add rule: %w", err)
	}
	return r, nil
}

// fitsRule checks what both adding and changing a rule need, with the chat locked
// so that two changes at once cannot both pass.
func (t *tx) fitsRule(r *Rule) error {
	if r.Tier == "" {
		r.Tier = TierInstant
	}
	if r.Tier.rank() == 0 && r.Tier != TierOff {
		return fmt.Errorf("unknown tier %q", r.Tier)
	}
	if err := r.Limits.check(); err != nil {
		return err
	}
	if err := t.mustChat(r.Chat); err != nil {
		return err
	}
	if r.Source != 0 {
		if yes, err := t.sees(r.Chat, r.Source); err != nil || !yes {
			return cmp.Or(err, found(sql.ErrNoRows, "source", r.Source))
		}
	}
	var twin bool
	err := t.row(`SELECT EXISTS (SELECT 1 FROM rules WHERE chat_id = $1 AND query = $2 AND source_id = $3 AND id <> $4)`,
		r.Chat, r.Query, r.Source, r.ID).Scan(&twin)
	if err == nil && twin {
		err = fmt.Errorf("rule %w", ErrExists)
	}
	return err
}

// mustChat locks a chat's row for the transaction, or says ErrNotFound.
func (t *tx) mustChat(id int64) error {
	err := t.row(`SELECT id FROM chats WHERE id = $1 {lock}`, id).Scan(&id)
	return found(err, "chat", id)
}

// rulesChanged moves RulesVersion on; it is called with every change of a rule.
func (t *tx) rulesChanged() error {
	_, err := t.exec(`UPDATE counters SET value = value + 1 WHERE name = 'rules'`)
	return err
}

// UpdateRule changes everything of the rule r.ID of r.Chat but its times.
// The errors are AddRule's; ErrNotFound also when the chat has no such rule.
func (db *DB) UpdateRule(ctx context.Context, r Rule) error {
	err := db.write(ctx, func(t *tx) error {
		if err := t.fitsRule(&r); err != nil {
			return err
		}
		n, err := t.exec(`UPDATE rules SET name = $3, query = $4, source_id = $5, tier = $6, digest = $7, digest_at = $8,
			cap = $9, cap_ms = $10, cooldown_ms = $11, changed = $12 WHERE id = $1 AND chat_id = $2`, r.ID, r.Chat, r.Name, r.Query,
			r.Source, r.Tier, r.Digest, r.DigestAt, r.Limits.Cap, r.Limits.Per, r.Limits.Cooldown, t.now)
		if err == nil && n == 0 {
			err = found(sql.ErrNoRows, "rule", r.ID)
		}
		if err != nil {
			return err
		}
		return t.rulesChanged()
	})
	if err != nil {
		return fmt.Errorf("change rule: %w", err)
	}
	return nil
}

// DeleteRule removes a rule, or says ErrNotFound. What is owed because of it
// stays owed.
func (db *DB) DeleteRule(ctx context.Context, chat, id int64) error {
	return db.write(ctx, func(t *tx) error {
		n, err := t.exec(`DELETE FROM rules WHERE chat_id = $1 AND id = $2`, chat, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return found(sql.ErrNoRows, "rule", id)
		}
		if _, err := t.exec(`DELETE FROM quotas WHERE rule_id = $1`, id); err != nil {
			return err
		}
		return t.rulesChanged()
	})
}
