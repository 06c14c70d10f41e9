package entity

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Shared is a gazetteer that many readers share, each of whom may have entities of
// its own: an own entity takes the place of the shared one that has its slug, for its
// reader alone. A text is searched once for the names of all of them. Own names never
// take anything away from others: where a reader's "Geneva Forum" stands, Geneva is
// named too, while "Guinea" of a reader is not found in the shared "Papua New Guinea".
// It is immutable and safe for concurrent use.
type Shared struct {
	plain *Gazetteer           // what readers without entities of their own see
	views map[int64]*Gazetteer // by reader
}

// Share puts the entities of readers over g, which is not changed and may be nil. A
// pack with a fault, and an entity whose parent is not there, is left out, and the error,
// which carries the names of such files, says so: what is returned can be used all the same.
func (g *Gazetteer) Share(own map[int64][]File) (*Shared, error) {
	if g == nil {
		l := newLoader()
		g, _ = l.finish(nil) // nothing can be wrong with nothing
	}
	s := &Shared{plain: g, views: map[int64]*Gazetteer{}}
	if len(own) == 0 {
		return s, nil
	}
	n := g.names.extended()
	s.plain = &Gazetteer{directory: g.directory, names: n}
	var errs []error
	for _, reader := range slices.Sorted(maps.Keys(own)) {
		view := &Gazetteer{directory: directory{bySlug: map[string]*Entity{}}, under: &g.directory, names: n}
		errs = append(errs, view.read(reader, own[reader])...)
		if len(view.all) == 0 {
			continue
		}
		view.file()
		from := len(n.entities)
		n.own = append(n.own, &view.directory)
		n.add(view.all, int32(len(n.own)-1))
		n.relate(from, view.slug)
		s.views[reader] = view
	}
	return s, errors.Join(errs...)
}

// Names finds the names of every reader's entities in a text.
func (s *Shared) Names() *Gazetteer { return s.plain }

// For is what queries of a reader may name; what is analysed with it answers the queries of all.
func (s *Shared) For(reader int64) *Gazetteer {
	if view, ok := s.views[reader]; ok {
		return view
	}
	return s.plain
}

// read takes a reader's packs into the view, without those that are wrong.
func (g *Gazetteer) read(reader int64, files []File) (errs []error) {
	for _, f := range files {
		l := newLoader()
		l.file = f.Name
		l.read(f.Data)
		l.extend(g)
		for _, e := range l.g.all {
			if g.bySlug[e.Slug] != nil {
				l.errorf(e.line, "the slug %q is taken: a slug names one entity", e.Slug)
			}
		}
		if len(l.errs) > 0 {
			errs = append(errs, l.errs...)
			continue
		}
		for _, e := range l.g.all {
			e.key = fmt.Sprintf("%s of %d", e.Slug, reader) // no slug has a space
			g.bySlug[e.Slug] = e
			g.all = append(g.all, e)
		}
	}
	return append(errs, g.orphans()...)
}

// orphans takes out the entities without the parent that they name, and those that are
// their own ancestors, until none is left.
func (g *Gazetteer) orphans() (errs []error) {
	for {
		i := slices.IndexFunc(g.all, func(e *Entity) bool { return e.Parent != "" && !g.rooted(e) })
		if i < 0 {
			return errs
		}
		e := g.all[i]
		errs = append(errs, fmt.Errorf("%s:%d: %s: its parent %q is not there, or is part of it", e.file, e.line, e.Slug, e.Parent))
		g.all = slices.Delete(g.all, i, i+1)
		delete(g.bySlug, e.Slug)
	}
}

// rooted reports whether the way up from e ends.
func (g *Gazetteer) rooted(e *Entity) bool {
	for parent := e.Parent; parent != ""; {
		p, ok := g.slug(parent)
		if !ok || p == e {
			return false
		}
		parent = p.Parent
	}
	return true
}

// extended is a copy that other entities can be added to.
func (n *names) extended() *names {
	c := &names{
		entities: slices.Clip(n.entities), parents: slices.Clip(n.parents), context: slices.Clip(n.context),
		aliases: slices.Clip(n.aliases), lexicon: n.lexicon.Clone(), byWord: slices.Clone(n.byWord), own: []*directory{nil},
	}
	for i := range c.byWord {
		c.byWord[i] = slices.Clip(c.byWord[i]) // or two copies would add in one place
	}
	return c
}
