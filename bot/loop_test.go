package bot

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
	"wirewatch/bot/telegram/telegramtest"
	"wirewatch/feeds"
)

func TestRunStopsWhenTheTokenIsRefused(t *testing.T) {
	w := still(t)
	w.fake.Fault(telegramtest.Fault{Kind: telegramtest.Reply, Method: "getUpdates", Code: 401, Description: "Unauthorized"})
	err := w.bot.Run(w.ctx)
	if err == nil || !strings.Contains(err.Error(), "@BotFather") || strings.Contains(err.Error(), "\n") {
		t.Errorf("Run: %v", err)
	}
}

func TestRunGoesOnAfterTrouble(t *testing.T) {
	w := still(t)
	for _, f := range []telegramtest.Fault{
		{Kind: telegramtest.BadGateway, Method: "deleteWebhook"},
		{Kind: telegramtest.BadGateway, Method: "getUpdates"},
		{Kind: telegramtest.Reset, Method: "getUpdates"},
		{Kind: telegramtest.TooMany, Method: "setMyCommands", RetryAfter: 1},
	} {
		w.fake.Fault(f)
	}
	run(t, w.bot)
	w.say(omar, omar, "/start")
	w.says(omar, "Hello")
}

func TestConflictIsExplainedOnce(t *testing.T) {
	w := still(t)
	w.fake.Fault(telegramtest.Fault{Kind: telegramtest.Reply, Method: "getUpdates", Code: 409, Times: 1,
		Description: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"})
	loop := &loop{bot: w.bot, lanes: newLanes(w.bot.handle)}
	defer loop.stop()
	wait, err := loop.round(w.ctx)
	if telegram.KindOf(err) != telegram.Conflict || wait < 3*time.Second {
		t.Errorf("waits %s after %v", wait, err)
	}
	if got := w.log.String(); !strings.Contains(got, "stop it, or revoke the token") {
		t.Errorf("the log does not say what to do:\n%s", got)
	}
}

func TestOneProcessPolls(t *testing.T) {
	w := newWorld(t)
	w.say(omar, omar, "/start")
	second := w.another(func(o *Options) { o.Owner = "second" })
	loop := &loop{bot: second, lanes: newLanes(second.handle)}
	defer loop.stop()
	before := len(w.fake.Requests())
	wait, err := loop.round(w.ctx)
	if err != nil || wait <= 0 || loop.leader {
		t.Errorf("the second process polls: wait %s, %v", wait, err)
	}
	for _, r := range w.fake.Requests()[before:] {
		if r.Code == 409 {
			t.Error("two processes polled")
		}
	}
}

func TestAnotherProcessTakesOver(t *testing.T) {
	w := still(t)
	stop := run(t, w.bot)
	w.say(omar, omar, "/rule vienna")
	stop()
	second := w.another(func(o *Options) { o.Owner = "second" })
	w.fake.Say(omar, omar, "/rule prague") // while nobody listens
	run(t, second)
	w.idle()
	if got := w.rules(omar); len(got) != 2 {
		t.Errorf("rules %+v", got)
	}
	if n := strings.Count(w.fake.Transcript(omar), "Rule 1"); n != 1 {
		t.Errorf("the first command was answered %d times", n)
	}
}

func TestUpdatesAreHandledOnce(t *testing.T) {
	w := still(t)
	w.fake.Say(omar, omar, "/start")
	updates, err := w.bot.o.Telegram.Updates(w.ctx, 0)
	if err != nil || len(updates) == 0 {
		t.Fatalf("updates: %v, %v", updates, err)
	}
	loop := &loop{bot: w.bot, lanes: newLanes(w.bot.handle)}
	defer loop.stop()
	for range 2 { // the second time after a crash before the offset was confirmed
		if err := loop.take(w.ctx, updates); err != nil {
			t.Fatal(err)
		}
	}
	w.silent(omar, 1)
}

// After a week without updates their ids restart, possibly lower.
func TestIDsMayRestartLower(t *testing.T) {
	w := still(t)
	var mu sync.Mutex
	var handled []int64
	loop := &loop{bot: w.bot, offset: 900_000_000, lanes: newLanes(func(_ context.Context, u telegram.Update) {
		mu.Lock()
		defer mu.Unlock()
		handled = append(handled, u.ID)
	})}
	defer loop.stop()
	for _, ids := range [][]int64{{900_000_000, 900_000_001}, {17, 18}} {
		var updates []telegram.Update
		for _, id := range ids {
			updates = append(updates, telegram.Update{ID: id, Message: &telegram.Message{Chat: telegram.Chat{ID: 1}}})
		}
		if err := loop.take(w.ctx, updates); err != nil {
			t.Fatal(err)
		}
		if want := ids[1] + 1; loop.offset != want {
			t.Errorf("offset %d, want %d", loop.offset, want)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if got := fmt.Sprint(handled); got != "[900000000 900000001 17 18]" {
		t.Errorf("handled %s", got)
	}
	if stored, err := w.db.Offset(w.ctx); err != nil || stored != 19 {
		t.Errorf("stored offset %d, %v", stored, err)
	}
}

// One chat's slow command delays neither the others nor is it lost.
func TestSlowUpdateIsNotConfirmed(t *testing.T) {
	w := still(t)
	release := make(chan struct{})
	loop := &loop{bot: w.bot, lanes: newLanes(func(_ context.Context, u telegram.Update) {
		if u.ID == 2 {
			<-release
		}
	})}
	updates := []telegram.Update{
		{ID: 1, Message: &telegram.Message{Chat: telegram.Chat{ID: 10}}},
		{ID: 2, Message: &telegram.Message{Chat: telegram.Chat{ID: 20}}},
		{ID: 3, Message: &telegram.Message{Chat: telegram.Chat{ID: 30}}},
	}
	if err := loop.take(w.ctx, updates); err != nil {
		t.Fatal(err)
	}
	if loop.offset != 2 || loop.lanes.flying(3) {
		t.Errorf("offset %d while update 2 is slow; update 3 waits: %v", loop.offset, loop.lanes.flying(3))
	}
	close(release)
	loop.lanes.wait(w.ctx, time.Minute)
	if err := loop.take(w.ctx, updates[1:]); err != nil {
		t.Fatal(err)
	}
	if loop.offset != 4 {
		t.Errorf("offset %d at the end", loop.offset)
	}
	loop.stop()
}

func TestLanesKeepOrderWithinAChat(t *testing.T) {
	var mu sync.Mutex
	got := map[int64][]int64{}
	l := newLanes(func(_ context.Context, u telegram.Update) {
		mu.Lock()
		defer mu.Unlock()
		got[u.Message.Chat.ID] = append(got[u.Message.Chat.ID], u.ID)
	})
	for id := range int64(400) {
		chat := id % 40
		l.add(chat, telegram.Update{ID: id, Message: &telegram.Message{Chat: telegram.Chat{ID: chat}}})
	}
	l.wait(t.Context(), time.Minute)
	l.close(time.Minute)
	for chat, ids := range got {
		for i := range ids {
			if ids[i] != chat+int64(i)*40 {
				t.Fatalf("chat %d: %v", chat, ids)
			}
		}
	}
	if len(got) != 40 {
		t.Errorf("%d chats", len(got))
	}
}

// Who floods the bot is answered for the last of it only: each answer costs
// the chat a second, and the others wait behind.
func TestFloodIsHandledInSilence(t *testing.T) {
	const flood = 50
	var mu sync.Mutex
	var said []int64
	release := make(chan struct{})
	l := newLanes(func(ctx context.Context, u telegram.Update) {
		<-release
		mu.Lock()
		defer mu.Unlock()
		if !hushed(ctx) {
			said = append(said, u.ID)
		}
	})
	for id := range int64(flood) {
		l.add(1, telegram.Update{ID: id})
	}
	close(release)
	l.wait(t.Context(), time.Minute)
	l.close(time.Minute)
	if said[len(said)-1] != flood-1 || len(said) < hushAfter || len(said) > hushAfter+1 { // the first may have begun before the rest came
		t.Errorf("answered: %v", said)
	}
}

// In silence, what a command changes is changed.
func TestSilenceIsNotDeafness(t *testing.T) {
	w := still(t)
	said := func(id int64, text string) {
		t.Helper()
		err := w.bot.Handle(hush(w.ctx), telegram.Update{ID: id, Message: &telegram.Message{
			ID: id, Chat: telegram.Chat{ID: omar, Kind: "private"}, From: telegram.User{ID: omar, Lang: "en"}, Text: text,
		}})
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	for i, text := range []string{"/help", "/search peace", "/rule peace", "/rules", "hello", "/nosuch", "/rule (", "/rule treaty"} {
		said(int64(i+1), text)
	}
	rules, err := w.db.Rules(w.ctx, omar)
	if err != nil || len(rules) != 2 {
		t.Errorf("rules: %v, %v", rules, err)
	}
	if m := w.fake.Messages(omar); len(m) > 0 {
		t.Errorf("said %d messages, the first is %q", len(m), m[0].Text)
	}
}

// An answer that a gateway swallowed is given again.
func TestAnswerIsSentAgain(t *testing.T) {
	for _, kind := range []telegramtest.FaultKind{telegramtest.BadGateway, telegramtest.Reset} {
		w := still(t)
		w.fake.Fault(telegramtest.Fault{Kind: kind, Method: "sendMessage"})
		run(t, w.bot)
		w.say(omar, omar, "/rules")
		w.says(omar, "no rules yet")
	}
}

func TestPanicCostsOneUpdate(t *testing.T) {
	w := newWorld(t, func(o *Options) {
		o.Discover = func(context.Context, string) (feeds.Source, []feeds.Article, error) { panic("a strange feed") }
	})
	w.say(omar, omar, "/follow https://example.org/feed")
	w.say(omar, omar, "/rules")
	w.says(omar, "no rules yet")
	if !strings.Contains(w.log.String(), "a strange feed") {
		t.Error("the panic is not logged")
	}
	w.log.b.Reset() // the world minds panics
}

func TestCommandMenusAreSetOnce(t *testing.T) {
	w := still(t)
	count := func() (n int) {
		for _, r := range w.fake.Requests() {
			if r.Method == "setMyCommands" {
				n++
			}
		}
		return n
	}
	stop := run(t, w.bot)
	w.say(omar, omar, "/start")
	stop()
	set := count()
	if want := len(menus) * (len(locale.Languages()) + 1); set != want {
		t.Errorf("%d menus set, want %d", set, want)
	}
	for _, c := range w.fake.Commands("all_private_chats", "ar") {
		if c.Command == "rules" && c.Description != "قواعدي" {
			t.Errorf("described as %q", c.Description)
		}
	}
	run(t, w.another())
	w.say(omar, omar, "/start")
	if count() != set {
		t.Error("menus that Telegram has already were set again")
	}
}

func TestBackoff(t *testing.T) {
	for n, want := range map[int]time.Duration{1: minBackoff, 2: 2 * minBackoff, 5: 16 * minBackoff, 8: maxBackoff, 100: maxBackoff} {
		if d := backoff(n); d < want/2 || d > want {
			t.Errorf("after %d failures %s, want at most %s and at least half of it", n, d, want)
		}
	}
}
