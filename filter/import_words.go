package filter

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// leaf turns a word or a quotation into words; those with a truncation sign among
// others become a chain of PRE/1, as a phrase cannot hold them.
func (im *importer) leaf(x foreign) (*foreignNode, *SyntaxError) {
	var n *foreignNode
	inside := x.start + max(0, strings.Index(im.src[x.start:x.end], x.text)) // after the quotation mark
	for at := 0; at < len(x.text); {
		piece, next := nextPiece(x.text, at)
		if piece == "" {
			break
		}
		p := x
		p.start = inside + next - len(piece)
		p.end, p.n = p.start+len(piece), 0
		kid, err := im.piece(piece, p, x.kind == foreignQuote)
		if err != nil {
			return nil, err
		}
		if n == nil {
			n = kid
		} else {
			n = beside(n, kid, p)
		}
		at = next
	}
	if n == nil {
		return nil, fail(im.src, x.start, x.end, "empty-quote")
	}
	n.start, n.end = min(n.start, x.start), max(n.end, x.end)
	switch {
	case x.n > 0 && n.op == opWords:
		n.at.n = x.n
	case x.n > 0:
		im.note(x.start, x.end, "words with a sign for letters must stand side by side here; the rule finds less")
	}
	return n, nil
}

// nextPiece is the next word of s from at, and where it ends; "" none.
func nextPiece(s string, at int) (string, int) {
	rest := strings.TrimLeftFunc(s[at:], isSpace)
	start := len(s) - len(rest)
	end := start + strings.IndexFunc(rest, isSpace)
	if end < start {
		end = len(s)
	}
	return s[start:end], end
}

// upToLetters is Factiva's $3: at most three letters more.
var upToLetters = regexp.MustCompile(`\$[0-9]*$`)

// piece reads the truncation signs of one word.
func (im *importer) piece(w string, x foreign, quoted bool) (*foreignNode, *SyntaxError) {
	words := func(s string) (*foreignNode, *SyntaxError) {
		return &foreignNode{op: opWords, text: s, at: x, start: x.start, end: x.end}, nil
	}
	if w == "%" && im.name == "factiva" || strings.Trim(w, "*") == "" {
		return words("*") // any one word
	}
	stem := strings.TrimRight(w, im.anyEnding)
	some := len(stem) < len(w)
	why := ""
	if at := upToLetters.FindStringIndex(stem); at != nil && im.name == "factiva" {
		why, stem, some = "any ending counts here", stem[:at[0]], true
	}
	if s := strings.TrimRight(stem, im.oneLetter); s != stem && im.oneLetter != "" {
		if quoted && !strings.Contains(s+stem[len(s):], "*") { // the end of a question
			stem = s
		} else {
			why, stem, some = "any ending counts here, not only so many letters", s, true
		}
	}
	if strings.ContainsAny(stem, im.anyEnding+im.oneLetter) {
		return nil, im.refuse(x.start, x.end, "a sign for letters stands only at the end of a word here", "write the spellings out: (woman OR women)")
	}
	if !some {
		return words(w[:len(stem)])
	}
	if utf8.RuneCountInString(stem) < MinPrefix {
		return nil, fail(im.src, x.start, x.end, "short-wildcard", "min", "3")
	}
	if why != "" {
		im.note(x.start, x.end, why+"; the rule finds more")
	}
	return &foreignNode{op: opPrefix, text: stem, at: x, start: x.start, end: x.end}, nil
}

// The fields of each service, and ours that look into the same place.
var (
	meltwaterFields = map[string]string{
		"title": "title", "headline": "title", "ingress": "lead", "lead": "lead", "body": "body", "author": "author", "byline": "author",
		"source": "source", "sourcename": "source", "url": "url", "inurl": "url", "country": "country", "lang": "lang", "language": "lang",
	}
	factivaFields = map[string]string{"hd": "title", "hlp": "title lead", "lp": "lead", "td": "body", "by": "author", "la": "lang", "sn": "source"}
	lexisFields   = map[string]string{
		"headline": "title", "head": "title", "title": "title", "hlead": "title lead", "lead": "lead", "body": "body", "text": "body",
		"byline": "author", "author": "author", "language": "lang", "publication": "source", "source": "source", "pub": "source",
	}
	lexisCommands = map[string]bool{"allcaps": true, "caps": true, "nocaps": true, "singular": true, "plural": true}
)

var (
	colonField = regexp.MustCompile(`^([A-Za-z]+(?:\.[A-Za-z]+)*):([^/]|/[^/]|$)`)
	equalField = regexp.MustCompile(`^(?i)([a-z]{2,6})=`)
	nameOnly   = regexp.MustCompile(`^[A-Za-z][A-Za-z-]*$`)
)

// fieldOf makes the lexeme of a field.
func fieldOf(table map[string]string, name string) foreign {
	f := foreign{kind: foreignField, fields: strings.Fields(table[strings.ToLower(name)])}
	if len(f.fields) == 0 {
		f.why = "there is no such field here"
	}
	return f
}

var dialects = map[string]*dialect{
	"meltwater": {
		name: "meltwater", operator: meltwaterOperator, anyEnding: "*", oneLetter: "?", minus: true,
		field: func(w string, _ bool) (foreign, int) {
			m := colonField.FindStringSubmatch(w)
			if m == nil {
				return foreign{}, 0
			}
			return fieldOf(meltwaterFields, m[1]), len(m[1]) + 1
		},
	},
	"factiva": {
		name: "factiva", operator: factivaOperator, anyEnding: "*", oneLetter: "?", phrases: true, fieldLast: true, brackets: true,
		field: func(w string, _ bool) (foreign, int) {
			m := equalField.FindStringSubmatch(w)
			if m == nil || dateGlued.MatchString(w) {
				return foreign{}, 0
			}
			return fieldOf(factivaFields, m[1]), len(m[0])
		},
	},
	"lexis": {
		name: "lexis", operator: lexisOperator, anyEnding: "!", oneLetter: "*?", phrases: true, orFirst: true,
		field: func(w string, opens bool) (foreign, int) {
			if !opens || !nameOnly.MatchString(w) || lexisOperator(&foreign{text: w}) {
				return foreign{}, 0
			}
			if lexisCommands[strings.ToLower(w)] {
				return foreign{kind: foreignCaps}, len(w)
			}
			return fieldOf(lexisFields, w), len(w)
		},
	},
}
