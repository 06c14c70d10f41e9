package watch

import (
	"bytes"
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"wirewatch/feeds"
	"wirewatch/feeds/fetch"
	"wirewatch/filter/entity"
	"wirewatch/store"
	"wirewatch/store/storetest"
)

// go test ./feeds/watch -run '^$' -bench Scale -benchtime 1x -timeout 30m -sources 10000
var scaleSources = flag.Int("sources", 200, "how many sources BenchmarkScale has; from 1000 on it fails where a visit costs too much")

// What is promised of two processors that have nothing else to do.
const (
	scaleCPU    = 1500 * time.Microsecond // of a visit that brings nothing, the store included
	scaleMemory = 250 << 20               // resident, with 10,000 sources
	scaleNews   = 60 * time.Second        // until 10,000 sources' news is stored
	scaleFull   = 10000                   // sources to which the last two refer
	scaleLeast  = 1000                    // with fewer, what a round costs once weighs too much
)

// How the store is peopled.
const (
	scaleChats = 50
	scaleShare = 10 // sources for each rule
)

// BenchmarkScale visits many sources of realistic sizes, each on the host that it
// shares with a few others, and fails where a visit costs more than it may.
// The feeds are served by another process. In "news" one host never answers.
// (go tool pprof -tagfocus scenario=news shows one scenario of a profile.)
func BenchmarkScale(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchmarkScale(b, storetest.SQLite(b)) })
	b.Run("postgres", func(b *testing.B) { benchmarkScale(b, storetest.Postgres(b)) })
}

func benchmarkScale(b *testing.B, dsn string) {
	y := newYard(b, dsn, *scaleSources, fetch.DefaultDelay)
	y.press.print(func(e *edition) { e.Conditional = true })
	for _, scenario := range []struct {
		name   string
		print  func(*edition)
		judged func(testing.TB, cost)
	}{
		{"backlog", func(*edition) {}, nil},
		{"not-modified", func(*edition) {}, cheap},
		{"unchanged", func(e *edition) { e.Conditional = false }, cheap},
		{"news", func(e *edition) { e.News, e.Hanging = e.News+1, true }, prompt},
		{"day", func(e *edition) { e.Conditional, e.Hanging, e.Days = true, false, e.Days+1 }, nil},
	} {
		b.Run(scenario.name, func(b *testing.B) {
			var sum cost
			for n := 0; b.Loop(); n++ {
				b.StopTimer()
				if n > 0 && scenario.name == "backlog" {
					b.Fatal("a backlog is read once: -benchtime 1x")
				}
				y.press.TB, y.TB = b, b
				y.press.print(scenario.print)
				y.makeDue()
				b.StartTimer()
				pprof.Do(b.Context(), pprof.Labels("scenario", scenario.name), func(context.Context) { sum.add(y.round()) })
			}
			sum.report(b)
			if scenario.judged != nil && *scaleSources >= scaleLeast {
				scenario.judged(b, sum)
			}
		})
	}
}

// cheap judges visits that brought nothing.
func cheap(t testing.TB, c cost) {
	if cpu := c.cpu / time.Duration(c.visits); cpu > scaleCPU {
		t.Errorf("a visit costs %s of a processor, may cost %s", cpu, scaleCPU)
	}
	if c.resident > scaleMemory {
		t.Errorf("%d MB are resident, may be %d", c.resident>>20, scaleMemory>>20)
	}
}

// prompt judges visits that each brought an article.
func prompt(t testing.TB, c cost) {
	limit := scaleNews * time.Duration(c.visits) / scaleFull
	if c.wall > limit {
		t.Errorf("%d visits took %s, may take %s", c.visits, c.wall.Round(time.Millisecond), limit)
	}
	if c.articles != c.visits {
		t.Errorf("%d articles are stored, want %d", c.articles, c.visits)
	}
}

// cost is what a round came to.
type cost struct {
	visits, articles int
	wall, cpu        time.Duration
	resident         int // bytes at most
}

func (c *cost) add(o cost) {
	c.visits += o.visits
	c.articles += o.articles
	c.wall += o.wall
	c.cpu += o.cpu
	c.resident = max(c.resident, o.resident)
}

func (c *cost) report(b *testing.B) {
	b.Logf("%d visits in %s: %s of a processor each", c.visits, c.wall.Round(10*time.Millisecond), c.cpu/time.Duration(c.visits)) // also of a round that fails
	b.ReportMetric(float64(c.wall.Microseconds())/float64(c.visits), "µs/visit")
	b.ReportMetric(float64(c.cpu.Microseconds())/float64(c.visits), "µs-cpu/visit")
	b.ReportMetric(float64(c.articles), "articles")
	b.ReportMetric(float64(c.resident)/(1<<20), "MB-resident")
	b.ReportMetric(0, "ns/op") // says nothing: the set-up between rounds is in it
}

// yard is a watcher with many sources at a press.
type yard struct {
	testing.TB
	dsn   string
	db    *store.DB
	press *press
	o     Options
	hold  *counted
}

// counted counts what is published.
type counted struct {
	*store.DB
	mu       sync.Mutex
	visits   int
	articles int
	want     int           // visits
	done     chan struct{} // closed when there have been so many
}

func (c *counted) Publish(ctx context.Context, v store.Visit) (store.Published, error) {
	p, err := c.DB.Publish(ctx, v)
	if err != nil {
		return p, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.visits++
	c.articles += p.New
	if c.visits == c.want {
		close(c.done)
	}
	return p, nil
}

// newYard has so many sources; delay is the fetcher's, between two requests to one host.
func newYard(t testing.TB, dsn string, sources int, delay time.Duration) *yard {
	y := &yard{TB: t, dsn: dsn, press: newPress(t, sources)}
	var err error
	y.db, err = store.Open(t.Context(), dsn, store.Options{})
	y.must(err)
	t.Cleanup(func() { y.db.Close() })
	var adding errgroup.Group
	adding.SetLimit(32) // that share the flushes of the disk
	for n := range sources {
		adding.Go(func() error {
			_, _, err := y.db.AddSource(t.Context(), feeds.Source{URL: y.press.url(n)}, 0)
			return err
		})
	}
	y.must(adding.Wait())
	for c := range scaleChats {
		y.must(y.db.SaveChat(t.Context(), store.Chat{ID: int64(c + 1), Kind: "private", Zone: "UTC", State: store.ChatActive}))
	}
	for n := range sources / scaleShare { // with a thousand, one in two articles meets one
		words := vocabulary(pressWords[n%len(pressWords)])
		q := words[400+n%900] + " AND " + words[400+n*7%911]
		_, err := y.db.AddRule(t.Context(), store.Rule{Chat: int64(n%scaleChats + 1), Name: fmt.Sprint(n), Query: q, Tier: store.TierDigest})
		y.must(err)
	}
	f, err := fetch.New(fetch.Options{AllowPrivate: true, Delay: delay})
	y.must(err)
	t.Cleanup(f.Close)
	names, err := entity.Load()
	y.must(err)
	y.hold = &counted{DB: y.db}
	y.o = Options{Sources: y.hold, Rules: y.db, Fetch: f, Names: names, NoPages: true,
		Pace: Pace{Every: time.Hour, Min: time.Hour, Max: time.Hour}} // nothing is due twice in a round
	return y
}

func (y *yard) must(err error) {
	y.Helper()
	if err != nil {
		y.Fatal(err)
	}
}

// makeDue makes every source due at once, whatever its last visit taught.
func (y *yard) makeDue() {
	y.Helper()
	driver, dsn := "sqlite", y.dsn
	if y.db.Engine() == "postgres" {
		driver = "pgx"
	}
	raw, err := sql.Open(driver, dsn)
	y.must(err)
	defer raw.Close()
	_, err = raw.ExecContext(y.Context(), `UPDATE sources SET next_at = 0, lease_until = 0, token = token + 1`)
	y.must(err)
}

// round visits every source but those of a host that hangs.
func (y *yard) round() cost {
	y.Helper()
	want := y.press.sources
	if y.press.wanted.Hanging {
		want -= y.press.crowded()
	}
	y.hold.mu.Lock()
	y.hold.visits, y.hold.articles, y.hold.want, y.hold.done = 0, 0, want, make(chan struct{})
	y.hold.mu.Unlock()
	w := New(y.o)
	ctx, stop := context.WithCancel(y.Context())
	runtime.GC()
	debug.FreeOSMemory()
	y.must(os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)) // the peak begins anew
	var running sync.WaitGroup
	running.Go(func() { w.Run(ctx) })
	began, before := time.Now(), cpuTime()
	w.Tick()
	tick := time.NewTicker(5 * time.Second)
	defer tick.Stop()
	for deadline := time.After(10 * time.Minute); ; {
		select {
		case <-tick.C:
			w.Tick()
			continue
		case <-deadline:
			stop()
			y.Fatalf("%d of %d sources were visited", y.hold.visits, want)
		case <-y.hold.done:
		}
		break
	}
	c := cost{visits: want, articles: y.hold.articles, wall: time.Since(began), cpu: cpuTime() - before, resident: peak(y)}
	stop()
	running.Wait()
	return c
}

// cpuTime is the processor time that this process has used.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peak is the most that was resident of this process, in bytes.
func peak(t testing.TB) int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(status, []byte("\n"))
	i := slices.IndexFunc(lines, func(l []byte) bool { return bytes.HasPrefix(l, []byte("VmHWM:")) })
	if i < 0 {
		t.Fatal("/proc/self/status has no VmHWM")
	}
	kB, err := strconv.Atoi(strings.Fields(string(lines[i]))[1])
	if err != nil {
		t.Fatal(err)
	}
	return kB << 10
}

// TestScale is BenchmarkScale with few sources, and without a judgement on time.
func TestScale(t *testing.T) {
	const sources = 40
	storetest.EachDSN(t, func(t *testing.T, dsn string) {
		y := newYard(t, dsn, sources, -1)
		y.press.print(func(e *edition) { e.Conditional = true })
		if c := y.round(); c.articles < 10*sources {
			t.Errorf("a backlog of %d articles is stored, want at least %d", c.articles, 10*sources)
		}
		for _, wanted := range []struct {
			print    func(*edition)
			articles int
		}{
			{func(*edition) {}, 0},
			{func(e *edition) { e.Conditional = false }, 0},
			{func(e *edition) { e.News, e.Hanging = e.News+1, true }, sources - y.press.crowded()},
		} {
			y.press.print(wanted.print)
			y.makeDue()
			if c := y.round(); c.articles != wanted.articles {
				t.Errorf("%+v: %d articles are stored, want %d", y.press.wanted, c.articles, wanted.articles)
			}
		}
	})
}
