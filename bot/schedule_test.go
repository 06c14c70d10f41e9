package bot

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"wirewatch/store"
)

func TestParseTimes(t *testing.T) {
	for _, tt := range []struct{ text, specs, back string }{
		{"07:00", "0 7 * * *", "07:00"},
		{"7:05", "5 7 * * *", "07:05"},
		{"18:30,07:00 mon-fri", "30 18 * * 1,2,3,4,5\n0 7 * * 1,2,3,4,5", "07:00,18:30 mon-fri"},
		{"07:00 sun-thu", "0 7 * * 0,1,2,3,4", "07:00 sun-thu"},
		{"٠٧:٠٠،۱۸:۳۰ الأحد-الخميس", "0 7 * * 0,1,2,3,4\n30 18 * * 0,1,2,3,4", "07:00,18:30 sun-thu"},
		{"07:00 Friday-Monday", "0 7 * * 0,1,5,6", "07:00 fri-mon"},
		{"07:00 mon, wed", "0 7 * * 1,3", "07:00 mon,wed"},
		{"07:00 sat,sun", "0 7 * * 0,6", "07:00 sun,sat"},
		{"07:00 mon-wed,fri", "0 7 * * 1,2,3,5", "07:00 mon,tue,wed,fri"},
		{"07:00 daily", "0 7 * * *", "07:00"}, {"07:00 يوميًا", "0 7 * * *", "07:00"},
		{"07:00 sun-sat", "0 7 * * *", "07:00"}, {"  07:00,07:00  ", "0 7 * * *", "07:00"},
		{"07:00 الجمعة", "0 7 * * 5", "07:00 fri"},
	} {
		specs, err := ParseTimes(tt.text)
		if err != nil || specs != tt.specs {
			t.Errorf("ParseTimes(%q) = %q, %v; want %q", tt.text, specs, err, tt.specs)
			continue
		}
		back, ok := FormatTimes(specs)
		if !ok || back != tt.back {
			t.Errorf("FormatTimes(%q) = %q, %v; want %q", specs, back, ok, tt.back)
		}
		if _, err := Next(specs, "Asia/Riyadh", time.Now()); err != nil {
			t.Errorf("cron does not take %q: %v", specs, err)
		}
	}
	for _, bad := range []string{"", "x", "25:00", "07:60", "7", "07:00 nodays", "07:00 m", "07:00 mon-", "mon", ",", "07.00", "07:00 -",
		strings.Repeat("07:00,", 5) + "99:99", "0:01,0:02,0:03,0:04,0:05,0:06,0:07,0:08,0:09,0:10,0:11,0:12,0:13"} {
		if specs, err := ParseTimes(bad); !errors.Is(err, ErrSchedule) {
			t.Errorf("ParseTimes(%q) = %q, %v; want ErrSchedule", bad, specs, err)
		}
	}
	for _, foreign := range []string{"", "*/5 * * * *", "0 7 1 * *", "@daily", "0 7 * * *\n0 8 * * 1", "0 7 * * 1-5", "0 7 * *"} {
		if text, ok := FormatTimes(foreign); ok {
			t.Errorf("FormatTimes(%q) = %q, which it cannot know", foreign, text)
		}
	}
}

func TestNext(t *testing.T) {
	const berlin = "Europe/Berlin"
	for _, tt := range []struct{ name, specs, zone, after, want string }{
		{"later today", "0 7 * * *", "Asia/Riyadh", "2026-11-23T03:59:59Z", "2026-11-23T04:00:00Z"},
		{"strictly after", "0 7 * * *", "Asia/Riyadh", "2026-11-23T04:00:00Z", "2026-11-24T04:00:00Z"},
		{"the earliest of several", "0 18 * * *\n0 7 * * *\n", "", "2026-11-23T08:00:00Z", "2026-11-23T18:00:00Z"},
		{"weekend", "0 7 * * 0,1,2,3,4", "Asia/Riyadh", "2026-11-26T05:00:00Z", "2026-11-29T04:00:00Z"},
		{"its own zone", "CRON_TZ=Asia/Riyadh 0 7 * * *", berlin, "2026-11-23T00:00:00Z", "2026-11-23T04:00:00Z"},
		{"unknown zone", "0 7 * * *", "Mars/Olympus", "2026-11-23T00:00:00Z", "2026-11-23T07:00:00Z"},
		{"never", "0 7 31 2 *", "", "2026-11-23T00:00:00Z", ""},
		{"nothing", "\n", "", "2026-11-23T00:00:00Z", ""},
		{"every", "@every 1h", "", "2026-11-23T00:00:00Z", "2026-11-23T01:00:00Z"},
		// Berlin, 29 March 2026: 02:00 becomes 03:00.
		{"the day before the change", "0 7 * * *", berlin, "2026-03-28T05:00:00Z", "2026-03-28T06:00:00Z"},
		{"over the change", "0 7 * * *", berlin, "2026-03-28T06:00:00Z", "2026-03-29T05:00:00Z"},
		{"a time left out", "30 2 * * *", berlin, "2026-03-28T12:00:00Z", "2026-03-29T01:30:00Z"},
		{"after it", "30 2 * * *", berlin, "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"},
		// 25 October 2026: 03:00 becomes 02:00, 02:30 comes twice.
		{"a time that comes twice", "30 2 * * *", berlin, "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"},
		{"is used once", "30 2 * * *", berlin, "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"},
		{"between the two", "30 2 * * *", berlin, "2026-10-25T01:10:00Z", "2026-10-26T01:30:00Z"},
		// Havana changes at midnight: 00:00 of 8 March 2026 does not exist.
		{"midnight left out", "0 0 * * *", "America/Havana", "2026-03-07T12:00:00Z", "2026-03-08T05:00:00Z"},
	} {
		got, err := Next(tt.specs, tt.zone, at(t, tt.after))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if want := at(t, tt.want); !got.Equal(want) {
			t.Errorf("%s: %v, want %v", tt.name, got.UTC(), want)
		}
	}
	for _, bad := range []string{"x", "61 7 * * *", "TZ=UTC", "CRON_TZ=Asia/Riyadh", "CRON_TZ=Mars/Olympus 0 7 * * *", "CRON_TZ= ", "0 7 * * *\nx", "@"} {
		if got, err := Next(bad, "", time.Now()); err == nil {
			t.Errorf("Next(%q) = %v", bad, got)
		}
	}
}

func at(t *testing.T, s string) time.Time {
	t.Helper()
	if s == "" {
		return time.Time{}
	}
	got, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestPrevious(t *testing.T) {
	now := at(t, "2026-11-23T04:00:10Z") // Monday, 07:00:10 in Riyadh
	for specs, want := range map[string]string{
		"0 7 * * *": "2026-11-23T04:00:00Z", "0 8 * * *": "2026-11-22T05:00:00Z",
		"0 7 1 1 *": "", "": "", "x": "",
	} {
		if got := previous(specs, "Asia/Riyadh", now); !got.Equal(at(t, want)) {
			t.Errorf("previous(%q) = %v, want %q", specs, got.UTC(), want)
		}
	}
}

// Wherever the clocks are changed, a daily digest comes once a calendar day.
func TestOnceADay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom([]string{"Europe/Berlin", "America/Havana", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Gaza", "UTC"}).Draw(t, "zone")
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		specs, err := ParseTimes(time.Unix(rapid.Int64Range(0, 86399).Draw(t, "time"), 0).UTC().Format("15:04"))
		if err != nil {
			t.Fatal(err)
		}
		last := time.Unix(rapid.Int64Range(1_700_000_000, 1_900_000_000).Draw(t, "after"), 0)
		last, err = Next(specs, zone, last)
		for range 400 {
			if err != nil {
				t.Fatal(err)
			}
			next, nextErr := Next(specs, zone, last)
			y, m, d := last.In(loc).Date()
			y, m, d = time.Date(y, m, d+1, 12, 0, 0, 0, time.UTC).Date()
			if ny, nm, nd := next.In(loc).Date(); ny != y || nm != m || nd != d {
				t.Fatalf("%s in %s: %v, then %v", specs, zone, last.In(loc), next.In(loc))
			}
			last, err = next, nextErr
		}
	})
}

func FuzzSchedule(f *testing.F) {
	f.Add("07:00,18:30 mon-fri")
	f.Add("TZ=x")
	f.Fuzz(func(t *testing.T, s string) {
		if specs, err := ParseTimes(s); err == nil {
			text, ok := FormatTimes(specs)
			again, err := ParseTimes(text)
			if !ok || err != nil || !slices.Equal(sortedLines(again), sortedLines(specs)) {
				t.Errorf("%q gives %q, which reads %q, which gives %q", s, specs, text, again)
			}
		}
		_, _ = Next(s, s, time.Unix(1_800_000_000, 0))
	})
}

func sortedLines(specs string) []string { return slices.Sorted(lines(specs)) }

// A digestStore keeps what a scheduler did.
type digestStore struct {
	due     []store.Chat
	rules   []store.DueRule
	ripe    int
	started map[int64][2]time.Time
}

func (s *digestStore) DueDigests(context.Context, time.Time, int) ([]store.Chat, error) {
	return s.due, nil
}

func (s *digestStore) StartDigest(_ context.Context, chat int64, slot, next time.Time) (int64, error) {
	if chat == 13 {
		return 0, errors.New("disk full")
	}
	if _, ok := s.started[chat]; ok {
		return 0, nil
	}
	s.started[chat] = [2]time.Time{slot, next}
	return chat, nil
}

func (s *digestStore) DueRules(context.Context, time.Time, int) ([]store.DueRule, error) {
	rules := s.rules
	s.rules = nil
	return rules, nil
}

func (s *digestStore) PassDigest(_ context.Context, rule int64, slot, next time.Time) error {
	s.started[-rule] = [2]time.Time{slot, next}
	return nil
}

func (s *digestStore) Ripen(context.Context, time.Time, int) (int, error) { return s.ripe, nil }

func TestRound(t *testing.T) {
	now := at(t, "2026-11-23T04:10:00Z")
	slot := at(t, "2026-11-20T04:00:00Z") // three days late: one digest, not four
	db := &digestStore{ripe: 2, rules: []store.DueRule{
		{Rule: store.Rule{ID: 7, Digest: "0 9 * * *", DigestAt: slot}}, {Rule: store.Rule{ID: 8, Digest: "nonsense", DigestAt: slot}},
		{Rule: store.Rule{ID: 9, Digest: "0 9 * * *", DigestAt: slot}, Zone: "UTC"},
	}, started: map[int64][2]time.Time{4: {}}, due: []store.Chat{
		{ID: 1, Digest: "0 7 * * *", DigestAt: slot}, {ID: 13, Digest: "0 7 * * *", DigestAt: slot},
		{ID: 2, Digest: "nonsense", DigestAt: slot}, {ID: 3, Digest: "0 7 * * *", Zone: "UTC", DigestAt: slot},
		{ID: 4, Digest: "0 7 * * *", DigestAt: slot}, {ID: 5, DigestAt: slot},
	}}
	n, err := Scheduler{Store: db, Now: func() time.Time { return now }, Zone: "Asia/Riyadh"}.Round(t.Context())
	if n != 6 || err == nil || !strings.Contains(err.Error(), "chat 13: disk full") {
		t.Errorf("started %d, error %v", n, err)
	}
	for chat, want := range map[int64]string{1: "2026-11-24T04:00:00Z", 2: "2026-11-24T04:10:00Z", 3: "2026-11-23T07:00:00Z", 5: "",
		-7: "2026-11-23T06:00:00Z", -8: "", -9: "2026-11-23T09:00:00Z"} {
		got := db.started[chat]
		if !got[0].Equal(slot) || !got[1].Equal(at(t, want)) {
			t.Errorf("chat %d: slot %v, next %v, want %q", chat, got[0], got[1], want)
		}
	}
}
