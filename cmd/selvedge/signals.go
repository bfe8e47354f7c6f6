package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// runUntilSignal runs the program, and has it stop as its flags say at SIGINT or
// SIGTERM. A second one of these ends the process at once. SIGHUP, which a
// terminal sends when it is closed, and with which some programs are asked to
// read their configuration again, does nothing.
func runUntilSignal(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	signal.Ignore(syscall.SIGHUP)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // from then on signals do what they do by default
	return run(ctx, args, stdin, stdout, stderr)
}
