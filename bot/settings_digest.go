package bot

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
	"wirewatch/store"
)

// digestEvery: presses within this time ask for one digest, since clients repeat
// a press whose answer was late.
const digestEvery = 10 * time.Second

// digestPresets are offered by buttons, as /digest takes them.
var digestPresets = []string{"07:00", "08:00", "07:00,18:00", "07:00 mon-fri", "off"}

// digest is /digest: now, at times of the day, or off; or only to look at.
func (t *turn) digest(ctx context.Context, args string) error {
	if yes, told := t.wantsPreview(args); yes {
		return t.digestPreview(ctx, told)
	}
	switch {
	case args == "":
		return t.digestNow(ctx)
	case t.isOff(args):
		return t.setDigest(ctx, "")
	}
	specs, err := ParseTimes(joinCommas(args))
	if err != nil {
		s := t.digestScreen()
		s.html = t.l.Paragraph(t.tell("errors.digest", "channels.wrong_digest", "given", short(args, 60), "max", maxDigestTimes))
		return t.again(ctx, s)
	}
	return t.setDigest(ctx, specs)
}

// digestNow starts a digest of what waits; the courier brings it, and says so
// when there is nothing.
func (t *turn) digestNow(ctx context.Context) error {
	chat := t.subject()
	if chat.State == store.ChatPaused {
		back := t.back("home", 0)
		if t.of != nil {
			back = t.backToSettings()
		}
		return t.show(ctx, screen{html: t.l.Paragraph(t.tell("settings.digest_paused", "channels.digest_paused")), rows: [][]telegram.Button{
			{t.styled("success", "commands.button.resume", t.setting("resume", 0)), back},
		}})
	}
	now := t.o.Now()
	slot := now
	if t.said == nil { // pressed, not written
		slot = now.Truncate(digestEvery)
	}
	id, err := t.o.Store.StartDigest(ctx, chat.ID, slot, nextDigest(chat, now))
	if err != nil {
		return fmt.Errorf("start a digest: %w", err)
	}
	if t.said == nil { // the digest itself is the answer
		t.toast = t.l.T("settings.digest_coming")
		if t.of != nil { // but not here
			return t.showSettings(ctx, "")
		}
		return nil
	}
	if id == 0 {
		return t.say(ctx, t.l.Paragraph(t.l.H("settings.digest_started")))
	}
	return nil
}

func (t *turn) setDigest(ctx context.Context, specs string) error {
	err := t.change(ctx, func(c *store.Chat) {
		c.Digest = specs
		c.DigestAt = nextDigest(*c, t.o.Now())
	})
	if err != nil {
		return err
	}
	if specs == "" {
		return t.showSettings(ctx, t.tell("settings.digest_off", "channels.digest_off"))
	}
	return t.showSettings(ctx, t.l.H("settings.digest_set", "times", locale.Text(t.digestWords(specs)),
		"next", locale.Text(t.moment(t.subject().DigestAt))))
}

func (t *turn) digestScreen() screen {
	var row []telegram.Button
	var rows [][]telegram.Button
	for i, p := range digestPresets {
		label := t.l.T("settings.off")
		if specs, err := ParseTimes(p); err == nil {
			label = t.digestWords(specs)
		}
		row = append(row, telegram.Button{Text: label, Data: t.setting("setdigest", i).String()})
		if len(row) == 2 {
			rows, row = append(rows, row), nil
		}
	}
	rows = append(rows, row, []telegram.Button{t.button("settings.button.now", t.setting("digest", 0)), t.button("settings.button.other", t.setting("askdigest", 0))},
		[]telegram.Button{t.button("digest.button.preview", t.setting("digestpreview", 0)), t.button("digest.button.since", t.setting("digestsince", 0))},
		[]telegram.Button{t.backToSettings()})
	head := t.tell("settings.choose_digest", "channels.choose_digest", "times", locale.Text(t.digestWords(t.subject().Digest)))
	return screen{html: t.l.Paragraph(head), rows: rows}
}

// joinCommas writes a list without spaces around its commas, Arabic ones too.
func joinCommas(s string) string {
	parts := strings.FieldsFunc(typed(s), isComma)
	for i := range parts {
		parts[i] = oneLine(parts[i])
	}
	return strings.Join(parts, ",")
}

// nextDigest is when a chat's next digest is due; zero: never. Specs that
// cannot be read give none: they were checked when they were written.
func nextDigest(c store.Chat, after time.Time) time.Time {
	next, err := Next(c.Digest, c.Zone, after)
	if err != nil {
		return time.Time{}
	}
	return next
}

// digestWords says digest times in words. A spec that none of our commands
// writes is shown as it is.
func (t *turn) digestWords(specs string) string {
	var clocks []string
	on := ""
	for spec := range strings.Lines(specs) {
		f := strings.Fields(spec)
		minute, hour := -1, -1
		if len(f) == 5 && f[2] == "*" && f[3] == "*" {
			minute, hour = number(f[0]), number(f[1])
		}
		if minute < 0 || hour < 0 || on != "" && on != f[4] {
			return t.l.LTR(strings.Join(strings.Split(strings.TrimSpace(specs), "\n"), "; "))
		}
		on = f[4]
		clocks = append(clocks, t.l.LTR(t.l.Digits(clock(60*hour+minute))))
	}
	if len(clocks) == 0 {
		return t.l.T("settings.off")
	}
	words := strings.Join(clocks, t.l.T("common.list_separator"))
	if days := t.dayWords(on); days != "" {
		return t.l.T("settings.on_days", "times", locale.Text(words), "days", locale.Text(days))
	}
	return words
}

// dayWords says cron's day-of-week field in words, three days or more in a row
// as a range; "" for every day.
func (t *turn) dayWords(field string) string {
	if field == "*" {
		return ""
	}
	var on [7]bool
	first := -1 // of a run: on, and the day before is not
	var names []string
	for f := range strings.SplitSeq(field, ",") {
		d := number(f)
		if d < 0 || d > 6 {
			return field
		}
		on[d] = true
		names = append(names, t.l.Weekday(time.Weekday(d)))
	}
	runs := 0
	for d := range 7 {
		if on[d] && !on[(d+6)%7] {
			first, runs = d, runs+1
		}
	}
	if runs == 1 && len(names) >= 3 {
		last := (first + len(names) - 1) % 7
		return t.l.T("settings.day_range", "from", locale.Text(t.l.Weekday(time.Weekday(first))), "to", locale.Text(t.l.Weekday(time.Weekday(last))))
	}
	return strings.Join(names, t.l.T("common.list_separator"))
}

// number is the value of decimal digits, -1 of anything else.
func number(s string) int {
	n, err := strconv.ParseUint(s, 10, 8)
	if err != nil {
		return -1
	}
	return int(n)
}
