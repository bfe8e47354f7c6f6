//go:build linux

package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/bench/internal/report"
)

// A pagePlan says what is measured of pages, and for how long.
type pagePlan struct {
	rounds      int
	connections int
	measure     time.Duration // for which a system is measured at a time
	warm        time.Duration // before that, not counted
	stored      int           // fragments whose memory is measured
	busiest     float64       // share of a processor above which the clients may be what is measured
	rows        []string
	binary      string // of selvedge; empty: it is built
	profiles    string // folder for profiles of ours; empty: none
}

var defaultPagePlan = pagePlan{
	connections: 32,
	warm:        150 * time.Millisecond,
	stored:      10_000,
	busiest:     report.MaxClientShare,
}

func (p pagePlan) has(row string) bool { return slices.Contains(p.rows, row) }

// needsSystems reports whether anything is measured from outside.
func (p pagePlan) needsSystems() bool {
	return slices.ContainsFunc(p.rows, func(row string) bool { return row != memoryRow })
}

// pageCommand measures pages.
func pageCommand() *cli.Command {
	return &cli.Command{
		Name:  "page",
		Usage: pageUsage,
		Flags: pageFlags(),
		Action: func(ctx context.Context, c *cli.Command) error {
			p := defaultPagePlan
			p.rounds, p.rows = c.Int("rounds"), c.StringSlice("only")
			p.measure = time.Duration(c.Float("seconds") * float64(time.Second))
			p.binary, p.profiles = c.String("selvedge"), c.String("profile")
			if p.rounds < 1 || p.measure <= 0 {
				return fmt.Errorf("--rounds is a number from 1, and --seconds one above 0")
			}
			for _, row := range p.rows {
				if !slices.Contains(allRows, row) {
					return fmt.Errorf("--only %s: the rows are %s", row, strings.Join(allRows, ", "))
				}
			}
			if len(p.rows) == 0 {
				p.rows = allRows
			}
			return measurePages(ctx, p, c.Root().Writer, c.Root().ErrWriter)
		},
	}
}
