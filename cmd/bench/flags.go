package main

import (
	"strings"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/bench/internal/livebench"
	"selvedge/cmd/bench/internal/pagebench"
)

const liveUsage = "measure live connections: memory, changes to all pages, reconnects"

// liveFlags are the flags of the live command, on all systems.
func liveFlags() []cli.Flag {
	return []cli.Flag{
		&cli.IntFlag{Name: "connections", Value: 10000, Usage: "open pages, or as many as the limit of descriptors allows"},
		&cli.IntFlag{Name: "rounds", Value: 3, Usage: "how many times all is measured; the table shows medians"},
		&cli.StringSliceFlag{Name: "part", Value: livebench.Parts(), Usage: "measure this alone; may be repeated"},
		&cli.StringFlag{Name: "peers", Value: "cmd/bench/peers", Usage: "the `FOLDER` of the servers to compare with"},
		&cli.StringFlag{Name: "profile", Usage: "write profiles of the server's processor time into this `FOLDER`"},
	}
}

const pageUsage = "measure pages beside a bare handler, nginx and Varnish"

// pageFlags are the flags of the page command, on all systems.
func pageFlags() []cli.Flag {
	return []cli.Flag{
		&cli.IntFlag{Name: "rounds", Value: 5, Usage: "how many times all is measured; the table shows medians"},
		&cli.FloatFlag{Name: "seconds", Value: 1, Usage: "for which a system is measured in a round"},
		&cli.StringSliceFlag{Name: "only", Usage: "measure this `ROW` alone, of " + strings.Join(pagebench.Rows(), ", ") + "; may be repeated"},
		&cli.StringFlag{Name: "selvedge", Usage: "measure this `FILE` as the proxy, instead of building cmd/selvedge"},
		&cli.StringFlag{Name: "profile", Usage: "write profiles of the processor time of ours, in process, into this `FOLDER`"},
	}
}
