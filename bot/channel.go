package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"wirewatch/bot/telegram"
	"wirewatch/store"
)

// shareChannel is the request id of the button that shares a channel.
const shareChannel = 1

// channel is /channel @name: the chat's rules are published there too. Without
// a name it tells how, with a button that asks for a channel and the rights.
func (t *turn) channel(ctx context.Context, args string) error {
	ref := channelRef(args)
	if ref != "" {
		return t.linkRef(ctx, ref)
	}
	if args != "" {
		return t.again(ctx, screen{html: t.l.Paragraph(t.l.H("errors.channel_name", "given", short(args, 80)))})
	}
	if !t.private() { // the button that shares a chat works in private chats alone
		return t.ask(ctx, stepChannel, t.l.H("settings.channel_how_group"), "@channel", nil)
	}
	k := &telegram.Keyboard{Reply: true, OneTime: true, Placeholder: "@channel", Rows: [][]telegram.Button{{{
		Text:        t.l.T("settings.button.pick_channel"),
		RequestChat: &telegram.RequestChat{ID: shareChannel, Channel: true, UserAdmin: true, BotCanPost: true},
	}}}}
	how := []string{t.l.H("settings.channel_how")}
	me, err := t.self(ctx)
	if err != nil {
		return err
	}
	if me.Username != "" { // for clients that do not show the button
		how = append(how, t.l.H("channels.how_link", "link", "https://t.me/"+me.Username+"?startchannel&admin=post_messages+edit_messages"))
	}
	if _, err := t.sayWith(ctx, t.l.Page(how...), k); err != nil {
		return err
	}
	return t.saveDialog(ctx, stepChannel, nil)
}

// channelNamed is the answer to that question when it is typed; the keyboard
// with the button has done its service.
func (t *turn) channelNamed(ctx context.Context, said string) error {
	if t.private() && channelRef(said) != "" {
		if _, err := t.sayWith(ctx, t.l.Paragraph(t.l.H("settings.channel_checking")), &telegram.Keyboard{Remove: true}); err != nil {
			return err
		}
	}
	return t.channel(ctx, said)
}

// channelRef reads what people give for a channel: @name, t.me/name, an id. It
// is "" for anything else.
func channelRef(s string) string {
	s = strings.TrimSpace(s)
	for _, prefix := range []string{"https://", "http://", "t.me/", "telegram.me/"} {
		s = strings.TrimPrefix(s, prefix)
	}
	s = strings.TrimSuffix(s, "/")
	if id, err := strconv.ParseInt(s, 10, 64); err == nil && id < 0 {
		return s
	}
	name := strings.TrimPrefix(s, "@")
	if len(name) < 4 || len(name) > 32 {
		return ""
	}
	for _, r := range name {
		if r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return ""
		}
	}
	return "@" + name
}

// shared links the channel that a person picked with the button.
func (t *turn) shared(ctx context.Context, s *telegram.SharedChat) error {
	if s.Request != shareChannel {
		return nil
	}
	if err := t.endDialog(ctx); err != nil {
		return err
	}
	if _, err := t.sayWith(ctx, t.l.Paragraph(t.l.H("settings.channel_checking")), &telegram.Keyboard{Remove: true}); err != nil {
		return err
	}
	return t.linkRef(ctx, strconv.FormatInt(s.Chat, 10))
}

// forwarded offers to link the channel that a post was forwarded from.
func (t *turn) forwarded(ctx context.Context, from *telegram.Chat) error {
	return t.say(ctx, t.l.Paragraph(t.l.H("settings.channel_forwarded", "title", short(from.Title, 120))),
		[]telegram.Button{
			t.styled("primary", "settings.button.link", data{screen: "link", id: from.ID}),
			t.button("commands.button.cancel", data{screen: "no"}),
		})
}

// linkRef publishes this chat's rules in a channel, if the bot may post there
// and the person administers it: nobody may publish in another's channel.
func (t *turn) linkRef(ctx context.Context, ref string) error {
	in, err := t.o.Telegram.ChatInfo(ctx, ref)
	if refused(err) {
		return t.show(ctx, screen{html: t.l.Paragraph(t.l.H("errors.channel_unknown", "name", ref))})
	} else if err != nil {
		return err
	}
	if in.Private() || in.ID == t.chat.ID {
		return t.show(ctx, screen{html: t.l.Paragraph(t.l.H("errors.channel_name", "given", ref))})
	}
	if key, err := t.mayLink(ctx, in); err != nil {
		return err
	} else if key != "" {
		return t.show(ctx, screen{
			html: t.l.Paragraph(t.l.H(key, "title", short(in.Title, 120))),
			rows: [][]telegram.Button{{t.button("settings.button.again", data{screen: "link", id: in.ID})}},
		})
	}
	if err := t.saveLinked(ctx, in); err != nil {
		return err
	}
	if err := t.o.Store.AddRoute(ctx, store.Route{Chat: t.chat.ID, To: in.ID}); err != nil {
		return fmt.Errorf("add route: %w", err)
	}
	t.o.Log.Info("channel linked", "chat", t.chat.ID, "channel", in.ID)
	return t.show(ctx, screen{
		html: t.l.Paragraph(t.l.H("settings.channel_linked", "title", short(in.Title, 120))),
		rows: [][]telegram.Button{
			{t.approvalButton(in.ID, false), t.button("commands.button.settings", data{screen: "settings", id: in.ID})},
			{t.button("commands.button.channels", data{screen: "channels"}), t.button("commands.button.rules", data{screen: "rules"})},
		},
	})
}

// refused says whether Telegram's answer is about the chat that was asked for.
func refused(err error) bool {
	switch telegram.KindOf(err) {
	case telegram.ChatGone, telegram.BadRequest, telegram.Blocked, telegram.NoRights:
		return true
	}
	return false
}

// mayLink is the key of the sentence that says what is missing, "" nothing.
func (t *turn) mayLink(ctx context.Context, in telegram.Chat) (string, error) {
	me, err := t.self(ctx)
	if err != nil {
		return "", err
	}
	bot, err := t.o.Telegram.Member(ctx, in.ID, me.ID)
	switch {
	case refused(err):
		return "errors.channel_bot", nil
	case err != nil:
		return "", err
	case !bot.Present || !bot.CanPost:
		return "errors.channel_bot", nil
	}
	person, err := t.o.Telegram.Member(ctx, in.ID, t.user.ID)
	switch {
	case refused(err):
		return "errors.channel_user", nil
	case err != nil:
		return "", err
	case !person.Admin():
		return "errors.channel_user", nil
	}
	return "", nil
}

// saveLinked remembers the channel, with the settings of the chat that links
// it; one that is known keeps its own.
func (t *turn) saveLinked(ctx context.Context, in telegram.Chat) error {
	known, err := t.o.Store.Chat(ctx, in.ID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		c := t.chat
		known = store.Chat{
			ID: in.ID, Lang: c.Lang, Zone: c.Zone, Digest: c.Digest, DigestAt: c.DigestAt,
			QuietFrom: c.QuietFrom, QuietTo: c.QuietTo, QuietHold: c.QuietHold, Pictures: c.Pictures, Created: t.o.Now(),
		}
	case err != nil:
		return fmt.Errorf("load chat %d: %w", in.ID, err)
	}
	known.Kind, known.Title, known.Username, known.Forum = in.Kind, in.Title, in.Username, in.Forum
	known.State, known.Reason, known.Owner = store.ChatActive, "", t.user.ID
	if err := t.o.Store.SaveChat(ctx, known); err != nil {
		return fmt.Errorf("save chat %d: %w", in.ID, err)
	}
	return nil
}

// channels lists where the chat's rules are published.
func (t *turn) channels(ctx context.Context, _ string) error { return t.showChannels(ctx, 0) }

func (t *turn) showChannels(ctx context.Context, page int) error {
	s, err := t.channelsScreen(ctx, page)
	if err != nil {
		return err
	}
	return t.show(ctx, s)
}

// channelsScreen lists them with a button each, which leads to its settings.
func (t *turn) channelsScreen(ctx context.Context, page int) (screen, error) {
	linked, err := t.linked(ctx)
	if err != nil {
		return screen{}, err
	}
	gated, err := t.gated(ctx)
	if err != nil {
		return screen{}, err
	}
	add := [][]telegram.Button{{t.styled("primary", "settings.button.channel", data{screen: "askchannel"}), t.back("home", 0)}}
	if me, err := t.self(ctx); err != nil {
		return screen{}, err
	} else if t.private() && me.Username != "" {
		add = append([][]telegram.Button{{{Text: t.l.T("channels.button.group"), URL: "https://t.me/" + me.Username + "?startgroup=add"}}}, add...)
	}
	if len(linked) == 0 {
		return screen{html: t.l.Paragraph(t.l.H("settings.channels_none")), rows: add}, nil
	}
	lines := []string{t.l.HN("settings.channels_head", len(linked))}
	from, to, at, all := paged(len(linked), page)
	var rows [][]telegram.Button
	for _, c := range linked[from:to] {
		lines = append(lines, t.linkedLine(c, gated[c.ID]))
		rows = append(rows, []telegram.Button{{
			Text: t.l.T("channels.button.one", "title", short(c.Title, 40)), Data: data{screen: "settings", id: c.ID}.String(),
		}})
	}
	rows = append(rows, t.pager(data{screen: "channels"}, at, all))
	return screen{html: t.l.Page(lines...), rows: append(rows, add...)}, nil
}

// linked are the chats other than this one that its rules are published in.
func (t *turn) linked(ctx context.Context) ([]store.Chat, error) {
	routes, err := t.o.Store.Routes(ctx, t.chat.ID)
	if err != nil {
		return nil, fmt.Errorf("list routes: %w", err)
	}
	var all []store.Chat
	for _, r := range routes {
		if r.To == t.chat.ID {
			continue
		}
		c, err := t.o.Store.Chat(ctx, r.To)
		if errors.Is(err, store.ErrNotFound) {
			c = store.Chat{ID: r.To, Title: strconv.FormatInt(r.To, 10)}
		} else if err != nil {
			return nil, fmt.Errorf("load chat %d: %w", r.To, err)
		}
		all = append(all, c)
	}
	return all, nil
}

// openChannel is what the buttons about channels do.
func (t *turn) openChannel(ctx context.Context, d data) error {
	switch d.screen {
	case "askchannel":
		return t.channel(ctx, "")
	case "link":
		return t.linkRef(ctx, strconv.FormatInt(d.id, 10))
	case "channels":
		return t.showChannels(ctx, d.page)
	case "recheck":
		return t.recheck(ctx, d.id)
	}
	if ok, err := t.turnTo(ctx, d.id, false); !ok || err != nil {
		return err
	}
	switch d.screen {
	case "approval":
		return t.setApproval(ctx, d.page == 1)
	case "unlinked":
		return t.unlink(ctx, *t.of)
	}
	return t.show(ctx, screen{
		html: t.l.Paragraph(t.l.H("settings.unlink", "title", short(t.of.Title, 120))),
		rows: [][]telegram.Button{{
			t.styled("danger", "settings.button.unlink_yes", data{screen: "unlinked", id: d.id}),
			t.button("commands.button.keep", data{screen: "settings", id: d.id}),
		}},
	})
}

// unlink ends the publishing of this chat's rules in a channel.
func (t *turn) unlink(ctx context.Context, c store.Chat) error {
	routes, err := t.o.Store.Routes(ctx, t.chat.ID)
	if err != nil {
		return fmt.Errorf("list routes: %w", err)
	}
	for _, r := range routes {
		if r.To != c.ID {
			continue
		}
		if err := t.o.Store.RemoveRoute(ctx, r); err != nil && !errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("remove route: %w", err)
		}
	}
	if err := t.leaveUnused(ctx, c.ID); err != nil {
		return err
	}
	t.toast = t.l.T("settings.unlinked", "title", short(c.Title, 80))
	return t.channels(ctx, "")
}

// leaveUnused forgets a channel in which nobody's rules are published any more.
func (b *Bot) leaveUnused(ctx context.Context, id int64) error {
	routes, err := b.o.Store.RoutesTo(ctx, id)
	if err != nil {
		return fmt.Errorf("list routes: %w", err)
	}
	c, err := b.o.Store.Chat(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && (len(routes) > 0 || c.Kind != "channel") {
		return nil
	} else if err != nil {
		return fmt.Errorf("load chat %d: %w", id, err)
	}
	if err := b.o.Store.ForgetChat(ctx, id); err != nil {
		return fmt.Errorf("forget chat %d: %w", id, err)
	}
	return nil
}

// here makes the topic it is written in the place of a forum's alerts, or of those of
// one rule by its number; in any other chat the chat itself.
func (t *turn) here(ctx context.Context, args string) error {
	if t.private() {
		return t.say(ctx, t.l.Paragraph(t.l.H("settings.here_private")))
	}
	if n, rest, ok := leadingNumber(args); ok && rest == "" {
		return t.ruleHere(ctx, n)
	} else if args != "" {
		return t.say(ctx, t.l.Paragraph(t.l.H("channels.here_usage")))
	}
	chat, err := t.update(ctx, t.chat.ID, func(c *store.Chat) { c.Thread = t.thread })
	if err != nil {
		return err
	}
	t.chat = chat
	routes, err := t.o.Store.Routes(ctx, t.chat.ID)
	if err != nil {
		return fmt.Errorf("list routes: %w", err)
	}
	for _, r := range routes { // stored routes keep the old topic
		if r.To != t.chat.ID || r.Thread == t.thread {
			continue
		}
		if err := t.o.Store.AddRoute(ctx, store.Route{Chat: t.chat.ID, To: t.chat.ID, Thread: t.thread}); err != nil {
			return fmt.Errorf("add route: %w", err)
		}
		if err := t.o.Store.RemoveRoute(ctx, r); err != nil && !errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("remove route: %w", err)
		}
	}
	key := "settings.here_topic"
	if t.thread == 0 {
		key = "settings.here_chat"
	}
	return t.say(ctx, t.l.Paragraph(t.l.H(key)))
}
