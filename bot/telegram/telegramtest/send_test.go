package telegramtest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestSendShowsWhatAReaderSees(t *testing.T) {
	s := start(t, Options{})
	chat := s.Private(7, "ar").ID
	first := form(t, s, "sendMessage", "chat_id", chat, "text", "question").id(t)
	id := form(t, s, "sendMessage", "chat_id", chat, "parse_mode", "HTML", "disable_notification", true,
		"text", "<b>جنيف</b> <a href=\"example.com/a b\">report</a>\r\n",
		"link_preview_options", map[string]any{"url": "https://example.com/", "show_above_text": true},
		"reply_parameters", map[string]any{"message_id": first},
		"reply_markup", keyboard("Mute", "m1")).id(t)
	got, _ := s.Message(chat, id)
	want := Message{
		ID: id, Chat: chat, From: s.Me().ID, Bot: true, Text: "جنيف report", Silent: true, ReplyTo: first,
		Entities: []Entity{{Type: "bold", Length: 4}, {Type: "text_link", Offset: 5, Length: 6, URL: "http://example.com/a%20b"}},
		Preview:  &Preview{URL: "https://example.com/", Above: true},
		Keyboard: [][]Button{{{Text: "Mute", Data: "m1"}}},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Message{}), cmpopts.IgnoreFields(Message{}, "Date")); diff != "" {
		t.Errorf("message differs (-want +got):\n%s", diff)
	}
	if p := s.Problems(); len(p) != 0 {
		t.Errorf("problems: %q", p)
	}
}

func TestSendRefusals(t *testing.T) {
	s := start(t, Options{})
	chat := s.Private(7, "").ID
	long := strings.Repeat("x", MaxText+1)
	links := func(n int, url string) string { return strings.Repeat(`<a href="`+url+`">l</a> `, n) }
	rows := func(n, width int) map[string]any {
		row := make([]map[string]string, width)
		for i := range row {
			row[i] = map[string]string{"text": "a", "callback_data": "b"}
		}
		all := make([][]map[string]string, n)
		for i := range all {
			all[i] = row
		}
		return map[string]any{"inline_keyboard": all}
	}
	link := func(url string) map[string]any {
		return map[string]any{"inline_keyboard": [][]map[string]string{{{"text": "a", "url": url}}}}
	}
	tests := []struct {
		name  string
		pairs []any
		want  string
	}{
		{"empty", []any{"text", ""}, "message text is empty"},
		{"blank", []any{"text", " \n\u200b"}, "text must be non-empty"},
		{"long", []any{"text", long}, "message is too long"},
		{"raw", []any{"text", strings.Repeat("x", MaxRawBytes+1)}, "text is too long"},
		{"html", []any{"text", "<p>", "parse_mode", "HTML"}, `can't parse entities: Unsupported start tag "p" at byte offset 0`},
		{"text before chat", []any{"text", "", "chat_id", 404}, "message text is empty"},
		{"html before chat", []any{"text", "<b>", "parse_mode", "HTML", "chat_id", 404}, `can't parse entities: Can't find end tag corresponding to start tag "b"`},
		{"chat before length", []any{"text", long, "chat_id", 404}, "chat not found"},
		{"chat before blank", []any{"text", " ", "chat_id", 404}, "chat not found"},
		{"button url before length", []any{"text", long, "reply_markup", link("http://localhost/")}, "inline keyboard button URL 'http://localhost/' is invalid: Wrong HTTP URL"},
		{"thread", []any{"text", "x", "message_thread_id", 5}, "message thread not found"},
		{"thread before reply", []any{"text", "x", "message_thread_id", 5, "reply_parameters", map[string]any{"message_id": 99}}, "message thread not found"},
		{"reply", []any{"text", "x", "reply_parameters", map[string]any{"message_id": 99}}, "message to be replied not found"},
		{"data", []any{"text", "x", "reply_markup", keyboard("a", strings.Repeat("d", 65))}, "BUTTON_DATA_INVALID"},
		{"length before data", []any{"text", long, "reply_markup", keyboard("a", strings.Repeat("d", 65))}, "message is too long"},
		{"empty data", []any{"text", "x", "reply_markup", keyboard("a", "")}, "BUTTON_DATA_INVALID"},
		{"no action", []any{"text", "x", "reply_markup", map[string]any{"inline_keyboard": [][]map[string]string{{{"text": "a"}}}}},
			"can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"},
		{"nine a row", []any{"text", "x", "reply_markup", rows(1, 9)}, "reply markup is too long"},
		{"104 buttons", []any{"text", "x", "reply_markup", rows(13, 8)}, "reply markup is too long"},
		{"payload", []any{"text", links(60, "https://e.com/"+strings.Repeat("p", 200)), "parse_mode", "HTML"}, "ENTITIES_TOO_LONG"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			form(t, s, "sendMessage", append([]any{"chat_id", chat}, tt.pairs...)...).want(t, 400, "Bad Request: "+tt.want)
		})
	}
	if sent := s.Sent(chat); len(sent) != 0 {
		t.Errorf("%d messages were stored", len(sent))
	}
	form(t, s, "sendMessage", "chat_id", chat, "text", "x", "reply_markup", rows(12, 8)).ok(t)
	form(t, s, "sendMessage", "chat_id", chat, "text", "x", "reply_markup", keyboard("a", strings.Repeat("d", 64))).ok(t)
	form(t, s, "sendMessage", "chat_id", chat, "text", "x", "reply_parameters", map[string]any{"message_id": 99, "allow_sending_without_reply": true}).ok(t)
}

// TestHundredEntities shows the silent cut: links come first, styles get what is left.
func TestHundredEntities(t *testing.T) {
	s := start(t, Options{})
	chat := s.Private(7, "").ID
	count := func(html string) map[string]int {
		t.Helper()
		id := form(t, s, "sendMessage", "chat_id", chat, "parse_mode", "HTML", "text", html).id(t)
		m, _ := s.Message(chat, id)
		found := map[string]int{}
		for _, e := range m.Entities {
			found[e.Type]++
		}
		return found
	}
	link, bold := `<a href="https://e.com">l</a> `, `<b>b</b> <i>i</i> `
	if diff := cmp.Diff(map[string]int{"text_link": 100}, count(strings.Repeat(link, 101)+bold)); diff != "" {
		t.Errorf("101 links (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"text_link": 98, "bold": 1, "italic": 1}, count(strings.Repeat(bold, 2)+strings.Repeat(link, 98))); diff != "" {
		t.Errorf("98 links and 4 styles (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"bold": 100, "hashtag": 3}, count(strings.Repeat("<b>x</b> ", 120)+"#a #b #c")); diff != "" {
		t.Errorf("120 styles and 3 tags (-want +got):\n%s", diff)
	}
}

func TestChats(t *testing.T) {
	s := start(t, Options{})
	s.User(User{ID: 8, First: "Stranger"})
	blocker, deleted := s.Private(9, "").ID, s.Private(10, "").ID
	s.Block(9)
	s.Deactivate(10)
	group := s.Group("Desk", 7).ID
	kicked, left, gone := s.Supergroup("Out", 7).ID, s.Group("Left", 7).ID, s.Group("Gone", 7).ID
	s.Kick(kicked, s.Me().ID)
	s.SetStatus(left, s.Me().ID, "left")
	s.DeleteGroup(gone)
	muted := s.Supergroup("Muted", 7).ID
	s.SetRights(muted, s.Me().ID, "can_send_photos")
	channel, mine, powerless := s.Channel("Public", "agency_news", 7).ID, s.Channel("Mine", "", 7).ID, s.Channel("Powerless", "", 7).ID
	s.SetAdmin(mine, s.Me().ID, "can_post_messages")
	s.SetAdmin(powerless, s.Me().ID, "can_delete_messages")
	tests := []struct {
		chat any
		code int
		text string
	}{
		{8, 403, "Forbidden: bot can't initiate conversation with a user"},
		{blocker, 403, "Forbidden: bot was blocked by the user"},
		{deleted, 403, "Forbidden: user is deactivated"},
		{s.Me().ID, 403, "Forbidden: the bot can't send messages to the bot"},
		{12345, 400, "Bad Request: chat not found"},
		{"@nobody", 400, "Bad Request: chat not found"},
		{"", 400, "Bad Request: chat_id is empty"},
		{kicked, 403, "Forbidden: bot was kicked from the supergroup chat"},
		{left, 403, "Forbidden: bot is not a member of the group chat"},
		{gone, 403, "Forbidden: the group chat was deleted"},
		{muted, 400, "Bad Request: not enough rights to send text messages to the chat"},
		{channel, 403, "Forbidden: bot is not a member of the channel chat"},
		{"@Agency_News", 403, "Forbidden: bot is not a member of the channel chat"},
		{powerless, 400, "Bad Request: need administrator rights in the channel chat"},
	}
	for _, tt := range tests {
		form(t, s, "sendMessage", "chat_id", tt.chat, "text", "x").want(t, tt.code, tt.text)
	}
	form(t, s, "sendMessage", "chat_id", group, "text", "x").ok(t)
	form(t, s, "sendMessage", "chat_id", mine, "text", "x").ok(t)
	form(t, s, "sendPhoto", "chat_id", muted, "photo", "https://example.com/a.jpg").ok(t)
	form(t, s, "getChat", "chat_id", "@agency_news").ok(t)
	s.Unblock(9)
	form(t, s, "sendMessage", "chat_id", blocker, "text", "x").ok(t)
	if m := s.Sent(mine)[0]; m.From != 0 || !m.Bot {
		t.Errorf("in a channel the bot speaks in its own name: %+v", m)
	}
}

func TestMigration(t *testing.T) {
	s := start(t, Options{})
	group := s.Group("Desk", 7)
	super := s.Migrate(group.ID)
	r := form(t, s, "sendMessage", "chat_id", group.ID, "text", "x")
	r.want(t, 400, "Bad Request: group chat was upgraded to a supergroup chat")
	if r.Parameters.MigrateTo != super.ID {
		t.Errorf("migrate_to_chat_id is %d, want %d", r.Parameters.MigrateTo, super.ID)
	}
	form(t, s, "sendMessage", "chat_id", super.ID, "text", "x").ok(t)
	updates := string(form(t, s, "getUpdates").ok(t).Result)
	for _, want := range []string{fmt.Sprintf(`"migrate_to_chat_id":%d`, super.ID), fmt.Sprintf(`"migrate_from_chat_id":%d`, group.ID)} {
		if !strings.Contains(updates, want) {
			t.Errorf("updates lack %s: %s", want, updates)
		}
	}
}

func TestTopics(t *testing.T) {
	s := start(t, Options{})
	forum := s.Forum("Desk", 7).ID
	topic, closed, deleted := s.Topic(forum, "Geneva"), s.Topic(forum, "Closed"), s.Topic(forum, "Deleted")
	s.CloseTopic(forum, closed)
	s.DeleteTopic(forum, deleted)
	form(t, s, "sendMessage", "chat_id", forum, "text", "x", "message_thread_id", closed).want(t, 400, "Bad Request: TOPIC_CLOSED")
	form(t, s, "sendMessage", "chat_id", forum, "text", "x", "message_thread_id", deleted).want(t, 400, "Bad Request: message thread not found")
	form(t, s, "sendMessage", "chat_id", forum, "text", "x", "message_thread_id", 1).want(t, 400, "Bad Request: message thread not found")
	form(t, s, "createForumTopic", "chat_id", forum, "name", "Own").want(t, 400, "Bad Request: not enough rights to create a topic")
	r := form(t, s, "sendMessage", "chat_id", forum, "text", "x", "message_thread_id", topic)
	if !strings.Contains(string(r.ok(t).Result), `"is_topic_message":true`) {
		t.Errorf("result is %s", r.Result)
	}
	s.SetAdmin(forum, s.Me().ID, "can_manage_topics")
	form(t, s, "sendMessage", "chat_id", forum, "text", "x", "message_thread_id", closed).ok(t)
	form(t, s, "createForumTopic", "chat_id", forum, "name", "Own").ok(t)
}

func TestEditing(t *testing.T) {
	s := start(t, Options{})
	chat := s.Private(7, "").ID
	id := form(t, s, "sendMessage", "chat_id", chat, "text", "one", "reply_markup", keyboard("a", "1")).id(t)
	photo := form(t, s, "sendPhoto", "chat_id", chat, "photo", "https://example.com/a.jpg", "caption", "c").id(t)
	theirs := s.Say(chat, 7, "mine")
	same := "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"
	form(t, s, "editMessageText", "chat_id", chat, "message_id", id, "text", "one", "reply_markup", keyboard("a", "1")).want(t, 400, same)
	form(t, s, "editMessageText", "chat_id", chat, "message_id", 999, "text", "x").want(t, 400, "Bad Request: message to edit not found")
	form(t, s, "editMessageText", "chat_id", chat, "message_id", theirs, "text", "x").want(t, 400, "Bad Request: message can't be edited")
	form(t, s, "editMessageText", "chat_id", chat, "message_id", photo, "text", "x").want(t, 400, "Bad Request: there is no text in the message to edit")
	form(t, s, "editMessageText", "chat_id", chat, "message_id", id, "text", "two", "reply_markup", keyboard("b", "2")).ok(t)
	m, _ := s.Message(chat, id)
	if m.Text != "two" || len(m.Versions) != 1 || m.Versions[0].Text != "one" || m.Edited.IsZero() {
		t.Errorf("after the edit: %+v", m)
	}
	if _, err := s.Press(chat, 7, id, "1"); err == nil {
		t.Error("a button that is gone could be pressed")
	}
	if _, err := s.PressOld(chat, 7, id, "1"); err != nil {
		t.Error(err)
	}
	form(t, s, "editMessageReplyMarkup", "chat_id", chat, "message_id", id).ok(t)
	if m, _ := s.Message(chat, id); m.Keyboard != nil {
		t.Error("an edit without a keyboard keeps the old one")
	}
	form(t, s, "deleteMessage", "chat_id", chat, "message_id", id).ok(t)
	form(t, s, "deleteMessage", "chat_id", chat, "message_id", id).want(t, 400, "Bad Request: message to delete not found")
	if m, _ := s.Message(chat, id); !m.Deleted {
		t.Error("the message is still shown")
	}
}

func TestCallbacks(t *testing.T) {
	s := start(t, Options{})
	chat := s.Private(7, "").ID
	id := form(t, s, "sendMessage", "chat_id", chat, "text", "x", "reply_markup", keyboard("Yes", "y")).id(t)
	if _, err := s.Press(chat, 7, id, "n"); err == nil {
		t.Error("a button that is not shown could be pressed")
	}
	if _, err := s.Press(chat, 8, id, "y"); err == nil {
		t.Error("a stranger pressed a button in a private chat")
	}
	query, err := s.Press(chat, 7, id, "y")
	if err != nil {
		t.Fatal(err)
	}
	if r := form(t, s, "getUpdates"); !strings.Contains(string(r.Result), `"data":"y"`) || !strings.Contains(string(r.Result), query) {
		t.Errorf("updates are %s", r.Result)
	}
	form(t, s, "answerCallbackQuery", "callback_query_id", query, "text", "Done", "show_alert", true).ok(t)
	if a, err := s.WaitAnswer(soon(t), query); err != nil || a != (Answer{Text: "Done", Alert: true}) {
		t.Errorf("answer is %+v, %v", a, err)
	}
	form(t, s, "answerCallbackQuery", "callback_query_id", query).want(t, 400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
}

func TestLimits(t *testing.T) {
	now := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	s := start(t, Options{Limits: true, Now: func() time.Time { return now }})
	chat, group := s.Private(7, "").ID, s.Group("Desk", 7).ID
	for range ChatBurst {
		form(t, s, "sendMessage", "chat_id", chat, "text", "x").ok(t)
	}
	r := form(t, s, "sendMessage", "chat_id", chat, "text", "x")
	r.want(t, 429, "Too Many Requests: retry after 1")
	if r.Parameters.RetryAfter != 1 || r.header.Get("Retry-After") != "1" {
		t.Errorf("retry_after is %d, header %q", r.Parameters.RetryAfter, r.header.Get("Retry-After"))
	}
	now = now.Add(time.Second)
	form(t, s, "sendMessage", "chat_id", chat, "text", "x").ok(t)
	for range GroupRate {
		now = now.Add(time.Second)
		form(t, s, "sendMessage", "chat_id", group, "text", "x").ok(t)
	}
	now = now.Add(time.Second)
	form(t, s, "sendMessage", "chat_id", group, "text", "x").want(t, 429, "Too Many Requests: retry after 40")
	now = now.Add(40 * time.Second)
	form(t, s, "sendMessage", "chat_id", group, "text", "x").ok(t)
	refused := 0
	for i := range GlobalRate + 5 {
		user := s.Private(int64(100+i), "").ID
		if form(t, s, "sendMessage", "chat_id", user, "text", "x").status == 429 {
			refused++
		}
	}
	if refused < 5 {
		t.Errorf("%d of %d messages in one instant were refused, want at least 5", refused, GlobalRate+5)
	}
}
