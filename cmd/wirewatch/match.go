package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"wirewatch/configs"
	"wirewatch/feeds"
	"wirewatch/feeds/page"
	"wirewatch/feeds/watch"
	"wirewatch/filter"
	"wirewatch/filter/entity"
	"wirewatch/store"
)

// matcher is one run of the match command.
type matcher struct {
	*program
	names   *entity.Gazetteer
	json    bool
	explain bool
	out     *json.Encoder
	painter
	found int
}

func (p *program) matchCommand() *cobra.Command {
	m := &matcher{program: p}
	var rules, color string
	var packs []string
	var stats bool
	c := &cobra.Command{
		Use:   "match QUERY FILE|URL|-…",
		Short: "Tell which articles match a query, and why",
		Long: `Tell which articles match a query, and why. Inputs are feeds or the JSON lines that
feed --json prints; "-" is standard input, which is also read when no input is named.
The exit status is grep's: 0 something matched, 1 nothing did, 2 an error.`,
		Example: `  wirewatch match '@geneva AND @security-guarantees' feed.xml --explain
  wirewatch feed --json https://news.example/rss | wirewatch match 'ceasefire -sport' -
  wirewatch match --rules rules.jsonl --stats articles.jsonl`,
		RunE: func(c *cobra.Command, args []string) error {
			var err error
			if m.painter, err = p.newPainter(color); err != nil {
				return err
			}
			p.progress = p.watched(m.json)
			m.out = json.NewEncoder(p.stdout)
			m.out.SetEscapeHTML(false)
			names, err := configs.EntitiesWith(packs...)
			if err != nil {
				return misused(err)
			}
			m.names = names
			if rules != "" {
				err = m.many(c, rules, args, stats)
			} else {
				err = m.one(c, args)
			}
			m.progress.clear()
			return m.exit(err)
		},
	}
	entitiesFlag(c, &packs)
	c.Flags().BoolVar(&m.json, "json", false, "one JSON object for each article that matches")
	c.Flags().BoolVar(&m.explain, "explain", false, "show which words matched, where, and what stands around them")
	c.Flags().StringVar(&color, "color", colorAuto, "mark what matched with colour: auto, always, never; NO_COLOR is respected")
	c.Flags().StringVar(&rules, "rules", "", `a file of {"id":…,"query":…} lines instead of QUERY; "-" is standard input`)
	c.Flags().BoolVar(&stats, "stats", false, "with --rules: print figures to standard error")
	return c
}

// exit turns the outcome into grep's exit status.
func (m *matcher) exit(err error) error {
	var e *exitError
	switch {
	case errors.As(err, &e):
		return err
	case err != nil: // already said, with its input
		return &exitError{code: exitUsage}
	case m.found == 0:
		return &exitError{code: exitFail}
	}
	return nil
}

// one matches a single query.
func (m *matcher) one(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return misused(errors.New("a query is wanted: wirewatch match QUERY FILE…"))
	}
	q, err := filter.Parse(args[0], m.names)
	if err != nil {
		return misused(queryError(err))
	}
	for _, w := range q.Warnings() {
		fmt.Fprintf(m.stderr, "wirewatch: note: %s\n", w.Msg)
	}
	return m.eachArticle(c.Context(), inputs(args[1:]), func(a feeds.Article) error {
		zones := page.Split(a)
		evidence, ok := q.Match(m.analyse(a, zones))
		if ok {
			m.found++
		}
		m.progress.article(m.found)
		if !ok {
			return nil
		}
		return m.print(a, zones, evidence)
	})
}

// inputs is what to read: standard input when nothing is named.
func inputs(args []string) []string {
	if len(args) == 0 {
		return []string{"-"}
	}
	return args
}

// analyse reads an article, and says so if it is longer than what is read.
func (m *matcher) analyse(a feeds.Article, zones feeds.Zones) *filter.Doc {
	d := watch.Analyse(store.Article{Item: a, Zones: zones}, m.names)
	if n := d.Unread(); n > 0 {
		m.warn(fmt.Sprintf("article %s is too long: its last %d kB were not searched", plain(shortened(a.ID)), max(1, n>>10)))
	}
	return d
}

// print shows one article that matched.
func (m *matcher) print(a feeds.Article, zones feeds.Zones, evidence filter.Evidence) error {
	if m.json {
		type hit struct {
			Term string `json:"term"`
			Text string `json:"text"`
			Zone string `json:"zone"`
		}
		line := struct {
			Article  string `json:"article"`
			Source   string `json:"source"`
			URL      string `json:"url"`
			Title    string `json:"title"`
			Evidence []hit  `json:"evidence"`
		}{a.ID, a.Source, a.URL, a.Title, []hit{}}
		for _, h := range evidence {
			line.Evidence = append(line.Evidence, hit{h.Term, h.Text, h.Zone})
		}
		return m.out.Encode(line)
	}
	m.progress.clear()
	if err := m.line(m.title(a, evidence), isolateIf(a.Source), plain(a.URL)); err != nil || !m.explain {
		return err
	}
	for _, h := range evidence {
		if _, err := fmt.Fprintf(m.stdout, "    %s: %s (%s)\n", isolate(h.Term), m.snippet(zones, h), h.Zone); err != nil {
			return err
		}
	}
	return nil
}

// many matches every rule of a file at once.
func (m *matcher) many(c *cobra.Command, rules string, files []string, stats bool) error {
	if rules == "-" && slices.Contains(inputs(files), "-") {
		return misused(errors.New("the rules are read from standard input: name the files of the articles"))
	}
	start := time.Now()
	set, ids, err := m.loadRules(c.Context(), rules)
	if err != nil {
		return misused(err)
	}
	built := time.Since(start)
	var articles, matches int
	var matching time.Duration
	var hit []int64
	err = m.eachArticle(c.Context(), inputs(files), func(a feeds.Article) error {
		articles++
		begin := time.Now()
		hit = hit[:0]
		set.MatchIDs(m.analyse(a, page.Split(a)), func(id int64) { hit = append(hit, id) })
		matching += time.Since(begin)
		matches += len(hit)
		if len(hit) > 0 {
			m.found++
		}
		m.progress.article(m.found)
		if len(hit) == 0 {
			return nil
		}
		slices.Sort(hit)
		return m.printRules(a, hit, ids)
	})
	m.progress.clear()
	if stats {
		fmt.Fprintf(m.stderr, "articles=%d rules=%d matches=%d build_s=%.3f match_s=%.3f articles_per_s=%.0f\n",
			articles, len(ids), matches, built.Seconds(), matching.Seconds(), float64(articles)/max(matching.Seconds(), 1e-9))
	}
	return err
}

func (m *matcher) printRules(a feeds.Article, hit []int64, ids []string) error {
	names := make([]string, len(hit))
	for i, n := range hit {
		names[i] = ids[n]
	}
	if m.json {
		return m.out.Encode(struct {
			Article string   `json:"article"`
			Rules   []string `json:"rules"`
		}{a.ID, names})
	}
	m.progress.clear()
	return m.line(isolate(shortened(a.Title)), plain(a.URL), plain(strings.Join(names, " ")))
}

// line prints what there is of one article, two spaces between.
func (m *matcher) line(parts ...string) error {
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	_, err := fmt.Fprintln(m.stdout, strings.Join(parts, "  "))
	return err
}

// queryError says on one line what is wrong with a query: where, what, and how
// it would be right. There is no caret: under right-to-left text it would point
// at the wrong place.
func queryError(err error) error {
	var s *filter.SyntaxError
	if !errors.As(err, &s) {
		return err
	}
	text := fmt.Sprintf("column %d", s.Column)
	if s.Fragment != "" {
		text += ", " + isolate("«"+s.Fragment+"»")
	}
	text += ": " + s.Msg
	if s.Hint != "" {
		text += "; " + s.Hint
	}
	return errors.New(text)
}
