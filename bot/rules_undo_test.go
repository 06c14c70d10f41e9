package bot

import (
	"context"
	"strings"
	"testing"
	"time"

	"wirewatch/store"
)

// TestDeletedRuleComesBackWhole: a rule that was kept from a channel must not be
// published there because somebody deleted it and thought better of it.
func TestDeletedRuleComesBackWhole(t *testing.T) {
	w := newWorld(t)
	c := w.fake.Channel("Press office", "press_office", omar)
	w.fake.SetAdmin(c.ID, w.me(), "can_post_messages")
	w.say(omar, omar, "/channel @press_office")
	w.say(omar, omar, "/rule vienna")
	w.say(omar, omar, "/rule 1 digest 18:00 mon-fri")
	w.say(omar, omar, "/rule 1 cap 5/h")
	w.say(omar, omar, "/rule 1 cooldown 30m")
	ctx, before := context.Background(), w.rules(omar)[0]
	here := []store.RuleRoute{{To: omar, Thread: store.OwnPlace}}
	if err := w.db.SetRuleRoutes(ctx, omar, before.ID, here); err != nil {
		t.Fatal(err)
	}
	w.say(omar, omar, "/rule 1 delete")
	w.press(omar, omar, "Undo")
	got := w.rules(omar)
	if len(got) != 1 || got[0].Digest != before.Digest || !got[0].DigestAt.Equal(before.DigestAt) || got[0].Limits != before.Limits {
		t.Fatalf("rules %+v, want %+v", got, before)
	}
	routes, err := w.db.RuleRoutes(ctx, got[0].ID)
	if err != nil || len(routes) != 1 || routes[0].To != omar || routes[0].Thread != store.OwnPlace {
		t.Errorf("it goes to %+v, %v, want %+v", routes, err, here)
	}
}

func TestChangedRuleIsTakenBack(t *testing.T) {
	w := newWorld(t)
	w.say(omar, omar, "/rule @geneva sanctions")
	before := w.rules(omar)[0]
	w.say(omar, omar, "/rule 1 digst 18:00")
	w.says(omar, "The rule is changed", "It was: @geneva AND sanctions")
	changed := w.last(omar)
	w.pressOn(changed, omar, "Undo the change")
	w.says(omar, "The rule is again what it was")
	if got := w.rules(omar); len(got) != 1 || got[0].Query != before.Query || got[0].Name != before.Name {
		t.Errorf("rules %+v, want %+v", got, before)
	}

	w.say(omar, omar, "/rule 1 vienna")
	changed = w.last(omar)
	w.say(omar, omar, "/rule 1 flash")
	if a := w.pressOn(changed, omar, "Undo the change"); !strings.Contains(a.Text, "cannot be undone") {
		t.Errorf("undone over a later change: %+v", a)
	}
	w.say(omar, omar, "/rule 1 berlin")
	changed = w.last(omar)
	w.later(24 * time.Hour)
	w.pressOn(changed, omar, "Undo the change")
	if got := w.rules(omar); got[0].Query != "berlin" {
		t.Errorf("undone after a day: %+v", got)
	}
}
