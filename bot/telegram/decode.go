package telegram

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// The raw types hold what we read of the Bot API's JSON, under its names. They
// are our own because the library's know nothing of topics and forward_origin.

type rawUpdate struct {
	ID          int64         `json:"update_id"`
	Message     *rawMessage   `json:"message"`
	ChannelPost *rawMessage   `json:"channel_post"`
	Callback    *rawCallback  `json:"callback_query"`
	Member      *rawMemberSet `json:"my_chat_member"`
}

type rawMessage struct {
	ID          int64       `json:"message_id"`
	Chat        rawChat     `json:"chat"`
	From        *rawUser    `json:"from"`
	SenderChat  *rawChat    `json:"sender_chat"`
	Thread      int64       `json:"message_thread_id"`
	IsTopic     bool        `json:"is_topic_message"`
	Date        int64       `json:"date"`
	Text        string      `json:"text"`
	Caption     string      `json:"caption"`
	Origin      *rawOrigin  `json:"forward_origin"`
	OldOrigin   *rawChat    `json:"forward_from_chat"` // servers before Bot API 7.0
	OldPost     int64       `json:"forward_from_message_id"`
	ReplyTo     *rawReplied `json:"reply_to_message"`
	MigrateTo   int64       `json:"migrate_to_chat_id"`
	MigrateFrom int64       `json:"migrate_from_chat_id"`
	Shared      *rawShared  `json:"chat_shared"`
}

type rawReplied struct {
	ID      int64           `json:"message_id"`
	From    *rawUser        `json:"from"`
	Opening json.RawMessage `json:"forum_topic_created"`
}

type rawOrigin struct {
	Type string   `json:"type"` // user, hidden_user, chat, channel
	Chat *rawChat `json:"chat"`
	Post int64    `json:"message_id"`
}

type rawShared struct {
	Request  int64  `json:"request_id"`
	Chat     int64  `json:"chat_id"`
	Title    string `json:"title"`
	Username string `json:"username"`
}

type rawCallback struct {
	ID      string      `json:"id"`
	From    *rawUser    `json:"from"`
	Message *rawMessage `json:"message"`
	Data    string      `json:"data"`
}

type rawMemberSet struct {
	Chat rawChat   `json:"chat"`
	From *rawUser  `json:"from"`
	Date int64     `json:"date"`
	Old  rawMember `json:"old_chat_member"`
	New  rawMember `json:"new_chat_member"`
}

type rawMember struct {
	Status   string   `json:"status"`
	User     *rawUser `json:"user"`
	IsMember bool     `json:"is_member"`
	CanSend  bool     `json:"can_send_messages"` // restricted only
	CanPost  *bool    `json:"can_post_messages"` // administrators of channels only
	CanEdit  bool     `json:"can_edit_messages"` // likewise
}

type rawChat struct {
	ID       int64  `json:"id"`
	Type     string `json:"type"`
	Title    string `json:"title"`
	Username string `json:"username"`
	First    string `json:"first_name"`
	Last     string `json:"last_name"`
	Forum    bool   `json:"is_forum"`
}

type rawUser struct {
	ID       int64  `json:"id"`
	First    string `json:"first_name"`
	Last     string `json:"last_name"`
	Username string `json:"username"`
	Lang     string `json:"language_code"`
	Bot      bool   `json:"is_bot"`
}

// decodeUpdates reads the result of getUpdates. Each element stands for
// itself: one that cannot be read becomes an Update with Err.
func decodeUpdates(result json.RawMessage) ([]Update, error) {
	var elements []json.RawMessage
	if err := json.Unmarshal(result, &elements); err != nil {
		return nil, fmt.Errorf("read updates: %w", err)
	}
	updates := make([]Update, len(elements))
	for i, element := range elements {
		updates[i] = decodeUpdate(element)
	}
	return updates, nil
}

// decodeUpdate reads one update. Its id is read even when the rest is not what
// it should be, so that the update can be confirmed and never comes again.
func decodeUpdate(element json.RawMessage) Update {
	var raw rawUpdate
	if err := json.Unmarshal(element, &raw); err != nil {
		var head struct {
			ID int64 `json:"update_id"`
		}
		_ = json.Unmarshal(element, &head) // stays 0 when this fails too
		return Update{ID: head.ID, Err: fmt.Errorf("read update %d: %w", head.ID, err)}
	}
	if raw.ID == 0 {
		return Update{Err: errors.New("read update: no update_id")}
	}
	return Update{
		ID:          raw.ID,
		Message:     raw.Message.message(),
		ChannelPost: raw.ChannelPost.message(),
		Callback:    raw.Callback.callback(),
		Member:      raw.Member.change(),
	}
}

func (r *rawMessage) message() *Message {
	if r == nil {
		return nil
	}
	m := &Message{
		ID: r.ID, Chat: r.Chat.chat(), From: r.From.user(), Thread: r.Thread, IsTopic: r.IsTopic,
		Date: date(r.Date), Text: r.Text, Caption: r.Caption, MigrateTo: r.MigrateTo, MigrateFrom: r.MigrateFrom,
	}
	if r.SenderChat != nil {
		m.SenderChat = new(r.SenderChat.chat())
	}
	m.Forward, m.ForwardPost = r.origin()
	// In a topic, every message that answers none answers the topic's opening.
	if to := r.ReplyTo; to != nil && len(to.Opening) == 0 {
		m.ReplyTo, m.ReplyFrom = to.ID, to.From.user().ID
	}
	if s := r.Shared; s != nil {
		m.ChatShared = &SharedChat{Request: s.Request, Chat: s.Chat, Title: s.Title, Username: s.Username}
	}
	return m
}

// origin returns the channel that a message was forwarded from, and the post's
// id there, in the present form or that of older servers.
func (r *rawMessage) origin() (*Chat, int64) {
	if o := r.Origin; o != nil {
		if o.Type != "channel" || o.Chat == nil {
			return nil, 0
		}
		return new(o.Chat.chat()), o.Post
	}
	if o := r.OldOrigin; o != nil && o.Type == "channel" {
		return new(o.chat()), r.OldPost
	}
	return nil, 0
}

func (r *rawCallback) callback() *Callback {
	if r == nil {
		return nil
	}
	c := &Callback{ID: r.ID, From: r.From.user(), Message: r.Message.message(), Data: r.Data}
	if c.Message != nil {
		c.Message.Inaccessible = r.Message.Date == 0
	}
	return c
}

func (r *rawMemberSet) change() *MemberChange {
	if r == nil {
		return nil
	}
	channel := r.Chat.Type == "channel"
	return &MemberChange{
		Chat: r.Chat.chat(), From: r.From.user(), Date: date(r.Date),
		Old: r.Old.member(channel), New: r.New.member(channel),
	}
}

// member reads what somebody may do. Channel says that the chat is known to be
// a channel: there nobody posts without the right to.
func (r rawMember) member(channel bool) Member {
	m := Member{User: r.User.user(), Status: r.Status}
	switch r.Status {
	case "creator":
		m.Present, m.CanPost, m.CanEdit = true, true, true
	case "administrator":
		m.Present, m.CanEdit = true, r.CanEdit
		// Telegram states can_post_messages in channels and nowhere else.
		m.CanPost = r.CanPost == nil && !channel || r.CanPost != nil && *r.CanPost
	case "member":
		m.Present, m.CanPost = true, !channel
	case "restricted":
		m.Present, m.CanPost = r.IsMember, r.IsMember && r.CanSend
	}
	return m
}

// chat converts; a private chat is titled by the person's name.
func (r rawChat) chat() Chat {
	c := Chat{ID: r.ID, Kind: r.Type, Title: r.Title, Username: r.Username, Forum: r.Forum}
	if c.Title == "" {
		c.Title = strings.TrimSpace(r.First + " " + r.Last)
	}
	return c
}

func (r *rawUser) user() User {
	if r == nil {
		return User{}
	}
	return User{ID: r.ID, First: r.First, Last: r.Last, Username: r.Username, Lang: r.Lang, Bot: r.Bot}
}

// date reads Unix seconds; 0 gives the zero time.
func date(unix int64) time.Time {
	if unix == 0 {
		return time.Time{}
	}
	return time.Unix(unix, 0).UTC()
}
