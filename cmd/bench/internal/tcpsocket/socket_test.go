//go:build linux

package tcpsocket

import (
	"errors"
	"net"
	"net/netip"
	"syscall"
	"testing"
	"time"
)

// listen returns a listener on the loopback interface and its address.
func listen(t *testing.T) (net.Listener, netip.AddrPort) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l, l.Addr().(*net.TCPAddr).AddrPort()
}

func TestAConnectionIsReadAndReset(t *testing.T) {
	for _, test := range []struct {
		name string
		open func(to netip.AddrPort) (int, error)
		from string
	}{
		{"connected", Connect, "127.0.0.1"},
		{"dialed", func(to netip.AddrPort) (int, error) { return Dial(0, to) }, "127.0.0.1"},
		{"dialed by a later client", func(to netip.AddrPort) (int, error) { return Dial(2*perSource, to) }, "127.0.0.3"},
	} {
		t.Run(test.name, func(t *testing.T) {
			l, address := listen(t)
			fd, err := test.open(address)
			if err != nil {
				t.Fatal(err)
			}
			c, err := l.Accept()
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = c.Close() }()
			if from := c.RemoteAddr().(*net.TCPAddr).IP.String(); from != test.from {
				t.Errorf("the connection is from %s; want %s", from, test.from)
			}
			if err := DialError(fd); err != nil {
				t.Errorf("DialError = %v; want nil", err)
			}
			b := make([]byte, 10)
			if n, err := Read(fd, b); !errors.Is(err, syscall.EAGAIN) {
				t.Errorf("Read of nothing = %d, %v; want %v", n, err, syscall.EAGAIN)
			}
			if _, err := c.Write([]byte("hi")); err != nil {
				t.Fatal(err)
			}
			if n, err := readSome(fd, b); err != nil || string(b[:n]) != "hi" {
				t.Errorf("Read = %q, %v; want %q", b[:n], err, "hi")
			}
			Reset(fd)
			if _, err := c.Read(b); !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("the server reads %v; want %v", err, syscall.ECONNRESET)
			}
		})
	}
}

// readSome reads as soon as there is something.
func readSome(fd int, b []byte) (int, error) {
	for end := time.Now().Add(5 * time.Second); ; {
		if n, err := Read(fd, b); !errors.Is(err, syscall.EAGAIN) || time.Now().After(end) {
			return n, err
		}
	}
}

func TestARefusedConnectionIsAnError(t *testing.T) {
	l, address := listen(t)
	_ = l.Close()
	if fd, err := Connect(address); err == nil {
		Reset(fd)
		t.Error("Connect gave no error")
	}
	fd, err := Dial(0, address)
	if err == nil {
		err = DialError(fd)
		Reset(fd)
	}
	if !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("Dial and DialError = %v; want %v", err, syscall.ECONNREFUSED)
	}
}
