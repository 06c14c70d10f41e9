package bot

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"wirewatch/bot/telegram/telegramtest"
	"wirewatch/feeds"
	"wirewatch/store"
)

// hostile are articles as the worst of feeds have them, with what a reader must see
// of each; link is the address under it, "" none.
var hostile = []struct {
	name, title, summary, url string
	sees, link                string
}{
	{"markup", `</a><b>Fake</b><a href="https://evil.example/">tap`, `<script>alert(1)</script> &lt;b&gt; &#0; <tg-spoiler>x`, "https://wire.example/1", "<script>alert(1)</script>", "https://wire.example/1"},
	{"bidi", "Safe\u202egnp.exe\u202c title \u2066\u2067\u2068", "\u202b\u202a\u202d\u200f\u200e\u061cEnd", "https://wire.example/2", "Safegnp.exe title", "https://wire.example/2"},
	{"a megabyte", strings.Repeat("word ", 200_000), strings.Repeat("long text ", 100_000), "https://wire.example/3", "word word", "https://wire.example/3"},
	{"one word of a megabyte", strings.Repeat("x", 1<<20), "", "https://wire.example/4", "xxxxxxxx", "https://wire.example/4"},
	{"accents without end", "Z" + strings.Repeat("\u0335\u0489", 5000) + "algo", "", "https://wire.example/5", "Z", "https://wire.example/5"},
	{"nothing to see", "\u200b\u200d\u2060\ufeff\u3164\u2800", "\u200c", "https://wire.example/6", "Untitled", "https://wire.example/6"},
	{"a title without a letter", "\u200b", "What happened, in a sentence.", "https://wire.example/7", "What happened, in a sentence.", "https://wire.example/7"},
	{"broken text", "Lone \xed\xa0\x80 and \xff\xfe and \x00 and \ufffe", "\xed\xb0\x80", "https://wire.example/8", "Lone", "https://wire.example/8"},
	{"a fake button", "Win [Open](https://evil.example) /forget @somebody", "[✅ Approve] /start tap /resume now", "https://wire.example/9", "Win [Open](https://evil.example)", "https://wire.example/9"},
	{"a fake line of ours", "Quiet\n🏷 all — «all» in the headline\n🔴 Urgent", "", "https://wire.example/10", "Quiet 🏷 all", "https://wire.example/10"},
	{"no dot", "Title of no dot", "", "https://localhost/x", "Title of no dot", ""},
	{"a script", "Title of a script", "", "javascript:alert(1)", "Title of a script", ""},
	{"spaces", "Title of spaces", "", "https://wire.example/a b c", "Title of spaces", "https://wire.example/a%20b%20c"},
	{"a space in the host", "Title of a host", "", "https://wire .example/", "Title of a host", ""},
	{"somebody's name", "Title of a name", "", "https://bank.example:pw@evil.example/x", "Title of a name", "https://evil.example/x"},
	{"another alphabet", "Title of letters", "", "http://%D0%BF%D1%80%D0%B8%D0%BC%D0%B5%D1%80.%D1%80%D1%84/%D1%85", "Title of letters", "http://пример.рф/%D1%85"},
	{"a look-alike", "Title of looks", "", "https://аррӏе.com/", "Title of looks", "https://xn--80ak6aa92e.com/"},
	{"an endless address", "Title of length", "", "https://wire.example/" + strings.Repeat("a", 9000), "Title of length", ""},
	{"no address", "Title of nothing", "", "", "Title of nothing", ""},
}

// Whatever a feed writes, the alert arrives: readable, without what is bad, and
// without anything that a tap could set off but its own link.
func TestHostileArticlesArrive(t *testing.T) {
	p := newPost(t)
	english, arabic := p.fake.Private(9, "en"), p.fake.Private(10, "ar")
	rules := []store.Rule{p.chat(english, store.TierInstant), p.chat(arabic, store.TierInstant, func(c *store.Chat) { c.Lang = "ar" })}
	claimed, err := p.db.ClaimSources(t.Context(), 1, time.Minute)
	p.must(err)
	v := store.Visit{Source: claimed[0], Interval: time.Minute, NextAt: claimed[0].NextAt}
	for i, h := range hostile {
		sum := sha256.Sum256([]byte(h.name))
		id := [16]byte(sum[:16])
		a := store.NewArticle{GUID: id, URL: id, Text: id, Item: feeds.Article{ID: fmt.Sprint(i), Title: h.title, Summary: h.summary, URL: h.url}}
		for _, r := range rules {
			a.Matches = append(a.Matches, store.Match{Rule: r.ID, Hits: []store.Hit{{Term: "*", Text: h.title, Zone: "title"}}})
		}
		v.Seen, v.Articles = append(v.Seen, id), append(v.Articles, a)
	}
	_, err = p.db.Publish(t.Context(), v)
	p.must(err)
	p.rounds(4)
	for _, chat := range []int64{english.ID, arabic.ID} {
		sent := p.fake.Sent(chat)
		if len(sent) != len(hostile) {
			t.Fatalf("%d of %d alerts arrived in chat %d", len(sent), len(hostile), chat)
		}
		for i, h := range hostile {
			checkHostile(t, chat == arabic.ID, sent[i], h.name, h.sees, h.link)
		}
	}
	p.wantStates(map[string]int64{store.StateSent: int64(2 * len(hostile))})
	if strings.Contains(p.log.String(), "not sent") {
		t.Errorf("Telegram did not like something:\n%.2000s", p.log)
	}
}

func checkHostile(t *testing.T, arabic bool, m telegramtest.Message, name, sees, link string) {
	t.Helper()
	if arabic && sees == "Untitled" {
		sees = "بلا عنوان"
	}
	if got := unmarked(strings.ReplaceAll(m.Text, "\u200c", "")); !strings.Contains(got, sees) {
		t.Errorf("%s: %q is not in %.300q", name, sees, got)
	}
	links := []string{}
	for _, e := range m.Entities {
		switch e.Type {
		case "text_link":
			links = append(links, e.URL)
		case "mention", "bot_command":
			t.Errorf("%s: a live %s", name, e.Type)
		}
	}
	if link == "" && len(links) > 0 || link != "" && (len(links) != 1 || links[0] != link) {
		t.Errorf("%s: links %q, want %q", name, links, link)
	}
	for _, row := range m.Keyboard {
		for _, b := range row {
			if b.Data != "" || b.URL != link {
				t.Errorf("%s: a button to %q", name, b.URL+b.Data)
			}
		}
	}
}
