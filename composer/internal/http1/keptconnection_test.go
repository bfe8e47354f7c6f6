package http1

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// connectionKeepers are what keeps connections to other processes.
var connectionKeepers = []struct {
	name   string
	method string
	open   func(*Client) keepingTripper
}{
	{"a client", http.MethodGet, func(c *Client) keepingTripper { return c }},
	{"a transport", http.MethodGet, newTransport},
	{"a transport", http.MethodPost, newTransport},
}

func newTransport(c *Client) keepingTripper { return NewTransport(c, 256) }

// keepingTripper is an http.RoundTripper that keeps connections.
type keepingTripper interface {
	http.RoundTripper
	CloseIdleConnections()
}

// onEachKeeper runs a test with each of them, over TCP and over TLS. dials is how
// many connections were made.
func onEachKeeper(t *testing.T, test func(t *testing.T, k *connectionKeeper)) {
	secure := newSecured(t)
	for _, with := range connectionKeepers {
		for _, scheme := range []string{"http", "https"} {
			t.Run(fmt.Sprintf("%s by %s %s", with.name, scheme, with.method), func(t *testing.T) {
				c, dials := testClient(t)
				c.tls = secure.client
				k := &connectionKeeper{through: with.open(c), method: with.method, dials: dials, scheme: scheme, server: secure.server}
				t.Cleanup(k.through.CloseIdleConnections)
				test(t, k)
			})
		}
	}
}

// connectionKeeper keeps connections to one server.
type connectionKeeper struct {
	through keepingTripper
	method  string
	dials   *atomic.Int32
	scheme  string
	server  *tls.Config
	url     string
}

// serve has each connection served by a function.
func (k *connectionKeeper) serve(t *testing.T, serve func(n int, c net.Conn, requests *bufio.Reader)) {
	k.url = rawServer(t, func(n int, c net.Conn, requests *bufio.Reader) {
		if k.scheme == "https" {
			c = tls.Server(c, k.server)
			requests = bufio.NewReader(c)
		}
		serve(n, c, requests)
	})
	k.url = strings.Replace(k.url, "http", k.scheme, 1)
}

// send sends a request with its body, and returns the body of the answer.
func (k *connectionKeeper) send(ctx context.Context, body string) (string, error) {
	var reader io.Reader
	if k.method != http.MethodGet {
		reader = io.MultiReader(strings.NewReader(body)) // which net/http cannot read twice
	}
	r, err := http.NewRequestWithContext(ctx, k.method, k.url+"/"+body, reader)
	if err != nil {
		return "", err
	}
	res, err := k.through.RoundTrip(r)
	if err != nil {
		return "", err
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	return string(b), err
}

// secured are the two sides of TLS.
type secured struct{ client, server *tls.Config }

func newSecured(t *testing.T) secured {
	server, c := secureServer(t, func(http.ResponseWriter, *http.Request) {})
	config := server.TLS.Clone()
	config.NextProtos = []string{"http/1.1"}
	return secured{c.tls, config}
}

// echo is an answer that says what the request asked for.
func echo(r *http.Request) string {
	body, _ := io.ReadAll(r.Body)
	said := r.URL.Path + string(body)
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(said), said)
}

// echoed is the body of echo.
func (k *connectionKeeper) echoed(body string) string {
	if k.method == http.MethodGet {
		return "/" + body
	}
	return "/" + body + body
}

// wantEcho sends a request, and expects its own answer.
func (k *connectionKeeper) wantEcho(t *testing.T, body string) {
	t.Helper()
	if got, err := k.send(t.Context(), body); err != nil || got != k.echoed(body) {
		t.Errorf("answer to %s = %q, %v; want %q", body, got, err, k.echoed(body))
	}
}

// discardLog discards the log of http.Transport, which names what comes unasked.
func discardLog(t testing.TB) {
	log.SetOutput(io.Discard)
	t.Cleanup(func() { log.SetOutput(os.Stderr) })
}

// surpluses are what a server may send that it was not asked for.
var surpluses = map[string]string{
	"a response":                "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
	"the start of a response":   "HTTP/1.1 200 OK\r\nX: ",
	"an informational response": "HTTP/1.1 103 Early Hints\r\nLink: </evil>\r\n\r\n",
	"100 Continue":              "HTTP/1.1 100 Continue\r\n\r\n",
	"an empty line":             "\r\n",
}

// TestTheRestOfAResponseIsNoAnswer has a server send more than a response, in one
// piece with it (response smuggling, RFC 9112 §11.2). The connection ends, and the
// other requests, of which some wait for it, have their own answers.
func TestTheRestOfAResponseIsNoAnswer(t *testing.T) {
	discardLog(t)
	for name, surplus := range surpluses {
		t.Run(name, func(t *testing.T) {
			onEachKeeper(t, func(t *testing.T, k *connectionKeeper) {
				k.serve(t, func(_ int, c net.Conn, requests *bufio.Reader) {
					for n := 0; ; n++ {
						r, err := http.ReadRequest(requests)
						if err != nil {
							return
						}
						if n > 0 {
							t.Error("the connection is used again")
						}
						_, _ = io.WriteString(c, echo(r)+surplus)
					}
				})
				var all sync.WaitGroup
				for i := range 4 {
					all.Go(func() {
						for j := range 4 {
							k.wantEcho(t, fmt.Sprint(i, "-", j))
						}
					})
				}
				all.Wait()
			})
		})
	}
}

// TestALateResponseIsNoAnswer has a server send more when the connection is idle.
// A client notices before the next request (see TestAnIdleConnectionIsDroppedIf),
// and a transport at once.
func TestALateResponseIsNoAnswer(t *testing.T) {
	discardLog(t)
	for name, surplus := range surpluses {
		t.Run(name, func(t *testing.T) {
			onEachKeeper(t, func(t *testing.T, k *connectionKeeper) {
				if _, ok := k.through.(*Client); ok {
					return
				}
				idle, closed := make(chan struct{}), make(chan struct{})
				k.serve(t, func(n int, c net.Conn, requests *bufio.Reader) {
					r, err := http.ReadRequest(requests)
					if err != nil {
						return
					}
					_, _ = io.WriteString(c, echo(r))
					if n == 0 {
						<-idle
						_, _ = io.WriteString(c, surplus)
						_, _ = io.Copy(io.Discard, requests)
						close(closed)
					}
				})
				k.wantEcho(t, "first")
				close(idle)
				<-closed
				k.wantEcho(t, "second")
			})
		})
	}
}

func TestAConnectionEndsAfterMaxRequests(t *testing.T) {
	onEachKeeper(t, func(t *testing.T, k *connectionKeeper) {
		var most atomic.Int32
		k.serve(t, func(_ int, c net.Conn, requests *bufio.Reader) {
			for n := int32(1); ; n++ {
				r, err := http.ReadRequest(requests)
				if err != nil {
					return
				}
				_, _ = io.WriteString(c, echo(r))
				if n > most.Load() {
					most.Store(n)
				}
			}
		})
		for i := range maxRequests + 1 {
			k.wantEcho(t, strconv.Itoa(i))
		}
		// A busy machine makes http.Transport give up a connection now and then.
		if dials := k.dials.Load(); dials < 2 || dials > 100 || most.Load() > maxRequests {
			t.Errorf("%d requests were sent over %d connections, up to %d over one; want 2, and %d at most", maxRequests+1, dials, most.Load(), maxRequests)
		}
	})
}
