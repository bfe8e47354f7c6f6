package peers

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/coder/websocket"

	"selvedge/cmd/bench/internal/workload"
)

// Naive is a WebSocket server as in the README of its library: the handler
// blocks while the connection lives, and two workers write a message to all
// connections in turn.
type Naive struct {
	renders atomic.Int64

	mu          sync.Mutex
	connections map[*websocket.Conn]struct{}
}

// NewNaive returns a server without connections.
func NewNaive() *Naive {
	return &Naive{connections: make(map[*websocket.Conn]struct{})}
}

// ServeHTTP accepts a WebSocket and returns when the client is gone.
func (n *Naive) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer func() { _ = c.CloseNow() }()
	n.mu.Lock()
	n.connections[c] = struct{}{}
	n.mu.Unlock()
	<-c.CloseRead(r.Context()).Done()
	n.mu.Lock()
	delete(n.connections, c)
	n.mu.Unlock()
}

// Change sends the first view of a change to all connections, and returns when
// all are written.
func (n *Naive) Change(c workload.Change) {
	n.renders.Add(1)
	message := workload.AppendView(nil, workload.SwapAttribute, 0, c.Revision, c.Size)
	n.mu.Lock()
	all := make(chan *websocket.Conn, len(n.connections))
	for c := range n.connections {
		all <- c
	}
	n.mu.Unlock()
	close(all)
	var workers sync.WaitGroup
	for range 2 {
		workers.Go(func() {
			for c := range all {
				_ = c.Write(context.Background(), websocket.MessageText, message)
			}
		})
	}
	workers.Wait()
}

// Renders returns the number of messages since the start.
func (n *Naive) Renders() int64 { return n.renders.Load() }
