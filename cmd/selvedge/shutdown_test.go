package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestAStoppingServerServesOn goes through the first step of a stop, and ends it
// with a second signal.
func TestAStoppingServerServesOn(t *testing.T) {
	s, process := startProcess(t, "serve", "--data", t.TempDir(), "--drain-delay", "1h")
	for _, signal := range []syscall.Signal{syscall.SIGHUP, syscall.SIGTERM} {
		if err := process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if signal == syscall.SIGHUP {
			if got := s.do(http.MethodGet, "/readyz", ""); got.StatusCode != http.StatusOK {
				t.Errorf("after SIGHUP /readyz is %d; want 200", got.StatusCode)
			}
		}
	}
	var ready answer
	eventually(t, "the server is not ready", func() bool {
		ready = s.do(http.MethodGet, "/readyz", "")
		return ready.StatusCode == http.StatusServiceUnavailable
	})
	if ready.Header.Get("Retry-After") == "" {
		t.Errorf("/readyz has the header %v; want Retry-After", ready.Header)
	}
	s.client.CloseIdleConnections() // so that the next request needs a connection
	for _, path := range []string{"/", "/healthz"} {
		if got := s.page(path); got.StatusCode != http.StatusOK {
			t.Errorf("%s is %d; want 200 until the delay is over", path, got.StatusCode)
		}
	}

	ended := make(chan *os.ProcessState)
	go func() {
		state, _ := process.Wait()
		ended <- state
	}()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case state := <-ended:
			if status, ok := state.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGTERM {
				t.Errorf("the process ended with %v; want the second signal to end it", state)
			}
			return
		case <-tick.C:
			_ = process.Signal(syscall.SIGTERM)
		}
	}
}

// TestARequestThatDoesNotEndIsCutOff sends half of a body, and stops the server.
func TestARequestThatDoesNotEndIsCutOff(t *testing.T) {
	s, process := startProcess(t, "serve", "--data", t.TempDir(), "--shutdown-timeout", "10ms")
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	_, _ = fmt.Fprintf(c, "POST /api/cart HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 15\r\n\r\n")
	if _, err := c.Read(make([]byte, 512)); err != nil {
		t.Fatal(err)
	}
	if err := process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if state, err := process.Wait(); err == nil && state.ExitCode() != 0 {
		t.Errorf("exit code %d; want 0\n%s", state.ExitCode(), s.log)
	}
	eventually(t, "the log says it", func() bool { return strings.Contains(s.log.String(), "were cut off") })
}

func TestProbesAreAnsweredWhateverTheHost(t *testing.T) {
	all := startShop(t, "--host", "shop.example")
	proxy := startProxy(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "origin") }, "--host", "shop.example")
	tests := []struct {
		name, path string
		at         *testShop
		want       int
	}{
		{"a shop's health", "/healthz", all, 200},
		{"a shop's readiness", "/readyz", all, 200},
		{"a page", "/", all, 421},
		{"what begins like a probe", "/healthz/x", all, 421},
		{"what invalidates", "/-/invalidate", all, 421},
		{"a proxy's health", "/-/healthz", proxy, 200},
		{"a proxy's readiness", "/-/readyz", proxy, 200},
		{"a document of the origin", "/", proxy, 421},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := test.at.do(http.MethodGet, test.path, ""); got.StatusCode != test.want {
				t.Errorf("GET %s = %d; want %d", test.path, got.StatusCode, test.want)
			}
		})
	}
}

// TestSocketsOfAServiceManagerAreTakenOver has a shell tell the program its own
// process id, as systemd does.
func TestSocketsOfAServiceManagerAreTakenOver(t *testing.T) {
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	file, err := l.File()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	c := exec.CommandContext(t.Context(), "sh", "-c", `LISTEN_PID=$$ exec "$0" "$@"`, os.Args[0],
		"serve", "--data", ":memory:", "--listen", "127.0.0.1:1", "--log", "text")
	c.Env = append(os.Environ(), asProgram+"=1", "LISTEN_FDS=1", "LISTEN_FDNAMES=web")
	c.ExtraFiles = []*os.File{file}
	log := &lockedBuffer{}
	c.Stderr = log
	stdout, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
	s := newShop(t, readAddress(t, stdout, log), log)
	if want := "http://" + l.Addr().String(); s.url != want {
		t.Errorf("the server listens on %s; want %s", s.url, want)
	}
	if got := s.page("/"); got.StatusCode != http.StatusOK {
		t.Errorf("GET / = %d; want 200", got.StatusCode)
	}
}
