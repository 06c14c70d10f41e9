package bot

import (
	"time"

	"wirewatch/bot/locale"
	"wirewatch/store"
)

// sourceIcon shows how a source does; silent is since when it is noted as silent, zero:
// it is not.
func (t *turn) sourceIcon(s store.Source, silent time.Time) string {
	switch {
	case s.State == store.SourceGone:
		return "❌"
	case s.State == store.SourcePaused:
		return "⏸"
	case s.Fails > 0:
		return "⚠️"
	case !s.Visited:
		return "⚪️"
	case !silent.IsZero():
		return "🔇"
	}
	return "🟢"
}

// health says in words how a source does, and what reading it has to repair.
func (t *turn) health(s store.Source, silent time.Time) string {
	state := t.answers(s, silent)
	if s.State == store.SourceActive && s.Fails == 0 && s.LastError != "" {
		return t.l.T("sources.health.repaired", "health", locale.Text(state), "reason", t.notes(s.LastError))
	}
	return state
}

// answers says in words whether a source answers, and since when.
func (t *turn) answers(s store.Source, silent time.Time) string {
	switch {
	case s.State == store.SourceGone:
		return t.l.T("sources.health.gone")
	case s.State == store.SourcePaused:
		return t.l.T("sources.health.paused")
	case s.Fails > 0 && s.LastOK.IsZero():
		return t.l.T("sources.health.never", "reason", t.reason(s.LastError))
	case s.Fails > 0:
		return t.l.T("sources.health.failing", "time", locale.Text(t.moment(s.LastOK)), "reason", t.reason(s.LastError))
	case !s.Visited:
		return t.l.T("sources.health.new")
	case s.LastNew.IsZero():
		return t.l.T("sources.health.silent")
	case !silent.IsZero():
		return t.l.T("health.standstill", "time", locale.Text(t.moment(silent)))
	}
	return t.l.T("sources.health.good", "time", locale.Text(t.moment(s.LastNew)))
}

// figures are lines about when a source answered and published, how much, and how soon
// that was seen.
func (t *turn) figures(s store.Source, p store.Pulse) (lines []string) {
	answer, news := locale.Text(t.moment(s.LastOK)), locale.Text(t.moment(s.LastNew))
	switch {
	case s.LastOK.IsZero():
	case s.LastNew.IsZero():
		lines = append(lines, t.l.H("health.answered", "answer", answer))
	default:
		lines = append(lines, t.l.H("health.times", "answer", answer, "news", news))
	}
	today := locale.Text(t.l.Number(p.Today))
	switch {
	case p.Usual >= 0:
		lines = append(lines, t.l.H("health.day_usual", "n", today, "usual", locale.Text(t.l.Number(p.Usual))))
	case s.Visited:
		lines = append(lines, t.l.H("health.day", "n", today))
	}
	if p.Timed > 0 {
		lines = append(lines, t.l.H("health.delay", "half", locale.Text(t.roughly(p.P50)), "most", locale.Text(t.roughly(p.P95))))
	}
	return lines
}

// roughly says a span of time roughly, rounded up.
func (t *turn) roughly(d time.Duration) string {
	const day = 24 * time.Hour
	up := func(unit time.Duration) int { return int((d + unit - 1) / unit) }
	switch {
	case d <= time.Minute:
		return t.l.T("health.moment")
	case d <= 2*time.Hour:
		return t.l.N("limits.minutes", up(time.Minute))
	case d <= 2*day:
		return t.l.N("limits.hours", up(time.Hour))
	}
	return t.l.N("health.days", up(day))
}
