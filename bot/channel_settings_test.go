package bot

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wirewatch/bot/telegram/telegramtest"
	"wirewatch/store"
)

// linkedDesk is a desk at which omar publishes his rules in a channel.
func linkedDesk(t *testing.T, rules ...string) (*desk, telegramtest.Chat) {
	t.Helper()
	d := newDesk(t)
	c := d.fake.Channel("Press office", "press_office", omar)
	d.fake.SetAdmin(c.ID, d.me(), "can_post_messages")
	d.idle()
	for _, r := range rules {
		d.say(omar, omar, r)
	}
	d.say(omar, omar, "/channel @press_office")
	return d, c
}

// pressAll presses one button after the other.
func (w *world) pressAll(chat, user int64, labels ...string) {
	w.Helper()
	for _, label := range labels {
		w.press(chat, user, label)
	}
}

// Everything that /settings sets of a chat is set of its channel from /channels, and
// the chat itself stays as it is.
func TestChannelSettings(t *testing.T) {
	w, c := editors(t)
	own := w.chat(omar)
	w.say(omar, omar, "/channels")
	w.pressAll(omar, omar, "📢 Press office", "Language", "العربية")
	w.says(omar, "in this language from now on: العربية", "📢 Press office — works", "Language: العربية")
	w.pressAll(omar, omar, "Time zone", "Riyadh")
	w.says(omar, "goes by the time of Riyadh now, where it is 15:00")
	if got := w.chat(c.ID); got.Lang != "ar" || got.Zone != "Asia/Riyadh" || !got.DigestAt.Equal(time.Date(2026, 11, 25, 4, 0, 0, 0, time.UTC)) {
		t.Errorf("the channel is %+v", got)
	}

	w.pressAll(omar, omar, "Time zone", "Other")
	w.say(omar, omar, "Atlantis")
	w.says(omar, "do not know the time zone “Atlantis”")
	if text := w.last(omar).Text; strings.Contains(text, "/zone") {
		t.Errorf("a command is advised that sets another chat:\n%s", text)
	}
	w.say(omar, omar, "asia/tokyo")
	w.says(omar, "goes by the time of Asia/Tokyo now, where it is 21:00")

	w.pressAll(omar, omar, "Digest", "Other")
	w.say(omar, omar, "soon")
	w.says(omar, "do not understand the times “soon”")
	w.say(omar, omar, "18:00,19:30 sun-thu")
	w.says(omar, "Digest at 18:00, 19:30 (Sunday–Thursday). The next: 25 Nov, 18:00") // it is nine in the evening there

	w.pressAll(omar, omar, "Quiet hours", "23:00–06:00")
	w.pressAll(omar, omar, "Quiet hours", "Let them wait")
	w.pressAll(omar, omar, "Quiet hours", "Other")
	w.say(omar, omar, "at night")
	w.says(omar, "do not understand the hours “at night”")
	w.say(omar, omar, "22:30-05:00")
	w.says(omar, "Quiet hours: 22:30–05:00", "alerts wait")
	w.press(omar, omar, "With pictures")
	w.says(omar, "with the picture")

	got := w.chat(c.ID)
	if got.Zone != "Asia/Tokyo" || got.Digest != "0 18 * * 0,1,2,3,4\n30 19 * * 0,1,2,3,4" || got.QuietFrom != 22*60+30 || got.QuietTo != 5*60 || !got.QuietHold || !got.Pictures {
		t.Errorf("the channel is %+v", got)
	}
	if now := w.chat(omar); now != own {
		t.Errorf("the chat itself was changed from\n%+v\nto\n%+v", own, now)
	}
	w.press(omar, omar, "Back")
	w.says(omar, "published in 1 channel")

	w.say(omar, omar, "/export")
	var e exported
	if err := json.Unmarshal([]byte(w.last(omar).Text), &e); err != nil || len(e.Channels) != 1 {
		t.Fatalf("exported %+v, %v", e, err)
	}
	want := exportedSettings{Lang: "ar", Zone: "Asia/Tokyo", Digest: []string{"0 18 * * 0,1,2,3,4", "30 19 * * 0,1,2,3,4"},
		Quiet: []string{"22:30", "05:00"}, QuietHold: true, Pictures: true}
	if diff := cmp.Diff(want, e.Channels[0].exportedSettings); diff != "" || e.Channels[0].Chat != c.ID || e.Lang != "en" {
		t.Errorf("exported (-want +got):\n%s\n%+v", diff, e)
	}
}

// A channel is told in its own language and by its own clock, whatever the chat goes by
// in which its rules are.
func TestChannelIsToldItsOwnWay(t *testing.T) {
	d, c := linkedDesk(t, "/rule news", "/rule breaking", "/rule morning", "/rule 2 flash", "/rule 3 digest")
	instant, flash, morning := d.rules(omar)[0], d.rules(omar)[1], d.rules(omar)[2]
	d.say(omar, omar, "/channels")
	d.pressAll(omar, omar, "📢 Press office", "Language", "العربية", "Time zone", "Riyadh", "Quiet hours", "23:00–06:00", "Quiet hours", "Let them wait")
	d.pressAll(omar, omar, "Digest", "Other")
	d.say(omar, omar, "18:00")
	own, seen := len(d.fake.Sent(omar)), len(d.fake.Sent(c.ID))

	d.news(1, instant)
	d.wants(d.got(omar, &own), "🔔 News 1")
	d.wants(d.got(c.ID, &seen), "🔔 News 1")
	d.says(omar, "Morning Wire · 12:00", "in the headline")
	d.says(c.ID, "Morning Wire · 15:00", "في العنوان")
	d.news(1, morning)
	d.until(0, 15, 0) // six in the evening in Riyadh
	d.bring()
	d.wants(d.got(omar, &own))
	d.wants(d.got(c.ID, &seen), "🔔 🗞 موجز الأخبار")
	d.says(c.ID, "News 2")

	d.until(0, 20, 30) // half past eleven at night there
	d.news(1, instant)
	d.news(1, flash)
	d.wants(d.got(omar, &own), "🔔 News 3", "🔔 🔴 Urgent")
	d.wants(d.got(c.ID, &seen), "🔔 🔴 عاجل")
	d.until(1, 2, 59)
	d.bring()
	d.wants(d.got(c.ID, &seen))
	d.until(1, 3, 0) // six in the morning there
	d.bring()
	d.wants(d.got(c.ID, &seen), "🔔 🗞 موجز الأخبار")
	d.says(c.ID, "News 3")
}

// A paused channel gets nothing until it is resumed; one that cannot be written to is
// not resumed by that.
func TestPauseAChannel(t *testing.T) {
	d, c := linkedDesk(t, "/rule news", "/digest off")
	rule := d.rules(omar)[0]
	d.say(omar, omar, "/channels")
	d.pressAll(omar, omar, "📢 Press office", "Pause")
	d.says(omar, "Nothing is published in “Press office”", "— paused")
	seen := len(d.fake.Sent(c.ID))
	d.news(1, rule)
	d.says(omar, "News 1")
	d.wants(d.got(c.ID, &seen))
	d.say(omar, omar, "/channels")
	d.press(omar, omar, "📢 Press office")
	d.pressAll(omar, omar, "Digest", "Now")
	d.says(omar, "“Press office” is paused, so no digest")
	d.press(omar, omar, "Resume")
	d.says(omar, "I go on publishing in “Press office”", "— works")
	d.bring()
	d.wants(d.got(c.ID, &seen), "News 1")

	d.fake.SetRights(c.ID, d.me(), "can_edit_messages")
	d.idle()
	d.say(omar, omar, "/channels")
	d.press(omar, omar, "📢 Press office")
	d.says(omar, "stopped")
	m := d.last(omar).ID
	for _, act := range []string{"pause", "resume"} {
		d.forge(omar, omar, m, data{screen: act, id: c.ID}.String())
		if got := d.chat(c.ID).State; got != store.ChatBlocked {
			t.Errorf("after %s it is %s", act, got)
		}
	}
	d.fake.SetRights(c.ID, d.me(), "can_post_messages")
	d.idle()
	d.says(omar, "I may post in “Press office” again")

	d.say(omar, omar, "/channels")
	d.pressAll(omar, omar, "📢 Press office", "Pause")
	d.fake.SetRights(c.ID, d.me(), "can_edit_messages")
	d.idle()
	d.says(omar, "may not post in “Press office” any more")
	d.fake.SetRights(c.ID, d.me(), "can_post_messages")
	d.idle()
	d.news(1, rule)
	d.wants(d.got(c.ID, &seen))
	d.say(omar, omar, "/channels")
	d.pressAll(omar, omar, "📢 Press office", "Resume")
	d.bring()
	d.wants(d.got(c.ID, &seen), "News 2")
}

// The digest of a channel is looked at from the chat, in the channel's language, and
// published when somebody has said so twice; an empty one is not.
func TestChannelDigestFromItsChat(t *testing.T) {
	d, c := linkedDesk(t, "/rule news", "/rule 1 digest")
	d.say(omar, omar, "/channels")
	d.pressAll(omar, omar, "📢 Press office", "Language", "العربية", "Digest")
	if a := d.press(omar, omar, "Now"); !a.Alert || !strings.Contains(a.Text, "Nothing waits") {
		t.Errorf("an empty digest is published: %+v", a)
	}
	d.news(1, d.rules(omar)[0])
	seen := len(d.fake.Sent(c.ID))
	d.press(omar, omar, "Preview")
	sent := d.fake.Sent(omar)
	if note := unmarked(sent[len(sent)-2].Text); !strings.Contains(note, "next digest of “Press office” (25 Nov, 07:00)") {
		t.Errorf("the preview is announced by %q", note)
	}
	d.says(omar, "🗞 موجز الأخبار", "News 1")
	d.press(omar, omar, "Since the last one")
	d.says(omar, "🗞 موجز الأخبار", "News 1")
	d.say(omar, omar, "/channels")
	d.pressAll(omar, omar, "📢 Press office", "Digest", "Now")
	d.says(omar, "Publish in “Press office” now")
	d.bring()
	d.wants(d.got(c.ID, &seen))
	d.press(omar, omar, "Publish")
	d.bring()
	d.wants(d.got(c.ID, &seen), "🔔 🗞 موجز الأخبار")
	if got := d.chat(c.ID).DigestAt; !got.Equal(time.Date(2026, 11, 25, 7, 0, 0, 0, time.UTC)) {
		t.Errorf("its next digest is at %v", got)
	}
}

// screen is a message as it stands after its buttons were pressed.
func (w *world) screen(chat, id int64) string {
	w.Helper()
	sent := w.fake.Sent(chat)
	at := slices.IndexFunc(sent, func(m telegramtest.Message) bool { return m.ID == id })
	if at < 0 {
		w.Fatalf("no message %d in chat %d", id, chat)
	}
	text := sent[at].Text + "\n"
	for _, row := range sent[at].Keyboard {
		for _, b := range row {
			text += "[" + b.Text + "]"
		}
		text += "\n"
	}
	return text
}

// changing are the buttons that change something about a linked chat, and those that
// ask for it.
func changing(id int64) []data {
	var all []data
	for _, screen := range []string{"setlang", "setzone", "setdigest", "setquiet", "quietway", "pictures", "pause", "resume", "senddigest",
		"langs", "zones", "digests", "quiets", "askzone", "askdigest", "askquiet", "digest", "digestpreview", "digestsince"} {
		all = append(all, data{screen: screen, id: id, page: 1})
	}
	return all
}

// No button or answer changes a channel from a chat that does not publish there, or not
// any more.
func TestOnlyWhoPublishesThereSetsAChannel(t *testing.T) {
	w, c := editors(t)
	before := w.chat(c.ID)
	w.say(layla, layla, "/start")
	stranger := w.last(layla).ID
	for _, d := range append(changing(c.ID), data{screen: "settings", id: c.ID}, data{screen: "approval", id: c.ID, page: 1}, data{screen: "unlinked", id: c.ID}) {
		w.forge(layla, layla, stranger, d.String())
		w.says(layla, "لا تُنشر قواعدك في أي قناة")
	}
	if got := w.chat(c.ID); got != before {
		t.Errorf("a stranger changed the channel from\n%+v\nto\n%+v", before, got)
	}

	// layla publishes there too, so that it lives on when omar does not.
	w.fake.SetAdmin(c.ID, layla, "can_post_messages")
	w.say(layla, layla, "/channel @press_office")
	w.say(omar, omar, "/channels")
	w.pressAll(omar, omar, "📢 Press office", "Time zone", "Other")
	asked := w.chat(c.ID)
	w.say(layla, layla, "/channels")
	w.forge(omar, omar, w.last(omar).ID, data{screen: "unlinked", id: c.ID}.String())
	w.say(omar, omar, "Asia/Tokyo")
	w.says(omar, "not published there any more")
	for _, d := range changing(c.ID) {
		if a := w.forge(omar, omar, w.last(omar).ID, d.String()); !strings.Contains(a.Text, "has changed since") {
			t.Errorf("%s of a channel that was unlinked: %q", d.screen, a.Text)
		}
	}
	if got := w.chat(c.ID); got != asked || w.chat(omar).Zone != "UTC" {
		t.Errorf("who has unlinked the channel changed it from\n%+v\nto\n%+v", asked, got)
	}
}

// A linked group is set by its own administrators, from here as from there; in a group
// that publishes in a channel its administrators set the channel.
func TestWhoSetsALinkedGroup(t *testing.T) {
	w := newWorld(t)
	g := w.fake.Supergroup("Newsroom", omar)
	w.idle()
	w.say(omar, omar, "/rule vienna")
	w.say(omar, omar, "/channel "+itoa(g.ID))
	w.say(omar, omar, "/channels")
	w.pressAll(omar, omar, "📢 Newsroom", "Language", "العربية")
	if got := w.chat(g.ID); got.Lang != "ar" {
		t.Fatalf("the group is %+v", got)
	}
	w.fake.SetStatus(g.ID, omar, "member")
	w.later(2 * adminFor)
	before := w.chat(g.ID)
	w.say(omar, omar, "/channels")
	w.press(omar, omar, "📢 Newsroom")
	screen := w.last(omar).ID
	for _, d := range changing(g.ID) {
		if a := w.forge(omar, omar, screen, d.String()); !strings.Contains(a.Text, "Only administrators of Newsroom") && !strings.Contains(a.Text, "Only administrators of “Newsroom”") {
			t.Errorf("%s: %q", d.screen, a.Text)
		}
	}
	if got := w.chat(g.ID); got != before {
		t.Errorf("who is no administrator any more changed the group from\n%+v\nto\n%+v", before, got)
	}
	w.press(omar, omar, "Unlink") // that is still his

	g = w.fake.Supergroup("Desk", omar)
	w.idle()
	c := w.fake.Channel("Press office", "press_office", omar)
	w.fake.SetAdmin(c.ID, w.me(), "can_post_messages")
	w.idle()
	w.say(g.ID, omar, "/channel @press_office")
	w.fake.SetStatus(g.ID, layla, "member")
	w.say(g.ID, omar, "/channels")
	w.pressAll(g.ID, omar, "📢 Press office", "Language")
	if a := w.press(g.ID, layla, "العربية"); !a.Alert {
		t.Errorf("a member of the group: %+v", a)
	}
	if got := w.chat(c.ID).Lang; got != "en" {
		t.Errorf("a member of the group set the channel to %q", got)
	}
	w.pressAll(g.ID, omar, "العربية", "Quiet hours", "Other")
	w.say(g.ID, omar, "22:00-06:00 hold", telegramtest.With{ReplyTo: w.last(g.ID).ID})
	if got := w.chat(c.ID); got.Lang != "ar" || got.QuietFrom != 22*60 || !got.QuietHold {
		t.Errorf("the channel is %+v\n%s", got, w.fake.Transcript(g.ID))
	}
}

// Every screen of a channel's settings, in both languages; Telegram's limits are the
// fake's to check.
func TestChannelSettingsScreens(t *testing.T) {
	for _, tt := range []struct {
		lang string
		who  int64
	}{{"en", omar}, {"ar", layla}} {
		t.Run(tt.lang, func(t *testing.T) {
			w := newWorld(t)
			c := w.fake.Channel("Press office", "press_office", tt.who)
			w.fake.SetAdmin(c.ID, w.me(), "can_post_messages")
			w.idle()
			w.say(tt.who, tt.who, "/rule vienna")
			w.say(tt.who, tt.who, "/channel @press_office")
			w.say(tt.who, tt.who, "/channels")
			screen := w.last(tt.who).ID
			var all strings.Builder
			for _, d := range append([]data{{screen: "settings"}}, append(changing(0), data{screen: "approval", page: 1}, data{screen: "unlink"})...) {
				d.id = c.ID
				before := len(w.fake.Sent(tt.who))
				all.WriteString("= " + d.screen + " " + w.forge(tt.who, tt.who, screen, d.String()).Text + "\n")
				if added := w.fake.Sent(tt.who)[before:]; len(added) > 0 {
					for _, m := range added {
						all.WriteString(w.screen(tt.who, m.ID) + "\n")
					}
					continue
				}
				all.WriteString(w.screen(tt.who, screen) + "\n")
			}
			w.goldenText(all.String(), "channel_settings_"+tt.lang)
		})
	}
}
