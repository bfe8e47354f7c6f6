//go:build unix

package hub

import "syscall"

// nonblocking writes to sockets without waiting. It is of one goroutine, and
// bound once, so that a write allocates nothing.
type nonblocking struct {
	b     []byte
	n     int
	err   error
	bound func(fd uintptr) bool
}

// write writes as much of b as the socket takes.
func (w *nonblocking) write(raw syscall.RawConn, b []byte) (int, error) {
	if w.bound == nil {
		w.bound = w.attempt
	}
	w.b, w.n, w.err = b, 0, nil
	err := raw.Write(w.bound)
	w.b = nil
	if err != nil {
		return w.n, err
	}
	return w.n, w.err
}

// attempt is one system call; it says that there is nothing to wait for.
func (w *nonblocking) attempt(fd uintptr) bool {
	for {
		n, err := syscall.Write(int(fd), w.b)
		switch err {
		case nil:
			w.n = n
		case syscall.EINTR:
			continue
		case syscall.EAGAIN:
		default:
			w.err = err
		}
		return true
	}
}
