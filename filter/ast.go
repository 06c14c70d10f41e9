package filter

import (
	"slices"
	"strings"

	"wirewatch/filter/text"
)

// node is a part of a query; the tree is the program. Nodes are immutable.
type node interface {
	// match reports whether the article satisfies the node.
	match(d *Doc) bool
	// hits adds to c what made the node match, within the given places if any.
	hits(d *Doc, within []span, c *collector)
	// print writes the canonical form.
	print(p *printer, parent int)
}

// located is a node that has places in the text: what NEAR joins and MIN counts.
type located interface {
	node
	// spans returns the node's places in order.
	spans(d *Doc) []span
}

// span is a place in a text, as token indexes of its stream.
type span struct{ first, last int }

type (
	// everything matches every article.
	everything struct{}

	// and has two kids at least; or too.
	and struct{ kids []node }
	or  struct{ kids []node }
	not struct{ kid node }

	// near joins two places: within n words, in one sentence or in one paragraph.
	near struct {
		a, b    located
		n       int
		unit    byte // 'w', 's', 'p'
		ordered bool // a before b
	}

	// atLeast is MIN/n.
	atLeast struct {
		n   int
		kid located
	}

	// anyOf is ANY/n: n of the kids.
	anyOf struct {
		n    int
		kids []node
	}

	// term is a word or a phrase looked for in the text.
	term struct {
		name     string // canonical, as evidence shows it
		zones    zoneMask
		strength text.Strength
		text     string // as written, tidied
		prefix   bool   // word*
		slop     int    // "a b"~n: its words in any order, n others between them; 0: a phrase
		pattern  text.Pattern
		words    []text.Pattern // of slop: each word of its own
	}

	// mentionOf is an entity looked for in the text.
	mentionOf struct {
		name   string
		zones  zoneMask
		slug   string
		within bool     // @slug>
		keys   []string // of the entity, and of its parts if within; see [entity.Entity.Key]
	}

	// value is a property of the article; one of the options is enough.
	value struct {
		name    string
		field   string
		options []option
	}
)

// option is one value of a list.
type option struct {
	text   string // canonical, as printed
	key    string // what is compared: a code, folded words, a lower-case address
	prefix bool   // words that begin so
}

// different leaves out the items that are there already: ANY counts different ones.
func different(kids []node) []node {
	seen := map[string]bool{}
	return slices.DeleteFunc(kids, func(k node) bool {
		s := printNode(k)
		if !strings.Contains(s, "=") { // case matters to =US
			s = strings.ToLower(s)
		}
		again := seen[s]
		seen[s] = true
		return again
	})
}

// flattenOr appends n, or its kids when it is an OR itself: (a OR b) OR c is one list.
func flattenOr(kids []node, n node) []node {
	if o, ok := n.(or); ok {
		return append(kids, o.kids...)
	}
	return append(kids, n)
}

// flattenAnd is the same for AND.
func flattenAnd(kids []node, n node) []node {
	if a, ok := n.(and); ok {
		return append(kids, a.kids...)
	}
	return append(kids, n)
}
