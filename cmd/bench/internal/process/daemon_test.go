//go:build linux

package process

import (
	"net"
	"strings"
	"testing"
)

func TestAProgramThatEndsIsNotStarted(t *testing.T) {
	address, err := FreeAddress(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = StartDaemon(t.Context(), t.TempDir(), address, "sh", "-c", "echo first; echo no such thing >&2; exit 3")
	if err == nil || err.Error() != "sh: exit status 3: no such thing" {
		t.Errorf("StartDaemon = %v; want the program's last words", err)
	}
}

func TestStoppingWaitsForTheProgram(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") // in the program's place
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	d, err := StartDaemon(t.Context(), t.TempDir(), listener.Addr().String(), "sleep", "60")
	if err != nil {
		t.Fatal(err)
	}
	d.Stop()
	select {
	case <-d.ended:
	default:
		t.Error("the program has not ended")
	}
	if d.err == nil || !strings.Contains(d.err.Error(), "terminated") {
		t.Errorf("it ended with %v; want a signal", d.err)
	}
}
