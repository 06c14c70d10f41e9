package store_test

import (
	"errors"
	"os"
	"testing"
	"time"

	"wirewatch/store"
	"wirewatch/store/storetest"
)

func TestReserve(t *testing.T) {
	path := storetest.SQLite(t)
	file := path + ".reserve"
	db, err := store.Open(ctx, path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	w := owing(t, db, 1)
	if info, err := os.Stat(file); err != nil || info.Size() < 1<<20 || info.Mode().Perm() != 0o600 {
		t.Fatalf("reserve: %v, %v", info, err)
	}
	src := w.source("https://a.example/feed", 0)
	v := visit(w.claim(src.ID), item("late"))

	store.Spend(db)
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the reserve is still there: %v", err)
	}
	if _, err := db.Publish(ctx, v); !errors.Is(err, store.ErrFull) {
		t.Errorf("publish: %v", err)
	}
	w.source("https://b.example/feed", 0)
	if due, err := db.ClaimSources(ctx, 5, time.Minute); err != nil || len(due) != 0 {
		t.Errorf("claimed %v, %v with a full disk", due, err)
	}
	if got := w.deliver(1); len(got) != 1 {
		t.Errorf("delivered %v with a full disk", got)
	}

	store.Later(db)
	if due, err := db.ClaimSources(ctx, 5, time.Minute); err != nil || len(due) != 1 {
		t.Errorf("claimed %v, %v when there was room again", due, err)
	}
	if _, err := db.Publish(ctx, v); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
}

// Only who has the file for itself keeps a reserve.
func TestNoReserveForGuests(t *testing.T) {
	path := storetest.SQLite(t)
	db, err := store.Open(ctx, path, store.Options{Shared: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := os.Stat(path + ".reserve"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
	owing(t, db, 1)
}
