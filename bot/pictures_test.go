package bot

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"strings"
	"testing"

	"wirewatch/bot/telegram"
	"wirewatch/bot/telegram/telegramtest"
	"wirewatch/store"
)

const picture = "https://wire.example.org/1.jpg"

// withPictures is a post with a chat that wants pictures, and its rule.
func withPictures(t *testing.T) (*post, store.Rule) {
	t.Helper()
	p := newPost(t)
	p.image = picture
	var dot bytes.Buffer
	if err := png.Encode(&dot, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	p.courier.o.Picture = func(_ context.Context, address string) ([]byte, error) {
		if address != picture {
			return nil, errors.New("not asked for")
		}
		return dot.Bytes(), nil
	}
	return p, p.chat(p.fake.Private(9, "en"), store.TierInstant, func(c *store.Chat) { c.Pictures = true })
}

// A picture by address falls back to an upload, then to text.
func TestPictures(t *testing.T) {
	photo := func(text string, times int) telegramtest.Fault {
		return telegramtest.Fault{Kind: telegramtest.Reply, Method: "sendPhoto", Code: 400, Description: "Bad Request: " + text, Times: times}
	}
	for name, tt := range map[string]struct {
		fault     *telegramtest.Fault
		nobody    bool // can download it
		photo     bool
		requests  int // for the message
		asPreview bool
	}{
		"by address":      {photo: true, requests: 1},
		"uploaded":        {fault: new(photo("failed to get HTTP URL content", 1)), photo: true, requests: 2},
		"refused twice":   {fault: new(photo("PHOTO_INVALID_DIMENSIONS", 2)), requests: 3, asPreview: true},
		"not fetched":     {fault: new(photo("wrong type of the web page content", 1)), nobody: true, requests: 2, asPreview: true},
		"not allowed":     {fault: new(photo("not enough rights to send photos to the chat", 2)), requests: 3, asPreview: true},
		"something new":   {fault: new(photo("SOMETHING_NEW", 1)), requests: 2, asPreview: true},
		"caption's fault": {fault: new(photo("message caption is too long", 1)), requests: 2, asPreview: true},
	} {
		t.Run(name, func(t *testing.T) {
			p, rule := withPictures(t)
			if tt.fault != nil {
				p.fake.Fault(*tt.fault)
			}
			if tt.nobody {
				p.courier.o.Picture = func(context.Context, string) ([]byte, error) { return []byte("<html>"), nil }
			}
			p.publish(1, rule)
			p.rounds(1)
			sent := p.fake.Sent(9)
			if len(sent) != 1 || !strings.HasPrefix(sent[0].Text, "item 1\n") {
				t.Fatalf("sent %+v", sent)
			}
			if got := sent[0].Photo != ""; got != tt.photo {
				t.Errorf("with a picture: %t, want %t", got, tt.photo)
			}
			if got := sent[0].Preview != nil && sent[0].Preview.URL != ""; got != tt.asPreview {
				t.Errorf("with a preview: %t, want %t", got, tt.asPreview)
			}
			requests := 0
			for _, r := range p.fake.Requests() {
				if r.Method == "sendPhoto" || r.Method == "sendMessage" {
					requests++
				}
			}
			if requests != tt.requests {
				t.Errorf("%d requests, want %d", requests, tt.requests)
			}
			p.wantStates(map[string]int64{store.StateSent: 1})
		})
	}
}

// Who does not want pictures gets none; nor is there one where the caption would be
// too short for the alert.
func TestNoPicture(t *testing.T) {
	p, rule := withPictures(t)
	plain := p.chat(p.fake.Private(10, "en"), store.TierInstant)
	p.publish(1, rule, plain)
	p.image = "javascript:alert(1)"
	p.publish(1, rule)
	p.rounds(3)
	for chat, want := range map[int64][]bool{9: {true, false}, 10: {false}} {
		for i, m := range p.fake.Sent(chat) {
			if (m.Photo != "") != want[i] {
				t.Errorf("chat %d, message %d: picture %q", chat, i, m.Photo)
			}
		}
	}
	d := store.Delivery{ID: 1, Article: new(store.Article)}
	d.Article.Item.Title, d.Article.Item.Image = strings.Repeat("Talks ", 100), picture
	for range 5 {
		d.Rules = append(d.Rules, store.RuleMatch{Name: strings.Repeat("rule ", 12), Query: "talks", Hits: []store.Hit{
			{Term: "a", Text: strings.Repeat("t", 40), Zone: "title"}, {Term: "b", Text: strings.Repeat("u", 40), Zone: "lead"}, {Term: "c", Text: strings.Repeat("v", 40), Zone: "body"}}})
	}
	v := viewIn("en")
	v.pictures = true
	pg := v.alert(d)
	if n := telegram.UTF16Len(plainText(pg.html)); pg.picture != nil || n <= telegram.MaxCaption {
		t.Errorf("an alert of %d UTF-16 units has picture %v", n, pg.picture)
	}
	d.Rules = d.Rules[:1]
	d.Article.Item.Summary = strings.Repeat("They met again. ", 200)
	pg = v.alert(d)
	if n := telegram.UTF16Len(plainText(pg.html)); pg.picture == nil || n > telegram.MaxCaption {
		t.Errorf("a caption of %d UTF-16 units has picture %v", n, pg.picture)
	}
}

func plainText(html string) string { return plain(html, 1<<20) }

// A headline that changes is edited into the caption; where the message is a text
// after all, into that.
func TestCorrectPictures(t *testing.T) {
	for name, fault := range map[string]*telegramtest.Fault{
		"a picture": nil,
		"a text":    {Kind: telegramtest.Reply, Method: "sendPhoto", Code: 400, Description: "Bad Request: IMAGE_PROCESS_FAILED", Times: 2},
	} {
		for _, then := range []bool{true, false} { // whether the chat still wants pictures
			t.Run(name, func(t *testing.T) {
				p, rule := withPictures(t)
				if fault != nil {
					p.fake.Fault(*fault)
				}
				p.publish(1, rule)
				p.rounds(1)
				_, err := p.db.UpdateChat(t.Context(), 9, func(c *store.Chat) error { c.Pictures = then; return nil })
				p.must(err)
				p.revise("item 1, corrected")
				p.must(p.courier.correctDue(t.Context()))
				m := p.fake.Sent(9)[0]
				if !strings.Contains(m.Text, "item 1, corrected") || (m.Photo != "") != (fault == nil) {
					t.Errorf("message is %q, picture %q", m.Text, m.Photo)
				}
			})
		}
	}
}

func TestPictureSettings(t *testing.T) {
	w, c := editors(t)
	w.say(omar, omar, "/settings")
	w.press(omar, omar, "With pictures")
	w.says(omar, "come with the picture")
	if !w.chat(omar).Pictures || w.chat(c.ID).Pictures {
		t.Error("pictures are not set for this chat alone")
	}
	w.press(omar, omar, "Without pictures")
	w.says(omar, "without pictures")
	w.say(omar, omar, "/channels")
	w.press(omar, omar, "Press office")
	w.press(omar, omar, "With pictures")
	if w.chat(omar).Pictures || !w.chat(c.ID).Pictures {
		t.Error("pictures are not set for the channel alone")
	}
	w.say(layla, layla, "/start")
	w.forge(layla, layla, w.last(layla).ID, data{screen: "pictures", id: c.ID}.String())
	if !w.chat(c.ID).Pictures {
		t.Error("a stranger changed the channel")
	}
}
