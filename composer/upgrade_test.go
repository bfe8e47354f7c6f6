package composer_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"selvedge/composer"
)

// echo answers a request for an upgrade with one, after which it repeats a
// line.
func echo(t *testing.T) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = c.Close() }()
		_, _ = fmt.Fprintf(c, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: %s\r\n\r\n", r.Header.Get("Upgrade"))
		line, _ := buffered.ReadString('\n')
		_, _ = io.WriteString(c, "you said "+line)
	}
}

func TestAWebSocketPasses(t *testing.T) {
	for _, upgrade := range []string{"websocket", "WebSocket", "h2c, websocket"} {
		s := newProxy(t, composer.Options{}, echo(t))
		r := s.request(t, http.MethodGet, "/x", nil)
		r.Header = http.Header{"Connection": {"keep-alive, Upgrade"}, "Upgrade": {upgrade}}
		res, err := s.server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		both, ok := res.Body.(io.ReadWriteCloser)
		if !ok || res.Header.Get("Upgrade") != "websocket" {
			t.Fatalf("Upgrade: %s is answered with %d %v; want a switch to websocket", upgrade, res.StatusCode, res.Header)
		}
		_, _ = io.WriteString(both, "hello\n")
		if got, _ := bufio.NewReader(both).ReadString('\n'); got != "you said hello\n" {
			t.Errorf("Upgrade: %s: got %q; want what was said", upgrade, got)
		}
		_ = both.Close()
	}
}

// TestNoProtocolButWebSocketIsSwitchedTo asks an origin that switches to
// whatever it is asked for. The request is an ordinary one, and a GET is stored.
func TestNoProtocolButWebSocketIsSwitchedTo(t *testing.T) {
	tests := []struct{ name, request string }{
		{"curl --http2", "GET /x HTTP/1.1|Connection: Upgrade, HTTP2-Settings|Upgrade: h2c|HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA"},
		{"settings that Connection does not name", "GET /x HTTP/1.1|Connection: Upgrade|Upgrade: h2c|HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA"},
		{"settings alone", "GET /x HTTP/1.1|HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA"},
		{"TLS", "GET /x HTTP/1.1|Connection: upgrade|Upgrade: TLS/1.2"},
		{"another protocol", "GET /x HTTP/1.1|Connection: Upgrade|Upgrade: echo"},
		{"a name that begins like websocket", "GET /x HTTP/1.1|Connection: Upgrade|Upgrade: websocket2, websocket/13"},
		{"websocket that Connection does not name", "GET /x HTTP/1.1|Upgrade: websocket"},
		{"websocket over HTTP/1.0", "GET /x HTTP/1.0|Connection: Upgrade|Upgrade: websocket"},
		{"websocket by POST", "POST /x HTTP/1.1|Connection: Upgrade|Upgrade: websocket|Content-Length: 0"},
		{"websocket with a body", "GET /x HTTP/1.1|Connection: Upgrade|Upgrade: websocket|Content-Length: 4||body"},
		{"h2c by POST", "POST /x HTTP/1.1|Connection: Upgrade|Upgrade: h2c|Content-Length: 4||body"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var asked atomic.Int32
			s := newProxy(t, composer.Options{}, func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				for _, name := range []string{"Upgrade", "Http2-Settings"} {
					if got, ok := r.Header[name]; ok {
						t.Errorf("the origin is asked with %s: %q; want none", name, got)
					}
				}
				if r.Header.Get("Upgrade") != "" {
					echo(t)(w, r)
					return
				}
				w.Header().Set("Cache-Control", "max-age=60")
				_, _ = io.WriteString(w, "plain")
			})
			for range 2 {
				if a := s.onTheWire(t, test.request); a.status != http.StatusOK || a.body != "plain" {
					t.Errorf("the answer is %d %q; want the ordinary one", a.status, a.body)
				}
			}
			if stored := strings.HasPrefix(test.request, "GET") && !strings.Contains(test.request, "Content-Length"); stored && asked.Load() != 1 {
				t.Errorf("the origin was asked %d times; want once, and the second answer from the store", asked.Load())
			}
		})
	}
}

// onTheWire sends the lines of a request, and its body behind an empty one, on a
// connection of their own, and reads the answer.
func (s *site) onTheWire(t *testing.T, lines string) answer {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", s.server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	header, body, _ := strings.Cut(lines, "||")
	if _, err := io.WriteString(c, strings.ReplaceAll(header, "|", "\r\n")+"\r\nHost: shop.example\r\n\r\n"+body); err != nil {
		t.Fatal(err)
	}
	method, _, _ := strings.Cut(header, " ")
	res, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: method})
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode == http.StatusSwitchingProtocols {
		return answer{status: res.StatusCode, header: res.Header}
	}
	defer func() { _ = res.Body.Close() }()
	read, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, res.Header, string(read), err}
}
