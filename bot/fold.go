package bot

import (
	"context"
	"errors"
	"fmt"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
	"wirewatch/store"
)

// fold lays out the message that tells how many stories exceeded a rule's limits.
// Its button opens them.
func (v view) fold(d store.Delivery) page {
	p := page{thread: d.Thread, deliveries: []int64{d.ID}, what: store.KindFold,
		keys: [][]telegram.Button{{{Text: v.N("limits.open", d.Folded), Data: data{screen: "fold", id: d.ID}.String()}}}}
	rule := locale.HTML("<b>" + v.H("digest.other") + "</b>")
	if len(d.Rules) > 0 && name(d.Rules[0].Name) != "" {
		rule = v.ruleName(d.Rules[0].Name, "b")
	}
	p.html = v.Paragraph(v.HN("limits.more", d.Folded, "rule", rule)) + "\n" +
		v.Paragraph(v.H("limits.more_why", "since", locale.Text(v.Moment(d.Created, v.now))))
	return p
}

// openFold lists what a message of that kind tells of, in its place, and settles
// what the list shows.
func (t *turn) openFold(ctx context.Context, d data) error {
	_, total, err := t.o.Store.Folded(ctx, t.chat.ID, d.id, 0, 1)
	if errors.Is(err, store.ErrNotFound) {
		t.toast = t.l.T("errors.stale")
		return nil
	}
	if err != nil {
		return fmt.Errorf("read what is folded: %w", err)
	}
	from, to, at, all := paged(total, d.page)
	list, _, err := t.o.Store.Folded(ctx, t.chat.ID, d.id, from, to-from)
	if err != nil {
		return fmt.Errorf("read what is folded: %w", err)
	}
	lines := []string{t.l.HN("limits.head", total)}
	lister := listing{t: t}
	var shown []int64
	for i, f := range list {
		shown = append(shown, f.ID)
		if f.Article == nil {
			lines = append(lines, t.l.H("limits.swept", "n", t.l.Digits(fmt.Sprint(from+i+1))))
			continue
		}
		lines = append(lines, lister.line(from+i+1, *f.Article))
	}
	s := screen{html: t.l.Page(lines...), rows: [][]telegram.Button{t.pager(data{screen: "fold", id: d.id}, at, all)}}
	if err := t.show(ctx, s); err != nil && telegram.KindOf(err) != telegram.NotModified {
		return err
	}
	if err := t.o.Store.Unfold(ctx, t.chat.ID, shown, t.screen); err != nil {
		return err
	}
	return nil
}
