package bot

import (
	"testing"

	"wirewatch/store"
)

// TestMarksAndWideCharacters: what keyboards and the clipboard put into commands
// must not make a rule of "/rule 2 digest 18:00".
func TestMarksAndWideCharacters(t *testing.T) {
	for _, said := range []string{
		"/rule\u200f 1\u200f digest\u200f 18:00", "/rule \u200f١\u200f digest \u200f١٨:٠٠\u200f", "\u2068/rule 1 digest 18:00\u2069",
		"/rule １ digest １８：００", "/rule\u00a01\u00a0digest\u00a018:00", "/rule १ digest १८:००", "/rule 1\ndigest\n18:00", "\ufeff/rule 1 digest 18:00",
	} {
		w := newWorld(t)
		w.say(omar, omar, "/rule vienna")
		w.say(omar, omar, said)
		got := w.rules(omar)
		if len(got) != 1 || got[0].Query != "vienna" || got[0].Tier != store.TierDigest || got[0].Digest != "0 18 * * *" {
			t.Errorf("%q: rules %+v", said, got)
		}
	}
}

func TestMarksInSettings(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct{ said, want string }{
		{"/rules\u200f", "There are no rules yet"},
		{"/quiet ２２：００−０７：００", "Quiet hours: 22:00–07:00"},
		{"/quiet \u200f٢٣:٠٠\u200f—\u200f٠٦:٠٠", "Quiet hours: 23:00–06:00"},
		{"/digest ٠٧:٠٠\u200f،\u200f١٨:٠٠ الأحد–الخميس", "Digest at 07:00, 18:00 (Sunday–Thursday)"},
		{"/zone \u2068Asia/Riyadh\u2069", "where you are"},
	} {
		w.say(omar, omar, c.said)
		w.says(omar, c.want)
	}
}

func TestTyped(t *testing.T) {
	for in, want := range map[string]string{
		"":                  "",
		"\u200f":            "",
		"１８：００":             "18:00",
		"٢٢:٠٠\u00a0–۰۷:۰۰": "22:00 -07:00",
		"ＡＢＣ！～":             "ABC!~",
		"سبت":               "سبت",
	} {
		if got := typed(in); got != want {
			t.Errorf("typed(%q) = %q, want %q", in, got, want)
		}
	}
}
