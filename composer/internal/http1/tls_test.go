package http1

import (
	"bufio"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// secureServer returns a server by https, and a client that trusts it.
func secureServer(t *testing.T, h http.HandlerFunc) (*httptest.Server, *Client) {
	t.Helper()
	server := httptest.NewTLSServer(h)
	t.Cleanup(server.Close)
	c, _ := testClient(t)
	c.tls = server.Client().Transport.(*http.Transport).TLSClientConfig
	return server, c
}

func TestAConnectionByHTTPSIsUsedAgain(t *testing.T) {
	server, c := secureServer(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.RemoteAddr+" "+r.TLS.NegotiatedProtocol+" "+r.Proto)
	})
	first, err := body(c, getting(t.Context(), t, server.URL))
	if err != nil || !strings.HasSuffix(first, " http/1.1 HTTP/1.1") {
		t.Fatalf("GET = %q, %v; want one by http/1.1", first, err)
	}
	if second, err := body(c, getting(t.Context(), t, server.URL)); second != first {
		t.Errorf("the second GET is from %q, %v; want it from %q", second, err, first)
	}
}

func TestACertificateIsChecked(t *testing.T) {
	server, c := secureServer(t, func(http.ResponseWriter, *http.Request) {})
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	if _, err := body(c, getting(t.Context(), t, strings.Replace(server.URL, "127.0.0.1", "localhost", 1))); err == nil {
		t.Error("a certificate for another host will do")
	}
	c.tls = nil
	if _, err := body(c, getting(t.Context(), t, server.URL)); err == nil {
		t.Error("a certificate that nobody signed will do")
	}
}

// A server sends more than its answer in one record, of which the client reads
// no byte too much itself: TLS has it.
func TestWhatTLSHoldsIsNoticed(t *testing.T) {
	server, c := secureServer(t, func(http.ResponseWriter, *http.Request) {})
	config := server.TLS.Clone()
	config.NextProtos, config.DynamicRecordSizingDisabled = nil, true
	answer := "HTTP/1.1 200 OK\r\nContent-Length: 12000\r\n\r\n" + strings.Repeat("x", 12000)
	for _, more := range []string{"", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"} {
		connections := make(chan int, 2)
		url := rawServer(t, func(n int, socket net.Conn, _ *bufio.Reader) {
			connections <- n
			secured := tls.Server(socket, config)
			requests := bufio.NewReader(secured)
			for {
				if _, err := http.ReadRequest(requests); err != nil {
					return
				}
				_, _ = io.WriteString(secured, answer+more)
			}
		})
		for range 2 {
			res, err := c.RoundTrip(getting(t.Context(), t, strings.Replace(url, "http:", "https:", 1)))
			if err != nil {
				t.Fatal(err)
			}
			got := make([]byte, 12000) // more than one read of the connection's buffer
			if _, err := io.ReadFull(res.Body, got); err != nil || got[0] != 'x' {
				t.Errorf("GET = %.10q, %v; want 12,000 x", got, err)
			}
		}
		if again := len(connections) == 1; again != (more == "") {
			t.Errorf("two requests make %d connections, with %q behind the first answer", len(connections), more)
		}
	}
}
