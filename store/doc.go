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
//
// # The life of a delivery
//
//	   Publish: also folded, until Unfold makes it sent     Drop
//	   ┌───────────┼───────────┐                  ┌──────────────────> dropped
//	   v  Defer    v           v                  │
//	waiting <───> due <────── held       due, sending, uncertain
//	 StartDigest   │    Resume               ^    ^
//	 Ripen         │ Sending           Retry │    │ Claim, after the lease of a
//	               v                         │    │ dead process has run out
//	            sending ─────────────────────┴────┘
//	               │ Sent
//	               v
//	             sent
//
// What exceeds the limits of a rule is folded when it is stored, in the transaction
// that also makes sure of a delivery of kind fold: that one waits for the end of the
// period, and is then due, sent and retried like any other.
//
// What must be approved is held when it is stored, in the transaction that also makes
// sure that somebody is asked: Decide lets it go the way it would have gone, or drops
// it, as does ExpireRequests.
//
// A chat's deliveries are told in the order of their turns (seq), given in the
// transaction that made them due. The row chats.due_at says when the first in
// turn is due; whoever changes a queue ends with reschedule. A chat is leased
// whole, so that one page of it is on its way at a time.
//
// # Locks
//
// SQLite has one writer, and so no order to keep. On PostgreSQL every transaction
// locks in this order: a source, gates ascending, chats ascending, the rest. What
// deadlocks nevertheless is run again by write.
//
// # Two engines
//
// The dialect's macros are all that statements differ in. A statement is written
// once, where it runs. $1 … $n bind by number on both engines; an argument that
// stands only beside a literal or in an expression needs a CAST, for PostgreSQL
// takes it for a 4-byte integer otherwise.
package store
