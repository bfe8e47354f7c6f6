package limiter

// queue is a list of waiters, linked through themselves so that waiting
// allocates nothing. The zero value is empty. The limiter's lock guards it.
type queue struct{ first, last *waiter }

// waiter is a request in a queue. The limiter
// uses it again once its Acquire returns.
type waiter struct {
	queue      *queue // nil: none
	prev, next *waiter
	granted    chan struct{} // has room for the one slot that a waiter is given
}

// push puts a waiter at the end, and returns it.
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

// remove takes a waiter out of the queue that it is in.
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
