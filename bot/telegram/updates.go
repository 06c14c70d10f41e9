package telegram

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// An Update is one thing that happened to the bot. At most one of its pointers
// is set; none is set for kinds of updates that were not asked for.
type Update struct {
	ID          int64         // 0 only together with Err, when even the id is unreadable
	Message     *Message      // in a private chat or a group
	ChannelPost *Message      // in a channel
	Callback    *Callback     // an inline button was pressed
	Member      *MemberChange // what the bot itself is in a chat has changed (my_chat_member)
	Err         error         // why this update could not be read; it is to be skipped, and confirmed
}

// A Chat is where messages stand.
type Chat struct {
	ID       int64
	Kind     string // private, group, supergroup, channel
	Title    string // of a group or channel; a person's name in a private chat
	Username string // without @; "" when it has none
	Forum    bool   // a supergroup with topics
}

// Private reports whether the chat is one with a person.
func (c Chat) Private() bool { return c.Kind == "private" }

// A User is a person or a bot. The zero User stands for an unknown sender, as
// in channels.
type User struct {
	ID          int64
	First, Last string
	Username    string // without @; "" when there is none
	Lang        string // IETF tag of the person's client, such as "ar" or "pt-br"; often ""
	Bot         bool
}

// AnonymousAdmin is the user that Telegram names as the sender, in From, when
// an administrator of a group writes anonymously (@GroupAnonymousBot).
const AnonymousAdmin int64 = 1087968824

// A Message is what the bot sees of a message.
type Message struct {
	ID           int64
	Chat         Chat
	From         User  // zero in channels
	SenderChat   *Chat // on whose behalf it was written: the group itself for an anonymous administrator, a channel; else nil
	Thread       int64 // message_thread_id: a topic when IsTopic, else a thread of replies
	IsTopic      bool
	Date         time.Time // UTC; zero when inaccessible
	Text         string    // "" for anything that is not a text
	Caption      string    // of a photo or a file
	Forward      *Chat     // the channel that the post was forwarded from; nil otherwise
	ForwardPost  int64     // its message id in that channel
	ReplyTo      int64     // id of the message that this one answers; 0 none. The opening message of a topic does not count
	ReplyFrom    int64     // user id of that message's sender; 0 unknown
	MigrateTo    int64     // this group has become that supergroup; else 0
	MigrateFrom  int64     // this supergroup has been that group; else 0
	ChatShared   *SharedChat
	Inaccessible bool // under a Callback: too old or deleted, only Chat and ID are known
}

// Topic returns the thread to answer in: the topic's id in a forum, else 0. A
// thread of replies in an ordinary group is no topic.
func (m *Message) Topic() int64 {
	if m.IsTopic {
		return m.Thread
	}
	return 0
}

// Anonymous reports whether an administrator wrote it in the name of the group.
func (m *Message) Anonymous() bool { return m.SenderChat != nil && m.SenderChat.ID == m.Chat.ID }

// A SharedChat is the chat that a person picked with a [Button] that has a
// RequestChat.
type SharedChat struct {
	Request  int64 // RequestChat.ID
	Chat     int64
	Title    string // "" unless asked for
	Username string // likewise
}

// A Callback is the press of an inline button. The same press can arrive more
// than once, each time under another ID.
type Callback struct {
	ID      string // for Answer
	From    User
	Message *Message // the one with the button; nil for messages sent through inline mode; may be Inaccessible
	Data    string   // as the Button had it; anybody can forge it
}

// A MemberChange tells what the bot was and is in a chat.
type MemberChange struct {
	Chat     Chat
	From     User // who changed it
	Date     time.Time
	Old, New Member
}

// Next returns the offset that confirms all of updates: one above the id of
// the last. It returns offset unchanged when there is none to go by.
//
// Ids may restart lower after a week of silence, so the last one counts, not
// the greatest, and nobody may skip an update because its id is below offset.
func Next(offset int64, updates []Update) int64 {
	for i := len(updates) - 1; i >= 0; i-- {
		if updates[i].ID != 0 {
			return updates[i].ID + 1
		}
	}
	return offset
}

// allowed are the kinds of updates that we ask for. Telegram remembers the last
// list that it was given, by whomever, so it is sent with every poll.
var allowed = []string{"message", "channel_post", "callback_query", "my_chat_member"}

// Updates makes one long poll: it returns as soon as there are updates, at the
// latest after Options.PollTimeout, then with none.
//
// Calling it with an offset confirms, and so forgets, every update below: call
// it with [Next] of what was handled, never before. One update that cannot be
// read never costs its neighbours: it comes as an Update with Err.
func (c *Client) Updates(ctx context.Context, offset int64) ([]Update, error) {
	p := tgbotapi.Params{"timeout": strconv.Itoa(int(c.pollTimeout / time.Second))}
	p.AddNonZero64("offset", offset)
	if err := addJSON(p, "allowed_updates", allowed); err != nil {
		return nil, err
	}
	var result json.RawMessage
	if err := c.call(ctx, "getUpdates", p, &result); err != nil {
		return nil, err
	}
	updates, err := decodeUpdates(result)
	if err != nil {
		return nil, &Error{Method: "getUpdates", Kind: Uncertain, Description: "unreadable result", Err: err}
	}
	return updates, nil
}
