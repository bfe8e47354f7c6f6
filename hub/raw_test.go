package hub_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"selvedge/hub"
)

// raw opens a WebSocket as bytes. Whatever the client sends at once goes with
// the handshake.
func (s *server) raw(t *testing.T, token string, atOnce ...byte) (net.Conn, *bufio.Reader) {
	t.Helper()
	host := strings.TrimPrefix(s.address, "http://")
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	request := fmt.Sprintf("GET /live?page=%s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", url.QueryEscape(token), host)
	if _, err := conn.Write(append([]byte(request), atOnce...)); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(conn)
	resp, err := http.ReadResponse(r, nil)
	if err != nil || resp.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("handshake: %v, %v; want 101", resp, err)
	}
	return conn, r
}

var (
	binaryFrame = []byte{0x82, 0x81, 0, 0, 0, 0, 'x'}                    // RFC 6455 §5.2: masked, with a mask of zeros
	pingFrame   = []byte{0x89, 0x82, 0, 0, 0, 0, 'h', 'i'}               // answered "hi"
	closeFrame  = []byte{0x88, 0x82, 0, 0, 0, 0, 1003 >> 8, 1003 & 0xff} // the same code
)

func TestNothingFollowsTheCloseFrame(t *testing.T) {
	s := start(t, hub.Options{})
	conn, r := s.raw(t, token(), binaryFrame...)
	first := make([]byte, 2+2+len("text only"))
	if _, err := io.ReadFull(r, first); err != nil {
		t.Fatal(err)
	}
	want := append([]byte{0x88, byte(2 + len("text only")), 1003 >> 8, 1003 & 0xff}, "text only"...)
	if !bytes.Equal(first, want) {
		t.Fatalf("frame = %q; want %q", first, want)
	}
	if _, err := conn.Write(append(bytes.Clone(pingFrame), closeFrame...)); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(r); err != nil || len(rest) > 0 {
		t.Errorf("after the close frame: %q, %v; want the end", rest, err)
	}
}

func TestTheCloseFrameIsSeenBehindALongMessage(t *testing.T) {
	s := start(t, hub.Options{})
	const size = 512 << 10
	message := append([]byte{0x81, 0xff, 0, 0, 0, 0, 0, size >> 16, 0, 0, 0, 0, 0, 0}, make([]byte, size)...)
	conn, r := s.raw(t, token())
	eventually(t, "joined", func() bool { return s.Stats().WebSockets == 1 })
	if _, err := conn.Write(message); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the connection is over", func() bool { return s.Stats().WebSockets == 0 })
	frame := make([]byte, 4)
	if _, err := io.ReadFull(r, frame); err != nil || frame[0] != 0x88 || frame[2] != 1009>>8 || frame[3] != 1009&0xff {
		t.Errorf("frame = %q, %v; want close with 1009", frame, err)
	}
}

func TestPingsOfTheClientAreAnswered(t *testing.T) {
	s := start(t, hub.Options{})
	_, r := s.raw(t, token(), pingFrame...)
	pong := make([]byte, 4)
	if _, err := io.ReadFull(r, pong); err != nil || string(pong) != "\x8a\x02hi" {
		t.Errorf("answer to a ping = %q, %v; want the pong", pong, err)
	}
}

func TestAClientThatHasStoppedReadingHoldsLittle(t *testing.T) {
	s := start(t, hub.Options{Tick: time.Microsecond, Stall: time.Hour})
	text := strings.Repeat("x", 4000)
	put := func(n int) {
		s.put("a", hub.Fragment{Body: fmt.Appendf(nil, `<b id="a">%s%d</b>`, text, n), Groups: []string{"a"}})
	}
	put(1)
	conn, r := s.raw(t, token(shown("a", 0)))
	eventually(t, "fetched", func() bool { return s.fetches("a") == 1 })
	for n := 2; n <= 400; n++ {
		put(n)
		s.Invalidate("a")
		eventually(t, "fetched", func() bool { return s.fetches("a") == n })
	}
	if got := s.Stats().Bytes; got > 256<<10 {
		t.Errorf("bytes written to a client that does not read = %d; want at most 256 KiB", got)
	}
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	last := text + "400</b>"
	var got []byte
	b := make([]byte, 32<<10)
	for !bytes.HasSuffix(got, []byte(last)) {
		n, err := r.Read(b)
		if err != nil {
			t.Fatalf("the last change did not come: %v", err)
		}
		got = append(got, b[:n]...)
	}
	_ = conn.Close()
}
