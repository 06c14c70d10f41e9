package watch

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"wirewatch/feeds"
	"wirewatch/feeds/fetch"
)

// Bounds of a search for the feeds of a site.
const (
	discoverTime  = 45 * time.Second // altogether: somebody waits for the answer
	maxCandidates = 12               // offered to choose from
	maxTries      = 3                // announced feeds that Discover reads until one is good
)

// Where feeds are when a site's pages name none, the most usual first.
var (
	feedPaths    = []string{"/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feeds", "/feed.json"}
	sitemapPaths = []string{"/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml", "/sitemap.xml"}
)

// A candidate is a feed that was found. doc is nil as long as it is only said to
// be there.
type candidate struct {
	source feeds.Source
	doc    *feeds.Document
}

// Discover reads the feed at an address once, without storing anything: what a
// chat is told before it follows. The address may be a feed's or a site's; of
// several feeds of a site it takes the first that can be read, in the order of
// [Watcher.Candidates]. The error's text is for a person.
func (w *Watcher) Discover(ctx context.Context, address string) (feeds.Source, []feeds.Article, error) {
	src, doc, err := Discover(ctx, w.o.Fetch, address)
	if err != nil {
		return src, nil, err
	}
	return src, doc.Articles, nil
}

// Candidates lists the feeds that an address stands for: itself when it is a
// feed, else those that the site's page announces, else the first found at the
// usual places, else a sitemap. There is at least one, or an error whose text is
// for a person. One alone has been read, and its articles are returned; of several
// none has been, and one or the other may be dead.
func (w *Watcher) Candidates(ctx context.Context, address string) ([]feeds.Source, []feeds.Article, error) {
	ctx, cancel := context.WithTimeout(ctx, discoverTime)
	defer cancel()
	found, err := search(ctx, w.o.Fetch, address)
	if err != nil {
		return nil, nil, err
	}
	if found = withoutComments(found); len(found) == 1 {
		src, doc, err := firstRead(ctx, w.o.Fetch, found)
		if err != nil {
			return nil, nil, err
		}
		return []feeds.Source{src}, doc.Articles, nil
	}
	list := make([]feeds.Source, len(found))
	for i, c := range found {
		list[i] = c.source
	}
	return list, nil, nil
}

// withoutComments leaves out what readers write, which nobody chooses who has news
// to choose from. Feeds of comments stand last.
func withoutComments(found []candidate) []candidate {
	for len(found) > 1 && feeds.OfComments(found[len(found)-1].source) {
		found = found[:len(found)-1]
	}
	return found
}

// Discover is [Watcher.Discover] without a watcher: it returns the document too.
func Discover(ctx context.Context, f *fetch.Fetcher, address string) (feeds.Source, *feeds.Document, error) {
	ctx, cancel := context.WithTimeout(ctx, discoverTime)
	defer cancel()
	found, err := search(ctx, f, address)
	if err != nil {
		return feeds.Source{}, nil, err
	}
	return firstRead(ctx, f, found)
}

// firstRead is the first of several candidates that can be read.
func firstRead(ctx context.Context, f *fetch.Fetcher, found []candidate) (feeds.Source, *feeds.Document, error) {
	var first error
	for _, c := range found[:min(len(found), maxTries)] {
		if c.doc != nil {
			return c.source, c.doc, nil
		}
		read, err := readFeed(ctx, f, c.source.URL)
		if err == nil {
			read.source = completed(read.source, c.source)
			return read.source, read.doc, nil
		}
		if first == nil {
			first = err
		}
	}
	return feeds.Source{}, nil, &siteError{"the site announces a feed, but it cannot be read", first}
}

// completed adds to what a feed says of itself what the announcing page says.
func completed(s, announced feeds.Source) feeds.Source {
	if s.Lang == "" {
		s.Lang = announced.Lang
	}
	if s.Site == "" {
		s.Site = announced.Site
	}
	return s
}

// A siteError says what was looked for in vain on a site, and why.
type siteError struct {
	reason string
	err    error // may be nil
}

func (e *siteError) Error() string {
	if e.err == nil {
		return e.reason
	}
	return e.reason + ": " + e.err.Error()
}

func (e *siteError) Unwrap() error { return e.err }

// search finds the feeds that an address stands for; never none without an
// error.
func search(ctx context.Context, f *fetch.Fetcher, address string) ([]candidate, error) {
	address = knownSite(address)
	resp, err := f.Get(ctx, fetch.Request{URL: address})
	if err != nil {
		return nil, err
	}
	base, err := url.Parse(resp.URL)
	if err != nil {
		return nil, err
	}
	c, wrong := parsed(address, base, resp)
	if wrong == nil {
		return []candidate{c}, nil
	}
	if list := sitemaps(resp.Body, base); len(list) > 0 {
		return list, nil
	}
	if !isPage(wrong, resp) {
		return nil, wrong
	}
	if list := announced(resp, base); len(list) > 0 {
		return list, nil
	}
	switch hostOf(base) {
	case "t.me", "telegram.me":
		return nil, &siteError{"Telegram offers no feed of this channel; add the bot to it, or look for the site of its publisher", nil}
	case "youtube.com", "m.youtube.com":
		return nil, &siteError{"this YouTube page names no channel; give the address of the channel itself", nil}
	}
	if list := probe(ctx, f, base, feedPaths); len(list) > 0 {
		return list, nil
	}
	if list := probe(ctx, f, base, append(robotsSitemaps(ctx, f, base), sitemapPaths...)); len(list) > 0 {
		return list, nil
	}
	return nil, &siteError{"this is a web page, not a feed, and neither the page nor the usual places of the site name one", nil}
}

// isPage reports whether what came was a web page.
func isPage(wrong error, resp *fetch.Response) bool {
	var format *feeds.FormatError
	if !errors.As(wrong, &format) {
		return false
	}
	return strings.Contains(resp.ContentType, "html") || strings.Contains(format.Reason, "HTML")
}

// readFeed downloads and parses one feed.
func readFeed(ctx context.Context, f *fetch.Fetcher, address string) (candidate, error) {
	resp, err := f.Get(ctx, fetch.Request{URL: address})
	if err != nil {
		return candidate{}, err
	}
	base, err := url.Parse(resp.URL)
	if err != nil {
		return candidate{}, err
	}
	return parsed(address, base, resp)
}

// parsed makes a candidate of a document that is a feed.
func parsed(address string, base *url.URL, resp *fetch.Response) (candidate, error) {
	doc, err := feeds.Parse(resp.Body, base, resp.ContentType)
	if err != nil {
		return candidate{}, err
	}
	src := feeds.Source{URL: address, Title: doc.Title, Site: doc.Site, Lang: doc.Lang}
	if resp.Moved != "" {
		src.URL = resp.Moved
	}
	if src.Title == "" {
		src.Title = base.Hostname()
	}
	return candidate{src, doc}, nil
}

// announced lists the feeds that a page names.
func announced(resp *fetch.Response, base *url.URL) []candidate {
	list := feeds.Announced(resp.Body, base, resp.ContentType)
	if len(list) == 0 && strings.HasSuffix(hostOf(base), "youtube.com") {
		if m := channelID.FindSubmatch(resp.Body); m != nil {
			list = []feeds.Source{{URL: youtubeFeed + "channel_id=" + string(m[1])}}
		}
	}
	return unread(list, base)
}

// unread makes candidates of feeds that are said to be there.
func unread(list []feeds.Source, base *url.URL) []candidate {
	var out []candidate
	for _, s := range list[:min(len(list), maxCandidates)] {
		if s.Title == "" {
			s.Title = base.Hostname()
		}
		out = append(out, candidate{source: s})
	}
	return out
}

// sitemaps lists what an index of sitemaps names, those of news alone where
// there are some.
func sitemaps(doc []byte, base *url.URL) []candidate {
	all := feeds.SitemapIndex(doc, base)
	news := slices.DeleteFunc(slices.Clone(all), func(s string) bool { return !strings.Contains(strings.ToLower(s), "news") })
	if len(news) > 0 {
		all = news
	}
	var list []feeds.Source
	for _, s := range all {
		list = append(list, feeds.Source{URL: s})
	}
	return unread(list, base)
}

// probe returns the first feed at one of the paths of a site, or the sitemaps
// that an index there names.
func probe(ctx context.Context, f *fetch.Fetcher, site *url.URL, paths []string) []candidate {
	for _, path := range paths {
		at, err := site.Parse(path)
		if err != nil || ctx.Err() != nil {
			return nil
		}
		resp, err := f.Get(ctx, fetch.Request{URL: at.String()})
		if err != nil {
			continue
		}
		base, err := url.Parse(resp.URL)
		if err != nil {
			continue
		}
		if c, err := parsed(at.String(), base, resp); err == nil && len(c.doc.Articles) > 0 {
			return []candidate{c}
		}
		if list := sitemaps(resp.Body, base); len(list) > 0 {
			return list
		}
	}
	return nil
}

// maxRobots is how many sitemaps of a site's robots.txt are looked at.
const maxRobots = 4

// robotsSitemaps lists the sitemaps that robots.txt names, those of news first.
func robotsSitemaps(ctx context.Context, f *fetch.Fetcher, site *url.URL) []string {
	at, err := site.Parse("/robots.txt")
	if err != nil {
		return nil
	}
	resp, err := f.Get(ctx, fetch.Request{URL: at.String()})
	if err != nil {
		return nil
	}
	var list []string
	for lines := bufio.NewScanner(bytes.NewReader(resp.Body)); lines.Scan(); {
		if key, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.EqualFold(strings.TrimSpace(key), "sitemap") {
			list = append(list, strings.TrimSpace(value))
		}
	}
	slices.SortStableFunc(list, func(a, b string) int { return newsFirst(a) - newsFirst(b) })
	return list[:min(len(list), maxRobots)]
}

func newsFirst(address string) int {
	if strings.Contains(strings.ToLower(address), "news") {
		return 0
	}
	return 1
}

// youtubeFeed is where YouTube has a feed of every channel and playlist.
const youtubeFeed = "https://www.youtube.com/feeds/videos.xml?"

// channelID finds the channel that a YouTube page is about.
var channelID = regexp.MustCompile(`(?:itemprop="(?:channelId|identifier)" content="|rel="canonical" href="https://www\.youtube\.com/channel/|"externalId":"|"channelId":")(UC[\w-]{22})`)

// knownSite rewrites the addresses that people copy from sites whose feeds, or
// public pages, are elsewhere. Any other address stays.
func knownSite(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	switch hostOf(u) {
	case "youtube.com", "m.youtube.com":
		if len(parts) > 1 && parts[0] == "channel" {
			return youtubeFeed + url.Values{"channel_id": {parts[1]}}.Encode()
		}
		if list := u.Query().Get("list"); list != "" && parts[0] == "playlist" {
			return youtubeFeed + url.Values{"playlist_id": {list}}.Encode()
		}
	case "t.me", "telegram.me":
		if len(parts) == 1 && parts[0] != "" && !strings.HasPrefix(parts[0], "+") {
			return "https://t.me/s/" + parts[0] // the public preview
		}
	}
	return address
}

// hostOf is an address's host as the lists of sites have it.
func hostOf(u *url.URL) string {
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}
