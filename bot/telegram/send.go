package telegram

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// An Outgoing is a message to send, or what an edit makes of one.
type Outgoing struct {
	Chat     int64
	Thread   int64  // the forum topic; 0 and 1 are the General topic
	HTML     string // in Telegram's HTML; see MaxText, MaxEntities, MaxRawBytes
	Plain    bool   // HTML holds plain text
	Keyboard *Keyboard
	Preview  *Preview // nil: Telegram previews the first link
	Silent   bool     // without a sound
	ReplyTo  int64    // message id; 0 none. If that message is gone, this one is sent all the same
	Picture  *Picture // HTML is its caption then, see MaxCaption, and there is no preview; nil: a message of text
}

// A Picture is a photo: Telegram fetches URL, or takes Data, which is uploaded. Of an
// edited message it only says that it has one.
type Picture struct {
	URL  string // at most 5 MB there
	Data []byte // JPEG, PNG or WebP of at most MaxPicture; nil: URL
}

// MaxPicture is how large an uploaded picture may be, in bytes.
const MaxPicture = 10 << 20

// A Preview says what becomes of the link preview.
type Preview struct {
	Disabled bool
	URL      string // the link to preview, which need not stand in the text; "" the first one
	Above    bool   // above the text
	Small    bool   // small picture; needs URL
	Large    bool   // large picture; needs URL
}

// general is the id of a forum's General topic. Telegram knows no topic of
// that id: it must be left out.
const general = 1

// Send sends one message and returns its id. It waits for the limits of
// Telegram first, and returns RateLimited, nothing having been sent, when that
// would take longer than Options.MaxWait or than ctx allows. After a 429 the
// chat is left alone for as long as Telegram said, by every later Send and
// Edit; to send the same again is up to the caller.
func (c *Client) Send(ctx context.Context, m Outgoing) (int64, error) {
	method := "sendMessage"
	if m.Picture != nil {
		method = "sendPhoto"
	}
	p, err := m.params()
	if err != nil {
		return 0, badRequest(method, err)
	}
	p["chat_id"] = strconv.FormatInt(m.Chat, 10)
	if m.Thread > general {
		p.AddNonZero64("message_thread_id", m.Thread)
	}
	p.AddBool("disable_notification", m.Silent)
	p.AddBool("allow_paid_broadcast", c.paid)
	if m.ReplyTo != 0 {
		reply := map[string]any{"message_id": m.ReplyTo, "allow_sending_without_reply": true}
		if err := addJSON(p, "reply_parameters", reply); err != nil {
			return 0, badRequest(method, err)
		}
	}
	var files []tgbotapi.RequestFile
	if m.Picture != nil && m.Picture.Data != nil {
		files = append(files, tgbotapi.RequestFile{Name: "photo", Data: tgbotapi.FileBytes{Name: "picture", Bytes: m.Picture.Data}})
	} else if m.Picture != nil {
		p["photo"] = m.Picture.URL
	}
	var sent rawMessage
	if err := c.limited(ctx, m.Chat, method, p, &sent, files...); err != nil {
		return 0, err
	}
	return sent.ID, nil
}

// Edit replaces text and inline keyboard of a message of the bot; m.Keyboard
// nil takes the keyboard away. Of m, Chat, Thread, Silent and ReplyTo are
// ignored. A message that reads like that already is a success; NoText when it has a
// picture and m has none, or the other way round. It waits for the limits as Send does.
func (c *Client) Edit(ctx context.Context, chat, message int64, m Outgoing) error {
	method := "editMessageText"
	if m.Picture != nil {
		method = "editMessageCaption"
	}
	p, err := m.params()
	if err != nil {
		return badRequest(method, err)
	}
	return c.edit(ctx, chat, message, method, p)
}

// EditKeyboard replaces only the inline keyboard; nil takes it away. Otherwise
// like Edit.
func (c *Client) EditKeyboard(ctx context.Context, chat, message int64, k *Keyboard) error {
	const method = "editMessageReplyMarkup"
	p := tgbotapi.Params{}
	if err := addKeyboard(p, k); err != nil {
		return badRequest(method, err)
	}
	return c.edit(ctx, chat, message, method, p)
}

// edit makes one of the requests that change a message.
func (c *Client) edit(ctx context.Context, chat, message int64, method string, p tgbotapi.Params) error {
	p["chat_id"] = strconv.FormatInt(chat, 10)
	p["message_id"] = strconv.FormatInt(message, 10)
	err := c.limited(ctx, chat, method, p, nil)
	if KindOf(err) == NotModified {
		return nil
	}
	return err
}

// Delete removes a message; bots may within 48 hours. MessageGone when it is
// gone already or may not be deleted.
func (c *Client) Delete(ctx context.Context, chat, message int64) error {
	return c.call(ctx, "deleteMessage", tgbotapi.Params{
		"chat_id":    strconv.FormatInt(chat, 10),
		"message_id": strconv.FormatInt(message, 10),
	}, nil)
}

// Answer ends the waiting state of a pressed button; text "" says nothing,
// alert shows the text in a window. Text is cut to MaxAnswer. An answer that
// comes too late, after about 15 seconds, is no error.
func (c *Client) Answer(ctx context.Context, callbackID, text string, alert bool) error {
	p := tgbotapi.Params{"callback_query_id": callbackID}
	p.AddNonEmpty("text", cut(strings.ToValidUTF8(text, "\uFFFD"), MaxAnswer))
	p.AddBool("show_alert", alert && text != "")
	err := c.call(ctx, "answerCallbackQuery", p, nil)
	if KindOf(err) == QueryTooOld {
		return nil
	}
	return err
}

// limited is call, within the limits of one chat.
func (c *Client) limited(ctx context.Context, chat int64, method string, p tgbotapi.Params, result any, files ...tgbotapi.RequestFile) error {
	if err := c.limits.wait(ctx, chat); err != nil {
		err.Method = method
		return err
	}
	err := c.call(ctx, method, p, result, files...)
	if e, ok := errors.AsType[*Error](err); ok && e.Kind == RateLimited {
		c.limits.pause(chat, e.RetryAfter)
	}
	return err
}

// params returns what Send and Edit have in common.
func (m Outgoing) params() (tgbotapi.Params, error) {
	text := "text"
	if m.Picture != nil {
		text = "caption"
	}
	p := tgbotapi.Params{text: strings.ToValidUTF8(m.HTML, "\uFFFD")}
	if !m.Plain {
		p["parse_mode"] = "HTML"
	}
	if m.Preview != nil && m.Picture == nil {
		if err := addJSON(p, "link_preview_options", m.Preview.raw()); err != nil {
			return nil, err
		}
	}
	return p, addKeyboard(p, m.Keyboard)
}

// rawPreview is LinkPreviewOptions.
type rawPreview struct {
	Disabled bool   `json:"is_disabled,omitempty"`
	URL      string `json:"url,omitempty"`
	Small    bool   `json:"prefer_small_media,omitempty"`
	Large    bool   `json:"prefer_large_media,omitempty"`
	Above    bool   `json:"show_above_text,omitempty"`
}

// raw returns the Bot API's form; a preview that is disabled has no look.
func (p Preview) raw() rawPreview {
	if p.Disabled {
		return rawPreview{Disabled: true}
	}
	return rawPreview{URL: p.URL, Small: p.Small, Large: p.Large, Above: p.Above}
}

// addKeyboard adds the keyboard, if there is one.
func addKeyboard(p tgbotapi.Params, k *Keyboard) error {
	markup, err := k.markup()
	if err != nil || markup == nil {
		return err
	}
	return addJSON(p, "reply_markup", markup)
}

// addJSON adds a parameter that is an object or a list.
func addJSON(p tgbotapi.Params, key string, value any) error {
	if err := p.AddInterface(key, value); err != nil {
		return fmt.Errorf("encode %s: %w", key, err)
	}
	return nil
}

// badRequest is an error found before anything was sent.
func badRequest(method string, err error) *Error {
	kind := BadRequest
	if errors.Is(err, errKeyboard) {
		kind = BadKeyboard
	}
	return &Error{Method: method, Kind: kind, Description: "not sent", Err: err}
}

// cut shortens s to at most n code points.
func cut(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
