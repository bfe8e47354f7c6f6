// Package limiter bounds the requests in flight to a source, and the share of one
// client in them.
package limiter

import (
	"context"
	"net/netip"
	"sync"
)

// Limiter has a fixed number of slots. A request without a free slot waits, first
// come, first served; the queue is unbounded, because each request in it already has a
// goroutine and a deadline. It is safe for concurrent use.
//
// A client, identified by its address, holds at most a share of the slots. Further
// requests of the client wait beside the queue, so that they delay no other client,
// and enter the queue as the client's slots are released.
type Limiter struct {
	slots, share int

	mu      sync.Mutex
	free    int                   // above 0 only while ready is empty
	ready   queue                 // waiting for a slot
	held    map[netip.Addr]int    // slots of a client, and its waiters in ready
	blocked map[netip.Addr]*queue // waiting for the client to fall below its share
	idle    []*waiter             // for reuse, at most one for each slot
}

// New returns a limiter of slots, of which a client may hold at most share. Both are
// at least 1.
func New(slots, share int) *Limiter {
	return &Limiter{slots: slots, free: slots, share: share, held: make(map[netip.Addr]int), blocked: make(map[netip.Addr]*queue)}
}

// Acquire takes a slot for a client; the zero Addr has no share. It reports whether
// the request had to wait. The error is the cause of the context's end, and then no
// slot is taken. Each slot is returned by one Release.
//
// A goroutine that holds a slot must not wait for another slot of the same limiter:
// all slots could be held in this way, which is a deadlock.
func (l *Limiter) Acquire(ctx context.Context, addr netip.Addr) (waited bool, err error) {
	l.mu.Lock()
	w := l.takeOrWait(addr)
	l.mu.Unlock()
	if w == nil {
		return false, nil
	}
	select {
	case <-w.granted:
		l.mu.Lock()
		defer l.mu.Unlock()
	case <-ctx.Done():
		l.mu.Lock()
		defer l.mu.Unlock()
		l.abandon(w, addr)
		err = context.Cause(ctx)
	}
	l.recycle(w)
	return true, err
}

// Release returns a slot of a client.
func (l *Limiter) Release(addr netip.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.release(addr)
}

// takeOrWait takes a slot and returns nil, or returns a waiter that will get a slot.
func (l *Limiter) takeOrWait(addr netip.Addr) *waiter {
	if addr.IsValid() {
		held := l.held[addr]
		if held >= l.share {
			return l.blockedOf(addr).push(l.newWaiter())
		}
		l.held[addr] = held + 1
	}
	if l.free > 0 {
		l.free--
		return nil
	}
	return l.ready.push(l.newWaiter())
}

// newWaiter returns a waiter outside all queues.
func (l *Limiter) newWaiter() *waiter {
	if last := len(l.idle) - 1; last >= 0 {
		w := l.idle[last]
		l.idle = l.idle[:last]
		return w
	}
	return &waiter{granted: make(chan struct{}, 1)}
}

// recycle keeps a waiter for reuse.
func (l *Limiter) recycle(w *waiter) {
	if len(l.idle) < l.slots {
		l.idle = append(l.idle, w)
	}
}

// blockedOf returns the queue of a client that holds its share.
func (l *Limiter) blockedOf(addr netip.Addr) *queue {
	blocked := l.blocked[addr]
	if blocked == nil {
		blocked = new(queue)
		l.blocked[addr] = blocked
	}
	return blocked
}

func (l *Limiter) release(addr netip.Addr) {
	l.free++
	l.returnShare(addr)
	if w := l.ready.first; w != nil {
		l.free--
		l.ready.remove(w)
		w.granted <- struct{}{}
	}
}

// returnShare moves the client's next request into the ready queue, in place of a
// request that has ended.
func (l *Limiter) returnShare(addr netip.Addr) {
	if !addr.IsValid() {
		return
	}
	if blocked := l.blocked[addr]; blocked != nil {
		w := blocked.first
		blocked.remove(w)
		l.ready.push(w)
		l.removeEmpty(addr, blocked)
		return
	}
	if held := l.held[addr]; held > 1 {
		l.held[addr] = held - 1
	} else {
		delete(l.held, addr)
	}
}

// removeEmpty removes the queue of a client if it is empty.
func (l *Limiter) removeEmpty(addr netip.Addr, blocked *queue) {
	if blocked.first == nil {
		delete(l.blocked, addr)
	}
}

// abandon removes a waiting request, or returns the slot that it was granted
// meanwhile.
func (l *Limiter) abandon(w *waiter, addr netip.Addr) {
	switch q := w.queue; q {
	case nil:
		<-w.granted
		l.release(addr)
	case &l.ready:
		q.remove(w)
		l.returnShare(addr)
	default:
		q.remove(w)
		l.removeEmpty(addr, q)
	}
}
