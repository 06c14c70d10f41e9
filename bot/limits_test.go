package bot

import (
	"strings"
	"testing"
	"time"

	"wirewatch/store"
)

func TestParseCap(t *testing.T) {
	hour := time.Hour
	for said, want := range map[string]store.Limits{
		"5/h": {Cap: 5, Per: hour}, " 10 / 30m ": {Cap: 10, Per: hour / 2}, "20/day": {Cap: 20, Per: 24 * hour}, "1/1m": {Cap: 1, Per: time.Minute},
		"٥/ساعة": {Cap: 5, Per: hour}, "۱۰/۲ ساعات": {Cap: 10, Per: 2 * hour}, "3/90 Minutes": {Cap: 3, Per: 90 * time.Minute}, "1000/24h": {Cap: 1000, Per: 24 * hour},
		"": {}, "5": {}, "/h": {}, "0/h": {}, "-1/h": {}, "1001/h": {}, "5/": {}, "5/s": {}, "5/0m": {}, "5/2d": {}, "5/25h": {}, "5/h/h": {}, "many/h": {},
		"99999999999999999999/h": {}, "5/99999999999999999999h": {}, "5/h m": {},
	} {
		got, ok := parseCap(said)
		if ok != (want != store.Limits{}) || ok && got != want {
			t.Errorf("%q: %+v, %v, want %+v", said, got, ok, want)
		}
	}
}

// FuzzParseCap holds that what is read is a limit that the store takes.
func FuzzParseCap(f *testing.F) {
	for _, seed := range []string{"5/h", "10/30m", "٥/ساعة", "0/h", "5/2d", "1/", "½/h"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, said string) {
		l, ok := parseCap(said)
		if ok && (l.Cap < 1 || l.Cap > store.MaxCap || l.Per < store.MinPer || l.Per > store.MaxPer || l.Cooldown != 0) {
			t.Errorf("%q is read as %+v", said, l)
		}
		if d, ok := parseSpan(said); ok && d <= 0 {
			t.Errorf("%q is read as %v", said, d)
		}
	})
}

func TestLimitCommands(t *testing.T) {
	w := newWorld(t)
	w.say(omar, omar, "/rule vienna")
	w.say(omar, omar, "/digest 07:00,18:00")
	six := time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC)
	r := store.Rule{Tier: store.TierInstant}
	for _, step := range []struct {
		said string
		now  func()
		says string
	}{
		{"/rule 1 cap", func() {}, "no limits"},
		{"/rule 1 cap 5/h", func() { r.Limits.Cap, r.Limits.Per = 5, time.Hour }, "5 alerts in 1 hour"},
		{"/rule 1 COOLDOWN ٣٠ دقيقة", func() { r.Limits.Cooldown = 30 * time.Minute }, "30 minutes between alerts"},
		{"/rule 1 cap 5/year", func() {}, "cannot read"},
		{"/rule 1 cooldown 2d", func() {}, "cannot read"},
		{"/rule 1 cap off", func() { r.Limits.Cap, r.Limits.Per = 0, 0 }, "limits of the rule are changed"},
		{"/rule 1 cooldown off", func() { r.Limits = store.Limits{} }, "no limits"},
		{"/rule 1 cap on", func() { r.Limits = defaultCap }, "5 alerts"},
		{"/rule 1 digest 18:00", func() { r.Tier, r.Digest, r.DigestAt = store.TierDigest, "0 18 * * *", six }, "digest at 18:00"},
		{"/zone Asia/Riyadh", func() { r.DigestAt = six.Add(-3 * time.Hour) }, "Riyadh"},
		{"/rule 1 digest 9:00,25:00", func() {}, "/rule 1 digest 07:00,18:00 mon-fri"},
		{"/rule 1 digest 09:30 sun-thu", func() { r.Digest, r.DigestAt = "30 9 * * 0,1,2,3,4", six.Add(12*time.Hour+30*time.Minute) }, "09:30"},
		{"/rule 1 digest chat", func() { r.Digest, r.DigestAt = "", time.Time{} }, "the next digest"},
		{"/rule 1 digest 18:00", func() { r.Digest, r.DigestAt = "0 18 * * *", six.Add(-3*time.Hour) }, "18:00"},
		{"/rule 1 instant", func() { r.Tier, r.Digest, r.DigestAt = store.TierInstant, "0 18 * * *", six.Add(-3*time.Hour) }, ""},
	} {
		w.say(omar, omar, step.said)
		step.now()
		w.says(omar, step.says)
		got := w.rules(omar)[0]
		if got.Tier != r.Tier || got.Digest != r.Digest || !got.DigestAt.Equal(r.DigestAt) || got.Limits != r.Limits {
			t.Errorf("%s: the rule is %+v, want %+v", step.said, got, r)
		}
	}
	w.say(omar, omar, "/rule 1 cap gun") // words of a query
	if got := w.rules(omar)[0]; got.Query != "cap AND gun" {
		t.Errorf("the rule is %+v", got)
	}
}

// What exceeds a rule's limits is told of by one message that opens it; it is settled
// by being shown. Anybody in a group may read on.
func TestFold(t *testing.T) {
	d := newDesk(t)
	group := d.fake.Supergroup("desk", omar, layla).ID
	d.fake.SetAdmin(group, omar)
	d.say(group, omar, "/rule@wirewatch_test_bot news")
	d.say(group, omar, "/rule@wirewatch_test_bot 1 cap 2/h")
	rule := d.rules(group)[0]
	seen := len(d.fake.Sent(group))
	d.news(14, rule)
	d.wants(d.got(group, &seen), "🔔 News 1", "🔔 News 2")
	d.later(30 * time.Minute)
	d.news(2, rule)
	d.wants(d.got(group, &seen))
	d.later(30 * time.Minute)
	d.bring()
	d.wants(d.got(group, &seen), "🔔 ➕ 14 more stories: news")
	d.news(1, rule) // a new hour
	d.wants(d.got(group, &seen), "🔔 News 17")

	d.press(group, layla, "Show all 14")
	d.wants(d.got(group, &seen)) // it opens where it stands
	text := unmarked(d.fake.Sent(group)[seen-2].Text)
	for _, part := range []string{"14 stories that", "1. News 3", "8. News 10"} {
		if !strings.Contains(text, part) || strings.Contains(text, "News 11") {
			t.Errorf("opened it says\n%s\nwithout %q", text, part)
		}
	}
	d.states(group, map[string]int{store.StateSent: 3 + 1 + 8, store.StateFolded: 6})
	d.press(group, layla, "Next")
	if text := unmarked(d.fake.Sent(group)[seen-2].Text); !strings.Contains(text, "14. News 16") {
		t.Errorf("its second page says\n%s", text)
	}
	d.states(group, map[string]int{store.StateSent: 18})
}

// states checks how many deliveries of a chat are in each state.
func (d *desk) states(chat int64, want map[string]int) {
	d.Helper()
	got := map[string]int{}
	for e, err := range d.db.Ledger(d.ctx, store.LedgerFilter{Chat: chat}) {
		if err != nil {
			d.Fatal(err)
		}
		got[e.State]++
	}
	for state := range got {
		if got[state] != want[state] {
			d.Errorf("%d deliveries are %s, want %d", got[state], state, want[state])
		}
	}
}

// Hours and limits as they read.
func TestHoursRead(t *testing.T) {
	for name, user := range map[string]int64{"hours_en": omar, "hours_ar": layla} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			for _, said := range []string{
				"/rule news", "/rule 1 cap", "/rule 1 cap 2/h", "/rule 1 cooldown 45m", "/rule 1 cap 5/week", "/rule 1", "/rule 1 cooldown off",
				"/digest 07:00,18:00", "/quiet 23:00-06:00 hold", "/quiet silent", "/settings", "/quiet",
			} {
				d.say(user, user, said)
			}
			rule := d.rules(user)[0]
			d.until(0, 21, 0)
			d.news(16, rule)
			d.until(0, 23, 30)
			d.bring()
			open := d.fake.Sent(user)[len(d.fake.Sent(user))-1]
			d.pressData(user, user, open.ID, open.Keyboard[0][0].Data)
			d.say(user, user, "/quiet hold")
			d.carry(4, rule)
			d.until(1, 3, 0)
			d.say(user, user, "/quiet off")
			d.bring()
			d.say(user, user, "/rule 1 digest 18:00 mon-fri")
			d.say(user, user, "/rule 1")
			times := d.fake.Sent(user)[len(d.fake.Sent(user))-1]
			for _, row := range times.Keyboard {
				for _, b := range row {
					if strings.HasPrefix(b.Data, data{screen: "times", id: rule.ID}.String()) {
						d.pressData(user, user, times.ID, b.Data)
					}
				}
			}
			d.golden(user, name)
		})
	}
}

// A stale screen of limits changes nothing.
func TestLimitsStale(t *testing.T) {
	w := newWorld(t)
	w.say(omar, omar, "/rule vienna")
	w.press(omar, omar, "Limits")
	old := w.last(omar)
	w.say(omar, omar, "/rule 1 cap 7/h")
	for _, row := range old.Keyboard[:4] {
		for _, b := range row {
			if _, err := w.fake.PressOld(omar, omar, old.ID, b.Data); err != nil {
				t.Fatal(err)
			}
			w.idle()
		}
	}
	if l := w.rules(omar)[0].Limits; l != (store.Limits{Cap: 7, Per: time.Hour}) {
		t.Errorf("the limits are %+v", l)
	}
	w.say(omar, omar, "/rule 1 cap")
	w.press(omar, omar, "10 alerts in 1 hour")
	w.press(omar, omar, "30 minutes between")
	if l := w.rules(omar)[0].Limits; l != (store.Limits{Cap: 10, Per: time.Hour, Cooldown: 30 * time.Minute}) {
		t.Errorf("the limits are %+v", l)
	}
	w.press(omar, omar, "Any number")
	w.press(omar, omar, "No pause")
	if l := w.rules(omar)[0].Limits; l != (store.Limits{}) {
		t.Errorf("the limits are %+v", l)
	}
}
