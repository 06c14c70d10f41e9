package watch

import (
	"net/url"
	"sync"

	"wirewatch/store"
)

// A crowd keeps the sources of one host, which may be slow and many, from
// taking every worker: only so many are visited at once, the others queue and
// are visited by the workers that are at that host already.
type crowd struct {
	limit int

	mu    sync.Mutex
	hosts map[string]*queue // only hosts where a worker is
}

// maxWaiting is how many sources queue for one host; when more are due, it is
// most of our work and gets more workers.
const maxWaiting = 1000

type queue struct {
	workers int
	waiting []claimed
}

func newCrowd(limit int) *crowd {
	return &crowd{limit: limit, hosts: map[string]*queue{}}
}

// enter takes a worker to a source's host. It reports false when enough are
// there: then the source is left to them and the worker is free.
func (c *crowd) enter(s claimed) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	name := hostPort(s.source.URL)
	q := c.hosts[name]
	if q == nil {
		q = &queue{}
		c.hosts[name] = q
	}
	if q.workers >= c.limit && len(q.waiting) < maxWaiting {
		q.waiting = append(q.waiting, s)
		return false
	}
	q.workers++
	return true
}

// next gives a worker the next source that waits at the host of the one that
// it has visited; without one, the worker leaves the host.
func (c *crowd) next(visited store.Source) (claimed, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	name := hostPort(visited.URL)
	q := c.hosts[name]
	if len(q.waiting) > 0 {
		first := q.waiting[0]
		q.waiting = q.waiting[1:]
		return first, true
	}
	if q.workers--; q.workers == 0 {
		delete(c.hosts, name)
	}
	return claimed{}, false
}

// hostPort is what the fetcher takes for one host.
func hostPort(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}
