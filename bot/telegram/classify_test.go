package telegram

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// The texts are Telegram's, letter for letter.
func TestKindsOfAnswers(t *testing.T) {
	tests := []struct {
		code int
		text string
		want Kind
	}{
		{403, "Forbidden: bot was blocked by the user", Blocked},
		{403, "Forbidden: user is deactivated", Blocked},
		{403, "Forbidden: the group chat was deleted", Blocked},
		{403, "Forbidden: bot was kicked from the group chat", Blocked},
		{403, "Forbidden: bot was kicked from the supergroup chat", Blocked},
		{403, "Forbidden: bot was kicked from the channel chat", Blocked},
		{403, "Forbidden: bot is not a member of the group chat", Blocked},
		{403, "Forbidden: bot is not a member of the supergroup chat", Blocked},
		{403, "Forbidden: bot is not a member of the channel chat", Blocked},
		{403, "Forbidden: bot can't initiate conversation with a user", Blocked},
		{403, "Forbidden: the bot can't send messages to the bot", Blocked},
		{403, "Forbidden: something that nobody has seen yet", Blocked},
		{400, "Bad Request: chat not found", ChatGone},
		{400, "Bad Request: private chat not found", ChatGone},
		{400, "Bad Request: CHAT_WRITE_FORBIDDEN", NoRights},
		{400, "Bad Request: not enough rights to send text messages to the chat", NoRights},
		{400, "Bad Request: not enough rights to send photos to the chat", BadMedia},
		{400, "Bad Request: need administrator rights in the channel chat", NoRights},
		{400, "Bad Request: have no write access to the chat", NoRights},
		{400, "Bad Request: CHAT_RESTRICTED", NoRights},
		{400, "Bad Request: CHAT_ADMIN_REQUIRED", NoRights},
		{400, "Bad Request: group chat was upgraded to a supergroup chat", Migrated},
		{400, "Bad Request: message thread not found", TopicGone},
		{400, "Bad Request: TOPIC_CLOSED", TopicGone},
		{400, `Bad Request: can't parse entities: Unsupported start tag "p" at byte offset 0`, CantParse},
		{400, "Bad Request: message is too long", TooLong},
		{400, "Bad Request: text is too long", TooLong},
		{400, "Bad Request: message caption is too long", TooLong},
		{413, "Request Entity Too Large", TooLong},
		{400, "Bad Request: message text is empty", Empty},
		{400, "Bad Request: text must be non-empty", Empty},
		{400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message", NotModified},
		{400, "Bad Request: message to edit not found", MessageGone},
		{400, "Bad Request: message can't be edited", MessageGone},
		{400, "Bad Request: there is no text in the message to edit", NoText},
		{400, "Bad Request: message to delete not found", MessageGone},
		{400, "Bad Request: message can't be deleted", MessageGone},
		{400, "Bad Request: message to be replied not found", MessageGone},
		{400, "Bad Request: query is too old and response timeout expired or query ID is invalid", QueryTooOld},
		{400, "Bad Request: wrong file identifier/HTTP URL specified", BadMedia},
		{400, "Bad Request: failed to get HTTP URL content", BadMedia},
		{400, "Bad Request: wrong type of the web page content", BadMedia},
		{400, "Bad Request: wrong HTTP URL specified", BadMedia},
		{400, "Bad Request: can't use the media of the specified type in the album", BadMedia},
		{400, `Bad Request: Failed to send message #2 with the error message "WEBPAGE_MEDIA_EMPTY"`, BadMedia},
		{400, "Bad Request: PHOTO_INVALID_DIMENSIONS", BadMedia},
		{400, "Bad Request: IMAGE_PROCESS_FAILED", BadMedia},
		{400, "Bad Request: group send failed", BadMedia},
		{400, "Bad Request: BUTTON_DATA_INVALID", BadKeyboard},
		{400, "Bad Request: inline keyboard button URL 'http://localhost/x' is invalid: Wrong HTTP URL", BadKeyboard},
		{400, "Bad Request: reply markup is too long", BadKeyboard},
		{401, "Unauthorized", Unauthorized},
		{404, "Not Found", Method},
		{404, "Not Found: method not found", Method},
		{409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running", Conflict},
		{409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first", Conflict},
		{409, "Conflict: terminated by setWebhook request", Conflict},
		{500, "Internal Server Error: restart", Uncertain},
		{500, "Request aborted", Uncertain},
		{502, "Bad Gateway", Uncertain},
		{400, "Bad Request: Bad Gateway", Uncertain},
		{400, "Bad Request: a text that is new", BadRequest},
		{400, "bot was blocked by the user, not", BadRequest}, // near misses do not count
		{400, "Bad Request: Chat Not Found", BadRequest},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			a := newAPI(t, answers(tt.code, refusal(tt.code, tt.text, "")))
			_, err := newClient(t, a.URL).Send(t.Context(), Outgoing{Chat: 7, HTML: "x"})
			e, ok := errors.AsType[*Error](err)
			if !ok {
				t.Fatalf("got %v, want an *Error", err)
			}
			if e.Kind != tt.want || e.Code != tt.code || e.Description != tt.text || e.Method != "sendMessage" {
				t.Errorf("got %s %+v, want %s", e.Kind, e, tt.want)
			}
		})
	}
}

// Every description has its own kind: no row is hidden by one above it.
func TestDescriptionsAreReachable(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range descriptions {
		text := strings.ReplaceAll(d.text, "*", "…")
		if got, ok := kindOfText("Bad Request: " + text); !ok || got != d.kind {
			t.Errorf("%q is %s, want %s", d.text, got, d.kind)
		}
		if seen[d.text] {
			t.Errorf("%q stands there twice", d.text)
		}
		seen[d.text] = true
	}
}

func TestMigrated(t *testing.T) {
	a := newAPI(t, answers(400, refusal(400, "Bad Request: group chat was upgraded to a supergroup chat",
		`{"migrate_to_chat_id":-1001234567890}`)))
	_, err := newClient(t, a.URL).Send(t.Context(), Outgoing{Chat: -7, HTML: "x"})
	e, _ := errors.AsType[*Error](err)
	if e == nil || e.Kind != Migrated || e.MigrateTo != -1001234567890 {
		t.Fatalf("got %+v", e)
	}
}

func TestRetryAfter(t *testing.T) {
	text := "Too Many Requests: retry after 35"
	tests := []struct {
		name, body, header string
		want               time.Duration
	}{
		{"body", refusal(429, text, `{"retry_after":7}`), "9", 7 * time.Second},
		{"header", refusal(429, "Too Many Requests", ""), "9", 9 * time.Second},
		{"text", refusal(429, text, ""), "", 35 * time.Second},
		{"nothing", refusal(429, "Too Many Requests", ""), "", 0},
		{"html", "<html>429 Too Many Requests</html>", "4", 4 * time.Second},
		{"negative", refusal(429, "Too Many Requests", `{"retry_after":-7}`), "-3", 0},
		{"absurd", refusal(429, text, `{"retry_after":999999999}`), "", maxRetryAfter},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := newAPI(t, answers(429, tt.body, "Retry-After", tt.header))
			// Delete does not wait for limits, so nothing is left paused.
			err := newClient(t, a.URL).Delete(t.Context(), 7, 8)
			e, _ := errors.AsType[*Error](err)
			if e == nil || e.Kind != RateLimited || e.RetryAfter != tt.want {
				t.Fatalf("got %+v, want RateLimited after %s", e, tt.want)
			}
		})
	}
}

// What answers is not always Telegram.
func TestForeignAnswers(t *testing.T) {
	tests := []struct {
		name        string
		status      int
		contentType string
		body        string
		want        Kind
	}{
		{"gateway page", 502, "text/html", "<html><h1>502 Bad Gateway</h1></html>", Uncertain},
		{"gateway timeout", 504, "text/html", "", Uncertain},
		{"truncated JSON", 200, "application/json", `{"ok":true,"result":{"messa`, Uncertain},
		{"JSON of another kind", 200, "application/json", `[1,2]`, Uncertain},
		{"captive portal", 200, "text/html", "<html>please log in</html>", Uncertain},
		{"proxy login", 407, "text/html", "<html>who are you</html>", Unreachable},
		{"gateway's JSON", 403, "application/json", `{"message":"Forbidden"}`, Unreachable},
		{"another site", 404, "text/html", "<html>nothing here</html>", Unreachable},
		{"request timeout", 408, "text/html", "", Uncertain},
		{"too large", 413, "text/html", "", TooLong},
		{"ok is a text", 200, "application/json", `{"ok":"yes"}`, Uncertain},
		{"refused without a reason", 200, "application/json", `{"ok":false}`, Uncertain},
		{"result of another type", 200, "application/json", `{"ok":true,"result":true}`, Uncertain},
		{"JSON whatever its type", 200, "text/html", `{"ok":false,"error_code":401,"description":"Unauthorized"}`, Unauthorized},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := newAPI(t, answers(tt.status, tt.body, "Content-Type", tt.contentType))
			_, err := newClient(t, a.URL).Send(t.Context(), Outgoing{Chat: 7, HTML: "x"})
			if KindOf(err) != tt.want {
				t.Errorf("got %s: %v, want %s", KindOf(err), err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "invalid character") {
				t.Errorf("a JSON error hides what happened: %v", err)
			}
		})
	}
}

func TestKindNames(t *testing.T) {
	seen := map[string]Kind{}
	for k := RateLimited; k <= Method; k++ {
		name := k.String()
		if other, twice := seen[name]; twice || name == "none" {
			t.Errorf("kind %d is called %q, like %d", k, name, other)
		}
		seen[name] = k
	}
	if got := KindOf(nil).String(); got != "none" {
		t.Errorf("no error is of kind %q", got)
	}
}

// No body makes the reading of errors panic, or lets the token through.
func FuzzErrorBody(f *testing.F) {
	f.Add(400, []byte(refusal(400, "Bad Request: chat not found", "")), "3")
	f.Add(429, []byte(refusal(429, "Too Many Requests: retry after 5", `{"retry_after":5}`)), "")
	f.Add(400, []byte(refusal(400, "group", `{"migrate_to_chat_id":-100}`)), "")
	f.Add(502, []byte("<html>"), "x")
	f.Add(200, []byte(`{"ok":true,"result":{"message_id":4}}`), "")
	f.Add(404, []byte(refusal(404, "no "+testToken, "")), "")
	f.Fuzz(func(t *testing.T, status int, body []byte, header string) {
		c, err := New(Options{Token: testToken, Proxy: "direct", Unlimited: true})
		if err != nil {
			t.Fatal(err)
		}
		c.http.Transport = canned{status: 200 + (status%400+400)%400, body: body, header: header}
		err = c.Delete(t.Context(), 7, 8)
		if err == nil {
			return
		}
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Kind == 0 || e.RetryAfter < 0 || e.RetryAfter > maxRetryAfter {
			t.Errorf("got %#v", err)
		}
		if strings.Contains(err.Error(), testHalf) {
			t.Errorf("the token is in %q", err)
		}
	})
}

// canned is a transport that gives one answer.
type canned struct {
	status int
	body   []byte
	header string
}

func (c canned) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: c.status, Request: r, Header: http.Header{"Retry-After": {c.header}},
		Body: io.NopCloser(bytes.NewReader(c.body)), ContentLength: -1,
	}, nil
}
