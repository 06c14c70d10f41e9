package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"wirewatch/bot/telegram/telegramtest"
	"wirewatch/feeds"
	"wirewatch/store"
	"wirewatch/store/storetest"
)

// What is promised of an idle machine; docs/benchmarks.md has what was measured.
const (
	broadcastChats = 3000
	broadcastLimit = broadcastChats * time.Second / telegramtest.GlobalRate * 103 / 100
	alertLimit     = 300 * time.Millisecond // for 19 of 20 alerts, from the feed's answer to the message
	alertSamples   = 40
)

// BenchmarkBroadcast is one story that 3,000 people are told, by the program as
// it is run, within the limits that the fake of Telegram enforces.
func BenchmarkBroadcast(b *testing.B) {
	for b.Loop() {
		s := newStage(b, broadcastChats, storetest.SQLite(b))
		s.run()
		s.bring(1)
		began := time.Now()
		var first, last time.Time
		refused := 0
		for sent := 0; sent < broadcastChats; {
			if time.Since(began) > 2*broadcastLimit {
				b.Fatalf("%d of %d are told", sent, broadcastChats)
			}
			time.Sleep(500 * time.Millisecond)
			sent, refused, first, last = s.sends()
		}
		took := last.Sub(first)
		b.ReportMetric(took.Seconds(), "s/broadcast")
		b.ReportMetric(float64(refused), "429s")
		if took > broadcastLimit || refused > 0 {
			b.Errorf("took %s, may take %s; %d answers 429", took, broadcastLimit, refused)
		}
		s.stop()
	}
}

// BenchmarkAlert is the way of one article through an idle program: from the
// moment at which a feed has served it to its message.
func BenchmarkAlert(b *testing.B) {
	for b.Loop() {
		s := newStage(b, 1, storetest.SQLite(b))
		s.run()
		var took []time.Duration
		for i := range alertSamples {
			s.bring(i + 1)
			var at time.Time
			s.await(func() bool {
				sent := s.fake.Sent(s.chats[0].ID)
				at = time.Now()
				return len(sent) > i
			})
			took = append(took, at.Sub(s.servedAt(i+1)))
			time.Sleep(1100 * time.Millisecond) // Telegram's limit for one chat is not what is measured
		}
		slices.Sort(took)
		p50, p95 := took[len(took)/2], took[len(took)*95/100]
		b.ReportMetric(float64(p50.Microseconds())/1000, "p50-ms")
		b.ReportMetric(float64(p95.Microseconds())/1000, "p95-ms")
		if p95 > alertLimit {
			b.Errorf("p95 is %s, may be %s", p95, alertLimit)
		}
		s.stop()
	}
}

// stage is the program between a fake of Telegram and one feed, with chats that
// want all of it.
type stage struct {
	testing.TB
	fake  *telegramtest.Server
	chats []telegramtest.Chat
	file  string   // configuration
	log   *os.File // of the program
	level string   // of what is logged
	cmd   *exec.Cmd

	mu     sync.Mutex
	visits int // that the feed has had
	items  int
	fat    int               // bytes more in every item
	served map[int]time.Time // when the feed first had so many items
}

func newStage(t testing.TB, chats int, dsn string) *stage {
	s := &stage{TB: t, log: os.Stderr, level: "warn", served: map[int]time.Time{}}
	s.fake = telegramtest.New(telegramtest.Options{Limits: true}).Start()
	t.Cleanup(s.fake.Close)
	press, err := serve("127.0.0.1:0", s)
	s.must(err)
	t.Cleanup(press.close)
	db, err := store.Open(t.Context(), dsn, store.Options{})
	s.must(err)
	for range chats {
		chat := s.fake.Private(0, "en")
		s.must(db.SaveChat(t.Context(), store.Chat{ID: chat.ID, Kind: chat.Kind, Lang: "en"}))
		_, err := db.AddRule(t.Context(), store.Rule{Chat: chat.ID, Name: "harbour", Query: "harbour", Tier: store.TierInstant})
		s.must(err)
		s.chats = append(s.chats, chat)
	}
	_, _, err = db.AddSource(t.Context(), feeds.Source{URL: press.url, Title: "Desk"}, 0)
	s.must(err)
	s.must(db.Close())
	s.file = filepath.Join(t.TempDir(), "wirewatch.yaml")
	s.must(os.WriteFile(s.file, fmt.Appendf(nil, `
telegram: {token: %q, api_url: %q, operators: [1]}
store: %q
poll: {tick: "@every 1s", every: 1s, min: 1s, max: 1s, allow_private: true}
http: {addr: ""}
`, s.fake.Token(), s.fake.URL, dsn), 0o600))
	return s
}

func (s *stage) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// run starts the program and waits for its first visit, whose items are no news.
func (s *stage) run() {
	s.Helper()
	s.cmd = exec.Command("wirewatch", "run", "--config", s.file)
	s.cmd.Env = append(os.Environ(), "WIREWATCH_LOG_LEVEL="+s.level)
	s.cmd.Stderr = s.log
	s.must(s.cmd.Start())
	s.Cleanup(func() { s.cmd.Process.Kill(); s.cmd.Wait() })
	for s.servedAt(0).IsZero() {
		time.Sleep(10 * time.Millisecond)
	}
	time.Sleep(2 * time.Second) // what starting costs is over
}

func (s *stage) stop() {
	s.Helper()
	s.must(s.cmd.Process.Signal(syscall.SIGTERM))
	s.must(s.cmd.Wait())
}

// sends counts the messages and the refusals of Telegram so far, and says when
// the first and the last message came.
func (s *stage) sends() (sent, refused int, first, last time.Time) {
	for _, r := range s.fake.Requests() {
		switch {
		case r.Method != "sendMessage":
		case r.Code == http.StatusTooManyRequests:
			refused++
		case r.Code == http.StatusOK:
			if sent++; first.IsZero() {
				first = r.At
			}
			last = r.At
		}
	}
	return sent, refused, first, last
}

// bring lets the feed have so many items.
func (s *stage) bring(items int) { s.bringFat(items, 0) }

// bringFat is bring with so many bytes more in each.
func (s *stage) bringFat(items, fat int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items, s.fat = items, fat
}

// fetches is how often the feed was asked for.
func (s *stage) fetches() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.visits
}

func (s *stage) servedAt(items int) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.served[items]
}

// ServeHTTP serves the feed.
func (s *stage) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.visits++
	fmt.Fprint(w, `<rss version="2.0"><channel><title>Desk</title><link>https://desk.example/</link>`)
	for i := range s.items {
		fmt.Fprintf(w, `<item><guid>%d</guid><title>News %d from the harbour</title><link>https://desk.example/%d</link><description>What happened to ship %d in the %s basin of the old port was told by her master at noon. %s</description></item>`,
			i, i, i, i, babble(i+1000), strings.Repeat("x", s.fat))
	}
	fmt.Fprint(w, `</channel></rss>`)
	if _, again := s.served[s.items]; !again {
		s.served[s.items] = time.Now()
	}
}

// await waits until something is true of the fake.
func (s *stage) await(cond func() bool) {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context(), scriptWait)
	defer cancel()
	s.must(s.fake.WaitUntil(ctx, cond))
}
