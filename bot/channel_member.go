package bot

import (
	"context"
	"errors"
	"fmt"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
	"wirewatch/store"
)

// memberChanged follows what the bot becomes in a chat: blocked, added, given
// rights, robbed of them.
func (b *Bot) memberChanged(ctx context.Context, c *telegram.MemberChange) error {
	chat, err := b.o.Store.Chat(ctx, c.Chat.ID)
	unknown := errors.Is(err, store.ErrNotFound)
	if err != nil && !unknown {
		return fmt.Errorf("load chat %d: %w", c.Chat.ID, err)
	}
	usable := c.New.Present && c.New.CanPost || c.Chat.Private() && c.New.Present
	switch {
	case !usable && unknown:
		return nil
	case !usable:
		return b.lost(ctx, chat, c)
	case c.Chat.Private():
		return b.returned(ctx, chat, unknown)
	case c.Chat.Kind == "channel":
		return b.channelGained(ctx, c, chat, unknown)
	}
	return b.groupGained(ctx, c, chat, unknown)
}

// lost stops a chat that cannot be written to, and tells the person who linked
// it: nothing is deleted.
func (b *Bot) lost(ctx context.Context, chat store.Chat, c *telegram.MemberChange) error {
	was := chat.State
	reason := "the bot was removed"
	switch {
	case c.Chat.Private():
		reason = "the bot was blocked"
	case c.New.Present:
		reason = "the bot may not write there"
	}
	if err := b.block(ctx, chat.ID, reason); err != nil {
		return err
	}
	b.o.Log.Info("chat lost", "chat", chat.ID, "reason", reason)
	if chat.Kind == "private" || was != store.ChatActive && was != store.ChatPaused {
		return nil
	}
	key := "settings.rights_lost"
	if !c.New.Present {
		key = "settings.removed"
	}
	return b.tellOwner(ctx, chat, key)
}

// tellOwner writes about a group or channel to who brought the bot there.
func (b *Bot) tellOwner(ctx context.Context, about store.Chat, key string) error {
	own, err := b.o.Store.Chat(ctx, about.Owner)
	if errors.Is(err, store.ErrNotFound) || err == nil && own.State != store.ChatActive && own.State != store.ChatPaused {
		return nil
	} else if err != nil {
		return fmt.Errorf("load chat %d: %w", about.Owner, err)
	}
	t := &turn{Bot: b, l: locale.Get(own.Lang), chat: own}
	return t.say(ctx, t.l.Paragraph(t.l.H(key, "title", short(about.Title, 120))))
}

// returned wakes a private chat whose person has unblocked the bot.
func (b *Bot) returned(ctx context.Context, chat store.Chat, unknown bool) error {
	if unknown || chat.State != store.ChatBlocked && chat.State != store.ChatGone {
		return nil // who starts the bot says /start next
	}
	if err := b.o.Store.Resume(ctx, chat.ID); err != nil {
		return fmt.Errorf("resume chat %d: %w", chat.ID, err)
	}
	return nil
}

// channelGained resumes a linked channel, and offers to link a new one to who
// made the bot its administrator.
func (b *Bot) channelGained(ctx context.Context, c *telegram.MemberChange, chat store.Chat, unknown bool) error {
	if !unknown {
		if chat.State != store.ChatBlocked && chat.State != store.ChatGone {
			return nil
		}
		if err := b.o.Store.Resume(ctx, chat.ID); err != nil {
			return fmt.Errorf("resume chat %d: %w", chat.ID, err)
		}
		return b.tellOwner(ctx, chat, "settings.rights_back")
	}
	own, err := b.o.Store.Chat(ctx, c.From.ID)
	if errors.Is(err, store.ErrNotFound) || err == nil && own.State != store.ChatActive && own.State != store.ChatPaused {
		return nil
	} else if err != nil {
		return fmt.Errorf("load chat %d: %w", c.From.ID, err)
	}
	// Not while the chat is being picked with our button: chat_shared comes too.
	d, open, err := b.o.Store.Dialog(ctx, own.ID, c.From.ID, 0)
	if err != nil || open && d.Step == stepChannel {
		return err
	}
	t := &turn{Bot: b, l: locale.Get(own.Lang), chat: own, user: c.From}
	return t.forwarded(ctx, &c.Chat)
}

// groupGained greets a group that the bot was added to, or may write in again.
func (b *Bot) groupGained(ctx context.Context, c *telegram.MemberChange, chat store.Chat, unknown bool) error {
	t, err := b.enter(ctx, c.Chat, c.From, 0, true)
	if err != nil {
		return err
	}
	ok, err := t.admitted(ctx)
	if err != nil || !ok {
		return err
	}
	added := !c.Old.Present
	switch {
	case !unknown && chat.State == store.ChatBlocked && !added:
		return b.tellOwner(ctx, chat, "settings.rights_back")
	case added:
		return t.start(ctx, "")
	}
	return nil
}
