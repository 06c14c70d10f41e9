package fetch

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestHostsAreSpaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHosts(2, time.Second, time.Now)
		start := time.Now()
		var wg sync.WaitGroup
		var mu sync.Mutex
		var starts []time.Duration
		inside, most := 0, 0
		for range 6 {
			wg.Go(func() {
				leave, err := h.enter(t.Context(), "news.example")
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				starts = append(starts, time.Since(start))
				inside++
				most = max(most, inside)
				mu.Unlock()
				time.Sleep(5 * time.Second) // virtual: the request
				mu.Lock()
				inside--
				mu.Unlock()
				leave()
			})
		}
		other, err := h.enter(t.Context(), "other.example")
		if err != nil || time.Since(start) != 0 {
			t.Error("another host had to wait")
		}
		other()
		wg.Wait()
		if most > 2 {
			t.Errorf("%d requests at once", most)
		}
		for i := 1; i < len(starts); i++ {
			if starts[i]-starts[i-1] < time.Second {
				t.Errorf("starts %v are less than a second apart", starts)
			}
		}
	})
}

func TestWaitingForAHostCanBeGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHosts(1, time.Minute, time.Now)
		leave, err := h.enter(t.Context(), "news.example")
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // the first waits for the slot, the second for the pause
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			if _, err := h.enter(ctx, "news.example"); err == nil {
				t.Error("entered while it was not its turn")
			}
			cancel()
			leave()
			leave = func() {}
		}
	})
}

func TestIdleHostsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHosts(2, time.Second, time.Now)
		for i := range 10_000 {
			leave, err := h.enter(t.Context(), fmt.Sprintf("h%d.example", i))
			if err != nil {
				t.Fatal(err)
			}
			leave()
			time.Sleep(10 * time.Millisecond) // virtual
		}
		if len(h.byName) > 2*sweepAt {
			t.Errorf("%d hosts remembered", len(h.byName))
		}
	})
}
