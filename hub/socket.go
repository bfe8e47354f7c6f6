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

// A socket is the network connection below a WebSocket. Two writers share it,
// under the connection's writeMu:
//   - the library, for control frames;
//   - the hub, for prepared frames.
//
// The library also reads from it.
type socket struct {
	net.Conn
	connection *connection
	ws         *websocket.Conn
	raw        syscall.RawConn // nil: no writes without waiting
	earlyInput []byte          // read before the WebSocket began
	openRecord openRecord
}

// Buffer sizes of a WebSocket. The library writes only control frames, which
// fit into the buffer (RFC 6455 §5.5), so that each frame reaches the socket
// whole, in a single call.
const (
	readBufferSize  = 128
	writeBufferSize = 128
)

// sendBufferSize is the size of the kernel's send buffer. A client that has
// stopped reading holds, its own buffers included,
//   - up to 213 KB with 36 KiB;
//   - up to 268 KB with 64 KiB.
//
// With 32 KiB and less, large messages wait for delayed acknowledgments of 44
// ms where a packet is 64 KB, as on the loopback interface.
const sendBufferSize = 36 << 10

// closeTimeout is the time that a client has to answer a close frame.
const closeTimeout = 5 * time.Second

var _ conn = (*socket)(nil)

// Read implements [net.Conn] for the library.
func (s *socket) Read(b []byte) (int, error) {
	if len(s.earlyInput) > 0 {
		n := copy(b, s.earlyInput)
		s.earlyInput = s.earlyInput[n:]
		return n, nil
	}
	return s.Conn.Read(b)
}

// Write implements [net.Conn] for the library, with a whole control frame.
// After the hub's close frame it writes nothing (RFC 6455 §5.5.1).
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

// closeWrite gives the client closeTimeout to answer the close frame. The
// reader sees the answer or the timeout.
func (s *socket) closeWrite() { _ = s.SetReadDeadline(time.Now().Add(closeTimeout)) }

// closeNow closes the connection without a TLS close_notify, and wakes the
// reader, which closes the library's part.
func (s *socket) closeNow() { _ = s.belowTLS().Close() }

// belowTLS returns the connection below TLS and all further wrappers.
func (s *socket) belowTLS() net.Conn {
	c := s.Conn
	for {
		wrapped, ok := c.(interface{ NetConn() net.Conn })
		if !ok {
			return c
		}
		c = wrapped.NetConn()
	}
}

// A hijacker gives the library a socket in place of the server's connection.
type hijacker struct {
	http.ResponseWriter
	socket *socket
}

// WriteHeader keeps the response to an accepted handshake, to be written
// together with the pending changes of the page: when all pages reconnect at
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

// limitKernelBuffers bounds the memory of the kernel for a client that does not
// read.
func (s *socket) limitKernelBuffers() {
	if direct, ok := s.Conn.(syscall.Conn); ok {
		s.raw, _ = direct.SyscallConn()
	}
	if tcp, ok := s.belowTLS().(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(sendBufferSize)
	}
	_ = s.SetDeadline(time.Time{}) // the server's deadlines are for requests
}
