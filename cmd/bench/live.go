package main

import (
	"context"
	"errors"
	"time"

	"github.com/urfave/cli/v3"
)

// A plan says how much is measured.
type plan struct {
	connections int
	rounds      int
	parts       []string      // that are measured
	peers       string        // folder of the peers
	changes     int           // sent to all pages, in a round
	gap         time.Duration // between them
	idleFor     time.Duration // for which the idle server is watched
	updateFor   time.Duration // for which all views change all the time
	ping        time.Duration // the hub's default, which the idle server keeps
	stall       time.Duration // likewise, for clients that do not read
	jitter      jitterPlan
	profiles    string // folder for profiles of the server; empty: none
}

var defaultPlan = plan{
	changes:   10,
	gap:       400 * time.Millisecond,
	idleFor:   12500 * time.Millisecond,
	updateFor: 3 * time.Second,
	ping:      25 * time.Second,
	stall:     10 * time.Second,
	jitter: jitterPlan{
		changes: 120,
		gap:     500 * time.Millisecond,
		online:  5500 * time.Millisecond,
		offline: 2 * time.Second,
	},
}

// liveCommand measures live connections.
func liveCommand() *cli.Command {
	return &cli.Command{
		Name:  "live",
		Usage: "measure live connections: memory, changes to all pages, reconnects",
		Flags: []cli.Flag{
			&cli.IntFlag{Name: "connections", Value: 10000, Usage: "open pages, or as many as the limit of descriptors allows"},
			&cli.IntFlag{Name: "rounds", Value: 3, Usage: "how many times all is measured; the table shows medians"},
			&cli.StringSliceFlag{Name: "part", Value: allParts, Usage: "measure this alone; may be repeated"},
			&cli.StringFlag{Name: "peers", Value: "cmd/bench/peers", Usage: "the `FOLDER` of the servers to compare with"},
			&cli.StringFlag{Name: "profile", Usage: "write profiles of the server's processor time into this `FOLDER`"},
		},
		Action: func(ctx context.Context, c *cli.Command) error {
			p := defaultPlan
			p.connections, p.rounds, p.profiles = c.Int("connections"), c.Int("rounds"), c.String("profile")
			p.parts, p.peers = c.StringSlice("part"), c.String("peers")
			if err := checkParts(p.parts); err != nil {
				return err
			}
			if p.connections < 1 || p.rounds < 1 {
				return errors.New("--connections and --rounds are numbers from 1")
			}
			return measureLive(ctx, p, c.Root().Writer, c.Root().ErrWriter)
		},
	}
}
