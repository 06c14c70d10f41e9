package bot

import (
	"cmp"
	"strings"

	"wirewatch/bot/locale"
	"wirewatch/store"
)

// How many sources a notice names: what fails takes up to three times the room of another.
const (
	maxNotices = 20 // under all headings together
	maxFailing = 7
)

// notice lays out which sources bring nothing any more and which are back.
func (v view) notice(d store.Delivery) page {
	var failing, silent, back []string
	for _, s := range d.Silences {
		source := cmp.Or(inert(name(s.Title)), v.T("alert.no_source"))
		since := locale.Text(v.Moment(s.Since.In(v.now.Location()), v.now))
		if s.Until.IsZero() && s.Error != "" {
			failing = append(failing, v.H("notices.failing_line", "source", source, "since", since, "reason", v.reason(s.Error)))
			continue
		}
		if s.Until.IsZero() {
			silent = append(silent, v.H("notices.silent_line", "source", source, "since", since))
			continue
		}
		until := locale.Text(v.Moment(s.Until.In(v.now.Location()), v.now))
		back = append(back, v.H("notices.back_line", "source", source, "since", since, "until", until))
	}
	headings := 0
	for _, list := range [][]string{failing, silent, back} {
		headings += min(len(list), 1)
	}
	most := maxNotices / max(headings, 1)
	lines := append(v.noticed("notices.failing", failing, min(most, maxFailing)), v.noticed("notices.silent", silent, most)...)
	if len(silent) > 0 {
		lines = append(lines, v.H("notices.silent_hint"))
	}
	return page{what: store.KindNotice, thread: d.Thread, deliveries: []int64{d.ID}, html: v.Page(append(lines, v.noticed("notices.back", back, most)...)...)}
}

// noticed is a list under its heading, of which so many are named; nil when it is empty.
func (v view) noticed(heading string, list []string, most int) []string {
	if len(list) == 0 {
		return nil
	}
	lines := []string{v.HN(heading, len(list))}
	if more := len(list) - most; more > 0 {
		list = append(list[:most:most], v.HN("common.and_more", more))
	}
	return append(lines, strings.Join(list, "\n"))
}
