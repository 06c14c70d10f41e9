package telegram

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// A Kind says what a failed request means for the sender. The zero Kind is
// that of a nil error and of an error that is not of this package.
type Kind int

// The kinds. "Not sent" holds for every kind but Uncertain.
const (
	RateLimited  Kind = iota + 1 // too fast: try the same again after RetryAfter, keep the order within the chat
	Migrated                     // the group is a supergroup now: use MigrateTo everywhere, then try again
	Blocked                      // the person blocked the bot, or the bot is no member any more: stop sending there
	ChatGone                     // no such chat, or not for this bot: stop after some repeats
	NoRights                     // the bot may not write (or do that) there: tell the chat's owner
	TopicGone                    // the forum topic is deleted or closed
	CantParse                    // the HTML is wrong: our fault, send it once as plain text
	BadKeyboard                  // a button's URL or data is refused: our fault, send it once without a keyboard
	TooLong                      // over a limit of length or size: our fault, shorten
	Empty                        // nothing visible is left of the text
	NotModified                  // an edit that changes nothing: a success ([Client.Edit] returns nil)
	MessageGone                  // the message to edit, delete or reply to is gone or not ours
	QueryTooOld                  // a button press answered too late ([Client.Answer] returns nil)
	NoText                       // an edit of text where there is a caption, or the other way round
	BadMedia                     // a photo or its URL is refused: send without it
	Unauthorized                 // the token is wrong or revoked: stop
	Conflict                     // another poller, or a webhook, takes the updates
	Uncertain                    // perhaps sent: the connection broke, or a gateway answered, after the request had left
	Unreachable                  // surely not sent: no connection, or the request never left
	BadRequest                   // refused for another reason, see Description: never repeat it unchanged
	Method                       // the server knows no such method or path: wrong address, or a server that is too old
)

// kindNames are stable: they are used as values of metrics.
var kindNames = map[Kind]string{
	RateLimited: "rate-limited", Migrated: "migrated", Blocked: "blocked", ChatGone: "chat-gone",
	NoRights: "no-rights", TopicGone: "topic-gone", CantParse: "cant-parse", BadKeyboard: "bad-keyboard",
	TooLong: "too-long", Empty: "empty", NotModified: "not-modified", MessageGone: "message-gone",
	QueryTooOld: "query-too-old", NoText: "no-text", BadMedia: "bad-media", Unauthorized: "unauthorized", Conflict: "conflict",
	Uncertain: "uncertain", Unreachable: "unreachable", BadRequest: "bad-request", Method: "method",
}

// String returns a short stable name in lower case, "none" for the zero Kind.
func (k Kind) String() string {
	if name, ok := kindNames[k]; ok {
		return name
	}
	return "none"
}

// An Error is a request that failed. It holds no secret, neither in its text
// nor in anything that it wraps.
type Error struct {
	Method      string        // of the Bot API, such as "sendMessage"
	Kind        Kind          // what to do
	Code        int           // Telegram's error_code, or the HTTP status of an answer that is not Telegram's; 0 without an answer
	Description string        // Telegram's text, exactly; or ours, when Telegram did not answer
	RetryAfter  time.Duration // how long Telegram wants silence; 0 when it does not say
	MigrateTo   int64         // the supergroup's id when Kind is Migrated, else 0
	Err         error         // the cause below, such as context.Canceled; may be nil
}

// Error returns one line: method, code, text.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "telegram %s: ", e.Method)
	if e.Code != 0 {
		fmt.Fprintf(&b, "%d ", e.Code)
	}
	b.WriteString(e.Description)
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap returns the cause, so that errors.Is(err, context.Canceled) works.
func (e *Error) Unwrap() error { return e.Err }

// KindOf returns the kind of the first *Error in err's chain, or 0.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return 0
}
