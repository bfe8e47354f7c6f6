//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/bench/internal/livebench"
	"selvedge/cmd/bench/internal/report"
	"selvedge/cmd/bench/internal/sysinfo"
	"selvedge/cmd/bench/internal/systemundertest"
)

// liveCommand measures live connections.
func liveCommand() *cli.Command {
	return &cli.Command{
		Name:  "live",
		Usage: liveUsage,
		Flags: liveFlags(),
		Action: func(ctx context.Context, c *cli.Command) error {
			o := liveOptions{
				plan:   livebench.DefaultPlan(c.Int("connections")),
				rounds: c.Int("rounds"),
				parts:  c.StringSlice("part"),
				peers:  c.String("peers"),
			}
			o.plan.Profiles = c.String("profile")
			if part, ok := o.parts.Unknown(livebench.Parts()); ok {
				return fmt.Errorf("--part %s is not one of %s", part, strings.Join(livebench.Parts(), ", "))
			}
			if o.plan.Connections < 1 || o.rounds < 1 {
				return errors.New("--connections and --rounds are numbers from 1")
			}
			return measureLive(ctx, o, c.Root().Writer, c.Root().ErrWriter)
		},
	}
}

// liveOptions are the flags of the live command.
type liveOptions struct {
	plan   livebench.Plan
	rounds int
	parts  report.Selection
	peers  string // folder of the peers
}

// measureLive measures the selected parts in rounds, and writes the table to
// stdout and its progress to stderr. It returns an error if the run is not
// valid.
func measureLive(ctx context.Context, o liveOptions, stdout, stderr io.Writer) error {
	wanted := o.plan.Connections
	var err error
	if o.plan.Connections, err = sysinfo.AffordableConnections(wanted); err != nil {
		return err
	}
	if o.plan.Connections < wanted {
		_, _ = fmt.Fprintf(stdout, "The limit of descriptors allows %d of %d connections.\n", o.plan.Connections, wanted)
	}
	b, err := livebench.New(o.plan, stderr)
	if err != nil {
		return err
	}
	defer b.Close()
	load := sysinfo.LoadAverage()
	before, err := sysinfo.TakeSnapshot()
	if err != nil {
		return err
	}
	for i := range o.rounds {
		b.Logf("round %d of %d", i+1, o.rounds)
		if err := measureLiveRound(ctx, b, o); err != nil {
			return fmt.Errorf("round %d: %w", i+1, err)
		}
	}
	after, err := sysinfo.TakeSnapshot()
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(stdout, "%d connections, rounds: %d. Clients and server shared %d processors with other programs,\n"+
		"which used %.0f %% of them; the load average was %s before and %s after.\n\n",
		o.plan.Connections, o.rounds, runtime.NumCPU(), 100*after.OtherPrograms(before), load, sysinfo.LoadAverage())
	if err := report.WriteTable(stdout, b.Lines(o.parts)); err != nil {
		return err
	}
	return b.Err()
}

// measureLiveRound measures the selected parts once: the hub, the hub with
// personal views, the naive peer, and the other peers, each in a process of its
// own.
func measureLiveRound(ctx context.Context, b *livebench.Bench, o liveOptions) error {
	for _, server := range []struct {
		system string
		steps  []livebench.Step
	}{
		{systemundertest.Hub, []livebench.Step{
			{Part: livebench.Memory, Measure: b.MeasureMemory},
			{Part: livebench.Idle, Measure: b.MeasureIdle},
			{Part: livebench.Changes, Measure: b.MeasureChanges},
			{Part: livebench.Renders, Measure: b.MeasureRenders},
			{Part: livebench.Reconnect, Measure: b.MeasureReconnect},
			{Part: livebench.Updates, Measure: b.MeasureUpdates},
			{Part: livebench.Visible, Measure: b.MeasureVisible},
			{Part: livebench.Slow, Measure: b.MeasureSlow},
			{Part: livebench.Jitter, Measure: b.MeasureJitter},
		}},
		{systemundertest.Hub, []livebench.Step{
			{Part: livebench.Personal, Measure: b.MeasurePersonalMemory},
		}},
		{systemundertest.Naive, []livebench.Step{
			{Part: livebench.Naive, Measure: b.MeasureNaiveMemory},
			{Part: livebench.Naive, Measure: b.MeasureNaiveChanges},
		}},
	} {
		steps := slices.DeleteFunc(server.steps, func(s livebench.Step) bool { return !o.parts.Has(s.Part) })
		if err := b.MeasureServer(ctx, server.system, steps); err != nil {
			return fmt.Errorf("%s: %w", server.system, err)
		}
	}
	if !o.parts.Has(livebench.Peers) {
		return nil
	}
	return b.MeasurePeers(ctx, o.peers)
}
