package entity

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"wirewatch/filter/text"
)

// entry is an entity of a table.
type entry struct {
	slug  string
	id    string   // as the table first writes it
	langs []string // in the order of the table
	count int      // lines
	names map[string][]string
}

// FromTSV reads a table of names, one a line: id, language, name, with tabs between
// them, and returns a pack of entities of one kind; "" tells it of each by its names, as [Define] does. An id becomes a slug ("Q71" is
// @q71); a language is a code or "*" for any; the first name of a language is its label. A first
// line of titles, empty lines and lines that begin with # are skipped; what stands in further columns
// too. Errors carry the line, twenty at most; the pack is one that [LoadFiles] accepts.
func FromTSV(r io.Reader, kind Kind) ([]byte, error) {
	if kind != "" && !slices.Contains(kinds, kind) {
		return nil, fmt.Errorf("kind %q%s", kind, orList(kind, kinds))
	}
	t := table{bySlug: map[string]*entry{}}
	lines := bufio.NewScanner(io.LimitReader(r, MaxFile+1))
	lines.Buffer(nil, 1<<16)
	read, n := 0, 1
	for ; lines.Scan(); n++ {
		read += len(lines.Bytes()) + 1
		t.line(n, lines.Text())
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		t.errorf("line %d: it is longer than %d bytes: is this a table with tabs?", n, 1<<16)
	case err != nil:
		return nil, fmt.Errorf("read the table: %w", err)
	case read > MaxFile:
		t.errorf("the table is larger than %d MB", MaxFile>>20)
	case len(t.entries) == 0 && len(t.errs) == 0:
		t.errorf("the table is empty: each line has an id, a language and a name, with tabs between them")
	}
	if len(t.errs) > 0 {
		if len(t.errs) > maxErrors {
			t.errs = append(t.errs[:maxErrors], fmt.Errorf("and %d more", len(t.errs)-maxErrors))
		}
		return nil, errors.Join(t.errs...)
	}
	pack := t.yaml(kind)
	if _, err := LoadFiles(File{"the pack", pack}); err != nil {
		return nil, err
	}
	return pack, nil
}

// table is a table while it is read.
type table struct {
	entries []*entry
	bySlug  map[string]*entry
	errs    []error
}

func (t *table) errorf(format string, args ...any) {
	t.errs = append(t.errs, fmt.Errorf(format, args...))
}

var notSlug = regexp.MustCompile(`[^a-z0-9]+`)

// line reads one line.
func (t *table) line(n int, s string) {
	s = invisible.Replace(strings.TrimRight(s, "\r"))
	if strings.TrimSpace(s) == "" || strings.HasPrefix(s, "#") {
		return
	}
	f := strings.Split(s, "\t")
	for i := range f {
		f[i] = strings.TrimSpace(f[i])
	}
	if n == 1 && len(f) >= 3 && strings.HasPrefix(strings.ToLower(f[1]), "lang") {
		return
	}
	switch {
	case !utf8.ValidString(s):
		t.errorf("line %d: this is not UTF-8", n)
		return
	case len(f) < 3:
		t.errorf("line %d: %d columns; it needs an id, a language and a name, with tabs between them", n, len(f))
		return
	}
	lang, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(f[1]), "_", "-"), "-")
	slug := strings.Trim(notSlug.ReplaceAllString(strings.ToLower(f[0]), "-"), "-")
	switch {
	case slug == "":
		t.errorf("line %d: the id %q has no Latin letter or digit", n, f[0])
	case lang != Any && !langForm.MatchString(lang):
		t.errorf("line %d: %q is no language: two or three letters like en, or * for any", n, f[1])
	case f[2] == "":
		t.errorf("line %d: %s has an empty name", n, f[0])
	case len(f[2]) > MaxLength:
		t.errorf("line %d: the name is longer than %d bytes", n, MaxLength)
	case len(text.Words(f[2])) == 0:
		t.errorf("line %d: the name %q has no letter or digit to look for", n, f[2])
	case strings.ContainsFunc(f[2], unicode.IsControl):
		t.errorf("line %d: the name %q has a control character in it", n, f[2])
	default:
		t.add(n, f[0], slug, lang, f[2])
	}
}

// add adds a name, once.
func (t *table) add(n int, id, slug, lang, name string) {
	e, ok := t.bySlug[slug]
	if !ok {
		e = &entry{slug: slug, id: id, names: map[string][]string{}}
		t.bySlug[slug] = e
		t.entries = append(t.entries, e)
	}
	if !strings.EqualFold(e.id, id) {
		t.errorf("line %d: the ids %q and %q both become @%s: name one differently", n, e.id, id, slug)
		return
	}
	if e.count++; e.count == MaxNames+1 {
		t.errorf("line %d: %s has more than %d names", n, id, MaxNames)
	}
	if _, ok := e.names[lang]; !ok {
		e.langs = append(e.langs, lang)
	}
	if !slices.Contains(e.names[lang], name) {
		e.names[lang] = append(e.names[lang], name)
	}
}

// yaml writes the pack. Every name is quoted: no, 007 and a: b are names, not YAML.
func (t *table) yaml(kind Kind) []byte {
	var b strings.Builder
	for i, e := range t.entries {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "- slug: %s\n  kind: %s\n  names:\n", quotedUnless(e.slug, slugLetter), e.kind(kind))
		for _, lang := range e.langs {
			quoted := make([]string, len(e.names[lang]))
			for i, n := range e.names[lang] {
				quoted[i] = quotedUnless(n, nil)
			}
			fmt.Fprintf(&b, "    %s: [%s]\n", quotedUnless(lang, slugLetter), strings.Join(quoted, ", "))
		}
	}
	return []byte(b.String())
}

// kind is the kind that is wanted, else what the names tell.
func (e *entry) kind(wanted Kind) Kind {
	if wanted != "" {
		return wanted
	}
	return kindOf(slices.Concat(slices.Collect(maps.Values(e.names))...))
}

// slugLetter matches slugs and codes that YAML reads as text.
var slugLetter = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// yamlWords are plain words that YAML takes for something else.
var yamlWords = []string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}

// quotedUnless writes a text in YAML: plain when it matches and is no word of YAML's own.
func quotedUnless(s string, plain *regexp.Regexp) string {
	if plain != nil && plain.MatchString(s) && !slices.Contains(yamlWords, s) {
		return s
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string can always be encoded
	return strings.TrimSuffix(b.String(), "\n")
}
