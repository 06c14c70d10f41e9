package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
	"wirewatch/store"
)

// single lays out a delivery that is a message of its own and has an article.
func (v view) single(d store.Delivery) page {
	return v.alert(d).asking(v, d)
}

// asking adds to the page of an alert the question whether it may be published
// elsewhere, if that is asked.
func (p page) asking(v view, d store.Delivery) page {
	if d.Place == nil {
		return p
	}
	p.html = v.Paragraph(v.H("approvals.ask", "title", short(d.Place.Title, maxName))) + "\n" + p.html
	p.keys = v.requestKeys(d.Subject)
	return p
}

// requestKeys are the answers to a request about a delivery.
func (v view) requestKeys(subject int64) [][]telegram.Button {
	key := func(style, label, screen string) telegram.Button {
		return telegram.Button{Text: v.T(label), Style: style, Data: data{screen: screen, id: subject}.String()}
	}
	return [][]telegram.Button{
		locale.Row(v.Locale, key("success", "approvals.button.publish", "publish"), key("danger", "approvals.button.discard", "discard")),
		{key("", "approvals.button.headline", "headline")},
	}
}

// openRequest is what the buttons of a request do. Whoever may change the chat's
// settings may decide.
func (t *turn) openRequest(ctx context.Context, d data) error {
	r, err := t.o.Store.Requested(ctx, t.chat.ID, d.id)
	if errors.Is(err, store.ErrNotFound) {
		t.toast = t.l.T("errors.stale")
		return nil
	} else if err != nil {
		return fmt.Errorf("load request: %w", err)
	}
	switch {
	case !r.Subject.Asked:
		return t.decided(ctx, r)
	case d.screen == "headline":
		with := map[string]string{"request": strconv.FormatInt(d.id, 10)}
		return t.ask(ctx, stepReword, t.l.H("approvals.ask_headline", "max", maxTitle), "", with)
	}
	publish := d.screen == "publish"
	err = t.o.Store.Decide(ctx, t.chat.ID, d.id, publish, "discarded by "+short(t.user.First, maxName))
	switch {
	case errors.Is(err, store.ErrDecided):
		if r, err = t.o.Store.Requested(ctx, t.chat.ID, d.id); err != nil {
			return fmt.Errorf("load request: %w", err)
		}
		return t.decided(ctx, r)
	case err != nil:
		return fmt.Errorf("decide: %w", err)
	}
	t.o.Log.Info("request decided", "chat", t.chat.ID, "delivery", d.id, "publish", publish)
	key := "approvals.discarded"
	if publish {
		key = t.approvedKey(ctx, r.Subject)
	}
	return t.closeRequest(ctx, r, t.l.H(key, "name", short(t.user.First, maxName), "title", t.placeTitle(ctx, r.Subject.Chat)))
}

// approvedKey is the key of when something is published that was approved just now.
func (t *turn) approvedKey(ctx context.Context, d store.Delivery) string {
	c, err := t.o.Store.Chat(ctx, d.Chat)
	switch {
	case err != nil: // unlinked meanwhile, at worst
	case c.State != store.ChatActive:
		return "approvals.published_stopped"
	case d.Kind == store.KindDigest:
		return "approvals.published_digest"
	case c.QuietHold && d.Tier != store.TierFlash && quiet(c, t.now(locale.Zone(zoneOf(c, t.o.Zone)))):
		return "approvals.published_quiet"
	}
	return "approvals.published"
}

// decided says what has become of a request that needs no answer any more.
func (t *turn) decided(ctx context.Context, r store.Request) error {
	key := "approvals.decided_published"
	switch {
	case r.Subject.State == store.StateDropped && r.Subject.Reason == store.NotApproved:
		key = "approvals.late"
	case r.Subject.State == store.StateDropped:
		key = "approvals.decided_dropped"
	}
	return t.closeRequest(ctx, r, t.l.H(key, "title", t.placeTitle(ctx, r.Subject.Chat)))
}

// closeRequest draws a request with its outcome instead of the question.
func (t *turn) closeRequest(ctx context.Context, r store.Request, outcome string) error {
	s := screen{html: t.l.Paragraph(outcome)}
	if r.Ask.Article != nil {
		pg := t.view().alert(r.Ask)
		s.html += "\n" + pg.html
		if pg.open != "" {
			s.rows = [][]telegram.Button{{{Text: pg.openLabel, URL: pg.open}}}
		}
	}
	return t.show(ctx, s)
}

// view is for what is laid out as the courier does.
func (t *turn) view() view {
	return view{Locale: t.l, now: t.now(locale.Zone(zoneOf(t.chat, t.o.Zone)))}
}

// reword gives what a request is about another headline and asks again.
func (t *turn) reword(ctx context.Context, request, headline string) error {
	id, err := strconv.ParseInt(request, 10, 64)
	if err != nil {
		return nil // of another version of the program
	}
	headline = locale.Clean(oneLine(headline))
	if !legible(headline) || len([]rune(headline)) > maxTitle {
		return t.again(ctx, screen{html: t.l.Paragraph(t.l.H("approvals.bad_headline", "max", maxTitle))})
	}
	err = t.o.Store.Reword(ctx, t.chat.ID, id, headline)
	if err != nil && !errors.Is(err, store.ErrDecided) && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("change a headline: %w", err)
	}
	r, err := t.o.Store.Requested(ctx, t.chat.ID, id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return t.say(ctx, t.l.Paragraph(t.l.H("errors.stale")))
	case err != nil:
		return fmt.Errorf("load request: %w", err)
	case !r.Subject.Asked || r.Ask.Article == nil:
		return t.decided(ctx, r)
	}
	r.Ask.Place = &store.Place{Chat: r.Subject.Chat, Title: t.placeTitle(ctx, r.Subject.Chat)}
	pg := t.view().single(r.Ask)
	return t.say(ctx, pg.html, pg.keys...)
}

func (t *turn) placeTitle(ctx context.Context, chat int64) string {
	c, err := t.o.Store.Chat(ctx, chat)
	if err != nil || c.Title == "" {
		return strconv.FormatInt(chat, 10)
	}
	return short(c.Title, 80)
}

// requestBatch is how many requests one query takes back.
const requestBatch = 100

// EndRequests drops what nobody has approved in time and takes the buttons from the
// requests: one round, for a cron to call. A message that cannot be edited stays as it
// is: its buttons say so when they are pressed.
func (b *Bot) EndRequests(ctx context.Context) error {
	for {
		sent, err := b.o.Store.ExpireRequests(ctx, b.o.Now(), requestBatch)
		if err != nil {
			return err
		}
		for _, r := range sent {
			if err := b.expired(ctx, r); err != nil {
				b.o.Log.Warn("take back a request for approval", "chat", r.Chat, "message", r.MessageID, "err", err)
			}
		}
		if len(sent) < requestBatch {
			return nil
		}
	}
}

func (b *Bot) expired(ctx context.Context, request store.Delivery) error {
	c, err := b.o.Store.Chat(ctx, request.Chat)
	if err != nil || request.MessageID == 0 {
		return err
	}
	r, err := b.o.Store.Requested(ctx, request.Chat, request.Subject)
	if err != nil {
		return err
	}
	t := &turn{Bot: b, l: locale.Get(c.Lang), chat: c, screen: request.MessageID}
	return t.decided(ctx, r)
}
