package filter

import (
	"fmt"
	"strings"
	"unicode"

	"wirewatch/filter/text"
)

// reading says a node in English. said is the zone that was named already for all of it.
func reading(n node, said zoneMask) string {
	if kids, _ := branches(n); kids != nil || isNear(n) {
		if z := oneZone(n); z != 0 && z != said {
			return "(" + reading(n, z) + ")" + inZones(z)
		}
	}
	switch n := n.(type) {
	case everything:
		return "every article"
	case and:
		return joinReadings(n.kids, " and ", said)
	case or:
		return joinReadings(n.kids, " or ", said)
	case not:
		return "not " + bracketed(n.kid, said)
	case near:
		return n.reading(said)
	case atLeast:
		return fmt.Sprintf("%s at least %d times", bracketed(n.kid, said), n.n)
	case anyOf:
		return fmt.Sprintf("at least %d of (%s)", n.n, joinReadings(n.kids, ", ", said))
	case *term:
		return quotedTerm(n) + unless(said, n.zones)
	case *mentionOf:
		s := "@" + n.slug
		if n.within {
			s = "(" + s + " or a part of it)"
		}
		return s + unless(said, n.zones)
	case *value:
		return n.reading()
	}
	return ""
}

// quotedTerm is a term without its zone.
func quotedTerm(t *term) string {
	quoted := "“" + isolated(t.text) + "”"
	switch {
	case t.prefix:
		return "words that begin with " + quoted
	case t.slop > 0:
		return fmt.Sprintf("the words %s with at most %d others between them", quoted, t.slop)
	case t.strength == text.Surface && t.capitals():
		return quoted + " in capitals"
	case t.strength == text.Surface:
		return "exactly " + quoted
	case t.strength == text.WideWord:
		return "words like " + quoted
	}
	return quoted
}

// reading says a value in English.
func (v *value) reading() string {
	before := map[string]string{
		"source": "a source called ", "lang": "an article in ", "country": "a source in ", "category": "a category ", "author": "an author ", "url": "an address with ",
	}[v.field]
	options := make([]string, len(v.options))
	for i, o := range v.options {
		options[i] = isolated(o.text)
		if o.prefix {
			options[i] += "…"
		}
		switch {
		case v.field == "lang":
			options[i] = languageName(o.key)
		case v.field != "country" && v.field != "url":
			options[i] = "“" + options[i] + "”"
		}
	}
	return before + strings.Join(options, " or ")
}

// languageName is the English name of a language code, or the code.
func languageName(code string) string {
	for name, c := range languageNames {
		if c == code && languageEnglish[name] {
			return strings.ToUpper(name[:1]) + name[1:]
		}
	}
	return "the language " + code
}

// languageEnglish are the English names among languageNames.
var languageEnglish = func() map[string]bool {
	m := map[string]bool{}
	for name := range strings.FieldsSeq("arabic english french russian spanish german turkish persian hebrew chinese ukrainian portuguese italian polish") {
		m[name] = true
	}
	return m
}()

// reading says a distance in English.
func (n near) reading(said zoneMask) string {
	a, b := bracketed(n.a, said), bracketed(n.b, said)
	switch {
	case n.unit == 's' && n.ordered:
		return a + " before " + b + " in one sentence"
	case n.unit == 's':
		return a + " in the same sentence as " + b
	case n.unit == 'p' && n.ordered:
		return a + " before " + b + " in one paragraph"
	case n.unit == 'p':
		return a + " in the same paragraph as " + b
	case n.ordered && n.n == 1:
		return a + " right before " + b
	case n.ordered:
		return fmt.Sprintf("%s at most %d words before %s", a, n.n, b)
	}
	return fmt.Sprintf("%s within %d words of %s", a, n.n, b)
}

func joinReadings(kids []node, sep string, said zoneMask) string {
	parts := make([]string, len(kids))
	for i, k := range kids {
		parts[i] = bracketed(k, said)
	}
	return strings.Join(parts, sep)
}

// bracketed is the reading of a node inside another: joined ones stand in parentheses.
func bracketed(n node, said zoneMask) string {
	s := reading(n, said)
	switch n.(type) {
	case and, or, near:
		if z := oneZone(n); z == 0 || z == said {
			return "(" + s + ")"
		}
	}
	return s
}

// unless says a zone that was not said yet; nothing for a term without one.
func unless(said, z zoneMask) string {
	if z == said {
		return ""
	}
	return inZones(z)
}

// inZones says a field; nothing for a term without one.
func inZones(z zoneMask) string {
	if name, ok := zoneNames[z]; ok {
		return " in the " + name
	}
	return ""
}

func isNear(n node) bool { _, ok := n.(near); return ok }

// branches are the kids of a node that has several, and what it asks of them.
func branches(n node) ([]node, string) {
	switch n := n.(type) {
	case and:
		return n.kids, "all of"
	case or:
		return n.kids, "any of"
	case anyOf:
		return n.kids, fmt.Sprintf("at least %d of", n.n)
	}
	return nil, ""
}

// oneZone is the field in which everything of a node is looked for; 0 when there is
// none, or several.
func oneZone(n node) zoneMask {
	var zone zoneMask
	switch n := n.(type) {
	case *term:
		zone = n.zones
	case *mentionOf:
		zone = n.zones
	case not:
		return oneZone(n.kid)
	case atLeast:
		return oneZone(n.kid)
	case near:
		if zone = oneZone(n.a); zone != oneZone(n.b) {
			return 0
		}
	default:
		kids, _ := branches(n)
		for i, k := range kids {
			z := oneZone(k)
			if i > 0 && z != zone {
				return 0
			}
			zone = z
		}
	}
	if zone == inText {
		return 0
	}
	return zone
}

// outlineOf lists a query part by part; nil when it has one level only.
func outlineOf(root node) []Line {
	kids, _ := branches(root)
	nested := false
	for _, k := range kids {
		if n, ok := k.(not); ok {
			k = n.kid
		}
		deeper, _ := branches(k)
		nested = nested || deeper != nil
	}
	if !nested {
		return nil
	}
	return outline(nil, root, "", 0, 0)
}

// outline appends the lines of a node.
func outline(lines []Line, n node, before string, depth int, said zoneMask) []Line {
	if x, ok := n.(not); ok {
		if kids, _ := branches(x.kid); kids != nil {
			return outline(lines, x.kid, before+"not ", depth, said)
		}
	}
	kids, what := branches(n)
	if kids == nil {
		return append(lines, Line{depth, before + reading(n, said)})
	}
	if z := oneZone(n); z != 0 && z != said {
		what, said = what+","+inZones(z), z
	}
	lines = append(lines, Line{depth, before + what + ":"})
	for _, k := range kids {
		lines = outline(lines, k, "", depth+1, said)
	}
	return lines
}

// isolated keeps right-to-left text from turning the line around it.
func isolated(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool {
		return unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana)
	}) {
		return "\u2068" + s + "\u2069"
	}
	return s
}
