package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
	"wirewatch/store"
)

// gated are the chats in which this chat publishes after approval only.
func (t *turn) gated(ctx context.Context) (map[int64]bool, error) {
	routes, err := t.o.Store.Routes(ctx, t.chat.ID)
	if err != nil {
		return nil, fmt.Errorf("list routes: %w", err)
	}
	gated := map[int64]bool{}
	for _, r := range routes {
		gated[r.To] = gated[r.To] || r.Approve
	}
	return gated, nil
}

// setApproval says whether somebody here must approve what is published in the linked
// chat that the turn is about.
func (t *turn) setApproval(ctx context.Context, approve bool) error {
	err := t.o.Store.SetApproval(ctx, t.chat.ID, t.of.ID, approve)
	switch {
	case errors.Is(err, store.ErrNotFound): // unlinked between two looks at it
		t.toast = t.l.T("errors.stale")
		return t.channels(ctx, "")
	case err != nil:
		return fmt.Errorf("set approval: %w", err)
	case approve:
		t.toast = t.l.T("channels.approve_on")
	default:
		t.toast = t.l.T("channels.approve_off")
	}
	return t.showSettings(ctx, "")
}

// approvalButton turns the question before publishing in a channel on or off.
func (t *turn) approvalButton(to int64, on bool) telegram.Button {
	if on {
		return t.button("channels.button.approve_not", data{screen: "approval", id: to})
	}
	return t.button("channels.button.approve", data{screen: "approval", id: to, page: 1})
}

// A waypoint is a place that a rule's matches can go to.
type waypoint struct {
	route store.RuleRoute
	name  string
	on    bool
}

// waypoints lists the places of a rule: this chat, the topics that the rule is bound
// to, and every chat in which the rules of this one are published. apart says that
// the rule has places of its own; otherwise all of the chat's are on.
func (t *turn) waypoints(ctx context.Context, r store.Rule) (list []waypoint, apart bool, err error) {
	own, err := t.o.Store.RuleRoutes(ctx, r.ID)
	if err != nil {
		return nil, false, fmt.Errorf("list routes of rule %d: %w", r.ID, err)
	}
	apart = len(own) > 0
	add := func(w store.RuleRoute, name string) {
		list = append(list, waypoint{w, name, !apart || slices.Contains(own, w)})
	}
	add(store.RuleRoute{Rule: r.ID, To: t.chat.ID, Thread: store.OwnPlace}, t.l.T("channels.way_here"))
	for _, w := range own {
		if w.To == t.chat.ID && w.Thread != store.OwnPlace {
			add(w, t.l.T("channels.way_topic", "number", fmt.Sprint(w.Thread)))
		}
	}
	routes, err := t.o.Store.Routes(ctx, t.chat.ID)
	if err != nil {
		return nil, false, fmt.Errorf("list routes: %w", err)
	}
	for _, route := range routes {
		if route.To != t.chat.ID {
			add(store.RuleRoute{Rule: r.ID, To: route.To, Thread: route.Thread}, t.placeTitle(ctx, route.To))
		}
	}
	return list, apart, nil
}

// showWays shows where a rule's matches go, with a button for each place.
func (t *turn) showWays(ctx context.Context, n int, r store.Rule) error {
	list, apart, err := t.waypoints(ctx, r)
	if err != nil {
		return err
	}
	return t.show(ctx, t.waysScreen(n, r, list, apart))
}

// waysRev changes with everything that a button could change.
func waysRev(list []waypoint, apart bool) string {
	state := []any{apart}
	for _, w := range list {
		state = append(state, w.route, w.on)
	}
	return revision(state...)
}

func (t *turn) waysScreen(n int, r store.Rule, list []waypoint, apart bool) screen {
	rev := waysRev(list, apart)
	var names []string
	var rows [][]telegram.Button
	for i, w := range list {
		label := t.l.Span(short(w.name, 40))
		if w.on {
			names = append(names, t.l.Span(short(w.name, maxName)))
			label = "✓ " + label
		}
		rows = append(rows, []telegram.Button{{Text: label, Data: data{screen: "whereto", id: r.ID, page: i, rev: rev}.String()}})
	}
	head := t.l.H("channels.ways", "number", fmt.Sprint(n), "name", unlinked(t.l, r.Name),
		"places", locale.Text(strings.Join(names, t.l.T("common.list_separator"))))
	lines := []string{head}
	if apart {
		rows = append(rows, []telegram.Button{t.button("channels.button.as_chat", data{screen: "whereto", id: r.ID, page: len(list), rev: rev})})
	} else {
		lines = append(lines, t.l.H("channels.ways_as_chat"))
	}
	if len(list) == 1 {
		lines = append(lines, t.l.H("channels.ways_only_here"))
	}
	return screen{html: t.l.Page(lines...), rows: append(rows, []telegram.Button{t.button("commands.button.back", data{screen: "rule", id: r.ID})})}
}

// toggleWay adds a place to a rule or takes it away. The last one cannot be taken
// away: a rule that shall tell nobody is one of the tier off.
func (t *turn) toggleWay(ctx context.Context, n int, r store.Rule, d data) error {
	list, apart, err := t.waypoints(ctx, r)
	if err != nil {
		return err
	}
	if d.rev != waysRev(list, apart) || d.page < 0 || d.page > len(list) {
		return t.stale(ctx, t.waysScreen(n, r, list, apart))
	}
	var to []store.RuleRoute
	if d.page < len(list) {
		list[d.page].on = !list[d.page].on
		for _, w := range list {
			if w.on {
				to = append(to, w.route)
			}
		}
		if len(to) == 0 {
			t.toast = t.l.T("channels.ways_last")
			return nil
		}
	}
	if err := t.saveWays(ctx, r, to); err != nil {
		return err
	}
	return t.showWays(ctx, n, r)
}

func (t *turn) saveWays(ctx context.Context, r store.Rule, to []store.RuleRoute) error {
	err := t.o.Store.SetRuleRoutes(ctx, t.chat.ID, r.ID, to)
	if errors.Is(err, store.ErrNotFound) { // changed between two looks at it: what is shown next says so
		return nil
	} else if err != nil {
		return fmt.Errorf("save routes of rule %d: %w", r.ID, err)
	}
	t.o.Log.Info("rule sent elsewhere", "chat", t.chat.ID, "rule", r.ID, "places", len(to))
	return nil
}

// ruleHere brings one rule to the topic in which it is said, instead of to another
// place in this chat; what it publishes elsewhere stays.
func (t *turn) ruleHere(ctx context.Context, n int) error {
	rules, err := t.o.Store.Rules(ctx, t.chat.ID)
	if err != nil {
		return fmt.Errorf("list rules: %w", err)
	}
	if n < 1 || n > len(rules) {
		return t.say(ctx, t.l.Paragraph(t.l.H("rules.no_such", "number", fmt.Sprint(n), "count", len(rules))))
	}
	r := rules[n-1]
	list, _, err := t.waypoints(ctx, r)
	if err != nil {
		return err
	}
	to := []store.RuleRoute{{Rule: r.ID, To: t.chat.ID, Thread: t.thread}}
	for _, w := range list {
		if w.on && w.route.To != t.chat.ID {
			to = append(to, w.route)
		}
	}
	if err := t.saveWays(ctx, r, to); err != nil {
		return err
	}
	key := "channels.rule_here_topic"
	if t.thread == 0 {
		key = "channels.rule_here"
	}
	return t.say(ctx, t.l.Paragraph(t.l.H(key, "number", fmt.Sprint(n), "name", unlinked(t.l, r.Name))))
}
