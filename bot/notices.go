package bot

import (
	"cmp"
	"strings"

	"wirewatch/bot/locale"
	"wirewatch/store"
)

// maxNotices is how many sources a notice names under each heading.
const maxNotices = 20

// notice lays out which sources fell silent and which are back.
func (v view) notice(d store.Delivery) page {
	var silent, back []string
	for _, s := range d.Silences {
		source := cmp.Or(inert(name(s.Title)), v.T("alert.no_source"))
		since := locale.Text(v.Moment(s.Since.In(v.now.Location()), v.now))
		if s.Until.IsZero() {
			silent = append(silent, v.H("notices.silent_line", "source", source, "since", since))
			continue
		}
		until := locale.Text(v.Moment(s.Until.In(v.now.Location()), v.now))
		back = append(back, v.H("notices.back_line", "source", source, "since", since, "until", until))
	}
	lines := v.noticed("notices.silent", silent)
	if len(silent) > 0 {
		lines = append(lines, v.H("notices.silent_hint"))
	}
	return page{what: store.KindNotice, thread: d.Thread, deliveries: []int64{d.ID}, html: v.Page(append(lines, v.noticed("notices.back", back)...)...)}
}

// noticed is a list under its heading; nil when it is empty.
func (v view) noticed(heading string, list []string) []string {
	if len(list) == 0 {
		return nil
	}
	lines := []string{v.HN(heading, len(list))}
	if more := len(list) - maxNotices; more > 0 {
		list = append(list[:maxNotices:maxNotices], v.HN("common.and_more", more))
	}
	return append(lines, strings.Join(list, "\n"))
}
