//go:build !unix || solaris || aix

package sqlite

import "errors"

func (fileLock) tryExclusive() error { return errors.ErrUnsupported }

func (fileLock) tryShared() error { return errors.ErrUnsupported }
