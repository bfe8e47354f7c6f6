//go:build !unix

package http1

import (
	"net"
	"syscall"
)

// silenceCheck returns nil, because this system has no read without waiting.
func silenceCheck(net.Conn) func() bool { return nil }

// descriptor returns nil, because readArrived needs a read without waiting.
func descriptor(net.Conn) syscall.RawConn { return nil }

// readArrived is not called without a descriptor.
func readArrived(uintptr, []byte) (n int, arrived bool, err error) { return 0, true, net.ErrClosed }
