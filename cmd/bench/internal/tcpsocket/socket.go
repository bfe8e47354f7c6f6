//go:build linux

package tcpsocket

import (
	"net/netip"
	"os"
	"syscall"
	"unsafe"
)

// bindAddressNoPort is IP_BIND_ADDRESS_NO_PORT of ip(7): bind(2) sets the source
// address alone, and connect(2) chooses the port.
const bindAddressNoPort = 24

// perSource is the number of clients with the same source address. Above it the
// kernel's search for a free port becomes slow.
const perSource = 5000

// Connect connects to a server over IPv4 and waits for the connection. Reads
// of the descriptor do not block.
func Connect(to netip.AddrPort) (fd int, err error) {
	fd, err = syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, os.NewSyscallError("socket", err)
	}
	err = os.NewSyscallError("connect", syscall.Connect(fd, &syscall.SockaddrInet4{Addr: to.Addr().As4(), Port: int(to.Port())}))
	if err == nil {
		err = os.NewSyscallError("set nonblock", syscall.SetNonblock(fd, true))
	}
	if err != nil {
		_ = syscall.Close(fd)
		return -1, err
	}
	return fd, nil
}

// Dial starts to connect client i, counted from 0, to a server on the loopback
// interface. The source address is one of several: a single address has too few
// ports. The descriptor is writable once the connection is made or refused; it
// does not block.
func Dial(i int, server netip.AddrPort) (fd int, err error) {
	fd, err = syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, os.NewSyscallError("socket", err)
	}
	if err := startConnect(fd, i, server); err != nil {
		_ = syscall.Close(fd)
		return -1, err
	}
	return fd, nil
}

func startConnect(fd, i int, server netip.AddrPort) error {
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

// DialError returns the reason for which the kernel could not make a connection
// of [Dial] (SO_ERROR of socket(7)), and nil if it did.
func DialError(fd int) error {
	n, err := syscall.GetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_ERROR)
	if err == nil && n != 0 {
		err = syscall.Errno(n)
	}
	return os.NewSyscallError("connect", err)
}

// Read reads from a descriptor that does not block. It does not tell the
// scheduler, because the only goroutine of the clients has to yield to no other.
// It returns syscall.EAGAIN if there is nothing to read.
func Read(fd int, b []byte) (int, error) {
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

// Reset closes a connection with a reset, which leaves no port in TIME_WAIT.
func Reset(fd int) {
	_ = syscall.SetsockoptLinger(fd, syscall.SOL_SOCKET, syscall.SO_LINGER, &syscall.Linger{Onoff: 1})
	_ = syscall.Close(fd)
}
