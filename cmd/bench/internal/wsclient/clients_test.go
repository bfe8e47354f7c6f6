//go:build linux

package wsclient

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"selvedge/cmd/bench/internal/workload"
	"selvedge/cmd/bench/internal/wsframe"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A server accepts WebSockets and sends what it is told.
type server struct {
	mu    sync.Mutex
	conns []net.Conn
}

// ServeHTTP knows a connection before its client does.
func (s *server) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	c, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns = append(s.conns, c)
	_, _ = c.Write([]byte("HTTP/1.1 101 Switching Protocols\r\n\r\n"))
}

// change sends a revision of the first view to all connections.
func (s *server) change(revision int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.conns {
		_, _ = c.Write(wsframe.Text(workload.AppendView(nil, "", 0, revision, workload.ViewSize)))
	}
}

// close closes all connections.
func (s *server) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.conns {
		_ = c.Close()
	}
	s.conns = nil
}

// connect returns clients that are connected to a server.
func connect(t *testing.T, n int) (*Clients, *server) {
	t.Helper()
	handler := new(server)
	t.Cleanup(handler.close)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	s, err := New(n)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	target := Target{Address: strings.TrimPrefix(server.URL, "http://"), Epoch: "none", Views: 1}
	if err := s.Connect(t.Context(), n, target); err != nil {
		t.Fatal(err)
	}
	return s, handler
}

// change has a server send a revision, and waits until all pages show it.
func change(t *testing.T, s *Clients, server *server, revision int64) *Watch {
	t.Helper()
	w := s.Expect(revision, 1)
	server.change(revision)
	if err := s.Await(t.Context(), 10*time.Second, len(s.clients)); err != nil {
		t.Fatalf("revision %d: %v", revision, err)
	}
	return w
}

func TestAllPagesShowAChange(t *testing.T) {
	s, server := connect(t, 20)
	w := change(t, s, server, 7)
	if len(w.Times) != 20 || s.Showing(7) != 20 || s.Showing(6) != 0 {
		t.Errorf("%d times, %d pages show revision 7, %d show 6; want 20, 20, 0", len(w.Times), s.Showing(7), s.Showing(6))
	}
	change(t, s, server, 5)
	if want := (Counters{Messages: 40, Updates: 40, Backwards: 20}); s.Counters != want {
		t.Errorf("counters = %+v; want %+v", s.Counters, want)
	}
}

func TestALostConnectionComesBack(t *testing.T) {
	s, server := connect(t, 3)
	server.close()
	s.Reconnect = true
	err := s.Run(t.Context(), 10*time.Second, func() bool { return s.Counters.Lost == 3 && s.Open() == 3 })
	if err != nil {
		t.Fatalf("%d of 3 are lost and %d are open, the last by %q: %v", s.Counters.Lost, s.Open(), s.Counters.LastLoss, err)
	}
	change(t, s, server, 2)
}

func TestRunEndsAtItsLimit(t *testing.T) {
	s, _ := connect(t, 1)
	if err := s.Run(t.Context(), time.Millisecond, nil); err != nil {
		t.Errorf("Run with no end but the limit = %v; want nil", err)
	}
	if err := s.Run(t.Context(), time.Millisecond, func() bool { return false }); !errors.Is(err, ErrTimeout) {
		t.Errorf("Run = %v; want %v", err, ErrTimeout)
	}
}

func TestSlowReadersReadLater(t *testing.T) {
	s, server := connect(t, 10)
	slow := s.ChooseSlowReaders(5)
	if len(slow) != 2 {
		t.Fatalf("%d slow readers of 10; want 2", len(slow))
	}
	if err := s.StopReading(slow); err != nil {
		t.Fatal(err)
	}
	s.Expect(3, 1)
	server.change(3)
	if err := s.Await(t.Context(), 10*time.Second, 8); err != nil || s.Showing(3) != 8 {
		t.Errorf("%d pages show the change, %v; want 8", s.Showing(3), err)
	}
	if err := s.ResumeReading(slow); err != nil {
		t.Fatal(err)
	}
	if err := s.Run(t.Context(), 10*time.Second, func() bool { return s.Showing(3) == 10 }); err != nil {
		t.Errorf("%d pages show the change after all read; want 10: %v", s.Showing(3), err)
	}
}

func TestConnectionsAreCut(t *testing.T) {
	s, _ := connect(t, 10)
	s.StartCuts(CutPlan{Online: time.Millisecond, Offline: 10 * time.Millisecond})
	s.CutDue(time.Now().Add(time.Second))
	if s.Open() != 0 {
		t.Errorf("%d connections are open; want none", s.Open())
	}
	if stats := s.StopCuts(); stats.Cuts != 10 {
		t.Errorf("%d cuts; want 10", stats.Cuts)
	}
	if err := s.Run(t.Context(), 10*time.Second, func() bool { return s.Open() == 10 }); err != nil || s.Counters.Lost != 0 {
		t.Errorf("%d are open and %d lost, %v; want 10, 0", s.Open(), s.Counters.Lost, err)
	}
}
