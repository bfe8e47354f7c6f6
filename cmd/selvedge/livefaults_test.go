package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
)

// answer gives the next n requests an answer of the proxy's own, as a captive
// portal and a filter do.
func (p *faultProxy) answer(n int, request string, status int, body string) *fault {
	return p.add(n, request, func(f *fault, w http.ResponseWriter, _ func(http.ResponseWriter)) {
		f.arrived <- struct{}{}
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

// swallow opens the connections of the next n requests, and lets nothing of what
// the server sends on them pass.
func (p *faultProxy) swallow(n int, request string) *fault {
	return p.add(n, request, func(f *fault, w http.ResponseWriter, forward func(http.ResponseWriter)) {
		f.arrived <- struct{}{}
		silent := make(chan struct{})
		close(silent)
		forward(&sleepyWriter{w, silent})
	})
}

// sleep drops what is sent on all live connections that are open, without closing
// them, as a network does that forgot them while a device slept.
func (p *faultProxy) sleep() {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.asleep)
	p.asleep = make(chan struct{})
}

// sleepy returns what a request is answered by until the next sleep.
func (p *faultProxy) sleepy(w http.ResponseWriter, r *http.Request) http.ResponseWriter {
	if r.URL.Path != "/live" {
		return w
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return &sleepyWriter{w, p.asleep}
}

// A sleepyWriter drops what is written to a client once asleep is closed, and what
// the client sends on a connection that has become another protocol's.
type sleepyWriter struct {
	http.ResponseWriter
	asleep <-chan struct{}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func (w *sleepyWriter) Write(b []byte) (int, error) {
	if isClosed(w.asleep) {
		return len(b), nil
	}
	return w.ResponseWriter.Write(b)
}

func (w *sleepyWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Hijack implements [http.Hijacker]. The answer to the handshake is written to
// the buffer, and passes.
func (w *sleepyWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	return &sleepyConn{conn, w.asleep}, buffered, nil
}

type sleepyConn struct {
	net.Conn
	asleep <-chan struct{}
}

func (c *sleepyConn) Write(b []byte) (int, error) {
	if isClosed(c.asleep) {
		return len(b), nil
	}
	return c.Conn.Write(b)
}

func (c *sleepyConn) Read(b []byte) (int, error) {
	for {
		n, err := c.Conn.Read(b)
		if err != nil || !isClosed(c.asleep) {
			return n, err
		}
	}
}
