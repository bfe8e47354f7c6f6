package server

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"
)

// connected returns both ends of a connection.
func connected(t *testing.T) (client net.Conn, server *conn) {
	t.Helper()
	direct, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = direct.Close() }()
	if client, err = (&net.Dialer{}).DialContext(t.Context(), "tcp", direct.Addr().String()); err != nil {
		t.Fatal(err)
	}
	accepted, err := listener{direct}.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = client.Close(), accepted.Close() })
	return client, accepted.(*conn)
}

// come returns the next n bytes; for 0, it looks whether there are any.
func come(t *testing.T, client net.Conn, n int) []byte {
	t.Helper()
	b := make([]byte, max(n, 1))
	if n == 0 {
		_ = client.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
		defer func() { _ = client.SetReadDeadline(time.Time{}) }()
	}
	got, err := io.ReadFull(client, b)
	if got != n || err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("%d bytes came, %v; want %d", got, err, n)
	}
	return b[:got]
}

func TestSmallPartsAreHeldUntilALargeOneIsWritten(t *testing.T) {
	const small, large = 1000, 30_000
	tests := []struct {
		name  string
		parts []int // bytes
		come  []int // bytes that come after each part, and in the end
	}{
		{"nothing", nil, []int{0}},
		{"a small part", []int{small}, []int{0, small}},
		{"a large part", []int{large}, []int{large, 0}},
		{"a small one and a large one", []int{small, large}, []int{0, small + large, 0}},
		{"a full buffer and a large one", []int{bufferSize, large}, []int{0, bufferSize + large, 0}},
		{"two small ones and a large one", []int{small, small, large}, []int{0, 0, 2*small + large, 0}},
		{"a large one and a small one", []int{large, small}, []int{large, 0, small}},
		{"more small ones than it holds", []int{small, small, small, small, small}, []int{0, 0, 0, 0, 5 * small, 0}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			client, server := connected(t)
			server.hold()
			var sent, got []byte
			for i, n := range test.parts {
				part := bytes.Repeat([]byte{byte('a' + i)}, n)
				sent = append(sent, part...)
				if written, err := server.Write(part); written != n || err != nil {
					t.Errorf("Write = %d, %v; want %d", written, err, n)
				}
				clear(part) // its buffer is used again
				got = append(got, come(t, client, test.come[i])...)
			}
			if err := server.release(); err != nil {
				t.Error(err)
			}
			got = append(got, come(t, client, test.come[len(test.parts)])...)
			if !bytes.Equal(got, sent) {
				t.Error("what came is not what was written")
			}
			if _, err := server.Write([]byte("next")); err != nil || string(come(t, client, 4)) != "next" {
				t.Errorf("what is written later does not come: %v", err)
			}
		})
	}
}

func TestWhatIsHeldForWhoHasLeftIsAnError(t *testing.T) {
	_, server := connected(t)
	_ = server.CloseWrite()
	server.hold()
	_, _ = server.Write([]byte("held"))
	if n, err := server.Write(make([]byte, 2*bufferSize)); n != 0 || err == nil {
		t.Errorf("Write = %d, %v; want an error", n, err)
	}
	_, _ = server.Write([]byte("held"))
	if err := server.release(); err == nil {
		t.Error("release says that it has written")
	}
}

// TestAnAnswerIsWhatItsHandlerWrites asks over one connection for answers of all
// sizes and ways to send them.
func TestAnAnswerIsWhatItsHandlerWrites(t *testing.T) {
	sizes := []int{0, 1, 2047, 2048, bufferSize - 1, bufferSize, bufferSize + 1, 2*bufferSize - 1, 2 * bufferSize, 30_000, 300_000}
	body := func(first, second int) []byte {
		return append(bytes.Repeat([]byte("a"), first), bytes.Repeat([]byte("b"), second)...)
	}
	server := httptest.NewUnstartedServer(SingleWrite(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var first, second int
		_, _ = fmt.Sscanf(r.URL.Query().Get("sizes"), "%d,%d", &first, &second)
		if r.URL.Path == "/length" {
			w.Header().Set("Content-Length", strconv.Itoa(first+second))
		}
		b := body(first, second)
		_, _ = w.Write(b[:first])
		if r.URL.Path == "/flushed" {
			_ = http.NewResponseController(w).Flush()
		}
		_, _ = w.Write(b[first:])
	})))
	server.Config.ConnContext = WithConn
	server.Listener = listener{server.Listener}
	server.Start()
	defer server.Close()
	for _, path := range []string{"/", "/length", "/flushed"} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			for _, first := range sizes {
				for _, second := range sizes {
					target := fmt.Sprintf("%s%s?sizes=%d,%d", server.URL, path, first, second)
					r, err := http.NewRequestWithContext(t.Context(), method, target, http.NoBody)
					if err != nil {
						t.Fatal(err)
					}
					res, err := server.Client().Do(r)
					if err != nil {
						t.Fatalf("%s %s: %v", method, target, err)
					}
					got, err := io.ReadAll(res.Body)
					_ = res.Body.Close()
					want := body(first, second)
					if method == http.MethodHead {
						want = nil
					}
					if !bytes.Equal(got, want) || err != nil {
						t.Errorf("%s %s = %d bytes, %v; want %d", method, target, len(got), err, len(want))
					}
				}
			}
		}
	}
}

// TestStreamsOfHTTP2ShareAConnection has responses of HTTP/2 without TLS at the same time.
func TestStreamsOfHTTP2ShareAConnection(t *testing.T) {
	large := bytes.Repeat([]byte("a"), 40*bufferSize)
	server := httptest.NewUnstartedServer(SingleWrite(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(large) })))
	server.Config.ConnContext = WithConn
	server.Config.Protocols = &http.Protocols{}
	server.Config.Protocols.SetUnencryptedHTTP2(true)
	server.Listener = listener{server.Listener}
	server.Start()
	defer server.Close()
	transport := &http.Transport{Protocols: server.Config.Protocols}
	defer transport.CloseIdleConnections()
	var clients sync.WaitGroup
	defer clients.Wait()
	for range 50 {
		clients.Go(func() {
			res, err := (&http.Client{Transport: transport}).Get(server.URL)
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = res.Body.Close() }()
			if got, err := io.ReadAll(res.Body); !bytes.Equal(got, large) || err != nil || res.ProtoMajor != 2 {
				t.Errorf("answer = %d bytes by %s, %v; want %d by HTTP/2.0", len(got), res.Proto, err, len(large))
			}
		})
	}
}

// TestABodyIsReadWhileTheAnswerLeaves asks whether to send it (Expect), which
// net/http answers in whatever goroutine reads it.
func TestABodyIsReadWhileTheAnswerLeaves(t *testing.T) {
	large := bytes.Repeat([]byte("a"), 3*bufferSize)
	server := httptest.NewUnstartedServer(SingleWrite(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var reading sync.WaitGroup
		defer reading.Wait()
		reading.Go(func() { _, _ = r.Body.Read(make([]byte, 1)) })
		_, _ = w.Write(large)
	})))
	server.Config.ConnContext = WithConn
	server.Listener = listener{server.Listener}
	server.Start()
	defer server.Close()
	for range 100 {
		client, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(client, "POST / HTTP/1.1\r\nHost: shop.example\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nbody")
		reader := bufio.NewReader(client)
		res, err := http.ReadResponse(reader, nil)
		for err == nil && res.StatusCode == http.StatusContinue {
			_ = res.Body.Close()
			res, err = http.ReadResponse(reader, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(res.Body)
		_, _ = res.Body.Close(), client.Close()
		if !bytes.Equal(got, large) || err != nil {
			t.Errorf("answer = %d bytes, %v; want %d", len(got), err, len(large))
		}
	}
}

// holds is a ResponseWriter that looks whether its connection holds when
// something is written.
type holds struct {
	http.ResponseWriter
	server *conn
	seen   []bool
}

func (h *holds) Write(p []byte) (int, error) {
	h.seen = append(h.seen, h.server.held.Load() != nil)
	return len(p), nil
}

func TestOnlyWhatMayGoWithSomethingElseIsHeld(t *testing.T) {
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
			w := &holds{httptest.NewRecorder(), server, nil}
			if test.length != "" {
				w.Header().Set("Content-Length", test.length)
			}
			SingleWrite(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				for _, size := range test.sizes {
					_, _ = w.Write(make([]byte, size))
				}
			})).ServeHTTP(w, httptest.NewRequestWithContext(WithConn(t.Context(), server), http.MethodGet, "/", nil))
			if !slices.Equal(w.seen, test.want) {
				t.Errorf("writes of %d bytes were held: %v; want %v", test.sizes, w.seen, test.want)
			}
		})
	}
}
