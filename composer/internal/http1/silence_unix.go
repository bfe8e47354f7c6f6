//go:build unix

package http1

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
)

// silenceCheck returns a function that reports whether no bytes and no end have
// arrived on a socket. The function discards bytes that have arrived, so the socket is
// then unusable. It may run during a Read. It is nil for a socket without a
// descriptor.
func silenceCheck(socket net.Conn) func() bool {
	raw := descriptor(socket)
	if raw == nil {
		return nil
	}
	var one [1]byte
	var arrived bool
	read := func(descriptor uintptr) { _, arrived, _ = readArrived(descriptor, one[:]) }
	return func() bool {
		arrived = false
		return raw.Control(read) == nil && !arrived
	}
}

// descriptor returns the descriptor of a socket, or nil without one.
func descriptor(socket net.Conn) syscall.RawConn {
	described, ok := socket.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := described.SyscallConn()
	if err != nil {
		return nil
	}
	return raw
}

// readArrived reads the bytes that have arrived on a socket, and never waits. arrived
// reports whether there were bytes, the end, or an error.
func readArrived(descriptor uintptr, p []byte) (n int, arrived bool, err error) {
	for {
		n, err = syscall.Read(int(descriptor), p)
		switch {
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EAGAIN), errors.Is(err, syscall.EWOULDBLOCK):
			return 0, false, nil
		case err != nil:
			return 0, true, os.NewSyscallError("read", err)
		case n == 0:
			return 0, true, io.EOF
		default:
			return n, true, nil
		}
	}
}
