package watch

import (
	"time"

	"wirewatch/store"
)

// Pace bounds how often a source is visited. The zero value has the defaults of
// the configuration: at first every 5 minutes, then between 1 minute and 1 hour.
type Pace struct {
	Every time.Duration // before anything is known
	Min   time.Duration // never more often
	Max   time.Duration // never more seldom, whatever a server asks for
}

// maxBackoff is the longest pause after failures in a row.
const maxBackoff = 24 * time.Hour

// silenceShare is the part of a source's silence that passes between two
// visits: after an hour without news it is visited every three minutes. An
// article is then at most 5 % later than the silence that it ends was long.
const silenceShare = 20

func (p Pace) withDefaults() Pace {
	if p.Min <= 0 {
		p.Min = time.Minute
	}
	if p.Max <= 0 {
		p.Max = time.Hour
	}
	p.Max = max(p.Max, p.Min)
	if p.Every <= 0 {
		p.Every = 5 * time.Minute
	}
	p.Every = min(max(p.Every, p.Min), p.Max)
	return p
}

// interval is the time from a good visit to the next. lastNew is when the source
// last had something new (zero: never), floor what the server asks for
// (Cache-Control, ttl): obeyed up to Max, since a ttl of half a day would make
// every alert late.
func (p Pace) interval(lastNew, now time.Time, floor time.Duration) time.Duration {
	d := p.Every
	if !lastNew.IsZero() {
		d = now.Sub(lastNew) / silenceShare
	}
	return min(max(d, p.Min, floor), p.Max)
}

// backoff is the time from the fails-th failure in a row to the next try:
// doubling from Every up to a day, spread over its last quarter by jitter in
// [0,1), and never sooner than the server asked, up to a day.
func (p Pace) backoff(fails int, asked time.Duration, jitter float64) time.Duration {
	d := p.Every
	for i := 1; i < fails && d < maxBackoff; i++ {
		d *= 2
	}
	d = min(d, maxBackoff)
	d -= time.Duration(jitter * float64(d) / 4)
	return min(max(d, asked), maxBackoff)
}

// failing is how long at least a source has failed that failed so often in a row: the
// time in which the program did not run has no part in it.
func (p Pace) failing(fails int) (d time.Duration) {
	for i := 1; i < fails; i++ {
		d += p.backoff(i, 0, 1)
	}
	return d
}

// The parts of an interval over which visits are spread.
const (
	spreadFirst = 2  // of the first: a half, since sources are added many at once
	spreadLater = 10 // of any other
)

// spread shortens an interval by a part of it that jitter in [0,1) chooses, so
// that sources of one rhythm do not come due together. It keeps the bounds of
// interval: Min, and what the server asks for.
func (p Pace) spread(d, floor time.Duration, first bool, jitter float64) time.Duration {
	part := d / spreadLater
	if first {
		part = d / spreadFirst
	}
	return max(d-time.Duration(jitter*float64(part)), min(max(p.Min, floor), p.Max))
}

// rereadEvery is how often a document is asked for whole although the server
// says that nothing changed.
const rereadEvery = 6 * time.Hour

// rereadDue reports whether a source's good visits have not yet passed its last
// time for a whole reading. Those times are rereadEvery apart and different from
// source to source.
func rereadDue(src store.Source, now time.Time) bool {
	offset := time.Duration(src.ID) * 7 * time.Minute
	return !now.Add(offset).Truncate(rereadEvery).Equal(src.LastOK.Add(offset).Truncate(rereadEvery))
}
