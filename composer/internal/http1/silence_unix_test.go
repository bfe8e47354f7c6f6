//go:build unix

package http1

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"syscall"
	"testing"
	"time"
)

// awaitNoise waits until something has come through a socket, and leaves it
// there.
func awaitNoise(t *testing.T, socket net.Conn) {
	t.Helper()
	raw, err := socket.(syscall.Conn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	err = raw.Read(func(descriptor uintptr) bool {
		_, _, err := syscall.Recvfrom(int(descriptor), make([]byte, 1), syscall.MSG_PEEK)
		return !errors.Is(err, syscall.EAGAIN)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnIdleConnectionIsDroppedIf(t *testing.T) {
	const hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
	tests := []struct {
		name string
		idle func(c net.Conn) // what the server does with it
	}{
		{"the server closes it", func(c net.Conn) { _ = c.Close() }},
		{"it answers what nobody asked", func(c net.Conn) { _, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil") }},
		{"it says that it waited too long", func(c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n")
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, dials := testClient(t)
			requests, idle := make(chan int, 3), make(chan struct{})
			url := rawServer(t, func(n int, socket net.Conn, in *bufio.Reader) {
				for {
					if _, err := http.ReadRequest(in); err != nil {
						return
					}
					requests <- n
					_, _ = io.WriteString(socket, hello)
					if n == 0 {
						<-idle
						test.idle(socket)
					}
				}
			})
			if got, err := body(c, getting(t.Context(), t, url)); got != "hello" || err != nil {
				t.Fatalf("the first GET = %q, %v", got, err)
			}
			for _, kept := range c.pool.byServer {
				close(idle)
				awaitNoise(t, kept[0].socket)
			}
			if got, err := body(c, getting(t.Context(), t, url)); got != "hello" || err != nil {
				t.Errorf("the second GET = %q, %v; want hello", got, err)
			}
			if dials.Load() != 2 || len(requests) != 2 {
				t.Errorf("two requests make %d connections and are sent %d times; want 2 and 2", dials.Load(), len(requests))
			}
		})
	}
}

func TestAServerThatAnswersBeforeTheRequestIsNotAsked(t *testing.T) {
	discardLog(t)
	for _, with := range connectionKeepers {
		t.Run(with.name+" "+with.method, func(t *testing.T) {
			asked := make(chan error, 1)
			url := rawServer(t, func(_ int, socket net.Conn, in *bufio.Reader) {
				_, _ = io.WriteString(socket, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
				_, err := http.ReadRequest(in)
				asked <- err
			})
			c := New(func(ctx context.Context, network, address string) (net.Conn, error) {
				socket, err := new(net.Dialer).DialContext(ctx, network, address)
				if err == nil {
					awaitNoise(t, socket)
				}
				return socket, err
			}, time.Minute, 4)
			k := &connectionKeeper{through: with.open(c), method: with.method, url: url}
			if got, err := k.send(t.Context(), "x"); !errors.Is(err, errUnasked) {
				t.Errorf("answer = %q, %v; want %v", got, err, errUnasked)
			}
			if err := <-asked; err == nil {
				t.Error("the server is asked")
			}
		})
	}
}
