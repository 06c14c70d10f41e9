//go:build unix

package watch

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"wirewatch/feeds"
	"wirewatch/feeds/fetch"
	"wirewatch/filter/entity"
	"wirewatch/store"
	"wirewatch/store/storetest"
)

// load is a feed server in which every source has a document of a usual size,
// 30 items, and what a round changes is chosen.
type load struct {
	serial  atomic.Int64 // of the newest item of every source
	notMod  atomic.Bool  // answer 304 to conditional requests
	padding string
}

func (l *load) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	serial := l.serial.Load()
	tag := fmt.Sprintf(`"%d"`, serial)
	w.Header().Set("ETag", tag)
	if l.notMod.Load() && r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	var b strings.Builder
	b.WriteString(`<rss version="2.0"><channel><title>Wire</title><link>https://wire.example/</link>`)
	for n := serial; n > serial-30; n-- {
		fmt.Fprintf(&b, `<item><guid>%[1]s/%[2]d</guid><link>https://wire.example%[1]s/%[2]d</link><title>Report %[2]d of desk %[1]s</title><description>Desk %[1]s, %[2]d: %[3]s</description></item>`,
			r.URL.Path, n, l.padding)
	}
	b.WriteString(`</channel></rss>`)
	fmt.Fprint(w, b.String())
}

// BenchmarkRound visits sources, all of them due, and reports wall and CPU time
// of one visit; the CPU includes the feed server's. -benchtime=1x is a round of
// 2,000 sources.
func BenchmarkRound(b *testing.B) {
	const sources = 2000
	for _, kind := range []string{"not-modified", "unchanged", "one-new"} {
		b.Run(kind, func(b *testing.B) {
			l := &load{padding: strings.Repeat("The ministry said that talks would go on. ", 8)}
			l.serial.Store(1000)
			server := httptest.NewServer(l)
			defer server.Close()
			c := &clock{t: time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)}
			db := storetest.Open(b, store.Options{Now: c.now})
			f, err := fetch.New(fetch.Options{AllowPrivate: true, Delay: -1, PerHost: 16})
			if err != nil {
				b.Fatal(err)
			}
			names, err := entity.Load()
			if err != nil {
				b.Fatal(err)
			}
			for n := range sources {
				if _, _, err := db.AddSource(b.Context(), feeds.Source{URL: fmt.Sprintf("%s/%d", server.URL, n)}, 0); err != nil {
					b.Fatal(err)
				}
			}
			w := New(Options{Sources: db, Rules: db, Fetch: f, Names: names, Now: c.now, NoPages: true})
			round := func() {
				c.add(61 * time.Minute)
				if n := w.Round(b.Context()); n != sources {
					b.Fatalf("%d visits, want %d", n, sources)
				}
			}
			round() // the backlog
			l.notMod.Store(kind == "not-modified")
			before := cpu()
			for b.Loop() {
				if kind == "one-new" {
					l.serial.Add(1)
				}
				round()
			}
			visits := float64(b.N * sources)
			b.ReportMetric(float64(b.Elapsed().Microseconds())/visits, "µs/visit")
			b.ReportMetric(float64((cpu()-before).Microseconds())/visits, "µs-cpu/visit")
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.Sys)/(1<<20), "MB-sys")
		})
	}
}

// cpu is the processor time that this process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
