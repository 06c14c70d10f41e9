// Package feeds reads feed documents and says what an article is.
//
// Parse takes the bytes a server sent, whatever their format (RSS 0.9x–2.0,
// RDF, Atom, JSON Feed), encoding and faults, and returns normalised
// articles: text without markup, absolute URLs, UTC times. gofeed is the
// parser of every format; this package does before it what it cannot do
// (charsets, repair, documents that break off) and after it what it does not
// (plain text, dates in the languages of the feeds, bounds).
//
// The package also owns the article's JSON line, the form in which articles
// enter and leave the program, and CanonicalURL, the identity of an
// article's address. It makes no requests and keeps no state; everything in
// it is safe for concurrent use.
package feeds
