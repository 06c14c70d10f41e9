package store

import (
	"context"
	"fmt"
	"time"
)

// Bounds of what is remembered of the lines that sites repeat.
const (
	MaxSiteLines = 200                 // of one site
	maxLines     = 100_000             // of all
	linesKept    = 30 * 24 * time.Hour // since a line was last seen
)

// A SiteLine is a line that a site repeats, and on which pages it was seen.
type SiteLine struct {
	Site        string
	Line        [16]byte
	Topics      []string // what the pages were about; never more than it takes to learn it
	Learned     bool     // it is the site's own
	First, Last time.Time
}

// SiteLines lists what is known of a site's lines.
func (db *DB) SiteLines(ctx context.Context, site string) ([]SiteLine, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	return collect(t, func(s scanner) (SiteLine, error) {
		l := SiteLine{Site: site}
		var line []byte
		err := s.Scan(&line, toJSON{&l.Topics}, &l.Learned, toTime{&l.First}, toTime{&l.Last})
		copy(l.Line[:], line)
		return l, err
	}, `SELECT line, topics, learned, first_at, last_at FROM site_lines WHERE site = $1`, site)
}

// LearnedLines are the lines that are their sites' own, with the time at which
// each was last seen.
func (db *DB) LearnedLines(ctx context.Context) (map[string]map[[16]byte]time.Time, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	learned := map[string]map[[16]byte]time.Time{}
	err := t.each(func(s scanner) error {
		var site string
		var line []byte
		var last time.Time
		if err := s.Scan(&site, &line, toTime{&last}); err != nil || len(line) != 16 {
			return err
		}
		if learned[site] == nil {
			learned[site] = map[[16]byte]time.Time{}
		}
		learned[site][[16]byte(line)] = last
		return nil
	}, `SELECT site, line, last_at FROM site_lines WHERE learned`)
	return learned, err
}

// KeepSiteLines writes lines down, over what is known of them. Of a site with
// more than MaxSiteLines those that were not seen for longest are forgotten, what
// is learned last of all.
func (db *DB) KeepSiteLines(ctx context.Context, list []SiteLine) error {
	err := db.write(ctx, func(t *tx) error {
		sites := map[string]bool{}
		for _, l := range list {
			sites[l.Site] = true
			_, err := t.exec(`INSERT INTO site_lines (site, line, topics, learned, first_at, last_at) VALUES ($1, $2, $3, $4, $5, $6)
				ON CONFLICT (site, line) DO UPDATE SET topics = excluded.topics, learned = excluded.learned,
				first_at = excluded.first_at, last_at = excluded.last_at`,
				l.Site, l.Line[:], jsonText{l.Topics}, l.Learned, l.First, l.Last)
			if err != nil {
				return err
			}
		}
		for site := range sites {
			_, err := t.exec(`DELETE FROM site_lines WHERE site = $1 AND line IN (SELECT x.line FROM site_lines x WHERE x.site = $2
				ORDER BY x.learned DESC, x.last_at DESC LIMIT $3 OFFSET $4)`, site, site, maxLines, MaxSiteLines)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep lines: %w", err)
	}
	return nil
}
