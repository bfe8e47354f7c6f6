//go:build linux

package main

import (
	"net/netip"
	"os"
	"syscall"
	"unsafe"
)

// bindAddressNoPort is IP_BIND_ADDRESS_NO_PORT of ip(7): a source address is
// bound without a port, which the kernel chooses when it knows where to.
const bindAddressNoPort = 24

// perSource is how many clients share a source address: more make the search
// for a free port slow.
const perSource = 5000

// dial begins to connect client number i to a server on the loopback
// interface, from one of several addresses there.
func dial(i int, server netip.AddrPort) (fd int, err error) {
	fd, err = syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, os.NewSyscallError("socket", err)
	}
	if err := connect(fd, i, server); err != nil {
		_ = syscall.Close(fd)
		return -1, err
	}
	return fd, nil
}

func connect(fd, i int, server netip.AddrPort) error {
	if err := syscall.SetsockoptInt(fd, syscall.IPPROTO_IP, bindAddressNoPort, 1); err != nil {
		return os.NewSyscallError("setsockopt IP_BIND_ADDRESS_NO_PORT", err)
	}
	from := syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, byte(1 + i/perSource)}}
	if err := syscall.Bind(fd, &from); err != nil {
		return os.NewSyscallError("bind", err)
	}
	to := syscall.SockaddrInet4{Addr: server.Addr().As4(), Port: int(server.Port())}
	if err := syscall.Connect(fd, &to); err != nil && err != syscall.EINPROGRESS {
		return os.NewSyscallError("connect", err)
	}
	return nil
}

// read is read(2) of a socket that does not block. The clients are one
// goroutine, which has nobody to make way for in the meantime: the scheduler
// is not told.
func read(fd int, b []byte) (int, error) {
	for {
		n, _, err := syscall.RawSyscall(syscall.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)))
		switch err {
		case 0:
			return int(n), nil
		case syscall.EINTR:
			continue
		}
		return 0, err
	}
}

// reset closes a connection at once, and leaves no port in TIME_WAIT.
func reset(fd int) {
	_ = syscall.SetsockoptLinger(fd, syscall.SOL_SOCKET, syscall.SO_LINGER, &syscall.Linger{Onoff: 1})
	_ = syscall.Close(fd)
}
