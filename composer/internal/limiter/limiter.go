// Package limiter bounds how many requests are in flight to a source at a time,
// and how many of them may belong to one client.
package limiter

import (
	"container/list"
	"context"
	"net/netip"
	"sync"
)

// Limiter gives out a fixed number of slots. A request that finds none waits,
// first come, first served; the queue has no bound of its own, because each
// request in it has a goroutine and a deadline already. It is safe for
// concurrent use.
//
// A client, which is an address, holds a share of the slots at most. Further
// requests of the client wait beside the queue, so that they are in nobody's
// way, and enter it one by one as the client's slots come back.
type Limiter struct {
	share int

	mu      sync.Mutex
	free    int                       // above 0 only while ready is empty
	ready   list.List                 // of *waiter, which wait for a slot
	held    map[netip.Addr]int        // slots of a client, and its waiters in the ready queue
	blocked map[netip.Addr]*list.List // of *waiter, which wait until their client is below its share
}

// waiter is a request in a queue.
type waiter struct {
	queue   *list.List
	element *list.Element
	granted chan struct{}
}

// New returns a limiter of a number of slots, of which one client may hold a
// share. Both are at least 1.
func New(slots, share int) *Limiter {
	return &Limiter{free: slots, share: share, held: make(map[netip.Addr]int), blocked: make(map[netip.Addr]*list.List)}
}

// Acquire takes a slot for a client; the zero Addr has no share. It reports
// whether the request had to wait. The error is the cause of the context's end,
// and then no slot is taken. Each slot is returned with one Release.
//
// A request must not wait for a slot while it holds another one of the same
// limiter: all slots could be held like this, which is a deadlock.
func (l *Limiter) Acquire(ctx context.Context, addr netip.Addr) (waited bool, err error) {
	l.mu.Lock()
	w := l.enter(addr)
	l.mu.Unlock()
	if w == nil {
		return false, nil
	}
	select {
	case <-w.granted:
		return true, nil
	case <-ctx.Done():
		l.leave(w, addr)
		return true, context.Cause(ctx)
	}
}

// Release returns a slot of a client.
func (l *Limiter) Release(addr netip.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.release(addr)
}

// enter takes a slot, or returns the waiter that will have one.
func (l *Limiter) enter(addr netip.Addr) *waiter {
	if addr.IsValid() {
		if l.held[addr] >= l.share {
			return enqueue(l.blockedOf(addr))
		}
		l.held[addr]++
	}
	if l.free > 0 {
		l.free--
		return nil
	}
	return enqueue(&l.ready)
}

func enqueue(queue *list.List) *waiter {
	w := &waiter{granted: make(chan struct{})}
	w.moveTo(queue)
	return w
}

// moveTo puts a waiter at the end of a queue.
func (w *waiter) moveTo(queue *list.List) {
	w.queue, w.element = queue, queue.PushBack(w)
}

// removeFirst takes the first waiter out of a queue, or returns nil.
func removeFirst(queue *list.List) *waiter {
	front := queue.Front()
	if front == nil {
		return nil
	}
	w := queue.Remove(front).(*waiter)
	w.queue = nil
	return w
}

// blockedOf returns the queue of a client that holds its share.
func (l *Limiter) blockedOf(addr netip.Addr) *list.List {
	blocked := l.blocked[addr]
	if blocked == nil {
		blocked = list.New()
		l.blocked[addr] = blocked
	}
	return blocked
}

func (l *Limiter) release(addr netip.Addr) {
	l.free++
	l.returnShare(addr)
	if w := removeFirst(&l.ready); w != nil {
		l.free--
		close(w.granted)
	}
}

// returnShare lets the next request of a client into the ready queue in place of
// one that has ended.
func (l *Limiter) returnShare(addr netip.Addr) {
	if !addr.IsValid() {
		return
	}
	if blocked := l.blocked[addr]; blocked != nil {
		removeFirst(blocked).moveTo(&l.ready)
		l.trim(addr, blocked)
		return
	}
	if l.held[addr]--; l.held[addr] == 0 {
		delete(l.held, addr)
	}
}

// trim forgets the queue of a client if nothing waits in it.
func (l *Limiter) trim(addr netip.Addr, blocked *list.List) {
	if blocked.Len() == 0 {
		delete(l.blocked, addr)
	}
}

// leave ends the waiting of a request, or returns the slot that it was given
// meanwhile.
func (l *Limiter) leave(w *waiter, addr netip.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch w.queue {
	case nil:
		l.release(addr)
	case &l.ready:
		l.ready.Remove(w.element)
		l.returnShare(addr)
	default:
		w.queue.Remove(w.element)
		l.trim(addr, w.queue)
	}
}
