package bot

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"wirewatch/bot/digest"
	"wirewatch/bot/telegram"
	"wirewatch/bot/telegram/telegramtest"
	"wirewatch/feeds"
	"wirewatch/store"
	"wirewatch/store/storetest"
)

// A post is a courier on a store of its own, before the fake Bot API.
type post struct {
	*testing.T
	fake    *telegramtest.Server
	db      *store.DB
	courier *Courier
	metrics *Metrics
	log     *journal
	source  store.Source
	ahead   atomic.Int64 // the clock of store, client and courier, before the real one
	items   int
	image   string // of the articles that are published; "" none
}

func (p *post) now() time.Time { return time.Now().Add(time.Duration(p.ahead.Load())) }

// later sets the clock on.
func (p *post) later(d time.Duration) { p.ahead.Add(int64(d)) }

// journal keeps what was logged.
type journal struct {
	mu   sync.Mutex
	text strings.Builder
}

func (j *journal) Write(line []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(line)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

func newPost(t *testing.T) *post {
	t.Helper()
	t.Parallel()
	p := &post{T: t, log: &journal{}, metrics: NewMetrics(prometheus.NewRegistry())}
	p.fake = telegramtest.New(telegramtest.Options{Now: p.now}).Start()
	t.Cleanup(p.fake.Close)
	p.db = storetest.Open(t, store.Options{Now: p.now})
	p.courier = p.another(p.db)
	var err error
	p.source, _, err = p.db.AddSource(t.Context(), feeds.Source{URL: "https://wire.example.org/feed", Title: "Harbour Wire"}, 0)
	p.must(err)
	t.Cleanup(func() {
		for _, problem := range p.fake.Problems() {
			t.Errorf("schema: %s", problem)
		}
		if strings.Contains(p.log.String(), p.fake.Token()) {
			t.Error("the token was logged")
		}
	})
	return p
}

// another is a courier as a further process has it.
func (p *post) another(outbox Outbox) *Courier {
	p.Helper()
	c := NewCourier(CourierOptions{Store: outbox, Sender: p.client(false), Workers: leastWorkers, Now: p.now, Metrics: p.metrics, Rate: 1000,
		Log: slog.New(slog.NewTextHandler(p.log, nil))})
	c.gap, c.group, c.drain = time.Millisecond, time.Millisecond, 50*time.Millisecond
	return c
}

// client is one of the fake's.
func (p *post) client(paid bool) *telegram.Client {
	p.Helper()
	client, err := telegram.New(telegram.Options{
		Token: telegram.Secret(p.fake.Token()), APIURL: p.fake.URL, Proxy: "direct", Unlimited: true, Paid: paid, Now: p.now, Observe: p.metrics.Observe,
	})
	p.must(err)
	p.Cleanup(client.Close)
	return client
}

func (p *post) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

// chat makes a chat of the fake's known to the store, with a rule that takes
// everything.
func (p *post) chat(c telegramtest.Chat, tier store.Tier, set ...func(*store.Chat)) store.Rule {
	p.Helper()
	chat := store.Chat{ID: c.ID, Kind: c.Kind, Title: c.Title, Lang: "en", State: store.ChatActive, Forum: c.Forum}
	for _, f := range set {
		f(&chat)
	}
	p.must(p.db.SaveChat(p.Context(), chat))
	r, err := p.db.AddRule(p.Context(), store.Rule{Chat: c.ID, Name: "all", Query: "*", Tier: tier})
	p.must(err)
	return r
}

// publish lets the source carry n more articles, matched by rules: "item 1"…
func (p *post) publish(n int, rules ...store.Rule) {
	p.Helper()
	claimed, err := p.db.ClaimSources(p.Context(), 1, time.Minute)
	p.must(err)
	if len(claimed) != 1 {
		p.Fatal("the source is not due")
	}
	v := store.Visit{Source: claimed[0], Interval: time.Minute, NextAt: claimed[0].NextAt}
	for range n {
		p.items++
		name := fmt.Sprintf("item %d", p.items)
		var id [16]byte
		sum := sha256.Sum256([]byte(name))
		copy(id[:], sum[:])
		a := store.NewArticle{GUID: id, URL: id, Text: id, Item: feeds.Article{ID: name, Title: name,
			URL: fmt.Sprintf("https://wire.example.org/%d", p.items), Summary: "What happened in " + name + ".", Image: p.image}}
		for _, r := range rules {
			a.Matches = append(a.Matches, store.Match{Rule: r.ID, Hits: []store.Hit{{Term: "*", Text: name, Zone: "title"}}})
		}
		v.Seen = append(v.Seen, id)
		v.Articles = append(v.Articles, a)
	}
	_, err = p.db.Publish(p.Context(), v)
	p.must(err)
}

// round is one claim of everything that is due, carried by a courier.
func (p *post) round(c *Courier) {
	p.Helper()
	parcels, err := p.db.Claim(p.Context(), p.now(), 100)
	p.must(err)
	var wg sync.WaitGroup
	for _, parcel := range parcels {
		wg.Go(func() { _, _ = c.deliver(p.Context(), parcel) })
	}
	wg.Wait()
}

// rounds are n of them, ten minutes apart.
func (p *post) rounds(n int) {
	p.Helper()
	for range n {
		p.round(p.courier)
		p.later(10 * time.Minute)
	}
}

// titles are the first lines of what the bot sent to a chat.
func (p *post) titles(chat int64) []string {
	var list []string
	for _, m := range p.fake.Sent(chat) {
		line, _, _ := strings.Cut(m.Text, "\n")
		list = append(list, line)
	}
	return list
}

func (p *post) wantTitles(chat int64, want ...string) {
	p.Helper()
	if got := p.titles(chat); !slices.Equal(got, want) {
		p.Errorf("chat %d got %q, want %q", chat, got, want)
	}
}

// states counts deliveries by state.
func (p *post) wantStates(want map[string]int64) {
	p.Helper()
	stats, err := p.db.Stats(p.Context())
	p.must(err)
	for state, n := range stats.Deliveries {
		if n != want[state] {
			p.Errorf("%d deliveries are %s, want %d", n, state, want[state])
		}
	}
	for state, n := range want {
		if stats.Deliveries[state] != n {
			p.Errorf("%d deliveries are %s, want %d", stats.Deliveries[state], state, n)
		}
	}
}

func (p *post) wantChat(id int64, state store.ChatState, reason string) {
	p.Helper()
	c, err := p.db.Chat(p.Context(), id)
	p.must(err)
	if c.State != state || !strings.Contains(c.Reason, reason) {
		p.Errorf("chat %d is %s (%q), want %s (%q)", id, c.State, c.Reason, state, reason)
	}
}

// runCourier runs until stop is called or the test ends.
func (p *post) runCourier(c *Courier) (stop func() error) {
	ctx, cancel := context.WithCancel(p.Context())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	stop = sync.OnceValue(func() error { cancel(); return <-done })
	p.Cleanup(func() {
		if err := stop(); err != nil {
			p.Errorf("Run: %v", err)
		}
	})
	return stop
}

func (p *post) soon() context.Context {
	ctx, cancel := context.WithTimeout(p.Context(), time.Minute)
	p.Cleanup(cancel)
	return ctx
}

func TestAlertArrivesOnce(t *testing.T) {
	p := newPost(t)
	chat := p.fake.Private(9, "en")
	r := p.chat(chat, store.TierInstant)
	stop := p.runCourier(p.courier)
	p.publish(1, r)
	got, err := p.fake.Wait(p.soon(), chat.ID, 1)
	p.must(err)
	m := got[0]
	if m.Silent || m.Preview == nil || m.Preview.URL != "https://wire.example.org/1" || len(m.Keyboard) != 1 || m.Keyboard[0][0].URL != "https://wire.example.org/1" {
		t.Errorf("the reader sees %+v", m)
	}
	for _, part := range []string{"item 1\nHarbour Wire · ", "What happened in item 1.", "📡 all"} {
		if !strings.Contains(m.Text, part) {
			t.Errorf("%q is not in %q", part, m.Text)
		}
	}
	p.must(stop())
	d, err := p.db.Latest(t.Context(), chat.ID, 1)
	p.must(err)
	if len(d) != 1 || d[0].State != store.StateSent || d[0].MessageID != m.ID || d[0].Attempts != 1 || d[0].MaybeDup {
		t.Errorf("written down as %+v", d)
	}
	p.rounds(2)
	p.wantTitles(chat.ID, "item 1")
	if n := testutil.ToFloat64(p.metrics.pages.WithLabelValues("alert")); n != 1 {
		t.Errorf("%v alerts counted", n)
	}
}

func TestOrder(t *testing.T) {
	p := newPost(t)
	chat, group := p.fake.Private(9, "en"), p.fake.Supergroup("desk", 9)
	rules := []store.Rule{p.chat(chat, store.TierInstant), p.chat(group, store.TierInstant)}
	p.fake.Fault(telegramtest.Fault{Kind: telegramtest.BadGateway, Chat: chat.ID, When: func(r telegramtest.Request) bool { return strings.Contains(r.Params["text"], "item 3<") }})
	p.fake.Fault(telegramtest.Fault{Kind: telegramtest.TooMany, Chat: group.ID, RetryAfter: 30, When: func(r telegramtest.Request) bool { return strings.Contains(r.Params["text"], "item 2<") }})
	p.publish(5, rules...)
	p.rounds(3)
	want := []string{"item 1", "item 2", "item 3", "item 4", "item 5"}
	p.wantTitles(chat.ID, want...)
	p.wantTitles(group.ID, want...)
	p.wantStates(map[string]int64{store.StateSent: 10})
}

func TestOneChatDelaysNoOther(t *testing.T) {
	p := newPost(t)
	slow, group, quick := p.fake.Private(9, "en"), p.fake.Group("desk", 9), p.fake.Private(10, "en")
	rules := []store.Rule{p.chat(slow, store.TierInstant), p.chat(group, store.TierInstant), p.chat(quick, store.TierInstant)}
	p.fake.Fault(telegramtest.Fault{Kind: telegramtest.SilentlyHangs, Chat: slow.ID})
	p.fake.Fault(telegramtest.Fault{Kind: telegramtest.TooMany, RetryAfter: 3600, Chat: group.ID, Times: -1})
	p.runCourier(p.courier)
	p.publish(3, rules...)
	_, err := p.fake.Wait(p.soon(), quick.ID, 3)
	p.must(err)
	p.wantTitles(quick.ID, "item 1", "item 2", "item 3")
	p.wantTitles(slow.ID, "item 1")
	p.wantTitles(group.ID)
}

// A courier that is told to stop waits a little for the answer it has asked
// for; what it does not hear in time is uncertain, not lost.
func TestStopWithARequestUnderWay(t *testing.T) {
	p := newPost(t)
	chat := p.fake.Private(9, "en")
	r := p.chat(chat, store.TierInstant)
	p.fake.Fault(telegramtest.Fault{Kind: telegramtest.SilentlyHangs})
	stop := p.runCourier(p.courier)
	p.publish(1, r)
	_, err := p.fake.Wait(p.soon(), chat.ID, 1)
	p.must(err)
	begun := time.Now()
	p.must(stop())
	if took := time.Since(begun); took > drainTime {
		t.Errorf("took %v to stop", took)
	}
	p.wantStates(map[string]int64{store.StateUncertain: 1})
	p.later(time.Minute)
	p.rounds(1)
	p.wantTitles(chat.ID, "item 1", "item 1")
}

// crashing is an outbox whose process dies between Telegram's answer and our
// commit: what follows is never written.
type crashing struct {
	*store.DB
	dead atomic.Bool
}

func (c *crashing) Sent(context.Context, store.Parcel, []int64, int64, time.Duration) error {
	c.dead.Store(true)
	return store.ErrLeaseLost
}

func (c *crashing) Release(ctx context.Context, p store.Parcel) error {
	if c.dead.Load() {
		return store.ErrLeaseLost
	}
	return c.DB.Release(ctx, p)
}

func TestCrashBetweenAnswerAndCommit(t *testing.T) {
	p := newPost(t)
	chat := p.fake.Private(9, "en")
	r := p.chat(chat, store.TierInstant)
	p.publish(2, r)
	p.round(p.another(&crashing{DB: p.db}))
	p.wantTitles(chat.ID, "item 1")
	p.wantStates(map[string]int64{store.StateSending: 1, store.StateDue: 1})
	p.rounds(1) // the lease still runs
	p.wantTitles(chat.ID, "item 1")
	p.rounds(1)
	p.wantTitles(chat.ID, "item 1", "item 1", "item 2")
	p.wantStates(map[string]int64{store.StateSent: 2})
	d, err := p.db.Latest(t.Context(), chat.ID, 2)
	p.must(err)
	if !d[1].MaybeDup || d[1].Attempts != 2 || d[0].MaybeDup {
		t.Errorf("written down as %+v", d)
	}
	if n := testutil.ToFloat64(p.metrics.duplicates); n != 1 {
		t.Errorf("%v duplicates counted", n)
	}
}

// stuck is an outbox that cannot write down what was sent, until left attempts
// have failed.
type stuck struct {
	*store.DB
	left atomic.Int64
}

func (s *stuck) Sent(ctx context.Context, p store.Parcel, ids []int64, message int64, gap time.Duration) error {
	if s.left.Add(-1) >= 0 {
		<-ctx.Done()
		return ctx.Err()
	}
	return s.DB.Sent(ctx, p, ids, message, gap)
}

// What stands in the chat is written down as soon as the store can, however long
// that takes.
func TestStoreIsStuckAfterTheAnswer(t *testing.T) {
	p := newPost(t)
	chat := p.fake.Private(9, "en")
	r := p.chat(chat, store.TierInstant)
	p.publish(1, r)
	outbox := &stuck{DB: p.db}
	outbox.left.Store(3)
	c := p.another(outbox)
	c.settle = 100 * time.Millisecond
	p.round(c)
	p.later(2 * store.Lease)
	p.rounds(2)
	p.wantTitles(chat.ID, "item 1")
	p.wantStates(map[string]int64{store.StateSent: 1})
}

// A program that ends does not wait for a store that is stuck.
func TestStopWithTheStoreStuck(t *testing.T) {
	p := newPost(t)
	chat := p.fake.Private(9, "en")
	r := p.chat(chat, store.TierInstant)
	outbox := &stuck{DB: p.db}
	outbox.left.Store(math.MaxInt64)
	c := p.another(outbox)
	c.settle = time.Millisecond
	stop := p.runCourier(c)
	p.publish(1, r)
	_, err := p.fake.Wait(p.soon(), chat.ID, 1)
	p.must(err)
	p.must(stop())
	p.wantStates(map[string]int64{store.StateSending: 1})
}

// A lease that is nearly over is not used: another may have the chat by the
// time the request is made.
func TestOldLease(t *testing.T) {
	p := newPost(t)
	chat := p.fake.Private(9, "en")
	r := p.chat(chat, store.TierInstant)
	p.publish(1, r)
	parcels, err := p.db.Claim(t.Context(), p.now(), 10)
	p.must(err)
	p.later(store.Lease - leastTime)
	_, err = p.courier.deliver(t.Context(), parcels[0])
	p.must(err)
	p.wantTitles(chat.ID)
	p.later(time.Minute)
	p.rounds(1)
	p.wantTitles(chat.ID, "item 1")
}

func TestQuiet(t *testing.T) {
	hour := func(h, m int) time.Time { return time.Date(2026, 11, 23, h, m, 0, 0, time.UTC) }
	night, siesta := store.Chat{QuietFrom: 23 * 60, QuietTo: 6*60 + 30}, store.Chat{QuietFrom: 13 * 60, QuietTo: 15 * 60}
	for _, tt := range []struct {
		chat store.Chat
		now  time.Time
		want bool
	}{
		{night, hour(22, 59), false}, {night, hour(23, 0), true}, {night, hour(3, 0), true}, {night, hour(6, 29), true}, {night, hour(6, 30), false},
		{siesta, hour(12, 59), false}, {siesta, hour(13, 0), true}, {siesta, hour(15, 0), false}, {siesta, hour(3, 0), false},
		{store.Chat{}, hour(0, 0), false}, {store.Chat{QuietFrom: 60, QuietTo: 60}, hour(1, 0), false},
	} {
		if got := quiet(tt.chat, tt.now); got != tt.want {
			t.Errorf("%d-%d at %v: %v", tt.chat.QuietFrom, tt.chat.QuietTo, tt.now, got)
		}
	}
}

func TestQuietHoursAreSilentButForFlash(t *testing.T) {
	p := newPost(t)
	allDay := func(c *store.Chat) {
		c.Zone = "Asia/Riyadh"
		minute := p.now().In(time.FixedZone("", 3*3600))
		c.QuietFrom = (minute.Hour()*60 + minute.Minute() + 24*60 - 30) % (24 * 60)
		c.QuietTo = (c.QuietFrom + 12*60) % (24 * 60)
	}
	a, b := p.fake.Private(9, "en"), p.fake.Private(10, "en")
	rules := []store.Rule{p.chat(a, store.TierInstant, allDay), p.chat(b, store.TierFlash, allDay)}
	p.publish(1, rules...)
	p.rounds(1)
	p.wantTitles(a.ID, "item 1")
	p.wantTitles(b.ID, "🔴 Urgent")
	if !p.fake.Sent(a.ID)[0].Silent || p.fake.Sent(b.ID)[0].Silent {
		t.Error("the wrong one had a sound")
	}
}

func TestDigestIsSent(t *testing.T) {
	p := newPost(t)
	group := p.fake.Supergroup("desk", 9)
	r := p.chat(group, store.TierDigest, func(c *store.Chat) { c.Digest = "0 7 * * *" })
	p.publish(90, r)
	p.rounds(1)
	p.wantTitles(group.ID)
	slot := p.now()
	_, err := p.db.StartDigest(t.Context(), group.ID, slot, slot.Add(24*time.Hour))
	p.must(err)
	// A page in the middle meets trouble: it comes later, and no story is lost or told twice.
	p.fake.Fault(telegramtest.Fault{Kind: telegramtest.TooMany, RetryAfter: 60, When: func(r telegramtest.Request) bool { return strings.Contains(r.Params["text"], "2/") }})
	p.rounds(3)
	text := ""
	for _, m := range p.fake.Sent(group.ID) {
		text += m.Text + "\n"
		if len(m.Entities) > telegram.MaxEntities || m.Preview == nil || !m.Preview.Disabled {
			t.Errorf("a page of %d entities, preview %+v", len(m.Entities), m.Preview)
		}
	}
	for i := range 90 {
		if n := strings.Count(text, fmt.Sprintf(" item %d — ", i+1)); n != 1 {
			t.Errorf("item %d was told %d times", i+1, n)
		}
	}
	p.wantStates(map[string]int64{store.StateSent: 90})
	// Nothing since: the next digest says so.
	_, err = p.db.StartDigest(t.Context(), group.ID, slot.Add(24*time.Hour), slot.Add(48*time.Hour))
	p.must(err)
	p.rounds(1)
	sent := p.fake.Sent(group.ID)
	if last := sent[len(sent)-1].Text; !strings.Contains(last, "No significant coverage") {
		t.Errorf("the empty digest says %q", last)
	}
}

// A digest is read by people who act on it: "no significant coverage" would be wrong where
// alerts have come one by one.
func TestEmptyDigestKnowsAlerts(t *testing.T) {
	p := newPost(t)
	en, ar := p.fake.Private(9, "en"), p.fake.Private(10, "ar")
	var rules []store.Rule
	for _, c := range []telegramtest.Chat{en, ar} {
		rules = append(rules, p.chat(c, store.TierInstant, func(c *store.Chat) { c.Digest, c.Lang = "0 7 * * *", map[int64]string{9: "en", 10: "ar"}[c.ID] }))
	}
	p.publish(3, rules...)
	p.rounds(3)
	for _, c := range []telegramtest.Chat{en, ar} {
		_, err := p.db.StartDigest(t.Context(), c.ID, p.now(), p.now().Add(24*time.Hour))
		p.must(err)
	}
	p.rounds(1)
	for chat, want := range map[int64]string{en.ID: "Nothing else since ", ar.ID: "لا جديد غير ما أُرسل في حينه منذ "} {
		sent := p.fake.Sent(chat)
		last := sent[len(sent)-1].Text
		if count := map[int64]string{en.ID: "told one by one: 3 stories.", ar.ID: ": 3 أخبار."}[chat]; !strings.Contains(last, want) || !strings.Contains(last, count) {
			t.Errorf("the digest says %q", last)
		}
	}
	if list := p.fake.Problems(); len(list) > 0 {
		t.Error(list)
	}
}

// The readers of a channel cannot mend its sources.
func TestDigestOfChannelKeepsTroubleBack(t *testing.T) {
	brief := store.Briefing{Rules: 1, Sources: []store.Source{{Source: feeds.Source{ID: 1, Title: "Wire"}, State: store.SourceActive, Fails: 9}}, Silent: map[int64]time.Time{1: {}}}
	now := time.Date(2026, 11, 25, 7, 0, 0, 0, time.UTC)
	for kind, want := range map[string]bool{"channel": false, "supergroup": true} {
		d := digest.Build(digestOf(store.Chat{Kind: kind, Digest: "0 7 * * *"}, []store.Delivery{{ID: 1}}, brief, now))
		if told := len(d.Trouble) > 0; told != want {
			t.Errorf("%s: trouble is told: %t, want %t", kind, told, want)
		}
	}
}

// A chat that was paused while its parcel was on the way gets nothing more.
func TestPausedMeanwhile(t *testing.T) {
	p := newPost(t)
	chat := p.fake.Private(9, "en")
	r := p.chat(chat, store.TierInstant)
	p.publish(2, r)
	parcels, err := p.db.Claim(t.Context(), p.now(), 10)
	p.must(err)
	_, err = p.db.UpdateChat(t.Context(), chat.ID, func(c *store.Chat) error { c.State = store.ChatPaused; return nil })
	p.must(err)
	_, err = p.courier.deliver(t.Context(), parcels[0])
	p.must(err)
	p.wantTitles(chat.ID)
	p.wantStates(map[string]int64{store.StateHeld: 2})
	p.must(p.db.Resume(t.Context(), chat.ID))
	p.rounds(1)
	p.wantTitles(chat.ID, "item 1", "item 2")
}

func TestNoMetrics(t *testing.T) {
	var m *Metrics
	m.Observe("sendMessage", time.Second, nil)
	m.sent(page{alert: true}, time.Now())
	m.failed(telegram.Blocked)
	m.degrade(telegram.CantParse)
	m.uncertain("retried")
	m.dropped()
	m.paused()
}
