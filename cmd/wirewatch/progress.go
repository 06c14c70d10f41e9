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
	p.seen++
	now := p.now()
	if now.Sub(p.began) < progressAfter || now.Sub(p.last) < progressEvery {
		return
	}
	p.last, p.shown = now, true
	fmt.Fprintf(p.w, "\r\x1b[K%d articles, %d matched, %.0f/s", p.seen, matched, float64(p.seen)/now.Sub(p.began).Seconds())
}

// clear takes the line away, so that something else can be written; the next article brings it back.
func (p *progress) clear() {
	if p != nil && p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}
