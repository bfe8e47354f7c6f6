package logging_test

import (
	"log/slog"
	"strings"
	"testing"

	"selvedge/cmd/selvedge/internal/logging"
)

func TestAFailedHandshakeIsNoWarning(t *testing.T) {
	var b strings.Builder
	log := logging.ForServer(slog.New(slog.NewTextHandler(&b, nil)))
	log.Print("http: TLS handshake error from 192.0.2.7:1: EOF")
	log.Print("http: Accept error: too many open files")
	lines := strings.Split(b.String(), "\n")
	if len(lines) != 3 || !strings.Contains(lines[0], "level=INFO") || !strings.Contains(lines[1], "level=WARN") || !strings.Contains(lines[1], "too many open files") {
		t.Errorf("the log has %q; want a line of each level", lines)
	}
}
