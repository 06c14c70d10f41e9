package bot

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wirewatch/bot/telegram"
	"wirewatch/bot/telegram/telegramtest"
	"wirewatch/configs"
	"wirewatch/feeds"
	"wirewatch/store"
	"wirewatch/store/storetest"
)

// noon is when the tests of the interface happen.
var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// people of the tests.
const (
	operator int64 = 1001
	layla    int64 = 1002 // reads Arabic
	omar     int64 = 1003 // reads English
)

// A world is a bot that runs against the fake Bot API on a store of its own.
type world struct {
	*testing.T
	fake *telegramtest.Server
	db   *store.DB
	bot  *Bot
	log  *logs
	ctx  context.Context

	mu    sync.Mutex
	clock time.Time
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clock
}

func (w *world) later(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock = w.clock.Add(d)
}

// logs keeps what was logged.
type logs struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// newWorld starts a bot that is open to everybody, unless set says otherwise.
func newWorld(t *testing.T, set ...func(*Options)) *world {
	t.Helper()
	w := still(t, set...)
	run(t, w.bot)
	return w
}

// still is a world whose bot does not run yet.
func still(t *testing.T, set ...func(*Options)) *world {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	w := &world{T: t, ctx: ctx, clock: noon, log: &logs{}}
	w.fake = telegramtest.New(telegramtest.Options{Now: w.now}).Start()
	t.Cleanup(w.fake.Close)
	w.db = storetest.Open(t, store.Options{Now: w.now, Backlog: time.Hour})
	w.fake.User(telegramtest.User{ID: operator, First: "Operator"})
	w.fake.User(telegramtest.User{ID: layla, First: "Layla", Lang: "ar"})
	w.fake.User(telegramtest.User{ID: omar, First: "Omar", Lang: "en"})
	for _, id := range []int64{operator, layla, omar} {
		w.fake.Private(id, "")
	}
	w.bot = w.another(set...)
	t.Cleanup(func() {
		if problems := w.fake.Problems(); len(problems) > 0 {
			t.Errorf("requests that Telegram would not understand:\n%s", strings.Join(problems, "\n"))
		}
		if strings.Contains(w.log.String(), "panic") || strings.Contains(w.log.String(), "refused, sent") {
			t.Errorf("the log tells of trouble:\n%s", w.log)
		}
	})
	return w
}

// another is a further bot on the same store and server, as another process.
func (w *world) another(set ...func(*Options)) *Bot {
	w.Helper()
	client, err := telegram.New(telegram.Options{
		Token: telegram.Secret(w.fake.Token()), APIURL: w.fake.URL, Proxy: "direct", Unlimited: true, PollTimeout: 2 * time.Second,
	})
	if err != nil {
		w.Fatal(err)
	}
	names, err := configs.Entities()
	if err != nil {
		w.Fatal(err)
	}
	o := Options{
		Store: w.db, Telegram: client, Names: names, Now: w.now, Discover: discover,
		Log:    slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Access: AccessOpen, Zone: "UTC", Digest: "0 7 * * *",
	}
	for _, f := range set {
		f(&o)
	}
	bot, err := New(o)
	if err != nil {
		w.Fatal(err)
	}
	return bot
}

// run runs a bot until the end of the test.
func run(t *testing.T, b *Bot) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// discover knows the feeds of the tests.
func discover(_ context.Context, address string) (feeds.Source, []feeds.Article, error) {
	if !strings.Contains(address, "example.org") {
		return feeds.Source{}, nil, errors.New("this is an HTML page, not a feed")
	}
	return feeds.Source{URL: address, Title: "Levant Wire", Site: "https://example.org/", Lang: "en"}, []feeds.Article{
		{ID: "1", URL: "https://example.org/1", Title: "Talks open in Geneva", Published: noon.Add(-3 * time.Hour)},
		{ID: "2", URL: "https://example.org/2", Title: "Ministers meet <again>", Published: noon.Add(-2 * time.Hour)},
		{ID: "3", URL: "https://example.org/3", Title: "مفاوضات في جنيف", Published: noon.Add(-time.Hour)},
		{ID: "4", URL: "https://example.org/4", Title: "Old news", Published: noon.Add(-50 * time.Hour)},
	}, nil
}

// say says something as a person and waits until the bot is done with it.
func (w *world) say(chat, user int64, text string, with ...telegramtest.With) int64 {
	w.Helper()
	id := w.fake.Say(chat, user, text, with...)
	w.idle()
	return id
}

func (w *world) idle() {
	w.Helper()
	if err := w.fake.WaitIdle(w.ctx); err != nil {
		w.Fatalf("the bot does not read its updates: %v\n%s", err, w.log)
	}
}

// last is the newest message of the bot in a chat.
func (w *world) last(chat int64) telegramtest.Message {
	w.Helper()
	all := w.fake.Sent(chat)
	if len(all) == 0 {
		w.Fatalf("the bot has said nothing in chat %d\n%s", chat, w.log)
	}
	return all[len(all)-1]
}

// says checks the newest message of the bot in a chat.
func (w *world) says(chat int64, parts ...string) {
	w.Helper()
	got := w.last(chat).Text
	for _, p := range parts {
		if !strings.Contains(unmarked(got), p) {
			w.Errorf("the bot says\n%s\nwithout %q", got, p)
		}
	}
}

// silent checks that the bot has not said more than n messages in a chat.
func (w *world) silent(chat int64, n int) {
	w.Helper()
	if all := w.fake.Sent(chat); len(all) != n {
		w.Errorf("the bot has said %d messages in chat %d, want %d:\n%s", len(all), chat, n, w.fake.Transcript(chat))
	}
}

// unmarked is a text without direction marks and isolates.
func unmarked(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\u200f' || r == '\u200e' || r >= '\u2066' && r <= '\u2069' {
			return -1
		}
		return r
	}, s)
}

// press presses the newest button whose label contains these words.
func (w *world) press(chat, user int64, label string) telegramtest.Answer {
	w.Helper()
	for _, m := range slices.Backward(w.fake.Sent(chat)) {
		for _, row := range m.Keyboard {
			for _, b := range row {
				if !m.Deleted && b.Data != "" && strings.Contains(unmarked(b.Text), label) {
					return w.pressData(chat, user, m.ID, b.Data)
				}
			}
		}
	}
	w.Fatalf("no button %q in chat %d:\n%s", label, chat, w.fake.Transcript(chat))
	return telegramtest.Answer{}
}

func (w *world) pressData(chat, user, message int64, data string) telegramtest.Answer {
	w.Helper()
	id, err := w.fake.Press(chat, user, message, data)
	if err != nil {
		w.Fatal(err)
	}
	answer, err := w.fake.WaitAnswer(w.ctx, id)
	if err != nil {
		w.Fatalf("the press of %q is not answered: %v", data, err)
	}
	w.idle()
	return answer
}

// golden compares a chat with testdata/<name>.golden.
func (w *world) golden(chat int64, name string) {
	w.Helper()
	w.goldenText(w.fake.Transcript(chat), name)
}

// goldenText compares a part of a chat with testdata/<name>.golden.
func (w *world) goldenText(got, name string) {
	w.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			w.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		w.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		w.Errorf("chat differs from %s (-want +got):\n%s", path, diff)
	}
}

// wire stores articles of a catalogue source as if a visit had brought them.
func (w *world) wire(title string, articles ...feeds.Article) store.Source {
	w.Helper()
	s, _, err := w.db.AddSource(w.ctx, feeds.Source{URL: "https://" + strings.ToLower(strings.ReplaceAll(title, " ", "-")) + ".example/rss", Title: title}, 0)
	if err != nil {
		w.Fatal(err)
	}
	w.publish(s.ID, articles, nil)
	return s
}

// publish is one visit of a source; every article matches the given rules.
func (w *world) publish(source int64, articles []feeds.Article, matches []store.Match) {
	w.Helper()
	claimed, err := w.db.ClaimSources(w.ctx, 100, time.Minute)
	if err != nil {
		w.Fatal(err)
	}
	for _, s := range claimed {
		v := store.Visit{Source: s, Interval: time.Minute, NextAt: w.now().Add(time.Minute)}
		if s.ID == source {
			for _, a := range articles {
				v.Articles = append(v.Articles, store.NewArticle{
					Item: a, Zones: feeds.Zones{Title: a.Title, Body: a.Body}, Matches: matches,
					GUID: hash("guid " + a.ID), URL: hash("url " + a.URL),
				})
				v.Seen = append(v.Seen, hash("guid "+a.ID))
			}
		}
		if _, err := w.db.Publish(w.ctx, v); err != nil {
			w.Fatal(err)
		}
	}
}

func hash(s string) (h [16]byte) {
	for i, c := range []byte(s) {
		h[i%16] = h[i%16]*31 + c
	}
	return h
}

// geneva are articles of the story that the tests watch for.
func geneva() []feeds.Article {
	return []feeds.Article{
		{ID: "g1", URL: "https://wire.example/ar/1", Lang: "ar", Published: noon.Add(-40 * time.Minute), Title: "جولة جديدة في جنيف حول الضمانات الأمنية", Body: "بدأت في جنيف جولة جديدة حول الضمانات الأمنية."},
		{ID: "g2", URL: "https://wire.example/en/2", Lang: "en", Published: noon.Add(-30 * time.Minute), Title: "Geneva round on security guarantees opens", Body: "Delegations met in Geneva to discuss security guarantees."},
		{ID: "g3", URL: "https://wire.example/en/3", Lang: "en", Published: noon.Add(-20 * time.Hour), Title: "Harvest festival draws crowds", Body: "Crowds came to the harvest festival."},
	}
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	w := still(t)
	good := Options{Store: w.db, Telegram: w.bot.o.Telegram}
	if _, err := New(good); err != nil {
		t.Errorf("the smallest options: %v", err)
	}
	for name, change := range map[string]func(*Options){
		"no store":    func(o *Options) { o.Store = nil },
		"no telegram": func(o *Options) { o.Telegram = nil },
		"access":      func(o *Options) { o.Access = "friends" },
		"zone":        func(o *Options) { o.Zone = "Mars/Olympus" },
		"digest":      func(o *Options) { o.Digest = "at seven" },
	} {
		o := good
		change(&o)
		if _, err := New(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// forge presses a button that the message does not show (any more).
func (w *world) forge(chat, user, message int64, data string) telegramtest.Answer {
	w.Helper()
	id := "forged" + data
	kind := `"type":"private","first_name":"x"`
	if chat < 0 {
		kind = `"type":"supergroup","title":"x"`
	}
	w.fake.Inject(`{"callback_query":{"id":"` + id + `","chat_instance":"1","from":{"id":` + itoa(user) + `,"is_bot":false,"first_name":"x"},` +
		`"data":"` + data + `","message":{"message_id":` + itoa(message) + `,"date":1,"text":"x","chat":{"id":` + itoa(chat) + `,` + kind + `}}}}`)
	w.idle()
	for _, r := range slices.Backward(w.fake.Requests()) {
		if r.Method == "answerCallbackQuery" && r.Params["callback_query_id"] == id {
			return telegramtest.Answer{Text: r.Params["text"]}
		}
	}
	w.Fatalf("the forged press of %q is not answered", data)
	return telegramtest.Answer{}
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
