package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"wirewatch/bot/telegram"
	"wirewatch/filter"
	"wirewatch/filter/text"
	"wirewatch/store"
)

// ruleName is how many runes a rule's name may have.
const ruleName = 64

// maxQuery is how many runes of a query are accepted: a longer one would not
// fit the message that shows it.
const maxQuery = 1500

// everything is the query of a rule that follows one source.
const everything = "*"

// tiers in the order of their buttons.
var tiers = []store.Tier{store.TierFlash, store.TierInstant, store.TierDigest, store.TierOff}

// rule is /rule QUERY, /rule N and what may follow N.
func (t *turn) rule(ctx context.Context, args string) error {
	if args == "" {
		return t.ask(ctx, stepRule, t.l.H("rules.ask"), t.l.T("rules.placeholder"), nil)
	}
	n, rest, numbered := leadingNumber(args)
	if !numbered {
		return t.addRule(ctx, args)
	}
	rules, err := t.o.Store.Rules(ctx, t.chat.ID)
	if err != nil {
		return fmt.Errorf("list rules: %w", err)
	}
	if n > store.MaxRules && rest != "" { // no chat has so many: /rule 2026 elections
		return t.addRule(ctx, args)
	}
	if n < 1 || n > len(rules) {
		return t.say(ctx, t.l.Paragraph(t.l.H("rules.no_such", "number", fmt.Sprint(n), "count", len(rules))))
	}
	r := rules[n-1]
	word, value := cutWord(rest)
	act := t.ruleWord(typed(word))
	if slices.Contains([]string{"cap", "cooldown", "digest"}, act) && (act != "digest" || value != "") {
		if known, err := t.ruleSetting(ctx, n, r, act, value); known || err != nil {
			return err
		}
	}
	switch {
	case rest == "":
		return t.showRule(ctx, n, r)
	case act == "delete" && value == "":
		return t.removeRule(ctx, n, r)
	case act == "name":
		return t.rename(ctx, n, r, value)
	case slices.Contains(tiers, store.Tier(act)) && value == "":
		return t.setTier(ctx, n, r, store.Tier(act))
	}
	return t.requery(ctx, n, r, rest)
}

// ruleWord reads the word after /rule N: the English one always, and the one
// of the chat's language.
func (t *turn) ruleWord(word string) string {
	for _, act := range []string{"delete", "name", "flash", "instant", "digest", "off", "cap", "cooldown"} {
		if strings.EqualFold(word, act) {
			return act
		}
		key := "rules.word." + act
		if !t.l.Has(key) {
			key = "limits.word." + act
		}
		for alias := range strings.SplitSeq(t.l.T(key), "|") {
			if text.Fold(word) == text.Fold(alias) && word != "" {
				return act
			}
		}
	}
	return ""
}

// parseRule reads a query for a rule over all sources (source 0) or one. The
// bool is false when it was refused, and the person has been told.
func (t *turn) parseRule(ctx context.Context, query string, source int64) (*filter.Query, bool, error) {
	if n := len([]rune(query)); n > maxQuery {
		return nil, false, t.again(ctx, screen{html: t.l.Paragraph(t.l.H("rules.too_long", "length", n, "max", maxQuery))})
	}
	names, err := t.names(ctx)
	if err != nil {
		return nil, false, err
	}
	q, err := filter.Parse(query, names)
	if err != nil {
		return nil, false, t.explainRefusal(ctx, query, err)
	}
	if source == 0 && q.String() == everything {
		return nil, false, t.again(ctx, screen{html: t.l.Paragraph(t.l.H("rules.everything"))})
	}
	if source == 0 {
		if _, err := t.o.Broad.Admit(q, query); err != nil {
			return nil, false, t.explainRefusal(ctx, query, err)
		}
	}
	return q, true, nil
}

// addRule makes a rule named after its query and shows what it does.
func (t *turn) addRule(ctx context.Context, query string) error {
	q, ok, err := t.parseRule(ctx, query, 0)
	if !ok || err != nil {
		return err
	}
	r, err := t.o.Store.AddRule(ctx, store.Rule{
		Chat: t.chat.ID, Name: short(oneLine(query), ruleName), Query: q.String(), Tier: store.TierInstant,
	})
	switch {
	case errors.Is(err, store.ErrExists):
		return t.existing(ctx, q.String(), 0)
	case errors.Is(err, store.ErrLimit):
		return t.show(ctx, screen{html: t.l.Paragraph(t.l.H("rules.limit", "max", store.MaxRules))})
	case err != nil:
		return fmt.Errorf("add rule: %w", err)
	}
	t.o.Log.Info("rule added", "chat", t.chat.ID, "rule", r.ID)
	return t.showByID(ctx, r.ID, t.l.Page(append([]string{t.l.H("rules.added")}, t.lost(ctx, q)...)...))
}

// oneLine is a text with its white space made single spaces.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// existing shows the rule that a person wanted to make a second time.
func (t *turn) existing(ctx context.Context, query string, source int64) error {
	rules, err := t.o.Store.Rules(ctx, t.chat.ID)
	if err != nil {
		return fmt.Errorf("list rules: %w", err)
	}
	for i, r := range rules {
		if r.Query == query && r.Source == source {
			s, err := t.ruleScreen(ctx, i+1, r, t.l.H("rules.exists"))
			if err != nil {
				return err
			}
			return t.show(ctx, s)
		}
	}
	return t.show(ctx, screen{html: t.l.Paragraph(t.l.H("rules.exists"))})
}

// changeRule looks a rule of this chat up by its id, with its number.
func (t *turn) changeRule(ctx context.Context, id int64, change func(t *turn, n int, r store.Rule) error) error {
	rules, err := t.o.Store.Rules(ctx, t.chat.ID)
	if err != nil {
		return fmt.Errorf("list rules: %w", err)
	}
	for i, r := range rules {
		if r.ID == id {
			return change(t, i+1, r)
		}
	}
	s, err := t.rulesScreen(ctx, 0)
	if err != nil {
		return err
	}
	return t.stale(ctx, s)
}

func (t *turn) showByID(ctx context.Context, id int64, head string) error {
	return t.changeRule(ctx, id, func(t *turn, n int, r store.Rule) error {
		s, err := t.ruleScreen(ctx, n, r, head)
		if err != nil {
			return err
		}
		return t.show(ctx, s)
	})
}

func (t *turn) showRule(ctx context.Context, n int, r store.Rule) error {
	s, err := t.ruleScreen(ctx, n, r, "")
	if err != nil {
		return err
	}
	return t.show(ctx, s)
}

func (t *turn) removeRule(ctx context.Context, n int, r store.Rule) error {
	to, err := t.o.Store.RuleRoutes(ctx, r.ID)
	if err != nil {
		return fmt.Errorf("list routes of rule %d: %w", r.ID, err)
	}
	if err := t.o.Store.DeleteRule(ctx, t.chat.ID, r.ID); err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("delete rule %d: %w", r.ID, err)
	}
	t.o.Log.Info("rule deleted", "chat", t.chat.ID, "rule", r.ID)
	if err := t.offerUndo(ctx, undoable{Rule: r, To: to}); err != nil {
		return err
	}
	return t.show(ctx, screen{
		html: t.l.Paragraph(t.l.H("rules.deleted", "number", fmt.Sprint(n), "name", unlinked(t.l, r.Name))),
		rows: [][]telegram.Button{
			t.undoButton("rules.button.undo", r),
			{t.button("commands.button.rules", data{screen: "rules"}), t.back("home", 0)},
		},
	})
}

// saveRule stores a changed rule and shows it under head.
func (t *turn) saveRule(ctx context.Context, r store.Rule, head string) error {
	if ok, err := t.storeRule(ctx, r); !ok || err != nil {
		return err
	}
	return t.showByID(ctx, r.ID, head)
}

// storeRule stores a changed rule. The bool is false when the chat has one like it
// already, and the person has been told.
func (t *turn) storeRule(ctx context.Context, r store.Rule) (bool, error) {
	err := t.o.Store.UpdateRule(ctx, r)
	switch {
	case errors.Is(err, store.ErrExists):
		return false, t.existing(ctx, r.Query, r.Source)
	case errors.Is(err, store.ErrNotFound): // deleted meanwhile: who shows it says so
	case err != nil:
		return false, fmt.Errorf("change rule %d: %w", r.ID, err)
	}
	return true, nil
}

func (t *turn) rename(ctx context.Context, n int, r store.Rule, name string) error {
	name = oneLine(name)
	if name == "" {
		return t.ask(ctx, stepRename, t.l.H("rules.ask_name", "number", fmt.Sprint(n)), t.l.T("rules.name_placeholder"), ruleData(r))
	}
	r.Name = short(name, ruleName)
	return t.saveRule(ctx, r, t.l.H("rules.renamed"))
}

func (t *turn) requery(ctx context.Context, n int, r store.Rule, query string) error {
	if query == "" {
		return t.ask(ctx, stepRequery, t.l.H("rules.ask_query", "number", fmt.Sprint(n), "query", r.Query), t.l.T("rules.placeholder"), ruleData(r))
	}
	q, ok, err := t.parseRule(ctx, query, r.Source)
	if !ok || err != nil {
		return err
	}
	was := r
	if t.namedAfterQuery(ctx, r) {
		r.Name = short(oneLine(query), ruleName) // it was named after its query, and stays so
	}
	r.Query = q.String()
	head := t.l.Page(append([]string{t.l.H("rules.changed")}, t.lost(ctx, q)...)...)
	if r.Query == was.Query {
		return t.saveRule(ctx, r, head)
	}
	if ok, err := t.storeRule(ctx, r); !ok || err != nil {
		return err
	}
	return t.showChanged(ctx, was, r, head)
}

// namedAfterQuery says whether a rule's name is still what its query gave it:
// the query, or another spelling of it.
func (t *turn) namedAfterQuery(ctx context.Context, r store.Rule) bool {
	if text.Fold(r.Name) == text.Fold(short(r.Query, ruleName)) {
		return true
	}
	names, err := t.names(ctx)
	if err != nil {
		return false
	}
	spelled, err := filter.Parse(r.Name, names)
	if err != nil {
		return false
	}
	query, err := filter.Parse(r.Query, names)
	return err != nil || spelled.String() == query.String()
}

func (t *turn) setTier(ctx context.Context, _ int, r store.Rule, tier store.Tier) error {
	r.Tier = tier
	return t.saveRule(ctx, r, t.tierSet(r))
}
