package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// A fileLock is a lock on a file beside the database that every process holds
// which has it open: exclusive while it opens it alone, and shared from then
// on. The kernel releases it when the process ends.
type fileLock struct{ file *os.File }

const lockSuffix = "-lock"

// lockDatabase locks the database at a path, and reports whether nobody else has
// it open. It waits for a process that is opening it. Where locks are not
// supported, nobody is taken to be alone.
func lockDatabase(ctx context.Context, path string) (lock fileLock, alone bool, err error) {
	file, err := os.OpenFile(path+lockSuffix, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // beside the operator's own file
	if err != nil {
		return fileLock{}, false, fmt.Errorf("unable to open database file: %w", err)
	}
	lock = fileLock{file}
	if lock.tryExclusive() == nil {
		return lock, true, nil
	}
	return lock, false, lock.share(ctx)
}

// share makes the lock one that others can hold too.
func (l fileLock) share(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, busyTimeout)
	defer cancel()
	for {
		err := l.tryShared()
		if err == nil || errors.Is(err, errors.ErrUnsupported) {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// Close releases the lock.
func (l fileLock) Close() error { return l.file.Close() }
