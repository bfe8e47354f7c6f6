package http1

import (
	"net"
	"net/http"
	"sync"
	"syscall"
)

// watchedSocket is a socket that http.Transport reads from. The transport waits
// in a Read while the connection is idle, and takes data that arrives in the
// moment when it sends a request for the response to that, although it may have
// been sent before. A watchedSocket knows whether anything came before: it reads
// with a lock held.
//
// One goroutine at a time reads from it.
type watchedSocket struct {
	net.Conn
	raw     syscall.RawConn // nil: nothing is known of what has arrived
	silent  func() bool
	receive func(descriptor uintptr) bool // is receiveArrived, made a value once
	buffer  []byte                        // of the Read in progress

	mu       sync.Mutex
	changed  sync.Cond
	waiting  bool // a Read is in progress, and nothing has arrived for it
	closed   bool
	received int // by the last Read
	err      error
}

func newWatchedSocket(socket net.Conn) *watchedSocket {
	s := &watchedSocket{Conn: socket, raw: descriptor(socket), silent: silenceCheck(socket)}
	s.receive, s.changed.L = s.receiveArrived, &s.mu
	return s
}

func (s *watchedSocket) Read(p []byte) (int, error) {
	if s.raw == nil {
		return s.Conn.Read(p)
	}
	s.buffer = p
	if err := s.raw.Read(s.receive); err != nil { // closed, or its deadline has passed
		s.mu.Lock()
		defer s.mu.Unlock()
		s.waiting = false
		return 0, err
	}
	return s.received, s.err
}

// receiveArrived reports whether the Read in progress ends, because something has
// arrived.
func (s *watchedSocket) receiveArrived(descriptor uintptr) (arrived bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.received, arrived, s.err = readArrived(descriptor, s.buffer)
	s.waiting = !arrived
	s.changed.Broadcast()
	return arrived
}

func (s *watchedSocket) Close() error {
	s.mu.Lock()
	s.closed = true
	s.changed.Broadcast()
	s.mu.Unlock()
	return s.Conn.Close()
}

// beforeArrival calls f while nothing has arrived that no Read has returned. If
// there is something, or the socket was closed, it reports false instead. It waits
// for the Read of a connection without a request to begin, before which the
// transport has looked through what it holds already.
func (s *watchedSocket) beforeArrival(f func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.waiting && !s.closed {
		s.changed.Wait()
	}
	if s.closed || !s.silent() {
		return false
	}
	f()
	return true
}

// CloseWrite lets one side of the connection end before the other.
func (s *watchedSocket) CloseWrite() error { return closeWrite(s.Conn) }

func closeWrite(c net.Conn) error {
	half, ok := c.(interface{ CloseWrite() error })
	if !ok {
		return http.ErrNotSupported
	}
	return half.CloseWrite()
}
