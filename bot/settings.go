package bot

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
	"wirewatch/filter/text"
	"wirewatch/store"
)

// zones are those offered by buttons, eight on a page; /zone takes every IANA
// name.
var zones = []string{
	"UTC", "Europe/London", "Europe/Paris", "Europe/Istanbul", "Africa/Cairo", "Asia/Damascus", "Asia/Riyadh", "Asia/Dubai",
	"Africa/Casablanca", "Africa/Algiers", "Africa/Tunis", "Africa/Khartoum", "Asia/Jerusalem", "Asia/Beirut", "Asia/Amman", "Asia/Baghdad",
	"Europe/Zurich", "Europe/Moscow", "Asia/Tehran", "Asia/Karachi", "Asia/Kolkata", "Asia/Shanghai", "America/New_York", "America/Los_Angeles",
}

// quietPresets are offered by buttons; equal ends mean off.
var quietPresets = [][2]int{{23 * 60, 6 * 60}, {22 * 60, 7 * 60}, {0, 8 * 60}, {0, 0}}

func (t *turn) settings(ctx context.Context, _ string) error { return t.showSettings(ctx, "") }

// showSettings shows the settings of this chat, or of the linked one that the turn is
// about, under changed: what has just been; "" nothing.
func (t *turn) showSettings(ctx context.Context, changed string) error {
	lines := []string{}
	if changed != "" {
		lines = append(lines, changed, "")
	}
	rows := [][]telegram.Button{
		{t.button("settings.button.lang", t.setting("langs", 0)), t.button("settings.button.zone", t.setting("zones", 0))},
		{t.button("settings.button.digest", t.setting("digests", 0)), t.button("settings.button.quiet", t.setting("quiets", 0))},
	}
	pictures := t.pictureButton(t.subject().Pictures)
	if t.of == nil {
		lines = append(append(lines, t.l.H("settings.head")), t.settingLines()...)
		if t.chat.State == store.ChatPaused {
			lines = append(lines, t.l.H("settings.paused"))
		}
		rows = append(rows, []telegram.Button{pictures}, append(t.stateButton(), t.back("home", 0)))
		return t.show(ctx, screen{html: t.l.Page(lines...), rows: rows})
	}
	gated, err := t.gated(ctx)
	if err != nil {
		return err
	}
	lines = append(append(lines, t.linkedLine(*t.of, gated[t.of.ID])), t.settingLines()...)
	rows = append(rows, []telegram.Button{pictures, t.approvalButton(t.of.ID, gated[t.of.ID])},
		append(t.stateButton(), t.button("settings.button.unlink_yes", data{screen: "unlink", id: t.of.ID})),
		[]telegram.Button{t.back("channels", 0)})
	return t.show(ctx, screen{html: t.l.Page(lines...), rows: rows})
}

// settingLines says what is set.
func (t *turn) settingLines() []string {
	c := t.subject()
	quiet := t.l.T("settings.off")
	if c.QuietFrom != c.QuietTo {
		quiet = t.quietRange(c.QuietFrom, c.QuietTo)
	}
	lines := []string{
		t.l.H("settings.lang", "lang", locale.Get(c.Lang).Name()),
		t.l.H("settings.zone", "zone", t.zoneLabel(t.settingZone()), "time", locale.Text(t.l.Clock(t.now(locale.Zone(c.Zone))))),
		t.l.H("settings.digest", "times", locale.Text(t.digestWords(c.Digest))),
		t.l.H("settings.quiet", "hours", locale.Text(quiet)),
	}
	if c.QuietFrom != c.QuietTo {
		lines = append(lines, t.l.H(quietPolicy(c)))
	}
	if c.Pictures {
		lines = append(lines, t.l.H("pictures.line"))
	}
	return lines
}

// settingZone is the time zone of the settings that are shown.
func (t *turn) settingZone() string { return cmp.Or(t.subject().Zone, "UTC") }

func (t *turn) quietRange(from, to int) string {
	return t.l.LTR(t.l.Digits(clock(from) + "–" + clock(to)))
}

// openSetting is what the buttons about settings do.
func (t *turn) openSetting(ctx context.Context, d data) error {
	if d.id != 0 {
		if ok, err := t.turnTo(ctx, d.id, d.screen != "settings"); !ok || err != nil {
			return err
		}
	}
	switch d.screen {
	case "langs":
		return t.show(ctx, t.langScreen())
	case "setlang":
		langs := locale.Languages()
		if d.page < 0 || d.page >= len(langs) {
			return t.stale(ctx, t.langScreen())
		}
		return t.lang(ctx, langs[d.page])
	case "zones":
		return t.show(ctx, t.zoneScreen(d.page))
	case "setzone":
		if d.page < 0 || d.page >= len(zones) {
			return t.stale(ctx, t.zoneScreen(0))
		}
		return t.zone(ctx, zones[d.page])
	case "askzone":
		return t.ask(ctx, stepZone, t.l.H("settings.ask_zone"), "Asia/Riyadh", t.settingData())
	case "digests":
		return t.show(ctx, t.digestScreen())
	case "setdigest":
		if d.page < 0 || d.page >= len(digestPresets) {
			return t.stale(ctx, t.digestScreen())
		}
		return t.digest(ctx, digestPresets[d.page])
	case "askdigest":
		return t.ask(ctx, stepDigest, t.l.H("settings.ask_digest"), "07:00,18:00", t.settingData())
	case "quiets":
		return t.show(ctx, t.quietScreen())
	case "setquiet":
		if d.page < 0 || d.page >= len(quietPresets) {
			return t.stale(ctx, t.quietScreen())
		}
		return t.setQuiet(ctx, quietPresets[d.page][0], quietPresets[d.page][1], t.subject().QuietHold)
	case "quietway":
		return t.setQuiet(ctx, t.subject().QuietFrom, t.subject().QuietTo, d.page == 1)
	case "pictures":
		return t.setPictures(ctx, d.page == 1)
	case "askquiet":
		return t.ask(ctx, stepQuiet, t.l.H("settings.ask_quiet"), "23:00-06:00", t.settingData())
	case "pause", "resume":
		if t.of != nil {
			return t.pauseLinked(ctx, d.screen == "pause")
		}
		if d.screen == "pause" {
			return t.pause(ctx, "")
		}
		return t.resume(ctx, "")
	case "digest":
		if t.of != nil {
			return t.askLinkedDigest(ctx)
		}
		return t.digestNow(ctx)
	case "senddigest":
		return t.digestNow(ctx)
	case "digestpreview", "digestsince":
		return t.digestPreview(ctx, d.screen == "digestsince")
	}
	return t.showSettings(ctx, "")
}

// lang is /lang CODE.
func (t *turn) lang(ctx context.Context, args string) error {
	want := strings.ToLower(args)
	for _, code := range locale.Languages() {
		l := locale.Get(code)
		if want != code && text.Fold(args) != text.Fold(l.Name()) && (!strings.HasPrefix(want, code+"-") || locale.Get(args) != l) {
			continue
		}
		if err := t.change(ctx, func(c *store.Chat) { c.Lang = code }); err != nil {
			return err
		}
		if t.of == nil {
			t.l = l
		}
		return t.showSettings(ctx, t.tell("settings.lang_set", "channels.lang_set", "lang", l.Name()))
	}
	s := t.langScreen()
	if args != "" {
		var known []string
		for _, code := range locale.Languages() {
			known = append(known, t.l.Span(locale.Get(code).Name()+" ("+code+")"))
		}
		s.html = t.l.Paragraph(t.l.H("errors.lang", "given", short(args, 60), "codes", locale.Text(strings.Join(known, t.l.T("common.list_separator")))))
	}
	return t.show(ctx, s)
}

func (t *turn) langScreen() screen {
	var row []telegram.Button
	for i, code := range locale.Languages() {
		row = append(row, telegram.Button{Text: locale.Get(code).Name(), Data: t.setting("setlang", i).String()})
	}
	head := t.tell("settings.choose_lang", "channels.choose_lang")
	return screen{html: t.l.Paragraph(head), rows: [][]telegram.Button{row, {t.backToSettings()}}}
}

// zone is /zone Area/City.
func (t *turn) zone(ctx context.Context, args string) error {
	if args == "" {
		return t.show(ctx, t.zoneScreen(0))
	}
	name, ok := zoneNamed(args)
	if !ok {
		s := t.zoneScreen(0)
		s.html = t.l.Paragraph(t.tell("errors.zone", "channels.wrong_zone", "given", short(args, 60)))
		return t.again(ctx, s)
	}
	err := t.change(ctx, func(c *store.Chat) {
		c.Zone = name
		c.DigestAt = nextDigest(*c, t.o.Now())
	})
	if err != nil {
		return err
	}
	if err := t.moveRuleDigests(ctx); err != nil {
		return err
	}
	now := locale.Text(t.l.Clock(t.now(locale.Zone(name))))
	return t.showSettings(ctx, t.tell("settings.zone_set", "channels.zone_set", "zone", t.zoneLabel(name), "time", now))
}

// zoneLabel is what a zone is called: a city in the language of the chat, or
// its IANA name.
func (t *turn) zoneLabel(zone string) string {
	if key := "settings.zone_name." + zone; t.l.Has(key) {
		return t.l.T(key)
	}
	return zone
}

// calledSo reports whether a zone of the buttons has a name in any language.
func calledSo(zone, name string) bool {
	name = text.Fold(strings.ReplaceAll(name, "_", " "))
	return slices.ContainsFunc(locale.Languages(), func(lang string) bool {
		return text.Fold(locale.Get(lang).T("settings.zone_name."+zone)) == name
	})
}

// zoneNamed finds a zone however its name is written: "asia/riyadh", "Asia /
// Riyadh", "new york" or "نيويورك" among those on the buttons.
func zoneNamed(s string) (string, bool) {
	s = strings.ReplaceAll(strings.Join(strings.Fields(strings.ReplaceAll(s, "/", " / ")), "_"), "_/_", "/")
	for _, z := range zones {
		if _, city, _ := strings.Cut(z, "/"); strings.EqualFold(s, z) || city != "" && strings.EqualFold(s, city) || calledSo(z, s) {
			return z, true
		}
	}
	if s == "" || strings.EqualFold(s, "local") || len(s) > 64 {
		return "", false
	}
	for _, name := range []string{s, titled(s), strings.ToUpper(s)} {
		if _, err := time.LoadLocation(name); err == nil {
			return name, true
		}
	}
	return "", false
}

// titled writes a zone's name with capitals where they belong.
func titled(s string) string {
	b := []byte(strings.ToLower(s))
	for i := range b {
		if b[i] >= 'a' && b[i] <= 'z' && (i == 0 || b[i-1] == '/' || b[i-1] == '_' || b[i-1] == '-') {
			b[i] -= 'a' - 'A'
		}
	}
	return string(b)
}

func (t *turn) zoneScreen(page int) screen {
	from, to, at, all := paged(len(zones), page)
	s := screen{html: t.l.Paragraph(t.tell("settings.choose_zone", "channels.choose_zone", "zone", t.zoneLabel(t.settingZone())))}
	for pair := range slices.Chunk(zones[from:to], 2) {
		var row []telegram.Button
		for _, z := range pair {
			row = append(row, telegram.Button{Text: t.zoneLabel(z), Data: t.setting("setzone", slices.Index(zones, z)).String()})
		}
		s.rows = append(s.rows, row)
	}
	s.rows = append(s.rows, t.pager(t.setting("zones", 0), at, all),
		[]telegram.Button{t.button("settings.button.other", t.setting("askzone", 0)), t.backToSettings()})
	return s
}

// quiet is /quiet HH:MM-HH:MM [silent|hold], either of them, or /quiet off.
func (t *turn) quiet(ctx context.Context, args string) error {
	if args == "" {
		return t.show(ctx, t.quietScreen())
	}
	if t.isOff(args) {
		return t.setQuiet(ctx, 0, 0, t.subject().QuietHold)
	}
	hours, hold, said := t.quietWay(args)
	if c := t.subject(); said && hours == "" && c.QuietFrom != c.QuietTo {
		return t.setQuiet(ctx, c.QuietFrom, c.QuietTo, hold)
	}
	from, to, ok := strings.Cut(typed(hours), "-")
	start, ok1 := parseClock(from)
	end, ok2 := parseClock(to)
	if !ok || !ok1 || !ok2 || start == end {
		s := t.quietScreen()
		s.html = t.l.Paragraph(t.tell("errors.quiet", "channels.wrong_quiet", "given", short(args, 60)))
		return t.again(ctx, s)
	}
	return t.setQuiet(ctx, start, end, hold)
}

// quietWay reads what shall become of alerts in quiet hours, the last word of args,
// and gives the rest. Without such a word it stays as it is.
func (t *turn) quietWay(args string) (hours string, hold, said bool) {
	words := strings.Fields(args)
	if len(words) == 0 {
		return args, t.subject().QuietHold, false
	}
	last := words[len(words)-1]
	for _, way := range []string{"silent", "hold"} {
		aliases := append(strings.Split(t.l.T("hours.word."+way), "|"), way)
		if slices.ContainsFunc(aliases, func(w string) bool { return text.Fold(w) == text.Fold(last) }) {
			return strings.Join(words[:len(words)-1], " "), way == "hold", true
		}
	}
	return args, t.subject().QuietHold, false
}

// quietPolicy is the key of what becomes of alerts in a chat's quiet hours.
func quietPolicy(c store.Chat) string {
	if c.QuietHold {
		return "hours.hold"
	}
	return "hours.silent"
}

// isOff reads "off", in English or in the language of the chat.
func (t *turn) isOff(s string) bool {
	if strings.EqualFold(s, "off") {
		return true
	}
	return slices.ContainsFunc(strings.Split(t.l.T("rules.word.off"), "|"), func(w string) bool { return text.Fold(w) == text.Fold(s) })
}

func (t *turn) setQuiet(ctx context.Context, from, to int, hold bool) error {
	err := t.change(ctx, func(c *store.Chat) { c.QuietFrom, c.QuietTo, c.QuietHold = from, to, hold })
	if err != nil {
		return err
	}
	head := t.l.H("settings.quiet_off")
	if from != to {
		head = t.l.H("settings.quiet_set", "hours", locale.Text(t.quietRange(from, to)))
	}
	return t.showSettings(ctx, head)
}

func (t *turn) quietScreen() screen {
	var row []telegram.Button
	for i, p := range quietPresets {
		label := t.l.T("settings.off")
		if p[0] != p[1] {
			label = t.quietRange(p[0], p[1])
		}
		row = append(row, telegram.Button{Text: label, Data: t.setting("setquiet", i).String()})
	}
	hold := t.subject().QuietHold
	ways := []telegram.Button{
		ticked(t.button("hours.button.silent", t.setting("quietway", 0)), !hold),
		ticked(t.button("hours.button.hold", t.setting("quietway", 1)), hold),
	}
	head := t.tell("settings.choose_quiet", "channels.choose_quiet")
	return screen{html: t.l.Paragraph(head), rows: [][]telegram.Button{
		row[:2], row[2:], ways, {t.button("settings.button.other", t.setting("askquiet", 0)), t.backToSettings()},
	}}
}
