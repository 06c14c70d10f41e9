package bot

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram/telegramtest"
	"wirewatch/feeds"
	"wirewatch/store"
)

// follow makes a chat that follows the source.
func (p *post) follow(c telegramtest.Chat, lang string) {
	p.Helper()
	p.chat(c, store.TierInstant, func(c *store.Chat) { c.Lang = lang })
	_, err := p.db.AddRule(p.Context(), store.Rule{Chat: c.ID, Name: "wire", Query: "*", Source: p.source.ID, Tier: store.TierInstant})
	p.must(err)
}

func TestSilenceIsToldOnceAndSoIsItsEnd(t *testing.T) {
	p := newPost(t)
	en, ar := p.fake.Private(0, "en"), p.fake.Private(0, "ar")
	p.follow(en, "en")
	p.follow(ar, "ar")
	wantLast := func(chat int64, count int, parts ...string) {
		t.Helper()
		sent := p.fake.Sent(chat)
		if len(sent) != count {
			t.Fatalf("%d messages, want %d", len(sent), count)
		}
		m := sent[count-1]
		if !m.Silent {
			t.Error("it came with a sound")
		}
		for _, part := range parts {
			if !strings.Contains(m.Text, part) {
				t.Errorf("%q is not in %q", part, m.Text)
			}
		}
	}
	since := p.now().Add(-8 * time.Hour).Truncate(time.Millisecond)
	change := store.Silence{Source: p.source.ID, Since: since}
	for range 2 { // as the next round, or another process, would
		_, err := p.db.NoteSilences(t.Context(), []store.Silence{change})
		p.must(err)
		p.rounds(1)
	}
	p.courier = p.another(p.db) // a restart
	p.rounds(2)
	wantLast(en.ID, 1, "🔇 A source has stopped publishing:\nHarbour Wire — silent since ", "nothing new has come")
	wantLast(ar.ID, 1, "\u200f🔇 توقف مصدر عن النشر:\n", "Harbour Wire", "صامت منذ")
	change.Until = p.now().Truncate(time.Millisecond)
	for range 2 {
		_, err := p.db.NoteSilences(t.Context(), []store.Silence{change})
		p.must(err)
		p.rounds(1)
	}
	wantLast(en.ID, 2, "🔊 A source publishes again:\nHarbour Wire — was silent from ")
	wantLast(ar.ID, 2, "عاد مصدر إلى النشر", "صمت من")
}

// What fails is told with its reason, in the reader's language.
func TestNoticeOfFailingSource(t *testing.T) {
	p := newPost(t)
	en, ar := p.fake.Private(0, "en"), p.fake.Private(0, "ar")
	p.follow(en, "en")
	p.follow(ar, "ar")
	claimed, err := p.db.ClaimSources(t.Context(), 1, time.Minute)
	if err != nil || len(claimed) != 1 {
		t.Fatal(claimed, err)
	}
	p.must(p.db.Failed(t.Context(), claimed[0], "the server refuses to serve this program (403)", p.now().Add(time.Hour), false))
	_, err = p.db.NoteSilences(t.Context(), []store.Silence{{Source: p.source.ID, Since: p.now().Add(-8 * time.Hour)}})
	p.must(err)
	p.rounds(2)
	for chat, parts := range map[int64][]string{
		en.ID: {"⚠️ A source cannot be read any more:\nHarbour Wire — nothing since ", ": the server refuses to serve this program (403)"},
		ar.ID: {"⚠️ مصدر تعذّرت قراءته:", "لا جديد منه منذ", "403"},
	} {
		sent := p.fake.Sent(chat)
		if len(sent) != 1 {
			t.Fatalf("sent %+v", sent)
		}
		for _, part := range parts {
			if !strings.Contains(sent[0].Text, part) {
				t.Errorf("%q is not in %q", part, sent[0].Text)
			}
		}
		if strings.Contains(sent[0].Text, "connection works") {
			t.Errorf("it says of a source that fails: %q", sent[0].Text)
		}
	}
}

// A notice of everything at once is within the limits of a message.
func TestLongestNotice(t *testing.T) {
	long := strings.Repeat("خ", 300)
	var list []store.Silence
	for i := range 60 {
		s := store.Silence{Source: int64(i), Title: long, Since: time.Unix(int64(i), 0)}
		switch i % 3 {
		case 0:
			s.Error = long
		case 1:
			s.Until = time.Unix(1000, 0)
		}
		list = append(list, s)
	}
	for _, lang := range locale.Languages() {
		html := view{Locale: locale.Get(lang), now: time.Unix(2000, 0)}.notice(store.Delivery{Silences: list}).html
		if text, _, err := telegramtest.FormatHTML(html); err != nil || len([]rune(text)) > telegramtest.MaxText {
			t.Errorf("%s: %v", lang, err)
		}
	}
}

// A notice of very many sources, whatever they are called, is one message.
func TestNoticeOfManySources(t *testing.T) {
	p := newPost(t)
	chat := p.fake.Private(0, "en")
	p.must(p.db.AddOperator(t.Context(), chat.ID))
	p.must(p.db.SaveChat(t.Context(), store.Chat{ID: chat.ID, Kind: chat.Kind, Lang: "en", State: store.ChatActive}))
	var list []store.Silence
	for n := range 100 {
		s, _, err := p.db.AddSource(t.Context(), feeds.Source{URL: fmt.Sprintf("https://%d.example", n), Title: fmt.Sprintf("%d @someone <b>%s", n, strings.Repeat("ش\u0651", 90))}, 0)
		p.must(err)
		list = append(list, store.Silence{Source: s.ID, Since: p.now().Add(-8 * time.Hour)})
	}
	_, err := p.db.NoteSilences(t.Context(), list)
	p.must(err)
	p.rounds(3)
	sent := p.fake.Sent(chat.ID)
	if len(sent) != 1 || !strings.Contains(sent[0].Text, locale.Get("en").N("notices.silent", 100)) || !strings.Contains(sent[0].Text, "and 80 more") {
		t.Errorf("sent: %+v", sent)
	}
	for _, e := range sent[0].Entities {
		t.Errorf("something in it is live: %+v", e)
	}
}

// A notice is not urgent: it waits for the end of quiet hours that hold, as a message
// of its own, and the digest that comes then says what it would have said.
func TestNoticeWaitsForTheEndOfQuietHours(t *testing.T) {
	d := newDesk(t)
	d.say(omar, omar, "/rule news")
	d.say(omar, omar, "/quiet 23:00-06:00")
	d.say(omar, omar, "/quiet hold")
	d.say(omar, omar, "/digest 07:30")
	_, err := d.db.AddRule(t.Context(), store.Rule{Chat: omar, Name: "wire", Query: "*", Source: d.source.ID, Tier: store.TierDigest})
	if err != nil {
		t.Fatal(err)
	}
	seen := len(d.fake.Sent(omar))
	d.until(0, 23, 30)
	if _, err := d.db.NoteSilences(t.Context(), []store.Silence{{Source: d.source.ID, Since: d.now().Add(-9 * time.Hour)}}); err != nil {
		t.Fatal(err)
	}
	d.bring()
	d.wants(d.got(omar, &seen))
	d.until(1, 7, 30)
	d.bring()
	d.bring() // what has waited comes with the round after the digest's
	d.wants(d.got(omar, &seen), "🗞 Digest", "🔇 A source has stopped publishing:")
}
