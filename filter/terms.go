package filter

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"wirewatch/filter/text"
)

// term turns a word, a phrase or a mention that was just read into a node; next is
// what follows it.
func (p *parser) term(x lexeme, strength text.Strength) (node, *SyntaxError) {
	p.terms++
	if p.terms > MaxTerms {
		return nil, p.fail(x, "too-many-terms", "max", strconv.Itoa(MaxTerms))
	}
	zones := inText
	if p.within != nil {
		if p.within.zone == 0 {
			return p.value(x, strength)
		}
		zones = p.within.zone
	}
	if x.kind == mention {
		return p.mention(x, zones)
	}
	t := &term{zones: zones, strength: strength}
	if x.kind == word {
		if err := p.bareWord(x, t); err != nil {
			return nil, err
		}
	} else if err := p.quotation(x, t); err != nil {
		return nil, err
	}
	if t.text == "" {
		code := "no-word"
		if x.kind == phrase {
			code = "empty-quote"
		}
		return nil, p.fail(x, code)
	}
	t.compile()
	return t, nil
}

// compile makes what follows from the text.
func (t *term) compile() {
	t.compilePattern()
	t.name = printNode(t)
}

// compilePattern makes the pattern alone: matching needs no name.
func (t *term) compilePattern() {
	t.pattern = text.Compile(t.text, text.How{Strength: t.strength, Free: !t.prefix, Prefix: t.prefix})
}

// named is the term with its canonical form, for evidence.
func (t *term) named() *term {
	n := *t
	n.name = printNode(t)
	return &n
}

// bareWord checks a word without quotation marks: the place of *, lower-case operators.
func (p *parser) bareWord(x lexeme, t *term) *SyntaxError {
	body := x.text
	stem, stars := cutStars(body)
	if last, _ := utf8.DecodeLastRuneInString(stem); unicode.In(last, unicode.Han, unicode.Thai, unicode.Lao, unicode.Khmer) {
		body, stars = stem, 0 // such words are found anywhere in a line
	}
	if stars > 0 {
		t.prefix = true
		body = stem
		p.wildcards = append(p.wildcards, x)
	}
	if body == "" && stars > 0 {
		return p.fail(x, "star-alone")
	}
	for i, r := range body {
		after, _ := utf8.DecodeRuneInString(body[i+utf8.RuneLen(r):])
		if isStar(r) || (r == '?' && unicode.IsLetter(after)) {
			return p.fail(x, "wildcard-place")
		}
		if r == '~' && i > 0 {
			return p.fail(x, "tilde-place")
		}
	}
	if name, rest, ok := strings.Cut(body, "="); ok && rest != "" && fields[text.Fold(name)] != nil {
		return p.fail(x, "operator-form", "operator", name+":"+rest)
	}
	t.text = tidy(body, false)
	if t.prefix {
		words := text.Words(t.text)
		if len(words) == 0 || utf8.RuneCountInString(words[len(words)-1]) < MinPrefix {
			return p.fail(x, "short-wildcard", "min", strconv.Itoa(MinPrefix))
		}
	}
	if t.strength == text.Light {
		p.warnJoiner(body)
	}
	return nil
}

// cutStars takes the stars off the end of a word.
func cutStars(s string) (stem string, stars int) {
	for {
		r, n := utf8.DecodeLastRuneInString(s)
		if !isStar(r) {
			return s, stars
		}
		s = s[:len(s)-n]
		stars++
	}
}

// quotation checks what stood between quotation marks: free words, and ~n after it.
func (p *parser) quotation(x lexeme, t *term) *SyntaxError {
	t.text = tidy(x.text, true)
	for _, w := range strings.FieldsFunc(x.text, isSpace) {
		if stem, _ := cutStars(w); stem != "" && strings.ContainsFunc(w, isStar) {
			return p.fail(x, "wildcard-place")
		}
	}
	if t.text == "*" || strings.HasPrefix(t.text, "* ") || strings.HasSuffix(t.text, " *") {
		return p.fail(x, "free-edge")
	}
	if p.cur.kind != tilde || p.cur.start != x.end {
		return nil
	}
	return p.slop(x, t)
}

// slop reads ~n after a quotation.
func (p *parser) slop(x lexeme, t *term) *SyntaxError {
	sign := p.cur
	if err := p.advance(); err != nil {
		return err
	}
	n, unit, ok := distance(p.cur.text)
	if p.cur.kind != word || p.cur.start != sign.end || !ok || unit != 'w' || n < 1 || n > MaxDistance {
		return fail(p.src, x.start, max(sign.end, min(p.cur.end, len(p.src))), "bad-slop", "max", strconv.Itoa(MaxDistance))
	}
	if slices.Contains(strings.Fields(t.text), "*") {
		return p.fail(x, "wildcard-place")
	}
	t.words = slopWords(t.text, t.strength)
	if len(t.words) > 1 {
		t.slop = n
	} else {
		t.words = nil
	}
	return p.advance()
}

// slopWords compiles each word of a quotation by itself.
func slopWords(s string, strength text.Strength) []text.Pattern {
	var words []text.Pattern
	for _, w := range strings.Fields(s) {
		for _, w := range text.Words(w) {
			words = append(words, text.Compile(w, text.How{Strength: strength}))
		}
	}
	return words
}

// tidy writes a term as it will be printed: without signs at the ends of its
// words, one space between them; a lone star stays when free words are allowed.
func tidy(s string, free bool) string {
	var words []string
	s = strings.ReplaceAll(s, string(rune(softHyphen)), "")
	for _, w := range strings.FieldsFunc(s, isSpace) {
		if star, n := cutStars(w); free && star == "" && n > 0 {
			words = append(words, "*")
			continue
		}
		if w = text.Trim(w); w != "" {
			words = append(words, w)
		}
	}
	return strings.Join(words, " ")
}

// mention resolves an entity.
func (p *parser) mention(x lexeme, zones zoneMask) (node, *SyntaxError) {
	name := strings.Join(strings.Fields(x.text), " ")
	if p.names == nil {
		return nil, p.fail(x, "no-entities", "entity", name)
	}
	e, ok := p.names.Lookup(name)
	if !ok {
		if named := p.names.Named(name); len(named) > 1 {
			var slugs []string
			for _, e := range named {
				slugs = append(slugs, "@"+e.Slug)
			}
			return nil, p.fail(x, "ambiguous-entity", "entity", name, "suggestion", strings.Join(slugs, ", "))
		}
		if longer := p.longerName(x); longer != "" {
			return nil, p.fail(x, "unknown-entity", "entity", name, "suggestion", `did you mean @"`+longer+`"? `)
		}
		return nil, p.fail(x, "unknown-entity", "entity", name, "suggestion", p.suggest(name))
	}
	m := &mentionOf{zones: zones, slug: e.Slug, within: x.within, keys: []string{e.Key()}}
	if x.within {
		m.keys = m.keys[:0]
		for _, part := range p.names.Within(e.Slug) {
			m.keys = append(m.keys, part.Key())
		}
	}
	m.name = printNode(m)
	return m, nil
}

// maxNameWords is how many words behind @word are tried as the rest of a name.
const maxNameWords = 4

// longerName is the name of an entity that a mention and the words behind it are, as of @United
// Nations without quotation marks; "" none.
func (p *parser) longerName(x lexeme) string {
	words := strings.FieldsFunc(p.src[x.end:], isSpace)
	for n := min(len(words), maxNameWords); n > 0; n-- {
		name := x.text + " " + strings.Join(words[:n], " ")
		if strings.ContainsAny(name, `"()|,`) {
			continue
		}
		if _, ok := p.names.Lookup(name); ok {
			return name
		}
	}
	return ""
}

// suggest names entities with similar slugs, as the beginning of a hint; "" none.
func (p *parser) suggest(name string) string {
	slugs := p.names.Suggest(name)
	if len(slugs) == 0 {
		return ""
	}
	return "did you mean @" + strings.Join(slugs, ", @") + "? "
}

// examples of the value fields, for errors.
var examples = map[string]string{
	"source": "source:reuters", "lang": "lang:ar,fa", "country": "country:SY", "category": "category:politics",
	"author": `author:"Reuters Staff"`, "url": "url:/world/",
}

// value reads the values of a field: one, or several with commas, of which one must hold.
func (p *parser) value(x lexeme, strength text.Strength) (node, *SyntaxError) {
	f := p.within
	v := &value{field: f.name}
	for {
		if x.kind == mention || strength != text.Light {
			return nil, p.fail(x, "field-operand", "field", f.name, "example", examples[f.name])
		}
		o, err := p.option(x)
		if err != nil {
			return nil, err
		}
		v.options = append(v.options, o)
		if p.cur.kind != comma || (p.inAny && !p.tight()) {
			v.name = printNode(v)
			return v, nil
		}
		if p.terms++; p.terms > MaxTerms {
			return nil, p.fail(x, "too-many-terms", "max", strconv.Itoa(MaxTerms))
		}
		p.raw = f.name == "url"
		sign := p.cur
		if err := p.advance(); err != nil {
			return nil, err
		}
		x = p.cur
		if x.kind != word && x.kind != phrase {
			return nil, p.fail(sign, "field-operand", "field", f.name, "example", examples[f.name])
		}
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
}

// tight reports whether the comma has no space after it: inside ANY that is what
// tells a list of values from the next item.
func (p *parser) tight() bool {
	r, _ := utf8.DecodeRuneInString(p.src[p.cur.end:])
	return p.cur.start == p.last.end && p.cur.end < len(p.src) && !isSpace(r)
}

// option reads one value.
func (p *parser) option(x lexeme) (option, *SyntaxError) {
	f := p.within
	body := strings.TrimFunc(x.text, isSpace)
	stem, stars := cutStars(body)
	o := option{text: tidy(stem, false), prefix: stars > 0 && f.name != "url"}
	switch f.name {
	case "lang":
		code, ok := languageCode(body)
		if !ok {
			return o, p.fail(x, "bad-language", "value", x.text, "suggestion", nearLanguage(body))
		}
		o.text, o.key = code, code
	case "country":
		code, ok := countryCode(body)
		if !ok {
			return o, p.fail(x, "bad-country", "value", x.text)
		}
		o.text, o.key = code, code
	case "url":
		o.text = strings.Join(strings.FieldsFunc(stem, isSpace), "")
		o.key = strings.ToLower(o.text)
	default:
		o.key = text.Fold(o.text)
	}
	switch {
	case o.key == "":
		return o, p.fail(x, "no-word")
	case o.prefix && utf8.RuneCountInString(o.key) < MinPrefix:
		return o, p.fail(x, "short-wildcard", "min", strconv.Itoa(MinPrefix))
	}
	if stars > 0 && (f.name == "lang" || f.name == "country") {
		return o, p.fail(x, "wildcard-place")
	}
	return o, nil
}
