package telegram

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// maxRetryAfter bounds what a server may ask for, in the header or the body.
const maxRetryAfter = 24 * time.Hour

// A description is a text of Telegram and what it means. Without the prefix
// ("Bad Request: ", "Forbidden: "), exactly as Telegram writes it; a star at
// the end stands for anything.
type description struct {
	text string
	kind Kind
}

// descriptions are the texts that say more than their error code does. The
// code alone does not decide: what MTProto calls 403 often comes as 400.
var descriptions = []description{
	{"bot was blocked by the user", Blocked},
	{"user is deactivated", Blocked},
	{"bot was kicked from the *", Blocked},
	{"bot is not a member of the *", Blocked},
	{"bot can't initiate conversation with a user", Blocked},
	{"the bot can't send messages to the bot", Blocked},
	{"bots can't send messages to bots", Blocked},
	{"the group chat was deleted", Blocked},
	{"USER_IS_BLOCKED", Blocked},

	{"chat not found", ChatGone},
	{"private chat not found", ChatGone},
	{"chat_id is empty", ChatGone},
	{"PEER_ID_INVALID", ChatGone},
	{"group is deactivated", ChatGone},
	{"group chat was deactivated", ChatGone},

	{"CHAT_WRITE_FORBIDDEN", NoRights},
	{"CHAT_RESTRICTED", NoRights},
	{"CHAT_ADMIN_REQUIRED", NoRights},
	{"CHAT_SEND_PLAIN_FORBIDDEN", NoRights},
	{"need administrator rights in the *", NoRights},
	{"have no write access to the chat", NoRights},
	{"have no rights to send a message", NoRights},
	{"not enough rights to send photos *", BadMedia}, // a text may do
	{"CHAT_SEND_PHOTOS_FORBIDDEN", BadMedia},
	{"not enough rights*", NoRights},
	{"member list is inaccessible", NoRights},

	// With the new id in its parameters it is Migrated whatever its text; this is without.
	{"group chat was upgraded to a supergroup chat", Migrated},

	{"message thread not found", TopicGone},
	{"TOPIC_CLOSED", TopicGone},
	{"TOPIC_DELETED", TopicGone},

	{"can't parse entities: *", CantParse},
	{"ENTITY_BOUNDS_INVALID", CantParse},

	{"inline keyboard button URL *", BadKeyboard},
	{"BUTTON_DATA_INVALID", BadKeyboard},
	{"BUTTON_URL_INVALID", BadKeyboard},
	{"BUTTON_TYPE_INVALID", BadKeyboard},
	{"REPLY_MARKUP_TOO_LONG", BadKeyboard},
	{"reply markup is too long", BadKeyboard},
	{"can't parse inline keyboard button: *", BadKeyboard},
	{"can't parse keyboard button: *", BadKeyboard},
	{"can't parse reply keyboard markup JSON object", BadKeyboard},
	{"object expected as reply markup", BadKeyboard},

	{"message is too long", TooLong},
	{"text is too long", TooLong},
	{"message caption is too long", TooLong},
	{"MESSAGE_TOO_LONG", TooLong},
	{"MEDIA_CAPTION_TOO_LONG", TooLong},
	{"ENTITIES_TOO_LONG", TooLong},

	{"message text is empty", Empty},
	{"text must be non-empty", Empty},
	{"MESSAGE_EMPTY", Empty},

	{"message is not modified*", NotModified},
	{"MESSAGE_NOT_MODIFIED", NotModified},

	{"message to edit not found", MessageGone},
	{"message can't be edited", MessageGone},
	{"there is no text in the message to edit", NoText},
	{"there is no caption in the message to edit", NoText},
	{"message to delete not found", MessageGone},
	{"message can't be deleted", MessageGone},
	{"message can't be deleted for everyone", MessageGone},
	{"message to be replied not found", MessageGone},
	{"message to reply not found", MessageGone},
	{"MESSAGE_ID_INVALID", MessageGone},

	{"query is too old and response timeout expired or query ID is invalid", QueryTooOld},
	{"QUERY_ID_INVALID", QueryTooOld},

	{"wrong file identifier/HTTP URL specified", BadMedia},
	{"failed to get HTTP URL content", BadMedia},
	{"wrong type of the web page content", BadMedia},
	{"wrong HTTP URL specified", BadMedia},
	{"PHOTO_INVALID_DIMENSIONS", BadMedia},
	{"IMAGE_PROCESS_FAILED", BadMedia},
	{"WEBPAGE_CURL_FAILED", BadMedia},
	{"WEBPAGE_MEDIA_EMPTY", BadMedia},
	{"can't use the media of the specified type in the album", BadMedia},
	{"group send failed", BadMedia},
	{"Failed to send message #*", BadMedia},

	// The server below failed, and its 502 comes as a 400: perhaps sent.
	{"Bad Gateway", Uncertain},
}

// kindOfText looks a description up, without its prefix.
func kindOfText(text string) (Kind, bool) {
	for _, prefix := range []string{"Bad Request: ", "Forbidden: "} {
		if rest, ok := strings.CutPrefix(text, prefix); ok {
			text = rest
			break
		}
	}
	for _, d := range descriptions {
		stem, open := strings.CutSuffix(d.text, "*")
		if text == d.text || open && strings.HasPrefix(text, stem) {
			return d.kind, true
		}
	}
	return 0, false
}

// classify tells the kind of an answer of the Bot API.
func classify(code int, text string, migrateTo int64) Kind {
	switch {
	case migrateTo != 0:
		return Migrated
	case code == http.StatusTooManyRequests:
		return RateLimited
	case code == http.StatusUnauthorized:
		return Unauthorized
	case code == http.StatusConflict:
		return Conflict
	case code == http.StatusNotFound:
		return Method
	case code >= 500:
		return Uncertain
	case code == http.StatusRequestEntityTooLarge:
		return TooLong
	}
	if kind, ok := kindOfText(text); ok {
		return kind
	}
	if code == http.StatusForbidden {
		return Blocked
	}
	return BadRequest
}

// classifyForeign tells the kind of an answer that something else gave. A
// client error was never handed on to Telegram; anything else may have been.
func classifyForeign(status int) Kind {
	switch {
	case status == http.StatusTooManyRequests:
		return RateLimited
	case status == http.StatusRequestEntityTooLarge:
		return TooLong
	case status == http.StatusRequestTimeout:
		return Uncertain
	case status >= 300 && status < 500:
		return Unreachable
	}
	return Uncertain
}

// explain makes an *Error of what MakeRequest returned.
func (c *Client) explain(method string, x *exchange, err error) *Error {
	e := &Error{Method: method, Code: x.status}
	if answer, ok := errors.AsType[*tgbotapi.Error](err); ok {
		c.explainAnswer(e, x, answer)
		return e
	}
	switch {
	case x.status != 0:
		e.Kind, e.Description = classifyForeign(x.status), x.foreign
		if x.foreign == "" {
			e.Description, e.Err = "unreadable answer", c.clean(err)
		}
		if e.Kind == RateLimited {
			e.RetryAfter = x.retryAfter
		}
	case x.wrote.Load():
		e.Kind, e.Description, e.Err = Uncertain, "perhaps sent, no answer", c.clean(err)
	default:
		e.Kind, e.Description, e.Err = Unreachable, "not sent", c.clean(err)
	}
	return e
}

// explainAnswer fills in an error that Telegram itself described.
func (c *Client) explainAnswer(e *Error, x *exchange, answer *tgbotapi.Error) {
	if answer.Code != 0 { // the library leaves it 0 for uploads: then the status stands
		e.Code = answer.Code
	}
	if e.Code < 300 {
		e.Code = http.StatusInternalServerError // "ok":false that names no error: nothing is known
	}
	e.Description = c.redact(answer.Message)
	e.MigrateTo = answer.MigrateToChatID
	e.Kind = classify(e.Code, answer.Message, e.MigrateTo)
	if e.Kind == RateLimited {
		e.RetryAfter = retryAfter(answer.RetryAfter, x.retryAfter, answer.Message)
	}
}

// retryText is how Telegram says it, to people.
var retryText = regexp.MustCompile(`retry after ([0-9]{1,9})`)

// retryAfter takes the body's number, else the header's, else that of the text.
func retryAfter(body int, header time.Duration, text string) time.Duration {
	if body > 0 {
		return clampRetry(body)
	}
	if header > 0 {
		return header
	}
	if m := retryText.FindStringSubmatch(text); m != nil {
		n, _ := strconv.Atoi(m[1])
		return clampRetry(n)
	}
	return 0
}

// retryHeader reads a Retry-After in seconds. Telegram never sends a date.
func retryHeader(value string) time.Duration {
	n, err := strconv.Atoi(strings.TrimSpace(value))
	if err != nil {
		return 0
	}
	return clampRetry(n)
}

// clampRetry turns seconds into a duration between nothing and maxRetryAfter.
func clampRetry(seconds int) time.Duration {
	seconds = min(max(seconds, 0), int(maxRetryAfter/time.Second))
	return time.Duration(seconds) * time.Second
}

// clean takes the token out of a transport's error: *url.Error, whose text
// holds the whole address, is left out; what else mentions the token, at any
// depth, is replaced by its redacted text. Ends of contexts stay recognisable.
func (c *Client) clean(err error) error {
	for {
		u, ok := errors.AsType[*url.Error](err)
		if !ok {
			break
		}
		err = u.Err
	}
	if c.quotes(err, 0) {
		return &cleaned{text: c.redact(err.Error()), cause: contextCause(err)}
	}
	return err
}

// maxErrorDepth bounds the walk through an error's chain.
const maxErrorDepth = 50

// quotes reports whether err or anything that it wraps mentions the token.
func (c *Client) quotes(err error, depth int) bool {
	if err == nil {
		return false
	}
	if text := err.Error(); depth > maxErrorDepth || c.redact(text) != text {
		return true
	}
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		return c.quotes(e.Unwrap(), depth+1)
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			if c.quotes(inner, depth+1) {
				return true
			}
		}
	}
	return false
}

// contextCause returns which end of a context err stands for, or nil.
func contextCause(err error) error {
	for _, cause := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, cause) {
			return cause
		}
	}
	return nil
}

// A cleaned error is what is left of one that mentioned the token.
type cleaned struct {
	text  string
	cause error // context.Canceled, context.DeadlineExceeded or nil
}

func (e *cleaned) Error() string { return e.text }
func (e *cleaned) Unwrap() error { return e.cause }
