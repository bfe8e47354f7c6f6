package dev

import (
	"context"
	"fmt"
	"io"
	"net"
	"time"
)

// The pauses before the restart of an ended server, and the longest wait for a starting
// server.
const (
	firstPause   = 500 * time.Millisecond
	maxPause     = 10 * time.Second
	startTimeout = 15 * time.Second
)

// server runs a command until it is canceled.
type server struct {
	servers    *Servers
	command    Command
	cancel     context.CancelFunc
	ended      chan struct{}
	restart    chan struct{} // of capacity one; it is sent to under Servers.mu
	isStarting bool          // guarded by Servers.mu
}

// requestRestart has the command started again. The caller holds Servers.mu.
func (r *server) requestRestart() {
	select {
	case r.restart <- struct{}{}:
	default:
	}
}

// run starts the command, again and again.
func (r *server) run(ctx context.Context) {
	for pause := firstPause; r.serve(ctx, &pause); pause = min(2*pause, maxPause) {
		wait := time.NewTimer(pause)
		select {
		case <-ctx.Done():
		case <-r.restart:
			pause = firstPause / 2 // the loop doubles it
		case <-wait.C:
		}
		wait.Stop()
	}
}

// serve starts the command, and again at once on request. It returns when the command has
// ended by itself, and reports false if ctx has ended. After a requested start, or an answer
// of the server, the pause is firstPause.
func (r *server) serve(ctx context.Context, pause *time.Duration) bool {
	s := r.servers
	for ctx.Err() == nil {
		select {
		case <-r.restart: // the next start has the changes
		default:
		}
		s.templ.awaitTexts(ctx, r.command)
		p, err := startProcess(r.command.Args, r.command.Dir, r.command.environment(s.templ.environment(r.command)...),
			func(output io.Reader) { s.output.show(r.command.Name, output) })
		if err != nil {
			r.fail(fmt.Sprintf("cannot be started: %v", err), *pause)
			return true
		}
		s.keep(p, true)
		failed := r.follow(ctx, p, pause)
		s.keep(p, false)
		if failed {
			return true
		}
	}
	return false
}

// follow follows a process to its end. It reports false for a process that was stopped,
// because ctx has ended or a restart was requested.
func (r *server) follow(ctx context.Context, p *process, pause *time.Duration) (failed bool) {
	answers, stop := awaitAnswer(ctx, r.command.Address)
	defer stop()
	late := time.NewTimer(startTimeout)
	defer late.Stop()
	for {
		select {
		case <-ctx.Done():
			p.stop()
			return false
		case <-r.restart:
			p.stop()
			*pause = firstPause
			return false
		case <-answers:
			answers = nil
			*pause = firstPause
			if r.endStart() {
				r.servers.options.Changed()
			}
		case <-late.C:
			if answers != nil {
				r.servers.output.line(r.command.Name, fmt.Sprintf("has not answered at %s for %v; PORT in its environment is that port", r.command.Address, startTimeout))
				r.endStart()
			}
		case <-p.ended:
			p.stop()
			text := "has ended"
			if p.err != nil {
				text += ": " + p.err.Error()
			}
			r.fail(text, *pause)
			return true
		}
	}
}

// endStart notes the end of the start, for good or ill. It reports false before another
// start.
func (r *server) endStart() bool {
	s := r.servers
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(r.restart) > 0 {
		return false
	}
	s.setStarting(r, false)
	return true
}

// fail shows the reason of an end, and the time of the next start. The first time, pages are
// outdated.
func (r *server) fail(text string, pause time.Duration) {
	r.servers.output.line(r.command.Name, fmt.Sprintf("%s; it is started again in %v, or when a file changes", text, pause))
	if r.endStart() && pause <= firstPause && r.command.Address != "" {
		r.servers.options.Changed()
	}
}

// awaitAnswer returns a channel that is closed when a server listens at an address, or nil
// for no address. The caller calls stop.
func awaitAnswer(ctx context.Context, address string) (answers <-chan struct{}, stop func()) {
	if address == "" {
		return nil, func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	found, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		if dialUntilAnswer(ctx, address) {
			close(found)
		}
	}()
	return found, func() {
		cancel()
		<-ended
	}
}

// pollInterval is the time between two looks at what a starting program waits for.
const pollInterval = 15 * time.Millisecond

// dialUntilAnswer connects to an address until a server answers. It reports false if ctx ends
// before.
func dialUntilAnswer(ctx context.Context, address string) bool {
	dialer := net.Dialer{Timeout: time.Second}
	return poll(ctx, func() bool {
		conn, err := dialer.DialContext(ctx, "tcp", address)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
}

// poll calls is until it reports true. It reports false if ctx ends before.
func poll(ctx context.Context, is func() bool) bool {
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for !is() {
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
	}
	return true
}
