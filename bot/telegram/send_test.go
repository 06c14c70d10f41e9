package telegram

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The parameters are Telegram's names, and nothing is sent that says nothing.
func TestSendParameters(t *testing.T) {
	tests := []struct {
		name string
		m    Outgoing
		want map[string]string
	}{
		{"least", Outgoing{Chat: 7, HTML: "<b>x</b>"}, map[string]string{"text": "<b>x</b>", "parse_mode": "HTML"}},
		{"plain", Outgoing{Chat: 7, HTML: "1 < 2", Plain: true}, map[string]string{"text": "1 < 2"}},
		{"topic", Outgoing{Chat: 7, HTML: "x", Thread: 44}, map[string]string{"text": "x", "parse_mode": "HTML", "message_thread_id": "44"}},
		{"general topic", Outgoing{Chat: 7, HTML: "x", Thread: 1}, map[string]string{"text": "x", "parse_mode": "HTML"}},
		{"silent answer", Outgoing{Chat: 7, HTML: "x", Silent: true, ReplyTo: 5}, map[string]string{
			"text": "x", "parse_mode": "HTML", "disable_notification": "true",
			"reply_parameters": `{"allow_sending_without_reply":true,"message_id":5}`,
		}},
		{"no preview", Outgoing{Chat: 7, HTML: "x", Preview: &Preview{Disabled: true, URL: "https://a.example"}}, map[string]string{
			"text": "x", "parse_mode": "HTML", "link_preview_options": `{"is_disabled":true}`,
		}},
		{"preview", Outgoing{Chat: 7, HTML: "x", Preview: &Preview{URL: "https://a.example/?a=1&b", Above: true, Small: true}}, map[string]string{
			"text": "x", "parse_mode": "HTML",
			"link_preview_options": `{"url":"https://a.example/?a=1\u0026b","prefer_small_media":true,"show_above_text":true}`,
		}},
		{"invalid UTF-8", Outgoing{Chat: 7, HTML: "a\xffb"}, map[string]string{"text": "a\uFFFDb", "parse_mode": "HTML"}},
		{"inline", Outgoing{Chat: 7, HTML: "x", Keyboard: &Keyboard{Rows: [][]Button{
			{{Text: "a", Data: "d"}, {Text: "b", URL: "https://a.example", Style: "danger"}}, {}, {{Text: "c", Copy: "q"}},
		}}}, map[string]string{"text": "x", "parse_mode": "HTML",
			"reply_markup": `{"inline_keyboard":[[{"text":"a","callback_data":"d"},{"text":"b","url":"https://a.example","style":"danger"}],[{"text":"c","copy_text":{"text":"q"}}]]}`}},
		{"no buttons", Outgoing{Chat: 7, HTML: "x", Keyboard: &Keyboard{Rows: [][]Button{{}}}}, map[string]string{"text": "x", "parse_mode": "HTML"}},
		{"reply keyboard", Outgoing{Chat: 7, HTML: "x", Keyboard: &Keyboard{Reply: true, OneTime: true, Selective: true, Placeholder: "p",
			Rows: [][]Button{{{Text: "a"}}}}}, map[string]string{"text": "x", "parse_mode": "HTML",
			"reply_markup": `{"keyboard":[[{"text":"a"}]],"resize_keyboard":true,"one_time_keyboard":true,"input_field_placeholder":"p","selective":true}`}},
		{"remove", Outgoing{Chat: 7, HTML: "x", Keyboard: &Keyboard{Remove: true}}, map[string]string{
			"text": "x", "parse_mode": "HTML", "reply_markup": `{"remove_keyboard":true}`}},
		{"force reply", Outgoing{Chat: 7, HTML: "x", Keyboard: &Keyboard{ForceReply: true, Placeholder: "query"}}, map[string]string{
			"text": "x", "parse_mode": "HTML", "reply_markup": `{"force_reply":true,"input_field_placeholder":"query"}`}},
	}
	a := newAPI(t, result(`{"message_id":31,"date":1,"chat":{"id":7,"type":"private"}}`))
	c := newClient(t, a.URL)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			id, err := c.Send(t.Context(), tt.m)
			if err != nil || id != 31 {
				t.Fatalf("got %d, %v", id, err)
			}
			tt.want["chat_id"] = "7"
			if diff := cmp.Diff(tt.want, flat(a.last(t).form)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// flat makes a map of a form.
func flat(form url.Values) map[string]string {
	out := map[string]string{}
	for key, values := range form {
		out[key] = strings.Join(values, "|")
	}
	return out
}

func TestRequestChat(t *testing.T) {
	const rights = `{"is_anonymous":false,"can_manage_chat":true,"can_delete_messages":false,"can_manage_video_chats":false,` +
		`"can_restrict_members":false,"can_promote_members":false,"can_change_info":false,"can_invite_users":false,` +
		`"can_post_stories":false,"can_edit_stories":false,"can_delete_stories":false,"can_post_messages":true}`
	a := newAPI(t, result(`{"message_id":31}`))
	_, err := newClient(t, a.URL).Send(t.Context(), Outgoing{Chat: 7, HTML: "x", Keyboard: &Keyboard{Reply: true, Rows: [][]Button{
		{{Text: "pick", RequestChat: &RequestChat{ID: 2, Channel: true, UserAdmin: true, BotCanPost: true}}},
		{{Text: "group", RequestChat: &RequestChat{ID: 3, BotMember: true}}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"keyboard":[[{"text":"pick","request_chat":{"request_id":2,"chat_is_channel":true,"user_administrator_rights":` + rights +
		`,"bot_administrator_rights":` + rights + `,"request_title":true,"request_username":true}}],` +
		`[{"text":"group","request_chat":{"request_id":3,"chat_is_channel":false,"bot_is_member":true,"request_title":true,"request_username":true}}]],"resize_keyboard":true}`
	if got := a.last(t).form.Get("reply_markup"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A button that Telegram would refuse together with its message is found here.
func TestButtonsThatDoNothing(t *testing.T) {
	a := newAPI(t, result(`{"message_id":31}`))
	c := newClient(t, a.URL)
	for _, b := range []Button{{Text: "a"}, {Text: "a", Data: "d", URL: "https://a.example"}, {Text: "a", RequestChat: &RequestChat{}}} {
		k := &Keyboard{Rows: [][]Button{{b}}}
		if _, err := c.Send(t.Context(), Outgoing{Chat: 7, HTML: "x", Keyboard: k}); KindOf(err) != BadKeyboard {
			t.Errorf("%+v: %v", b, err)
		}
		if err := c.Edit(t.Context(), 7, 8, Outgoing{HTML: "x", Keyboard: k}); KindOf(err) != BadKeyboard {
			t.Errorf("edit %+v: %v", b, err)
		}
	}
	if a.count() != 0 {
		t.Errorf("%d requests were made", a.count())
	}
}

func TestOtherMethods(t *testing.T) {
	tests := []struct {
		name   string
		result string
		call   func(c *Client) error
		method string
		want   map[string]string
	}{
		{"edit", `{"message_id":8}`, func(c *Client) error {
			return c.Edit(t.Context(), 7, 8, Outgoing{Chat: 99, Thread: 5, Silent: true, ReplyTo: 4, HTML: "x"})
		}, "editMessageText", map[string]string{"chat_id": "7", "message_id": "8", "text": "x", "parse_mode": "HTML"}},
		{"edit keyboard", `{"message_id":8}`, func(c *Client) error {
			return c.EditKeyboard(t.Context(), 7, 8, &Keyboard{Rows: [][]Button{{{Text: "a", Data: "d"}}}})
		}, "editMessageReplyMarkup", map[string]string{"chat_id": "7", "message_id": "8", "reply_markup": `{"inline_keyboard":[[{"text":"a","callback_data":"d"}]]}`}},
		{"take keyboard", `true`, func(c *Client) error { return c.EditKeyboard(t.Context(), 7, 8, nil) },
			"editMessageReplyMarkup", map[string]string{"chat_id": "7", "message_id": "8"}},
		{"delete", `true`, func(c *Client) error { return c.Delete(t.Context(), 7, 8) },
			"deleteMessage", map[string]string{"chat_id": "7", "message_id": "8"}},
		{"answer", `true`, func(c *Client) error { return c.Answer(t.Context(), "q", "", true) },
			"answerCallbackQuery", map[string]string{"callback_query_id": "q"}},
		{"long alert", `true`, func(c *Client) error { return c.Answer(t.Context(), "q", strings.Repeat("ش", 300), true) },
			"answerCallbackQuery", map[string]string{"callback_query_id": "q", "text": strings.Repeat("ش", 200), "show_alert": "true"}},
		{"leave", `true`, func(c *Client) error { return c.Leave(t.Context(), -7) }, "leaveChat", map[string]string{"chat_id": "-7"}},
		{"commands", `true`, func(c *Client) error {
			return c.SetCommands(t.Context(), "all_private_chats", "ar", []Command{{"rules", "قواعدي"}})
		}, "setMyCommands", map[string]string{"commands": `[{"command":"rules","description":"قواعدي"}]`, "scope": `{"type":"all_private_chats"}`, "language_code": "ar"}},
		{"no commands", `true`, func(c *Client) error { return c.SetCommands(t.Context(), "", "", nil) },
			"setMyCommands", map[string]string{"commands": `[]`}},
		{"description", `true`, func(c *Client) error { return c.SetDescription(t.Context(), "ar", "d") },
			"setMyDescription", map[string]string{"description": "d", "language_code": "ar"}},
		{"short description", `true`, func(c *Client) error { return c.SetShortDescription(t.Context(), "", "d") },
			"setMyShortDescription", map[string]string{"short_description": "d"}},
		{"webhook", `true`, func(c *Client) error { return c.DeleteWebhook(t.Context()) }, "deleteWebhook", map[string]string{}},
		{"typing", `true`, func(c *Client) error { return c.Typing(t.Context(), -7, 44) },
			"sendChatAction", map[string]string{"chat_id": "-7", "action": "typing", "message_thread_id": "44"}},
		{"typing in general", `true`, func(c *Client) error { return c.Typing(t.Context(), -7, 1) },
			"sendChatAction", map[string]string{"chat_id": "-7", "action": "typing"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := newAPI(t, result(tt.result))
			if err := tt.call(newClient(t, a.URL)); err != nil {
				t.Fatal(err)
			}
			got := a.last(t)
			if !strings.HasSuffix(got.path, "/"+tt.method) {
				t.Errorf("path %s, want %s", got.path, tt.method)
			}
			if diff := cmp.Diff(tt.want, flat(got.form)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What is no trouble for the caller is no error.
func TestHarmlessRefusals(t *testing.T) {
	same := newAPI(t, answers(400, refusal(400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message", "")))
	c := newClient(t, same.URL)
	if err := c.Edit(t.Context(), 7, 8, Outgoing{HTML: "x"}); err != nil {
		t.Errorf("edit: %v", err)
	}
	if err := c.EditKeyboard(t.Context(), 7, 8, nil); err != nil {
		t.Errorf("edit keyboard: %v", err)
	}
	old := newAPI(t, answers(400, refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid", "")))
	if err := newClient(t, old.URL).Answer(t.Context(), "q", "x", false); err != nil {
		t.Errorf("answer: %v", err)
	}
	nobody := newAPI(t, answers(400, refusal(400, "Bad Request: user not found", "")))
	m, err := newClient(t, nobody.URL).Member(t.Context(), -7, 9)
	if err != nil || m.Status != "left" || m.Present || m.User.ID != 9 {
		t.Errorf("member: %+v, %v", m, err)
	}
}

func TestAsking(t *testing.T) {
	a := newAPI(t, result(`{"id":-1002,"type":"channel","title":"Wire","username":"wire","accent_color_id":1}`))
	chat, err := newClient(t, a.URL).ChatInfo(t.Context(), "@wire")
	if want := (Chat{ID: -1002, Kind: "channel", Title: "Wire", Username: "wire"}); err != nil || chat != want {
		t.Errorf("got %+v, %v", chat, err)
	}
	if got := a.last(t).form.Get("chat_id"); got != "@wire" {
		t.Errorf("chat_id %q", got)
	}
	b := newAPI(t, result(`[{"status":"creator","user":{"id":9}},{"status":"administrator","user":{"id":123456,"is_bot":true}}]`))
	admins, err := newClient(t, b.URL).Administrators(t.Context(), -1002)
	if err != nil || len(admins) != 1 || admins[0].User.ID != 9 || !admins[0].Admin() {
		t.Errorf("got %+v, %v", admins, err)
	}
	m, err := newClient(t, newAPI(t, result(`{"status":"administrator","user":{"id":9},"can_post_messages":true}`)).URL).Member(t.Context(), -1002, 9)
	if err != nil || !m.Admin() || !m.CanPost {
		t.Errorf("got %+v, %v", m, err)
	}
}
