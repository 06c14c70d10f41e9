package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
	"wirewatch/feeds"
	"wirewatch/store"
)

// Limits of a conversation.
const (
	dialogFor   = 15 * time.Minute // how long an answer is waited for
	maxSaid     = 2000             // runes of a text that is remembered for "what shall I do with it?"
	maxAnswerIn = 20 * time.Second // the longest pause that Telegram may ask for before an answer is given up
	answerAgain = time.Second      // before an answer that Telegram did not take is sent again
)

// Steps of dialogs: what the next text of a person answers.
const (
	stepAsk        = "ask" // nothing: the text waits for a button
	stepRule       = "rule"
	stepRename     = "rename"
	stepRequery    = "requery"
	stepFollow     = "follow"
	stepSearch     = "search"
	stepZone       = "zone"
	stepDigest     = "digest"
	stepQuiet      = "quiet"
	stepChannel    = "channel"
	stepEntity     = "entity"
	stepReword     = "reword"
	stepRuleDigest = "ruledigest"
	stepUndo       = "undo" // nothing: a deleted rule waits for a button
	stepPick       = "pick" // nothing: the feeds of a site wait for a button
)

// waitsForText says whether the next text of a person answers a step.
func waitsForText(step string) bool { return step != stepAsk && step != stepUndo && step != stepPick }

// askedAgain marks, in a dialog's data, a question that had a wrong answer
// already: whoever then types a word of the menu means the menu.
const askedAgain = "again"

// send sends an answer. What Telegram says about the chat is acted upon: a
// group that migrated is followed, a chat that cannot be written to is marked,
// and then nothing is left to complain about. An answer that may not have
// arrived is sent once more: to see it twice is better than never.
func (b *Bot) send(ctx context.Context, out telegram.Outgoing) (int64, error) {
	if hushed(ctx) {
		return 0, nil
	}
	id, err := b.o.Telegram.Send(ctx, out)
	if err == nil {
		return id, nil
	}
	e, ok := errors.AsType[*telegram.Error](err)
	if !ok {
		return 0, err
	}
	switch e.Kind {
	case telegram.Migrated:
		if err := b.migrate(ctx, out.Chat, e.MigrateTo); err != nil {
			return 0, err
		}
		out.Chat = e.MigrateTo
	case telegram.Blocked, telegram.ChatGone:
		return 0, b.block(ctx, out.Chat, e.Description)
	case telegram.RateLimited:
		if e.RetryAfter > maxAnswerIn {
			return 0, err
		}
		sleep(ctx, e.RetryAfter)
	case telegram.Unreachable, telegram.Uncertain:
		sleep(ctx, answerAgain)
	case telegram.TopicGone:
		out.Thread = 0
	case telegram.CantParse, telegram.TooLong:
		b.o.Log.Error("answer is refused, sent as plain text", "chat", out.Chat, "err", err)
		out.HTML, out.Plain = short(feeds.PlainText(out.HTML), telegram.MaxText/2), true
	case telegram.BadKeyboard:
		b.o.Log.Error("buttons are refused, sent without", "chat", out.Chat, "err", err)
		out.Keyboard = nil
	default:
		return 0, err
	}
	return b.o.Telegram.Send(ctx, out)
}

// block marks a chat as one we cannot write to.
func (b *Bot) block(ctx context.Context, chat int64, reason string) error {
	_, err := b.o.Store.UpdateChat(ctx, chat, func(c *store.Chat) error {
		if c.State == store.ChatActive || c.State == store.ChatPaused {
			c.State, c.Reason = store.ChatBlocked, reason
		}
		return nil
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("block chat %d: %w", chat, err)
	}
	return nil
}

// ask puts a question; the person's next text is its answer, see answered. In
// a group the client is made to open a reply, which alone reaches a bot there.
func (t *turn) ask(ctx context.Context, step, question, placeholder string, with map[string]string) error {
	k := t.keyboard([][]telegram.Button{{t.button("commands.button.cancel", data{screen: "no"})}})
	if !t.private() {
		k = &telegram.Keyboard{ForceReply: true, Selective: true, Placeholder: short(placeholder, 64)}
		if t.said == nil { // a selective reply needs somebody to be meant
			question = fmt.Sprintf(`<a href="tg://user?id=%d">%s</a>`, t.user.ID, locale.Escape(t.l.Span(short(t.user.First, 64)))) + "\n" + question
		}
	}
	id, err := t.sayWith(ctx, t.l.Paragraph(question), k)
	if err != nil {
		return err
	}
	if with == nil {
		with = map[string]string{}
	}
	with["prompt"] = strconv.FormatInt(id, 10)
	return t.saveDialog(ctx, step, with)
}

func (t *turn) saveDialog(ctx context.Context, step string, with map[string]string) error {
	err := t.o.Store.SaveDialog(ctx, store.Dialog{
		Chat: t.chat.ID, User: t.user.ID, Thread: t.thread,
		Step: step, Data: with, Expires: t.o.Now().Add(dialogFor),
	})
	if err != nil {
		return fmt.Errorf("save a dialog: %w", err)
	}
	return nil
}

func (t *turn) endDialog(ctx context.Context) error {
	if err := t.o.Store.EndDialog(ctx, t.chat.ID, t.user.ID, t.thread); err != nil {
		return fmt.Errorf("end a dialog: %w", err)
	}
	return nil
}

// leaveDialog ends a dialog that a command breaks off. The keyboard that asks
// for a channel would stay under the text field for ever, so it is taken away.
func (t *turn) leaveDialog(ctx context.Context) error {
	d, ok, err := t.o.Store.Dialog(ctx, t.chat.ID, t.user.ID, t.thread)
	if err != nil {
		return fmt.Errorf("read a dialog: %w", err)
	}
	if !ok {
		return nil
	}
	if err := t.endDialog(ctx); err != nil {
		return err
	}
	if d.Step != stepChannel || !t.private() {
		return nil
	}
	_, err = t.sayWith(ctx, t.l.Paragraph(t.l.H("commands.cancelled")), &telegram.Keyboard{Remove: true})
	return err
}

// again says what is wrong with an answer and waits for a better one; what is
// wrong with a command it only says.
func (t *turn) again(ctx context.Context, s screen) error {
	d := t.asked
	if d == nil {
		return t.show(ctx, s)
	}
	with := map[string]string{}
	maps.Copy(with, d.Data)
	with[askedAgain] = "yes"
	s.html += "\n" + t.l.Paragraph(t.l.H("commands.again"))
	if !t.private() {
		return t.ask(ctx, d.Step, s.html, "", with)
	}
	if err := t.saveDialog(ctx, d.Step, with); err != nil {
		return err
	}
	s.rows = append(s.rows, []telegram.Button{t.button("commands.button.cancel", data{screen: "no"})})
	return t.show(ctx, s)
}

// answered goes on with a dialog. It has ended before its answer is looked at;
// a wrong answer opens it again.
func (t *turn) answered(ctx context.Context, d store.Dialog, said string) error {
	if !t.private() && d.Data["prompt"] != strconv.FormatInt(t.said.ReplyTo, 10) {
		return nil // a reply to something else
	}
	if err := t.endDialog(ctx); err != nil {
		return err
	}
	t.asked = &d
	if d.Step == stepSearch {
		return t.search(ctx, said)
	}
	if ok, err := t.mayChange(ctx); !ok || err != nil {
		return errors.Join(err, t.refuse(ctx))
	}
	if of, ok := d.Data[settingOf]; ok {
		id, _ := strconv.ParseInt(of, 10, 64)
		if ok, err := t.turnTo(ctx, id, true); !ok || err != nil {
			return err
		}
	}
	rule, _ := strconv.ParseInt(d.Data["rule"], 10, 64)
	switch d.Step {
	case stepRule:
		return t.addRule(ctx, said)
	case stepRename:
		return t.changeRule(ctx, rule, func(t *turn, n int, r store.Rule) error { return t.rename(ctx, n, r, said) })
	case stepRequery:
		return t.changeRule(ctx, rule, func(t *turn, n int, r store.Rule) error { return t.requery(ctx, n, r, said) })
	case stepEntity:
		if slug := d.Data["entity"]; slug != "" {
			return t.redefine(ctx, slug, said)
		}
		return t.define(ctx, said, nil)
	case stepRuleDigest:
		return t.changeRule(ctx, rule, func(t *turn, n int, r store.Rule) error { return t.ruleTimes(ctx, n, r, said) })
	case stepFollow:
		return t.follow(ctx, said)
	case stepZone:
		return t.zone(ctx, said)
	case stepDigest:
		return t.digest(ctx, said)
	case stepQuiet:
		return t.quiet(ctx, said)
	case stepChannel:
		return t.channelNamed(ctx, said)
	case stepReword:
		return t.reword(ctx, d.Data["request"], said)
	}
	return nil // of another version of the program
}

// whatToDo asks what a text without a command is for.
func (t *turn) whatToDo(ctx context.Context, said string) error {
	said = short(strings.TrimSpace(said), maxSaid)
	if said == "" {
		return nil
	}
	if err := t.saveDialog(ctx, stepAsk, map[string]string{"text": said}); err != nil {
		return err
	}
	rev := revision(said)
	cancel := t.button("commands.button.cancel", data{screen: "no"})
	if isAddress(said) {
		return t.say(ctx, t.l.Paragraph(t.l.H("commands.what.url", "text", short(said, 200))),
			[]telegram.Button{t.styled("primary", "commands.button.follow", data{screen: "add", rev: rev}), cancel})
	}
	return t.say(ctx, t.l.Paragraph(t.l.H("commands.what.text", "text", short(said, 200))),
		[]telegram.Button{
			t.styled("primary", "commands.button.make", data{screen: "make", rev: rev}),
			t.button("commands.button.search", data{screen: "find", rev: rev}),
		}, []telegram.Button{cancel})
}

// isAddress says whether a text is one web address.
func isAddress(s string) bool {
	s = strings.ToLower(s)
	return (strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")) && len(strings.Fields(s)) == 1
}

// doWithText does what whatToDo asked about.
func (t *turn) doWithText(ctx context.Context, d data) error {
	if d.screen == "no" {
		if err := t.endDialog(ctx); err != nil {
			return err
		}
		return t.show(ctx, screen{html: t.l.Paragraph(t.l.H("commands.cancelled"))})
	}
	dialog, ok, err := t.o.Store.Dialog(ctx, t.chat.ID, t.user.ID, t.thread)
	if err != nil {
		return fmt.Errorf("read a dialog: %w", err)
	}
	said := dialog.Data["text"]
	if !ok || dialog.Step != stepAsk || revision(said) != d.rev {
		t.toast = t.l.T("errors.text_expired")
		return nil
	}
	if err := t.endDialog(ctx); err != nil {
		return err
	}
	switch d.screen {
	case "make":
		return t.addRule(ctx, said)
	case "add":
		return t.follow(ctx, said)
	}
	return t.search(ctx, said)
}
