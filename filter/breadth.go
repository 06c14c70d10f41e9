package filter

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"wirewatch/filter/text"
)

// BroadShare is the share of articles from which a rule counts as broad, unless the
// operator says another.
const BroadShare = 0.05

// What articles of an installation have of properties that are no words; sources and
// chats differ, so these are guesses on the high side.
const (
	langShare    = 0.5  // of one language
	countryShare = 0.2  // of the sources of one country
	tagShare     = 0.04 // under one category, by one author
	sourceShare  = 0.01 // from one source
	openShare    = 1.0  // nothing leads to the value: the rule is tried on every article
)

// Breadth estimates how much a rule takes, before any article was tried. A phrase, AND and NEAR
// are as broad as their rarest part, OR as all of its sides together; what stands under NOT counts
// for nothing. What words weigh is known for the commonest ones of some thirty languages.
type Breadth struct {
	Share float64 // of the articles in the rule's languages that it takes, or that lead to it; 0 to 1
	Blame string  // the broadest term that no rarer one stands beside, in canonical form
	Term  float64 // the share of Blame
	value bool
	text  string // of Blame, as the query writes it
}

// Breadth estimates how much the query takes.
func (q *Query) Breadth() Breadth { return breadthOf(q.root) }

func breadthOf(n node) Breadth {
	switch n := n.(type) {
	case and:
		return narrowest(n.kids)
	case near:
		return narrowest([]node{n.a, n.b})
	case or:
		return together(breadths(n.kids))
	case anyOf: // one of these must hold
		all := breadths(n.kids)
		return together(all[:len(all)-n.n+1])
	case atLeast:
		return breadthOf(n.kid)
	case *term:
		return n.breadth()
	case *mentionOf:
		return n.breadth()
	case *value:
		return n.breadth()
	}
	return Breadth{Share: 1, Blame: printNode(n), Term: 1, text: "*"}
}

// breadths are those of the nodes, the narrowest first.
func breadths(nodes []node) []Breadth {
	all := make([]Breadth, len(nodes))
	for i, n := range nodes {
		all[i] = breadthOf(n)
	}
	slices.SortStableFunc(all, func(a, b Breadth) int { return cmp.Compare(a.Share, b.Share) })
	return all
}

// narrowest is the breadth of nodes that must all hold.
func narrowest(nodes []node) Breadth {
	best := Breadth{Share: 2}
	for _, n := range nodes {
		if _, excluded := n.(not); excluded {
			continue
		}
		if b := breadthOf(n); b.Share < best.Share {
			best = b
		}
	}
	if best.Share > 1 { // only NOTs, inside an OR: Parse refuses such a rule
		return Breadth{Share: 1, Term: 1}
	}
	return best
}

// together is the breadth of alternatives, ordered by it.
func together(all []Breadth) Breadth {
	sum := 0.0
	blame := all[0]
	for _, b := range all {
		sum += b.Share
		if b.Term > blame.Term {
			blame = b
		}
	}
	blame.Share = min(sum, 1)
	return blame
}

// How much of an article its zones are; a word that is in a share p of all articles is in the
// share 1-(1-p)^size of their titles.
const (
	titleSize    = 0.12
	leadSize     = 0.25
	datelineSize = 0.02
	bodySize     = 0.61
)

// within thins a share out to the zones in which something is looked for.
func (z zoneMask) within(share float64) float64 {
	size := 0.0
	for zone, part := range map[zoneMask]float64{inTitle: titleSize, inLead: leadSize, inDateline: datelineSize, inBody: bodySize} {
		if z&zone != 0 {
			size += part
		}
	}
	return 1 - math.Pow(1-share, size)
}

func (t *term) breadth() Breadth {
	share := t.pattern.Share()
	for i := range t.words { // of "a b"~n: all of them
		share = min(share, t.words[i].Share())
	}
	if t.prefix && len(t.pattern.Words) == 1 { // carries no rule alone
		share = 1
	}
	share = t.zones.within(share)
	return Breadth{Share: share, Blame: t.name, Term: share, text: t.text}
}

func (m *mentionOf) breadth() Breadth {
	share := 0.0
	for _, key := range m.keys {
		share += text.EntityShare(key)
	}
	share = m.zones.within(min(share, 1))
	return Breadth{Share: share, Blame: m.name, Term: share, text: m.name}
}

func (v *value) breadth() Breadth {
	share := map[string]float64{"lang": langShare, "country": countryShare, "source": sourceShare, "category": tagShare, "author": tagShare, "url": openShare}[v.field]
	if slices.ContainsFunc(v.options, func(o option) bool { return o.prefix }) {
		share = openShare
	}
	share = min(share*float64(len(v.options)), 1)
	return Breadth{Share: share, Blame: v.name, Term: share, value: true, text: v.name}
}

// Warning tells a reader that an accepted rule is broad, which word makes it so, and what would help.
func (b Breadth) Warning() Warning {
	code, args := b.problem()
	p := problems[code]
	return Warning{code, fill(p.msg+"; "+p.hint, args), args}
}

// Refusal is the error of a rule that is too broad, for its text.
func (b Breadth) Refusal(src string) *SyntaxError {
	code, args := b.problem()
	from, to := wordIn(src, b.text)
	var flat []string
	for k, v := range args {
		flat = append(flat, k, v)
	}
	return fail(src, from, to, code, flat...)
}

// problem is what there is to say about it.
func (b Breadth) problem() (code string, args map[string]string) {
	args = map[string]string{"term": b.Blame, "percent": percent(b.Term), "all": percent(b.Share)}
	switch {
	case b.value:
		return "broad-value", args
	case b.Share >= 2*b.Term:
		return "broad-sum", args
	}
	return "broad-word", args
}

// percent writes a share without pretending to know it well.
func percent(share float64) string {
	p := 100 * share
	switch {
	case p >= 20:
		return strconv.Itoa(int(math.Round(p/5) * 5))
	case p >= 1:
		return strconv.Itoa(int(math.Round(p)))
	}
	return fmt.Sprintf("%.1f", p)
}

// wordIn is where s stands in src as a word of its own; all of src when it is not written so.
func wordIn(src, s string) (from, to int) {
	inWord := func(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }
	for at := 0; s != ""; {
		i := strings.Index(src[at:], s)
		if i < 0 {
			break
		}
		from, to = at+i, at+i+len(s)
		before, _ := utf8.DecodeLastRuneInString(src[:from])
		after, _ := utf8.DecodeRuneInString(src[to:])
		if !inWord(before) && !inWord(after) {
			return from, to
		}
		at = to
	}
	return 0, len(src)
}

// Admission is what an operator does about broad rules. The zero value warns of those over [BroadShare].
type Admission struct {
	Refuse bool    // rather than warn
	Share  float64 // of all articles, from which on a rule is broad; 0: [BroadShare]
}

// Broad reports whether a rule of this breadth is broad.
func (a Admission) Broad(b Breadth) bool { return b.Share > cmp.Or(a.Share, BroadShare) }

// Admit judges a query that was read from src. The warning is nil for a rule that is not broad; a
// broad one that is not to be had gives a [*SyntaxError].
func (a Admission) Admit(q *Query, src string) (*Warning, error) {
	b := q.Breadth()
	if !a.Broad(b) {
		return nil, nil
	}
	if a.Refuse {
		return nil, b.Refusal(src)
	}
	w := b.Warning()
	return &w, nil
}
