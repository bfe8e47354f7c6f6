//go:build !linux

package main

import (
	"context"
	"errors"
	"io"

	"github.com/urfave/cli/v3"
)

func liveCommands() []*cli.Command { return []*cli.Command{liveCommand()} }

func measureLive(context.Context, plan, io.Writer, io.Writer) error {
	return errors.New("live connections can be measured on Linux only: the clients use epoll, and the server's memory is read from /proc")
}
