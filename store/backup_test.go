package store_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wirewatch/store"
	"wirewatch/store/storetest"
)

func reopen(t *testing.T, dsn string, o store.Options) world {
	t.Helper()
	db, err := store.Open(ctx, dsn, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return world{db, t}
}

// Back up, go on, lose the file, restore, continue: nothing that the backup knows
// as told is told again, what it owes is told, and what is new since is news.
func TestRestoreAndContinue(t *testing.T) {
	dir := t.TempDir()
	dsn, copied := filepath.Join(dir, "w.db"), filepath.Join(dir, "backup.db")
	w := reopen(t, dsn, store.Options{})
	w.chat(1)
	w.chat(2)
	src := w.source("https://a.example", 0)
	r1, r2 := w.rule(1, "*", 0, store.TierInstant), w.rule(2, "*", 0, store.TierInstant)
	w.publish(src, item("one", r1), item("two", r2))
	w.deliver(1)
	w.must(w.Backup(ctx, copied))
	w.publish(src, item("three", r1))
	w.must(w.Close())

	w.must(store.Restore(ctx, copied, dsn))
	w = reopen(t, dsn, store.Options{})
	w.must(w.Check(ctx))
	if known, _, _ := w.Known(ctx, src.ID, [][16]byte{hash("guid one"), hash("guid three")}); !known[hash("guid one")] || len(known) != 1 {
		t.Errorf("known: %v", known)
	}
	w.publish(src, item("one", r1), item("two", r2), item("three", r1))
	if got := w.deliver(1); len(got) != 1 || got[0] != "three" {
		t.Errorf("chat 1 was told %v", got)
	}
	if got := w.deliver(2); len(got) != 1 || got[0] != "two" {
		t.Errorf("chat 2 was told %v", got)
	}
	w.idle()
	w.must(w.Close())
	old := reopen(t, dsn+".before-restore", store.Options{})
	if known, _, _ := old.Known(ctx, src.ID, [][16]byte{hash("guid three")}); len(known) != 1 {
		t.Error("the old file was not kept whole")
	}
}

// A backup from before the outage does not know what was told since.
func TestRestoreOldBackup(t *testing.T) {
	dir := t.TempDir()
	dsn, copied := filepath.Join(dir, "w.db"), filepath.Join(dir, "backup.db")
	yesterday := func() time.Time { return time.Now().Add(-24 * time.Hour) }
	w := reopen(t, dsn, store.Options{Now: yesterday})
	w.chat(1)
	src := w.source("https://a.example", 0)
	r, daily := w.rule(1, "*", 0, store.TierInstant), w.rule(1, "d", 0, store.TierDigest)
	w.publish(src, item("one", r), item("two", daily))
	w.must(w.Backup(ctx, copied))
	w.must(w.Close())
	for range 2 {
		w.must(store.Restore(ctx, copied, dsn))
	}
	if _, err := os.Stat(dsn + ".before-restore.2"); err != nil {
		t.Error(err)
	}
	w = reopen(t, dsn, store.Options{})
	w.idle()
	s := w.claim(src.ID)
	if s.Visited || s.ETag != "" {
		t.Errorf("the next visit is not a first one: %+v", s)
	}
	if list := w.latest(1); len(list) != 0 {
		t.Errorf("owed: %v", titles(list))
	}
}

func TestBackupRefuses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		name := filepath.Join(t.TempDir(), "b.db")
		err := db.Backup(ctx, name)
		if db.Engine() == "postgres" {
			if err == nil || !strings.Contains(err.Error(), "pg_dump") {
				t.Errorf("error: %v", err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Backup(ctx, name); err == nil || !strings.Contains(err.Error(), "exists") {
			t.Errorf("over a file that is there: %v", err)
		}
		if err := db.Backup(ctx, filepath.Join(t.TempDir(), "no", "b.db")); err == nil {
			t.Error("into a folder that is not there")
		}
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("copy is %v, %v", info, err)
		}
	})
}

func TestRestoreRefuses(t *testing.T) {
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	w := reopen(t, file("w.db"), store.Options{})
	w.must(w.Put(ctx, "k", string(bytes.Repeat([]byte("v"), 100_000))))
	w.must(w.Backup(ctx, file("good.db")))
	good, err := os.ReadFile(file("good.db"))
	w.must(err)
	newer := reopen(t, file("newer.db"), store.Options{})
	w.must(newer.Exec(ctx, `UPDATE schema_version SET version = 999`))
	w.must(newer.Close())
	w.must(os.WriteFile(file("text.db"), []byte("not a database, but long enough to be read as one by somebody"), 0o600))
	w.must(os.WriteFile(file("empty.db"), nil, 0o600))
	damaged := bytes.Clone(good)
	copy(damaged[8192:], bytes.Repeat([]byte{0xA5}, 8192))
	w.must(os.WriteFile(file("damaged.db"), damaged, 0o600))

	if err := store.Restore(ctx, file("good.db"), file("w.db")); !errors.Is(err, store.ErrLocked) {
		t.Errorf("over an open database: %v", err)
	}
	w.must(w.Close())
	for _, name := range []string{"text.db", "empty.db", "damaged.db", "newer.db", "missing.db"} {
		err := store.Restore(ctx, file(name), file("w.db"))
		if err == nil || (name == "newer.db") != errors.Is(err, store.ErrNewer) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := store.Restore(ctx, file("good.db"), "postgres://x/y"); err == nil || !strings.Contains(err.Error(), "pg_restore") {
		t.Errorf("into PostgreSQL: %v", err)
	}
	left, err := filepath.Glob(file("*restor*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if v, err := reopen(t, file("w.db"), store.Options{}).Get(ctx, "k"); err != nil || len(v) != 100_000 {
		t.Errorf("the database was touched: %d bytes, %v", len(v), err)
	}
}

func TestCheckFindsDamage(t *testing.T) {
	dsn := storetest.SQLite(t)
	w := reopen(t, dsn, store.Options{})
	w.must(w.Put(ctx, "k", string(bytes.Repeat([]byte("v"), 100_000))))
	w.must(w.Close())
	b, err := os.ReadFile(dsn)
	w.must(err)
	copy(b[len(b)/2:], bytes.Repeat([]byte{0xA5}, 4096*3))
	w.must(os.WriteFile(dsn, b, 0o600))
	db, err := store.Open(ctx, dsn, store.Options{})
	if err != nil {
		return // also good
	}
	defer db.Close()
	if err := db.Check(ctx); err == nil {
		t.Error("the damage was not found")
	}
}
