package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// startAtSocket runs the shop as a process with a Unix socket.
func startAtSocket(t *testing.T, path string) (*testShop, *os.Process) {
	t.Helper()
	s, process := startProcessAt(t, "unix:"+path, "serve", "--data", t.TempDir())
	if want := "unix:" + path; s.url != want {
		t.Errorf("the server prints %s; want %s", s.url, want)
	}
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", path)
	}}
	t.Cleanup(transport.CloseIdleConnections)
	s.url, s.client.Transport = "http://shop.example", transport
	return s, process
}

// socketPath returns a path that is short enough for a socket.
func socketPath(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "socket")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	return filepath.Join(folder, "s")
}

// TestASocketOfAKilledServerIsTakenOver serves through a Unix socket, beside a second server
// that cannot, and after the first was killed.
func TestASocketOfAKilledServerIsTakenOver(t *testing.T) {
	path := socketPath(t)
	s, process := startAtSocket(t, path)
	s.post("/api/cart", "productId=1&quantity=2")
	if cart := s.page("/cart"); cart.StatusCode != http.StatusOK || !strings.Contains(cart.body, "Café crème mug") {
		t.Errorf("the cart = %d; want 200, with the mug", cart.StatusCode)
	}

	var stderr strings.Builder
	code := run(t.Context(), []string{"selvedge", "serve", "--data", ":memory:", "--listen", "unix:" + path}, nil, io.Discard, &stderr)
	if code != exitFailed || !strings.Contains(stderr.String(), "address already in use") {
		t.Errorf("a second server ends with %d, %q; want %d, and the reason", code, stderr.String(), exitFailed)
	}
	if page := s.page("/"); page.StatusCode != http.StatusOK {
		t.Errorf("GET / = %d beside a second server; want 200", page.StatusCode)
	}

	if err := process.Kill(); err != nil {
		t.Fatal(err)
	}
	_, _ = process.Wait()
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("the killed server has left no socket: %v", err)
	}
	again, process := startAtSocket(t, path)
	if page := again.page("/"); page.StatusCode != http.StatusOK {
		t.Errorf("GET / = %d at the socket of a killed server; want 200", page.StatusCode)
	}

	if err := process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_, _ = process.Wait()
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("a stopped server has left its socket: %v", err)
	}
}
