package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"wirewatch/bot/telegram"
	"wirewatch/store"
)

// lastQuery is how many runes of the query that a rule had before are shown.
const lastQuery = 300

// undoable is a rule as it was before it was deleted or given another query.
type undoable struct {
	Rule store.Rule
	To   []store.RuleRoute // its places; not of a changed rule, which keeps them
	Now  string            // ruleRev of the changed rule; "" for a deleted one
}

// offerUndo remembers what a rule was, for the button that undoButton makes.
func (t *turn) offerUndo(ctx context.Context, u undoable) error {
	was, err := json.Marshal(u)
	if err != nil {
		return fmt.Errorf("remember rule %d: %w", u.Rule.ID, err)
	}
	return t.saveDialog(ctx, stepUndo, map[string]string{"was": string(was), "rev": ruleRev(u.Rule)})
}

func (t *turn) undoButton(key string, was store.Rule) []telegram.Button {
	return []telegram.Button{t.button(key, data{screen: "undo", rev: ruleRev(was)})}
}

// showChanged shows a rule that was given another query, with the one that it had and a way
// back: "/rule 2 digst 18:00" is a query, too, and would end what the rule looked for.
func (t *turn) showChanged(ctx context.Context, was, r store.Rule, head string) error {
	if err := t.offerUndo(ctx, undoable{Rule: was, Now: ruleRev(r)}); err != nil {
		return err
	}
	return t.changeRule(ctx, r.ID, func(t *turn, n int, r store.Rule) error {
		s, err := t.ruleScreen(ctx, n, r, t.l.Page(head, t.l.H("rules.was", "query", short(was.Query, lastQuery))))
		if err != nil {
			return err
		}
		s.rows = append([][]telegram.Button{t.undoButton("rules.button.undo_change", was)}, s.rows...)
		return t.show(ctx, s)
	})
}

// undo is the button below a rule that was just deleted or given another query.
func (t *turn) undo(ctx context.Context, rev string) error {
	d, ok, err := t.o.Store.Dialog(ctx, t.chat.ID, t.user.ID, t.thread)
	if err != nil {
		return fmt.Errorf("read a dialog: %w", err)
	}
	var u undoable
	if !ok || d.Step != stepUndo || d.Data["rev"] != rev || json.Unmarshal([]byte(d.Data["was"]), &u) != nil {
		t.toast = t.l.T("errors.undo_expired")
		return nil
	}
	if err := t.endDialog(ctx); err != nil {
		return err
	}
	u.Rule.Chat = t.chat.ID // it may have become a supergroup meanwhile
	if u.Now == "" {
		return t.restoreRule(ctx, u)
	}
	return t.takeBack(ctx, u)
}

// restoreRule makes the rule anew that was just deleted, with its limits, times and
// places. It is the last one then.
func (t *turn) restoreRule(ctx context.Context, u undoable) error {
	r, err := t.o.Store.AddRule(ctx, u.Rule, u.To...)
	switch {
	case errors.Is(err, store.ErrExists):
		return t.existing(ctx, u.Rule.Query, u.Rule.Source)
	case errors.Is(err, store.ErrLimit):
		return t.show(ctx, screen{html: t.l.Paragraph(t.l.H("rules.limit", "max", store.MaxRules))})
	case errors.Is(err, store.ErrNotFound): // its source is gone
		t.toast = t.l.T("errors.undo_expired")
		return nil
	case err != nil:
		return fmt.Errorf("restore a rule: %w", err)
	}
	t.o.Log.Info("rule restored", "chat", t.chat.ID, "rule", r.ID)
	return t.showByID(ctx, r.ID, t.l.H("rules.restored"))
}

// takeBack gives a rule its last query and name again, unless it has been changed since.
func (t *turn) takeBack(ctx context.Context, u undoable) error {
	return t.changeRule(ctx, u.Rule.ID, func(t *turn, n int, r store.Rule) error {
		if ruleRev(r) != u.Now {
			t.toast = t.l.T("errors.undo_expired")
			return t.showRule(ctx, n, r)
		}
		r.Name, r.Query = u.Rule.Name, u.Rule.Query
		t.o.Log.Info("rule taken back", "chat", t.chat.ID, "rule", r.ID)
		return t.saveRule(ctx, r, t.l.H("rules.taken_back"))
	})
}
