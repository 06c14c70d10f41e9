package bot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"wirewatch/feeds"
	"wirewatch/store"
)

// A desk is a world with a courier, a source and the news that it carries.
type desk struct {
	*world
	courier *Courier
	source  store.Source
	items   int
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{world: newWorld(t)}
	d.source = d.wire("Morning Wire")
	d.courier = NewCourier(CourierOptions{Store: d.db, Sender: d.bot.o.Telegram, Now: d.now, Zone: "UTC", Rate: 1000, Log: d.bot.o.Log})
	d.courier.gap, d.courier.group = time.Millisecond, time.Millisecond
	return d
}

// news lets the source carry n more articles that some rules take, and brings what
// is due.
func (d *desk) news(n int, rules ...store.Rule) {
	d.Helper()
	d.carry(n, rules...)
	d.bring()
}

func (d *desk) carry(n int, rules ...store.Rule) {
	d.Helper()
	var matches []store.Match
	for _, r := range rules {
		matches = append(matches, store.Match{Rule: r.ID, Hits: []store.Hit{{Term: "*", Text: "News", Zone: "title"}}})
	}
	var items []feeds.Article
	for range n {
		d.items++
		items = append(items, feeds.Article{ID: fmt.Sprint("n", d.items), URL: fmt.Sprint("https://wire.example/n/", d.items),
			Title: fmt.Sprint("News ", d.items), Lang: "en", Published: d.now()})
	}
	d.later(time.Minute)
	d.publish(d.source.ID, items, matches)
}

// bring is a round of the scheduler, and then of the courier until nothing is due.
func (d *desk) bring() {
	d.Helper()
	if _, err := d.bot.Digests(d.ctx); err != nil {
		d.Fatal(err)
	}
	for {
		d.later(2 * time.Second)
		parcels, err := d.db.Claim(d.ctx, d.now(), 10)
		if err != nil {
			d.Fatal(err)
		}
		if len(parcels) == 0 {
			return
		}
		for _, p := range parcels {
			if _, err := d.courier.deliver(d.ctx, p); err != nil {
				d.Fatal(err)
			}
		}
	}
}

// until sets the clock to a time of the first day of the tests or a later one.
func (d *desk) until(day, hour, minute int) {
	d.Helper()
	at := time.Date(noon.Year(), noon.Month(), noon.Day()+day, hour, minute, 0, 0, time.UTC)
	if at.Before(d.now()) {
		d.Fatalf("%v is past", at)
	}
	d.later(at.Sub(d.now()))
}

// got is what a chat received since the last call: first line of each message, with
// a bell where it had a sound.
func (d *desk) got(chat int64, seen *int) []string {
	list := []string{}
	for _, m := range d.fake.Sent(chat)[*seen:] {
		*seen++
		line, _, _ := strings.Cut(unmarked(m.Text), "\n")
		if !m.Silent {
			line = "🔔 " + line
		}
		list = append(list, line)
	}
	return list
}

func (d *desk) wants(got []string, want ...string) {
	d.Helper()
	if !slices.EqualFunc(got, want, strings.Contains) {
		d.Errorf("got %q, want %q", got, want)
	}
}

// Instant alerts in quiet hours come without a sound, or wait for their end or for a
// digest soon after; flash alerts come at once, with a sound.
func TestQuietHours(t *testing.T) {
	d := newDesk(t)
	d.say(omar, omar, "/rule news")
	d.say(omar, omar, "/rule breaking")
	d.say(omar, omar, "/rule 2 flash")
	d.say(omar, omar, "/quiet 23:00-06:00")
	d.say(omar, omar, "/digest 07:30")
	instant, flash := d.rules(omar)[0], d.rules(omar)[1]
	seen := len(d.fake.Sent(omar))

	d.until(0, 23, 30)
	d.news(1, instant)
	d.news(1, flash)
	d.wants(d.got(omar, &seen), "News 1", "🔔 🔴 Urgent")

	d.say(omar, omar, "/quiet hold")
	d.wants(d.got(omar, &seen), "Quiet hours: 23:00–06:00")
	d.news(2, instant)
	d.news(1, instant, flash)
	d.news(1, instant)
	d.wants(d.got(omar, &seen), "🔔 🔴 Urgent")
	d.until(1, 6, 30) // the quiet hours are over, the digest is not far
	d.bring()
	d.wants(d.got(omar, &seen))
	d.until(1, 7, 30)
	d.bring()
	d.wants(d.got(omar, &seen), "🔔 🗞 Digest")
	if text := unmarked(d.last(omar).Text); !strings.Contains(text, "News 3") || !strings.Contains(text, "News 4") || !strings.Contains(text, "News 6") || strings.Contains(text, "News 5") {
		t.Errorf("the digest says\n%s", text)
	}

	d.say(omar, omar, "/digest 18:00")
	d.until(1, 18, 0)
	d.bring()
	d.got(omar, &seen)
	d.until(2, 2, 0)
	d.news(1, instant)
	d.until(2, 5, 58)
	d.bring()
	d.wants(d.got(omar, &seen))
	d.until(2, 6, 0)
	d.bring()
	d.wants(d.got(omar, &seen), "🔔 🗞 Digest")
	d.says(omar, "News 7")
}

// Quiet hours end by the chat's clock, whatever is done to it.
func TestQuietEnd(t *testing.T) {
	berlin := store.Chat{QuietFrom: 22 * 60, QuietTo: 2*60 + 30, QuietHold: true}
	for _, tt := range []struct {
		zone, now, want string
		chat            store.Chat
	}{
		{"UTC", "2026-11-24T23:00:00Z", "2026-11-25T06:30:00Z", store.Chat{QuietFrom: 1380, QuietTo: 390}},
		{"UTC", "2026-11-25T06:29:59Z", "2026-11-25T06:30:00Z", store.Chat{QuietFrom: 1380, QuietTo: 390}},
		{"Asia/Kathmandu", "2026-11-24T18:00:00Z", "2026-11-25T00:45:00Z", store.Chat{QuietFrom: 1380, QuietTo: 390}},
		{"Europe/Berlin", "2026-03-28T22:00:00Z", "2026-03-29T01:30:00Z", berlin}, // 02:30 does not exist: 03:30
		{"Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T00:30:00Z", berlin}, // 02:30 comes twice
		{"UTC", "2026-11-24T13:30:00Z", "2026-11-24T15:00:00Z", store.Chat{QuietFrom: 780, QuietTo: 900}},
		{"UTC", "2026-12-31T23:59:00Z", "2027-01-01T00:00:00Z", store.Chat{QuietFrom: 1380, QuietTo: 0}},
	} {
		now := at(t, tt.now).In(zone(t, tt.zone))
		if !quiet(tt.chat, now) {
			t.Errorf("%s at %s is not quiet", tt.zone, tt.now)
		}
		end := quietEnd(tt.chat, now)
		if !end.Equal(at(t, tt.want)) {
			t.Errorf("%s at %s: they end %s, want %s", tt.zone, tt.now, end.UTC().Format(time.RFC3339), tt.want)
		}
		for next, want := range map[time.Duration]time.Duration{time.Hour: time.Hour, heldGrace: heldGrace, heldGrace + time.Minute: 0, 0: 0} {
			chat := tt.chat
			if chat.DigestAt = end.Add(next); next == 0 {
				chat.DigestAt = time.Time{}
			}
			if got := heldUntil(chat, now); !got.Equal(end.Add(want)) {
				t.Errorf("with a digest %v later it comes %v later", next, got.Sub(end))
			}
		}
	}
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// What is late is told as one digest that says why; at night it waits with the rest.
func TestBacklogIsOneDigest(t *testing.T) {
	for _, hold := range []bool{false, true} {
		t.Run(fmt.Sprint(hold), func(t *testing.T) {
			d := newDesk(t)
			d.say(omar, omar, "/rule news")
			d.say(omar, omar, "/digest off")
			d.say(omar, omar, "/quiet 23:00-06:00")
			if hold {
				d.say(omar, omar, "/quiet hold")
			}
			rule := d.rules(omar)[0]
			seen := len(d.fake.Sent(omar))
			d.until(0, 22, 30)
			d.carry(5, rule)
			d.until(1, 0, 30)
			d.bring()
			if !hold {
				d.wants(d.got(omar, &seen), "⏳ What came meanwhile.")
			} else {
				d.wants(d.got(omar, &seen))
				d.until(1, 6, 0)
				d.bring()
				d.wants(d.got(omar, &seen), "🔔 🗞 Digest")
			}
			d.says(omar, "News 1", "News 5")
		})
	}
}

// After a pause, what came meanwhile is told as one digest too.
func TestPauseEndsInOneDigest(t *testing.T) {
	d := newDesk(t)
	d.say(omar, omar, "/rule news")
	d.say(omar, omar, "/pause")
	rule := d.rules(omar)[0]
	seen := len(d.fake.Sent(omar))
	d.news(4, rule)
	d.later(3 * time.Hour)
	d.wants(d.got(omar, &seen))
	d.say(omar, omar, "/resume")
	d.bring()
	d.wants(d.got(omar, &seen), "Alerts are on again", "⏳ What came meanwhile.")
	d.says(omar, "News 1", "News 4")
}
