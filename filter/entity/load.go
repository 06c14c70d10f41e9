package entity

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// Limits of a pack.
const (
	MaxFile   = 4 << 20 // bytes of one file
	MaxNames  = 1000    // names of one entity, all languages
	MaxLength = 200     // bytes of one name
	maxErrors = 20      // that one Load reports
)

// File is a pack with the name that errors call it by.
type File struct {
	Name string
	Data []byte
}

// Load reads packs. The files are called "entities 1", "entities 2" … in errors; see [LoadFiles].
func Load(files ...[]byte) (*Gazetteer, error) {
	named := make([]File, len(files))
	for i, data := range files {
		named[i] = File{fmt.Sprintf("entities %d", i+1), data}
	}
	return LoadFiles(named...)
}

// LoadFiles reads packs strictly: an unknown key, a wrong type, a slug that is
// taken or a parent that does not exist is an error that carries file and line and
// says what would be right. Up to twenty are reported at once, joined.
func LoadFiles(files ...File) (*Gazetteer, error) {
	l := newLoader()
	for _, f := range files {
		l.file = f.Name
		l.read(f.Data)
	}
	return l.finish(nil)
}

// finish adds what belongs to entities of other files or of below, checks what needs the
// whole, and compiles it. below may be nil.
func (l *loader) finish(below *Gazetteer) (*Gazetteer, error) {
	l.extend(below)
	l.lay(below)
	l.parents()
	if len(l.errs) > 0 {
		if len(l.errs) > maxErrors {
			more := len(l.errs) - maxErrors
			l.errs = append(l.errs[:maxErrors], fmt.Errorf("and %d more", more))
		}
		return nil, errors.Join(l.errs...)
	}
	l.g.compile()
	return l.g, nil
}

func newLoader() loader {
	return loader{g: &Gazetteer{directory: directory{bySlug: map[string]*Entity{}}}}
}

// loader walks the trees of the files and collects errors.
type loader struct {
	g    *Gazetteer
	more []addition
	file string
	errs []error
}

// errorf reports an error at a line of the present file; 0: of the file as a whole.
func (l *loader) errorf(line int, format string, args ...any) {
	at := l.file
	if line > 0 {
		at = fmt.Sprintf("%s:%d", l.file, line)
	}
	l.errs = append(l.errs, fmt.Errorf("%s: %s", at, fmt.Sprintf(format, args...)))
}

// lineOf is the line of a node, 0 when the library does not know it.
func lineOf(n ast.Node) int {
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return 0
	}
	return n.GetToken().Position.Line
}

// read takes the entities of one file.
func (l *loader) read(data []byte) {
	if len(data) > MaxFile {
		l.errorf(0, "the file is larger than %d MB", MaxFile>>20)
		return
	}
	tree, err := parseYAML(data)
	if err != nil {
		var at interface {
			GetToken() *token.Token
			GetMessage() string
		}
		if f := (*fileError)(nil); errors.As(err, &f) {
			l.errorf(f.line, "%s", f.text)
		} else if errors.As(err, &at) && at.GetToken() != nil && at.GetToken().Position != nil {
			l.errorf(at.GetToken().Position.Line, "%s", at.GetMessage())
		} else {
			l.errorf(0, "not YAML: %v", err)
		}
		return
	}
	for _, doc := range tree.Docs {
		switch body := doc.Body.(type) {
		case nil, *ast.NullNode, *ast.CommentGroupNode:
		case *ast.SequenceNode:
			for _, v := range body.Values {
				l.entity(v)
			}
		default:
			l.errorf(lineOf(body), "a pack is a list of entities: each begins with “- slug: …”")
		}
	}
}

// pair is one key of a mapping with its value.
type pair struct {
	key   string
	line  int
	value ast.Node
}

// mapping returns the pairs of a mapping node; keys must be plain and different.
func (l *loader) mapping(n ast.Node, what string) ([]pair, bool) {
	var values []*ast.MappingValueNode
	switch m := n.(type) {
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	default:
		l.errorf(lineOf(n), "%s", what)
		return nil, false
	}
	pairs := make([]pair, 0, len(values))
	seen := map[string]bool{}
	for _, v := range values {
		p := pair{line: lineOf(v.Key), value: v.Value}
		if k, ok := v.Key.(ast.ScalarNode); ok {
			p.key = strings.Trim(k.GetToken().Value, " ")
		}
		switch {
		case p.key == "":
			l.errorf(p.line, "a key must be a plain word (any language is written \"*\", in quotes)")
		case seen[p.key]:
			l.errorf(p.line, "%q is there twice", p.key)
		default:
			seen[p.key] = true
			pairs = append(pairs, p)
		}
	}
	return pairs, true
}

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

var keys = []string{"slug", "more", "kind", "parent", "names", "not", "need", "veto"}
var kinds = []string{Place, Country, Org, Office, Person, Topic}

// item is an entity of the list while it is read.
type item struct {
	Entity
	more                   string // slug of the entity that it adds to; "": it is one itself
	names, not, need, veto ast.Node
}

// entity reads one entity of the list, or what is added to one.
func (l *loader) entity(n ast.Node) {
	pairs, ok := l.mapping(n, "an entity is a mapping: slug, kind, names …")
	if !ok {
		return
	}
	before := len(l.errs)
	it := item{Entity: Entity{Label: map[string]string{}, file: l.file, line: lineOf(n)}}
	if len(pairs) > 0 {
		it.line = pairs[0].line
	}
	for _, p := range pairs {
		l.entityKey(&it, p)
	}
	if len(l.errs) > before || !l.checkHead(&it) {
		return
	}
	mode := Mode("") // of what is added it is not known yet
	if it.more == "" {
		mode = defaultMode(it.Kind)
	}
	it.Alias = l.names(it.names, "names", mode)
	it.Neg = l.names(it.not, "not", ModePhrase)
	it.Need = l.names(it.need, "need", ModePhrase)
	it.Veto = l.names(it.veto, "veto", ModePhrase)
	if len(l.errs) == before {
		l.keep(&it)
	}
}

// entityKey reads one key of an entity.
func (l *loader) entityKey(it *item, p pair) {
	switch p.key {
	case "slug":
		it.Slug = l.scalar(p.value, "slug")
	case "more":
		it.more = l.scalar(p.value, "more")
	case "kind":
		it.Kind = l.scalar(p.value, "kind")
	case "parent":
		it.Parent = l.scalar(p.value, "parent")
	case "names":
		it.names = p.value
	case "not":
		it.not = p.value
	case "need":
		it.need = p.value
	case "veto":
		it.veto = p.value
	default:
		l.errorf(p.line, "unknown key %q%s", p.key, orList(p.key, keys))
	}
}

// checkHead checks what an entity must have, and what an addition must not have.
func (l *loader) checkHead(e *item) bool {
	before := len(l.errs)
	if e.more != "" {
		if e.Slug != "" || e.Kind != "" || e.Parent != "" {
			l.errorf(e.line, "what adds to %q has no slug, kind or parent of its own: leave them out", e.more)
		}
		if e.names == nil && e.not == nil && e.need == nil && e.veto == nil {
			l.errorf(e.line, "more: %s adds nothing; it needs names, not, need or veto", e.more)
		}
		return len(l.errs) == before
	}
	switch {
	case e.Slug == "":
		l.errorf(e.line, "an entity needs a slug, like “slug: security-guarantees”")
	case !slugForm.MatchString(e.Slug):
		l.errorf(e.line, "slug %q: lower-case English letters and digits with hyphens, like %q", e.Slug, slugify(e.Slug))
	}
	if !slices.Contains(kinds, e.Kind) {
		l.errorf(e.line, "%s: kind %q%s", e.Slug, e.Kind, orList(e.Kind, kinds))
	}
	if e.names == nil {
		l.errorf(e.line, "%s has no names", e.Slug)
	}
	return len(l.errs) == before
}

// keep adds a good entity, or what is added to one.
func (l *loader) keep(it *item) {
	e := new(Entity)
	*e = it.Entity // without the tree that it came from
	if it.more != "" {
		l.more = append(l.more, addition{it.more, e})
		return
	}
	if old, ok := l.g.bySlug[e.Slug]; ok {
		l.errorf(e.line, "the slug %q is taken (%s:%d): a slug names one entity", e.Slug, old.file, old.line)
		return
	}
	if len(e.Alias) == 0 {
		l.errorf(e.line, "%s has no names", e.Slug)
		return
	}
	e.label()
	l.g.bySlug[e.Slug] = e
	l.g.all = append(l.g.all, e)
}

// parents checks that every parent exists and that nothing is its own ancestor.
func (l *loader) parents() {
	for _, e := range l.g.all {
		if e.Parent == "" {
			continue
		}
		l.file = e.file
		if _, ok := l.g.bySlug[e.Parent]; !ok {
			l.errorf(e.line, "%s: there is no parent %q%s", e.Slug, e.Parent, orList(e.Parent, slices.Sorted(maps.Keys(l.g.bySlug))))
			continue
		}
		steps := 0
		for p := e.Parent; p != ""; steps++ {
			if p == e.Slug || steps > len(l.g.all) {
				l.errorf(e.line, "%s is its own ancestor: break the circle of parents", e.Slug)
				break
			}
			parent, ok := l.g.bySlug[p]
			if !ok {
				break
			}
			p = parent.Parent
		}
	}
}

// defaultMode is the mode of a name that states none.
func defaultMode(kind Kind) Mode {
	if kind == Office || kind == Topic {
		return ModePhrase
	}
	return ModeName
}

// orList says what would be right: the nearest of the words, or all of a few.
func orList(wrong string, words []string) string {
	if near := Nearest(wrong, words, 1); len(near) > 0 {
		return fmt.Sprintf("; did you mean %q?", near[0])
	}
	if len(words) <= 10 {
		return "; it must be one of " + strings.Join(words, ", ")
	}
	return ""
}
