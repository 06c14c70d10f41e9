package telegram

import "context"

// A Command is an entry of the bot's command menu.
type Command struct {
	Name        string // without slash: a-z, 0-9 and _, 32 characters at most
	Description string // 256 characters at most
}

// Member asks what a user is in a chat.
func (c *Client) Member(ctx context.Context, chat, user int64) (Member, error) {
	return Member{}, nil
}

// Administrators lists who administers a group or channel, bots left out.
func (c *Client) Administrators(ctx context.Context, chat int64) ([]Member, error) { return nil, nil }

// ChatInfo asks about a chat. Ref is an id in decimal ("-100123"), or the
// @username of a channel or public group.
func (c *Client) ChatInfo(ctx context.Context, ref string) (Chat, error) { return Chat{}, nil }

// Leave leaves a group or channel.
func (c *Client) Leave(ctx context.Context, chat int64) error { return nil }

// SetCommands sets the command menu. Scope is "" (everywhere),
// "all_private_chats", "all_group_chats" or "all_chat_administrators"; lang a
// two-letter language code, or "" for everybody without a menu of their own.
func (c *Client) SetCommands(ctx context.Context, scope, lang string, cmds []Command) error {
	return nil
}

// SetDescription sets what an empty chat with the bot shows, 512 characters at
// most, and SetShortDescription what its profile shows, 120 at most.
func (c *Client) SetDescription(ctx context.Context, lang, text string) error { return nil }

// SetShortDescription: see SetDescription.
func (c *Client) SetShortDescription(ctx context.Context, lang, text string) error { return nil }

// DeleteWebhook makes Telegram give the updates to Updates again. Updates that
// wait are kept.
func (c *Client) DeleteWebhook(ctx context.Context) error { return nil }

// Typing shows that the bot is writing, for five seconds or until it sends.
func (c *Client) Typing(ctx context.Context, chat, thread int64) error { return nil }
