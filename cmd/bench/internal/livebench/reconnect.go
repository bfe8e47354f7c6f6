//go:build linux

package livebench

import (
	"context"
	"errors"
	"time"

	"selvedge/cmd/bench/internal/process"
	"selvedge/cmd/bench/internal/report"
	"selvedge/cmd/bench/internal/sysinfo"
	"selvedge/cmd/bench/internal/systemundertest"
	"selvedge/cmd/bench/internal/workload"
	"selvedge/cmd/bench/internal/wsclient"
)

// reconnectSamples have a value for each round.
type reconnectSamples struct {
	latency   []report.Spread // from the end of the old server until a page is right
	right     []float64       // share of the pages
	outage    []float64       // milliseconds without a server
	overflows []float64       // of the listen queue meanwhile
}

// returnTimeout is the longest time for all pages to come back.
const returnTimeout = 30 * time.Second

// MeasureReconnect kills the server and starts another one at once, whose views
// have another revision. It measures the time until all pages are back and show
// the revision. They come back with the back-off of htmx 4.
func (b *Bench) MeasureReconnect(ctx context.Context) error {
	if err := b.connectAll(ctx, workload.DefaultViews); err != nil {
		return err
	}
	overflows, err := sysinfo.ListenOverflows()
	if err != nil {
		return err
	}
	n := b.plan.Connections
	b.revision++
	b.clients.Reconnect, b.clients.MaxDialing = true, n
	w := b.clients.Expect(b.revision, workload.DefaultViews)
	if err := b.restart(ctx); err != nil {
		return err
	}
	outage := report.Milliseconds(time.Since(w.Start))
	err = b.profiled("reconnect", func() error { return b.clients.Await(ctx, returnTimeout, n) })
	if err != nil && !errors.Is(err, wsclient.ErrTimeout) {
		return err
	}
	b.clients.Reconnect = false
	after, err := sysinfo.ListenOverflows()
	r := &b.reconnect
	r.outage = append(r.outage, outage)
	r.overflows = append(r.overflows, float64(after-overflows))
	r.right = append(r.right, float64(len(w.Times))/float64(n))
	r.latency = append(r.latency, report.SpreadOf(w.Times))
	b.validity.Require(b.clients.Counters.Lost >= n, "%d connections were lost by kill -9", b.clients.Counters.Lost)
	b.clients.Counters.Lost -= n
	return err
}

// restart replaces the server while the clients live on.
func (b *Bench) restart(ctx context.Context) error {
	old := b.server
	type started struct {
		server *process.Server
		err    error
	}
	done := make(chan started, 1)
	go func() {
		old.Kill()
		s, err := systemundertest.StartLive(ctx, b.stderr, systemundertest.LiveOptions{
			System: systemundertest.Hub, Address: old.Greeting.Address, Revision: b.revision, Stall: b.plan.Stall,
		})
		done <- started{s, err}
	}()
	err := b.clients.Run(ctx, process.Timeout, func() bool { return len(done) > 0 })
	s := <-done
	if s.err != nil {
		return errors.Join(err, s.err)
	}
	b.server = s.server
	return err
}

func (b *Bench) reconnectLines() []report.Line {
	r := b.reconnect
	return []report.Line{
		report.Goal("back and right after kill -9", report.Min(r.right)/percent, "%", report.AtLeast(100)),
		report.Value("  p50", medianOf(r.latency, report.Spread.P50), "ms"),
		report.Goal("  p99", medianOf(r.latency, report.Spread.P99), "ms", report.AtMost(1200)),
		report.Value("  slowest of all", maxOf(r.latency, report.Spread.Max), "ms"),
		report.Value("  without a server for", report.Median(r.outage), "ms"),
		report.Value("  overflows of the listen queue", report.Median(r.overflows), ""),
	}
}
