package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// runUntilSignal runs the program, with these signals:
//
//   - the first SIGINT or SIGTERM stops the program by its flags;
//   - a second SIGINT or SIGTERM ends the process at once;
//   - SIGHUP has a site with a configuration file read it again, and no effect otherwise,
//     because a closed terminal sends it too.
func runUntilSignal(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	signal.Ignore(syscall.SIGHUP)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // so that the next signal has its default effect
	return run(ctx, args, stdin, stdout, stderr)
}
