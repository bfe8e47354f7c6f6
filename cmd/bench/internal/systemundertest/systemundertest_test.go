//go:build linux

package systemundertest

import (
	"context"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/urfave/cli/v3"
	"go.uber.org/goleak"

	"selvedge/cmd/internal/footprint"
)

// TestMain is also the server processes of the tests.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && strings.HasPrefix(os.Args[1], "serve-") {
		program := &cli.Command{Commands: []*cli.Command{LiveCommand(), PagesCommand()}}
		if err := program.Run(context.Background(), os.Args); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

func liveOptions(system string) LiveOptions {
	return LiveOptions{System: system, Address: "127.0.0.1:0", Revision: 1, Stall: time.Second}
}

func TestAServerThatEndsIsAnError(t *testing.T) {
	s, err := StartLive(t.Context(), io.Discard, liveOptions(Hub))
	if err != nil {
		t.Fatal(err)
	}
	s.Kill()
	if err := s.Call("Settle", nil, new(footprint.Footprint)); err == nil {
		t.Error("a call of a server that was killed gave no error")
	}
}

func TestAnUnknownSystemIsNotStarted(t *testing.T) {
	s, err := StartLive(t.Context(), io.Discard, liveOptions("nothing"))
	if err == nil {
		s.Kill()
		t.Error("StartLive gave no error")
	}
}
