package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"wirewatch/bot/telegram"
	"wirewatch/bot/telegram/telegramtest"
	"wirewatch/configs"
	"wirewatch/store"
)

// demoRule is what the demo is about.
const demoRule = "@geneva AND @security-guarantees"

// demoPace is how long the demo waits between two items of its feeds when
// somebody looks on.
const demoPace = 5 * time.Second

// onceTime bounds demo --once.
const onceTime = 90 * time.Second

func (p *program) demoCommand() *cobra.Command {
	var addr string
	var once, verbose bool
	c := &cobra.Command{
		Use:   "demo",
		Short: "The whole program with no token, no network and no configuration",
		Long: `The whole program with no token, no network and no configuration: a strict fake of Telegram,
the bot, a database in a temporary folder and four small feeds. Open the page, send /start, add the rule

    ` + demoRule + `

and see what arrives. Nothing leaves this computer. With --once the same happens without a browser: what the
chat received is printed, and the exit status is 0 only if every story arrived exactly once and no other did.`,
		Example: "  wirewatch demo\n  wirewatch demo --once",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			log := slog.New(slog.DiscardHandler)
			if verbose {
				log = newLogger(p.stderr, configs.Log{Level: "info", Format: "text"})
			}
			if once {
				return failed(p.demoOnce(c.Context(), log))
			}
			return failed(p.demoServe(c.Context(), addr, log))
		},
	}
	c.Flags().StringVar(&addr, "addr", "127.0.0.1:8080", "where the chat page is served")
	c.Flags().BoolVar(&once, "once", false, "no browser: print what the chat received and exit")
	c.Flags().BoolVar(&verbose, "verbose", false, "log what the program does")
	return c
}

// demo is a running demonstration: the program between a fake Telegram and
// feeds of its own.
type demo struct {
	fake *telegramtest.Server
	wire *wire
	sys  *system
	dir  string
	stop []func() // in reverse order

	english, arabic telegramtest.Chat // of two readers
}

// startDemo puts the demonstration together. Nothing runs yet but the two
// servers that it talks to.
func startDemo(ctx context.Context, log *slog.Logger) (*demo, error) {
	d := &demo{fake: telegramtest.New(telegramtest.Options{Limits: true, Username: "wirewatch_demo_bot"}).Start()}
	d.stop = append(d.stop, d.fake.Close)
	d.english, d.arabic = d.reader("Dana", "en"), d.reader("دانة", "ar")
	if err := d.assemble(ctx, log); err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

func (d *demo) assemble(ctx context.Context, log *slog.Logger) error {
	dir, err := os.MkdirTemp("", "wirewatch-demo-")
	if err != nil {
		return err
	}
	d.dir = dir
	d.stop = append(d.stop, func() { os.RemoveAll(dir) })
	if d.wire, err = newWire(time.Now()); err != nil {
		return err
	}
	feeds, err := serve("127.0.0.1:0", d.wire)
	if err != nil {
		return err
	}
	d.stop = append(d.stop, feeds.close)
	cfg := d.config(feeds.url)
	db, err := store.Open(ctx, cfg.Store, store.Options{Log: log, Backlog: cfg.Telegram.Backlog})
	if err != nil {
		return err
	}
	d.stop = append(d.stop, func() { db.Close() })
	d.sys, err = assemble(ctx, cfg, db, log)
	return err
}

// config is the demo's configuration: the real one, with a quicker clock.
func (d *demo) config(feeds string) configs.Config {
	c := configs.Default()
	c.Telegram.Token, c.Telegram.APIURL = telegram.Secret(d.fake.Token()), d.fake.URL
	c.Access = "open"
	c.Store = filepath.Join(d.dir, "wirewatch.db")
	c.Poll.Tick, c.Poll.Every, c.Poll.Min, c.Poll.Max = "@every 1s", time.Second, time.Second, time.Second
	c.Poll.AllowPrivate = true
	c.Poll.Pages = false // the articles' addresses are invented, and nothing may leave this computer
	c.HTTP.Addr = ""
	for _, f := range wireFeeds {
		c.Sources = append(c.Sources, configs.Source{URL: feeds + f.path, Lang: f.lang})
	}
	return c
}

// close stops the servers and removes the database.
func (d *demo) close() {
	for i := len(d.stop) - 1; i >= 0; i-- {
		d.stop[i]()
	}
}

// server is an HTTP server on an address of this machine.
type server struct {
	url   string
	close func()
}

func serve(addr string, h http.Handler) (*server, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}
	go s.Serve(l) // ends with close
	return &server{url: "http://" + l.Addr().String(), close: func() { s.Close() }}, nil
}

// demoServe runs the demonstration for somebody at a browser.
func (p *program) demoServe(ctx context.Context, addr string, log *slog.Logger) error {
	d, err := startDemo(ctx, log)
	if err != nil {
		return err
	}
	defer d.close()
	page, err := serve(addr, d.fake.Page())
	if err != nil {
		return fmt.Errorf("serve the chat page: %w; choose another address with --addr", err)
	}
	defer page.close()
	fmt.Fprintf(p.stdout, `wirewatch demo: open %s/
Send /start, then   /rule %s
A few seconds later the feeds bring the news. Nothing leaves this computer. Ctrl-C stops.
`, page.url, demoRule)
	go d.tell(ctx)
	return d.sys.run(ctx, allRoles)
}

// reader is a person who has opened a chat with the bot.
func (d *demo) reader(name, lang string) telegramtest.Chat {
	u := d.fake.User(telegramtest.User{First: name, Lang: lang})
	return d.fake.Private(u.ID, lang)
}

// tell brings the news out once somebody has a rule, one item after the other.
func (d *demo) tell(ctx context.Context) {
	tick := time.NewTicker(demoPace)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if rules, err := d.sys.db.AllRules(ctx); err == nil && len(rules) > 0 {
			d.wire.release(1, time.Now())
		}
	}
}

// demoOnce runs the demonstration by itself and judges what the chat received.
func (p *program) demoOnce(ctx context.Context, log *slog.Logger) error {
	ctx, cancel := context.WithTimeout(ctx, onceTime)
	defer cancel()
	d, err := startDemo(ctx, log)
	if err != nil {
		return err
	}
	defer d.close()
	chat := d.english
	running := make(chan error, 1)
	run, stop := context.WithCancel(ctx)
	go func() { running <- d.sys.run(run, allRoles) }()
	err = d.play(ctx, chat)
	stop()
	if ended := <-running; ended != nil {
		err = errors.Join(ended, err)
	}
	fmt.Fprint(p.stdout, d.fake.Transcript(chat.ID))
	if err != nil {
		return err
	}
	if problems := d.fake.Problems(); len(problems) > 0 {
		return fmt.Errorf("the fake Telegram refused requests: %s", strings.Join(problems, "; "))
	}
	return judge(p.stdout, d.fake.Sent(chat.ID))
}

// play is what a reader does, and the news that comes: the feeds' backlog is
// stored, the rule is added, everything comes out, everything is delivered.
func (d *demo) play(ctx context.Context, chat telegramtest.Chat) error {
	if err := d.visited(ctx, time.Time{}); err != nil {
		return fmt.Errorf("first visits: %w", err)
	}
	for i, text := range []string{"/start", "/rule " + demoRule} {
		d.fake.Say(chat.ID, chat.ID, text)
		if _, err := d.fake.Wait(ctx, chat.ID, i+1); err != nil {
			return fmt.Errorf("no answer to %s: %w", text, err)
		}
	}
	for _, items := range []int{1, wireItems} { // the wire itself before those who copy it
		d.wire.release(items, time.Now())
		if err := d.visited(ctx, time.Now()); err != nil {
			return fmt.Errorf("visits: %w", err)
		}
	}
	return d.settled(ctx)
}

// visited waits until every source was visited well after a time.
func (d *demo) visited(ctx context.Context, after time.Time) error {
	return until(ctx, func() (bool, error) {
		sources, err := d.sys.db.Sources(ctx, 0)
		for _, s := range sources {
			if !s.Visited || !s.LastOK.After(after) {
				return false, err
			}
		}
		return len(sources) == len(wireFeeds), err
	})
}

// settled waits until nothing is owed.
func (d *demo) settled(ctx context.Context) error {
	return until(ctx, func() (bool, error) {
		s, err := d.sys.db.Stats(ctx)
		if err != nil {
			return false, err
		}
		open := s.Deliveries[store.StateDue] + s.Deliveries[store.StateSending] + s.Deliveries[store.StateUncertain]
		return open == 0, nil
	})
}

// until asks again and again whether a condition holds.
func until(ctx context.Context, holds func() (bool, error)) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if ok, err := holds(); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-tick.C:
		}
	}
}

// judge holds what was received against what was owed: the Arabic article, the
// English and the French report once each, and no other alert.
func judge(w io.Writer, sent []telegramtest.Message) error {
	want := map[string]string{wireArabic: "the Arabic article", wireEnglish: "the English report", wireFrench: "the French report"}
	var wrong []string
	alerts := 0
	counts := map[string]int{}
	for _, m := range sent {
		link := titleLink(m)
		if link == "" {
			continue
		}
		alerts++
		counts[link]++
		if want[link] == "" {
			wrong = append(wrong, "an alert about "+link+", which the rule does not ask for")
		}
	}
	for link, name := range want {
		if counts[link] != 1 {
			wrong = append(wrong, fmt.Sprintf("%s arrived %d times", name, counts[link]))
		}
	}
	if len(wrong) > 0 {
		return errors.New("the demo went wrong: " + strings.Join(wrong, "; "))
	}
	fmt.Fprintf(w, "\n%d alerts: the Arabic article once and its copy not at all, the English and the French report once each, nothing else.\n", alerts)
	return nil
}

// titleLink is the address of the article that an alert is about; "" for any
// other message. Alerts are the messages that begin with a link.
func titleLink(m telegramtest.Message) string {
	for _, e := range m.Entities {
		if e.Type == "text_link" && e.Offset <= 1 { // a direction mark may come first
			return e.URL
		}
	}
	return ""
}
