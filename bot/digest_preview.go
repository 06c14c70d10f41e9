package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"wirewatch/bot/digest"
	"wirewatch/bot/locale"
	"wirewatch/filter/text"
	"wirewatch/store"
)

// Limits of a digest that is shown and not sent.
const (
	previewStories = 300 // at most
	previewPages   = 4   // messages in a chat; what is on further ones is counted
)

// An Outlook is what a digest that is only looked at needs of the store; a
// *store.DB is one.
type Outlook interface {
	briefer
	Waiting(ctx context.Context, chat int64, until time.Time, limit int) ([]store.Delivery, error)
	OwedSince(ctx context.Context, chat int64, since time.Time, limit int) ([]store.Delivery, error)
}

// PreviewDigest lays out a digest of a chat as messages in Telegram HTML, and
// settles nothing: what waits for the next one, or, with told, all that came since
// the last one, alerts that were sent included. Each topic has its own. now is in
// the chat's zone.
func PreviewDigest(ctx context.Context, s Outlook, chat store.Chat, now time.Time, told bool) ([]string, error) {
	list, err := s.Waiting(ctx, chat.ID, chat.DigestAt, previewStories)
	if told {
		list, err = owedSinceLast(ctx, s, chat, now)
	}
	if err != nil {
		return nil, fmt.Errorf("list what a digest holds: %w", err)
	}
	topics := byThread(list)
	if len(topics) == 0 {
		topics = [][]store.Delivery{{{Chat: chat.ID, Thread: chat.Thread}}}
	}
	var out []string
	for _, topic := range topics {
		d, err := buildDigest(ctx, s, chat, topic, 0, now)
		if err != nil {
			return nil, err
		}
		out = append(out, DigestHTML(d, chat.Lang)...)
	}
	return out, nil
}

// owedSinceLast lists what came since the last digest of a chat; of one that had
// none, what came in a day.
func owedSinceLast(ctx context.Context, s Outlook, chat store.Chat, now time.Time) ([]store.Delivery, error) {
	b, err := s.Briefing(ctx, chat.ID, 0, 0)
	if err != nil {
		return nil, err
	}
	from := now.AddDate(0, 0, -1)
	if len(b.Earlier) > 0 {
		from = b.Earlier[0].Slot
	}
	return s.OwedSince(ctx, chat.ID, from, previewStories)
}

// DigestHTML lays out a digest as messages in Telegram HTML, in a language and in
// the zone of its Now.
func DigestHTML(d digest.Digest, lang string) []string {
	var out []string
	for _, p := range (view{Locale: locale.Get(lang), now: d.Now}).digest(d, 0) {
		out = append(out, p.html)
	}
	return out
}

// PlainText is what a reader sees of a message in our Telegram HTML, with its links
// behind their texts.
func PlainText(markup string) string { return plain(markup, len(markup)) }

// wantsPreview tells the words behind /digest that only look at it: told is for
// all since the last one.
func (t *turn) wantsPreview(args string) (yes, told bool) {
	is := func(key, english string) bool {
		words := append(strings.Split(t.l.T(key), "|"), english)
		return slices.ContainsFunc(words, func(w string) bool { return text.Fold(w) == text.Fold(args) })
	}
	told = is("digest.word.since", "since")
	return told || is("digest.word.preview", "preview"), told
}

// digestPreview shows a digest that settles nothing, and says so.
func (t *turn) digestPreview(ctx context.Context, told bool) error {
	chat := t.subject()
	now := t.now(locale.Zone(zoneOf(chat, t.o.Zone)))
	pages, err := PreviewDigest(ctx, t.o.Store, chat, now, told)
	if err != nil {
		return err
	}
	notes := []string{t.tell("digest.preview", "channels.preview", "next", locale.Text(t.moment(chat.DigestAt)))}
	switch {
	case told:
		notes = []string{t.tell("digest.preview_since", "channels.preview_since")}
	case chat.DigestAt.IsZero():
		notes = []string{t.tell("digest.preview_never", "channels.preview_never")}
	}
	if more := len(pages) - previewPages; more > 0 {
		pages = pages[:previewPages]
		notes = append(notes, t.l.HN("digest.preview_more", more))
	}
	if err := t.say(ctx, t.l.Page(notes...)); err != nil {
		return err
	}
	for _, page := range pages {
		if err := t.say(ctx, page); err != nil {
			return err
		}
	}
	return nil
}
