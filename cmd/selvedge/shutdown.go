package main

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"time"
)

// shutdown is how a process stops, in this order:
//
//  1. It is not ready any more, and serves on for the delay, so that load
//     balancers send their requests elsewhere.
//  2. It closes its listeners, and tells open pages to come back.
//  3. Running requests end by themselves, or are cut off after the timeout.
type shutdown struct {
	delay   time.Duration
	timeout time.Duration
	begun   atomic.Bool
}

// waitDelay is the first step.
func (p *process) waitDelay() {
	p.stop.begun.Store(true)
	p.logger.Info("stopping", "drain_delay_seconds", p.stop.delay.Seconds())
	time.Sleep(p.stop.delay)
}

// shutDown is the other steps. Drain ends the live connections.
func (p *process) shutDown(server *http.Server, drain func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), p.stop.timeout)
	defer cancel()
	// Nobody is let in any more while the open pages are told to come back:
	// they find whoever takes over.
	drained := make(chan error, 1)
	go func() { drained <- drain(ctx) }()
	err := server.Shutdown(ctx)
	late := errors.Is(err, context.DeadlineExceeded)
	if late {
		err = server.Close()
	}
	drainErr := <-drained
	if late || errors.Is(drainErr, context.DeadlineExceeded) {
		p.logger.Warn("requests and connections were cut off", "shutdown_timeout_seconds", p.stop.timeout.Seconds())
		if errors.Is(drainErr, context.DeadlineExceeded) {
			drainErr = nil
		}
	}
	return errors.Join(err, drainErr)
}
