package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"wirewatch/bot"
	"wirewatch/bot/telegram"
	"wirewatch/configs"
	"wirewatch/feeds"
	"wirewatch/feeds/fetch"
	"wirewatch/feeds/watch"
	"wirewatch/filter"
	"wirewatch/filter/entity"
	"wirewatch/store"
)

// drainTime is how long a stopping program may take to settle what is under way.
const drainTime = 10 * time.Second

// The jobs of a process. Sources and chats are leased, so any number of
// processes on one PostgreSQL may take each.
var allRoles = []string{"watch", "send", "poll", "cron"}

func (p *program) runCommand() *cobra.Command {
	var s settings
	var level, format, addr string
	roles := allRoles
	c := &cobra.Command{
		Use:   "run",
		Short: "Run the bot",
		Long: `Run the bot until it is told to stop (Ctrl-C or SIGTERM), then settle what is under way within 10 s.
Options: defaults < the file < WIREWATCH_* variables < flags; configs/wirewatch.example.yaml explains each.`,
		Example: `  WIREWATCH_TELEGRAM_TOKEN=123:abc wirewatch run
  wirewatch run --config /etc/wirewatch.yaml
  wirewatch run --store postgres://wirewatch@db/wirewatch --roles watch,cron`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := p.load(s)
			if err != nil {
				return err
			}
			overlay(c, "log-level", level, &cfg.Log.Level)
			overlay(c, "log-format", format, &cfg.Log.Format)
			overlay(c, "http-addr", addr, &cfg.HTTP.Addr)
			if err := cfg.Check(); err != nil {
				return misused(err)
			}
			if _, err := cfg.Gazetteer(); err != nil {
				return misused(err)
			}
			for _, r := range roles {
				if !slices.Contains(allRoles, r) {
					return misused(fmt.Errorf("--roles: there is no role %q; there are %s", r, strings.Join(allRoles, ", ")))
				}
			}
			if cfg.Telegram.Token == "" {
				return failed(errors.New("no bot token; get one from @BotFather in Telegram and put it into WIREWATCH_TELEGRAM_TOKEN or telegram.token_file, or try wirewatch demo, which needs none"))
			}
			return failed(p.runBot(c.Context(), cfg, roles, newLogger(p.stderr, cfg.Log)))
		},
	}
	s.flags(c)
	c.Flags().StringVar(&level, "log-level", "", "debug, info, warn or error")
	c.Flags().StringVar(&format, "log-format", "", "auto, text or json")
	c.Flags().StringVar(&addr, "http-addr", "", "host:port of metrics and health; empty: none")
	c.Flags().StringSliceVar(&roles, "roles", allRoles, "which jobs this process takes")
	return c
}

// overlay lays a flag over an option, if it was given.
func overlay(c *cobra.Command, flag, value string, option *string) {
	if c.Flags().Changed(flag) {
		*option = value
	}
}

// newLogger writes text for people and JSON for machines.
func newLogger(w io.Writer, l configs.Log) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(l.Level)); err != nil {
		level = slog.LevelInfo
	}
	o := &slog.HandlerOptions{Level: level, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Value.Kind() == slog.KindDuration { // "1.5s" in JSON too, not a number of nanoseconds
			a.Value = slog.StringValue(a.Value.Duration().String())
		}
		return a
	}}
	if l.Format == "json" || l.Format == "auto" && !isTerminal(w) {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// system is the program put together: everything that a process may run.
type system struct {
	cfg     configs.Config
	log     *slog.Logger
	db      *store.DB
	watcher *watch.Watcher
	hubs    *watch.Hubs // nil: no WebSub
	recall  watch.Recall
	bot     *bot.Bot
	courier *bot.Courier
	digests bot.Scheduler
	fetch   *fetch.Fetcher
	door    *door
}

// runBot runs the bot until ctx ends or the token is refused.
func (p *program) runBot(ctx context.Context, cfg configs.Config, roles []string, log *slog.Logger) error {
	s, err := begin(ctx, cfg, log)
	if err != nil {
		return unlessStopped(ctx, err)
	}
	defer s.db.Close()
	return s.run(ctx, roles)
}

// How long a start waits for a database server that does not answer: after a
// power failure it may be up later than we are.
const (
	startPatience = 2 * time.Minute
	firstPause    = 250 * time.Millisecond // between two tries, then twice as long each time
	lastPause     = 10 * time.Second
)

// begin opens the store and wires the program to it, again and again while the
// database does not answer.
func begin(ctx context.Context, cfg configs.Config, log *slog.Logger) (*system, error) {
	began := time.Now()
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		s, err := tryToBegin(ctx, cfg, log)
		if err == nil || ctx.Err() != nil || !store.Unreachable(err) {
			return s, err
		}
		if time.Since(began) > startPatience {
			return nil, fmt.Errorf("%w; it was tried for %s: is the database up, and is the option store right?", err, startPatience)
		}
		log.Warn("the database does not answer yet", "again_in", pause, "err", err)
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause):
		}
	}
}

// tryToBegin is begin once.
func tryToBegin(ctx context.Context, cfg configs.Config, log *slog.Logger) (*system, error) {
	db, err := store.Open(ctx, cfg.Store, store.Options{Log: log, Backlog: cfg.Telegram.Backlog})
	if err != nil {
		return nil, err
	}
	s, err := assemble(ctx, cfg, db, log)
	if err != nil {
		db.Close()
		return nil, err
	}
	return s, nil
}

// unlessStopped drops the error of a start that was cut short because the
// program was told to stop: a supervisor would take it for a failure.
func unlessStopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// assemble wires the parts of the program to an open store.
func assemble(ctx context.Context, cfg configs.Config, db *store.DB, log *slog.Logger) (*system, error) {
	names, err := cfg.Gazetteer()
	if err != nil {
		return nil, err
	}
	s := &system{cfg: cfg, log: log, db: db, door: newDoor(db)}
	if err := s.addSources(ctx); err != nil {
		return nil, err
	}
	if err := s.addWatcher(names); err != nil {
		return nil, err
	}
	return s, s.addBot(ctx, names)
}

// addSources makes the configured sources the catalogue's. What the operator says
// of one himself outweighs the starter list.
func (s *system) addSources(ctx context.Context) error {
	offers, err := s.cfg.InCatalogue()
	if err != nil {
		return err
	}
	if _, err := addOffers(ctx, s.db, offers); err != nil {
		return err
	}
	for _, src := range s.cfg.Sources {
		_, _, err := s.db.AddSource(ctx, feeds.Source{URL: src.URL, Title: src.Title, Lang: src.Lang, Country: src.Country, Tags: src.Tags}, 0)
		if err != nil {
			return fmt.Errorf("add source %s: %w", src.URL, err)
		}
	}
	return nil
}

func (s *system) addWatcher(names *entity.Gazetteer) error {
	o := fetch.Options{
		UserAgent: "wirewatch/" + versionName(), Proxy: s.cfg.Poll.Proxy,
		AllowPrivate: s.cfg.Poll.AllowPrivate, PerHost: s.cfg.Poll.PerHost,
	}
	if s.cfg.Poll.AllowPrivate { // an intranet, or a test: one host may carry every feed
		o.Delay = -1
	}
	f, err := fetch.New(o)
	if err != nil {
		return err
	}
	s.fetch = f
	w := watch.Options{
		Sources: s.db, Rules: s.db, Lines: s.db, Fetch: f, Names: names,
		Pace:        s.pace(),
		Concurrency: s.cfg.Poll.Concurrency, NoPages: !s.cfg.Poll.Pages, Broad: s.admission(),
		Log: s.log.With("component", "watch"), Metrics: watch.NewMetrics(s.door.registry),
	}
	if s.cfg.HTTP.PublicURL != "" {
		w.Inbox = s.db
	}
	s.watcher = watch.New(w)
	s.recall = watch.Recall{Store: s.db, Fetch: f, Apart: s.cfg.Poll.Withdrawn, Now: time.Now, Log: s.log.With("component", "recall")}
	return s.addHubs(f)
}

// pace is how often sources are visited.
func (s *system) pace() watch.Pace {
	return watch.Pace{Every: s.cfg.Poll.Every, Min: s.cfg.Poll.Min, Max: s.cfg.Poll.Max}
}

// addHubs lets hubs push sources, where the internet can reach this program.
func (s *system) addHubs(f *fetch.Fetcher) error {
	if s.cfg.HTTP.PublicURL == "" {
		return nil
	}
	public, err := url.Parse(s.cfg.HTTP.PublicURL)
	if err != nil {
		return fmt.Errorf("http.public_url: %w", err)
	}
	log := s.log.With("component", "hubs")
	base := strings.TrimRight(s.cfg.HTTP.PublicURL, "/") + callbackPath
	s.hubs = &watch.Hubs{Store: s.db, Fetch: f, Base: base, Insecure: s.cfg.Poll.AllowPrivate, Now: time.Now, Log: log}
	s.door.hubs, s.door.hubPath = watch.NewCallback(s.db, time.Now, log, s.watcher.Arrived), strings.TrimRight(public.Path, "/")
	return nil
}

// picture downloads a picture, as carefully as a feed.
func (s *system) picture(ctx context.Context, address string) ([]byte, error) {
	r, err := s.fetch.Get(ctx, fetch.Request{URL: address})
	if err != nil {
		return nil, err
	}
	return r.Body, nil
}

// admission is what is done about broad rules.
func (s *system) admission() filter.Admission {
	return filter.Admission{Refuse: s.cfg.Rules.Broad == configs.BroadRefuse, Share: s.cfg.Rules.BroadShare}
}

func (s *system) addBot(ctx context.Context, names *entity.Gazetteer) error {
	metrics := bot.NewMetrics(s.door.registry)
	tg, err := telegram.New(telegram.Options{
		Token: s.cfg.Telegram.Token, APIURL: s.cfg.Telegram.APIURL, Proxy: s.cfg.Telegram.Proxy, Observe: metrics.Observe,
		Rate: s.cfg.Telegram.Rate, Paid: s.cfg.Telegram.Paid,
	})
	if err != nil {
		return err
	}
	if err := s.greet(ctx, tg); err != nil {
		return err
	}
	claim, err := s.claimCode(ctx)
	if err != nil {
		return err
	}
	offers, err := configs.Offers()
	if err != nil {
		return err
	}
	s.bot, err = bot.New(bot.Options{
		Store: s.db, Telegram: tg, Names: names, Log: s.log.With("component", "bot"),
		Broad:    s.admission(),
		Analyse:  watch.Analyse,
		Discover: s.watcher.Discover, Candidates: s.watcher.Candidates, Offers: offers,
		Access: s.cfg.Access, Operators: s.cfg.Telegram.Operators, Claim: claim,
		Digest: s.cfg.Digest.Default, Zone: s.cfg.Digest.Zone,
	})
	if err != nil {
		return err
	}
	s.courier = bot.NewCourier(bot.CourierOptions{
		Store: s.db, Sender: tg, Log: s.log.With("component", "courier"), Metrics: metrics, Zone: s.cfg.Digest.Zone,
		Rate: cmp.Or(s.cfg.Telegram.Rate, telegram.RateFor(s.cfg.Telegram.Paid)), GiveUp: s.cfg.Telegram.Uncertain == configs.UncertainGiveUp,
		Lost: s.bot.Lost, Picture: s.picture,
	})
	s.digests = bot.Scheduler{Store: s.db, Log: s.log.With("component", "digests"), Zone: s.cfg.Digest.Zone}
	return nil
}

// greet learns whether Telegram knows the token. Only its refusal stops the
// program: without a network, feeds may still be watched.
func (s *system) greet(ctx context.Context, tg *telegram.Client) error {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	me, err := tg.Me(ctx)
	switch {
	case err == nil:
		s.log.Info("telegram", "bot", "@"+me.Username)
	case telegram.KindOf(err) == telegram.Unauthorized:
		return errors.New("telegram refuses the token (401 Unauthorized): it is wrong or was revoked; get it again from @BotFather, /mybots, API Token")
	default:
		s.log.Warn("telegram does not answer yet", "err", err)
	}
	return nil
}

// claimCode makes the code by which the first operator is known, and prints it.
// There is none where somebody operates the bot already.
func (s *system) claimCode(ctx context.Context) (string, error) {
	operators, err := s.db.Operators(ctx)
	if err != nil || len(operators) > 0 || len(s.cfg.Telegram.Operators) > 0 {
		return "", err
	}
	code := rand.Text()[:4] + "-" + rand.Text()[:4]
	s.log.Info("no operator yet: send this to the bot", "message", "/claim "+code)
	return code, nil
}

// run runs the jobs of this process and the clock that drives them.
func (s *system) run(ctx context.Context, roles []string) error {
	jobs, ctx := errgroup.WithContext(ctx)
	clock := cron.New(cron.WithChain(cron.SkipIfStillRunning(cron.DiscardLogger)))
	for _, role := range roles {
		switch role {
		case "watch":
			jobs.Go(func() error { return s.watcher.Run(ctx) })
			if err := s.tickWatcher(clock); err != nil {
				return err
			}
		case "send":
			jobs.Go(func() error { return s.courier.Run(ctx) })
		case "poll":
			jobs.Go(func() error { return s.bot.Run(ctx) })
		case "cron":
			s.schedule(ctx, clock)
			if err := s.tickHubs(ctx, clock); err != nil {
				return err
			}
		}
	}
	if s.cfg.HTTP.Addr != "" {
		jobs.Go(func() error { return s.door.serve(ctx, s.cfg.HTTP.Addr, s.log) })
	}
	clock.Start()
	jobs.Go(func() error { <-ctx.Done(); <-clock.Stop().Done(); return nil })
	s.log.Info("running", "roles", strings.Join(roles, ","), "store", s.db.Engine(), "version", versionName())
	return s.wait(ctx, jobs)
}

// wait returns when every job has: after ctx ends they have drainTime.
func (s *system) wait(ctx context.Context, jobs *errgroup.Group) error {
	done := make(chan error, 1)
	go func() { done <- jobs.Wait() }()
	select {
	case err := <-done:
		return withoutCancel(err)
	case <-ctx.Done():
	}
	s.log.Info("stopping")
	select {
	case err := <-done:
		return withoutCancel(err)
	case <-time.After(drainTime):
		s.log.Warn("stopped before everything was settled; it will be at the next start")
		return nil
	}
}

// withoutCancel drops the error that only says that we were told to stop.
func withoutCancel(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

func (s *system) tickWatcher(clock *cron.Cron) error {
	tick := func() {
		s.door.ticked.Store(time.Now().Unix())
		s.watcher.Tick()
	}
	tick()
	_, err := clock.AddFunc(s.cfg.Poll.Tick, tick)
	return err
}

// tickHubs looks after subscriptions as often as after sources: a hub is asked
// soon after its source is known. Any number of processes may do so.
func (s *system) tickHubs(ctx context.Context, clock *cron.Cron) error {
	if s.hubs == nil {
		return nil
	}
	_, err := clock.AddFunc(s.cfg.Poll.Tick, func() {
		if _, err := s.hubs.Round(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("scheduled job", "job", "hubs", "err", err)
		}
	})
	return err
}

// The schedule of the "cron" role.
const (
	digestTick  = "@every 5s" // digests that are due are looked for
	requestTick = "@every 1m" // requests that nobody has answered in time are taken back
	clockTick   = "@every 1m" // a clock that was set back is noticed
	sweepTick   = "@every 1h"
	vigilTick   = "@every 15m" // sources that stand still are looked for
)

// schedule adds the jobs that one process at a time does: a lease chooses it.
func (s *system) schedule(ctx context.Context, clock *cron.Cron) {
	owner := rand.Text()
	alone := func(name string, ttl time.Duration, job func(context.Context) error) func() {
		return func() {
			_, ok, err := s.db.Lead(ctx, name, owner, ttl)
			if err == nil && ok {
				err = job(ctx)
			}
			if err != nil && ctx.Err() == nil {
				s.log.Error("scheduled job", "job", name, "err", err)
			}
		}
	}
	digests := alone("digests", time.Minute, func(ctx context.Context) error { _, err := s.digests.Round(ctx); return err })
	requests := alone("requests", time.Minute, s.bot.EndRequests)
	sweep := alone("sweep", 2*time.Hour, func(ctx context.Context) error {
		n, err := s.db.Sweep(ctx, store.Retention{Articles: s.cfg.Retention})
		if n > 0 {
			s.log.Info("swept", "rows", n)
		}
		return err
	})
	rewind := alone("rewind", time.Minute, func(ctx context.Context) error {
		back, err := s.db.Rewind(ctx)
		if back {
			s.log.Warn("the clock was set back; what was planned by it is due now")
		}
		return err
	})
	sentry := &watch.Vigil{Store: s.db, Now: time.Now, Log: s.log.With("component", "vigil"), Pace: s.pace()}
	vigil := alone("vigil", 30*time.Minute, func(ctx context.Context) error { _, err := sentry.Round(ctx); return err })
	recall := alone("recall", 10*time.Minute, func(ctx context.Context) error { _, err := s.recall.Round(ctx); return err })
	add := func(spec string, job func()) {
		if _, err := clock.AddFunc(spec, job); err != nil {
			s.log.Error("schedule", "spec", spec, "err", err) // constants, and what was checked
		}
	}
	add(digestTick, digests)
	add(requestTick, requests)
	add(clockTick, rewind)
	add(sweepTick, sweep)
	add(vigilTick, vigil)
	if s.cfg.Poll.Withdrawn > 0 {
		add(s.cfg.Poll.Tick, func() {
			if s.recall.Due(ctx) { // mostly nothing is: then nobody need lead
				recall()
			}
		})
	}
}
