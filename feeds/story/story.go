// Package story says which articles tell the same story.
package story

import "wirewatch/feeds"

// An Identity is the three keys by which an article is known again. A zero
// key is absent.
type Identity struct{ GUID, URL, Text [16]byte }

// Identify computes an article's keys.
func Identify(a feeds.Article, z feeds.Zones) Identity { return Identity{} }
