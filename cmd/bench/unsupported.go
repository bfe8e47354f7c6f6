//go:build !linux

package main

import (
	"context"
	"errors"

	"github.com/urfave/cli/v3"
)

// liveCommand explains why it does nothing.
func liveCommand() *cli.Command {
	return &cli.Command{
		Name:  "live",
		Usage: liveUsage,
		Flags: liveFlags(),
		Action: func(context.Context, *cli.Command) error {
			return errors.New("live connections can be measured on Linux only: the clients use epoll, and the server's memory is read from /proc")
		},
	}
}

// pageCommand explains why it does nothing.
func pageCommand() *cli.Command {
	return &cli.Command{
		Name:  "page",
		Usage: pageUsage,
		Flags: pageFlags(),
		Action: func(context.Context, *cli.Command) error {
			return errors.New("pages can be measured on Linux only: the clients use epoll, and the machine's load is read from /proc")
		},
	}
}

// serverCommands returns nothing.
func serverCommands() []*cli.Command { return nil }
