//go:build !unix

package hub

import "syscall"

// nonblockingWriter takes nothing: every write is left to a goroutine of its own.
type nonblockingWriter struct{}

func (*nonblockingWriter) writeNow(syscall.RawConn, []byte) (int, error) { return 0, nil }
