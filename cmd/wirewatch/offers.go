package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"wirewatch/bot"
	"wirewatch/configs"
	"wirewatch/feeds"
	"wirewatch/store"
)

// offerFilter is which part of the starter list a command is about.
type offerFilter struct {
	langs     []string
	countries []string
	kinds     []string
}

func (f *offerFilter) flags(c *cobra.Command) {
	c.Flags().StringSliceVar(&f.langs, "lang", nil, "only of these languages: ar, en …")
	c.Flags().StringSliceVar(&f.countries, "country", nil, "only of these countries: SY, FR …; none: of no one country")
	c.Flags().StringSliceVar(&f.kinds, "kind", nil, "only these: "+strings.Join(feeds.OfferKinds, ", "))
}

func (f *offerFilter) empty() bool { return len(f.langs)+len(f.countries)+len(f.kinds) == 0 }

// of are the offers that pass and whose names have the words. A value that no
// offer has is refused: it is a mistake.
func (f *offerFilter) of(words []string) ([]feeds.Offer, error) {
	all, err := configs.Offers()
	if err != nil {
		return nil, failed(err)
	}
	for _, by := range []struct {
		flag   string
		wanted []string
		value  func(feeds.Offer) string
	}{
		{"--lang", f.langs, func(o feeds.Offer) string { return o.Lang }},
		{"--country", f.countries, func(o feeds.Offer) string { return cmp.Or(o.Country, "none") }},
		{"--kind", f.kinds, func(o feeds.Offer) string { return o.Kind }},
	} {
		if all, err = passing(all, by.flag, by.wanted, by.value); err != nil {
			return nil, err
		}
	}
	if len(words) > 0 {
		all = bot.FindOffers(all, strings.Join(words, " "))
	}
	return all, nil
}

// passing keeps the offers of which value is one of wanted; nil is any.
func passing(all []feeds.Offer, flag string, wanted []string, value func(feeds.Offer) string) ([]feeds.Offer, error) {
	if len(wanted) == 0 {
		return all, nil
	}
	var kept []feeds.Offer
	met := make([]bool, len(wanted))
	for _, o := range all {
		if i := slices.IndexFunc(wanted, func(w string) bool { return strings.EqualFold(w, value(o)) }); i >= 0 {
			kept, met[i] = append(kept, o), true
		}
	}
	if i := slices.Index(met, false); i >= 0 {
		var there []string
		for _, o := range all {
			there = append(there, value(o))
		}
		slices.Sort(there)
		return nil, misused(fmt.Errorf("%s: the starter list has nothing of %q here; there are %s", flag, wanted[i], strings.Join(slices.Compact(there), ", ")))
	}
	return kept, nil
}

// offerLine is an offer as sources list --json prints it.
type offerLine struct {
	URL     string   `json:"url"`
	Site    string   `json:"site"`
	Name    string   `json:"name"` // in its own language
	English string   `json:"english"`
	Lang    string   `json:"lang"`
	Country string   `json:"country"` // "": of no one country
	Kind    string   `json:"kind"`
	Tags    []string `json:"tags"`
}

func (p *program) sourcesList() *cobra.Command {
	var f offerFilter
	var asJSON bool
	c := &cobra.Command{
		Use:   "list [NAME…]",
		Short: "List the sources that wirewatch knows of",
		Long: `List the starter list: agencies, papers, broadcasters, governments and organisations, with
the names that each has in its own language and in English. With NAME, those whose name,
site, country or language has such words. None of them is polled before somebody follows
it in /sources, or an operator takes it (sources add, or the option catalogue).
The addresses were not tried: one that is dead shows up in /sources with its reason.`,
		Example: `  wirewatch sources list --lang ar --kind agency
  wirewatch sources list nato
  wirewatch sources list --country FR --json | jq -r .url`,
		RunE: func(_ *cobra.Command, args []string) error {
			list, err := f.of(args)
			if err != nil {
				return err
			}
			if len(list) == 0 {
				return failed(errors.New("no source of the starter list is called so; write less of its name"))
			}
			return p.printOffers(list, asJSON)
		},
	}
	f.flags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	return c
}

func (p *program) printOffers(list []feeds.Offer, asJSON bool) error {
	enc := json.NewEncoder(p.stdout)
	enc.SetEscapeHTML(false)
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	for _, o := range list {
		if asJSON {
			line := offerLine{o.URL, o.Site, o.Title, o.English, o.Lang, o.Country, o.Kind, o.Tags}
			if err := enc.Encode(line); err != nil {
				return failed(err)
			}
			continue
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", o.Lang, cmp.Or(o.Country, "–"), o.Kind, o.English, o.URL, isolate(o.Title))
	}
	return failed(w.Flush())
}

func (p *program) sourcesAdd() *cobra.Command {
	var f offerFilter
	var everything bool
	c := p.maintenance(&cobra.Command{
		Use:   "add [NAME…]",
		Short: "Take sources of the starter list into the catalogue: they are polled, and every chat's rules see them",
		Long: `Take sources of the starter list into the catalogue: they are polled, and every chat's rules
see them. Which ones is said as with sources list, and nothing is taken unless something
is said. What is in the catalogue already stays as it is. The bot may be running.`,
		Example: `  wirewatch sources add --lang ar --kind agency
  wirewatch sources add sana`,
	}, func(ctx context.Context, cfg configs.Config, args []string) error {
		if f.empty() && len(args) == 0 && !everything {
			return misused(errors.New("say which: --lang, --country, --kind, a name, or --all"))
		}
		list, err := f.of(args)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return errors.New("no source of the starter list is called so; see wirewatch sources list")
		}
		db, err := store.Open(ctx, cfg.Store, store.Options{Shared: true})
		if err != nil {
			return err
		}
		defer db.Close()
		added, err := addOffers(ctx, db, list)
		if err != nil {
			return err
		}
		fmt.Fprintf(p.stdout, "%d added, %d in the catalogue already\n", added, len(list)-added)
		return nil
	})
	f.flags(c)
	c.Flags().BoolVar(&everything, "all", false, "the whole starter list")
	return c
}

// addOffers puts offers into the catalogue and says how many were not in it.
func addOffers(ctx context.Context, db *store.DB, list []feeds.Offer) (added int, err error) {
	if len(list) == 0 {
		return 0, nil
	}
	known, err := db.Sources(ctx, 0)
	if err != nil {
		return 0, fmt.Errorf("list sources: %w", err)
	}
	shared := map[string]bool{}
	for _, s := range known {
		if s.Shared && s.State == store.SourceActive {
			shared[feeds.CanonicalURL(s.URL)] = true
		}
	}
	for _, o := range list {
		if shared[feeds.CanonicalURL(o.URL)] {
			continue
		}
		_, fresh, err := db.AddSource(ctx, o.Source, 0)
		if err != nil {
			return added, fmt.Errorf("%s: %w", o.URL, err)
		}
		if fresh {
			added++
		}
	}
	return added, nil
}
