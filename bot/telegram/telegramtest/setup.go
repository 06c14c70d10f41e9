package telegramtest

import (
	"fmt"
	"slices"
	"strings"
)

// Where ids of groups begin, as Telegram forms them.
const (
	groupBase      = -4000000
	supergroupBase = -1001000000000
)

// User registers a person, or replaces what is known of them. ID 0 takes the next free one. A user alone has no chat
// with the bot: sending to them is 403 "bot can't initiate conversation with a user". See Private.
func (s *Server) User(u User) User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.user(u)
}

func (s *Server) user(u User) User {
	if u.ID == 0 {
		u.ID = s.nextUser
		s.nextUser++
	}
	if u.First == "" {
		u.First = fmt.Sprintf("User %d", u.ID)
	}
	p := s.users[u.ID]
	if p == nil {
		p = &person{}
		s.users[u.ID] = p
	}
	p.User = u
	return u
}

// known makes sure that a user exists.
func (s *Server) known(id int64) {
	if s.users[id] == nil {
		s.user(User{ID: id})
	}
}

// Private opens the private chat of a user with the bot, as pressing Start does (without sending /start). The user is
// created when unknown; lang, unless "", becomes their client's language. ID 0 takes the next free one.
func (s *Server) Private(userID int64, lang string) Chat {
	s.mu.Lock()
	defer s.mu.Unlock()
	if userID == 0 || s.users[userID] == nil {
		userID = s.user(User{ID: userID}).ID
	}
	if lang != "" {
		s.users[userID].Lang = lang
	}
	if c := s.chats[userID]; c != nil {
		return c.Chat
	}
	c := s.open(Chat{ID: userID, Kind: "private"}, &s.nextID)
	c.members[s.me.ID] = &member{status: "member"}
	c.members[userID] = &member{status: "member"}
	return c.Chat
}

// open registers a chat.
func (s *Server) open(info Chat, ids *int64) *chat {
	c := &chat{Chat: info, members: map[int64]*member{}, topics: map[int64]*topic{}, nextID: ids}
	s.chats[c.ID] = c
	s.order = append(s.order, c.ID)
	s.bump()
	return c
}

// Group creates a basic group: the first member is its creator, the bot an ordinary member. No update is sent.
func (s *Server) Group(title string, members ...int64) Chat {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextChat++
	return s.populate(s.open(Chat{ID: groupBase - s.nextChat, Kind: "group", Title: title}, &s.nextID), members)
}

// Supergroup is like Group.
func (s *Server) Supergroup(title string, members ...int64) Chat {
	return s.supergroup(title, false, members)
}

// Forum is a Supergroup with topics; only General exists at first. See Topic.
func (s *Server) Forum(title string, members ...int64) Chat {
	return s.supergroup(title, true, members)
}

func (s *Server) supergroup(title string, forum bool, members []int64) Chat {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.populate(s.openOwn(Chat{Kind: "supergroup", Title: title, Forum: forum}), members)
}

// openOwn registers a supergroup or channel, which number their own messages.
func (s *Server) openOwn(info Chat) *chat {
	s.nextChat++
	info.ID = supergroupBase - s.nextChat
	first := int64(2) // message 1 is the creation of the chat, and the id of the General topic
	return s.open(info, &first)
}

func (s *Server) populate(c *chat, members []int64) Chat {
	c.members[s.me.ID] = &member{status: "member"}
	for i, id := range members {
		s.known(id)
		c.members[id] = &member{status: "member"}
		if i == 0 {
			c.members[id].status = "creator"
		}
	}
	return c.Chat
}

// Channel creates a channel, public when username is not "". The first admin is its creator. The bot is not in it: see SetAdmin.
func (s *Server) Channel(title, username string, admins ...int64) Chat {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.openOwn(Chat{Kind: "channel", Title: title, Username: strings.TrimPrefix(username, "@")})
	for i, id := range admins {
		s.known(id)
		c.members[id] = &member{status: "administrator", rights: all(c.rightsOf())}
		if i == 0 {
			c.members[id] = &member{status: "creator"}
		}
	}
	return c.Chat
}

func all(names []string) map[string]bool {
	set := map[string]bool{}
	for _, n := range names {
		set[n] = true
	}
	return set
}

// SetAdmin makes a user, or the bot, an administrator with these rights (Bot API names such as "can_post_messages");
// none given means all that such a chat knows. A my_chat_member update follows when it is the bot.
func (s *Server) SetAdmin(chatID, user int64, rights ...string) {
	s.change(chatID, user, func(c *chat) member {
		if len(rights) == 0 {
			rights = c.rightsOf()
		}
		return member{status: "administrator", rights: s.checkedRights(rights, c.rightsOf())}
	})
}

// SetRights replaces the rights of an administrator; of an ordinary member it makes a restricted one with exactly these permissions.
func (s *Server) SetRights(chatID, user int64, rights ...string) {
	s.change(chatID, user, func(c *chat) member {
		if c.member(user).admin() {
			return member{status: "administrator", rights: s.checkedRights(rights, c.rightsOf())}
		}
		return member{status: "restricted", rights: s.checkedRights(rights, permissions)}
	})
}

// SetStatus makes the user creator, member, left or kicked, with the updates and service messages that follow.
func (s *Server) SetStatus(chatID, user int64, status string) {
	s.change(chatID, user, func(*chat) member { return member{status: status} })
}

// Kick removes a user, or the bot, from a group or channel for good.
func (s *Server) Kick(chat, user int64) { s.SetStatus(chat, user, "kicked") }

func (s *Server) checkedRights(names, known []string) map[string]bool {
	for _, n := range names {
		if !slices.Contains(known, n) {
			s.misuse("no such right here: " + n)
		}
	}
	return all(names)
}

// change gives a user another standing in a chat; whoever owns the chat does it.
func (s *Server) change(id, user int64, to func(c *chat) member) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[id]
	if c == nil || c.Kind == "private" {
		s.misuse(fmt.Sprintf("no group or channel %d", id))
		return
	}
	s.known(user)
	s.setMember(c, s.owner(c), user, to(c))
}

// owner is the creator of a chat, or anybody in it.
func (s *Server) owner(c *chat) int64 {
	var someone int64
	for id, m := range c.members {
		if m.status == "creator" {
			return id
		}
		if id != s.me.ID && m.present() && (someone == 0 || id < someone) {
			someone = id
		}
	}
	if someone == 0 {
		return s.me.ID
	}
	return someone
}

// setMember replaces how a user stands in a chat and tells the bot: my_chat_member about itself, chat_member about
// others, and in groups the service message about coming and going.
func (s *Server) setMember(c *chat, by, user int64, now member) {
	before := *c.member(user)
	update := map[string]any{
		"chat": s.chatJSON(c), "from": userJSON(s.users[by].User), "date": s.o.Now().Unix(),
		"old_chat_member": s.memberJSON(c, user, &before),
	}
	c.members[user] = &now
	update["new_chat_member"] = s.memberJSON(c, user, &now)
	if user == s.me.ID {
		s.push("my_chat_member", update)
	} else if c.member(s.me.ID).admin() {
		s.push("chat_member", update)
	}
	s.announce(c, by, user, before.present(), now.present())
	s.bump()
}

// announce adds the service message about somebody who came or went; channels have none.
func (s *Server) announce(c *chat, by, user int64, was, is bool) {
	if was == is || c.Kind != "group" && c.Kind != "supergroup" {
		return
	}
	u := s.users[user].User
	m := Message{From: by, Service: u.First + " left", service: map[string]any{"left_chat_member": userJSON(u)}}
	if is {
		m.Service = u.First + " joined"
		m.service = map[string]any{"new_chat_members": []any{userJSON(u)}}
	}
	s.push("message", s.messageJSON(c, c.add(m, s.o.Now())))
}

// Block is a user who blocks the bot: my_chat_member kicked, then every send is 403.
func (s *Server) Block(user int64) { s.setBlocked(user, "kicked") }

// Unblock is the reverse.
func (s *Server) Unblock(user int64) { s.setBlocked(user, "member") }

func (s *Server) setBlocked(user int64, status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[user]
	if c == nil || c.Kind != "private" {
		s.misuse(fmt.Sprintf("user %d has no private chat with the bot", user))
		return
	}
	if c.member(s.me.ID).status != status {
		s.setMember(c, user, s.me.ID, member{status: status})
	}
}

// Deactivate deletes a user's account: every send is 403 "user is deactivated".
func (s *Server) Deactivate(user int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known(user)
	s.users[user].deactivated = true
}

// DeleteGroup deletes a group: every send is 403 "the group chat was deleted".
func (s *Server) DeleteGroup(chat int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.chats[chat]; c != nil {
		c.deleted = true
	}
}

// Rename gives a group or channel another title.
func (s *Server) Rename(chat int64, title string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.chats[chat]; c != nil {
		c.Title = title
	}
}

// Migrate upgrades a basic group to a supergroup: service messages in both, and 400 with migrate_to_chat_id for the old id.
func (s *Server) Migrate(chat int64) Chat {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.chats[chat]
	if old == nil || old.Kind != "group" || old.upgraded != 0 {
		s.misuse(fmt.Sprintf("%d is no basic group", chat))
		return Chat{}
	}
	c := s.openOwn(Chat{Kind: "supergroup", Title: old.Title})
	for id, m := range old.members {
		same := *m
		c.members[id] = &same
	}
	by := s.owner(old)
	gone := old.add(Message{From: by, Service: "upgraded to a supergroup", service: map[string]any{"migrate_to_chat_id": c.ID}}, s.o.Now())
	s.push("message", s.messageJSON(old, gone))
	come := c.add(Message{Service: "upgraded from a group", service: map[string]any{"migrate_from_chat_id": old.ID}}, s.o.Now())
	s.push("message", s.messageJSON(c, come))
	old.upgraded = c.ID
	return c.Chat
}

// Topic creates a forum topic and returns its message_thread_id.
func (s *Server) Topic(chat int64, name string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[chat]
	if c == nil || !c.Forum {
		s.misuse(fmt.Sprintf("%d is no forum", chat))
		return 0
	}
	by := s.owner(c)
	id := s.openTopic(c, by, name)
	if by != s.me.ID {
		s.push("message", s.messageJSON(c, c.message(id)))
	}
	return id
}

const topicColor = 7322096

func (s *Server) openTopic(c *chat, by int64, name string) int64 {
	m := c.add(Message{From: by, Service: "topic «" + name + "» created", service: map[string]any{
		"forum_topic_created": map[string]any{"name": name, "icon_color": topicColor},
	}}, s.o.Now())
	m.Thread = m.ID
	c.topics[m.ID] = &topic{name: name, color: topicColor}
	s.bump()
	return m.ID
}

// CloseTopic closes a topic: sends are 400 TOPIC_CLOSED unless the bot is an admin who may manage topics.
func (s *Server) CloseTopic(chat, thread int64) {
	s.withTopic(chat, thread, func(t *topic) { t.closed = true })
}

// ReopenTopic is the reverse.
func (s *Server) ReopenTopic(chat, thread int64) {
	s.withTopic(chat, thread, func(t *topic) { t.closed = false })
}

// DeleteTopic deletes a topic with its messages: sends are 400 "message thread not found".
func (s *Server) DeleteTopic(chat, thread int64) {
	s.withTopic(chat, thread, func(t *topic) {
		t.deleted = true
		for _, m := range s.chats[chat].messages {
			if m.Thread == thread {
				m.Deleted = true
			}
		}
	})
}

func (s *Server) withTopic(chat, thread int64, change func(t *topic)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[chat]
	if c == nil || c.topics[thread] == nil {
		s.misuse(fmt.Sprintf("no topic %d in chat %d", thread, chat))
		return
	}
	change(c.topics[thread])
	s.bump()
}
