package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
	"wirewatch/filter/text"
	"wirewatch/store"
)

// Limits of a rule that are offered by buttons; the zero value is none. A new rule
// has none: nothing is folded that nobody asked to fold.
var (
	capPresets  = []store.Limits{{Cap: 5, Per: time.Hour}, {Cap: 10, Per: time.Hour}, {Cap: 20, Per: 24 * time.Hour}, {}}
	coolPresets = []time.Duration{10 * time.Minute, 30 * time.Minute, 2 * time.Hour, 0}
)

// Limits for those who want some and say no number ("/rule 1 cap on").
var (
	defaultCap      = capPresets[0]
	defaultCooldown = coolPresets[1]
)

// timeUnits are what a span of time may be counted in.
var timeUnits = []struct {
	unit  time.Duration
	names []string // folded, in every language
}{
	{time.Minute, foldAll("m", "min", "mins", "minute", "minutes", "د", "دقيقة", "دقائق")},
	{time.Hour, foldAll("h", "hr", "hour", "hours", "س", "ساعة", "ساعات")},
	{24 * time.Hour, foldAll("d", "day", "days", "ي", "يوم", "أيام")},
}

func foldAll(words ...string) []string {
	for i := range words {
		words[i] = text.Fold(words[i])
	}
	return words
}

// parseSpan reads a span of time: "30m", "2 h", "h", "٣٠ دقيقة"; without a number it
// is one.
func parseSpan(s string) (time.Duration, bool) {
	s = strings.TrimSpace(typed(s))
	unit := strings.TrimLeft(s, "0123456789")
	n := 1
	if digits := s[:len(s)-len(unit)]; digits != "" {
		var err error
		if n, err = strconv.Atoi(digits); err != nil || n > 24*60 {
			return 0, false
		}
	}
	unit = text.Fold(strings.TrimSpace(unit))
	for _, u := range timeUnits {
		if slices.Contains(u.names, unit) {
			return time.Duration(n) * u.unit, n > 0
		}
	}
	return 0, false
}

// parseCap reads so many in a span of time: "5/h", "10/30m", "٥/ساعة".
func parseCap(s string) (store.Limits, bool) {
	count, per, ok := strings.Cut(typed(s), "/")
	n, err := strconv.Atoi(strings.TrimSpace(count))
	span, good := parseSpan(per)
	l := store.Limits{Cap: n, Per: span}
	return l, ok && good && err == nil && n > 0 && n <= store.MaxCap && span >= store.MinPer && span <= store.MaxPer
}

// isOn reads "on", in English or in the language of the chat.
func (t *turn) isOn(s string) bool {
	return strings.EqualFold(s, "on") || slices.ContainsFunc(strings.Split(t.l.T("limits.word.on"), "|"),
		func(w string) bool { return text.Fold(w) == text.Fold(s) })
}

// ruleSetting is what follows "/rule N cap", "cooldown" or "digest". The bool is
// false when it is nothing of that kind, but words of a query that begins so.
func (t *turn) ruleSetting(ctx context.Context, n int, r store.Rule, act, value string) (bool, error) {
	plain := typed(value)
	numeric := plain != "" && plain[0] >= '0' && plain[0] <= '9'
	switch act {
	case "cap":
		if l, ok := parseCap(value); ok || t.isOn(value) || t.isOff(value) {
			if t.isOn(value) {
				l = defaultCap
			}
			return true, t.setLimits(ctx, r, store.Limits{Cap: l.Cap, Per: l.Per, Cooldown: r.Limits.Cooldown})
		}
	case "cooldown":
		span, ok := parseSpan(value)
		if on := t.isOn(value); on || t.isOff(value) || ok && numeric && span >= store.MinPer && span <= store.MaxPer {
			if on {
				span = defaultCooldown
			}
			r.Limits.Cooldown = span
			return true, t.setLimits(ctx, r, r.Limits)
		}
	case "digest":
		if specs, err := ParseTimes(joinCommas(value)); err == nil {
			return true, t.setRuleDigest(ctx, r, specs)
		}
		if t.isChat(value) {
			return true, t.setRuleDigest(ctx, r, "")
		}
	}
	switch {
	case value == "" && act != "digest":
		return true, t.showLimits(ctx, n, r, "")
	case !numeric:
		return false, nil
	case act == "digest":
		return true, t.again(ctx, t.timesScreen(r, t.wrongTimes(n, value)))
	}
	return true, t.showLimits(ctx, n, r, t.l.H("limits.wrong", "given", short(value, 60)))
}

// wrongTimes refuses what is no time of a digest of rule n.
func (t *turn) wrongTimes(n int, given string) string {
	return t.l.H("hours.wrong_times", "given", short(given, 60), "max", maxDigestTimes,
		"command", fmt.Sprintf("/rule %d digest 07:00,18:00 mon-fri", n), "other", fmt.Sprintf("/rule %d digest chat", n))
}

// isChat reads the word for the chat's own digest.
func (t *turn) isChat(s string) bool {
	return strings.EqualFold(s, "chat") || slices.ContainsFunc(strings.Split(t.l.T("limits.word.chat"), "|"),
		func(w string) bool { return text.Fold(w) == text.Fold(s) })
}

func (t *turn) setLimits(ctx context.Context, r store.Rule, l store.Limits) error {
	r.Limits = l
	if err := t.keepRule(ctx, r); err != nil {
		return err
	}
	return t.changeRule(ctx, r.ID, func(t *turn, n int, r store.Rule) error {
		return t.showLimits(ctx, n, r, t.l.H("limits.set"))
	})
}

// setRuleDigest gives a rule digest times of its own, "" the chat's, and puts it into
// the digest tier.
func (t *turn) setRuleDigest(ctx context.Context, r store.Rule, specs string) error {
	r.Tier, r.Digest = store.TierDigest, specs
	r.DigestAt = t.nextOfRule(r)
	head := t.tierSet(r)
	if specs != "" {
		head = t.l.H("hours.rule_digest_set", "times", locale.Text(t.digestWords(specs)), "next", locale.Text(t.moment(r.DigestAt)))
	}
	return t.saveRule(ctx, r, head)
}

// nextOfRule is when the next digest of a rule with times of its own is due.
func (t *turn) nextOfRule(r store.Rule) time.Time {
	next, err := Next(r.Digest, t.subject().Zone, t.o.Now())
	if err != nil {
		return time.Time{}
	}
	return next
}

// keepRule stores a changed rule without showing it.
func (t *turn) keepRule(ctx context.Context, r store.Rule) error {
	if err := t.o.Store.UpdateRule(ctx, r); err != nil {
		return fmt.Errorf("change rule %d: %w", r.ID, err)
	}
	return nil
}

// moveRuleDigests sets the times of the rules' own digests anew, after the chat has
// changed its zone.
func (t *turn) moveRuleDigests(ctx context.Context) error {
	rules, err := t.o.Store.Rules(ctx, t.subject().ID)
	if err != nil {
		return fmt.Errorf("list rules: %w", err)
	}
	for _, r := range rules {
		if r.Digest == "" {
			continue
		}
		r.DigestAt = t.nextOfRule(r)
		if err := t.keepRule(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// limitWords says the limits of a rule; "" when it has none.
func (t *turn) limitWords(l store.Limits) string {
	var parts []string
	if l.Cap > 0 {
		parts = append(parts, t.capWords(l))
	}
	if l.Cooldown > 0 {
		parts = append(parts, t.l.T("limits.cooldown", "time", locale.Text(t.span(l.Cooldown))))
	}
	return strings.Join(parts, t.l.T("common.list_separator"))
}

func (t *turn) capWords(l store.Limits) string {
	return t.l.T("limits.cap", "count", locale.Text(t.l.N("limits.alerts", l.Cap)), "time", locale.Text(t.span(l.Per)))
}

// span says a span of time in the largest unit that it is a multiple of.
func (t *turn) span(d time.Duration) string {
	if d%time.Hour == 0 {
		return t.l.N("limits.hours", int(d/time.Hour))
	}
	return t.l.N("limits.minutes", int(d/time.Minute))
}

func (t *turn) showLimits(ctx context.Context, n int, r store.Rule, head string) error {
	return t.show(ctx, t.limitsScreen(n, r, head))
}

func (t *turn) limitsScreen(n int, r store.Rule, head string) screen {
	var lines []string
	if head != "" {
		lines = append(lines, head, "")
	}
	words := t.limitWords(r.Limits)
	if words == "" {
		words = t.l.T("limits.none")
	}
	lines = append(lines,
		t.l.H("limits.of", "number", t.l.Digits(strconv.Itoa(n)), "name", unlinked(t.l, r.Name), "limits", locale.Text(words)),
		t.l.H("limits.explain"),
		t.l.H("limits.how", "command", fmt.Sprintf("/rule %d cap 5/h", n), "other", fmt.Sprintf("/rule %d cooldown 30m", n)))
	rev := limitsRev(r)
	caps, cools := []telegram.Button{}, []telegram.Button{}
	for i, l := range capPresets {
		b := telegram.Button{Text: t.l.T("limits.button.nocap"), Data: data{screen: "cap", id: r.ID, page: i, rev: rev}.String()}
		if l.Cap > 0 {
			b.Text = t.capWords(l)
		}
		caps = append(caps, ticked(b, l.Cap == r.Limits.Cap && l.Per == r.Limits.Per))
	}
	for i, d := range coolPresets {
		b := telegram.Button{Text: t.l.T("limits.button.nocooldown"), Data: data{screen: "cool", id: r.ID, page: i, rev: rev}.String()}
		if d > 0 {
			b.Text = t.l.T("limits.cooldown", "time", locale.Text(t.span(d)))
		}
		cools = append(cools, ticked(b, d == r.Limits.Cooldown))
	}
	return screen{html: t.l.Page(lines...), rows: [][]telegram.Button{caps[:2], caps[2:], cools[:2], cools[2:],
		{t.button("commands.button.back", data{screen: "rule", id: r.ID})}}}
}

// ticked marks the button of what is chosen.
func ticked(b telegram.Button, chosen bool) telegram.Button {
	if chosen {
		b.Text = "✓ " + b.Text
	}
	return b
}

// limitsRev changes with everything that the screens of this file show.
func limitsRev(r store.Rule) string { return revision(ruleRev(r), r.Limits, r.Digest) }

// timesScreen shows with which digests a rule is told, under head or what it is now.
func (t *turn) timesScreen(r store.Rule, head string) screen {
	if head == "" {
		times := t.l.T("hours.chats_digest", "times", locale.Text(t.digestWords(t.chat.Digest)))
		if r.Digest != "" {
			times = t.digestWords(r.Digest)
		}
		head = t.l.H("hours.rule_times", "name", unlinked(t.l, r.Name), "times", locale.Text(times))
	}
	rev := limitsRev(r)
	own := slices.Collect(lines(r.Digest))
	var rows [][]telegram.Button
	chats := slices.Collect(lines(t.chat.Digest))
	for i, spec := range chats[:min(len(chats), maxDigestTimes)] {
		b := telegram.Button{Text: t.digestWords(spec), Data: data{screen: "ruletime", id: r.ID, page: i, rev: rev}.String()}
		rows = append(rows, []telegram.Button{ticked(b, slices.Contains(own, spec))})
	}
	all := t.button("hours.button.chats", data{screen: "ruletime", id: r.ID, page: -1, rev: rev})
	rows = append(rows, []telegram.Button{ticked(all, r.Digest == ""), t.button("settings.button.other", data{screen: "asktimes", id: r.ID})},
		[]telegram.Button{t.button("commands.button.back", data{screen: "rule", id: r.ID})})
	return screen{html: t.l.Paragraph(head), rows: rows}
}

// openLimits is what the buttons about limits and digest times of a rule do.
func (t *turn) openLimits(ctx context.Context, d data) error {
	return t.changeRule(ctx, d.id, func(t *turn, n int, r store.Rule) error {
		current := d.rev == limitsRev(r)
		switch d.screen {
		case "cap":
			if !current || d.page < 0 || d.page >= len(capPresets) {
				return t.stale(ctx, t.limitsScreen(n, r, ""))
			}
			l := capPresets[d.page]
			return t.setLimits(ctx, r, store.Limits{Cap: l.Cap, Per: l.Per, Cooldown: r.Limits.Cooldown})
		case "cool":
			if !current || d.page < 0 || d.page >= len(coolPresets) {
				return t.stale(ctx, t.limitsScreen(n, r, ""))
			}
			r.Limits.Cooldown = coolPresets[d.page]
			return t.setLimits(ctx, r, r.Limits)
		case "times":
			return t.show(ctx, t.timesScreen(r, ""))
		case "ruletime":
			return t.pickTime(ctx, r, d.page, current)
		case "asktimes":
			return t.ask(ctx, stepRuleDigest, t.l.H("settings.ask_digest"), "07:00,18:00", ruleData(r))
		}
		return t.showLimits(ctx, n, r, "")
	})
}

// pickTime takes one of the chat's digest times into those of a rule, or out of
// them; -1 and the last one out are all of the chat's.
func (t *turn) pickTime(ctx context.Context, r store.Rule, i int, current bool) error {
	chats := slices.Collect(lines(t.chat.Digest))
	if !current || i >= len(chats) {
		return t.stale(ctx, t.timesScreen(r, ""))
	}
	if i < 0 {
		return t.setRuleDigest(ctx, r, "")
	}
	own := slices.Collect(lines(r.Digest))
	if at := slices.Index(own, chats[i]); at >= 0 {
		own = slices.Delete(own, at, at+1)
	} else {
		own = append(own, chats[i])
	}
	return t.setRuleDigest(ctx, r, strings.Join(own, "\n"))
}

// ruleTimes is the answer to the question for a rule's digest times.
func (t *turn) ruleTimes(ctx context.Context, n int, r store.Rule, said string) error {
	known, err := t.ruleSetting(ctx, n, r, "digest", said)
	if !known && err == nil {
		return t.again(ctx, t.timesScreen(r, t.wrongTimes(n, said)))
	}
	return err
}
