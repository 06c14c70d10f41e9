package bot

import (
	"slices"
	"strings"
	"testing"

	"wirewatch/bot/telegram/telegramtest"
	"wirewatch/feeds"
	"wirewatch/store"
)

// TestWrongAnswersAreAskedAgain: who mistypes the answer to a question corrects
// it without beginning anew.
func TestWrongAnswersAreAskedAgain(t *testing.T) {
	w := newWorld(t)
	w.say(omar, omar, "/rule vienna")
	w.press(omar, omar, "Change")
	w.say(omar, omar, "geneva AND")
	w.says(omar, "nothing after AND", "Write it again")
	w.say(omar, omar, "(geneva")
	w.says(omar, "never closed")
	w.say(omar, omar, "@geneva")
	w.says(omar, "The rule is changed", "@geneva")
	if got := w.rules(omar); len(got) != 1 || got[0].Query != "@geneva" || got[0].Name != "@geneva" {
		t.Errorf("rules %+v", got)
	}
	w.say(omar, omar, "/follow")
	w.say(omar, omar, "no address")
	w.say(omar, omar, "rules") // the menu is meant now
	w.says(omar, "1 rule:")
	w.say(omar, omar, "/zone nowhere")
	w.say(omar, omar, "geneva") // a command is not asked again
	w.says(omar, "What shall I do with it?")
	w.press(omar, omar, "Cancel")

	g := w.fake.Group("Desk", operator, omar)
	w.fake.SetAdmin(g.ID, omar)
	w.say(g.ID, omar, "/rule")
	w.say(g.ID, omar, "geneva AND", telegramtest.With{ReplyTo: w.last(g.ID).ID})
	w.says(g.ID, "nothing after AND")
	w.say(g.ID, omar, "geneva", telegramtest.With{ReplyTo: w.last(g.ID).ID})
	w.says(g.ID, "The rule is at work")
}

func TestDeletedRuleComesBack(t *testing.T) {
	w := newWorld(t)
	w.say(omar, omar, "/rule vienna")
	w.say(omar, omar, "/rule 1 name Danube")
	w.say(omar, omar, "/rule 1 flash")
	w.say(omar, omar, "/rule 1 delete")
	deleted := w.last(omar)
	w.say(omar, omar, "/cancel")
	w.says(omar, "nothing to cancel")
	w.pressOn(deleted, omar, "Undo")
	got := w.rules(omar)
	if len(got) != 1 || got[0].Name != "Danube" || got[0].Query != "vienna" || got[0].Tier != store.TierFlash {
		t.Errorf("rules %+v", got)
	}
	w.forge(omar, omar, deleted.ID, data{screen: "undo", rev: "1"}.String())
	if again := w.rules(omar); len(again) != 1 {
		t.Errorf("undone twice: %+v", again)
	}
}

// TestChannelKeyboardGoesAway: it would hide the commands for ever.
func TestChannelKeyboardGoesAway(t *testing.T) {
	w := newWorld(t)
	c := w.fake.Channel("Press office", "press_office", omar)
	w.fake.SetAdmin(c.ID, w.me(), "can_post_messages")
	for _, leave := range []string{"/cancel", "/rules", "@press_office"} {
		w.say(omar, omar, "/channel")
		if w.replyKeyboard(omar) == 0 {
			t.Fatal("there is no keyboard to go away")
		}
		w.say(omar, omar, leave)
		if w.replyKeyboard(omar) != 0 {
			t.Errorf("after %s the keyboard is still there", leave)
		}
	}
	if got := w.routes(omar); !slices.Contains(got, c.ID) {
		t.Errorf("the channel is not linked: %v", got)
	}
}

// replyKeyboard is the message whose reply keyboard stands under a chat's text
// field; 0 none.
func (w *world) replyKeyboard(chat int64) int64 {
	for _, m := range slices.Backward(w.fake.Messages(chat)) {
		switch {
		case m.Reply == nil:
		case m.Reply.Remove:
			return 0
		case m.Reply.Rows != nil:
			return m.ID
		}
	}
	return 0
}

// TestWhyNamesEachTermOnce reads /why and the list under a rule that found more
// than it shows.
func TestWhyNamesEachTermOnce(t *testing.T) {
	tn := &turn{l: viewIn("en").Locale}
	got := strings.Join(tn.hits([]store.Hit{
		{Term: "@geneva", Text: "Geneva", Zone: "title"}, {Term: "@geneva", Text: "GENEVA", Zone: "dateline"}, {Term: "@geneva", Text: "Geneva", Zone: "body"},
		{Term: "talks", Text: "talk", Zone: "lead"},
	}), "\n")
	if want := "• <code>@geneva</code>: “Geneva” (title, text), “GENEVA” (dateline)\n• talks: “talk” (lead)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	w := newWorld(t)
	var many []feeds.Article
	for _, id := range []string{"1", "2", "3", "4", "5"} {
		many = append(many, feeds.Article{ID: id, URL: "https://wire.example/" + id, Title: "Harvest " + id, Published: noon})
	}
	w.wire("Morning Wire", many...)
	w.say(omar, omar, "/rule harvest")
	w.says(omar, "5 articles", "and 2 more")
}
