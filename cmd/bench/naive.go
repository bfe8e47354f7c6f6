package main

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/coder/websocket"

	"selvedge/cmd/bench/internal/workload"
)

// naive is a server written the way of the library's README: the handler
// blocks while its connection lives, and a message is written by the library
// to one connection after the other, by two workers.
type naive struct {
	rendered atomic.Int64

	mu          sync.Mutex
	connections map[*websocket.Conn]struct{}
}

func newNaive() *naive {
	return &naive{connections: make(map[*websocket.Conn]struct{})}
}

// ServeHTTP keeps a connection until its client is gone.
func (n *naive) ServeHTTP(w http.ResponseWriter, r *http.Request) {
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

func (n *naive) change(c workload.Change) {
	n.rendered.Add(1)
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

func (n *naive) renders() int64 { return n.rendered.Load() }
