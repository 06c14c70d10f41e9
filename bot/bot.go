package bot

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"wirewatch/bot/telegram"
	"wirewatch/feeds"
	"wirewatch/filter"
	"wirewatch/filter/entity"
	"wirewatch/store"
)

// Who may use the bot: the values of Options.Access.
const (
	AccessPrivate  = "private"  // its operators, and the groups they add it to
	AccessApproval = "approval" // whoever an operator lets in
	AccessOpen     = "open"     // everybody
)

// Options are what a Bot works with. Store and Telegram are required.
type Options struct {
	Store    *store.DB
	Telegram *telegram.Client
	Names    *entity.Gazetteer // what @entities rules may name; nil: none
	Broad    filter.Admission  // what to do about rules that take a great part of all articles
	Log      *slog.Logger      // nil: silent
	Now      func() time.Time  // nil: time.Now

	// Analyse prepares a stored article for matching, as the watcher does;
	// with the entities that the chat's rules may name; nil: by its zones alone.
	Analyse func(store.Article, *entity.Gazetteer) *filter.Doc

	// Discover fetches and reads the feed at an address once. Its error is
	// shown to the person who gave the address. nil: nobody can follow.
	Discover func(ctx context.Context, address string) (feeds.Source, []feeds.Article, error)

	// Candidates lists the feeds that an address stands for, a site's for instance. One
	// alone has been read, and its articles come too. Its error is shown like that of
	// Discover. nil: an address is that of one feed.
	Candidates func(ctx context.Context, address string) ([]feeds.Source, []feeds.Article, error)

	// Offers is the starter list: sources that people may follow without knowing
	// an address. nil: there is none.
	Offers []feeds.Offer

	Access    string  // AccessPrivate (also ""), AccessApproval or AccessOpen
	Operators []int64 // user ids, besides those in the store
	Claim     string  // the code that makes the first operator; "" none
	Digest    string  // digest times of a new chat, cron specs, one a line; "" none
	Zone      string  // IANA time zone of a new chat; "" UTC
	Owner     string  // this process, as the owner of leases; "" a random name
}

// A Bot answers people. It is safe for concurrent use, except that the updates
// of one chat must be handled in order (Run does).
type Bot struct {
	o      Options
	me     atomic.Pointer[telegram.User] // filled by self
	admins adminCache
	claims attempts
}

// New checks the options and makes a bot; it makes no request.
func New(o Options) (*Bot, error) {
	if o.Store == nil || o.Telegram == nil {
		return nil, errors.New("bot: a store and a Telegram client are required")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Analyse == nil {
		o.Analyse = analyseZones
	}
	if o.Access == "" {
		o.Access = AccessPrivate
	}
	switch o.Access {
	case AccessPrivate, AccessApproval, AccessOpen:
	default:
		return nil, fmt.Errorf("access %q: write private, approval or open", o.Access)
	}
	if o.Zone == "" {
		o.Zone = "UTC"
	}
	if _, err := time.LoadLocation(o.Zone); err != nil {
		return nil, fmt.Errorf("digest zone %q: write an IANA name like Asia/Riyadh", o.Zone)
	}
	if _, err := Next(o.Digest, o.Zone, o.Now()); err != nil {
		return nil, fmt.Errorf("%w: write a cron spec like 0 7 * * *", err)
	}
	if o.Owner == "" {
		host, _ := os.Hostname()
		o.Owner = host + "-" + rand.Text()
	}
	b := &Bot{o: o}
	b.admins.now = o.Now
	return b, nil
}

// analyseZones is the Analyse of a Bot that was given none.
func analyseZones(a store.Article, names *entity.Gazetteer) *filter.Doc {
	return filter.Analyse(filter.Input{
		Title: a.Zones.Title, Dateline: a.Zones.Dateline, Lead: a.Zones.Lead, Body: a.Zones.Body,
		Lang: a.Item.Lang, Source: append([]string{a.Source.Title}, a.Source.Tags...),
		Country: a.Source.Country, URL: a.Item.URL, Authors: a.Item.Authors, Tags: a.Item.Tags,
	}, names)
}

// Handle answers one update. An error is one of the store or of Telegram, for
// the log; people have been told what concerns them.
func (b *Bot) Handle(ctx context.Context, u telegram.Update) error {
	switch {
	case u.Err != nil:
		return fmt.Errorf("read update %d: %w", u.ID, u.Err)
	case u.Message != nil:
		return b.message(ctx, u.Message)
	case u.Callback != nil:
		return b.pressed(ctx, u.Callback)
	case u.Member != nil:
		return b.memberChanged(ctx, u.Member)
	}
	return nil // posts in channels are not for us
}

// Digests starts the digests that are due and says how many: one round, for a
// cron to call. The courier brings them.
func (b *Bot) Digests(ctx context.Context) (int, error) {
	return Scheduler{Store: b.o.Store, Log: b.o.Log, Now: b.o.Now, Zone: b.o.Zone}.Round(ctx)
}

// self is the bot's own user, asked for once.
func (b *Bot) self(ctx context.Context) (telegram.User, error) {
	if me := b.me.Load(); me != nil {
		return *me, nil
	}
	me, err := b.o.Telegram.Me(ctx)
	if err != nil {
		return telegram.User{}, err
	}
	b.me.Store(&me)
	return me, nil
}

// now is the time in a chat's zone.
func (b *Bot) now(zone *time.Location) time.Time { return b.o.Now().In(zone) }

// attempts counts what a user may try only a few times; it forgets with the
// process.
type attempts struct {
	mu    sync.Mutex
	count map[int64]int
}

// left counts an attempt and says whether it was still allowed.
func (a *attempts) left(user int64, limit int) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.count == nil {
		a.count = map[int64]int{}
	}
	if len(a.count) >= maxClaimers && a.count[user] == 0 {
		return false // somebody tries with many accounts
	}
	a.count[user]++
	return a.count[user] <= limit
}
