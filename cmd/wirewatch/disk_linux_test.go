package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"wirewatch/store"
)

const diskSize = 32 << 20 // bytes of the small disk

// TestDiskFull lets the disk of the database run full while messages are owed:
// fetching stops and says so, what is owed is told, and when there is room again
// everything goes on by itself.
func TestDiskFull(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, fmt.Sprintf("size=%d", diskSize)); err != nil {
		t.Skipf("no small disk can be mounted here: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(disk, syscall.MNT_DETACH) })
	s := newStage(t, 2, filepath.Join(disk, "wirewatch.db"))
	log := filepath.Join(t.TempDir(), "log")
	var err error
	s.log, err = os.Create(log)
	s.must(err)
	defer s.log.Close()
	s.level = "info"
	s.run()
	told := func(n int) {
		s.await(func() bool { return len(s.fake.Sent(s.chats[0].ID)) >= n && len(s.fake.Sent(s.chats[1].ID)) >= n })
	}
	const owed, more = 10, 5 // to each; one a second
	s.bring(owed)
	told(1)
	ballast := filepath.Join(disk, "ballast")
	s.must(fill(ballast))
	s.bringFat(owed+more, 64<<10) // what comes now needs room
	s.awaitLog(log, "disk is full")
	told(owed)
	fetches := s.fetches()
	time.Sleep(3 * time.Second)
	if n := s.fetches() - fetches; n > 0 {
		t.Errorf("%d fetches in 3 s with a full disk", n)
	}
	if n := len(s.fake.Sent(s.chats[0].ID)); n != owed {
		t.Errorf("%d messages, want %d", n, owed)
	}
	s.must(os.Remove(ballast))
	s.awaitLog(log, "room on the disk again")
	told(owed + more)
	s.stop()
	db, err := store.Open(context.Background(), filepath.Join(disk, "wirewatch.db"), store.Options{})
	s.must(err)
	defer db.Close()
	s.must(db.Check(context.Background()))
	for _, c := range s.chats {
		if n := len(s.fake.Sent(c.ID)); n != owed+more {
			t.Errorf("chat %d has %d messages, want each of %d once", c.ID, n, owed+more)
		}
	}
}

// fill takes all the room that is left on a disk.
func fill(file string) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	for size := 64 << 10; size > 0; size /= 2 {
		for err == nil {
			_, err = f.Write(make([]byte, size))
		}
		if !errors.Is(err, syscall.ENOSPC) {
			return err
		}
		err = nil
	}
	return nil
}

// awaitLog waits until the program has logged something.
func (s *stage) awaitLog(file, what string) {
	s.Helper()
	deadline := time.Now().Add(2 * scriptWait)
	for {
		text, err := os.ReadFile(file)
		s.must(err)
		if strings.Contains(string(text), what) {
			return
		}
		if time.Now().After(deadline) {
			s.Fatalf("%q was not logged:\n%s", what, text)
		}
		time.Sleep(50 * time.Millisecond)
	}
}
