package entity

import (
	"maps"
	"slices"

	"wirewatch/filter/text"
)

// addition is an item of a pack that begins with more: names for an entity that stands
// elsewhere. What states no mode has none until that is found.
type addition struct {
	to string // slug
	*Entity
}

// extend adds the additions to entities of the loader or of below, in the order of the
// files. An entity of below is copied first, and the copy takes its place. below may be nil.
func (l *loader) extend(below *Gazetteer) {
	for _, a := range l.more {
		l.file = a.file
		e, ok := l.g.bySlug[a.to]
		if !ok && below != nil {
			if shared, there := below.slug(a.to); there {
				e, ok = shared.copy(a.file, a.line), true
				l.g.bySlug[a.to] = e
				l.g.all = append(l.g.all, e)
			}
		}
		if !ok {
			l.errorf(a.line, "there is no entity %q to add to%s", a.to, l.meant(a.to, below))
			continue
		}
		e.add(a.Entity)
		if len(e.Alias) > MaxNames {
			l.errorf(a.line, "%s has %d names with these, more than the %d an entity may have", a.to, len(e.Alias), MaxNames)
		}
	}
}

// meant says which entity was meant.
func (l *loader) meant(slug string, below *Gazetteer) string {
	slugs := slices.Collect(maps.Keys(l.g.bySlug))
	for _, e := range below.All() {
		slugs = append(slugs, e.Slug)
	}
	slices.Sort(slugs)
	return orList(slug, slugs)
}

// copy is the entity with lists of its own, as if it stood in another file.
func (e *Entity) copy(file string, line int) *Entity {
	c := *e
	c.file, c.line, c.Label = file, line, maps.Clone(e.Label)
	c.Alias, c.Neg, c.Need, c.Veto = slices.Clip(e.Alias), slices.Clip(e.Neg), slices.Clip(e.Need), slices.Clip(e.Veto)
	return &c
}

// add adds names that are not there yet: one that is spelled the same in its language keeps
// the mode and the weakness that it has.
func (e *Entity) add(more *Entity) {
	e.Alias = addNames(e.Alias, more.Alias, defaultMode(e.Kind))
	e.Neg = addNames(e.Neg, more.Neg, ModePhrase)
	e.Need = addNames(e.Need, more.Need, ModePhrase)
	e.Veto = addNames(e.Veto, more.Veto, ModePhrase)
	e.label()
}

// addNames appends the names that the list does not have, with mode where they state none. More
// may have one spelling in two modes: “NATO” in capitals, and weak.
func addNames(names, more []Name, mode Mode) []Name {
	spelled := make(map[[2]string]bool, len(names))
	for _, n := range names {
		spelled[[2]string{n.Lang, text.Fold(n.Text)}] = true
	}
	added := map[Name]bool{}
	for _, n := range more {
		if n.Mode == "" {
			n.Mode = mode
		}
		same := n
		if n.Mode != ModeCaps { // in which case tells: Ue, UE
			same.Text = text.Fold(n.Text)
		}
		if !spelled[[2]string{n.Lang, text.Fold(n.Text)}] && !added[same] {
			added[same] = true
			names = append(names, n)
		}
	}
	return names
}

// label shows in each language the first name of it.
func (e *Entity) label() {
	for _, a := range e.Alias {
		if _, ok := e.Label[a.Lang]; !ok {
			e.Label[a.Lang] = a.Text
		}
	}
}
