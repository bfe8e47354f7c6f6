package composer_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"

	"selvedge/composer"
)

// pipes are a network in memory, for the bubbles of testing/synctest: time
// passes only when everybody waits, and a bubble does not end before the last
// of its goroutines has.
type pipes struct {
	accept chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipes() *pipes { return &pipes{accept: make(chan net.Conn), closed: make(chan struct{})} }

func (p *pipes) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case p.accept <- theirs:
		return ours, nil
	case <-p.closed:
		return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.accept:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return pipeAddr{} }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "origin.example:80" }

// bubbled is a proxy in a bubble.
type bubbled struct {
	*composer.Composer
	proxy  http.Handler
	refuse func() // lets the origin refuse all connections, and end those that it has
}

// newBubble returns a proxy before an origin, for a test in a bubble.
func newBubble(t *testing.T, o composer.Options, origin http.HandlerFunc) *bubbled {
	network := newPipes()
	server := &http.Server{Handler: origin, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, 0)}
	go func() { _ = server.Serve(network) }()
	o.Origin = &url.URL{Scheme: "http", Host: "origin.example"}
	c := newComposer(t, o, nil, nil)
	stop := func() { _ = server.Close() }
	t.Cleanup(stop)
	return &bubbled{c, composer.ProxyOver(c, network.dial), stop}
}

// ask sends a request with header lines, such as "GET /x|Range: bytes=0-1". If
// the answer is cut off, its err is http.ErrAbortHandler.
func (b *bubbled) ask(t *testing.T, lines string) answer {
	return b.askWithin(t.Context(), lines)
}

func (b *bubbled) askWithin(ctx context.Context, lines string) (got answer) {
	w := finalRecorder{httptest.NewRecorder()}
	got.err = b.serve(ctx, w, lines)
	got.status, got.header, got.body = w.Code, w.Header(), w.Body.String()
	return got
}

// finalRecorder records no informational answers.
type finalRecorder struct{ *httptest.ResponseRecorder }

func (w finalRecorder) WriteHeader(status int) {
	if status >= 200 {
		w.ResponseRecorder.WriteHeader(status)
	}
}

// serve is askWithin for a visitor of another kind.
func (b *bubbled) serve(ctx context.Context, w http.ResponseWriter, lines string) (err error) {
	line, header, _ := strings.Cut(lines, "|")
	method, target, _ := strings.Cut(line, " ")
	ctx = context.WithValue(ctx, http.ServerContextKey, &http.Server{}) // or httputil would let a cut off answer pass for whole
	r := httptest.NewRequestWithContext(ctx, method, target, http.NoBody)
	r.Host = "shop.example"
	for field := range strings.SplitSeq(header, "|") {
		if name, value, ok := strings.Cut(field, ": "); ok {
			r.Header.Add(name, value)
		}
	}
	defer func() {
		if p := recover(); p != nil {
			err = p.(error)
		}
	}()
	b.proxy.ServeHTTP(w, r)
	return nil
}

// paths are the handlers of an origin by path; what is at none of them is not
// found.
type paths map[string]http.HandlerFunc

func (p paths) serve(w http.ResponseWriter, r *http.Request) {
	if h := p[r.URL.Path]; h != nil {
		h(w, r)
		return
	}
	http.NotFound(w, r)
}

// with answers as another handler does, with more header lines.
func with(lines string, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		set(w, strings.Split(lines, "|")...)
		h(w, r)
	}
}

// flushed writes a part of an answer, which then leaves.
func flushed(w http.ResponseWriter, part string) {
	_, _ = io.WriteString(w, part)
	_ = http.NewResponseController(w).Flush()
}

// dialing is a network on which every connection fails.
func dialing(fail func(address string) error) func(context.Context, string, string) (net.Conn, error) {
	return func(_ context.Context, network, address string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: network, Err: fail(address)}
	}
}
