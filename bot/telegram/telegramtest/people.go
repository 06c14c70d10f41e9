package telegramtest

import "context"

// User registers a person, or replaces what is known of them. ID 0 takes the next free one. A user alone has no chat
// with the bot: sending to them is 403 "bot can't initiate conversation with a user". See Private.
func (s *Server) User(u User) User { return u }

// Private opens the private chat of a user with the bot, as pressing Start does (without sending /start). The user is
// created when unknown; lang, unless "", becomes their client's language.
func (s *Server) Private(userID int64, lang string) Chat { return Chat{} }

// Group creates a basic group: the first member is its creator, the bot an ordinary member. No update is sent.
func (s *Server) Group(title string, members ...int64) Chat { return Chat{} }

// Supergroup is like Group.
func (s *Server) Supergroup(title string, members ...int64) Chat { return Chat{} }

// Forum is a Supergroup with topics; only General exists at first. See Topic.
func (s *Server) Forum(title string, members ...int64) Chat { return Chat{} }

// Channel creates a channel, public when username is not "". The first admin is its creator. The bot is not in it: see SetAdmin.
func (s *Server) Channel(title, username string, admins ...int64) Chat { return Chat{} }

// SetAdmin makes a user, or the bot, an administrator with these rights (Bot API names such as "can_post_messages");
// none given means all that such a chat knows. A my_chat_member update follows when it is the bot.
func (s *Server) SetAdmin(chat, user int64, rights ...string) {}

// SetRights replaces the rights of an administrator; of an ordinary member it makes a restricted one with exactly these permissions.
func (s *Server) SetRights(chat, user int64, rights ...string) {}

// SetStatus makes the user creator, member, left or kicked, with the updates and service messages that follow.
func (s *Server) SetStatus(chat, user int64, status string) {}

// Kick removes a user, or the bot, from a group or channel for good.
func (s *Server) Kick(chat, user int64) {}

// Block is a user who blocks the bot: my_chat_member kicked, then every send is 403.
func (s *Server) Block(user int64) {}

// Unblock is the reverse.
func (s *Server) Unblock(user int64) {}

// Deactivate deletes a user's account: every send is 403 "user is deactivated".
func (s *Server) Deactivate(user int64) {}

// DeleteGroup deletes a group: every send is 403 "the group chat was deleted".
func (s *Server) DeleteGroup(chat int64) {}

// Migrate upgrades a basic group to a supergroup: service messages in both, and 400 with migrate_to_chat_id for the old id.
func (s *Server) Migrate(chat int64) Chat { return Chat{} }

// Topic creates a forum topic and returns its message_thread_id.
func (s *Server) Topic(chat int64, name string) int64 { return 0 }

// CloseTopic closes a topic: sends are 400 TOPIC_CLOSED unless the bot is an admin who may manage topics.
func (s *Server) CloseTopic(chat, thread int64) {}

// ReopenTopic is the reverse.
func (s *Server) ReopenTopic(chat, thread int64) {}

// DeleteTopic deletes a topic with its messages: sends are 400 "message thread not found".
func (s *Server) DeleteTopic(chat, thread int64) {}

// With is what a message that a person sends has besides its text.
type With struct {
	Thread    int64 // forum topic
	ReplyTo   int64 // message of this chat
	Forward   int64 // chat that it is forwarded from (a channel: forward_origin says so)
	Anonymous bool  // an anonymous group admin: sender_chat is the group
}

// Say sends a text as a person and returns the message's id, 0 when they cannot write there. Commands, links and mentions get
// their entities. In groups the bot receives what privacy mode lets through: commands, replies to it and mentions; all when it is an admin.
func (s *Server) Say(chat, user int64, text string, with ...With) int64 { return 0 }

// Post publishes a text in a channel in its own name: a channel_post update where the bot is a member.
func (s *Server) Post(channel int64, text string) int64 { return 0 }

// Share answers a button's request_chat with a chat: a chat_shared message, and the bot receives the rights that were asked for.
func (s *Server) Share(chat, user, requestID, shared int64) (int64, error) { return 0, nil }

// Press presses the inline button with this callback data and returns the callback query's id. It refuses a button that the message does not show.
func (s *Server) Press(chat, user, messageID int64, data string) (string, error) { return "", nil }

// Answered returns what answerCallbackQuery said, and whether it was called.
func (s *Server) Answered(callbackID string) (Answer, bool) { return Answer{}, false }

// WaitAnswer waits for answerCallbackQuery.
func (s *Server) WaitAnswer(ctx context.Context, callbackID string) (Answer, error) {
	return Answer{}, nil
}

// Inject puts a raw update into the queue under the next update_id, whatever it holds: for updates of a later Bot API.
// raw is a JSON object without update_id.
func (s *Server) Inject(raw string) int64 { return 0 }

// Messages returns everything in a chat, from people and the bot, in order, deleted ones marked.
func (s *Server) Messages(chat int64) []Message { return nil }

// Sent returns only what the bot sent to a chat, in order, deleted ones marked.
func (s *Server) Sent(chat int64) []Message { return nil }

// Message returns one message of a chat as it is now.
func (s *Server) Message(chat, id int64) (Message, bool) { return Message{}, false }

// Wait returns the bot's messages in a chat as soon as there are at least n.
func (s *Server) Wait(ctx context.Context, chat int64, n int) ([]Message, error) { return nil, nil }

// WaitFor returns the bot's first message in a chat for which ok holds, in its newest version, as soon as there is one.
func (s *Server) WaitFor(ctx context.Context, chat int64, ok func(Message) bool) (Message, error) {
	return Message{}, nil
}

// WaitUntil waits until cond holds; it is asked again after every change of the server's state (a message, an edit, a request, an
// answer, an update fetched). cond may call the server's methods.
func (s *Server) WaitUntil(ctx context.Context, cond func() bool) error { return nil }

// WaitIdle waits until every update so far has been fetched and confirmed by a later getUpdates.
func (s *Server) WaitIdle(ctx context.Context) error { return nil }

// Commands returns what setMyCommands stored for a scope ("default", "all_private_chats", "chat:<id>", …) and language ("" the default).
func (s *Server) Commands(scope, lang string) []Command { return nil }

// Transcript renders a chat as text, as a reader sees it; the same state gives the same text, without ids and dates.
func (s *Server) Transcript(chat int64) string { return "" }
