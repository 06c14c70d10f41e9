package bot

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"wirewatch/bot/telegram/telegramtest"
	"wirewatch/feeds"
	"wirewatch/store"
)

// editors is a world in which omar publishes his rule in a channel.
func editors(t *testing.T) (*world, telegramtest.Chat) {
	t.Helper()
	w := newWorld(t)
	c := w.fake.Channel("Press office", "press_office", omar)
	w.fake.SetAdmin(c.ID, w.me(), "can_post_messages")
	w.idle() // nothing is offered to somebody unknown
	w.say(omar, omar, "/rule vienna")
	w.say(omar, omar, "/channel @press_office")
	return w, c
}

// brings lets a source carry an article that a chat's rules match, and a courier
// carry what is due until nothing is.
func (w *world) brings(title string, chats ...int64) {
	w.Helper()
	s, _, err := w.db.AddSource(w.ctx, feeds.Source{URL: "https://example.org/feed", Title: "Levant Wire"}, 0)
	if err != nil {
		w.Fatal(err)
	}
	w.later(time.Minute)
	claimed, err := w.db.ClaimSources(w.ctx, 1, time.Minute)
	if err != nil || len(claimed) != 1 || claimed[0].ID != s.ID {
		w.Fatalf("claimed %v, %v", claimed, err)
	}
	var id [16]byte
	sum := sha256.Sum256([]byte(title))
	copy(id[:], sum[:])
	n := store.NewArticle{GUID: id, URL: id, Text: id, Item: feeds.Article{ID: title, Title: title, URL: "https://example.org/" + fmt.Sprintf("%x", id[:4]), Published: w.now()}}
	for _, chat := range chats {
		for _, r := range w.rules(chat) {
			n.Matches = append(n.Matches, store.Match{Rule: r.ID})
		}
	}
	_, err = w.db.Publish(w.ctx, store.Visit{Source: claimed[0], Interval: time.Minute, NextAt: w.now(), Articles: []store.NewArticle{n}, Seen: [][16]byte{id}})
	if err != nil {
		w.Fatal(err)
	}
	w.carry()
}

// carry lets a courier carry what is due until nothing is.
func (w *world) carry() {
	w.Helper()
	c := NewCourier(CourierOptions{Store: w.db, Sender: w.bot.o.Telegram, Now: w.now, Rate: 1000, Zone: "UTC", Lost: w.bot.Lost})
	c.gap, c.group = time.Millisecond, time.Millisecond
	for range 10 {
		w.later(5 * time.Second)
		parcels, err := w.db.Claim(w.ctx, w.now(), 100)
		if err != nil {
			w.Fatal(err)
		}
		for _, p := range parcels {
			if _, err := c.deliver(w.ctx, p); err != nil {
				w.Error(err)
			}
		}
	}
}

func TestApprovalBeforePublishing(t *testing.T) {
	w, c := editors(t)
	if a := w.press(omar, omar, "Ask me first"); !strings.Contains(a.Text, "ask here before") {
		t.Errorf("answered %+v", a)
	}
	w.says(omar, "Press office — after approval here")
	w.brings("Talks open", omar)
	w.says(omar, "Shall I publish this in “Press office”?", "Talks open", "vienna")
	w.silent(c.ID, 0)
	w.press(omar, omar, "Edit the headline")
	w.say(omar, omar, strings.Repeat("long ", 100))
	w.says(omar, "cannot be a headline")
	w.say(omar, omar, "Peace talks\nopen  in Vienna")
	w.says(omar, "Shall I publish", "Peace talks open in Vienna")
	w.press(omar, omar, "Publish")
	w.says(omar, "Omar has it published in “Press office”", "Peace talks open in Vienna")
	w.carry()
	if got := w.last(c.ID); !strings.HasPrefix(got.Text, "Peace talks open in Vienna\n") {
		t.Errorf("published %q", got.Text)
	}
	w.press(omar, omar, "Discard") // of the first message, which still has its buttons
	w.says(omar, "Peace talks open in Vienna")
	w.carry()
	w.silent(c.ID, 1)
	w.golden(omar, "approval_en")
}

func TestDiscardedAndForgotten(t *testing.T) {
	w, c := editors(t)
	w.press(omar, omar, "Ask me first")
	w.brings("Nothing for us", omar)
	w.press(omar, omar, "Discard")
	w.says(omar, "Omar has it discarded", "Nothing for us")
	w.brings("Overnight", omar)
	asked := w.last(omar).ID
	w.later(store.ApprovalFor + time.Minute)
	if err := w.bot.EndRequests(w.ctx); err != nil {
		t.Fatal(err)
	}
	for _, m := range w.fake.Sent(omar) {
		if m.ID == asked && (!strings.Contains(m.Text, "Nobody has answered in time") || strings.Contains(fmt.Sprint(m.Keyboard), "Publish")) {
			t.Errorf("after its time the request is %q %v", m.Text, m.Keyboard)
		}
	}
	w.press(omar, omar, "Do not ask")
	w.brings("At once", omar)
	w.silent(c.ID, 1)
	if got := w.last(c.ID); !strings.Contains(got.Text, "At once") {
		t.Errorf("published %q", got.Text)
	}
}

// Only who may change the settings of the chat that was asked decides.
func TestWhoApproves(t *testing.T) {
	w := newWorld(t)
	g := w.fake.Group("Newsroom", omar, layla)
	w.fake.SetStatus(g.ID, w.me(), "member")
	c := w.fake.Channel("Press office", "press_office", omar)
	w.fake.SetAdmin(c.ID, w.me(), "can_post_messages")
	w.say(g.ID, omar, "/rule vienna")
	w.say(g.ID, omar, "/channel @press_office")
	w.press(g.ID, omar, "Ask me first")
	w.brings("Talks open", g.ID)
	request := w.last(g.ID)
	w.press(g.ID, layla, "Publish")
	w.carry()
	w.silent(c.ID, 0)
	stolen := request.Keyboard[1][0].Data
	w.say(layla, layla, "/start")
	w.forge(layla, layla, w.last(layla).ID, stolen) // forged, in a chat that was not asked
	w.carry()
	w.silent(c.ID, 0)
	w.press(g.ID, omar, "Publish")
	w.carry()
	w.silent(c.ID, 1)
}

func TestWhereARuleGoes(t *testing.T) {
	w, c := editors(t)
	w.say(omar, omar, "/rule paris")
	w.say(omar, omar, "/rule 2")
	w.press(omar, omar, "Where to")
	w.says(omar, "paris, goes to: this chat, Press office", "all rules of this chat")
	w.press(omar, omar, "✓ this chat")
	w.says(omar, "goes to: Press office")
	w.say(omar, omar, "/export")
	w.says(omar, `"channels": [`, `"title": "Press office"`, `"to": [`)
	w.say(omar, omar, "/rule 2")
	w.press(omar, omar, "Where to")
	if a := w.press(omar, omar, "✓ Press office"); !strings.Contains(a.Text, "last place") {
		t.Errorf("the last place is taken away: %+v", a)
	}
	before := len(w.fake.Sent(omar))
	w.brings("Both rules match", omar) // of which one comes here
	w.silent(omar, before+1)
	if got := w.last(omar); strings.Contains(got.Text, "paris") || !strings.Contains(got.Text, "vienna") {
		t.Errorf("alert %q", got.Text)
	}
	if got := w.last(c.ID); !strings.Contains(got.Text, "paris") || !strings.Contains(got.Text, "vienna") {
		t.Errorf("published %q", got.Text)
	}
	w.say(omar, omar, "/channels")
	w.pressAll(omar, omar, "📢 Press office", "Unlink", "Unlink")
	w.say(omar, omar, "/rule 2")
	w.press(omar, omar, "Where to")
	w.says(omar, "goes to: this chat", "no other place yet")
	w.press(omar, omar, "As all other rules")
	w.says(omar, "all rules of this chat")
}

func TestARuleInATopic(t *testing.T) {
	w := newWorld(t)
	f := w.fake.Forum("Newsroom", omar)
	topic := w.fake.Topic(f.ID, "Energy")
	w.say(f.ID, omar, "/rule oil")
	w.say(f.ID, omar, "/rule geneva")
	w.say(f.ID, omar, "/here 1", telegramtest.With{Thread: topic})
	w.says(f.ID, "Rule 1, oil, comes to this topic")
	w.say(f.ID, omar, "/here 7", telegramtest.With{Thread: topic})
	w.says(f.ID, "7")
	w.say(f.ID, omar, "/here there")
	w.says(f.ID, "/here 3")
	w.brings("Oil talks in Geneva", f.ID)
	var threads []int64
	for _, m := range w.fake.Sent(f.ID) {
		if strings.Contains(m.Text, "Oil talks") {
			threads = append(threads, m.Thread)
		}
	}
	if len(threads) != 2 || threads[0]+threads[1] != topic {
		t.Errorf("told in topics %v, want %d and none", threads, topic)
	}
}

// In quiet hours that hold what is not urgent, a question comes without a sound.
func TestAskedInQuietHours(t *testing.T) {
	w, _ := editors(t)
	w.press(omar, omar, "Ask me first")
	_, err := w.db.UpdateChat(w.ctx, omar, func(c *store.Chat) error {
		c.QuietFrom, c.QuietTo, c.QuietHold = 11*60, 14*60, true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.brings("Talks open", omar)
	w.says(omar, "Shall I publish", "Talks open")
	if !w.last(omar).Silent {
		t.Error("the question rings in quiet hours")
	}
}

// Rights that are lost without a word of Telegram's show when a message is refused.
func TestRightsLostByARefusal(t *testing.T) {
	w, c := editors(t)
	fault := refusal(400, "Bad Request: need administrator rights in the channel chat")
	fault.Chat = c.ID
	w.fake.Fault(fault)
	w.brings("Talks open", omar)
	if got := w.chat(c.ID); got.State != store.ChatBlocked {
		t.Fatalf("the channel is %s", got.State)
	}
	if got := unmarked(w.fake.Transcript(omar)); !strings.Contains(got, "may not post in “Press office” any more") {
		t.Errorf("the owner is not told:\n%s", got)
	}
	w.press(omar, omar, "Check again")
	if got := unmarked(w.fake.Transcript(omar)); !strings.Contains(got, "may post in “Press office” again") {
		t.Errorf("the owner is not told:\n%s", got)
	}
	w.carry()
	if got := w.last(c.ID); !strings.Contains(got.Text, "Talks open") {
		t.Errorf("after it came back: %q", got.Text)
	}
}

// Who was asked about a story is not told it again by his digest, whatever the answer was
// and if there was none; the channel has what was approved in its own.
func TestAskedStoriesAreNotInTheDigest(t *testing.T) {
	d, c := linkedDesk(t, "/rule news", "/rule 1 digest", "/digest 18:00")
	d.press(omar, omar, "Ask me first")
	own, seen := len(d.fake.Sent(omar)), len(d.fake.Sent(c.ID))
	rule := d.rules(omar)[0]
	d.news(1, rule)
	d.wants(d.got(omar, &own), "🔔 ✋ Shall I publish this in “Press office”?")
	d.press(omar, omar, "Publish")
	d.news(1, rule)
	d.wants(d.got(omar, &own), "🔔 ✋ Shall I publish this in “Press office”?")
	d.press(omar, omar, "Discard")
	d.news(1, rule)
	d.got(omar, &own)
	d.until(0, 18, 0)
	d.bring()
	d.wants(d.got(omar, &own), "🔔 🗞 Digest")
	d.says(omar, "told one by one: 3 stories")
	d.wants(d.got(c.ID, &seen), "🔔 🗞 Digest")
	if text := unmarked(d.last(c.ID).Text); !strings.Contains(text, "News 1") || strings.Contains(text, "News 2") || strings.Contains(text, "News 3") {
		t.Errorf("the channel is told\n%s", text)
	}
}

// Who approves is told when the channel has it, if that is not at once.
func TestApprovedForLater(t *testing.T) {
	d, c := linkedDesk(t, "/rule news", "/rule breaking", "/rule 2 flash")
	instant, flash := d.rules(omar)[0], d.rules(omar)[1]
	d.press(omar, omar, "Ask me first")
	d.pressAll(omar, omar, "Time zone", "Riyadh", "Quiet hours", "23:00–06:00", "Quiet hours", "Let them wait")
	approve := func(want string, rule store.Rule) {
		t.Helper()
		d.news(1, rule)
		d.press(omar, omar, "Publish")
		d.says(omar, want)
		d.bring()
	}
	seen := len(d.fake.Sent(c.ID))
	approve("has it published in “Press office”.", instant)
	d.wants(d.got(c.ID, &seen), "🔔 News 1")
	d.until(0, 20, 0) // eleven at night there
	approve("when the quiet hours there end", instant)
	d.wants(d.got(c.ID, &seen))
	approve("has it published in “Press office”.", flash)
	d.wants(d.got(c.ID, &seen), "🔔 🔴 Urgent")
	d.say(omar, omar, "/rule 1 digest")
	approve("with the next digest there", instant)
	d.say(omar, omar, "/channels")
	d.pressAll(omar, omar, "📢 Press office", "Pause")
	approve("nothing is published at present", flash)
	d.wants(d.got(c.ID, &seen))
}
