package limiter

// queue is a list of waiters, linked through the waiters so that waiting allocates
// nothing. The zero value is empty. Limiter.mu guards it.
type queue struct{ first, last *waiter }

// waiter is a request in a queue. The limiter reuses it after Acquire has returned.
type waiter struct {
	queue      *queue // nil: none
	prev, next *waiter
	granted    chan struct{} // has room for the one slot of a waiter
}

// push appends a waiter, and returns it.
func (q *queue) push(w *waiter) *waiter {
	w.queue, w.prev, w.next = q, q.last, nil
	if q.last == nil {
		q.first = w
	} else {
		q.last.next = w
	}
	q.last = w
	return w
}

// remove removes a waiter from its queue.
func (q *queue) remove(w *waiter) {
	if w.prev == nil {
		q.first = w.next
	} else {
		w.prev.next = w.next
	}
	if w.next == nil {
		q.last = w.prev
	} else {
		w.next.prev = w.prev
	}
	w.queue, w.prev, w.next = nil, nil, nil
}
