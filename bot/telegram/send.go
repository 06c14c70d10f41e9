package telegram

import "context"

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
}

// A Preview says what becomes of the link preview.
type Preview struct {
	Disabled bool
	URL      string // the link to preview, which need not stand in the text; "" the first one
	Above    bool   // above the text
	Small    bool   // small picture; needs URL
	Large    bool   // large picture; needs URL
}

// Send sends one message and returns its id. It waits for the limits of
// Telegram first.
func (c *Client) Send(ctx context.Context, m Outgoing) (int64, error) { return 0, nil }

// Edit replaces text and inline keyboard of a message of the bot; m.Keyboard
// nil takes the keyboard away. Of m, Chat, Thread, Silent and ReplyTo are
// ignored. A message that reads like that already is a success.
func (c *Client) Edit(ctx context.Context, chat, message int64, m Outgoing) error { return nil }

// EditKeyboard replaces only the inline keyboard; nil takes it away.
func (c *Client) EditKeyboard(ctx context.Context, chat, message int64, k *Keyboard) error {
	return nil
}

// Delete removes a message; bots may within 48 hours. MessageGone when it is
// gone already or may not be deleted.
func (c *Client) Delete(ctx context.Context, chat, message int64) error { return nil }

// Answer ends the waiting state of a pressed button; text "" says nothing,
// alert shows the text in a window. An answer that comes too late is no error.
func (c *Client) Answer(ctx context.Context, callbackID, text string, alert bool) error { return nil }
