package bot

import (
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

// showSettings shows the settings under head, what was just changed; "" nothing.
func (t *turn) showSettings(ctx context.Context, head string) error {
	lines := []string{}
	if head != "" {
		lines = append(lines, head, "")
	}
	quiet := t.l.T("settings.off")
	if t.chat.QuietFrom != t.chat.QuietTo {
		quiet = t.quietRange(t.chat.QuietFrom, t.chat.QuietTo)
	}
	lines = append(lines,
		t.l.H("settings.head"),
		t.l.H("settings.lang", "lang", t.l.Name()),
		t.l.H("settings.zone", "zone", t.zoneLabel(t.chatZone()), "time", locale.Text(t.l.Clock(t.now(locale.Zone(t.chat.Zone))))),
		t.l.H("settings.digest", "times", locale.Text(t.digestWords(t.chat.Digest))),
		t.l.H("settings.quiet", "hours", locale.Text(quiet)))
	if t.chat.QuietFrom != t.chat.QuietTo {
		lines = append(lines, t.l.H(quietPolicy(t.chat)))
	}
	if t.chat.Pictures {
		lines = append(lines, t.l.H("pictures.line"))
	}
	state := telegram.Button{}
	if t.chat.State == store.ChatPaused {
		lines = append(lines, t.l.H("settings.paused"))
		state = t.styled("success", "commands.button.resume", data{screen: "resume"})
	} else {
		state = t.button("commands.button.pause", data{screen: "pause"})
	}
	return t.show(ctx, screen{html: t.l.Page(lines...), rows: [][]telegram.Button{
		{t.button("settings.button.lang", data{screen: "langs"}), t.button("settings.button.zone", data{screen: "zones"})},
		{t.button("settings.button.digest", data{screen: "digests"}), t.button("settings.button.quiet", data{screen: "quiets"})},
		{t.pictureButton(t.chat.Pictures, "pictures", 0)},
		{state, t.back("home", 0)},
	}})
}

func (t *turn) chatZone() string {
	if t.chat.Zone == "" {
		return "UTC"
	}
	return t.chat.Zone
}

func (t *turn) quietRange(from, to int) string {
	return t.l.LTR(t.l.Digits(clock(from) + "–" + clock(to)))
}

// openSetting is what the buttons about settings do.
func (t *turn) openSetting(ctx context.Context, d data) error {
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
		return t.ask(ctx, stepZone, t.l.H("settings.ask_zone"), "Asia/Riyadh", nil)
	case "digests":
		return t.show(ctx, t.digestScreen())
	case "setdigest":
		if d.page < 0 || d.page >= len(digestPresets) {
			return t.stale(ctx, t.digestScreen())
		}
		return t.digest(ctx, digestPresets[d.page])
	case "askdigest":
		return t.ask(ctx, stepDigest, t.l.H("settings.ask_digest"), "07:00,18:00", nil)
	case "quiets":
		return t.show(ctx, t.quietScreen())
	case "setquiet":
		if d.page < 0 || d.page >= len(quietPresets) {
			return t.stale(ctx, t.quietScreen())
		}
		return t.setQuiet(ctx, quietPresets[d.page][0], quietPresets[d.page][1], t.chat.QuietHold)
	case "quietway":
		return t.setQuiet(ctx, t.chat.QuietFrom, t.chat.QuietTo, d.page == 1)
	case "pictures":
		return t.setPictures(ctx, d.page == 1)
	case "askquiet":
		return t.ask(ctx, stepQuiet, t.l.H("settings.ask_quiet"), "23:00-06:00", nil)
	case "pause":
		return t.pause(ctx, "")
	case "resume":
		return t.resume(ctx, "")
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
		chat, err := t.update(ctx, t.chat.ID, func(c *store.Chat) { c.Lang = code })
		if err != nil {
			return err
		}
		t.chat, t.l = chat, l
		return t.showSettings(ctx, t.l.H("settings.lang_set"))
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
		row = append(row, telegram.Button{Text: locale.Get(code).Name(), Data: data{screen: "setlang", page: i}.String()})
	}
	return screen{html: t.l.Paragraph(t.l.H("settings.choose_lang")), rows: [][]telegram.Button{row, {t.back("settings", 0)}}}
}

// zone is /zone Area/City.
func (t *turn) zone(ctx context.Context, args string) error {
	if args == "" {
		return t.show(ctx, t.zoneScreen(0))
	}
	name, ok := zoneNamed(args)
	if !ok {
		s := t.zoneScreen(0)
		s.html = t.l.Paragraph(t.l.H("errors.zone", "given", short(args, 60)))
		return t.again(ctx, s)
	}
	chat, err := t.update(ctx, t.chat.ID, func(c *store.Chat) {
		c.Zone = name
		c.DigestAt = nextDigest(*c, t.o.Now())
	})
	if err != nil {
		return err
	}
	t.chat = chat
	if err := t.moveRuleDigests(ctx); err != nil {
		return err
	}
	return t.showSettings(ctx, t.l.H("settings.zone_set", "time", locale.Text(t.l.Clock(t.now(locale.Zone(name))))))
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
	s := screen{html: t.l.Paragraph(t.l.H("settings.choose_zone", "zone", t.zoneLabel(t.chatZone())))}
	for pair := range slices.Chunk(zones[from:to], 2) {
		var row []telegram.Button
		for _, z := range pair {
			row = append(row, telegram.Button{Text: t.zoneLabel(z), Data: data{screen: "setzone", page: slices.Index(zones, z)}.String()})
		}
		s.rows = append(s.rows, row)
	}
	s.rows = append(s.rows, t.pager("zones", at, all),
		[]telegram.Button{t.button("settings.button.other", data{screen: "askzone"}), t.back("settings", 0)})
	return s
}

// quiet is /quiet HH:MM-HH:MM [silent|hold], either of them, or /quiet off.
func (t *turn) quiet(ctx context.Context, args string) error {
	if args == "" {
		return t.show(ctx, t.quietScreen())
	}
	if t.isOff(args) {
		return t.setQuiet(ctx, 0, 0, t.chat.QuietHold)
	}
	hours, hold, said := t.quietWay(args)
	if said && hours == "" && t.chat.QuietFrom != t.chat.QuietTo {
		return t.setQuiet(ctx, t.chat.QuietFrom, t.chat.QuietTo, hold)
	}
	from, to, ok := strings.Cut(typed(hours), "-")
	start, ok1 := parseClock(from)
	end, ok2 := parseClock(to)
	if !ok || !ok1 || !ok2 || start == end {
		s := t.quietScreen()
		s.html = t.l.Paragraph(t.l.H("errors.quiet", "given", short(args, 60)))
		return t.again(ctx, s)
	}
	return t.setQuiet(ctx, start, end, hold)
}

// quietWay reads what shall become of alerts in quiet hours, the last word of args,
// and gives the rest. Without such a word it stays as it is.
func (t *turn) quietWay(args string) (hours string, hold, said bool) {
	words := strings.Fields(args)
	if len(words) == 0 {
		return args, t.chat.QuietHold, false
	}
	last := words[len(words)-1]
	for _, way := range []string{"silent", "hold"} {
		aliases := append(strings.Split(t.l.T("hours.word."+way), "|"), way)
		if slices.ContainsFunc(aliases, func(w string) bool { return text.Fold(w) == text.Fold(last) }) {
			return strings.Join(words[:len(words)-1], " "), way == "hold", true
		}
	}
	return args, t.chat.QuietHold, false
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
	chat, err := t.update(ctx, t.chat.ID, func(c *store.Chat) { c.QuietFrom, c.QuietTo, c.QuietHold = from, to, hold })
	if err != nil {
		return err
	}
	t.chat = chat
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
		row = append(row, telegram.Button{Text: label, Data: data{screen: "setquiet", page: i}.String()})
	}
	ways := []telegram.Button{
		ticked(t.button("hours.button.silent", data{screen: "quietway"}), !t.chat.QuietHold),
		ticked(t.button("hours.button.hold", data{screen: "quietway", page: 1}), t.chat.QuietHold),
	}
	return screen{html: t.l.Paragraph(t.l.H("settings.choose_quiet")), rows: [][]telegram.Button{
		row[:2], row[2:], ways, {t.button("settings.button.other", data{screen: "askquiet"}), t.back("settings", 0)},
	}}
}
