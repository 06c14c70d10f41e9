package bot

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
	"wirewatch/feeds"
	"wirewatch/filter"
	"wirewatch/store"
)

// Limits of following.
const (
	maxAddress = 2000 // bytes
	offered    = 3    // newest articles shown to a new follower; none of them is an alert
)

// follow reads the feed at an address once, and makes a rule that takes
// everything of it. Its backlog is not sent; the newest few are shown.
func (t *turn) follow(ctx context.Context, args string) error {
	address := strings.TrimSpace(args)
	if address == "" {
		return t.ask(ctx, stepFollow, t.l.H("sources.ask"), "https://", nil)
	}
	if n, rest, ok := leadingNumber(address); ok && rest == "" {
		return t.followNumber(ctx, n)
	}
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || len(address) > maxAddress || strings.ContainsAny(address, " \t\n") {
		return t.again(ctx, screen{html: t.l.Paragraph(t.l.H("errors.address", "given", short(args, 200)))})
	}
	if t.o.Discover == nil {
		return t.show(ctx, screen{html: t.l.Paragraph(t.l.H("errors.no_discover"))})
	}
	// A sign of life, for servers that are slow; it does not matter if it fails.
	_ = t.o.Telegram.Typing(ctx, t.chat.ID, t.thread)
	found, articles, err := t.candidates(ctx, address)
	switch {
	case err != nil:
		return t.again(ctx, screen{html: t.unreadable(address, err.Error())})
	case len(found) > 1:
		return t.offerFeeds(ctx, found)
	}
	return t.followFound(ctx, found[0], articles)
}

// followFound follows a feed that has just been read.
func (t *turn) followFound(ctx context.Context, found feeds.Source, articles []feeds.Article, others ...telegram.Button) error {
	source, _, err := t.o.Store.AddSource(ctx, found, t.chat.ID)
	if err != nil {
		return fmt.Errorf("add source: %w", err)
	}
	return t.followSource(ctx, source, articles, others...)
}

// followNumber follows a source by its number in /sources.
func (t *turn) followNumber(ctx context.Context, n int) error {
	source, err := t.sourceNumber(ctx, n)
	if source == nil || err != nil {
		return err
	}
	return t.followSource(ctx, *source, nil)
}

// sourceNumber is the source under a number of /sources; nil when there is
// none, and the person has been told.
func (t *turn) sourceNumber(ctx context.Context, n int) (*store.Source, error) {
	sources, err := t.o.Store.Sources(ctx, t.chat.ID)
	if err != nil {
		return nil, fmt.Errorf("list sources: %w", err)
	}
	if n < 1 || n > len(sources) {
		return nil, t.show(ctx, screen{html: t.l.Paragraph(t.l.H("sources.no_such", "number", strconv.Itoa(n), "count", len(sources)))})
	}
	return &sources[n-1], nil
}

// followSource adds the rule that takes everything of a source. others are buttons
// of a row of their own.
func (t *turn) followSource(ctx context.Context, s store.Source, articles []feeds.Article, others ...telegram.Button) error {
	_, err := t.o.Store.AddRule(ctx, store.Rule{
		Chat: t.chat.ID, Name: short(oneLine(s.Title), ruleName), Query: filter.Everything().String(), Source: s.ID, Tier: store.TierInstant,
	})
	head := t.l.H("sources.followed", "title", short(s.Title, 120))
	switch {
	case errors.Is(err, store.ErrExists):
		head = t.l.H("sources.followed_already", "title", short(s.Title, 120))
	case errors.Is(err, store.ErrLimit):
		return t.show(ctx, screen{html: t.l.Paragraph(t.l.H("rules.limit", "max", store.MaxRules))})
	case err != nil:
		return fmt.Errorf("add rule: %w", err)
	default:
		t.o.Log.Info("source followed", "chat", t.chat.ID, "source", s.ID)
	}
	lines := []string{head}
	if len(articles) > 0 {
		lines = append(lines, "", t.l.H("sources.newest"))
		list := listing{t: t}
		for i, a := range newest(articles, offered) {
			lines = append(lines, list.line(i+1, store.Article{Source: s, Item: a, SeenAt: t.o.Now()}))
		}
	}
	return t.show(ctx, screen{html: t.l.Page(lines...), rows: [][]telegram.Button{others, {
		t.button("commands.button.sources", data{screen: "sources"}),
		t.button("commands.button.rules", data{screen: "rules"}),
	}}})
}

// newest are the n newest of a document's articles.
func newest(articles []feeds.Article, n int) []feeds.Article {
	sorted := slices.Clone(articles)
	slices.SortStableFunc(sorted, func(a, b feeds.Article) int { return b.Published.Compare(a.Published) })
	return sorted[:min(n, len(sorted))]
}

// unfollow ends what follow began: the source's rules, and the chat's own view
// of a source that is not in the catalogue.
func (t *turn) unfollow(ctx context.Context, args string) error {
	n, rest, ok := leadingNumber(args)
	if !ok || rest != "" {
		return t.show(ctx, screen{html: t.l.Paragraph(t.l.H("sources.unfollow_how"))})
	}
	source, err := t.sourceNumber(ctx, n)
	if source == nil || err != nil {
		return err
	}
	return t.unfollowSource(ctx, *source)
}

func (t *turn) unfollowSource(ctx context.Context, s store.Source) error {
	rules, err := t.o.Store.Rules(ctx, t.chat.ID)
	if err != nil {
		return fmt.Errorf("list rules: %w", err)
	}
	deleted := 0
	for _, r := range rules {
		// Of a catalogue source only the following ends; a rule that someone
		// wrote for it stays. A source of the chat's own takes its rules along.
		if r.Source != s.ID || s.Shared && r.Query != everything {
			continue
		}
		if err := t.o.Store.DeleteRule(ctx, t.chat.ID, r.ID); err != nil && !errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("delete rule %d: %w", r.ID, err)
		}
		deleted++
	}
	key := "sources.unfollowed"
	switch {
	case s.Shared && deleted == 0:
		key = "sources.not_followed"
	case s.Shared:
		key = "sources.unfollowed_shared"
	default:
		if err := t.o.Store.RemoveSource(ctx, s.ID, t.chat.ID); err != nil && !errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("remove source %d: %w", s.ID, err)
		}
	}
	return t.show(ctx, screen{
		html: t.l.Paragraph(t.l.H(key, "title", short(s.Title, 120))),
		rows: [][]telegram.Button{{t.button("commands.button.sources", data{screen: "sources"}), t.back("home", 0)}},
	})
}

// sources lists what the chat's rules see, with the health of each; with words,
// what there is to follow under such a name.
func (t *turn) sources(ctx context.Context, args string) error {
	if of := named(args); of.words != "" && len(t.o.Offers) > 0 {
		return t.showOffered(ctx, of, 0)
	}
	return t.showSources(ctx, 0)
}

func (t *turn) showSources(ctx context.Context, page int) error {
	s, err := t.sourcesScreen(ctx, page)
	if err != nil {
		return err
	}
	return t.show(ctx, s)
}

func (t *turn) sourcesScreen(ctx context.Context, page int) (screen, error) {
	sources, err := t.o.Store.Sources(ctx, t.chat.ID)
	if err != nil {
		return screen{}, fmt.Errorf("list sources: %w", err)
	}
	add := t.styled("primary", "commands.button.addsource", data{screen: "addsource"})
	adding := []telegram.Button{add}
	if len(t.o.Offers) > 0 {
		adding = []telegram.Button{t.styled("primary", "offers.button.open", data{screen: "offers"}), t.button("commands.button.addsource", data{screen: "addsource"})}
	}
	if len(sources) == 0 {
		return screen{html: t.l.Paragraph(t.l.H("sources.none")), rows: [][]telegram.Button{adding, {t.back("home", 0)}}}, nil
	}
	followed, err := t.followedSources(ctx)
	if err != nil {
		return screen{}, err
	}
	from, to, at, all := paged(len(sources), page)
	silent, err := t.o.Store.Silences(ctx)
	if err != nil {
		return screen{}, fmt.Errorf("list silences: %w", err)
	}
	lines := []string{t.l.HN("sources.head", len(sources))}
	var s screen
	var row []telegram.Button
	for i := from; i < to; i++ {
		number := t.l.Digits(strconv.Itoa(i + 1))
		lines = append(lines, t.l.H("sources.line", "icon", locale.Text(t.sourceIcon(sources[i], silent[sources[i].ID])), "number", locale.Text(number),
			"title", short(sources[i].Title, 80), "marks", locale.Text(t.sourceMarks(sources[i], followed)), "health", locale.Text(t.health(sources[i], silent[sources[i].ID]))))
		row = append(row, telegram.Button{Text: number, Data: data{screen: "source", id: sources[i].ID, page: at}.String()})
		if len(row) == pageRows/2 {
			s.rows, row = append(s.rows, row), nil
		}
	}
	lines = append(lines, "", t.l.H("sources.legend"))
	s.html = t.l.Page(lines...)
	s.rows = append(s.rows, row, t.pager(data{screen: "sources"}, at, all), adding, []telegram.Button{t.back("home", 0)})
	return s, nil
}

// followedSources are the sources that the chat takes everything of.
func (t *turn) followedSources(ctx context.Context) (map[int64]bool, error) {
	rules, err := t.o.Store.Rules(ctx, t.chat.ID)
	if err != nil {
		return nil, fmt.Errorf("list rules: %w", err)
	}
	followed := map[int64]bool{}
	for _, r := range rules {
		if r.Source != 0 && r.Query == everything {
			followed[r.Source] = true
		}
	}
	return followed, nil
}

// sourceMarks say whether the chat follows a source, and whether it is its own.
func (t *turn) sourceMarks(s store.Source, followed map[int64]bool) string {
	marks := ""
	if followed[s.ID] {
		marks += " 📡"
	}
	if !s.Shared {
		marks += " 🔒"
	}
	return marks
}

// openSource is what the buttons about sources do.
func (t *turn) openSource(ctx context.Context, d data) error {
	switch d.screen {
	case "sources":
		return t.showSources(ctx, d.page)
	case "addsource":
		return t.follow(ctx, "")
	}
	sources, err := t.o.Store.Sources(ctx, t.chat.ID)
	if err != nil {
		return fmt.Errorf("list sources: %w", err)
	}
	i := slices.IndexFunc(sources, func(s store.Source) bool { return s.ID == d.id })
	if i < 0 {
		t.toast = t.l.T("errors.stale")
		return t.showSources(ctx, d.page)
	}
	s := sources[i]
	switch d.screen {
	case "take":
		return t.followSource(ctx, s, nil)
	case "drop":
		return t.show(ctx, screen{
			html: t.l.Paragraph(t.l.H("sources.drop", "title", short(s.Title, 120))),
			rows: [][]telegram.Button{{
				t.styled("danger", "sources.button.unfollow", data{screen: "dropped", id: s.ID}),
				t.button("commands.button.keep", data{screen: "source", id: s.ID, page: d.page}),
			}},
		})
	case "dropped":
		return t.unfollowSource(ctx, s)
	case "share", "unshare":
		return t.shareSource(ctx, s, d)
	}
	return t.showSource(ctx, s, d.page)
}

// shareSource puts a source into the catalogue, or takes it out: operators may.
func (t *turn) shareSource(ctx context.Context, s store.Source, d data) error {
	ok, err := t.operator(ctx, t.user.ID)
	if err != nil {
		return err
	}
	if !ok {
		t.toast, t.alert = t.l.T("errors.operators_only"), true
		return nil
	}
	share := d.screen == "share"
	if share == s.Shared {
		return t.showSource(ctx, s, d.page) // pressed twice
	}
	if share {
		_, _, err = t.o.Store.AddSource(ctx, s.Source, 0)
	} else {
		err = t.o.Store.RemoveSource(ctx, s.ID, 0)
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("share source %d: %w", s.ID, err)
	}
	t.o.Log.Info("catalogue changed", "source", s.ID, "shared", share)
	if s, err = t.o.Store.Source(ctx, s.ID); err != nil {
		return fmt.Errorf("load source: %w", err)
	}
	return t.showSource(ctx, s, d.page)
}

func (t *turn) showSource(ctx context.Context, s store.Source, page int) error {
	followed, err := t.followedSources(ctx)
	if err != nil {
		return err
	}
	operator, err := t.operator(ctx, t.user.ID)
	if err != nil {
		return err
	}
	silent, err := t.o.Store.Silences(ctx)
	if err != nil {
		return fmt.Errorf("list silences: %w", err)
	}
	pulse, err := t.o.Store.Pulse(ctx, s.ID)
	if err != nil {
		return err
	}
	lines := []string{t.l.H("sources.one", "icon", locale.Text(t.sourceIcon(s, silent[s.ID])), "title", short(s.Title, 120), "marks", locale.Text(t.sourceMarks(s, followed)))}
	switch {
	case !s.Shared || operator: // an address in the catalogue may hold the operator's key
		lines = append(lines, t.l.H("sources.address", "address", short(s.URL, 500)))
	case s.Site != "":
		lines = append(lines, t.l.H("sources.address", "address", short(s.Site, 300)))
	}
	lines = append(lines, t.l.H("sources.health_line", "health", locale.Text(t.health(s, silent[s.ID]))))
	lines = append(lines, t.figures(s, pulse)...)
	lines = append(lines, t.l.HN("sources.items", int(s.Items)))
	if s.Lang != "" {
		lines = append(lines, t.l.H("sources.language", "lang", t.l.LanguageName(s.Lang)))
	}
	first := []telegram.Button{t.styled("primary", "commands.button.follow", data{screen: "take", id: s.ID, page: page})}
	if followed[s.ID] || !s.Shared {
		first = []telegram.Button{t.styled("danger", "sources.button.unfollow", data{screen: "drop", id: s.ID, page: page})}
	}
	if operator && s.Shared {
		first = append(first, t.button("sources.button.unshare", data{screen: "unshare", id: s.ID, page: page}))
	} else if operator {
		first = append(first, t.button("sources.button.share", data{screen: "share", id: s.ID, page: page}))
	}
	return t.show(ctx, screen{html: t.l.Page(lines...), rows: [][]telegram.Button{first, {t.back("sources", page)}}})
}
