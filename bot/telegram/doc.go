// Package telegram is the Bot API as the bot may use it: telegram-bot-api/v5
// made safe. It adds what that library lacks (contexts, deadlines, limits,
// kinds of errors, topics, link previews) and takes away what it should not
// have (the token in its errors, a poller that loses updates).
//
// # What a caller can rely on
//
// Every method makes exactly one request and never repeats it by itself: the
// caller knows what a second message would mean. Every failure is an [*Error]
// whose [Kind] says what to do. The one distinction that matters most: an
// error of kind [Unreachable], or any kind that stands for an answer of
// Telegram, means that nothing was sent; [Uncertain] means that the message
// may stand in the chat already. There is no idempotency key in the Bot API,
// so nobody can know more.
//
// Sends and edits wait for the limits of Telegram (see [Options]). The bot's
// token appears in no error, no log value and no formatted text.
//
// The package is silent: it logs nothing and keeps no goroutine.
package telegram
