package telegram

import (
	"context"
	"errors"
	"strconv"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// A Command is an entry of the bot's command menu.
type Command struct {
	Name        string `json:"command"`     // without slash: a-z, 0-9 and _, 32 characters at most
	Description string `json:"description"` // 256 characters at most
}

// A Member is what a user, or the bot, is in a chat.
type Member struct {
	User    User
	Status  string // creator, administrator, member, restricted, left, kicked
	Present bool   // is in the chat now
	CanPost bool   // may write there: in a channel as an administrator with that right
	CanEdit bool   // may edit what others posted in a channel
}

// Admin reports whether the member administers the chat, or owns it.
func (m Member) Admin() bool { return m.Status == "creator" || m.Status == "administrator" }

// strangers are the answers of getChatMember about a user who was never there.
var strangers = map[string]bool{
	"Bad Request: user not found":            true,
	"Bad Request: member not found":          true,
	"Bad Request: PARTICIPANT_ID_INVALID":    true,
	"Bad Request: USER_NOT_PARTICIPANT":      true,
	"Bad Request: invalid user_id specified": true,
}

// Member asks what a user is in a chat. A user whom the chat never had has the
// Status "left". In a channel of which the bot is no administrator this fails,
// with NoRights or ChatGone.
func (c *Client) Member(ctx context.Context, chat, user int64) (Member, error) {
	var raw rawMember
	err := c.call(ctx, "getChatMember", tgbotapi.Params{
		"chat_id": strconv.FormatInt(chat, 10),
		"user_id": strconv.FormatInt(user, 10),
	}, &raw)
	if e, ok := errors.AsType[*Error](err); ok && strangers[e.Description] {
		return Member{User: User{ID: user}, Status: "left"}, nil
	}
	if err != nil {
		return Member{}, err
	}
	return raw.member(false), nil
}

// Administrators lists who administers a group or channel, bots left out.
func (c *Client) Administrators(ctx context.Context, chat int64) ([]Member, error) {
	var raw []rawMember
	err := c.call(ctx, "getChatAdministrators", tgbotapi.Params{"chat_id": strconv.FormatInt(chat, 10)}, &raw)
	if err != nil {
		return nil, err
	}
	members := make([]Member, 0, len(raw))
	for _, r := range raw {
		if m := r.member(false); !m.User.Bot {
			members = append(members, m)
		}
	}
	return members, nil
}

// ChatInfo asks about a chat. Ref is an id in decimal ("-100123"), or the
// @username of a channel or public group; people cannot be asked for by name.
func (c *Client) ChatInfo(ctx context.Context, ref string) (Chat, error) {
	var raw rawChat
	if err := c.call(ctx, "getChat", tgbotapi.Params{"chat_id": ref}, &raw); err != nil {
		return Chat{}, err
	}
	return raw.chat(), nil
}

// Leave leaves a group or channel.
func (c *Client) Leave(ctx context.Context, chat int64) error {
	return c.call(ctx, "leaveChat", tgbotapi.Params{"chat_id": strconv.FormatInt(chat, 10)}, nil)
}

// SetCommands sets the command menu, MaxCommands at most. Scope is ""
// (everywhere), "all_private_chats", "all_group_chats" or
// "all_chat_administrators"; lang a two-letter language code, or "" for
// everybody whose language has no menu of its own.
func (c *Client) SetCommands(ctx context.Context, scope, lang string, cmds []Command) error {
	const method = "setMyCommands"
	if cmds == nil {
		cmds = []Command{} // null would be refused
	}
	p := tgbotapi.Params{}
	if err := addJSON(p, "commands", cmds); err != nil {
		return badRequest(method, err)
	}
	if scope != "" {
		if err := addJSON(p, "scope", map[string]string{"type": scope}); err != nil {
			return badRequest(method, err)
		}
	}
	p.AddNonEmpty("language_code", lang)
	return c.call(ctx, method, p, nil)
}

// SetDescription sets what an empty chat with the bot shows, 512 characters at
// most. Lang is as in SetCommands.
func (c *Client) SetDescription(ctx context.Context, lang, text string) error {
	p := tgbotapi.Params{"description": text}
	p.AddNonEmpty("language_code", lang)
	return c.call(ctx, "setMyDescription", p, nil)
}

// SetShortDescription sets what the bot's profile shows, 120 characters at
// most. Lang is as in SetCommands.
func (c *Client) SetShortDescription(ctx context.Context, lang, text string) error {
	p := tgbotapi.Params{"short_description": text}
	p.AddNonEmpty("language_code", lang)
	return c.call(ctx, "setMyShortDescription", p, nil)
}

// DeleteWebhook makes Telegram give the updates to Updates again. Updates that
// wait are kept.
func (c *Client) DeleteWebhook(ctx context.Context) error {
	return c.call(ctx, "deleteWebhook", nil, nil)
}

// Typing shows that the bot is writing, for five seconds or until it sends.
func (c *Client) Typing(ctx context.Context, chat, thread int64) error {
	p := tgbotapi.Params{"chat_id": strconv.FormatInt(chat, 10), "action": "typing"}
	if thread > general {
		p.AddNonZero64("message_thread_id", thread)
	}
	return c.call(ctx, "sendChatAction", p, nil)
}
