package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"wirewatch/configs"
	"wirewatch/store"
)

// healthRow is a source as sources health prints it. A time that is "" never was.
type healthRow struct {
	ID          int64   `json:"id"`
	Name        string  `json:"name"`
	URL         string  `json:"url"`
	State       string  `json:"state"`        // ok, new, failing, silent, paused, gone
	Since       string  `json:"since"`        // of failing and silent: the last good visit, the last article
	LastOK      string  `json:"last_ok"`      // good visit
	LastNew     string  `json:"last_new"`     // article
	LastError   string  `json:"last_error"`   // in words; of a source that works: what reading it has to repair
	Items       int64   `json:"items"`        // since the beginning
	Today       int     `json:"today"`        // of the last 24 hours
	Usual       *int    `json:"usual"`        // of the same hours before; null: not known yet
	DelayedHalf *string `json:"delayed_p50"`  // from publication to the first sight; null: not known
	DelayedMost *string `json:"delayed_p95"`  //
	Pushed      bool    `json:"pushed"`       // its hub is relied on
	NextVisit   string  `json:"next_visit"`   //
	Interval    string  `json:"interval"`     // between visits
	Catalogue   bool    `json:"in_catalogue"` // else it is seen only by those who follow it
}

func (p *program) sourcesHealth() *cobra.Command {
	var asJSON, troubled bool
	c := p.maintenance(&cobra.Command{
		Use:   "health [NAME…]",
		Short: "Say how each source that is read does: state, last news, error, delay, amount",
		Long: `Say how each source that is read does: its state (ok, new, failing, silent, paused, gone),
the last good visit, the last article, the time from publication to our first sight (half of
the articles of the last week, 95 of 100), the articles of the last 24 hours and as many as
there usually are, and the last error in words. With NAME, those whose name or address has
such words. Addresses may hold keys: the output is for operators. The bot may be running.`,
		Example: `  wirewatch sources health
  wirewatch sources health --troubled
  wirewatch sources health --json | jq -r 'select(.state == "silent") | .name'`,
	}, func(ctx context.Context, cfg configs.Config, args []string) error {
		if err := mustExist(cfg.Store); err != nil {
			return err
		}
		db, err := store.Open(ctx, cfg.Store, store.Options{Shared: true})
		if err != nil {
			return err
		}
		defer db.Close()
		return printHealth(ctx, db, healthFilter{args, troubled}, healthPrinter(p.stdout, asJSON))
	})
	c.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	c.Flags().BoolVar(&troubled, "troubled", false, "only those that fail, are silent or are gone")
	return c
}

// healthFilter is which sources are printed.
type healthFilter struct {
	words    []string
	troubled bool
}

func (f healthFilter) has(r healthRow) bool {
	text := strings.ToLower(r.Name + " " + r.URL)
	for _, w := range f.words {
		if !strings.Contains(text, strings.ToLower(w)) {
			return false
		}
	}
	return !f.troubled || r.State == "failing" || r.State == "silent" || r.State == "gone"
}

// printHealth gives the sources that pass to a printer, by name.
func printHealth(ctx context.Context, db *store.DB, f healthFilter, out rowPrinter[healthRow]) error {
	all, err := db.Sources(ctx, 0)
	if err != nil {
		return err
	}
	silent, err := db.Silences(ctx)
	if err != nil {
		return err
	}
	printed := 0
	for _, s := range all {
		r := healthOf(s, silent[s.ID])
		if !f.has(r) {
			continue
		}
		pulse, err := db.Pulse(ctx, s.ID)
		if err != nil {
			return err
		}
		r.take(pulse)
		printed++
		if err := out.row(r); err != nil {
			return err
		}
	}
	if printed == 0 && len(f.words) > 0 {
		return errors.New("no source that is read is called so; see wirewatch sources health without a name")
	}
	return out.end()
}

// healthOf is what a source's own row says; silent is since when it is silent, zero: it
// is not.
func healthOf(s store.Source, silent time.Time) healthRow {
	r := healthRow{ID: s.ID, Name: cmp.Or(s.Title, s.Site), URL: s.URL, State: "ok", LastOK: stamp(s.LastOK), LastNew: stamp(s.LastNew),
		LastError: s.LastError, Items: s.Items, Pushed: s.PushedUntil.After(time.Now()), NextVisit: stamp(s.NextAt), Interval: s.Interval.String(), Catalogue: s.Shared}
	switch {
	case s.State != store.SourceActive:
		r.State, r.NextVisit = string(s.State), ""
	case s.Fails > 0:
		r.State, r.Since = "failing", r.LastOK
	case !s.Visited:
		r.State = "new"
	case !silent.IsZero():
		r.State, r.Since = "silent", stamp(silent)
	}
	return r
}

func (r *healthRow) take(p store.Pulse) {
	r.Today = p.Today
	if p.Usual >= 0 {
		r.Usual = &p.Usual
	}
	if p.Timed > 0 {
		half, most := p.P50.Round(time.Second).String(), p.P95.Round(time.Second).String()
		r.DelayedHalf, r.DelayedMost = &half, &most
	}
}

// stamp is a time for machines and people; "" is never.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// A rowPrinter prints rows one after the other; end comes after the last.
type rowPrinter[T any] struct {
	row func(T) error
	end func() error
}

func healthPrinter(w io.Writer, asJSON bool) rowPrinter[healthRow] {
	if asJSON {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		return rowPrinter[healthRow]{func(r healthRow) error { return enc.Encode(r) }, func() error { return nil }}
	}
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tab, "STATE\tSINCE\tLAST OK\tLAST NEWS\tDELAY P50\tP95\t24 H\tUSUAL\tNAME\tWHY")
	return rowPrinter[healthRow]{func(r healthRow) error {
		usual, none := "–", "–"
		if r.Usual != nil {
			usual = fmt.Sprint(*r.Usual)
		}
		half, most := &none, &none
		if r.DelayedHalf != nil {
			half, most = r.DelayedHalf, r.DelayedMost
		}
		_, err := fmt.Fprintf(tab, "%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\t%s\n", r.State, cmp.Or(r.Since, none), cmp.Or(r.LastOK, none),
			cmp.Or(r.LastNew, none), *half, *most, r.Today, usual, isolate(r.Name), r.LastError)
		return err
	}, tab.Flush}
}
