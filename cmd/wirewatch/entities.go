package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"wirewatch/configs"
	"wirewatch/filter/entity"
)

func (p *program) entitiesCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "entities",
		Short:   "List, check and import @entities",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
		Example: "  wirewatch entities list --kind org --lang ar",
	}
	c.AddCommand(p.entitiesListCommand(), p.entitiesCheckCommand(), p.entitiesImportCommand())
	return c
}

// entitiesFlag adds --entities to a command.
func entitiesFlag(c *cobra.Command, packs *[]string) {
	c.Flags().StringArrayVar(packs, "entities", nil, "a file of entities over the starter ones, YAML or a table (.tsv); may be repeated")
}

// entityKinds are the values of --kind.
var entityKinds = []string{entity.Country, entity.Place, entity.Org, entity.Office, entity.Person, entity.Topic}

// checkKind refuses a --kind that there is not; "" is none.
func checkKind(kind string) error {
	if kind != "" && !slices.Contains(entityKinds, kind) {
		return misused(fmt.Errorf("there is no kind %q; it is one of %s", kind, strings.Join(entityKinds, ", ")))
	}
	return nil
}

// entityLine is an entity as entities list --json prints it.
type entityLine struct {
	Slug   string              `json:"slug"`
	Kind   string              `json:"kind"`
	Parent string              `json:"parent"`
	Label  map[string]string   `json:"label"` // language -> the name to show
	Names  map[string][]string `json:"names"` // language -> names; demonyms, which are never looked for, are left out
}

func (p *program) entitiesListCommand() *cobra.Command {
	var kind, lang string
	var packs []string
	var asJSON bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List the entities that queries may name",
		Long: `List the entities that queries may name: slug, kind, label, how many languages they
have names in. With --lang, their names in that language, and – where there is none.`,
		Example: `  wirewatch entities list --kind org
  wirewatch entities list --lang ar | grep جنيف
  wirewatch entities list --json | jq -r 'select(.parent=="switzerland").slug'`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := checkKind(kind); err != nil {
				return err
			}
			return p.listEntities(packs, kind, strings.ToLower(lang), asJSON)
		},
	}
	entitiesFlag(c, &packs)
	c.Flags().StringVar(&kind, "kind", "", "only these: "+strings.Join(entityKinds, ", "))
	c.Flags().StringVar(&lang, "lang", "", "show the names in a language: ar, en …")
	c.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	return c
}

// listEntities prints the starter entities, and those of packs, in the order of their slugs.
func (p *program) listEntities(packs []string, kind, lang string, asJSON bool) error {
	names, err := configs.EntitiesWith(packs...)
	if err != nil {
		return failed(err)
	}
	all := slices.Clone(names.All())
	slices.SortFunc(all, func(a, b *entity.Entity) int { return strings.Compare(a.Slug, b.Slug) })
	if err := checkLang(all, lang); err != nil {
		return err
	}
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	defer w.Flush()
	enc := json.NewEncoder(p.stdout)
	enc.SetEscapeHTML(false)
	for _, e := range all {
		if kind != "" && e.Kind != kind {
			continue
		}
		line := lineOf(e, lang)
		switch {
		case asJSON:
			if err := enc.Encode(line); err != nil {
				return failed(err)
			}
		case lang == "":
			fmt.Fprintf(w, "@%s\t%s\t%s\t%d languages\n", e.Slug, e.Kind, isolate(label(e)), len(line.Names))
		case len(line.Names[lang]) == 0:
			fmt.Fprintf(w, "@%s\t%s\t–\n", e.Slug, e.Kind)
		default:
			fmt.Fprintf(w, "@%s\t%s\t%s\n", e.Slug, e.Kind, isolate(strings.Join(line.Names[lang], " · ")))
		}
	}
	return nil
}

// checkLang refuses a language in which nothing has a name.
func checkLang(all []*entity.Entity, lang string) error {
	known := map[string]bool{}
	for _, e := range all {
		for _, n := range e.Alias {
			known[n.Lang] = true
		}
	}
	if lang == "" || known[lang] {
		return nil
	}
	delete(known, entity.Any)
	return misused(fmt.Errorf("no entity has a name in %q; --lang is one of %s", lang, strings.Join(slices.Sorted(maps.Keys(known)), ", ")))
}

// lineOf is an entity with its names in a language; "": in all.
func lineOf(e *entity.Entity, lang string) entityLine {
	line := entityLine{Slug: e.Slug, Kind: e.Kind, Parent: e.Parent, Label: e.Label, Names: map[string][]string{}}
	for _, n := range e.Alias {
		if n.Mode != entity.ModeDemonym && (lang == "" || n.Lang == lang) {
			line.Names[n.Lang] = append(line.Names[n.Lang], n.Text)
		}
	}
	return line
}

// label is an entity's English name, or its first.
func label(e *entity.Entity) string {
	if l, ok := e.Label["en"]; ok {
		return l
	}
	return e.Label[slices.Min(slices.Collect(maps.Keys(e.Label)))]
}

func (p *program) entitiesCheckCommand() *cobra.Command {
	var quiet bool
	var packs []string
	c := &cobra.Command{
		Use:   "check [FILE…]",
		Short: "Look for names that are found too often, or never",
		Long: `Look for mistakes in packs of entities: names that two entities share, everyday words,
names that occur twice, that another entity's longer name takes along or the entity's
own “not” hides, languages without a name. Without files the starter pack is checked. A
file is checked together with it: an entity of the file takes the place of the starter's.
Problems end with exit 1, remarks do not; a file that cannot be used is an error.`,
		Example: `  wirewatch entities check
  wirewatch entities check ours.yaml`,
		RunE: func(_ *cobra.Command, args []string) error {
			return p.checkEntities(slices.Concat(packs, args), quiet)
		},
	}
	entitiesFlag(c, &packs)
	c.Flags().BoolVarP(&quiet, "quiet", "q", false, "only problems, no remarks")
	return c
}

// checkEntities prints the findings about the files, or about the starter pack.
func (p *program) checkEntities(paths []string, quiet bool) error {
	names, err := configs.EntitiesWith(paths...)
	if err != nil {
		return failed(err)
	}
	problems, remarks := 0, 0
	for _, f := range names.Check(paths...) {
		what := "remark"
		if f.Problem {
			what = "problem"
			problems++
		} else if remarks++; quiet {
			continue
		}
		fmt.Fprintf(p.stdout, "%s:%d: %s: @%s: %s\n", f.File, f.Line, what, f.Slug, f.Msg)
	}
	fmt.Fprintf(p.stderr, "%d problems, %d remarks\n", problems, remarks)
	if problems > 0 {
		return &exitError{code: exitFail}
	}
	return nil
}

func (p *program) entitiesImportCommand() *cobra.Command {
	var kind string
	c := &cobra.Command{
		Use:   "import FILE.tsv|-",
		Short: "Turn a table of names into a pack",
		Long: `Turn a table with an id, a language and a name on each line, with tabs between them,
into a YAML pack on stdout. An id becomes the slug that queries use: Q71 is @q71. Then
check it with entities check.`,
		Example: `  wirewatch entities import --kind place names.tsv > ours.yaml
  wirewatch entities check ours.yaml`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := checkKind(kind); err != nil {
				return err
			}
			return p.importEntities(args[0], kind)
		},
	}
	c.Flags().StringVar(&kind, "kind", entity.Topic, "of all of them: "+strings.Join(entityKinds, ", "))
	return c
}

// importEntities prints the pack that a table gives.
func (p *program) importEntities(path, kind string) error {
	var r io.Reader = p.stdin
	name := "standard input"
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return failed(fmt.Errorf("%s: %w", path, unwrapPath(err)))
		}
		defer f.Close()
		r, name = f, filepath.Base(path)
	}
	pack, err := entity.FromTSV(r, kind)
	if err != nil {
		return failed(inFile(name, err))
	}
	_, err = p.stdout.Write(pack)
	return failed(err)
}

// inFile puts the name of a file before each line of an error.
func inFile(name string, err error) error {
	return errors.New(name + ": " + strings.ReplaceAll(err.Error(), "\n", "\n"+name+": "))
}
