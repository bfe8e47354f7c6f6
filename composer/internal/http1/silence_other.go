//go:build !unix

package http1

import (
	"net"
	"syscall"
)

// silenceCheck returns a function that reports whether nothing has come through a
// socket. It is nil: there is no read here that does not wait.
func silenceCheck(net.Conn) func() bool { return nil }

// descriptor returns nil, because readArrived needs a read that does not wait.
func descriptor(net.Conn) syscall.RawConn { return nil }

// readArrived is not called without a descriptor.
func readArrived(uintptr, []byte) (n int, arrived bool, err error) { return 0, true, net.ErrClosed }
