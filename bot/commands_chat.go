package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
	"wirewatch/filter/text"
	"wirewatch/store"
)

// maxPause is how many hours /pause may name: a month.
const maxPause = 31 * 24

// start greets, and shows the menu.
func (t *turn) start(ctx context.Context, _ string) error {
	s := t.homeScreen()
	key := "commands.start"
	if !t.private() {
		key = "commands.start_group"
	}
	lines := []string{t.l.H(key)}
	if t.chat.State == store.ChatPaused {
		lines = append(lines, "", t.l.H("commands.start_paused"))
	}
	s.html = t.l.Page(lines...)
	if len(t.o.Offers) > 0 {
		// The shortest way to a first alert: a language, a source.
		s.rows = append([][]telegram.Button{{t.styled("success", "offers.button.open", data{screen: "offers"})}}, s.rows...)
	}
	return t.show(ctx, s)
}

// helpTopics are the pages of the help; the first is the overview.
var helpTopics = []string{"commands", "query", "rules", "entities", "sources", "digest", "channels", "groups", "privacy"}

// helpTopic is the topic of a page; the overview for one that there is not.
func helpTopic(page int) string {
	if page < 0 || page >= len(helpTopics) {
		return helpTopics[0]
	}
	return helpTopics[page]
}

func (t *turn) help(ctx context.Context, args string) error {
	topic := helpTopics[0]
	want := text.Fold(strings.TrimPrefix(args, "/"))
	for _, name := range helpTopics {
		if want != "" && (want == name || want == text.Fold(t.l.T("commands.topic."+name)) || want == strings.TrimSuffix(name, "s")) {
			topic = name
		}
	}
	return t.show(ctx, t.helpScreen(topic))
}

func (t *turn) helpScreen(topic string) screen {
	s := screen{html: t.l.Paragraph(strings.TrimSpace(t.l.H("commands.help." + topic)))}
	var row []telegram.Button
	for i, name := range helpTopics {
		if name == topic {
			continue
		}
		row = append(row, t.button("commands.topic."+name, data{screen: "help", page: i}))
		if len(row) == 3 {
			s.rows, row = append(s.rows, row), nil
		}
	}
	s.rows = append(s.rows, append(row, t.back("home", 0)))
	return s
}

// cancel ends a dialog.
func (t *turn) cancel(ctx context.Context, _ string) error {
	d, open, err := t.o.Store.Dialog(ctx, t.chat.ID, t.user.ID, t.thread)
	if err != nil {
		return fmt.Errorf("read a dialog: %w", err)
	}
	if !open || d.Step == stepUndo {
		return t.say(ctx, t.l.Paragraph(t.l.H("commands.nothing_to_cancel")))
	}
	if d.Step == stepChannel && t.private() {
		return t.leaveDialog(ctx) // which says so
	}
	if err := t.endDialog(ctx); err != nil {
		return err
	}
	return t.say(ctx, t.l.Paragraph(t.l.H("commands.cancelled")))
}

// pause stops alerts and digests, for some hours or until /resume.
func (t *turn) pause(ctx context.Context, args string) error {
	hours := 0
	if args != "" {
		n, rest, ok := leadingNumber(args)
		if !ok || n < 1 || n > maxPause || rest != "" && text.Fold(rest) != "h" {
			return t.say(ctx, t.l.Paragraph(t.l.H("errors.pause", "given", short(args, 60), "max", maxPause)))
		}
		hours = n
	}
	var until time.Time
	if hours > 0 {
		until = t.o.Now().Add(time.Duration(hours) * time.Hour)
	}
	chat, err := t.update(ctx, t.chat.ID, func(c *store.Chat) {
		c.State, c.Reason, c.PausedUntil = store.ChatPaused, "paused by its people", until
	})
	if err != nil {
		return err
	}
	t.chat = chat
	html := t.l.H("commands.paused")
	if hours > 0 {
		zone := locale.Zone(t.chat.Zone)
		html = t.l.H("commands.paused_until", "time", locale.Text(t.moment(until.In(zone))))
	}
	return t.show(ctx, screen{html: t.l.Paragraph(html), rows: [][]telegram.Button{
		{t.styled("success", "commands.button.resume", data{screen: "resume"}), t.back("home", 0)},
	}})
}

// moment writes a time as this chat reads it, by the clock of the linked chat where the
// turn is about one.
func (t *turn) moment(at time.Time) string {
	return t.l.Moment(at, t.now(locale.Zone(t.subject().Zone)))
}

func (t *turn) resume(ctx context.Context, _ string) error {
	if err := t.o.Store.Resume(ctx, t.chat.ID); err != nil {
		return fmt.Errorf("resume chat %d: %w", t.chat.ID, err)
	}
	t.chat.State = store.ChatActive
	s := t.homeScreen()
	s.html = t.l.Paragraph(t.l.H("commands.resumed"))
	return t.show(ctx, s)
}

// forget asks before everything about the chat is deleted.
func (t *turn) forget(ctx context.Context, _ string) error {
	rules, err := t.o.Store.Rules(ctx, t.chat.ID)
	if err != nil {
		return fmt.Errorf("list rules: %w", err)
	}
	return t.show(ctx, screen{
		html: t.l.Paragraph(t.l.HN("commands.forget", len(rules))),
		rows: [][]telegram.Button{{
			t.styled("danger", "commands.button.forget", data{screen: "forgotten"}),
			t.button("commands.button.keep", data{screen: "no"}),
		}},
	})
}

// forgotten deletes the chat, and the channels that only it published to.
func (t *turn) forgotten(ctx context.Context) error {
	routes, err := t.o.Store.Routes(ctx, t.chat.ID)
	if err != nil {
		return fmt.Errorf("list routes: %w", err)
	}
	if err := t.o.Store.ForgetChat(ctx, t.chat.ID); err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("forget chat %d: %w", t.chat.ID, err)
	}
	for _, r := range routes {
		if r.To != t.chat.ID {
			if err := t.leaveUnused(ctx, r.To); err != nil {
				return err
			}
		}
	}
	t.o.Log.Info("chat forgotten", "chat", t.chat.ID)
	return t.show(ctx, screen{html: t.l.Paragraph(t.l.H("commands.forgotten"))})
}

// clock writes minutes of the day as HH:MM.
func clock(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// parseClock reads HH:MM or H:MM, in any digits, as minutes of the day.
func parseClock(s string) (int, bool) {
	h, m, ok := strings.Cut(typed(strings.TrimSpace(s)), ":")
	if !ok || len(h) < 1 || len(h) > 2 || len(m) != 2 {
		return 0, false
	}
	hour, err1 := strconv.ParseUint(h, 10, 8)
	minute, err2 := strconv.ParseUint(m, 10, 8)
	if err1 != nil || err2 != nil || hour > 23 || minute > 59 {
		return 0, false
	}
	return int(60*hour + minute), true
}
