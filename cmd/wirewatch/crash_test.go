package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
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

// The long run is one command: go test ./cmd/wirewatch -run Crash -kills 500 -timeout 60m
var (
	crashKills = flag.Int("kills", 15, "how often TestCrash kills a process; from 100 on it waits for the leases of the dead")
	crashSeed  = flag.Uint64("seed", 0, "of the kills, faults and news of TestCrash; 0: another each time")
)

// The size of a run.
const (
	crashFeeds   = 3
	crashPeople  = 12               // private chats that get alerts; more with several processes
	crashBacklog = 2                // stories that are owed to a chat before it is owed another
	crashDigest  = 12               // the same for those who read digests
	crashLife    = 1200             // milliseconds that a process lives at most
	crashPages   = 8                // requests of one process under way at a time: the courier's workers
	crashLong    = 100              // kills of a run that takes its time
	crashFreeze  = 34 * time.Second // that a process stands still: longer than the lease of a chat
	crashSettle  = 4 * time.Minute  // until everything is told at the end
	crashTerm    = 60 * time.Second // in which a process obeys SIGTERM
)

// TestCrash runs the program between a fake of Telegram and feeds that publish
// numbered articles, kills it again and again without notice while answers are
// lost, late or refusals, and holds in the end what was told against what was
// owed. On SQLite one process runs; on PostgreSQL three share the work, lose
// their connections to it now and then and, in a long run, stand still for longer
// than their leases last.
func TestCrash(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes for half a minute")
	}
	seed := *crashSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("seed %d", seed)
	t.Run("sqlite", func(t *testing.T) { runCrash(t, storetest.SQLite(t), 1, crashPeople, seed) })
	t.Run("postgres", func(t *testing.T) { runCrash(t, storetest.Postgres(t), 3, 3*crashPeople, seed+1) })
}

// crash is one run of the test.
type crash struct {
	*testing.T
	dsn         string
	application string // as which the program is known to PostgreSQL
	dice        *dice
	fake        *telegramtest.Server
	tap         *tap
	api         string // where the tap listens
	desk        *desk
	db          *store.DB // the test's own eyes on the store
	readers     []*reader
	config      string // file
	log         *os.File

	live   []*process
	born   int                   // processes that were started
	died   map[int]map[tale]bool // those that were killed, by their number: what was in doubt then
	frozen map[int][]time.Time   // those that stood still: when it began
	stops  int                   // processes that were told to stop instead
	cuts   int                   // times that all connections to the database were cut
}

// reader is a chat of the test.
type reader struct {
	telegramtest.Chat
	user   int64  // who writes commands there
	word   string // in every article that it must get, and in no other
	digest bool
}

// dice are random numbers for everybody.
type dice struct {
	mu sync.Mutex
	r  *rand.Rand
}

func (d *dice) n(n int) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.r.IntN(n)
}

// chance is true once in a while.
func (d *dice) chance(p float64) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.r.Float64() < p
}

// millis is a time of less than so many milliseconds.
func (d *dice) millis(n int) time.Duration { return time.Duration(d.n(n*1000)) * time.Microsecond }

func runCrash(t *testing.T, dsn string, processes, people int, seed uint64) {
	c := newCrash(t, dsn, people, seed)
	for range processes {
		c.live = append(c.live, c.start())
	}
	began := time.Now()
	publish, stop := context.WithCancel(t.Context())
	var publishing sync.WaitGroup
	publishing.Go(func() { c.publish(publish) })
	for len(c.died) < *crashKills {
		c.trouble()
	}
	killing := time.Since(began)
	stop()
	publishing.Wait()
	c.tap.faults.Store(false)
	if processes > 1 && *crashKills < crashLong {
		c.runOut()
	}
	c.settle()
	for _, p := range c.live {
		c.terminate(p)
	}
	c.verify()
	c.Logf("%s of killing, %s until all was told", killing.Round(time.Second), (time.Since(began) - killing).Round(time.Second))
}

// trouble is the death of one process, and what else happens meanwhile.
func (c *crash) trouble() {
	c.Helper()
	if c.dice.chance(.05) {
		c.askForDigests()
	}
	several := len(c.live) > 1
	if several && c.dice.chance(.1) {
		c.cutDatabase()
	}
	i := c.dice.n(len(c.live))
	c.awaitDeath(c.live[i])
	switch {
	case c.dice.chance(.1):
		c.terminate(c.live[i])
		c.stops++
	case several && *crashKills >= crashLong && c.dice.chance(.02):
		c.freeze(c.live[i])
		return
	default:
		c.kill(c.live[i])
	}
	c.live[i] = c.start()
}

// newCrash prepares everything but the program: servers, chats with a rule each,
// and sources that were visited once, so that all they bring is news.
func newCrash(t *testing.T, dsn string, people int, seed uint64) *crash {
	c := &crash{T: t, dsn: dsn, died: map[int]map[tale]bool{}, frozen: map[int][]time.Time{}, dice: &dice{r: rand.New(rand.NewPCG(seed, 0))}}
	c.fake = telegramtest.New(telegramtest.Options{Limits: true})
	t.Cleanup(c.fake.Close)
	c.tap = newTap(c.fake, c.dice)
	c.desk = &desk{dice: c.dice}
	listen := func(s *server, err error) string {
		c.must(err)
		t.Cleanup(s.close)
		return s.url
	}
	c.api = listen(serve("127.0.0.1:0", c.tap))
	press := listen(serve("127.0.0.1:0", c.desk))
	dir := t.TempDir()
	c.config = filepath.Join(dir, "wirewatch.yaml")
	mine := dsn
	if strings.Contains(dsn, "://") {
		c.application = fmt.Sprintf("crash-%d", seed)
		mine += "&application_name=" + c.application
	}
	c.must(os.WriteFile(c.config, fmt.Appendf(nil, `
telegram: {token: %q, operators: [1]}
access: open
store: %q
poll: {tick: "@every 1s", every: 1s, min: 1s, max: 1s, allow_private: true}
http: {addr: ""}
`, c.fake.Token(), mine), 0o600))
	var err error
	c.log, err = os.Create(filepath.Join(dir, "log"))
	c.must(err)
	t.Cleanup(func() { c.log.Close() })
	c.db, err = store.Open(t.Context(), dsn, store.Options{Shared: true})
	c.must(err)
	t.Cleanup(func() { c.db.Close() })
	c.addReaders(people)
	c.addSources(press)
	c.tap.inject(c.fake)
	return c
}

func (c *crash) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

// addReaders makes chats of every kind, each with a rule that takes a word of
// its own.
func (c *crash) addReaders(people int) {
	owner := c.fake.Private(0, "en")
	for i := range people {
		user := c.fake.Private(0, []string{"en", "ar"}[i%2])
		c.addReader(&reader{Chat: user, user: user.ID}, "")
	}
	c.addReader(&reader{Chat: c.fake.Group("Harbour desk", owner.ID), user: owner.ID}, "")
	c.addReader(&reader{Chat: c.fake.Supergroup("Night desk", owner.ID), user: owner.ID}, "")
	channel := c.fake.Channel("Harbour news", "", owner.ID)
	c.fake.SetAdmin(channel.ID, c.fake.Me().ID, "can_post_messages", "can_edit_messages")
	c.addReader(&reader{Chat: channel, user: owner.ID}, "")
	for _, times := range []string{"", "* * * * *"} { // by hand only; also every minute
		user := c.fake.Private(0, "en")
		c.addReader(&reader{Chat: user, user: user.ID, digest: true}, times)
	}
}

func (c *crash) addReader(r *reader, digest string) {
	c.Helper()
	r.word = "reader" + babble(len(c.readers)) + "k"
	chat := store.Chat{ID: r.ID, Kind: r.Kind, Title: r.Title, Lang: "en", Digest: digest, Owner: r.user}
	tier := store.TierInstant
	if r.digest {
		tier = store.TierDigest
	}
	if digest != "" {
		chat.DigestAt = time.Now()
	}
	c.must(c.db.SaveChat(c.Context(), chat))
	_, err := c.db.AddRule(c.Context(), store.Rule{Chat: r.ID, Name: "mine", Query: r.word, Tier: tier})
	c.must(err)
	c.readers = append(c.readers, r)
}

func (c *crash) addSources(press string) {
	for i := range crashFeeds {
		_, _, err := c.db.AddSource(c.Context(), feeds.Source{URL: fmt.Sprintf("%s/%d", press, i), Title: fmt.Sprint("Desk ", i)}, 0)
		c.must(err)
	}
	due, err := c.db.ClaimSources(c.Context(), crashFeeds, time.Minute)
	c.must(err)
	for _, s := range due {
		_, err := c.db.Publish(c.Context(), store.Visit{Source: s, Silent: true, Interval: time.Second, NextAt: time.Now()})
		c.must(err)
	}
	if len(due) != crashFeeds {
		c.Fatalf("%d sources are due", len(due))
	}
}

// process is the program, running.
type process struct {
	id   int // its number among all that were started
	cmd  *exec.Cmd
	born time.Time
	done chan struct{} // closed when it has ended
	err  error         // then: how
}

func (c *crash) start() *process {
	c.Helper()
	c.born++
	p := &process{id: c.born, born: time.Now(), done: make(chan struct{})}
	p.cmd = exec.Command("wirewatch", "run", "--config", c.config)
	p.cmd.Env = append(os.Environ(), fmt.Sprintf("WIREWATCH_TELEGRAM_API_URL=%s/%d", c.api, p.id))
	p.cmd.Stdout, p.cmd.Stderr = c.log, c.log
	c.must(p.cmd.Start())
	go func() { p.err = p.cmd.Wait(); close(p.done) }()
	c.Cleanup(func() { p.cmd.Process.Kill(); <-p.done })
	return p
}

// awaitDeath waits until the time has come for a process: any time, or while one
// of its messages is on its way, or just when one has arrived.
func (c *crash) awaitDeath(p *process) {
	c.Helper()
	var moment <-chan struct{}
	limit := c.dice.millis(crashLife)
	if c.dice.chance(.5) {
		limit = crashLife * time.Millisecond
		moment = c.tap.await(p.id, c.dice.n(3))
	}
	select {
	case <-moment:
	case <-time.After(time.Until(p.born.Add(limit))):
	case <-p.done:
	}
	c.alive(p)
}

// alive checks that a process has not ended by itself.
func (c *crash) alive(p *process) {
	c.Helper()
	select {
	case <-p.done:
		c.Fatalf("a process ended by itself: %v\n%s", p.err, c.logTail(8<<10))
	default:
	}
}

// signal sends one.
func (c *crash) signal(p *process, s syscall.Signal) {
	c.Helper()
	c.alive(p)
	err := p.cmd.Process.Signal(s)
	if errors.Is(err, os.ErrProcessDone) {
		<-p.done
		c.alive(p)
	}
	c.must(err)
}

// kill ends a process without notice, and notes what the store is then in doubt
// about: only that may be told again.
func (c *crash) kill(p *process) {
	c.Helper()
	c.signal(p, syscall.SIGKILL)
	<-p.done
	c.died[p.id] = map[tale]bool{}
	for e, err := range c.db.Ledger(c.Context(), store.LedgerFilter{States: []string{store.StateSending}}) {
		c.must(err)
		for _, k := range tales(e.Chat, e.Title) {
			c.died[p.id][k] = true
		}
	}
}

// terminate asks a process to stop: it must leave nothing in doubt.
func (c *crash) terminate(p *process) {
	c.Helper()
	c.signal(p, syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(crashTerm):
		c.Fatalf("a process does not stop\n%s", c.logTail(8<<10))
	}
	if p.err != nil && !interrupted(p.err) {
		c.Fatalf("stopped with %v\n%s", p.err, c.logTail(8<<10))
	}
}

// interrupted says that the signal came before the program listened for any.
func interrupted(err error) bool {
	var e *exec.ExitError
	return errors.As(err, &e) && e.Sys().(syscall.WaitStatus).Signaled()
}

// freeze lets a process stand still until others have taken over what it leased.
// They are killed once meanwhile, too.
func (c *crash) freeze(p *process) {
	c.Helper()
	c.signal(p, syscall.SIGSTOP)
	began := time.Now()
	c.frozen[p.id] = append(c.frozen[p.id], began)
	for i, other := range c.live {
		if other != p {
			c.awaitDeath(other)
			c.kill(other)
			c.live[i] = c.start()
		}
	}
	time.Sleep(time.Until(began.Add(crashFreeze)))
	c.signal(p, syscall.SIGCONT)
}

// cutDatabase ends every connection of the program to PostgreSQL.
func (c *crash) cutDatabase() {
	c.Helper()
	c.onDatabase(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid()`, c.application)
	c.cuts++
}

// runOut does what half a minute would do: nobody holds the leases of the dead
// any more. All processes are stopped before, so that nobody else's run out.
func (c *crash) runOut() {
	c.Helper()
	for _, p := range c.live {
		c.terminate(p)
	}
	for _, table := range []string{"sources", "chats"} {
		c.onDatabase(`UPDATE ` + table + ` SET lease_until = 0`)
	}
	c.onDatabase(`UPDATE leases SET expires = 0`)
	for i := range c.live {
		c.live[i] = c.start()
	}
}

// onDatabase runs a statement past the program, on PostgreSQL.
func (c *crash) onDatabase(q string, args ...any) {
	c.Helper()
	db, err := sql.Open("pgx", c.dsn)
	c.must(err)
	defer db.Close()
	_, err = db.ExecContext(c.Context(), q, args...)
	c.must(err)
}

func (c *crash) logTail(most int) string {
	text, _ := os.ReadFile(c.log.Name())
	return string(text[max(0, len(text)-most):])
}

// publish brings out news for those who are not owed much, until ctx ends.
func (c *crash) publish(ctx context.Context) {
	tick := time.NewTicker(40 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		var hungry []*reader
		for _, r := range c.readers {
			most := crashBacklog
			if r.digest {
				most = crashDigest
			}
			if c.desk.owed(r)-c.tap.told(r.ID) < most {
				hungry = append(hungry, r)
			}
		}
		if len(hungry) == 0 {
			continue
		}
		first := c.dice.n(len(hungry))
		c.desk.publish(hungry[first:min(len(hungry), first+1+c.dice.n(4))])
	}
}

// askForDigests lets those who read digests ask for one.
func (c *crash) askForDigests() {
	for _, r := range c.readers {
		if r.digest {
			c.fake.Say(r.ID, r.user, "/digest")
		}
	}
}

// settle waits until everything is told and nothing is owed.
func (c *crash) settle() {
	c.Helper()
	ctx, cancel := context.WithTimeout(c.Context(), crashSettle)
	defer cancel()
	asked := time.Time{}
	err := until(ctx, func() (bool, error) {
		missing, digests := 0, 0
		for _, r := range c.readers {
			n := c.desk.owed(r) - c.tap.told(r.ID)
			missing += n
			if r.digest {
				digests += n
			}
		}
		if digests > 0 && time.Since(asked) > 5*time.Second {
			c.askForDigests()
			asked = time.Now()
		}
		if missing > 0 {
			return false, nil
		}
		s, err := c.db.Stats(ctx)
		open := s.Deliveries[store.StateWaiting] + s.Deliveries[store.StateDue] + s.Deliveries[store.StateSending] + s.Deliveries[store.StateUncertain]
		return open == 0, err
	})
	if err != nil {
		c.Errorf("not everything was told: %v\n%s", err, c.logTail(8<<10))
	}
}
