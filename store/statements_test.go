package store_test

import (
	"fmt"
	"sync"
	"testing"

	"wirewatch/store"
	"wirewatch/store/storetest"
)

// What is asked again and again is compiled once, gives what it gave before, also
// to many at a time, and lists of every length do not fill the memory.
func TestStatementsAreKept(t *testing.T) {
	db := storetest.Open(t)
	w := owing(t, db, 3)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 40 {
				list := make([][16]byte, 1+i*3)
				known, _, err := db.Known(ctx, 1, append(list, item("a1").GUID))
				if err != nil || !known[item("a1").GUID] || len(known) != 1 {
					t.Errorf("known: %v, %v", known, err)
				}
				if got, err := db.Latest(ctx, 1, 10); err != nil || len(got) != 3 {
					t.Errorf("latest: %d, %v", len(got), err)
				}
			}
		})
	}
	for i := range 20 {
		w.rule(1, fmt.Sprint("query ", i), 0, store.TierOff)
	}
	wg.Wait()
	if kept := store.Kept(db); kept == 0 || kept > store.MaxStatements {
		t.Errorf("%d statements are kept", kept)
	}
	if got := w.deliver(1); len(got) != 3 {
		t.Errorf("delivered %v", got)
	}
}

// The writer waits for the disk again after it did not.
func TestDurable(t *testing.T) {
	db := storetest.Open(t)
	w := owing(t, db, 1)
	if mode := store.Synchronous(db); mode != 2 {
		t.Errorf("synchronous is %d after a visit, want 2: FULL", mode)
	}
	p := w.parcel(1)
	if mode := store.Synchronous(db); mode != 1 {
		t.Errorf("synchronous is %d after a claim, want 1: NORMAL", mode)
	}
	w.must(db.Sending(ctx, p, ids(p.Deliveries)))
	if mode := store.Synchronous(db); mode != 2 {
		t.Errorf("synchronous is %d after an intent, want 2: FULL", mode)
	}
}
