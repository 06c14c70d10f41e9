package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"wirewatch/configs"
	"wirewatch/filter"
)

func (p *program) ruleImportCommand() *cobra.Command {
	var from string
	c := &cobra.Command{
		Use:   "import --from SERVICE QUERY|FILE|-",
		Short: "Translate a query of Meltwater, Factiva or Lexis",
		Long: `Print a query of another service as a rule, with every parenthesis. Operators keep
the meaning and the precedence that they have there. What cannot be carried over is
left out with a note on stderr that says whether the rule finds more or less without
it, or refused with its place. A file holds one query, over as many lines as it likes.`,
		Example: `  wirewatch rule import --from factiva 'hd=(geneva or vienna) and atleast3 nuclear talks'
  wirewatch rule import --from lexis 'HLEAD(sanction! w/5 relief) and not sport!'
  wirewatch rule import --from meltwater query.txt`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if from == "" {
				return misused(fmt.Errorf("say where the query is from: --from %s", strings.Join(filter.Imports, "|")))
			}
			return p.importRule(from, args[0])
		},
	}
	c.Flags().StringVar(&from, "from", "", strings.Join(filter.Imports, ", "))
	return c
}

// importRule prints the rule on stdout and the notes on stderr.
func (p *program) importRule(from, arg string) error {
	text, err := p.queryText(arg)
	if err != nil {
		return failed(err)
	}
	names, err := configs.Entities()
	if err != nil {
		return failed(err)
	}
	query, notes, err := filter.Import(from, text, names)
	if err != nil {
		if syntax := (*filter.SyntaxError)(nil); !errors.As(err, &syntax) {
			return misused(err)
		}
		return failed(queryError(err))
	}
	for _, n := range notes {
		fmt.Fprintf(p.stderr, "note: %s\n", n)
	}
	fmt.Fprintln(p.stdout, query)
	return nil
}

// queryText is the query that an argument means: standard input, a file that exists, or itself.
func (p *program) queryText(arg string) (string, error) {
	var r io.Reader
	if arg == "-" {
		r = p.stdin
	} else {
		f, err := os.Open(arg)
		switch {
		case errors.Is(err, fs.ErrPermission):
			return "", fmt.Errorf("read the query: %w", err)
		case err != nil:
			if !strings.ContainsAny(arg, " \t\n()") && filepath.Ext(arg) != "" {
				fmt.Fprintf(p.stderr, "note: there is no file %s; it was read as a query\n", arg)
			}
			return arg, nil
		}
		defer f.Close()
		if info, err := f.Stat(); err != nil || info.IsDir() {
			return arg, nil
		}
		r = f
	}
	data, err := io.ReadAll(io.LimitReader(r, filter.MaxQuery+1)) // one more is refused as too long
	if err != nil {
		return "", fmt.Errorf("read the query: %w", err)
	}
	return strings.TrimPrefix(string(data), "\ufeff"), nil
}
