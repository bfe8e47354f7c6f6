//go:build !linux

package main

import (
	"context"
	"errors"
	"io"

	"github.com/urfave/cli/v3"
)

func pageCommands() []*cli.Command { return []*cli.Command{pageCommand()} }

func measurePages(context.Context, pagePlan, io.Writer, io.Writer) error {
	return errors.New("pages can be measured on Linux only: the clients use epoll, and the machine's load is read from /proc")
}
