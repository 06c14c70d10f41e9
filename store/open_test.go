package store_test

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"wirewatch/store"
	"wirewatch/store/storetest"
)

// mentions counts the rows of all tables in which an id of a chat or a person
// stands, whatever the column is called.
func mentions(t testing.TB, db *store.DB, id int64) (n int64) {
	t.Helper()
	q := `SELECT m.name || '.' || p.name FROM sqlite_master m, pragma_table_info(m.name) p
		WHERE m.type = 'table' AND (p.name IN ('chat_id', 'to_chat', 'user_id', 'owner_id') OR m.name = 'chats' AND p.name = 'id')`
	if db.Engine() == "postgres" {
		q = `SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = current_schema()
			AND (column_name IN ('chat_id', 'to_chat', 'user_id', 'owner_id') OR table_name = 'chats' AND column_name = 'id')`
	}
	columns, err := db.Texts(ctx, q)
	if err != nil || len(columns) < 10 {
		t.Fatalf("columns: %v, %v", columns, err)
	}
	for _, c := range columns {
		table, column, _ := strings.Cut(c, ".")
		rows, err := db.Count(ctx, `SELECT count(*) FROM `+table+` WHERE `+column+` = $1`, id)
		if err != nil {
			t.Fatal(err)
		}
		if rows > 0 {
			t.Logf("%s: %d", c, rows)
		}
		n += rows
	}
	return n
}

func TestPragmas(t *testing.T) {
	db := storetest.Open(t)
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "auto_vacuum": "2", "query_only": "1", "busy_timeout": "10000",
	} {
		got, err := db.Texts(ctx, "PRAGMA "+pragma)
		if err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%s is %v, want %s (%v)", pragma, got, want, err)
		}
	}
}

func TestReopen(t *testing.T) {
	storetest.EachDSN(t, func(t *testing.T, dsn string) {
		db, err := store.Open(ctx, dsn, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		w := world{db, t}
		w.must(db.Put(ctx, "k", "v"))
		w.must(db.Ping(ctx))
		w.must(db.Check(ctx))
		w.must(db.Close())
		w.must(db.Close())
		if from, to, err := store.Migrate(ctx, dsn); err != nil || from != to || from == 0 {
			t.Errorf("migrated from %d to %d, %v", from, to, err)
		}
		db, err = store.Open(ctx, dsn, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if v, err := db.Get(ctx, "k"); v != "v" || err != nil {
			t.Errorf("value %q, %v", v, err)
		}
	})
}

func TestOddFileNames(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "مجلد 100% #1?x=y&z")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "a?b#c%20.db")
	db, err := store.Open(ctx, name, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	info, err := os.Stat(name)
	if err != nil || info.Size() == 0 || info.Mode().Perm() != 0o600 {
		t.Errorf("file is %v, %v", info, err)
	}
	if err := db.Backup(ctx, filepath.Join(dir, "b ?'.db")); err != nil {
		t.Error(err)
	}
}

func TestBadAddresses(t *testing.T) {
	for _, dsn := range []string{"", ":memory:", "mysql://x", t.TempDir(), "/nonexistent/x.db", "postgres://u:secret@127.0.0.1:1/x?connect_timeout=1", "postgres://u:secret@host:port/x"} {
		db, err := store.Open(ctx, dsn, store.Options{})
		if err == nil {
			db.Close()
			t.Errorf("%q was opened", dsn)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: the error tells the password: %v", dsn, err)
		}
	}
}

// TestWrongFiles: what a typing mistake in the option store hits is refused at once, with
// what to do, and left as it was.
func TestWrongFiles(t *testing.T) {
	dir := t.TempDir()
	text, foreign := filepath.Join(dir, "notes.txt"), filepath.Join(dir, "foreign.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("not a database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	other, err := sql.Open("sqlite", foreign)
	if err == nil {
		_, err = other.Exec(`CREATE TABLE books (title TEXT)`)
	}
	if err != nil || other.Close() != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		text: "another file", foreign: `a table "books"`, dir: "option store", filepath.Join(dir, "none", "x.db"): "its folder must be there",
	} {
		before, _ := os.ReadFile(path)
		db, err := store.Open(ctx, path, store.Options{})
		if err == nil {
			db.Close()
			t.Errorf("%s was opened", path)
			continue
		}
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, without %q", path, err, want)
		}
		if store.Unreachable(err) {
			t.Errorf("%s: worth another try: %v", path, err)
		}
		after, _ := os.ReadFile(path)
		if path == text && !bytes.Equal(before, after) {
			t.Errorf("%s was changed", path)
		}
	}
	if other, err = sql.Open("sqlite", foreign); err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	var tables int
	if err := other.QueryRow(`SELECT count(*) FROM sqlite_master WHERE type = 'table'`).Scan(&tables); err != nil || tables != 1 {
		t.Errorf("the other program's file has %d tables, %v", tables, err)
	}
}

// TestHelper is not a test: it is what other tests run in a process of its own.
func TestHelper(t *testing.T) {
	switch os.Getenv("STORE_HELPER") {
	case "lock":
		db, err := store.Open(ctx, os.Getenv("STORE_DSN"), store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		fmt.Println("open")
		bufio.NewReader(os.Stdin).ReadString('\n')
	case "kill":
		killHelper(t)
	default:
		t.Skip("runs inside other tests")
	}
}

func helper(t *testing.T, mode, dsn string, env ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], "-test.run=^TestHelper$", "-test.v")
	cmd.Env = append(append(os.Environ(), "STORE_HELPER="+mode, "STORE_DSN="+dsn), env...)
	return cmd
}

func TestTwoProcesses(t *testing.T) {
	dsn := storetest.SQLite(t)
	cmd := helper(t, "lock", dsn)
	in, _ := cmd.StdinPipe()
	out, _ := cmd.StdoutPipe()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer in.Close()
	for s := bufio.NewScanner(out); s.Scan() && s.Text() != "open"; {
	}
	_, err := store.Open(ctx, dsn, store.Options{})
	if !errors.Is(err, store.ErrLocked) {
		t.Fatalf("second process: %v", err)
	}
	text := err.Error()
	if !strings.Contains(text, dsn) || !strings.Contains(text, fmt.Sprint("process ", cmd.Process.Pid)) || strings.Contains(text, "\n") {
		t.Errorf("the error says %q", text)
	}
	if err := store.Restore(ctx, dsn, dsn); !errors.Is(err, store.ErrLocked) {
		t.Errorf("restore: %v", err)
	}
	if _, _, err := store.Migrate(ctx, dsn); !errors.Is(err, store.ErrLocked) {
		t.Errorf("migrate: %v", err)
	}
	shared, err := store.Open(ctx, dsn, store.Options{Shared: true})
	if err != nil {
		t.Fatalf("shared: %v", err)
	}
	if err := shared.Backup(ctx, dsn+".copy"); err != nil {
		t.Error(err)
	}
	shared.Close()
	cmd.Process.Kill()
	cmd.Wait()
	db, err := store.Open(ctx, dsn, store.Options{})
	if err != nil {
		t.Fatalf("after the first was killed: %v", err)
	}
	db.Close()
}

// Whoever holds the file alone knows that earlier holders are dead.
func TestLeasesAreVoidedAtStart(t *testing.T) {
	dsn := storetest.SQLite(t)
	first, err := store.Open(ctx, dsn, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := owing(t, first, 1)
	src, err := first.Source(ctx, 1)
	w.must(err)
	claimed := w.claim(src.ID)
	p := w.parcel(1)
	w.must(first.Sending(ctx, p, ids(p.Deliveries)))
	if _, ok, err := first.Lead(ctx, "poller", "dead", time.Hour); !ok || err != nil {
		t.Fatal(ok, err)
	}
	w.must(first.Close())
	second, err := store.Open(ctx, dsn, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	w.DB = second
	w.claim(src.ID)
	if d := w.parcel(1).Deliveries[0]; d.State != store.StateUncertain {
		t.Errorf("delivery is %s", d.State)
	}
	if _, ok, _ := second.Lead(ctx, "poller", "new", time.Hour); !ok {
		t.Error("the dead still lead")
	}
	if err := second.Sent(ctx, p, ids(p.Deliveries), 1, 0); !errors.Is(err, store.ErrLeaseLost) {
		t.Errorf("outcome from before: %v", err)
	}
	if _, err := second.Publish(ctx, visit(claimed)); !errors.Is(err, store.ErrLeaseLost) {
		t.Errorf("visit from before: %v", err)
	}
}

// steps is the program's schema with more steps behind it.
func steps(t *testing.T, more ...string) fstest.MapFS {
	t.Helper()
	dir := fstest.MapFS{}
	names, err := fs.Glob(store.Embedded(), "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(store.Embedded(), name)
		if err != nil {
			t.Fatal(err)
		}
		dir[name] = &fstest.MapFile{Data: text}
	}
	for i, q := range more {
		dir[fmt.Sprintf("%03d_more.sql", len(names)+i+1)] = &fstest.MapFile{Data: []byte(q)}
	}
	return dir
}

func TestMigrations(t *testing.T) {
	storetest.EachDSN(t, func(t *testing.T, dsn string) {
		db, err := store.Open(ctx, dsn, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { db.Close() }()
		world{db, t}.must(db.Put(ctx, "k", "v"))
		base := len(steps(t))
		bad := steps(t, `CREATE TABLE a (id {pk}, b {blob})`, `CREATE TABLE half (id {pk}); CREATE TABLE a (id {pk})`)
		from, to, err := db.MigrateAlong(ctx, bad)
		if err == nil || from != base || to != base+1 {
			t.Errorf("from %d to %d, %v", from, to, err)
		}
		if _, err := db.Count(ctx, `SELECT count(*) FROM half`); err == nil {
			t.Error("a failed step left a table")
		}
		good := steps(t, `CREATE TABLE a (id {pk}, b {blob})`, `CREATE TABLE c (id {pk}); INSERT INTO c (id) VALUES (1)`)
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				if _, to, err := db.MigrateAlong(ctx, good); err != nil || to != base+2 {
					t.Errorf("to %d, %v", to, err)
				}
			})
			if db.Engine() == "sqlite" {
				wg.Wait() // each makes a copy of one name
			}
		}
		wg.Wait()
		if n, err := db.Count(ctx, `SELECT count(*) FROM c`); n != 1 || err != nil {
			t.Errorf("the step ran %d times, %v", n, err)
		}
		if db.Engine() == "sqlite" {
			copied, err := store.Open(ctx, fmt.Sprintf("%s.v%d", dsn, base), store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if v, _ := copied.Get(ctx, "k"); v != "v" {
				t.Error("the copy from before the migration is empty")
			}
			copied.Close()
		}
		db.Close()
		if _, err := store.Open(ctx, dsn, store.Options{}); !errors.Is(err, store.ErrNewer) {
			t.Errorf("a newer schema: %v", err)
		}
		if _, _, err := store.Migrate(ctx, dsn); !errors.Is(err, store.ErrNewer) {
			t.Errorf("a newer schema: %v", err)
		}
		if _, err := store.Open(ctx, dsn, store.Options{Shared: true}); !errors.Is(err, store.ErrNewer) {
			t.Errorf("a newer schema, shared: %v", err)
		}
	})
}

// Several processes that start at once on an empty database all find it ready.
func TestStartTogether(t *testing.T) {
	storetest.EachDSN(t, func(t *testing.T, dsn string) {
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				db, err := store.Open(ctx, dsn, store.Options{Shared: true})
				if err != nil {
					t.Error(err)
					return
				}
				defer db.Close()
				if err := db.Put(ctx, "k", "v"); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	})
}

func TestCancelledCall(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		over, cancel := context.WithCancel(ctx)
		cancel()
		if err := db.Put(over, "k", "v"); !errors.Is(err, context.Canceled) {
			t.Errorf("write: %v", err)
		}
		if _, err := db.Chats(over); !errors.Is(err, context.Canceled) {
			t.Errorf("read: %v", err)
		}
		if err := db.Put(ctx, "k", "v"); err != nil {
			t.Errorf("the next call: %v", err)
		}
	})
}
