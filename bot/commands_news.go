package bot

import (
	"context"
	"fmt"
	"slices"
	"time"

	"wirewatch/bot/digest"
	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
	"wirewatch/filter"
	"wirewatch/store"
)

// Limits of what is looked through and shown.
const (
	maxQueryShown = 300                // runes of a query that an answer repeats
	searchedFor   = 7 * 24 * time.Hour // back from now
	maxSearched   = 3000               // articles
	maxSearchTime = 5 * time.Second
	defaultLatest = 5
	maxLatest     = 20
	maxFound      = 10
	onTheWire     = 200 // articles among which the newest are looked for
	samples       = 3   // under a rule
	listedTitle   = 120 // runes of a title in a list
	maxLinkBytes  = 600 // of one link; a longer one is left out, its title stays
	linkBudget    = 7000
)

// A listing writes lines about articles within what one message may weigh.
type listing struct {
	t     *turn
	bytes int // of links so far
}

// line is one article: its number, none for 0; title, linked; source; when.
func (ls *listing) line(n int, a store.Article) string {
	title := a.Item.Title
	if !legible(title) {
		title = a.Item.Summary
	}
	html := ls.t.l.H("commands.article.title", "title", inert(short(locale.Clean(head(title, maxForeignText)), listedTitle)))
	if address := linkable(a.Item.URL); address != "" && len(address) <= maxLinkBytes && ls.bytes+len(address) <= linkBudget {
		ls.bytes += len(address)
		html = link(address, html)
	}
	at := a.Item.Published
	if at.IsZero() || at.After(ls.t.o.Now()) {
		at = a.SeenAt
	}
	if n == 0 {
		return ls.t.l.H("commands.article.alone", "article", locale.HTML(html), "source", inert(short(a.Source.Title, 60)), "time", locale.Text(ls.t.moment(at)))
	}
	return ls.t.l.H("commands.article.line", "n", ls.t.l.Digits(fmt.Sprint(n)), "article", locale.HTML(html),
		"source", inert(short(a.Source.Title, 60)), "time", locale.Text(ls.t.moment(at)))
}

func (ls *listing) lines(articles []store.Article) []string {
	var out []string
	for i, a := range articles {
		out = append(out, ls.line(i+1, a))
	}
	return out
}

// latest lists the newest alerts of the chat; before there are any, the newest
// articles of its sources.
func (t *turn) latest(ctx context.Context, args string) error {
	limit := defaultLatest
	if args != "" {
		n, rest, ok := leadingNumber(args)
		if !ok || rest != "" || n < 1 || n > maxLatest {
			return t.say(ctx, t.l.Paragraph(t.l.H("errors.latest", "given", short(args, 60), "max", maxLatest)))
		}
		limit = n
	}
	articles, err := t.told(ctx, limit)
	if err != nil {
		return err
	}
	head := t.l.H("commands.latest.head")
	if len(articles) == 0 {
		head = t.l.H("commands.latest.wire")
		if articles, err = t.o.Store.Recent(ctx, t.chat.ID, t.o.Now().Add(-searchedFor), onTheWire); err != nil {
			return fmt.Errorf("list recent articles: %w", err)
		}
		slices.SortStableFunc(articles, func(a, b store.Article) int { return digest.When(b).Compare(digest.When(a)) })
		articles = articles[:min(limit, len(articles))]
	}
	if len(articles) == 0 {
		head = t.l.H("commands.latest.none")
	}
	list := listing{t: t}
	return t.show(ctx, screen{
		html: t.l.Page(append([]string{head}, list.lines(articles)...)...),
		rows: [][]telegram.Button{{t.back("home", 0)}},
	})
}

// told are the articles of the chat's newest deliveries, each once.
func (t *turn) told(ctx context.Context, limit int) ([]store.Article, error) {
	deliveries, err := t.o.Store.Latest(ctx, t.chat.ID, 2*limit)
	if err != nil {
		return nil, fmt.Errorf("list deliveries: %w", err)
	}
	var out []store.Article
	seen := map[int64]bool{}
	for _, d := range deliveries {
		if d.Article == nil || seen[d.Article.ID] || len(out) == limit {
			continue
		}
		seen[d.Article.ID] = true
		out = append(out, *d.Article)
	}
	return out, nil
}

// search looks through what is stored with a query.
func (t *turn) search(ctx context.Context, args string) error {
	if args == "" {
		return t.ask(ctx, stepSearch, t.l.H("commands.search.ask"), t.l.T("commands.search.placeholder"), nil)
	}
	names, err := t.names(ctx)
	if err != nil {
		return err
	}
	q, err := filter.Parse(args, names)
	if err != nil {
		return t.explainRefusal(ctx, args, err)
	}
	found, err := t.look(ctx, q, 0, maxFound)
	if err != nil {
		return err
	}
	shown := short(args, maxQueryShown)
	lines := []string{t.l.HN("commands.search.found", found.count, "query", shown)}
	if found.count == 0 {
		lines[0] = t.l.H("commands.search.none", "query", shown)
	}
	list := listing{t: t}
	lines = append(lines, list.lines(found.first)...)
	if more := found.count - len(found.first); more > 0 {
		lines = append(lines, t.l.HN("common.and_more", more))
	}
	lines = append(lines, t.partly(found)...)
	if err := t.saveDialog(ctx, stepAsk, map[string]string{"text": short(args, maxSaid)}); err != nil {
		return err
	}
	return t.show(ctx, screen{html: t.l.Page(lines...), rows: [][]telegram.Button{{
		t.button("commands.button.make", data{screen: "make", rev: revision(short(args, maxSaid))}),
		t.back("home", 0),
	}}})
}

// A find is what a query found among the articles of the last days.
type find struct {
	count  int
	first  []store.Article // the newest
	looked int             // articles looked through
	whole  bool            // that was all there are
}

// look tries a query on what is stored, for a time and a number of articles
// that are bounded. Source 0 means every source that the chat sees.
func (t *turn) look(ctx context.Context, q *filter.Query, source int64, keep int) (find, error) {
	articles, err := t.o.Store.Recent(ctx, t.chat.ID, t.o.Now().Add(-searchedFor), maxSearched)
	if err != nil {
		return find{}, fmt.Errorf("list recent articles: %w", err)
	}
	names, err := t.names(ctx)
	if err != nil {
		return find{}, err
	}
	f := find{whole: len(articles) < maxSearched}
	until := time.Now().Add(maxSearchTime) // what people wait for is real time, whatever the clock says
	for _, a := range articles {
		if ctx.Err() != nil || time.Now().After(until) {
			f.whole = false
			break
		}
		f.looked++
		if source != 0 && a.Source.ID != source {
			continue
		}
		if _, ok := q.Match(t.o.Analyse(a, names)); !ok {
			continue
		}
		f.count++
		if len(f.first) < keep {
			f.first = append(f.first, a)
		}
	}
	return f, nil
}

// partly says that not everything was looked through.
func (t *turn) partly(f find) []string {
	if f.whole {
		return nil
	}
	return []string{t.l.HN("commands.search.partly", f.looked)}
}
