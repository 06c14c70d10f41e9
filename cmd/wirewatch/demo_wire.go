package main

import (
	"bytes"
	"embed"
	"net/http"
	"strings"
	"sync"
	"text/template"
	"time"

	"golang.org/x/text/encoding/charmap"
)

//go:embed demo/*.tmpl
var wireFiles embed.FS

// wireItems is how many items the demo's feeds bring out after their backlog,
// numbered in the order of their appearance.
const wireItems = 7

// The items that the demo's rule must find and the one that repeats the first
// word for word. All others are near misses or about something else.
const (
	wireArabic  = "https://madar.example/politics/8841?utm_source=rss"
	wireCopy    = "https://ufuq.example/wires/2026/geneva-round"
	wireEnglish = "https://northgate.example/world/geneva-talks-close"
	wireFrench  = "https://leman-presse.example/monde/5512"
)

// wireFeeds are the demo's sources: an RSS feed with its text in content:encoded,
// one in windows-1256, a JSON Feed and an Atom feed.
var wireFeeds = []struct{ path, file, contentType, lang string }{
	{"/madar.rss", "madar.rss.tmpl", "application/rss+xml", "ar"},
	{"/ufuq.rss", "ufuq.rss.tmpl", "application/rss+xml", "ar"},
	{"/northgate.json", "northgate.json.tmpl", "application/feed+json", "en"},
	{"/leman.atom", "leman.atom.tmpl", "application/atom+xml", "fr"},
}

// wire serves the demo's feeds over HTTP. At first they hold nothing but
// yesterday's items; [wire.release] brings the news out.
type wire struct {
	feeds *template.Template
	start time.Time

	mu  sync.Mutex
	out []time.Time // when item i came out
}

func newWire(now time.Time) (*wire, error) {
	feeds, err := template.ParseFS(wireFiles, "demo/*.tmpl")
	if err != nil {
		return nil, err
	}
	return &wire{feeds: feeds, start: now}, nil
}

// release brings the next n items out, as published now.
func (w *wire) release(n int, now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for range min(n, wireItems-len(w.out)) {
		w.out = append(w.out, now)
	}
}

// view is what a template sees of the wire at one moment.
type view struct {
	start time.Time
	out   []time.Time
}

// Out tells whether item i came out.
func (v view) Out(i int) bool { return i < len(v.out) }

// When is the time of item i as RSS writes it.
func (v view) When(i int) string { return v.at(i).Format(time.RFC1123Z) }

// RFC3339 is the time of item i as Atom and JSON Feed write it.
func (v view) RFC3339(i int) string { return v.at(i).Format(time.RFC3339) }

// Earlier is a time so many minutes before the demo began.
func (v view) Earlier(minutes int) string { return v.before(minutes).Format(time.RFC1123Z) }

// EarlierRFC3339 is Earlier for Atom and JSON Feed.
func (v view) EarlierRFC3339(minutes int) string { return v.before(minutes).Format(time.RFC3339) }

func (v view) before(minutes int) time.Time {
	return v.start.UTC().Add(-time.Duration(minutes) * time.Minute)
}

func (v view) at(i int) time.Time {
	if v.Out(i) {
		return v.out[i].UTC()
	}
	return v.before(60)
}

func (w *wire) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	for _, f := range wireFeeds {
		if f.path != r.URL.Path {
			continue
		}
		w.mu.Lock()
		v := view{w.start, append([]time.Time(nil), w.out...)}
		w.mu.Unlock()
		var doc bytes.Buffer
		if err := w.feeds.ExecuteTemplate(&doc, f.file, v); err != nil {
			http.Error(rw, err.Error(), http.StatusInternalServerError)
			return
		}
		rw.Header().Set("Content-Type", f.contentType)
		rw.Write(encoded(doc.Bytes()))
		return
	}
	http.NotFound(rw, r)
}

// encoded turns a document into the encoding that its prolog declares.
func encoded(doc []byte) []byte {
	prolog, _, _ := strings.Cut(string(doc[:min(len(doc), 80)]), "?>")
	if !strings.Contains(prolog, "windows-1256") {
		return doc
	}
	out, err := charmap.Windows1256.NewEncoder().Bytes(doc)
	if err != nil { // a character that the encoding lacks: a test reads every feed
		return doc
	}
	return out
}
