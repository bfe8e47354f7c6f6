// Package limiter bounds how many requests are in flight to a source at a time,
// and how many of them may belong to one client.
package limiter

import (
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
	slots, share int

	mu      sync.Mutex
	free    int                   // above 0 only while ready is empty
	ready   queue                 // waits for a slot
	held    map[netip.Addr]int    // slots of a client, and its waiters in the ready queue
	blocked map[netip.Addr]*queue // waits until its client is below its share
	idle    []*waiter             // as many as there are slots at most, to be used again
}

// New returns a limiter of a number of slots, of which one client may hold a
// share. Both are at least 1.
func New(slots, share int) *Limiter {
	return &Limiter{slots: slots, free: slots, share: share, held: make(map[netip.Addr]int), blocked: make(map[netip.Addr]*queue)}
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
		l.mu.Lock()
		defer l.mu.Unlock()
	case <-ctx.Done():
		l.mu.Lock()
		defer l.mu.Unlock()
		l.leave(w, addr)
		err = context.Cause(ctx)
	}
	l.keep(w)
	return true, err
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
			return l.blockedOf(addr).push(l.newWaiter())
		}
		l.held[addr]++
	}
	if l.free > 0 {
		l.free--
		return nil
	}
	return l.ready.push(l.newWaiter())
}

// newWaiter returns a waiter that is in no queue.
func (l *Limiter) newWaiter() *waiter {
	if last := len(l.idle) - 1; last >= 0 {
		w := l.idle[last]
		l.idle = l.idle[:last]
		return w
	}
	return &waiter{granted: make(chan struct{}, 1)}
}

// keep has a waiter used again.
func (l *Limiter) keep(w *waiter) {
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

// returnShare lets the next request of a client into the ready queue in place of
// one that has ended.
func (l *Limiter) returnShare(addr netip.Addr) {
	if !addr.IsValid() {
		return
	}
	if blocked := l.blocked[addr]; blocked != nil {
		w := blocked.first
		blocked.remove(w)
		l.ready.push(w)
		l.trim(addr, blocked)
		return
	}
	if l.held[addr]--; l.held[addr] == 0 {
		delete(l.held, addr)
	}
}

// trim forgets the queue of a client if nothing waits in it.
func (l *Limiter) trim(addr netip.Addr, blocked *queue) {
	if blocked.first == nil {
		delete(l.blocked, addr)
	}
}

// leave ends the waiting of a request, or returns the slot that it was given
// meanwhile.
func (l *Limiter) leave(w *waiter, addr netip.Addr) {
	switch q := w.queue; q {
	case nil:
		<-w.granted
		l.release(addr)
	case &l.ready:
		q.remove(w)
		l.returnShare(addr)
	default:
		q.remove(w)
		l.trim(addr, q)
	}
}
