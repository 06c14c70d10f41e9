package watch

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"wirewatch/store"
)

// What must be known of a source before its silence means anything.
const (
	pulseWindow   = 28 * 24 * time.Hour // of the past that counts: four weekends
	pulseHistory  = 8 * 24 * time.Hour  // at least: one weekend
	pulseArrivals = 40                  // at least
	pulseOutliers = 2                   // longest gaps that do not count: outages of either side
	minSilence    = 3 * time.Hour       // nothing shorter is noticed
)

// patience is how long a source may say nothing before that is unusual: twice
// the longest pause that it makes as a rule, nights and weekends included. It
// goes by when articles came, oldest first. ok is false where too little is
// known, or the source is too quiet by nature.
func patience(arrivals []time.Time) (d time.Duration, ok bool) {
	n := len(arrivals)
	if n < pulseArrivals || arrivals[n-1].Sub(arrivals[0]) < pulseHistory {
		return 0, false
	}
	gaps := make([]time.Duration, n-1)
	for i := range gaps {
		gaps[i] = arrivals[i+1].Sub(arrivals[i])
	}
	slices.Sort(gaps)
	return max(2*gaps[len(gaps)-1-pulseOutliers], minSilence), true
}

// Pulse is what a [Vigil] asks of the store. *[store.DB] is one.
type Pulse interface {
	Sources(ctx context.Context, chat int64) ([]store.Source, error)
	Arrivals(ctx context.Context, source int64, since time.Time) ([]time.Time, error)
	Silences(ctx context.Context) (map[int64]time.Time, error)
	NoteSilence(ctx context.Context, source int64, since time.Time) (bool, error)
}

// A Silence is a source that began to be silent, or ended it.
type Silence struct {
	Source store.Source
	Since  time.Time // of its last article before the silence
	Over   bool      // it publishes again
}

// A Vigil notices sources that answer well and stand still.
type Vigil struct {
	Store Pulse
	Now   func() time.Time
	Log   *slog.Logger
}

// Round looks at every source once, records which are silent, and returns what
// changed: each change once, whichever of several processes finds it. A source
// that fails is not silent: its error says what is wrong.
func (v Vigil) Round(ctx context.Context) ([]Silence, error) {
	sources, err := v.Store.Sources(ctx, 0)
	if err != nil {
		return nil, err
	}
	known, err := v.Store.Silences(ctx)
	if err != nil {
		return nil, err
	}
	var changes []Silence
	for _, src := range sources {
		since, silent := known[src.ID]
		change, err := v.look(ctx, src, since, silent)
		if err != nil {
			return changes, err
		}
		if change != nil {
			v.Log.Warn("silence", "source", src.ID, "title", src.Title, "since", change.Since, "over", change.Over)
			changes = append(changes, *change)
		}
	}
	return changes, nil
}

// look compares a source with what is recorded of it; nil when nothing changed.
func (v Vigil) look(ctx context.Context, src store.Source, since time.Time, silent bool) (*Silence, error) {
	now := v.Now()
	switch {
	case silent && src.State != store.SourceActive: // nobody asks any more
		_, err := v.Store.NoteSilence(ctx, src.ID, time.Time{})
		return nil, err
	case silent:
		arrivals, err := v.Store.Arrivals(ctx, src.ID, since.Add(time.Millisecond))
		if err != nil || len(arrivals) == 0 {
			return nil, err
		}
		return v.note(ctx, Silence{src, since, true}, time.Time{})
	case src.State != store.SourceActive, src.Fails > 0, src.LastNew.IsZero(), now.Sub(src.LastNew) < minSilence:
		return nil, nil // most sources, without a question
	}
	arrivals, err := v.Store.Arrivals(ctx, src.ID, now.Add(-pulseWindow))
	if err != nil {
		return nil, err
	}
	limit, ok := patience(arrivals)
	if !ok || now.Sub(arrivals[len(arrivals)-1]) < limit {
		return nil, nil
	}
	last := arrivals[len(arrivals)-1]
	return v.note(ctx, Silence{src, last, false}, last)
}

// note records a change; nil when another process was first.
func (v Vigil) note(ctx context.Context, s Silence, since time.Time) (*Silence, error) {
	news, err := v.Store.NoteSilence(ctx, s.Source.ID, since)
	if err != nil || !news {
		return nil, err
	}
	return &s, nil
}
