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
	"wirewatch/filter/entity"
	"wirewatch/filter/text"
	"wirewatch/store"
)

// names are the entities that the rules of this chat may name: its own, and those of
// all that it does not call otherwise. Articles must be analysed with the same.
func (t *turn) names(ctx context.Context) (*entity.Gazetteer, error) {
	if t.named != nil {
		return t.named, nil
	}
	own, err := t.o.Store.Entities(ctx, t.chat.ID)
	if err != nil {
		return nil, fmt.Errorf("list entities: %w", err)
	}
	t.named = t.with(own)
	return t.named, nil
}

// with are the entities that the rules of this chat could name if its own were these.
func (t *turn) with(own []store.Entity) *entity.Gazetteer {
	if len(own) == 0 {
		return t.o.Names
	}
	var files []entity.File
	for _, e := range own {
		files = append(files, entity.File{Name: "@" + e.Slug, Data: []byte(e.Definition)})
	}
	shared, err := t.o.Names.Share(map[int64][]entity.File{t.chat.ID: files})
	if err != nil {
		t.o.Log.Error("stored entities are not understood any more; their chat must write them anew", "chat", t.chat.ID, "err", err)
	}
	return shared.For(t.chat.ID)
}

// entity is /entity @NAME = …, /entity @NAME or /entity N and what may follow them.
func (t *turn) entity(ctx context.Context, args string) error {
	if args == "" {
		return t.ask(ctx, stepEntity, t.l.H("entities.ask"), t.l.T("entities.placeholder"), nil)
	}
	own, err := t.o.Store.Entities(ctx, t.chat.ID)
	if err != nil {
		return fmt.Errorf("list entities: %w", err)
	}
	i, rest := entityAt(own, args)
	if i < 0 {
		return t.define(ctx, args, nil)
	}
	if i >= len(own) {
		return t.noEntity(ctx, args, own)
	}
	switch word := t.entityWord(rest); {
	case rest == "":
		return t.showEntity(ctx, i, own, "")
	case word == "delete":
		return t.removeEntity(ctx, own[i])
	case strings.HasPrefix(rest, "+"):
		return t.define(ctx, rest[1:], &own[i])
	}
	return t.define(ctx, args, nil)
}

// entityAt finds the own entity that args begin with: @name or its number in the list. A number
// or a name alone that is none of them gives len(own); -1: args are a definition.
func entityAt(own []store.Entity, args string) (i int, rest string) {
	if n, rest, ok := leadingNumber(args); ok {
		if n < 1 || n > len(own) {
			return len(own), rest
		}
		return n - 1, rest
	}
	first, rest, _ := strings.Cut(args, " ")
	slug, at := strings.CutPrefix(strings.ToLower(strings.ReplaceAll(first, "＠", "@")), "@")
	if !at || strings.Contains(first, "\n") {
		return -1, args
	}
	rest = strings.TrimSpace(rest)
	if i := slices.IndexFunc(own, func(e store.Entity) bool { return e.Slug == slug }); i >= 0 && !strings.Contains(first, "=") {
		return i, rest
	}
	if rest == "" && !strings.Contains(first, "=") {
		return len(own), rest
	}
	return -1, args
}

// changesEntity says whether /entity changes something, which in a group only
// administrators may: all but showing one.
func changesEntity(args string) bool {
	first, rest, _ := strings.Cut(args, " ")
	_, _, number := leadingNumber(first)
	return rest != "" || !number && !strings.HasPrefix(first, "@") || strings.ContainsAny(first, "=\n")
}

// entityWord reads the word after an entity as [turn.ruleWord] does.
func (t *turn) entityWord(word string) string {
	for alias := range strings.SplitSeq("delete|"+t.l.T("rules.word.delete"), "|") {
		if word != "" && text.Fold(word) == text.Fold(alias) {
			return "delete"
		}
	}
	return ""
}

// noEntity shows the shared entity of a name, or says that there is none.
func (t *turn) noEntity(ctx context.Context, args string, own []store.Entity) error {
	slug := strings.TrimPrefix(strings.ToLower(args), "@")
	if e, ok := t.o.Names.Lookup(slug); ok && e.Slug == slug {
		return t.say(ctx, t.l.Page(t.l.H("entities.shared", "entity", unlinked(t.l, "@"+slug), "names", t.someNames(e)), t.l.H("entities.shared_how", "slug", slug)))
	}
	return t.say(ctx, t.l.Paragraph(t.l.H("entities.no_such", "given", short(args, 60), "count", len(own))))
}

// define stores what a text defines; names added to an entity when there is one already.
func (t *turn) define(ctx context.Context, said string, to *store.Entity) error {
	if to != nil {
		definition, err := t.extended(*to, said)
		if err != nil {
			return err
		}
		said = definition
	}
	all, err := entity.Define(said)
	if err != nil {
		return t.explainDefinition(ctx, said, err)
	}
	list := make([]store.Entity, len(all))
	for i, e := range all {
		list[i] = store.Entity{Slug: e.Slug, Definition: e.Definition()}
	}
	err = t.o.Store.SaveEntities(ctx, t.chat.ID, list)
	switch {
	case errors.Is(err, store.ErrLimit):
		return t.again(ctx, screen{html: t.l.Paragraph(t.l.H("entities.limit", "max", store.MaxEntities))})
	case err != nil:
		return err
	}
	t.named = nil
	t.o.Log.Info("entities defined", "chat", t.chat.ID, "entities", len(list), "first", list[0].Slug)
	if len(list) == 1 {
		return t.showEntityNamed(ctx, list[0].Slug, t.l.H("entities.saved"))
	}
	s, err := t.entitiesScreen(ctx, 0)
	if err != nil {
		return err
	}
	s.html = t.l.Paragraph(t.l.HN("entities.saved_many", len(list))) + "\n" + s.html
	return t.show(ctx, s)
}

// extended is the definition of an entity with further names, as people write it.
func (t *turn) extended(e store.Entity, more string) (string, error) {
	g, err := entity.Load([]byte(e.Definition))
	if err != nil {
		return "", fmt.Errorf("read the definition of @%s: %w", e.Slug, err)
	}
	return g.All()[0].String() + "; " + strings.TrimSpace(more), nil
}

// redefine is the answer to "what should it be?": a definition, or names alone.
func (t *turn) redefine(ctx context.Context, slug, said string) error {
	said = strings.TrimSpace(said)
	if !strings.HasPrefix(said, "@") && !strings.HasPrefix(said, "＠") && !strings.Contains(said, "\t") {
		said = "@" + slug + " = " + said
	}
	return t.define(ctx, said, nil)
}

// removeEntity deletes an own entity, unless a rule would not be understood without it.
func (t *turn) removeEntity(ctx context.Context, gone store.Entity) error {
	needed, err := t.rulesWith(ctx, gone.Slug, true)
	if err != nil {
		return err
	}
	if len(needed) > 0 {
		return t.show(ctx, screen{
			html: t.l.Paragraph(t.l.H("entities.needed", "entity", unlinked(t.l, "@"+gone.Slug), "rules", t.numbers(needed))),
			rows: append(t.ruleRow(needed), t.entityBack(gone)),
		})
	}
	if err := t.o.Store.DeleteEntity(ctx, t.chat.ID, gone.ID); err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("delete entity %d: %w", gone.ID, err)
	}
	t.named = nil
	t.o.Log.Info("entity deleted", "chat", t.chat.ID, "entity", gone.Slug)
	rev := revision(gone.Slug, gone.Definition)
	if err := t.saveDialog(ctx, stepUndo, map[string]string{"slug": gone.Slug, "definition": gone.Definition, "rev": rev}); err != nil {
		return err
	}
	return t.show(ctx, t.deletedEntity(gone, rev))
}

// restoreEntity makes the entity anew that was just deleted.
func (t *turn) restoreEntity(ctx context.Context, rev string) error {
	d, ok, err := t.o.Store.Dialog(ctx, t.chat.ID, t.user.ID, t.thread)
	if err != nil {
		return fmt.Errorf("read a dialog: %w", err)
	}
	if !ok || d.Step != stepUndo || d.Data["rev"] != rev || d.Data["slug"] == "" {
		t.toast = t.l.T("errors.undo_expired")
		return nil
	}
	if err := t.endDialog(ctx); err != nil {
		return err
	}
	err = t.o.Store.SaveEntities(ctx, t.chat.ID, []store.Entity{{Slug: d.Data["slug"], Definition: d.Data["definition"]}})
	switch {
	case errors.Is(err, store.ErrLimit):
		return t.show(ctx, screen{html: t.l.Paragraph(t.l.H("entities.limit", "max", store.MaxEntities))})
	case err != nil:
		return err
	}
	t.named = nil
	return t.showEntityNamed(ctx, d.Data["slug"], t.l.H("entities.restored"))
}

// rulesWith lists the numbers of the rules that name an own entity; only those that could
// not be read without it if they need it.
func (t *turn) rulesWith(ctx context.Context, slug string, need bool) (numbers []int, err error) {
	own, err := t.o.Store.Entities(ctx, t.chat.ID)
	if err != nil {
		return nil, fmt.Errorf("list entities: %w", err)
	}
	rules, err := t.o.Store.Rules(ctx, t.chat.ID)
	if err != nil {
		return nil, fmt.Errorf("list rules: %w", err)
	}
	names, without := t.with(own), t.with(slices.DeleteFunc(slices.Clone(own), func(e store.Entity) bool { return e.Slug == slug }))
	for i, r := range rules {
		q, err := filter.Parse(r.Query, names)
		if err != nil || !slices.ContainsFunc(q.Explain().Entities, func(e filter.EntityNames) bool { return e.Slug == slug }) {
			continue
		}
		if _, err := filter.Parse(r.Query, without); !need || err != nil {
			numbers = append(numbers, i+1)
		}
	}
	return numbers, nil
}

// explainDefinition tells why a definition was refused.
func (t *turn) explainDefinition(ctx context.Context, said string, err error) error {
	e, ok := errors.AsType[*entity.DefinitionError](err)
	if !ok {
		return err
	}
	args := map[string]string{}
	for k, v := range e.Args {
		args[k] = v
	}
	if args["kinds"] != "" {
		args["kinds"] = t.kinds()
	}
	reason := locale.Text(t.translated("errors.entity."+e.Code, args, e.Error()))
	html := t.l.H("errors.entity_reason", "reason", reason)
	if strings.Contains(strings.TrimSpace(said), "\n") {
		html = t.l.H("errors.entity_line", "line", strconv.Itoa(e.Line), "reason", reason)
	}
	s := screen{html: t.l.Paragraph(html)}
	if t.asked == nil {
		s.rows = append(s.rows, []telegram.Button{t.button("commands.button.help", data{screen: "help", page: slices.Index(helpTopics, "entities")}), t.back("home", 0)})
	}
	return t.again(ctx, s)
}
