package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"wirewatch/configs"
	"wirewatch/filter"
)

func (p *program) ruleCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "rule",
		Short:   "Check, explain and import rules",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
		Example: "  wirewatch rule check '@geneva AND (sanctions OR ceasefire)'",
	}
	c.AddCommand(
		p.ruleCheckCommand(),
		p.ruleExplainCommand(),
		p.ruleImportCommand(),
	)
	return c
}

func (p *program) ruleExplainCommand() *cobra.Command {
	var packs []string
	c := &cobra.Command{
		Use:     "explain QUERY",
		Short:   "Show how a query is read, and the names that its entities have",
		Example: `  wirewatch rule explain '@geneva AND @security-guarantees'`,
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			q, err := p.query(args[0], packs)
			if err != nil {
				return failed(err)
			}
			p.explain(q)
			return nil
		},
	}
	entitiesFlag(c, &packs)
	return c
}

func (p *program) ruleCheckCommand() *cobra.Command {
	var broad string
	var packs []string
	c := &cobra.Command{
		Use:   "check QUERY",
		Short: "Accept a query, or say where it is wrong",
		Long: "Print a query's canonical form and exit 0, or say where it is wrong, and why, and exit 1. A rule that takes a great\n" +
			"part of all articles is accepted with a note; --broad refuse refuses it, as rules.broad does for chats.",
		Example: `  wirewatch rule check '@geneva AND (sanctions OR ceasefire)'`,
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if broad != configs.BroadWarn && broad != configs.BroadRefuse {
				return misused(fmt.Errorf("--broad is %s or %s", configs.BroadWarn, configs.BroadRefuse))
			}
			q, err := p.query(args[0], packs)
			if err != nil {
				return failed(err)
			}
			w, err := filter.Admission{Refuse: broad == configs.BroadRefuse}.Admit(q, args[0])
			if err != nil {
				return failed(queryError(err))
			}
			fmt.Fprintln(p.stdout, q.String())
			p.printNotes(q.Warnings())
			if w != nil {
				p.printNotes([]filter.Warning{*w})
			}
			return nil
		},
	}
	entitiesFlag(c, &packs)
	c.Flags().StringVar(&broad, "broad", configs.BroadWarn, "what to do about a rule that takes a great part of all articles: warn or refuse")
	return c
}

// query parses with the starter gazetteer and packs over it.
func (p *program) query(text string, packs []string) (*filter.Query, error) {
	names, err := configs.EntitiesWith(packs...)
	if err != nil {
		return nil, err
	}
	q, err := filter.Parse(text, names)
	if err != nil {
		return nil, queryError(err)
	}
	return q, nil
}

func (p *program) printNotes(warnings []filter.Warning) {
	for _, w := range warnings {
		fmt.Fprintf(p.stdout, "note: %s\n", w.Msg)
	}
}

// explain prints a query laid open: its canonical form, what it finds (part by part
// when it has several levels), its terms and every entity's names by language.
func (p *program) explain(q *filter.Query) {
	e := q.Explain()
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	defer w.Flush()
	fmt.Fprintf(w, "rule\t%s\n", isolate(e.Canonical))
	if e.Outline == nil {
		fmt.Fprintf(w, "finds\t%s\n", e.Reading)
	}
	for i, l := range e.Outline {
		fmt.Fprintf(w, "%s\t%s%s\n", []string{"finds", ""}[min(i, 1)], strings.Repeat("  ", l.Depth), l.Text)
	}
	w.Flush()
	fmt.Fprintln(w)
	for _, t := range e.Terms {
		where, note := strings.Join(t.Zones, " "), t.Note
		if len(t.Zones) == zonesOfText {
			where = "text"
		}
		if t.Excluded {
			note = "excluded: " + note
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", isolate(t.Term), t.Kind, where, note)
	}
	w.Flush()
	for _, n := range e.Entities {
		fmt.Fprintf(w, "\n@%s\t%s\n", n.Slug, n.Kind)
		for _, lang := range slices.Sorted(maps.Keys(n.Names)) {
			fmt.Fprintf(w, "  %s\t%s\n", lang, isolate(strings.Join(n.Names[lang], " · ")))
		}
		w.Flush()
	}
	if w, _ := (filter.Admission{}).Admit(q, e.Canonical); w != nil {
		e.Warnings = append(slices.Clip(e.Warnings), *w)
	}
	if len(e.Warnings) > 0 {
		fmt.Fprintln(p.stdout)
	}
	p.printNotes(e.Warnings)
}

// zonesOfText is the number of zones in which a term without a field is looked for.
const zonesOfText = 4
