package http1

import (
	"net"
	"net/http"
	"sync"
	"syscall"
)

// watchedSocket is a socket of an http.Transport. The transport waits in a Read while
// the connection is idle, and takes bytes that arrive while it sends a request for the
// response, even if the server sent them before. A watchedSocket reads with a lock
// held, and so knows whether bytes arrived before the request.
//
// One goroutine at a time reads from it.
type watchedSocket struct {
	net.Conn
	raw     syscall.RawConn // nil: arrivals are unknown
	silent  func() bool
	receive func(descriptor uintptr) bool // the method value s.receiveArrived; each expression would allocate
	buffer  []byte                        // of the Read in progress

	mu       sync.Mutex
	changed  sync.Cond
	waiting  bool // a Read is in progress without bytes yet
	closed   bool
	received int // bytes of the last Read
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
	if err := s.raw.Read(s.receive); err != nil { // closed, or past its deadline
		s.mu.Lock()
		defer s.mu.Unlock()
		s.waiting = false
		return 0, err
	}
	return s.received, s.err
}

// receiveArrived reports whether the Read in progress ends, because bytes, the end or
// an error have arrived.
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

// beforeArrival calls f if all bytes that have arrived were returned by a Read. If
// there are further bytes, or the socket is closed, it reports false instead. It waits
// until the transport's Read of the idle connection is in progress, because the
// transport uses up its own buffer before.
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

// CloseWrite ends one side of the connection before the other side.
func (s *watchedSocket) CloseWrite() error { return closeWrite(s.Conn) }

func closeWrite(c net.Conn) error {
	half, ok := c.(interface{ CloseWrite() error })
	if !ok {
		return http.ErrNotSupported
	}
	return half.CloseWrite()
}
