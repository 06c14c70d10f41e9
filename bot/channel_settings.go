package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
	"wirewatch/store"
)

// The settings of a channel are those of /settings: the same screens and the same
// questions, in a turn that is about the channel. Their buttons carry its id, and
// every press looks up again whether it is linked to the chat of the press.

// settingOf names, in a dialog's data, the linked chat whose setting is asked for.
const settingOf = "of"

// subject is the chat whose settings are shown and changed.
func (t *turn) subject() store.Chat {
	if t.of != nil {
		return *t.of
	}
	return t.chat
}

// change changes its settings in the store and in the turn.
func (t *turn) change(ctx context.Context, f func(*store.Chat)) error {
	c, err := t.update(ctx, t.subject().ID, f)
	switch {
	case err != nil:
		return err
	case t.of != nil:
		t.o.Log.Info("linked chat set", "chat", t.chat.ID, "of", c.ID, "user", t.user.ID)
		t.of = &c
	default:
		t.chat = c
	}
	return nil
}

// setting is what a button of its settings carries.
func (t *turn) setting(screen string, page int) data {
	d := data{screen: screen, page: page}
	if t.of != nil {
		d.id = t.of.ID
	}
	return d
}

func (t *turn) backToSettings() telegram.Button {
	return t.button("commands.button.back", t.setting("settings", 0))
}

// settingData is what a question about a setting keeps for its answer.
func (t *turn) settingData() map[string]string {
	if t.of == nil {
		return nil
	}
	return map[string]string{settingOf: strconv.FormatInt(t.of.ID, 10)}
}

// tell says the sentence of the key own about this chat, or that of linked about the
// linked one, which is also given its {title}.
func (t *turn) tell(own, linked string, args ...any) string {
	if t.of == nil {
		return t.l.H(own, args...)
	}
	return t.l.H(linked, append(args, "title", short(t.of.Title, maxName))...)
}

// turnTo makes the rest of the turn one about a chat that this one publishes in. It is
// false when it is not linked to it, or may not be set by this person, which has been
// said then. A channel is set by the chats that publish in it; a group has people of
// its own, of whom only administrators may set it, from here as from there.
func (t *turn) turnTo(ctx context.Context, id int64, set bool) (bool, error) {
	linked, err := t.linked(ctx)
	if err != nil {
		return false, err
	}
	at := slices.IndexFunc(linked, func(c store.Chat) bool { return c.ID == id })
	if at < 0 {
		if t.said != nil {
			return false, t.say(ctx, t.l.Paragraph(t.l.H("channels.not_linked")))
		}
		t.toast = t.l.T("errors.stale")
		return false, t.channels(ctx, "")
	}
	c := linked[at]
	if set && c.Kind != "channel" {
		yes, err := t.admin(ctx, id, t.user.ID)
		switch {
		case err != nil && !refused(err):
			return false, err
		case err != nil || !yes:
			return false, t.notTheirs(ctx, c)
		}
	}
	t.of = &c
	return true, nil
}

// notTheirs refuses who does not administer a linked group.
func (t *turn) notTheirs(ctx context.Context, c store.Chat) error {
	if t.said != nil {
		return t.say(ctx, t.l.Paragraph(t.l.H("channels.not_admin", "title", short(c.Title, maxName))))
	}
	t.toast, t.alert = t.l.T("channels.not_admin", "title", short(c.Title, 80)), true
	return nil
}

// linkedLine says in a line how a linked chat does.
func (t *turn) linkedLine(c store.Chat, gated bool) string {
	state := "settings.channel_state.stopped"
	switch {
	case c.State == store.ChatPaused:
		state = "channels.state.paused"
	case c.State == store.ChatActive && gated:
		state = "channels.state.approve"
	case c.State == store.ChatActive:
		state = "settings.channel_state.good"
	}
	return t.l.H("settings.channel_line", "title", short(c.Title, 80), "state", locale.Text(t.l.T(state)))
}

// stateButton pauses or resumes; where we may not write it checks again, for who
// brought us there. It may be none.
func (t *turn) stateButton() []telegram.Button {
	switch c := t.subject(); {
	case c.State == store.ChatPaused:
		return []telegram.Button{t.styled("success", "commands.button.resume", t.setting("resume", 0))}
	case t.of == nil || c.State == store.ChatActive:
		return []telegram.Button{t.button("commands.button.pause", t.setting("pause", 0))}
	case c.Owner == t.user.ID:
		return []telegram.Button{t.button("settings.button.again", data{screen: "recheck", id: c.ID})}
	}
	return nil
}

// pauseLinked stops or resumes the publishing in a linked chat. One that cannot be
// written to stays so.
func (t *turn) pauseLinked(ctx context.Context, pause bool) error {
	from, to, reason := store.ChatPaused, store.ChatActive, ""
	if pause {
		from, to, reason = store.ChatActive, store.ChatPaused, "paused by those who publish there"
	}
	changed := false
	err := t.change(ctx, func(c *store.Chat) {
		if changed = c.State == from; changed {
			c.State, c.Reason = to, reason
		}
	})
	switch {
	case err != nil:
		return err
	case !changed:
		t.toast = t.l.T("errors.stale")
		return t.showSettings(ctx, "")
	}
	if pause {
		return t.showSettings(ctx, t.l.H("channels.paused", "title", short(t.of.Title, maxName)))
	}
	return t.showSettings(ctx, t.l.H("channels.resumed", "title", short(t.of.Title, maxName)))
}

// askLinkedDigest asks before a digest is published now: a press is easily made, and
// many people read it.
func (t *turn) askLinkedDigest(ctx context.Context) error {
	if t.of.State == store.ChatPaused {
		return t.digestNow(ctx) // which says so
	}
	some, err := t.o.Store.Waiting(ctx, t.of.ID, time.Time{}, 1)
	if err != nil {
		return fmt.Errorf("list what a digest holds: %w", err)
	}
	if len(some) == 0 {
		t.toast, t.alert = t.l.T("channels.digest_nothing", "title", short(t.of.Title, 80)), true
		return nil
	}
	return t.show(ctx, screen{html: t.l.Paragraph(t.l.H("channels.digest_ask", "title", short(t.of.Title, maxName))), rows: [][]telegram.Button{{
		t.styled("success", "approvals.button.publish", t.setting("senddigest", 0)),
		t.button("commands.button.back", t.setting("digests", 0)),
	}}})
}
