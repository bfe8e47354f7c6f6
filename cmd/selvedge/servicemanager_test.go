package main

import (
	"net"
	"net/http"
	"os"
	"testing"
	"time"
)

// TestAServiceManagerIsToldTheState has the socket of a service manager, as sd_notify(3)
// describes it.
func TestAServiceManagerIsToldTheState(t *testing.T) {
	manager := listenForStates(t)
	s, process := startProcess(t, "serve", "--config", writeSite(t, ""))
	if got := manager(); got != "READY=1" {
		t.Errorf("the manager is told %q; want READY=1", got)
	}
	if got := s.page("/"); got.StatusCode != http.StatusOK {
		t.Errorf("GET / of a ready server = %s; want 200 OK", got.Status)
	}
	if err := process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if got := manager(); got != "STOPPING=1" {
		t.Errorf("the manager is told %q; want STOPPING=1", got)
	}
}

// listenForStates listens as a service manager does, and names its socket in the environment.
// The function returned waits for the next state.
func listenForStates(t *testing.T) (next func() string) {
	t.Helper()
	path := socketPath(t)
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = socket.Close() })
	t.Setenv("NOTIFY_SOCKET", path)
	return func() string {
		t.Helper()
		if err := socket.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		state := make([]byte, 100)
		n, err := socket.Read(state)
		if err != nil {
			t.Fatal(err)
		}
		return string(state[:n])
	}
}
