package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// maxEarlier is how many earlier digests a briefing looks at: two weeks of twelve
// a day.
const maxEarlier = 170

// maxTold bounds what ToldSince looks at.
const maxTold = 1000

// Briefing is what a digest says beside its stories.
type Briefing struct {
	Rules   int                 // that are on and end in the chat, whoever's they are
	Sources []Source            // that these rules look at and the chat may know of, by title; never nil
	Silent  map[int64]time.Time // sources that publish nothing although they usually do, since their last article
	Earlier []EarlierDigest     // the newest first
}

// EarlierDigest is a digest that was started before.
type EarlierDigest struct {
	Slot    time.Time
	Stories int // of the topic that was asked for
}

// Briefing tells what is to be said in a digest of a topic of a chat (0: none)
// beside its stories. digest is its id; 0 stands for one that has not begun.
func (db *DB) Briefing(ctx context.Context, chat, thread, digest int64) (Briefing, error) {
	var b Briefing
	err := db.read(ctx, func(t *tx) error {
		scopes, err := t.scopesInto(chat)
		if err != nil {
			return err
		}
		b.Rules = len(scopes)
		if b.Sources, err = t.lookedAt(chat, scopes); err != nil {
			return err
		}
		if b.Silent, err = t.silences(); err != nil {
			return err
		}
		b.Earlier, err = t.earlier(chat, thread, digest)
		return err
	})
	if err != nil {
		return Briefing{}, fmt.Errorf("brief a digest: %w", err)
	}
	return b, nil
}

// endsIn selects the rules r whose matches go to the chat $1: those that name it, and of
// those that name no place what its own chat's routes bring.
const endsIn = `r.id IN (SELECT rule_id FROM rule_routes WHERE to_chat = $1
	UNION SELECT o.id FROM rules o WHERE o.chat_id IN (SELECT chat_id FROM routes WHERE to_chat = $1 UNION SELECT id FROM chats WHERE id = $1)
		AND NOT EXISTS (SELECT 1 FROM rule_routes w WHERE w.rule_id = o.id)
		AND (EXISTS (SELECT 1 FROM routes x WHERE x.chat_id = o.chat_id AND x.to_chat = $1)
			OR o.chat_id = $1 AND NOT EXISTS (SELECT 1 FROM routes x WHERE x.chat_id = $1)))`

// scopesInto lists the scopes of the rules that are on and end in a chat: a source,
// or 0 for all that its own chat sees.
func (t *tx) scopesInto(chat int64) ([]int64, error) {
	return collect(t, scanID, `SELECT r.source_id FROM rules r WHERE r.tier <> 'off' AND `+endsIn, chat)
}

// lookedAt lists the sources that a chat sees and that are within one of the
// scopes, whatever their state. It is never nil.
func (t *tx) lookedAt(chat int64, scopes []int64) ([]Source, error) {
	list, err := t.sources(chat)
	if err != nil {
		return nil, err
	}
	list = append([]Source{}, list...)
	return slices.DeleteFunc(list, func(s Source) bool { return !slices.Contains(scopes, 0) && !slices.Contains(scopes, s.ID) }), nil
}

// sources is Sources within a transaction.
func (t *tx) sources(chat int64) ([]Source, error) {
	list, err := collect(t, scanSource, `SELECT `+sourceColumns+` FROM sources WHERE CAST($1 AS BIGINT) = 0 OR shared
		OR EXISTS (SELECT 1 FROM views v WHERE v.source_id = sources.id AND v.chat_id = $1)`, chat)
	// Sorted here: the engines do not agree on an order of letters.
	slices.SortFunc(list, func(a, b Source) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title)), cmp.Compare(a.ID, b.ID))
	})
	return list, err
}

// earlier lists the digests of a chat before one, and counts their stories in one
// topic.
func (t *tx) earlier(chat, thread, digest int64) ([]EarlierDigest, error) {
	return collect(t, func(s scanner) (e EarlierDigest, err error) {
		return e, s.Scan(toTime{&e.Slot}, toCount{&e.Stories})
	}, `SELECT g.slot, (SELECT count(*) FROM deliveries d WHERE d.digest_id = g.id AND d.digest_id > 0
			AND d.chat_id = g.chat_id AND d.thread_id = $2 AND d.article_id <> 0)
		FROM digests g WHERE g.chat_id = $1 AND (CAST($3 AS BIGINT) = 0 OR g.id < $3) ORDER BY g.slot DESC LIMIT $4`,
		chat, thread, digest, maxEarlier)
}

// ToldSince counts the stories that a topic of a chat (0: none) was told one by one since
// a time: those among its newest maxTold deliveries, which is as many as anybody counts.
func (db *DB) ToldSince(ctx context.Context, chat, thread int64, since time.Time) (n int, err error) {
	t, cancel := db.one(ctx)
	defer cancel()
	err = t.row(`SELECT count(DISTINCT d.story_id) FROM (SELECT story_id, thread_id, kind, state, sent_at FROM deliveries
			WHERE chat_id = $1 ORDER BY id DESC LIMIT $4) d
		WHERE d.thread_id = $2 AND d.kind = 'alert' AND d.state = 'sent' AND d.sent_at >= $3`, chat, thread, since, maxTold).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count what was told: %w", err)
	}
	return n, nil
}

// Waiting lists what waits for a digest of a chat that is started at a time (zero:
// whenever), topic by topic and oldest first, with the articles that are still kept.
func (db *DB) Waiting(ctx context.Context, chat int64, until time.Time, limit int) ([]Delivery, error) {
	if until.IsZero() {
		until = forEver
	}
	return db.listed(ctx, `SELECT `+deliveryColumns+` FROM deliveries d
		WHERE d.chat_id = $1 AND `+waits+`$2 ORDER BY d.thread_id, d.id LIMIT $3`, chat, until, limit)
}

// OwedSince lists what was owed to a chat since a time, told or not, but for what
// was dropped: the newest if there are more than limit, the oldest of them first,
// with the articles that are still kept.
func (db *DB) OwedSince(ctx context.Context, chat int64, since time.Time, limit int) ([]Delivery, error) {
	list, err := db.listed(ctx, `SELECT `+deliveryColumns+` FROM deliveries WHERE chat_id = $1 AND created >= $2
		AND state <> 'dropped' AND kind <> 'fold' AND article_id <> 0 ORDER BY id DESC LIMIT $3`, chat, since, limit)
	slices.Reverse(list)
	return list, err
}

// listed reads deliveries with their articles.
func (db *DB) listed(ctx context.Context, q string, args ...any) (list []Delivery, err error) {
	err = db.read(ctx, func(t *tx) error {
		if list, err = collect(t, scanDelivery, q, args...); err != nil {
			return err
		}
		refs := make([]*Delivery, len(list))
		for i := range list {
			refs[i] = &list[i]
		}
		return t.loadArticles(refs)
	})
	return list, err
}
