//go:build !unix

package hub

import "syscall"

// nonblockingWriter writes nothing: a goroutine of its own does every write.
type nonblockingWriter struct{}

func (*nonblockingWriter) writeNow(syscall.RawConn, []byte) (int, error) { return 0, nil }
