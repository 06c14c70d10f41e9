package bot

import (
	"strings"
	"testing"
	"time"

	"wirewatch/bot/telegram"
	"wirewatch/bot/telegram/telegramtest"
	"wirewatch/store"
)

// A person's first day, as it reads.
func TestFirstDay(t *testing.T) {
	for name, user := range map[string]int64{"first_day_en": omar, "first_day_ar": layla} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.wire("Morning Wire", geneva()...)
			for _, said := range []string{
				"/start", "/help", "/help query", "/rules", "/rule @geneva AND @security-guarantees", "/rule @geneva AND @security-guarantees",
				"/rule \"harvest festival\"", "/rules", "/rule 2 name Harvest", "/rule 2 digest", "/rule 2 delete", "/rule 9", "/latest", "/search harvest",
				"/follow https://example.org/feed", "/sources", "/unfollow 1", "/unfollow 2", "/follow https://nowhere.example/", "/follow nonsense here",
				"/digest 07:00,18:00 mon-fri", "/digest off", "/digest soon", "/zone asia/riyadh", "/zone Atlantis", "/quiet 23:00-06:00", "/quiet off", "/quiet never",
				"/channel", "/channels", "/here", "/why", "/pause 8", "/resume", "/pause x", "/export", "/cancel", "/forget", "/nonsense", "harvest",
			} {
				w.say(user, user, said)
			}
			w.golden(user, name)
		})
	}
}

func TestRuleCommands(t *testing.T) {
	w := newWorld(t)
	w.say(omar, omar, "/rule geneva talks")
	w.say(omar, omar, "/rule vienna")
	w.says(omar, "vienna")
	for _, step := range []struct {
		said string
		want store.Rule
	}{
		{"/rule 2 flash", store.Rule{Name: "vienna", Query: "vienna", Tier: store.TierFlash}},
		{"/rule ٢ digest", store.Rule{Name: "vienna", Query: "vienna", Tier: store.TierDigest}},
		{"/RULE@wirewatch_test_bot 2 OFF", store.Rule{Name: "vienna", Query: "vienna", Tier: store.TierOff}},
		{"/rule 2 name  The   city ", store.Rule{Name: "The city", Query: "vienna", Tier: store.TierOff}},
		{"/rule 2 prague", store.Rule{Name: "The city", Query: "prague", Tier: store.TierOff}},
		{"/rule 2 instant", store.Rule{Name: "The city", Query: "prague", Tier: store.TierInstant}},
	} {
		w.say(omar, omar, step.said)
		got := w.rules(omar)[1]
		if got.Name != step.want.Name || got.Query != step.want.Query || got.Tier != step.want.Tier {
			t.Errorf("%s: the rule is %+v", step.said, got)
		}
	}
	w.say(omar, omar, "/rule 1 delete")
	if got := w.rules(omar); len(got) != 1 || got[0].Query != "prague" {
		t.Errorf("after deleting the first: %+v", got)
	}
	w.say(omar, omar, "/rule 1 rome") // its name was given by hand
	w.say(omar, omar, "/rule 1 name")
	w.say(omar, omar, "Another name")
	if got := w.rules(omar)[0]; got.Name != "Another name" || got.Query != "rome" {
		t.Errorf("after the dialog: %+v", got)
	}
	w.say(omar, omar, "/rule *")
	w.says(omar, "every article")
	w.say(omar, omar, "/rule "+strings.Repeat("x ", maxQuery))
	w.says(omar, "characters long")
	if n := len(w.rules(omar)); n != 1 {
		t.Errorf("%d rules", n)
	}
}

func (w *world) rules(chat int64) []store.Rule {
	w.Helper()
	rules, err := w.db.Rules(w.ctx, chat)
	if err != nil {
		w.Fatal(err)
	}
	return rules
}

func (w *world) chat(id int64) store.Chat {
	w.Helper()
	c, err := w.db.Chat(w.ctx, id)
	if err != nil {
		w.Fatal(err)
	}
	return c
}

// A rule whose name was its query follows it; see requery.
func TestRuleIsNamedAfterItsQuery(t *testing.T) {
	w := newWorld(t)
	w.say(omar, omar, "/rule vienna")
	w.say(omar, omar, "/rule 1 prague")
	if got := w.rules(omar)[0]; got.Name != "prague" {
		t.Errorf("the rule is called %q", got.Name)
	}
}

// TestRuleThatBeginsWithANumber: no chat has so many rules, so it is a word.
func TestRuleThatBeginsWithANumber(t *testing.T) {
	w := newWorld(t)
	w.say(omar, omar, "/rule 2026 elections")
	if got := w.rules(omar); len(got) != 1 || got[0].Query != "2026 AND elections" {
		t.Fatalf("rules: %+v", got)
	}
	w.say(omar, omar, "/rule ٢٠٢٧ انتخابات")
	if got := w.rules(omar); len(got) != 2 || got[1].Query != "٢٠٢٧ AND انتخابات" {
		t.Fatalf("rules: %+v", got)
	}
	w.say(omar, omar, "/rule 7 wonders") // may be a slip for another rule
	if got := w.rules(omar); len(got) != 2 || !strings.Contains(w.last(omar).Text, "no rule 7") {
		t.Errorf("rules: %+v\n%s", got, w.last(omar).Text)
	}
	w.say(omar, omar, "/rule 2 flash")
	w.say(omar, omar, "/rule 2026")
	if got := w.rules(omar); len(got) != 2 || got[1].Tier != store.TierFlash || !strings.Contains(w.last(omar).Text, "no rule 2026") {
		t.Errorf("rules: %+v\n%s", got, w.last(omar).Text)
	}
}

func TestMenuDoesEverything(t *testing.T) {
	w := newWorld(t)
	w.say(omar, omar, "/start")
	home := w.last(omar).ID
	w.press(omar, omar, "New rule")
	w.say(omar, omar, "vienna")
	if got := w.rules(omar); len(got) != 1 || got[0].Tier != store.TierInstant {
		t.Fatalf("rules: %+v", got)
	}
	w.press(omar, omar, "Flash")
	w.press(omar, omar, "Digest")
	if got := w.rules(omar)[0].Tier; got != store.TierDigest {
		t.Errorf("tier %s", got)
	}
	w.press(omar, omar, "Rename")
	w.say(omar, omar, "My city")
	w.press(omar, omar, "Change")
	w.say(omar, omar, "prague")
	if got := w.rules(omar)[0]; got.Name != "My city" || got.Query != "prague" {
		t.Errorf("rule %+v", got)
	}
	w.press(omar, omar, "Try it again")
	w.press(omar, omar, "Delete")
	if len(w.rules(omar)) != 1 {
		t.Fatal("deleted without asking")
	}
	w.press(omar, omar, "Keep")
	w.press(omar, omar, "Delete")
	w.press(omar, omar, "Delete")
	if len(w.rules(omar)) != 0 {
		t.Fatal("not deleted")
	}

	before := len(w.fake.Sent(omar))
	for _, label := range []string{"Settings", "Language", "العربية", "اللغة", "English", "Time zone", "Next", "Previous", "Riyadh", "Quiet hours", "23:00", "Digest", "07:00 (Mon", "Pause", "Resume"} {
		m, _ := w.fake.Message(omar, home)
		w.pressOn(m, omar, label)
	}
	if got := len(w.fake.Sent(omar)); got != before {
		t.Errorf("the menu was not edited in place: %d new messages", got-before)
	}
	c := w.chat(omar)
	if c.Lang != "en" || c.Zone != "Asia/Riyadh" || c.QuietFrom != 23*60 || c.QuietTo != 6*60 || c.State != store.ChatActive || c.Digest != "0 7 * * 1,2,3,4,5" {
		t.Errorf("the chat is %+v", c)
	}
	if want := time.Date(2026, 11, 25, 4, 0, 0, 0, time.UTC); !c.DigestAt.Equal(want) {
		t.Errorf("next digest %s, want %s", c.DigestAt, want)
	}
}

// pressOn presses a button of one message.
func (w *world) pressOn(m telegramtest.Message, user int64, label string) telegramtest.Answer {
	w.Helper()
	for _, row := range m.Keyboard {
		for _, b := range row {
			if strings.Contains(unmarked(b.Text), label) {
				return w.pressData(m.Chat, user, m.ID, b.Data)
			}
		}
	}
	w.Fatalf("no button %q under %q", label, m.Text)
	return telegramtest.Answer{}
}

func TestPressesAreIdempotentAndStaleOnesSaySo(t *testing.T) {
	w := newWorld(t)
	w.say(omar, omar, "/rule vienna")
	old := w.last(omar)
	w.pressOn(old, omar, "Flash")
	w.fakePress(old, "tier", 0) // the client sends a press again
	if got := w.rules(omar)[0].Tier; got != store.TierFlash {
		t.Errorf("tier %s", got)
	}
	w.say(omar, omar, "/rule 1 digest")
	if a := w.fakePress(old, "tier", 3); !strings.Contains(a.Text, "changed") {
		t.Errorf("a stale press says %q", a.Text)
	}
	if got := w.rules(omar)[0].Tier; got != store.TierDigest {
		t.Errorf("a stale press changed the tier to %s", got)
	}
	w.say(omar, omar, "/rule 1 delete")
	current, _ := w.fake.Message(omar, old.ID)
	if a := w.pressOn(current, omar, "Delete"); !strings.Contains(a.Text, "changed") {
		t.Errorf("a press on a deleted rule says %q", a.Text)
	}
}

// fakePress presses the button that a message had before it was edited: a
// client may still show it.
func (w *world) fakePress(old telegramtest.Message, name string, page int) telegramtest.Answer {
	w.Helper()
	for _, row := range old.Keyboard {
		for _, b := range row {
			if d, ok := parseData(b.Data); ok && d.screen == name && d.page == page {
				return w.forge(old.Chat, old.Chat, old.ID, b.Data)
			}
		}
	}
	w.Fatalf("no button %s %d", name, page)
	return telegramtest.Answer{}
}

func TestWhatToDoWithAText(t *testing.T) {
	w := newWorld(t)
	w.wire("Morning Wire", geneva()...)
	w.say(omar, omar, "festival & <crowds>")
	w.says(omar, "festival & <crowds>", "What shall I do")
	w.say(omar, omar, "harvest")
	first := w.fake.Sent(omar)[0]
	if a := w.pressOn(first, omar, "rule"); a.Text == "" {
		t.Error("the button of an older text acted on the newer one")
	}
	w.press(omar, omar, "Make a rule")
	if got := w.rules(omar); len(got) != 1 || got[0].Query != "harvest" {
		t.Errorf("rules %+v", got)
	}
	w.say(omar, omar, "https://example.org/feed.xml")
	w.press(omar, omar, "Follow")
	if got := w.rules(omar); len(got) != 2 || got[1].Query != "*" || got[1].Source == 0 {
		t.Errorf("rules %+v", got)
	}
	w.say(omar, omar, "anything")
	w.press(omar, omar, "Cancel")
	w.says(omar, "Cancelled")
	w.say(omar, omar, "old text")
	w.later(dialogFor + time.Second)
	if a := w.press(omar, omar, "Search"); !strings.Contains(a.Text, "again") {
		t.Errorf("an expired text: %q", a.Text)
	}
}

func TestArabicWordsOfTheMenu(t *testing.T) {
	w := newWorld(t)
	for said, want := range map[string]string{
		"القواعد": "لا قواعد بعد", "مساعدة": "ماذا أستطيع", "المصادر": "لا مصادر", "إلغاء": "لا شيء", "الاعدادات": "اللغة: العربية",
		"rules": "لا قواعد بعد", "بحث جنيف": "جنيف",
	} {
		w.say(layla, layla, said)
		w.says(layla, want)
	}
	w.say(layla, layla, "قاعدة جنيف")
	if got := w.rules(layla); len(got) != 1 || got[0].Query != "جنيف" {
		t.Errorf("rules %+v", got)
	}
	w.say(layla, layla, "/rule 1 عاجل")
	if got := w.rules(layla)[0].Tier; got != store.TierFlash {
		t.Errorf("tier %s", got)
	}
	w.say(layla, layla, "/rule 1 حذف")
	if got := w.rules(layla); len(got) != 0 {
		t.Errorf("rules %+v", got)
	}
}

func TestDialogEnds(t *testing.T) {
	w := newWorld(t)
	w.say(omar, omar, "/rule")
	w.say(omar, omar, "/cancel")
	w.says(omar, "Cancelled")
	w.say(omar, omar, "/rule")
	w.say(omar, omar, "/rules") // another command ends it too
	w.say(omar, omar, "vienna")
	w.says(omar, "What shall I do")
	w.say(omar, omar, "/rule")
	w.later(dialogFor + time.Second)
	w.say(omar, omar, "prague")
	w.says(omar, "What shall I do")
	if got := w.rules(omar); len(got) != 0 {
		t.Errorf("rules %+v", got)
	}
}

func TestForgetDeletesEverything(t *testing.T) {
	w := newWorld(t)
	w.say(omar, omar, "/rule vienna")
	w.say(omar, omar, "/follow https://example.org/feed")
	w.say(omar, omar, "/forget")
	w.says(omar, "2 rules")
	w.press(omar, omar, "Delete everything")
	if _, err := w.db.Chat(w.ctx, omar); err == nil {
		t.Error("the chat is still there")
	}
	if got := w.rules(omar); len(got) != 0 {
		t.Errorf("rules %+v", got)
	}
	w.says(omar, "deleted")
}

func TestPauseAndResume(t *testing.T) {
	w := newWorld(t)
	w.say(omar, omar, "/pause ٨")
	if c := w.chat(omar); c.State != store.ChatPaused || !c.PausedUntil.Equal(noon.Add(8*time.Hour)) {
		t.Errorf("paused: %+v", c)
	}
	w.say(omar, omar, "/digest")
	w.says(omar, "paused")
	w.say(omar, omar, "/resume")
	if c := w.chat(omar); c.State != store.ChatActive {
		t.Errorf("resumed: %+v", c)
	}
}

func TestWhy(t *testing.T) {
	w := newWorld(t)
	source := w.wire("Morning Wire")
	w.say(omar, omar, "/rule @geneva")
	rule := w.rules(omar)[0]
	w.later(2 * time.Minute)
	w.publish(source.ID, geneva()[:1], []store.Match{{Rule: rule.ID, Hits: []store.Hit{{Term: "@geneva", Text: "جنيف", Zone: "title"}}}})
	parcels, err := w.db.Claim(w.ctx, w.now(), 1)
	if err != nil || len(parcels) != 1 || len(parcels[0].Deliveries) != 1 {
		t.Fatalf("claim: %v, %+v", err, parcels)
	}
	ids := []int64{parcels[0].Deliveries[0].ID}
	if err := w.db.Sending(w.ctx, parcels[0], ids); err != nil {
		t.Fatal(err)
	}
	alert := w.last(omar).ID // stands for the alert
	if err := w.db.Sent(w.ctx, parcels[0], ids, alert, 0); err != nil {
		t.Fatal(err)
	}
	w.say(omar, omar, "/why", telegramtest.With{ReplyTo: alert})
	w.says(omar, "@geneva", "جنيف", "title", "Morning Wire", "Sent:")
	w.say(omar, omar, "/latest")
	w.says(omar, "The latest alerts", "جولة جديدة")
	w.say(omar, omar, "/why", telegramtest.With{ReplyTo: w.last(omar).ID})
	w.says(omar, "do not find")
}

func TestDigestNow(t *testing.T) {
	w := newWorld(t)
	w.say(omar, omar, "/start")
	w.say(omar, omar, "/digest")
	parcels, err := w.db.Claim(w.ctx, w.now(), 10)
	if err != nil || len(parcels) != 1 || parcels[0].Deliveries[0].Digest == 0 {
		t.Fatalf("claim: %v, %+v", err, parcels)
	}
	if got, want := w.chat(omar).DigestAt, time.Date(2026, 11, 25, 7, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("the next digest moved to %s", got)
	}
	w.say(omar, omar, "/digest") // at the same moment
	w.says(omar, "already")
}

// A query as long as a message may be is not repeated whole: with our own words
// around it the answer would be too long for Telegram.
func TestLongSearch(t *testing.T) {
	w := newWorld(t)
	w.say(omar, omar, "/search "+strings.Repeat("a", telegram.MaxText-len("/search ")))
	w.says(omar, "aaa…")
}
