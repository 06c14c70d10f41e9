package filter

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"wirewatch/filter/text"
)

// operators that are whole words; those with /n are read by slashed.
var operators = map[string]kind{"AND": opAnd, "OR": opOr, "NOT": opNot}

// operator turns a bare word in capitals into the operator that it is.
func (l *lexer) operator(x lexeme) (lexeme, *SyntaxError) {
	written := halfWidth(x.text)
	if k, ok := operators[written]; ok {
		x.kind = k
		return x, nil
	}
	if like, end := l.likeOperator(written, x.end); like != "" {
		return x, fail(l.src, x.start, end, "operator-form", "operator", like)
	}
	name, arg, slash := strings.Cut(written, "/")
	upper := strings.ToUpper(name)
	k := word
	switch upper {
	case "NEAR", "W", "PRE", "ONEAR":
		k = opNear
	case "MIN", "ATLEAST":
		k = opMin
	case "ANY":
		k = opAny
	default:
		return x, nil
	}
	switch {
	case !slash && name == upper && (name == "NEAR" || name == "PRE" || name == "ONEAR"):
		arg = strconv.Itoa(defaultDistance)
	case !slash:
		return x, nil
	case name != upper:
		if _, _, ok := distance(arg); ok {
			return x, fail(l.src, x.start, x.end, "lowercase-sign", "operator", upper+"/"+arg)
		}
		return x, nil
	}
	x.kind = k
	x.ordered = upper == "PRE" || upper == "ONEAR"
	n, unit, ok := distance(arg)
	limit, code := MaxTimes, "bad-count"
	if k == opNear {
		limit, code = MaxDistance, "bad-distance"
	} else if unit != 'w' {
		ok = false
	}
	if !ok || (unit == 'w' && (n < 1 || n > limit)) {
		return x, fail(l.src, x.start, x.end, code, "operator", name+"/n", "max", strconv.Itoa(limit), "example", name+"/5")
	}
	x.n, x.unit = n, unit
	return x, nil
}

// defaultDistance is the n of NEAR and PRE without a number.
const defaultDistance = 5

// isNumber reports whether a word is a number, as an operator has one.
func isNumber(s string) bool {
	_, unit, ok := distance(s)
	return ok && unit == 'w'
}

// distance reads what stands after the slash: a number in any digits, s or p.
func distance(arg string) (n int, unit byte, ok bool) {
	switch arg {
	case "s", "S":
		return 0, 's', true
	case "p", "P":
		return 0, 'p', true
	}
	for _, r := range arg {
		if !unicode.IsDigit(r) {
			return 0, 0, false
		}
	}
	n, err := strconv.Atoi(text.Fold(arg))
	return n, 'w', err == nil
}

// halfWidth writes the wide letters and signs of East Asian keyboards as the narrow ones.
func halfWidth(s string) string {
	wide := func(r rune) bool { return r >= '！' && r <= '～' }
	if !strings.ContainsFunc(s, wide) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if wide(r) {
			return r - '！' + '!'
		}
		return r
	}, s)
}

// What people write for operators with a number: NEAR5 and ADJ5 in one word, /5 without a name,
// and, by the text behind a word, NEAR 5, NEAR /5 and AROUND(5).
var (
	joinedForm = regexp.MustCompile(`^(?:NEAR|ONEAR|ADJ|PRE|AROUND|ATLEAST|MIN|ANY|(?i:near|onear|adj|around|atleast))(\pN{1,2})$`)
	slashForm  = regexp.MustCompile(`^/(\pN{1,2}|[sSpP])$`)
	spacedForm = regexp.MustCompile(`^[\s\pZ]*(?:/?[\s\pZ]*(\pN{1,2})(?:[\s\pZ)）(（]|$)|[(（][\s\pZ]*(\pN{1,2})[\s\pZ]*[)）])`)
)

// spacedNames are the operators of which the number may follow apart.
var spacedNames = []string{"NEAR", "ONEAR", "PRE", "ADJ", "AROUND", "MIN", "ATLEAST", "ANY"}

// likeOperator is the operator that a word, which ends at end, was probably meant to be, and where
// it ends; "" it is a word.
func (l *lexer) likeOperator(written string, end int) (operator string, to int) {
	if last, _ := utf8.DecodeLastRuneInString(written); !unicode.IsNumber(last) && !strings.HasPrefix(written, "/") && !slices.Contains(spacedNames, written) {
		return "", 0 // nearly all words
	}
	if m := slashForm.FindStringSubmatch(written); m != nil {
		return "NEAR/" + text.Fold(m[1]), end
	}
	if m := joinedForm.FindStringSubmatch(written); m != nil {
		return operatorName(strings.TrimSuffix(written, m[1])) + "/" + text.Fold(m[1]), end
	}
	if !slices.Contains(spacedNames, written) {
		return "", 0
	}
	rest := l.src[end:]
	m := spacedForm.FindStringSubmatchIndex(rest)
	switch {
	case m == nil:
		return "", 0
	case m[2] < 0: // in parentheses
		return operatorName(written) + "/" + text.Fold(rest[m[4]:m[5]]), end + m[1]
	}
	return operatorName(written) + "/" + text.Fold(rest[m[2]:m[3]]), end + m[3]
}

// operatorName is our name of an operator that other services have too.
func operatorName(s string) string {
	switch s = strings.ToUpper(s); s {
	case "ADJ":
		return "PRE"
	case "AROUND":
		return "NEAR"
	case "ATLEAST":
		return "MIN"
	}
	return s
}
