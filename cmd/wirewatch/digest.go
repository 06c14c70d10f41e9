package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"wirewatch/bot"
	"wirewatch/bot/digest"
	"wirewatch/bot/locale"
	"wirewatch/configs"
	"wirewatch/feeds"
	"wirewatch/feeds/page"
	"wirewatch/feeds/story"
	"wirewatch/filter"
	"wirewatch/store"
)

// previewOptions are the flags of digest preview as they were written.
type previewOptions struct {
	chat            string
	told            bool
	html, text      bool
	articles, rules string
	lang, zone, now string
}

func (p *program) digestCommand() *cobra.Command {
	c := &cobra.Command{Use: "digest", Short: "Look at a digest without sending it"}
	c.AddCommand(p.digestPreviewCommand())
	return c
}

func (p *program) digestPreviewCommand() *cobra.Command {
	var o previewOptions
	c := p.maintenance(&cobra.Command{
		Use:   "preview",
		Short: "Print the digest that a chat would get; the bot may be running",
		Long: `Print the digest that a chat would get, message by message, with a line "---" between two. Nothing is
sent and nothing settled; the bot may be running.

With --articles no database is needed: the digest is made of what the rules of --rules (lines {"id":…,"query":…})
find in the articles (feeds, or the JSON lines that feed --json prints), and each rule is a section.`,
		Example: `  wirewatch digest preview --chat -1001234567890
  wirewatch digest preview --chat 123456 --since-last --html
  wirewatch digest preview --articles articles.jsonl --rules rules.jsonl --lang ar --zone Asia/Riyadh`,
		Args: cobra.NoArgs,
	}, func(ctx context.Context, cfg configs.Config, _ []string) error { return p.digestPreview(ctx, cfg, o) })
	f := c.Flags()
	f.StringVar(&o.chat, "chat", "", "whose digest: the chat's number")
	f.BoolVar(&o.told, "since-last", false, "all that came since the last digest, alerts included, instead of what waits for the next")
	f.BoolVar(&o.html, "html", false, "as Telegram gets it")
	f.BoolVar(&o.text, "text", false, "as a reader sees it, with the addresses behind (the default)")
	f.StringVar(&o.articles, "articles", "", `a file of articles instead of a database; "-" is standard input`)
	f.StringVar(&o.rules, "rules", "", "with --articles: a file of rules")
	f.StringVar(&o.lang, "lang", "en", "with --articles: the language, "+strings.Join(locale.Languages(), " or "))
	f.StringVar(&o.zone, "zone", "UTC", "with --articles: the time zone, like Asia/Riyadh")
	f.StringVar(&o.now, "now", "", "with --articles: when it is read, like 2026-11-23T07:00:00Z; otherwise now")
	c.MarkFlagsMutuallyExclusive("html", "text")
	c.MarkFlagsMutuallyExclusive("chat", "articles")
	c.MarkFlagsMutuallyExclusive("since-last", "articles")
	c.MarkFlagsRequiredTogether("articles", "rules")
	return c
}

func (p *program) digestPreview(ctx context.Context, cfg configs.Config, o previewOptions) error {
	pages, err := p.previewPages(ctx, cfg, o)
	if err != nil {
		return err
	}
	for i, page := range pages {
		if i > 0 {
			fmt.Fprintln(p.stdout, "---")
		}
		if !o.html {
			page = bot.PlainText(page)
		}
		if _, err := fmt.Fprintln(p.stdout, page); err != nil {
			return err
		}
	}
	return nil
}

func (p *program) previewPages(ctx context.Context, cfg configs.Config, o previewOptions) ([]string, error) {
	if o.articles != "" {
		return p.digestOfFiles(ctx, o)
	}
	if err := mustExist(cfg.Store); err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, cfg.Store, store.Options{Shared: true})
	if err != nil {
		return nil, err
	}
	defer db.Close()
	chat, err := chosenChat(ctx, db, o.chat)
	if err != nil {
		return nil, misused(err)
	}
	zone := chat.Zone
	if zone == "" {
		zone = cfg.Digest.Zone
	}
	return bot.PreviewDigest(ctx, db, chat, time.Now().In(locale.Zone(zone)), o.told)
}

// chosenChat is the chat of a number; without one it is the only chat there is.
func chosenChat(ctx context.Context, db *store.DB, number string) (store.Chat, error) {
	const named = 10 // chats in an error
	if number != "" {
		id, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return store.Chat{}, fmt.Errorf("--chat %s: a chat is known by its number, like 123456 or -1001234567890", number)
		}
		chat, err := db.Chat(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			return chat, fmt.Errorf("--chat %s: there is no such chat", number)
		}
		return chat, err
	}
	all, err := db.Chats(ctx)
	if err != nil {
		return store.Chat{}, err
	}
	switch len(all) {
	case 0:
		return store.Chat{}, errors.New("there are no chats yet: talk to the bot first")
	case 1:
		return all[0], nil
	}
	var list []string
	for _, c := range all[:min(len(all), named)] {
		list = append(list, fmt.Sprintf("%d (%s)", c.ID, isolate(c.Title)))
	}
	return store.Chat{}, fmt.Errorf("there are %d chats; say which with --chat: %s", len(all), strings.Join(list, ", "))
}

// digestOfFiles makes a digest of what rules find in articles.
func (p *program) digestOfFiles(ctx context.Context, o previewOptions) ([]string, error) {
	if !slices.Contains(locale.Languages(), o.lang) {
		return nil, misused(fmt.Errorf("--lang %s: the languages are %s", o.lang, strings.Join(locale.Languages(), ", ")))
	}
	zone, err := time.LoadLocation(o.zone)
	if err != nil {
		return nil, misused(fmt.Errorf("--zone %s: write an IANA name like Asia/Riyadh", o.zone))
	}
	now := time.Now()
	if o.now != "" {
		if now, err = time.Parse(time.RFC3339, o.now); err != nil {
			return nil, misused(fmt.Errorf("--now %s: write a time like 2026-11-23T07:00:00Z", o.now))
		}
	}
	names, err := configs.Entities()
	if err != nil {
		return nil, err
	}
	m := &matcher{program: p, names: names}
	set, ids, err := m.loadRules(ctx, o.rules)
	if err != nil {
		return nil, misused(err)
	}
	g := gathering{matcher: m, set: set, ids: ids, known: map[[16]byte]int{}}
	if err := p.eachArticle(ctx, []string{o.articles}, g.add); err != nil {
		return nil, &exitError{code: exitFail} // said already
	}
	d := digest.Build(digest.Input{Deliveries: g.deliveries, NoRules: len(ids) == 0, Now: now.In(zone)})
	return bot.DigestHTML(d, o.lang), nil
}

// A gathering is what would be owed because of some articles: one delivery for
// each that a rule finds, an article that several sources carry once.
type gathering struct {
	*matcher
	set        *filter.Set
	ids        []string
	known      map[[16]byte]int // identity of an article -> its delivery
	deliveries []store.Delivery
}

func (g *gathering) add(a feeds.Article) error {
	var rules []store.RuleMatch
	zones := page.Split(a)
	g.set.Match(g.analyse(a, zones), func(id int64, e filter.Evidence) {
		r := store.RuleMatch{ID: id + 1, Name: g.ids[id]}
		for _, h := range e {
			r.Hits = append(r.Hits, store.Hit{Term: h.Term, Text: h.Text, Zone: h.Zone})
		}
		rules = append(rules, r)
	})
	if len(rules) == 0 {
		return nil
	}
	slices.SortFunc(rules, func(a, b store.RuleMatch) int { return int(a.ID - b.ID) })
	identity := story.Identify(a, zones)
	for _, key := range [][16]byte{identity.URL, identity.Text} {
		if i, again := g.known[key]; again && key != [16]byte{} {
			g.deliveries[i].Article.Also = append(g.deliveries[i].Article.Also, a.Source)
			return nil
		}
	}
	n := len(g.deliveries)
	g.known[identity.URL], g.known[identity.Text] = n, n
	id := int64(n + 1)
	g.deliveries = append(g.deliveries, store.Delivery{ID: id, Kind: store.KindDigest, Tier: store.TierDigest, Rules: rules,
		Article: &store.Article{ID: id, Story: id, Item: a, Zones: zones, Source: store.Source{Source: feeds.Source{Title: a.Source}}}})
	return nil
}
