package entity

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"wirewatch/filter/text"
)

// Limits of an entity that a reader defines.
const (
	MaxOwnNames = 50   // names, and strings that do not count, in all languages
	MaxWritten  = 1500 // runes of its definition as [Entity.String] writes it
	MaxSlug     = 40   // bytes
	minLetters  = 2    // of a name; Chinese needs one, and so does one after =
)

// DefinitionError is a definition that is refused. Its text is English; Code and Args are
// for those who say it in another language.
type DefinitionError struct {
	Line int    // from 1
	Code string // see faults
	Args map[string]string
}

// faults are the sentences of the codes.
var faults = map[string]string{
	"empty":        "there is nothing to define; write @name = one name, another name",
	"no-at":        "a definition begins with @ and a short name: @acme = Acme",
	"bad-slug":     "“{slug}”: what stands after @ is made of Latin letters, digits and hyphens, {max} at most, like @acme-corp",
	"no-equals":    "after @{slug} and its kind comes =, and then its names",
	"bad-kind":     "“{kind}” is no kind; there are {kinds}",
	"no-names":     "@{slug} has no name to look for",
	"bad-language": "“{lang}” is no language: write two or three letters like en, ar, fr; put a name with a colon in quotation marks",
	"no-letters":   "“{name}” has no letter or digit to look for",
	"long-name":    "“{name}” is too long for a name: {max} bytes at most",
	"short-name":   "“{name}” is too short: it would be found everywhere; write ={name} for exactly this, or a longer name",
	"everyday":     "“{name}” is an everyday word of some language: it would be found everywhere; write a longer name, or ={capitals} for the word in capitals only",
	"never":        "“{name}” is a name and, after -, no name",
	"many-names":   "@{slug} has more than {max} names",
	"too-long":     "the names of @{slug} are longer than {max} characters together",
	"twice":        "@{slug} is defined twice",
	"open-quote":   "a quotation mark is not closed",
	"columns":      "a line of a table has a short name, a language and a name, with tabs between them",
}

func (e *DefinitionError) Error() string {
	pairs := make([]string, 0, 2*len(e.Args))
	for k, v := range e.Args {
		pairs = append(pairs, "{"+k+"}", v)
	}
	return fmt.Sprintf("line %d: %s", e.Line, strings.NewReplacer(pairs...).Replace(faults[e.Code]))
}

// kindWords are the kinds as people write them; the first is ours.
var kindWords = map[Kind][]string{
	Place: {"place", "city", "region", "مكان", "مدينة", "منطقة"}, Country: {"country", "state", "دولة", "بلد"},
	Org: {"org", "organisation", "organization", "company", "منظمة", "شركة", "مؤسسة", "هيئة"}, Office: {"office", "منصب"},
	Person: {"person", "شخص", "شخصية"}, Topic: {"topic", "subject", "موضوع", "ملف"},
}

// Define reads entities as people write them in a chat:
//
//	@acme = Acme, Acme Corporation; ar: أكمي, شركة أكمي; -Acme Street
//	@roe person = Jane Roe; ru: Джейн Роу
//	@blockade = naval blockade; ar: حصار بحري
//
// Names are separated by commas, languages by semicolons or new lines; names without a language are
// looked for in every text of their script. A minus before a name says what contains a name and
// must not count; = before one takes it as written, in capitals only if it is (=WHO). Names with a
// comma or a colon stand in quotation marks. A kind may stand after the slug; without one, a thing whose name
// begins with a capital is an organisation and another a topic, whose words may be inflected.
//
// A text of which no line begins with @ may be a table: a slug, a language and a name on each line,
// with tabs between them, or with spaces, which is what Telegram makes of tabs. The error is a [*DefinitionError]. The entities are
// not part of a gazetteer yet: [Entity.Definition] writes one down for [Gazetteer.Share].
func Define(src string) ([]*Entity, error) {
	d := definer{line: 1}
	var err error
	src = strings.Map(spaceControls, strings.ToValidUTF8(src, "\uFFFD"))
	if isTable(src) {
		err = d.table(src)
	} else {
		err = d.definitions(src)
	}
	if err == nil && len(d.all) == 0 {
		err = d.fail("empty")
	}
	for _, e := range d.all {
		if err == nil {
			d.line = e.line
			err = d.finish(e)
		}
	}
	if err != nil {
		return nil, err
	}
	return d.all, nil
}

// spaceControls makes a space of every control character that has no meaning here:
// nobody types one, they come along when people paste.
func spaceControls(r rune) rune {
	if unicode.IsControl(r) && r != '\n' && r != '\t' {
		return ' '
	}
	return r
}

// definer reads definitions; line is where it is.
type definer struct {
	all  []*Entity
	line int
}

func (d *definer) fail(code string, args ...string) error {
	e := &DefinitionError{Line: d.line, Code: code, Args: map[string]string{}}
	for i := 0; i+1 < len(args); i += 2 {
		e.Args[args[i]] = args[i+1]
	}
	return e
}

// isTable reports whether the first line that is not empty has the columns of a table.
func isTable(src string) bool {
	for line := range strings.Lines(src) {
		if f := columns(line); f != nil {
			return len(f) >= 3 && !strings.HasPrefix(f[0], "@") && (strings.Contains(line, "\t") || regionForm.MatchString(strings.ToLower(f[1])) || f[1] == Any || isTitle(f))
		}
	}
	return false
}

// columns cuts a line of a table; nil for a line that says nothing.
func columns(line string) []string {
	line = invisible.Replace(strings.Trim(line, "\r\n"))
	if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
		return nil
	}
	if strings.Contains(line, "\t") {
		f := strings.Split(line, "\t")
		for i := range f {
			f[i] = strings.TrimSpace(f[i])
		}
		return f
	}
	f := strings.Fields(line)
	if len(f) > 3 {
		f = append(f[:2], strings.Join(f[2:], " "))
	}
	return f
}

// isTitle reports whether a line holds the titles of the columns.
func isTitle(f []string) bool { return strings.HasPrefix(strings.ToLower(f[1]), "lang") }

// definitions reads lines that begin with @ and those that go on with them.
func (d *definer) definitions(src string) error {
	for line := range strings.Lines(src) {
		trimmed := strings.TrimSpace(invisible.Replace(line))
		if strings.HasPrefix(trimmed, "＠") {
			trimmed = "@" + strings.TrimPrefix(trimmed, "＠")
		}
		var err error
		switch {
		case trimmed == "":
		case strings.HasPrefix(trimmed, "@"):
			err = d.head(trimmed[1:])
		case len(d.all) == 0:
			err = d.fail("no-at")
		default:
			err = d.groups(d.all[len(d.all)-1], trimmed)
		}
		if err != nil {
			return err
		}
		d.line++
	}
	return nil
}

// invisible are the signs of direction that come along when people paste.
var invisible = strings.NewReplacer("\u200e", "", "\u200f", "", "\u061c", "", "\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "",
	"\u202a", "", "\u202b", "", "\u202c", "", "\u202d", "", "\u202e", "", "\ufeff", "")

// head reads what follows @: slug, kind, =, names.
func (d *definer) head(s string) error {
	before, rest, ok := strings.Cut(s, "=")
	words := strings.Fields(before)
	if len(words) == 0 {
		return d.fail("bad-slug", "slug", "", "max", fmt.Sprint(MaxSlug))
	}
	slug := strings.ToLower(words[0])
	switch {
	case !slugForm.MatchString(slug) || len(slug) > MaxSlug:
		return d.fail("bad-slug", "slug", words[0], "max", fmt.Sprint(MaxSlug))
	case !ok:
		return d.fail("no-equals", "slug", slug)
	}
	e := &Entity{Slug: slug, Label: map[string]string{}, line: d.line}
	if len(words) > 1 {
		if e.Kind, ok = kindNamed(strings.Join(words[1:], " ")); !ok {
			return d.fail("bad-kind", "kind", strings.Join(words[1:], " "), "kinds", strings.Join(kinds, ", "))
		}
	}
	if err := d.open(e); err != nil {
		return err
	}
	return d.groups(e, rest)
}

// open begins an entity.
func (d *definer) open(e *Entity) error {
	if slices.ContainsFunc(d.all, func(o *Entity) bool { return o.Slug == e.Slug }) {
		return d.fail("twice", "slug", e.Slug)
	}
	d.all = append(d.all, e)
	return nil
}

// kindNamed finds a kind by a word for it.
func kindNamed(word string) (Kind, bool) {
	folded := text.Fold(strings.Trim(word, "()"))
	for _, k := range kinds {
		for _, w := range kindWords[k] {
			if text.Fold(w) == folded {
				return k, true
			}
		}
	}
	return "", false
}

const (
	groupSigns = ";؛；"
	nameSigns  = ",،，、"
	colonSigns = ":："
	quoteSigns = "\"“”„«»「」"
)

// groups reads names by language.
func (d *definer) groups(e *Entity, s string) error {
	lang := Any
	first := true // the next name may be led by its language
	for s != "" {
		name, sign, rest, err := d.piece(s, first)
		if err != nil {
			return err
		}
		s = rest
		switch {
		case first && strings.Contains(colonSigns, sign) && sign != "":
			if lang, err = d.language(name); err != nil {
				return err
			}
			first = false
			continue
		case strings.TrimSpace(name) != "":
			if err := d.add(e, lang, name); err != nil {
				return err
			}
		}
		if first = sign != "" && strings.Contains(groupSigns, sign); first {
			lang = Any
		}
	}
	return nil
}

// piece cuts s at its first sign that stands in no quotation; colons count where a language may stand.
func (d *definer) piece(s string, colons bool) (name, sign, rest string, err error) {
	quoted, before := false, rune(0)
	for i, r := range s { // valid UTF-8: see Define
		after, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
		inside := unicode.IsLetter(before) && unicode.IsLetter(after) // of a word: ארה"ב
		before = r
		switch {
		case strings.ContainsRune(quoteSigns, r) && !inside:
			quoted = !quoted
			colons = false
		case quoted:
		case strings.ContainsRune(groupSigns+nameSigns, r), colons && strings.ContainsRune(colonSigns, r):
			n := utf8.RuneLen(r)
			return s[:i], s[i : i+n], s[i+n:], nil
		}
	}
	if quoted {
		return "", "", "", d.fail("open-quote")
	}
	return s, "", "", nil
}

var regionForm = regexp.MustCompile(`^([a-z]{2,3})([-_][a-z0-9]+)*$`)

// language reads a code; a region behind it makes no difference.
func (d *definer) language(s string) (string, error) {
	code := strings.ToLower(strings.TrimSpace(s))
	if code == Any {
		return Any, nil
	}
	m := regionForm.FindStringSubmatch(code)
	if m == nil {
		return "", d.fail("bad-language", "lang", strings.TrimSpace(s))
	}
	return m[1], nil
}

// add adds a name with the signs before it.
func (d *definer) add(e *Entity, lang, written string) error {
	s := strings.TrimSpace(written)
	no, exact := false, false
	if strings.IndexFunc(s, func(r rune) bool { return strings.ContainsRune("-–—−", r) }) == 0 {
		_, n := utf8.DecodeRuneInString(s)
		no, s = true, strings.TrimSpace(s[n:])
	}
	if strings.HasPrefix(s, "=") || strings.HasPrefix(s, "＝") {
		exact, s = true, strings.TrimLeft(s, "=＝")
	}
	s = strings.Join(strings.Fields(unquoted(s)), " ")
	n := Name{Lang: lang, Text: s}
	switch {
	case len(text.Words(s)) == 0:
		return d.fail("no-letters", "name", s)
	case len(s) > MaxLength:
		return d.fail("long-name", "name", cut(s), "max", fmt.Sprint(MaxLength))
	case no:
		n.Mode = ModePhrase
	case exact && s == strings.ToUpper(s) && s != strings.ToLower(s):
		n.Mode = ModeCaps
	case exact:
		n.Mode = ModeExact
	}
	list := &e.Alias
	if no {
		list = &e.Neg
	}
	if !slices.ContainsFunc(*list, func(o Name) bool { return o.Lang == n.Lang && text.Fold(o.Text) == text.Fold(n.Text) }) {
		*list = append(*list, n)
	}
	if len(e.Alias)+len(e.Neg) > MaxOwnNames {
		return d.fail("many-names", "slug", e.Slug, "max", fmt.Sprint(MaxOwnNames))
	}
	return nil
}

// unquoted is a name without quotation marks, but for those inside a word, as in ארה"ב.
func unquoted(s string) string {
	var b strings.Builder
	before := rune(0)
	for i, r := range s {
		after, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
		if !strings.ContainsRune(quoteSigns, r) || unicode.IsLetter(before) && unicode.IsLetter(after) {
			b.WriteRune(r)
		}
		before = r
	}
	return b.String()
}

// cut shortens a name for an error.
func cut(s string) string {
	r := []rune(s)
	return string(r[:min(len(r), 40)]) + "…"
}

// finish decides the kind, and looks for names that would be found everywhere or never.
func (d *definer) finish(e *Entity) error {
	if len(e.Alias) == 0 {
		return d.fail("no-names", "slug", e.Slug)
	}
	if e.Kind == "" {
		var texts []string
		for _, n := range e.Alias {
			texts = append(texts, n.Text)
		}
		e.Kind = kindOf(texts)
	}
	for i := range e.Alias {
		n := &e.Alias[i]
		if n.Mode == "" {
			n.Mode = defaultMode(e.Kind)
		}
		if err := d.careful(n); err != nil {
			return err
		}
		for _, no := range e.Neg {
			if overlaps(n, &no) && text.Fold(no.Text) == text.Fold(n.Text) {
				return d.fail("never", "name", n.Text)
			}
		}
		if _, ok := e.Label[n.Lang]; !ok {
			e.Label[n.Lang] = n.Text
		}
	}
	if utf8.RuneCountInString(e.String()) > MaxWritten {
		return d.fail("too-long", "slug", e.Slug, "max", fmt.Sprint(MaxWritten))
	}
	return nil
}

// kindOf guesses a kind: what has a capital is an organisation, else a topic.
func kindOf(names []string) Kind {
	if slices.ContainsFunc(names, func(s string) bool { return strings.ContainsFunc(s, unicode.IsUpper) }) {
		return Org
	}
	return Topic
}

// careful refuses a name of one word that would be found everywhere.
func (d *definer) careful(n *Name) error {
	words := text.Words(n.Text)
	folded := text.Fold(n.Text)
	switch {
	case len(words) > 1 || n.Mode == ModeCaps:
	case text.Common(folded):
		return d.fail("everyday", "name", n.Text, "capitals", strings.ToUpper(n.Text))
	case n.Mode != ModeExact && text.Script(n.Text) != text.Han && utf8.RuneCountInString(folded) < minLetters:
		return d.fail("short-name", "name", n.Text)
	}
	return nil
}

// table reads lines of slug, language and name with tabs between them.
func (d *definer) table(src string) error {
	bySlug := map[string]*Entity{}
	for line := range strings.Lines(src) {
		if err := d.row(line, bySlug); err != nil {
			return err
		}
		d.line++
	}
	return nil
}

// row reads a line of a table.
func (d *definer) row(line string, bySlug map[string]*Entity) error {
	f := columns(line)
	switch {
	case f == nil:
		return nil
	case len(f) < 3:
		return d.fail("columns")
	case len(bySlug) == 0 && isTitle(f):
		return nil
	}
	slug := strings.Trim(notSlug.ReplaceAllString(strings.ToLower(f[0]), "-"), "-")
	if slug == "" || len(slug) > MaxSlug {
		return d.fail("bad-slug", "slug", f[0], "max", fmt.Sprint(MaxSlug))
	}
	lang, err := d.language(f[1])
	if err != nil {
		return err
	}
	e, ok := bySlug[slug]
	if !ok {
		e = &Entity{Slug: slug, Label: map[string]string{}, line: d.line}
		bySlug[slug] = e
		if err := d.open(e); err != nil {
			return err
		}
	}
	return d.add(e, lang, f[2])
}
