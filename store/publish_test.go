package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wirewatch/store"
	"wirewatch/store/storetest"
)

func TestArticleIsTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		w.chat(1)
		src := w.source("https://a.example/feed", 0)
		r := w.rule(1, "geneva", 0, store.TierInstant)
		got := w.publish(src, item("one", r), item("two"), item("three", r))
		if want := (store.Published{New: 3, Deliveries: 2}); got != want {
			t.Fatalf("published %+v, want %+v", got, want)
		}
		select {
		case <-db.Wake():
		default:
			t.Error("nobody was woken")
		}
		p := w.parcel(1)
		if diff := cmp.Diff([]string{"one", "three"}, titles(p.Deliveries)); diff != "" {
			t.Error(diff)
		}
		d := p.Deliveries[0]
		want := []store.RuleMatch{{ID: r.ID, Name: "geneva", Query: "geneva",
			Hits: []store.Hit{{Term: "geneva", Text: "found", Zone: "title"}}}}
		if diff := cmp.Diff(want, d.Rules); diff != "" {
			t.Error(diff)
		}
		a := d.Article
		if a.Source.ID != src.ID || a.Zones.Body != "Body of one" || a.Item.URL != "https://example.com/one" ||
			a.Item.Source != "Title of https://a.example/feed" || !a.Item.Published.Equal(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)) ||
			!slices.Equal(a.Item.Authors, []string{"A. Writer"}) || a.Story == 0 {
			t.Errorf("article came back as %+v", a)
		}
		w.must(db.Release(ctx, p))
		if got := w.deliver(1); len(got) != 2 {
			t.Errorf("delivered %v", got)
		}
		w.idle()
		s, err := db.Source(ctx, src.ID)
		w.must(err)
		if !s.Visited || s.Items != 3 || s.ETag != `"1"` || s.LastOK.IsZero() || s.LastNew.IsZero() || s.Interval != time.Minute {
			t.Errorf("source is %+v", s)
		}
	})
}

func TestFirstVisitIsSilent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		w.chat(1)
		src := w.source("https://a.example/feed", 0)
		r := w.rule(1, "*", 0, store.TierFlash)
		v := visit(w.claim(src.ID), item("one", r), item("two", r))
		v.Silent = true
		got, err := db.Publish(ctx, v)
		w.must(err)
		if want := (store.Published{New: 2}); got != want {
			t.Errorf("published %+v, want %+v", got, want)
		}
		// The feed changes its guids: the same addresses are nothing new from it.
		again := item("one", r)
		again.GUID = hash("new guid")
		if got := w.publish(src, again); got != (store.Published{Duplicate: 1}) {
			t.Errorf("published %+v", got)
		}
		w.idle()
		list, err := db.Recent(ctx, 1, time.Time{}, 10)
		w.must(err)
		if len(list) != 2 || list[0].Item.ID != "two" {
			t.Errorf("recent: %+v", list)
		}
	})
}

// Two sources carry one article: by address, by text, by neither.
func TestDuplicates(t *testing.T) {
	plain := func(name string, r store.Rule, url, text string) store.NewArticle {
		n := item(name, r)
		n.URL, n.Text = hash(url), hash(text)
		return n
	}
	tests := []struct {
		name         string
		url1, text1  string
		url2, text2  string
		want         store.Published // of the second visit
		deliveredAll int
	}{
		{"same address", "u", "t1", "u", "t2", store.Published{Duplicate: 1}, 1},
		{"same text", "u1", "t", "u2", "t", store.Published{Duplicate: 1}, 1},
		{"same both", "u", "t", "u", "t", store.Published{Duplicate: 1}, 1},
		{"neither", "u1", "t1", "u2", "t2", store.Published{New: 1, Deliveries: 1}, 2},
		{"no identities at all", "", "", "", "", store.Published{New: 1, Deliveries: 1}, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				w := world{db, t}
				w.chat(1)
				a, b := w.source("https://a.example/feed", 0), w.source("https://b.example/feed", 0)
				r := w.rule(1, "*", 0, store.TierInstant)
				w.publish(a, plain("one", r, tt.url1, tt.text1))
				if got := w.publish(b, plain("two", r, tt.url2, tt.text2)); got != tt.want {
					t.Errorf("published %+v, want %+v", got, tt.want)
				}
				if got := w.deliver(1); len(got) != tt.deliveredAll {
					t.Errorf("delivered %v", got)
				}
				w.idle()
			})
		})
	}
}

// A text without address may come again after some days and be news again.
func TestSameTextLater(t *testing.T) {
	now := time.Now()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		a := w.source("https://a.example/feed", 0)
		for i, want := range []store.Published{{New: 1}, {Duplicate: 1}, {New: 1}, {Duplicate: 1}} {
			n := item("n" + string(rune('0'+i)))
			n.Text = hash("no change in the weather")
			if got := w.publish(a, n); got != want {
				t.Errorf("visit %d: %+v, want %+v", i, got, want)
			}
			now = now.Add(40 * time.Hour)
		}
	}, store.Options{Now: func() time.Time { return now }})
}

func TestItemsWithoutGUID(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		a := w.source("https://a.example/feed", 0)
		one, two := item("one"), item("two")
		one.GUID, two.GUID = [16]byte{}, [16]byte{}
		if got := w.publish(a, one, two); got.New != 2 {
			t.Errorf("published %+v", got)
		}
		same := item("three")
		if got := w.publish(a, same, same); got != (store.Published{New: 1, Duplicate: 1}) {
			t.Errorf("published %+v", got)
		}
	})
}

// A rule that could not see the first source is told by the second.
func TestRuleOfSecondSource(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		w.chat(1)
		w.chat(2)
		a, b := w.source("https://a.example/feed", 0), w.source("https://b.example/feed", 0)
		all := w.rule(1, "geneva", 0, store.TierInstant)
		only := w.rule(2, "*", b.ID, store.TierInstant)
		first, second := item("one", all, only), item("one", all, only)
		second.GUID, second.Item.URL = hash("b's guid"), "https://b.example/one"
		if got := w.publish(a, first); got != (store.Published{New: 1, Deliveries: 1}) {
			t.Fatalf("published %+v", got)
		}
		if got := w.publish(b, second); got != (store.Published{Duplicate: 1, Deliveries: 1}) {
			t.Fatalf("published %+v", got)
		}
		p := w.parcel(2)
		art := p.Deliveries[0].Article
		if art.Source.ID != b.ID || art.Item.URL != "https://b.example/one" || len(art.Also) != 1 {
			t.Errorf("chat 2 sees %+v, also %v", art.Source, art.Also)
		}
		w.must(db.Release(ctx, p))
		if got := w.deliver(1); len(got) != 1 {
			t.Errorf("chat 1 got %v", got)
		}
	})
}

// A source that one chat added is told to that chat alone and named to nobody else.
func TestPrivateSource(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		w.chat(1)
		w.chat(2)
		private := w.source("https://private.example/feed?key=secret", 1)
		shared := w.source("https://b.example/feed", 0)
		r1, r2 := w.rule(1, "x", 0, store.TierInstant), w.rule(2, "x", 0, store.TierInstant)
		n := item("one", r1, r2)
		n.Item.URL = "https://private.example/one?key=secret"
		if got := w.publish(private, n); got.Deliveries != 1 {
			t.Fatalf("published %+v", got)
		}
		if got := w.deliver(1); len(got) != 1 {
			t.Errorf("chat 1 got %v", got)
		}
		w.idle()
		m := item("one", r1, r2)
		m.GUID = hash("other")
		if got := w.publish(shared, m); got != (store.Published{Duplicate: 1, Deliveries: 1}) {
			t.Fatalf("published %+v", got)
		}
		a := w.parcel(2).Deliveries[0].Article
		if a.Source.ID != shared.ID || a.Item.URL != "https://example.com/one" || len(a.Also) != 0 {
			t.Errorf("chat 2 sees source %q, URL %s, also %v", a.Source.URL, a.Item.URL, a.Also)
		}
		for chat, want := range map[int64]int{0: 2, 1: 2, 2: 1} {
			list, err := db.Sources(ctx, chat)
			w.must(err)
			if len(list) != want {
				t.Errorf("chat %d sees %d sources, want %d", chat, len(list), want)
			}
		}
		recent, err := db.Recent(ctx, 2, time.Time{}, 5)
		w.must(err)
		if len(recent) != 1 || recent[0].Source.ID != shared.ID || len(recent[0].Also) != 0 {
			t.Errorf("chat 2 reads %+v", recent)
		}
	})
}

// All rules of one destination make one delivery, of the most urgent tier.
func TestRulesOfOneDestination(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		w.chat(1)
		w.chat(-100)
		src := w.source("https://a.example/feed", 0)
		digest, flash := w.rule(1, "a", 0, store.TierDigest), w.rule(1, "b", 0, store.TierFlash)
		off := w.rule(1, "c", 0, store.TierOff)
		w.must(db.AddRoute(ctx, store.Route{Chat: 1, To: -100, Thread: 9}))
		if got := w.publish(src, item("one", digest, flash, off)); got.Deliveries != 2 {
			t.Fatalf("published %+v", got)
		}
		for _, chat := range []int64{1, -100} {
			p := w.parcel(chat)
			d := p.Deliveries[0]
			if len(p.Deliveries) != 1 || d.Tier != store.TierFlash || d.Kind != store.KindAlert || len(d.Rules) != 2 {
				t.Errorf("chat %d: %+v", chat, p.Deliveries)
			}
			if (d.Thread == 9) != (chat == -100) {
				t.Errorf("chat %d: thread %d", chat, d.Thread)
			}
			w.must(db.Release(ctx, p))
		}
	})
}

func TestFencing(t *testing.T) {
	now := time.Now()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		w.chat(1)
		src := w.source("https://a.example/feed", 0)
		r := w.rule(1, "*", 0, store.TierInstant)
		stale := w.claim(src.ID)
		if list, err := db.ClaimSources(ctx, 10, time.Minute); err != nil || len(list) != 0 {
			t.Fatalf("a leased source was claimed: %v, %v", list, err)
		}
		now = now.Add(2 * time.Minute)
		fresh := w.claim(src.ID)
		if _, err := db.Publish(ctx, visit(stale, item("one", r))); !errors.Is(err, store.ErrLeaseLost) {
			t.Fatalf("stale publish: %v", err)
		}
		if err := db.Failed(ctx, stale, "late", now, true); !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("stale failure: %v", err)
		}
		if s, err := db.Stats(ctx); err != nil || s.Articles != 0 || len(s.Deliveries) != 0 {
			t.Errorf("a lost lease left %+v, %v", s, err)
		}
		if p, err := db.Publish(ctx, visit(fresh, item("one", r))); err != nil || p.New != 1 {
			t.Errorf("published %+v, %v", p, err)
		}
	}, store.Options{Now: func() time.Time { return now }})
}

func TestKnown(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		a, b := w.source("https://a.example/feed", 0), w.source("https://b.example/feed", 0)
		w.publish(a, item("one"), item("two"))
		many := [][16]byte{hash("guid one"), hash("guid two"), hash("guid three")}
		for i := range 1200 {
			many = append(many, hash(string(rune(i+1000))))
		}
		got, _, err := db.Known(ctx, a.ID, many)
		w.must(err)
		if diff := cmp.Diff(map[[16]byte]bool{hash("guid one"): true, hash("guid two"): true}, got); diff != "" {
			t.Error(diff)
		}
		if got, _, err := db.Known(ctx, b.ID, many); err != nil || len(got) != 0 {
			t.Errorf("another source: %v, %v", got, err)
		}
		if got, _, err := db.Known(ctx, a.ID, nil); err != nil || len(got) != 0 {
			t.Errorf("nothing: %v, %v", got, err)
		}
	})
}

func TestNotModified(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		src := w.source("https://a.example/feed", 0)
		v := visit(w.claim(src.ID), item("one"))
		v.BodyHash, v.Title, v.Lang, v.Site = []byte{1, 2}, "ignored", "ar", "https://a.example"
		_, err := db.Publish(ctx, v)
		w.must(err)
		next := time.Now().Add(time.Minute).Truncate(time.Millisecond)
		_, err = db.Publish(ctx, store.Visit{Source: w.claim(src.ID), NotModified: true, Interval: time.Hour, NextAt: next})
		w.must(err)
		s, err := db.Source(ctx, src.ID)
		w.must(err)
		if s.ETag != `"1"` || string(s.BodyHash) != "\x01\x02" || s.Interval != time.Hour || !s.NextAt.Equal(next) ||
			s.Title != "Title of https://a.example/feed" || s.Lang != "ar" || s.Site != "https://a.example" {
			t.Errorf("source is %+v", s)
		}
	})
}

// What feeds and people send is never refused for its bytes.
func TestHostileText(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		w.chat(1)
		bad := "a\x00b\xff\xfec\\u0000"
		src := w.source("https://a.example/feed", 0)
		r := w.rule(1, "q"+bad, 0, store.TierInstant)
		n := item("one", r)
		n.Item.Title, n.Item.Body, n.Zones.Body, n.Item.Tags = bad, bad, bad, []string{bad}
		n.Matches[0].Hits[0].Text = bad
		w.publish(src, n)
		d := w.parcel(1).Deliveries[0]
		// Text loses a run of bad bytes as one; JSON marks each of them.
		text, inJSON := "ab\uFFFDc\\u0000", "ab\uFFFD\uFFFDc\\u0000"
		for _, f := range []struct{ what, got, want string }{
			{"title", d.Article.Item.Title, text}, {"body", d.Article.Item.Body, text},
			{"zone", d.Article.Zones.Body, inJSON}, {"tag", d.Article.Item.Tags[0], inJSON},
			{"hit", d.Rules[0].Hits[0].Text, inJSON}, {"query", d.Rules[0].Query, "q" + text},
		} {
			if f.got != f.want {
				t.Errorf("%s is %q, want %q", f.what, f.got, f.want)
			}
		}
		if _, err := db.AddRule(ctx, store.Rule{Chat: 1, Query: "q" + bad}); !errors.Is(err, store.ErrExists) {
			t.Errorf("the same query again: %v", err)
		}
	})
}

// Sources that carry the same items are published at the same moment: each item is
// one article, told once, whoever wins.
func TestConcurrentPublish(t *testing.T) {
	const sources, items = 6, 15
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		var rules []store.Rule
		for id := range int64(4) {
			w.chat(id + 1)
			rules = append(rules, w.rule(id+1, "*", 0, store.TierInstant))
		}
		for s := range sources {
			w.source(fmt.Sprint("https://", s, ".example"), 0)
		}
		claimed, err := db.ClaimSources(ctx, sources, time.Minute)
		w.must(err)
		var mu sync.Mutex
		var sum store.Published
		var wg sync.WaitGroup
		for i, s := range claimed {
			var list []store.NewArticle
			for k := range items {
				n := item(fmt.Sprint("i", (k*(i+1)+i)%items), rules...) // each in another order
				n.GUID = hash(fmt.Sprint(i, k))
				list = append(list, n)
			}
			wg.Go(func() {
				got, err := db.Publish(ctx, visit(s, list...))
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				sum.New += got.New
				sum.Duplicate += got.Duplicate
				sum.Deliveries += got.Deliveries
			})
		}
		wg.Wait()
		want := store.Published{New: items, Duplicate: (sources - 1) * items, Deliveries: len(rules) * items}
		if sum != want {
			t.Errorf("published %+v, want %+v", sum, want)
		}
		if s, err := db.Stats(ctx); err != nil || s.Articles != items {
			t.Errorf("%d articles, %v", s.Articles, err)
		}
	})
}

// A gate that has no row would keep nobody waiting.
func TestGatesHaveRows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n, err := db.Count(ctx, `SELECT count(*) FROM gates WHERE id >= 0 AND id < `+strconv.Itoa(store.Gates))
		if err != nil || n != store.Gates {
			t.Errorf("%d gates, %v; want %d", n, err, store.Gates)
		}
	})
}
