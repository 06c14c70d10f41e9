package store

import "context"

// toldInChat is why a delivery to a lost topic is dropped.
const toldInChat = "its topic is gone, and the chat itself is told this story"

// LeaveTopic sends what goes to a topic of a leased chat to the chat itself from now
// on, for the topic is deleted or closed: what is owed, and every route that ends
// there. A story that the chat itself is told anyway is dropped.
func (db *DB) LeaveTopic(ctx context.Context, p Parcel, thread int64) error {
	return db.settle(ctx, p, func(t *tx) error {
		for _, q := range []string{
			`UPDATE chats SET thread_id = 0 WHERE id = $1 AND thread_id = $2`,
			`UPDATE routes SET thread_id = 0 WHERE to_chat = $1 AND thread_id = $2 AND NOT EXISTS (SELECT 1 FROM routes o
				WHERE o.chat_id = routes.chat_id AND o.to_chat = $1 AND o.thread_id = 0)`,
			`DELETE FROM routes WHERE to_chat = $1 AND thread_id = $2`,
			`UPDATE rule_routes SET thread_id = 0 WHERE to_chat = $1 AND thread_id = $2 AND NOT EXISTS (SELECT 1 FROM rule_routes o
				WHERE o.rule_id = rule_routes.rule_id AND o.to_chat = $1 AND o.thread_id = 0)`,
			`DELETE FROM rule_routes WHERE to_chat = $1 AND thread_id = $2`,
			`UPDATE deliveries SET thread_id = 0 WHERE chat_id = $1 AND thread_id = $2 AND state NOT IN ('sent', 'dropped')
				AND NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.chat_id = $1 AND o.thread_id = 0 AND o.story_id = deliveries.story_id)`,
			`UPDATE deliveries SET state = 'dropped', asked = FALSE, reason = '` + toldInChat + `'
				WHERE chat_id = $1 AND thread_id = $2 AND state NOT IN ('sent', 'dropped')`,
			`UPDATE quotas SET thread_id = 0 WHERE chat_id = $1 AND thread_id = $2 AND NOT EXISTS (SELECT 1 FROM quotas o
				WHERE o.chat_id = $1 AND o.thread_id = 0 AND o.rule_id = quotas.rule_id)`,
		} {
			if _, err := t.exec(q, p.Chat.ID, thread); err != nil {
				return err
			}
		}
		return t.reschedule(p.Chat.ID)
	})
}
