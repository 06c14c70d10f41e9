package store_test

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"wirewatch/store"
	"wirewatch/store/storetest"
)

// engines runs a benchmark on every engine there is.
func engines(b *testing.B, body func(b *testing.B, db *store.DB)) {
	for _, e := range []struct {
		name string
		dsn  func(testing.TB) string
	}{{"sqlite", storetest.SQLite}, {"postgres", storetest.Postgres}} {
		b.Run(e.name, func(b *testing.B) {
			db, err := store.Open(ctx, e.dsn(b), store.Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close()
			body(b, db)
		})
	}
}

// BenchmarkPublish is one visit with one new article that is owed to ten chats.
func BenchmarkPublish(b *testing.B) {
	engines(b, func(b *testing.B, db *store.DB) {
		w := world{db, b}
		src := w.source("https://a.example", 0)
		var rules []store.Rule
		for id := range int64(10) {
			w.chat(id + 1)
			rules = append(rules, w.rule(id+1, "*", 0, store.TierInstant))
		}
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			w.publish(src, item(fmt.Sprint("n", i), rules...))
		}
	})
}

// BenchmarkPublishNothing is a visit to a feed of 50 items that are all known.
func BenchmarkPublishNothing(b *testing.B) {
	engines(b, func(b *testing.B, db *store.DB) {
		w := world{db, b}
		src := w.source("https://a.example", 0)
		var items []store.NewArticle
		for i := range 50 {
			items = append(items, item(fmt.Sprint("n", i)))
		}
		w.publish(src, items...)
		v := visit(store.Source{}, items...)
		for b.Loop() {
			v.Source = w.claim(src.ID)
			v.NextAt, v.Articles = v.Source.NextAt, nil
			_, err := db.Publish(ctx, v)
			w.must(err)
		}
	})
}

// BenchmarkDeliver is one message to one chat, from claim to release, with 100,000
// deliveries in the store: 1,000 chats that are owed 100 each.
func BenchmarkDeliver(b *testing.B) {
	const chats, each = 1000, 100
	engines(b, func(b *testing.B, db *store.DB) {
		w := world{db, b}
		src := w.source("https://a.example", 0)
		var rules []store.Rule
		for id := range int64(chats) {
			w.chat(id + 1)
			rules = append(rules, w.rule(id+1, "*", 0, store.TierInstant))
		}
		for i := range each {
			w.publish(src, item(fmt.Sprint("n", i), rules...))
		}
		var took []time.Duration
		for b.Loop() {
			start := time.Now()
			ps, err := db.Claim(ctx, someday(), 1)
			w.must(err)
			if len(ps) == 0 {
				b.Fatal("all is told: run fewer iterations")
			}
			p := ps[0]
			w.must(db.Sending(ctx, p, ids(p.Deliveries[:1])))
			w.must(db.Sent(ctx, p, ids(p.Deliveries[:1]), 1, time.Second))
			w.must(db.Release(ctx, p))
			took = append(took, time.Since(start))
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
		b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
		var mem runtime.MemStats
		runtime.ReadMemStats(&mem)
		b.ReportMetric(float64(mem.Sys)/(1<<20), "MB-sys")
	})
}

// BenchmarkIdle is a poll that finds nothing.
func BenchmarkIdle(b *testing.B) {
	engines(b, func(b *testing.B, db *store.DB) {
		for b.Loop() {
			if _, err := db.Claim(ctx, time.Now(), 10); err != nil {
				b.Fatal(err)
			}
		}
	})
}
