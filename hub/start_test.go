package hub_test

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/coder/websocket"

	"selvedge/hub"
)

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

// server is a hub behind HTTP.
type server struct {
	*hub.Hub
	*pages
	address string
	client  *http.Client
}

// start serves a hub over TCP.
func start(t *testing.T, options hub.Options) *server {
	t.Helper()
	s := newServer(t, options)
	s.serve(t, s.Hub)
	s.closeLater(t)
	return s
}

// serve starts an HTTP server, to which clients connect from then on.
func (s *server) serve(t *testing.T, handler http.Handler) {
	t.Helper()
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	s.address, s.client = srv.URL, srv.Client()
}

// startPiped serves a hub over pipes, without buffers, as synctest needs it.
func startPiped(t *testing.T, options hub.Options) *server {
	t.Helper()
	s := newServer(t, options)
	l := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
	srv := &http.Server{Handler: s.Hub}
	go func() { _ = srv.Serve(l) }()
	transport := &http.Transport{DialContext: l.dial, DisableKeepAlives: true}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		_ = srv.Close()
	})
	s.address, s.client = "http://shop.example", &http.Client{Transport: transport}
	s.closeLater(t)
	return s
}

func newServer(t *testing.T, options hub.Options) *server {
	t.Helper()
	s := &server{pages: newPages()}
	if options.Epoch == "" {
		options.Epoch = epoch
	}
	if options.Logger == nil {
		options.Logger = slog.New(slog.DiscardHandler)
	}
	h, err := hub.New(s.pages, options)
	if err != nil {
		t.Fatal(err)
	}
	s.Hub = h
	return s
}

func (s *server) closeLater(t *testing.T) {
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = s.Close(ctx)
	})
}

// pipes is a listener whose connections are those of net.Pipe.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (l *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipes) Close() error {
	select {
	case <-l.done:
	default:
		close(l.done)
	}
	return nil
}

func (l *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (l *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case l.conns <- theirs:
		return ours, nil
	case <-l.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// change sets a view and invalidates its group.
func (s *server) change(reference string, number int64) {
	s.set(reference, number)
	s.Invalidate(reference)
}

func (s *server) url(token string) string {
	return s.address + "/live?page=" + url.QueryEscape(token)
}

// page is a client.
type page struct {
	t  *testing.T
	ws *websocket.Conn
}

func (s *server) dial(t *testing.T, token string) *page {
	t.Helper()
	return s.dialWith(t, token, websocket.DialOptions{})
}

func (s *server) dialWith(t *testing.T, token string, options websocket.DialOptions) *page {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	options.HTTPClient = s.client
	ws, _, err := websocket.Dial(ctx, s.url(token), &options)
	if err != nil {
		t.Fatal(err)
	}
	ws.SetReadLimit(-1)
	t.Cleanup(func() { _ = ws.CloseNow() })
	return &page{t, ws}
}

// read returns the next message.
func (p *page) read() string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	_, b, err := p.ws.Read(ctx)
	if err != nil {
		p.t.Fatal(err)
	}
	return string(b)
}

// want reads the next message, which must be this one.
func (p *page) want(message string) {
	p.t.Helper()
	if got := p.read(); got != message {
		p.t.Fatalf("message = %q; want %q", got, message)
	}
}

// wantClose reads until the connection is closed with this code.
func (p *page) wantClose(code websocket.StatusCode) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), time.Hour)
	defer cancel()
	for {
		_, _, err := p.ws.Read(ctx)
		if err == nil {
			continue
		}
		if got := websocket.CloseStatus(err); got != code {
			p.t.Fatalf("close code = %d (%v); want %d", got, err, code)
		}
		return
	}
}

func (p *page) write(message string) {
	p.t.Helper()
	if err := p.ws.Write(p.t.Context(), websocket.MessageText, []byte(message)); err != nil {
		p.t.Fatal(err)
	}
}

// eventually waits for a condition that no message announces.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	deadline := time.After(patience)
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	for !condition() {
		select {
		case <-ticker.C:
		case <-deadline:
			t.Fatalf("%s: not within %v", what, patience)
		}
	}
}
