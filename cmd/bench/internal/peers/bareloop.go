package peers

import (
	"net"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// A BareLoop writes to the WebSockets of a server behind its back: a broadcast
// with nothing but the writes. The zero value has no connections.
type BareLoop struct {
	mu    sync.Mutex
	conns []net.Conn
}

// Note is the ConnState of an [http.Server]. It remembers the connections that
// the handler takes over; closed ones are forgotten when a write fails.
func (b *BareLoop) Note(c net.Conn, state http.ConnState) {
	if state != http.StateHijacked {
		return
	}
	b.mu.Lock()
	b.conns = append(b.conns, c)
	b.mu.Unlock()
}

// Write writes bytes to all connections, from one goroutine for each processor,
// and returns when all are written.
func (b *BareLoop) Write(message []byte) {
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
}
