package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"

	"wirewatch/filter"
)

// maxRuleLine bounds a line of a rules file, in bytes.
const maxRuleLine = 1 << 20

// ruleBatch is some lines of a rules file, parsed by one core while others parse the next.
type ruleBatch struct {
	first   int // number of the first line
	lines   []string
	ids     []string
	queries []*filter.Query
	err     error         // of the first line that is wrong
	done    chan struct{} // closed when they are parsed
}

const batchLines = 256

// loadRules reads a rules file; a rule's number in the set is its place in ids.
func (m *matcher) loadRules(ctx context.Context, path string) (*filter.Set, []string, error) {
	f, err := m.openRules(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	workers := runtime.GOMAXPROCS(0)
	ordered, work := make(chan *ruleBatch, 4*workers), make(chan *ruleBatch, 4*workers)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(ordered)
		defer close(work)
		return splitRules(ctx, f, ordered, work)
	})
	for range workers {
		g.Go(func() error {
			for b := range work {
				m.parseRules(b)
			}
			return nil
		})
	}
	set := filter.NewSet()
	var ids []string
	g.Go(func() error {
		for b := range ordered {
			<-b.done
			for i, q := range b.queries {
				set.Add(int64(len(ids)), q)
				ids = append(ids, b.ids[i])
				m.progress.rule(len(ids))
			}
			if b.err != nil {
				return b.err
			}
		}
		return nil
	})
	if err := g.Wait(); err != nil {
		return nil, nil, fmt.Errorf("%s %w", path, err)
	}
	set.Compact()
	m.progress.clear()
	if len(ids) == 0 {
		m.warn(path + ": there are no rules in it")
	}
	return set, ids, nil
}

// openRules opens a rules file; "-" is standard input.
func (m *matcher) openRules(path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(m.stdin), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, fmt.Errorf("rules: %s is a directory", path)
	}
	return f, nil
}

// splitRules sends the lines of r in batches, to be parsed and then in their order: who waits
// for a batch must know that it will be parsed.
func splitRules(ctx context.Context, r io.Reader, ordered, work chan<- *ruleBatch) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), maxRuleLine)
	more, n := true, 1
	for more {
		b := &ruleBatch{first: n, done: make(chan struct{})}
		for len(b.lines) < batchLines {
			if more = lines.Scan(); !more {
				break
			}
			b.lines = append(b.lines, lines.Text())
			n++
		}
		for _, c := range []chan<- *ruleBatch{work, ordered} {
			select {
			case c <- b:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("line %d: %w", n, err)
	}
	return nil
}

// parseRules reads the lines of a batch up to the first that is wrong.
func (m *matcher) parseRules(b *ruleBatch) {
	defer close(b.done)
	for i, line := range b.lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		id, q, err := m.readRule(line)
		if err != nil {
			b.err = fmt.Errorf("line %d: %w", b.first+i, err)
			return
		}
		b.ids, b.queries = append(b.ids, id), append(b.queries, q)
	}
}

// readRule reads one line {"id":…,"query":…}.
func (m *matcher) readRule(line string) (string, *filter.Query, error) {
	var rule struct {
		ID    string `json:"id"`
		Query string `json:"query"`
	}
	d := json.NewDecoder(strings.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&rule); err != nil {
		return "", nil, fmt.Errorf(`%s; a line {"id":"…","query":"…"} is wanted`, ruleReason(err))
	}
	if _, err := d.Token(); err != io.EOF {
		return "", nil, errors.New("one object a line is wanted")
	}
	if rule.ID == "" {
		return "", nil, errors.New(`the rule has no "id"`)
	}
	q, err := filter.Parse(rule.Query, m.names)
	if err != nil {
		return "", nil, fmt.Errorf("rule %s: %w", rule.ID, queryError(err))
	}
	return rule.ID, q, nil
}

// ruleReason says in words of a rules file what is wrong with the JSON of a line.
func ruleReason(err error) string {
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrong) && wrong.Field == "":
		return fmt.Sprintf("a rule is a JSON object; this is of kind %s", wrong.Value)
	case errors.As(err, &wrong):
		return fmt.Sprintf("%q must be a string; this is of kind %s", wrong.Field, wrong.Value)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "the JSON ends in the middle"
	}
	if key, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return fmt.Sprintf("there is no key %s in a rule", key)
	}
	return err.Error()
}
