package store

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// What a Pulse looks at.
const (
	pulseDay    = 24 * time.Hour
	pulseWeek   = 7 * pulseDay
	pulseWeeks  = 4 // whose same day of the week says what is usual
	leastDays   = 3 // of any, where so many weeks are not known
	delayWindow = pulseWeek
)

// Pulse is how a source has published lately, as far as its articles are still kept.
// The backlog of its first visit does not count.
type Pulse struct {
	Today    int           // articles of the last 24 hours
	Usual    int           // of the same 24 hours of other weeks, else of other days: their median; -1: not known yet
	P50, P95 time.Duration // from the publication, as the source states it, to our first sight, in the last week
	Timed    int           // articles from which that is known; 0: P50 and P95 say nothing
}

// arrived is when an article came, and when it was published; zero: nobody says, or
// another source had it first.
type arrived struct{ at, published time.Time }

// Pulse tells how a source has published lately.
func (db *DB) Pulse(ctx context.Context, source int64) (Pulse, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	now, err := db.clock(t)
	if err != nil {
		return Pulse{}, err
	}
	list, err := collect(t, func(s scanner) (a arrived, err error) {
		return a, s.Scan(toTime{&a.at}, toTime{&a.published})
	}, `SELECT s.seen_at, CASE WHEN a.seen_at = s.seen_at THEN a.published ELSE 0 END
		FROM sightings s JOIN articles a ON a.id = s.article_id WHERE s.source_id = $1 AND s.seen_at > $2 ORDER BY s.seen_at`,
		source, now.Add(-pulseWeeks*pulseWeek-pulseDay))
	if err != nil {
		return Pulse{}, fmt.Errorf("read the pulse of source %d: %w", source, err)
	}
	return pulseOf(list, now), nil
}

// pulseOf works it out from what came, the oldest first. All that came first, at one
// moment, is the backlog, or as good as one.
func pulseOf(list []arrived, now time.Time) Pulse {
	p := Pulse{Usual: -1}
	if len(list) == 0 {
		return p
	}
	begin := list[0].at
	list = slices.DeleteFunc(list, func(a arrived) bool { return a.at.Equal(begin) })
	p.Today = between(list, now.Add(-pulseDay), now)
	if usual, ok := median(list, begin, now, pulseWeek, pulseWeeks, 2); ok {
		p.Usual = usual
	} else if usual, ok := median(list, begin, now, pulseDay, int(pulseWeek/pulseDay), leastDays); ok {
		p.Usual = usual
	}
	var delays []time.Duration
	for _, a := range list {
		if !a.published.IsZero() && a.at.After(now.Add(-delayWindow)) {
			delays = append(delays, max(a.at.Sub(a.published), 0))
		}
	}
	slices.Sort(delays)
	if p.Timed = len(delays); p.Timed > 0 {
		p.P50, p.P95 = delays[(p.Timed-1)/2], delays[(p.Timed*95+99)/100-1]
	}
	return p
}

// median is that of what came in the same 24 hours so many steps ago, and one more
// each, up to most times; not ok where fewer than least are known.
func median(list []arrived, begin, now time.Time, step time.Duration, most, least int) (n int, ok bool) {
	var counts []int
	for k := 1; k <= most; k++ {
		end := now.Add(-time.Duration(k) * step)
		if end.Add(-pulseDay).Before(begin) {
			break
		}
		counts = append(counts, between(list, end.Add(-pulseDay), end))
	}
	if len(counts) < least {
		return 0, false
	}
	slices.Sort(counts)
	half := len(counts) / 2
	if len(counts)%2 == 1 {
		return counts[half], true
	}
	return (counts[half-1] + counts[half] + 1) / 2, true
}

// between counts what came after from and not after to.
func between(list []arrived, from, to time.Time) int {
	first := func(t time.Time) int {
		i, _ := slices.BinarySearchFunc(list, t, func(a arrived, t time.Time) int {
			if a.at.After(t) {
				return 1
			}
			return -1
		})
		return i
	}
	return first(to) - first(from)
}
