//go:build linux

package main

import (
	"context"
	"errors"
	"time"

	"selvedge/cmd/bench/internal/process"
	"selvedge/cmd/bench/internal/report"
	"selvedge/cmd/bench/internal/sysinfo"
	"selvedge/cmd/bench/internal/systemundertest"
	"selvedge/cmd/bench/internal/workload"
)

// returnTime is how long pages may take to come back.
const returnTime = 30 * time.Second

// measureReconnect kills the server, starts another at once, whose pages show
// something else, and measures how long it takes until all pages are back and
// show that. They come back as those of htmx 4 do.
func (b *bench) measureReconnect(ctx context.Context) error {
	if err := b.shown(ctx, workload.DefaultViews); err != nil {
		return err
	}
	overflows, err := sysinfo.ListenOverflows()
	if err != nil {
		return err
	}
	b.revision++
	b.swarm.returning, b.swarm.atOnce = true, b.connections
	w := b.swarm.expect(b.revision, workload.DefaultViews)
	if err := b.restart(ctx); err != nil {
		return err
	}
	b.outage = append(b.outage, report.Milliseconds(time.Since(w.start)))
	err = b.profiled("reconnect", func() error { return b.swarm.arrive(ctx, returnTime, b.connections) })
	if err != nil && !errors.Is(err, errTime) {
		return err
	}
	b.swarm.returning = false
	after, err := sysinfo.ListenOverflows()
	b.overflows = append(b.overflows, float64(after-overflows))
	b.right = append(b.right, float64(len(w.times))/float64(b.connections))
	b.reconnect = append(b.reconnect, report.SpreadOf(w.times))
	b.Require(b.swarm.lost >= b.connections, "%d connections were lost by kill -9", b.swarm.lost)
	b.swarm.lost -= b.connections
	return err
}

// restart replaces the server while the clients live on.
func (b *bench) restart(ctx context.Context) error {
	old := b.server
	type started struct {
		server *process.Server
		err    error
	}
	done := make(chan started, 1)
	go func() {
		old.Kill()
		p, err := systemundertest.StartLive(ctx, b.stderr, systemundertest.LiveOptions{
			System: systemundertest.Hub, Address: old.Greeting.Address, Revision: b.revision, Stall: b.stall,
		})
		done <- started{p, err}
	}()
	err := b.swarm.run(ctx, process.Timeout, func() bool { return len(done) > 0 })
	s := <-done
	if s.err != nil {
		return errors.Join(err, s.err)
	}
	b.server = s.server
	return err
}
