//go:build unix && !solaris && !aix

package sqlite

import "syscall"

func (l fileLock) tryExclusive() error { return l.flock(syscall.LOCK_EX) }

func (l fileLock) tryShared() error { return l.flock(syscall.LOCK_SH) }

// flock does not wait.
func (l fileLock) flock(how int) error {
	for {
		err := syscall.Flock(int(l.file.Fd()), how|syscall.LOCK_NB)
		if err != syscall.EINTR { //nolint:errorlint // an errno as it came
			return err
		}
	}
}
