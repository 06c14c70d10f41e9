package main

import (
	"fmt"
	"io"
	"time"
)

const (
	progressAfter = time.Second            // a run that is over sooner shows none
	progressEvery = 250 * time.Millisecond // and a longer one no more often than this
)

// progress tells a person at a terminal how far a long run is, in one line that is
// written over and over. Nil tells nothing.
type progress struct {
	w     io.Writer
	now   func() time.Time
	began time.Time
	first time.Time // when the first article came: rules may have been read before
	last  time.Time // when the line was written
	shown bool      // it stands there
	seen  int       // articles
}

// watched is the progress of a command: on stderr where that is a terminal, unless lines
// for machines go to the same screen.
func (p *program) watched(machine bool) *progress {
	if !isTerminal(p.stderr) || machine && isTerminal(p.stdout) {
		return nil
	}
	return &progress{w: p.stderr, now: time.Now, began: time.Now()}
}

// article counts one, and writes the line when it is time.
func (p *progress) article(matched int) {
	if p == nil {
		return
	}
	if p.seen == 0 {
		p.first = p.now()
	}
	p.seen++
	if now, due := p.due(); due {
		p.write("%d articles, %d matched, %.0f/s", p.seen, matched, float64(p.seen)/max(now.Sub(p.first), time.Millisecond).Seconds())
	}
}

// rule says how many rules were read.
func (p *progress) rule(read int) {
	if p == nil || read%batchLines != 0 {
		return
	}
	if _, due := p.due(); due {
		p.write("%d rules read", read)
	}
}

// due reports whether it is time to write, and what time it is.
func (p *progress) due() (time.Time, bool) {
	now := p.now()
	return now, now.Sub(p.began) >= progressAfter && now.Sub(p.last) >= progressEvery
}

func (p *progress) write(format string, args ...any) {
	p.last, p.shown = p.now(), true
	fmt.Fprintf(p.w, "\r\x1b[K"+format, args...)
}

// clear takes the line away, so that something else can be written; the next article brings it back.
func (p *progress) clear() {
	if p != nil && p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}
