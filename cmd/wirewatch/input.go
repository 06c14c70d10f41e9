package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"mime"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"wirewatch/feeds"
	"wirewatch/feeds/fetch"
)

// maxDocument bounds a feed document given as a file, in bytes. JSON lines are
// read one at a time and have no such bound.
const maxDocument = 64 << 20

// input is one thing to read: a file, an address, or "-" for standard input.
type input struct {
	name        string // as it was given
	contentType string // "" unknown
	base        *url.URL
	r           io.ReadCloser
	piped       bool // standard input: may be no lines at all
}

// open prepares name for reading. Addresses are fetched as the watcher would,
// but private ones too: who types an address here may reach it anyway.
func (p *program) open(ctx context.Context, name string) (*input, error) {
	if name == "-" {
		return &input{name: "standard input", r: io.NopCloser(p.stdin), piped: true}, nil
	}
	if strings.HasPrefix(name, "http://") || strings.HasPrefix(name, "https://") {
		return download(ctx, name)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	in := &input{name: filepath.Base(name), r: f}
	if strings.EqualFold(filepath.Ext(name), ".json") {
		in.contentType = mime.TypeByExtension(".json")
	}
	return in, nil
}

// newFetcher reaches what a person at this computer may reach.
func newFetcher() (*fetch.Fetcher, error) {
	return fetch.New(fetch.Options{AllowPrivate: true, Delay: -1})
}

func download(ctx context.Context, address string) (*input, error) {
	f, err := newFetcher()
	if err != nil {
		return nil, err
	}
	resp, err := f.Get(ctx, fetch.Request{URL: address})
	if err != nil {
		return nil, err
	}
	base, err := url.Parse(resp.URL)
	if err != nil {
		return nil, err
	}
	return &input{name: address, contentType: resp.ContentType, base: base, r: io.NopCloser(bytes.NewReader(resp.Body))}, nil
}

// document reads the whole input as a feed.
func (in *input) document() (*feeds.Document, error) {
	return in.parse(in.r)
}

func (in *input) parse(r io.Reader) (*feeds.Document, error) {
	doc, err := io.ReadAll(io.LimitReader(r, maxDocument+1))
	if err != nil {
		return nil, err
	}
	if len(doc) > maxDocument {
		return nil, fmt.Errorf("the document is larger than %d MB", maxDocument>>20)
	}
	return feeds.Parse(doc, in.base, in.contentType)
}

// articles reads the input as JSON lines or as a feed, told by its content.
// Lines stream: their number does not matter to memory.
func (in *input) articles(warn func(string)) iter.Seq2[feeds.Article, error] {
	return func(yield func(feeds.Article, error) bool) {
		r := bufio.NewReaderSize(in.r, 1<<20)
		if in.piped && isBlank(r) { // what feed --json prints of a feed without items
			warn(in.name + ": nothing to read")
			return
		}
		if isLines(r) {
			for a, err := range feeds.ReadArticles(r) {
				if !yield(a, err) {
					return
				}
			}
			return
		}
		doc, err := in.parse(r)
		if err != nil {
			yield(feeds.Article{}, err)
			return
		}
		for _, w := range doc.Warnings {
			warn(in.name + ": " + w)
		}
		for _, a := range doc.Articles {
			if a.Source == "" {
				a.Source = in.name
			}
			if !yield(a, nil) {
				return
			}
		}
	}
}

// isBlank tells whether the whole input is white space.
func isBlank(r *bufio.Reader) bool {
	head, err := r.Peek(r.Size())
	return err == io.EOF && len(bytes.TrimSpace(head)) == 0
}

// isLines tells article lines from a feed document: the first line that is not
// blank is a whole JSON object, and not a JSON Feed.
func isLines(r *bufio.Reader) bool {
	head, _ := r.Peek(r.Size()) // an error means that the input is shorter
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	if len(head) == 0 || head[0] != '{' {
		return false
	}
	line, _, whole := bytes.Cut(head, []byte("\n"))
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(bytes.TrimSpace(line), &keys); err != nil {
		// A line cut by the window is an article too long to look at whole;
		// a JSON Feed printed over several lines is not cut, but ends early.
		return !whole && len(line) >= r.Size()-4 && !bytes.Contains(line, []byte(`"items":`)) && !bytes.Contains(line, []byte("jsonfeed.org/version"))
	}
	_, items := keys["items"]
	_, version := keys["version"]
	return !items && !version
}

// eachArticle reads all inputs one after the other. An input that cannot be
// read is reported by its error and does not keep the others from being read.
func (p *program) eachArticle(ctx context.Context, names []string, f func(feeds.Article) error) error {
	var bad error
	for _, name := range names {
		in, err := p.open(ctx, name)
		if err != nil {
			bad = p.complain(name, err, bad)
			continue
		}
		for a, err := range in.articles(p.warn) {
			if err != nil {
				bad = p.complain(name, err, bad)
				break
			}
			if err := f(a); err != nil {
				in.r.Close()
				return err
			}
		}
		in.r.Close()
	}
	return bad
}

// warn prints a remark about the input.
func (p *program) warn(s string) {
	p.progress.clear()
	fmt.Fprintf(p.stderr, "wirewatch: %s\n", s)
}

// complain prints what is wrong with one input, and remembers the first.
func (p *program) complain(name string, err, first error) error {
	p.warn(fmt.Sprintf("%s: %v", name, unwrapPath(err)))
	if first != nil {
		return first
	}
	return err
}

// unwrapPath drops the "open NAME:" that os puts before what is wrong.
func unwrapPath(err error) error {
	if pe, ok := err.(*os.PathError); ok {
		return pe.Err
	}
	return err
}
