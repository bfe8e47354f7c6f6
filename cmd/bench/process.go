//go:build linux

package main

import (
	"context"
	"fmt"
	"io"
	"net/rpc"
	"net/rpc/jsonrpc"
	"os"
	"os/exec"
	"strconv"
	"time"
)

// A process is a server in a process of its own.
type process struct {
	Greeting
	command *exec.Cmd
	orders  *rpc.Client
	foreign bool // a peer
}

// orderTime is how long a server may take to obey, or to start.
const orderTime = 30 * time.Second

// start starts a server process that serves a subject, and waits until it
// listens. Its pages show a revision, and it gives up clients that do not read
// for the time of a stall.
func start(ctx context.Context, subject, address string, revision int64, stall time.Duration, stderr io.Writer) (*process, error) {
	return startSelf(ctx, stderr, "serve-live",
		"--subject", subject, "--listen", address, "--revision", strconv.FormatInt(revision, 10), "--stall", stall.String())
}

// startSelf starts this program as a server process, and waits until it
// listens.
func startSelf(ctx context.Context, stderr io.Writer, args ...string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return launch(exec.CommandContext(ctx, self, args...), stderr)
}

// launch starts a server process, and waits until it listens.
func launch(command *exec.Cmd, stderr io.Writer) (*process, error) {
	p := &process{command: command}
	p.command.Stderr = stderr
	in, err := p.command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.command.Start(); err != nil {
		return nil, fmt.Errorf("start server process: %w", err)
	}
	p.orders = jsonrpc.NewClient(pipe{out, in})
	if err := p.call("Greet", &p.Greeting); err != nil {
		p.kill()
		return nil, err
	}
	return p, nil
}

// order has the server do something, and does not wait for it.
func (p *process) order(what string, argument any) *rpc.Call {
	return p.orders.Go("Server."+what, argument, new(struct{}), make(chan *rpc.Call, 1))
}

// call asks the server for something.
func (p *process) call(what string, reply any) error {
	return wait(p.orders.Go("Server."+what, struct{}{}, reply, make(chan *rpc.Call, 1)))
}

// wait waits for what was ordered.
func wait(call *rpc.Call) error {
	select {
	case <-call.Done:
	case <-time.After(orderTime):
		return fmt.Errorf("%s: the server did not answer within %v", call.ServiceMethod, orderTime)
	}
	if call.Error != nil {
		return fmt.Errorf("%s: %w", call.ServiceMethod, call.Error)
	}
	return nil
}

// kill ends the process with SIGKILL, and waits for its end.
func (p *process) kill() {
	_ = p.command.Process.Kill()
	_ = p.orders.Close()
	_ = p.command.Wait()
}
