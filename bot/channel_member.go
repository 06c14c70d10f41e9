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
	// A channel that its editors have paused stays so, also when we may write there again.
	if chat.Kind != "channel" || was != store.ChatPaused {
		if err := b.block(ctx, chat.ID, reason); err != nil {
			return err
		}
	}
	b.o.Log.Info("chat lost", "chat", chat.ID, "reason", reason)
	if chat.Kind == "private" || was != store.ChatActive && was != store.ChatPaused {
		return nil
	}
	key := rightsLost
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
	var rows [][]telegram.Button
	if key == rightsLost {
		rows = [][]telegram.Button{{t.button("settings.button.again", data{screen: "recheck", id: about.ID})}}
	}
	return t.say(ctx, t.l.Paragraph(t.l.H(key, "title", short(about.Title, 120))), rows...)
}

// rightsLost is the sentence that says that we may not write in a chat any more.
const rightsLost = "settings.rights_lost"

// Lost tells who brought the bot to a chat that it may not write there any more, as a
// refused message has shown. The courier calls it.
func (b *Bot) Lost(ctx context.Context, chat store.Chat) {
	if err := b.tellOwner(ctx, chat, rightsLost); err != nil {
		b.o.Log.Error("tell that a chat is lost", "chat", chat.ID, "err", err)
	}
}

// recheck looks whether the bot may write again in a chat that the person brought it
// to, and resumes there.
func (t *turn) recheck(ctx context.Context, id int64) error {
	c, err := t.o.Store.Chat(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && c.Owner != t.user.ID {
		t.toast = t.l.T("errors.stale")
		return nil
	} else if err != nil {
		return fmt.Errorf("load chat %d: %w", id, err)
	}
	me, err := t.self(ctx)
	if err != nil {
		return err
	}
	m, err := t.o.Telegram.Member(ctx, id, me.ID)
	switch {
	case err != nil && !refused(err):
		return err
	case err != nil, !m.Present, !m.CanPost:
		t.toast = t.l.T("channels.still_not")
		return nil
	}
	if c.State == store.ChatBlocked || c.State == store.ChatGone {
		if err := t.o.Store.Resume(ctx, id); err != nil {
			return fmt.Errorf("resume chat %d: %w", id, err)
		}
	}
	return t.show(ctx, screen{html: t.l.Paragraph(t.l.H("settings.rights_back", "title", short(c.Title, 120)))})
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
