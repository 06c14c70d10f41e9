package watch

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// asPress makes the test binary the press instead: a process of its own, so that
// what serving costs is in no figure.
const asPress = "WIREWATCH_TEST_PRESS"

func TestMain(m *testing.M) {
	if os.Getenv(asPress) != "" {
		if err := servePress(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// An edition is what all feeds of the press show at a time, and how they answer.
type edition struct {
	News        int  // items that every feed has published since the beginning
	Days        int  // of publishing besides, each feed at a rate of its own
	Conditional bool // "not modified" is said; else every answer is whole and has no validators
	Hanging     bool // host 0 accepts requests and never answers
}

// press is a server of feeds in another process. Feed n is at url(n); every host
// is an address of its own, as all of 127.0.0.0/8 is this machine.
type press struct {
	testing.TB
	port    int
	sources int
	cmd     *exec.Cmd
	wanted  edition
}

// The press's hosts.
const (
	sourcesPerHost = 3  // on average
	crowdedHost    = 50 // sources of host 0, at most a tenth of all
)

func newPress(t testing.TB, sources int) *press {
	if os.Getenv(asPress) != "" {
		t.Fatal("a press starts no press")
	}
	p := &press{TB: t, sources: sources, cmd: exec.Command(os.Args[0], "-test.run=^$")} // no test, should TestMain ever change
	p.cmd.Env = append(os.Environ(), asPress+"=1", "GOMAXPROCS=1")
	p.cmd.Stderr = os.Stderr
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // it does not outlive a test that is killed
	out, err := p.cmd.StdoutPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.cmd.Process.Kill(); p.cmd.Wait() })
	if _, err := fmt.Fscan(bufio.NewReader(out), &p.port); err != nil {
		t.Fatalf("the press did not start: %v", err)
	}
	return p
}

// host is that of feed n: the first few feeds share host 0.
func (p *press) host(n int) int {
	if n < p.crowded() {
		return 0
	}
	return 1 + rand.New(rand.NewPCG(uint64(n), 1)).IntN(max(1, p.sources/sourcesPerHost))
}

// crowded is how many feeds host 0 has.
func (p *press) crowded() int { return min(crowdedHost, p.sources/10) }

func (p *press) url(n int) string {
	h := p.host(n)
	return fmt.Sprintf("http://127.%d.%d.%d:%d/%d", 1+h>>16, h>>8&0xff, h&0xff, p.port, n)
}

// print changes the edition.
func (p *press) print(change func(*edition)) {
	p.Helper()
	change(&p.wanted)
	body, err := json.Marshal(p.wanted)
	if err != nil {
		p.Fatal(err)
	}
	resp, err := http.Post(fmt.Sprintf("http://127.0.0.1:%d/print", p.port), "application/json", strings.NewReader(string(body)))
	if err != nil {
		p.Fatal(err)
	}
	resp.Body.Close()
}

// servePress is the press's process: it prints its port and serves until it is
// killed.
func servePress() error {
	listener, err := net.Listen("tcp4", "0.0.0.0:0") // all of 127.0.0.0/8; others are refused below
	if err != nil {
		return err
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	h := &printer{slabs: newSlabs()}
	h.shown.Store(&edition{})
	return http.Serve(listener, h)
}

// printer makes documents. Those of a feed are always the same for an edition.
type printer struct {
	shown atomic.Pointer[edition]
	slabs []string // endless text, by language
}

func (h *printer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	local, _, _ := net.SplitHostPort(r.RemoteAddr)
	if !strings.HasPrefix(local, "127.") {
		http.Error(w, "not for you", http.StatusForbidden)
		return
	}
	if r.URL.Path == "/print" {
		e := &edition{}
		if err := json.NewDecoder(r.Body).Decode(e); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		h.shown.Store(e)
		return
	}
	e := h.shown.Load()
	if e.Hanging && strings.HasPrefix(r.Host, "127.1.0.0:") {
		<-r.Context().Done()
		return
	}
	var n int
	fmt.Sscanf(r.URL.Path, "/%d", &n)
	f := newFeed(n)
	last := f.items + e.News + int(float64(e.Days)*f.rate)
	w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
	if e.Conditional {
		tag := fmt.Sprintf(`"%d-%d"`, n, last)
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	fmt.Fprint(w, h.document(f, last))
}

// pressFeed is the nature of one feed.
type pressFeed struct {
	n, items int
	size     int     // bytes of its documents, about
	rate     float64 // items a day
	whole    bool    // it has the text of its articles, not only teasers
	lang     int
	dice     *rand.Rand
}

// newFeed draws a feed: 10 to 60 kB, log-normal around 25; from an item in a week
// to hundreds a day, log-normal around 8.
func newFeed(n int) pressFeed {
	dice := rand.New(rand.NewPCG(uint64(n), 2))
	return pressFeed{
		n: n, items: 10 + dice.IntN(25), dice: dice,
		size:  min(max(int(25e3*math.Exp(0.5*dice.NormFloat64())), 10e3), 60e3),
		rate:  min(8*math.Exp(1.5*dice.NormFloat64()), 400),
		whole: dice.IntN(5) < 2,
		lang:  dice.IntN(len(pressWords)),
	}
}

// document is a feed's with its newest item last.
func (h *printer) document(f pressFeed, last int) string {
	var b strings.Builder
	b.Grow(f.size * 5 / 4)
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Desk %[1]d</title><link>https://desk%[1]d.example/</link><language>%[2]s</language>`,
		f.n, pressLanguages[f.lang])
	const frame = 450 // bytes of an item without its text
	length := max(200, f.size/f.items-frame)
	for i := last; i > last-f.items; i-- {
		dice := rand.New(rand.NewPCG(uint64(f.n), uint64(i)))
		fmt.Fprintf(&b, `<item><title>%[3]s %[1]d.%[2]d</title><link>https://desk%[1]d.example/news/%[2]d?utm_source=rss</link><guid isPermaLink="false">desk-%[1]d-%[2]d</guid><dc:creator>Desk %[1]d</dc:creator><pubDate>%[4]s</pubDate><category>%[5]s</category>`,
			f.n, i, h.text(f.lang, dice, 70), pressEpoch.Add(time.Duration(i)*17*time.Minute).Format(time.RFC1123Z), h.text(f.lang, dice, 12))
		if f.whole {
			fmt.Fprintf(&b, `<description>%s</description><content:encoded><![CDATA[`, h.text(f.lang, dice, 180))
			for left := length - 180; left > 0; left -= 500 {
				fmt.Fprintf(&b, "<p>%s</p>\n", h.text(f.lang, dice, min(left, 490)))
			}
			b.WriteString(`]]></content:encoded></item>`)
			continue
		}
		fmt.Fprintf(&b, `<description><![CDATA[<p>%s</p>]]></description></item>`, h.text(f.lang, dice, length))
	}
	b.WriteString(`</channel></rss>`)
	return b.String()
}

var pressEpoch = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// text is some whole words, about so many bytes.
func (h *printer) text(lang int, dice *rand.Rand, length int) string {
	slab := h.slabs[lang]
	from := dice.IntN(len(slab) - length - 64)
	from += strings.IndexByte(slab[from:], ' ') + 1
	end := from + length
	return slab[from : end+strings.IndexByte(slab[end:], ' ')]
}

var pressLanguages = []string{"en", "ar", "ru"}

// What the press writes about.
var pressWords = []string{
	"the of to and in a minister talks government said harbour market election report border law city court energy police company agreement president meeting security ship rain price workers school hospital bank bridge road river army council vote reform budget tax farmers airport train",
	"في من على إلى أن وزير محادثات حكومة قال ميناء سوق انتخابات تقرير حدود قانون مدينة محكمة طاقة شرطة شركة اتفاق رئيس اجتماع أمن سفينة مطر أسعار عمال مدرسة مستشفى مصرف جسر طريق نهر جيش مجلس تصويت إصلاح ميزانية ضريبة مزارعون مطار قطار",
	"в на и с по что министр переговоры правительство сообщил порт рынок выборы отчёт граница закон город суд энергия полиция компания соглашение президент встреча безопасность судно дождь цены рабочие школа больница банк мост дорога река армия совет голосование реформа бюджет налог фермеры аэропорт поезд",
}

// vocabulary is a language's words, the commonest first: those of the list, and
// each of them grown together with another.
func vocabulary(list string) []string {
	simple := strings.Fields(list)
	words := slices.Clone(simple)
	for i := range simple {
		for j, w := range simple {
			words = append(words, simple[(i+j)%len(simple)]+w)
		}
	}
	return words
}

// newSlabs writes a text in each language: few words often, most seldom.
func newSlabs() []string {
	const size = 1 << 19
	var slabs []string
	for lang, list := range pressWords {
		words := vocabulary(list)
		dice := rand.New(rand.NewPCG(uint64(lang), 3))
		var b strings.Builder
		for b.Len() < size {
			b.WriteString(words[int(float64(len(words))*math.Pow(dice.Float64(), 4))])
			if dice.IntN(12) == 0 {
				b.WriteByte('.')
			}
			b.WriteByte(' ')
		}
		slabs = append(slabs, b.String())
	}
	return slabs
}
