package bot

import (
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"wirewatch/bot/telegram/telegramtest"
	"wirewatch/store"
)

// revise lets the source give its first item another headline.
func (p *post) revise(title string) {
	p.Helper()
	list, err := p.db.Followed(p.Context(), p.source.ID)
	p.must(err)
	p.visit(store.Change{GUID: list[0].GUID, Title: title})
}

// withdraw lets its first item vanish, with its page.
func (p *post) withdraw() {
	p.Helper()
	list, err := p.db.Followed(p.Context(), p.source.ID)
	p.must(err)
	p.visit(store.Change{GUID: list[0].GUID, Title: list[0].Title, Missing: true})
	for range 2 {
		due, err := p.db.Missing(p.Context(), 1)
		p.must(err)
		_, err = p.db.Asked(p.Context(), due[0], true, p.now())
		p.must(err)
	}
}

func (p *post) visit(c store.Change) {
	p.Helper()
	claimed, err := p.db.ClaimSources(p.Context(), 1, time.Minute)
	p.must(err)
	_, err = p.db.Publish(p.Context(), store.Visit{Source: claimed[0], Interval: time.Minute, NextAt: claimed[0].NextAt, Changes: []store.Change{c}})
	p.must(err)
}

// wantText checks what the only message of a chat shows, and as how many versions
// it did before.
func (p *post) wantText(chat int64, versions int, want ...string) {
	p.Helper()
	sent := p.fake.Sent(chat)
	if len(sent) != 1 {
		p.Fatalf("%d messages", len(sent))
	}
	if len(sent[0].Versions) != versions {
		p.Errorf("it was edited %d times, want %d", len(sent[0].Versions), versions)
	}
	for _, part := range want {
		if !strings.Contains(sent[0].Text, part) {
			p.Errorf("%q is not in %q", part, sent[0].Text)
		}
	}
}

// struck are the texts that a message strikes through.
func struck(m telegramtest.Message) (list []string) {
	for _, e := range m.Entities {
		if e.Type == "strikethrough" {
			units := utf16.Encode([]rune(m.Text))
			list = append(list, string(utf16.Decode(units[e.Offset:e.Offset+e.Length])))
		}
	}
	return list
}

func TestHeadlineIsCorrected(t *testing.T) {
	p := newPost(t)
	en, ar := p.fake.Private(0, "en"), p.fake.Private(0, "ar")
	p.publish(1, p.chat(en, store.TierInstant), p.chat(ar, store.TierInstant, func(c *store.Chat) { c.Lang = "ar" }))
	p.rounds(1)
	p.revise("item one, corrected")
	p.must(p.courier.correctDue(t.Context()))
	p.wantText(en.ID, 1, "✏️ The source has changed its headline (", "item one, corrected\nitem 1\nHarbour Wire", "What happened in item 1.", "📡 all")
	p.wantText(ar.ID, 1, "\u200f✏️ غيّر المصدر عنوان الخبر (", "item one, corrected")
	if got := struck(p.fake.Sent(en.ID)[0]); len(got) != 1 || got[0] != "item 1" {
		t.Errorf("struck through: %q", got)
	}
	if m := p.fake.Sent(en.ID)[0]; len(m.Keyboard) != 1 || m.Preview == nil || m.Preview.URL == "" {
		t.Errorf("it lost its button or preview: %+v", m)
	}
	// Back to the first headline: as if nothing had been.
	p.revise("item 1")
	p.must(p.courier.correctDue(t.Context()))
	p.wantText(en.ID, 1)
	p.later(time.Minute)
	p.must(p.courier.correctDue(t.Context()))
	if m := p.fake.Sent(en.ID)[0]; !strings.HasPrefix(m.Text, "item 1\nHarbour") || len(struck(m)) != 0 {
		t.Errorf("it shows %q", m.Text)
	}
	if n := testutil.ToFloat64(p.metrics.corrections.WithLabelValues("headline")); n != 4 {
		t.Errorf("%v corrections counted", n)
	}
}

func TestWithdrawnIsStruckThrough(t *testing.T) {
	p := newPost(t)
	chat := p.fake.Private(0, "en")
	p.publish(1, p.chat(chat, store.TierFlash))
	p.rounds(1)
	p.withdraw()
	p.must(p.courier.correctDue(t.Context()))
	p.wantText(chat.ID, 1, "🔴 Urgent\n🚫 The source has withdrawn this (", "item 1\nHarbour Wire", "📡 all")
	m := p.fake.Sent(chat.ID)[0]
	if got := struck(m); len(got) != 1 || got[0] != "item 1" {
		t.Errorf("struck through: %q", got)
	}
	if len(m.Keyboard) != 0 || m.Preview == nil || !m.Preview.Disabled || strings.Contains(m.Text, "What happened") {
		t.Errorf("it shows %+v", m)
	}
}

// What Telegram says to an edit, and what comes of it: the message as it should be,
// or the end of the debt.
func TestEditRefusals(t *testing.T) {
	const fresh, stale = 1, 0
	for name, tt := range map[string]struct {
		fault    telegramtest.Fault
		versions int
		owed     int
	}{
		"429":          {telegramtest.Fault{Kind: telegramtest.TooMany, RetryAfter: 60}, fresh, 0},
		"502":          {telegramtest.Fault{Kind: telegramtest.BadGateway, Times: 3}, fresh, 0},
		"reset":        {telegramtest.Fault{Kind: telegramtest.Reset}, fresh, 0},
		"lost answer":  {telegramtest.Fault{Kind: telegramtest.DropAnswer}, fresh, 0}, // the repetition is "not modified"
		"gone":         {refusal(400, "Bad Request: message to edit not found"), stale, 0},
		"too old":      {refusal(400, "Bad Request: message can't be edited"), stale, 0},
		"not modified": {refusal(400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"), stale, 0},
		"blocked":      {telegramtest.Fault{Kind: telegramtest.Forbidden}, stale, 0},
		"can't parse":  {refusal(400, "Bad Request: can't parse entities: Unclosed start tag at byte offset 1"), fresh, 0},
		"for ever":     {forEver(telegramtest.Fault{Kind: telegramtest.Reset}), stale, 0},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			chat, other := p.fake.Private(0, "en"), p.fake.Private(0, "en")
			p.publish(1, p.chat(chat, store.TierInstant), p.chat(other, store.TierInstant))
			p.rounds(1)
			tt.fault.Chat = chat.ID
			tt.fault.Method = "editMessageText"
			p.fake.Fault(tt.fault)
			p.revise("corrected")
			for range editTries + 1 {
				p.must(p.courier.correctDue(t.Context()))
				p.later(10 * time.Minute)
			}
			p.wantText(other.ID, 1, "corrected")
			p.wantText(chat.ID, tt.versions)
			owed, err := p.db.ClaimCorrections(t.Context(), 10)
			p.must(err)
			if len(owed) != tt.owed {
				t.Errorf("%d corrections are still owed", len(owed))
			}
		})
	}
}

// A courier that runs corrects by itself, and leaves alone who is not written to.
func TestRunCorrects(t *testing.T) {
	p := newPost(t)
	chat, paused := p.fake.Private(0, "en"), p.fake.Private(0, "en")
	p.publish(1, p.chat(chat, store.TierInstant), p.chat(paused, store.TierInstant))
	p.rounds(1)
	_, err := p.db.UpdateChat(t.Context(), paused.ID, func(c *store.Chat) error { c.State = store.ChatPaused; return nil })
	p.must(err)
	p.revise("corrected")
	p.runCourier(p.courier)
	p.must(p.fake.WaitUntil(p.soon(), func() bool { return len(p.fake.Sent(chat.ID)[0].Versions) == 1 }))
	p.wantText(paused.ID, 0)
	p.must(p.db.Resume(t.Context(), paused.ID))
	p.must(p.fake.WaitUntil(p.soon(), func() bool { return len(p.fake.Sent(paused.ID)[0].Versions) == 1 }))
}
