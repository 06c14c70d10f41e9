package bot

import (
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"wirewatch/bot/telegram"
	"wirewatch/bot/telegram/telegramtest"
	"wirewatch/store"
)

// Each kind of failure, with Telegram's own text, and what comes of it.
func TestRefusals(t *testing.T) {
	alert := "item 1"
	cases := map[string]struct {
		fault  telegramtest.Fault
		titles []string // of all messages
		chat   store.ChatState
		reason string
		state  string // of the delivery
		metric func(*Metrics) prometheus.Collector
	}{
		"429":          {fault: telegramtest.Fault{Kind: telegramtest.TooMany, RetryAfter: 60}, titles: []string{alert}},
		"429 thrice":   {fault: telegramtest.Fault{Kind: telegramtest.TooMany, RetryAfter: 60, Times: 3}, titles: []string{alert}},
		"blocked":      {fault: telegramtest.Fault{Kind: telegramtest.Forbidden}, chat: store.ChatBlocked, reason: "blocked by the user", state: store.StateHeld},
		"kicked":       {fault: refusal(403, "Forbidden: bot was kicked from the supergroup chat"), chat: store.ChatBlocked, reason: "kicked", state: store.StateHeld},
		"no rights":    {fault: refusal(400, "Bad Request: not enough rights to send text messages to the chat"), chat: store.ChatBlocked, reason: "not enough rights", state: store.StateHeld},
		"not found":    {fault: refusal(400, "Bad Request: chat not found"), titles: []string{alert}},
		"never found":  {fault: forEver(refusal(400, "Bad Request: chat not found")), chat: store.ChatGone, reason: "chat not found", state: store.StateHeld},
		"can't parse":  {fault: refusal(400, `Bad Request: can't parse entities: Unsupported start tag "x" at byte offset 1`), titles: []string{alert + " https://wire.example.org/1"}, metric: func(m *Metrics) prometheus.Collector { return m.degradations.WithLabelValues("cant-parse") }},
		"never parsed": {fault: forEver(refusal(400, "Bad Request: can't parse entities: Unclosed start tag at byte offset 1")), state: store.StateDropped, metric: func(m *Metrics) prometheus.Collector { return m.drops }},
		"too long":     {fault: refusal(400, "Bad Request: message is too long"), titles: []string{alert + " https://wire.example.org/1"}},
		"button":       {fault: refusal(400, "Bad Request: inline keyboard button URL 'https://x/' is invalid: Wrong HTTP URL"), titles: []string{alert}},
		"empty":        {fault: refusal(400, "Bad Request: message text is empty"), state: store.StateDropped},
		"anything":     {fault: refusal(400, "Bad Request: SOMETHING_NEW"), titles: []string{alert + " https://wire.example.org/1"}},
		"502":          {fault: telegramtest.Fault{Kind: telegramtest.BadGateway, Times: 5}, titles: []string{alert}},
		"reset":        {fault: telegramtest.Fault{Kind: telegramtest.Reset}, titles: []string{alert}},
		"lost answer":  {fault: telegramtest.Fault{Kind: telegramtest.DropAnswer}, titles: []string{alert, alert}, metric: func(m *Metrics) prometheus.Collector { return m.duplicates }},
		"lost twice":   {fault: telegramtest.Fault{Kind: telegramtest.ResetAfter, Times: 9}, titles: []string{alert, alert}, state: store.StateDropped, metric: func(m *Metrics) prometheus.Collector { return m.doubts.WithLabelValues("given_up") }},
		"502 after":    {fault: telegramtest.Fault{Kind: telegramtest.GatewayAfter}, titles: []string{alert, alert}},
		"conflict":     {fault: refusal(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"), titles: []string{alert}},
		"deactivated":  {fault: refusal(403, "Forbidden: user is deactivated"), chat: store.ChatBlocked, reason: "deactivated", state: store.StateHeld},
		"restricted":   {fault: refusal(400, "Bad Request: CHAT_RESTRICTED"), chat: store.ChatBlocked, reason: "CHAT_RESTRICTED", state: store.StateHeld},
		"thread":       {fault: refusal(400, "Bad Request: message thread not found"), chat: store.ChatBlocked, reason: "thread not found", state: store.StateHeld}, // of a chat without topics
		"preview":      {fault: refusal(400, "Bad Request: WEBPAGE_MEDIA_EMPTY"), titles: []string{alert}, metric: func(m *Metrics) prometheus.Collector { return m.degradations.WithLabelValues("bad-media") }},
		"proxy's 413":  {fault: refusal(413, "Request Entity Too Large"), titles: []string{alert + " https://wire.example.org/1"}},
		"500":          {fault: refusal(500, "Internal Server Error: restart"), titles: []string{alert}},
		"504":          {fault: refusal(504, "Gateway Timeout"), titles: []string{alert}},
		"502 as 400":   {fault: refusal(400, "Bad Request: Bad Gateway"), titles: []string{alert}},
		"no message":   {fault: refusal(400, "Bad Request: message can't be edited"), state: store.StateDropped},                                              // makes no sense, and ends
		"no query":     {fault: refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid"), state: store.StateDropped}, // as little
		"not modified": {fault: refusal(400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"), state: store.StateDropped},
		"moved away":   {fault: refusal(400, "Bad Request: group chat was upgraded to a supergroup chat"), chat: store.ChatBlocked, reason: "upgraded", state: store.StateHeld}, // without the new id
		"deleted":      {fault: refusal(403, "Forbidden: the group chat was deleted"), chat: store.ChatBlocked, reason: "deleted", state: store.StateHeld},
		"no member":    {fault: refusal(403, "Forbidden: bot is not a member of the channel chat"), chat: store.ChatBlocked, reason: "not a member", state: store.StateHeld},
		"never met":    {fault: refusal(403, "Forbidden: bot can't initiate conversation with a user"), chat: store.ChatBlocked, reason: "initiate", state: store.StateHeld},
		"a bot":        {fault: refusal(403, "Forbidden: the bot can't send messages to the bot"), chat: store.ChatBlocked, reason: "to the bot", state: store.StateHeld},
		"no private":   {fault: refusal(400, "Bad Request: private chat not found"), titles: []string{alert}},
		"no writing":   {fault: refusal(400, "Bad Request: CHAT_WRITE_FORBIDDEN"), chat: store.ChatBlocked, reason: "WRITE", state: store.StateHeld},
		"no admin":     {fault: refusal(400, "Bad Request: need administrator rights in the channel chat"), chat: store.ChatBlocked, reason: "administrator", state: store.StateHeld},
		"no access":    {fault: refusal(400, "Bad Request: have no write access to the chat"), chat: store.ChatBlocked, reason: "no write access", state: store.StateHeld},
		"long text":    {fault: refusal(400, "Bad Request: text is too long"), titles: []string{alert + " https://wire.example.org/1"}},
		"non-empty":    {fault: refusal(400, "Bad Request: text must be non-empty"), state: store.StateDropped},
		"no edit":      {fault: refusal(400, "Bad Request: message to edit not found"), state: store.StateDropped},
		"no text":      {fault: forEver(refusal(400, "Bad Request: there is no text in the message to edit")), state: store.StateDropped},
		"aborted":      {fault: refusal(500, "Request aborted"), titles: []string{alert}},
		"webhook":      {fault: refusal(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"), titles: []string{alert}},
		"no address":   {fault: refusal(404, "Not Found"), titles: []string{alert}},
		"method":       {fault: refusal(404, "Not Found: method not found"), titles: []string{alert}},
	}
	kinds := &tried{kinds: map[string]bool{}}
	t.Cleanup(func() { kinds.want(t, len(cases)) })
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			chat, other := p.fake.Private(9, "en"), p.fake.Private(10, "en")
			rules := []store.Rule{p.chat(chat, store.TierInstant), p.chat(other, store.TierInstant)}
			f := tt.fault
			f.Chat = chat.ID
			p.fake.Fault(f)
			t.Cleanup(func() { kinds.read(p.log.String()) })
			p.publish(1, rules...)
			p.rounds(12)
			p.wantTitles(chat.ID, tt.titles...)
			p.wantTitles(other.ID, alert)
			if tt.chat == "" {
				tt.chat = store.ChatActive
			}
			p.wantChat(chat.ID, tt.chat, tt.reason)
			states := map[string]int64{store.StateSent: 1}
			if tt.state == "" {
				tt.state = store.StateSent
			}
			states[tt.state]++
			p.wantStates(states)
			if tt.metric != nil {
				if n := testutil.ToFloat64(tt.metric(p.metrics)); n != 1 {
					t.Errorf("counted %v times, want 1", n)
				}
			}
		})
	}
}

// tried are the kinds of error that the cases of a test have met.
type tried struct {
	mu    sync.Mutex
	cases int
	kinds map[string]bool
}

func (k *tried) read(log string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.cases++
	for kind := range remedies {
		k.kinds[kind.String()] = k.kinds[kind.String()] || strings.Contains(log, "kind="+kind.String()+" ")
	}
}

// want fails for a row of the table that none of all cases has tried. What ends the
// run, and what was never requested, have tests of their own.
func (k *tried) want(t *testing.T, cases int) {
	if k.cases < cases {
		return // -run has chosen some
	}
	for kind := range remedies {
		if !k.kinds[kind.String()] && kind != telegram.Unauthorized && kind != telegram.Unreachable {
			t.Errorf("no case has met %s", kind)
		}
	}
}

func refusal(code int, text string) telegramtest.Fault {
	return telegramtest.Fault{Kind: telegramtest.Reply, Code: code, Description: text}
}

func forEver(f telegramtest.Fault) telegramtest.Fault {
	f.Times = -1
	return f
}

// No kind of error may be forgotten.
func TestEveryKindHasARemedy(t *testing.T) {
	for kind := telegram.RateLimited; kind <= telegram.Method; kind++ {
		if remedies[kind] == 0 {
			t.Errorf("%s: nothing is done about it", kind)
		}
	}
}

func TestUnauthorizedEndsTheRun(t *testing.T) {
	p := newPost(t)
	chat := p.fake.Private(9, "en")
	r := p.chat(chat, store.TierInstant)
	p.fake.Fault(refusal(401, "Unauthorized"))
	p.publish(1, r)
	err := p.courier.Run(p.soon())
	if err == nil || !strings.Contains(err.Error(), "token") {
		t.Errorf("Run: %v", err)
	}
	p.wantStates(map[string]int64{store.StateDue: 1})
	p.later(time.Minute)
	p.rounds(1)
	p.wantTitles(chat.ID, "item 1")
}

func TestGroupBecomesSupergroup(t *testing.T) {
	p := newPost(t)
	group := p.fake.Group("desk", 9)
	r := p.chat(group, store.TierInstant)
	moved := p.fake.Migrate(group.ID)
	p.publish(2, r)
	p.rounds(2)
	p.wantTitles(group.ID)
	p.wantTitles(moved.ID, "item 1", "item 2")
	p.wantChat(moved.ID, store.ChatActive, "")
	p.wantStates(map[string]int64{store.StateSent: 2})
}

func TestTopicGone(t *testing.T) {
	p := newPost(t)
	forum := p.fake.Forum("desk", 9)
	topic, closed := p.fake.Topic(forum.ID, "Geneva"), p.fake.Topic(forum.ID, "Closed")
	r := p.chat(forum, store.TierInstant, func(c *store.Chat) { c.Thread = topic })
	p.publish(1, r)
	p.rounds(1)
	p.fake.DeleteTopic(forum.ID, topic)
	p.publish(2, r)
	p.rounds(2)
	_, err := p.db.UpdateChat(t.Context(), forum.ID, func(c *store.Chat) error { c.Thread, c.Lang = closed, "ar"; return nil })
	p.must(err)
	p.fake.CloseTopic(forum.ID, closed)
	p.publish(1, r)
	p.rounds(1)
	got := p.fake.Sent(forum.ID)
	if len(got) != 4 {
		t.Fatalf("%d messages", len(got))
	}
	for i, want := range []struct {
		thread int64
		start  string
	}{{topic, "item 1"}, {0, "⚠️ The topic for this is deleted or closed, so it comes here.\nitem 2"}, {0, "item 3"}, {0, "\u200f⚠️ الموضوع"}} {
		if got[i].Thread != want.thread || !strings.HasPrefix(got[i].Text, want.start) {
			t.Errorf("message %d in topic %d: %q", i, got[i].Thread, got[i].Text)
		}
	}
	p.wantStates(map[string]int64{store.StateSent: 4})
	c, err := p.db.Chat(t.Context(), forum.ID)
	if p.must(err); c.Thread != 0 {
		t.Errorf("the chat is still bound to topic %d", c.Thread)
	}
}

// Answers of a gateway, which mostly mean that nothing was sent, do not spend the
// one repetition that a lost answer has.
func TestGatewaySpendsNoRepetition(t *testing.T) {
	p := newPost(t)
	chat := p.fake.Private(9, "en")
	rule := p.chat(chat, store.TierInstant)
	for _, kind := range []telegramtest.FaultKind{telegramtest.BadGateway, telegramtest.BadGateway, telegramtest.Reset, telegramtest.BadGateway} {
		p.fake.Fault(telegramtest.Fault{Kind: kind, Method: "sendMessage"})
	}
	p.publish(1, rule)
	p.rounds(6)
	p.wantTitles(chat.ID, "item 1")
	p.wantStates(map[string]int64{store.StateSent: 1})
}

// Minutes in which every connection to Telegram breaks lose nothing, and what
// did arrive before them is not told a third time.
func TestOutageLosesNothing(t *testing.T) {
	p := newPost(t)
	chat := p.fake.Private(9, "en")
	rule := p.chat(chat, store.TierInstant)
	p.fake.Fault(telegramtest.Fault{Kind: telegramtest.Reset, Times: -1})
	p.publish(3, rule)
	p.rounds(12)
	p.wantTitles(chat.ID)
	p.wantStates(map[string]int64{store.StateUncertain: 1, store.StateDue: 2})
	p.fake.ClearFaults()
	p.rounds(12)
	p.wantTitles(chat.ID, "item 1", "item 2", "item 3")
}

// A request that never left was surely not obeyed: it is made again for as long as it
// takes, and counts as no repetition.
func TestUnreachableLosesNothing(t *testing.T) {
	p := newPost(t)
	chat := p.fake.Private(9, "en")
	rule := p.chat(chat, store.TierInstant)
	down := httptest.NewServer(nil)
	down.Close()
	client, err := telegram.New(telegram.Options{Token: telegram.Secret(p.fake.Token()), APIURL: down.URL, Proxy: "direct", Unlimited: true})
	p.must(err)
	p.Cleanup(client.Close)
	cut := p.another(p.db)
	cut.o.Sender = client
	p.publish(2, rule)
	for range 12 {
		p.round(cut)
		p.later(10 * time.Minute)
	}
	p.wantTitles(chat.ID)
	p.wantStates(map[string]int64{store.StateDue: 2})
	p.rounds(2)
	p.wantTitles(chat.ID, "item 1", "item 2")
	if n := testutil.ToFloat64(p.metrics.duplicates); n != 0 {
		t.Errorf("%v perhaps came twice", n)
	}
}
