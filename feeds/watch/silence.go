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
	NoteSilences(ctx context.Context, list []store.Silence) (news []store.Silence, err error)
	ForgetSilence(ctx context.Context, source int64) error
}

// A Vigil notices sources that stand still: those that answer well and have nothing new,
// those that fail for as long, and those that are gone for good. It must not be copied,
// nor may two of its rounds run at a time.
type Vigil struct {
	Store Pulse
	Now   func() time.Time
	Log   *slog.Logger
	Pace  Pace // by which sources are visited; the zero value is the default

	// Since when, at the latest, a source fails while others answer: what fails after
	// that is its own failure and not our network's.
	failing map[int64]time.Time
}

// Round looks at every source once, records which are silent, so that people are told,
// and returns what changed: each change once, whichever of several processes finds it.
func (v *Vigil) Round(ctx context.Context) ([]store.Silence, error) {
	sources, err := v.Store.Sources(ctx, 0)
	if err != nil {
		return nil, err
	}
	known, err := v.Store.Silences(ctx)
	if err != nil {
		return nil, err
	}
	v.lookAround(sources)
	var changes []store.Silence
	for _, src := range sources {
		var change *store.Silence
		if since, silent := known[src.ID]; silent {
			change, err = v.ended(ctx, src, since)
		} else {
			change, err = v.begun(ctx, src)
		}
		if err != nil {
			return nil, err
		}
		if change != nil {
			changes = append(changes, *change)
		}
	}
	if len(changes) == 0 {
		return nil, nil
	}
	news, err := v.Store.NoteSilences(ctx, changes)
	for _, c := range news {
		v.Log.Warn("silence", "source", c.Source, "since", c.Since, "over", !c.Until.IsZero())
	}
	return news, err
}

// ended says whether a source that was silent publishes again; nil: it does not.
func (v *Vigil) ended(ctx context.Context, src store.Source, since time.Time) (*store.Silence, error) {
	switch src.State {
	case store.SourceGone:
		return nil, nil
	case store.SourcePaused: // nobody asks any more
		return nil, v.Store.ForgetSilence(ctx, src.ID)
	}
	arrivals, err := v.Store.Arrivals(ctx, src.ID, since.Add(time.Millisecond))
	if err != nil || len(arrivals) == 0 {
		return nil, err
	}
	return &store.Silence{Source: src.ID, Since: since, Until: arrivals[0]}, nil
}

// begun says whether a source has become silent; nil: it has not. What counts is how
// long it was seen to be: when the program itself stood still, nobody knows.
func (v *Vigil) begun(ctx context.Context, src store.Source) (*store.Silence, error) {
	if src.State == store.SourceGone && !src.LastOK.IsZero() { // for good: nothing to wait for
		return &store.Silence{Source: src.ID, Since: src.LastOK}, nil
	}
	seen := src.LastOK
	if src.Fails > 0 {
		seen = src.LastTried
	}
	if src.State != store.SourceActive || src.LastNew.IsZero() || seen.Sub(src.LastNew) < minSilence {
		return nil, nil // most sources, without a question
	}
	if src.Fails > 0 && !v.itsOwn(src) {
		return nil, nil
	}
	arrivals, err := v.Store.Arrivals(ctx, src.ID, v.Now().Add(-pulseWindow))
	if err != nil {
		return nil, err
	}
	limit, ok := patience(arrivals)
	if !ok {
		return nil, nil
	}
	last := arrivals[len(arrivals)-1]
	if seen.Sub(last) < limit || src.Fails > 0 && v.Pace.withDefaults().failing(src.Fails) < limit {
		return nil, nil
	}
	return &store.Silence{Source: src.ID, Since: last}, nil
}

// lookAround notes which sources fail while others answer.
func (v *Vigil) lookAround(all []store.Source) {
	now, before := v.Now(), v.failing
	v.failing = map[int64]time.Time{}
	from := now.Add(-v.Pace.withDefaults().Max)
	if !slices.ContainsFunc(all, func(s store.Source) bool {
		return s.State == store.SourceActive && s.Fails == 0 && s.LastOK.After(from)
	}) {
		return // perhaps our network does not work
	}
	for _, s := range all {
		if s.Fails == 0 {
			continue
		}
		v.failing[s.ID] = now
		if since, ok := before[s.ID]; ok {
			v.failing[s.ID] = since
		}
	}
}

// itsOwn says whether a source has failed again since it did while others answered.
func (v *Vigil) itsOwn(src store.Source) bool {
	since, ok := v.failing[src.ID]
	return ok && src.LastTried.After(since)
}
