package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
	"wirewatch/store"
)

// A fate is what becomes of a chat's turn after a page.
type fate int

const (
	goOn fate = iota // the page is settled, the next may go
	halt             // nothing more to this chat now
)

// A remedy is what is done about a request that failed.
type remedy int

const (
	wait        remedy = iota + 1 // the same again, when Telegram says
	backOff                       // the same again, ever later: it was surely not sent
	doubt                         // it may have been sent: again after a delay, a few times at most
	move                          // the group has a new id: move the chat, then the same again
	block                         // the chat is not written to until somebody changes that
	repeat                        // as backOff, and as block after a few times
	toChat                        // to the chat itself instead of its topic, saying so; without a topic as block
	asPlain                       // once without markup, then as giveUp
	shorter                       // once without markup and cut, then as giveUp
	noKeyboard                    // once without its button, then as giveUp
	otherPart                     // edits only: once the caption instead of the text, or the other way round
	noPreview                     // once without its preview, then as giveUp
	giveUp                        // dropped, with Telegram's words as the reason
	endOfTheRun                   // nothing can be sent by anybody
)

// remedies is what is done about every kind of error. A kind that is not here
// (an error that is not Telegram's) leaves doubt.
var remedies = map[telegram.Kind]remedy{
	telegram.RateLimited:  wait,
	telegram.Unreachable:  backOff,
	telegram.Conflict:     backOff,
	telegram.Method:       backOff, // a wrong address, or a server too old: an operator's to mend
	telegram.Uncertain:    doubt,
	telegram.Migrated:     move,
	telegram.Blocked:      block,
	telegram.NoRights:     block,
	telegram.ChatGone:     repeat,
	telegram.TopicGone:    toChat,
	telegram.CantParse:    asPlain,
	telegram.BadRequest:   asPlain,
	telegram.TooLong:      shorter,
	telegram.BadKeyboard:  noKeyboard,
	telegram.BadMedia:     noPreview,
	telegram.NoText:       otherPart,
	telegram.Empty:        giveUp,
	telegram.MessageGone:  giveUp,
	telegram.NotModified:  giveUp,
	telegram.QueryTooOld:  giveUp,
	telegram.Unauthorized: endOfTheRun,
}

// Limits of patience.
const (
	firstBackOff = 2 * time.Second
	lastBackOff  = 5 * time.Minute
	goneTries    = 3                // requests that a chat which does not exist gets
	goneDelay    = 30 * time.Second // between them
	shortText    = 3000             // UTF-16 units of a page that was refused as too long
)

// errRefused ends the courier: Telegram does not accept the bot's token.
var errRefused = errors.New(unauthorized)

// refused does what the table says about a request that failed. It returns the
// page changed, to be sent at once, or nil when the page is settled one way or
// another.
func (c *Courier) refused(ctx context.Context, p store.Parcel, pg page, cause error) (*page, fate, error) {
	ctx, cancel := lasting(ctx)
	defer cancel()
	kind := telegram.KindOf(cause)
	todo, known := remedies[kind]
	if !known {
		todo = doubt
	}
	c.o.Metrics.failed(kind)
	reason := reasonOf(cause)
	c.o.Log.Warn("not sent", "chat", p.Chat.ID, "kind", kind.String(), "deliveries", len(pg.deliveries), "err", cause)
	if changed := c.otherPicture(ctx, pg, kind); changed != nil {
		c.o.Metrics.degrade(kind)
		return changed, goOn, nil
	}
	switch todo {
	case wait:
		return nil, halt, c.hushed(ctx, p, pg, cause)
	case backOff:
		return nil, halt, c.retry(ctx, p, pg, backOffAfter(pg.attempts), reason)
	case doubt:
		return nil, halt, c.doubted(ctx, p, pg, cause)
	case move:
		return nil, halt, c.migrate(ctx, p, pg, cause)
	case block:
		return nil, halt, c.block(ctx, p, store.ChatBlocked, reason)
	case repeat:
		if pg.attempts+1 < goneTries {
			return nil, halt, c.retry(ctx, p, pg, goneDelay, reason)
		}
		return nil, halt, c.block(ctx, p, store.ChatGone, reason)
	case toChat:
		if pg.thread == 0 {
			return nil, halt, c.block(ctx, p, store.ChatBlocked, reason)
		}
		if err := c.lease(ctx, c.o.Store.LeaveTopic(ctx, p, pg.thread)); err != nil {
			return nil, halt, err
		}
		return pg.withoutTopic(p.Chat), goOn, nil
	case endOfTheRun:
		return nil, halt, errors.Join(errRefused, c.retry(ctx, p, pg, 0, reason))
	}
	if changed := pg.degraded(todo); changed != nil {
		c.o.Metrics.degrade(kind)
		return changed, goOn, nil
	}
	return nil, goOn, c.drop(ctx, p, pg, reason)
}

// reasonOf is Telegram's own words, for a person.
func reasonOf(err error) string {
	if e, ok := errors.AsType[*telegram.Error](err); ok {
		return e.Description
	}
	return err.Error()
}

// backOffAfter doubles with each attempt that was made.
func backOffAfter(attempts int) time.Duration {
	return min(firstBackOff<<min(attempts, 10), lastBackOff)
}

func (c *Courier) retry(ctx context.Context, p store.Parcel, pg page, after time.Duration, reason string) error {
	return c.lease(ctx, c.o.Store.Retry(ctx, p, pg.deliveries, c.o.Now().Add(after), reason, false))
}

func (c *Courier) block(ctx context.Context, p store.Parcel, state store.ChatState, reason string) error {
	c.o.Log.Warn("chat is not written to any more", "chat", p.Chat.ID, "state", state, "reason", reason)
	err := c.o.Store.Block(ctx, p, state, reason)
	if err == nil && c.o.Lost != nil && p.Chat.Kind != "private" {
		c.o.Lost(ctx, p.Chat)
	}
	return c.lease(ctx, err)
}

func (c *Courier) drop(ctx context.Context, p store.Parcel, pg page, reason string) error {
	c.o.Log.Error("given up", "chat", p.Chat.ID, "deliveries", pg.deliveries, "reason", reason)
	c.o.Metrics.dropped()
	c.known(pg)
	return c.lease(ctx, c.o.Store.Drop(ctx, p, pg.deliveries, reason))
}

// migrate moves the chat to its new id. The page goes back first: the lease
// does not outlive the move, and the next claim sends the page there.
func (c *Courier) migrate(ctx context.Context, p store.Parcel, pg page, cause error) error {
	e, ok := errors.AsType[*telegram.Error](cause)
	if !ok || e.MigrateTo == 0 || e.MigrateTo == p.Chat.ID {
		return c.block(ctx, p, store.ChatBlocked, reasonOf(cause))
	}
	if err := c.retry(ctx, p, pg, 0, e.Description); err != nil {
		return err
	}
	if err := c.o.Store.MigrateChat(ctx, p.Chat.ID, e.MigrateTo); err != nil {
		return fmt.Errorf("follow the group: %w", err)
	}
	c.o.Log.Info("group became a supergroup", "chat", p.Chat.ID, "now", e.MigrateTo)
	return nil
}

// degraded is the page with less of what was not liked; nil when that was taken
// from it before, or when nothing helps.
func (p page) degraded(todo remedy) *page {
	switch {
	case todo == asPlain && !p.plain:
		p.html, p.plain = plain(p.html, telegram.MaxText), true
	case todo == shorter && !p.short:
		text := p.html
		if !p.plain {
			text = plain(text, telegram.MaxText)
		}
		p.html, p.plain, p.short = cut(text, shortText, shortText), true, true
	case todo == noKeyboard && (p.open != "" || p.keys != nil):
		if p.open == "" { // an address is what Telegram may dislike
			p.keys = nil
		}
		p.open = ""
	case todo == noPreview && p.preview != "":
		p.preview = ""
	case todo == otherPart && !p.wasTurned:
		return p.turned()
	default:
		return nil
	}
	return &p
}

// onwards is what follows a page that was sent. What was composed for a topic that is
// gone is composed anew.
func (p page) onwards() fate {
	if p.moved {
		return halt
	}
	return goOn
}

// withoutTopic is the page for the chat itself, saying why it comes there.
func (p page) withoutTopic(chat store.Chat) *page {
	l := locale.Get(chat.Lang)
	note := l.Paragraph(l.H("alert.topic_gone"))
	if p.plain {
		note = plain(note, telegram.MaxText)
	}
	p.html, p.thread, p.moved = note+"\n"+p.html, 0, true
	return &p
}
