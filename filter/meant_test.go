package filter

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"wirewatch/filter/entity"
)

// How many rules testdata/rules.txt must have.
const (
	minMeant   = 200
	minRefused = minMeant / 3
)

// TestRulesAsMeant goes through testdata/rules.txt: each rule finds what it was meant to find and
// nothing else, alone and in a set, or is refused at the right place for the right reason.
func TestRulesAsMeant(t *testing.T) {
	data, err := os.ReadFile("testdata/rules.txt")
	if err != nil {
		t.Fatal(err)
	}
	names := starter(t)
	accepted, refused := 0, 0
	for line := range strings.Lines(string(data)) {
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "# ") {
			continue
		}
		cells := strings.Split(line, "\t")
		if len(cells) < 2 {
			t.Errorf("%q says nothing of what is meant", line)
			continue
		}
		if want, ok := strings.CutPrefix(cells[1], "! "); ok {
			refused++
			isRefused(t, names, cells[0], want)
			continue
		}
		accepted++
		for _, cell := range cells[1:] {
			sign, article, ok := strings.Cut(cell, " ")
			if !ok || sign != "+" && sign != "-" {
				t.Errorf("%s: %q is neither found nor not found", cells[0], cell)
				continue
			}
			finds(t, names, cells[0], articleOf(article), sign == "+")
		}
	}
	if accepted+refused < minMeant || refused < minRefused {
		t.Errorf("%d rules, %d of them refused", accepted+refused, refused)
	}
}

// finds checks one rule on one article, alone and in a set.
func finds(t *testing.T, names *entity.Gazetteer, rule string, in Input, want bool) {
	t.Helper()
	q, err := Parse(rule, names)
	if err != nil {
		t.Errorf("%s: %v", rule, err)
		return
	}
	d := Analyse(in, names)
	if e, ok := q.Match(d); ok != want {
		t.Errorf("%s on «%s» «%s»: %v, want %v (%v)", rule, in.Title, in.Body, ok, want, e)
	}
	s, found := NewSet(), false
	s.Add(1, q)
	s.MatchIDs(d, func(int64) { found = true })
	if found != want {
		t.Errorf("%s on «%s» «%s» in a set: %v, want %v", rule, in.Title, in.Body, found, want)
	}
}

// isRefused checks the code, the column and the fragment of an error.
func isRefused(t *testing.T, names *entity.Gazetteer, rule, want string) {
	t.Helper()
	_, err := Parse(rule, names)
	e, ok := err.(*SyntaxError)
	if !ok {
		t.Errorf("%s: %v, want %s", rule, err, want)
		return
	}
	if have := e.Code + " " + strconv.Itoa(e.Column) + " " + e.Fragment; have != want {
		t.Errorf("%s: %s, want %s", rule, have, want)
	}
}
