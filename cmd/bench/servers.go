//go:build linux

package main

import (
	"github.com/urfave/cli/v3"

	"selvedge/cmd/bench/internal/systemundertest"
)

// serverCommands returns the hidden commands of the processes that are measured.
func serverCommands() []*cli.Command {
	return []*cli.Command{systemundertest.LiveCommand(), systemundertest.PagesCommand()}
}
