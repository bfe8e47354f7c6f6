package hub_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"selvedge/hub"
)

// events opens an event stream.
func (s *server) events(ctx context.Context, t *testing.T, token string) *http.Response {
	t.Helper()
	return s.get(ctx, t, token, http.Header{"Accept": {"text/event-stream"}})
}

func (s *server) get(ctx context.Context, t *testing.T, token string, header http.Header) *http.Response {
	t.Helper()
	return s.fetch(ctx, t, s.url(token), header)
}

func (s *server) fetch(ctx context.Context, t *testing.T, url string, header http.Header) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = header
	resp, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	return resp
}

// event reads an event without its id.
func event(t *testing.T, r *bufio.Reader) string {
	t.Helper()
	var data []string
	id := ""
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			t.Fatalf("event stream ended: %v", err)
		}
		switch line = strings.TrimSuffix(line, "\n"); {
		case line == "" && id != "":
			return strings.Join(data, "\n")
		case strings.HasPrefix(line, "id: "):
			id = line
		case strings.HasPrefix(line, "data: "):
			data = append(data, line[len("data: "):])
		case line != "" && line != ":":
			t.Fatalf("line %q of an event stream", line)
		}
	}
}

func TestServerSentEvents(t *testing.T) {
	s := start(t, hub.Options{Ping: 50 * time.Millisecond})
	s.set("a", 2)
	s.put("b", hub.Fragment{Body: []byte("<p id=\"b\">two\r\nlines</p>\n"), ETag: "2", Groups: []string{"b"}})
	ctx, cancel := context.WithCancel(t.Context())
	resp := s.events(ctx, t, token(shown("a", 1), shown("b", 1)))
	for name, want := range map[string]string{
		"Content-Type": "text/event-stream", "Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no",
	} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s = %q; want %q", name, got, want)
		}
	}
	r := bufio.NewReader(resp.Body)
	if got, want := event(t, r), swapped("a", 2)+"\n<p hx-swap-oob=\"true\" id=\"b\">two\nlines</p>"; got != want {
		t.Errorf("first event = %q; want %q", got, want)
	}
	s.change("a", 3)
	if got, want := event(t, r), swapped("a", 3); got != want {
		t.Errorf("event = %q; want %q", got, want)
	}
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if line == ":\n" {
			break // the heartbeat
		}
	}
	if got := s.Stats().EventStreams; got != 1 {
		t.Errorf("Stats().EventStreams = %d; want 1", got)
	}
	cancel()
	eventually(t, "the stream is forgotten", func() bool { return s.Stats().Views == 0 })
}

func TestClosingEndsEventStreams(t *testing.T) {
	s := start(t, hub.Options{})
	resp := s.events(t.Context(), t, token())
	eventually(t, "joined", func() bool { return s.Stats().EventStreams == 1 })
	if err := s.Close(t.Context()); err != nil {
		t.Errorf("Close: %v", err)
	}
	if b, err := io.ReadAll(resp.Body); err != nil || string(b) != ":\n\n" {
		t.Errorf("the stream = %q, %v; want a comment and its end", b, err)
	}
}

func TestPolling(t *testing.T) {
	s := start(t, hub.Options{})
	s.set("a", 2)
	s.set("b", 7)
	page := token(shown("a", 1), shown("b", 7))

	resp := s.get(t.Context(), t, page, nil)
	body, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusOK || string(body) != swapped("a", 2) {
		t.Errorf("poll = %d %q; want 200 %q", resp.StatusCode, body, swapped("a", 2))
	}
	if got := resp.Header.Get("Content-Type"); got != "text/html; charset=utf-8" {
		t.Errorf("Content-Type = %q; want HTML", got)
	}
	for name, same := range map[string]struct {
		token string
		etag  string
	}{
		"that is nothing":              {token(shown("a", 2), shown("b", 7)), ""},
		"that was answered before":     {page, resp.Header.Get("ETag")},
		"that is of a page of no view": {token(), ""},
	} {
		resp := s.get(t.Context(), t, same.token, http.Header{"If-None-Match": {same.etag}})
		if resp.StatusCode != http.StatusNotModified {
			t.Errorf("poll of a change %s = %d; want 304", name, resp.StatusCode)
		}
	}
	eventually(t, "forgotten", func() bool { return s.Stats().Views == 0 })
}

func TestOverTLS(t *testing.T) {
	s := newServer(t, hub.Options{})
	srv := httptest.NewTLSServer(s.Hub)
	t.Cleanup(srv.Close)
	s.address, s.client = srv.URL, srv.Client()
	s.closeLater(t)
	s.set("a", 2)
	p := s.dialWith(t, token(shown("a", 1)), websocket.DialOptions{
		HTTPHeader: http.Header{"Origin": {srv.URL}, "Cookie": {"session=1"}},
	})
	p.want(swapped("a", 2))
	s.change("a", 3)
	p.want(swapped("a", 3))
}

// A proxy forwards bytes between clients and the hub, as badly as it is told.
type proxy struct {
	net.Listener
	slice   int           // bytes forwarded at a time; 0: as they come
	dropped chan struct{} // once closed, nothing is forwarded any more, and nothing closed
}

// through puts a proxy before the server.
func (s *server) through(t *testing.T, p *proxy) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.Listener = l
	target := strings.TrimPrefix(s.address, "http://")
	s.address = "http://" + l.Addr().String()
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", target)
			if err != nil {
				t.Error(err)
				return
			}
			t.Cleanup(func() { _, _ = client.Close(), server.Close() })
			go p.forward(client, server)
			go p.forward(server, client)
		}
	}()
	t.Cleanup(func() { _ = l.Close() })
}

func (p *proxy) forward(to, from net.Conn) {
	b := make([]byte, 32<<10)
	if p.slice > 0 {
		b = b[:p.slice]
	}
	for {
		n, err := from.Read(b)
		select {
		case <-p.dropped:
			return
		default:
		}
		if _, werr := to.Write(b[:n]); err != nil || werr != nil {
			_ = to.Close()
			return
		}
	}
}

func TestAHalfOpenConnectionIsReaped(t *testing.T) {
	s := start(t, hub.Options{Ping: 100 * time.Millisecond, Pong: 50 * time.Millisecond})
	p := &proxy{dropped: make(chan struct{})}
	s.through(t, p)
	s.set("a", 1)
	client := s.dial(t, token(shown("a", 1)))
	client.ws.CloseRead(t.Context())
	eventually(t, "joined", func() bool { return s.Stats().WebSockets == 1 })
	close(p.dropped)
	eventually(t, "reaped", func() bool { return s.Stats().WebSockets == 0 && s.Stats().Reaped == 1 })
}

func TestBytesMayComeOneAtATime(t *testing.T) {
	s := start(t, hub.Options{})
	s.through(t, &proxy{slice: 1})
	s.set("a", 2)
	p := s.dial(t, token(shown("a", 1)))
	p.want(swapped("a", 2))
	p.write(`{"_action":"POST /api/cart"}`)
	if got := p.read(); !strings.Contains(got, "live-message") {
		t.Errorf("answer = %q; want a refusal", got)
	}
	s.change("a", 3)
	p.want(swapped("a", 3))
}

// A client that stops reading costs the kernel's buffers and one message, and
// nobody else any time.
func TestSlowReadersKeepNobodyWaiting(t *testing.T) {
	s := start(t, hub.Options{Tick: time.Millisecond})
	s.through(t, &proxy{})
	big := `<b id="big">` + strings.Repeat("x", 64<<10) + "%d</b>"
	put := func(n int) {
		s.put("big", hub.Fragment{Body: []byte(strings.Replace(big, "%d", strings.Repeat("y", n), 1)), Groups: []string{"big"}})
		s.Invalidate("big")
	}
	put(1)
	var slow []*page
	for range 10 {
		slow = append(slow, s.dial(t, token(shown("big", 0))))
	}
	fast := s.dial(t, token(shown("big", 0)))
	fast.read()
	for n := 2; n < 300; n++ {
		begin := time.Now()
		put(n)
		for !strings.HasSuffix(fast.read(), "x"+strings.Repeat("y", n)+"</b>") {
		}
		if took := time.Since(begin); took > 5*time.Second {
			t.Fatalf("change %d took %v while others do not read", n, took)
		}
	}
	want := strings.Repeat("y", 299) + "</b>"
	for _, p := range slow {
		messages := 0
		for !strings.HasSuffix(p.read(), "x"+want) {
			messages++
		}
		if messages > 200 {
			t.Errorf("a slow reader was sent %d of 299 messages; want what buffers hold, and the last", messages)
		}
	}
}
