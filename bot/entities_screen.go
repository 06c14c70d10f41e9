package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
	"wirewatch/filter"
	"wirewatch/filter/entity"
	"wirewatch/store"
)

// entityKinds are the kinds of entities in the order in which they are listed.
var entityKinds = []entity.Kind{entity.Place, entity.Country, entity.Org, entity.Office, entity.Person, entity.Topic}

const maxNotes = 4 // remarks about an entity that its screen shows

// kinds lists the words for the kinds.
func (t *turn) kinds() string {
	var words []string
	for _, k := range entityKinds {
		words = append(words, t.l.T("entities.kind."+k))
	}
	return strings.Join(words, t.l.T("common.list_separator"))
}

// entities lists the own entities.
func (t *turn) entities(ctx context.Context, _ string) error {
	s, err := t.entitiesScreen(ctx, 0)
	if err != nil {
		return err
	}
	return t.show(ctx, s)
}

func (t *turn) entitiesScreen(ctx context.Context, page int) (screen, error) {
	own, err := t.o.Store.Entities(ctx, t.chat.ID)
	if err != nil {
		return screen{}, fmt.Errorf("list entities: %w", err)
	}
	add := t.styled("primary", "entities.button.new", data{screen: "newentity"})
	if len(own) == 0 {
		return screen{html: t.l.Paragraph(t.l.H("entities.none")), rows: [][]telegram.Button{{add}, {t.back("rules", 0)}}}, nil
	}
	from, to, at, all := paged(len(own), page)
	lines := []string{t.l.HN("entities.head", len(own))}
	names := t.with(own)
	var s screen
	var row []telegram.Button
	for i := from; i < to; i++ {
		number := t.l.Digits(strconv.Itoa(i + 1))
		e, _ := names.Lookup(own[i].Slug)
		lines = append(lines, t.l.H("entities.line", "number", locale.Text(number), "entity", unlinked(t.l, "@"+own[i].Slug), "names", t.someNames(e)))
		row = append(row, telegram.Button{Text: number, Data: data{screen: "entity", id: own[i].ID, page: at}.String()})
		if len(row) == pageRows/2 {
			s.rows, row = append(s.rows, row), nil
		}
	}
	s.html = t.l.Page(lines...)
	s.rows = append(s.rows, row, t.pager(data{screen: "entities"}, at, all), []telegram.Button{add}, []telegram.Button{t.back("rules", 0)})
	return s, nil
}

// someNames are the first names of an entity in some of its languages.
func (t *turn) someNames(e *entity.Entity) locale.Text {
	if e == nil {
		return ""
	}
	list := filter.EntityNames{Names: map[string][]string{}}
	for _, n := range e.Alias {
		if n.Mode != entity.ModeDemonym {
			list.Names[n.Lang] = append(list.Names[n.Lang], short(n.Text, 60))
		}
	}
	return locale.Text(t.entityNames(list))
}

// showEntityNamed shows the own entity with a slug.
func (t *turn) showEntityNamed(ctx context.Context, slug, head string) error {
	own, err := t.o.Store.Entities(ctx, t.chat.ID)
	if err != nil {
		return fmt.Errorf("list entities: %w", err)
	}
	i := slices.IndexFunc(own, func(e store.Entity) bool { return e.Slug == slug })
	if i < 0 {
		return t.entities(ctx, "") // deleted meanwhile
	}
	return t.showEntity(ctx, i, own, head)
}

// showEntity shows the i-th of the own entities.
func (t *turn) showEntity(ctx context.Context, i int, own []store.Entity, head string) error {
	s, err := t.entityScreen(ctx, i, own, head)
	if err != nil {
		return err
	}
	return t.show(ctx, s)
}

// entityScreen shows one own entity: its definition as it is written, what is to be known
// about it, the rules that name it, and what it would have found.
func (t *turn) entityScreen(ctx context.Context, i int, own []store.Entity, head string) (screen, error) {
	stored, names := own[i], t.with(own)
	var lines []string
	if head != "" {
		lines = append(lines, head)
	}
	e, ok := names.Lookup(stored.Slug)
	if !ok || e.Key() == e.Slug { // written by another version
		lines = append(lines, t.l.H("entities.one", "number", fmt.Sprint(i+1), "entity", unlinked(t.l, "@"+stored.Slug), "kind", ""), t.l.H("entities.unreadable"))
		return screen{html: t.l.Page(lines...), rows: t.entityButtons(stored)}, nil
	}
	lines = append(lines, t.l.H("entities.one", "number", fmt.Sprint(i+1), "entity", unlinked(t.l, "@"+stored.Slug), "kind", locale.Text(t.l.T("entities.kind."+e.Kind))),
		t.l.H("entities.definition", "definition", e.String()))
	lines = append(lines, t.entityNotes(e, names)...)
	used, err := t.rulesWith(ctx, stored.Slug, false)
	if err != nil {
		return screen{}, err
	}
	if len(used) > 0 {
		lines = append(lines, t.l.H("entities.used", "rules", t.numbers(used)))
	}
	q, err := filter.Parse("@"+stored.Slug, names)
	if err != nil {
		return screen{}, fmt.Errorf("look for @%s: %w", stored.Slug, err)
	}
	found, err := t.foundLines(ctx, q, 0)
	if err != nil {
		return screen{}, err
	}
	return screen{html: t.l.Page(append(lines, found...)...), rows: t.entityButtons(stored)}, nil
}

// entityNotes say what an own entity hides, and which of its names are another's too.
func (t *turn) entityNotes(e *entity.Entity, names *entity.Gazetteer) (lines []string) {
	if hidden, ok := t.o.Names.Lookup(e.Slug); ok && hidden.Slug == e.Slug {
		lines = append(lines, t.l.H("entities.hides", "entity", unlinked(t.l, "@"+e.Slug)))
	}
	for _, n := range e.Alias {
		for _, other := range names.Named(n.Text) {
			if other != e && len(lines) < maxNotes {
				lines = append(lines, t.l.H("entities.also", "name", n.Text, "entity", unlinked(t.l, "@"+other.Slug)))
			}
		}
	}
	return lines
}

// numbers lists numbers of rules.
func (t *turn) numbers(list []int) locale.Text {
	var words []string
	for _, n := range list {
		words = append(words, t.l.Digits(strconv.Itoa(n)))
	}
	return locale.Text(strings.Join(words, t.l.T("common.list_separator")))
}

func entityRev(e store.Entity) string { return revision(e.Slug, e.Definition) }

func (t *turn) entityButtons(e store.Entity) [][]telegram.Button {
	return [][]telegram.Button{
		{t.button("entities.button.rule", data{screen: "entityrule", id: e.ID})},
		{t.button("rules.button.query", data{screen: "redefine", id: e.ID}), t.styled("danger", "rules.button.delete", data{screen: "entitydelete", id: e.ID, rev: entityRev(e)})},
		{t.back("entities", 0)},
	}
}

func (t *turn) entityBack(e store.Entity) []telegram.Button {
	return []telegram.Button{t.button("commands.button.back", data{screen: "entity", id: e.ID})}
}

// ruleRow are buttons that open the rules with some numbers.
func (t *turn) ruleRow(numbers []int) [][]telegram.Button {
	return [][]telegram.Button{{t.button("commands.button.rules", data{screen: "rules", page: (numbers[0] - 1) / pageRows})}}
}

// deletedEntity says that an entity is gone, and what counts now.
func (t *turn) deletedEntity(gone store.Entity, rev string) screen {
	html := t.l.H("entities.deleted", "entity", unlinked(t.l, "@"+gone.Slug))
	if e, ok := t.o.Names.Lookup(gone.Slug); ok && e.Slug == gone.Slug {
		html = t.l.H("entities.deleted_shared", "entity", unlinked(t.l, "@"+gone.Slug))
	}
	return screen{html: t.l.Paragraph(html), rows: [][]telegram.Button{
		{t.button("rules.button.undo", data{screen: "undoentity", rev: rev})},
		{t.back("entities", 0)},
	}}
}

// openEntity is what the buttons about own entities do.
func (t *turn) openEntity(ctx context.Context, d data) error {
	switch d.screen {
	case "entities":
		s, err := t.entitiesScreen(ctx, d.page)
		if err != nil {
			return err
		}
		return t.show(ctx, s)
	case "newentity":
		return t.entity(ctx, "")
	case "undoentity":
		return t.restoreEntity(ctx, d.rev)
	}
	own, err := t.o.Store.Entities(ctx, t.chat.ID)
	if err != nil {
		return fmt.Errorf("list entities: %w", err)
	}
	i := slices.IndexFunc(own, func(e store.Entity) bool { return e.ID == d.id })
	if i < 0 {
		s, err := t.entitiesScreen(ctx, 0)
		if err != nil {
			return err
		}
		return t.stale(ctx, s)
	}
	return t.pressEntity(ctx, d, i, own)
}

func (t *turn) pressEntity(ctx context.Context, d data, i int, own []store.Entity) error {
	e := own[i]
	switch d.screen {
	case "entityrule":
		return t.addRule(ctx, "@"+e.Slug)
	case "redefine":
		written := "@" + e.Slug + " = "
		if known, ok := t.with(own).Lookup(e.Slug); ok {
			written = known.String()
		}
		return t.ask(ctx, stepEntity, t.l.H("entities.ask_change", "definition", written), t.l.T("entities.placeholder"), map[string]string{"entity": e.Slug})
	case "entitydelete":
		return t.show(ctx, screen{
			html: t.l.Paragraph(t.l.H("entities.delete", "entity", unlinked(t.l, "@"+e.Slug))),
			rows: [][]telegram.Button{{
				t.styled("danger", "rules.button.delete", data{screen: "entitydeleted", id: e.ID, rev: entityRev(e)}),
				t.button("commands.button.keep", data{screen: "entity", id: e.ID}),
			}},
		})
	case "entitydeleted":
		if d.rev != entityRev(e) {
			s, err := t.entityScreen(ctx, i, own, "")
			if err != nil {
				return err
			}
			return t.stale(ctx, s)
		}
		return t.removeEntity(ctx, e)
	}
	return t.showEntity(ctx, i, own, "")
}
