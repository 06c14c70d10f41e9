package bot

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"wirewatch/bot/telegram/telegramtest"
	"wirewatch/store"
)

// Of 200 chats a dozen, more than there are workers, meet requests that are
// never answered; the others are told as if nothing were.
func TestHangingChatsDelayNobody(t *testing.T) {
	p := newPost(t)
	p.courier.slow = 50 * time.Millisecond
	var chats []telegramtest.Chat
	var rules []store.Rule
	const hanging = leastWorkers + 4
	for i := range 200 {
		chat := p.fake.Private(0, "en")
		chats, rules = append(chats, chat), append(rules, p.chat(chat, store.TierInstant))
		if i < hanging { // they are the first in the queue
			p.fake.Fault(telegramtest.Fault{Kind: telegramtest.SilentlyHangs, Chat: chat.ID, Times: -1})
		}
	}
	p.publish(1, rules...)
	p.runCourier(p.courier)
	p.must(p.fake.WaitUntil(p.soon(), func() bool {
		told := 0
		for _, chat := range chats[hanging:] {
			told += len(p.fake.Sent(chat.ID))
		}
		return told == len(chats)-hanging
	}))
	for _, r := range p.fake.Requests() {
		if r.Method == "sendMessage" && r.Code == -1 {
			t.Fatal("a request that hangs has ended: the test says nothing")
		}
	}
}

// Two chats that are refused within two seconds pause everybody, on this process
// and on others; later all are told.
func TestStormPausesEverybody(t *testing.T) {
	p := newPost(t)
	var chats []telegramtest.Chat
	var rules []store.Rule
	for i := range 4 {
		chat := p.fake.Private(0, "en")
		chats, rules = append(chats, chat), append(rules, p.chat(chat, store.TierInstant))
		if i < 2 {
			p.fake.Fault(telegramtest.Fault{Kind: telegramtest.TooMany, RetryAfter: 30, Chat: chat.ID})
		}
	}
	p.publish(1, rules[:2]...)
	p.round(p.courier)
	if n := testutil.ToFloat64(p.metrics.pauses); n != 1 {
		t.Errorf("%v pauses counted", n)
	}
	p.publish(1, rules[2:]...)
	for range 2 {
		p.round(p.courier)
		p.round(p.another(p.db)) // it learns of the pause from the store
		if parcels := p.courier.claim(t.Context(), 10); len(parcels) > 0 {
			t.Errorf("%d chats were claimed in the pause", len(parcels))
		}
	}
	for _, chat := range chats {
		p.wantTitles(chat.ID)
	}
	p.later(32 * time.Second)
	p.rounds(1)
	for i, chat := range chats {
		p.wantTitles(chat.ID, fmt.Sprint("item ", 1+i/2))
	}
}

// What our own limits hold back is no refusal of Telegram's.
func TestOwnLimitsAreNoStorm(t *testing.T) {
	p := newPost(t)
	var rules []store.Rule
	for range 3 {
		chat := p.fake.Private(0, "en")
		rules = append(rules, p.chat(chat, store.TierInstant))
	}
	p.fake.Fault(telegramtest.Fault{Kind: telegramtest.TooMany, RetryAfter: 60})
	p.publish(1, rules...)
	p.round(p.courier)
	p.round(p.courier)
	if n := testutil.ToFloat64(p.metrics.pauses); n != 0 {
		t.Errorf("%v pauses counted", n)
	}
	p.wantStates(map[string]int64{store.StateSent: 2, store.StateDue: 1})
}

// Who may send more makes more requests at a time.
func TestWorkersFollowTheRate(t *testing.T) {
	for rate, want := range map[float64]int{1: 8, 29.5: 8, 100: 25, 950: 128} {
		if got := workersFor(rate); got != want {
			t.Errorf("%v a second: %d workers, want %d", rate, got, want)
		}
	}
}

// An installation that must never tell twice gives up what may have arrived,
// after one lost answer or a crash, and says so.
func TestGiveUpWhatIsUncertain(t *testing.T) {
	p := newPost(t)
	p.courier.o.GiveUp = true
	lost, gateway, crashed := p.fake.Private(0, "en"), p.fake.Private(0, "en"), p.fake.Private(0, "en")
	p.fake.Fault(telegramtest.Fault{Kind: telegramtest.ResetAfter, Chat: lost.ID})
	p.fake.Fault(telegramtest.Fault{Kind: telegramtest.BadGateway, Chat: gateway.ID})
	rules := []store.Rule{p.chat(lost, store.TierInstant), p.chat(gateway, store.TierInstant), p.chat(crashed, store.TierInstant)}
	p.publish(1, rules[2])
	p.round(p.another(&crashing{DB: p.db}))
	p.later(time.Minute)
	p.publish(1, rules...)
	p.rounds(8)
	p.wantTitles(lost.ID, "item 2")
	p.wantTitles(gateway.ID, "item 2") // a 502 mostly means that nothing arrived
	p.wantTitles(crashed.ID, "item 1", "item 2")
	p.wantStates(map[string]int64{store.StateSent: 2, store.StateDropped: 2})
	p.wantReasons(
		store.PerhapsTold+": the program ended while it was sent",
		store.PerhapsTold+": perhaps sent, no answer")
	if n := testutil.ToFloat64(p.metrics.doubts.WithLabelValues("given_up")); n != 2 {
		t.Errorf("%v given up", n)
	}
}

// An outage of sending alone, while Telegram answers everything else, spends
// nobody's repetition: those wait until a message of somebody's is answered.
func TestDoubtWaitsForAnAnswer(t *testing.T) {
	p := newPost(t)
	var chats []telegramtest.Chat
	var rules []store.Rule
	for range 3 {
		chat := p.fake.Private(0, "en")
		chats, rules = append(chats, chat), append(rules, p.chat(chat, store.TierInstant))
	}
	p.fake.Fault(telegramtest.Fault{Kind: telegramtest.ResetAfter, Method: "sendMessage", Times: -1})
	p.publish(1, rules[:2]...)
	for range 4 {
		p.round(p.courier)
		p.later(11 * time.Second)
	}
	requests := 0
	for _, r := range p.fake.Requests() {
		if r.Method == "sendMessage" {
			requests++
		}
	}
	if requests != 2 {
		t.Errorf("%d messages were tried, want one to each chat", requests)
	}
	p.fake.ClearFaults()
	p.publish(1, rules[2])
	p.round(p.courier)
	p.wantTitles(chats[2].ID, "item 2")
	p.later(11 * time.Second)
	p.round(p.courier)
	for _, chat := range chats[:2] {
		p.wantTitles(chat.ID, "item 1", "item 1")
	}
}

// wantReasons checks why deliveries were dropped.
func (p *post) wantReasons(want ...string) {
	p.Helper()
	for e, err := range p.db.Ledger(p.Context(), store.LedgerFilter{States: []string{store.StateDropped}}) {
		p.must(err)
		if len(want) == 0 || e.Reason != want[0] {
			p.Fatalf("dropped because %q, want %q", e.Reason, want)
		}
		want = want[1:]
	}
	if len(want) > 0 {
		p.Errorf("nothing was dropped because %q", want)
	}
}

// A paid message is said to be one.
func TestPaidMessages(t *testing.T) {
	p := newPost(t)
	chat := p.fake.Private(0, "en")
	p.courier.o.Sender = p.client(true)
	p.publish(1, p.chat(chat, store.TierInstant))
	p.rounds(1)
	for _, r := range p.fake.Requests() {
		if r.Method == "sendMessage" && (r.Code != http.StatusOK || r.Params["allow_paid_broadcast"] != "true") {
			t.Errorf("%d %v", r.Code, r.Params)
		}
	}
	p.wantTitles(chat.ID, "item 1")
}
