package bot

import (
	"strings"
	"testing"
	"time"

	"wirewatch/feeds"
	"wirewatch/store"
)

// A preview shows what the digest will hold and settles nothing of it.
func TestDigestPreview(t *testing.T) {
	w := newWorld(t)
	src := w.wire("Coast News")
	w.say(omar, omar, "/digest preview")
	w.says(omar, "nothing is looked for yet")
	w.say(omar, omar, "/rule geneva")
	w.say(omar, omar, "/rule 1 digest")
	rules, err := w.db.Rules(w.ctx, omar)
	if err != nil {
		t.Fatal(err)
	}
	match := []store.Match{{Rule: rules[0].ID}}
	w.later(2 * time.Minute)
	w.publish(src.ID, geneva()[:2], match)
	before := len(w.fake.Sent(omar))
	w.say(omar, omar, "/digest preview")
	w.says(omar, "2 stories from 1 source", "Geneva round on security guarantees opens", "📁 geneva (2)")
	if all := w.fake.Sent(omar); len(all) != before+2 || !strings.Contains(all[before].Text, "This is a preview") || !strings.Contains(all[before].Text, "07:00") {
		t.Errorf("what stands above the preview:\n%s", w.fake.Transcript(omar))
	}
	w.wantState(omar, store.StateWaiting, 2)

	w.say(omar, omar, "/digest")
	w.wantState(omar, store.StateDue, 2)
	w.say(omar, omar, "/digest preview")
	w.says(omar, "No significant coverage since 12:02")
	w.say(omar, omar, "/rule 1 instant")
	w.later(2 * time.Minute)
	w.publish(src.ID, []feeds.Article{{ID: "g9", URL: "https://wire.example/en/9", Title: "Geneva talks end"}}, match)
	w.later(time.Minute)
	w.say(omar, omar, "/digest")
	w.later(2 * time.Minute)
	w.publish(src.ID, []feeds.Article{{ID: "g8", URL: "https://wire.example/en/8", Title: "Geneva talks resume"}}, match)
	w.say(omar, omar, "/digest since")
	w.says(omar, "1 story from 1 source since 12:05", "Geneva talks resume")
	w.say(omar, omar, "/settings")
	w.press(omar, omar, "Digest")
	w.press(omar, omar, "Since the last one")
	w.says(omar, "Geneva talks resume")
	w.press(omar, omar, "Preview")
	w.says(omar, "No significant coverage")
}

func (w *world) wantState(chat int64, state string, n int) {
	w.Helper()
	list, err := w.db.Latest(w.ctx, chat, 100)
	if err != nil {
		w.Fatal(err)
	}
	for _, d := range list {
		if d.State == state {
			n--
		}
	}
	if n != 0 {
		w.Errorf("%d too few deliveries are %s: %+v", n, state, list)
	}
}

// Of a long digest a few pages are shown, and the rest is counted.
func TestDigestPreviewIsShort(t *testing.T) {
	w := newWorld(t)
	src := w.wire("Coast News")
	w.say(layla, layla, "/rule جنيف")
	w.say(layla, layla, "/rule 1 digest")
	rules, err := w.db.Rules(w.ctx, layla)
	if err != nil {
		t.Fatal(err)
	}
	var many []feeds.Article
	for i := range 250 {
		id := itoa(int64(i))
		many = append(many, feeds.Article{ID: id, URL: "https://wire.example/long/" + strings.Repeat("x", 60) + id, Title: strings.Repeat("word ", 20) + id})
	}
	w.later(2 * time.Minute)
	w.publish(src.ID, many, []store.Match{{Rule: rules[0].ID}})
	before := len(w.fake.Sent(layla))
	w.say(layla, layla, "/digest معاينة")
	all := w.fake.Sent(layla)[before:]
	if len(all) != previewPages+1 || !strings.Contains(all[0].Text, "غير معروضة") {
		t.Errorf("%d messages: %s", len(all), all[0].Text)
	}
	w.wantState(layla, store.StateWaiting, 100) // as many as are looked at
}
