package main

import (
	"net"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// bare writes to the sockets of a subject without its knowledge: what is left
// of a broadcast when there is nothing but the writes.
type bare struct {
	mu    sync.Mutex
	conns []net.Conn
}

// note remembers connections that the subject took over from net/http. Those
// that have ended are found out by writing to them.
func (b *bare) note(c net.Conn, state http.ConnState) {
	if state != http.StateHijacked {
		return
	}
	b.mu.Lock()
	b.conns = append(b.conns, c)
	b.mu.Unlock()
}

// write writes a message to all connections, in as many parts as there are
// processors.
func (b *bare) write(message []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	var failed atomic.Bool
	var parts sync.WaitGroup
	size := len(b.conns)/runtime.GOMAXPROCS(0) + 1
	for part := range slices.Chunk(b.conns, size) {
		parts.Go(func() {
			for i, c := range part {
				if _, err := c.Write(message); err != nil {
					part[i] = nil
					failed.Store(true)
				}
			}
		})
	}
	parts.Wait()
	if failed.Load() {
		b.conns = slices.DeleteFunc(b.conns, func(c net.Conn) bool { return c == nil })
	}
	return nil
}
