package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/spf13/cobra"

	"wirewatch/feeds"
	"wirewatch/feeds/watch"
)

func (p *program) feedCommand() *cobra.Command {
	var asJSON, head bool
	c := &cobra.Command{
		Use:   "feed FILE|URL…",
		Short: "Read feeds and print their articles",
		Long: `Read feeds (RSS, RDF, Atom, JSON Feed, sitemaps; "-" is standard input) and print their articles.
An address may be a site's too: its feed is looked for.
With --json an object a line, the form that match reads; with --head the documents themselves instead.`,
		Example: `  wirewatch feed https://news.example/rss
  wirewatch feed --json feed.xml | wirewatch match 'ceasefire' -`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			bad := false
			for _, name := range args {
				if err := p.feed(c, name, asJSON, head); err != nil {
					if !head { // there the error is in the answer
						fmt.Fprintf(p.stderr, "wirewatch: %s: %v\n", name, unwrapPath(err))
					}
					bad = true
				}
			}
			if bad {
				return &exitError{code: exitFail}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	c.Flags().BoolVar(&head, "head", false, `print {"title","url","lang","format","encoding","items","error"} of each document`)
	return c
}

// feed reads one feed and prints it.
func (p *program) feed(c *cobra.Command, name string, asJSON, head bool) error {
	doc, err := p.readFeed(c, name)
	if head {
		p.printHead(doc, err)
		return err
	}
	if err != nil {
		return err
	}
	for _, w := range doc.Warnings {
		fmt.Fprintf(p.stderr, "wirewatch: %s: %s\n", name, w)
	}
	if asJSON {
		return p.printLines(doc.Articles)
	}
	p.printTable(doc.Articles)
	return nil
}

func (p *program) readFeed(c *cobra.Command, name string) (*feeds.Document, error) {
	in, err := p.open(c.Context(), name)
	if err != nil {
		return nil, err
	}
	defer in.r.Close()
	doc, err := in.document()
	if err != nil && in.base != nil { // an address, perhaps of a site
		doc, err = p.discover(c.Context(), name, err)
	}
	if err != nil {
		return nil, err
	}
	for i := range doc.Articles {
		if doc.Articles[i].Source == "" {
			doc.Articles[i].Source = in.name
		}
	}
	return doc, nil
}

// discover reads the feed of a site, and says which it took. wrong is what kept
// the address itself from being read.
func (p *program) discover(ctx context.Context, address string, wrong error) (*feeds.Document, error) {
	var format *feeds.FormatError
	if !errors.As(wrong, &format) {
		return nil, wrong
	}
	f, err := newFetcher()
	if err != nil {
		return nil, err
	}
	src, doc, err := watch.Discover(ctx, f, address)
	if err == nil {
		fmt.Fprintf(p.stderr, "wirewatch: %s: reading its feed %s\n", address, src.URL)
	}
	return doc, err
}

// printHead prints a document's own facts, or why it could not be read.
func (p *program) printHead(doc *feeds.Document, err error) {
	var head struct {
		Title    string `json:"title"`
		URL      string `json:"url"`
		Lang     string `json:"lang"`
		Format   string `json:"format"`
		Encoding string `json:"encoding"`
		Items    int    `json:"items"`
		Error    string `json:"error"`
	}
	if err != nil {
		head.Error = unwrapPath(err).Error()
	} else {
		head.Title, head.URL, head.Lang, head.Format, head.Encoding = doc.Title, doc.Site, doc.Lang, doc.Format, doc.Encoding
		head.Items = len(doc.Articles)
	}
	enc := json.NewEncoder(p.stdout)
	enc.SetEscapeHTML(false)
	enc.Encode(head) // a closed pipe ends the program by itself
}

func (p *program) printLines(articles []feeds.Article) error {
	enc := json.NewEncoder(p.stdout)
	enc.SetEscapeHTML(false)
	for _, a := range articles {
		if err := enc.Encode(a); err != nil {
			return err
		}
	}
	return nil
}

func (p *program) printTable(articles []feeds.Article) {
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	defer w.Flush()
	for _, a := range articles {
		when := "-"
		if !a.Published.IsZero() {
			when = a.Published.Format("2006-01-02 15:04")
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", when, isolate(strings.ReplaceAll(a.Title, "\t", " ")), a.URL)
	}
}

// isolate keeps a title's own direction from rearranging the columns of a terminal, and
// what it contains from doing anything else to it.
func isolate(s string) string {
	return "\u2068" + strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s) + "\u2069"
}
