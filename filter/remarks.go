package filter

import "strings"

// joiners are the words of several languages that people write for an operator, in small letters.
// They are words to us: a text has them everywhere.
var joiners = func() map[string]string {
	m := map[string]string{}
	for operator, words := range map[string]string{
		"AND": "and و и і та וגם 和 与 與 及 et und y ve",
		"OR":  "or أو او یا или або או 或 ou oder o veya",
		"NOT": "not ليس بدون не לא sauf nicht değil",
	} {
		for w := range strings.FieldsSeq(words) {
			m[w] = operator
		}
	}
	return m
}()

// warnJoiner remarks that a word is no operator though it looks like one.
func (p *parser) warnJoiner(word string) {
	operator, ok := joiners[strings.ToLower(word)]
	if !ok {
		return
	}
	p.warnings = append(p.warnings, Warning{"lowercase-operator",
		"“" + word + "” is searched as a word; the operator is written " + operator,
		map[string]string{"word": word, "operator": operator}})
}

// warnMixed remarks that AND and OR stand side by side, and how that was read.
func (p *parser) warnMixed(n node, start int) {
	reading := printNode(n)
	p.warnings = append(p.warnings, Warning{"mixed-operators",
		"AND binds tighter than OR; read as " + reading, map[string]string{"reading": reading}})
}

// severalValues shows for each field how two values are written.
var severalValues = map[string]string{
	"source": "source:reuters,afp", "lang": "lang:ar,fa", "country": "country:SY,LB", "category": "category:politics,economy",
	"author": `author:"Jane Roe","John Doe"`, "url": "url:/world/,/politics/",
}

// warnValueEnds remarks that the word behind OR is no value of the field before it.
func (p *parser) warnValueEnds(v *value) {
	behind := lexer{src: p.src, at: p.cur.end}
	if next, err := behind.next(); err != nil || next.kind != word && next.kind != phrase {
		return
	}
	p.warnings = append(p.warnings, Warning{"value-ends",
		v.field + ": ends before OR, where words are looked for in the text; several values are written " + severalValues[v.field],
		map[string]string{"field": v.field, "example": severalValues[v.field]}})
}
