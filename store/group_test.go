package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"wirewatch/feeds"
	"wirewatch/store"
	"wirewatch/store/storetest"
)

// Many transactions at once, some of which fail: each is written, or not, as if it
// were alone, and learns its own error.
func TestTransactionsThatShareACommit(t *testing.T) {
	db := storetest.Open(t)
	w := world{db, t}
	const many = 200
	var all sync.WaitGroup
	for n := range many {
		all.Go(func() {
			if n%10 == 3 {
				if err := db.RemoveSource(ctx, 1e6, 0); !errors.Is(err, store.ErrNotFound) {
					t.Errorf("removing what is not there: %v", err)
				}
				return
			}
			if _, fresh, err := db.AddSource(ctx, feeds.Source{URL: fmt.Sprintf("https://%d.example", n)}, 0); err != nil || !fresh {
				t.Errorf("source %d: %v, %v", n, fresh, err)
			}
		})
	}
	all.Wait()
	list, err := db.Sources(ctx, 0)
	w.must(err)
	if len(list) != many*9/10 {
		t.Errorf("%d sources, want %d", len(list), many*9/10)
	}
}

// Whoever gives up does so for itself alone.
func TestGivingUpASharedCommit(t *testing.T) {
	db := storetest.Open(t)
	gone, cancel := context.WithCancel(ctx)
	cancel()
	var all sync.WaitGroup
	for n := range 100 {
		all.Go(func() {
			c := ctx
			if n%2 == 0 {
				c = gone
			}
			_, _, err := db.AddSource(c, feeds.Source{URL: fmt.Sprintf("https://%d.example", n)}, 0)
			if c == gone && !errors.Is(err, context.Canceled) || c == ctx && err != nil {
				t.Errorf("source %d: %v", n, err)
			}
		})
	}
	all.Wait()
	if list, err := db.Sources(ctx, 0); err != nil || len(list) != 50 {
		t.Errorf("%d sources, %v; want 50", len(list), err)
	}
}
