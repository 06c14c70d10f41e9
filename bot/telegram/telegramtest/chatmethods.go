package telegramtest

import (
	"maps"
	"slices"
	"unicode/utf8"
)

// MaxTopicName is the length of a forum topic's name in code points.
const MaxTopicName = 128

func getChat(c *call) (any, *apiError) {
	target, failure := c.target("chat_id", true)
	if failure != nil {
		return nil, failure
	}
	full := c.s.chatJSON(target)
	full["accent_color_id"], full["max_reaction_count"] = 0, 11
	full["accepted_gift_types"] = map[string]any{"unlimited_gifts": false, "limited_gifts": false, "unique_gifts": false, "premium_subscription": false, "gifts_from_channels": false}
	return full, nil
}

func getChatMember(c *call) (any, *apiError) {
	target, failure := c.target("chat_id", true)
	if failure != nil {
		return nil, failure
	}
	user := c.int("user_id")
	if c.s.users[user] == nil {
		return nil, bad("user not found")
	}
	me := target.member(c.s.me.ID)
	if target.Kind == "channel" && !me.admin() && user != c.s.me.ID {
		return nil, bad("member list is inaccessible")
	}
	return c.s.memberJSON(target, user, target.member(user)), nil
}

func getChatAdministrators(c *call) (any, *apiError) {
	target, failure := c.target("chat_id", true)
	if failure != nil {
		return nil, failure
	}
	if target.Kind == "private" {
		return nil, bad("there are no administrators in the private chat")
	}
	if target.Kind == "channel" && !target.member(c.s.me.ID).admin() {
		return nil, bad("member list is inaccessible")
	}
	list := []any{}
	for _, id := range slices.Sorted(maps.Keys(target.members)) {
		if m := target.members[id]; m.admin() && (!c.s.users[id].Bot || id == c.s.me.ID) {
			list = append(list, c.s.memberJSON(target, id, m))
		}
	}
	return list, nil
}

func getChatMemberCount(c *call) (any, *apiError) {
	target, failure := c.target("chat_id", true)
	if failure != nil {
		return nil, failure
	}
	count := 0
	for _, m := range target.members {
		if m.present() {
			count++
		}
	}
	return count, nil
}

func leaveChat(c *call) (any, *apiError) {
	target, failure := c.target("chat_id", false)
	if failure != nil {
		return nil, failure
	}
	if target.Kind == "private" {
		return nil, bad("chat not found")
	}
	c.s.setMember(target, c.s.me.ID, c.s.me.ID, member{status: "left"})
	return true, nil
}

func createForumTopic(c *call) (any, *apiError) {
	target, failure := c.target("chat_id", false)
	if failure != nil {
		return nil, failure
	}
	name := c.str("name")
	switch {
	case !target.Forum:
		return nil, bad("the chat is not a forum")
	case !target.member(c.s.me.ID).may("can_manage_topics"):
		return nil, bad("not enough rights to create a topic")
	case name == "" || utf8.RuneCountInString(name) > MaxTopicName:
		return nil, bad("TOPIC_TITLE_INVALID")
	}
	id := c.s.openTopic(target, c.s.me.ID, name)
	return map[string]any{"message_thread_id": id, "name": name, "icon_color": target.topics[id].color}, nil
}

func closeForumTopic(c *call) (any, *apiError) {
	return c.changeTopic(func(t *topic) { t.closed = true })
}
func reopenForumTopic(c *call) (any, *apiError) {
	return c.changeTopic(func(t *topic) { t.closed = false })
}
func deleteForumTopic(c *call) (any, *apiError) {
	return c.changeTopic(func(t *topic) { t.deleted = true })
}

func (c *call) changeTopic(change func(t *topic)) (any, *apiError) {
	target, failure := c.target("chat_id", false)
	if failure != nil {
		return nil, failure
	}
	t := target.topics[c.int("message_thread_id")]
	switch {
	case t == nil || t.deleted:
		return nil, bad("message thread not found")
	case !target.member(c.s.me.ID).may("can_manage_topics"):
		return nil, bad("not enough rights to edit the topic")
	}
	change(t)
	return true, nil
}
