package telegramtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

// reply is an answer of the Bot API.
type reply struct {
	status     int
	header     http.Header
	OK         bool            `json:"ok"`
	Code       int             `json:"error_code"`
	Text       string          `json:"description"`
	Result     json.RawMessage `json:"result"`
	Parameters struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

func start(t *testing.T, o Options) *Server {
	t.Helper()
	s := New(o).Start()
	t.Cleanup(s.Close)
	return s
}

// form calls a method with a form body: pairs of name and value.
func form(t *testing.T, s *Server, method string, pairs ...any) reply {
	t.Helper()
	r, err := tryForm(s, method, pairs...)
	if err != nil {
		t.Fatalf("%s: %v", method, err)
	}
	return r
}

func tryForm(s *Server, method string, pairs ...any) (reply, error) {
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		value, ok := pairs[i+1].(string)
		if !ok {
			data, err := json.Marshal(pairs[i+1])
			if err != nil {
				return reply{}, err
			}
			value = string(data)
		}
		values.Set(pairs[i].(string), value)
	}
	resp, err := http.PostForm(s.URL+"/bot"+s.Token()+"/"+method, values)
	if err != nil {
		return reply{}, err
	}
	return readReply(resp)
}

func readReply(resp *http.Response) (reply, error) {
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return reply{}, err
	}
	r := reply{status: resp.StatusCode, header: resp.Header}
	if err := json.Unmarshal(data, &r); err != nil {
		return r, errors.New("not JSON: " + string(data))
	}
	return r, nil
}

func (r reply) want(t *testing.T, code int, text string) {
	t.Helper()
	if r.OK || r.status != code || r.Code != code || r.Text != text {
		t.Errorf("answer is %d %v %q, want %d %q", r.status, r.OK, r.Text, code, text)
	}
}

func (r reply) ok(t *testing.T) reply {
	t.Helper()
	if !r.OK || r.status != http.StatusOK {
		t.Fatalf("answer is %d %q, want ok", r.status, r.Text)
	}
	return r
}

// id is the message_id of a result.
func (r reply) id(t *testing.T) int64 {
	t.Helper()
	var m struct {
		ID int64 `json:"message_id"`
	}
	if err := json.Unmarshal(r.ok(t).Result, &m); err != nil || m.ID == 0 {
		t.Fatalf("no message_id in %s", r.Result)
	}
	return m.ID
}

func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func TestPaths(t *testing.T) {
	s := start(t, Options{})
	tests := []struct {
		path string
		code int
		text string
	}{
		{"/bot" + s.Token() + "/noSuchMethod", 404, "Not Found: method not found"},
		{"/bot1:wrong/getMe", 401, "Unauthorized"},
		{"/bot" + s.Token(), 404, "Not Found"},
		{"/", 404, "Not Found"},
	}
	for _, tt := range tests {
		resp, err := http.Get(s.URL + tt.path)
		if err != nil {
			t.Fatal(err)
		}
		r, err := readReply(resp)
		if err != nil {
			t.Fatal(err)
		}
		r.want(t, tt.code, tt.text)
	}
	var me struct {
		ID       int64
		Username string
		Bot      bool `json:"is_bot"`
	}
	if err := json.Unmarshal(form(t, s, "getMe").ok(t).Result, &me); err != nil || me.ID != 4242424242 || me.Username != DefaultUsername || !me.Bot {
		t.Errorf("getMe = %+v, %v", me, err)
	}
}

// TestBodies sends one message in each way in which the Bot API takes parameters.
func TestBodies(t *testing.T) {
	s := start(t, Options{})
	chat := s.Private(7, "en").ID
	endpoint := s.URL + "/bot" + s.Token() + "/sendMessage"
	var multi bytes.Buffer
	w := multipart.NewWriter(&multi)
	_ = w.WriteField("chat_id", "7")
	_ = w.WriteField("text", "multipart")
	_ = w.Close()
	requests := map[string]func() (*http.Response, error){
		"get": func() (*http.Response, error) { return http.Get(endpoint + "?chat_id=7&text=get") },
		"form": func() (*http.Response, error) {
			return http.PostForm(endpoint, url.Values{"chat_id": {"7"}, "text": {"form"}})
		},
		"json": func() (*http.Response, error) {
			return http.Post(endpoint, "application/json", strings.NewReader(`{"chat_id":7,"text":"json","disable_notification":true}`))
		},
		"multipart": func() (*http.Response, error) { return http.Post(endpoint, w.FormDataContentType(), &multi) },
	}
	for name, do := range requests {
		resp, err := do()
		if err != nil {
			t.Fatal(err)
		}
		r, err := readReply(resp)
		if err != nil {
			t.Fatal(err)
		}
		id := r.id(t)
		if m, ok := s.Message(chat, id); !ok || m.Text != name || m.Silent != (name == "json") {
			t.Errorf("%s stored %+v", name, m)
		}
	}
}

// TestStrict shows that what Telegram would ignore is an error.
func TestStrict(t *testing.T) {
	s := start(t, Options{})
	s.Private(7, "en")
	tests := map[string]struct {
		method string
		json   string
		want   string
	}{
		"unknown field":    {"sendMessage", `{"chat_id":7,"text":"x","disable_web_page_preview":true}`, `sendMessage has no field "disable_web_page_preview"`},
		"missing field":    {"sendMessage", `{"chat_id":7}`, `sendMessage lacks the required field "text"`},
		"string for bool":  {"sendMessage", `{"chat_id":7,"text":"x","disable_notification":"true"}`, `sendMessage.disable_notification is "true", not Boolean`},
		"string for int":   {"sendMessage", `{"chat_id":7,"text":"x","message_thread_id":"4"}`, `sendMessage.message_thread_id is "4", not Integer`},
		"parse_mode":       {"sendMessage", `{"chat_id":7,"text":"x","parse_mode":"HTMl"}`, `sendMessage.parse_mode is "HTMl", not one of HTML`},
		"nested unknown":   {"sendMessage", `{"chat_id":7,"text":"x","link_preview_options":{"disabled":true}}`, `sendMessage.link_preview_options: LinkPreviewOptions has no field "disabled"`},
		"nested type":      {"sendMessage", `{"chat_id":7,"text":"x","link_preview_options":{"is_disabled":"true"}}`, `sendMessage.link_preview_options.is_disabled is "true", not Boolean`},
		"button":           {"sendMessage", `{"chat_id":7,"text":"x","reply_markup":{"inline_keyboard":[[{"text":"a","data":"b"}]]}}`, `sendMessage.reply_markup.inline_keyboard[0][0]: InlineKeyboardButton has no field "data"`},
		"button style":     {"sendMessage", `{"chat_id":7,"text":"x","reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"b","style":"red"}]]}}`, `sendMessage.reply_markup.inline_keyboard[0][0].style is "red", not one of danger, success, primary`},
		"flat keyboard":    {"sendMessage", `{"chat_id":7,"text":"x","reply_markup":{"inline_keyboard":[{"text":"a"}]}}`, `sendMessage.reply_markup.inline_keyboard[0] is an object, not Array of InlineKeyboardButton`},
		"no markup":        {"sendMessage", `{"chat_id":7,"text":"x","reply_markup":{}}`, `sendMessage.reply_markup is an object, not InlineKeyboardMarkup or ReplyKeyboardMarkup or ReplyKeyboardRemove or ForceReply`},
		"null":             {"getUpdates", `{"allowed_updates":null}`, `getUpdates.allowed_updates is null, not Array of String`},
		"scope":            {"setMyCommands", `{"commands":[],"scope":{"type":"everybody"}}`, `setMyCommands.scope: no BotCommandScope has type "everybody"`},
		"scope lacks chat": {"setMyCommands", `{"commands":[],"scope":{"type":"chat"}}`, `setMyCommands.scope: BotCommandScopeChat lacks the required field "chat_id"`},
		"rights": {"setMyDefaultAdministratorRights", `{"rights":{"can_post_messages":true}}`,
			`setMyDefaultAdministratorRights.rights: ChatAdministratorRights lacks the required field "can_change_info"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			before := len(s.Problems())
			resp, err := http.Post(s.URL+"/bot"+s.Token()+"/"+tt.method, "application/json", strings.NewReader(tt.json))
			if err != nil {
				t.Fatal(err)
			}
			r, err := readReply(resp)
			if err != nil {
				t.Fatal(err)
			}
			if r.OK || r.status != 400 || !strings.Contains(r.Text, tt.want) {
				t.Errorf("answer is %d %q, want 400 with %q", r.status, r.Text, tt.want)
			}
			found := s.Problems()[before:]
			if !strings.Contains(strings.Join(found, "\n"), tt.want) {
				t.Errorf("problems are %q, want %q", found, tt.want)
			}
		})
	}
	form(t, s, "sendMessage", "chat_id", "seven", "text", "x").want(t, 400, "Bad Request: chat not found")
	if r := form(t, s, "sendMessage", "chat_id", 7, "text", "x", "disable_notification", "1"); r.OK {
		t.Error("a form's boolean may be 1")
	}
	lenient := start(t, Options{Lenient: true})
	lenient.Private(7, "")
	form(t, lenient, "sendMessage", "chat_id", 7, "text", "x", "typo", "y").ok(t)
	if len(lenient.Problems()) != 1 {
		t.Errorf("problems are %q, want the typo", lenient.Problems())
	}
}

func TestPolling(t *testing.T) {
	s := start(t, Options{})
	chat := s.Private(7, "ar").ID
	poll := func(pairs ...any) []int64 {
		t.Helper()
		var updates []struct {
			ID int64 `json:"update_id"`
		}
		if err := json.Unmarshal(form(t, s, "getUpdates", pairs...).ok(t).Result, &updates); err != nil {
			t.Fatal(err)
		}
		ids := []int64{}
		for _, u := range updates {
			ids = append(ids, u.ID)
		}
		return ids
	}
	for i := range 5 {
		s.Say(chat, 7, "text "+strconv.Itoa(i))
	}
	all := poll()
	if len(all) != 5 {
		t.Fatalf("got %d updates, want 5", len(all))
	}
	if again := poll("limit", 2); len(again) != 2 || again[0] != all[0] {
		t.Errorf("unconfirmed updates are %v, want the first two of %v", again, all)
	}
	if rest := poll("offset", all[2]); len(rest) != 3 || s.Pending() != 3 {
		t.Errorf("offset %d left %v", all[2], rest)
	}
	if last := poll("offset", -1); len(last) != 1 || last[0] != all[4] || s.Pending() != 1 {
		t.Errorf("offset -1 gave %v", last)
	}
	if none := poll("offset", all[4]+1); len(none) != 0 {
		t.Errorf("confirmed updates came again: %v", none)
	}
	// After a restart of the ids an offset from before confirms nothing.
	s.SetNextUpdate(100)
	s.Say(chat, 7, "after the restart")
	if got := poll("offset", all[4]+1); len(got) != 1 || got[0] != 100 {
		t.Errorf("after a restart of ids: %v", got)
	}
}

func TestLongPollWakes(t *testing.T) {
	s := start(t, Options{})
	chat := s.Private(7, "").ID
	got := make(chan reply, 1)
	go func() {
		r, _ := tryForm(s, "getUpdates", "timeout", 50)
		got <- r
	}()
	waitPoll(t, s)
	s.Say(chat, 7, "/start")
	select {
	case r := <-got:
		if !strings.Contains(string(r.Result), `"bot_command"`) {
			t.Errorf("result is %s", r.Result)
		}
	case <-soon(t).Done():
		t.Fatal("the poll did not wake")
	}
}

// waitPoll waits until a poll waits.
func waitPoll(t *testing.T, s *Server) {
	t.Helper()
	if err := s.WaitUntil(soon(t), s.Polling); err != nil {
		t.Fatal(err)
	}
}

func TestSecondPollerEndsTheFirst(t *testing.T) {
	s := start(t, Options{})
	s.Private(7, "")
	first := make(chan reply, 1)
	go func() {
		r, _ := tryForm(s, "getUpdates", "timeout", 50)
		first <- r
	}()
	waitPoll(t, s)
	go func() { _, _ = tryForm(s, "getUpdates", "timeout", 50) }()
	r := <-first
	r.want(t, 409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
	form(t, s, "setWebhook", "url", "https://example.com/hook").ok(t)
	form(t, s, "getUpdates").want(t, 409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	form(t, s, "deleteWebhook").ok(t)
	form(t, s, "getUpdates").ok(t)
}

func TestAllowedUpdatesAreRemembered(t *testing.T) {
	s := start(t, Options{})
	chat := s.Private(7, "").ID
	form(t, s, "getUpdates", "allowed_updates", []string{"callback_query"}).ok(t)
	form(t, s, "getUpdates").ok(t)
	s.Say(chat, 7, "not wanted")
	if s.Pending() != 0 {
		t.Error("an update that is not allowed was queued")
	}
	form(t, s, "getUpdates", "allowed_updates", []string{}).ok(t)
	s.Say(chat, 7, "wanted")
	if s.Pending() != 1 {
		t.Error("an empty list does not restore the default")
	}
}

func TestUpdatesExpire(t *testing.T) {
	now := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	s := start(t, Options{Now: func() time.Time { return now }})
	chat := s.Private(7, "").ID
	id := form(t, s, "sendMessage", "chat_id", chat, "text", "x", "reply_markup", keyboard("a", "b")).id(t)
	query, err := s.Press(chat, 7, id, "b")
	if err != nil {
		t.Fatal(err)
	}
	s.Say(chat, 7, "hello")
	now = now.Add(QueryLifetime)
	if r := form(t, s, "getUpdates"); strings.Contains(string(r.Result), "callback_query") || !strings.Contains(string(r.Result), "hello") {
		t.Errorf("after 150 s: %s", r.Result)
	}
	now = now.Add(time.Second)
	form(t, s, "answerCallbackQuery", "callback_query_id", query).want(t, 400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
	now = now.Add(UpdateLifetime)
	if r := form(t, s, "getUpdates"); string(r.Result) != "[]" {
		t.Errorf("after a day: %s", r.Result)
	}
}

// keyboard is an inline keyboard of one row: pairs of text and data.
func keyboard(pairs ...string) map[string]any {
	row := []map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		row = append(row, map[string]string{"text": pairs[i], "callback_data": pairs[i+1]})
	}
	return map[string]any{"inline_keyboard": [][]map[string]string{row}}
}
