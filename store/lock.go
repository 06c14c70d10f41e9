package store

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// fileLock keeps a second process off a SQLite file. It is a file beside the
// database, <file>.lock, that holds the process id of its owner.
type fileLock struct{ f *os.File }

// errLocked says in one line which file, which process and what to do.
func errLocked(path string, holder int) error {
	who := "another process"
	if holder > 0 {
		who = "process " + strconv.Itoa(holder)
	}
	return fmt.Errorf("%w: %s is held by %s; stop that one first, or use another file", ErrLocked, path, who)
}

// holderOf reads the process id from a lock file; 0 when there is none.
func holderOf(lock string) int {
	b, err := os.ReadFile(lock)
	if err != nil {
		return 0
	}
	pid, _ := strconv.Atoi(strings.TrimSpace(string(b)))
	return pid
}

// sign writes this process's id into the lock file.
func (l *fileLock) sign() error {
	if err := l.f.Truncate(0); err != nil {
		return err
	}
	_, err := l.f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}
