package hub

import (
	"bufio"
	"bytes"
	"net"
	"net/http"
	"syscall"
	"time"

	"github.com/coder/websocket"
)

// A socket is the network connection below a WebSocket. The library reads
// from it and writes control frames; the hub writes prepared frames. They
// take turns, by the turn of the connection.
type socket struct {
	net.Conn
	connection *connection
	ws         *websocket.Conn
	raw        syscall.RawConn // nil: not a socket that can be written to without waiting
	earlyInput []byte          // read before the WebSocket began
	openRecord openRecord
}

// Buffers of a WebSocket. The library writes control frames only, which fit
// into the buffer (RFC 6455 §5.5), so that each reaches the socket whole, in
// one call.
const (
	readBufferSize  = 128
	writeBufferSize = 128
)

// sendBufferSize is the size of the kernel's buffer. With it a client that has
// stopped reading holds up to 213 KB, its own buffers included; with 64 KiB,
// 268 KB. With 32 KiB and less, large messages wait for delayed
// acknowledgments of 44 ms where a packet is 64 KB, as on the loopback
// interface.
const sendBufferSize = 36 << 10

// closeTimeout is how long the hub waits for the client's part of a close.
const closeTimeout = 5 * time.Second

var _ conn = (*socket)(nil)

// Read is for the library.
func (s *socket) Read(b []byte) (int, error) {
	if len(s.earlyInput) > 0 {
		n := copy(b, s.earlyInput)
		s.earlyInput = s.earlyInput[n:]
		return n, nil
	}
	return s.Conn.Read(b)
}

// Write is for the library: a whole control frame. After the hub's close
// frame nothing may follow (RFC 6455 §5.5.1).
func (s *socket) Write(b []byte) (int, error) {
	s.connection.writeMu.Lock()
	defer s.connection.releaseWriteMu()
	if s.connection.writeClosed {
		return len(b), nil
	}
	if b[0] == frameClose {
		s.connection.writeClosed = true
	}
	return s.writeAll(b)
}

func (s *socket) tryWrite(w *worker, b []byte) (int, error) {
	if s.raw == nil {
		return 0, nil
	}
	return w.socketWriter.writeNow(s.raw, b)
}

func (s *socket) writeAll(b []byte) (int, error) {
	if err := s.SetWriteDeadline(time.Now().Add(s.connection.hub.options.Stall)); err != nil {
		return 0, err
	}
	n, err := s.Conn.Write(b)
	if err == nil {
		err = s.SetWriteDeadline(time.Time{})
	}
	return n, err
}

// closeWrite gives the client some time to answer the close frame; the reader
// sees it, or the end of that time.
func (s *socket) closeWrite() { _ = s.SetReadDeadline(time.Now().Add(closeTimeout)) }

// closeNow leaves the library's part to the reader, which it wakes. It does not
// wait to say goodbye over TLS.
func (s *socket) closeNow() { _ = s.belowTLS().Close() }

// belowTLS returns the connection below TLS.
func (s *socket) belowTLS() net.Conn {
	if wrapped, ok := s.Conn.(interface{ NetConn() net.Conn }); ok {
		return wrapped.NetConn()
	}
	return s.Conn
}

// A hijacker gives the library a socket in place of the server's connection.
type hijacker struct {
	http.ResponseWriter
	socket *socket
}

// WriteHeader keeps the answer to an accepted handshake, so that it is written
// together with what the page is behind with: when all pages come back at
// once, every write counts.
func (h hijacker) WriteHeader(status int) {
	if status != http.StatusSwitchingProtocols {
		h.ResponseWriter.WriteHeader(status)
		return
	}
	b := bytes.NewBuffer(make([]byte, 0, 512))
	b.WriteString("HTTP/1.1 101 Switching Protocols\r\n")
	_ = h.Header().Write(b)
	b.WriteString("\r\n")
	c := h.socket.connection
	c.replies, c.handshakePending = b.Bytes(), true
}

// Hijack implements [http.Hijacker].
func (h hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	s := h.socket
	s.Conn = conn
	if n := buffered.Reader.Buffered(); n > 0 {
		s.earlyInput = make([]byte, n)
		_, _ = buffered.Read(s.earlyInput)
	}
	s.limitKernelBuffers()
	return s, bufio.NewReadWriter(bufio.NewReaderSize(s, readBufferSize), bufio.NewWriterSize(s, writeBufferSize)), nil
}

// limitKernelBuffers bounds what the kernel keeps for a client that does not read.
func (s *socket) limitKernelBuffers() {
	if direct, ok := s.Conn.(syscall.Conn); ok {
		s.raw, _ = direct.SyscallConn()
	}
	if tcp, ok := s.belowTLS().(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(sendBufferSize)
	}
	_ = s.SetDeadline(time.Time{}) // those of the server are for requests
}
