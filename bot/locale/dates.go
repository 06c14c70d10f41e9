package locale

import (
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // machines without a zone database (containers, Windows)
)

// Zone returns the time zone of an IANA name; UTC when there is none such, so
// that a reader's bad setting costs him his hour and not his message.
func Zone(name string) *time.Location {
	if name == "" || name == "Local" {
		return time.UTC
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return zone
}

// Clock writes the time of day of t, in t's zone: "09:42".
func (l *Locale) Clock(t time.Time) string { return l.LTR(l.Digits(t.Format("15:04"))) }

// Date writes the full date of t, in t's zone: "Monday, 23 November 2026".
func (l *Locale) Date(t time.Time) string {
	return l.datePattern("common.date.full", t)
}

// Day writes the short date of t, in t's zone, with the year only where it is
// not that of now: "23 Nov".
func (l *Locale) Day(t, now time.Time) string {
	if t.Year() == now.Year() {
		return l.datePattern("common.date.day", t)
	}
	return l.datePattern("common.date.year", t)
}

// Moment writes when t was for somebody who reads it at now, in now's zone:
// the time today, with "yesterday" or the date before it otherwise.
func (l *Locale) Moment(t, now time.Time) string {
	t = t.In(now.Location())
	switch days := civil(now) - civil(t); days {
	case 0:
		return l.Clock(t)
	case 1:
		return l.T("common.date.yesterday", "time", Text(l.Clock(t)))
	}
	return l.T("common.date.moment", "day", Text(l.Day(t, now)), "time", Text(l.Clock(t)))
}

// civil numbers the calendar days, so that days apart is a subtraction.
func civil(t time.Time) int {
	y, m, d := t.Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

func (l *Locale) datePattern(key string, t time.Time) string {
	month := "common.month." + strconv.Itoa(int(t.Month()))
	return l.T(key,
		"weekday", Text(l.Weekday(t.Weekday())),
		"day", Text(l.Digits(strconv.Itoa(t.Day()))),
		"month", Text(l.T(month)),
		"mon", Text(l.T(month+".short")),
		"year", Text(l.Digits(strconv.Itoa(t.Year()))))
}

// Weekday returns the name of a day of the week.
func (l *Locale) Weekday(d time.Weekday) string {
	return l.T("common.weekday." + strings.ToLower(d.String()[:3]))
}
