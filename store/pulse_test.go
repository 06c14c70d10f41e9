package store_test

import (
	"fmt"
	"testing"
	"time"

	"wirewatch/store"
	"wirewatch/store/storetest"
)

func TestPulse(t *testing.T) {
	const day = 24 * time.Hour
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	now := start
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now = start
		w := world{db, t}
		src, other := w.source("https://a.example", 0), w.source("https://b.example", 0)
		serial := 0
		bring := func(n int, late time.Duration) {
			t.Helper()
			var list []store.NewArticle
			for range n {
				serial++
				a := item(fmt.Sprint("article ", serial))
				a.Item.Published = now.Add(-late)
				list = append(list, a)
			}
			w.publish(src, list...)
			now = now.Add(time.Hour)
		}
		want := func(when string, wanted store.Pulse) {
			t.Helper()
			have, err := db.Pulse(ctx, src.ID)
			if err != nil || have != wanted {
				t.Errorf("%s: %+v, %v; want %+v", when, have, err, wanted)
			}
		}
		want("before the first visit", store.Pulse{Usual: -1})
		bring(20, 300*day)
		want("the backlog", store.Pulse{Usual: -1})
		for d := range 6 {
			now = start.Add(time.Duration(d)*day + 2*time.Hour)
			bring(1+d, time.Duration(d)*time.Minute)
		}
		now = start.Add(5*day + 3*time.Hour)
		// Today 6; of the days before 5, 4, 3, 2 and, as one is not known, no more.
		want("some days", store.Pulse{Today: 6, Usual: 4, P50: 4 * time.Minute, P95: 5 * time.Minute, Timed: 21})

		for _, weeks := range []int{1, 2, 3, 4} {
			now = start.Add(time.Duration(weeks)*7*day + 2*time.Hour)
			bring(10*weeks, 0)
		}
		now = start.Add(5*7*day + time.Hour)
		bring(3, -time.Hour) // from the future: at once
		w.publish(other, item("article of another"))
		now = now.Add(time.Minute)
		a := item("article of another")
		a.GUID = hash("elsewhere")
		w.publish(src, a) // its source was not the first: nobody knows its delay
		now = now.Add(59 * time.Minute)
		want("some weeks", store.Pulse{Today: 4, Usual: 30, Timed: 3})
		now = now.Add(2 * day)
		want("a day without", store.Pulse{Today: 0, Usual: 0, Timed: 3})
	}, store.Options{Now: func() time.Time { return now }})
}
