package store

import (
	"bytes"
	"cmp"
	"slices"
)

// arrival is one article of a visit on its way into the store.
type arrival struct {
	*NewArticle
	article, story int64
	known          bool // another item was this article before
	same           *arrival
}

// takeSize is how many articles one statement stores.
const takeSize = 100

// take stores the articles of a visit, or recognises them, each step for all of
// them at once.
func (p *publication) take() error {
	list, err := p.admit()
	if err != nil || len(list) == 0 {
		return err
	}
	for _, step := range []func([]*arrival) error{p.recognise, p.insert, p.revive, p.identify, p.sight, p.refollow} {
		if err := step(list); err != nil {
			return err
		}
	}
	return nil
}

// admit notes the guids of the articles and lists those whose guid the source had
// not shown before.
func (p *publication) admit() ([]*arrival, error) {
	var rows []any
	for _, n := range p.visit.Articles {
		if n.GUID != ([16]byte{}) {
			rows = append(rows, p.source, n.GUID, p.now)
		}
	}
	fresh := map[[16]byte]bool{}
	err := p.insertRows(rows, 3, func(s scanner) error {
		var guid []byte
		err := s.Scan(&guid)
		if len(guid) == 16 {
			fresh[[16]byte(guid)] = true
		}
		return err
	}, `INSERT INTO seen (source_id, guid, seen_at) VALUES `, ` ON CONFLICT DO NOTHING RETURNING guid`)
	var list []*arrival
	for i := range p.visit.Articles {
		n := &p.visit.Articles[i]
		if n.GUID != ([16]byte{}) && !fresh[n.GUID] {
			p.out.Duplicate++
			continue
		}
		delete(fresh, n.GUID) // once in a document
		list = append(list, &arrival{NewArticle: n})
	}
	return list, err
}

// insertRows runs an INSERT of many rows of so many values each, in parts, and
// gives what it returns to scan. The text is head, the places of the values, tail.
func (p *publication) insertRows(rows []any, width int, scan func(scanner) error, head, tail string) error {
	for part := range slices.Chunk(rows, width*takeSize) {
		if err := p.each(scan, head+tuples(len(part)/width, width)+tail, part...); err != nil {
			return err
		}
	}
	return nil
}

// key is one of the identities by which articles are recognised across sources.
type key struct {
	kind string // url, text
	hash [16]byte
}

// keys are those that an article has.
func (a *arrival) keys() []key {
	var list []key
	for _, k := range []key{{"url", a.URL}, {"text", a.Text}} {
		if k.hash != ([16]byte{}) {
			list = append(list, k)
		}
	}
	return list
}

// recognise finds the articles that these are: same address, else the same text in
// the last days. Two of one visit may be the same.
func (p *publication) recognise(list []*arrival) error {
	holders, err := p.holders(list)
	if err != nil {
		return err
	}
	first := map[key]*arrival{}
	for _, a := range list {
		for _, k := range a.keys() {
			if b := first[k]; b != nil {
				a.same = b
				a.article, a.known = b.article, true
				break
			}
			if id := holders[k]; id != 0 {
				a.article, a.known = id, true
				break
			}
		}
		if a.known {
			p.out.Duplicate++
		} else {
			p.out.New++
		}
		for _, k := range a.keys() {
			if first[k] == nil && holders[k] == 0 {
				first[k] = a
			}
		}
	}
	return nil
}

// holders reads whose the identities of some articles are; a text's only if it is not
// too old.
func (p *publication) holders(list []*arrival) (map[key]int64, error) {
	var hashes [][16]byte
	for _, a := range list {
		for _, k := range a.keys() {
			hashes = append(hashes, k.hash)
		}
	}
	found := map[key]int64{}
	err := chunks(hashes, func(part [][16]byte) error {
		return p.each(func(s scanner) error {
			var kind string
			var hash []byte
			var id int64
			err := s.Scan(&kind, &hash, &id)
			if len(hash) == 16 {
				found[key{kind, [16]byte(hash)}] = id
			}
			return err
		}, `SELECT kind, hash, article_id FROM identities WHERE kind IN ('url', 'text') AND hash IN (`+places(2, len(part))+`)
			AND (kind = 'url' OR first_at > $1)`, anys([]any{p.now.Add(-sameText)}, part)...)
	})
	return found, err
}

// insert stores the articles that are new and begins their stories.
func (p *publication) insert(list []*arrival) error {
	fresh := slices.DeleteFunc(slices.Clone(list), func(a *arrival) bool { return a.known })
	for part := range slices.Chunk(fresh, takeSize) {
		if err := p.insertPart(part); err != nil {
			return err
		}
	}
	for _, a := range list {
		if a.same != nil {
			a.article, a.story = a.same.article, a.same.story
		}
	}
	return nil
}

func (p *publication) insertPart(list []*arrival) error {
	var rows []any
	for range list {
		rows = append(rows, p.now, p.now)
	}
	stories, err := collect(p.tx, scanID, `INSERT INTO stories (first_at, last_at) VALUES `+tuples(len(list), 2)+` RETURNING id`, rows...)
	if err != nil {
		return err
	}
	slices.Sort(stories)
	rows = rows[:0]
	of := make(map[int64]*arrival, len(list))
	const width = 15
	for i, a := range list {
		a.story = stories[i]
		of[a.story] = a
		n := a.Item
		rows = append(rows, a.story, n.ID, n.GUID, n.Source, n.URL, n.Title, n.Summary, n.Body, n.Lang, n.Published,
			jsonText{n.Authors}, jsonText{n.Tags}, n.Image, jsonText{a.Zones}, p.now)
	}
	return p.insertRows(rows, width, func(s scanner) error {
		var id, story int64
		err := s.Scan(&id, &story)
		if a := of[story]; a != nil {
			a.article = id
		}
		return err
	}, `INSERT INTO articles (story_id, item_id, guid, source, url, title, summary, body, lang, published,
		authors, tags, image, zones, seen_at) VALUES `, ` RETURNING id, story_id`)
}

// revive reads the stories of the articles that were known, which go on. There is
// none where an article has been swept.
func (p *publication) revive(list []*arrival) error {
	var ids []int64
	for _, a := range list {
		if a.known && a.same == nil {
			ids = append(ids, a.article)
		}
	}
	slices.Sort(ids)
	story := map[int64]int64{}
	err := chunks(slices.Compact(ids), func(part []int64) error {
		err := p.each(func(s scanner) error {
			var article, id int64
			err := s.Scan(&article, &id)
			story[article] = id
			return err
		}, `SELECT id, story_id FROM articles WHERE id IN (`+places(1, len(part))+`)`, anys(nil, part)...)
		if err == nil {
			_, err = p.exec(`UPDATE stories SET last_at = $1 WHERE id IN (SELECT story_id FROM articles
				WHERE id IN (`+places(2, len(part))+`))`, anys([]any{p.now}, part)...)
		}
		return err
	})
	for _, a := range list {
		if a.story == 0 {
			a.story = story[a.article]
		}
	}
	return err
}

// identify remembers what the articles can be recognised by. Should another
// transaction have stored one since recognise, this one is run again and will find
// it.
func (p *publication) identify(list []*arrival) error {
	owner := map[key]*arrival{}
	var order []key
	for _, a := range list {
		for _, k := range a.keys() {
			if owner[k] == nil {
				owner[k] = a
				order = append(order, k)
			}
		}
	}
	// One order for all: PostgreSQL locks rows as they come.
	slices.SortFunc(order, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), bytes.Compare(a.hash[:], b.hash[:]))
	})
	for part := range slices.Chunk(order, takeSize) {
		if err := p.identifyPart(part, owner); err != nil {
			return err
		}
	}
	return nil
}

func (p *publication) identifyPart(part []key, owner map[key]*arrival) error {
	var rows []any
	for _, k := range part {
		rows = append(rows, k.kind, k.hash, owner[k].article, p.now, p.now)
	}
	old := p.now.Add(-sameText)
	raced := false
	last := len(rows)
	err := p.each(func(s scanner) error {
		var kind string
		var hash []byte
		var holder int64
		err := s.Scan(&kind, &hash, &holder)
		if len(hash) == 16 {
			a := owner[key{kind, [16]byte(hash)}]
			raced = raced || a != nil && !a.known && a.article != holder
		}
		return err
	}, `INSERT INTO identities AS i (kind, hash, article_id, first_at, seen_at) VALUES `+tuples(len(part), 5)+`
		ON CONFLICT (kind, hash) DO UPDATE SET seen_at = excluded.seen_at,
			article_id = CASE WHEN i.kind = 'text' AND i.first_at <= `+places(last+1, 1)+` THEN excluded.article_id ELSE i.article_id END,
			first_at = CASE WHEN i.kind = 'text' AND i.first_at <= `+places(last+2, 1)+` THEN excluded.first_at ELSE i.first_at END
		RETURNING kind, hash, article_id`, append(rows, old, old)...)
	if err == nil && raced {
		err = errRace
	}
	return err
}

// sight notes that the source carries the articles, and which of them it tells
// anybody of. One that was swept is old news; one that the source shows again under
// a new guid tells nothing new.
func (p *publication) sight(list []*arrival) error {
	var rows []any
	have := map[int64]bool{}
	for _, a := range list {
		if a.story != 0 && !have[a.article] {
			have[a.article] = true
			rows = append(rows, a.article, p.source, a.Item.URL, p.now)
		}
	}
	carried := map[int64]bool{}
	err := p.insertRows(rows, 4, func(s scanner) error {
		id, err := scanID(s)
		carried[id] = true
		return err
	}, `INSERT INTO sightings (article_id, source_id, url, seen_at) VALUES `, ` ON CONFLICT DO NOTHING RETURNING article_id`)
	for _, a := range list {
		if carried[a.article] && !p.visit.Silent && len(a.Matches) > 0 {
			t := telling{article: a.article, story: a.story, matches: a.Matches, late: p.missed(a.Item.Published)}
			if !a.known {
				t.fresh = a.NewArticle
			}
			p.told = append(p.told, t)
		}
		delete(carried, a.article)
	}
	return err
}
