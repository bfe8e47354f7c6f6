package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"
)

// shutdown stops a server, in this order:
//
//  1. The server is not ready any more, and serves on for the delay, so that load
//     balancers send their requests elsewhere.
//  2. The server closes its listeners, and tells open pages to connect again.
//  3. The running requests end. After the timeout, the server cuts them off.
type shutdown struct {
	delay   time.Duration
	timeout time.Duration
}

// awaitDelay is step 1.
func (s *shutdown) awaitDelay(logger *slog.Logger) {
	logger.Info("stopping", "drain_delay_seconds", s.delay.Seconds())
	time.Sleep(s.delay)
}

// stop is steps 2 and 3. The function drain ends the live connections.
func (s *shutdown) stop(logger *slog.Logger, server *http.Server, drain func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), s.timeout)
	defer cancel()
	// The listeners close while the open pages are told to connect again, so that the
	// pages reach the next process at the address.
	drained := make(chan error, 1)
	go func() { drained <- drain(ctx) }()
	err := server.Shutdown(ctx)
	late := errors.Is(err, context.DeadlineExceeded)
	if late {
		err = server.Close()
	}
	drainErr := <-drained
	if late || errors.Is(drainErr, context.DeadlineExceeded) {
		logger.Warn("requests and connections were cut off", "shutdown_timeout_seconds", s.timeout.Seconds())
		if errors.Is(drainErr, context.DeadlineExceeded) {
			drainErr = nil
		}
	}
	return errors.Join(err, drainErr)
}
