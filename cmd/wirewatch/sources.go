package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"wirewatch/configs"
	"wirewatch/feeds"
	"wirewatch/store"
)

func (p *program) sourcesCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "sources",
		Short: "The starter list, and the catalogue as an OPML list",
		Long: `See which sources wirewatch knows of (the starter list), put some of them into the catalogue,
that every chat's rules see, and bring the catalogue in and out as an OPML list, the form in
which feed readers exchange them: folders become tags and tags folders. The bot may be running.`,
		Example: `  wirewatch sources list --lang ar
  wirewatch sources add --lang ar --kind agency
  wirewatch sources health --troubled
  wirewatch sources import feeds.opml
  wirewatch sources export - | grep xmlUrl`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(p.sourcesList(), p.sourcesAdd(), p.sourcesHealth(), p.sourcesImport(), p.sourcesExport())
	return c
}

func (p *program) sourcesImport() *cobra.Command {
	return p.maintenance(&cobra.Command{
		Use:     "import FILE",
		Short:   `Add the feeds of an OPML list ("-" is standard input) to the catalogue`,
		Example: "  wirewatch sources import feeds.opml",
		Args:    cobra.ExactArgs(1),
	}, func(ctx context.Context, cfg configs.Config, args []string) error {
		list, err := p.readOPML(args[0])
		if err != nil {
			return fmt.Errorf("%s: %w", args[0], unwrapPath(err))
		}
		db, err := store.Open(ctx, cfg.Store, store.Options{Shared: true})
		if err != nil {
			return err
		}
		defer db.Close()
		added := 0
		for _, s := range list {
			_, fresh, err := db.AddSource(ctx, s, 0)
			if err != nil {
				return fmt.Errorf("%s: %w", s.URL, err)
			}
			if fresh {
				added++
			}
		}
		fmt.Fprintf(p.stdout, "%d added, %d in the catalogue already\n", added, len(list)-added)
		return nil
	})
}

// readOPML reads a list from a file or standard input and prints its warnings.
func (p *program) readOPML(name string) ([]feeds.Source, error) {
	in := p.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	list, warnings, err := feeds.ReadOPML(in)
	for _, w := range warnings {
		fmt.Fprintf(p.stderr, "wirewatch: %s: %s\n", name, w)
	}
	return list, err
}

func (p *program) sourcesExport() *cobra.Command {
	return p.maintenance(&cobra.Command{
		Use:     "export FILE",
		Short:   `Write the catalogue as an OPML list ("-" is standard output); what only one chat follows stays private`,
		Example: "  wirewatch sources export feeds.opml",
		Args:    cobra.ExactArgs(1),
	}, func(ctx context.Context, cfg configs.Config, args []string) error {
		if err := mustExist(cfg.Store); err != nil {
			return err
		}
		db, err := store.Open(ctx, cfg.Store, store.Options{Shared: true})
		if err != nil {
			return err
		}
		defer db.Close()
		all, err := db.Sources(ctx, 0)
		if err != nil {
			return err
		}
		var list []feeds.Source
		for _, s := range slices.DeleteFunc(all, func(s store.Source) bool { return !s.Shared }) {
			list = append(list, s.Source)
		}
		return p.writeOPML(args[0], list)
	})
}

// writeOPML writes a list to a file or standard output; nothing is written
// before all of it is known to be sound.
func (p *program) writeOPML(name string, list []feeds.Source) error {
	var b bytes.Buffer
	if err := feeds.WriteOPML(&b, "wirewatch", list); err != nil {
		return err
	}
	if name == "-" {
		_, err := io.Copy(p.stdout, &b)
		return err
	}
	if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "wrote %d sources to %s\n", len(list), name)
	return nil
}
