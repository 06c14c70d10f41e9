// Package story says which articles tell the same story. Identify gives the keys
// by which one and the same article is known again: in its own feed, at its
// address, and word for word in another source's.
package story

import (
	"crypto/sha256"
	"net/url"
	"strings"
	"time"

	"wirewatch/feeds"
	"wirewatch/filter/text"
)

// MinWords is the least number of words by which a text is an identity: two
// headlines "Weather" are not one story.
const MinWords = 12

// An Identity holds an article's keys; a zero key is absent. Keys are the first
// 16 bytes of a SHA-256, each kind in a space of its own.
type Identity struct {
	GUID [16]byte // within its source; never zero
	URL  [16]byte // of the canonical address, across sources
	Text [16]byte // of the folded words of title, lead and body, across sources
}

// Identify computes an article's keys. GUID is made of the guid, else of the
// address, else of title, summary and time, so that items without a guid stay
// different ones. The dateline, related links and boilerplate have no part in
// Text: a wire that is printed by two papers keeps its words and loses those.
func Identify(a feeds.Article, z feeds.Zones) Identity {
	id := Identity{GUID: guid(a)}
	if address := feeds.CanonicalURL(a.URL); address != "" && !isHome(address) {
		id.URL = key("url", address)
	}
	if words := text.Fold(z.Title + "\n" + running(z)); strings.Count(words, " ")+1 >= MinWords {
		id.Text = key("text", words)
	}
	return id
}

// running is an article's text once: a lead that the body repeats is left out,
// since one source sends it apart and another does not.
func running(z feeds.Zones) string {
	if strings.Contains(text.Fold(z.Body), text.Fold(z.Lead)) {
		return z.Body
	}
	return z.Lead + "\n" + z.Body
}

func guid(a feeds.Article) [16]byte {
	switch {
	case a.GUID != "":
		return key("guid", a.GUID)
	case a.URL != "":
		return key("guid-url", a.URL)
	}
	published := ""
	if !a.Published.IsZero() {
		published = a.Published.UTC().Format(time.RFC3339)
	}
	return key("guid-text", a.Title, a.Summary, published)
}

// isHome reports whether an address is a site's front page: feeds that link every
// item to it give their items no address.
func isHome(canonical string) bool {
	u, err := url.Parse(canonical)
	return err != nil || (u.Path == "" || u.Path == "/") && u.RawQuery == "" && u.Fragment == ""
}

// key hashes the parts with their lengths kept apart.
func key(parts ...string) (k [16]byte) {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	copy(k[:], h.Sum(nil))
	return k
}
