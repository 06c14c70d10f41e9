// Package telegramtest is a strict fake of the Telegram Bot API over real HTTP, for tests and for the demo.
//
// It never answers more kindly than Telegram does. Every request is validated field by field against a table of
// Bot API 10.1 (schema.go); a field that does not exist, which Telegram would silently ignore, is an error here,
// because a typo in a field name is invisible in production. Text goes through Telegram's own rules for HTML
// (html.go, repair.go), and answers carry the parsed text and entities, so that a test asserts on what a reader
// sees and not on what was sent. Error texts are Telegram's, word for word.
//
// A test plays the people: it creates users and chats, says things, presses buttons, blocks the bot, closes topics,
// and waits for messages without sleeping. Faults of the network are injected with Server.Fault. Page serves the
// same chats to a browser.
package telegramtest
