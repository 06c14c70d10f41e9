package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"wirewatch/bot/locale"
	"wirewatch/store"
)

// maxDigestTimes is how many digests a day a chat may ask for.
const maxDigestTimes = 12

// ErrSchedule says that digest times cannot be read. What is shown to people
// is the interface's own sentence with an example.
var ErrSchedule = errors.New("digest times are HH:MM[,HH:MM] [days], like 07:00,18:30 mon-fri")

// ParseTimes reads digest times as people write them, "HH:MM[,HH:MM] [days]",
// into cron specs, one a line, each time of day once. Days are names or ranges
// in English or Arabic ("mon-fri", "sun-thu", "الأحد-الخميس", "mon,wed",
// "daily"); without them every day is meant. Digits may be Arabic. The error
// wraps ErrSchedule.
func ParseTimes(text string) (specs string, err error) {
	text = strings.TrimSpace(strings.ToLower(typed(text)))
	times, days, _ := strings.Cut(text, " ")
	dow, err := parseDays(days)
	if err != nil {
		return "", err
	}
	var lines []string
	for _, part := range strings.FieldsFunc(times, isComma) {
		t, err := time.Parse("15:04", part)
		if err != nil {
			return "", fmt.Errorf("%w: %q is no time of day", ErrSchedule, part)
		}
		line := fmt.Sprintf("%d %d * * %s", t.Minute(), t.Hour(), dow)
		if !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 || len(lines) > maxDigestTimes {
		return "", fmt.Errorf("%w: 1 to %d times a day", ErrSchedule, maxDigestTimes)
	}
	return strings.Join(lines, "\n"), nil
}

func isComma(r rune) bool { return r == ',' || r == '،' }

var dayNames = [7][]string{
	{"sun", "الأحد", "الاحد"}, {"mon", "الاثنين", "الإثنين"}, {"tue", "الثلاثاء"}, {"wed", "الأربعاء", "الاربعاء"},
	{"thu", "الخميس"}, {"fri", "الجمعة"}, {"sat", "السبت"},
}

var everyDay = []string{"", "*", "daily", "every day", "يوميا", "يوميًا", "كل يوم"}

// parseDays reads a list of days and ranges into cron's day of week. A range
// may run over the end of the week ("fri-mon").
func parseDays(text string) (string, error) {
	text = strings.Join(strings.Fields(text), " ")
	if slices.Contains(everyDay, text) {
		return "*", nil
	}
	var on [7]bool
	for _, part := range strings.FieldsFunc(text, isComma) {
		first, last, isRange := strings.Cut(part, "-")
		from, to := dayNumber(first), dayNumber(last)
		if !isRange {
			to = from
		}
		if from < 0 || to < 0 {
			return "", fmt.Errorf("%w: %q is no day", ErrSchedule, strings.TrimSpace(part))
		}
		for d := from; ; d = (d + 1) % 7 {
			on[d] = true
			if d == to {
				break
			}
		}
	}
	var days []string
	for d, is := range on {
		if is {
			days = append(days, strconv.Itoa(d))
		}
	}
	if len(days) == 7 {
		return "*", nil
	}
	return strings.Join(days, ","), nil
}

// dayNumber knows a day by its name or the first letters of it ("Monday"); -1
// is none.
func dayNumber(name string) int {
	name = strings.TrimSpace(name)
	for d, names := range dayNames {
		english := strings.ToLower(time.Weekday(d).String())
		if len(name) >= 3 && strings.HasPrefix(english, name) || slices.Contains(names[1:], name) {
			return d
		}
	}
	return -1
}

// FormatTimes writes cron specs as ParseTimes reads them, with English names of
// days: "07:00,18:30 sun-thu". ok is false for specs that no such text gives.
func FormatTimes(specs string) (text string, ok bool) {
	var times []string
	days := ""
	for line := range lines(specs) {
		f := strings.Fields(line)
		if len(f) != 5 || f[2] != "*" || f[3] != "*" || len(times) > 0 && f[4] != days {
			return "", false
		}
		minute, err1 := strconv.Atoi(f[0])
		hour, err2 := strconv.Atoi(f[1])
		if err1 != nil || err2 != nil {
			return "", false
		}
		days = f[4]
		times = append(times, fmt.Sprintf("%02d:%02d", hour, minute))
	}
	if len(times) == 0 {
		return "", false
	}
	slices.Sort(times)
	text = strings.Join(times, ",")
	if days == "*" {
		return text, true
	}
	named, ok := formatDays(days)
	return text + " " + named, ok
}

// formatDays names a list of day numbers, as a range where it is one of three
// days or more.
func formatDays(list string) (string, bool) {
	var on [7]bool
	var names []string
	for part := range strings.SplitSeq(list, ",") {
		d, err := strconv.Atoi(part)
		if err != nil || d < 0 || d > 6 {
			return "", false
		}
		on[d] = true
		names = append(names, dayNames[d][0])
	}
	first, n := -1, 0
	for d := range 7 {
		if on[d] && !on[(d+6)%7] {
			if first >= 0 { // two runs of days
				return strings.Join(names, ","), true
			}
			first = d
		}
		if on[d] {
			n++
		}
	}
	if first >= 0 && n >= 3 {
		return dayNames[first][0] + "-" + dayNames[(first+n-1)%7][0], true
	}
	return strings.Join(names, ","), true
}

// lines yields the lines of specs that say anything.
func lines(specs string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for line := range strings.Lines(specs) {
			if line = strings.TrimSpace(line); line != "" && !yield(line) {
				return
			}
		}
	}
}

// Next is the first time after `after` that one of the cron specs names, one
// spec a line, in zone (an IANA name; "" is UTC) unless the spec brings its own
// as CRON_TZ=. The zero time means never.
//
// A time of day that a change of the clocks leaves out is not left out: 02:30
// comes at 03:30 that day. One that comes twice is used once.
func Next(specs, zone string, after time.Time) (time.Time, error) {
	var next time.Time
	for line := range lines(specs) {
		s, err := parseSpec(line, zone)
		if err != nil {
			return time.Time{}, err
		}
		if t := nextOf(s, after); !t.IsZero() && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	return next, nil
}

// parseSpec guards the parser, which panics at a zone without a schedule.
func parseSpec(line, zone string) (cron.Schedule, error) {
	if strings.HasPrefix(line, "TZ=") || strings.HasPrefix(line, "CRON_TZ=") {
		if !strings.Contains(line, " ") {
			return nil, fmt.Errorf("digest schedule %q: a zone and nothing else", line)
		}
	} else {
		line = "CRON_TZ=" + locale.Zone(zone).String() + " " + line
	}
	s, err := cron.ParseStandard(line)
	if err != nil {
		return nil, fmt.Errorf("digest schedule %q: %w", line, err)
	}
	return s, nil
}

// nextOf reads a cron schedule on the wall clock. The schedule's own Next skips
// a day on which its time does not exist.
func nextOf(s cron.Schedule, after time.Time) time.Time {
	spec, ok := s.(*cron.SpecSchedule)
	if !ok { // @every
		return s.Next(after)
	}
	zone := spec.Location
	floating := *spec
	floating.Location = time.UTC
	local := after.In(zone)
	wall := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), local.Second(), 0, time.UTC)
	for {
		if wall = floating.Next(wall); wall.IsZero() {
			return wall
		}
		if t := onWall(wall, zone); t.After(after) {
			return t
		}
	}
}

// onWall is the first moment at which the clocks in zone show what wall shows
// in UTC; where they skip it, as much later as they skip. time.Date leaves open
// which of two moments it gives, and gives 23:00 of the day before for a
// midnight that is skipped.
func onWall(wall time.Time, zone *time.Location) time.Time {
	const day = 24 * time.Hour
	_, before := wall.Add(-day).In(zone).Zone()
	_, after := wall.Add(day).In(zone).Zone()
	first := wall.Add(-time.Duration(before) * time.Second).In(zone)
	second := wall.Add(-time.Duration(after) * time.Second).In(zone)
	if !shows(first, wall) && shows(second, wall) {
		return second
	}
	return first
}

// shows reports whether a clock at t shows the time of wall.
func shows(t, wall time.Time) bool {
	return t.Day() == wall.Day() && t.Hour() == wall.Hour() && t.Minute() == wall.Minute()
}

// previous is the last time before `before` that the specs name; zero when
// there was none within a week or the specs are wrong.
func previous(specs, zone string, before time.Time) time.Time {
	const week = 7 * 24 * time.Hour
	var last time.Time
	for t := before.Add(-week); ; {
		next, err := Next(specs, zone, t)
		if err != nil || next.IsZero() || !next.Before(before) {
			return last
		}
		last, t = next, next
	}
}

// Digests is what Scheduler needs of the store.
type Digests interface {
	DueDigests(ctx context.Context, now time.Time, limit int) ([]store.Chat, error)
	StartDigest(ctx context.Context, chat int64, slot, next time.Time) (int64, error)
	DueRules(ctx context.Context, now time.Time, limit int) ([]store.DueRule, error)
	PassDigest(ctx context.Context, rule int64, slot, next time.Time) error
	Ripen(ctx context.Context, now time.Time, limit int) (int, error)
}

// Scheduler starts the digests that are due. Several processes may run one
// each: the store starts every slot once.
type Scheduler struct {
	Store Digests
	Log   *slog.Logger     // nil: silent
	Now   func() time.Time // nil: time.Now
	Zone  string           // of chats that have chosen none; "" UTC
}

// digestBatch is how many chats one query of a round brings.
const digestBatch = 200

// Round starts every digest that is due, those of rules with times of their own and
// what has waited for the end of quiet hours or of a rule's limits included, and
// returns how many. A chat whose digest cannot be started costs the others nothing;
// the errors are joined.
func (s Scheduler) Round(ctx context.Context) (started int, err error) {
	now := time.Now
	if s.Now != nil {
		now = s.Now
	}
	passErr := s.passRules(ctx, now()) // first: what is published now waits for the next
	started, err = s.startAll(ctx, now)
	ripe, ripeErr := s.ripen(ctx, now())
	return started + ripe, errors.Join(passErr, err, ripeErr)
}

// passRules sets when the digests of the rules whose time has come are due next.
func (s Scheduler) passRules(ctx context.Context, now time.Time) error {
	for {
		due, err := s.Store.DueRules(ctx, now, digestBatch)
		if err != nil {
			return fmt.Errorf("list due digests of rules: %w", err)
		}
		for _, d := range due {
			next, err := Next(d.Rule.Digest, zoneOf(store.Chat{Zone: d.Zone}, s.Zone), now)
			if err != nil { // the rule goes with the chat's digest until it is changed
				s.warn("digest schedule unreadable", "rule", d.Rule.ID, "err", err)
				next = time.Time{}
			}
			if err := s.Store.PassDigest(ctx, d.Rule.ID, d.Rule.DigestAt, next); err != nil {
				return fmt.Errorf("pass digest of rule %d: %w", d.Rule.ID, err)
			}
		}
		if len(due) < digestBatch {
			return nil
		}
	}
}

// ripen ends the waiting of whatever has waited long enough.
func (s Scheduler) ripen(ctx context.Context, now time.Time) (all int, err error) {
	for {
		n, err := s.Store.Ripen(ctx, now, digestBatch)
		all += n
		if err != nil || n < digestBatch {
			return all, err
		}
	}
}

// startAll starts the digests of chats.
func (s Scheduler) startAll(ctx context.Context, now func() time.Time) (started int, err error) {
	for {
		chats, listErr := s.Store.DueDigests(ctx, now(), digestBatch)
		if listErr != nil {
			return started, errors.Join(err, fmt.Errorf("list due digests: %w", listErr))
		}
		failed := 0
		for _, c := range chats {
			switch ok, startErr := s.start(ctx, c, now()); {
			case startErr != nil:
				failed++
				err = errors.Join(err, fmt.Errorf("start digest of chat %d: %w", c.ID, startErr))
			case ok:
				started++
			}
		}
		// What failed is still due and would come again at once.
		if len(chats) < digestBatch || failed > 0 {
			return started, err
		}
	}
}

// start starts the digest of one chat, for the slot that was due, however late
// it is: after an outage there is one digest and not one for each slot missed.
func (s Scheduler) start(ctx context.Context, c store.Chat, now time.Time) (bool, error) {
	const later = 24 * time.Hour // when a schedule that cannot be read is looked at again
	next, err := Next(c.Digest, zoneOf(c, s.Zone), now)
	if err != nil {
		next = now.Add(later)
		s.warn("digest schedule unreadable", "chat", c.ID, "err", err)
	}
	id, err := s.Store.StartDigest(ctx, c.ID, c.DigestAt, next)
	if err != nil {
		return false, err
	}
	if id != 0 && s.Log != nil {
		s.Log.Info("digest started", "chat", c.ID, "slot", c.DigestAt, "next", next)
	}
	return id != 0, nil
}

func (s Scheduler) warn(what string, about ...any) {
	if s.Log != nil {
		s.Log.Warn(what, about...)
	}
}

// zoneOf is the name of a chat's time zone.
func zoneOf(c store.Chat, fallback string) string {
	if c.Zone != "" {
		return c.Zone
	}
	return fallback
}
