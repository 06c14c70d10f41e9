// Package store is what wirewatch remembers: sources, articles, rules, chats and
// the deliveries owed to them, in one SQLite file or in PostgreSQL, behind one
// SQL text for both.
//
// It decides what must be decided inside a transaction and nothing else: which
// articles are new, who may see them, what is owed to whom and in which order,
// and who holds the lease on a source or a chat. It never fetches, matches,
// renders or sends.
//
// Three rules hold everywhere. A public method is one transaction around private
// functions that take it. Times cross the border as time.Time and are stored as
// Unix milliseconds, UTC; text is made valid UTF-8 without NUL on its way in.
// Nothing is marked sent before it was sent, and what was owed stays owed until
// an outcome is written down under the lease that produced it.
package store
