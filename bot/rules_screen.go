package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
	"wirewatch/filter"
	"wirewatch/store"
)

// Limits of what a rule's screen shows.
const (
	maxEntities  = 6 // entities whose names are listed
	maxLanguages = 8 // names of one entity
	maxWarnings  = 4
)

// nameOrder is the order in which an entity's names are shown; other languages
// follow by code.
var nameOrder = []string{"ar", "en", "fr", "ru", "es", "zh", "de", "tr", "fa"}

// ruleData remembers a rule in a dialog.
func ruleData(r store.Rule) map[string]string {
	return map[string]string{"rule": strconv.FormatInt(r.ID, 10)}
}

// rules lists the rules.
func (t *turn) rules(ctx context.Context, _ string) error {
	s, err := t.rulesScreen(ctx, 0)
	if err != nil {
		return err
	}
	return t.show(ctx, s)
}

func (t *turn) rulesScreen(ctx context.Context, page int) (screen, error) {
	rules, err := t.o.Store.Rules(ctx, t.chat.ID)
	if err != nil {
		return screen{}, fmt.Errorf("list rules: %w", err)
	}
	add := t.styled("primary", "commands.button.newrule", data{screen: "newrule"})
	own := t.button("entities.button.list", data{screen: "entities"})
	if len(rules) == 0 {
		return screen{html: t.l.Paragraph(t.l.H("rules.none")), rows: [][]telegram.Button{{add}, {own, t.back("home", 0)}}}, nil
	}
	from, to, at, all := paged(len(rules), page)
	lines := []string{t.l.HN("rules.head", len(rules))}
	var s screen
	var row []telegram.Button
	for i := from; i < to; i++ {
		r := rules[i]
		number := t.l.Digits(strconv.Itoa(i + 1))
		lines = append(lines, t.l.H("rules.line", "icon", locale.Text(ruleIcon(r)), "number", locale.Text(number), "name", unlinked(t.l, r.Name),
			"tier", locale.Text(t.l.T("rules.tier."+string(r.Tier)))))
		row = append(row, telegram.Button{Text: number, Data: data{screen: "rule", id: r.ID, page: at}.String()})
		if len(row) == pageRows/2 {
			s.rows, row = append(s.rows, row), nil
		}
	}
	s.html = t.l.Page(lines...)
	s.rows = append(s.rows, row, t.pager(data{screen: "rules"}, at, all), []telegram.Button{add}, []telegram.Button{own, t.back("home", 0)})
	return s, nil
}

// ruleIcon shows how urgent a rule is, at a glance.
func ruleIcon(r store.Rule) string {
	if r.Source != 0 && r.Query == everything && r.Tier != store.TierOff {
		return "📡"
	}
	switch r.Tier {
	case store.TierFlash:
		return "🔴"
	case store.TierInstant:
		return "🟠"
	case store.TierDigest:
		return "🗞"
	}
	return "🔕"
}

// ruleScreen shows one rule: how it is read, what it has matched, its buttons.
// Head is what was just done, "" nothing.
func (t *turn) ruleScreen(ctx context.Context, n int, r store.Rule, head string) (screen, error) {
	var lines []string
	if head != "" {
		lines = append(lines, head)
	}
	title := t.l.H("rules.one", "icon", locale.Text(ruleIcon(r)), "number", fmt.Sprint(n), "name", unlinked(t.l, r.Name))
	if r.Name == short(r.Query, ruleName) && r.Query != everything { // it stands in the next line
		title = t.l.H("rules.one_unnamed", "icon", locale.Text(ruleIcon(r)), "number", fmt.Sprint(n))
	}
	lines = append(lines, title)
	names, err := t.names(ctx)
	if err != nil {
		return screen{}, err
	}
	q, err := filter.Parse(r.Query, names)
	switch {
	case err != nil: // written by another version, or the gazetteer has lost a name
		lines = append(lines, t.l.H("rules.query", "query", r.Query), t.refusal(r.Query, err))
	case r.Source != 0 && r.Query == everything:
		lines = append(lines, t.l.H("rules.takes_all"))
	default:
		lines = append(lines, t.l.H("rules.query", "query", q.String()))
		lines = append(lines, t.reading(q)...)
		if w, _ := t.o.Broad.Admit(q, r.Query); w != nil && r.Source == 0 {
			lines = append(lines, t.warnings([]filter.Warning{*w})...)
		}
	}
	if r.Source != 0 {
		lines = append(lines, t.l.H("rules.of_source", "source", t.sourceTitle(ctx, r.Source)))
	}
	lines = append(lines, t.l.H("rules.tier_line", "tier", locale.Text(t.tierWords(r))))
	if words := t.limitWords(r.Limits); words != "" {
		lines = append(lines, t.l.H("limits.line", "limits", locale.Text(words)))
	}
	if err == nil {
		found, err := t.foundLines(ctx, q, r.Source)
		if err != nil {
			return screen{}, err
		}
		lines = append(lines, found...)
	}
	return screen{html: t.l.Page(lines...), rows: t.ruleButtons(r)}, nil
}

// tierWords says when a rule's stories are sent.
func (t *turn) tierWords(r store.Rule) string {
	if r.Tier == store.TierDigest && r.Digest != "" {
		return t.l.T("hours.own_digest", "times", locale.Text(t.digestWords(r.Digest)))
	}
	if t.neverTold(r) {
		return t.l.T("rules.tier_long.no_digest")
	}
	return t.l.T("rules.tier_long." + string(r.Tier))
}

// neverTold says whether a rule gathers for a digest that has no time.
func (t *turn) neverTold(r store.Rule) bool {
	return r.Tier == store.TierDigest && r.Digest == "" && t.chat.Digest == ""
}

// tierSet says when the stories of a rule are sent from now on.
func (t *turn) tierSet(r store.Rule) string {
	if t.neverTold(r) {
		return t.l.H("rules.tier_set.no_digest")
	}
	return t.l.H("rules.tier_set." + string(r.Tier))
}

func (t *turn) sourceTitle(ctx context.Context, id int64) string {
	s, err := t.o.Store.Source(ctx, id)
	if err != nil {
		return "#" + strconv.FormatInt(id, 10)
	}
	return short(s.Title, 80)
}

// foundLines say what a rule would have told in the last days.
func (t *turn) foundLines(ctx context.Context, q *filter.Query, source int64) ([]string, error) {
	found, err := t.look(ctx, q, source, samples)
	if err != nil {
		return nil, err
	}
	head := t.l.HN("rules.found", found.count)
	if found.count == 0 {
		head = t.l.H("rules.found_none")
	}
	list := listing{t: t}
	lines := append([]string{"", head}, list.lines(found.first)...)
	if more := found.count - len(found.first); more > 0 {
		lines = append(lines, t.l.HN("common.and_more", more))
	}
	return append(lines, t.partly(found)...), nil
}

// ruleRev changes with everything that a button could change.
func ruleRev(r store.Rule) string { return revision(r.Name, r.Query, r.Tier) }

func (t *turn) ruleButtons(r store.Rule) [][]telegram.Button {
	rev := ruleRev(r)
	var row []telegram.Button
	for i, tier := range tiers {
		b := t.button("rules.tier."+string(tier), data{screen: "tier", id: r.ID, page: i, rev: rev})
		if tier == r.Tier {
			b.Text = "✓ " + b.Text
		}
		row = append(row, b)
	}
	return [][]telegram.Button{
		row[:2], row[2:],
		{t.button("rules.button.query", data{screen: "requery", id: r.ID}), t.button("rules.button.name", data{screen: "rename", id: r.ID})},
		{t.button("limits.button.limits", data{screen: "limits", id: r.ID}), t.button("hours.button.times", data{screen: "times", id: r.ID})},
		{t.button("channels.button.where", data{screen: "where", id: r.ID})},
		{t.button("rules.button.try", data{screen: "try", id: r.ID}), t.styled("danger", "rules.button.delete", data{screen: "delete", id: r.ID, rev: rev})},
		{t.back("rules", 0)},
	}
}

// openRule is what the buttons about rules do.
func (t *turn) openRule(ctx context.Context, d data) error {
	switch d.screen {
	case "rules":
		s, err := t.rulesScreen(ctx, d.page)
		if err != nil {
			return err
		}
		return t.show(ctx, s)
	case "newrule":
		return t.rule(ctx, "")
	case "undo":
		return t.undo(ctx, d.rev)
	}
	return t.changeRule(ctx, d.id, func(t *turn, n int, r store.Rule) error { return t.pressRule(ctx, d, n, r) })
}

func (t *turn) pressRule(ctx context.Context, d data, n int, r store.Rule) error {
	switch d.screen {
	case "rename":
		return t.rename(ctx, n, r, "")
	case "requery":
		return t.requery(ctx, n, r, "")
	case "tier":
		if d.page < 0 || d.page >= len(tiers) || tiers[d.page] == r.Tier {
			return t.showRule(ctx, n, r) // pressed twice
		}
		if d.rev != ruleRev(r) {
			return t.staleRule(ctx, n, r)
		}
		return t.setTier(ctx, n, r, tiers[d.page])
	case "delete":
		return t.show(ctx, screen{
			html: t.l.Paragraph(t.l.H("rules.delete", "number", fmt.Sprint(n), "name", unlinked(t.l, r.Name))),
			rows: [][]telegram.Button{{
				t.styled("danger", "rules.button.delete", data{screen: "deleted", id: r.ID, rev: ruleRev(r)}),
				t.button("commands.button.keep", data{screen: "rule", id: r.ID}),
			}},
		})
	case "where":
		return t.showWays(ctx, n, r)
	case "whereto":
		return t.toggleWay(ctx, n, r, d)
	case "deleted":
		if d.rev != ruleRev(r) {
			return t.staleRule(ctx, n, r)
		}
		return t.removeRule(ctx, n, r)
	}
	return t.showRule(ctx, n, r) // "rule", and "try": what it shows is counted afresh
}

func (t *turn) staleRule(ctx context.Context, n int, r store.Rule) error {
	s, err := t.ruleScreen(ctx, n, r, "")
	if err != nil {
		return err
	}
	return t.stale(ctx, s)
}

// reading says how a query is understood: its entities' names, and warnings.
func (t *turn) reading(q *filter.Query) []string {
	var lines []string
	for i, e := range q.Explain().Entities {
		if i == maxEntities {
			lines = append(lines, t.l.HN("common.and_more", len(q.Explain().Entities)-maxEntities))
			break
		}
		lines = append(lines, t.l.H("rules.entity", "entity", unlinked(t.l, "@"+e.Slug), "names", locale.Text(t.entityNames(e))))
	}
	return append(lines, t.warnings(q.Warnings())...)
}

func (t *turn) warnings(all []filter.Warning) []string {
	var lines []string
	for _, w := range all[:min(len(all), maxWarnings)] {
		lines = append(lines, t.l.H("rules.warning", "warning", locale.Text(t.translated("errors.warning."+w.Code, w.Args, w.Msg))))
	}
	return lines
}

// lost are the warnings about a query as it was written that its canonical
// form, which is stored and shown, no longer gives.
func (t *turn) lost(ctx context.Context, q *filter.Query) []string {
	names, err := t.names(ctx)
	if err != nil {
		return nil
	}
	stored, err := filter.Parse(q.String(), names)
	if err != nil {
		return nil // said by the screen
	}
	return t.warnings(slices.DeleteFunc(slices.Clone(q.Warnings()), func(w filter.Warning) bool {
		return slices.ContainsFunc(stored.Warnings(), func(s filter.Warning) bool { return s.Code == w.Code })
	}))
}

// entityNames lists one name of an entity in each of its languages, the most
// read ones first.
func (t *turn) entityNames(e filter.EntityNames) string {
	var langs []string
	for lang := range e.Names {
		if !slices.Contains(nameOrder, lang) {
			langs = append(langs, lang)
		}
	}
	slices.Sort(langs)
	var names []string
	for _, lang := range slices.Concat(nameOrder, langs) {
		if len(e.Names[lang]) == 0 || len(names) == maxLanguages {
			continue
		}
		if name := t.l.Span(e.Names[lang][0]); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, " · ")
}

// explainRefusal tells why a query was refused.
func (t *turn) explainRefusal(ctx context.Context, query string, err error) error {
	row := []telegram.Button{t.button("commands.button.rulehelp", data{screen: "help", page: 1})}
	if t.asked == nil {
		row = append(row, t.back("home", 0))
	}
	return t.again(ctx, screen{html: t.l.Page(t.l.H("errors.rule_refused"), t.refusal(query, err)), rows: [][]telegram.Button{row}})
}

// refusal is a parser's error in the language of the chat: the fragment, its
// column, what is wrong and what would be right.
func (t *turn) refusal(query string, err error) string {
	e, ok := errors.AsType[*filter.SyntaxError](err)
	if !ok {
		return t.l.H("errors.rule_other", "reason", err.Error())
	}
	lines := []string{t.l.H("errors.rule_at", "fragment", short(locale.Clean(e.Fragment), 120), "column", fmt.Sprint(e.Column),
		"reason", locale.Text(t.translated("errors.rule."+e.Code, e.Args, e.Msg)))}
	if strings.TrimSpace(e.Fragment) == "" {
		lines[0] = t.l.H("errors.rule_end", "reason", locale.Text(t.translated("errors.rule."+e.Code, e.Args, e.Msg)))
	}
	if hint := t.translated("errors.hint."+e.Code, e.Args, e.Hint); hint != "" {
		lines = append(lines, t.l.H("errors.rule_hint", "hint", locale.Text(hint)))
	}
	return strings.Join(lines, "\n")
}

// translated is the sentence of key with a parser's arguments; the parser's own
// English where we have none, "" where it says nothing.
func (t *turn) translated(key string, args map[string]string, english string) string {
	if english == "" || !t.l.Has(key) {
		return t.l.Span(english)
	}
	var pairs []any
	for name, value := range args {
		if name == "suggestion" {
			pairs = append(pairs, name, locale.Text(t.suggestion(value)))
			continue
		}
		pairs = append(pairs, name, short(value, 200))
	}
	return strings.TrimSpace(t.l.T(key, pairs...))
}

// suggestion says a parser's proposals in the chat's language. They come as a
// list, or in an English question, of which only they are kept.
func (t *turn) suggestion(english string) string {
	list, asked := strings.CutPrefix(english, "did you mean ")
	list = strings.TrimSuffix(strings.TrimSpace(list), "?")
	if list == "" {
		return ""
	}
	var names []string
	for name := range strings.SplitSeq(list, ", ") {
		names = append(names, t.l.Span(name))
	}
	joined := strings.Join(names, t.l.T("common.list_separator"))
	if !asked {
		return joined
	}
	return t.l.T("errors.suggestion", "names", locale.Text(joined))
}
