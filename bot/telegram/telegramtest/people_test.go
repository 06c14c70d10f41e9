package telegramtest

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var rewrite = flag.Bool("update", false, "rewrite golden files")

// kinds fetches and confirms all updates and returns what each is.
func kinds(t *testing.T, s *Server) []string {
	t.Helper()
	var updates []map[string]json.RawMessage
	if err := json.Unmarshal(form(t, s, "getUpdates").ok(t).Result, &updates); err != nil {
		t.Fatal(err)
	}
	form(t, s, "getUpdates", "offset", -1).ok(t)
	s.mu.Lock()
	s.queue.waiting = nil
	s.mu.Unlock()
	found := []string{}
	for _, u := range updates {
		for kind := range u {
			if kind != "update_id" {
				found = append(found, kind)
			}
		}
	}
	return found
}

func TestPrivacyMode(t *testing.T) {
	s := start(t, Options{})
	group := s.Supergroup("Desk", 7, 8).ID
	own := form(t, s, "sendMessage", "chat_id", group, "text", "x").id(t)
	tests := []struct {
		text string
		with With
		seen bool
	}{
		{"good morning", With{}, false},
		{"/rules", With{}, true},
		{"/rules@" + DefaultUsername, With{}, true},
		{"/rules@another_bot", With{}, false},
		{"@" + DefaultUsername + " hello", With{}, false},
		{"a reply", With{ReplyTo: own}, true},
	}
	for _, tt := range tests {
		if id := s.Say(group, 8, tt.text, tt.with); id == 0 {
			t.Fatalf("%q was not sent: %q", tt.text, s.Problems())
		}
		if seen := len(kinds(t, s)) == 1; seen != tt.seen {
			t.Errorf("%q: the bot sees it: %v, want %v", tt.text, seen, tt.seen)
		}
	}
	s.SetAdmin(group, s.Me().ID)
	s.Say(group, 8, "good morning")
	if diff := cmp.Diff([]string{"my_chat_member", "message"}, kinds(t, s)); diff != "" {
		t.Errorf("as an admin (-want +got):\n%s", diff)
	}
}

func TestMembership(t *testing.T) {
	s := start(t, Options{})
	s.Private(7, "ar")
	channel := s.Channel("News", "", 7).ID
	s.SetAdmin(channel, s.Me().ID, "can_post_messages", "can_edit_messages")
	var updates []struct {
		Member struct {
			Chat struct{ Type string }
			From struct{ ID int64 }
			New  struct {
				Status string
				Post   bool `json:"can_post_messages"`
				Delete bool `json:"can_delete_messages"`
			} `json:"new_chat_member"`
			Old struct{ Status string } `json:"old_chat_member"`
		} `json:"my_chat_member"`
	}
	raw := form(t, s, "getUpdates").ok(t).Result
	if err := json.Unmarshal(raw, &updates); err != nil || len(updates) != 1 {
		t.Fatalf("updates are %s, %v", raw, err)
	}
	if m := updates[0].Member; m.Chat.Type != "channel" || m.From.ID != 7 || m.Old.Status != "left" || m.New.Status != "administrator" || !m.New.Post || m.New.Delete {
		t.Errorf("my_chat_member is %+v", m)
	}
	kinds(t, s)
	s.Post(channel, "a post")
	s.Block(7)
	s.Unblock(7)
	s.Kick(channel, s.Me().ID)
	if diff := cmp.Diff([]string{"channel_post", "my_chat_member", "my_chat_member", "my_chat_member"}, kinds(t, s)); diff != "" {
		t.Errorf("updates (-want +got):\n%s", diff)
	}
	group := s.Group("Desk", 7).ID
	form(t, s, "leaveChat", "chat_id", group).ok(t)
	form(t, s, "getChatMember", "chat_id", group, "user_id", s.Me().ID).want(t, 403, "Forbidden: bot is not a member of the group chat")
}

func TestRights(t *testing.T) {
	s := start(t, Options{})
	channel, group := s.Channel("News", "news_channel", 7).ID, s.Supergroup("Desk", 7, 8).ID
	form(t, s, "getChatMember", "chat_id", channel, "user_id", 7).want(t, 400, "Bad Request: member list is inaccessible")
	s.SetAdmin(channel, s.Me().ID, "can_post_messages")
	status := func(chat, user int64) string {
		t.Helper()
		var m struct{ Status string }
		if err := json.Unmarshal(form(t, s, "getChatMember", "chat_id", chat, "user_id", user).ok(t).Result, &m); err != nil {
			t.Fatal(err)
		}
		return m.Status
	}
	got := []string{status(channel, 7), status(channel, s.Me().ID), status(group, 8)}
	if diff := cmp.Diff([]string{"creator", "administrator", "member"}, got); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
	var admins []json.RawMessage
	if err := json.Unmarshal(form(t, s, "getChatAdministrators", "chat_id", channel).ok(t).Result, &admins); err != nil || len(admins) != 2 {
		t.Errorf("administrators: %d, %v", len(admins), err)
	}
	s.SetRights(group, 8)
	if s.Say(group, 8, "muted") != 0 {
		t.Error("a muted member could write")
	}
	s.SetAdmin(group, 8, "can_fly")
	if p := s.Problems(); len(p) != 2 || !strings.Contains(p[1], "can_fly") {
		t.Errorf("problems are %q", p)
	}
}

func TestShare(t *testing.T) {
	s := start(t, Options{})
	chat := s.Private(7, "").ID
	mine, foreign := s.Channel("Mine", "", 7).ID, s.Channel("Foreign", "", 8).ID
	rights := map[string]bool{"is_anonymous": false}
	for _, r := range adminRights {
		rights[r] = false
	}
	rights["can_post_messages"], rights["can_manage_chat"] = true, true
	if _, err := s.Share(chat, 7, 1, mine); err == nil {
		t.Error("shared although no button asks")
	}
	form(t, s, "sendMessage", "chat_id", chat, "text", "Which channel?", "reply_markup", map[string]any{
		"resize_keyboard": true,
		"keyboard": [][]any{{map[string]any{"text": "Choose", "request_chat": map[string]any{
			"request_id": 1, "chat_is_channel": true, "user_administrator_rights": rights, "bot_administrator_rights": rights,
		}}}},
	}).ok(t)
	if _, err := s.Share(chat, 7, 1, foreign); err == nil {
		t.Error("shared a channel where the user is no admin")
	}
	if _, err := s.Share(chat, 7, 1, mine); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"my_chat_member", "message"}, kinds(t, s)); diff != "" {
		t.Errorf("updates (-want +got):\n%s", diff)
	}
	form(t, s, "sendMessage", "chat_id", mine, "text", "now the bot may post").ok(t)
}

func TestSayRefuses(t *testing.T) {
	s := start(t, Options{})
	s.Private(7, "")
	s.Private(9, "")
	s.Block(9)
	group := s.Group("Desk", 7).ID
	tries := []int64{s.Say(404, 7, "x"), s.Say(7, 9, "x"), s.Say(9, 9, "x"), s.Say(group, 9, "x"), s.Say(7, 7, " "), s.Say(7, 7, "x", With{ReplyTo: 99}), s.Post(group, "x")}
	if diff := cmp.Diff(make([]int64, len(tries)), tries); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
	if n := len(s.Problems()); n != len(tries) {
		t.Errorf("%d problems, want %d: %q", n, len(tries), s.Problems())
	}
}

func TestWaiting(t *testing.T) {
	s := start(t, Options{})
	chat := s.Private(7, "").ID
	var wg sync.WaitGroup
	for i := range 5 {
		wg.Go(func() { _, _ = tryForm(s, "sendMessage", "chat_id", chat, "text", fmt.Sprintf("text %d", i)) })
	}
	sent, err := s.Wait(soon(t), chat, 5)
	if err != nil || len(sent) != 5 {
		t.Errorf("%d messages, %v", len(sent), err)
	}
	wg.Wait()
	found, err := s.WaitFor(soon(t), chat, func(m Message) bool { return m.Text == "text 3" })
	if err != nil || found.Text != "text 3" {
		t.Errorf("found %+v, %v", found, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := s.Wait(ctx, chat, 6); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error is %v", err)
	}
}

func TestCommands(t *testing.T) {
	s := start(t, Options{})
	list := []map[string]string{{"command": "rules", "description": "What I watch"}}
	form(t, s, "setMyCommands", "commands", list).ok(t)
	form(t, s, "setMyCommands", "commands", []map[string]string{{"command": "rules", "description": "القواعد"}}, "language_code", "ar", "scope", map[string]any{"type": "all_private_chats"}).ok(t)
	form(t, s, "setMyCommands", "commands", []map[string]string{{"command": "Rules", "description": "x"}}).want(t, 400, "Bad Request: BOT_COMMAND_INVALID")
	form(t, s, "setMyCommands", "commands", list, "language_code", "arabic").want(t, 400, "Bad Request: invalid language code specified")
	if got := s.Commands("all_private_chats", "ar"); len(got) != 1 || got[0].Description != "القواعد" {
		t.Errorf("commands are %v", got)
	}
	chat := s.Private(7, "ar-SY")
	s.mu.Lock()
	offered := s.commandsFor(s.chats[chat.ID], 7)
	s.mu.Unlock()
	if len(offered) != 1 || offered[0].Description != "القواعد" {
		t.Errorf("an Arabic client offers %v", offered)
	}
	form(t, s, "deleteMyCommands", "language_code", "ar", "scope", map[string]any{"type": "all_private_chats"}).ok(t)
	if got := string(form(t, s, "getMyCommands").ok(t).Result); !strings.Contains(got, "What I watch") {
		t.Errorf("getMyCommands = %s", got)
	}
	form(t, s, "setMyName", "name", "Rasd", "language_code", "ar").ok(t)
	if s.Profile("name", "ar") != "Rasd" {
		t.Error("the name was not kept")
	}
}

// TestTranscript compares a chat of every kind of thing with what a reader should see of it.
func TestTranscript(t *testing.T) {
	s := start(t, Options{})
	s.User(User{ID: 7, First: "Lina", Lang: "ar"})
	chat := s.Private(7, "").ID
	hello := s.Say(chat, 7, "/start")
	form(t, s, "sendMessage", "chat_id", chat, "text", "Welcome.", "reply_parameters", map[string]any{"message_id": hello},
		"reply_markup", map[string]any{"keyboard": [][]map[string]string{{{"text": "Rules"}, {"text": "Help"}}}}).ok(t)
	counter := form(t, s, "sendMessage", "chat_id", chat, "text", "one source").id(t)
	form(t, s, "sendMessage", "chat_id", chat, "parse_mode", "HTML", "disable_notification", true,
		"text", "\u200f<a href=\"https://sana.example/1\">محادثات في جنيف</a>\n<i>وكالة</i>\n<blockquote expandable>السطر الأول\nالسطر الثاني</blockquote>بعد الاقتباس",
		"reply_markup", keyboard("كتم", "mute", "👍", "up")).ok(t)
	gone := form(t, s, "sendMessage", "chat_id", chat, "text", "never mind").id(t)
	form(t, s, "deleteMessage", "chat_id", chat, "message_id", gone).ok(t)
	form(t, s, "sendPhoto", "chat_id", chat, "photo", "https://example.com/a.jpg", "caption", "A chart").ok(t)
	form(t, s, "editMessageText", "chat_id", chat, "message_id", counter, "parse_mode", "HTML",
		"text", "<a href=\"https://sana.example/1\">two sources</a>", "reply_markup", map[string]any{
			"inline_keyboard": [][]map[string]string{{{"text": "Open", "url": "https://sana.example/1"}}}}).ok(t)
	got := s.Transcript(chat)
	golden := filepath.Join("testdata", "transcript.txt")
	if *rewrite {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("transcript differs (-want +got):\n%s", diff)
	}
}

func TestReadable(t *testing.T) {
	tests := []struct {
		html string
		want []string
	}{
		{"plain", []string{"plain"}},
		{"a\n\nb", []string{"a", "", "b"}},
		{`see <a href="https://e.com">this</a>.`, []string{"see this <https://e.com/>."}},
		{"before <blockquote>one\ntwo</blockquote> after", []string{"before ", "▎ one", "▎ two", " after"}},
		{"<blockquote>one</blockquote>\nafter", []string{"▎ one", "after"}},
		{`<blockquote>😀 <a href="https://e.com">x</a></blockquote>y`, []string{"▎ 😀 x <https://e.com/>", "y"}},
		{"x<blockquote>a\n\nb</blockquote>", []string{"x", "▎ a", "▎", "▎ b"}},
	}
	for _, tt := range tests {
		text, entities, err := FormatHTML(tt.html)
		if err != nil {
			t.Fatal(err)
		}
		if got := readable(text, entities); !slices.Equal(got, tt.want) {
			t.Errorf("%q reads %q, want %q", tt.html, got, tt.want)
		}
	}
}
