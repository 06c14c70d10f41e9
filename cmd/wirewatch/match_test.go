package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"wirewatch/feeds"
	"wirewatch/filter"
)

func TestSnippets(t *testing.T) {
	zones := feeds.Zones{
		Title: "Talks in Geneva", Lead: "The first.",
		Body: "one two three four five six seven eight nine Romania, then\n\nOman ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen",
	}
	for _, c := range []struct {
		hit  filter.Hit
		want string
	}{
		{filter.Hit{Text: "Geneva", Zone: "title"}, "Talks in [Geneva]"},
		{filter.Hit{Text: "Oman", Zone: "body"}, "… four five six seven eight nine Romania, then [Oman] ten eleven twelve thirteen fourteen fifteen sixteen seventeen …"},
		{filter.Hit{Text: "Romania", Zone: "body"}, "… two three four five six seven eight nine [Romania], then Oman ten eleven twelve thirteen fourteen …"},
		{filter.Hit{Text: "one two", Zone: "lead"}, "[one two] three four five six seven eight nine Romania, …"},
		{filter.Hit{Text: "nine Romania, then\n\nOman", Zone: "body"}, "one two three four five six seven eight [nine Romania, then  Oman] ten eleven twelve thirteen fourteen fifteen sixteen seventeen …"},
		{filter.Hit{Text: "ar", Zone: "lang"}, "[ar]"},
		{filter.Hit{Text: "elsewhere", Zone: "body"}, "[elsewhere]"},
	} {
		for _, p := range []painter{{true}, {false}} {
			open, closed := "«", "»"
			if p.colored {
				open, closed = bold, unbold
			}
			want := "\u2068" + strings.NewReplacer("[", open, "]", closed).Replace(c.want) + "\u2069"
			if have := p.snippet(zones, c.hit); have != want {
				t.Errorf("%+v\nhave %q\nwant %q", c.hit, have, want)
			}
		}
	}
}

// What an article contains does nothing to the terminal, nor to the direction of the line.
func TestTextsAreHarmless(t *testing.T) {
	evil := "Oman \x1b[2J\u202e\u2066\ue000 \x07end"
	a := feeds.Article{Title: evil}
	hit := filter.Hit{Text: "Oman \x1b[2J", Zone: "title"}
	for _, s := range []string{
		painter{}.title(a, filter.Evidence{hit}), painter{true}.title(a, nil), painter{}.snippet(feeds.Zones{Title: evil}, hit), isolate(evil),
	} {
		if strings.ContainsAny(s, "\x1b\x07") {
			t.Errorf("%q", s)
		}
	}
	if have := (painter{true}).title(feeds.Article{Title: "Oman and Oman"}, filter.Evidence{{Text: "Oman", Zone: "title"}, {Text: "and", Zone: "body"}}); have != "\u2068"+bold+"Oman"+unbold+" and Oman\u2069" {
		t.Errorf("%q", have)
	}
}

func TestColorsAndProgressAreForTerminals(t *testing.T) {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	p := &program{stdout: null, stderr: null}
	if c, err := p.newPainter(colorAuto); c.colored || err != nil || p.watched(false) != nil {
		t.Error("the null device is taken for a terminal")
	}
	tty, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("no pseudo-terminal:", err)
	}
	defer tty.Close()
	for _, c := range []struct {
		environ []string
		colored bool
	}{{nil, true}, {[]string{"NO_COLOR=1"}, false}, {[]string{"NO_COLOR="}, true}, {[]string{"TERM=dumb"}, false}} {
		p := &program{stdout: tty, stderr: tty, environ: c.environ}
		if have, _ := p.newPainter(colorAuto); have.colored != c.colored {
			t.Errorf("%v: colours %v", c.environ, have.colored)
		}
	}
	if p := (&program{stdout: tty, stderr: tty}); p.watched(false) == nil || p.watched(true) != nil {
		t.Error("progress on the screen to which lines for machines go, or none for people")
	}
	if p := (&program{stdout: null, stderr: tty}); p.watched(true) == nil {
		t.Error("no progress beside redirected lines")
	}
}

func TestProgress(t *testing.T) {
	var out bytes.Buffer
	at := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	p := &progress{w: &out, now: func() time.Time { return at }, began: at}
	for range 30 {
		p.article(1)
		at = at.Add(100 * time.Millisecond)
	}
	p.clear()
	p.clear()
	if have := strings.Count(out.String(), "articles"); have != 7 {
		t.Errorf("written %d times in three seconds: %q", have, &out)
	}
	if !strings.HasPrefix(out.String(), "\r\x1b[K11 articles, 1 matched, 11/s") || !strings.HasSuffix(out.String(), "\r\x1b[K") {
		t.Errorf("%q", &out)
	}
	var none *progress
	none.article(1)
	none.clear()
}

// endless writes article lines and notes now and then how much memory is in use.
type endless struct {
	left  int
	n     int
	line  []byte
	heaps []uint64
}

func (e *endless) Read(b []byte) (int, error) {
	if len(e.line) == 0 {
		if e.left == e.n {
			return 0, io.EOF
		}
		e.n++
		if e.n%(e.left/8) == 0 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			e.heaps = append(e.heaps, m.HeapAlloc)
		}
		e.line = fmt.Appendf(nil, `{"id":"%d","source":"desk","url":"https://desk.example/%d","title":"Talks in Geneva, round %d","summary":"","body":%q,"lang":"en","published":"2026-11-24T08:00:00Z","authors":[],"tags":[],"image":""}`+"\n",
			e.n, e.n, e.n, strings.Repeat(fmt.Sprintf("Nothing new was said in round %d. ", e.n), 40))
	}
	n := copy(b, e.line)
	e.line = e.line[n:]
	return n, nil
}

// lines counts lines.
type lines struct{ n int }

func (l *lines) Write(b []byte) (int, error) {
	l.n += bytes.Count(b, []byte("\n"))
	return len(b), nil
}

// However long the input, the memory is the same: nothing of an article is kept.
func TestMatchStreams(t *testing.T) {
	const articles = 8000 // 12 MB
	in, out := &endless{left: articles}, &lines{}
	p := &program{stdin: in, stdout: out, stderr: io.Discard}
	if code := p.run(t.Context(), []string{"match", "@geneva AND round", "-", "--json"}); code != exitOK || out.n != articles {
		t.Fatalf("exit code %d, %d lines", code, out.n)
	}
	first, last := in.heaps[1], in.heaps[len(in.heaps)-1]
	if last > first+4<<20 {
		t.Errorf("the memory grows from %d to %d kB: %v", first>>10, last>>10, in.heaps)
	}
}

// An article that is longer than what is read is searched as far as it is read, and that is said;
// its title is shown in part.
func TestMatchSaysWhatItDoesNotRead(t *testing.T) {
	var in, out, notes bytes.Buffer
	enc := json.NewEncoder(&in)
	title, body := "Geneva "+strings.Repeat("and ", 500), strings.Repeat("word ", 2_200_000)+"Vienna"
	for _, key := range []string{"id", "body"} { // the keys come in any order
		line, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		if key == "id" {
			fmt.Fprintf(&in, `{"id":"w1","title":%q,"body":%s}`+"\n", title, line)
		} else {
			fmt.Fprintf(&in, `{"body":%s,"id":"w2","title":%q}`+"\n", line, title)
		}
	}
	if err := enc.Encode(map[string]string{"id": "w3", "title": "Vienna"}); err != nil {
		t.Fatal(err)
	}
	p := &program{stdin: &in, stdout: &out, stderr: &notes}
	if code := p.run(t.Context(), []string{"match", "geneva OR vienna", "-"}); code != exitOK {
		t.Fatalf("exit code %d: %s", code, &notes)
	}
	if n := strings.Count(out.String(), "\n"); n != 3 || out.Len() > 1500 || !strings.Contains(out.String(), "a…") {
		t.Errorf("%d lines, %d bytes: %s", n, out.Len(), &out)
	}
	for _, id := range []string{"w1", "w2"} {
		if want := "article " + id + " is too long: its last 9718 kB were not searched"; !strings.Contains(notes.String(), want) {
			t.Errorf("have %s, want %s", &notes, want)
		}
	}
}
