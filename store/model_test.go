package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"wirewatch/store"
	"wirewatch/store/storetest"
)

// The model says in maps and slices what the store must do: who is owed what, in
// which state, in which order. Random operations run on both.

const modelItems = 12 // that any source may carry

type modelDelivery struct {
	item      string
	state     string
	attempts  int
	maybe     bool
	notBefore time.Time
}

type modelChat struct {
	state  store.ChatState
	told   map[string]*modelDelivery
	queue  []*modelDelivery // due, sending, uncertain
	parked []*modelDelivery // waiting or held, in the order stored
	digest map[*modelDelivery]bool
	leased time.Time // until
}

type model struct {
	w       world
	now     time.Time
	sources []store.Source
	sees    func(chat int64, source int) bool
	rules   []store.Rule
	to      map[int64][]int64 // destinations of the rules of a chat
	seen    map[string]bool   // source/item
	chats   map[int64]*modelChat
	slot    int
}

func newModel(t testing.TB, dsn string) *model {
	m := &model{now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), seen: map[string]bool{}, chats: map[int64]*modelChat{}}
	db, err := store.Open(ctx, dsn, store.Options{Now: func() time.Time { return m.now }})
	if err != nil {
		t.Fatal(err)
	}
	w := world{db, t}
	m.w = w
	for id := range int64(3) {
		w.chat(id + 1)
		m.chats[id+1] = &modelChat{state: store.ChatActive, told: map[string]*modelDelivery{}, digest: map[*modelDelivery]bool{}}
	}
	m.sources = []store.Source{w.source("https://a.example", 0), w.source("https://b.example", 0), w.source("https://p.example", 1)}
	m.sees = func(chat int64, source int) bool { return source < 2 || chat == 1 }
	m.rules = []store.Rule{w.rule(1, "all", 0, store.TierInstant), w.rule(2, "b", m.sources[1].ID, store.TierFlash),
		w.rule(2, "daily", 0, store.TierDigest), w.rule(1, "off", 0, store.TierOff)}
	w.must(db.AddRoute(ctx, store.Route{Chat: 1, To: 3}))
	m.to = map[int64][]int64{1: {1, 3}, 2: {2}}
	return m
}

// publish lets a source show some items, each under its own guid, all at one address.
func (m *model) publish(t *rapid.T) {
	s := rapid.IntRange(0, 2).Draw(t, "source")
	picks := rapid.SliceOfNDistinct(rapid.IntRange(1, modelItems), 1, 3, rapid.ID[int]).Draw(t, "items")
	var items []store.NewArticle
	deliveries := 0
	for _, i := range picks {
		name := fmt.Sprint("i", i)
		n := item(name, m.rules...)
		n.GUID = hash(fmt.Sprint(s, name))
		items = append(items, n)
		if !m.seen[fmt.Sprint(s, name)] {
			m.seen[fmt.Sprint(s, name)] = true
			deliveries += m.owe(s, name)
		}
	}
	if got := m.w.publish(m.sources[s], items...); got.Deliveries != deliveries {
		t.Fatalf("%d deliveries, want %d", got.Deliveries, deliveries)
	}
}

func (m *model) owe(source int, name string) (n int) {
	tiers := map[int64]store.Tier{}
	for _, r := range m.rules {
		if r.Tier == store.TierOff || !m.sees(r.Chat, source) || r.Source != 0 && r.Source != m.sources[source].ID {
			continue
		}
		for _, to := range m.to[r.Chat] {
			if tiers[to] != store.TierFlash { // the only two of one chat are flash before digest
				tiers[to] = r.Tier
			}
		}
	}
	for id, tier := range tiers {
		c := m.chats[id]
		if c.told[name] != nil {
			continue
		}
		d := &modelDelivery{item: name, state: store.StateDue}
		c.told[name] = d
		c.digest[d] = tier == store.TierDigest
		n++
		switch {
		case c.state != store.ChatActive:
			d.state = store.StateHeld
		case tier == store.TierDigest:
			d.state = store.StateWaiting
		}
		if d.state == store.StateDue {
			c.queue = append(c.queue, d)
		} else {
			c.parked = append(c.parked, d)
		}
	}
	return n
}

// ready is what a claim must hand out for a chat.
func (m *model) ready(c *modelChat) []*modelDelivery {
	if c.state != store.ChatActive || c.leased.After(m.now) {
		return nil
	}
	end := slices.IndexFunc(c.queue, func(d *modelDelivery) bool { return d.notBefore.After(m.now) })
	if end < 0 {
		end = len(c.queue)
	}
	return c.queue[:end]
}

// work claims everything and settles each parcel in some way, or dies over it.
func (m *model) work(t *rapid.T) {
	ps, err := m.w.Claim(ctx, m.now, 10)
	m.w.must(err)
	got := map[int64]store.Parcel{}
	for _, p := range ps {
		got[p.Chat.ID] = p
	}
	for id := range int64(3) {
		c := m.chats[id+1]
		want := []string{}
		for _, d := range m.ready(c) {
			if d.state == store.StateSending {
				d.state, d.maybe = store.StateUncertain, true
			}
			want = append(want, d.item)
		}
		p := got[id+1]
		if diff := cmp.Diff(want, titles(p.Deliveries)); diff != "" {
			t.Fatalf("chat %d (-want +got):\n%s", id+1, diff)
		}
		if len(want) > 0 {
			m.settle(t, c, p)
		}
	}
}

func (m *model) settle(t *rapid.T, c *modelChat, p store.Parcel) {
	n := rapid.IntRange(1, len(p.Deliveries)).Draw(t, "page")
	page, list := slices.Clone(c.queue[:n]), ids(p.Deliveries[:n])
	outcome := rapid.SampledFrom([]string{"sent", "sent", "retry", "uncertain", "drop", "die", "die early", "block"}).Draw(t, "outcome")
	if outcome == "die early" {
		c.leased = m.now.Add(store.Lease)
		return
	}
	m.w.must(m.w.Sending(ctx, p, list))
	for _, d := range page {
		d.state = store.StateSending
		d.attempts++
	}
	at := m.now.Add(90 * time.Second)
	switch outcome {
	case "die":
		c.leased = m.now.Add(store.Lease)
		return
	case "sent":
		m.w.must(m.w.Sent(ctx, p, list, 5, 0))
		m.end(c, page, store.StateSent)
	case "drop":
		m.w.must(m.w.Drop(ctx, p, list, "no"))
		m.end(c, page, store.StateDropped)
	case "retry", "uncertain":
		m.w.must(m.w.Retry(ctx, p, list, at, "later", outcome == "uncertain"))
		for _, d := range page {
			d.state, d.notBefore = store.StateDue, at
			if outcome == "uncertain" {
				d.state, d.maybe = store.StateUncertain, true
			}
		}
	case "block":
		m.w.must(m.w.Block(ctx, p, store.ChatBlocked, "blocked"))
		m.park(c, true)
		return
	}
	m.w.must(m.w.Release(ctx, p))
}

func (m *model) end(c *modelChat, page []*modelDelivery, state string) {
	for _, d := range page {
		d.state = state
	}
	c.queue = c.queue[len(page):]
}

// park holds what is owed; a page on its way stays in the queue unless its sender parks.
func (m *model) park(c *modelChat, sender bool) {
	c.state = store.ChatBlocked
	var stay []*modelDelivery
	for _, d := range c.queue {
		if d.state == store.StateSending && !sender {
			stay = append(stay, d)
			continue
		}
		c.parked = append(c.parked, d)
	}
	c.queue = stay
	for _, d := range c.parked {
		d.state = store.StateHeld
	}
}

func (m *model) pause(t *rapid.T) {
	id := rapid.Int64Range(1, 3).Draw(t, "chat")
	c := m.chats[id]
	if c.state != store.ChatActive {
		m.w.must(m.w.Resume(ctx, id))
		m.resume(c)
		return
	}
	_, err := m.w.UpdateChat(ctx, id, func(c *store.Chat) error { c.State = store.ChatBlocked; return nil })
	m.w.must(err)
	m.park(c, false)
}

// resume queues what was held in the order of delivery ids, which is that of the
// moments when they were first stored; the ledger says it.
func (m *model) resume(c *modelChat) {
	c.state = store.ChatActive
	parked := c.parked
	c.parked = nil
	slices.SortFunc(parked, func(a, b *modelDelivery) int { return m.order(c, a) - m.order(c, b) })
	for _, d := range parked {
		if c.digest[d] {
			d.state = store.StateWaiting
			c.parked = append(c.parked, d)
		} else {
			d.state = store.StateDue
			c.queue = append(c.queue, d)
		}
	}
}

// order is the rank of a delivery in its chat's ledger.
func (m *model) order(c *modelChat, d *modelDelivery) int {
	for id, x := range m.chats {
		if x == c {
			list := m.w.ledger(id)
			return slices.IndexFunc(list, func(l store.Delivery) bool { return l.Article.Item.ID == d.item })
		}
	}
	return -1
}

// ledger is all of a chat's deliveries but the dropped, oldest first.
func (w world) ledger(chat int64) []store.Delivery {
	list := w.latest(chat)
	slices.Reverse(list)
	return list
}

func (m *model) startDigest(*rapid.T) {
	m.slot++
	c := m.chats[2]
	if len(c.parked) == 0 && c.state == store.ChatActive {
		return // an empty digest is tested elsewhere
	}
	id, err := m.w.StartDigest(ctx, 2, time.Unix(int64(m.slot), 0), time.Time{})
	m.w.must(err)
	if (id != 0) != (c.state == store.ChatActive) {
		m.w.t.Fatalf("digest %d of a chat that is %s", id, c.state)
	}
	if id == 0 {
		return
	}
	for _, d := range c.parked {
		d.state = store.StateDue
		c.digest[d] = false // it belongs to this digest now, whatever happens
		c.queue = append(c.queue, d)
	}
	c.parked = nil
}

// check compares every delivery.
func (m *model) check(t *rapid.T) {
	for id, c := range m.chats {
		want, got := map[string]modelDelivery{}, map[string]modelDelivery{}
		for name, d := range c.told {
			if d.state != store.StateDropped {
				want[name] = modelDelivery{item: name, state: d.state, attempts: d.attempts, maybe: d.maybe}
			}
		}
		for _, d := range m.w.latest(id) {
			got[d.Article.Item.ID] = modelDelivery{item: d.Article.Item.ID, state: d.State, attempts: d.Attempts, maybe: d.MaybeDup}
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(modelDelivery{})); diff != "" {
			t.Fatalf("chat %d (-want +got):\n%s", id, diff)
		}
	}
	// Longer than the gap that Sending leaves, so that only leases and Retry hold a chat up.
	m.now = m.now.Add(time.Duration(rapid.IntRange(2, 20).Draw(t, "seconds")) * time.Second)
}

// TestModel runs as many random histories as -rapid.checks says, 25 by default.
func TestModel(t *testing.T) {
	storetest.EachDSN(t, func(t *testing.T, dsn string) {
		rapid.Check(t, func(rt *rapid.T) {
			m := newModel(t, fresh(t, dsn))
			defer m.w.Close()
			rt.Repeat(map[string]func(*rapid.T){
				"publish": m.publish, "work": m.work, "work more": m.work, "pause": m.pause, "digest": m.startDigest, "": m.check,
			})
		})
	})
}

// fresh is another empty database on the engine of dsn.
func fresh(t *testing.T, dsn string) string {
	if dsn[0] == '/' {
		return storetest.SQLite(t)
	}
	return storetest.Postgres(t)
}
