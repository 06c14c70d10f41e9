package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"wirewatch/bot/telegram"
	"wirewatch/feeds"
)

// candidates are the feeds that an address stands for, and the articles of one
// alone.
func (t *turn) candidates(ctx context.Context, address string) ([]feeds.Source, []feeds.Article, error) {
	if t.o.Candidates != nil {
		return t.o.Candidates(ctx, address)
	}
	found, articles, err := t.o.Discover(ctx, address)
	return []feeds.Source{found}, articles, err
}

// maxFeedName is how much of a feed's title stands on its button.
const maxFeedName = 40

// offerFeeds lets somebody choose among the feeds of a site. The addresses are too
// long for buttons: they are kept as a dialog that waits for one.
func (t *turn) offerFeeds(ctx context.Context, found []feeds.Source) error {
	kept, err := json.Marshal(found)
	if err != nil {
		return fmt.Errorf("keep the feeds of a site: %w", err)
	}
	if err := t.saveDialog(ctx, stepPick, map[string]string{"feeds": string(kept)}); err != nil {
		return err
	}
	return t.show(ctx, t.feedsScreen(found, revision(string(kept))))
}

func (t *turn) feedsScreen(found []feeds.Source, rev string) screen {
	lines := []string{t.l.H("sources.choose")}
	var s screen
	for i, f := range found {
		number := t.l.Digits(strconv.Itoa(i + 1))
		lines = append(lines, "", t.l.H("sources.choose_line", "number", number, "title", short(f.Title, 120)), t.l.H("sources.address", "address", short(f.URL, 300)))
		s.rows = append(s.rows, []telegram.Button{{
			Text: t.l.T("sources.button.choose", "number", number, "title", short(f.Title, maxFeedName)),
			Data: data{screen: "pick", page: i, rev: rev}.String(),
		}})
	}
	s.html = t.l.Page(lines...)
	s.rows = append(s.rows, []telegram.Button{t.button("commands.button.cancel", data{screen: "no"})})
	return s
}

// pickFeed follows the feed of a site that somebody chose, or shows the choice
// again. It stays open, for who wants a second one.
func (t *turn) pickFeed(ctx context.Context, d data) error {
	dialog, ok, err := t.o.Store.Dialog(ctx, t.chat.ID, t.user.ID, t.thread)
	if err != nil {
		return fmt.Errorf("read a dialog: %w", err)
	}
	kept := dialog.Data["feeds"]
	var found []feeds.Source
	if ok && dialog.Step == stepPick && revision(kept) == d.rev {
		if err := json.Unmarshal([]byte(kept), &found); err != nil {
			return fmt.Errorf("read the feeds of a site: %w", err)
		}
	}
	switch {
	case len(found) == 0 || d.page < 0 || d.page >= len(found):
		t.toast = t.l.T("errors.text_expired")
		return nil
	case d.screen == "picks":
		return t.show(ctx, t.feedsScreen(found, d.rev))
	}
	others := t.button("sources.button.others", data{screen: "picks", rev: d.rev})
	chosen := found[d.page]
	_ = t.o.Telegram.Typing(ctx, t.chat.ID, t.thread)
	source, articles, err := t.o.Discover(ctx, chosen.URL)
	if err != nil {
		return t.show(ctx, screen{html: t.unreadable(chosen.URL, err.Error()), rows: [][]telegram.Button{{others}}})
	}
	return t.followFound(ctx, source, articles, others)
}
