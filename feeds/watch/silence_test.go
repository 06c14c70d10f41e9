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

// A busy source that fails for as long as it would be silent brings as little: people are
// told, unless it may be our own network, or the program itself has not run.
func TestFailingSourceIsNoticed(t *testing.T) {
	for _, test := range []struct {
		name      string
		every     time.Duration // between rounds after it began to fail
		rounds    int
		witness   int // status of another source, 0 good
		wantAfter bool
	}{
		{"it alone", time.Hour, 48, 0, true},
		{"all of them", time.Hour, 48, 503, false},
		{"a short time", 15 * time.Minute, 8, 0, false},
		{"the program did not run", 48 * time.Hour, 1, 0, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := setup(t)
			f.site.put("/busy", "0|0|text")
			f.site.put("/other", "0|0|text")
			busy := f.source("/busy")
			f.source("/other")
			f.publish("/busy", 1, 110)
			f.site.status("/busy", 403)
			f.site.status("/other", test.witness)
			v := Vigil{Store: f.db, Now: f.clock.now, Log: slog.New(slog.DiscardHandler), Pace: f.o.Pace}
			var noticed []store.Silence
			for range test.rounds {
				f.clock.add(test.every)
				f.Round(t.Context())
				news, err := v.Round(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				noticed = append(noticed, news...)
			}
			if !test.wantAfter {
				if len(noticed) > 0 {
					t.Errorf("noticed %+v", noticed)
				}
				return
			}
			if len(noticed) != 1 || noticed[0].Source != busy.ID || !noticed[0].Until.IsZero() {
				t.Fatalf("noticed %+v", noticed)
			}
			f.site.status("/busy", 0)
			f.clock.add(24 * time.Hour)
			f.publish("/busy", 1000, 1)
			if news, err := v.Round(t.Context()); err != nil || len(news) != 1 || news[0].Until.IsZero() {
				t.Errorf("when it was back: %+v, %v", news, err)
			}
		})
	}
	var _ Pulse = (*store.DB)(nil)
}

func TestGoneSourceIsNoticedOnce(t *testing.T) {
	f := setup(t)
	f.site.put("/a", "0|0|text")
	a := f.source("/a")
	f.site.status("/never", 410)
	f.source("/never")
	f.round()
	f.site.status("/a", 410)
	v := &Vigil{Store: f.db, Now: f.clock.now, Log: slog.New(slog.DiscardHandler)}
	var noticed []store.Silence
	for range 5 {
		f.clock.add(24 * time.Hour)
		f.Round(t.Context())
		news, err := v.Round(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		noticed = append(noticed, news...)
	}
	if len(noticed) != 1 || noticed[0].Source != a.ID {
		t.Errorf("noticed %+v", noticed)
	}
}

// When our own network is back, what waits for its next try has not failed by itself.
func TestReturnOfTheNetworkIsNoSilence(t *testing.T) {
	f := setup(t)
	for _, path := range []string{"/busy", "/other"} {
		f.site.put(path, "0|0|text")
		f.source(path)
	}
	f.publish("/busy", 1, 110)
	v := &Vigil{Store: f.db, Now: f.clock.now, Log: slog.New(slog.DiscardHandler), Pace: f.o.Pace}
	look := func(rounds int) {
		t.Helper()
		for range rounds {
			f.clock.add(15 * time.Minute)
			f.Round(t.Context())
			if news, err := v.Round(t.Context()); err != nil || len(news) > 0 {
				t.Fatalf("noticed %+v, %v", news, err)
			}
		}
	}
	f.site.status("/busy", 503)
	f.site.status("/other", 503)
	look(100)
	fails := func() int {
		list, err := f.db.Sources(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0
		for _, s := range list {
			sum += s.Fails
		}
		return sum
	}
	if fails() < 14 {
		t.Fatalf("failed only %d times", fails())
	}
	f.site.status("/busy", 0)
	f.site.status("/other", 0)
	f.site.put("/third", "0|0|text")
	f.source("/third") // somebody adds a source: it answers at once
	look(1)
	if fails() < 14 {
		t.Fatal("nothing waits for its next try any more: the test says nothing")
	}
	for i := 0; fails() > 0 && i < 100; i++ {
		f.site.put("/busy", fmt.Sprintf("new%d|%d|text%s", i, 5000+i, strings.Repeat("?", 50+i)))
		look(1)
	}
	if fails() > 0 {
		t.Errorf("%d failures are left", fails())
	}
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
