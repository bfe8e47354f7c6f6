//go:build unix

package hub

import "syscall"

// nonblockingWriter writes to sockets without waiting. It belongs to one
// goroutine. The method value writeOnce is made once, so that writes do not
// allocate.
type nonblockingWriter struct {
	b              []byte
	n              int
	err            error
	boundWriteOnce func(fd uintptr) bool
}

// writeNow writes as much of b as the socket takes.
func (w *nonblockingWriter) writeNow(raw syscall.RawConn, b []byte) (int, error) {
	if w.boundWriteOnce == nil {
		w.boundWriteOnce = w.writeOnce
	}
	w.b, w.n, w.err = b, 0, nil
	err := raw.Write(w.boundWriteOnce)
	w.b = nil
	if err != nil {
		return w.n, err
	}
	return w.n, w.err
}

// writeOnce does a single system call. It returns true, so that the runtime
// does not wait for the socket.
func (w *nonblockingWriter) writeOnce(fd uintptr) bool {
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
