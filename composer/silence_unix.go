//go:build unix

package composer

import (
	"net"
	"syscall"
)

// silence returns a function that reports whether nothing has come through a
// socket, not even its end. It takes what has come, if anything: the socket is
// of no use then. It is nil for what has no descriptor.
func silence(socket net.Conn) func() bool {
	described, ok := socket.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := described.SyscallConn()
	if err != nil {
		return nil
	}
	var one [1]byte
	var silent bool
	read := func(descriptor uintptr) bool {
		_, err := syscall.Read(int(descriptor), one[:]) // it never waits
		silent = err == syscall.EAGAIN || err == syscall.EWOULDBLOCK
		return true
	}
	return func() bool {
		silent = false
		return raw.Read(read) == nil && silent
	}
}
