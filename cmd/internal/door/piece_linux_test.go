package door

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"syscall"
	"testing"
	"time"
)

// halves is a ResponseWriter that sends what is written in two parts, as net/http
// does with a header and a body, and looks in between what has arrived.
type halves struct {
	http.ResponseWriter
	server, client net.Conn
	early          int // bytes that came before the second part was sent
}

func (h *halves) Write(p []byte) (int, error) {
	if _, err := h.server.Write(p[:len(p)/2]); err != nil {
		return 0, err
	}
	_ = h.client.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	h.early, _ = h.client.Read(make([]byte, len(p)))
	_ = h.client.SetReadDeadline(time.Time{})
	_, err := h.server.Write(p[len(p)/2:])
	return len(p), err
}

// TestAnAnswerLeavesInOnePiece tries some times, since the kernel lets go of a
// part whose rest takes 200 ms, as on a machine that has no time for us.
func TestAnAnswerLeavesInOnePiece(t *testing.T) {
	client, server := connected(t)
	const size = 30_000
	h := InOnePiece(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(bytes.Repeat([]byte("x"), size))
	}))
	for range 10 {
		w := &halves{httptest.NewRecorder(), server, client, 0}
		h.ServeHTTP(w, httptest.NewRequestWithContext(WithConn(t.Context(), server), http.MethodGet, "/", nil))
		if isCorked(t, server) {
			t.Fatal("the rest of the answer is held back")
		}
		n, err := io.ReadFull(client, make([]byte, size-w.early))
		if err != nil {
			t.Fatalf("%d bytes of %d came: %v", w.early+n, size, err)
		}
		if w.early == 0 {
			return
		}
	}
	t.Error("the first half of an answer came without the second, ten times")
}

// corks is a ResponseWriter that looks whether its connection is corked when
// something is written.
type corks struct {
	http.ResponseWriter
	t      *testing.T
	server net.Conn
	seen   []bool
}

func (c *corks) Write(p []byte) (int, error) {
	c.seen = append(c.seen, isCorked(c.t, c.server))
	return len(p), nil
}

func TestOnlyWhatGoesWithSomethingElseIsCorked(t *testing.T) {
	_, server := connected(t)
	const small, large = 100, 30_000
	tests := []struct {
		name   string
		length string
		sizes  []int
		want   []bool
	}{
		{"the header goes with the beginning", "90000", []int{large, large, large}, []bool{true, false, false}},
		{"and what is small with what follows", "60100", []int{large, small, large}, []bool{true, false, true}},
		{"a rest may be left in the buffer", "35000", []int{bufferSize + 1, large}, []bool{true, true}},
		{"chunks have their sizes between them", "", []int{large, large}, []bool{true, true}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := &corks{httptest.NewRecorder(), t, server, nil}
			if test.length != "" {
				w.Header().Set("Content-Length", test.length)
			}
			InOnePiece(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				for _, size := range test.sizes {
					_, _ = w.Write(make([]byte, size))
				}
			})).ServeHTTP(w, httptest.NewRequestWithContext(WithConn(t.Context(), server), http.MethodGet, "/", nil))
			if !slices.Equal(w.seen, test.want) {
				t.Errorf("writes of %d bytes were corked: %v; want %v", test.sizes, w.seen, test.want)
			}
		})
	}
}

func isCorked(t *testing.T, c net.Conn) bool {
	t.Helper()
	raw, err := c.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var corked int
	if controlErr := raw.Control(func(socket uintptr) {
		corked, err = syscall.GetsockoptInt(int(socket), syscall.IPPROTO_TCP, syscall.TCP_CORK)
	}); controlErr != nil || err != nil {
		t.Fatal(controlErr, err)
	}
	return corked != 0
}

// connected returns both ends of a connection.
func connected(t *testing.T) (client, server net.Conn) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	if client, err = (&net.Dialer{}).DialContext(context.Background(), "tcp", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if server, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = client.Close(), server.Close() })
	return client, server
}
