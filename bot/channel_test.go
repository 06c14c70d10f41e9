package bot

import (
	"slices"
	"testing"

	"wirewatch/bot/telegram/telegramtest"
	"wirewatch/store"
)

func (w *world) routes(chat int64) []int64 {
	w.Helper()
	routes, err := w.db.Routes(w.ctx, chat)
	if err != nil {
		w.Fatal(err)
	}
	var to []int64
	for _, r := range routes {
		to = append(to, r.To)
	}
	slices.Sort(to)
	return to
}

func (w *world) me() int64 { return w.fake.Me().ID }

func TestLinkAChannelByName(t *testing.T) {
	w := newWorld(t)
	c := w.fake.Channel("Press office", "press_office", omar)
	w.say(omar, omar, "/channel @no_such_channel")
	w.says(omar, "do not find")
	w.say(omar, omar, "/channel my channel")
	w.says(omar, "not a channel")
	w.say(omar, omar, "/channel @press_office")
	w.says(omar, "may not post")
	w.fake.SetAdmin(c.ID, w.me(), "can_post_messages")
	w.say(layla, layla, "/channel @press_office") // not hers
	w.says(layla, "مشرفوها")
	if got := w.routes(layla); !slices.Equal(got, []int64{layla}) {
		t.Errorf("a stranger publishes in the channel: %v", got)
	}
	w.say(omar, omar, "/channel https://t.me/press_office")
	w.says(omar, "published in “Press office”")
	if got := w.routes(omar); !slices.Equal(got, []int64{c.ID, omar}) {
		t.Errorf("routes %v", got)
	}
	if got := w.chat(c.ID); got.Kind != "channel" || got.Owner != omar || got.State != store.ChatActive || got.Title != "Press office" {
		t.Errorf("the channel is %+v", got)
	}

	w.say(omar, omar, "/channels")
	w.says(omar, "Press office", "works")
	w.press(omar, omar, "Press office")
	w.press(omar, omar, "Unlink")
	w.press(omar, omar, "Unlink")
	if got := w.routes(omar); !slices.Equal(got, []int64{omar}) {
		t.Errorf("after unlinking: %v", got)
	}
	if _, err := w.db.Chat(w.ctx, c.ID); err == nil {
		t.Error("a channel that nobody publishes in is kept")
	}
}

func TestLinkAChannelWithTheButton(t *testing.T) {
	w := newWorld(t)
	c := w.fake.Channel("Press office", "", omar) // a private channel
	w.say(omar, omar, "/channel")
	m := w.last(omar)
	if m.Reply == nil || len(m.Reply.Rows) != 1 || m.Reply.Rows[0][0].Request == nil {
		t.Fatalf("no button to share a channel: %+v", m)
	}
	if _, err := w.fake.Share(omar, omar, m.Reply.Rows[0][0].Request.ID, c.ID); err != nil {
		t.Fatal(err)
	}
	w.idle()
	w.says(omar, "published in “Press office”")
	if got := w.routes(omar); !slices.Equal(got, []int64{c.ID, omar}) {
		t.Errorf("routes %v\n%s", got, w.fake.Transcript(omar))
	}
}

func TestForwardedPostOffersToLink(t *testing.T) {
	w := newWorld(t)
	c := w.fake.Channel("Press office", "", omar)
	w.say(omar, omar, "/start")
	w.fake.SetAdmin(c.ID, w.me(), "can_post_messages")
	w.idle()
	w.says(omar, "publish your rules in “Press office”?") // offered when the rights were given
	w.say(omar, omar, "a post", telegramtest.With{Forward: c.ID})
	w.says(omar, "publish your rules in “Press office”?")
	w.press(omar, omar, "Publish there")
	if got := w.routes(omar); !slices.Equal(got, []int64{c.ID, omar}) {
		t.Errorf("routes %v\n%s", got, w.fake.Transcript(omar))
	}
}

func TestChannelRightsLostAndBack(t *testing.T) {
	w := newWorld(t)
	c := w.fake.Channel("Press office", "press_office", omar)
	w.fake.SetAdmin(c.ID, w.me(), "can_post_messages")
	w.say(omar, omar, "/channel @press_office")
	w.fake.SetRights(c.ID, w.me(), "can_edit_messages")
	w.idle()
	w.says(omar, "may not post in “Press office”")
	if got := w.chat(c.ID); got.State != store.ChatBlocked {
		t.Errorf("the channel is %s", got.State)
	}
	w.say(omar, omar, "/channels")
	w.says(omar, "stopped")
	w.fake.SetRights(c.ID, w.me(), "can_post_messages")
	w.idle()
	w.says(omar, "again")
	if got := w.chat(c.ID); got.State != store.ChatActive {
		t.Errorf("the channel is %s", got.State)
	}
	w.fake.Kick(c.ID, w.me())
	w.idle()
	w.says(omar, "removed from “Press office”")
}

func TestBlockedAndUnblocked(t *testing.T) {
	w := newWorld(t)
	w.say(omar, omar, "/rule vienna")
	w.fake.Block(omar)
	w.idle()
	if got := w.chat(omar); got.State != store.ChatBlocked {
		t.Errorf("blocked: %+v", got)
	}
	w.fake.Unblock(omar)
	w.idle()
	w.say(omar, omar, "/rules")
	w.says(omar, "vienna")
	if got := w.chat(omar); got.State != store.ChatActive {
		t.Errorf("unblocked: %+v", got)
	}
}

func TestGroupGreetsMigratesAndIsLeft(t *testing.T) {
	w := newWorld(t)
	g := w.fake.Group("Newsroom", omar)
	w.fake.SetStatus(g.ID, w.me(), "left")
	w.fake.SetStatus(g.ID, w.me(), "member")
	w.idle()
	w.say(g.ID, omar, "/rule vienna")
	super := w.fake.Migrate(g.ID)
	w.idle()
	if got := w.rules(super.ID); len(got) != 1 {
		t.Errorf("rules of the supergroup: %+v", got)
	}
	if _, err := w.db.Chat(w.ctx, g.ID); err == nil {
		t.Error("the old group is still there")
	}
	w.fake.Kick(super.ID, w.me())
	w.idle()
	if got := w.chat(super.ID); got.State != store.ChatBlocked {
		t.Errorf("kicked: %+v", got)
	}
}

func TestHereBindsATopic(t *testing.T) {
	w := newWorld(t)
	f := w.fake.Forum("Newsroom", omar)
	topic := w.fake.Topic(f.ID, "Talks")
	w.say(f.ID, omar, "/here", telegramtest.With{Thread: topic})
	if got := w.chat(f.ID).Thread; got != topic {
		t.Errorf("thread %d, want %d", got, topic)
	}
	if m := w.last(f.ID); m.Thread != topic {
		t.Errorf("answered in thread %d", m.Thread)
	}
	c := w.fake.Channel("Press office", "press_office", omar)
	w.fake.SetAdmin(c.ID, w.me(), "can_post_messages")
	w.say(f.ID, omar, "/channel @press_office", telegramtest.With{Thread: topic})
	w.say(f.ID, omar, "/here")
	routes, err := w.db.Routes(w.ctx, f.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range routes {
		if r.To == f.ID && r.Thread != 0 {
			t.Errorf("a stored route keeps the old topic: %+v", routes)
		}
	}
	if len(routes) != 2 {
		t.Errorf("routes %+v", routes)
	}
}
