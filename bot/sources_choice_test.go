package bot

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"wirewatch/feeds"
	"wirewatch/store"
)

// deskFeeds are what a site of several feeds announces; the last is dead.
func deskFeeds(_ context.Context, address string) ([]feeds.Source, []feeds.Article, error) {
	if strings.Contains(address, "one.example") {
		return []feeds.Source{{URL: "https://one.example/rss", Title: "One"}}, []feeds.Article{{ID: "1", Title: "Talks open", Published: noon}}, nil
	}
	if strings.Contains(address, "other.example") {
		return []feeds.Source{{URL: "https://other.example/1", Title: "First"}, {URL: "https://other.example/2", Title: "Second"}}, nil, nil
	}
	return []feeds.Source{
		{URL: "https://example.org/" + strings.Repeat("world/", 20) + "rss", Title: "Desk: World <all>"},
		{URL: "https://example.org/رياضة/rss", Title: "المكتب: الرياضة"},
		{URL: "https://dead.example/rss", Title: "Desk: Old"},
	}, nil, nil
}

func several(o *Options) { o.Candidates = deskFeeds }

// A site with several feeds is asked about, and as many of them as one likes are
// followed.
func TestFollowOffersTheFeedsOfASite(t *testing.T) {
	w := newWorld(t, several)
	for _, chat := range []int64{omar, layla} {
		w.say(chat, chat, "/follow desk.example")
	}
	w.golden(omar, "follow-choice-en")
	w.golden(layla, "follow-choice-ar")
	w.press(omar, omar, "Desk: World")
	w.says(omar, "Following", "Talks open in Geneva")
	w.press(omar, omar, "Other feeds")
	w.press(omar, omar, "Desk: Old")
	w.says(omar, "I cannot read", "https://dead.example/rss")
	w.press(omar, omar, "Other feeds")
	w.press(omar, omar, "الرياضة")
	w.press(layla, layla, "الرياضة")
	w.says(layla, "أتابع")
	if got := w.rules(omar); len(got) != 2 {
		t.Errorf("rules %+v", got)
	}
	if got := w.rules(layla); len(got) != 1 {
		t.Errorf("rules %+v", got)
	}
}

// One feed is followed without a question.
func TestFollowAsksNothingAboutOneFeed(t *testing.T) {
	w := newWorld(t, several)
	w.say(omar, omar, "/follow one.example")
	w.says(omar, "Following One", "Talks open")
	if got := w.rules(omar); len(got) != 1 || got[0].Tier != store.TierInstant {
		t.Errorf("rules %+v", got)
	}
}

// A button of an earlier choice, or of one that is over, does nothing.
func TestFollowChoiceGrowsOld(t *testing.T) {
	w := newWorld(t, several)
	w.say(omar, omar, "/follow desk.example")
	asked := w.last(omar)
	first := asked.Keyboard[0][0].Data
	w.say(omar, omar, "/follow other.example")
	if answer := w.pressData(omar, omar, asked.ID, first); answer.Text == "" {
		t.Error("the first of two choices: nothing is said")
	}
	w.say(omar, omar, "/follow desk.example")
	asked = w.last(omar)
	w.later(dialogFor + time.Second)
	if answer := w.pressData(omar, omar, asked.ID, first); answer.Text == "" {
		t.Error("after a while: nothing is said")
	}
	w.say(omar, omar, "vienna") // is no answer to it
	w.says(omar, "What shall I do")
	if got := w.rules(omar); len(got) != 0 {
		t.Errorf("rules %+v", got)
	}
}

// A choice keeps no text from being a text, and ends with a word.
func TestFollowChoiceIsLeft(t *testing.T) {
	w := newWorld(t, several)
	w.say(omar, omar, "/follow desk.example")
	w.press(omar, omar, "Cancel")
	w.says(omar, "Cancelled")
	w.say(omar, omar, "/follow desk.example")
	w.say(omar, omar, "vienna")
	w.says(omar, "What shall I do")
	failing := newWorld(t, func(o *Options) {
		o.Candidates = func(context.Context, string) ([]feeds.Source, []feeds.Article, error) {
			return nil, nil, errors.New("the site announces a feed, but it cannot be read: the server has nothing at this address (404)")
		}
	})
	failing.say(layla, layla, "/follow desk.example")
	failing.says(layla, "يعلن الموقع", "404")
}
