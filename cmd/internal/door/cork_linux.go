package door

import (
	"net"
	"syscall"
)

// cork holds back what is written to a connection (TCP_CORK of tcp(7)). The
// kernel lets go of it after 200 ms in any case.
type cork struct{ raw syscall.RawConn }

// newCork returns nil for what is no TCP connection.
func newCork(c net.Conn) *cork {
	direct, ok := c.(*net.TCPConn)
	if !ok {
		return nil
	}
	raw, err := direct.SyscallConn()
	if err != nil {
		return nil
	}
	return &cork{raw}
}

// Where the option is refused, all that is written leaves at once.

func (c *cork) in() { _ = c.raw.Control(putIn) }

func (c *cork) out() { _ = c.raw.Control(takeOut) }

func putIn(socket uintptr) {
	_ = syscall.SetsockoptInt(int(socket), syscall.IPPROTO_TCP, syscall.TCP_CORK, 1)
}

func takeOut(socket uintptr) {
	_ = syscall.SetsockoptInt(int(socket), syscall.IPPROTO_TCP, syscall.TCP_CORK, 0)
}
