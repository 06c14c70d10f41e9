package watch

import (
	"context"
	"net/url"

	"wirewatch/feeds"
	"wirewatch/feeds/fetch"
)

// Discover reads the feed at an address once, without storing anything: what a
// chat is told before it follows. The error's text is for a person.
func (w *Watcher) Discover(ctx context.Context, address string) (feeds.Source, []feeds.Article, error) {
	resp, err := w.o.Fetch.Get(ctx, fetch.Request{URL: address})
	if err != nil {
		return feeds.Source{}, nil, err
	}
	base, err := url.Parse(resp.URL)
	if err != nil {
		return feeds.Source{}, nil, err
	}
	doc, err := feeds.Parse(resp.Body, base, resp.ContentType)
	if err != nil {
		return feeds.Source{}, nil, err
	}
	src := feeds.Source{URL: address, Title: doc.Title, Site: doc.Site, Lang: doc.Lang}
	if resp.Moved != "" {
		src.URL = resp.Moved
	}
	if src.Title == "" {
		src.Title = base.Hostname()
	}
	return src, doc.Articles, nil
}
