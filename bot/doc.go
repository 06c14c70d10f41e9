// Package bot is the program's face in Telegram: it answers commands and menus,
// and its courier carries what the watcher owes each chat, as alerts and as
// digests.
//
// Watcher and bot share one thing, the delivery table of package store. The
// courier claims a chat's due deliveries under a lease, lays them out (package
// digest, render.go), sends each page within Telegram's limits and settles it by
// Telegram's answer: nothing is marked sent before it was sent. One function,
// Courier.deliver, reads as that story.
//
// Every sentence a reader sees is in package locale.
package bot
