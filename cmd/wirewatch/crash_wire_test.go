package main

import (
	"bufio"
	"bytes"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"wirewatch/bot/telegram/telegramtest"
)

// number is how an article of the test is known in any text.
var number = regexp.MustCompile(`No\. (\d{6})`)

// numbers are those of the articles that a text tells of, each once.
func numbers(text string) (list []int) {
	seen := map[int]bool{}
	for _, m := range number.FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(m[1])
		if !seen[n] {
			seen[n] = true
			list = append(list, n)
		}
	}
	return list
}

// desk is a feed server that publishes numbered articles.
type desk struct {
	dice *dice

	mu    sync.Mutex
	items []dispatch
	owes  map[int64]int // by chat, how many
}

// dispatch is one article.
type dispatch struct {
	feeds [2]int // that carry it; mostly twice the same
	to    []*reader
	text  string // an <item>
}

// publish brings out one article for some readers.
func (d *desk) publish(to []*reader) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.owes == nil {
		d.owes = map[int64]int{}
	}
	n := len(d.items)
	var words []string
	for _, r := range to {
		words = append(words, r.word)
		d.owes[r.ID]++
	}
	feed := d.dice.n(crashFeeds)
	item := dispatch{feeds: [2]int{feed, feed}, to: append([]*reader(nil), to...)}
	if d.dice.chance(.1) {
		item.feeds[1] = d.dice.n(crashFeeds) // the same article in another feed: still one story
	}
	var story []string
	for i := range 16 {
		story = append(story, babble(n*16+i+1000))
	}
	item.text = fmt.Sprintf("<item><guid>%d</guid><title>No. %06d: %s</title><link>https://desk.example/%d</link><pubDate>%s</pubDate><description>%s. %s.</description></item>\n",
		n, n, html.EscapeString("The <b> & the "+story[0]), n, time.Now().UTC().Format(time.RFC1123Z), strings.Join(story, " "), strings.Join(words, " "))
	d.items = append(d.items, item)
}

// babble is a word that means nothing, another for each n.
func babble(n int) string {
	var b strings.Builder
	for {
		b.WriteByte("bdfgklmnprtvz"[n%13])
		n /= 13
		b.WriteByte("aiou"[n%4])
		n /= 4
		if n == 0 {
			return b.String()
		}
	}
}

// owed is how many articles a reader must get.
func (d *desk) owed(r *reader) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.owes[r.ID]
}

// ServeHTTP serves feed /N, sometimes badly.
func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	const window = 400 // articles that a feed shows
	feed, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/"))
	var doc bytes.Buffer
	fmt.Fprintf(&doc, `<rss version="2.0"><channel><title>Desk %d</title><link>https://desk.example/</link>`, feed)
	shown := 0
	d.mu.Lock()
	for i := len(d.items) - 1; i >= 0 && shown < window; i-- {
		if it := d.items[i]; it.feeds[0] == feed || it.feeds[1] == feed {
			doc.WriteString(it.text)
			shown++
		}
	}
	d.mu.Unlock()
	doc.WriteString(`</channel></rss>`)
	switch {
	case d.dice.chance(.02):
		http.Error(w, "the printer is on fire", http.StatusInternalServerError)
	case d.dice.chance(.02): // breaks off in the middle
		w.Header().Set("Content-Length", strconv.Itoa(doc.Len()))
		w.Write(doc.Bytes()[:doc.Len()/2])
	default:
		time.Sleep(d.dice.millis(60))
		w.Write(doc.Bytes())
	}
}

// The moments of a request at which a process may be killed.
const (
	atArrival = iota // Telegram has it, nobody else knows
	atAnswer         // the message stands in the chat, the answer is on its way
	atEnd            // the answer has left
)

// tap stands between the program and Telegram: it knows which process made
// which request, takes its time, and keeps a journal.
type tap struct {
	fake   http.Handler
	dice   *dice
	faults atomic.Bool // there are any

	mu      sync.Mutex
	journal []*shipment
	read    map[int64]map[int]bool // by chat, what was told with an answer
	lost    map[tale]int           // answers that were lost although the message stands
	doubted map[tale]bool          // had a request whose outcome could not be known
	refused int                    // answers 429 that were injected
	process int                    // whose death is awaited; 0: nobody's
	moment  int                    // when
	come    chan struct{}          // closed then
}

// tale is an article told to a chat.
type tale struct {
	chat   int64
	number int
}

// shipment is one request that told of articles.
type shipment struct {
	process      int
	tales        []tale
	began, ended time.Time
}

func newTap(fake http.Handler, d *dice) *tap {
	t := &tap{fake: fake, dice: d, read: map[int64]map[int]bool{}, lost: map[tale]int{}, doubted: map[tale]bool{}}
	t.faults.Store(true)
	return t
}

// told is how many articles a chat was told with an answer.
func (t *tap) told(chat int64) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.read[chat])
}

// await is closed at a moment of the next message of a process.
func (t *tap) await(process, moment int) <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.process, t.moment, t.come = process, moment, make(chan struct{})
	return t.come
}

// reach says that a moment has come.
func (t *tap) reach(s *shipment, moment int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.process == s.process && t.moment == moment {
		close(t.come)
		t.process = 0
	}
}

// ServeHTTP passes /PROCESS/bot…/method on.
func (t *tap) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	process, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	r.URL.Path = "/" + rest
	if !strings.HasSuffix(rest, "/sendMessage") {
		t.fake.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the process died while it spoke
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	form, _ := url.ParseQuery(string(body))
	chat, _ := strconv.ParseInt(form.Get("chat_id"), 10, 64)
	s := &shipment{began: time.Now()}
	s.process, _ = strconv.Atoi(process)
	s.tales = tales(chat, form.Get("text"))
	if len(s.tales) == 0 {
		t.fake.ServeHTTP(w, r)
		return
	}
	t.mu.Lock()
	t.journal = append(t.journal, s)
	t.mu.Unlock()
	t.reach(s, atArrival)
	time.Sleep(t.dice.millis(40))
	out := &answered{ResponseWriter: w}
	t.fake.ServeHTTP(out, r)
	t.reach(s, atAnswer)
	time.Sleep(t.dice.millis(40)) // a short answer leaves only when we return
	t.end(s, out.status == http.StatusOK)
	t.reach(s, atEnd)
}

// end completes a journal's entry.
func (t *tap) end(s *shipment, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s.ended = time.Now()
	for _, x := range s.tales {
		if t.read[x.chat] == nil {
			t.read[x.chat] = map[int]bool{}
		}
		if ok {
			t.read[x.chat][x.number] = true
		}
	}
}

func tales(chat int64, text string) (list []tale) {
	for _, n := range numbers(text) {
		list = append(list, tale{chat, n})
	}
	return list
}

// answered notes the status of an answer.
type answered struct {
	http.ResponseWriter
	status int
}

func (a *answered) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

func (a *answered) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	return a.ResponseWriter.Write(b)
}

// Hijack lets the fake cut the connection.
func (a *answered) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return a.ResponseWriter.(http.Hijacker).Hijack()
}

// inject lets things go wrong with messages about articles, as often as they
// hardly ever do. A message whose outcome could not be known is spared a second
// time: after two the courier gives up, as it says it does.
func (t *tap) inject(fake *telegramtest.Server) {
	for _, f := range []struct {
		kind           telegramtest.FaultKind
		often          float64
		doubtful, lost bool // the outcome cannot be known; the message stands nevertheless
	}{
		{telegramtest.BadGateway, .02, false, false},
		{telegramtest.TooMany, .01, false, false},
		{telegramtest.Delay, .01, false, false},
		{telegramtest.Reset, .01, true, false},
		{telegramtest.DropAnswer, .01, true, true},
		{telegramtest.ResetAfter, .01, true, true},
		{telegramtest.GatewayAfter, .01, false, true},
		{telegramtest.SilentlyHangs, .001, true, true},
	} {
		fake.Fault(telegramtest.Fault{Kind: f.kind, Method: "sendMessage", Times: -1, RetryAfter: 1, Delay: 1200 * time.Millisecond,
			When: func(r telegramtest.Request) bool {
				list := tales(r.Chat, r.Params["text"])
				return t.faults.Load() && len(list) > 0 && t.dice.chance(f.often) && t.spoil(list, f.kind, f.doubtful, f.lost)
			}})
	}
}

// spoil notes that a request is about to go wrong; false: it must not.
func (t *tap) spoil(list []tale, kind telegramtest.FaultKind, doubtful, lost bool) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, x := range list {
		if doubtful && t.doubted[x] {
			return false
		}
	}
	for _, x := range list {
		if doubtful {
			t.doubted[x] = true
		}
		if lost {
			t.lost[x]++
		}
	}
	if kind == telegramtest.TooMany {
		t.refused++
	}
	return true
}
