package feeds

import (
	"time"
)

// A Source is a feed that is polled, once for all chats.
type Source struct {
	ID      int64
	URL     string   // the address polled
	Title   string   // for people
	Site    string   // home page, absolute; "" unknown
	Lang    string   // BCP 47; "" unknown
	Country string   // ISO 3166 alpha-2; "" unknown
	Tags    []string // free words, folders of an OPML file
}

// An Article is one item of a source, normalised: its texts are plain (no
// markup, entities decoded, no bidi embeddings), its URLs absolute, its time
// UTC. Every text is bounded; see the Max constants.
type Article struct {
	ID        string    // the guid, else the URL, else the 1-based position "#3": never empty, unique within its document
	GUID      string    // as the feed gives it; "" when it gives none; not in JSON
	Source    string    // the source's name: feed title, else host, else file name
	URL       string    // http or https; "" when the item has none
	Title     string    // one line
	Summary   string    // blank lines between paragraphs
	Body      string    // blank lines between paragraphs; "" when the feed carries only a teaser
	Lang      string    // BCP 47, as the feed declares it; "" unknown
	Published time.Time // UTC; zero when unknown; may lie in the future when the feed says so
	Authors   []string  // names for people
	Tags      []string  // the feed's categories
	Image     string    // absolute URL; "" none
}

// Zones is an article's text by zone, as feeds/page separates it. A zone that
// the article lacks is "".
type Zones struct {
	Title       string
	Dateline    string // place and agency in front of the text: "GENEVA (Reuters)"
	Lead        string // the feed's own summary, else the first paragraph
	Body        string // the running text, without what the other zones hold
	Related     string // teasers of and links to other articles
	Boilerplate string // follow-us lines, share bars, sign-offs
}
