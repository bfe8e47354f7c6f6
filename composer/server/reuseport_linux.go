//go:build !mips && !mipsle && !mips64 && !mips64le

package server

import (
	"context"
	"net"
	"syscall"
)

// reusePort is SO_REUSEPORT of socket(7). Package syscall does not name the option on all
// architectures. On MIPS the option has another number.
const reusePort = 15

// siblings opens more sockets at the address of a listener. The kernel spreads new
// connections over all of them. It returns none if the kernel refuses.
//
// The first socket was bound without SO_REUSEPORT, so its bind failed if the address was
// in use. The socket gets the option afterwards, because the kernel compares the options
// of all sockets at each further bind.
func siblings(ctx context.Context, first net.Listener) []net.Listener {
	direct, ok := first.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := direct.SyscallConn()
	if err != nil || allowSiblings("", "", raw) != nil {
		return nil
	}
	var all []net.Listener
	config := net.ListenConfig{Control: allowSiblings}
	for range loops - 1 {
		l, err := config.Listen(ctx, "tcp", first.Addr().String())
		if err != nil {
			for _, l := range all {
				_ = l.Close()
			}
			return nil
		}
		all = append(all, l)
	}
	return all
}

// allowSiblings is for [net.ListenConfig].
func allowSiblings(_, _ string, raw syscall.RawConn) error {
	var set error
	err := raw.Control(func(fd uintptr) {
		set = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, reusePort, 1)
	})
	if err != nil {
		return err
	}
	return set
}
