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
	"time"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/bench/internal/pagebench"
	"selvedge/cmd/bench/internal/report"
	"selvedge/cmd/bench/internal/sysinfo"
)

// pageCommand measures pages.
func pageCommand() *cli.Command {
	return &cli.Command{
		Name:  "page",
		Usage: pageUsage,
		Flags: pageFlags(),
		Action: func(ctx context.Context, c *cli.Command) error {
			o := pageOptions{
				plan:     pagebench.DefaultPlan(time.Duration(c.Float("seconds") * float64(time.Second))),
				rounds:   c.Int("rounds"),
				rows:     c.StringSlice("only"),
				selvedge: c.String("selvedge"),
			}
			o.plan.Profiles = c.String("profile")
			if o.rounds < 1 || o.plan.Duration <= 0 {
				return errors.New("--rounds is a number from 1, and --seconds one above 0")
			}
			if row, ok := o.rows.Unknown(pagebench.Rows()); ok {
				return fmt.Errorf("--only %s: the rows are %s", row, strings.Join(pagebench.Rows(), ", "))
			}
			if len(o.rows) == 0 {
				o.rows = pagebench.Rows()
			}
			return measurePages(ctx, o, c.Root().Writer, c.Root().ErrWriter)
		},
	}
}

// pageOptions are the flags of the page command.
type pageOptions struct {
	plan     pagebench.Plan
	rounds   int
	rows     report.Selection
	selvedge string // file of the proxy; empty: it is built
}

// measurePages measures the selected rows, and writes the table to stdout and its
// progress to stderr. It returns an error if the run is not valid.
func measurePages(ctx context.Context, o pageOptions, stdout, stderr io.Writer) error {
	b := pagebench.New(o.plan, stderr)
	load := sysinfo.LoadAverage()
	before, err := sysinfo.TakeSnapshot()
	if err != nil {
		return err
	}
	err = measurePageRows(ctx, b, o)
	b.Close() // before the second snapshot, which counts only processes of ours that have ended
	if err != nil {
		return err
	}
	after, err := sysinfo.TakeSnapshot()
	if err != nil {
		return err
	}
	programs := append([]string{runtime.Version()}, b.Versions()...)
	_, _ = fmt.Fprintf(stdout, "%s, %d processors; %s.\n"+
		"%d connections, rounds: %d of %v each. Clients, origin and servers shared the machine with other programs,\n"+
		"which used %.0f %% of it; the load average was %s before and %s after.\n\n",
		sysinfo.ProcessorName(), runtime.NumCPU(), strings.Join(programs, ", "),
		o.plan.Connections, o.rounds, o.plan.Duration, 100*after.OtherPrograms(before), load, sysinfo.LoadAverage())
	if err := report.WriteTable(stdout, b.Lines(o.rows)); err != nil {
		return err
	}
	return b.Err()
}

// measurePageRows measures the memory of stored fragments, starts the systems,
// and measures the rows of their pages in rounds.
func measurePageRows(ctx context.Context, b *pagebench.Bench, o pageOptions) error {
	if o.rows.Has(pagebench.Memory) {
		if err := b.MeasureMemory(ctx); err != nil {
			return err
		}
	}
	if !slices.ContainsFunc(o.rows, func(row string) bool { return row != pagebench.Memory }) {
		return nil
	}
	b.Logf("starting the systems")
	if err := b.StartSystems(ctx, o.selvedge); err != nil {
		return err
	}
	b.VerifyPages(ctx)
	for round := range o.rounds {
		b.Logf("round %d of %d", round+1, o.rounds)
		for _, step := range []struct {
			row     string
			measure func(ctx context.Context, round int) error
		}{
			{pagebench.Cached, b.MeasureCached},
			{pagebench.Uncached, b.MeasureUncached},
			{pagebench.Slow, b.MeasureSlow},
			{pagebench.Allocations, b.MeasureAllocations},
			{pagebench.Growth, b.MeasureGrowth},
		} {
			if !o.rows.Has(step.row) {
				continue
			}
			if err := step.measure(ctx, round); err != nil {
				return fmt.Errorf("round %d: %s: %w", round+1, step.row, err)
			}
		}
	}
	return nil
}
