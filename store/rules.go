package store

import (
	"context"
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

// MaxRules is how many rules one chat may have.
const MaxRules = 200

// Rule is a chat's named query.
type Rule struct {
	ID, Chat         int64
	Name, Query      string
	Source           int64 // only articles of this source; 0: of every source the chat sees
	Tier             Tier
	Created, Changed time.Time
}

// Rules lists a chat's rules by id: the N of /rules is the position, from 1.
func (db *DB) Rules(ctx context.Context, chat int64) ([]Rule, error) { return nil, errUnfinished }

// AllRules lists the rules of every chat, by id.
func (db *DB) AllRules(ctx context.Context) ([]Rule, error) { return nil, errUnfinished }

// RulesVersion is a number that changes with every change of any rule.
func (db *DB) RulesVersion(ctx context.Context) (int64, error) { return 0, errUnfinished }

// AddRule stores a rule and gives it back with its id and times. ErrExists when
// the chat has the same query and source already, ErrLimit beyond MaxRules,
// ErrNotFound when the chat is unknown or cannot see the source.
func (db *DB) AddRule(ctx context.Context, r Rule) (Rule, error) { return Rule{}, errUnfinished }

// UpdateRule changes name, query, source and tier of the rule r.ID of r.Chat.
// The errors are AddRule's.
func (db *DB) UpdateRule(ctx context.Context, r Rule) error { return errUnfinished }

// DeleteRule removes a rule, or says ErrNotFound. What is owed because of it
// stays owed.
func (db *DB) DeleteRule(ctx context.Context, chat, id int64) error { return errUnfinished }
