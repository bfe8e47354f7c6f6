//go:build !unix

package hub

import "syscall"

// nonblocking takes nothing: every write is left to a goroutine of its own.
type nonblocking struct{}

func (*nonblocking) write(syscall.RawConn, []byte) (int, error) { return 0, nil }
