package watch

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"wirewatch/store"
)

// teasers puts a feed whose items link to pages of the same site: "guid|title|teaser".
func (s *site) teasers(path string, items ...string) {
	s.put(path, items...)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.docs[path] = strings.ReplaceAll(s.docs[path], "https://desk.example"+path+"/", s.URL+"/page/")
}

// page puts the page that an item titled so links to.
func (s *site) page(title, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	filler := strings.Repeat("<p>Officials met in the old town hall, and the clerk of "+title+" wrote down what each of them had to say, at some length.</p>", 5)
	s.docs["/page/"+title] = "<!doctype html><html><head><title>" + title + "</title></head><body><nav><a href=/>Menu</a></nav><article><h1>" +
		title + "</h1>" + filler + "<p>" + text + "</p></article><aside>Aside: walrus</aside></body></html>"
}

// asked counts the requests for paths with a prefix.
func (s *site) asked(prefix string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.seen {
		if strings.HasPrefix(r.URL.Path, prefix) {
			n++
		}
	}
	return n
}

func setupPages(t *testing.T) *fixture {
	f := setup(t)
	f.o.NoPages = false
	f.site.teasers("/a", "1|first|short")
	f.site.page("first", "the walrus was there")
	return f
}

func TestPageIsReadWhereARuleNeedsIt(t *testing.T) {
	f := setupPages(t)
	f.source("/a")
	f.rule(store.Rule{Name: "w", Query: "walrus"})
	f.round()
	if n := f.site.asked("/page/"); n != 0 {
		t.Errorf("a first visit asked for %d pages", n)
	}
	f.site.page("second", "The walrus returned to the harbour on Monday, the mayor said in the evening.")
	f.site.page("third", "Nothing of the kind was seen elsewhere, the mayor said in the evening.")
	f.site.teasers("/a", "4|fourth|missing page of the walrus", "3|third|short", "2|second|short", "1|first|short")
	f.round()
	f.wantTold("second", "fourth") // the last by the feed's own text: its page is missing
	latest, err := f.db.Latest(t.Context(), chatID, 2)
	if err != nil {
		t.Fatal(err)
	}
	a := latest[1].Article
	if !strings.Contains(a.Item.Body, "returned to the harbour") || strings.Contains(a.Item.Body, "Menu") || a.Zones.Lead != "short" {
		t.Errorf("stored %+v, zones %+v", a.Item, a.Zones)
	}
	if read, lost := testutil.ToFloat64(f.o.Metrics.pages.WithLabelValues("read")), testutil.ToFloat64(f.o.Metrics.pages.WithLabelValues("lost")); read != 2 || lost != 1 {
		t.Errorf("counted %v read, %v lost", read, lost)
	}
	before := f.site.asked("/page/")
	f.round()
	if n := f.site.asked("/page/"); n != before {
		t.Error("pages of known articles were asked for again")
	}
}

func TestPageIsNotRead(t *testing.T) {
	long := strings.Repeat("The feed says all of it, sentence by sentence, so that nothing is left for the page to say. ", 8)
	for _, test := range []struct {
		name string
		set  func(f *fixture, src store.Source)
		text string
	}{
		{"nobody asks for words", func(f *fixture, src store.Source) { f.rule(store.Rule{Name: "follow", Query: "*", Source: src.ID}) }, "short"},
		{"another source is asked for words", func(f *fixture, _ store.Source) {
			f.site.put("/b")
			f.rule(store.Rule{Name: "w", Query: "walrus", Source: f.source("/b").ID})
		}, "short"},
		{"switched off", func(f *fixture, _ store.Source) {
			f.o.NoPages = true
			f.rule(store.Rule{Name: "w", Query: "walrus"})
		}, "short"},
		{"the rule was deleted", func(f *fixture, _ store.Source) {
			r := f.rule(store.Rule{Name: "w", Query: "walrus"})
			if err := f.rules.refresh(f.t.Context()); err != nil {
				f.t.Fatal(err)
			}
			if err := f.db.DeleteRule(f.t.Context(), chatID, r.ID); err != nil {
				f.t.Fatal(err)
			}
		}, "short"},
		{"the feed has the whole text", func(f *fixture, _ store.Source) { f.rule(store.Rule{Name: "w", Query: "walrus"}) }, long},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := setupPages(t)
			src := f.source("/a")
			test.set(f, src)
			f.round()
			f.site.page("second", "the walrus was there")
			f.site.teasers("/a", "2|second|"+test.text, "1|first|short")
			f.round()
			if n := f.site.asked("/page/"); n != 0 {
				t.Errorf("%d pages asked for, want none", n)
			}
		})
	}
}

func TestPagesAreBoundedAndHostsRest(t *testing.T) {
	f := setupPages(t)
	f.source("/a")
	f.rule(store.Rule{Name: "w", Query: "walrus"})
	f.round()
	var items []string
	for i := range 2 * maxPages {
		title := fmt.Sprintf("title%d", i)
		f.site.page(title, "the walrus was there")
		items = append(items, fmt.Sprintf("g%d|%s|short", i, title))
	}
	f.site.teasers("/a", items...)
	f.round()
	if n := f.site.asked("/page/"); n != maxPages {
		t.Errorf("%d pages asked for in one visit, want %d", n, maxPages)
	}
	f.wantTold("title7", "title6", "title5", "title4", "title3", "title2", "title1", "title0") // the newest; the feed lists them first

	for i := range 3 {
		f.site.status(fmt.Sprintf("/page/u%d", i), http.StatusForbidden)
	}
	f.site.teasers("/a", "h2|u2|short", "h1|u1|short", "h0|u0|short walrus")
	f.round()
	if n := f.site.asked("/page/u"); n != 1 {
		t.Errorf("%d pages asked of a host that refuses them, want 1", n)
	}
	f.site.page("v", "the walrus was there")
	f.site.teasers("/a", "v|v|short")
	f.round() // two hours later
	if n := f.site.asked("/page/v"); n != 1 {
		t.Error("the host was never asked again")
	}
}

func TestIsTeaser(t *testing.T) {
	for _, test := range []struct {
		summary, body string
		want          bool
	}{
		{"", "", true},
		{"short", "", true},
		{"short", strings.Repeat("word ", 100), false},
		{strings.Repeat("word ", 100), "short", true},
		{strings.Repeat("word ", 100) + "and so […]", "", true},
		{strings.Repeat("word ", 400) + "and so on…", "", false},
		{strings.Repeat("كلمة ", 60), "", true},
		{strings.Repeat("كلمة ", 80), "", false},
	} {
		var a store.Article
		a.Item.URL, a.Item.Summary, a.Item.Body = "https://desk.example/", test.summary, test.body
		if have := isTeaser(a.Item); have != test.want {
			t.Errorf("%.40q, %.40q: %v", test.summary, test.body, have)
		}
		a.Item.URL = ""
		if isTeaser(a.Item) {
			t.Error("an article without an address has no page")
		}
	}
}
