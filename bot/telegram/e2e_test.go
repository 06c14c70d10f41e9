package telegram_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"wirewatch/bot/telegram"
	"wirewatch/bot/telegram/telegramtest"
)

// start returns a fake Telegram and a client for its bot. No request may break
// the schema.
func start(t *testing.T) (*telegramtest.Server, *telegram.Client) {
	t.Helper()
	s := telegramtest.New(telegramtest.Options{}).Start()
	t.Cleanup(s.Close)
	c, err := telegram.New(telegram.Options{
		Token: telegram.Secret(s.Token()), APIURL: s.URL, Proxy: "direct",
		PollTimeout: -1, SendTimeout: 20 * time.Second, Unlimited: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	t.Cleanup(func() {
		for _, problem := range s.Problems() {
			t.Errorf("schema: %s", problem)
		}
	})
	return s, c
}

// updates fetches what is there, confirming nothing.
func updates(t *testing.T, c *telegram.Client) []telegram.Update {
	t.Helper()
	got, err := c.Updates(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// kind checks the kind of an error.
func kind(t *testing.T, err error, want telegram.Kind) {
	t.Helper()
	if got := telegram.KindOf(err); got != want {
		t.Errorf("got %s (%v), want %s", got, err, want)
	}
}

func TestConversation(t *testing.T) {
	s, c := start(t)
	me, err := c.Me(t.Context())
	if err != nil || me.ID != s.Me().ID || !me.Bot {
		t.Fatalf("got %+v, %v", me, err)
	}
	chat := s.Private(9, "ar").ID
	s.Say(chat, 9, "/start")
	got := updates(t, c)
	if len(got) != 1 || got[0].Message == nil || got[0].Message.Text != "/start" || got[0].Message.From.Lang != "ar" || !got[0].Message.Chat.Private() {
		t.Fatalf("got %+v", got)
	}
	id, err := c.Send(t.Context(), telegram.Outgoing{
		Chat: chat, ReplyTo: got[0].Message.ID, Silent: true,
		HTML:     `<b>` + telegram.EscapeHTML("a < b & c") + `</b> <a href="https://news.example/?a=1&amp;b=2">x</a><blockquote expandable>q</blockquote>`,
		Preview:  &telegram.Preview{URL: "https://news.example/", Small: true, Above: true},
		Keyboard: &telegram.Keyboard{Rows: [][]telegram.Button{{{Text: "Open", Data: "o:1", Style: "primary"}, {Text: "Site", URL: "https://news.example/"}}, {{Text: "Copy", Copy: "@geneva"}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	m, _ := s.Message(chat, id)
	if !strings.HasPrefix(m.Text, "a < b & c x") || m.ReplyTo != got[0].Message.ID || !m.Silent || !m.Preview.Above || len(m.Entities) != 3 {
		t.Errorf("the reader sees %+v", m)
	}

	press, err := s.Press(chat, 9, id, "o:1")
	if err != nil {
		t.Fatal(err)
	}
	next, err := c.Updates(t.Context(), telegram.Next(0, got))
	if err != nil || len(next) != 1 || next[0].Callback == nil || next[0].Callback.Data != "o:1" || next[0].Callback.Message.ID != id {
		t.Fatalf("got %+v, %v", next, err)
	}
	if err := c.Answer(t.Context(), next[0].Callback.ID, "done", true); err != nil {
		t.Fatal(err)
	}
	if a, ok := s.Answered(press); !ok || a.Text != "done" || !a.Alert {
		t.Errorf("answered %+v, %t", a, ok)
	}

	edit := telegram.Outgoing{HTML: "<i>changed</i>"}
	for range 2 { // the second time nothing is modified, and that is fine
		if err := c.Edit(t.Context(), chat, id, edit); err != nil {
			t.Fatal(err)
		}
	}
	if m, _ := s.Message(chat, id); m.Text != "changed" || m.Keyboard != nil {
		t.Errorf("after the edit: %+v", m)
	}
	if err := c.Delete(t.Context(), chat, id); err != nil {
		t.Fatal(err)
	}
	kind(t, c.Delete(t.Context(), chat, id), telegram.MessageGone)
	kind(t, c.Edit(t.Context(), chat, id, edit), telegram.MessageGone)
}

func TestRefusals(t *testing.T) {
	s, c := start(t)
	chat := s.Private(9, "en").ID
	send := func(m telegram.Outgoing) error {
		if m.Chat == 0 {
			m.Chat = chat
		}
		_, err := c.Send(t.Context(), m)
		return err
	}
	inline := func(b telegram.Button) *telegram.Keyboard {
		return &telegram.Keyboard{Rows: [][]telegram.Button{{b}}}
	}
	kind(t, send(telegram.Outgoing{HTML: "<p>x</p>"}), telegram.CantParse)
	kind(t, send(telegram.Outgoing{HTML: "<p>x</p>", Plain: true}), 0)
	kind(t, send(telegram.Outgoing{HTML: strings.Repeat("x", telegram.MaxText)}), 0)
	kind(t, send(telegram.Outgoing{HTML: strings.Repeat("x", telegram.MaxText+1)}), telegram.TooLong)
	kind(t, send(telegram.Outgoing{HTML: strings.Repeat("x", telegram.MaxRawBytes+1)}), telegram.TooLong)
	kind(t, send(telegram.Outgoing{HTML: " <b> </b>"}), telegram.Empty)
	kind(t, send(telegram.Outgoing{}), telegram.Empty)
	kind(t, send(telegram.Outgoing{HTML: "x", Keyboard: inline(telegram.Button{Text: "a", URL: "http://localhost/x"})}), telegram.BadKeyboard)
	kind(t, send(telegram.Outgoing{HTML: "x", Keyboard: inline(telegram.Button{Text: "a", Data: strings.Repeat("x", telegram.MaxCallbackData+1)})}), telegram.BadKeyboard)
	kind(t, send(telegram.Outgoing{HTML: "x", Keyboard: inline(telegram.Button{Text: "a", Data: strings.Repeat("x", telegram.MaxCallbackData)})}), 0)
	kind(t, send(telegram.Outgoing{HTML: "x", ReplyTo: 99999}), 0)
	kind(t, send(telegram.Outgoing{HTML: "x", Chat: 424242}), telegram.ChatGone)
	s.Block(9)
	kind(t, send(telegram.Outgoing{HTML: "x"}), telegram.Blocked)
	s.Deactivate(9)
	kind(t, send(telegram.Outgoing{HTML: "x"}), telegram.Blocked)

	wrong, err := telegram.New(telegram.Options{Token: "1:wrong_token", APIURL: s.URL, Proxy: "direct"})
	if err != nil {
		t.Fatal(err)
	}
	defer wrong.Close()
	_, err = wrong.Me(t.Context())
	kind(t, err, telegram.Unauthorized)
}

func TestGroupsAndTopics(t *testing.T) {
	s, c := start(t)
	forum := s.Forum("Desk", 9).ID
	topic := s.Topic(forum, "Geneva")
	for _, thread := range []int64{0, 1, topic} {
		id, err := c.Send(t.Context(), telegram.Outgoing{Chat: forum, Thread: thread, HTML: "x"})
		if err != nil {
			t.Fatal(err)
		}
		want := thread
		if thread == 1 {
			want = 0
		}
		if m, _ := s.Message(forum, id); m.Thread != want {
			t.Errorf("sent to topic %d, shown in %d", thread, m.Thread)
		}
	}
	s.Say(forum, 9, "/rules", telegramtest.With{Thread: topic})
	got := updates(t, c)
	if m := got[len(got)-1].Message; m == nil || m.Topic() != topic || !m.Chat.Forum || m.ReplyTo != 0 {
		t.Errorf("got %+v", m)
	}
	s.CloseTopic(forum, topic)
	_, err := c.Send(t.Context(), telegram.Outgoing{Chat: forum, Thread: topic, HTML: "x"})
	kind(t, err, telegram.TopicGone)
	s.DeleteTopic(forum, topic)
	_, err = c.Send(t.Context(), telegram.Outgoing{Chat: forum, Thread: topic, HTML: "x"})
	kind(t, err, telegram.TopicGone)

	group := s.Group("Old", 9).ID
	super := s.Migrate(group).ID
	_, err = c.Send(t.Context(), telegram.Outgoing{Chat: group, HTML: "x"})
	kind(t, err, telegram.Migrated)
	if e, ok := errors.AsType[*telegram.Error](err); !ok || e.MigrateTo != super {
		t.Errorf("migrated to %+v, want %d", e, super)
	}
	s.Kick(super, s.Me().ID)
	_, err = c.Send(t.Context(), telegram.Outgoing{Chat: super, HTML: "x"})
	kind(t, err, telegram.Blocked)
	var migrations, kicks int
	for _, u := range updates(t, c) {
		if u.Message != nil && (u.Message.MigrateTo == super || u.Message.MigrateFrom == group) {
			migrations++
		}
		if u.Member != nil && u.Member.New.Status == "kicked" && u.Member.Chat.ID == super {
			kicks++
		}
	}
	if migrations == 0 || kicks != 1 {
		t.Errorf("%d service messages of the migration, %d kicks", migrations, kicks)
	}
}

func TestChannels(t *testing.T) {
	s, c := start(t)
	s.Private(9, "en")
	channel := s.Channel("Wire", "wire_news", 9).ID
	if _, err := c.Send(t.Context(), telegram.Outgoing{Chat: channel, HTML: "x"}); err == nil {
		t.Error("a stranger may post")
	}
	s.SetAdmin(channel, s.Me().ID, "can_post_messages")
	info, err := c.ChatInfo(t.Context(), "@wire_news")
	if err != nil || info.ID != channel || info.Kind != "channel" || info.Title != "Wire" {
		t.Fatalf("got %+v, %v", info, err)
	}
	if _, err := c.Send(t.Context(), telegram.Outgoing{Chat: channel, HTML: "x"}); err != nil {
		t.Error(err)
	}
	for user, want := range map[int64]string{9: "creator", s.Me().ID: "administrator", 555: "left"} {
		if m, err := c.Member(t.Context(), channel, user); err != nil || m.Status != want || m.Admin() != (want != "left") || m.CanPost != m.Admin() {
			t.Errorf("member %d: %+v, %v", user, m, err)
		}
	}
	admins, err := c.Administrators(t.Context(), channel)
	if err != nil || len(admins) != 1 || admins[0].User.ID != 9 {
		t.Errorf("administrators: %+v, %v", admins, err)
	}
	s.Post(channel, "/here")
	got := updates(t, c)
	joined := slices.ContainsFunc(got, func(u telegram.Update) bool {
		return u.Member != nil && u.Member.Chat.ID == channel && !u.Member.Old.Admin() && u.Member.New.CanPost
	})
	if last := got[len(got)-1]; !joined || last.ChannelPost == nil || last.ChannelPost.Text != "/here" {
		t.Errorf("got %+v", got)
	}
	s.SetRights(channel, s.Me().ID, "can_edit_messages")
	_, err = c.Send(t.Context(), telegram.Outgoing{Chat: channel, HTML: "x"})
	kind(t, err, telegram.NoRights)
	if err := c.Leave(t.Context(), channel); err != nil {
		t.Error(err)
	}
}

func TestSharedChat(t *testing.T) {
	s, c := start(t)
	chat := s.Private(9, "en").ID
	channel := s.Channel("Wire", "", 9).ID
	_, err := c.Send(t.Context(), telegram.Outgoing{Chat: chat, HTML: "pick", Keyboard: &telegram.Keyboard{
		Reply: true, OneTime: true, Rows: [][]telegram.Button{{{Text: "Channel", RequestChat: &telegram.RequestChat{
			ID: 2, Channel: true, UserAdmin: true, BotCanPost: true}}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Share(chat, 9, 2, channel); err != nil {
		t.Fatal(err)
	}
	got := updates(t, c)
	shared := got[len(got)-1].Message
	if shared == nil || shared.ChatShared == nil || shared.ChatShared.Request != 2 || shared.ChatShared.Chat != channel {
		t.Fatalf("got %+v", shared)
	}
	if _, err := c.Send(t.Context(), telegram.Outgoing{Chat: channel, HTML: "x"}); err != nil {
		t.Error(err)
	}
	for _, k := range []*telegram.Keyboard{{Remove: true}, {ForceReply: true, Placeholder: "query"}} {
		if _, err := c.Send(t.Context(), telegram.Outgoing{Chat: chat, HTML: "x", Keyboard: k}); err != nil {
			t.Error(err)
		}
	}
}

// After a fault the caller knows whether the message may stand there.
func TestFaults(t *testing.T) {
	tests := []struct {
		name  string
		fault telegramtest.Fault
		want  telegram.Kind
		shown int
	}{
		{"gateway", telegramtest.Fault{Kind: telegramtest.BadGateway}, telegram.Uncertain, 0},
		{"gateway after", telegramtest.Fault{Kind: telegramtest.GatewayAfter}, telegram.Uncertain, 1},
		{"dropped answer", telegramtest.Fault{Kind: telegramtest.DropAnswer}, telegram.Uncertain, 1},
		{"reset after", telegramtest.Fault{Kind: telegramtest.ResetAfter}, telegram.Uncertain, 1},
		{"too many", telegramtest.Fault{Kind: telegramtest.TooMany, RetryAfter: 3}, telegram.RateLimited, 0},
		{"forbidden", telegramtest.Fault{Kind: telegramtest.Forbidden}, telegram.Blocked, 0},
		{"server error", telegramtest.Fault{Kind: telegramtest.Reply, Code: 500, Description: "Internal Server Error: restart"}, telegram.Uncertain, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, c := start(t)
			chat := s.Private(9, "en").ID
			s.Fault(tt.fault)
			_, err := c.Send(t.Context(), telegram.Outgoing{Chat: chat, HTML: "x"})
			kind(t, err, tt.want)
			if got := len(s.Sent(chat)); got != tt.shown {
				t.Errorf("the chat shows %d messages, want %d", got, tt.shown)
			}
			if n := len(s.Requests()); n != 1 {
				t.Errorf("%d requests: something was repeated", n)
			}
		})
	}
}

// A broken update between good ones, ids that restart lower, a second poller.
func TestPolling(t *testing.T) {
	s, c := start(t)
	chat := s.Private(9, "en").ID
	s.Say(chat, 9, "one")
	bad := s.Inject(`{"message":{"message_id":"what"}}`)
	var texts []string
	var offset int64
	fetch := func() {
		t.Helper()
		got, err := c.Updates(t.Context(), offset)
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range got {
			switch {
			case u.Err != nil && u.ID == bad:
				texts = append(texts, "unreadable")
			case u.Message != nil:
				texts = append(texts, u.Message.Text)
			}
		}
		offset = telegram.Next(offset, got)
	}
	fetch()
	fetch() // confirms
	s.SetNextUpdate(50)
	s.Say(chat, 9, "two")
	fetch()
	fetch()
	if got := strings.Join(texts, " "); got != "one unreadable two" || offset != 51 || s.Pending() != 0 {
		t.Errorf("got %q, offset %d, %d not confirmed", got, offset, s.Pending())
	}

	slow, err := telegram.New(telegram.Options{Token: telegram.Secret(s.Token()), APIURL: s.URL, Proxy: "direct", PollTimeout: 30 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	first := make(chan error, 1)
	go func() {
		_, err := slow.Updates(ctx, offset)
		first <- err
	}()
	if err := s.WaitUntil(ctx, s.Polling); err != nil {
		t.Fatal(err)
	}
	_, _ = c.Updates(ctx, offset)
	kind(t, <-first, telegram.Conflict)
}

func TestMenusAndProfile(t *testing.T) {
	s, c := start(t)
	cmds := []telegram.Command{{Name: "rules", Description: "قواعدي"}}
	if err := c.SetCommands(t.Context(), "all_private_chats", "ar", cmds); err != nil {
		t.Error(err)
	}
	if got := s.Commands("all_private_chats", "ar"); len(got) != 1 || got[0].Command != "rules" {
		t.Errorf("commands: %+v", got)
	}
	if err := c.SetDescription(t.Context(), "ar", "d"); err != nil || s.Profile("description", "ar") != "d" {
		t.Errorf("description %q, %v", s.Profile("description", "ar"), err)
	}
	if err := c.SetShortDescription(t.Context(), "", "s"); err != nil || s.Profile("short_description", "") != "s" {
		t.Errorf("short description %q, %v", s.Profile("short_description", ""), err)
	}
	if err := c.DeleteWebhook(t.Context()); err != nil {
		t.Error(err)
	}
	if err := c.Typing(t.Context(), s.Private(9, "en").ID, 0); err != nil {
		t.Error(err)
	}
}
