package filter

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"wirewatch/filter/entity"
	"wirewatch/filter/text"
)

// tally counts what was found against what is there.
type tally struct{ found, there, right, met int }

// add counts one text: was it found, should it be, and may it be.
func (c *tally) add(found, there, right bool) {
	for counter, counts := range map[*int]bool{&c.found: found, &c.there: there, &c.right: found && right, &c.met: found && there} {
		if counts {
			*counter++
		}
	}
}

// plus adds up two tallies.
func (c tally) plus(o tally) tally {
	return tally{c.found + o.found, c.there + o.there, c.right + o.right, c.met + o.met}
}

func (c tally) recall() float64    { return float64(c.met) / float64(max(1, c.there)) }
func (c tally) precision() float64 { return float64(c.right) / float64(max(1, c.found)) }
func (c tally) String() string {
	return fmt.Sprintf("recall %.3f precision %.3f (%d there, %d found)", c.recall(), c.precision(), c.there, c.found)
}

// gazetteerOf makes an entity of each name; slugs are x0, x1 … in their order.
func gazetteerOf(t testing.TB, lang, kind string, names []string) *entity.Gazetteer {
	t.Helper()
	var b strings.Builder
	for i, n := range names {
		q, _ := json.Marshal(n)
		fmt.Fprintf(&b, "- {slug: x%d, kind: %s, names: {%s: [%s]}}\n", i, kind, lang, q)
	}
	g, err := entity.Load([]byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// onceEach lists the values once, in the order of their first occurrence.
func onceEach(all []string) (list []string) {
	seen := map[string]bool{}
	for _, s := range all {
		if !seen[s] {
			seen[s] = true
			list = append(list, s)
		}
	}
	return list
}

// TestRussianNames: proper nouns in all cases, given their nominative. Counted are pairs
// of a sentence and a lemma.
func TestRussianNames(t *testing.T) {
	data, err := os.ReadFile("../../shared/corpus/entities/ru_pud_propn.tsv")
	if err != nil {
		t.Skip("the corpus of Russian names is not here")
	}
	var lemmas, order []string
	sentence, gold := map[string]string{}, map[string]map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n")[1:] {
		f := strings.Split(line, "\t")
		id, form, lemma := f[0], f[1], f[2]
		if gold[id] == nil {
			gold[id], sentence[id], order = map[string]string{}, f[4], append(order, id)
		}
		gold[id][lemma] = form
		lemmas = append(lemmas, lemma)
	}
	lemmas = onceEach(lemmas)
	names := gazetteerOf(t, "ru", entity.Place, lemmas)
	var n tally
	var missed, wrong []string
	for _, id := range order {
		d := Analyse(Input{Body: sentence[id], Lang: "ru"}, names)
		for i, lemma := range lemmas {
			form, there := gold[id][lemma]
			e, found := mustParse(t, fmt.Sprintf("@x%d", i), names).Match(d)
			n.add(found, there, there)
			switch {
			case there && !found:
				missed = append(missed, lemma+"→"+form)
			case found && !there:
				wrong = append(wrong, lemma+"→"+e[0].Text)
			}
		}
	}
	t.Logf("%v\nmissed %v\nwrong %v", n, missed, wrong)
	if n.recall() < .96 || n.precision() < .97 {
		t.Errorf("%v", n)
	}
}

// namedWire is an article of the corpus of Polish and Czech names.
type namedWire struct {
	Lang, Title, Text string
	Entities          []mentioned
}

type mentioned struct{ Mention, Base, ID string }

// TestPolishAndCzechNames: names of articles in all cases, given their base form. An
// article has a base form when one of its mentions has it; a find is right when the
// article mentions the thing that the base form stands for. What an exact search for
// the base form finds sets the bar of precision.
func TestPolishAndCzechNames(t *testing.T) {
	f, err := os.Open("../../shared/corpus/entities/bsnlp_pl_cs.jsonl")
	if err != nil {
		t.Skip("the corpus of Polish and Czech names is not here")
	}
	defer f.Close()
	var articles []namedWire
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var w namedWire
		if err := json.Unmarshal(lines.Bytes(), &w); err != nil {
			t.Fatal(err)
		}
		articles = append(articles, w)
	}
	var free, exact tally
	for _, lang := range []string{"pl", "cs"} {
		free1, exact1 := tallyNames(t, lang, articles)
		t.Logf("%s: %v; exact %v", lang, free1, exact1)
		free, exact = free.plus(free1), exact.plus(exact1)
	}
	t.Logf("both: %v; exact %v", free, exact)
	if free.recall() < .93 || free.precision() < exact.precision() {
		t.Errorf("%v; exact %v", free, exact)
	}
}

// tallyNames looks for every base form of a language in every article of it, freely and exactly.
func tallyNames(t *testing.T, lang string, articles []namedWire) (free, exact tally) {
	var own []namedWire
	var bases []string
	ids := map[string]map[string]bool{} // base form -> what it stands for
	for _, w := range articles {
		if w.Lang != lang {
			continue
		}
		own = append(own, w)
		for _, e := range w.Entities {
			bases = append(bases, e.Base)
			if ids[e.Base] == nil {
				ids[e.Base] = map[string]bool{}
			}
			ids[e.Base][e.ID] = true
		}
	}
	var missed, wrong []string
	for _, group := range byLength(onceEach(bases)) {
		names := gazetteerOf(t, lang, entity.Place, group)
		var queries, exactly []*Query
		for i, b := range group {
			queries = append(queries, mustParse(t, fmt.Sprintf("@x%d", i), names))
			exactly = append(exactly, mustParse(t, `="`+strings.Trim(strings.ReplaceAll(b, `"`, " "), " ")+`"`, nil))
		}
		for _, w := range own {
			gold := map[string]string{}
			for _, e := range w.Entities {
				gold[e.Base] = e.Mention
			}
			d := Analyse(Input{Body: w.Text, Lang: lang}, names)
			for i, b := range group {
				mention, there := gold[b]
				right := slices.ContainsFunc(w.Entities, func(e mentioned) bool { return ids[b][e.ID] })
				e, found := queries[i].Match(d)
				_, same := exactly[i].Match(d)
				free.add(found, there, right)
				exact.add(same, there, right)
				switch {
				case there && !found:
					missed = append(missed, b+"→"+mention)
				case found && !right && !same:
					wrong = append(wrong, b+"→"+e[0].Text)
				}
			}
		}
	}
	t.Logf("%s missed %q\nwrong %q", lang, onceEach(missed), onceEach(wrong))
	return free, exact
}

// byLength groups names by their number of words, so that none stands inside another of its group.
func byLength(names []string) map[int][]string {
	groups := map[int][]string{}
	for _, n := range names {
		words := len(text.Words(n))
		if words > 0 {
			groups[words] = append(groups[words], n)
		}
	}
	return groups
}
