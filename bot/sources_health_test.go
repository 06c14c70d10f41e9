package bot

import (
	"testing"
	"time"

	"wirewatch/bot/locale"
	"wirewatch/store"
)

func TestFigures(t *testing.T) {
	w := still(t)
	quiet := store.Source{Visited: true, LastOK: noon}
	busy := store.Source{Visited: true, LastOK: noon, LastNew: noon.Add(-time.Hour)}
	for _, tt := range []struct {
		lang  string
		s     store.Source
		p     store.Pulse
		lines []string
	}{
		{"en", store.Source{}, store.Pulse{Usual: -1}, nil},
		{"en", quiet, store.Pulse{Usual: -1}, []string{"Last answer: 12:00", "In the last 24 hours: 0"}},
		{"en", busy, store.Pulse{Today: 3, Usual: 40, P50: 90 * time.Second, P95: 5 * time.Hour, Timed: 9},
			[]string{"Last answer: 12:00 · last news: 11:00", "In the last 24 hours: 3 (usually 40)", "From publication to here: half within 2 minutes, nearly all within 5 hours"}},
		{"en", busy, store.Pulse{Today: 0, Usual: 0, P50: 0, P95: 49 * time.Hour, Timed: 9},
			[]string{"Last answer: 12:00 · last news: 11:00", "In the last 24 hours: 0 (usually 0)", "From publication to here: half within a minute, nearly all within 3 days"}},
		{"ar", busy, store.Pulse{Today: 3, Usual: 40, P50: 2 * time.Minute, P95: 3 * time.Hour, Timed: 9},
			[]string{"آخر رد: 12:00 · آخر جديد: 11:00", "في آخر 24 ساعة: 3 (المعتاد 40)", "من النشر حتى الوصول إلى هنا: نصفها خلال دقيقتين، وكلها تقريبًا خلال 3 ساعات"}},
	} {
		tr := &turn{Bot: w.bot, l: locale.Get(tt.lang), chat: store.Chat{ID: omar, Kind: "private", Lang: tt.lang, Zone: "UTC"}}
		lines := tr.figures(tt.s, tt.p)
		if len(lines) != len(tt.lines) {
			t.Errorf("%s: %q, want %q", tt.lang, lines, tt.lines)
			continue
		}
		for i, line := range lines {
			if unmarked(line) != tt.lines[i] {
				t.Errorf("%s: %q, want %q", tt.lang, unmarked(line), tt.lines[i])
			}
		}
	}
}

// A source that stands still is shown as such, in the list and by itself.
func TestSilentSourceIsShown(t *testing.T) {
	d := newDesk(t)
	d.say(omar, omar, "/rule news")
	d.carry(1)
	since := d.now().Add(-10 * time.Minute)
	if _, err := d.db.NoteSilences(d.ctx, []store.Silence{{Source: d.source.ID, Since: since}}); err != nil {
		t.Fatal(err)
	}
	d.say(omar, omar, "/sources")
	d.says(omar, "🔇 1. Morning Wire", "silent since", "not usual")
	d.press(omar, omar, "1")
	d.says(omar, "🔇 Morning Wire", "silent since", "Last answer:", "In the last 24 hours: ")
}
