package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
	"wirewatch/filter/entity"
	"wirewatch/filter/text"
	"wirewatch/store"
)

// A turn is one thing that one person said or pressed in one chat, and what it
// takes to answer. It lives as long as its update is handled.
type turn struct {
	*Bot
	l       *locale.Locale
	chat    store.Chat
	of      *store.Chat // whose settings are looked at and changed, one that this chat publishes in; nil: its own
	user    telegram.User
	thread  int64             // topic to answer in, 0 none
	said    *telegram.Message // nil for a press
	screen  int64             // the message whose button was pressed: screens are drawn there; 0 none
	toast   string            // what the answer to a press says
	alert   bool              // in a window
	isAdmin bool              // writes in the name of the group
	asked   *store.Dialog     // the question that is being answered; nil for everything else
	named   *entity.Gazetteer // filled by names
}

// A command answers a text that begins with its name.
type command struct {
	run func(*turn, context.Context, string) error
	// changes says, by the arguments, whether something is changed: in a
	// group only administrators may. nil: never.
	changes func(args string) bool
}

func always(string) bool        { return true }
func anyArgs(args string) bool  { return args != "" }
func isChange(args string) bool { _, rest, ok := leadingNumber(args); return !ok || rest != "" }

// commandNamed is the table of commands (a switch, since handlers come back to
// it). Sub, list and unlist are what users of other feed bots type.
func commandNamed(name string) (command, bool) {
	switch name {
	case "start":
		return command{run: (*turn).start}, true
	case "help":
		return command{run: (*turn).help}, true
	case "cancel":
		return command{run: (*turn).cancel}, true
	case "claim":
		return command{run: (*turn).claim}, true
	case "rule":
		return command{run: (*turn).rule, changes: isChange}, true
	case "rules":
		return command{run: (*turn).rules}, true
	case "entity":
		return command{run: (*turn).entity, changes: changesEntity}, true
	case "entities":
		return command{run: (*turn).entities}, true
	case "follow", "sub":
		return command{run: (*turn).follow, changes: always}, true
	case "unfollow", "unsub":
		return command{run: (*turn).unfollow, changes: always}, true
	case "sources", "list":
		return command{run: (*turn).sources}, true
	case "latest":
		return command{run: (*turn).latest}, true
	case "search":
		return command{run: (*turn).search}, true
	case "why":
		return command{run: (*turn).why}, true
	case "digest":
		return command{run: (*turn).digest, changes: always}, true
	case "zone":
		return command{run: (*turn).zone, changes: anyArgs}, true
	case "lang":
		return command{run: (*turn).lang, changes: anyArgs}, true
	case "quiet":
		return command{run: (*turn).quiet, changes: anyArgs}, true
	case "settings":
		return command{run: (*turn).settings}, true
	case "channel":
		return command{run: (*turn).channel, changes: always}, true
	case "channels":
		return command{run: (*turn).channels}, true
	case "here":
		return command{run: (*turn).here, changes: always}, true
	case "pause":
		return command{run: (*turn).pause, changes: always}, true
	case "resume":
		return command{run: (*turn).resume, changes: always}, true
	case "export":
		return command{run: (*turn).export, changes: always}, true
	case "forget":
		return command{run: (*turn).forget, changes: always}, true
	}
	return command{}, false
}

// aliased are the commands that a private chat may also call by the words of
// the key "commands.alias.<name>" in any language: "القواعد" is /rules.
var aliased = []string{
	"start", "help", "cancel", "rule", "rules", "entities", "follow", "sources", "latest", "search", "digest",
	"settings", "channel", "channels", "pause", "resume", "export", "forget",
}

// takesText are those of them that may be followed by their argument.
var takesText = map[string]bool{"rule": true, "follow": true, "search": true, "help": true}

// message answers a message in a private chat or a group.
func (b *Bot) message(ctx context.Context, m *telegram.Message) error {
	if from, to := migration(m); to != 0 {
		return b.migrate(ctx, from, to)
	}
	private := m.Chat.Private()
	if m.From.Bot && !m.Anonymous() {
		return nil
	}
	name, args, mine, err := b.parseCommand(ctx, m.Text)
	if err != nil || !mine {
		return err
	}
	reply := !private && m.ReplyTo != 0 && name == ""
	if !private && name == "" && !reply {
		return nil // people talk to each other
	}
	t, err := b.enter(ctx, m.Chat, m.From, m.Topic(), name != "" || private)
	if t == nil || err != nil {
		return err
	}
	t.said, t.isAdmin = m, m.Anonymous()
	if name == "claim" {
		return t.claim(ctx, args)
	}
	if ok, err := t.admitted(ctx); !ok || err != nil {
		return err
	}
	switch {
	case name != "":
		return t.command(ctx, name, args)
	case m.ChatShared != nil:
		return t.shared(ctx, m.ChatShared)
	case private && m.Forward != nil:
		return t.forwarded(ctx, m.Forward)
	case m.Text == "":
		return nil // pictures, stickers, service messages
	}
	return t.plain(ctx, m.Text)
}

func migration(m *telegram.Message) (from, to int64) {
	switch {
	case m.MigrateTo != 0:
		return m.Chat.ID, m.MigrateTo
	case m.MigrateFrom != 0:
		return m.MigrateFrom, m.Chat.ID
	}
	return 0, 0
}

// migrate follows a group that has become a supergroup. Telegram says so
// twice, once in each chat.
func (b *Bot) migrate(ctx context.Context, from, to int64) error {
	err := b.o.Store.MigrateChat(ctx, from, to)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("migrate chat %d: %w", from, err)
	}
	return nil
}

// parseCommand reads "/name@bot args"; mine is false for a command that names
// another bot, name is "" for any other text.
func (b *Bot) parseCommand(ctx context.Context, said string) (name, args string, mine bool, err error) {
	said = trim(said)
	if !strings.HasPrefix(said, "/") {
		return "", "", true, nil
	}
	word, rest := cutWord(said[1:])
	name, to, addressed := strings.Cut(word, "@")
	if addressed {
		me, err := b.self(ctx)
		if err != nil {
			return "", "", false, err
		}
		if !strings.EqualFold(to, me.Username) {
			return "", "", false, nil
		}
	}
	return strings.ToLower(name), rest, true, nil
}

// command runs a command. It ends a dialog that was going on: who types a
// command has changed his mind.
func (t *turn) command(ctx context.Context, name, args string) error {
	c, ok := commandNamed(name)
	if !ok {
		if !t.private() {
			return nil // perhaps another bot's
		}
		return t.say(ctx, t.l.Paragraph(t.l.H("commands.unknown", "command", "/"+short(name, 32))))
	}
	changes := c.changes != nil && c.changes(args)
	if changes {
		if ok, err := t.mayChange(ctx); err != nil || !ok {
			return errors.Join(err, t.refuse(ctx))
		}
	}
	if name != "cancel" {
		if err := t.leaveDialog(ctx); err != nil {
			return err
		}
	}
	if hushed(ctx) && !changes && name != "cancel" {
		return nil // it would only say something
	}
	return c.run(t, ctx, args)
}

// plain answers a text that is no command: the answer to a question of ours,
// a menu word, or something to ask about.
func (t *turn) plain(ctx context.Context, said string) error {
	d, ok, err := t.o.Store.Dialog(ctx, t.chat.ID, t.user.ID, t.thread)
	if err != nil {
		return fmt.Errorf("read a dialog: %w", err)
	}
	asked := ok && waitsForText(d.Step)
	name, args, aliased := alias(said)
	switch {
	case asked && (!aliased || name != "cancel" && d.Data[askedAgain] == ""): // the answer may well be a word of the menu
		return t.answered(ctx, d, said)
	case !t.private(), hushed(ctx):
		return nil // a reply to an alert, or to somebody else; or too much at once
	case aliased:
		return t.command(ctx, name, args)
	}
	return t.whatToDo(ctx, said)
}

// alias finds the command that a menu word of any of our languages stands for.
func alias(said string) (name, args string, ok bool) {
	folded := text.Fold(said)
	for _, lang := range locale.Languages() {
		l := locale.Get(lang)
		for _, name := range aliased {
			for word := range strings.SplitSeq(l.T("commands.alias."+name), "|") {
				switch word = text.Fold(word); {
				case word == "":
				case folded == word:
					return name, "", true
				case takesText[name] && strings.HasPrefix(folded, word+" "):
					if rest, ok := afterWords(said, word); ok {
						return name, rest, true
					}
				}
			}
		}
	}
	return "", "", false
}

// afterWords returns what follows the folded words at the beginning of said.
func afterWords(said, words string) (string, bool) {
	for i, r := range said {
		if unicode.IsSpace(r) && text.Fold(said[:i]) == words {
			return strings.TrimSpace(said[i:]), true
		}
	}
	return "", false
}

// leadingNumber reads a number of a list at the beginning of args, in any
// digits, and what follows it. Numbers of five digits and more are words.
func leadingNumber(args string) (n int, rest string, ok bool) {
	first, rest := cutWord(args)
	if first == "" || len([]rune(first)) > 4 {
		return 0, "", false
	}
	for _, r := range first {
		d, ok := digit(r)
		if !ok {
			return 0, "", false
		}
		n = 10*n + d
	}
	return n, rest, true
}

// short cuts s to n characters, with an ellipsis in place of the last, and never inside of one; to
// twice as many UTF-16 units at most.
func short(s string, n int) string {
	if _, fits := room(s, n, 2*n); fits {
		return s
	}
	end, _ := room(s, n-1, 2*n-1)
	return strings.TrimSpace(s[:end]) + "…"
}
