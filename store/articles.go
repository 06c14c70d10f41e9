package store

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"wirewatch/feeds"
)

// Article is one text as it is stored, however many sources carry it, seen by one
// chat: a source that the chat may not know of is neither named nor linked.
type Article struct {
	ID, Story int64
	Source    Source        // through which it came to the chat, else the first to carry it of those that the chat sees
	Item      feeds.Article // Source and URL are those of that source
	Zones     feeds.Zones
	SeenAt    time.Time
	Also      []string // titles of the other sources that carried it, in that order
}

// Recent lists articles seen since then, newest first, of the sources a chat
// sees; chat 0 sees all.
func (db *DB) Recent(ctx context.Context, chat int64, since time.Time, limit int) ([]Article, error) {
	var list []Article
	err := db.read(ctx, func(t *tx) error {
		ids, err := collect(t, scanID, `SELECT a.id FROM articles a WHERE a.seen_at >= $2 AND EXISTS (
			SELECT 1 FROM sightings g JOIN sources s ON s.id = g.source_id WHERE g.article_id = a.id
			AND (CAST($1 AS BIGINT) = 0 OR s.shared OR EXISTS (SELECT 1 FROM views v WHERE v.source_id = s.id AND v.chat_id = $1)))
			ORDER BY a.seen_at DESC, a.id DESC LIMIT $3`, chat, since, limit)
		if err != nil {
			return err
		}
		shelf, err := t.fetch(ids, []int64{chat})
		if err != nil {
			return err
		}
		for _, id := range ids {
			list = append(list, *shelf.show(id, 0, chat))
		}
		return nil
	})
	return list, err
}

// Latest lists the newest deliveries of a chat in any state but dropped, newest
// first, with their articles.
func (db *DB) Latest(ctx context.Context, chat int64, limit int) ([]Delivery, error) {
	return db.listed(ctx, `SELECT `+deliveryColumns+` FROM deliveries
		WHERE chat_id = $1 AND state <> 'dropped' AND article_id <> 0 ORDER BY id DESC LIMIT $2`, chat, limit)
}

// loadArticles gives deliveries their articles. Those that are gone stay nil.
func (t *tx) loadArticles(list []*Delivery) error {
	ids, chats := map[int64]bool{}, map[int64]bool{}
	for _, d := range list {
		if d.article != 0 {
			ids[d.article], chats[d.Chat] = true, true
		}
	}
	shelf, err := t.fetch(slices.Sorted(maps.Keys(ids)), slices.Sorted(maps.Keys(chats)))
	if err != nil {
		return err
	}
	for _, d := range list {
		d.Article = shelf.show(d.article, d.source, d.Chat)
		d.entitle()
	}
	return nil
}

// entitle puts an editor's headline on a delivery's article, which is its own copy.
func (d *Delivery) entitle() {
	if d.Headline != "" && d.Article != nil {
		d.Article.Item.Title = d.Headline
	}
}

// shelf holds articles with all that carried them, before it is decided who sees
// which of it.
type shelf struct {
	articles  map[int64]*Article   // as stored: what show gives away is a copy
	sightings map[int64][]sighting // by article, the first first
	sources   map[int64]Source     // all that occur in sightings
	views     map[view]bool        // of the chats that were asked for
}

// sighting is a source that carries an article.
type sighting struct {
	article, source int64
	url             string // under which this source has it; "" none
	seen            int64  // Unix milliseconds
}

// view is a chat that sees a source outside the catalogue.
type view struct{ chat, source int64 }

// The columns that scanArticle reads, in its order.
const articleColumns = `id, story_id, item_id, guid, source, url, title, summary, body, lang, published,
	authors, tags, image, zones, seen_at`

func scanArticle(s scanner) (*Article, error) {
	a := &Article{}
	i := &a.Item
	return a, s.Scan(&a.ID, &a.Story, &i.ID, &i.GUID, &i.Source, &i.URL, &i.Title, &i.Summary, &i.Body, &i.Lang,
		toTime{&i.Published}, toJSON{&i.Authors}, toJSON{&i.Tags}, &i.Image, toJSON{&a.Zones}, toTime{&a.SeenAt})
}

// fetch reads articles and, of what these chats may see, who carried them.
func (t *tx) fetch(ids, chats []int64) (*shelf, error) {
	s := &shelf{map[int64]*Article{}, map[int64][]sighting{}, map[int64]Source{}, map[view]bool{}}
	err := chunks(ids, func(part []int64) error {
		return t.each(func(row scanner) error {
			a, err := scanArticle(row)
			s.articles[a.ID] = a
			return err
		}, `SELECT `+articleColumns+` FROM articles WHERE id IN (`+places(1, len(part))+`)`, anys(nil, part)...)
	})
	if err != nil {
		return nil, err
	}
	err = chunks(ids, func(part []int64) error {
		return t.each(func(row scanner) error {
			var g sighting
			err := row.Scan(&g.article, &g.source, &g.url, &g.seen)
			s.sightings[g.article] = append(s.sightings[g.article], g)
			s.sources[g.source] = Source{}
			return err
		}, `SELECT article_id, source_id, url, seen_at FROM sightings WHERE article_id IN (`+places(1, len(part))+`)
			ORDER BY article_id, seen_at, source_id`, anys(nil, part)...)
	})
	if err != nil {
		return nil, err
	}
	if err := t.fetchSources(s); err != nil {
		return nil, err
	}
	return s, t.fetchViews(s, chats)
}

// fetchSources loads the sources that fetch met.
func (t *tx) fetchSources(s *shelf) error {
	return chunks(slices.Sorted(maps.Keys(s.sources)), func(part []int64) error {
		return t.each(func(row scanner) error {
			x, err := scanSource(row)
			s.sources[x.ID] = x
			return err
		}, `SELECT `+sourceColumns+` FROM sources WHERE id IN (`+places(1, len(part))+`)`, anys(nil, part)...)
	})
}

// fetchViews loads who sees those of them that are not in the catalogue.
func (t *tx) fetchViews(s *shelf, chats []int64) error {
	var private []int64
	for id, x := range s.sources {
		if !x.Shared {
			private = append(private, id)
		}
	}
	slices.Sort(private)
	return chunks(private, func(some []int64) error {
		return chunks(chats, func(part []int64) error {
			return t.each(func(row scanner) error {
				var v view
				err := row.Scan(&v.chat, &v.source)
				s.views[v] = true
				return err
			}, `SELECT chat_id, source_id FROM views WHERE source_id IN (`+places(1, len(some))+`)
				AND chat_id IN (`+places(1+len(some), len(part))+`)`, anys(anys(nil, some), part)...)
		})
	})
}

// show is the article as a chat may see it, preferably through one source. Chat 0
// sees all. It is nil when there is no such article.
//
// The source through which a delivery came is shown even when the chat does not
// see it itself: a channel is told what its owner's private source brought. Where
// nothing visible is left, the name that the first source gave remains.
func (s *shelf) show(id, through, chat int64) *Article {
	stored := s.articles[id]
	if stored == nil {
		return nil
	}
	a := *stored
	a.Source = Source{Source: feeds.Source{Title: a.Item.Source}}
	visible := slices.DeleteFunc(slices.Clone(s.sightings[id]), func(g sighting) bool {
		return chat != 0 && g.source != through && !s.sources[g.source].Shared && !s.views[view{chat, g.source}]
	})
	slices.SortStableFunc(visible, func(a, b sighting) int {
		return cmp.Compare(boolInt(b.source == through), boolInt(a.source == through))
	})
	for i, g := range visible {
		x := s.sources[g.source]
		if i > 0 {
			a.Also = append(a.Also, x.Title)
			continue
		}
		a.Source = x
		if x.Title != "" {
			a.Item.Source = x.Title
		}
		if g.url != "" {
			a.Item.URL = g.url
		}
	}
	return &a
}
