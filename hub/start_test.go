package hub_test

import (
	"context"
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
	http *httptest.Server
}

func start(t *testing.T, options hub.Options) *server {
	t.Helper()
	s := &server{pages: newPages()}
	if options.Epoch == "" {
		options.Epoch = epoch
	}
	h, err := hub.New(s.pages, options)
	if err != nil {
		t.Fatal(err)
	}
	s.Hub = h
	s.http = httptest.NewServer(h)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = h.Close(ctx)
		s.http.Close()
	})
	return s
}

// change sets a view and invalidates its group.
func (s *server) change(reference string, number int64) {
	s.set(reference, number)
	s.Invalidate(reference)
}

func (s *server) url(token string) string {
	return s.http.URL + "/live?page=" + url.QueryEscape(token)
}

// page is a client.
type page struct {
	t  *testing.T
	ws *websocket.Conn
}

func (s *server) dial(t *testing.T, token string, options *websocket.DialOptions) *page {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	ws, _, err := websocket.Dial(ctx, s.url(token), options)
	if err != nil {
		t.Fatal(err)
	}
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
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
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

func get(t *testing.T, url string, header http.Header) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = header
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	return resp
}
