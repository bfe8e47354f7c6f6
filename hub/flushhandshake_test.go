package hub_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/hub"
)

// TestTheHandshakeIsAnsweredTogetherWithTheFirstMessage reads from a pipe: what
// is written at once is read at once.
func TestTheHandshakeIsAnsweredTogetherWithTheFirstMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{})
		s.set("a", 2)
		s.dial(t, token(shown("a", 1))).want(swapped("a", 2)) // has it rendered
		conn := s.handshake(t, token(shown("a", 1)))
		b := make([]byte, 4096)
		n, err := conn.Read(b)
		if got := string(b[:n]); err != nil || !strings.HasPrefix(got, "HTTP/1.1 101 ") || !strings.HasSuffix(got, swapped("a", 2)) {
			t.Errorf("the first read is %q, %v; want the answer to the handshake and the view", got, err)
		}
	})
}

func TestTheHandshakeIsAnsweredAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{Tick: time.Hour, Hold: time.Minute})
		s.set("a", 1)
		s.set("slow", 1)
		s.slow("slow", time.Second)
		begin := time.Now()
		for range 3 {
			s.dial(t, token(shown("a", 0), shown("slow", 0)))
		}
		if took := time.Since(begin); took != 0 {
			t.Errorf("three handshakes took %v; want no wait for the view that is not rendered yet, nor for the next round", took)
		}
	})
}

func TestARefusalIsToldTogetherWithTheHandshake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{Views: 1})
		conn := s.handshake(t, token(shown("a", 1), shown("b", 1)))
		b := make([]byte, 4096)
		n, err := conn.Read(b)
		if got := string(b[:n]); err != nil || !strings.HasPrefix(got, "HTTP/1.1 101 ") || !strings.HasSuffix(got, "too many views") {
			t.Errorf("the first read is %q, %v; want the answer to the handshake and the close frame", got, err)
		}
	})
}

// handshake asks for a WebSocket over a pipe, and leaves the answer to be read.
func (s *server) handshake(t *testing.T, token string) net.Conn {
	t.Helper()
	conn, err := s.client.Transport.(*http.Transport).DialContext(context.Background(), "tcp", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, s.url(token), nil)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	r.Header = http.Header{
		"Connection": {"Upgrade"}, "Upgrade": {"websocket"},
		"Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {"dGhlIHNhbXBsZSBub25jZQ=="},
	}
	if err := r.Write(&b); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, b.String()); err != nil {
		t.Fatal(err)
	}
	return conn
}
