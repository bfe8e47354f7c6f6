//go:build linux

package main

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

// A daemon is a server that is not this program, in a process of its own. It
// ends when this program does, however that comes about.
type daemon struct {
	pid    int
	cancel context.CancelFunc
	ended  chan struct{} // closed at the end of the process
	err    error         // what it ended with
	log    string        // the file that has its output
}

var errEnded = errors.New("it ended")

// The times within which a daemon has to listen, and to end.
const (
	listenTime = 20 * time.Second
	endTime    = 5 * time.Second
)

// startDaemon starts a program that will listen at an address, and waits until
// it does. What the program says goes to a file in a folder.
func startDaemon(ctx context.Context, folder, address, program string, args ...string) (*daemon, error) {
	d := &daemon{ended: make(chan struct{}), log: filepath.Join(folder, filepath.Base(program)+".log")}
	output, err := os.Create(d.log) //nolint:gosec // in a folder of ours
	if err != nil {
		return nil, err
	}
	defer func() { _ = output.Close() }()
	ctx, d.cancel = context.WithCancel(ctx)
	command := exec.CommandContext(ctx, program, args...)
	command.Stdout, command.Stderr = output, output
	// A signal that can be handled, so that workers end with their master.
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.WaitDelay = endTime
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := command.Start(); err != nil {
		d.cancel()
		return nil, err
	}
	d.pid = command.Process.Pid
	go func() {
		d.err = command.Wait()
		close(d.ended)
	}()
	if err := d.await(ctx, address); err != nil {
		d.stop()
		return nil, fmt.Errorf("%s: %w", filepath.Base(program), err)
	}
	return d, nil
}

// await waits until somebody listens at an address.
func (d *daemon) await(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeoutCause(ctx, listenTime, fmt.Errorf("it does not listen after %v", listenTime))
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
			return fmt.Errorf("%w: %s", cmp.Or(d.err, errEnded), d.lastWords())
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// lastWords is the last line of what the program said.
func (d *daemon) lastWords() string {
	b, err := os.ReadFile(d.log)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	return lines[len(lines)-1]
}

// stop ends the program, and waits for its end.
func (d *daemon) stop() {
	d.cancel()
	<-d.ended
}

// freeAddress is an address at which nobody listens.
func freeAddress(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
