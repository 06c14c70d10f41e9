package watch

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"wirewatch/store"
)

// office is an agency that publishes every half hour from 6 to 22 h, on weekdays.
func office(from time.Time, days int) (at []time.Time) {
	for d := range days {
		day := from.AddDate(0, 0, d)
		if day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
			continue
		}
		for m := 6 * 60; m < 22*60; m += 30 {
			at = append(at, day.Add(time.Duration(m)*time.Minute))
		}
	}
	return at
}

func TestPatience(t *testing.T) {
	monday := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	every := func(gap time.Duration, n int) (at []time.Time) {
		for i := range n {
			at = append(at, monday.Add(time.Duration(i)*gap))
		}
		return at
	}
	outage := office(monday, 26)
	outage = append(outage[:60], outage[200:]...) // a week is missing
	for _, test := range []struct {
		name     string
		arrivals []time.Time
		want     time.Duration
		ok       bool
	}{
		{"nothing", nil, 0, false},
		{"too few", every(24*time.Hour, pulseArrivals-1), 0, false},
		{"too short", every(time.Hour, 100), 0, false},
		{"a wire, day and night", every(10*time.Minute, 2000), minSilence, true},
		{"every four hours", every(4*time.Hour, 60), 8 * time.Hour, true},
		{"an office keeps its weekends", office(monday, 26), 2 * (56*time.Hour + 30*time.Minute), true},
		{"one outage changes little", outage, 2 * (56*time.Hour + 30*time.Minute), true},
	} {
		if have, ok := patience(test.arrivals); have != test.want || ok != test.ok {
			t.Errorf("%s: %s, %v; want %s, %v", test.name, have, ok, test.want, test.ok)
		}
	}
}

// publish brings articles of a source as visits would, hour by hour.
func (f *fixture) publish(path string, first, hours int) {
	f.t.Helper()
	for i := range hours {
		n := first + i // the site's ETag is the length: it must differ from the last
		f.site.put(path, fmt.Sprintf("g%d|%d|text%s", n, n, strings.Repeat("!", n%3)))
		f.round()
	}
}

func TestSilenceIsNoticedOnceAndSoIsItsEnd(t *testing.T) {
	f := setup(t)
	f.site.put("/busy", "0|0|text")
	f.site.put("/quiet", "0|0|text")
	busy := f.source("/busy")
	f.source("/quiet")
	v := Vigil{Store: f.db, Now: f.clock.now, Log: slog.New(slog.DiscardHandler)}
	look := func(want string) {
		t.Helper()
		changes, err := v.Round(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		have := ""
		for _, c := range changes {
			have += fmt.Sprintf("%d over=%v;", c.Source, !c.Until.IsZero())
		}
		if have != want {
			t.Errorf("noticed %q, want %q", have, want)
		}
	}
	f.publish("/busy", 1, 110) // every two hours, for nine days
	last := f.clock.now()
	look("")
	f.round()
	look("") // two hours
	f.round()
	look(fmt.Sprintf("%d over=false;", busy.ID))
	look("")
	silent, err := f.db.Silences(t.Context())
	if err != nil || len(silent) != 1 || !silent[busy.ID].Equal(last) {
		t.Errorf("recorded %v, %v; want %v", silent, err, last)
	}
	f.publish("/busy", 1000, 1)
	look(fmt.Sprintf("%d over=true;", busy.ID))
	look("")
}

func TestFailingSourcesAreNotSilent(t *testing.T) {
	f := setup(t)
	f.site.put("/a", "0|0|text")
	f.source("/a")
	f.publish("/a", 1, 110)
	f.site.status("/a", 500)
	for range 3 {
		f.clock.add(12 * time.Hour)
		f.Round(t.Context())
	}
	changes, err := Vigil{Store: f.db, Now: f.clock.now, Log: slog.New(slog.DiscardHandler)}.Round(t.Context())
	if err != nil || len(changes) != 0 {
		t.Errorf("noticed %+v, %v: its error says what is wrong", changes, err)
	}
	var _ Pulse = (*store.DB)(nil)
}

// While the program itself stood still nobody knows what a source did.
func TestOwnOutageIsNoSilence(t *testing.T) {
	f := setup(t)
	f.site.put("/busy", "0|0|text")
	busy := f.source("/busy")
	f.publish("/busy", 1, 110)
	v := Vigil{Store: f.db, Now: f.clock.now, Log: slog.New(slog.DiscardHandler)}
	f.clock.add(48 * time.Hour)
	if changes, err := v.Round(t.Context()); err != nil || len(changes) != 0 {
		t.Errorf("noticed %+v, %v before the first visit", changes, err)
	}
	f.round() // it answers, and has nothing new
	if changes, err := v.Round(t.Context()); err != nil || len(changes) != 1 || changes[0].Source != busy.ID {
		t.Errorf("noticed %+v, %v after it", changes, err)
	}
}
