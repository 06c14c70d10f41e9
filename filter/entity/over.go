package entity

// With reads packs on top of g and returns both: an entity of the packs takes the
// place of the one of g that has its slug, and what begins with more adds to it. Parents may be in either. g is not
// changed and may be nil; errors are those of [LoadFiles].
func (g *Gazetteer) With(files ...File) (*Gazetteer, error) {
	l := newLoader()
	for _, f := range files {
		l.file = f.Name
		l.read(f.Data)
	}
	return l.finish(g)
}

// lay puts what was loaded over the entities of below that it does not take the place of.
func (l *loader) lay(below *Gazetteer) {
	var rest []*Entity
	for _, e := range below.All() {
		if _, shadowed := l.g.bySlug[e.Slug]; !shadowed {
			rest = append(rest, e)
		}
	}
	for _, e := range rest {
		l.g.bySlug[e.Slug] = e
	}
	l.g.all = append(rest, l.g.all...)
}
