//go:build !unix || solaris || illumos || aix

package store

import (
	"errors"
	"fmt"
	"os"
)

// lockFile takes the lock for the database at path or says ErrLocked. Without
// flock the file's existence is the lock: after a crash it must be removed by hand.
func lockFile(path string) (*fileLock, error) {
	name := path + ".lock"
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("%w (if that process is dead, remove %s)", errLocked(path, holderOf(name)), name)
	}
	if err != nil {
		return nil, fmt.Errorf("lock database: %w", err)
	}
	l := &fileLock{f}
	if err := l.sign(); err != nil {
		return nil, errors.Join(fmt.Errorf("lock database: %w", err), l.Close())
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
	return errors.Join(f.Close(), os.Remove(f.Name()))
}
