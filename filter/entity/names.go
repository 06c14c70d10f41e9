package entity

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"wirewatch/filter/text"

	"github.com/goccy/go-yaml/ast"
)

var langForm = regexp.MustCompile(`^[a-z]{2,3}$`)

var nameKeys = []string{"text", "mode", "weak", "article", "min"}
var modes = []string{string(ModeName), string(ModeExact), string(ModeCaps), string(ModePhrase), string(ModeDemonym)}

// names reads a mapping of languages to lists of names.
func (l *loader) names(n ast.Node, key string, mode Mode) []Name {
	if n == nil {
		return nil
	}
	if _, ok := n.(*ast.NullNode); ok {
		return nil
	}
	pairs, ok := l.mapping(n, key+" maps languages to names, like “"+key+": {en: [Geneva], ar: [جنيف]}”")
	if !ok {
		return nil
	}
	var names []Name
	for _, p := range pairs {
		if p.key != Any && !langForm.MatchString(p.key) {
			l.errorf(p.line, "%q is no language: two or three letters like en, or \"*\" for any", p.key)
			continue
		}
		list := []ast.Node{p.value}
		if seq, ok := p.value.(*ast.SequenceNode); ok {
			list = seq.Values
		}
		for _, v := range list {
			if name, ok := l.name(v, mode); ok {
				name.Lang = p.key
				names = append(names, name)
			}
		}
	}
	if len(names) > MaxNames {
		l.errorf(lineOf(n), "%d names are more than the %d an entity may have", len(names), MaxNames)
	}
	return names
}

// name reads one name: a string or an object.
func (l *loader) name(n ast.Node, mode Mode) (Name, bool) {
	name := Name{Mode: mode}
	before := len(l.errs)
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		pairs, _ := l.mapping(n, "")
		for _, p := range pairs {
			l.nameKey(&name, p)
		}
		if name.Text == "" && len(l.errs) == before {
			l.errorf(lineOf(n), "a name needs a text, like “{text: WHO, mode: caps}”")
		}
	default:
		name.Text = l.scalar(n, "a name")
	}
	if len(l.errs) == before {
		l.checkName(n, &name)
	}
	return name, len(l.errs) == before
}

// nameKey reads one key of a name that is an object.
func (l *loader) nameKey(name *Name, p pair) {
	switch p.key {
	case "text":
		name.Text = l.scalar(p.value, "text")
	case "mode":
		name.Mode = Mode(l.scalar(p.value, "mode"))
		if !slices.Contains(modes, string(name.Mode)) {
			l.errorf(p.line, "mode %q%s", name.Mode, orList(string(name.Mode), modes))
		}
	case "weak":
		b, ok := p.value.(*ast.BoolNode)
		if !ok {
			l.errorf(p.line, "weak is true or false")
			return
		}
		name.Weak = b.Value
	case "article":
		switch v := l.scalar(p.value, "article"); v {
		case "optional":
			name.Optional = true
		case "fixed":
		default:
			l.errorf(p.line, "article %q; it must be one of optional, fixed", v)
		}
	case "min":
		v, err := strconv.Atoi(p.value.GetToken().Value)
		if err != nil || v < 1 || v > 9 {
			l.errorf(p.line, "min is a number of letters from 1 to 9")
			return
		}
		name.Min = v
	default:
		l.errorf(p.line, "unknown key %q in a name%s", p.key, orList(p.key, nameKeys))
	}
}

// checkName refuses names that could never be found.
func (l *loader) checkName(n ast.Node, name *Name) {
	switch {
	case len(name.Text) > MaxLength:
		l.errorf(lineOf(n), "the name “%.40s…” is longer than %d bytes", name.Text, MaxLength)
	case text.Script(name.Text) == text.Break && len(text.Words(name.Text)) == 0:
		l.errorf(lineOf(n), "the name %q has no letter or digit to look for", name.Text)
	case strings.ContainsFunc(name.Text, unicode.IsControl):
		l.errorf(lineOf(n), "the name %q has a line break or a control character in it", name.Text)
	case name.Mode == ModeCaps && !strings.ContainsFunc(name.Text, unicode.IsUpper):
		l.errorf(lineOf(n), "%q: mode caps needs capital letters; use mode exact", name.Text)
	}
}

// scalar is the text of a plain value; numbers and booleans must be quoted, since
// YAML would read a name like 007 or true as something else.
func (l *loader) scalar(n ast.Node, what string) string {
	switch v := n.(type) {
	case *ast.StringNode:
		return strings.TrimSpace(invisible.Replace(v.Value))
	case *ast.LiteralNode:
		return strings.TrimSpace(invisible.Replace(v.Value.Value))
	case nil, *ast.NullNode:
		l.errorf(lineOf(n), "%s is empty", what)
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		l.errorf(lineOf(n), "%s is a text: write it in quotes, %q", what, n.GetToken().Value)
	default:
		l.errorf(lineOf(n), "%s must be a plain text", what)
	}
	return ""
}
