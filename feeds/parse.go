package feeds

import (
	"net/url"
	"time"
)

// A Document is a feed as it was read.
type Document struct {
	Title    string
	Site     string        // home page, absolute; "" unknown
	Self     string        // the address the feed gives itself; "" unknown
	Lang     string        // as declared; "" none
	Format   string        // rss, rdf, atom or json
	Encoding string        // the encoding really decoded: lower-case WHATWG name
	TTL      time.Duration // what ttl or sy:* ask for; 0 none
	Hub      string        // WebSub hub; "" none
	Articles []Article     // in document order
	Warnings []string      // what was repaired or lost, in words
}

// A FormatError says why a document is no feed, in words for a person.
type FormatError struct{ Reason string }

func (e *FormatError) Error() string { return e.Reason }

// Parse reads one feed document.
func Parse(doc []byte, base *url.URL, contentType string) (*Document, error) {
	return nil, &FormatError{"not yet"}
}
