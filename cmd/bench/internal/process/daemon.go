//go:build linux

package process

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// A Daemon is a server of another program. It is terminated when this process
// ends, for whatever reason.
type Daemon struct {
	PID int

	cancel context.CancelFunc
	ended  chan struct{} // closed at the end of the process
	err    error         // of the end of the process
	log    string        // file with its output
}

var errEnded = errors.New("it ended")

const (
	listenTimeout = 20 * time.Second // for a daemon to accept connections
	stopTimeout   = 5 * time.Second  // from SIGTERM to SIGKILL
)

// StartDaemon starts a program, and waits up to 20 seconds until it accepts
// connections at an address. Its output goes to a file in a folder; the last
// line is in the error if the program ends instead.
func StartDaemon(ctx context.Context, folder, address, program string, args ...string) (*Daemon, error) {
	d := &Daemon{ended: make(chan struct{}), log: filepath.Join(folder, filepath.Base(program)+".log")}
	output, err := os.Create(d.log) //nolint:gosec // in a folder of ours
	if err != nil {
		return nil, err
	}
	defer func() { _ = output.Close() }()
	ctx, d.cancel = context.WithCancel(ctx)
	command := exec.CommandContext(ctx, program, args...)
	command.Stdout, command.Stderr = output, output
	// A master that handles SIGTERM ends its workers.
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.WaitDelay = stopTimeout
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := command.Start(); err != nil {
		d.cancel()
		return nil, err
	}
	d.PID = command.Process.Pid
	go func() {
		d.err = command.Wait()
		close(d.ended)
	}()
	if err := d.awaitListener(ctx, address); err != nil {
		d.Stop()
		return nil, fmt.Errorf("%s: %w", filepath.Base(program), err)
	}
	return d, nil
}

// awaitListener waits until the address accepts connections.
func (d *Daemon) awaitListener(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeoutCause(ctx, listenTimeout, fmt.Errorf("it does not listen after %v", listenTimeout))
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		c, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
		if err == nil {
			return c.Close()
		}
		select {
		case <-again.C:
		case <-d.ended:
			return fmt.Errorf("%w: %s", cmp.Or(d.err, errEnded), d.lastLine())
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// lastLine returns the last line of the output.
func (d *Daemon) lastLine() string {
	b, err := os.ReadFile(d.log)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	return lines[len(lines)-1]
}

// Stop ends the program with SIGTERM, or with SIGKILL five seconds later, and
// waits for its end.
func (d *Daemon) Stop() {
	d.cancel()
	<-d.ended
}
