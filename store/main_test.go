package store_test

import (
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"wirewatch/feeds"
	"wirewatch/store"
)

// world is a store with the few steps that every test takes.
type world struct {
	*store.DB
	t testing.TB
}

var ctx = context.Background()

// someday is later than anything that a test schedules.
func someday() time.Time { return time.Now().Add(1000 * time.Hour) }

// hash is an identity; the empty text has none.
func hash(s string) (h [16]byte) {
	if s == "" {
		return h
	}
	sum := sha256.Sum256([]byte(s))
	copy(h[:], sum[:])
	return h
}

func (w world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// chat saves an active private chat.
func (w world) chat(id int64) store.Chat {
	w.t.Helper()
	w.must(w.SaveChat(ctx, store.Chat{ID: id, Kind: "private", Title: fmt.Sprint("chat ", id)}))
	c, err := w.Chat(ctx, id)
	w.must(err)
	return c
}

// source adds a source for a chat, 0 for the catalogue.
func (w world) source(url string, chat int64) store.Source {
	w.t.Helper()
	s, _, err := w.AddSource(ctx, feeds.Source{URL: url, Title: "Title of " + url}, chat)
	w.must(err)
	return s
}

func (w world) rule(chat int64, query string, source int64, tier store.Tier) store.Rule {
	w.t.Helper()
	r, err := w.AddRule(ctx, store.Rule{Chat: chat, Name: query, Query: query, Source: source, Tier: tier})
	w.must(err)
	return r
}

// claim leases one particular source, whatever else is due.
func (w world) claim(id int64) store.Source {
	w.t.Helper()
	list, err := w.ClaimSources(ctx, 1000, time.Minute)
	w.must(err)
	var got store.Source
	for _, s := range list {
		if s.ID == id {
			got = s
			continue
		}
		w.must(w.Failed(ctx, s, "", s.NextAt, false)) // give it back
	}
	if got.ID == 0 {
		w.t.Fatalf("source %d is not due", id)
	}
	return got
}

// item is an article with all three identities, matched by rules.
func item(name string, rules ...store.Rule) store.NewArticle {
	n := store.NewArticle{
		Item: feeds.Article{ID: name, GUID: name, URL: "https://example.com/" + name, Title: "Title of " + name, Lang: "en",
			Authors: []string{"A. Writer"}, Published: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)},
		Zones: feeds.Zones{Title: "Title of " + name, Body: "Body of " + name},
		GUID:  hash("guid " + name), URL: hash("url " + name), Text: hash("text " + name),
	}
	for _, r := range rules {
		n.Matches = append(n.Matches, store.Match{Rule: r.ID, Hits: []store.Hit{{Term: r.Query, Text: "found", Zone: "title"}}})
	}
	return n
}

// publish claims a source and publishes items of it.
func (w world) publish(source store.Source, items ...store.NewArticle) store.Published {
	w.t.Helper()
	p, err := w.Publish(ctx, visit(w.claim(source.ID), items...))
	w.must(err)
	return p
}

// visit is a good visit, the next being due at once.
func visit(s store.Source, items ...store.NewArticle) store.Visit {
	v := store.Visit{Source: s, Articles: items, Interval: time.Minute, NextAt: s.NextAt, ETag: `"1"`}
	for _, n := range items {
		v.Seen = append(v.Seen, n.GUID)
	}
	return v
}

// parcel claims the one chat that must be due.
func (w world) parcel(chat int64) store.Parcel {
	w.t.Helper()
	ps, err := w.Claim(ctx, someday(), 100)
	w.must(err)
	var got *store.Parcel
	for i, p := range ps {
		if p.Chat.ID == chat {
			got = &ps[i]
			continue
		}
		w.must(w.Release(ctx, p))
	}
	if got == nil {
		w.t.Fatalf("chat %d is not due", chat)
	}
	return *got
}

// titles are those of a parcel's articles, in order.
func titles(list []store.Delivery) []string {
	out := []string{}
	for _, d := range list {
		if d.Article == nil {
			out = append(out, "(none)")
			continue
		}
		out = append(out, d.Article.Item.ID)
	}
	return out
}

func ids(list []store.Delivery) []int64 {
	var out []int64
	for _, d := range list {
		out = append(out, d.ID)
	}
	return out
}

// deliver sends all that is due to a chat and says what it was.
func (w world) deliver(chat int64) []string {
	w.t.Helper()
	p := w.parcel(chat)
	w.must(w.Sending(ctx, p, ids(p.Deliveries)))
	w.must(w.Sent(ctx, p, ids(p.Deliveries), 7, 0))
	w.must(w.Release(ctx, p))
	return titles(p.Deliveries)
}

// idle fails when anything is due to anybody.
func (w world) idle() {
	w.t.Helper()
	ps, err := w.Claim(ctx, someday(), 100)
	w.must(err)
	for _, p := range ps {
		w.t.Errorf("chat %d is due: %v", p.Chat.ID, titles(p.Deliveries))
		w.must(w.Release(ctx, p))
	}
}

// TestMain asks rapid for fewer histories than its default: each has a database
// of its own. -rapid.checks on the command line still wins.
func TestMain(m *testing.M) {
	flag.Set("rapid.checks", "25")
	flag.Parse()
	os.Exit(m.Run())
}
