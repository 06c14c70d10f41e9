package telegramtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// With is what a message that a person sends has besides its text.
type With struct {
	Thread    int64 // forum topic
	ReplyTo   int64 // message of this chat
	Forward   int64 // chat that it is forwarded from (a channel: forward_origin says so)
	Anonymous bool  // an anonymous group admin: sender_chat is the group
}

// Say sends a text as a person and returns the message's id, 0 when they cannot write there (Problems says why). Commands,
// links and mentions get their entities. In groups the bot receives what privacy mode lets through: commands and replies
// to it; all when it is an admin.
func (s *Server) Say(chatID, user int64, text string, with ...With) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	var w With
	if len(with) > 0 {
		w = with[0]
	}
	c := s.chats[chatID]
	if why := s.mute(c, user, w); why != "" {
		s.misuse(fmt.Sprintf("user %d cannot write in chat %d: %s", user, chatID, why))
		return 0
	}
	shown, entities, err := finish(text, nil, MaxText)
	if err != nil {
		s.misuse(fmt.Sprintf("user %d in chat %d: %s", user, chatID, err))
		return 0
	}
	m := Message{From: user, Text: shown, Entities: entities, Thread: w.Thread, ReplyTo: w.ReplyTo, Forward: w.Forward}
	if w.Anonymous {
		m.From = 0
	}
	stored := c.add(m, s.o.Now())
	s.deliver(c, stored)
	return stored.ID
}

// mute tells why a user cannot write in a chat, "" when they can.
func (s *Server) mute(c *chat, user int64, w With) string {
	switch {
	case c == nil:
		return "there is no such chat"
	case s.users[user] == nil:
		return "there is no such user"
	case s.users[user].deactivated:
		return "the account is deleted"
	case c.upgraded != 0 || c.deleted:
		return "the group is gone"
	case c.Kind == "channel":
		return "it is a channel, see Post"
	case c.Kind == "private" && c.ID != user:
		return "it is somebody else's"
	case c.Kind == "private" && c.member(s.me.ID).status == "kicked":
		return "they have blocked the bot"
	case !c.member(user).may("can_send_messages"):
		return "they are " + c.member(user).status
	case w.Thread != 0 && (c.topics[w.Thread] == nil || c.topics[w.Thread].deleted):
		return "there is no such topic"
	case w.Thread != 0 && c.topics[w.Thread].closed && !c.member(user).admin():
		return "the topic is closed"
	case w.ReplyTo != 0 && c.shown(w.ReplyTo) == nil:
		return "there is no message to reply to"
	case w.Anonymous && !c.member(user).admin():
		return "only admins are anonymous"
	}
	return ""
}

// deliver queues a person's message for the bot if the bot gets to see it.
func (s *Server) deliver(c *chat, m *Message) {
	me := c.member(s.me.ID)
	reply := c.message(m.ReplyTo)
	if c.Kind == "private" || me.admin() || me.present() && (s.addressed(m) || reply != nil && reply.Bot) {
		s.push("message", s.messageJSON(c, m))
	}
	s.bump()
}

// addressed tells whether a message holds a command for this bot, or for any.
func (s *Server) addressed(m *Message) bool {
	return slices.ContainsFunc(m.Entities, func(e Entity) bool {
		if e.Type != "bot_command" {
			return false
		}
		_, name, found := strings.Cut(utf16Slice(m.Text, e.Offset, e.end()), "@")
		return !found || strings.EqualFold(name, s.me.Username)
	})
}

// utf16Slice cuts a text at UTF-16 offsets.
func utf16Slice(s string, from, to int) string {
	start, end, units := len(s), len(s), 0
	for i, r := range s {
		if units == from {
			start = i
		}
		if units == to {
			end = i
			break
		}
		units += runeUnits(r)
	}
	return s[min(start, end):end]
}

// Post publishes a text in a channel in its own name: a channel_post update where the bot is a member. It returns the
// message's id, 0 when there is no such channel.
func (s *Server) Post(channel int64, text string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[channel]
	shown, entities, err := finish(text, nil, MaxText)
	if c == nil || c.Kind != "channel" || err != nil {
		s.misuse(fmt.Sprintf("cannot post in %d", channel))
		return 0
	}
	m := c.add(Message{Text: shown, Entities: entities}, s.o.Now())
	if c.member(s.me.ID).present() {
		s.push("channel_post", s.messageJSON(c, m))
	}
	s.bump()
	return m.ID
}

// Share answers a button's request_chat with a chat: the bot first receives the rights that were asked for there, then a
// chat_shared message. It fails when no such button is shown or the user lacks the rights that it asks for.
func (s *Server) Share(chatID, user, requestID, shared int64) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, target := s.chats[chatID], s.chats[shared]
	if c == nil || target == nil || c.Kind != "private" || c.ID != user {
		return 0, errors.New("chats are shared in one's own private chat")
	}
	want := c.requested(requestID)
	switch {
	case want == nil:
		return 0, fmt.Errorf("no button asks for request %d", requestID)
	case want.Channel != (target.Kind == "channel"):
		return 0, fmt.Errorf("a %s is not what the button asks for", target.Kind)
	}
	for _, right := range want.UserRights {
		if !target.member(user).admin() || !target.member(user).may(right) {
			return 0, fmt.Errorf("the user lacks %s in that chat", right)
		}
	}
	if want.BotRights != nil {
		s.setMember(target, user, s.me.ID, member{status: "administrator", rights: all(want.BotRights)})
	}
	m := c.add(Message{From: user, Service: "shared «" + target.Title + "»", service: map[string]any{
		"chat_shared": map[string]any{"request_id": requestID, "chat_id": target.ID},
	}}, s.o.Now())
	s.push("message", s.messageJSON(c, m))
	return m.ID, nil
}

// replyKeyboard is what is shown below the text field, nil when nothing is.
func (c *chat) replyKeyboard() *ReplyMarkup {
	for _, m := range slices.Backward(c.messages) {
		switch {
		case m.Reply == nil, m.Deleted:
		case m.Reply.Remove:
			return nil
		case m.Reply.Rows != nil:
			return m.Reply
		}
	}
	return nil
}

func (c *chat) requested(id int64) *RequestChat {
	k := c.replyKeyboard()
	if k == nil {
		return nil
	}
	for _, row := range k.Rows {
		for _, b := range row {
			if b.Request != nil && b.Request.ID == id {
				return b.Request
			}
		}
	}
	return nil
}

// Press presses the inline button with this callback data and returns the callback query's id. It refuses a button that the message does not show.
func (s *Server) Press(chatID, user, messageID int64, data string) (string, error) {
	return s.press(chatID, user, messageID, data, false)
}

// PressOld is Press for a button that the message has shown once: the press was on its way while the message was edited.
func (s *Server) PressOld(chatID, user, messageID int64, data string) (string, error) {
	return s.press(chatID, user, messageID, data, true)
}

func (s *Server) press(chatID, user, messageID int64, data string, old bool) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[chatID]
	switch {
	case c == nil || s.users[user] == nil:
		return "", fmt.Errorf("no chat %d or no user %d", chatID, user)
	case c.Kind == "private" && c.ID != user, c.Kind != "private" && c.Kind != "channel" && !c.member(user).present():
		return "", fmt.Errorf("user %d does not see chat %d", user, chatID)
	}
	m := c.shown(messageID)
	if m == nil {
		return "", fmt.Errorf("no message %d in chat %d", messageID, chatID)
	}
	if !showsButton(m.Keyboard, data) && !(old && slices.ContainsFunc(m.Versions, func(v Version) bool { return showsButton(v.Keyboard, data) })) {
		return "", fmt.Errorf("message %d shows no button with data %q", messageID, data)
	}
	id := strconv.FormatInt(user*1000+int64(len(s.presses))+1, 10)
	s.presses[id] = &press{at: s.o.Now()}
	s.push("callback_query", map[string]any{
		"id": id, "from": userJSON(s.users[user].User), "message": s.messageJSON(c, m),
		"chat_instance": strconv.FormatInt(-chatID, 10), "data": data,
	})
	return id, nil
}

func showsButton(rows [][]Button, data string) bool {
	for _, row := range rows {
		for _, b := range row {
			if b.Data == data && data != "" {
				return true
			}
		}
	}
	return false
}

// Answered returns what answerCallbackQuery said, and whether it was called.
func (s *Server) Answered(callbackID string) (Answer, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.presses[callbackID]; p != nil {
		return p.answer, p.answered
	}
	return Answer{}, false
}

// WaitAnswer waits for answerCallbackQuery.
func (s *Server) WaitAnswer(ctx context.Context, callbackID string) (a Answer, err error) {
	err = s.WaitUntil(ctx, func() bool {
		var answered bool
		a, answered = s.Answered(callbackID)
		return answered
	})
	return a, err
}

// Messages returns everything in a chat, from people and the bot, in order, deleted ones marked.
func (s *Server) Messages(chatID int64) []Message {
	return s.messages(chatID, func(*Message) bool { return true })
}

// Sent returns only what the bot sent to a chat, in order, deleted ones marked.
func (s *Server) Sent(chatID int64) []Message {
	return s.messages(chatID, func(m *Message) bool { return m.Bot })
}

func (s *Server) messages(chatID int64, which func(*Message) bool) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Message
	if c := s.chats[chatID]; c != nil {
		for _, m := range c.messages {
			if which(m) {
				list = append(list, m.copy())
			}
		}
	}
	return list
}

func (m *Message) copy() Message {
	c := *m
	c.Entities = slices.Clone(m.Entities)
	c.Versions = slices.Clone(m.Versions)
	return c
}

// Message returns one message of a chat as it is now.
func (s *Server) Message(chatID, id int64) (Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.chats[chatID]; c != nil {
		if m := c.message(id); m != nil {
			return m.copy(), true
		}
	}
	return Message{}, false
}

// Wait returns the bot's messages in a chat as soon as there are at least n.
func (s *Server) Wait(ctx context.Context, chatID int64, n int) (sent []Message, err error) {
	err = s.WaitUntil(ctx, func() bool {
		sent = s.Sent(chatID)
		return len(sent) >= n
	})
	if err != nil {
		err = fmt.Errorf("wait for message %d in chat %d, which has %d: %w", n, chatID, len(sent), err)
	}
	return sent, err
}

// WaitFor returns the bot's first message in a chat for which ok holds, in its newest version, as soon as there is one.
func (s *Server) WaitFor(ctx context.Context, chatID int64, ok func(Message) bool) (found Message, err error) {
	err = s.WaitUntil(ctx, func() bool {
		sent := s.Sent(chatID)
		i := slices.IndexFunc(sent, func(m Message) bool { return !m.Deleted && ok(m) })
		if i >= 0 {
			found = sent[i]
		}
		return i >= 0
	})
	return found, err
}

// WaitUntil waits until cond holds; it is asked again after every change of the server's state (a message, an edit, a request, an
// answer, an update fetched). cond may call the server's methods.
func (s *Server) WaitUntil(ctx context.Context, cond func() bool) error {
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if cond() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		case <-s.done:
			return errors.New("the server was closed")
		}
	}
}
