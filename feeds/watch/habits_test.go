package watch

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"wirewatch/feeds"
	"wirewatch/store"
)

// Titles about different things.
var topics = []string{
	"Walrus sleeps aboard yacht", "Bakers raise bread prices", "Bridge closed after storm", "Museum buys ancient clock", "Parliament rejects budget",
	"Swimmer breaks national record", "Volcano threatens mountain village", "Schools receive warmer blankets", "Orchestra tours northern islands", "Railway opens second tunnel",
	"Farmers protest against drought", "Astronomers photograph distant comet", "Hospital trains young nurses", "Theatre performs forgotten opera", "Fishermen rescue stranded whale",
	"Library digitises medieval letters", "Glacier retreats further inland", "Chess champion loses title", "Airport extends eastern runway", "Beekeepers report healthy winter",
}

// habitual is a fixture that learns what sites repeat.
func habitual(t *testing.T) *fixture {
	f := setup(t)
	f.o.Lines = f.db
	f.restart()
	f.site.put("/a", "0|start|nothing yet")
	f.source("/a")
	f.rule(store.Rule{Name: "w", Query: "lighthouses"})
	f.round()
	return f
}

// restart is another process on the same store.
func (f *fixture) restart() { f.Watcher = New(f.o) }

// report publishes an article whose text is these lines between others.
func (f *fixture) report(title string, lines ...string) {
	f.t.Helper()
	var b strings.Builder
	words := strings.Fields(title)
	for i := range 6 { // every line another, and none like that of another report
		at := i % len(words)
		fmt.Fprintf(&b, "<p>%s: %s, %d.</p>", strings.Join(words[at:], " "), strings.Join(words[:at+1], " and "), i)
	}
	for _, l := range lines {
		b.WriteString("<p>" + l + "</p>")
	}
	doc := fmt.Sprintf(`<rss version="2.0"><channel><title>Desk</title><item><guid>%s</guid><link>https://desk.example/%x</link><title>%s</title><description>Short.</description>`+
		`<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/"><![CDATA[%s]]></content:encoded></item></channel></rss>`,
		title, hash([]byte(title))[:6], title, b.String())
	f.site.raw("/a", doc)
	f.clock.add(6 * time.Hour)
	if n := f.Round(f.t.Context()); n != 1 {
		f.t.Fatalf("%d visits for %q", n, title)
	}
}

const blurb = "Ilse Brandt is our correspondent and writes about the sea; her book about lighthouses is on sale."

// What a site repeats under reports about different things stops to match, also for
// another process and after a restart; the same words elsewhere match as before.
func TestWhatASiteRepeatsIsLearned(t *testing.T) {
	f := habitual(t)
	for i, title := range topics[:16] {
		f.report(title, blurb)
		if i == 9 {
			f.restart()
		}
	}
	told := f.told()
	if len(told) < 8 || len(told) > 14 {
		t.Errorf("told %d of 16 times: %q", len(told), told)
	}
	f.restart()
	f.report(topics[16], blurb)
	if now := f.told(); len(now) != len(told) {
		t.Errorf("told again after a restart: %q", now)
	}
	f.report(topics[17], "The keepers of the lighthouses went on strike on Monday, the first time in a century.", blurb)
	f.report(topics[18], "The keepers of the lighthouses went back to work on Friday, the ministry said.", "More on this tomorrow.", blurb)
	if now := f.told(); len(now) != len(told)+2 {
		t.Errorf("news was lost: %q, before %q", now, told)
	}
}

// What must never be learned, however often it is repeated.
func TestNewsIsNotLearned(t *testing.T) {
	news := "Two lighthouses collapsed in the storm of January, and a keeper was killed."
	for name, publish := range map[string]func(f *fixture) (reports int){
		"two reports share a paragraph": func(f *fixture) int {
			f.report(topics[0], news)
			f.clock.add(72 * time.Hour)
			f.report(topics[1], news)
			return 2
		},
		"the background of a running story": func(f *fixture) int {
			for i := range 20 {
				f.report(fmt.Sprintf("Storm damage day %d: inquiry continues", i), news)
			}
			return 20
		},
		"the news of one day under every title": func(f *fixture) int {
			for i := range 12 {
				f.report(topics[i], news)
				f.clock.add(-5 * time.Hour)
			}
			return 12
		},
		"a long paragraph": func(f *fixture) int {
			long := news + strings.Repeat(" The inquiry into it has heard forty witnesses so far, among them the builders.", 6)
			for i := range 16 {
				f.report(topics[i], long)
			}
			return 16
		},
		"in the middle of the text": func(f *fixture) int {
			for i := range 16 {
				f.report(topics[i], news, topics[i]+" went on.", topics[i]+" was next.", topics[i]+" came last.", topics[i]+" is over.", topics[i]+" is all.")
			}
			return 16
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := habitual(t)
			want := publish(f)
			if told := f.told(); len(told) != want {
				t.Errorf("told %d of %d: %q", len(told), want, told)
			}
		})
	}
}

// A feed on another host than its articles cannot teach their site's habits.
func TestSiteOf(t *testing.T) {
	at := func(feed string) store.Source { return store.Source{Source: feeds.Source{URL: feed}} }
	for _, c := range []struct{ feed, article, want string }{
		{"https://www.desk.example/rss", "https://desk.example/1", "desk.example"},
		{"https://feeds.desk.example/rss", "https://www.desk.example/1", "feeds.desk.example desk.example"},
		{"https://evil.example/rss", "https://desk.example/1", "evil.example desk.example"},
		{"https://desk.example/rss", "", ""},
	} {
		if got := siteOf(at(c.feed), c.article); got != c.want {
			t.Errorf("%s, %s: %q", c.feed, c.article, got)
		}
	}
}

// What is remembered is bounded.
func TestHabitsAreBounded(t *testing.T) {
	f := habitual(t)
	h := f.habit
	h.mu.Lock()
	for i := range maxOnce + 10 {
		h.saw(siteLine{"s", [16]byte{byte(i), byte(i >> 8), byte(i >> 16)}}, "aaaabbbb", 5)
	}
	for i := range maxPending + 10 {
		h.wait(siteLine{"s", [16]byte{byte(i), byte(i >> 8)}}, store.SiteLine{Site: "s", Line: [16]byte{byte(i), byte(i >> 8)}}, 5)
	}
	if len(h.once) > maxOnce || len(h.pending) > maxPending {
		t.Errorf("%d lines seen once, %d pending", len(h.once), len(h.pending))
	}
	h.mu.Unlock()
	h.flush(t.Context())
	list, err := f.db.SiteLines(t.Context(), "s")
	if err != nil || len(list) != store.MaxSiteLines {
		t.Errorf("%d lines of one site stored, %v", len(list), err)
	}
}
