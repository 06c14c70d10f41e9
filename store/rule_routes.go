package store

import (
	"context"
	"database/sql"
	"fmt"
)

// OwnPlace, as the Thread of a RuleRoute to the rule's own chat, is the topic that the
// chat is bound to, whichever that is when something is found.
const OwnPlace = -1

// RuleRoute says where the matches of a rule go instead of where its chat's go.
type RuleRoute struct {
	Rule   int64
	To     int64 // destination
	Thread int64 // topic of the destination, 0 none, OwnPlace
}

// RuleRoutes lists the routes of a rule, its own chat first; none when it goes where
// its chat's rules go.
func (db *DB) RuleRoutes(ctx context.Context, rule int64) ([]RuleRoute, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	return t.ruleRoutes([]int64{rule})
}

func (t *tx) ruleRoutes(rules []int64) (list []RuleRoute, err error) {
	err = chunks(rules, func(part []int64) error {
		some, err := collect(t, func(s scanner) (w RuleRoute, err error) {
			return w, s.Scan(&w.Rule, &w.To, &w.Thread)
		}, `SELECT w.rule_id, w.to_chat, w.thread_id FROM rule_routes w JOIN rules r ON r.id = w.rule_id
			WHERE w.rule_id IN (`+places(1, len(part))+`)
			ORDER BY w.rule_id, CASE WHEN w.to_chat = r.chat_id THEN 0 ELSE 1 END, w.to_chat, w.thread_id`, anys(nil, part)...)
		list = append(list, some...)
		return err
	})
	return list, err
}

// SetRuleRoutes sends the matches of a rule of a chat to the given places, and to no
// others; with none they go where the chat's rules go. Another chat than its own must
// be one in which the chat's rules are published (Routes); whether they must be
// approved there is the chat's route's to say. ErrNotFound when the chat has no such
// rule, or does not publish there.
func (db *DB) SetRuleRoutes(ctx context.Context, chat, rule int64, to []RuleRoute) error {
	err := db.write(ctx, func(t *tx) error {
		var id int64
		err := t.row(`SELECT id FROM rules WHERE id = $1 AND chat_id = $2`, rule, chat).Scan(&id)
		if err != nil {
			return found(err, "rule", rule)
		}
		if _, err := t.exec(`DELETE FROM rule_routes WHERE rule_id = $1`, rule); err != nil {
			return err
		}
		for _, w := range to {
			n, err := t.addRuleRoute(chat, rule, w)
			if err == nil && n == 0 && w.To != chat {
				err = found(sql.ErrNoRows, "route to chat", w.To)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("set routes of a rule: %w", err)
	}
	return nil
}

// addRuleRoute sends the matches of a rule of a chat to one more place, and says whether
// it did: not where the chat's rules are not published, nor where they go already.
func (t *tx) addRuleRoute(chat, rule int64, w RuleRoute) (int64, error) {
	return t.exec(`INSERT INTO rule_routes (rule_id, to_chat, thread_id)
		SELECT CAST($1 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS BIGINT) WHERE $2 = $3
		OR EXISTS (SELECT 1 FROM routes WHERE chat_id = $2 AND to_chat = $3) ON CONFLICT DO NOTHING`, rule, chat, w.To, w.Thread)
}

// addRuleRoutes gives a new rule its places; see AddRule.
func (t *tx) addRuleRoutes(r Rule, to []RuleRoute) error {
	added := int64(0)
	for _, w := range to {
		n, err := t.addRuleRoute(r.Chat, r.ID, w)
		if err != nil {
			return err
		}
		added += n
	}
	if len(to) == 0 || added > 0 {
		return nil
	}
	_, err := t.addRuleRoute(r.Chat, r.ID, RuleRoute{To: r.Chat, Thread: OwnPlace})
	return err
}

// endRuleRoutes removes routes x of rules r. What went only there goes to the rule's
// own chat from now on, and not to wherever else the chat's rules go: nobody has
// agreed to that. where is SQL of ours.
func (t *tx) endRuleRoutes(where string, args ...any) error {
	from := ` FROM rule_routes x JOIN rules r ON r.id = x.rule_id WHERE ` + where
	rules, err := collect(t, scanID, `SELECT DISTINCT x.rule_id`+from+` ORDER BY x.rule_id`, args...)
	if err != nil || len(rules) == 0 {
		return err
	}
	_, err = t.exec(`DELETE FROM rule_routes WHERE (rule_id, to_chat, thread_id) IN (SELECT x.rule_id, x.to_chat, x.thread_id`+from+`)`, args...)
	if err != nil {
		return err
	}
	return chunks(rules, func(part []int64) error {
		_, err := t.exec(`INSERT INTO rule_routes (rule_id, to_chat, thread_id) SELECT r.id, r.chat_id, -1 FROM rules r
			WHERE r.id IN (`+places(1, len(part))+`) AND NOT EXISTS (SELECT 1 FROM rule_routes o WHERE o.rule_id = r.id)`, anys(nil, part)...)
		return err
	})
}
