package store

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"
)

// States are all states of a delivery, in the order of its life.
var States = []string{StateWaiting, StateDue, StateSending, StateUncertain, StateSent, StateFolded, StateHeld, StateDropped}

// LedgerFilter chooses entries of the ledger. A zero field chooses all.
type LedgerFilter struct {
	Chat   int64     // to whom
	States []string  // any of them
	Source int64     // through which it came
	Since  time.Time // created then or later
	Rule   string    // id, name or query of one of its rules, as that was when it matched
}

// LedgerEntry is a delivery with the names that a person looks for. Its Article
// is always nil: the ledger outlives the articles. Folded is said of kind fold.
type LedgerEntry struct {
	Delivery
	ChatTitle   string // "" in private chats
	Story       int64  // 0: an empty digest, or of kind fold
	ArticleID   int64
	SourceID    int64
	SourceTitle string // "" when the source is gone
	Title, URL  string // of the article as its first source had it; "" once it has been swept
}

// Ledger gives the entries that a filter chooses, the oldest first, in constant
// memory: it reads them in batches and sees what is stored between two of them.
// An error ends the sequence.
func (db *DB) Ledger(ctx context.Context, f LedgerFilter) iter.Seq2[LedgerEntry, error] {
	return func(yield func(LedgerEntry, error) bool) {
		for last := int64(0); ; {
			batch, err := db.ledger(ctx, f, last)
			if err != nil {
				yield(LedgerEntry{}, fmt.Errorf("read ledger: %w", err))
				return
			}
			for _, e := range batch {
				if f.rule(e) && !yield(e, nil) {
					return
				}
			}
			if len(batch) < listSize {
				return
			}
			last = batch[len(batch)-1].ID
		}
	}
}

// ledger reads the next batch after an id, whatever its rules.
func (db *DB) ledger(ctx context.Context, f LedgerFilter, after int64) ([]LedgerEntry, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	args := []any{after}
	where := `id > $1`
	add := func(condition string, v any) {
		args = append(args, v)
		where += ` AND ` + condition + `$` + strconv.Itoa(len(args))
	}
	if f.Chat != 0 {
		add(`chat_id = `, f.Chat)
	}
	if f.Source != 0 {
		add(`source_id = `, f.Source)
	}
	if !f.Since.IsZero() {
		add(`created >= `, f.Since)
	}
	if len(f.States) > 0 {
		where += ` AND state IN (` + places(len(args)+1, len(f.States)) + `)`
		args = anys(args, f.States)
	}
	return collect(t, scanLedger, `SELECT `+deliveryColumns+`, coalesce(story_id, 0),
		coalesce((SELECT c.title FROM chats c WHERE c.id = deliveries.chat_id), ''),
		coalesce((SELECT s.title FROM sources s WHERE s.id = deliveries.source_id), ''),
		coalesce((SELECT a.title FROM articles a WHERE a.id = deliveries.article_id), ''),
		coalesce((SELECT a.url FROM articles a WHERE a.id = deliveries.article_id), ''),
		(SELECT count(*) FROM deliveries f WHERE f.fold_id > 0 AND f.fold_id = deliveries.id AND deliveries.kind = 'fold'
			AND f.state IN ('folded', 'sent'))
		FROM deliveries WHERE `+where+` ORDER BY id LIMIT `+strconv.Itoa(listSize), args...)
}

func scanLedger(s scanner) (e LedgerEntry, err error) {
	err = e.Delivery.scan(s, &e.Story, &e.ChatTitle, &e.SourceTitle, &e.Title, &e.URL, toCount{&e.Folded})
	e.ArticleID, e.SourceID = e.article, e.source
	return e, err
}

// rule says whether an entry satisfies the filter's rule.
func (f LedgerFilter) rule(e LedgerEntry) bool {
	return f.Rule == "" || slices.ContainsFunc(e.Rules, func(r RuleMatch) bool {
		return f.Rule == strconv.FormatInt(r.ID, 10) || strings.EqualFold(f.Rule, r.Name) || f.Rule == r.Query
	})
}

// Told lists what a message in a chat has told, at most limit, with articles; what a
// message of kind fold tells of is there, too, whether it was opened or not.
func (db *DB) Told(ctx context.Context, chat, message int64, limit int) ([]Delivery, error) {
	return db.listed(ctx, `SELECT `+deliveryColumns+` FROM deliveries WHERE chat_id = $1 AND article_id <> 0 AND (message_id = $2
		OR fold_id IN (SELECT f.id FROM deliveries f WHERE f.chat_id = $1 AND f.message_id = $2 AND f.kind = 'fold')) ORDER BY id LIMIT $3`,
		chat, message, limit)
}

// Untold lists the newest stories that no message has told in a chat, whatever the
// cause: newest first, with their articles.
func (db *DB) Untold(ctx context.Context, chat int64, limit int) ([]Delivery, error) {
	return db.listed(ctx, `SELECT `+deliveryColumns+` FROM deliveries
		WHERE chat_id = $1 AND article_id <> 0 AND state <> 'sent' ORDER BY id DESC LIMIT $2`, chat, limit)
}
