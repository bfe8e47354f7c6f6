package server

import (
	"context"
	"net"
	"slices"
	"sync"
)

// loops is how many loops accept.
//
// When thousands of clients connect in the same second, an accepting loop waits for
// its turn among their goroutines. New connections wait in the kernel's queue, which
// holds 4,096 on most systems; the kernel drops the first packet of all others, whose
// clients send it again only after one second, then two more.
const loops = 4

// Listen listens on a TCP address. It returns several listeners, each for an accepting
// loop of its own: on Linux each has a socket and thereby a queue, elsewhere they share a
// socket. A second program that listens on the address gets an error, as with net.Listen.
func Listen(ctx context.Context, address string) ([]net.Listener, error) {
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

// sharing is a listener that several loops serve, and each of them closes.
type sharing struct {
	net.Listener
	close func() error
}

// Close closes the listener once, and returns the same error each time.
func (l *sharing) Close() error { return l.close() }
