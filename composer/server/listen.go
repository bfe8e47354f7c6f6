package server

import (
	"context"
	"errors"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
)

// loops is how many loops accept.
//
// When thousands of clients connect in the same second, an accepting loop waits for
// its turn among their goroutines. New connections wait in the kernel's queue, which
// holds 4,096 on most systems; the kernel drops the first packet of all others, whose
// clients send it again only after one second, then two more.
const loops = 4

// Listen listens on a TCP address, or on the Unix socket unix:PATH. For TCP it returns several listeners, each for an accepting
// loop of its own: on Linux each has a socket and thereby a queue, elsewhere they share a
// socket. A second program that listens on the address gets an error, as with net.Listen.
func Listen(ctx context.Context, address string) ([]net.Listener, error) {
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		l, err := listenUnix(ctx, path)
		if err != nil {
			return nil, err
		}
		return []net.Listener{l}, nil
	}
	first, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	all := append([]net.Listener{first}, siblings(ctx, first)...)
	if len(all) < loops {
		all = slices.Repeat([]net.Listener{&sharing{first, sync.OnceValue(first.Close)}}, loops)
	}
	for i, l := range all {
		all[i] = listener{l}
	}
	return all, nil
}

// listenUnix listens on a Unix socket. A socket that a killed process has left, to which
// nothing listens, is replaced.
func listenUnix(ctx context.Context, path string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "unix", path)
	if !errors.Is(err, syscall.EADDRINUSE) {
		return l, err
	}
	conn, dialErr := new(net.Dialer).DialContext(ctx, "unix", path)
	if !errors.Is(dialErr, syscall.ECONNREFUSED) {
		if dialErr == nil {
			_ = conn.Close()
		}
		return nil, err
	}
	if err := os.Remove(path); err != nil {
		return nil, err
	}
	return new(net.ListenConfig).Listen(ctx, "unix", path)
}

// sharing is a listener that several loops serve, and each of them closes.
type sharing struct {
	net.Listener
	close func() error
}

// Close closes the listener once, and returns the same error each time.
func (l *sharing) Close() error { return l.close() }
