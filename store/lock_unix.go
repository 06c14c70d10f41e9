//go:build unix && !solaris && !illumos && !aix

package store

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// lockFile takes the lock for the database at path or says ErrLocked. The kernel
// frees it when the process dies in whatever way, so the file itself stays: to
// remove it would let two processes lock two files of one name.
func lockFile(path string) (*fileLock, error) {
	name := path + ".lock"
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock database: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errLocked(path, holderOf(name))
		}
		return nil, fmt.Errorf("lock %s: %w", name, err)
	}
	l := &fileLock{f}
	if err := l.sign(); err != nil {
		f.Close()
		return nil, fmt.Errorf("lock database: %w", err)
	}
	return l, nil
}

// Close gives the lock back.
func (l *fileLock) Close() error {
	if l.f == nil {
		return nil
	}
	f := l.f
	l.f = nil
	return errors.Join(f.Truncate(0), f.Close())
}
