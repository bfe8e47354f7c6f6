package hub

import (
	"context"
	"errors"
	"time"
)

// Close ends the hub:
//  1. New connections are refused.
//  2. Open connections are closed with code 1012, in batches spread over most
//     of the time that ctx has left.
//  3. Close waits for the connections and for all goroutines of the hub.
//
// When ctx is done, Close drops the remaining connections and returns the error
// of ctx.
func (h *Hub) Close(ctx context.Context) error {
	h.mu.Lock()
	if h.closing {
		h.mu.Unlock()
		return errClosed
	}
	h.closing = true
	h.mu.Unlock()

	h.closeConnections(ctx)
	err := h.awaitEmpty(ctx)
	h.cancel()
	h.goroutines.Wait()
	return err
}

// errClosed is returned by the second call of Close.
var errClosed = errors.New("hub: closed already")

// closeBatches is the number of batches in which connections are closed.
const closeBatches = 20

// closeConnections asks all clients to connect again, to the process that takes
// over.
func (h *Hub) closeConnections(ctx context.Context) {
	connections := h.allConnections()
	var pause time.Duration
	if deadline, ok := ctx.Deadline(); ok {
		pause = time.Until(deadline) * 3 / 4 / closeBatches
	}
	size := (len(connections) + closeBatches - 1) / closeBatches
	for i, c := range connections {
		if i > 0 && i%size == 0 {
			select {
			case <-time.After(pause):
			case <-ctx.Done():
			}
		}
		c.closeWith(hubRestarting.code, hubRestarting.reason)
	}
}

// awaitEmpty waits until the last connection has left, and closes the hub.
func (h *Hub) awaitEmpty(ctx context.Context) error {
	h.mu.Lock()
	h.closeWhenEmpty()
	h.mu.Unlock()
	select {
	case <-h.allLeft:
		return nil
	case <-ctx.Done():
	}
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	for _, c := range h.allConnections() {
		c.conn.closeNow()
	}
	return ctx.Err()
}

// closeWhenEmpty closes a closing hub when the last connection has left. The
// caller holds Hub.mu.
func (h *Hub) closeWhenEmpty() {
	if h.closing && !h.closed && h.joinedCount == 0 {
		h.closed = true
		close(h.allLeft)
	}
}

// allConnections returns all connections that have joined.
func (h *Hub) allConnections() []*connection {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []*connection
	for _, slot := range h.timerWheel {
		for c := range slot {
			all = append(all, c)
		}
	}
	return all
}
